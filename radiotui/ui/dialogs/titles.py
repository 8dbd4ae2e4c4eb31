"""What was heard: titles and programmes by day."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.dom import DOMNode
from textual.widgets import Input, OptionList

from radiotui.app.history import PlayedItem
from radiotui.player.playback import Playback
from radiotui.problems import Problem
from radiotui.text import clean
from radiotui.ui.kit.content import local, trusted, untrusted
from radiotui.ui.kit.modal import Modal
from radiotui.ui.kit.row_list import RowList
from radiotui.ui.widgets.lists.history_rows import day_word, entries_by_day

if TYPE_CHECKING:
    from radiotui.app.history_export import Form

_PAGE = 200
_ALL = 1_000_000
_NEAR_THE_END = 20
"""So many rows before the last one the older ones are asked for."""


class Log(Protocol):
    """What was heard, and what can be done with it."""

    async def heard(
        self,
        words: str = "",
        station: str = "",
        *,
        since: datetime | None = None,
        before: datetime | None = None,
        starred: bool = False,
        limit: int = 200,
    ) -> tuple[PlayedItem, ...]:
        """The newest, newest first."""

    async def star(self, heard_id: int, starred: bool) -> None:
        """Keep it for good, or no longer."""

    async def forget(self, heard_id: int) -> None:
        """Take it out."""

    async def undo(self) -> PlayedItem | None:
        """Put the last one back."""

    async def export(self, entries: tuple[PlayedItem, ...], form: Form) -> Path:
        """Write them into a file."""


class TitlesDeck(Protocol):
    """The tape, as far as it is needed here."""

    def on_tape(self, station: str, stream: str, began: datetime) -> bool:
        """Whether it can still be heard."""

    def go_to_wall(self, station: str, stream: str, began: datetime) -> None:
        """Hear it."""

    def keep_heard(self, station: str, stream: str, began: datetime) -> None:
        """Keep it as a file."""


class TitlesScreen(Modal[None]):
    """A list by day; what is still on the tape can be heard again, or kept."""

    DELAY_SECONDS = 0.12
    """How long one must not have typed before it is looked for."""

    DEFAULT_CSS = """
    TitlesScreen RowList {
        height: auto;
        min-height: 8;
        max-height: 80vh;
    }

    TitlesScreen Input {
        display: none;
    }

    TitlesScreen.-finding Input {
        display: block;
    }

    TitlesScreen RowList:nocolor > .option-list--option-highlighted {
        text-style: reverse;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("q,t", "dismiss", show=False),
        Binding("down", "move('down')", show=False),
        Binding("up", "move('up')", show=False),
        Binding("pagedown,ctrl+d", "move('page_down')", show=False),
        Binding("pageup,ctrl+u", "move('page_up')", show=False),
        Binding("g", "move('top')", show=False),
        Binding("G", "move('bottom')", show=False),
        Binding("f", "star", show=False),
        Binding("F", "starred_only", show=False),
        Binding("y", "copy", show=False),
        Binding("k,K", "keep", show=False),
        Binding("E", "export", show=False),
        Binding("d,delete", "forget", show=False),
        Binding("U", "undo", show=False),
        Binding("slash,ctrl+f", "find", show=False),
    ]
    AUTO_FOCUS = "RowList"

    def __init__(
        self,
        main: DOMNode,
        log: Log,
        deck: TitlesDeck,
        clock: Callable[[], datetime],
        at: PlayedItem | None = None,
    ) -> None:
        super().__init__()
        self._main = main
        self._log = log
        self._deck = deck
        self._clock = clock
        self._wanted = at
        self._heard: dict[str, PlayedItem] = {}
        self._playback: Playback | None = None
        self._limit = _PAGE
        self._is_more = False
        self._before: datetime | None = None
        """The list begins before that, because something old was to be shown."""
        self._words = ""
        self._starred = False

    def compose(self) -> ComposeResult:
        """A line to type in while one looks for something, and the list."""
        with Vertical(id="sheet") as self._sheet:
            self._sheet.border_subtitle = trusted(
                "enter hear · k keep · f ★ · y copy · / find · d forget · E export · esc"
            )
            self._input = Input(placeholder="artist, title or station", select_on_focus=False)
            yield self._input
            self._list = RowList("titles")
            self._list.placard = trusted("…", "dim")
            yield self._list

    def on_mount(self) -> None:
        """Look, and look again when something else is heard."""
        self.watch(self._main, "playback", self._played)

    def _played(self, playback: Playback) -> None:
        before, self._playback = self._playback, playback
        if before is None or _told(before) != _told(playback):
            self._look()

    @work(group="titles", exclusive=True, exit_on_error=False)
    async def _look(self, delay: float = 0.0) -> None:
        await asyncio.sleep(delay)
        try:
            heard = await self._ask(self._limit + 1)
            if self._wanted is not None and self._wanted.id not in {one.id for one in heard}:
                midnight = local(self._wanted.began_at).replace(hour=0, minute=0, second=0)
                self._before = midnight + timedelta(days=1)
                heard = await self._ask(self._limit + 1)
        except Problem as problem:
            self._list.placard = trusted("⚠ ", "$error") + untrusted(str(problem), "$error")
            return
        self._is_more = len(heard) > self._limit
        self._show(heard[: self._limit])

    async def _ask(self, limit: int) -> tuple[PlayedItem, ...]:
        return await self._log.heard(
            self._words, before=self._before, starred=self._starred, limit=limit
        )

    def _show(self, heard: Sequence[PlayedItem]) -> None:
        self._heard = {str(one.id): one for one in heard}
        self._sheet.border_title = self._title()
        self._list.placard = _nothing() if self._words or self._starred else _nothing_yet()
        playback = self._playback or Playback()
        rows = entries_by_day(heard, self._clock(), playback, self._is_on_tape)
        self._list.show_rows(list(rows))
        if self._wanted is not None:
            self._list.highlight(str(self._wanted.id))
            self._wanted = None
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
            day = day_word(self._before - timedelta(seconds=1), self._clock())
            parts.append(f"to {day}, g newest")
        return trusted(" · ".join(parts))

    def _is_on_tape(self, heard: PlayedItem) -> bool:
        return self._deck.on_tape(heard.station, heard.stream, heard.began_at)

    @property
    def _chosen(self) -> PlayedItem | None:
        return self._heard.get(self._list.highlighted_id or "")

    # Moving and finding

    def action_move(self, where: str) -> None:
        """Up and down; the top is the newest there is."""
        if where != "top":
            self._list.move(where)
        elif self._before is None:
            self._to_top()
        else:
            self._before = None
            self._list.highlighted = None
            self._look()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Near the end come the older ones."""
        event.stop()
        if self._is_more and event.option_index >= len(self._list.options) - _NEAR_THE_END:
            self._is_more = False
            self._limit += _PAGE
            self._look()

    def action_find(self) -> None:
        """Type what is looked for."""
        self.add_class("-finding")
        self._input.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look for it; what was found before stays until then."""
        event.stop()
        self._words, self._limit, self._before = event.value, _PAGE, None
        self._list.highlighted = None
        self._look(self.DELAY_SECONDS)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on in what was found."""
        event.stop()
        self._list.focus()

    def action_starred_only(self) -> None:
        """Only what has a star, or everything."""
        self._starred, self._limit = not self._starred, _PAGE
        self._list.highlighted = None
        self._look()

    def action_leave(self) -> None:
        """Everything again, then back to where one was."""
        if self.has_class("-finding"):
            self.remove_class("-finding")
            self._input.value = ""
            self._list.focus()
        else:
            self.dismiss()

    # What one does with an entry

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Hear it again."""
        event.stop()
        heard = self._chosen
        if heard is not None and self._can_be_heard(heard):
            self._deck.go_to_wall(heard.station, heard.stream, heard.began_at)
            self.dismiss()

    def action_keep(self) -> None:
        """Keep it as a file."""
        heard = self._chosen
        if heard is not None and heard.kind == "programme":
            self._say("Songs are kept here; a programme is kept while you hear it")
        elif heard is not None and self._can_be_heard(heard):
            self._deck.keep_heard(heard.station, heard.stream, heard.began_at)

    def _can_be_heard(self, heard: PlayedItem) -> bool:
        is_there = self._is_on_tape(heard)
        if not is_there:
            self._say("It is not on the tape any more")
        return is_there

    @work(group="star", exit_on_error=False)
    async def action_star(self) -> None:
        """Keep it in the list for good, or no longer."""
        heard = self._chosen
        if heard is not None:
            # At once: the key may be pressed again before the store has answered.
            self._heard[str(heard.id)] = replace(heard, starred=not heard.starred)
            await self._log.star(heard.id, not heard.starred)
            self._look()

    def action_copy(self) -> None:
        """Artist and title, for a search elsewhere."""
        heard = self._chosen
        if heard is not None and heard.text:
            words = f"{heard.artist} - {heard.title}" if heard.artist else heard.text
            self.app.copy_to_clipboard(clean(words))
            self._say("In your clipboard")

    @work(group="forget", exit_on_error=False)
    async def action_forget(self) -> None:
        """Take it out of the list."""
        heard = self._chosen
        if heard is not None:
            await self._log.forget(heard.id)
            self._look()
            self._say("Forgotten · U brings it back")

    @work(group="forget", exit_on_error=False)
    async def action_undo(self) -> None:
        """Put back what was last taken out."""
        heard = await self._log.undo()
        if heard is None:
            self._say("There is nothing to undo")
            return
        self._wanted = heard
        self._look()

    # Export

    def action_export(self) -> None:
        """Everything that is listed, also what is further down, as a file."""
        from radiotui.ui.dialogs.export import ExportScreen

        def done(form: Form | None) -> None:
            if form is not None:
                self._export(form)

        self.app.push_screen(ExportScreen(), done)

    @work(group="export", exit_on_error=False)
    async def _export(self, form: Form) -> None:
        entries = await self._ask(_ALL)
        path = await self._log.export(entries, form)
        self.notify(clean(str(path)), title=_written(len(entries)), markup=False, timeout=8)

    def _say(self, words: str) -> None:
        self.notify(words, markup=False, timeout=3)


def _told(playback: Playback) -> tuple[object, ...]:
    """What of the player changes the list."""
    stream = playback.station, playback.stream, playback.state, playback.spoken
    title = playback.title, playback.title_at, playback.ad
    return *stream, *title, playback.programme, playback.programme_at


def _written(count: int) -> str:
    return "1 entry was written" if count == 1 else f"{count} entries were written"


def _nothing_yet() -> Content:
    words = "\nesc, then enter on a station: its titles come here as you hear them"
    return trusted("Nothing was heard yet", "bold") + trusted(words, "dim")


def _nothing() -> Content:
    return trusted("Nothing found", "bold") + trusted(
        "\nesc shows everything · F starred or all", "dim"
    )
