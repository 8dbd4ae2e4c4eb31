"""The tape as a line: what is on it, what happened there, and where the ear is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import msgspec
from textual.content import Content

from radiotui.player.state import Listening
from radiotui.ui.kit.content import BLANK, trusted

if TYPE_CHECKING:
    from radiotui.player.state import Mark

LINE, IN_PROGRAMME, AHEAD, EAR = "─", "━", "▒", "●"
"""Sound that was heard, outside of the programme at the ear and within; sound ahead of it."""
AD, TITLE, TITLES, PROGRAMME, GAP = "┬", "┴", "┻", "╂", "╳"
_RANK = (AD, TITLE, TITLES, PROGRAMME, GAP)
"""Of what falls into one cell the last of these is shown."""
TICK, RULER_TICK, NO_SOUND = "┼", "╵", "┈"
"""Each five minutes of the clock, on the sound and on the ruler beside it."""
_TICK_SECONDS = 300
_LEAST_SECONDS = 1.0
_LENGTHS = (600, 1800, 3600)
"""Seconds that a scale has; a longer one has whole hours, and two ticks to move on by."""


class Scale(msgspec.Struct, frozen=True):
    """Seconds of a tape, or of a story, as so many columns of a line."""

    start: float
    end: float
    columns: int

    def column(self, at: float) -> int:
        """The column of a place; what is not on the line is at one of its ends."""
        length = self.end - self.start
        if length <= 0:
            return self.columns - 1
        share = min(1.0, max(0.0, (at - self.start) / length))
        return round(share * (self.columns - 1))

    def at(self, column: int) -> float:
        """The place in the middle of a column; of the first and the last the very end."""
        if self.columns < 2:
            return self.end
        share = min(1.0, max(0.0, column / (self.columns - 1)))
        # Written so that the last column is the end itself, and not a rounding before it.
        return self.start * (1 - share) + self.end * share


class Stretch(msgspec.Struct, frozen=True):
    """A part of a tape from one place to another, in seconds."""

    start: float
    end: float

    def __contains__(self, at: object) -> bool:
        """True for a place that is in it."""
        return isinstance(at, int | float) and self.start <= at <= self.end


def tape_sound(listening: Listening) -> Stretch:
    """From the oldest sound of the tape to where live is."""
    return Stretch(listening.tape_start, listening.newest_place)


def tape_scale(listening: Listening, columns: int) -> Scale | None:
    """Ten, thirty or sixty minutes that hold the tape; None while there is no tape to speak of.

    It begins at five whole minutes of the clock and stays there while the tape grows: only the
    ear moves on it.
    """
    sound = tape_sound(listening)
    start, newest = sound.start, sound.end
    if listening.position is None or newest - start < _LEAST_SECONDS or columns < 1:
        return None
    wall = wall_of(listening, start)
    begin = start - (_seconds_of_hour(wall) if wall else start) % _TICK_SECONDS
    return Scale(begin, begin + _length(newest - begin), columns)


def story_scale(listening: Listening, columns: int) -> Scale | None:
    """A story from its beginning to its end; None while that is not known."""
    if listening.position is None or not listening.length or columns < 1:
        return None
    return Scale(0.0, listening.length, columns)


def programme_stretch(listening: Listening) -> Stretch | None:
    """Stretch of the programme at the ear on the tape; None while that is not known."""
    if listening.position is None:
        return None
    begins = [mark.at for mark in listening.marks if mark.kind == "programme"]
    before = [at for at in begins if at <= listening.position]
    if not before:
        return None
    after = [at for at in begins if at > listening.position]
    return Stretch(before[-1], after[0] if after else math.inf)


def ticks(listening: Listening, scale: Scale) -> Iterator[float]:
    """Places at which the station's clock had five whole minutes, beyond gaps too."""
    start = wall_of(listening, listening.tape_start)
    anchors: list[tuple[float, datetime | None]] = [(listening.tape_start if start else 0.0, start)]
    anchors += [(mark.at, mark.wall) for mark in listening.marks if mark.kind == "reconnect"]
    anchors.append((math.inf, None))
    for number, ((place, wall), (end, _)) in enumerate(pairwise(anchors)):
        zero = place - (_seconds_of_hour(wall) if wall else place)
        first = scale.start if number == 0 else max(place, scale.start)
        tick = zero + math.ceil((first - zero) / _TICK_SECONDS) * _TICK_SECONDS
        while tick < min(end, scale.end):
            yield tick
            tick += _TICK_SECONDS


def tape_line(
    scale: Scale,
    position: float,
    marks: Iterable[Mark],
    sound: Stretch,
    programme: Stretch | None = None,
    clock_ticks: Iterable[float] = (),
) -> Content:
    """The line with its marks, in exactly the columns of the scale."""
    ear, first, newest = (scale.column(at) for at in (position, sound.start, sound.end))
    within = range(0)
    if programme is not None:
        within = range(scale.column(programme.start), scale.column(programme.end) + 1)
    ticked = {scale.column(at) for at in clock_ticks} - {0, scale.columns - 1}
    glyphs = []
    for column in range(scale.columns):
        glyph = NO_SOUND
        if ear < column <= newest:
            glyph = AHEAD
        elif first <= column <= ear:
            glyph = IN_PROGRAMME if column in within else LINE
        if column in ticked and glyph != AHEAD:
            glyph = RULER_TICK if glyph == NO_SOUND else TICK
        glyphs.append(glyph)
    for mark in marks:
        if mark.at in sound and scale.start <= mark.at <= scale.end:
            column = scale.column(mark.at)
            glyphs[column] = _folded(glyphs[column], _glyph(mark))
    glyphs[ear] = EAR
    return BLANK.join(_runs(glyphs, within))


def mark_before(marks: Iterable[Mark], at: float, kind: str) -> Mark | None:
    """The last mark of a kind at a place or before it."""
    last = None
    for mark in marks:
        if mark.kind == kind and mark.at <= at:
            last = mark
    return last


def wall_of(listening: Listening, at: float) -> datetime | None:
    """Time at which the station sent a place of the tape, by the nearest mark with a time."""
    places = [(mark.at, mark.wall) for mark in listening.marks if mark.kind != "programme"]
    if listening.position is not None and listening.heard_at is not None:
        places.append((listening.position, listening.heard_at))
    before = [place for place in places if place[0] <= at]
    if not places:
        return None
    # Behind a gap other times hold, so what lies before the place tells more than what follows.
    place, wall = max(before) if before else min(places)
    return wall + timedelta(seconds=at - place)


def _seconds_of_hour(wall: datetime) -> float:
    return wall.minute * 60 + wall.second + wall.microsecond / 1e6


def _length(seconds: float) -> float:
    for length in _LENGTHS:
        if seconds <= length:
            return length
    spare = 2 * _TICK_SECONDS
    return math.ceil((seconds - spare) / 3600) * 3600 + spare


def _glyph(mark: Mark) -> str:
    if mark.kind == "programme":
        return PROGRAMME
    if mark.kind == "reconnect":
        return GAP
    return AD if mark.ad else TITLE


def _folded(there: str, glyph: str) -> str:
    if there not in _RANK:
        return glyph
    if glyph == TITLE and there in {TITLE, TITLES}:
        return TITLES
    return max(there, glyph, key=_RANK.index)


def _runs(glyphs: list[str], within: range) -> Iterator[Content]:
    """Cells that look alike in one piece each."""
    styles = [_style(glyph, column in within) for column, glyph in enumerate(glyphs)]
    cells_and_styles = zip(glyphs, styles, strict=True)
    for style, cells in groupby(cells_and_styles, key=lambda cell: cell[1]):
        yield trusted("".join(glyph for glyph, _ in cells), style)


def _style(glyph: str, is_within: bool) -> str:
    if glyph == EAR:
        return "bold $accent"
    if glyph == GAP:
        return "$warning"
    if glyph in {NO_SOUND, RULER_TICK} or (glyph == LINE and not is_within):
        return "dim"
    return "$secondary" if is_within else ""
