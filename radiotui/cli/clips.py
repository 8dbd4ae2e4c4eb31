"""Command ``podcasts clips``: places that were marked, listed, written into files and removed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from radiotui import text
from radiotui.app.podcast_shapes import clip_shape
from radiotui.cli.notes import opened
from radiotui.cli.output import DONE, print_json, print_nothing, print_result

if TYPE_CHECKING:
    from radiotui.app.clip import Clip
    from radiotui.app.companion import Companion

_LONGEST_PATH = 4096


async def list_clips(companion: Companion, words: str, *, as_json: bool) -> int:
    """Print the clips with these words, the newest first; 1 where there are none."""
    async with opened(companion, radio=False, faults=False):
        clips = await companion.clips.clips(words)
    if as_json:
        print_json([clip_shape(clip) for clip in clips])
    else:
        for clip in clips:
            _print_clip(clip)
    none = "no clip has these words" if words else "no clip was made yet"
    return DONE if clips else print_nothing(none)


async def export_clip(companion: Companion, number: int, folder: Path, *, as_json: bool) -> int:
    """Write a clip's sound and its words into a folder, and print where they are."""
    async with opened(companion, radio=False, faults=False):
        clip = await companion.clips.clip(number)
        paths = await companion.clips.export(number, folder)
    files = [text.clean(str(path), _LONGEST_PATH) for path in paths]
    if as_json:
        print_json({**clip_shape(clip), "files": files})
    else:
        for file in files:
            print_result(file)
    return DONE


async def remove_clip(companion: Companion, number: int, *, as_json: bool) -> int:
    """Remove a clip; its file is laid aside for some days, as a deleted recording is."""
    async with opened(companion, radio=False, faults=False):
        clip = await companion.clips.remove(number)
    if as_json:
        print_json(clip_shape(clip))
    else:
        print_result(f"{clip.title} ({clip.place}) is not among the clips any more")
    return DONE


def _print_clip(clip: Clip) -> None:
    made = f"{clip.made_at.astimezone():%Y-%m-%d %H:%M}"
    length = text.clock_duration(clip.seconds)
    source = f"  ({clip.source})" if clip.source else ""
    print_result(f"{clip.number:>4}  {made}  {length:>8}  {clip.title}{source}  {clip.place}")
    for words in filter(None, (clip.note, *clip.lines)):
        print_result(f"      {words}")
