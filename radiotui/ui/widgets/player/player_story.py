"""The player's lines while a story is heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from radiotui.player.state import PlayerState, PlayState
from radiotui.text import clock_duration
from radiotui.ui.kit.content import BLANK, cut, row, spread, trusted, untrusted
from radiotui.ui.widgets.player.player_facts import first_line
from radiotui.ui.widgets.player.player_view import (
    Bar,
    PlayerView,
    RenderedLines,
    lag,
    problem,
)
from radiotui.ui.widgets.player.tape_row import chapter_words, story_place, story_row

if TYPE_CHECKING:
    from radiotui.player.queue import QueueItem


def story_lines(scene: PlayerView, spoken: QueueItem, columns: int, count: int) -> RenderedLines:
    """Lines of a story: title, progress, waiting station and what follows."""
    current = scene.player_state.current
    title = untrusted(spoken.title, "bold")
    if count < 3:
        first, meter = first_line(title, scene, columns, trusted(story_place(current)))
        has_problem = current.problem is not None
        under = cut(problem(scene), columns) if has_problem else _around(scene, columns)
        return RenderedLines([first, under][:count], meter=meter)
    from_ = trusted("· ") + untrusted(spoken.from_) if spoken.from_ else BLANK
    first, meter = first_line(row(title, from_, gap=1), scene, columns)
    second, bar = _progress(scene, columns)
    around = row(chapter_words(current), waiting_words(scene), gap=3)
    third = problem(scene) if current.problem is not None else around
    return RenderedLines([first, second, cut(third, columns)], bar, meter)


def _progress(scene: PlayerView, columns: int) -> tuple[Content, Bar | None]:
    """ "1:02 ━━━━╸──── 3:12", and what follows, or the place that is pointed to."""
    right = queue_words(scene.player_state)
    drawn, bar = story_row(scene, max(8, columns // 4) + 12, 1)
    if scene.pointed is not None and bar is not None:
        right = trusted(f"→ {clock_duration(scene.pointed)}", "bold")
    fits = drawn.cell_length <= columns - right.cell_length - 2
    return spread(drawn, right, columns), bar if fits else None


def queue_words(player_state: PlayerState) -> Content:
    """ "2 more in the queue"."""
    count = len(player_state.upcoming)
    if not count:
        return trusted("the last of the queue", "dim") if player_state.newscast else BLANK
    further = " more" if player_state.newscast else ""
    return trusted(f"{count}{further} in the queue", "dim")


def waiting_words(scene: PlayerView) -> Content:
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
    waiting, queue = scene.player_state.waiting, queue_words(scene.player_state)
    if waiting is None:
        spoken = scene.player_state.story
        return spread(untrusted(spoken.from_ if spoken else "", "dim"), queue, columns)
    words = f" waits {lag(waiting)}".rstrip()
    room = columns - queue.cell_length - len(words) - 2
    return spread(cut(untrusted(waiting.station_name), room) + trusted(words), queue, columns)
