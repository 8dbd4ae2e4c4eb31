"""PCM of a source by bytes, at a rate, decoded ahead of whoever reads it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from radiotui.audio.decoding import pcm_of
from radiotui.audio.engine import EngineInput
from radiotui.audio.frames import BYTES_PER_SECOND
from radiotui.audio.tempo import PlayedPlaces, Tempo

_AHEAD = BYTES_PER_SECOND
"""Bytes that are decoded ahead of the reader, at the rate of the source."""


class PcmReader:
    """A source as PCM, to be read by bytes. The thread that decodes it starts at the first read.

    A read gives all the frames that are decoded and fit: libVLC's threads wait for Python's lock
    at each read, and 50 frames of a second would need 50 reads. ``rate_of`` is asked at each read
    how fast the sound goes on from there, at the same pitch. ``head`` comes before the first PCM,
    and does not come without any.
    """

    def __init__(
        self,
        source: EngineInput,
        rate_of: Callable[[], float] = lambda: 1.0,
        *,
        head: bytes = b"",
    ) -> None:
        self._source = source
        self._rate_of = rate_of
        self._head = head
        self._changed = threading.Condition()
        self._pcm = bytearray()
        self._tempo = Tempo()
        self._given = 0
        """Bytes that were read."""
        self._places = PlayedPlaces()
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
            data = b""
            while not (data or self._tempo.is_over or self._is_closed):
                self._changed.wait_for(lambda: self._pcm or self._is_over or self._is_closed)
                data = self._tempo.take(self._pcm, size, self._rate_of(), is_last=self._is_over)
                if self._is_low:
                    self._changed.notify_all()
            if self._is_closed:
                return b""
            if not data and self._error is not None:
                raise self._error
            self._given += len(data)
            self._places.add(self._given, self._tempo.seconds)
            return data

    @property
    def seconds_read(self) -> float:
        """Seconds of the source in all that was read."""
        return self._tempo.seconds

    def place_of(self, seconds: float) -> float:
        """Seconds of the source in the first ``seconds`` of what was read, if that is not long ago.

        Two seconds before the last read are remembered.
        """
        with self._changed:
            return self._places.at(int(seconds * BYTES_PER_SECOND))

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

    @property
    def _ahead(self) -> float:
        """Bytes of the source that are decoded ahead at the rate of now."""
        return _AHEAD * max(1.0, self._rate_of())

    @property
    def _is_low(self) -> bool:
        # More is decoded in one go: waking for every frame costs more than decoding it.
        return len(self._pcm) <= self._ahead / 2

    def _put(self, pcm: bytes) -> bool:
        """Add ``pcm`` when there is room; False when it was closed."""
        with self._changed:
            if len(self._pcm) >= self._ahead:
                self._changed.wait_for(lambda: self._is_low or self._is_closed)
            if self._is_closed:
                return False
            self._pcm += pcm
            self._changed.notify_all()
            return True
