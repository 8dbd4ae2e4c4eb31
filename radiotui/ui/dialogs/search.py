"""Search sheet: results while the words are typed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar, NamedTuple

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from radiotui.app.airings import Airing
from radiotui.app.clip import Clip
from radiotui.app.companion import Companion
from radiotui.app.history import PlayedItem
from radiotui.app.search_hits import SearchHit
from radiotui.problems import Problem
from radiotui.recording.model import RecordedFile
from radiotui.stories.model import Headline, SearchResult
from radiotui.text import age, clean, clock_duration
from radiotui.ui.commands.keymap import Keymap, sheet_bindings
from radiotui.ui.dialogs.marking import Broadcast, MarkingSheet
from radiotui.ui.kit.content import BLANK, row, trusted, untrusted
from radiotui.ui.kit.row import Row
from radiotui.ui.kit.row_list import ListEntry, RowList
from radiotui.ui.widgets.lists.clip_rows import clip_row
from radiotui.ui.widgets.lists.history_rows import result_row
from radiotui.ui.widgets.lists.on_now_rows import airing_row
from radiotui.ui.widgets.lists.recording_rows import recording_result

_FILTERS = "from:…  is:unread  is:starred  is:heard  is:recorded  is:on  since:3d"
_WORDS = 'words · "two together" · -without · this OR that'


class SearchEnd(NamedTuple):
    """Words of a search, and the result that was chosen."""

    words: str
    headline: Headline | None
    """The story to be opened."""
    second: float | None = None
    """Of that story, if it is to be heard: when the words are said."""
    item: PlayedItem | None = None
    """The played title to be shown."""
    file: RecordedFile | None = None
    """The recording to be shown."""
    clip: Clip | None = None
    """The clip to be shown."""
    airing: Airing | None = None
    """The broadcast to be heard or shown. None of them: the search was only closed."""


class SearchScreen(MarkingSheet[SearchEnd]):
    """A line to type in and the results, in which the arrow keys move meanwhile."""

    DELAY_SECONDS = 0.12
    """Seconds without a key before the search begins."""

    DEFAULT_CSS = """
    SearchScreen > #sheet {
        height: 90%;
    }

    SearchScreen #message {
        height: 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }

    SearchScreen RowList {
        height: 1fr;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings(
        {
            "search.close": "leave",
            "search.down": "move('down')",
            "search.up": "move('up')",
            "search.page_down": "move('page_down')",
            "search.page_up": "move('page_up')",
            "search.results": "results",
            "search.remind": "mark('remind')",
            "search.tune": "mark('tune')",
            "search.record": "mark('record')",
            "search.weekly": "weekly",
        }
    )
    AUTO_FOCUS = "Input"

    def __init__(self, keymap: Keymap, companion: Companion, words: str) -> None:
        super().__init__(keymap, companion, "search")
        self._words = words
        self._results: dict[str, SearchHit] = {}
        # A station that is there: it is meant to be tried.
        stations = companion.station_list.stations
        self._filters = f"station:{stations[0].id}  {_FILTERS}" if stations else _FILTERS

    def compose(self) -> ComposeResult:
        """A line to type in, a message, the results."""
        with Vertical(id="sheet") as self._sheet:
            self._sheet.border_title = trusted("Search")
            self._input = Input(self._words, placeholder=_WORDS, select_on_focus=True)
            yield self._input
            self._message = Static(trusted(self._filters, "dim"), id="message", markup=False)
            yield self._message
            self._list = RowList("results")
            # Whoever types goes on typing, also while moving in the results: but for marking.
            self._list.can_focus = False
            self._list.placard = _hints(self._filters)
            yield self._list
        self._show_keys()

    def on_mount(self) -> None:
        """Ask for the days of all stations meanwhile."""
        self._companion.airings.ask_days()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search; the results before stay until then."""
        event.stop()
        self._words = event.value
        self._search(event.value)

    @work(group="search", exclusive=True, exit_on_error=False)
    async def _search(self, words: str) -> None:
        if not words.strip():
            self._show([], _hints(self._filters), trusted(self._filters, "dim"))
            return
        await asyncio.sleep(self.DELAY_SECONDS)
        try:
            results = await self._companion.search(words)
        except Problem as problem:
            self._message.update(trusted("⚠ ", "$error") + untrusted(str(problem), "$error"))
            return
        count = trusted(f"{_count(results)} · ", "bold") + trusted(self._filters, "dim")
        self._show(results, self._no_results(), count)

    def _show(self, results: Sequence[SearchHit], placard: Content, message: Content) -> None:
        self._results = {}
        for result in results:
            # Of one story the best place is the first.
            self._results.setdefault(_id(result), result)
        self._message.update(message)
        self._list.placard = placard
        self._list.highlighted = None
        self._list.show_rows(list(self._entries()))
        self._list.move("top")
        self._show_keys()

    def _entries(self) -> Iterator[ListEntry]:
        now = self._companion.clock()
        for row_id, result in self._results.items():
            if isinstance(result, Airing):
                mark = self.mark_of(result.station, result.stream, result.programme)
                yield ListEntry(row_id, airing_row(result, now, mark))
            elif isinstance(result, PlayedItem):
                yield ListEntry(row_id, result_row(result, now))
            elif isinstance(result, RecordedFile):
                yield ListEntry(row_id, recording_result(result, now))
            elif isinstance(result, Clip):
                yield ListEntry(row_id, clip_row(result, now))
            else:
                yield ListEntry(row_id, _row(result, now))

    def action_move(self, to: str) -> None:
        """Move the highlight in the results."""
        self._list.move(to)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Open the highlighted result."""
        event.stop()
        self._list.action_select()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the chosen result."""
        event.stop()
        match self._results.get(event.option_id or ""):
            case Airing() as airing:
                self.dismiss(SearchEnd(self._words, None, airing=airing))
            case PlayedItem() as item:
                self.dismiss(SearchEnd(self._words, None, item=item))
            case RecordedFile() as file:
                self.dismiss(SearchEnd(self._words, None, file=file))
            case Clip() as clip:
                self.dismiss(SearchEnd(self._words, None, clip=clip))
            case SearchResult(headline=headline, second=second):
                self.dismiss(SearchEnd(self._words, headline, second))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Name the keys of another kind of result."""
        event.stop()
        self._show_keys()

    def _show_keys(self) -> None:
        """Keys of the highlighted result, or of the line one types in, in the lower border."""
        if self._list.has_focus:
            hints = self.hints(
                ("search.remind", "remind"),
                ("search.tune", "tune in"),
                ("search.record", "record"),
                ("search.weekly", "weekly"),
            )
            self._sheet.border_subtitle = hints + f" · {self.key('search.results')}"
            return
        result = self._results.get(self._list.highlighted_id or "")
        choice, mark = "read", BLANK
        if isinstance(result, Airing):
            choice = "hear" if result.is_on else "its day"
            mark = self.hints(("search.results", "mark"))
        elif isinstance(result, PlayedItem | RecordedFile | Clip):
            choice = "show"
        elif result is not None and result.second is not None:
            choice = f"hear from {clock_duration(result.second)}"
        moves = f"{self.key('search.up')} {self.key('search.down')} choose"
        choose = self.hints(("list.choose", choice))
        parts = (choose, mark, trusted(moves), self.hints(("search.close", "back")))
        self._sheet.border_subtitle = Content(" · ").join([part for part in parts if part])

    # Marks

    def action_results(self) -> None:
        """Go from typing to the broadcast that is highlighted, where letters mark it, and back."""
        if self._list.has_focus:
            # The words are there to be gone on with.
            self._input.select_on_focus = False
            self._input.focus()
            self._list.can_focus = False
        elif self._airing() is not None:
            self._list.can_focus = True
            self._list.focus()

    def on_descendant_focus(self) -> None:
        """Name the keys that work now."""
        self._show_keys()

    def _airing(self) -> Airing | None:
        result = self._results.get(self._list.highlighted_id or "")
        return result if isinstance(result, Airing) else None

    def broadcast(self) -> Broadcast | None:
        """The highlighted result, where it is a broadcast."""
        airing = self._airing()
        if airing is None:
            return None
        return Broadcast(airing.station, airing.stream, airing.programme)

    def show_marks(self) -> None:
        """Show the marks on the rows."""
        self._list.show_rows(list(self._entries()))

    def action_leave(self) -> None:
        """Close, and remember the words."""
        self.dismiss(SearchEnd(self._words, None))

    def _no_results(self) -> Content:
        words = f"\ntry fewer words, or the beginning of one\n{self.key('search.close')} goes back"
        return trusted("Nothing found", "bold") + trusted(words, "dim")


def _id(result: SearchHit) -> str:
    match result:
        case Airing(station=station, stream=stream, programme=programme):
            return f"airing:{station.id}/{stream.id}/{programme.start}"
        case PlayedItem():
            return f"heard:{result.id}"
        case RecordedFile():
            return f"file:{result.path}"
        case Clip():
            return f"clip:{result.number}"
    return str(result.headline.id)


def _count(results: Sequence[SearchHit]) -> str:
    if not results:
        return "nothing found"
    words = [f"{len(results)} found"]
    kinds = ((Airing, "to be heard"), (PlayedItem, "heard"), (RecordedFile, "recorded"))
    for kind, word in (*kinds, (Clip, "clipped")):
        count = sum(isinstance(result, kind) for result in results)
        words += [f"{count} {word}"] if count else []
    return ", ".join(words)


def _row(result: SearchResult, now: datetime) -> Row:
    headline = result.headline
    unread = not headline.read
    published = trusted(age(now - headline.published), "dim") if headline.published else BLANK
    source = untrusted(headline.feed_title, "dim")
    second = BLANK
    if result.second is not None:
        second = trusted(f"▶ {clock_duration(result.second)}", "$accent")
    copies = trusted(f"+{len(headline.other_feeds)}", "dim") if headline.other_feeds else BLANK
    return Row(
        trusted("● ", "$accent") if unread else trusted("  "),
        untrusted(headline.title, "bold" if unread else ""),
        row(copies, trusted("★", "$accent") if headline.starred else BLANK, published, gap=1),
        under=Content(" · ").join([part for part in (source, second, marked(result)) if part]),
    )


def marked(result: SearchResult) -> Content:
    """Snippet with the words of the search marked, with and without colours."""
    snippet = untrusted(result.snippet)
    # What cleaning changed has no place any more that would be known.
    if clean(result.snippet) == result.snippet:
        for begin, end in result.matches:
            snippet = snippet.stylize("bold underline $accent", begin, end)
    return snippet


def _hints(filters: str) -> Content:
    return trusted(
        "Titles, summaries and articles are searched, what was heard, recordings, programmes", "dim"
    ) + trusted(f"\n{_WORDS}\nand to narrow it down: {filters}", "dim")
