"""What opens over an open story: its links, what changed in it, finding, quoting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from radiotui.documents.model import ArticleChanges
from radiotui.ui.kit.content import trusted, untrusted
from radiotui.ui.kit.fault_barrier import FaultBarrier
from radiotui.ui.kit.modal import Modal
from radiotui.ui.kit.row import Row
from radiotui.ui.widgets.reader.finding import Chooser, Finder
from radiotui.ui.widgets.reader.story_body import words_of

if TYPE_CHECKING:
    from radiotui.ui.widgets.reader.story_markdown import StoryLink


class LinksScreen(Modal[str]):
    """Every link of the story by its number; the one that is chosen is opened."""

    CSS = """
    LinksScreen OptionList {
        width: 100%;
        height: auto;
        max-height: 100%;
        border: none;
        background: $panel;
        padding: 0;
        scrollbar-size-vertical: 1;
    }

    LinksScreen OptionList:nocolor > .option-list--option-highlighted {
        text-style: reverse;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,i", "dismiss", show=False),
        Binding("j", "move('down')", show=False),
        Binding("k", "move('up')", show=False),
    ]

    def __init__(self, links: Sequence[StoryLink]) -> None:
        super().__init__()
        self._links = links
        self._typed = ""

    def compose(self) -> ComposeResult:
        """The sheet."""
        width = len(str(len(self._links)))
        rows = [
            Option(
                Row(
                    trusted(f"{number:>{width}}  ", "$accent"),
                    untrusted(link.words or link.url),
                    untrusted(link.host, "dim"),
                    most_lines=2,
                )
            )
            for number, link in enumerate(self._links, 1)
        ]
        self._list = OptionList(*rows, markup=False)
        with Vertical(id="sheet") as sheet:
            sheet.border_title = trusted("Links")
            sheet.border_subtitle = trusted("a number and enter opens it · esc closes")
            yield self._list

    def action_move(self, where: str) -> None:
        """Up and down."""
        self._typed = ""
        getattr(self._list, f"action_cursor_{where}")()

    def on_key(self, event: events.Key) -> None:
        """Digits are the number of a link."""
        if event.character and event.character in "0123456789":
            event.stop()
            longer = self._typed + event.character
            self._typed = longer if self._is_link(longer) else event.character
            if self._is_link(self._typed):
                self._list.highlighted = int(self._typed) - 1
            else:
                self._typed = ""

    def _is_link(self, typed: str) -> bool:
        return 0 < int(typed) <= len(self._links)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open it."""
        event.stop()
        self.dismiss(self._links[event.option_index].url)


class ChangesScreen(Modal[None]):
    """What became different since the story was first fetched."""

    CSS = """
    ChangesScreen Static {
        margin: 0 0 1 0;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,c,enter", "dismiss", show=False),
        Binding("j", "scroll('down')", show=False),
        Binding("k", "scroll('up')", show=False),
    ]

    def __init__(self, changes: ArticleChanges, title: str) -> None:
        super().__init__()
        self._changes = changes
        self._title = title

    def compose(self) -> ComposeResult:
        """The sheet."""
        with VerticalScroll(id="sheet") as sheet:
            self._sheet = sheet
            sheet.border_title = trusted("What changed")
            sheet.border_subtitle = trusted("esc closes")
            for words in self._told():
                yield Static(words, markup=False)

    def _told(self) -> Iterator[Content]:
        changes = self._changes
        if changes.title_before:
            yield trusted("± headline was  ", "bold $warning") + untrusted(
                changes.title_before, "strike"
            )
            yield trusted("  headline is   ", "bold") + untrusted(self._title)
        for paragraph in changes.added:
            yield trusted("+ new   ", "bold $success") + Content(words_of(paragraph))
        for paragraph in changes.removed:
            yield trusted("− gone  ", "bold $error") + Content.styled(words_of(paragraph), "dim")

    def action_scroll(self, where: str) -> None:
        """Move about."""
        getattr(self._sheet, f"scroll_{where}")(animate=False)


_BAR_CSS = """
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
"""


class FindScreen(FaultBarrier, ModalScreen[None]):
    """One line in the footer's place; what is found is marked in the story above it."""

    CSS = (
        _BAR_CSS.format(screen="FindScreen")
        + """
    FindScreen Input, FindScreen Input:focus {
        width: 1fr;
        height: 1;
        border: none;
        padding: 0;
        background: $panel;
    }
    """
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", show=False),
        Binding("enter,down,ctrl+f", "step(1)", show=False, priority=True),
        Binding("up", "step(-1)", show=False, priority=True),
    ]

    def __init__(self, finder: Finder) -> None:
        super().__init__()
        self._finder = finder

    def compose(self) -> ComposeResult:
        """The line."""
        with Horizontal():
            yield Static(trusted("find: ", "bold $accent"), markup=False)
            yield Input(select_on_focus=False)
            self._count = Static("", markup=False)
            yield self._count
            yield Static(trusted("   enter next · ↑ previous · esc", "dim"), markup=False)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Find it as it is typed."""
        self._finder.find(event.value)
        self._tell(event.value)

    def action_step(self, by: int) -> None:
        """To the next or the previous place."""
        self._finder.step(by)
        self._tell("…")

    def _tell(self, typed: str) -> None:
        at, count = self._finder.count
        told = f"  {at} of {count}" if count else "  nothing found" if typed.strip() else ""
        self._count.update(trusted(told))

    def on_unmount(self) -> None:
        """The story stays where it is."""
        self._finder.end()


class QuoteScreen(FaultBarrier, ModalScreen[list[str]]):
    """Choosing paragraphs to quote; one line says how."""

    CSS = _BAR_CSS.format(screen="QuoteScreen")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", show=False),
        Binding("j,down", "move(1)", show=False),
        Binding("k,up", "move(-1)", show=False),
        Binding("J,shift+down", "extend(1)", show=False),
        Binding("K,shift+up", "extend(-1)", show=False),
        Binding("enter,y", "take", show=False),
    ]

    def __init__(self, chooser: Chooser) -> None:
        super().__init__()
        self._chooser = chooser

    def compose(self) -> ComposeResult:
        """The line."""
        with Horizontal():
            self._line = Static(self._words(), markup=False)
            yield self._line

    def action_move(self, by: int) -> None:
        """Another paragraph."""
        self._chooser.move(by)
        self._line.update(self._words())

    def action_extend(self, by: int) -> None:
        """More, or less."""
        self._chooser.extend(by)
        self._line.update(self._words())

    def action_take(self) -> None:
        """Copy what is chosen."""
        self.dismiss(self._chooser.paragraphs)

    def _words(self) -> Content:
        count = len(self._chooser.paragraphs)
        told = f"quote: {count} paragraph{'s' * (count != 1)}"
        keys = "   j k choose · J K more, less · enter copies · esc"
        return trusted(told, "bold $accent") + trusted(keys, "dim")

    def on_unmount(self) -> None:
        """Nothing is marked any more."""
        self._chooser.end()
