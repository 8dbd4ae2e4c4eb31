"""A question before something is taken away."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from radiotui.ui.kit.content import trusted, untrusted
from radiotui.ui.kit.modal import Modal


class ConfirmScreen(Modal[bool]):
    """Enter does it, anything else does not."""

    DEFAULT_CSS = """
    ConfirmScreen > #sheet {
        width: 60;
        padding: 1 2;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "answer(True)", show=False),
        Binding("escape,q,n", "answer(False)", show=False),
    ]

    def __init__(self, verb: str, name: str, whence: str, more: str) -> None:
        """ "Remove", what, "from the list", and what becomes of it."""
        super().__init__()
        self._question = trusted(f"{verb} ") + untrusted(name, "bold") + trusted(f" {whence}?")
        self._verb = verb.lower()
        self._more = more

    def compose(self) -> ComposeResult:
        """The question."""
        with Vertical(id="sheet") as sheet:
            sheet.border_subtitle = trusted(f"enter {self._verb}s it · esc keeps it")
            yield Static(
                Content("\n").join([self._question, trusted(self._more, "dim")]), markup=False
            )

    def action_answer(self, answer: bool) -> None:
        """That is it."""
        self.dismiss(answer)
