"""Podcasts by what a listener calls them, and found ones of which each feed is once."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from radiotui.podcasts.model import FoundPodcast, Podcast
from radiotui.problems import Problem, ProblemKind
from radiotui.text import clean, nearest, shorten, without_password

_MOST_NAMED = 5
_LIST_HINT = "'radiotui podcasts' lists what there is"


def podcast_of_name(name: str, podcasts: Iterable[Podcast]) -> Podcast:
    """The podcast of that address or title, or the only one with those words in its title."""
    podcasts = list(podcasts)
    name = clean(name, 2000)
    by_title: dict[str, Podcast] = {}
    for podcast in podcasts:
        by_title.setdefault(podcast.state.title.casefold(), podcast)
        if name in {podcast.state.url, without_password(podcast.state.url)}:
            return podcast
    words = name.casefold().split()
    if name.casefold() in by_title:
        return by_title[name.casefold()]
    matches = [title for title in by_title if words and all(word in title for word in words)]
    if len(matches) == 1:
        return by_title[matches[0]]
    shown = shorten(name, 80)
    if matches:
        titles = [by_title[title].state.title for title in matches[:_MOST_NAMED]]
        raise Problem(f"several podcasts are called {shown!r}", f"there are: {', '.join(titles)}")
    meant = nearest(name.casefold(), list(by_title))
    hint = f"did you mean {by_title[meant].state.title}?" if meant else _LIST_HINT
    raise Problem(f"there is no podcast {shown!r}", hint, kind=ProblemKind.USAGE)


def each_feed_once(lists: Iterable[list[FoundPodcast]]) -> Iterable[FoundPodcast]:
    """The answers in turn: the first of each directory, then the second ones; each feed once."""
    from itertools import chain, zip_longest

    by_feed: dict[str, FoundPodcast] = {}
    for podcast in filter(None, chain.from_iterable(zip_longest(*lists))):
        key = podcast.url.partition("://")[2].casefold().rstrip("/")
        before = by_feed.setdefault(key, podcast)
        if before.episodes is None and podcast.episodes is not None:
            by_feed[key] = replace(before, episodes=podcast.episodes)
    return by_feed.values()
