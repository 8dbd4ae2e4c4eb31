"""Which of the listed segments come next: through refreshes, restarts and new connections."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from radiotui.radio.hls.playlist import MediaPlaylist, Segment

_TARGETS_BEHIND = 3
"""How many target durations before the newest end a listener begins (RFC 8216 §6.3.3)."""

_MOST_SEEN = 1024


class SegmentOrder:
    """Remembers what was taken, to take nothing twice and leave nothing out."""

    def __init__(self) -> None:
        self._last: Segment | None = None
        self._seen: dict[tuple[int, str], None] = {}

    @property
    def has_begun(self) -> bool:
        """Whether anything was taken."""
        return self._last is not None

    def begin(self, media: MediaPlaylist) -> tuple[Sequence[Segment], Sequence[Segment]]:
        """What is older, and what a listener begins with. A list that has ended begins with all."""
        self._see(media)
        near = media.segments if media.ended else _newest(media, _TARGETS_BEHIND * media.target)
        return media.segments[: len(media.segments) - len(near)], near

    def next(self, media: MediaPlaylist, missed: float) -> tuple[Sequence[Segment], bool]:
        """What follows, and whether it follows without a gap.

        ``missed`` is for how many seconds nothing was taken: where the list does not
        tell what is new, that much of it and what a listener begins with is.
        """
        assert self._last is not None
        last, segments = self._last.number, media.segments
        first, newest = segments[0].number, segments[-1].number
        # A server that lags behind the others lists what was seen before.
        is_old = newest < last and _identity(segments[-1]) in self._seen
        self._see(media)
        if is_old:
            return (), True
        if first <= last + 1 and newest >= last:
            return segments[last + 1 - first :], True
        return _newest(media, missed + _TARGETS_BEHIND * media.target), False

    def took(self, segment: Segment) -> None:
        """It is on the tape, or has been given up."""
        self._last = segment

    def _see(self, media: MediaPlaylist) -> None:
        for segment in media.segments[-_MOST_SEEN:]:
            identity = _identity(segment)
            self._seen.pop(identity, None)
            self._seen[identity] = None
        while len(self._seen) > _MOST_SEEN:
            del self._seen[next(iter(self._seen))]


def _newest(media: MediaPlaylist, seconds: float) -> Sequence[Segment]:
    """The fewest segments up to the newest that hold so many seconds; at least one."""
    held, index = 0.0, len(media.segments)
    while index and (held < seconds or index == len(media.segments)):
        index -= 1
        held += media.segments[index].seconds
    return media.segments[index:]


def _identity(segment: Segment) -> tuple[int, str]:
    """What names a segment, whatever session its address is for."""
    if segment.place is None:
        return segment.number, ""
    name = urlsplit(segment.place.url).path.rpartition("/")[2]
    return segment.number, f"{name}@{segment.place.first}"
