"""Sheet of the queue: what is to be heard, in order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.dom import DOMNode
from textual.widgets import Input, OptionList, Static

from radiotui.app.companion import Companion
from radiotui.player.intents import (
    ClearQueue,
    MoveInQueue,
    PlayFromQueue,
    PlayQueue,
    RemoveFromQueue,
)
from radiotui.player.queue import QueueItem, count_word
from radiotui.player.state import PlayerState, PlayState
from radiotui.podcasts.queue_rule import EXAMPLE
from radiotui.text import clean, clock_duration, plain_letters
from radiotui.ui.commands.keymap import LOOKING, Keymap, sheet_bindings
from radiotui.ui.kit.content import trusted, untrusted
from radiotui.ui.kit.finding_sheet import FindingSheet
from radiotui.ui.kit.row import Row
from radiotui.ui.kit.row_list import ListEntry

_MARKS = {
    PlayState.PLAYING: ("▶ ", "heard now", "$success"),
    PlayState.PAUSED: ("‖ ", "paused", "$warning"),
    PlayState.CONNECTING: ("◌ ", "connecting", "$warning"),
}


class QueueScreen(FindingSheet[None]):
    """Follows the player while it is open."""

    DEFAULT_CSS = """
    QueueScreen > #sheet {
        width: 84;
    }

    QueueScreen RowList {
        height: auto;
        min-height: 6;
        max-height: 70vh;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings(
        {
            **LOOKING,
            "sheet.close": "leave",
            "newscast.find": "find",
            "newscast.close": "dismiss",
            "newscast.play": "play",
            "newscast.remove": "remove",
            "newscast.later": "move_item(1)",
            "newscast.earlier": "move_item(-1)",
            "newscast.undo": "undo",
            "newscast.clear": "clear",
            "newscast.fill": "fill",
            "newscast.rule": "write_rule",
            "newscast.names": "choose_queue",
        }
    )

    def __init__(self, keymap: Keymap, main: DOMNode, companion: Companion) -> None:
        super().__init__(keymap, "newscast", "title or source")
        self._main = main
        self._companion = companion
        self._player_state = PlayerState()

    def compose(self) -> ComposeResult:
        """The list."""
        with self._sheet:
            yield self._input
            yield self._list
            self._rule = Static(markup=False)
            yield self._rule

    def on_mount(self) -> None:
        """Follow the player."""
        self.watch(self._main, "player_state", self._show)

    def _show(self, player_state: PlayerState) -> None:
        self._player_state = player_state
        self._sheet.border_title = _title(player_state)
        self._list.placard = self._placard
        self._list.show_rows(list(_entries(player_state, self._words)))
        self._show_rule(self._companion.queues.rule)
        if self._list.highlighted is None:
            self._list.move("top")

    def _show_rule(self, rule: str) -> None:
        self._rule.update(trusted("Rule: ", "dim") + untrusted(rule, "dim"))
        self._rule.display = bool(rule)
        self.show_keys()

    @property
    def _placard(self) -> Content:
        """What stands where there are no rows."""
        if self._words:
            return trusted("Nothing found", "bold")
        return trusted("The queue is empty", "bold") + trusted(
            f"\n{self.key('story.queue')} on a story puts it in, "
            f"{self.key('story.play_next')} in front, "
            f"{self.key('story.listen')} hears it at once",
            "dim",
        )

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show the items with these words only."""
        event.stop()
        self._words = event.value
        self._show(self._player_state)
        self._list.scroll_to_highlight()

    def keys(self) -> Content:
        """Keys and words for the lower border."""
        rule = self._companion.queues.rule
        keys = (
            ("list.choose", "hear"),
            ("newscast.remove", "take out"),
            ("newscast.later", f"{self.key('newscast.earlier')} move"),
        )
        return self.hints(
            *(keys if self._player_state.queue else ()),
            *((("newscast.fill", "fill"),) if rule else (("newscast.rule", "rule"),)),
            *(("newscast.undo", "undo"), ("newscast.names", "queues"), ("sheet.close", "closes")),
        )

    def action_move(self, to: str) -> None:
        """Move the highlight."""
        self._list.move(to)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Play the queue from the chosen item on."""
        event.stop()
        if event.option_id is not None:
            self._companion.do(PlayFromQueue(event.option_id))

    def action_play(self) -> None:
        """Play the queue from its beginning."""
        self._companion.do(PlayQueue())

    def action_remove(self) -> None:
        """Take the highlighted item out."""
        if self._list.highlighted_id is not None:
            self._companion.do(RemoveFromQueue(self._list.highlighted_id))

    def action_move_item(self, by: int) -> None:
        """Play the highlighted item later, or earlier."""
        if self._list.highlighted_id is not None:
            self._companion.do(MoveInQueue(self._list.highlighted_id, by))

    def action_clear(self) -> None:
        """Take all out; that can be undone."""
        if self._player_state.queue:
            self._companion.do(ClearQueue())
            self._say(f"Taken out · {self.key('newscast.undo')} undoes")

    @work(group="change", exit_on_error=False)
    async def action_undo(self) -> None:
        """Undo the last change of any queue."""
        change = await self._companion.queues.undo()
        self._say("There is nothing to undo" if change is None else f"Undone: {change.words}")

    @work(group="fill", exclusive=True, exit_on_error=False)
    async def action_fill(self) -> None:
        """Fill the queue by its rule."""
        if not self._companion.queues.rule:
            self._say(f"The queue has no rule · {self.key('newscast.rule')} writes one")
            return
        self._say("Asking the podcasts…")
        filled = await self._companion.queues.fill()
        if filled.problem is not None:
            self.notify(str(filled.problem), severity="warning", markup=False, timeout=8)
        words = "1 is new" if filled.count == 1 else f"{filled.count} are new"
        self._say(f"{words} in the queue" if filled.count else "The rule finds nothing new")

    def action_write_rule(self) -> None:
        """Write the rule by which the queue is filled."""
        from radiotui.ui.dialogs.rename import RenameScreen

        def end(typed: str | None) -> None:
            if typed is not None:
                self._set_rule(typed)

        screen = RenameScreen(
            self._keymap,
            self._companion.queues.rule,
            f"such as: {EXAMPLE}\nnothing: no rule",
            heading="Set the rule",
            may_be_empty=True,
        )
        self.app.push_screen(screen, end)

    @work(group="change", exit_on_error=False)
    async def _set_rule(self, typed: str) -> None:
        rule = await self._companion.queues.set_rule(typed)
        self._show_rule(rule)
        fills = f"{self.key('newscast.fill')} fills the queue by it"
        self._say(fills if rule else "The queue has no rule any more")

    def action_choose_queue(self) -> None:
        """Show the other queues."""
        from radiotui.ui.dialogs.queue_names import QueueNamesScreen

        self.app.push_screen(QueueNamesScreen(self._keymap, self._companion))

    def _say(self, words: str) -> None:
        self.notify(clean(words), markup=False, timeout=4)


def _title(player_state: PlayerState) -> Content:
    queue = player_state.queue
    parts = [trusted("Queue")]
    if player_state.queue_name:
        parts.append(untrusted(player_state.queue_name))
    if queue:
        parts.append(trusted(count_word(queue)))
        lengths = [spoken.seconds for spoken in queue if spoken.seconds is not None]
        at_least = "" if len(lengths) == len(queue) else "at least "
        if lengths:
            parts.append(trusted(at_least + clock_duration(sum(lengths))))
    return Content(" · ").join(parts)


def _entries(player_state: PlayerState, typed: str) -> Iterator[ListEntry]:
    """The items that have every word that is typed, with their numbers in the queue."""
    width, words = len(str(len(player_state.queue))), plain_letters(typed).split()
    for number, spoken in enumerate(player_state.queue, 1):
        letters = plain_letters(f"{spoken.title} {spoken.from_}") if words else ""
        if any(word not in letters for word in words):
            continue
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
