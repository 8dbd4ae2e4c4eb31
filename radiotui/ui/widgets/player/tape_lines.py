"""The tape as a line: what is on it, what happened there, and where the ear is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from textual.content import Content

from radiotui.player.state import Listening, Mark
from radiotui.ui.kit.content import BLANK, trusted

LINE, EAR = "─", "●"
AD, TITLE, TITLES, PROGRAMME, GAP = "┬", "┴", "┻", "╂", "╳"
_RANK = (AD, TITLE, TITLES, PROGRAMME, GAP)
"""Of what falls into one cell the last of these is shown."""
_LEAST_SECONDS = 1.0


class Scale(NamedTuple):
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


def tape_scale(listening: Listening, columns: int) -> Scale | None:
    """From the oldest sound to where live is; None while there is no tape to speak of."""
    end = listening.newest_place
    if listening.position is None or end - listening.tape_start < _LEAST_SECONDS or columns < 1:
        return None
    return Scale(listening.tape_start, end, columns)


def story_scale(listening: Listening, columns: int) -> Scale | None:
    """A story from its beginning to its end; None while that is not known."""
    if listening.position is None or not listening.length or columns < 1:
        return None
    return Scale(0.0, listening.length, columns)


def tape_line(scale: Scale, position: float, marks: Iterable[Mark]) -> Content:
    """The line with its marks, in exactly the columns of the scale."""
    ear = scale.column(position)
    glyphs = [LINE] * scale.columns
    for mark in marks:
        if scale.start <= mark.at <= scale.end:
            column = scale.column(mark.at)
            glyphs[column] = _folded(glyphs[column], _glyph(mark))
    glyphs[ear] = EAR
    return BLANK.join(_runs(glyphs, ear))


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


def _glyph(mark: Mark) -> str:
    if mark.kind == "programme":
        return PROGRAMME
    if mark.kind == "reconnect":
        return GAP
    return AD if mark.ad else TITLE


def _folded(there: str, glyph: str) -> str:
    if there == LINE:
        return glyph
    if glyph == TITLE and there in {TITLE, TITLES}:
        return TITLES
    return max(there, glyph, key=_RANK.index)


def _runs(glyphs: list[str], ear: int) -> Iterator[Content]:
    """Cells that look alike in one piece each."""
    styles = [_style(glyph, column <= ear) for column, glyph in enumerate(glyphs)]
    cells_and_styles = zip(glyphs, styles, strict=True)
    for style, cells in groupby(cells_and_styles, key=lambda cell: cell[1]):
        yield trusted("".join(glyph for glyph, _ in cells), style)


def _style(glyph: str, heard: bool) -> str:
    if glyph == EAR:
        return "bold $accent"
    if glyph == GAP:
        return "$warning"
    if glyph != LINE:
        return "$accent" if heard else ""
    return "$accent" if heard else "dim"
