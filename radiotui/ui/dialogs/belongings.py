"""Sheet with what is a programme's own: its podcast, and stories of its name and presenters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from msgspec import Struct
from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static

from radiotui.app.belongings import ProgrammeFeed, ProgrammeStories
from radiotui.app.companion import Companion
from radiotui.guide.model import Programme
from radiotui.problems import Problem
from radiotui.stories.model import FeedSection, Headline, PodcastSection
from radiotui.text import age
from radiotui.ui.commands.keymap import LOOKING, Keymap, sheet_bindings
from radiotui.ui.kit.content import BLANK, row, trusted, untrusted
from radiotui.ui.kit.modal import Modal
from radiotui.ui.kit.row import Row
from radiotui.ui.kit.row_list import ListEntry, RowList


class WantedPodcast(Struct, frozen=True):
    """The podcast of a programme, which the list has not."""

    programme: str


BelongingsChoice = FeedSection | PodcastSection | Headline | WantedPodcast


class BelongingsScreen(Modal[BelongingsChoice]):
    """A row for each feed and story; the result is the one that was chosen."""

    DEFAULT_CSS = """
    BelongingsScreen RowList {
        height: auto;
        min-height: 8;
        max-height: 80vh;
    }

    BelongingsScreen #message {
        height: auto;
        max-height: 2;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings(
        {**LOOKING, "belongings.close": "dismiss", "belongings.find": "find"}
    )
    AUTO_FOCUS = "RowList"

    def __init__(self, keymap: Keymap, companion: Companion, programme: Programme) -> None:
        super().__init__(keymap)
        self._companion = companion
        self._programme = programme
        self._choices: dict[str, FeedSection | PodcastSection | Headline] = {}
        self._has_podcast = False

    def _keys(self) -> Content:
        opens = (("list.choose", "opens"),) if self._choices else ()
        finds = () if self._has_podcast else (("belongings.find", "finds its podcast"),)
        return self.hints(*opens, *finds, ("sheet.close", "closes"))

    def compose(self) -> ComposeResult:
        """A message, and the list."""
        with Vertical(id="sheet") as self._sheet:
            self._sheet.border_title = trusted("Of ") + untrusted(self._programme.title)
            self._sheet.border_subtitle = self._keys()
            self._message = Static("", id="message", markup=False)
            self._message.display = False
            yield self._message
            self._list = RowList("belongings")
            self._list.placard = trusted("…", "dim")
            yield self._list

    def on_mount(self) -> None:
        """Show what is kept, then what the programme's feeds answer."""
        self._look()

    @work(group="belongings", exclusive=True, exit_on_error=False)
    async def _look(self) -> None:
        belongings = self._companion.belongings
        name = self._programme.title, self._programme.host
        try:
            stored = await belongings.of_programme(*name)
            if not stored.doubt:
                self._show(stored)
            self._say(trusted("Asking its feeds…", "dim"))
            self._show(await belongings.refresh(*name))
        except Problem as problem:
            self._say(_warning(problem))
            if not self._choices:
                self._list.placard = trusted("The stories cannot be looked through", "dim")

    def _show(self, stories: ProgrammeStories) -> None:
        self._choices = {}
        self._list.placard = untrusted(stories.doubt)
        self._list.show_rows(list(self._entries(stories)))
        self._has_podcast = any(feed.is_podcast for feed in stories.feeds)
        self._sheet.border_subtitle = self._keys()
        if self._list.highlighted is None and self._choices:
            self._list.move("top")
        self._say(_warning(stories.problem) if stories.problem else BLANK)

    def _say(self, words: Content) -> None:
        self._message.display = bool(words)
        self._message.update(words)

    def _entries(self, stories: ProgrammeStories) -> Iterator[ListEntry]:
        now = self._companion.clock()
        for feed in stories.feeds:
            section = PodcastSection if feed.is_podcast else FeedSection
            key = section(feed.state.url)
            yield self._entry(f"feed:{feed.state.url}", key, _feed_row(feed))
            for headline in feed.headlines:
                yield self._entry(str(headline.id), headline, _story_row(headline, now))
        if stories.headlines:
            yield ListEntry(None, trusted("STORIES", "dim"))
        for headline in stories.headlines:
            source = untrusted(headline.feed_title, "dim")
            yield self._entry(str(headline.id), headline, _story_row(headline, now, source))

    def _entry(
        self, row_id: str, choice: FeedSection | PodcastSection | Headline, words: Row
    ) -> ListEntry:
        self._choices[row_id] = choice
        return ListEntry(row_id, words)

    def action_find(self) -> None:
        """Leave for the directories of podcasts, with the programme's name."""
        self.dismiss(WantedPodcast(self._programme.title))

    def action_move(self, to: str) -> None:
        """Move the highlight."""
        self._list.move(to)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the chosen feed or story."""
        event.stop()
        self.dismiss(self._choices.get(event.option_id or ""))


def _warning(problem: Problem) -> Content:
    return trusted("⚠ ", "$warning") + untrusted(str(problem), "$warning")


def _feed_row(feed: ProgrammeFeed) -> Row:
    kind = trusted("podcast" if feed.is_podcast else "feed", "dim")
    unread = f"{feed.state.unread} unread" if feed.state.unread else ""
    return Row(
        trusted("♪ " if feed.is_podcast else "  ", "$accent"),
        untrusted(feed.state.title, "bold"),
        row(trusted(unread, "dim"), kind),
    )


def _story_row(headline: Headline, now: datetime, source: Content = BLANK) -> Row:
    unread = not headline.read
    published = trusted(age(now - headline.published), "dim") if headline.published else BLANK
    sound = trusted("♪", "dim") if headline.audio else BLANK
    star = trusted("★", "$accent") if headline.starred else BLANK
    return Row(
        trusted("  ● ", "$accent") if unread else trusted("    "),
        untrusted(headline.title),
        row(sound, star, published, gap=1),
        most_lines=2,
        notes=[source] if source else [],
    )
