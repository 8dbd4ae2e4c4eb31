"""Adding a feed of one's own."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import ClassVar, Protocol

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static

from radiotui.problems import Problem
from radiotui.stations.model import OwnFeed
from radiotui.ui.kit.content import trusted, untrusted
from radiotui.ui.kit.modal import Modal


class Add(Protocol):
    """Adds the feed at an address; raises Problem where there is none."""

    def __call__(self, address: str, *, folder: str = "") -> Awaitable[OwnFeed]:
        """The feed as it is in the list now."""


class AddFeedScreen(Modal[OwnFeed]):
    """An address, perhaps a folder; what is wrong is told in place."""

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
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]
    AUTO_FOCUS = "#address"

    def __init__(self, add: Add, folders: Sequence[str]) -> None:
        super().__init__()
        self._add = add
        self._folders = folders

    def compose(self) -> ComposeResult:
        """Two lines to type in, and what is told."""
        with Vertical(id="sheet") as sheet:
            sheet.border_title = trusted("Add a feed")
            sheet.border_subtitle = trusted("enter adds it · tab next line · esc closes")
            yield Static(trusted("Address of a feed, or of a page that has one"), markup=False)
            self._address = Input(placeholder="https://…", id="address")
            yield self._address
            yield Static(trusted("Folder, if you want one"), markup=False)
            suggester = SuggestFromList(self._folders, case_sensitive=False)
            placeholder = "Science, or News/Arizona"
            self._folder = Input(placeholder=placeholder, id="folder", suggester=suggester)
            yield self._folder
            self._told = Static(self._known(), markup=False)
            yield self._told

    def _known(self) -> Content:
        if not self._folders:
            return trusted("Its stories stand below the stations.", "dim")
        folders = Content(", ").join([untrusted(folder, "dim") for folder in self._folders])
        return trusted("Folders so far: ", "dim") + folders

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Look there."""
        event.stop()
        address = self._address.value.strip()
        if not address:
            self._tell(Problem("There is no address yet", "type or paste one"))
            self._address.focus()
            return
        self._look(address, self._folder.value.strip().strip("/"))

    @work(group="add", exclusive=True, exit_on_error=False)
    async def _look(self, address: str, folder: str) -> None:
        self._told.update(trusted("◌ ", "$warning") + trusted("looking for feeds…"))
        try:
            feed = await self._add(address, folder=folder)
        except Problem as problem:
            self._tell(problem)
            return
        self.dismiss(feed)

    def _tell(self, problem: Problem) -> None:
        told = trusted("⚠ ", "$error") + untrusted(problem.title, "$error")
        hint = untrusted(problem.hint, "dim")
        self._told.update(Content("\n").join([line for line in (told, hint) if line]))
