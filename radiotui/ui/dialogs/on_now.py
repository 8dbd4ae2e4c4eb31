"""Sheet with every stream of the list at a glance: what is on there, and what comes next."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.dom import DOMNode
from textual.widgets import Input, OptionList

from radiotui.app.companion import Companion
from radiotui.app.intents import FollowSchedules
from radiotui.stations.model import Station, Stream
from radiotui.ui.commands.keymap import Keymap, sheet_bindings
from radiotui.ui.kit.content import trusted
from radiotui.ui.kit.finding_sheet import FindingSheet
from radiotui.ui.kit.row_list import ListEntry
from radiotui.ui.widgets.lists.on_now_rows import OnNowRows, stream_now

Choice = tuple[str, str]
"""Station and stream."""


class OnNowScreen(FindingSheet[Choice]):
    """A row each; the schedules of all streams are followed while it is open."""

    REST_SECONDS = 0.1
    """Seconds in which the answers of several services are drawn together."""

    DEFAULT_CSS = """
    OnNowScreen > #sheet {
        width: 140;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings(
        {
            "on_now.leave": "leave",
            "on_now.close": "close",
            "on_now.down": "move('down')",
            "on_now.up": "move('up')",
            "on_now.page_down": "move('page_down')",
            "on_now.page_up": "move('page_up')",
            "on_now.top": "move('top')",
            "on_now.bottom": "move('bottom')",
            "on_now.day": "day",
            "on_now.find": "find",
        }
    )

    def __init__(self, keymap: Keymap, main: DOMNode, companion: Companion) -> None:
        super().__init__(keymap, "on-now", "station or programme")
        self._main = main
        self._companion = companion
        self._streams: dict[str, tuple[Station, Stream]] = {}
        self._rows = OnNowRows()
        self._is_due = True
        """The rows will be shown: at first as soon as there is room for them."""

    def compose(self) -> ComposeResult:
        """The line and the list, which takes all room at once where it will."""
        self._expect_rows()
        return super().compose()

    def keys(self) -> Content:
        """Keys and words for the lower border."""
        hints = (("list.choose", "tune"), ("on_now.day", "its day"), ("on_now.find", "find"))
        return self.hints(*hints) + f" · {self.key('on_now.leave')}"

    def on_mount(self) -> None:
        """List, have all schedules followed, and list again when one of them has changed."""
        self.watch(self._main, "airs", self._plan, init=False)
        self.watch(self._main, "minute", self._plan, init=False)
        # Textual would draw, focus the list, and draw again.
        self._list.focus(scroll_visible=False)
        self.call_after_refresh(self._begin)

    def on_unmount(self) -> None:
        """Nobody looks at the other schedules any more."""
        self._companion.do(FollowSchedules(everything=False))

    def on_resize(self) -> None:
        """Fit the rows to another width."""
        self._expect_rows()
        self._plan()

    def _expect_rows(self) -> None:
        self.expect(sum(len(one.streams) for one in self._companion.station_list.stations))

    def _begin(self) -> None:
        self._show()
        tuned = "/".join(self._companion.player_state.key)
        self._list.move("top")
        if tuned in self._streams:
            self._list.highlight(tuned)
        self.call_after_refresh(self._companion.do, FollowSchedules(everything=True))

    def _plan(self) -> None:
        """Draw soon: answers come in swarms."""
        if not self._is_due:
            self._is_due = True
            self.set_timer(self.REST_SECONDS, self._show)

    def _show(self) -> None:
        self._is_due = False
        now, width = self._companion.clock(), self._list.scrollable_content_region.width
        tuned, words = self._companion.player_state.key, self._words.casefold().split()
        self._streams, entries, known = {}, [], 0
        for station in self._companion.station_list.stations:
            for stream in station.streams:
                on_air = self._companion.on_air(station.id, stream.id)
                stream_on_now = stream_now(station, stream, on_air, now)
                known += stream_on_now.now is not None
                if not words or all(word in stream_on_now.folded for word in words):
                    row_id = f"{station.id}/{stream.id}"
                    self._streams[row_id] = station, stream
                    is_tuned = tuned == (station.id, stream.id)
                    row = self._rows.row(row_id, stream_on_now, width, is_tuned=is_tuned)
                    entries.append(ListEntry(row_id, row))
        self._sheet.border_title = trusted(f"On now · {known} known")
        self._list.placard = trusted("Nothing found" if words else "No stations", "bold")
        self._list.show_rows(entries)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show the rows with these words only."""
        event.stop()
        self._words = event.value
        self._show()
        self._list.move("top")

    def action_move(self, to: str) -> None:
        """Move the highlight."""
        self._list.move(to)

    def action_day(self) -> None:
        """Show the day of the highlighted stream."""
        from radiotui.ui.dialogs.day import DayScreen

        chosen = self._streams.get(self._list.highlighted_id or "")
        if chosen is not None:
            self.app.push_screen(DayScreen(self._keymap, self._companion, *chosen))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Tune to the chosen stream."""
        event.stop()
        chosen = self._streams.get(event.option_id or "")
        if chosen is not None:
            self.dismiss((chosen[0].id, chosen[1].id))
