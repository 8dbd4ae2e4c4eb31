"""PCM of a source by bytes, decoded ahead of whoever reads it."""

from __future__ import annotations

import threading

from radiotui.audio.decoding import pcm_of
from radiotui.audio.engine import EngineInput
from radiotui.audio.frames import BYTES_PER_SECOND

_AHEAD = BYTES_PER_SECOND // 2
"""Bytes that are decoded ahead of the reader."""


class PcmReader:
    """A source as PCM, to be read by bytes. The thread that decodes it starts at the first read.

    A read gives all the frames that are decoded and fit: libVLC's threads wait for Python's lock
    at each read, and 50 frames of a second would need 50 reads. ``head`` comes before the first
    PCM, and does not come without any.
    """

    def __init__(self, source: EngineInput, *, head: bytes = b"") -> None:
        self._source = source
        self._head = head
        self._changed = threading.Condition()
        self._pcm = bytearray()
        self._error: Exception | None = None
        self._is_over = False
        """Nothing is decoded any more."""
        self._is_closed = False
        self._thread: threading.Thread | None = None

    def read(self, size: int) -> bytes:
        """At least one byte, waiting for it; b"" is the end. Raises what decoding raised."""
        with self._changed:
            if self._thread is None and not self._is_closed:
                self._thread = threading.Thread(
                    target=self._decode, name="radiotui-vlc-decode", daemon=True
                )
                self._thread.start()
            self._changed.wait_for(lambda: self._pcm or self._is_over or self._is_closed)
            if self._is_closed:
                return b""
            if not self._pcm and self._error is not None:
                raise self._error
            data = bytes(self._pcm[:size])
            del self._pcm[:size]
            self._changed.notify_all()
            return data

    def close(self) -> None:
        """Decode no more, and wake whoever reads. The source is closed by its owner."""
        with self._changed:
            self._is_closed = True
            self._pcm.clear()
            self._changed.notify_all()

    def _decode(self) -> None:
        try:
            for pcm in pcm_of(self._source):
                if not self._put(self._head + pcm):
                    return
                self._head = b""
        except Exception as error:
            # Raised to the reader, after the sound before it.
            self._error = error
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def _put(self, pcm: bytes) -> bool:
        """Add ``pcm`` when there is room; False when it was closed."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._pcm) < _AHEAD or self._is_closed)
            if self._is_closed:
                return False
            self._pcm += pcm
            self._changed.notify_all()
            return True
