"""Sheet in which a recording or a station gets another name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static

from radiotui.ui.commands.keymap import Keymap, sheet_bindings
from radiotui.ui.kit.content import trusted, untrusted
from radiotui.ui.kit.modal import Modal


class RenameScreen(Modal[str]):
    """A line with the name as it is; enter gives the new one."""

    DEFAULT_CSS = """
    RenameScreen > #sheet {
        width: 72;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings({"rename.close": "dismiss"})
    AUTO_FOCUS = "Input"

    def __init__(
        self,
        keymap: Keymap,
        title: str,
        words: str = "The title in the file, and the file's name",
        *,
        heading: str = "Rename",
        may_be_empty: bool = False,
        names: Sequence[str] = (),
    ) -> None:
        """``words`` stand below the line; ``names`` complete what is typed."""
        super().__init__(keymap)
        self._old_title = title
        self._explanation = words
        self._heading = heading
        self._may_be_empty = may_be_empty
        self._names = names

    def compose(self) -> ComposeResult:
        """The line, whose words are chosen: what is typed takes their place."""
        with Vertical(id="sheet") as sheet:
            sheet.border_title = trusted(self._heading)
            close = self.key("rename.close")
            verb = self._heading.lower()
            sheet.border_subtitle = trusted(f"enter {verb}s · {close} leaves it")
            suggester = SuggestFromList(self._names, case_sensitive=False) if self._names else None
            yield Input(self._old_title, suggester=suggester)
            yield Static(untrusted(self._explanation, "dim"), markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the title, if it is another."""
        event.stop()
        title = event.value.strip()
        is_right = bool(title) or self._may_be_empty
        self.dismiss(title if is_right and title != self._old_title else None)
