"""Every key, drawn from the table of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from radiotui.ui.commands.command import MOVING, PANES, PLAYER, PROGRAM, STORIES, TAPE, Command
from radiotui.ui.commands.keymap import Keymap, keys_of
from radiotui.ui.commands.table import COMMANDS
from radiotui.ui.kit.content import keys_words, trusted
from radiotui.ui.kit.fault_barrier import FaultBarrier

if TYPE_CHECKING:
    from collections.abc import Iterator


_COLUMNS = ((PLAYER, TAPE, PANES, PROGRAM), (MOVING, STORIES))


class HelpScreen(FaultBarrier, ModalScreen[None]):
    """A sheet over the screen; any of the usual keys puts it away."""

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
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1,enter", "dismiss", show=False),
        Binding("j", "scroll('down')", show=False),
        Binding("k", "scroll('up')", show=False),
        Binding("g", "scroll('home')", show=False),
        Binding("G", "scroll('end')", show=False),
    ]
    AUTO_FOCUS = "#sheet"

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """The sheet."""
        with VerticalScroll(id="sheet") as sheet:
            sheet.border_title = trusted("Keys")
            sheet.border_subtitle = trusted("esc closes · ctrl+p finds commands by typing")
            for column in _COLUMNS:
                yield Static(Content("\n").join(self._lines(column)), markup=False)

    def action_scroll(self, where: str) -> None:
        """Move about in the sheet."""
        sheet = self.query_one("#sheet", VerticalScroll)
        getattr(sheet, f"scroll_{where}")(animate=False)

    def _lines(self, groups: tuple[str, ...]) -> Iterator[Content]:
        for group in groups:
            yield trusted("")
            yield trusted(group, "bold $accent")
            for command in COMMANDS:
                if command.group == group:
                    yield self._line(command)

    def _line(self, command: Command) -> Content:
        keys = keys_words(keys_of(command.id, self._keymap))
        return trusted(f"  {keys:<14}", "$accent") + trusted(command.help or command.title)
