"""Files of finished downloads: judged, named by us, and put into their place.

Everything here blocks.
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from radiotui.audio.decoding import facts_of, open_file
from radiotui.files import numbered_paths
from radiotui.problems import Problem
from radiotui.recording.filenames import safe

_SUFFIXES = {
    "mp3": ".mp3",
    "aac": ".aac",
    "ogg": ".ogg",
    "flac": ".flac",
    "wav": ".wav",
    "matroska": ".mka",
    "mov": ".m4a",
}
"""By the first of FFmpeg's names for the container."""
_WITH_VIDEO = {".m4a": ".mp4", ".mka": ".mkv"}
_MOST_PODCAST, _MOST_TITLE = 100, 180
"""Bytes of a name."""
_SAME_LENGTH_SECONDS = 1.0
_CUT_SECONDS, _CUT_SHARE = 30.0, 0.02
_UNLINKED = {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EACCES}
"""Errors of a file system that knows no links."""


class SoundForm(msgspec.Struct, frozen=True):
    """A file of sound as it is, whatever its address and its host call it."""

    suffix: str
    seconds: float | None


def form_of(path: Path, name: str) -> SoundForm:
    """The form of a file that problems call ``name``. Raises Problem where it has no sound."""
    import av

    from radiotui.audio.decoding import open_file

    av.logging.set_level(None)
    try:
        codec, seconds = facts_of(path)
        with open_file(path) as container:
            suffix = _SUFFIXES.get(container.format.name.split(",")[0], ".audio")
            has_video = any(_is_moving(stream) for stream in container.streams.video)
    except Problem as problem:
        raise problem.reworded(title=f"{name} is no sound") from None
    except (OSError, av.error.FFmpegError) as error:
        raise Problem(f"{name} is no sound", "", str(error)) from error
    if has_video:
        suffix = _WITH_VIDEO.get(suffix, suffix)
    return SoundForm(".opus" if (suffix, codec) == (".ogg", "OPUS") else suffix, seconds)


def _is_moving(stream: object) -> bool:
    from av.stream import Disposition

    return not getattr(stream, "disposition", Disposition(0)) & Disposition.attached_pic


def is_cut(path: Path, seconds: float | None, length: int | None) -> bool:
    """True for a file of unknown length that is surely shorter than its feed says.

    Feeds err in either, so both have to say so: its ``length`` in bytes, and its ``seconds``.
    """
    if not seconds or not length:
        return False
    is_shorter = path.stat().st_size < (1 - _CUT_SHARE) * length
    return is_shorter and _sounding_seconds(path) < (1 - _CUT_SHARE) * seconds - _CUT_SECONDS


def _sounding_seconds(path: Path) -> float:
    """Seconds to the end of the last packet, whatever the head of the file says."""
    import av

    end = 0.0
    with suppress(av.error.FFmpegError, OSError), open_file(path) as container:
        stream = container.streams.audio[0]
        for packet in container.demux(stream):
            if packet.pts is not None and packet.time_base is not None:
                end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    return end


def wanted_path(folder: Path, podcast: str, at: datetime, title: str, suffix: str) -> Path:
    """A place for an episode's file that nothing stands at: "Podcast/2026-11-28 Title.mp3"."""
    name = f"{at.astimezone():%Y-%m-%d} {safe(title, most=_MOST_TITLE)}"
    path = folder / safe(podcast, most=_MOST_PODCAST) / f"{name}{suffix}"
    return next(free for free in numbered_paths(path, " ({})") if not os.path.lexists(free))


def is_finished(path: Path, seconds: float | None) -> bool:
    """True where a run before this one has put the file of that length into its place."""
    if not path.is_file():
        return False
    with suppress(Problem):
        return abs((facts_of(path)[1] or 0.0) - (seconds or 0.0)) < _SAME_LENGTH_SECONDS
    return False


def put_in_place(part: Path, path: Path) -> None:
    """Give a finished file its name. Raises FileExistsError where something has come there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(part, path)
    except OSError as error:
        if error.errno not in _UNLINKED:
            raise
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, "a file has come there", str(path)) from error
        part.rename(path)
    part.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def remove_file(path: Path) -> None:
    """Remove a finished file, and its podcast's folder where it was the last one there."""
    path.unlink(missing_ok=True)
    with suppress(OSError):
        path.parent.rmdir()
