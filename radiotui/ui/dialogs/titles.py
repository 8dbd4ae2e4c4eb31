"""Sheet of played titles and programmes by day."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from textual import work
from textual.binding import BindingType
from textual.content import Content
from textual.dom import DOMNode
from textual.widgets import Input, OptionList

from radiotui.app.companion import Companion
from radiotui.app.history import PlayedItem
from radiotui.app.intents import ForgetPlayed, StarPlayed
from radiotui.player.intents import GoToPlayed, KeepPlayed
from radiotui.player.state import PlayerState
from radiotui.problems import Problem
from radiotui.text import clean
from radiotui.ui.commands.keymap import Keymap, sheet_bindings
from radiotui.ui.kit.content import short_path, trusted, untrusted
from radiotui.ui.kit.finding_sheet import FindingSheet
from radiotui.ui.kit.time_words import local
from radiotui.ui.widgets.lists.history_rows import day_word, entries_by_day

if TYPE_CHECKING:
    from radiotui.app.history_export import Form

_PAGE = 200
_ALL = 1_000_000
_NEAR_THE_END = 20
"""Rows before the last one at which older ones are asked for."""


class TitlesScreen(FindingSheet[None]):
    """A list by day; what is still on the tape can be heard again, or kept."""

    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings(
        {
            "titles.leave": "leave",
            "titles.close": "close",
            "titles.down": "move('down')",
            "titles.up": "move('up')",
            "titles.page_down": "move('page_down')",
            "titles.page_up": "move('page_up')",
            "titles.top": "move('top')",
            "titles.bottom": "move('bottom')",
            "titles.star": "star",
            "titles.starred_only": "starred_only",
            "titles.copy": "copy",
            "titles.keep": "keep",
            "titles.export": "export",
            "titles.forget": "forget",
            "titles.undo": "undo",
            "titles.find": "find",
        }
    )

    def __init__(
        self, keymap: Keymap, main: DOMNode, companion: Companion, at: PlayedItem | None = None
    ) -> None:
        super().__init__(keymap, "titles", "artist, title or station")
        self._main = main
        self._companion = companion
        self._target = at
        """The entry to be highlighted once it is listed."""
        self._items: dict[str, PlayedItem] = {}
        self._player_state: PlayerState | None = None
        self._limit = _PAGE
        self._is_more = False
        self._before: datetime | None = None
        """The list begins before that, because something old was to be shown."""
        self._starred = False

    def keys(self) -> Content:
        """Keys and words for the lower border."""
        hints = (
            ("list.choose", "hear"),
            ("titles.keep", "keep"),
            ("titles.star", "★"),
            ("titles.copy", "copy"),
            ("titles.find", "find"),
            ("titles.forget", "forget"),
            ("titles.export", "export"),
        )
        leave = trusted(self.key("titles.leave"))
        return self.hints(*hints) + " · " + leave if self._items else leave

    def on_mount(self) -> None:
        """List, and list again when something else is played."""
        self.watch(self._main, "player_state", self._follow)

    def _follow(self, player_state: PlayerState) -> None:
        before, self._player_state = self._player_state, player_state
        if before is None or _listed_facts(before) != _listed_facts(player_state):
            self._look()

    @work(group="titles", exclusive=True, exit_on_error=False)
    async def _look(self, delay: float = 0.0) -> None:
        await asyncio.sleep(delay)
        try:
            items = await self._ask(self._limit + 1)
            if self._target is not None and self._target.id not in {item.id for item in items}:
                midnight = local(self._target.began_at).replace(hour=0, minute=0, second=0)
                self._before = midnight + timedelta(days=1)
                items = await self._ask(self._limit + 1)
        except Problem as problem:
            self._list.placard = trusted("⚠ ", "$error") + untrusted(str(problem), "$error")
            return
        self._is_more = len(items) > self._limit
        self._show(items[: self._limit])

    async def _ask(self, limit: int) -> tuple[PlayedItem, ...]:
        return await self._companion.history.heard(
            self._words, before=self._before, starred=self._starred, limit=limit
        )

    def _show(self, items: Sequence[PlayedItem]) -> None:
        self._items = {str(item.id): item for item in items}
        self._sheet.border_title = self._title()
        searching = self._words or self._starred
        self._list.placard = self._no_match() if searching else self._nothing_yet()
        self.show_keys()
        player_state, now = self._player_state or PlayerState(), self._companion.clock()
        self._list.show_rows(list(entries_by_day(items, now, player_state, self._is_on_tape)))
        if self._target is not None:
            self._list.highlight(str(self._target.id))
            self._target = None
        if self._list.highlighted is None:
            self._to_top()

    def _to_top(self) -> None:
        self._list.move("top")
        # The day stands above the first row.
        self._list.scroll_home(animate=False)

    def _title(self) -> Content:
        parts = ["What was heard"]
        if self._starred:
            parts.append("★ only")
        if self._before is not None:
            day = day_word(self._before - timedelta(seconds=1), self._companion.clock())
            parts.append(f"to {day}, {self.key('titles.top')} newest")
        return trusted(" · ".join(parts))

    def _is_on_tape(self, item: PlayedItem) -> bool:
        return self._companion.is_on_tape(item.station, item.stream, item.began_at)

    @property
    def _item(self) -> PlayedItem | None:
        """The highlighted entry."""
        return self._items.get(self._list.highlighted_id or "")

    # Moving and finding

    def action_move(self, to: str) -> None:
        """Move the highlight; the top is the newest there is."""
        if to != "top":
            self._list.move(to)
        elif self._before is None:
            self._to_top()
        else:
            self._before = None
            self._list.highlighted = None
            self._look()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Ask for older entries near the end."""
        event.stop()
        if self._is_more and event.option_index >= len(self._list.options) - _NEAR_THE_END:
            self._is_more = False
            self._limit += _PAGE
            self._look()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search; the entries before stay until then."""
        event.stop()
        self._words, self._limit, self._before = event.value, _PAGE, None
        self._list.highlighted = None
        self._look(self.DELAY_SECONDS)

    def action_starred_only(self) -> None:
        """Show starred entries only, or everything."""
        self._starred, self._limit = not self._starred, _PAGE
        self._list.highlighted = None
        self._look()

    # Commands on an entry

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Play the entry again."""
        event.stop()
        item = self._item
        if item is not None and self._can_be_heard(item):
            self._companion.do(GoToPlayed(item.station, item.stream, item.began_at))
            self.dismiss()

    def action_keep(self) -> None:
        """Keep the song as a file."""
        item = self._item
        if item is not None and item.kind == "programme":
            self._say("Songs are kept here; a programme is kept while you hear it")
        elif item is not None and self._can_be_heard(item):
            self._companion.do(KeepPlayed(item.station, item.stream, item.began_at))

    def _can_be_heard(self, item: PlayedItem) -> bool:
        is_there = self._is_on_tape(item)
        if not is_there:
            self._say("It is not on the tape any more")
        return is_there

    def action_star(self) -> None:
        """Keep the entry in the list for good, or no longer."""
        item = self._item
        if item is not None:
            # At once: the key may be pressed again before the store has answered.
            self._items[str(item.id)] = replace(item, starred=not item.starred)
            self._companion.do(StarPlayed(item.id, not item.starred))
            self._look()

    def action_copy(self) -> None:
        """Copy artist and title, for a search elsewhere."""
        item = self._item
        if item is not None and item.text:
            words = f"{item.artist} - {item.title}" if item.artist else item.text
            self.app.copy_to_clipboard(clean(words))
            self._say("In your clipboard")

    def action_forget(self) -> None:
        """Take the entry out of the list."""
        item = self._item
        if item is not None:
            self._companion.do(ForgetPlayed(item.id))
            self._look()
            self._say(f"Forgotten · {self.key('titles.undo')} brings it back")

    @work(group="forget", exit_on_error=False)
    async def action_undo(self) -> None:
        """Put back the entry that was taken out last."""
        item = await self._companion.history.undo()
        if item is None:
            self._say("There is nothing to undo")
            return
        self._target = item
        self._look()

    # Export

    def action_export(self) -> None:
        """Write everything that is listed, also further down, into a file."""
        from radiotui.ui.dialogs.export import ExportScreen

        def end(form: Form | None) -> None:
            if form is not None:
                self._export(form)

        self.app.push_screen(ExportScreen(self._keymap), end)

    @work(group="export", exit_on_error=False)
    async def _export(self, form: Form) -> None:
        entries = await self._ask(_ALL)
        path = await self._companion.history.export(entries, form)
        self.notify(
            short_path(clean(str(path))), title=_written(len(entries)), markup=False, timeout=8
        )

    # Words

    def _say(self, words: str) -> None:
        self.notify(words, markup=False, timeout=3)

    def _nothing_yet(self) -> Content:
        leave, choose = self.key("titles.leave"), self.key("list.choose")
        words = f"\n{leave}, then {choose} on a station: its titles come here as you hear them"
        return trusted("Nothing was heard yet", "bold") + trusted(words, "dim")

    def _no_match(self) -> Content:
        leave, starred = self.key("titles.leave"), self.key("titles.starred_only")
        words = f"\n{leave} shows everything · {starred} starred or all"
        return trusted("Nothing found", "bold") + trusted(words, "dim")


def _listed_facts(player_state: PlayerState) -> tuple[object, ...]:
    """Facts of the player that change the list."""
    stream = player_state.station, player_state.stream, player_state.state, player_state.story
    title = player_state.current.title, player_state.current.title_at, player_state.current.ad
    return *stream, *title, player_state.current.programme, player_state.current.programme_at


def _written(count: int) -> str:
    return "1 entry was written" if count == 1 else f"{count} entries were written"
