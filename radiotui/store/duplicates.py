"""When two entries of different feeds are one story.

Stations repeat each other's stories: under the same address, or under a title
of their own that says nearly the same on the same day.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

SAME_DAY_SECONDS = 36 * 3600
_LEAST_WORDS = 5
"""Shorter titles ("News brief") are many stories' title."""
_AT_AN_END = 3
_ALIKE = 0.7
_WORD = re.compile(r"[^\W_]+")
_FILLERS = frozenset(
    "a an and as at by for from in is it its of on or that the to with".split()  # noqa: SIM905
)
# What newsletters and social networks append; it says who sent the reader and not what is read.
_TRACKING = re.compile(r"(utm_|fbclid|gclid|mc_[ce]id|ft$|f$|cmp$|_ga$)", re.IGNORECASE)


class TitleKey(NamedTuple):
    """What is compared of a title."""

    words: str
    """Its significant words, in lower case."""
    head: str | None
    """Its first few words; None for a title too short to be compared."""
    tail: str | None


def link_key(link: str | None) -> str | None:
    """What is the same for every way to write one address; None for a site's front page."""
    if not link:
        return None
    parts = urlsplit(link)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    path = parts.path.rstrip("/").removesuffix("/index.html")
    query = [pair for pair in parse_qsl(parts.query) if not _TRACKING.match(pair[0])]
    if not path and not query:
        return None
    port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    return f"{host}{port}{path}{'?' + urlencode(query) if query else ''}"


def title_key(title: str) -> TitleKey:
    """What is compared of ``title``."""
    words = [word for word in _WORD.findall(title.casefold()) if word not in _FILLERS]
    if len(words) < _LEAST_WORDS:
        return TitleKey(" ".join(words), None, None)
    return TitleKey(" ".join(words), " ".join(words[:_AT_AN_END]), " ".join(words[-_AT_AN_END:]))


def alike(words: str, others: str) -> bool:
    """Whether two titles' significant words say nearly the same."""
    mine, theirs = set(words.split()), set(others.split())
    return len(mine & theirs) >= _ALIKE * len(mine | theirs)
