"""Lines of the player in words, for a width; no widget."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from textual.content import Content

from radiotui.guide.model import Programme
from radiotui.player.state import Listening, PlayerState
from radiotui.text import clock_duration, song_words, title_words
from radiotui.ui.kit.content import BLANK, cut, progress, row, spread, trusted, untrusted
from radiotui.ui.kit.time_words import hour, local, old, zone_word
from radiotui.ui.widgets.player.player_facts import first_line
from radiotui.ui.widgets.player.player_story import story_lines
from radiotui.ui.widgets.player.player_view import (
    ROOMY,
    WIDE,
    Bar,
    PlayerView,
    RenderedLines,
    chip,
    countdown,
    hour_there,
    lag,
    problem,
)
from radiotui.ui.widgets.player.tape_lines import mark_before, tape_line, tape_scale, wall_of

__all__ = ["PlayerView", "lines"]

_LEAST = 16
"""Columns below which "next" says too little."""
_LEAST_BAR = 10
_VOLUME_AND_CLOCK = 20
"""Columns of the first line that are never given up, with the gaps beside them."""
_OLD = timedelta(minutes=15)


def lines(scene: PlayerView, columns: int, count: int) -> RenderedLines:
    """The player in ``count`` lines (2 or 3) of exactly ``columns`` columns or fewer."""
    if scene.player_state.story is not None:
        return story_lines(scene, scene.player_state.story, columns, count)
    first, meter = _first(scene, columns, count)
    if count < 3:
        second, bar = _only(scene, columns)
        return RenderedLines([first, second][:count], bar if count == 2 else None, meter)
    third, bar = _heard(scene, columns)
    return RenderedLines([first, _programme(scene, columns), third], bar, meter)


def _first(scene: PlayerView, columns: int, count: int) -> tuple[Content, range]:
    player_state = scene.player_state
    name = trusted(f"{scene.tune_key} tunes to a station", "dim")
    if scene.offline:
        key = scene.signal_key
        words = f"No network, it seems · {key} plays the Test Signal"
        name = trusted(words if columns >= ROOMY else f"No network · {key} Test Signal", "$warning")
    if player_state.tuned is not None:
        name = row(untrusted(player_state.station_name, "bold"), _stream_name(player_state), gap=1)
    if count < 3 and player_state.pending is not None:
        # Title and tape of what is heard have the only other line.
        room = columns - chip(scene).cell_length - _VOLUME_AND_CLOCK
        name = _pending(scene, player_state.pending, room)
    return first_line(row(chip(scene), name), scene, columns)


def _stream_name(player_state: PlayerState) -> Content:
    if not player_state.stream_name or player_state.stream_name == player_state.station_name:
        return BLANK
    return trusted("· ") + untrusted(player_state.stream_name)


def _only(scene: PlayerView, columns: int) -> tuple[Content, Bar | None]:
    """Programme and title as one line, for a small screen; the tape where one is behind."""
    player_state = scene.player_state
    if player_state.current.problem is not None:
        return cut(problem(scene), columns), None
    programme, _ = _on(scene)
    start = row(
        untrusted(programme.title, "bold") if programme else BLANK,
        _title(scene, mark="· " if programme else "♪ "),
        gap=1,
    )
    if _behind(player_state):
        return _with_tape(start, scene, columns, columns, line=1)
    right = BLANK
    if programme and programme.end and scene.station:
        usually = "usually " if programme.usual else ""
        right = trusted(f"{usually}until {hour_there(programme.end, scene)}", "dim")
    return spread(start, right, columns), None


def _on(scene: PlayerView) -> tuple[Programme | None, datetime]:
    """The programme that is heard, which is not the one of now where one is behind; and its now."""
    player_state, on_air = scene.player_state, scene.on_air
    taped: Programme | None = None
    current = player_state.current
    if current.programme:
        taped = Programme(current.programme, current.programme_at, current.programme_until)
    now = on_air.now if on_air else None
    if not player_state.current.is_behind:
        return now or taped, scene.now
    heard_at = player_state.current.heard_at or scene.now
    if now and (_is_same(taped, now) if taped else now.start and now.start <= heard_at):
        taped = replace(taped or now, start=now.start, end=now.end, host=now.host, usual=now.usual)
    return taped, heard_at


def _is_same(programme: Programme, other: Programme) -> bool:
    """The same programme, whichever of its names and times the tape's mark has."""
    apart = abs(programme.start - other.start) if programme.start and other.start else timedelta(0)
    return programme.title == other.title and apart < _OLD


def _programme(scene: PlayerView, columns: int) -> Content:
    on_air, behind = scene.on_air, scene.player_state.current.is_behind
    programme, moment = _on(scene)
    pending = scene.player_state.pending
    if pending is not None:
        title = cut(untrusted(programme.title, "bold"), _LEAST) if programme else BLANK
        return spread(title, _pending(scene, pending, columns - title.cell_length - 2), columns)
    following = _next(scene, programme if behind else None)
    if programme is None:
        word = "" if on_air is None else "No programme information"
        return spread(trusted(word, "dim"), following, columns)
    asked_at = on_air.asked_at if on_air and on_air.problem and not behind else None
    age = old(asked_at, scene.now, _OLD)
    title, times = untrusted(programme.title, "bold"), _times(programme, scene, columns, moment)
    # What is on comes first, then when, then what is next; each has what the ones before leave.
    room = columns - title.cell_length - times.cell_length - len(age) - 8
    following = cut(following, room) if room >= _LEAST else BLANK
    room -= following.cell_length
    host = untrusted(f"with {programme.host}", "dim") if programme.host else BLANK
    start = row(title, host if host.cell_length <= room else BLANK)
    return spread(start, row(times, following, trusted(age, "$warning"), gap=3), columns)


def _times(programme: Programme, scene: PlayerView, columns: int, moment: datetime) -> Content:
    """ "3:00 PM ━━━━╸──── 5:00 PM MST"."""
    if programme.start is None:
        return BLANK
    if programme.end is None:
        behind = scene.player_state.current.is_behind
        return trusted(f"since {hour_there(programme.start, scene)}", "dim") if behind else BLANK
    zone = zone_word(scene.station, scene.now) if scene.station else ""
    if programme.usual:
        return trusted(f"usually until {hour_there(programme.end, scene)}", "dim")
    length = (programme.end - programme.start).total_seconds()
    if length <= 0:
        return BLANK
    share = min(1.0, max(0.0, (moment - programme.start).total_seconds() / length))
    ends = f" {hour_there(programme.end, scene)}" + (f" {zone}" if zone else "")
    bar = progress(share, max(8, columns // 5))
    return trusted(f"{hour_there(programme.start, scene)} ", "dim") + bar + trusted(ends, "dim")


def _next(scene: PlayerView, at_ear: Programme | None) -> Content:
    """ "next 5:00 PM Marketplace": after an older programme at the ear, that of now."""
    now = scene.on_air.now if scene.on_air else None
    is_older = at_ear is not None and now is not None and not _is_same(at_ear, now)
    following = now if is_older else scene.on_air.next if scene.on_air else None
    if following is None:
        return BLANK
    at = f"{hour_there(following.start, scene)} " if following.start else ""
    usually = "usually " if following.usual else ""
    return trusted(f"next {usually}{at}", "dim") + untrusted(following.title)


def _heard(scene: PlayerView, columns: int) -> tuple[Content, Bar | None]:
    """Title or problem, and in the rest of the line the tape."""
    player_state, room = scene.player_state, columns
    if player_state.current.problem is not None:
        start = problem(scene)
        room -= start.cell_length + 2
    else:
        start = _title(scene, mark="♪ ")
    return _with_tape(start, scene, columns, room)


def _with_tape(
    start: Content, scene: PlayerView, columns: int, room: int, line: int = 2
) -> tuple[Content, Bar | None]:
    """ "tape ├──────●──┤ live  1:10 behind" at the right edge, or as much of it as fits."""
    player_state = scene.player_state
    words = _place(scene, columns)
    if words.cell_length > room:
        return cut(start, columns), None
    before, after = trusted("tape ├", "dim"), trusted("┤ ", "dim") + words
    tape_columns = max(_LEAST_BAR, columns * 9 // 20 - 16)
    tape_columns = min(tape_columns, room - before.cell_length - after.cell_length)
    scale = tape_scale(player_state.current, tape_columns)
    if (
        columns < ROOMY
        or tape_columns < _LEAST_BAR
        or scale is None
        or player_state.current.position is None
    ):
        return spread(start, words, columns), None
    if scene.pointed is not None:
        # Only what stands before the bar changes: it must not move under the mouse.
        start = _pointed(scene, scene.pointed)
    drawn = tape_line(scale, player_state.current.position, player_state.current.marks)
    begins = columns - after.cell_length - scale.columns
    return spread(start, before + drawn + after, columns), Bar(line, begins, scale)


def _place(scene: PlayerView, columns: int) -> Content:
    """ "live", or "live  4:12 behind · from 2:55 PM"."""
    player_state = scene.player_state
    if player_state.current.position is None or tape_scale(player_state.current, 1) is None:
        return BLANK
    end = "end" if player_state.current.off_air else "live"
    if not _behind(player_state):
        return trusted(end, "$error")
    behind = trusted(_behind(player_state), "$warning") + _from(
        player_state.current.heard_at, columns
    )
    return (
        row(trusted(end, "dim", "screen.do('tape.live')"), behind) if columns >= ROOMY else behind
    )


def _from(moment: datetime | None, columns: int) -> Content:
    if moment is None or columns < WIDE:
        return BLANK
    return trusted(f" · from {hour(local(moment))}", "dim")


def _pointed(scene: PlayerView, at: float) -> Content:
    """ "→ 2:41 PM · 12:30 behind · Nina Simone": what was sent at the place that is pointed to."""
    player_state = scene.player_state
    seconds, sent = (
        player_state.current.tape_end - player_state.current.burst - at,
        wall_of(player_state.current, at),
    )
    title = mark_before(player_state.current.marks, at, "title")
    programme = mark_before(player_state.current.marks, at, "programme")
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


def _pending(scene: PlayerView, pending: Listening, columns: int) -> Content:
    """ "→ KJZZ is being tuned to", while another station plays on."""
    is_same = pending.station == scene.player_state.station
    arrow = trusted("→ ", "$warning")
    name = arrow + untrusted(pending.stream_name if is_same else pending.station_name)
    if pending.problem is None:
        return cut(name + trusted(" is being tuned to", "dim"), columns)
    again = trusted(f"again{countdown(pending, scene.now)}", "$warning")
    # A problem says the name too: where there is little room, once is enough.
    start = arrow if columns < ROOMY // 2 else name + trusted("  ")
    words = start + trusted("⚠ ", "$error") + untrusted(str(pending.problem), "$error")
    return row(cut(words, columns - again.cell_length - 2), again)


def _title(scene: PlayerView, mark: str) -> Content:
    player_state = scene.player_state
    if player_state.current.ad:
        return trusted("advertisement", "dim")
    if player_state.current.title:
        return trusted(mark, "dim") + untrusted(title_words(player_state.current.title))
    song = scene.on_air.song if scene.on_air else None
    if song is None or not player_state.current.live:
        return BLANK
    return trusted(mark, "dim") + untrusted(song_words(song.artist, song.title))


def _behind(player_state: PlayerState) -> str:
    return lag(player_state.current) if player_state.current.is_behind else ""
