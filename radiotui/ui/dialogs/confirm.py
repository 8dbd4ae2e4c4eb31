"""Question before something is removed, or is missed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from radiotui.marks.model import ProgrammeMark
from radiotui.recording.model import Recording
from radiotui.ui.commands.keymap import Keymap, sheet_bindings
from radiotui.ui.kit.content import trusted, untrusted
from radiotui.ui.kit.modal import Modal
from radiotui.ui.kit.time_words import date

_MOST_NAMED = 3


def quit_question(
    running: Sequence[Recording], unguarded: Sequence[ProgrammeMark], now: datetime
) -> tuple[str, str, str, str]:
    """The question before the program ends: what ends with it, and what it would not record."""
    names = [f"{mark.title} ({date(mark.begins_at, now)})" for mark in unguarded[:_MOST_NAMED]]
    if more := len(unguarded) - len(names):
        names.append(f"{more} more")
    if not running:
        consequence = "To be recorded, and no timer does it while radiotui does not run."
        return "Skip", ", ".join(names), "and quit", consequence
    name = running[0].name if len(running) == 1 else f"{len(running)} recordings"
    missed = f" Not recorded later: {', '.join(names)}." if names else ""
    return "End", name, "and quit", f"What has come of it is kept.{missed}"


class ConfirmScreen(Modal[bool]):
    """Enter does it, anything else does not."""

    DEFAULT_CSS = """
    ConfirmScreen > #sheet {
        width: 60;
        padding: 1 2;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings(
        {
            "confirm.yes": "answer(True)",
            "confirm.no": "answer(False)",
        }
    )

    def __init__(self, keymap: Keymap, verb: str, name: str, source: str, consequence: str) -> None:
        """Make the question: "Remove" the named thing "from the list", and the consequence."""
        super().__init__(keymap)
        self._question = trusted(f"{verb} ") + untrusted(name, "bold") + trusted(f" {source}?")
        self._verb = verb.lower()
        self._consequence = consequence

    def compose(self) -> ComposeResult:
        """The question."""
        with Vertical(id="sheet") as sheet:
            sheet.border_subtitle = self.hints(
                ("confirm.yes", f"{self._verb}s it"), ("confirm.no", "keeps it")
            )
            yield Static(
                Content("\n").join([self._question, trusted(self._consequence, "dim")]),
                markup=False,
            )

    def action_answer(self, answer: bool) -> None:
        """Close with the answer."""
        self.dismiss(answer)
