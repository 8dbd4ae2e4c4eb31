"""A sheet of things to choose from, some of which are minutes; those may be typed, too."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.dom import DOMNode
from textual.widgets import OptionList

from radiotui.player.step import Playback
from radiotui.ui.kit.content import trusted
from radiotui.ui.kit.modal import Modal
from radiotui.ui.kit.row import Row
from radiotui.ui.kit.row_list import ListEntry, RowList

_MOST_DIGITS = 3


class MinutesScreen(Modal[None]):
    """Follows the player while it is open; what is chosen is done, and the sheet is gone."""

    DEFAULT_CSS = """
    MinutesScreen > #sheet {
        width: 64;
    }

    MinutesScreen RowList {
        height: auto;
        max-height: 80vh;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", show=False),
        Binding("j", "move('down')", show=False),
        Binding("k", "move('up')", show=False),
        Binding("g", "move('top')", show=False),
        Binding("G", "move('bottom')", show=False),
    ]
    AUTO_FOCUS = "RowList"
    SHEET_TITLE = ""
    MINUTES: tuple[int, ...] = ()

    def __init__(self, main: DOMNode) -> None:
        super().__init__()
        self._main = main
        self._typed = ""
        self._playback = Playback()

    def compose(self) -> ComposeResult:
        """The list."""
        with Vertical(id="sheet") as sheet:
            sheet.border_title = trusted(self.SHEET_TITLE)
            sheet.border_subtitle = trusted("enter chooses · digits are minutes · esc closes")
            self._list = RowList("choices")
            yield self._list

    def on_mount(self) -> None:
        """Follow the player."""
        self.watch(self._main, "playback", self._follow)

    def _follow(self, playback: Playback) -> None:
        self._playback = playback
        self._show()
        if self._list.highlighted is None:
            self._list.move("top")

    def _show(self) -> None:
        self._list.show_rows(list(self._entries(self._playback)))

    def action_move(self, where: str) -> None:
        """Up and down."""
        self._list.move(where)

    def on_key(self, event: events.Key) -> None:
        """Digits are minutes."""
        if event.key == "backspace":
            self._type(self._typed[:-1])
        elif event.character is not None and event.character in "0123456789":
            self._type((self._typed + event.character).lstrip("0")[:_MOST_DIGITS])
        else:
            return
        event.stop()

    def _type(self, typed: str) -> None:
        self._typed = typed
        self._show()
        if typed:
            self._list.highlight(typed)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Do it."""
        event.stop()
        chosen = event.option_id or ""
        self.dismiss()
        if chosen.isdecimal():
            self._take_minutes(int(chosen))
        else:
            self._take(chosen)

    def _minutes(self) -> Iterator[ListEntry]:
        """The rows of minutes, and the one that is typed."""
        for minutes in self.MINUTES:
            yield self._of(minutes)
        if self._typed and int(self._typed) not in self.MINUTES:
            yield self._of(int(self._typed))

    def _of(self, minutes: int) -> ListEntry:
        return ListEntry(str(minutes), self._minutes_row(minutes))

    @abstractmethod
    def _entries(self, playback: Playback) -> Iterator[ListEntry]:
        """Every row."""

    @abstractmethod
    def _minutes_row(self, minutes: int) -> Row:
        """The row of so many minutes."""

    @abstractmethod
    def _take_minutes(self, minutes: int) -> None:
        """So many were chosen."""

    @abstractmethod
    def _take(self, chosen: str) -> None:
        """Something else was chosen, by the id of its row."""


def minutes_word(minutes: int) -> str:
    """ "1 minute", "5 minutes"."""
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def choice(text: Content, aside: str = "") -> Row:
    """A row of such a sheet."""
    return Row(trusted("  "), text, trusted(aside, "dim"))
