"""Sheet with the settings of a podcast."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import OptionList

from radiotui.app.podcast_settings import SetPodcast, SettingsOfPodcasts
from radiotui.podcasts.settings import SETTINGS, setting_words
from radiotui.problems import Problem
from radiotui.text import without_password
from radiotui.ui.commands.keymap import LOOKING, Keymap, sheet_bindings
from radiotui.ui.kit.content import BLANK, trusted, untrusted
from radiotui.ui.kit.modal import Modal
from radiotui.ui.kit.row import Row
from radiotui.ui.kit.row_list import ListEntry, RowList

_TITLE_CELLS = 24


class PodcastSettingsScreen(Modal[None]):
    """A line for each setting; a key goes through its values, and each is kept at once."""

    DEFAULT_CSS = """
    PodcastSettingsScreen > #sheet {
        width: 64;
    }

    PodcastSettingsScreen RowList {
        height: auto;
        min-height: 3;
        max-height: 80vh;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings(
        {
            **LOOKING,
            "podcast_settings.close": "dismiss",
            "podcast_settings.less": "change(-1)",
            "podcast_settings.more": "change(1)",
        }
    )
    AUTO_FOCUS = "RowList"

    def __init__(
        self,
        keymap: Keymap,
        room: SettingsOfPodcasts,
        ask: Callable[[], Awaitable[SetPodcast | None]],
    ) -> None:
        super().__init__(keymap)
        self._room = room
        self._ask = ask
        self._podcast: SetPodcast | None = None

    def compose(self) -> ComposeResult:
        """The list."""
        with Vertical(id="sheet") as self._sheet:
            self._sheet.border_title = trusted("Settings of a podcast")
            hints = self.hints(("podcast_settings.more", "changes"), ("sheet.close", "closes"))
            self._sheet.border_subtitle = f"{self.key('podcast_settings.less')} " + hints
            self._list = RowList("settings")
            self._list.placard = trusted("…", "dim")
            yield self._list

    def on_mount(self) -> None:
        """Ask what is set."""
        self._look()

    @work(group="podcast settings", exit_on_error=False)
    async def _look(self) -> None:
        try:
            self._podcast = await self._ask()
        except Problem as problem:
            self._list.placard = trusted("⚠ ", "$error") + untrusted(str(problem), "$error")
            return
        if self._podcast is None:
            self._list.placard = trusted("This podcast is not kept any more", "bold")
            return
        name = self._podcast.title or without_password(self._podcast.url)
        self._sheet.border_title = untrusted(name, "bold")
        self._show(self._podcast)
        self._list.move("top")

    def _show(self, podcast: SetPodcast) -> None:
        rows = [
            ListEntry(setting.name, _row(setting.title, words))
            for setting, words in setting_words(podcast.settings)
        ]
        if podcast.loudness is not None:
            words = f"{podcast.loudness.lufs:.1f} LUFS"
            rows.append(ListEntry(None, _row("Measured loudness", words, style="dim")))
        self._list.show_rows(rows)

    def action_move(self, to: str) -> None:
        """Move the highlight."""
        self._list.move(to)

    def action_change(self, by: int) -> None:
        """Give the highlighted setting its next value, or the one before."""
        row_id, podcast = self._list.highlighted_id, self._podcast
        if podcast is None or row_id is None:
            return
        (setting,) = (setting for setting in SETTINGS if setting.name == row_id)
        settings = setting.next_to(podcast.settings, by)
        if settings == podcast.settings:
            return
        self._podcast = SetPodcast(podcast.url, podcast.title, settings, podcast.loudness)
        self._show(self._podcast)
        self._keep(self._podcast)

    @work(group="keep podcast settings", exit_on_error=False)
    async def _keep(self, podcast: SetPodcast) -> None:
        await self._room.change(podcast.url, podcast.settings)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Give the setting its next value."""
        event.stop()
        self.action_change(1)


def _row(title: str, words: str, style: str = "") -> Row:
    name = trusted(f"{title:<{_TITLE_CELLS}}", style or "bold")
    return Row(trusted("  "), name + trusted(words, style), BLANK)
