"""Help sheet: every key, drawn from the command table."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from radiotui.app.command import Command
from radiotui.app.commands import COMMANDS, MOVING, PANES, PLAYER, PROGRAM, STORIES, TAPE
from radiotui.app.sheet_commands import SHEET_TITLES
from radiotui.ui.commands.key_words import keys_words
from radiotui.ui.commands.keymap import LOOKING, keys_of, sheet_bindings
from radiotui.ui.kit.content import trusted
from radiotui.ui.kit.modal import KeyedModal, scroll

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEFT = ("titles", "add_feed")
_COLUMNS = (
    (PLAYER, TAPE, PANES, PROGRAM, *(SHEET_TITLES[name] for name in _LEFT)),
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

    #sheet > Static {
        width: 1fr;
        height: auto;
    }

    HelpScreen.-narrow #sheet, HelpScreen.-medium #sheet {
        layout: vertical;
        width: 60;
    }

    HelpScreen.-narrow #sheet > Static, HelpScreen.-medium #sheet > Static {
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
                yield Static(Content("\n").join(self._lines(column)), markup=False)

    def action_move(self, to: str) -> None:
        """Scroll."""
        scroll(self._sheet, to)

    def _lines(self, groups: tuple[str, ...]) -> Iterator[Content]:
        for group in groups:
            yield trusted("")
            yield trusted(group, "bold $accent")
            for command in COMMANDS:
                if command.group == group:
                    yield self._line(command)

    def _line(self, command: Command) -> Content:
        keys = keys_words(keys_of(command.id, self._keymap))
        return trusted(f"  {keys:<13} ", "$accent") + trusted(command.help or command.title)
