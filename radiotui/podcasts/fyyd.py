"""fyyd's directory of podcasts, which needs no key: https://github.com/eazyliving/fyyd-api.

``GET {base}/0.2/search/podcast?title=&count=`` gives ``data[]{title, author, xmlURL,
episode_count, layoutImageURL}``.
"""

from __future__ import annotations

from urllib.parse import quote

from radiotui.directories.answers import read_answer
from radiotui.guide.sources.loose import link, number, part, rows, words
from radiotui.net.client import Net
from radiotui.podcasts.model import FoundPodcast

BASE = "https://api.fyyd.de"

_WHO = "fyyd"
_MOST = 50


class FyydDirectory:
    """fyyd's podcasts, asked at ``base``."""

    name = "fyyd"

    def __init__(self, base: str = BASE) -> None:
        self.base = base

    async def find(self, net: Net, typed: str) -> list[FoundPodcast]:
        """Podcasts with those words in their title, best first. Raises Problem."""
        question = f"/0.2/search/podcast?title={quote(typed, safe='')}&count={_MOST}"
        return await read_answer(net, self.base + question, _WHO, self.podcasts_in)

    def podcasts_in(self, answer: object) -> list[FoundPodcast] | None:
        """Podcasts of an answer; None for one of another shape."""
        if not isinstance(part(answer, "data"), list):
            return None
        return [podcast for row in rows(answer, "data") if (podcast := self._podcast(row))]

    def _podcast(self, row: object) -> FoundPodcast | None:
        url, title = link(row, "xmlURL"), words(row, "title")
        if url is None or not title:
            return None
        count = number(row, "episode_count")
        return FoundPodcast(
            title,
            url,
            self.name,
            words(row, "author"),
            int(count) if count is not None and count >= 0 else None,
            picture=link(row, "layoutImageURL") or "",
        )
