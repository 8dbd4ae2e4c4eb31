"""Sheet with the chapters of an episode, and the links of a story by their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import OptionList

from radiotui.text import clock_duration
from radiotui.ui.commands.keymap import LOOKING, Keymap, sheet_bindings
from radiotui.ui.kit.content import trusted, untrusted
from radiotui.ui.kit.modal import Modal
from radiotui.ui.kit.row import Row
from radiotui.ui.kit.row_list import ListEntry, RowList

if TYPE_CHECKING:
    from radiotui.podcasts.chapters import Chapter
    from radiotui.ui.widgets.reader.block_content import StoryLink


class LinksScreen(Modal["str | float"]):
    """Every chapter and link; its result is the second or the address that was chosen."""

    CSS = """
    LinksScreen RowList {
        height: auto;
        max-height: 100%;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings({**LOOKING, "links.close": "dismiss"})
    AUTO_FOCUS = "RowList"

    def __init__(
        self, keymap: Keymap, links: Sequence[StoryLink], chapters: Sequence[Chapter] = ()
    ) -> None:
        super().__init__(keymap)
        self._links = links
        self._chapters = chapters
        self._typed = ""

    def compose(self) -> ComposeResult:
        """The list."""
        with Vertical(id="sheet") as sheet:
            sheet.border_title = trusted("Chapters and links" if self._chapters else "Links")
            choose, close = self.key("list.choose"), self.key("sheet.close")
            hears = f"{choose} hears a chapter · " if self._chapters else ""
            words = f"{hears}a number and {choose} opens it · {close} closes"
            sheet.border_subtitle = trusted(words)
            self._list = RowList("links")
            yield self._list

    def on_mount(self) -> None:
        """Show the rows, the first of them highlighted."""
        width = len(str(len(self._links)))
        times = [clock_duration(chapter.start) for chapter in self._chapters]
        time_columns = max(map(len, times), default=0)
        chapter_rows = [
            Row(trusted(f"{time:>{time_columns}}  ", "dim"), untrusted(chapter.title), most_lines=2)
            for time, chapter in zip(times, self._chapters, strict=True)
        ]
        rows = [
            Row(
                trusted(f"{number:>{width}}  ", "$accent"),
                untrusted(link.words or link.url),
                untrusted(link.host, "dim"),
                most_lines=2,
            )
            for number, link in enumerate(self._links, 1)
        ]
        rows = [*chapter_rows, *rows]
        self._list.show_rows([ListEntry(str(number), row) for number, row in enumerate(rows, 1)])
        self._list.move("top")

    def action_move(self, to: str) -> None:
        """Move the highlight."""
        self._typed = ""
        self._list.move(to)

    def on_key(self, event: events.Key) -> None:
        """Read digits as the number of a link."""
        if event.character and event.character in "0123456789":
            event.stop()
            longer = self._typed + event.character
            self._typed = longer if self._is_link(longer) else event.character
            if self._is_link(self._typed):
                self._list.highlighted = len(self._chapters) + int(self._typed) - 1
            else:
                self._typed = ""

    def _is_link(self, digits: str) -> bool:
        return 0 < int(digits) <= len(self._links)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Give the chosen chapter or link."""
        event.stop()
        index, count = event.option_index, len(self._chapters)
        result = self._chapters[index].start if index < count else self._links[index - count].url
        self.dismiss(result)
