"""What every sheet over the screen has in common."""

from __future__ import annotations

from typing import TypeVar

from textual.screen import ModalScreen

from radiotui.ui.kit.fault_barrier import FaultBarrier

Result = TypeVar("Result")


class Modal(FaultBarrier, ModalScreen[Result]):
    """A bordered sheet in the middle; ``#sheet`` is the container with everything in it."""

    DEFAULT_CSS = """
    Modal {
        align: center middle;
        background: $background 60%;
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

    Modal Static {
        height: auto;
    }
    """
