"""Head of a story: where it is from, headline, byline, facts and remarks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import permutations
from typing import TYPE_CHECKING

import msgspec
from textual.content import Content

from radiotui.documents.model import Article, ArticleChanges, StoryAudio
from radiotui.problems import Problem
from radiotui.stories.model import Headline, Story
from radiotui.text import clean, clock_duration
from radiotui.ui.kit.content import BLANK, cut, trusted, untrusted
from radiotui.ui.kit.time_words import date, hour, local
from radiotui.ui.widgets.reader.blocks import Room, Words

if TYPE_CHECKING:
    from radiotui.podcasts.model import EpisodeContents

HEAD_COMMANDS = (
    *("list.choose", "story.page", "story.changes", "story.listen"),
    *("story.transcript", "story.links"),
)
"""Commands whose keys the head names."""


_BORDER_COLUMNS = 7
"""Columns of the upper border that no title can have, and the one between it and a bar."""


class StoryHead(msgspec.Struct, frozen=True):
    """All that the head of a story is made of."""

    headline: Headline
    story: Story | Problem | None
    """None while it comes."""
    now: datetime
    fetching: bool
    """Whether its page is asked for."""
    keys: Mapping[str, str]
    """Command id -> its key, as words."""
    room: Room
    """Room there is: a fact is not broken in the middle."""
    contents: EpisodeContents | None = None
    """Of an episode, once they are known."""

    def block(self) -> Words:
        """Kicker, headline, byline, facts, and what is the matter, if something is."""
        spacious, others = not self.room.is_short, self._other_feeds()
        lines = [
            *self._kicker(),
            untrusted(self.headline.title, "bold $headline"),
            *([BLANK] if spacious else []),
            *_packed([fact for fact in self._facts() if fact], self.room.columns),
            *([others] if others and not self.room.margin else []),
            *self._remarks(),
        ]
        note = others if self.room.margin else BLANK
        return Words(Content("\n").join(lines), gap=BLANK if spacious else None, note=note)

    def _kicker(self) -> Iterator[Content]:
        """ "KNAU Arizona Public Radio · Arizona News": the page's station, and the feed."""
        site = self._told.article.site if self._told else ""
        names = [clean(name) for name in (site, self.headline.feed_title)]
        # "NPR" says nothing beside "NPR News".
        words = (
            names if not any(a in b for a, b in permutations(names, 2)) else [max(names, key=len)]
        )
        if any(words):
            yield cut(untrusted(" · ".join(words), "$accent"), self.room.columns)

    @property
    def _told(self) -> Story | None:
        # A story that is still coming is the one of another headline.
        story = self.story if isinstance(self.story, Story) else None
        return story if story is not None and story.headline.id == self.headline.id else None

    def _facts(self) -> Iterator[Content]:
        article = self._told.article if self._told else None
        published = (article and article.published) or self.headline.published
        yield untrusted(article.byline) if article is not None else BLANK
        yield trusted(date(published, self.now), "dim") if published else BLANK
        yield from self._of(article) if article else ()
        yield self._audio(article.audio if article else None)
        yield from self._contents()
        yield trusted("★", "$accent") if self.headline.starred else BLANK
        yield trusted("● unread", "$accent") if not self.headline.read else BLANK

    def _other_feeds(self) -> Content:
        names = [untrusted(name) for name in self.headline.other_feeds]
        return (trusted("also at: ") + Content(", ").join(names)).stylize("dim") if names else BLANK

    def _of(self, article: Article) -> Iterator[Content]:
        if article.updated and article.updated != article.published:
            yield trusted(f"updated {self._moment(article.updated, article.published)}", "dim")
        if article.minutes:
            yield trusted(f"{article.minutes} min", "dim")

    def _audio(self, of_page: StoryAudio | None) -> Content:
        """That it can be heard, and with which key; the player is asked with that command."""
        audio = of_page or self.headline.audio
        if audio is None:
            return BLANK
        length = f" {clock_duration(audio.seconds)}" if audio.seconds else ""
        words = f"▶ listen{length} · {self.keys['story.listen']}"
        return trusted(words, "$accent", "screen.do('story.listen')")

    def _contents(self) -> Iterator[Content]:
        """That there is a transcript, and chapters, and with which keys."""
        contents = self.contents
        if contents is not None and contents.has_transcript:
            words = f"¶ transcript · {self.keys['story.transcript']}"
            yield trusted(words, "$accent", "screen.do('story.transcript')")
        if contents is not None and (count := len(contents.chapters)):
            words = f"≡ {count} chapter{'s' * (count != 1)} · {self.keys['story.links']}"
            yield trusted(words, "$accent", "screen.do('story.links')")

    def _remarks(self) -> Iterator[Content]:
        page = f"{self.keys['story.page']} opens the page" if self.headline.link else ""
        match self.story:
            case None:
                yield BLANK
                yield trusted("…", "dim")
            case Problem() as problem:
                yield BLANK
                yield trusted("⚠ ", "$error") + untrusted(str(problem), "$error")
                yield trusted(page, "dim")
            case Story() as story:
                yield from self._state(story)
                if not story.article.parts and not self.fetching:
                    yield BLANK
                    words = "The feed brings no text for this story."
                    yield trusted(f"{words} {page}." if page else words, "dim")

    def _state(self, story: Story) -> Iterator[Content]:
        if self.fetching:
            yield trusted("◌ fetching the whole story…", "$warning")
        elif not story.whole and story.why is not None:
            reason = untrusted(str(story.why), "$warning")
            yield trusted("◌ Only the feed's summary: ", "$warning") + reason
        elif story.why is not None:
            reason = untrusted(str(story.why), "$warning")
            yield trusted("◌ The text is as it was kept: ", "$warning") + reason
        if story.changes is not None:
            yield trusted(
                f"± {self._changed(story.changes)}", "$warning", "screen.do('story.changes')"
            )

    def _changed(self, changes: ArticleChanges) -> str:
        """ "Changed 14:05: 2 paragraphs new, 1 gone · c shows them"."""
        new, removed = len(changes.added), len(changes.removed)
        parts = [
            "another headline" if changes.title_before else "",
            f"{new} paragraph{'s' * (new != 1)} new" if new else "",
            f"{removed} {'' if new else 'paragraph' + 's' * (removed != 1) + ' '}gone"
            if removed
            else "",
        ]
        summary = ", ".join(part for part in parts if part)
        when = self._moment(changes.at, self.now)
        return f"Changed {when}: {summary} · {self.keys['story.changes']} shows them"

    def _moment(self, moment: datetime, reference: datetime | None) -> str:
        """The hour of a moment; its date instead where ``reference`` is of another day."""
        if reference is not None and local(moment).date() == local(reference).date():
            return hour(local(moment))
        return date(moment, self.now)


def story_title(number: tuple[int, int], share: float | None, columns: int) -> Content:
    """ "Story · 3 of 12 · 40 % read", and a bar; ``share`` is None where nothing is scrolled."""
    index, count = number
    read = "" if share is None else f" · {round(share * 100)} % read"
    where = trusted(f" · {index} of {count}{read}", "not bold") if index else BLANK
    title = trusted("Story") + where
    done = round((share or 0.0) * (columns - _BORDER_COLUMNS - title.cell_length))
    return title + (trusted(" " + "━" * done, "not bold") if done > 0 else BLANK)


def _packed(facts: list[Content], width: int) -> Iterator[Content]:
    """As many to a line as fit."""
    line = BLANK
    for fact in facts:
        longer = line + Content(" · ") + fact if line else fact
        if line and longer.cell_length > width:
            yield line
            longer = fact
        line = longer
    if line:
        yield line
