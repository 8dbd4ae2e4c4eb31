"""What the keys do with lists of stories, with the newscast and with feeds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import work

from radiotui.player.step import Playback
from radiotui.stations.model import OwnFeed
from radiotui.stories.model import FeedSection, Headline, SectionKey
from radiotui.ui.commands.keymap import first_key
from radiotui.ui.kit.content import key_word
from radiotui.ui.screens.reading import Reading

if TYPE_CHECKING:
    from radiotui.app.history import PlayedItem


class Listing(Reading):
    """Choosing, marking, searching, hearing; each sheet is loaded when it is first wanted."""

    _searched = ""
    """What was typed into the search last."""
    _queueing: frozenset[str] = frozenset()
    """What is on its way into the newscast."""

    def on_mount(self) -> None:
        """Tell what has come into the newscast."""
        self.watch(self, "playback", self._tell_queued, init=False)

    @property
    def own_feed(self) -> OwnFeed | None:
        """The listener's own feed that is highlighted."""
        section = self.air.chosen_section
        if self.pane != "air" or section is None:
            return None
        return next(
            (feed for feed in self.station_list.feeds if FeedSection(feed.url) == section.key), None
        )

    # Marks

    def action_mark(self) -> None:
        """Read or unread."""
        if self._subject is not None:
            read = not self._subject.read
            self._companion.desk.mark_read([self._subject.id], read=read)
            self._changed(replace(self._subject, read=read))

    def action_star(self) -> None:
        """Keep it, or no longer."""
        if self._subject is not None:
            starred = not self._subject.starred
            self._companion.desk.star(self._subject.id, starred=starred)
            self._changed(replace(self._subject, starred=starred))

    def _changed(self, headline: Headline) -> None:
        """An open story that is on no shelf here, as after a search: nobody else tells of it."""
        is_open = self.headline is not None and self.headline.id == headline.id
        if is_open and self._at(self.stories.shown) is None:
            self.headline = headline

    def action_mark_to_here(self) -> None:
        """Every story from the top of the list to the highlighted one is read."""
        unread = [headline.id for headline in self.stories.to_here if not headline.read]
        if not unread:
            self._say("Every story to here is read")
            return
        self._companion.desk.mark_read(unread, read=True)
        count = f"{_stories(len(unread))} marked read"
        # One alone is not kept to be undone: the key for one story does it.
        key, word = ("stories.undo", "undoes") if len(unread) > 1 else ("story.unread", "undoes")
        self._say(f"{count} · {self._key(key)} {word}")

    @work(group="undo", exit_on_error=False)
    async def action_undo(self) -> None:
        """What was last marked read together is unread again."""
        count = await self._companion.desk.undo()
        self._say(f"{_stories(count)} unread again" if count else "There is nothing to undo")

    def action_unread_only(self) -> None:
        """Hide what was read, or show everything."""
        self.unread_only = not self.unread_only

    def action_refresh(self) -> None:
        """Ask for new stories; while they are asked for: stop."""
        self._companion.desk.refresh()

    # Search

    def action_search(self) -> None:
        """Find stories, also those that are on no list here."""
        from radiotui.ui.dialogs.search import Searched, SearchScreen

        def done(searched: Searched | None) -> None:
            if searched is None:
                return
            self._searched = searched.typed
            if searched.headline is not None:
                self.open_found(searched.headline)
            elif searched.heard is not None:
                self.open_titles(searched.heard)

        screen = SearchScreen(self._companion.search, self._companion.clock, self._searched)
        self.app.push_screen(screen, done)

    def open_found(self, headline: Headline) -> None:
        """Open a story wherever it is from."""
        self.open_story(headline)
        self._changed(replace(headline, read=True))

    # What was heard

    def action_titles(self) -> None:
        """Titles and programmes that were heard."""
        self.open_titles()

    def open_titles(self, at: PlayedItem | None = None) -> None:
        """The list of what was heard, with one entry of it highlighted."""
        from radiotui.ui.dialogs.titles import TitlesScreen

        companion = self._companion
        screen = TitlesScreen(self, companion.history, companion.deck, companion.clock, at)
        self.app.push_screen(screen)

    # Hearing stories

    def action_listen(self) -> None:
        """Hear the story."""
        if self._subject is not None:
            self._companion.desk.listen(self._subject.id)

    def action_queue(self) -> None:
        """Hear the story later."""
        if self._subject is None:
            return
        key = str(self._subject.id)
        if any(spoken.key == key for spoken in self.playback.queue):
            self._say(f"In the newscast already · {self._key('newscast.open')} shows it")
            return
        self._queueing |= {key}
        self._companion.desk.queue(self._subject.id)

    def _tell_queued(self, playback: Playback) -> None:
        come = self._queueing & {spoken.key for spoken in playback.queue}
        if come:
            self._queueing -= come
            count = _stories(len(playback.queue))
            self._say(f"In the newscast: {count} · {self._key('newscast.open')} shows it")

    def action_newscast(self) -> None:
        """What is to be heard."""
        from radiotui.ui.dialogs.newscast import NewscastScreen

        self.app.push_screen(NewscastScreen(self, self._companion.desk))

    def action_skip(self) -> None:
        """Enough of this one."""
        self._companion.desk.skip()

    # Feeds

    def action_add_feed(self) -> None:
        """A feed of the listener's own."""
        from radiotui.ui.dialogs.add_feed import AddFeedScreen

        def done(feed: OwnFeed | None) -> None:
            if feed is not None:
                self.go_to("air")
                self.air.choose_section(FeedSection(feed.url))

        folders = list(
            dict.fromkeys(feed.folder for feed in self.station_list.feeds if feed.folder)
        )
        self.app.push_screen(AddFeedScreen(self._companion.desk.add_feed, folders), done)

    def action_remove_feed(self) -> None:
        """Ask once, then take it out of the list."""
        from radiotui.ui.dialogs.confirm import ConfirmScreen

        feed, section = self.own_feed, self.air.chosen_section
        if feed is None or section is None:
            return

        def done(sure: bool | None) -> None:
            if sure:
                self._remove_feed(feed)

        screen = ConfirmScreen("Remove", section.name, "from the list", "Its stories stay kept.")
        self.app.push_screen(screen, done)

    @work(group="remove", exit_on_error=False)
    async def _remove_feed(self, feed: OwnFeed) -> None:
        # A Problem is told by whoever is told of dying workers.
        await self._companion.desk.remove_feed(feed.url)

    def action_feeds(self) -> None:
        """How every feed does."""
        from radiotui.ui.dialogs.feeds import FeedsScreen

        def done(key: SectionKey | None) -> None:
            if key is not None:
                self.open_section(key)

        screen = FeedsScreen(self, self._companion.desk.feed_states, self._companion.clock)
        self.app.push_screen(screen, done)

    # Words

    def _key(self, command_id: str) -> str:
        return key_word(first_key(command_id, self._keymap))


def _stories(count: int) -> str:
    return "1 story" if count == 1 else f"{count} stories"
