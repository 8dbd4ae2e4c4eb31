"""The tape of what is heard, with the words beside it, and the places on it as words."""

from __future__ import annotations

from datetime import datetime, timedelta

from textual.content import Content

from radiotui.player.state import Listening
from radiotui.text import clock_duration, title_words
from radiotui.ui.kit.content import BLANK, progress, row, spread, trusted, untrusted
from radiotui.ui.kit.time_words import hour, local
from radiotui.ui.widgets.player.player_view import (
    ROOMY,
    WIDE,
    Bar,
    PlayerView,
    behind,
    says_lag,
)
from radiotui.ui.widgets.player.tape_lines import (
    EAR,
    NO_SOUND,
    RULER_TICK,
    TICK,
    Scale,
    Stretch,
    mark_before,
    programme_stretch,
    story_scale,
    tape_line,
    tape_scale,
    tape_sound,
    ticks,
    wall_of,
)

_LEAST = 10
"""Columns below which a tape says too little."""


def drawn_tape(current: Listening, scale: Scale, line: int, column: int) -> tuple[Content, Bar]:
    """The tape on that scale, and the bar it is for the mouse."""
    sound = tape_sound(current)
    drawn = tape_line(
        scale,
        current.position or 0.0,
        current.marks,
        sound,
        programme_stretch(current),
        ticks(current, scale),
    )
    return drawn, Bar(line, column, scale, sound)


def tape_row(scene: PlayerView, columns: int, line: int) -> tuple[Content, Bar | None]:
    """ "2:55 PM ├───╂━━━━●▒▒▒▒┤ 3:25 PM  live", over the whole width; the hour without a tape."""
    current = scene.player_state.current
    scale = tape_scale(current, columns)
    if scale is None:
        return dial(scene.now, columns), None
    start, end = wall_of(current, scale.start), wall_of(current, scale.end)
    before = row(_hour(start), trusted("├", "dim"), gap=1)
    words = place_words(scene, columns, with_lag=not says_lag(scene))
    after = row(row(trusted("┤", "dim"), _hour(end), gap=1), words)
    room = columns - before.cell_length - after.cell_length
    if room < _LEAST:
        return words, None
    fitted = Scale(scale.start, scale.end, room)
    drawn, bar = drawn_tape(current, fitted, line, before.cell_length)
    return before + drawn + after, bar


def story_row(scene: PlayerView, columns: int, line: int) -> tuple[Content, Bar | None]:
    """ "1:02 ━━━━╸──── 3:12" in so many columns, or the place alone."""
    current = scene.player_state.current
    place = story_place(current)
    if not current.length or current.position is None:
        return trusted(place), None
    before = trusted(f"{clock_duration(current.position)} ")
    after = trusted(f" {clock_duration(current.length)}", "dim")
    scale = story_scale(current, columns - before.cell_length - after.cell_length)
    if scale is None:
        return trusted(place), None
    bar = _story_bar(current, scale)
    sound = Stretch(scale.start, scale.end)
    return before + bar + after, Bar(line, before.cell_length, scale, sound)


def _story_bar(current: Listening, scale: Scale) -> Content:
    """ "━━━━╸──┼──": how much was heard, with the beginnings of chapters that are still to come."""
    at = current.position or 0.0
    bar = progress(min(1.0, at / scale.end), scale.columns)
    chapters = (mark.at for mark in current.marks if mark.kind == "chapter")
    ahead = {scale.column(begin) for begin in chapters if begin > at}
    done = min(scale.columns - 1, int(min(1.0, at / scale.end) * scale.columns))
    rest = "".join(TICK if column in ahead else "─" for column in range(done + 1, scale.columns))
    return bar[: done + 1] + trusted(rest, "dim")


def chapter_words(current: Listening) -> Content:
    """ "§ The Bells of Flagstaff": the chapter at the ear."""
    at = current.position
    chapter = mark_before(current.marks, at, "chapter") if at is not None else None
    return trusted("§ ", "dim") + untrusted(chapter.text) if chapter and chapter.text else BLANK


def story_place(current: Listening) -> str:
    """ "1:02 / 3:12", as far as it is known."""
    length = clock_duration(current.length) if current.length else ""
    if current.position is None:
        return length
    place = clock_duration(current.position)
    return f"{place} / {length}" if length else place


def dial(now: datetime, columns: int) -> Content:
    """The hour as a ruler of five minutes, with a needle at this minute: an empty tape."""
    begin = now.replace(minute=0, second=0, microsecond=0)
    before = row(_hour(begin), trusted("├", "dim"), gap=1)
    after = trusted(f"┤ {hour(local(begin + timedelta(hours=1)))}", "dim")
    room = columns - before.cell_length - after.cell_length
    if room < _LEAST:
        return BLANK
    scale = Scale(0.0, 3600.0, room)
    cells = [NO_SOUND] * room
    for tick in range(300, 3600, 300):
        cells[scale.column(tick)] = RULER_TICK
    needle = scale.column(now.minute * 60.0)
    start, end = "".join(cells[:needle]), "".join(cells[needle + 1 :])
    drawn = trusted(start, "dim") + trusted(EAR, "$accent") + trusted(end, "dim")
    return before + drawn + after


def place_words(scene: PlayerView, columns: int, *, with_lag: bool) -> Content:
    """ "live", or "live  4:12 behind · from 2:55 PM"."""
    current = scene.player_state.current
    if current.position is None or tape_scale(current, 1) is None:
        return BLANK
    end = "end" if current.off_air else "live"
    lag_words = behind(scene.player_state)
    if not lag_words:
        return trusted(end, "$error")
    if with_lag:
        lag_words = f"{lag_words} · " if columns >= WIDE and current.heard_at else lag_words
    words = trusted(lag_words if with_lag else "", "$warning")
    if current.heard_at is not None and columns >= WIDE:
        words += trusted(f"from {hour(local(current.heard_at))}", "dim")
    live = trusted(end, "dim", "screen.do('tape.live')")
    return row(live, words) if columns >= ROOMY else words


def pointed_words(scene: PlayerView, at: float) -> Content:
    """ "→ 2:41 PM · 12:30 behind · Nina Simone": what was sent at the place that is pointed to."""
    current = scene.player_state.current
    if scene.player_state.story is not None:
        chapter = mark_before(current.marks, at, "chapter")
        name = trusted(" · ") + untrusted(chapter.text) if chapter and chapter.text else BLANK
        return trusted(f"→ {clock_duration(at)}", "bold") + name
    seconds, sent = current.tape_end - current.burst - at, wall_of(current, at)
    title = mark_before(current.marks, at, "title")
    programme = mark_before(current.marks, at, "programme")
    mark = title if title is not None and (title.text or title.ad) else programme
    text = BLANK
    if mark is not None:
        text = trusted("advertisement", "dim") if mark.ad else untrusted(title_words(mark.text))
    return trusted("→ ", "bold $accent") + Content(" · ").join(
        part
        for part in (
            trusted(hour(local(sent)) if sent else "", "bold"),
            trusted(f"{clock_duration(seconds)} behind" if seconds >= 1 else "live"),
            text,
        )
        if part
    )


def pointed_row(scene: PlayerView, bar: Bar, at: float, columns: int, indent: int) -> Content:
    """The words of a place above it, in columns that begin ``indent`` to the right."""
    words = pointed_words(scene, at)
    column = bar.column + bar.scale.column(at) - indent
    gap = max(0, min(column - 1, columns - words.cell_length))
    return spread(trusted(" " * gap) + words, BLANK, columns)


def _hour(moment: datetime | None) -> Content:
    # A moment before the full minute is that minute.
    return trusted(hour(local(moment + timedelta(seconds=0.5))) if moment else "", "dim")
