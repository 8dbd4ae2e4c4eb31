"""What the store gives, as what is shown: headlines, stories, results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from radiotui.articles.serialise import (
    plain_body,
    read_article,
    read_blocks,
    read_changes,
    read_figures,
)
from radiotui.documents.model import Article, Figure, StoryAudio
from radiotui.feeds.parsing.parse import feed_name
from radiotui.problems import Problem
from radiotui.store.articles import StoredPage
from radiotui.store.feeds import Feed
from radiotui.store.search import BEGIN, END
from radiotui.store.stories import StoredStory, Whole
from radiotui.stories.model import FeedState, Headline, SearchResult, Story
from radiotui.text import clean

_MUCH_SHORTER = 0.5


def headline(kept: StoredStory) -> Headline:
    """A line of the list."""
    audio = StoryAudio(kept.audio.url, kept.audio.seconds) if kept.audio else None
    return Headline(
        id=kept.id,
        title=kept.title,
        published=kept.published,
        read=kept.read,
        starred=kept.starred,
        feed=kept.feed,
        feed_title=kept.feed_title,
        link=kept.link,
        others=kept.others,
        audio=audio,
    )


def story_of(whole: Whole | None, page: StoredPage | None, address: str = "") -> Story:
    """What the reader shows: the page's article, or the feed's text and why.

    Without an entry it is the article of ``address``. Raises Problem when there
    is neither.
    """
    told = read_article(page.content) if page else None
    why = page.problem if page else None
    changes = read_changes(page.changes) if page else None
    if whole is None:
        if told is None:
            raise why or Problem(f"{feed_name(address)} gave nothing to read")
        return Story(_headline_of(told), told, whole=True, why=why, changes=changes)
    line = headline(whole.kept)
    brought = _brought(whole, line)
    if told is None:
        return Story(line, brought, why=why, place=whole.place)
    return Story(
        line, _completed(told, brought), whole=True, why=why, changes=changes, place=whole.place
    )


def _headline_of(article: Article) -> Headline:
    return Headline(
        id=0,
        title=article.title,
        published=article.published,
        read=True,
        starred=False,
        feed="",
        feed_title=article.site,
        link=article.url,
        audio=article.audio,
    )


def _brought(whole: Whole, line: Headline) -> Article:
    """What the feed itself says of a story."""
    figures: tuple[Figure, ...] = read_figures(whole.figures)
    updated = whole.updated if whole.updated != line.published else None
    return Article(
        url=line.link or line.feed,
        title=line.title,
        parts=read_blocks(whole.body),
        byline=whole.byline,
        published=line.published,
        updated=updated,
        site=line.feed_title,
        lead=figures[0] if figures else None,
        audio=line.audio,
    )


def _completed(told: Article, brought: Article) -> Article:
    """The page's article with what only the feed knows."""
    short = told.words < _MUCH_SHORTER * brought.words
    return replace(
        told,
        title=told.title or brought.title,
        parts=brought.parts if short else told.parts,
        byline=told.byline or brought.byline,
        published=told.published or brought.published,
        site=told.site or brought.site,
        lead=told.lead or (None if told.figures else brought.lead),
        audio=_heard(told.audio, brought.audio),
    )


def _heard(told: StoryAudio | None, brought: StoryAudio | None) -> StoryAudio | None:
    """The page's sound; only the feed may know how long it lasts."""
    if told is None or brought is None or told.seconds is not None:
        return told or brought
    same = told.url.partition("?")[0] == brought.url.partition("?")[0]
    return replace(told, seconds=brought.seconds) if same else told


def found(kept: StoredStory, snippet: str) -> SearchResult:
    """A result of the search, with where its words are."""
    # Between the marks stands foreign text, cleaned when it was kept; the marks are ours.
    text = ""
    matches: list[tuple[int, int]] = []
    for number, piece in enumerate(snippet.split(BEGIN)):
        word, end, rest = piece.partition(END) if number else ("", "", piece)
        begin = len(text)
        text += " ".join(word.split()) if end else ""
        if end:
            matches.append((begin, len(text)))
        text += (rest if end or not number else word).replace("\n", " ")
    if not matches:
        return SearchResult(headline(kept), clean(plain_body(text), 200))
    return SearchResult(headline(kept), text, tuple(matches))


def feed_state(feed: Feed, counted: tuple[int, int]) -> FeedState:
    """How a feed does."""
    return FeedState(
        url=feed.url,
        title=feed.title or feed_name(feed.url),
        stories=counted[0],
        unread=counted[1],
        asked_at=feed.asked_at,
        answered_at=feed.answered_at,
        next_at=None if feed.gone else feed.next_at,
        interval=float(feed.interval),
        saved=feed.saved,
        gone=feed.gone,
        problem=feed.problem,
    )


def together(problems: Sequence[Problem]) -> Problem | None:
    """Several problems as one: the first, and how many more."""
    if not problems:
        return None
    first = problems[0]
    more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
    # A new one: a raised one holds on to all that its traceback saw.
    return first.reworded(title=first.title + more)
