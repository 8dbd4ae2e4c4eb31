"""Sheet that adds a podcast: by its address, or by words that directories are asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from radiotui.app.podcasts import Podcasts, is_address
from radiotui.podcasts.model import FoundPodcast
from radiotui.problems import Problem
from radiotui.stations.model import OwnFeed
from radiotui.ui.commands.keymap import Keymap, sheet_bindings
from radiotui.ui.kit.content import BLANK, trusted, untrusted
from radiotui.ui.kit.finding_sheet import FindingSheet
from radiotui.ui.kit.row_list import ListEntry
from radiotui.ui.widgets.lists.found_rows import found_podcast_row

_PLACEHOLDER = "name of a podcast, or the address of its feed or page"


class AddPodcastScreen(FindingSheet[OwnFeed]):
    """A line to type in, and the podcasts that directories have; closed, it gives what was added.

    A problem is shown in place.
    """

    DEFAULT_CSS = """
    AddPodcastScreen > #sheet {
        height: 80%;
    }

    AddPodcastScreen #message {
        max-height: 4;
    }

    AddPodcastScreen RowList {
        height: 1fr;
        min-height: 4;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings(
        {
            "add_podcast.close": "close",
            "add_podcast.down": "move('down')",
            "add_podcast.up": "move('up')",
            "add_podcast.page_down": "move('page_down')",
            "add_podcast.page_up": "move('page_up')",
            "add_podcast.top": "move('top')",
            "add_podcast.bottom": "move('bottom')",
            "add_podcast.find": "find",
        }
    )
    AUTO_FOCUS = "Input"

    def __init__(
        self, keymap: Keymap, podcasts: Podcasts, listed: Collection[str], words: str = ""
    ) -> None:
        super().__init__(keymap, "podcasts", _PLACEHOLDER)
        self._words = words
        self._podcasts = podcasts
        self._listed = listed
        """The addresses of the podcasts that are in the list."""
        self._results: Mapping[str, FoundPodcast] = {}
        """Those that have a row, by the address of their feed."""
        self._is_adding = False
        self._message = Static(id="message", markup=False)

    def keys(self) -> Content:
        """Keys and words for the lower border."""
        of_result = (("list.choose", "add"),) if self._results else ()
        return self.hints(*of_result, ("add_podcast.find", "type"), ("add_podcast.close", "closes"))

    def compose(self) -> ComposeResult:
        """The line, the message, the results."""
        self._sheet.border_title = trusted("Add a podcast")
        self._sheet.border_subtitle = self.keys()
        self.add_class("-finding")
        self._list.placard = trusted("Podcasts of the world", "bold") + trusted(
            "\nenter asks Apple and fyyd for what is typed, or adds the address;"
            "\nwith nothing typed it shows what most hear",
            "dim",
        )
        with self._sheet:
            yield self._input
            yield self._message
            yield self._list

    def on_mount(self) -> None:
        """Begin without a message; with words that were given they are looked for."""
        self._say(BLANK)
        if self._words:
            self._input.value = self._words
            self._list.focus()
            self._find(self._words)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Ask the directories for words; add what is at an address."""
        event.stop()
        # The base would go on to the list, which stays empty where there was an address.
        event.prevent_default()
        typed = event.value.strip()
        if is_address(typed):
            self._add(typed)
        else:
            self._list.focus()
            self._find(typed)

    @work(group="ask", exclusive=True, exit_on_error=False)
    async def _find(self, words: str) -> None:
        """Show the podcasts with those words; without words what most hear."""
        self._show(())
        whom = "directories" if words else "chart"
        self._list.placard = trusted(f"Asking the {whom}…", "dim")
        self._say(BLANK)
        try:
            found = await (self._podcasts.find(words) if words else self._podcasts.chart())
        except Problem as problem:
            self._list.placard = BLANK
            self._show_problem(problem)
            self._input.focus()
            return
        none = "No podcast has these words" if words else "Apple has no chart of your country"
        self._list.placard = trusted(none, "bold")
        if found.problem is not None:
            self._show_problem(found.problem)
        self._show(found.podcasts)
        if found.podcasts:
            self._list.move("top")
        else:
            self._input.focus()

    def _show(self, podcasts: Collection[FoundPodcast]) -> None:
        self._results = {podcast.url: podcast for podcast in podcasts}
        self._list.show_rows(
            [
                ListEntry(url, found_podcast_row(podcast, is_listed=url in self._listed))
                for url, podcast in self._results.items()
            ]
        )
        count = f" · {len(podcasts)}" if podcasts else ""
        self._sheet.border_title = trusted(f"Add a podcast{count}")
        self.show_keys()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Add the result."""
        event.stop()
        podcast = self._results.get(event.option_id or "")
        if podcast is not None:
            self._add(podcast.url)

    def _add(self, address: str) -> None:
        """Add what is at an address; a second key while that is under way changes nothing."""
        if not self._is_adding:
            self._is_adding = True
            self._ask_and_add(address)

    @work(group="add", exit_on_error=False)
    async def _ask_and_add(self, address: str) -> None:
        self._say(trusted("◌ ", "$warning") + trusted("asking the podcast…"))
        try:
            podcast = await self._podcasts.add(address)
        except Problem as problem:
            self._show_problem(problem)
            return
        finally:
            self._is_adding = False
        self.dismiss(podcast)

    def action_move(self, to: str) -> None:
        """Move the highlight."""
        self._list.move(to)

    def _say(self, words: Content) -> None:
        self._message.display = bool(words)
        self._message.update(words)

    def _show_problem(self, problem: Problem) -> None:
        title = trusted("⚠ ", "$error") + untrusted(problem.title, "$error")
        hint = untrusted(problem.hint, "dim")
        self._say(Content("\n").join([line for line in (title, hint) if line]))
