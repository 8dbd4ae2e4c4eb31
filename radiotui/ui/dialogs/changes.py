"""Sheet with the differences between two versions of a story."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from radiotui.documents.model import ArticleChanges
from radiotui.ui.commands.keymap import LOOKING, Keymap, sheet_bindings
from radiotui.ui.kit.content import trusted, untrusted
from radiotui.ui.kit.modal import Modal, scroll
from radiotui.ui.widgets.reader.story_body import words_of


class ChangesScreen(Modal[None]):
    """Headline and blocks that are new, and those that are gone."""

    CSS = """
    ChangesScreen Static {
        margin: 0 0 1 0;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings({**LOOKING, "changes.close": "dismiss"})

    def __init__(self, keymap: Keymap, changes: ArticleChanges, title: str) -> None:
        super().__init__(keymap)
        self._changes = changes
        self._title = title

    def compose(self) -> ComposeResult:
        """The blocks."""
        with VerticalScroll(id="sheet") as self._sheet:
            self._sheet.border_title = trusted("What changed")
            self._sheet.border_subtitle = self.hints(("sheet.close", "closes"))
            for block in self._blocks():
                yield Static(block, markup=False)

    def _blocks(self) -> Iterator[Content]:
        changes = self._changes
        if changes.title_before:
            headline = trusted("± headline was  ", "bold $warning")
            yield headline + untrusted(changes.title_before, "strike")
            yield trusted("  headline is   ", "bold") + untrusted(self._title)
        for block in changes.added:
            yield trusted("+ new   ", "bold $success") + Content(words_of(block))
        for block in changes.removed:
            yield trusted("− gone  ", "bold $error") + Content.styled(words_of(block), "dim")

    def action_move(self, to: str) -> None:
        """Scroll."""
        scroll(self._sheet, to)
