"""Sheet in which a recording gets another title."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from radiotui.ui.commands.keymap import Keymap, sheet_bindings
from radiotui.ui.kit.content import trusted
from radiotui.ui.kit.modal import Modal


class RenameScreen(Modal[str]):
    """A line with the title as it is; enter gives the new one."""

    DEFAULT_CSS = """
    RenameScreen > #sheet {
        width: 72;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings({"rename.close": "dismiss"})
    AUTO_FOCUS = "Input"

    def __init__(self, keymap: Keymap, title: str) -> None:
        super().__init__(keymap)
        self._old_title = title

    def compose(self) -> ComposeResult:
        """The line, whose words are chosen: what is typed takes their place."""
        with Vertical(id="sheet") as sheet:
            sheet.border_title = trusted("Rename")
            close = self.key("rename.close")
            sheet.border_subtitle = trusted(f"enter renames · {close} leaves it")
            yield Input(self._old_title)
            yield Static(trusted("The title in the file, and the file's name", "dim"), markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the title, if it is another."""
        event.stop()
        title = event.value.strip()
        self.dismiss(title if title and title != self._old_title else None)
