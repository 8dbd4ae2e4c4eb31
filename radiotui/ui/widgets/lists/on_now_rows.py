"""Rows of all streams at a glance: name, programme, its progress, and what comes next."""

from __future__ import annotations

from datetime import datetime

import msgspec
from textual.content import Content

from radiotui.app.airings import Airing
from radiotui.guide.model import OnAir, Programme
from radiotui.marks.model import ProgrammeMark
from radiotui.stations.model import Station, Stream
from radiotui.ui.kit.content import BLANK, cut, progress, row, trusted, untrusted
from radiotui.ui.kit.row import Row
from radiotui.ui.kit.time_words import hour, local
from radiotui.ui.widgets.lists.programme_rows import (
    about,
    coming_day,
    left_word,
    mark_sign,
    mark_word,
    share_over,
)

_WIDE = 90
"""From so many columns on everything stands in one line."""
_NAME_COLUMNS = 28
_BAR_COLUMNS = 6
_LEFT_COLUMNS = 17


class StreamOnNow(msgspec.Struct, frozen=True):
    """A stream, and what its schedule says of the minute ``at``."""

    station: Station
    stream: Stream
    now: Programme | None
    """The programme that is on by its times; one that has ended is none."""
    next: Programme | None
    """The programme that is still to begin."""
    at: datetime

    @property
    def name(self) -> str:
        """Station and stream in one line."""
        if len(self.station.streams) == 1 or self.stream.name == self.station.name:
            return self.station.name
        return f"{self.stream.name} · {self.station.name}"

    @property
    def folded(self) -> str:
        """The words that a search looks in."""
        titles = [programme.title for programme in (self.now, self.next) if programme]
        return " ".join([self.station.name, self.stream.name, *titles]).casefold()


def stream_now(station: Station, stream: Stream, on_air: OnAir | None, at: datetime) -> StreamOnNow:
    """A stream at a time, by the newest snapshot of its schedule."""
    minute = at.replace(second=0, microsecond=0)
    if on_air is None:
        return StreamOnNow(station, stream, None, None, minute)
    return StreamOnNow(station, stream, on_air.now_at(at), on_air.next_at(at), minute)


class OnNowRows:
    """Remembers the rows of one list: each answer of a schedule changes one of them."""

    def __init__(self) -> None:
        self._drawn: dict[str, tuple[tuple[StreamOnNow, int, bool], Row]] = {}

    def row(self, row_id: str, stream: StreamOnNow, width: int, *, is_tuned: bool) -> Row:
        """The row, which is another one where it says something else."""
        says = stream, width, is_tuned
        drawn = self._drawn.get(row_id)
        if drawn is None or drawn[0] != says:
            drawn = says, _on_now_row(stream, width, is_tuned=is_tuned)
            self._drawn[row_id] = drawn
        return drawn[1]


def _on_now_row(stream: StreamOnNow, width: int, *, is_tuned: bool) -> Row:
    """The row, in one line where there is room, else in two."""
    mark = trusted("● ", "$error") if is_tuned else trusted("  ")
    name = untrusted(stream.name, "bold" if is_tuned else "")
    if width < _WIDE:
        return Row(mark, name, _left(stream), under=row(_title(stream), _next(stream)))
    name = cut(name, _NAME_COLUMNS)
    name = name.pad_right(_NAME_COLUMNS + 2 - name.cell_length)
    columns = width // 4
    following = cut(_next(stream), columns)
    following = following.pad_right(columns - following.cell_length)
    left = _left(stream)
    left = left.pad_right(_BAR_COLUMNS + _LEFT_COLUMNS - left.cell_length)
    return Row(mark, name + _title(stream), left + following)


def _title(stream: StreamOnNow) -> Content:
    if stream.now is None:
        return BLANK
    usually = trusted("usually ", "dim") if stream.now.usual else BLANK
    return usually + untrusted(stream.now.title, "dim" if stream.now.usual else "")


def _left(stream: StreamOnNow) -> Content:
    if stream.now is None:
        return BLANK
    share = share_over(stream.now, stream.at)
    bar = progress(share, _BAR_COLUMNS) if share is not None else BLANK
    return row(bar, left_word(stream.now, stream.at), gap=1)


def _next(stream: StreamOnNow) -> Content:
    programme = stream.next
    if programme is None:
        return BLANK
    time = trusted(f"{hour(local(programme.start))} ", "dim") if programme.start else BLANK
    return trusted("next ", "dim") + time + untrusted(programme.title, "dim")


def airing_row(airing: Airing, now: datetime, mark: ProgrammeMark | None = None) -> Row:
    """A result of the search: "Fresh Air", and below it "KJZZ News · with Terry Gross".

    On the right is when it is on, with the listener's ``mark`` where there is one.
    """
    programme = airing.programme
    usually = trusted("usually ", "dim") if programme.usual else BLANK
    marked = trusted(mark_word(mark), "$accent") if mark is not None else BLANK
    return Row(
        trusted("▶ ", "$accent") if airing.is_on else mark_sign(mark),
        usually + untrusted(programme.title, "dim" if programme.usual else ""),
        row(marked, _when(airing, now)),
        under=Content(" · ").join(
            [untrusted(airing.place, "dim"), *([part] if (part := about(programme)) else [])]
        ),
    )


def _when(airing: Airing, now: datetime) -> Content:
    """ "now  23 min left", "tomorrow 5:00 PM"."""
    if airing.is_on:
        return row(trusted("now", "$success"), left_word(airing.programme, now))
    start = airing.programme.start
    if start is None:
        return BLANK
    day = coming_day(start, now)
    # Within a line a name of a weekday stays one.
    day = day.lower() if day in {"Today", "Tomorrow"} else day
    return trusted(f"{day} {hour(local(start))}", "dim")
