"""The player's lines while a story is heard."""

from __future__ import annotations

from textual.content import Content

from radiotui.player.queue import QueueItem
from radiotui.player.state import PlayerState, PlayState
from radiotui.text import clock_duration
from radiotui.ui.kit.content import BLANK, cut, progress, row, spread, trusted, untrusted
from radiotui.ui.widgets.player.player_facts import first_line
from radiotui.ui.widgets.player.player_view import (
    Bar,
    PlayerView,
    RenderedLines,
    chip,
    lag,
    problem,
)
from radiotui.ui.widgets.player.tape_lines import story_scale


def story_lines(scene: PlayerView, spoken: QueueItem, columns: int, count: int) -> RenderedLines:
    """Lines of a story: title, progress, waiting station and what follows."""
    player_state = scene.player_state
    title = untrusted(spoken.title, "bold")
    if count < 3:
        first, meter = first_line(
            row(chip(scene), title), scene, columns, trusted(_place(player_state))
        )
        has_problem = player_state.current.problem is not None
        under = cut(problem(scene), columns) if has_problem else _around(scene, columns)
        return RenderedLines([first, under][:count], meter=meter)
    from_ = trusted("· ") + untrusted(spoken.from_) if spoken.from_ else BLANK
    first, meter = first_line(row(chip(scene), row(title, from_, gap=1)), scene, columns)
    second, bar = _progress(scene, columns)
    third = problem(scene) if player_state.current.problem is not None else _waiting(scene)
    return RenderedLines([first, second, cut(third, columns)], bar, meter)


def _place(player_state: PlayerState) -> str:
    """ "1:02 / 3:12", as far as it is known."""
    if player_state.current.position is None:
        return clock_duration(player_state.current.length) if player_state.current.length else ""
    place = clock_duration(player_state.current.position)
    return (
        f"{place} / {clock_duration(player_state.current.length)}"
        if player_state.current.length
        else place
    )


def _progress(scene: PlayerView, columns: int) -> tuple[Content, Bar | None]:
    """ "1:02 ━━━━╸──── 3:12", and what follows, or the place that is pointed to."""
    player_state = scene.player_state
    right = _following(player_state)
    scale = story_scale(player_state.current, max(8, columns // 4))
    if scene.pointed is not None and scale is not None:
        right = trusted(f"→ {clock_duration(scene.pointed)}", "bold")
    if scale is None or player_state.current.position is None:
        return spread(trusted(_place(player_state)), right, columns), None
    before = trusted(f"{clock_duration(player_state.current.position)} ")
    after = trusted(f" {clock_duration(scale.end)}", "dim")
    bar = progress(min(1.0, player_state.current.position / scale.end), scale.columns)
    line = spread(before + bar + after, right, columns)
    fits = before.cell_length + scale.columns <= columns - right.cell_length
    return line, Bar(1, before.cell_length, scale) if fits else None


def _following(player_state: PlayerState) -> Content:
    """ "2 more in the newscast"."""
    count = len(player_state.upcoming)
    if not count:
        return trusted("the last of the newscast", "dim") if player_state.newscast else BLANK
    further = " more" if player_state.newscast else ""
    return trusted(f"{count}{further} in the newscast", "dim")


def _waiting(scene: PlayerView) -> Content:
    """ "KNAU waits on its tape · 4:12 behind"."""
    waiting = scene.player_state.waiting
    if waiting is None:
        return BLANK
    name = untrusted(waiting.station_name)
    if waiting.state is PlayState.CONNECTING:
        return name + trusted(" is being tuned to", "dim")
    paused = " paused" if waiting.state is PlayState.PAUSED else ""
    lost = trusted("· reconnecting", "$warning") if waiting.reconnecting else BLANK
    behind = trusted(f"· {lag(waiting)}", "$warning") if lag(waiting) else BLANK
    return row(name, trusted(f"waits{paused} on its tape", "dim"), behind, lost, gap=1)


def _around(scene: PlayerView, columns: int) -> Content:
    """Waiting station and following stories in one line, for a small screen."""
    waiting, following = scene.player_state.waiting, _following(scene.player_state)
    if waiting is None:
        spoken = scene.player_state.story
        return spread(untrusted(spoken.from_ if spoken else "", "dim"), following, columns)
    words = f" waits {lag(waiting)}".rstrip()
    room = columns - following.cell_length - len(words) - 2
    return spread(cut(untrusted(waiting.station_name), room) + trusted(words), following, columns)
