"""Sheet of choices, some of them minutes, which may be typed, too."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.dom import DOMNode
from textual.widgets import OptionList

from radiotui.player.state import PlayerState
from radiotui.ui.commands.keymap import LOOKING, Keymap, sheet_bindings
from radiotui.ui.kit.content import trusted
from radiotui.ui.kit.modal import Modal
from radiotui.ui.kit.row import Row
from radiotui.ui.kit.row_list import ListEntry, RowList

_MOST_DIGITS = 3


class MinutesScreen(Modal[None]):
    """Follows the player while it is open; a choice is carried out and closes the sheet."""

    DEFAULT_CSS = """
    MinutesScreen > #sheet {
        width: 64;
    }

    MinutesScreen RowList {
        height: auto;
        max-height: 80vh;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings(LOOKING)
    AUTO_FOCUS = "RowList"
    SHEET_TITLE = ""
    MINUTES: tuple[int, ...] = ()

    def __init__(self, keymap: Keymap, main: DOMNode) -> None:
        super().__init__(keymap)
        self._main = main
        self._typed = ""
        self._player_state = PlayerState()

    def compose(self) -> ComposeResult:
        """The list."""
        with Vertical(id="sheet") as sheet:
            sheet.border_title = trusted(self.SHEET_TITLE)
            sheet.border_subtitle = trusted(
                f"{self.key('list.choose')} chooses · digits are minutes · "
                f"{self.key('sheet.close')} closes"
            )
            self._list = RowList("choices")
            yield self._list

    def on_mount(self) -> None:
        """Follow the player."""
        self.watch(self._main, "player_state", self._follow)

    def _follow(self, player_state: PlayerState) -> None:
        self._player_state = player_state
        self._show()
        if self._list.highlighted is None:
            self._list.move("top")

    def _show(self) -> None:
        self._list.show_rows(list(self._entries(self._player_state)))

    def action_move(self, to: str) -> None:
        """Move the highlight."""
        self._list.move(to)

    def on_key(self, event: events.Key) -> None:
        """Read digits as minutes."""
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
        """Carry out the choice."""
        event.stop()
        row_id = event.option_id or ""
        self.dismiss()
        if row_id.isdecimal():
            self._obey_minutes(int(row_id))
        else:
            self._obey(row_id)

    def _minutes(self) -> Iterator[ListEntry]:
        """Rows of minutes, also of those that are typed."""
        for minutes in self.MINUTES:
            yield self._entry(minutes)
        if self._typed and int(self._typed) not in self.MINUTES:
            yield self._entry(int(self._typed))

    def _entry(self, minutes: int) -> ListEntry:
        return ListEntry(str(minutes), self._minutes_row(minutes))

    @abstractmethod
    def _entries(self, player_state: PlayerState) -> Iterator[ListEntry]:
        """Every row."""

    @abstractmethod
    def _minutes_row(self, minutes: int) -> Row:
        """Row of a number of minutes."""

    @abstractmethod
    def _obey_minutes(self, minutes: int) -> None:
        """Carry out a choice of minutes."""

    @abstractmethod
    def _obey(self, row_id: str) -> None:
        """Carry out another choice, by the id of its row."""


def minutes_word(minutes: int) -> str:
    """Number with its noun: "1 minute", "5 minutes"."""
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def choice(text: Content, aside: str = "") -> Row:
    """Row of such a sheet."""
    return Row(trusted("  "), text, trusted(aside, "dim"))
