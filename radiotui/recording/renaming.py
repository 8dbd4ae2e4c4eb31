"""Renaming of a recording: the title in its tags, and its file's name. It blocks.

The tags are written into a copy that then takes the file's place, so that a program that is
killed in the middle leaves the old file or the new one.
"""

from __future__ import annotations

import errno
import logging
import os
import shutil
from pathlib import Path

from radiotui.problems import Problem, ProblemKind
from radiotui.recording.file_reader import stem_with
from radiotui.recording.filenames import MOST_BYTES, safe
from radiotui.recording.hidden_folders import make_hidden_folder, remove_if_empty
from radiotui.recording.model import RecordedFile
from radiotui.recording.part_file import put_in_place
from radiotui.recording.tags import retitle
from radiotui.text import clean

log = logging.getLogger(__name__)

_LONGEST_TITLE = 300


def rename_recording(file: RecordedFile, title: str) -> Path:
    """Give a recording another title; where its file is then. Never over another file.

    Raises Problem, and the file is as it was.
    """
    title = clean(title, _LONGEST_TITLE)
    if not title:
        raise Problem("A recording needs a title", "its name is as it was")
    stem = safe(stem_with(file, title), most=MOST_BYTES)
    try:
        if file.problem:
            return _renamed(file.file, stem)
        return _retitled(file.file, stem, title)
    except OSError as error:
        raise _refusal(file, error) from error


def _retitled(path: Path, stem: str, title: str) -> Path:
    folder = make_hidden_folder(path.parent, "renamed")
    copy = folder / path.name
    try:
        shutil.copyfile(path, copy)
        if not _write_title(copy, title):
            return _renamed(path, stem)
        shutil.copystat(path, copy)
        with copy.open("rb") as file:
            os.fsync(file.fileno())
        if stem == path.stem:
            copy.replace(path)
            return path
        target = put_in_place(copy, stem, path.suffix, folder=path.parent)
        try:
            path.unlink()
        except OSError:
            target.unlink()
            raise
        return target
    finally:
        copy.unlink(missing_ok=True)
        remove_if_empty(folder)


def _write_title(copy: Path, title: str) -> bool:
    """True when the title is in the tags; False for a format that takes none."""
    try:
        return retitle(copy, title)
    except Exception as error:
        # Of a damaged file anything may come.
        log.info("%s takes no title: %r", copy.name, error)
        raise Problem(
            "The title cannot be written into this file", "its name is as it was", repr(error)
        ) from error


def _renamed(path: Path, stem: str) -> Path:
    if stem == path.stem:
        return path
    return put_in_place(path, stem, path.suffix)


def _refusal(file: RecordedFile, error: OSError) -> Problem:
    title = f"“{file.name}” cannot be renamed"
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        hint = "the disk is full: the title is written into a copy first"
        return Problem(title, hint, str(error), kind=ProblemKind.FULL_DISK)
    return Problem(title, error.strerror or str(error), str(error))
