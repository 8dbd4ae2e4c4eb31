"""Sound faster or slower at the same pitch, at a rate that may change while it is heard."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from radiotui.audio.frames import (
    BYTES_PER_SECOND,
    SAMPLE_BYTES,
    bytes_of,
    frame_of,
    graph_of,
    pushed,
)

if TYPE_CHECKING:
    from av.filter.context import FilterContext
    from av.filter.graph import Graph

FILTER_BYTES = BYTES_PER_SECOND // 5
"""The most that the filter holds, in bytes of its source."""
_LEAST_PUSHED = BYTES_PER_SECOND // 25
"""A push costs as much as what it filters."""
_MOST_HELD = 2 * BYTES_PER_SECOND
"""More than a sound device holds."""


class Tempo:
    """Takes PCM out of a buffer, and gives as much as is asked for at a rate (FFmpeg's atempo).

    Until the first rate that is not 1 it passes on what it takes. The filter begins with the
    samples as they are, so that nobody hears where it took over. One thread may use it at a time.
    """

    def __init__(self) -> None:
        self._graph: Graph | None = None
        self._filter: FilterContext | None = None
        self._rate = 1.0
        self._taken = 0
        """Bytes of the source."""
        self._place = 0.0
        """Bytes of the source that are heard with all that was given."""
        self._rest = b""
        """Filtered, and not asked for yet."""
        self._is_over = False

    @property
    def seconds(self) -> float:
        """Seconds of the source in what was given so far."""
        return self._place / BYTES_PER_SECOND

    @property
    def holds_sound(self) -> bool:
        """True where more may be given though the source has no more."""
        return self._graph is not None and not self.is_over

    @property
    def is_over(self) -> bool:
        """True once the last was given."""
        return self._is_over and not self._rest

    def open(self) -> None:
        """Make the filter: that takes some milliseconds, the first time more."""
        if self._graph is None:
            # At the pitch of the source until the first take.
            graph, (self._filter,) = graph_of(("atempo", "1.0"))
            self._graph = graph

    def take(self, source: bytearray, size: int, rate: float, *, is_last: bool = False) -> bytes:
        """At most ``size`` bytes at a rate, less where the source has no more for now.

        ``is_last`` where nothing will be added to it.
        """
        if rate != 1.0:
            self.open()
        if self._graph is None:
            return self._passed_on(source, size, is_last=is_last)
        if rate != self._rate and self._filter is not None:
            self._filter.process_command("tempo", f"{rate:.4f}")
            self._rate = rate
        given = self._rest
        while len(given) < size and source:
            given += self._filtered(source, int((size - len(given)) * rate))
        if is_last and not source and not self._is_over:
            given += b"".join(map(bytes_of, pushed(self._graph, None)))
            self._is_over = True
        given, self._rest = given[:size], given[size:]
        self._advance(len(given))
        return given

    def _passed_on(self, source: bytearray, size: int, *, is_last: bool) -> bytes:
        pcm = bytes(source[:size])
        del source[:size]
        self._taken += len(pcm)
        self._place = self._taken
        self._is_over = is_last and not source
        return pcm

    def _filtered(self, source: bytearray, size: int) -> bytes:
        assert self._graph is not None
        size = max(_LEAST_PUSHED, size // SAMPLE_BYTES * SAMPLE_BYTES)
        pcm = bytes(source[:size])
        del source[:size]
        place, self._taken = self._taken, self._taken + len(pcm)
        frame = frame_of(pcm, place // SAMPLE_BYTES)
        return b"".join(map(bytes_of, pushed(self._graph, frame)))

    def _advance(self, given: int) -> None:
        """Count what was given. Small errors, of each change, end with what the filter may hold."""
        least = self._taken - FILTER_BYTES - len(self._rest) * self._rate
        self._place = min(self._taken, max(least, self._place + given * self._rate))
        if self.is_over:
            self._place = self._taken


class PlayedPlaces:
    """Places of a source's sound, in seconds, by the bytes that a device was given of it."""

    def __init__(self) -> None:
        self._points: deque[tuple[int, float]] = deque([(0, 0.0)])

    def add(self, given: int, seconds: float) -> None:
        """Note the place that is reached after so many bytes."""
        self._points.append((given, seconds))
        while len(self._points) > 2 and self._points[1][0] < given - _MOST_HELD:
            self._points.popleft()

    def at(self, given: int) -> float:
        """The place after so many bytes: between two that were noted, as far as it is from each."""
        after = self._points[-1]
        if given >= after[0]:
            return after[1]
        for before in reversed(self._points):
            if before[0] <= given:
                share = (given - before[0]) / (after[0] - before[0])
                return before[1] + share * (after[1] - before[1])
            after = before
        return after[1]
