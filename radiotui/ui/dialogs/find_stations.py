"""Sheet that finds stations: directories are asked, results are heard and added."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.dom import DOMNode
from textual.widgets import Input, OptionList, Static

from radiotui.app.companion import Companion
from radiotui.app.finding import is_on_trial
from radiotui.app.found_results import DirectoryState, ResultIndex, StationResults
from radiotui.directories.model import FoundStation
from radiotui.player.state import PlayerState, PlayState
from radiotui.problems import Problem
from radiotui.stations.model import Station
from radiotui.text import clean
from radiotui.ui.commands.keymap import Keymap, sheet_bindings
from radiotui.ui.kit.content import trusted
from radiotui.ui.kit.finding_sheet import FindingSheet
from radiotui.ui.kit.row_list import ListEntry
from radiotui.ui.widgets.lists.found_rows import directory_lines, found_id, found_row

_PAGE = 40
_NEAR_THE_END = 15
"""Rows before the last one at which more results get theirs."""
_FILTERS = "tag:jazz  country:de  language:german  codec:aac"
_PLACEHOLDER = "name, call sign, city, ZIP code, or the address of a station"


class FindStationsScreen(FindingSheet[str]):
    """A line to type in and the results; closed, it gives the id of what was added last."""

    DEFAULT_CSS = """
    FindStationsScreen > #sheet {
        height: 92%;
    }

    FindStationsScreen #directories {
        max-height: 7;
    }

    FindStationsScreen #directories.-several {
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }

    FindStationsScreen.-short #directories {
        max-height: 3;
    }

    FindStationsScreen RowList {
        height: 1fr;
        min-height: 4;
        /* A bar that comes and goes with the results would draw the whole screen anew. */
        overflow-y: scroll;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings(
        {
            "found.leave": "leave",
            "found.close": "close",
            "found.down": "move('down')",
            "found.up": "move('up')",
            "found.page_down": "move('page_down')",
            "found.page_up": "move('page_up')",
            "found.top": "move('top')",
            "found.bottom": "move('bottom')",
            "found.listen": "listen",
            "found.add": "add",
            "found.undo": "undo",
            "found.find": "find",
        }
    )
    AUTO_FOCUS = "Input"

    def __init__(self, keymap: Keymap, main: DOMNode, companion: Companion) -> None:
        super().__init__(keymap, "found", _PLACEHOLDER)
        self._main = main
        self._companion = companion
        self._player_state = PlayerState()
        self._index = ResultIndex()
        self._question = ""
        """The words that directories were asked last."""
        self._is_asking = False
        self._results: Sequence[FoundStation] = ()
        """Those that fit what is typed."""
        self._stations: dict[str, FoundStation] = {}
        """Those that have a row, by its id."""
        self._limit = _PAGE
        self._added = ""
        self._states: Sequence[DirectoryState] = ()
        self._directories = Static(trusted(_FILTERS, "dim"), id="directories", markup=False)

    def keys(self) -> Content:
        """Keys and words for the lower border."""
        hints = (("found.undo", "undo"), ("found.find", "type"))
        of_result = (("list.choose", "hear"), ("found.add", "add")) if self._stations else ()
        return self.hints(*of_result, *hints) + f" · {self.key('found.leave')}"

    def compose(self) -> ComposeResult:
        """The line, the directories, the results."""
        self._sheet.border_title = trusted("Find stations")
        self._sheet.border_subtitle = self.keys()
        self.add_class("-finding")
        self._list.placard = self._placard()
        with self._sheet:
            yield self._input
            yield self._directories
            yield self._list

    def on_mount(self) -> None:
        """Follow the player and the station list."""
        self.watch(self._main, "player_state", self._follow)
        self.watch(self._main, "station_list", self._show, init=False)

    def _follow(self, player_state: PlayerState) -> None:
        before, self._player_state = self._player_state, player_state
        if _heard(before) != _heard(player_state):
            self._show()

    # Asking

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show the results at hand that fit."""
        event.stop()
        self._words, self._limit = event.value, _PAGE
        self._list.highlighted = None
        self._narrow()
        self._list.move("top")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Ask the directories; what was asked already is only gone to."""
        event.stop()
        words = self._words.strip()
        if words and (words != self._question or not self._stations):
            self._ask(words)
        if words:
            self._list.focus()

    @work(group="ask", exclusive=True, exit_on_error=False)
    async def _ask(self, words: str) -> None:
        finder = self._companion.finder
        self._question, self._is_asking = words, True
        self._index, self._limit = ResultIndex(), _PAGE
        self._list.highlighted = None
        self._show_directories([DirectoryState(listed.name) for listed in finder.directories])
        self._narrow()
        try:
            async with aclosing(finder.find(words)) as snapshots:
                async for results in snapshots:
                    self._index = await ResultIndex.read(results, words)
                    self._receive(results)
        except Problem as problem:
            self._show_directories([DirectoryState("", problem=problem)])
        self._is_asking = False
        self._list.placard = self._placard()

    def _receive(self, results: StationResults) -> None:
        self._show_directories(results.directories)
        self._is_asking = bool(results.pending)
        self._narrow()
        if self._list.highlighted is None:
            self._list.move("top")

    def _show_directories(self, directories: Sequence[DirectoryState]) -> None:
        self._states = directories
        self._directories.set_class(len(directories) > 1, "-several")
        self._directories.update(directory_lines(directories))

    # The results

    def _narrow(self) -> None:
        self._results = self._index.fitting(self._words)
        self._show()

    def _show(self) -> None:
        """Show the rows; the highlight stays on its result, wherever that goes."""
        station, at = self._chosen, self._list.highlighted
        if station is not None and station in self._results[self._limit :]:
            self._limit = self._results.index(station) + _PAGE
        self._stations = {found_id(result): result for result in self._results[: self._limit]}
        self._list.placard = self._placard()
        self.show_keys()
        self._list.show_rows([self._entry(*pair) for pair in self._stations.items()])
        total, count = len(self._index.stations), len(self._results)
        words = f"{count} of {total}" if count != total else f"{total}"
        self._sheet.border_title = trusted(f"Find stations · {words}" if total else "Find stations")
        if at is not None and self._list.highlighted not in (None, at):
            self._list.scroll_to_highlight()

    def _entry(self, row_id: str, station: FoundStation) -> ListEntry:
        trial, state, stream_name = self._companion.finder.trial, None, ""
        if trial is not None and trial.found_station == station:
            pending = self._player_state.pending
            if pending is not None and pending.key == trial.key:
                state = PlayState.CONNECTING
            elif self._player_state.key == trial.key:
                state = self._player_state.state
            stream_name = trial.station.streams[trial.number].name
        place = self._companion.finder.place_of(station)
        return ListEntry(row_id, found_row(station, place, state, stream_name))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show more results near the end."""
        event.stop()
        is_near_end = event.option_index >= len(self._list.options) - _NEAR_THE_END
        if is_near_end and self._limit < len(self._results):
            self._limit += _PAGE
            self._show()

    def _placard(self) -> Content:
        if self._is_asking:
            return trusted("Asking the directories…", "dim")
        if self._words.strip() and self._words.strip() != self._question:
            ask = "\nenter in the line asks the directories"
            return trusted("Nothing at hand has these words", "bold") + trusted(ask, "dim")
        if self._question:
            words = f"\n{self.key('found.find')} types other words"
            silent, count = sum(bool(state.problem) for state in self._states), len(self._states)
            if silent and count > 1:
                words += f", and enter asks again\n{silent} of {count} did not answer"
            return trusted("Nothing found", "bold") + trusted(words, "dim")
        return trusted("The stations of the world", "bold") + trusted(
            "\nenter asks NPR, Radio Browser and others, or looks at an address"
            f"\nthen {self.key('list.choose')} hears a result, {self.key('found.add')} adds it",
            "dim",
        )

    # Keys

    def action_move(self, to: str) -> None:
        """Move the highlight."""
        self._list.move(to)

    @property
    def _chosen(self) -> FoundStation | None:
        return self._stations.get(self._list.highlighted_id or "")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Listen to the result."""
        event.stop()
        self.action_listen()

    @work(group="listen", exclusive=True, exit_on_error=False)
    async def action_listen(self) -> None:
        """Listen to the highlighted result; again: to its next stream."""
        station, finder = self._chosen, self._companion.finder
        if station is None:
            return
        number, trial = 0, finder.trial
        is_heard = is_on_trial(trial, self._player_state)
        if trial is not None and trial.found_station == station and is_heard:
            number = (trial.number + 1) % len(station.streams)
            if number == trial.number:
                self._say(f"This is heard · {self.key('found.add')} adds it")
                return
        await finder.listen(station, number)
        self._show()

    @work(group="change", exit_on_error=False)
    async def action_add(self) -> None:
        """Add the highlighted result to the station list."""
        found_station = self._chosen
        if found_station is None:
            return
        station = await self._companion.finder.add(found_station)
        self._added = station.id
        self._show()
        self._say(f"{_added(station)} · {self.key('found.undo')} undoes")

    @work(group="change", exit_on_error=False)
    async def action_undo(self) -> None:
        """Take the last change of the station list back."""
        words = await self._companion.own_stations.edit(lambda edits: edits.undo())
        self._added = ""
        self._show()
        self._say(f"Undone: {words}")

    def action_leave(self) -> None:
        """Return to what was heard before the results; where nothing else is heard, close."""
        if is_on_trial(self._companion.finder.trial, self._player_state):
            self._return()
        else:
            self.action_close()

    @work(group="listen", exclusive=True, exit_on_error=False)
    async def _return(self) -> None:
        await self._companion.finder.leave()
        self._show()

    def action_close(self) -> None:
        """Close; what is heard plays on."""
        self.dismiss(self._added)

    def _say(self, words: str) -> None:
        self.notify(clean(words), markup=False, timeout=5)


def _heard(player_state: PlayerState) -> tuple[object, ...]:
    """Facts of the player that the rows show."""
    pending = player_state.pending
    return player_state.key, player_state.state, pending.key if pending else None


def _added(station: Station) -> str:
    """The words for a station that was added: what came with it, and where it stands."""
    addresses = sum(len(stream.urls) for stream in station.streams)
    parts = [f"{len(station.streams)} streams"] if len(station.streams) > 1 else []
    parts += [f"{addresses} addresses"] if addresses > len(station.streams) else []
    if station.feeds:
        parts.append("1 feed" if len(station.feeds) == 1 else f"{len(station.feeds)} feeds")
    if any(stream.schedule for stream in station.streams):
        parts.append("its schedule")
    where = f"under {station.group}" if station.group else "at the end of the list"
    with_words = f" with {', '.join(parts)}" if parts else ""
    return f"{station.name} is {where} now{with_words}"
