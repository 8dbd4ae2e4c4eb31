"""Sound of a clip as a file: cut from the tape, or from the file that is heard, and not coded."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from radiotui.problems import Problem
from radiotui.recording.recorder import Recorder
from radiotui.recording.remux import cut_file
from radiotui.recording.tags import RecordingTags

if TYPE_CHECKING:
    from radiotui.app.clip import Clip
    from radiotui.enclosures.file import EnclosureReader
    from radiotui.player.sources import Source
    from radiotui.radio.tape.tape import Tape


async def write_sound(clip: Clip, source: Source, folder: Path, *, patience: float) -> Path:
    """Write the part of a source that a clip is of into a folder; where it is.

    ``patience`` is in seconds. Raises Problem where it is not all there, or the disk is full.
    """
    if source.tape is not None and source.file is None:
        return await asyncio.to_thread(_cut_tape, clip, source.tape, folder)
    sound: Path | EnclosureReader
    if source.file is not None:
        sound = source.file
    elif source.episode is not None:
        sound = source.episode.sound()
    else:
        raise Problem(f"Of “{clip.title}” no sound can be kept", "the clip is kept without it")
    facts = (clip.begin, clip.end, folder, clip.title, clip.source)
    cutting = asyncio.ensure_future(asyncio.to_thread(cut_file, sound, *facts))
    try:
        return await asyncio.wait_for(asyncio.shield(cutting), patience)
    except TimeoutError:
        title = f"The sound of “{clip.title}” has not come from its beginning to its end"
        raise Problem(title, "the clip is kept without it") from None
    finally:
        # A thread that waits for bytes is let go.
        if not isinstance(sound, Path):
            sound.close()


def _cut_tape(clip: Clip, tape: Tape, folder: Path) -> Path:
    began = clip.began_at or clip.made_at
    tags = RecordingTags(clip.source, began, title=clip.title, url=clip.url)
    excerpt = tape.excerpt(clip.begin, clip.end)
    try:
        recorder = Recorder(excerpt, folder, tags)
        while recorder.write():
            pass
        files = recorder.finish()
    finally:
        excerpt.close()
    if recorder.problem is not None:
        raise recorder.problem
    if not files:
        raise Problem(f"“{clip.title}” is not on the tape any more", "the clip is kept without it")
    return files[0].path
