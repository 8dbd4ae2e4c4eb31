"""libVLC itself: whether it is there, and how it is given a source.

It is given nothing but PCM by callback, and is told so: it opens no address and
no file, and no playlist in disguise makes it.
"""

from __future__ import annotations

import ctypes
import logging
import sys
import time
from collections.abc import Callable
from functools import cache
from typing import Any

from radiotui.audio.engine import EngineInput
from radiotui.audio.frames import RATE, SAMPLE_BYTES
from radiotui.audio.pcm_reader import PcmReader
from radiotui.audio.plays import unexpected
from radiotui.problems import Problem

log = logging.getLogger(__name__)

_OPTIONS = ("--quiet", "--no-video", "--intf=dummy")
# Scripts would look for artwork and playlists. Unasked, libVLC reads 16 MiB ahead: 87 s of PCM.
# What it has read is heard at the rate before: with 64 KiB another rate is heard after 0.8 s,
# with 256 KiB after 1.8 s. And it is what is heard while Python's lock is held by others.
_FURTHER_OPTIONS = ("--no-lua", "--prefetch-buffer-size=64", "--prefetch-read-size=16384")

_AS_PCM = (
    # libVLC's own demuxers would take the time from Ogg's pages, which may be seconds long, lose
    # most of a FLAC, and leave a hole of 0.1 to 0.4 s in the sound at each change of rate.
    ":demux=rawaud",
    ":rawaud-fourcc=s16l",
    f":rawaud-samplerate={RATE}",
    ":rawaud-channels=2",
)
# Whichever demuxer it is told, libVLC first looks for compressed files. One in 992 beginnings of
# PCM reads as a header of zlib, and such a play ends unheard. A silent sample is no such header.
_BEFORE_PCM = bytes(SAMPLE_BYTES)
_UNKNOWN_SIZE = 2**64 - 1
_OPENING_BUFFERS = 5
"""Buffers of sound that may wait while a device is opened."""
_DRY = 0.5
"""Seconds of waiting for a source after which libVLC has played most of what it had read."""


class VlcMedia:
    """A source as libVLC takes it. It must live as long as the player that plays it.

    ``rate_of`` gives the rate at which the source is to be read on.
    """

    def __init__(self, instance: Any, source: EngineInput, rate_of: Callable[[], float]) -> None:
        self.was_read = False
        """libVLC had some of its sound."""
        self.problem: Problem | None = None
        """Why the source could not be read."""
        self._waits_since: float | None = None
        self._pcm = PcmReader(source, rate_of, head=_BEFORE_PCM)
        self._callbacks = self._make_callbacks()
        self.media = instance.media_new_callbacks(*self._callbacks, None)
        for option in _AS_PCM:
            self.media.add_option(option)

    @property
    def seconds_read(self) -> float:
        """Seconds of the source in all that libVLC has read."""
        return self._pcm.seconds_read

    def place_of(self, seconds: float) -> float:
        """Seconds of the source that are heard in so many seconds of libVLC's."""
        return self._pcm.place_of(seconds)

    def played(self) -> tuple[int, int]:
        """(buffers of sound that reached a device, buffers that did not)."""
        import vlc

        stats = vlc.MediaStats()
        self.media.get_stats(stats)
        # PCM that finds no device is decoded, and that is all that is counted of it.
        waiting = stats.decoded_audio - stats.played_abuffers
        return stats.played_abuffers, max(stats.lost_abuffers, waiting - _OPENING_BUFFERS)

    @property
    def is_dry(self) -> bool:
        """True where the source has nothing to read, for now or at its end."""
        since = self._waits_since
        return since is not None and time.monotonic() - since > _DRY

    def release(self) -> None:
        """Wake libVLC where it waits for PCM, and leave the media to the player alone."""
        self._pcm.close()
        self.media.release()

    def _make_callbacks(self) -> tuple[Any, ...]:
        import vlc

        def open_(_opaque: Any, _data: Any, size: Any) -> int:
            size[0] = _UNKNOWN_SIZE
            return 0

        def read(_opaque: Any, buffer: Any, size: int) -> int:
            return self._read(buffer, size)

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

    def _read(self, buffer: Any, size: int) -> int:
        self._waits_since = time.monotonic()
        try:
            data = self._pcm.read(size)
        except Problem as problem:
            self.problem = problem
            return -1
        except Exception as error:
            log.exception("the source failed")
            self.problem = unexpected(error)
            return -1
        if data:
            self.was_read = True
            self._waits_since = None
        ctypes.memmove(buffer, data, len(data))
        return len(data)


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
