"""Base of the sheets that lie over the main screen."""

from __future__ import annotations

from typing import TypeVar

from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget

from radiotui.ui.commands.keymap import Keymap
from radiotui.ui.kit.fault_barrier import FaultBarrier
from radiotui.ui.kit.key_hints import key_hints, shown_key
from radiotui.ui.kit.textual_private import CoveredScreen

Result = TypeVar("Result")


class KeyedModal(FaultBarrier, CoveredScreen[Result], ModalScreen[Result]):
    """A modal screen that names the keys in force."""

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap

    def key(self, command_id: str) -> str:
        """Key of a command as it stands on the keyboard."""
        return shown_key(command_id, self._keymap)

    def hints(self, *hints: tuple[str, str]) -> Content:
        """Keys and words in a row, for pairs of command id and word."""
        return key_hints(self._keymap, *hints)


class Modal(KeyedModal[Result]):
    """A bordered sheet in the middle; ``#sheet`` is the container with everything in it."""

    DEFAULT_CSS = """
    Modal {
        align: center middle;
        background: $background 60%;
    }

    Modal:ansi {
        background: transparent;
    }

    Modal > #sheet {
        width: 100;
        max-width: 96%;
        height: auto;
        max-height: 96%;
        border: round $border;
        border-title-color: $accent;
        border-title-style: bold;
        border-subtitle-color: $foreground 75%;
        background: $panel;
        padding: 0 1;
    }

    Modal > #sheet:nocolor {
        border: heavy $border;
    }

    Modal RowList, Modal RowList:focus {
        border: none;
        padding: 0;
        background: $panel;
        background-tint: $background 0%;
        scrollbar-size-vertical: 1;
    }

    Modal Input, Modal Input:focus {
        border: none;
        height: 1;
        padding: 0;
        background: $panel;
    }

    Modal Input > .input--placeholder {
        color: $foreground 70%;
    }

    Modal Static {
        height: auto;
    }
    """


BAR_CSS = """
{screen} {{
    background: transparent;
    align: left bottom;
}}

{screen} Horizontal {{
    height: 1;
    padding: 0 1;
    background: $panel;
}}

{screen} Static {{
    width: auto;
    height: 1;
}}

{screen} Input, {screen} Input:focus {{
    width: 1fr;
    height: 1;
    border: none;
    padding: 0;
    background: $panel;
}}
"""
"""Style of a line in the footer's place."""


def scroll(widget: Widget, to: str) -> None:
    """Scroll a sheet: "down", "up", "top", "bottom"."""
    match to:
        case "top":
            widget.scroll_home(animate=False)
        case "bottom":
            widget.scroll_end(animate=False)
        case "down":
            widget.scroll_down(animate=False)
        case "up":
            widget.scroll_up(animate=False)
