"""Sheet of the newscast: the queue of stories, in order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.dom import DOMNode
from textual.widgets import OptionList

from radiotui.app.companion import Companion
from radiotui.player.intents import MoveInQueue, PlayQueue, RemoveFromQueue
from radiotui.player.queue import QueueItem
from radiotui.player.state import PlayerState, PlayState
from radiotui.text import clock_duration
from radiotui.ui.commands.keymap import LOOKING, Keymap, sheet_bindings
from radiotui.ui.kit.content import trusted, untrusted
from radiotui.ui.kit.modal import Modal
from radiotui.ui.kit.row import Row
from radiotui.ui.kit.row_list import ListEntry, RowList

_MARKS = {
    PlayState.PLAYING: ("▶ ", "heard now", "$success"),
    PlayState.PAUSED: ("‖ ", "paused", "$warning"),
    PlayState.CONNECTING: ("◌ ", "connecting", "$warning"),
}


class NewscastScreen(Modal[None]):
    """Follows the player while it is open."""

    DEFAULT_CSS = """
    NewscastScreen > #sheet {
        width: 84;
    }

    NewscastScreen RowList {
        height: auto;
        min-height: 6;
        max-height: 80vh;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings(
        {
            **LOOKING,
            "newscast.close": "dismiss",
            "newscast.play": "play",
            "newscast.remove": "remove",
            "newscast.later": "move_item(1)",
            "newscast.earlier": "move_item(-1)",
        }
    )
    AUTO_FOCUS = "RowList"

    def __init__(self, keymap: Keymap, main: DOMNode, companion: Companion) -> None:
        super().__init__(keymap)
        self._main = main
        self._companion = companion

    def compose(self) -> ComposeResult:
        """The list."""
        with Vertical(id="sheet") as self._sheet:
            self._list = RowList("newscast")
            self._list.placard = trusted("The newscast is empty", "bold") + trusted(
                f"\n{self.key('story.queue')} on a story puts it in, "
                f"{self.key('story.listen')} hears it at once",
                "dim",
            )
            yield self._list

    def on_mount(self) -> None:
        """Follow the player."""
        self.watch(self._main, "player_state", self._show)

    def _show(self, player_state: PlayerState) -> None:
        self._sheet.border_title = _title(player_state)
        self._list.show_rows(list(_entries(player_state)))
        keys = (
            ("list.choose", "hear it"),
            ("newscast.remove", "take out"),
            ("newscast.later", f"{self.key('newscast.earlier')} move"),
        )
        self._sheet.border_subtitle = self.hints(
            *(keys if player_state.queue else ()), ("sheet.close", "closes")
        )
        if self._list.highlighted is None:
            self._list.move("top")

    def action_move(self, to: str) -> None:
        """Move the highlight."""
        self._list.move(to)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Play the newscast."""
        event.stop()
        self.action_play()

    def action_play(self) -> None:
        """Play the newscast from its beginning."""
        self._companion.do(PlayQueue())

    def action_remove(self) -> None:
        """Take the highlighted story out."""
        if self._list.highlighted_id is not None:
            self._companion.do(RemoveFromQueue(self._list.highlighted_id))

    def action_move_item(self, by: int) -> None:
        """Play the highlighted story later, or earlier."""
        if self._list.highlighted_id is not None:
            self._companion.do(MoveInQueue(self._list.highlighted_id, by))


def _title(player_state: PlayerState) -> Content:
    queue = player_state.queue
    parts = [trusted("Newscast")]
    if queue:
        parts.append(trusted("1 story" if len(queue) == 1 else f"{len(queue)} stories"))
        lengths = [spoken.seconds for spoken in queue if spoken.seconds is not None]
        at_least = "" if len(lengths) == len(queue) else "at least "
        if lengths:
            parts.append(trusted(at_least + clock_duration(sum(lengths))))
    return Content(" · ").join(parts)


def _entries(player_state: PlayerState) -> Iterator[ListEntry]:
    width = len(str(len(player_state.queue)))
    for number, spoken in enumerate(player_state.queue, 1):
        yield ListEntry(spoken.key, _row(player_state, spoken, f"{number:>{width}} "))


def _row(player_state: PlayerState, spoken: QueueItem, number: str) -> Row:
    heard = player_state.story is not None and player_state.story.key == spoken.key
    mark, state = trusted("  "), trusted("")
    if heard and player_state.state in _MARKS:
        glyph, word, style = _MARKS[player_state.state]
        mark, state = trusted(glyph, style), trusted(f"{word} · ", style)
    elif spoken.key in player_state.missed:
        mark, state = trusted("⚠ ", "$warning"), trusted("could not be heard · ", "$warning")
    seconds = (
        player_state.current.length if heard and player_state.current.length else spoken.seconds
    )
    length = clock_duration(seconds) if seconds is not None else "?:??"
    return Row(
        mark + trusted(number, "dim"),
        untrusted(spoken.title, "bold" if heard else ""),
        trusted(length, "dim"),
        under=state + untrusted(spoken.from_, "dim"),
    )
