"""What one does with the open story."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from textual import events, on, work

from radiotui.problems import Problem
from radiotui.stories.model import Headline, Story
from radiotui.ui.screens.wiring import Wiring
from radiotui.ui.widgets.lists.stories import StoryPane
from radiotui.ui.widgets.reader.reader import StoryReader

if TYPE_CHECKING:
    from radiotui.ui.widgets.reader.picture import DrawnPicture
    from radiotui.ui.widgets.reader.picture_protocols import Cell, Way

log = logging.getLogger(__name__)


class Reading(Wiring):
    """Opens stories, and quotes, finds, follows, copies and sends what is in them."""

    @property
    def is_open(self) -> bool:
        """Whether a story's text is in the reader."""
        return isinstance(self.story, Story)

    @property
    def _subject(self) -> Headline | None:
        """The story that commands are about."""
        return self.headline if self.pane == "story" else self.stories.chosen

    def on_unmount(self) -> None:
        """Where one was is kept."""
        if self.headline is not None and self.reader.is_resting_at is not None:
            self._companion.desk.keep_place(self.headline.id, self.reader.is_resting_at)
        self._forget_pictures()

    # Opening, and the text as it comes

    @on(StoryPane.Chosen)
    def read(self, event: StoryPane.Chosen) -> None:
        """Open the story in the reader."""
        self.open_story(event.headline)

    def open_story(self, headline: Headline) -> None:
        """Show it in the reader, and fetch its text."""
        self.fetching = False
        self.headline, self.story = headline, None
        self._forget_pictures()
        self._take_story_list(self.story_list)
        self.stories.highlight(str(headline.id))
        self.go_to("story")
        self._fetch(headline)

    @work(group="story", exclusive=True, exit_on_error=False)
    async def _fetch(self, headline: Headline) -> None:
        """What is kept at once, then its page's article."""
        desk = self._companion.desk
        try:
            kept = await desk.story(headline.id)
        except Problem as problem:
            self.story = problem
            return
        self.fetching, self.story = not kept.whole, kept
        desk.mark_read([headline.id], read=True)
        try:
            story = await desk.whole_story(headline.id)
        except Problem as problem:
            story = replace(kept, why=problem)
        self.fetching, self.story = False, story

    @on(StoryReader.Rested)
    def remember_place(self, event: StoryReader.Rested) -> None:
        """Keep how far one has read."""
        self._companion.desk.keep_place(event.headline, event.place)

    def action_story(self, by: int) -> None:
        """Open the next or the previous story."""
        headlines = self.stories.shown
        at = self._at(headlines)
        wanted = 0 if at is None else at + by
        if 0 <= wanted < len(headlines):
            self.open_story(headlines[wanted])

    def action_unread(self, by: int) -> None:
        """Open the next or the previous story that was not read."""
        headlines = self.stories.shown
        at = self._at(headlines)
        after = headlines[at + 1 :] if at is not None else headlines
        before = headlines[:at] if at is not None else ()
        order = [*after, *before] if by > 0 else [*reversed(before), *reversed(after)]
        unread = next((headline for headline in order if not headline.read), None)
        if unread is not None:
            self.open_story(unread)
        else:
            self.notify("Every story here is read", markup=False, timeout=3)

    def _at(self, headlines: tuple[Headline, ...]) -> int | None:
        """Where in the list the story is that one reads or has highlighted."""
        here = self.headline if self.headline is not None else self.stories.chosen
        if here is None:
            return None
        return next((n for n, headline in enumerate(headlines) if headline.id == here.id), None)

    # Links

    @on(StoryReader.Follow)
    def follow(self, event: StoryReader.Follow) -> None:
        """Open a link of the story."""
        self.open_page(event.url)

    @work(group="page", exit_on_error=False)
    async def open_page(self, url: str) -> None:
        """Open it in the browser, or put it into the clipboard and say so."""
        from radiotui.ui.kit.browser import open_page

        problem = await open_page(url)
        if problem is not None:
            self.app.copy_to_clipboard(url)
            self.tell_problem(problem)

    def action_page(self) -> None:
        """The story's page, or the station's."""
        subject = self._subject if self.pane != "air" else None
        url = subject.link if subject else self.station.homepage if self.station else None
        if url:
            self.open_page(url)

    def action_links(self) -> None:
        """Choose a link of the story by its number."""
        from radiotui.ui.dialogs.story_sheets import LinksScreen

        if self.reader.links:
            self.app.push_screen(LinksScreen(self.reader.links), self._follow_chosen)
        else:
            self._say("There are no links in this story")

    def _follow_chosen(self, url: str | None) -> None:
        if url is not None:
            self.open_page(url)

    # Finding, quoting, what changed

    def action_find(self) -> None:
        """Find words in the story."""
        from radiotui.ui.dialogs.story_sheets import FindScreen
        from radiotui.ui.widgets.reader.finding import Finder

        self.go_to("story")
        self.app.push_screen(FindScreen(Finder(self.reader)))

    def action_quote(self) -> None:
        """Choose paragraphs, and copy them with their source."""
        from radiotui.ui.dialogs.story_sheets import QuoteScreen
        from radiotui.ui.widgets.reader.finding import Chooser

        self.go_to("story")
        chooser = Chooser(self.reader)
        if chooser.begin():
            self.app.push_screen(QuoteScreen(chooser), self._copy_quotation)
        else:
            self._say("There is no text to quote")

    def _copy_quotation(self, paragraphs: list[str] | None) -> None:
        from radiotui.ui.kit.share import quotation

        story = self.story
        if paragraphs and isinstance(story, Story):
            url = story.article.url or story.headline.link or ""
            self.app.copy_to_clipboard(quotation(story.article, paragraphs, url))
            self._say("The quotation is in your clipboard, with its source")

    def action_changes(self) -> None:
        """What became different since it was first fetched."""
        from radiotui.ui.dialogs.story_sheets import ChangesScreen

        changes = self.story.changes if isinstance(self.story, Story) else None
        if changes is not None and isinstance(self.story, Story):
            self.app.push_screen(ChangesScreen(changes, self.story.article.title))
        else:
            self._say("Nothing is known to have changed in this story")

    # Handing it on

    def action_copy_link(self) -> None:
        """Copy the story's address."""
        subject = self._subject
        if subject is not None and subject.link:
            self.app.copy_to_clipboard(subject.link)
            self._say("The link is in your clipboard")
        else:
            self._say("This story has no link")

    @work(group="send", exit_on_error=False)
    async def action_send(self) -> None:
        """Hand the story to the listener's own command."""
        from radiotui.ui.kit.share import send

        subject = self._subject
        if subject is None or not subject.link:
            self._say("This story has no link")
            return
        values = {"url": subject.link, "title": subject.title, "source": subject.feed_title}
        problem = await send(self._companion.settings.send_to, values)
        if problem is not None:
            self.tell_problem(problem)
        else:
            self._say("The story was sent")

    def _say(self, words: str) -> None:
        self.notify(words, markup=False, timeout=3)

    # Pictures

    @on(StoryReader.Lacks)
    def picture(self, event: StoryReader.Lacks) -> None:
        """A picture comes into view."""
        from radiotui.ui.widgets.reader.picture_protocols import cell_size, way_of

        way = way_of(self._companion.settings.pictures, os.environ)
        if way is not None:
            terminal = sys.__stderr__.fileno() if sys.__stderr__ else -1
            self._draw(event.url, event.columns, way, cell_size(terminal))

    @work(group="pictures", exit_on_error=False)
    async def _draw(self, url: str, columns: int, way: Way, cell: Cell) -> None:
        paper = self.reader.background_colors[1].rgb
        try:
            path = await self._companion.desk.picture(url)
            drawn = await asyncio.to_thread(_draw, path, way, columns, cell, paper)
        except Problem as problem:
            # Its caption is there; the rest is for those who look for the reason.
            log.info("%s: %s (%s)", url, problem, problem.detail)
            return
        before = self.drawings.get(url)
        self._send_terminal(drawn.sent + (before.forgotten if before else ""))
        self.drawings = {**self.drawings, url: drawn}

    def _forget_pictures(self) -> None:
        self.workers.cancel_group(self, "pictures")
        self._send_terminal("".join(drawn.forgotten for drawn in self.drawings.values()))
        self.drawings = {}

    def _send_terminal(self, sequence: str) -> None:
        driver = self.app._driver
        if sequence and driver is not None:
            driver.write(sequence)

    @on(events.ScreenSuspend)
    @on(events.ScreenResume)
    def draw_again(self) -> None:
        """Some terminals draw pictures over whatever sheet is above them."""
        self.query(StoryReader).refresh()


def _draw(
    path: Path, way: Way, columns: int, cell: Cell, paper: tuple[int, int, int]
) -> DrawnPicture:
    # Pillow takes its time to be imported, too.
    from radiotui.ui.widgets.reader.picture import draw

    return draw(path, way, columns, cell, paper)
