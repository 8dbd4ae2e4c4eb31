"""Sheet that adds a feed of the listener's own."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import ClassVar, Protocol

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static

from radiotui.problems import Problem
from radiotui.stations.model import OwnFeed
from radiotui.ui.commands.keymap import Keymap, sheet_bindings
from radiotui.ui.kit.content import trusted, untrusted
from radiotui.ui.kit.modal import Modal


class AddFeed(Protocol):
    """Adds the feed at an address; raises Problem where there is none."""

    def __call__(self, address: str, *, folder: str = "") -> Awaitable[OwnFeed]:
        """The feed as it is in the list now."""


class AddFeedScreen(Modal[OwnFeed]):
    """An address, perhaps a folder; a problem is shown in place."""

    DEFAULT_CSS = """
    AddFeedScreen > #sheet {
        width: 76;
        padding: 1 2;
    }

    AddFeedScreen Input, AddFeedScreen Input:focus {
        border-left: outer $border-blurred;
        padding: 0 1;
        margin: 0 0 1 0;
    }

    AddFeedScreen Input:focus {
        border-left: outer $accent;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings(
        {
            "add_feed.close": "dismiss",
            "add_feed.next_field": "app.focus_next",
            "add_feed.previous_field": "app.focus_previous",
        }
    )
    AUTO_FOCUS = "#address"

    def __init__(self, keymap: Keymap, add: AddFeed, folders: Sequence[str]) -> None:
        super().__init__(keymap)
        self._add = add
        self._folders = folders

    def compose(self) -> ComposeResult:
        """Two lines to type in, and a message below them."""
        with Vertical(id="sheet") as sheet:
            sheet.border_title = trusted("Add a feed")
            sheet.border_subtitle = trusted(
                f"enter adds it · tab next line · {self.key('add_feed.close')} closes"
            )
            yield Static(trusted("Address of a feed, or of a page that has one"), markup=False)
            self._address = Input(placeholder="https://…", id="address")
            yield self._address
            yield Static(trusted("Folder, if you want one"), markup=False)
            suggester = SuggestFromList(self._folders, case_sensitive=False)
            placeholder = "Science, or News/Arizona"
            self._folder = Input(placeholder=placeholder, id="folder", suggester=suggester)
            yield self._folder
            self._message = Static(self._folder_names(), markup=False)
            yield self._message

    def _folder_names(self) -> Content:
        if not self._folders:
            return trusted("Its stories stand below the stations.", "dim")
        folders = Content(", ").join([untrusted(folder, "dim") for folder in self._folders])
        return trusted("Folders so far: ", "dim") + folders

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Look for a feed at the address."""
        event.stop()
        address = self._address.value.strip()
        if not address:
            self._show_problem(Problem("There is no address yet", "type or paste one"))
            self._address.focus()
            return
        self._look(address, self._folder.value.strip().strip("/"))

    @work(group="add", exclusive=True, exit_on_error=False)
    async def _look(self, address: str, folder: str) -> None:
        self._message.update(trusted("◌ ", "$warning") + trusted("looking for feeds…"))
        try:
            feed = await self._add(address, folder=folder)
        except Problem as problem:
            self._show_problem(problem)
            return
        self.dismiss(feed)

    def _show_problem(self, problem: Problem) -> None:
        title = trusted("⚠ ", "$error") + untrusted(problem.title, "$error")
        hint = untrusted(problem.hint, "dim")
        self._message.update(Content("\n").join([line for line in (title, hint) if line]))
