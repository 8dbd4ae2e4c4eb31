"""Line in the footer's place while paragraphs are chosen to be quoted."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from radiotui.ui.commands.keymap import Keymap, sheet_bindings
from radiotui.ui.kit.content import trusted
from radiotui.ui.kit.modal import BAR_CSS, KeyedModal
from radiotui.ui.widgets.reader.finding import Chooser


class QuoteScreen(KeyedModal[list[str]]):
    """Marks paragraphs in the story above it; its result is their text."""

    CSS = BAR_CSS.format(screen="QuoteScreen")
    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings(
        {
            "quote.close": "dismiss",
            "quote.down": "move(1)",
            "quote.up": "move(-1)",
            "quote.more": "extend(1)",
            "quote.less": "extend(-1)",
            "quote.copy": "copy",
        }
    )

    def __init__(self, keymap: Keymap, chooser: Chooser, noun: str = "paragraph") -> None:
        super().__init__(keymap)
        self._chooser = chooser
        self._noun = noun

    def compose(self) -> ComposeResult:
        """The line."""
        with Horizontal():
            self._line = Static(self._text(), markup=False)
            yield self._line

    def action_move(self, by: int) -> None:
        """Choose another paragraph."""
        self._chooser.move(by)
        self._line.update(self._text())

    def action_extend(self, by: int) -> None:
        """Choose one paragraph more, or one less."""
        self._chooser.extend(by)
        self._line.update(self._text())

    def action_copy(self) -> None:
        """Hand back the chosen paragraphs."""
        self.dismiss(self._chooser.paragraphs)

    def _text(self) -> Content:
        count = len(self._chooser.paragraphs)
        line = trusted(f"quote: {count} {self._noun}{'s' * (count != 1)}", "bold $accent")
        pairs = (("quote.down", "quote.up", "choose"), ("quote.more", "quote.less", "more, less"))
        words = [f"{self.key(first)} {self.key(second)} {word}" for first, second, word in pairs]
        words += [f"{self.key('quote.copy')} copies", self.key("quote.close")]
        return line + trusted(f"   {' · '.join(words)}", "dim")

    def on_unmount(self) -> None:
        """Remove the marks."""
        self._chooser.end()
