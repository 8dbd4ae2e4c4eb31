"""The search: results as one types."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime
from typing import ClassVar, NamedTuple

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from radiotui.app.history import PlayedItem
from radiotui.problems import Problem
from radiotui.stories.model import Headline, SearchResult
from radiotui.text import age, clean
from radiotui.ui.kit.content import BLANK, row, trusted, untrusted
from radiotui.ui.kit.modal import Modal
from radiotui.ui.kit.row import Row
from radiotui.ui.kit.row_list import ListEntry, RowList
from radiotui.ui.widgets.lists.history_rows import found_row

Result = SearchResult | PlayedItem
Ask = Callable[[str], Awaitable[Sequence[Result]]]

_FILTERS = "station:knau  from:npr  is:unread  is:starred  is:heard  since:3d"
_WORDS = 'words · "two together" · -without · this OR that'


class Searched(NamedTuple):
    """How a search ended."""

    typed: str
    headline: Headline | None
    """The story to be opened."""
    heard: PlayedItem | None = None
    """What was heard that is to be shown; neither: back to where one was."""


class SearchScreen(Modal[Searched]):
    """One types and moves in the results at the same time."""

    DELAY_SECONDS = 0.12
    """How long one must not have typed before it is looked for."""

    DEFAULT_CSS = """
    SearchScreen > #sheet {
        height: 90%;
    }

    SearchScreen #told {
        height: 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }

    SearchScreen RowList {
        height: 1fr;
    }

    SearchScreen RowList:nocolor > .option-list--option-highlighted {
        text-style: reverse;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("down,ctrl+n", "move('down')", show=False),
        Binding("up", "move('up')", show=False),
        Binding("pagedown", "move('page_down')", show=False),
        Binding("pageup", "move('page_up')", show=False),
    ]
    AUTO_FOCUS = "Input"

    def __init__(self, ask: Ask, clock: Callable[[], datetime], typed: str) -> None:
        super().__init__()
        self._ask = ask
        self._clock = clock
        self._typed = typed
        self._found: dict[str, Result] = {}

    def compose(self) -> ComposeResult:
        """A line to type in, a line that is told, the results."""
        with Vertical(id="sheet") as sheet:
            sheet.border_title = trusted("Search")
            sheet.border_subtitle = trusted("enter read · ↑ ↓ choose · esc back")
            self._input = Input(self._typed, placeholder=_WORDS, select_on_focus=True)
            yield self._input
            self._told = Static(trusted(_FILTERS, "dim"), id="told", markup=False)
            yield self._told
            self._list = RowList("found")
            # Whoever types goes on typing, also while moving in the results.
            self._list.can_focus = False
            self._list.placard = _hints()
            yield self._list

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look for it; what was found before stays until then."""
        event.stop()
        self._typed = event.value
        self._search(event.value)

    @work(group="search", exclusive=True, exit_on_error=False)
    async def _search(self, typed: str) -> None:
        if not typed.strip():
            self._show([], _hints(), trusted(_FILTERS, "dim"))
            return
        await asyncio.sleep(self.DELAY_SECONDS)
        try:
            found = await self._ask(typed)
        except Problem as problem:
            self._told.update(trusted("⚠ ", "$error") + untrusted(str(problem), "$error"))
            return
        self._show(
            found, _nothing(), trusted(f"{_count(found)} · ", "bold") + trusted(_FILTERS, "dim")
        )

    def _show(self, found: Sequence[Result], placard: Content, told: Content) -> None:
        self._found = {}
        for one in found:
            # Of one story the best place is the first.
            self._found.setdefault(_id(one), one)
        self._told.update(told)
        self._list.placard = placard
        self._list.highlighted = None
        self._list.show_rows(list(self._entries()))
        self._list.move("top")

    def _entries(self) -> Iterator[ListEntry]:
        now = self._clock()
        for row_id, one in self._found.items():
            yield ListEntry(
                row_id, found_row(one, now) if isinstance(one, PlayedItem) else _row(one, now)
            )

    def action_move(self, where: str) -> None:
        """Up and down in the results."""
        self._list.move(where)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Open the highlighted one."""
        event.stop()
        self._list.action_select()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open it."""
        event.stop()
        match self._found.get(event.option_id or ""):
            case PlayedItem() as heard:
                self.dismiss(Searched(self._typed, None, heard))
            case SearchResult(headline=headline):
                self.dismiss(Searched(self._typed, headline))

    def action_leave(self) -> None:
        """Back to where one was."""
        self.dismiss(Searched(self._typed, None))


def _id(found: Result) -> str:
    return f"heard:{found.id}" if isinstance(found, PlayedItem) else str(found.headline.id)


def _count(found: Sequence[Result]) -> str:
    if not found:
        return "nothing found"
    heard = sum(isinstance(one, PlayedItem) for one in found)
    return f"{len(found)} found" + (f", {heard} heard" if heard else "")


def _row(found: SearchResult, now: datetime) -> Row:
    headline = found.headline
    unread = not headline.read
    when = trusted(age(now - headline.published), "dim") if headline.published else BLANK
    source = untrusted(headline.feed_title, "dim")
    others = trusted(f"+{len(headline.others)}", "dim") if headline.others else BLANK
    return Row(
        trusted("● ", "$accent") if unread else trusted("  "),
        untrusted(headline.title, "bold" if unread else ""),
        row(others, trusted("★", "$accent") if headline.starred else BLANK, when, gap=1),
        under=Content(" · ").join([part for part in (source, marked(found)) if part]),
    )


def marked(found: SearchResult) -> Content:
    """The snippet with the words that were looked for marked, with and without colours."""
    snippet = untrusted(found.snippet)
    # What cleaning changed has no place any more that would be known.
    if clean(found.snippet) == found.snippet:
        for begin, end in found.matches:
            snippet = snippet.stylize("bold underline $accent", begin, end)
    return snippet


def _hints() -> Content:
    return trusted(
        "Titles, summaries and articles are searched, and what was heard", "dim"
    ) + trusted(f"\n{_WORDS}\nand to narrow it down: {_FILTERS}", "dim")


def _nothing() -> Content:
    words = "\ntry fewer words, or the beginning of one\nesc goes back"
    return trusted("Nothing found", "bold") + trusted(words, "dim")
