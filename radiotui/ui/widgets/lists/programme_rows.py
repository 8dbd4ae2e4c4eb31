"""Rows of programmes: the lines of a day's schedule, and the words about one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import msgspec
from textual.content import Content

from radiotui.guide.model import Programme
from radiotui.marks.model import MarkAction, ProgrammeMark
from radiotui.stations.model import Station
from radiotui.text import time_of_day
from radiotui.ui.kit.content import BLANK, progress, row, trusted, untrusted
from radiotui.ui.kit.row import Row
from radiotui.ui.kit.row_list import ListEntry
from radiotui.ui.kit.time_words import local, minutes_left, zone_word
from radiotui.ui.widgets.lists.history_rows import day_word

_BAR_COLUMNS = 12


class DayRows(msgspec.Struct, frozen=True):
    """A day's programmes as rows, at the time ``now``."""

    station: Station
    now: datetime
    on_tape: Callable[[Programme], bool]
    """True where the programme's beginning is still on a tape."""
    mark_of: Callable[[Programme], ProgrammeMark | None] = lambda _: None
    """The listener's mark of a coming programme."""

    def entries(self, programmes: Iterable[Programme]) -> Iterator[ListEntry]:
        """A row each, and a heading where the listener's own day changes."""
        day = None
        for programme in programmes:
            begins = programme.start and local(programme.start).date()
            if programme.start is not None and begins != day:
                if day is not None:
                    yield ListEntry(
                        None, trusted(coming_day(programme.start, self.now).upper(), "dim")
                    )
                day = begins
            yield ListEntry(programme_row(programme), self._row(programme))

    def _row(self, programme: Programme) -> Row:
        is_on = runs_at(programme, self.now)
        style = "bold" if is_on else "dim" if programme.usual else ""
        mark = trusted("▶ ", "$accent") if is_on else mark_sign(self.mark_of(programme))
        time = trusted(times(self.station, programme.start, self.now), "dim")
        title = untrusted(programme.title, style)
        if programme.usual:
            title = trusted("usually ", "dim") + title
        return Row(
            mark + (time + trusted("  ") if time else BLANK),
            title,
            self._aside(programme),
            under=self._progress(programme) if is_on and programme.end else BLANK,
            notes=[note] if (note := about(programme)) else [],
        )

    def _aside(self, programme: Programme) -> Content:
        if self.on_tape(programme):
            return trusted("on tape", "dim")
        mark = self.mark_of(programme)
        return trusted(mark_word(mark), "$accent") if mark is not None else BLANK

    def _progress(self, programme: Programme) -> Content:
        parts = [left_word(programme, self.now), about(programme, "")]
        if (share := share_over(programme, self.now)) is not None:
            parts.insert(0, progress(share, _BAR_COLUMNS))
        return row(*parts)


SIGNS: Mapping[MarkAction, str] = {"remind": "!", "tune": "»", "record": "●"}
"""Signs of the marks, in the first column."""


def mark_sign(mark: ProgrammeMark | None) -> Content:
    """A mark's sign, as wide without one."""
    if mark is None:
        return trusted("  ")
    return trusted(f"{SIGNS[mark.action]} ", "$error" if mark.action == "record" else "$accent")


def mark_word(mark: ProgrammeMark) -> str:
    """A mark in a word: "record", "tune in, weekly"."""
    words: Mapping[MarkAction, str] = {"remind": "remind", "tune": "tune in", "record": "record"}
    return words[mark.action] + (", weekly" if mark.is_weekly else "")


def programme_row(programme: Programme) -> str:
    """The id of a programme's row."""
    return programme.start.isoformat() if programme.start else f"{programme.title}?"


def runs_at(programme: Programme, at: datetime) -> bool:
    """True while a programme with both its times, or with its beginning alone, is on."""
    if programme.start is None or programme.end is None:
        return False
    return programme.start <= at < programme.end


def share_over(programme: Programme, at: datetime) -> float | None:
    """Share of a programme that is over, 0 to 1; None without its times."""
    if programme.start is None or programme.end is None or programme.end <= programme.start:
        return None
    return min(1.0, max(0.0, (at - programme.start) / (programme.end - programme.start)))


def left_word(programme: Programme, at: datetime) -> Content:
    """ "14 min left"; blank without an end."""
    if programme.end is None or programme.end <= at:
        return BLANK
    return trusted(minutes_left(programme.end, at), "dim")


def about(programme: Programme, style: str = "dim") -> Content:
    """Episode and host, as far as they are known."""
    episode = untrusted(programme.episode, style) if programme.episode else BLANK
    host = trusted("with ", style) + untrusted(programme.host, style) if programme.host else BLANK
    return Content(" · ").join([part for part in (episode, host) if part])


def times(station: Station, moment: datetime | None, now: datetime, *, align: bool = True) -> str:
    """A time of day, the station's own in brackets where it is another; blank for None.

    With ``align`` as wide for each programme of a station, so that the titles stand below one
    another.
    """
    if moment is None:
        return ""
    here = time_of_day(local(moment), align=align)
    if not zone_word(station, now):
        return here
    return f"{here} ({time_of_day(moment.astimezone(station.zone), align=align)})"


def coming_day(moment: datetime, now: datetime) -> str:
    """ "Today", "Tomorrow", "Tue 25 Nov": a day on the listener's clock."""
    tomorrow = local(now).date() + timedelta(days=1)
    return "Tomorrow" if local(moment).date() == tomorrow else day_word(moment, now)
