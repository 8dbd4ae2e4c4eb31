"""A part of a file of sound as a file of its own: its packets as they are, never coded again."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from radiotui.audio.decoding import open_file
from radiotui.audio.engine import SoundFile
from radiotui.problems import Problem
from radiotui.recording.filenames import safe
from radiotui.recording.hidden_folders import make_hidden_folder, remove_if_empty
from radiotui.recording.part_file import put_in_place

if TYPE_CHECKING:
    from av.container import InputContainer

log = logging.getLogger(__name__)

_SLACK_SECONDS = 0.5
"""Seconds by which a part may be shorter than it is to be, before that is a fault."""


class _Form(NamedTuple):
    """Ending of a file, and FFmpeg's name of its container."""

    suffix: str
    format: str


_FORMS = {
    "mp3": _Form(".mp3", "mp3"),
    "aac": _Form(".m4a", "ipod"),
    "alac": _Form(".m4a", "ipod"),
    "opus": _Form(".opus", "opus"),
    "vorbis": _Form(".ogg", "ogg"),
    "flac": _Form(".flac", "flac"),
}
_ANY_CODEC = _Form(".mka", "matroska")


def cut_file(
    sound: SoundFile, begin: float, end: float, folder: Path, title: str, artist: str
) -> Path:
    """Write the sound between two places, in seconds, into a new file of ``folder``; its path.

    A packet belongs to it where its middle does. Raises Problem; blocks, and waits for bytes that
    have not come.
    """
    import av

    av.logging.set_level(None)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        hidden = make_hidden_folder(folder, "renamed")
    except OSError as error:
        raise _refusal(title, error) from error
    target = hidden / "clip"
    try:
        with open_file(sound, is_sought=True) as source:
            form = _FORMS.get(source.streams.audio[0].codec.canonical_name, _ANY_CODEC)
            seconds = _copy(source, target, form, (begin, end), {"title": title, "artist": artist})
        if seconds < end - begin - _SLACK_SECONDS:
            raise Problem(f"“{title}” is not there from its beginning to its end", "hear it once")
        with target.open("rb") as file:
            os.fsync(file.fileno())
        return put_in_place(target, safe(title), form.suffix, folder=folder)
    except (av.error.FFmpegError, OSError, IndexError) as error:
        raise _refusal(title, error) from error
    finally:
        target.unlink(missing_ok=True)
        remove_if_empty(hidden)


def _copy(
    source: InputContainer,
    target: Path,
    form: _Form,
    part: tuple[float, float],
    tags: dict[str, str],
) -> float:
    """Copy the packets of a part; the seconds that were written."""
    import av

    begin, end = part
    sound = source.streams.audio[0]
    base = float(sound.time_base or 1)
    first = float((sound.start_time or 0) * base)
    if begin > 0:
        source.seek(int((first + begin) * av.time_base))
    shift: int | None = None
    written = 0.0
    with av.open(str(target), "w", format=form.format) as output:
        output.metadata.update(tags)
        stream = output.add_stream_from_template(sound)
        # Where Ogg has its comments.
        stream.metadata.update(tags)
        for packet in source.demux(sound):
            if packet.pts is None or not packet.size:
                continue
            length = float((packet.duration or 0) * base)
            middle = float(packet.pts * base) - first + length / 2
            if middle < begin:
                continue
            if middle >= end:
                break
            shift = packet.pts if shift is None else shift
            packet.pts -= shift
            packet.dts = packet.pts
            packet.stream = stream
            output.mux(packet)
            written += length
    return written


def _refusal(title: str, error: Exception) -> Problem:
    reason = getattr(error, "strerror", None) or str(error)
    return Problem(f"The sound of “{title}” cannot be written", reason, str(error))
