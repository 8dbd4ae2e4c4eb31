"""Chart of podcasts by Apple, of a country and a genre.

``GET {base}/{country}/rss/toppodcasts/limit=/genre=/explicit=true/json`` gives
``feed.entry[]{id.attributes.im:id}`` in the chart's order, an object alone where there is one; the
feeds of them all are asked for at once by ``/lookup?id=1,2,3``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from radiotui.directories.answers import read_answer
from radiotui.guide.sources.loose import part, rows, words
from radiotui.net.client import Net
from radiotui.podcasts.apple import AppleDirectory
from radiotui.podcasts.model import FoundPodcast
from radiotui.problems import Problem, ProblemKind
from radiotui.text import clean, nearest, shorten

_MOST = 50
_COUNTRY = "us"
"""Country whose chart is shown where the locale names none."""
GENRES = {
    "arts": 1301,
    "business": 1321,
    "comedy": 1303,
    "education": 1304,
    "fiction": 1483,
    "government": 1511,
    "health": 1512,
    "history": 1487,
    "kids": 1305,
    "leisure": 1502,
    "music": 1310,
    "news": 1489,
    "religion": 1314,
    "science": 1533,
    "society": 1324,
    "sports": 1545,
    "technology": 1318,
    "true-crime": 1488,
    "tv": 1309,
}
"""Apple's numbers of its genres."""


def country_of_locale(environ: Mapping[str, str] = os.environ) -> str:
    """Country of the listener's locale as Apple writes it: "en_GB.UTF-8" gives "gb"."""
    locale = next(filter(None, map(environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    country = locale.partition("_")[2][:2].lower()
    return country if _is_country(country) else _COUNTRY


async def apple_chart(
    directory: AppleDirectory, net: Net, country: str = "", genre: str = ""
) -> list[FoundPodcast]:
    """Podcasts of a chart, the first one first, without those that have no feed.

    Without ``country`` that of the locale. Raises Problem.
    """
    country = clean(country, 80).lower() or country_of_locale()
    if not _is_country(country):
        title = f"there is no country {shorten(country, 40)!r}"
        raise Problem(title, "write two letters, such as us or de", kind=ProblemKind.USAGE)
    of_genre = f"/genre={_genre(genre)}" if genre else ""
    url = f"{directory.base}/{country}/rss/toppodcasts/limit={_MOST}{of_genre}/explicit=true/json"
    ids = await read_answer(net, url, directory.name, ids_in_chart)
    if not ids:
        return []
    question = f"/lookup?country={country}&id={','.join(ids)}"
    answer = await read_answer(net, directory.base + question, directory.name, _rows_by_id)
    in_order = [answer[podcast_id] for podcast_id in ids if podcast_id in answer]
    return directory.podcasts_in({"results": in_order}) or []


def _genre(name: str) -> int:
    name = clean(name, 80).lower().replace(" ", "-")
    if name not in GENRES:
        meant = nearest(name, list(GENRES))
        hint = f"did you mean {meant}?" if meant else f"there are {', '.join(GENRES)}"
        title = f"there is no genre {shorten(name, 40)!r}"
        raise Problem(title, hint, kind=ProblemKind.USAGE)
    return GENRES[name]


def _is_country(word: str) -> bool:
    return len(word) == 2 and word.isascii() and word.isalpha()


def ids_in_chart(answer: object) -> list[str] | None:
    """Ids of a chart, each once; None for what is no chart."""
    if not isinstance(part(answer, "feed"), dict):
        return None
    ids = (
        words(row, "id", "attributes", "im:id", limit=15) for row in rows(answer, "feed", "entry")
    )
    return list(dict.fromkeys(word for word in ids if word.isdecimal() and word.isascii()))[:_MOST]


def _rows_by_id(answer: object) -> dict[str, Any] | None:
    """Rows of a lookup by the podcast's id."""
    if not isinstance(part(answer, "results"), list):
        return None
    return {words(row, "collectionId", limit=15): row for row in rows(answer, "results")}
