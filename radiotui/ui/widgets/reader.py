"""The reader: one story."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.widgets import Static

from radiotui.feeds.model import Headline, Story
from radiotui.problems import Problem
from radiotui.text import clean_block
from radiotui.ui.commands import Keymap, first_key
from radiotui.ui.hints import key_hints
from radiotui.ui.steady import Steady
from radiotui.ui.words import BLANK, date, foreign, key_word, own

if TYPE_CHECKING:
    from radiotui.ui.story_body import StoryBody

_WORDS_PER_MINUTE = 230


class Reader(Steady, VerticalScroll, can_focus=True, inherit_bindings=False):
    """Headline, byline, text; it starts at the top with every story."""

    BORDER_TITLE = "Story"

    headline: var[Headline | None] = var(None)
    story: var[Story | Problem | None] = var(None)
    """The text of the headline; a Problem where it could not be had; None while it comes."""
    place: var[tuple[int, int]] = var((0, 0))
    """Which of how many it is."""
    now: var[datetime] = var(datetime(1970, 1, 1, tzinfo=UTC))

    class Follow(Message):
        """The listener wants to see a web page."""

        def __init__(self, url: str) -> None:
            super().__init__()
            self.url = url

    def __init__(self, keymap: Keymap) -> None:
        super().__init__(id="story")
        self._keys = {
            name: key_word(first_key(name, keymap)) for name in ("list.choose", "story.page")
        }
        self._body: StoryBody | None = None
        self.border_subtitle = key_hints(
            keymap,
            ("story.next_unread", "next unread"),
            ("story.page", "browser"),
            ("pane.back", "back"),
        )

    def compose(self) -> ComposeResult:
        """The head of a story; its text comes with the first one that is opened."""
        self._head = Static(self._invitation(), id="head", markup=False)
        yield self._head

    def move(self, where: str) -> None:
        """Scroll: "down", "page_up", "top"…, at once."""
        actions = {"top": "home", "bottom": "end"}
        getattr(self, f"scroll_{actions.get(where, where)}")(animate=False)

    def watch_headline(self) -> None:
        """Another story, or another state of the same one."""
        self._show_head()

    def _show_head(self) -> None:
        """Headline and byline; in the place of a text that is not there, why it is not."""
        if not self.is_mounted or self.headline is None:
            return
        parts = [foreign(self.headline.title, "bold $accent"), self._byline(self.headline)]
        remark = self._remark()
        if remark:
            parts += [BLANK, remark]
        self._head.update(Content("\n").join(parts))

    def watch_place(self, place: tuple[int, int]) -> None:
        """Say where in the list one is."""
        number, count = place
        where = own(f" · {number} of {count}", "not bold") if number else BLANK
        self.border_title = own("Story") + where

    async def watch_story(self, story: Story | Problem | None) -> None:
        """Show the text, from its beginning."""
        self._show_head()
        if self._body is not None:
            self._body.display = isinstance(story, Story) and bool(story.body)
        if isinstance(story, Story) and story.body:
            body = await self._text()
            await body.update(clean_block(story.body))
            self.scroll_home(animate=False)

    def _remark(self) -> Content:
        page = f"{self._keys['story.page']} opens the page"
        match self.story:
            case None:
                return own("…", "dim")
            case Problem() as problem:
                return (
                    own("⚠ ", "$error") + foreign(str(problem), "$error") + own(f"\n{page}", "dim")
                )
            case Story(body=""):
                return own(f"The feed brings no text for this story. {page}.", "dim")
        return BLANK

    async def _text(self) -> StoryBody:
        if self._body is None:
            from radiotui.ui.story_body import StoryBody

            self._body = StoryBody()
            await self.mount(self._body)
        return self._body

    def on_story_body_followed(self, event: StoryBody.Followed) -> None:
        """Pass the link on."""
        event.stop()
        self.post_message(self.Follow(event.url))

    def _invitation(self) -> Content:
        key = self._keys["list.choose"]
        return own("No story open", "bold") + own(f"\n{key} on a story opens it here", "dim")

    def _byline(self, headline: Headline) -> Content:
        # A story that is still coming is the one of another headline.
        story = self.story if isinstance(self.story, Story) else None
        if story is not None and story.headline.id != headline.id:
            story = None
        words = len(story.body.split()) if story else 0
        facts = [
            own("★", "$accent") if headline.starred else BLANK,
            own("● unread", "$accent") if not headline.read else BLANK,
            own(date(headline.published, self.now), "dim") if headline.published else BLANK,
            own(f"{max(1, round(words / _WORDS_PER_MINUTE))} min", "dim") if words else BLANK,
        ]
        byline = foreign(story.byline, "dim") if story else BLANK
        second = Content(" · ").join([fact for fact in facts if fact])
        return Content("\n").join([line for line in (byline, second) if line])
