"""Apple's directory of podcasts, which needs no key.

``GET {base}/search?media=podcast&term=`` gives ``results[]{collectionName, artistName, feedUrl,
artworkUrl600, trackCount, genres[]}``, ``GET {base}/lookup?id=`` the same of one podcast; what is
to be had at Apple alone has no ``feedUrl``. It answers some 20 questions a minute.
"""

from __future__ import annotations

import re

from radiotui.net.client import Net
from radiotui.net.urls import host_of, parts_of
from radiotui.podcasts.directory import PodcastDirectory, RowKeys
from radiotui.podcasts.model import FoundPodcast
from radiotui.problems import Problem

BASE = "https://itunes.apple.com"

_ID = re.compile(r"/id(\d{1,15})(?:/|$)")
_HOSTS = {"podcasts.apple.com", "itunes.apple.com"}


class AppleDirectory(PodcastDirectory):
    """Apple's podcasts."""

    name = "Apple"
    search = "/search?media=podcast&limit=50&term="
    keys = RowKeys(
        podcasts="results",
        title="collectionName",
        feed="feedUrl",
        author="artistName",
        episodes="trackCount",
        picture="artworkUrl600",
        genres="genres",
    )
    no_genre = "Podcasts"

    async def feed_of(self, net: Net, podcast_id: str) -> FoundPodcast:
        """The podcast with that id. Raises Problem, also where it is to be had at Apple alone."""
        podcasts = await self.ask(net, f"/lookup?id={podcast_id}")
        if not podcasts:
            raise Problem(
                "Apple names no feed of this podcast", "it may be one for Apple's own player"
            )
        return podcasts[0]


def apple_id(address: str) -> str | None:
    """The id in the address of a podcast's page at Apple; None for any other address."""
    address = address if "://" in address else f"https://{address}"
    match = _ID.search(parts_of(address).path)
    return match[1] if match and host_of(address) in _HOSTS else None
