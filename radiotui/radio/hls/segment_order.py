"""The order of segments through refreshes, restarts and new connections."""

from __future__ import annotations

from collections.abc import Sequence

from radiotui.radio.hls.playlist import MediaPlaylist, Segment

_TARGETS_BEHIND = 3
"""How many target durations before the newest end a listener begins (RFC 8216 §6.3.3)."""

_MOST_LISTED = 1024


class SegmentOrder:
    """The position in a broadcast: no segment is put on the tape twice, and none left out."""

    def __init__(self) -> None:
        self._last: Segment | None = None
        self._listed: dict[tuple[int, str], None] = {}

    @property
    def has_begun(self) -> bool:
        """True once a segment was passed."""
        return self._last is not None

    def begin(self, media: MediaPlaylist) -> tuple[Sequence[Segment], Sequence[Segment]]:
        """(older segments, those that a listener begins with): all of a list that has ended."""
        self._remember(media)
        near = media.segments if media.ended else _newest(media, _TARGETS_BEHIND * media.pace)
        return media.segments[: len(media.segments) - len(near)], near

    def next(self, media: MediaPlaylist, missed: float) -> tuple[Sequence[Segment], bool]:
        """(the next segments, True where they follow without a gap).

        ``missed`` is the seconds since the last segment: where the list does not tell
        which are new, so many seconds and those that a listener begins with are.
        """
        assert self._last is not None
        last, segments = self._last.number, media.segments
        first, newest = segments[0].number, segments[-1].number
        # A server that lags behind the others lists what was listed before.
        is_old = newest < last and _identity(segments[-1]) in self._listed
        self._remember(media)
        if is_old:
            return (), True
        if first <= last + 1 and newest >= last:
            return segments[last + 1 - first :], True
        return _newest(media, missed + _TARGETS_BEHIND * media.pace), False

    def pass_by(self, segment: Segment) -> None:
        """Go on behind ``segment``: it is on the tape, or was given up."""
        self._last = segment

    def _remember(self, media: MediaPlaylist) -> None:
        for segment in media.segments[-_MOST_LISTED:]:
            identity = _identity(segment)
            self._listed.pop(identity, None)
            self._listed[identity] = None
        while len(self._listed) > _MOST_LISTED:
            del self._listed[next(iter(self._listed))]


def _newest(media: MediaPlaylist, seconds: float) -> Sequence[Segment]:
    """The fewest segments up to the newest that hold so many seconds; at least one."""
    total, index = 0.0, len(media.segments)
    while index and (total < seconds or index == len(media.segments)):
        index -= 1
        total += media.segments[index].seconds
    return media.segments[index:]


def _identity(segment: Segment) -> tuple[int, str]:
    """The number and file name of a segment, whatever session its address is for."""
    if segment.place is None:
        return segment.number, ""
    path = segment.place.url.partition("#")[0].partition("?")[0]
    name = path.rpartition("/")[2]
    return segment.number, f"{name}@{segment.place.first}"
