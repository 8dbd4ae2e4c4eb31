"""Rows of the store as snapshots: headlines, stories, search results."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from radiotui.articles.serialise import (
    plain_body,
    read_article,
    read_blocks,
    read_changes,
    read_figures,
)
from radiotui.documents.model import Article, Figure, StoryAudio
from radiotui.feeds.parsing.parse import feed_name
from radiotui.net.urls import web_link
from radiotui.problems import Problem
from radiotui.store import feeds, search
from radiotui.store.articles import StoredPage
from radiotui.store.episode_files import transcripts
from radiotui.store.feeds import Feed
from radiotui.store.search import BEGIN, END, SearchQuery
from radiotui.store.stories import StoredStory, Whole
from radiotui.stories.model import FeedState, Headline, SearchResult, Story
from radiotui.stories.transcript_lines import second_of
from radiotui.text import clean

if TYPE_CHECKING:
    import sqlite3

_MUCH_SHORTER = 0.5
_MOST_TIMED = 20
"""Of the results: an episode's words take some milliseconds to go through."""


def headline(stored: StoredStory) -> Headline:
    """A line of the list."""
    progress = stored.progress
    return Headline(
        id=stored.id,
        title=stored.title,
        published=stored.published,
        read=stored.read,
        starred=stored.starred,
        feed=stored.feed,
        feed_title=stored.feed_title,
        link=stored.link,
        other_feeds=stored.other_feeds,
        audio=_own_sound(stored),
        season=stored.label.season,
        number=stored.label.number,
        picture=web_link(stored.label.image),
        heard=progress.heard if progress else 0.0,
        is_played=progress is not None and progress.is_played,
    )


def _own_sound(stored: StoredStory) -> StoryAudio | None:
    """The entry's sound; its length may be known only since it was played."""
    if stored.audio is None:
        return None
    played_length = stored.progress.length if stored.progress else 0.0
    return StoryAudio(stored.audio.url, stored.audio.seconds or played_length or None)


def story_of(whole: Whole | None, page: StoredPage | None, address: str = "") -> Story:
    """Story for the reader: the page's article, or the feed's text and why.

    Without an entry it is the article of ``address``. Raises Problem when there
    is neither.
    """
    page_article = read_article(page.content) if page else None
    why = page.problem if page else None
    changes = read_changes(page.changes) if page else None
    if whole is None:
        if page_article is None:
            raise why or Problem(f"{feed_name(address)} gave nothing to read")
        return Story(_headline_of(page_article), page_article, whole=True, why=why, changes=changes)
    line = headline(whole.entry)
    feed_article = _feed_article(whole, line)
    if page_article is None:
        return Story(line, feed_article, why=why, place=whole.place)
    return Story(
        line,
        _completed(page_article, feed_article),
        whole=True,
        why=why,
        changes=changes,
        place=whole.place,
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


def _published(page_article: Article, feed_article: Article) -> datetime | None:
    """Time of publication as the page says, but for a page that knows only the day."""
    at = page_article.published
    knows_the_time = at is not None and (at.hour, at.minute, at.second) != (0, 0, 0)
    return at if knows_the_time else feed_article.published or at


def _feed_article(whole: Whole, line: Headline) -> Article:
    """Article made of the feed's own text."""
    figures: tuple[Figure, ...] = read_figures(whole.figures)
    if not figures and line.picture is not None:
        figures = (Figure(line.picture),)
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


def _completed(page_article: Article, feed_article: Article) -> Article:
    """The page's article with what only the feed knows."""
    short = page_article.words < _MUCH_SHORTER * feed_article.words
    return replace(
        page_article,
        title=page_article.title or feed_article.title,
        parts=feed_article.parts if short else page_article.parts,
        byline=page_article.byline or feed_article.byline,
        published=_published(page_article, feed_article),
        site=page_article.site or feed_article.site,
        lead=page_article.lead or (None if page_article.figures else feed_article.lead),
        audio=_story_audio(page_article.audio, feed_article.audio),
    )


def _story_audio(of_page: StoryAudio | None, of_feed: StoryAudio | None) -> StoryAudio | None:
    """The page's sound; only the feed may know how long it lasts."""
    if of_page is None or of_feed is None or of_page.seconds is not None:
        return of_page or of_feed
    same = of_page.url.partition("?")[0] == of_feed.url.partition("?")[0]
    return replace(of_page, seconds=of_feed.seconds) if same else of_page


def search_results(
    query: SearchQuery,
    limit: int,
    listed: Collection[str] | None,
    connection: sqlite3.Connection,
) -> list[SearchResult]:
    """The results of the search. It is for the store's thread: a snippet may be of any length."""
    matches = search.search(connection, query, limit, listed)
    return [
        replace(_search_result(stored, snippet), second=_second(connection, stored.id, snippet))
        if number < _MOST_TIMED
        else _search_result(stored, snippet)
        for number, (stored, snippet) in enumerate(matches)
    ]


def _second(connection: sqlite3.Connection, entry: int, snippet: str) -> float | None:
    """Second at which the found words of a snippet are said: most of them in one line."""
    lines = snippet.split("\n")
    fullest = max(range(len(lines)), key=lambda number: lines[number].count(BEGIN))
    rest = "\n".join(lines[fullest:])
    found_at = rest.find(BEGIN)
    if found_at < 0:
        return None
    words = rest[found_at:].replace(BEGIN, "").replace(END, "").removesuffix("…")
    seconds = (second_of(stored, words) for stored in transcripts(connection, entry))
    return next((second for second in seconds if second is not None), None)


def _search_result(stored: StoredStory, snippet: str) -> SearchResult:
    """A result of the search, with where its words are."""
    # Between the marks stands foreign text, cleaned when it was stored; the marks are ours.
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
        return SearchResult(headline(stored), clean(plain_body(text), 200))
    return SearchResult(headline(stored), text, tuple(matches))


def feed_states(connection: sqlite3.Connection, urls: Sequence[str] | None) -> list[FeedState]:
    """State of each feed; None: of every one that was ever asked for."""
    known_feeds = feeds.feeds(connection, urls)
    counted = feeds.counts(connection, [feed.id for feed in known_feeds])
    return [_feed_state(feed, counted.get(feed.id, (0, 0))) for feed in known_feeds]


def _feed_state(feed: Feed, counted: tuple[int, int]) -> FeedState:
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
        is_withdrawn=feed.gone,
        problem=feed.problem,
    )


def together(problems: Sequence[Problem]) -> Problem | None:
    """Several problems as one: the first, and how many more."""
    if not problems:
        return None
    first = problems[0]
    rest = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
    # A new one: a raised one holds on to all that its traceback saw.
    return first.reworded(title=first.title + rest)
