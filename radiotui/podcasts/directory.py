"""Reading of a podcasts' directory, whose answer is a list with a row for each podcast."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import quote

import msgspec

from radiotui.directories.answers import read_answer
from radiotui.guide.sources.loose import link, number, part, rows, words
from radiotui.net.client import Net
from radiotui.podcasts.model import FoundPodcast

_MOST_GENRES = 20


class RowKeys(msgspec.Struct, frozen=True):
    """Keys of an answer's list, and of the values in its rows."""

    podcasts: str
    title: str
    feed: str
    author: str
    episodes: str
    picture: str
    genres: str = ""


class PodcastDirectory:
    """A directory that is asked at ``base`` by ``search``, with the words as its last value."""

    name: ClassVar[str]
    """As listeners read it."""
    search: ClassVar[str]
    """Path and query up to the words."""
    keys: ClassVar[RowKeys]
    no_genre: ClassVar[str] = ""
    """A genre that each of them has."""

    def __init__(self, base: str) -> None:
        self.base = base

    async def find(self, net: Net, typed: str) -> list[FoundPodcast]:
        """Podcasts with those words, best first. Raises Problem."""
        return await self.ask(net, f"{self.search}{quote(typed, safe='')}")

    async def ask(self, net: Net, question: str) -> list[FoundPodcast]:
        """Podcasts of the answer to a path. Raises Problem."""
        return await read_answer(net, self.base + question, self.name, self.podcasts_in)

    def podcasts_in(self, answer: object) -> list[FoundPodcast] | None:
        """Podcasts of an answer, without those that have no feed; None for another shape."""
        if not isinstance(part(answer, self.keys.podcasts), list):
            return None
        podcasts = (self._podcast(row) for row in rows(answer, self.keys.podcasts))
        return [podcast for podcast in podcasts if podcast is not None]

    def _podcast(self, row: object) -> FoundPodcast | None:
        url, title = link(row, self.keys.feed), words(row, self.keys.title)
        if url is None or not title:
            return None
        count = number(row, self.keys.episodes)
        return FoundPodcast(
            title,
            url,
            self.name,
            words(row, self.keys.author),
            int(count) if count is not None and count >= 0 else None,
            self._genres(row),
            link(row, self.keys.picture) or "",
        )

    def _genres(self, row: object) -> tuple[str, ...]:
        genres = part(row, self.keys.genres)
        listed = genres[:_MOST_GENRES] if isinstance(genres, list) else ()
        names = (words(genre, limit=60) for genre in listed)
        return tuple(name for name in names if name and name != self.no_genre)
