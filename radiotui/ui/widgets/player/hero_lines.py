"""The player in six lines: the station's picture, what is heard, and the tape below."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from textual.content import Content

from radiotui.guide.model import Programme
from radiotui.ui.kit.content import BLANK, cut, row, spread, trusted, untrusted
from radiotui.ui.kit.time_words import minutes_left
from radiotui.ui.widgets.player import picture_place
from radiotui.ui.widgets.player.player_facts import first_line, idle_hints, station_name
from radiotui.ui.widgets.player.player_view import PlayerView, RenderedLines, is_idle, problem
from radiotui.ui.widgets.player.programme_lines import (
    answer_age,
    following,
    next_words,
    pending_line,
    programme_at_ear,
    song_line,
    times,
)
from radiotui.ui.widgets.player.tape_row import chapter_words, pointed_row, story_row, tape_row

if TYPE_CHECKING:
    from radiotui.player.queue import QueueItem

_GAP = 2
_INDENT = picture_place.COLUMNS + _GAP
_TAPE_LINE = picture_place.LINES
_MOST = 120
"""Columns after which what comes next would be too far from what is on."""
WORDMARK = (
    "┬─┐┌─┐┌┬┐┬┌─┐┌┬┐┬ ┬┬",
    "├┬┘├─┤ │││││ │ │ │ ││",
    "┴└─┴ ┴─┴┘┴└─┘ ┴ └─┘┴",
)


class _HeroText(msgspec.Struct, frozen=True):
    """The lines beside the picture."""

    first: Content
    meter: range
    below: list[Content]


def hero_lines(scene: PlayerView, columns: int) -> RenderedLines:
    """Five lines beside the picture, and the tape over the whole width."""
    room = columns - _INDENT
    spoken = scene.player_state.story
    if spoken is not None:
        text = _story_text(scene, spoken, room)
        last, bar = story_row(scene, columns, _TAPE_LINE)
    else:
        text = _idle_text(scene, room) if is_idle(scene) else _radio_text(scene, room)
        last, bar = tape_row(scene, columns, _TAPE_LINE)
    if scene.pointed is not None and bar is not None:
        text.below[-1] = pointed_row(scene, bar, scene.pointed, room, _INDENT)
    picture = picture_place.initials_lines(*_identity(scene), ansi=scene.ansi)
    beside = [
        cut(drawn + trusted(" " * _GAP) + line, columns)
        for drawn, line in zip(picture, [text.first, *text.below], strict=True)
    ]
    meter = range(text.meter.start + _INDENT, text.meter.stop + _INDENT)
    return RenderedLines([*beside, cut(last, columns)], bar, meter, picture_place.LINES)


def _identity(scene: PlayerView) -> tuple[str, str]:
    """Name and id of whose picture it is."""
    player_state = scene.player_state
    if player_state.story is not None and player_state.story.from_:
        return player_state.story.from_, player_state.story.from_
    if player_state.tuned is not None:
        return player_state.station_name, player_state.station
    if scene.highlighted is not None:
        station, _ = scene.highlighted
        return station.name, station.id
    return "radiotui", ""


def _radio_text(scene: PlayerView, columns: int) -> _HeroText:
    first, meter = first_line(station_name(scene, columns), scene, columns)
    programme, moment = programme_at_ear(scene)
    current, pending = scene.player_state.current, scene.player_state.pending
    title, host = BLANK, _host(programme)
    if programme is not None:
        title = untrusted(programme.title, "bold")
    elif scene.on_air is not None:
        title = trusted("No programme information", "dim")
    right = _next_block(scene, programme, columns)
    if pending is not None:
        room = min(columns, _MOST) - right[1].cell_length - _GAP
        host = pending_line(scene, pending, room)
    heard = song_line(scene) if current.problem is None else problem(scene)
    below = [
        _spread(title, right[0], columns),
        _spread(host, right[1], columns),
        cut(heard, columns),
        cut(row(_times(programme, scene, columns, moment), answer_age(scene), gap=3), columns),
    ]
    return _HeroText(first, meter, below)


def _host(programme: Programme | None) -> Content:
    """ "with Ailsa Chang · Friday 6 March"."""
    if programme is None:
        return BLANK
    parts = (f"with {programme.host}" if programme.host else "", programme.episode)
    return untrusted(" · ".join(filter(None, parts)), "dim")


def _next_block(
    scene: PlayerView, programme: Programme | None, columns: int
) -> tuple[Content, Content]:
    """ "NEXT 5:00 PM Marketplace", and below what follows that; both as wide."""
    later = [next_words(one) for one in following(scene, programme)[:2]]
    if not later:
        return BLANK, BLANK
    room = min(columns, _MOST) // 2
    labels = (trusted("NEXT ", "bold"), trusted("     "))
    block = [cut(label + words, room) for label, words in zip(labels, later, strict=False)]
    width = max(line.cell_length for line in block)
    block = [line.pad_right(width - line.cell_length) for line in block]
    return block[0], block[1] if len(block) > 1 else BLANK


def _spread(start: Content, end: Content, columns: int) -> Content:
    return spread(start, end, min(columns, _MOST))


def _times(
    programme: Programme | None, scene: PlayerView, columns: int, moment: datetime
) -> Content:
    """ "3:00 PM ━━━━╸──── 5:00 PM MST   53 min left"."""
    if programme is None:
        return BLANK
    remaining = BLANK
    if programme.end is not None and not programme.usual and moment < programme.end:
        remaining = trusted(minutes_left(programme.end, moment), "dim")
    room = min(columns, _MOST) - remaining.cell_length - 12
    return row(times(programme, scene, moment, room=room), remaining, gap=3)


def _story_text(scene: PlayerView, spoken: QueueItem, columns: int) -> _HeroText:
    # With the first story: the first screen has none.
    from radiotui.ui.widgets.player.player_story import queue_words, waiting_words

    player_state = scene.player_state
    first, meter = first_line(untrusted(spoken.from_, "bold"), scene, columns)
    later = player_state.upcoming[:1] if player_state.newscast else ()
    then = trusted("next ", "dim") + untrusted(later[0].title, "dim") if later else BLANK
    state = problem(scene) if player_state.current.problem is not None else waiting_words(scene)
    below = [
        _spread(untrusted(spoken.title, "bold"), queue_words(player_state), columns),
        cut(then, columns),
        cut(state, columns),
        cut(chapter_words(player_state.current), columns),
    ]
    return _HeroText(first, meter, below)


def _idle_text(scene: PlayerView, columns: int) -> _HeroText:
    """The last station, what is on there, how to hear it, and the wordmark."""
    programme = scene.on_air.now if scene.on_air is not None else None
    title = untrusted(programme.title, "bold") if programme is not None else BLANK
    first, meter = first_line(station_name(scene, columns), scene, columns)
    later = [next_words(one) for one in following(scene, programme)[:1]]
    next_up = trusted("NEXT ", "bold") + later[0] if later else BLANK
    on_until = times(programme, scene, scene.now, bar=columns // 4) if programme else BLANK
    words = [title, _host(programme), idle_hints(scene, columns), row(on_until, next_up, gap=3)]
    if scene.player_state.current.problem is not None:
        words[1] = problem(scene)
    mark = [*(trusted(line, "$accent") for line in WORDMARK), BLANK]
    below = [spread(line, drawn, columns) for line, drawn in zip(words, mark, strict=True)]
    return _HeroText(first, meter, below)
