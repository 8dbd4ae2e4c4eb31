"""Help sheet: every key, drawn from the command table."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from radiotui.app.command import Command
from radiotui.app.commands import (
    COMMANDS,
    MOVING,
    PANES,
    PLAYER,
    PROGRAM,
    STATIONS,
    STORIES,
    TAPE,
)
from radiotui.app.sheet_commands import SHEET_TITLES
from radiotui.ui.commands.key_words import keys_words
from radiotui.ui.commands.keymap import LOOKING, Keymap, keys_of, sheet_bindings
from radiotui.ui.kit.content import BLANK, trusted
from radiotui.ui.kit.modal import KeyedModal, scroll

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEFT = ("titles", "found", "checks", "add_feed", "marks", "alarm")
_COLUMNS = (
    (PLAYER, TAPE, PANES, STATIONS, PROGRAM, *(SHEET_TITLES[name] for name in _LEFT)),
    (
        MOVING,
        STORIES,
        *(title for name, title in SHEET_TITLES.items() if name not in _LEFT),
    ),
)
"""Groups of commands in each column."""


class HelpScreen(KeyedModal[None]):
    """Commands by group, with the keys in force."""

    CSS = """
    HelpScreen {
        align: center middle;
        background: $background 60%;
    }

    HelpScreen:ansi {
        background: transparent;
    }

    #sheet {
        width: 112;
        max-width: 96%;
        height: auto;
        max-height: 96%;
        layout: horizontal;
        border: round $border;
        border-title-color: $accent;
        border-title-style: bold;
        border-subtitle-color: $foreground 75%;
        background: $panel;
        padding: 0 2;
        scrollbar-size-vertical: 1;
    }

    #sheet > HelpColumn {
        width: 1fr;
        height: auto;
    }

    HelpScreen.-narrow #sheet, HelpScreen.-medium #sheet {
        layout: vertical;
        width: 60;
    }

    HelpScreen.-narrow #sheet > HelpColumn, HelpScreen.-medium #sheet > HelpColumn {
        width: 100%;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings({**LOOKING, "help.close": "dismiss"})
    AUTO_FOCUS = "#sheet"

    def compose(self) -> ComposeResult:
        """The columns."""
        with VerticalScroll(id="sheet") as self._sheet:
            self._sheet.border_title = trusted("Keys")
            self._sheet.border_subtitle = self.hints(
                ("sheet.close", "closes"), ("app.palette", "finds commands by typing")
            )
            for column in _COLUMNS:
                yield HelpColumn(self._keymap, column)

    def action_move(self, to: str) -> None:
        """Scroll."""
        scroll(self._sheet, to)


class HelpColumn(Widget):
    """Groups of commands one above the other; what a command does stays in its own column."""

    def __init__(self, keymap: Keymap, groups: tuple[str, ...]) -> None:
        super().__init__()
        self._keymap = keymap
        self._groups = groups

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """Lines of that width."""
        return len(list(self._lines(width)))

    def render(self) -> Content:
        """The lines."""
        return Content("\n").join(self._lines(self.content_size.width))

    def _lines(self, width: int) -> Iterator[Content]:
        for group in self._groups:
            yield BLANK
            yield trusted(group, "bold $accent")
            for command in COMMANDS:
                if command.group == group:
                    yield from self._command(command, width)

    def _command(self, command: Command, width: int) -> Iterator[Content]:
        keys = trusted(f"  {keys_words(keys_of(command.id, self._keymap)):<13} ", "$accent")
        indent = keys.cell_length
        words = trusted(command.help or command.title).wrap(max(1, width - indent))
        for number, line in enumerate(words):
            yield (trusted(" " * indent) if number else keys) + line.rstrip()
