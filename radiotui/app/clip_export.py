"""A clip as files in a folder of the listener's: its sound, and its words as text."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from radiotui.files import numbered_paths
from radiotui.problems import Problem
from radiotui.recording.filenames import safe

if TYPE_CHECKING:
    from radiotui.app.clip import Clip


def export_clip(clip: Clip, folder: Path) -> list[Path]:
    """Write both, beside what is there; their paths. Raises Problem; blocks."""
    folder = folder.expanduser()
    stem = safe(f"{clip.title} {clip.place}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        sound = Path(clip.path) if clip.path else None
        if sound is not None and sound.is_file():
            paths.append(_new_file(folder / f"{stem}{sound.suffix}"))
            shutil.copyfile(sound, paths[-1])
        paths.append(_new_file(folder / f"{stem}.txt"))
        paths[-1].write_text(f"{clip.words}\n", encoding="utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
        raise Problem(f"The clip cannot be written: {reason}", str(folder)) from error
    return paths


def _new_file(path: Path) -> Path:
    """The path, or the first one with a number that nothing is at; it is taken at once."""
    for target in numbered_paths(path, " ({})"):
        try:
            target.touch(exist_ok=False)
        except FileExistsError:
            continue
        return target
    raise AssertionError("numbers end")
