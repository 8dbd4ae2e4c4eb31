"""The reader: one story."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from textual import events, work
from textual.reactive import var

from radiotui.problems import Problem
from radiotui.stories.intents import ListenFrom
from radiotui.stories.model import Headline, Story
from radiotui.ui.commands.keymap import Keymap
from radiotui.ui.kit.key_hints import shown_key
from radiotui.ui.kit.messages import Intended
from radiotui.ui.kit.rest_timer import RestTimer
from radiotui.ui.widgets.reader.blocks import Words
from radiotui.ui.widgets.reader.document_view import DocumentView
from radiotui.ui.widgets.reader.invitation import invitation, reader_hints
from radiotui.ui.widgets.reader.reader_messages import PageWanted, RestsAt
from radiotui.ui.widgets.reader.story_head import HEAD_COMMANDS, StoryHead, story_title

if TYPE_CHECKING:
    from radiotui.podcasts.chapters import Chapter
    from radiotui.podcasts.model import EpisodeContents
    from radiotui.ui.widgets.reader.block_content import StoryLink


class StoryReader(DocumentView):
    """Headline, byline, text; it begins where one was in the story."""

    BORDER_TITLE = "Story"
    REST_SECONDS = 1.0
    """How long one stays at a place before it is worth remembering."""
    READ_TO_THE_END = 0.98

    headline: var[Headline | None] = var(None)
    story: var[Story | Problem | None] = var(None)
    """The text of the headline; a Problem where it could not be had; None while it comes."""
    fetching: var[bool] = var(False)
    """Whether the story's page is asked for."""
    contents: var[EpisodeContents | None] = var(None)
    """Chapters and the like of an episode, once they are known."""
    number: var[tuple[int, int]] = var((0, 0))
    """Which of how many it is."""
    now: var[datetime] = var(datetime(1970, 1, 1, tzinfo=UTC))
    awake: var[bool] = var(True, init=False)
    """True while nothing lies over the screen."""

    def __init__(self, keymap: Keymap) -> None:
        super().__init__("story")
        self._keys = {name: shown_key(name, keymap) for name in HEAD_COMMANDS}
        self._shown_id: int | None = None
        """The headline whose text is shown."""
        self._moved = False
        """Whether the listener has moved in it."""
        self._rest_timer = RestTimer(self, self._tell_place)
        self.links: Sequence[StoryLink] = ()
        self._invitation = invitation(keymap)
        self.border_subtitle = reader_hints(keymap)

    def on_mount(self) -> None:
        """An invitation until there is a story."""
        self.show_blocks(Words(self._invitation))

    def action_follow(self, number: int) -> None:
        """Open the link with that number."""
        if 0 < number <= len(self.links):
            self.post_message(PageWanted(self.links[number - 1].url))

    def action_hear(self, at: float) -> None:
        """Hear the episode from a second on."""
        if self.headline is not None:
            self.post_message(Intended(ListenFrom(self.headline.id, at)))

    # What it is told

    def watch_headline(self, before: Headline | None) -> None:
        """Another story, or another state of the same one; the first ends the front page."""
        if before is None and self._head is not None:
            self.show_blocks(self._head.block())
        self._show_head()

    def watch_fetching(self) -> None:
        """The page is asked for, or was."""
        self._show_head()

    def watch_contents(self) -> None:
        """More is known of the episode."""
        self._show_head()
        self.watch_story(self.story)

    def watch_awake(self) -> None:
        """A sheet came or went: some terminals paint pictures over whatever is above them."""
        if self.block_layout.has_overlay:
            self.refresh()

    def watch_number(self) -> None:
        """Another place in the list."""
        self._show_title()

    def watch_story(self, story: Story | Problem | None) -> None:
        """Show the text, from where one was in it."""
        if isinstance(story, Story) and (story.article.parts or self._chapters):
            self._read(story)
        elif self._head is not None:
            # A story that could not be had whole stays as it is.
            self.rest()
            self._shown_id, self._moved, self.links = None, False, ()
            self.show_blocks(self._head.block())

    def on_resize(self, event: events.Resize) -> None:
        """Another width."""
        super().on_resize(event)
        self._show_head()
        self.look_for_pictures()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Remember the place once one rests there."""
        super().watch_scroll_y(old_value, new_value)
        self._show_title()
        if round(old_value) == round(new_value):
            return
        self.look_for_pictures()
        if not self._fitting:
            self._moved = True
            self._rest_timer.restart(self.REST_SECONDS)

    @property
    def is_resting_at(self) -> float | None:
        """Place that was not told yet, if there is one."""
        return self.place if self._rest_timer.is_running and self._shown_id is not None else None

    def rest(self) -> None:
        """Tell where one is, where that was not told yet."""
        self._rest_timer.end()

    def _tell_place(self) -> None:
        if self._shown_id is not None and self.place is not None:
            self.post_message(RestsAt(self._shown_id, self.place))

    # Inside

    @property
    def _head(self) -> StoryHead | None:
        if self.headline is None:
            return None
        state = (self.story, self.now, self.fetching)
        return StoryHead(self.headline, *state, self._keys, self.room, self.contents)

    @property
    def _chapters(self) -> Sequence[Chapter]:
        return self.contents.chapters if self.contents else ()

    @work(group="read", exclusive=True, exit_on_error=False)
    async def _read(self, story: Story) -> None:
        from radiotui.ui.widgets.reader.story_body import read_body

        head = self._head
        if head is None:
            return
        shown = (story.article, head.block(), self.room, self._chapters)
        body = await asyncio.to_thread(read_body, *shown)
        same = self._shown_id == story.headline.id
        self.links = body.links
        self.show(body.layout, from_top=not same or not self._moved)
        if not same:
            self._shown_id, self._moved = story.headline.id, False
        if not self._moved and 0 < story.place < self.READ_TO_THE_END:
            self.restore(story.place)
        self._show_head()
        self.put_drawings()
        self.look_for_pictures()

    def _show_head(self) -> None:
        if self._head is not None and self.is_mounted:
            self.replace(0, self._head.block())
            self._show_title()

    def _show_title(self) -> None:
        """Show the place in the list and in the story."""
        share = self.place if self._shown_id else None
        self.border_title = story_title(self.number, share, self.outer_size.width)
