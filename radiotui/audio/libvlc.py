"""libVLC itself: whether it is there, and how it is given a source.

It is given nothing but bytes by callback, or a local file, and is told which
container it is: it opens no address, and no playlist in disguise makes it.
"""

from __future__ import annotations

import ctypes
import logging
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from radiotui.audio.engine import EngineInput
from radiotui.audio.frames import RATE, SAMPLE_BYTES
from radiotui.audio.pcm_reader import PcmReader
from radiotui.audio.plays import unexpected, unreadable
from radiotui.problems import Problem

log = logging.getLogger(__name__)

_OPTIONS = ("--quiet", "--no-video", "--intf=dummy")
# Scripts would look for artwork and playlists. Unasked, libVLC reads 16 MiB ahead: 17 minutes.
_FURTHER_OPTIONS = ("--no-lua", "--prefetch-buffer-size=256", "--prefetch-read-size=16384")

# libVLC's Ogg demuxer keeps time by pages, which may be seconds long, and loses most of a FLAC;
# its other one reads a live Ogg to its end before it begins. So FFmpeg decodes what is not here.
_DEMUX_BYTES = {"mp3", "aac"}
_AS_PCM = (
    ":demux=rawaud",
    ":rawaud-fourcc=s16l",
    f":rawaud-samplerate={RATE}",
    ":rawaud-channels=2",
)
# Whichever demuxer it is told, libVLC first looks for compressed files. One in 992 beginnings of
# PCM reads as a header of zlib, and such a play ends unheard. A silent sample is no such header.
_BEFORE_PCM = bytes(SAMPLE_BYTES)
_MAGIC = (
    (b"ID3", 0, "mp3"),
    (b"fLaC", 0, "flac"),
    (b"ftyp", 4, "mp4"),
    (b"RIFF", 0, "wav"),
    (b"FORM", 0, "aiff"),
    (b"\x1aE\xdf\xa3", 0, "mkv"),
)
_UNKNOWN_SIZE = 2**64 - 1
_DRY = 0.5
"""Seconds of waiting for a source after which libVLC has played most of what it had read."""


class VlcMedia:
    """A source as libVLC takes it. It must live as long as the player that plays it.

    Raises Problem for a file that cannot be read.
    """

    def __init__(self, instance: Any, source: EngineInput) -> None:
        self.taken = 0
        """Bytes that libVLC had of the source, by callback."""
        self.problem: Problem | None = None
        """Why the source could not be read."""
        self._waits_since: float | None = None
        self._pcm: PcmReader | None = None
        self._callbacks: tuple[Any, ...] = ()
        demux = _demux(source)
        if demux is not None and isinstance(source, Path):
            self.media = instance.media_new_path(str(source))
        elif demux is None or isinstance(source, Path):
            self._pcm = PcmReader(source, head=_BEFORE_PCM)
            self.media = self._by_callbacks(instance, self._pcm.read)
        else:
            self.media = self._by_callbacks(instance, source.read)
        for option in (f":demux={demux}",) if demux is not None else _AS_PCM:
            self.media.add_option(option)

    def played(self) -> tuple[int, int]:
        """(buffers of sound that reached a device, buffers that were lost)."""
        import vlc

        stats = vlc.MediaStats()
        self.media.get_stats(stats)
        return stats.played_abuffers, stats.lost_abuffers

    @property
    def is_dry(self) -> bool:
        """True where the source has nothing to read, for now or at its end."""
        since = self._waits_since
        return since is not None and time.monotonic() - since > _DRY

    def release(self) -> None:
        """Wake libVLC where it waits for PCM, and leave the media to the player alone."""
        if self._pcm is not None:
            self._pcm.close()
        self.media.release()

    def _by_callbacks(self, instance: Any, read_source: Callable[[int], bytes]) -> Any:
        self._callbacks = self._make_callbacks(read_source)
        return instance.media_new_callbacks(*self._callbacks, None)

    def _make_callbacks(self, read_source: Callable[[int], bytes]) -> tuple[Any, ...]:
        import vlc

        def open_(_opaque: Any, _data: Any, size: Any) -> int:
            size[0] = _UNKNOWN_SIZE
            return 0

        def read(_opaque: Any, buffer: Any, size: int) -> int:
            return self._read(read_source, buffer, size)

        def seek(_opaque: Any, _offset: int) -> int:
            # Refused, and yet it has to be there: without it libVLC takes the source for one that
            # cannot be paced, swallows all there is, and then drops what has become "too late".
            return -1

        def close(_opaque: Any) -> None:
            pass

        kinds = vlc.CallbackDecorators
        return (
            kinds.MediaOpenCb(open_),
            kinds.MediaReadCb(read),
            kinds.MediaSeekCb(seek),
            kinds.MediaCloseCb(close),
        )

    def _read(self, read_source: Callable[[int], bytes], buffer: Any, size: int) -> int:
        self._waits_since = time.monotonic()
        try:
            data = read_source(size)
        except Problem as problem:
            self.problem = problem
            return -1
        except OSError as error:
            self.problem = unreadable(error)
            return -1
        except Exception as error:
            log.exception("the source failed")
            self.problem = unexpected(error)
            return -1
        if data:
            self._waits_since = None
        ctypes.memmove(buffer, data, len(data))
        self.taken += len(data)
        return len(data)


def _demux(source: EngineInput) -> str | None:
    """The demuxer of libVLC's that a source is given to, by a file's first bytes; None: FFmpeg.

    Left to itself libVLC would ask them all, among them those that follow playlists.
    """
    if not isinstance(source, Path):
        return source.format if source.format in _DEMUX_BYTES else None
    try:
        with source.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise unreadable(error) from error
    for magic, at, name in _MAGIC:
        if head[at:].startswith(magic):
            return name
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return "aac" if head[1] & 0xF6 == 0xF0 else "mp3"
    return None


def new_instance(options: tuple[str, ...] = ()) -> Any:
    """libVLC with these options; None where it cannot start."""
    import vlc

    from radiotui import __version__

    # An option of a plugin that is not installed is an unknown one, and libVLC gives up on those.
    instances = (vlc.Instance([*_OPTIONS, *extra, *options]) for extra in (_FURTHER_OPTIONS, ()))
    instance = next((instance for instance in instances if instance is not None), None)
    if instance is not None:
        instance.set_user_agent("radiotui", f"radiotui/{__version__}")
    return instance


@cache
def vlc_problem() -> Problem | None:
    """Reason why libVLC cannot be used, else None. Asked once; may take a tenth of a second."""
    try:
        version = vlc_version()
    except (ImportError, OSError, NotImplementedError, AttributeError, SystemExit) as error:
        # python-vlc loads the library when it is imported, and fails in many ways.
        return Problem("VLC was not found", _mend(), repr(error))
    if version.startswith(("0.", "1.", "2.")):
        return Problem(f"VLC {version} is too old", "radiotui needs VLC 3 or newer")
    instance = new_instance()
    if instance is None:
        return Problem("VLC does not start", "its plugins may be missing: install vlc-plugin-base")
    instance.release()
    return None


def vlc_version() -> str:
    """libVLC's own, such as "3.0.24 Vetinari"."""
    import vlc

    return str(vlc.libvlc_get_version().decode(errors="replace"))


def _mend() -> str:
    linux = "install the packages libvlc5 and vlc-plugin-base, or VLC itself"
    return linux if sys.platform == "linux" else "install it from videolan.org"
