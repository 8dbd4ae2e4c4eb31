"""Lines of the player in words, for a width; no widget."""

from __future__ import annotations

from textual.content import Content

from radiotui.ui.kit.content import BLANK, cut, row, spread, trusted, untrusted
from radiotui.ui.kit.time_words import hour, local
from radiotui.ui.widgets.player.hero_lines import hero_lines
from radiotui.ui.widgets.player.player_facts import first_line, idle_hints, station_name
from radiotui.ui.widgets.player.player_view import (
    ROOMY,
    Bar,
    PlayerView,
    RenderedLines,
    behind,
    is_idle,
    problem,
    says_lag,
    small_chip,
)
from radiotui.ui.widgets.player.programme_lines import (
    answer_age,
    following,
    next_words,
    pending_line,
    programme_at_ear,
    times,
    title_line,
)
from radiotui.ui.widgets.player.tape_lines import tape_scale
from radiotui.ui.widgets.player.tape_row import drawn_tape, place_words, pointed_words

__all__ = ["PlayerView", "lines"]

_HERO = 6
"""So many lines are room for the station's picture."""
_LEAST = 16
"""Columns below which "next" says too little."""
_LEAST_BAR, _USUAL_BAR = 10, 16
_VOLUME_AND_CLOCK = 20
"""Columns of the first line that are never given up, with the gaps beside them."""


def lines(scene: PlayerView, columns: int, count: int) -> RenderedLines:
    """The player in ``count`` lines (2, 3 or 6) of exactly ``columns`` columns or fewer."""
    if count >= _HERO:
        return hero_lines(scene, columns)
    if scene.player_state.story is not None:
        # With the first story: the first screen has none.
        from radiotui.ui.widgets.player.player_story import story_lines

        return story_lines(scene, scene.player_state.story, columns, count)
    first, meter = _first(scene, columns, count)
    if count < 3:
        second, bar = _only(scene, columns)
        return RenderedLines([first, second][:count], bar if count == 2 else None, meter)
    third, bar = _heard(scene, columns)
    return RenderedLines([first, _programme(scene, columns), third], bar, meter)


def _first(scene: PlayerView, columns: int, count: int) -> tuple[Content, range]:
    name = station_name(scene, columns)
    pending = scene.player_state.pending
    if count < 3 and pending is not None:
        # Title and tape of what is heard have the only other line.
        room = columns - small_chip(scene).cell_length - _VOLUME_AND_CLOCK
        name = pending_line(scene, pending, room)
    return first_line(name, scene, columns, with_lag=count >= 3)


def _only(scene: PlayerView, columns: int) -> tuple[Content, Bar | None]:
    """Programme and title as one line, for a small screen; the tape where one is behind."""
    player_state = scene.player_state
    if player_state.current.problem is not None:
        return cut(problem(scene), columns), None
    programme, _ = programme_at_ear(scene)
    start = row(
        untrusted(programme.title, "bold") if programme else BLANK,
        title_line(scene, mark="· " if programme else "♪ "),
        gap=1,
    )
    if behind(player_state):
        return _with_tape(start, scene, columns, columns, line=1)
    right = idle_hints(scene, columns) if is_idle(scene) else BLANK
    if programme and programme.end and scene.station and not right:
        usually = "usually " if programme.usual else ""
        right = trusted(f"{usually}until {hour(local(programme.end))}", "dim")
    return spread(start, right, columns), None


def _programme(scene: PlayerView, columns: int) -> Content:
    programme, moment = programme_at_ear(scene)
    pending = scene.player_state.pending
    if pending is not None:
        title = cut(untrusted(programme.title, "bold"), _LEAST) if programme else BLANK
        room = columns - title.cell_length - 2
        return spread(title, pending_line(scene, pending, room), columns)
    later = following(scene, programme)[:1]
    next_up = trusted("next ", "dim") + next_words(later[0]) if later else BLANK
    if programme is None:
        word = "" if scene.on_air is None else "No programme information"
        return spread(trusted(word, "dim"), next_up, columns)
    age = answer_age(scene)
    title = untrusted(programme.title, "bold")
    on_from_to = times(programme, scene, moment, bar=columns // 5)
    # What is on comes first, then when, then what is next; each has what the ones before leave.
    room = columns - title.cell_length - on_from_to.cell_length - age.cell_length - 8
    next_up = cut(next_up, room) if room >= _LEAST else BLANK
    room -= next_up.cell_length
    host = untrusted(f"with {programme.host}", "dim") if programme.host else BLANK
    start = row(title, host if host.cell_length <= room else BLANK)
    return spread(start, row(on_from_to, next_up, age, gap=3), columns)


def _heard(scene: PlayerView, columns: int) -> tuple[Content, Bar | None]:
    """Title or problem, and in the rest of the line the tape."""
    player_state, room = scene.player_state, columns
    if player_state.current.problem is not None:
        start = problem(scene)
        room -= start.cell_length + 2
    else:
        start = idle_hints(scene, columns) if is_idle(scene) else title_line(scene, mark="♪ ")
    return _with_tape(start, scene, columns, room)


def _with_tape(
    start: Content, scene: PlayerView, columns: int, room: int, line: int = 2
) -> tuple[Content, Bar | None]:
    """ "tape ├──────●──┤ live  1:10 behind" at the right edge, or as much of it as fits."""
    current = scene.player_state.current
    words = place_words(scene, columns, with_lag=line == 1 or not says_lag(scene))
    if words.cell_length > room:
        return cut(start, columns), None
    before, after = trusted("tape ├", "dim"), trusted("┤ ", "dim") + words
    tape_columns = max(_USUAL_BAR, columns // 2 - words.cell_length - 8)
    tape_columns = min(tape_columns, room - before.cell_length - after.cell_length)
    scale = tape_scale(current, tape_columns)
    if columns < ROOMY or tape_columns < _LEAST_BAR or scale is None:
        return spread(start, words, columns), None
    if scene.pointed is not None:
        # Only what stands before the bar changes: it must not move under the mouse.
        start = pointed_words(scene, scene.pointed)
    begins = columns - after.cell_length - scale.columns
    drawn, bar = drawn_tape(current, scale, line, begins)
    return spread(start, before + drawn + after, columns), bar
