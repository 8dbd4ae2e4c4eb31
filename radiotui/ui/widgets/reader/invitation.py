"""Invitation to open a story, and the place that it keeps for the reader on the first screen."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from radiotui.ui.commands.keymap import Keymap
from radiotui.ui.kit.content import BLANK, trusted
from radiotui.ui.kit.key_hints import key_hints, shown_key
from radiotui.ui.widgets.reader.measure import text_columns, text_indent

STORY_PANE = "pane story-pane"
"""Classes of what stands in the reader's place."""


def invitation(keymap: Keymap) -> Content:
    """Words of a reader without a story."""
    hint = f"\n{shown_key('list.choose', keymap)} on a story opens it here"
    return trusted("No story open", "bold") + trusted(hint, "dim")


def reader_hints(keymap: Keymap) -> Content:
    """Keys in the lower border of the reader."""
    return key_hints(
        keymap,
        ("story.next_unread", "next unread"),
        ("story.page", "browser"),
        ("pane.back", "back"),
    )


class Invitation(Static):
    """The reader's place, looking as the reader does that follows the first screen.

    The reader's own modules take a tenth of the start, and nothing of theirs is on that screen.
    """

    BORDER_TITLE = "Story"

    def __init__(self, keymap: Keymap) -> None:
        super().__init__(id="invitation", classes=STORY_PANE)
        self._words = invitation(keymap)
        self.border_subtitle = reader_hints(keymap)

    def render(self) -> Content:
        """The words where the reader's text begins."""
        width = self.scrollable_content_region.width
        indent = " " * text_indent(width)
        lines = (trusted(indent) + line for line in self._words.wrap(text_columns(width)))
        return Content("\n").join([BLANK, *lines])
