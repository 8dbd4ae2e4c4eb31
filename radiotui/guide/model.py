"""The model of a stream's schedule: programme, song, and the programme that follows."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import msgspec

from radiotui.problems import Problem

_UNKNOWN_LENGTH = 15 * 60.0
_EARLIEST = timedelta(minutes=5)
_GRACE = timedelta(minutes=1)
_BELIEVED_WITHOUT_END = timedelta(minutes=30)
"""A programme without an end is believed so long after the answer that named it."""


class Programme(msgspec.Struct, frozen=True):
    """One programme of the schedule. Times are UTC; None where the source gives none."""

    title: str
    start: datetime | None = None
    end: datetime | None = None
    host: str | None = None
    description: str = ""
    link: str | None = None
    episode: str = ""
    """The title of this broadcast, where the programme's own is another: "Friday 6 March"."""
    picture: str | None = None
    """The address of the programme's picture; None where there is none of its own."""
    usual: bool = False
    """Its times, or all of it, are learnt from earlier weeks: it may be another this time."""

    def in_words(self) -> str:
        """One line for the log: the title, and the times that are known."""
        times = (f"{time:%a %H:%M}" if time else "?" for time in (self.start, self.end))
        usually = "usually " if self.usual else ""
        return f"{self.title!r} ({usually}{' to '.join(times)} UTC)"


class Song(msgspec.Struct, frozen=True):
    """A song within a programme, by the station's playlist."""

    title: str
    artist: str = ""
    start: datetime | None = None
    """UTC; None where the playlist gives none."""
    seconds: float | None = None
    """Its length; None where the playlist gives none."""
    album: str = ""
    picture: str | None = None
    """The address of the album's picture."""

    def over(self, at: datetime) -> bool:
        """True when it cannot be heard at ``at`` any more.

        Playlists drift, so a minute's grace is given; a song of unknown length
        is taken for a quarter of an hour. Without a start nobody can tell.
        """
        if self.start is None:
            return False
        length = timedelta(seconds=_UNKNOWN_LENGTH if self.seconds is None else self.seconds)
        return not self.start - _EARLIEST <= at < self.start + length + _GRACE


class OnAir(msgspec.Struct, frozen=True):
    """The whole schedule snapshot of one stream."""

    station: str
    stream: str
    now: Programme | None = None
    next: Programme | None = None
    song: Song | None = None
    source: str = ""
    """The provider it came from: "npr", "composer", "weekly"; empty when nobody publishes one."""
    asked_at: datetime | None = None
    """The time of the answer; it may be the last good one and old."""
    problem: Problem | None = None
    """The failure of the last question; the rest is then the last good answer."""

    def now_at(self, at: datetime) -> Programme | None:
        """The programme that is on at ``at`` by its times; one that has ended is none."""
        for programme in (self.now, self.next):
            if programme is not None and self._is_on(programme, at):
                return programme
        return None

    def next_at(self, at: datetime) -> Programme | None:
        """The programme that is still to begin at ``at``."""
        programme = self.next
        if programme is None or (programme.start is not None and programme.start <= at):
            return None
        return programme if programme.start is not None or self._is_new(at) else None

    def _is_on(self, programme: Programme, at: datetime) -> bool:
        if programme.start is None and programme is not self.now:
            return False
        if programme.start is not None and programme.start > at:
            return False
        return at < programme.end if programme.end is not None else self._is_new(at)

    def _is_new(self, at: datetime) -> bool:
        return self.asked_at is not None and at - self.asked_at < _BELIEVED_WITHOUT_END

    def progress(self, at: datetime) -> float | None:
        """Share of the programme that is over at ``at``, 0 to 1; None without its times."""
        if self.now is None or self.now.start is None or self.now.end is None:
            return None
        length = (self.now.end - self.now.start).total_seconds()
        if length <= 0:
            return None
        return min(1.0, max(0.0, (at - self.now.start).total_seconds() / length))


class Day(msgspec.Struct, frozen=True):
    """The programmes of one stream that begin on one day, as the station counts days."""

    station: str
    stream: str
    day: date
    programmes: tuple[Programme, ...] = ()
    """In order, without overlaps; all have a start, the last ones may have no end."""
    source: str = ""
    """The provider it came from; empty when nobody publishes one."""
    asked_at: datetime | None = None
    """The time of the answer; it may be the last good one and old."""
    problem: Problem | None = None
    """The failure of the last question; the programmes are then the last good answer."""
