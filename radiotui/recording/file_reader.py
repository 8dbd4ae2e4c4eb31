"""Reading of recorded files: the facts a listener is shown of each, by its tags and its name.

The files may be of an earlier version, brought by hand, or damaged. Reading one blocks.
"""

from __future__ import annotations

import re
import stat
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from radiotui.audio.decoding import tags_of
from radiotui.problems import Problem
from radiotui.radio.framing.id3_tag import HEADER_BYTES, tag_bytes
from radiotui.recording.model import Fingerprint, RecordedFile
from radiotui.recording.tags import MOST_TAG
from radiotui.text import clean

SUFFIXES = frozenset(
    f".{word}"
    for word in (
        *("mp3", "mp2", "m4a", "m4b", "mp4", "aac", "ogg", "oga", "opus", "flac", "wav", "aif"),
        *("aiff", "au", "caf", "mka", "webm", "wma", "ts", "ac3", "wv", "ape", "tta"),
    )
)
"""Endings of the names of files that sound is looked for in."""

_STEM = re.compile(r"(?P<time>\d{4}-\d\d-\d\d \d\d\.\d\d) (?P<name>.+)", re.DOTALL)
_MOST_TEXT = 300
_MOST_SECONDS = 10 * 24 * 3600.0


def read_recorded_file(path: Path, fingerprint: Fingerprint) -> RecordedFile:
    """The file at ``path``; one that cannot be read says so. Blocks.

    What is no plain file, such as a pipe, is not opened.
    """
    try:
        _refuse_unreadable(path, fingerprint)
        tags, seconds = tags_of(path)
    except Problem as problem:
        return unreadable_file(path, fingerprint, problem.title)
    except OSError as error:
        return unreadable_file(path, fingerprint, error.strerror or str(error))
    return _described(path, fingerprint, tags, seconds)


def unreadable_file(path: Path, fingerprint: Fingerprint, problem: str) -> RecordedFile:
    """A file of which only the name is known, and why."""
    began, name = _of_stem(path.stem)
    return RecordedFile(
        path=str(path),
        fingerprint=fingerprint,
        title=clean(name, _MOST_TEXT),
        station_name=clean(path.parent.name, _MOST_TEXT) if began else "",
        began=began or _time_of(fingerprint),
        problem=clean(problem, _MOST_TEXT) or "it cannot be read",
    )


def stem_with(file: RecordedFile, title: str) -> str:
    """The name of a file, without its ending, when its title is ``title``: the time stays."""
    match = _STEM.match(file.file.stem)
    time, name = (match["time"], match["name"]) if match else ("", file.file.stem)
    by_artist = file.artist and name.casefold().startswith(file.artist.casefold())
    song = f"{file.artist} - {title}" if by_artist else title
    return f"{time} {song}".strip()


def _described(
    path: Path, fingerprint: Fingerprint, tags: dict[str, str], seconds: float | None
) -> RecordedFile:
    def text(*names: str) -> str:
        words = (clean(tags.get(name, ""), _MOST_TEXT) for name in names)
        return next(filter(None, words), "")

    in_name, name = _of_stem(path.stem)
    began = _tagged_time(tags.get("date", "")) or in_name or _time_of(fingerprint)
    is_known = seconds is not None and 0 < seconds <= _MOST_SECONDS
    return RecordedFile(
        path=str(path),
        fingerprint=fingerprint,
        title=text("title") or clean(name, _MOST_TEXT),
        artist=text("artist"),
        programme=text("album"),
        station_name=text("album_artist", "publisher", "organization"),
        began=began,
        seconds=seconds if is_known else None,
    )


def _refuse_unreadable(path: Path, fingerprint: Fingerprint) -> None:
    if not stat.S_ISREG(fingerprint.mode):
        raise Problem("This is no plain file")
    if not fingerprint.bytes:
        raise Problem("This file is empty")
    with path.open("rb") as file:
        if tag_bytes(file.read(HEADER_BYTES)) > MOST_TAG:
            raise Problem("Its tags are too large to be read")


def _of_stem(stem: str) -> tuple[datetime | None, str]:
    """The time and the name in "2026-11-23 15.04 Nina Simone - Sinnerman"."""
    match = _STEM.match(stem)
    if match is None:
        return None, stem
    try:
        # The time in a file's name is the listener's own.
        began = datetime.strptime(match["time"], "%Y-%m-%d %H.%M").astimezone()
    except (ValueError, OverflowError, OSError):
        return None, stem
    return began, match["name"]


def _tagged_time(word: str) -> datetime | None:
    """The time of a tag; None for a bare year or day, which says too little."""
    if len(word) < len("2026-11-23T15:04") or len(word) > 40:
        return None
    with suppress(ValueError, OverflowError, OSError):
        return datetime.fromisoformat(word.strip()).astimezone()
    return None


def _time_of(fingerprint: Fingerprint) -> datetime:
    with suppress(ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(fingerprint.modified_ns / 1e9, tz=UTC)
    return datetime.fromtimestamp(0, tz=UTC)
