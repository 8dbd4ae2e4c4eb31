"""fyyd's directory of podcasts, which needs no key: https://github.com/eazyliving/fyyd-api.

``GET {base}/0.2/search/podcast?title=&count=`` gives ``data[]{title, author, xmlURL,
episode_count, layoutImageURL}``.
"""

from __future__ import annotations

from radiotui.podcasts.directory import PodcastDirectory, RowKeys

BASE = "https://api.fyyd.de"


class FyydDirectory(PodcastDirectory):
    """fyyd's podcasts."""

    name = "fyyd"
    search = "/0.2/search/podcast?count=50&title="
    keys = RowKeys(
        podcasts="data",
        title="title",
        feed="xmlURL",
        author="author",
        episodes="episode_count",
        picture="layoutImageURL",
    )
