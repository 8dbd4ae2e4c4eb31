"""Line in the footer's place that finds words in the open story."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static

from radiotui.ui.commands.keymap import Keymap, sheet_bindings
from radiotui.ui.kit.content import trusted
from radiotui.ui.kit.modal import BAR_CSS, KeyedModal
from radiotui.ui.widgets.reader.finding import Finder


class FindScreen(KeyedModal[None]):
    """Marks every match in the story above it, and steps through them."""

    CSS = BAR_CSS.format(screen="FindScreen")
    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings(
        {"find.close": "dismiss", "find.next": "step(1)", "find.previous": "step(-1)"},
        priority=("find.next", "find.previous"),
    )

    def __init__(self, keymap: Keymap, finder: Finder) -> None:
        super().__init__(keymap)
        self._finder = finder

    def compose(self) -> ComposeResult:
        """The line."""
        keys = self.hints(("find.next", "next"), ("find.previous", "previous"))
        with Horizontal():
            yield Static(trusted("find: ", "bold $accent"), markup=False)
            yield Input(select_on_focus=False)
            self._count = Static("", markup=False)
            yield self._count
            close = f" · {self.key('find.close')}"
            yield Static(trusted(f"   {keys}{close}", "dim"), markup=False)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Find the words as they are typed."""
        self._finder.find(event.value)
        self._show_count(event.value)

    def action_step(self, by: int) -> None:
        """Go to the next or the previous match."""
        self._finder.step(by)
        self._show_count("…")

    def _show_count(self, words: str) -> None:
        at, count = self._finder.count
        text = f"  {at} of {count}" if count else "  nothing found" if words.strip() else ""
        self._count.update(trusted(text))

    def on_unmount(self) -> None:
        """Remove the marks; the story stays where it is."""
        self._finder.end()
