"""Apple's directory of podcasts, which needs no key.

``GET {base}/search?media=podcast&term=`` gives ``results[]{collectionName, artistName, feedUrl,
artworkUrl600, trackCount, genres[]}``, ``GET {base}/lookup?id=`` the same of one podcast; what is
to be had at Apple alone has no ``feedUrl``. It answers some 20 questions a minute.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from radiotui.directories.answers import read_answer
from radiotui.guide.sources.loose import link, number, part, rows, words
from radiotui.net.client import Net
from radiotui.net.urls import host_of, parts_of
from radiotui.podcasts.model import FoundPodcast
from radiotui.problems import Problem

BASE = "https://itunes.apple.com"

_WHO = "Apple's directory"
_MOST = 50
_ID = re.compile(r"/id(\d{1,15})(?:/|$)")
_HOSTS = {"podcasts.apple.com", "itunes.apple.com"}
_EVERYTHING = "podcasts"
"""A genre that each of them has."""


class AppleDirectory:
    """Apple's podcasts, asked at ``base``."""

    name = "Apple"

    def __init__(self, base: str = BASE) -> None:
        self.base = base

    async def find(self, net: Net, typed: str) -> list[FoundPodcast]:
        """Podcasts with those words in title or author, best first. Raises Problem."""
        question = f"/search?media=podcast&limit={_MOST}&term={quote(typed, safe='')}"
        return await read_answer(net, self.base + question, _WHO, self.podcasts_in)

    async def feed_of(self, net: Net, podcast_id: str) -> FoundPodcast:
        """The podcast with that id. Raises Problem, also where it is to be had at Apple alone."""
        url = f"{self.base}/lookup?id={quote(podcast_id, safe='')}"
        found = await read_answer(net, url, _WHO, self.podcasts_in)
        if not found:
            raise Problem(
                "Apple names no feed of this podcast", "it may be one for Apple's own player", url
            )
        return found[0]

    def podcasts_in(self, answer: object) -> list[FoundPodcast] | None:
        """Podcasts of an answer; None for one of another shape."""
        if not isinstance(part(answer, "results"), list):
            return None
        return [podcast for row in rows(answer, "results") if (podcast := self._podcast(row))]

    def _podcast(self, row: object) -> FoundPodcast | None:
        url, title = link(row, "feedUrl"), words(row, "collectionName")
        if url is None or not title:
            return None
        genres = part(row, "genres")
        names = (
            [words(genre, limit=60) for genre in genres[:20]] if isinstance(genres, list) else []
        )
        count = number(row, "trackCount")
        return FoundPodcast(
            title,
            url,
            self.name,
            words(row, "artistName"),
            int(count) if count is not None and count >= 0 else None,
            tuple(name for name in names if name and name.casefold() != _EVERYTHING),
            link(row, "artworkUrl600") or "",
        )


def apple_id(address: str) -> str | None:
    """The id in the address of a podcast's page at Apple; None for any other address."""
    address = address if "://" in address else f"https://{address}"
    match = _ID.search(parts_of(address).path)
    return match[1] if match and host_of(address) in _HOSTS else None
