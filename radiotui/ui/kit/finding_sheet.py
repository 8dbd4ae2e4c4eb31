"""Base of the sheets that are a list with a line to type the words of a search in."""

from __future__ import annotations

from abc import abstractmethod

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from radiotui.ui.commands.keymap import Keymap
from radiotui.ui.kit.content import trusted
from radiotui.ui.kit.key_hints import whole_hints
from radiotui.ui.kit.modal import Modal, Result
from radiotui.ui.kit.row_list import RowList
from radiotui.ui.kit.textual_private import Titled


class Sheet(Titled, Vertical):
    """The frame of a sheet, whose title counts what is found."""


class FindingSheet(Modal[Result]):
    """The list, and above it the line, which is there while one searches."""

    DELAY_SECONDS = 0.12
    """Seconds without a key before the search begins."""

    DEFAULT_CSS = """
    FindingSheet RowList {
        height: auto;
        min-height: 8;
        max-height: 80vh;
    }

    FindingSheet.-full RowList {
        height: 80vh;
        scrollbar-gutter: stable;
    }

    FindingSheet Input {
        display: none;
    }

    FindingSheet.-finding Input {
        display: block;
    }
    """
    AUTO_FOCUS = "RowList"

    def __init__(self, keymap: Keymap, pane: str, placeholder: str) -> None:
        super().__init__(keymap)
        self._words = ""
        """The words of the search."""
        self._sheet = Sheet(id="sheet")
        self._input = Input(placeholder=placeholder, select_on_focus=False)
        self._list = RowList(pane)
        self._list.placard = trusted("…", "dim")

    @abstractmethod
    def keys(self) -> Content:
        """Keys and words for the lower border."""

    def compose(self) -> ComposeResult:
        """The line and the list."""
        self._sheet.border_subtitle = self.keys()
        with self._sheet:
            yield self._input
            yield self._list

    def on_resize(self) -> None:
        """The border says what there is room for."""
        self.call_after_refresh(self.show_keys)

    def expect(self, rows: int) -> None:
        """Take the whole room at once where so many rows need it: the screen is laid out once."""
        is_full = rows >= self.app.size.height * 4 // 5
        # What is not mounted yet is given its style then.
        self.set_class(is_full, "-full", update=self.is_mounted)

    def show_keys(self) -> None:
        """Show the keys that fit into the lower border."""
        self._sheet.border_subtitle = whole_hints(self.keys(), self._sheet, keeps_last=True)

    def action_find(self) -> None:
        """Type the words of a search."""
        self.add_class("-finding")
        self._input.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on in the results."""
        event.stop()
        self._list.focus()

    def action_leave(self) -> None:
        """End the search, or close the sheet."""
        if self.has_class("-finding"):
            self.remove_class("-finding")
            self._input.value = ""
            self._list.focus()
        else:
            self.action_close()

    def action_close(self) -> None:
        """Close the sheet."""
        self.dismiss()
