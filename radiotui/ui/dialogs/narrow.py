"""Line in the footer's place that narrows the list of stories to the words that are typed."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static

from radiotui.stories.intents import NarrowList, WidenList
from radiotui.ui.commands.keymap import sheet_bindings
from radiotui.ui.kit.content import trusted
from radiotui.ui.kit.modal import BAR_CSS, KeyedModal
from radiotui.ui.screens.view import MainView


class NarrowScreen(KeyedModal[None]):
    """Shows the stories with these words alone; the list above it follows each letter."""

    CSS = BAR_CSS.format(screen="NarrowScreen")
    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings(
        {
            "narrow.close": "widen",
            "narrow.keep": "keep",
            "narrow.down": "move('down')",
            "narrow.up": "move('up')",
            "narrow.page_down": "move('page_down')",
            "narrow.page_up": "move('page_up')",
        },
        priority=("narrow.keep", "narrow.down", "narrow.up", "narrow.page_down", "narrow.page_up"),
    )

    def __init__(self, view: MainView) -> None:
        super().__init__(view.keymap)
        self._view = view
        chosen = view.stories.chosen
        self._first = chosen.id if chosen else None
        """The story to go back to where nothing was found."""
        self._words = view.story_list.words if view.story_list else ""

    def compose(self) -> ComposeResult:
        """The line."""
        keys = self.hints(("narrow.keep", "list"), ("narrow.close", "all"))
        with Horizontal():
            yield Static(trusted("find here: ", "bold $accent"), markup=False)
            yield Input(self._words, select_on_focus=False)
            self._count = Static("", markup=False)
            yield self._count
            yield Static(trusted("   ") + keys.stylize("dim"), markup=False)

    def on_mount(self) -> None:
        """Say how many there are, each time that the list is another one."""
        self.watch(self._view, "story_list", self._show_count)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list, or give it back where nothing is typed any more."""
        event.stop()
        words = event.value.strip()
        if words == self._words.strip():
            return
        self._words = words
        if words:
            self._view.companion.do(NarrowList(words))
        else:
            self._widen()

    def action_move(self, to: str) -> None:
        """Move the highlight of the list."""
        self._view.stories.move(to)

    def action_keep(self) -> None:
        """Go on in the list as it is now."""
        self.dismiss()

    def action_widen(self) -> None:
        """Give the whole list back."""
        self.dismiss()
        self._widen()

    def _widen(self) -> None:
        chosen = self._view.stories.chosen
        self._view.companion.do(WidenList(chosen.id if chosen else self._first))

    def _show_count(self) -> None:
        story_list = self._view.story_list
        if story_list is None or not story_list.words:
            self._count.update("")
            return
        count = len(story_list.headlines)
        more = "+" if story_list.has_older else ""
        self._count.update(trusted(f"  {count}{more} found" if count else "  nothing found"))
