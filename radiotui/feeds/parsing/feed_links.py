"""Links of a web page that lead to a feed, and the addresses with schemes of feed readers.

Pages declare feeds by ``<link rel="alternate">``
(https://www.rssboard.org/rss-autodiscovery) or ``rel="feed"``; podcasts' pages often
have nothing but an ``<a href>``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from radiotui.net.urls import parts_of, web_link

_FEED_TYPES = {
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
}
_XML_TYPES = {"text/xml", "application/xml"}
# What browsers hand over to feed readers and podcast programs.
_READERS_SCHEME = re.compile(r"\s*(?:feed|itpc|pcast|podcast)(s?):(?://)?(?=\S)", re.IGNORECASE)
_FEED_HOST = re.compile(r"(?:feeds?|rss|podcastfeeds?)\d{0,3}\.")
_NO_FEED_PATH = re.compile(
    r"\.(?:mp3|m4a|mp4|ogg|opus|jpe?g|png|gif|html?|pdf|opml)$", re.IGNORECASE
)
_FEED_PATH = re.compile(
    r"\.(?:rss|atom|rdf)$|/(?:rss|atom|feeds?)(?:\.(?:xml|php|json))?$|/index\.xml$"
    r"|/feeds?/[^/]{1,80}(?:\.xml)?$|(?:rss|feed|atom|podcast)[^/]{0,40}\.(?:xml|json)$",
    re.IGNORECASE,
)
_FEED_QUERY = re.compile(
    r"(?:^|&)(?:feed|format|type|output)=(?:rss2?|atom|podcast)\b", re.IGNORECASE
)
_FEED_WORDS = re.compile(r"\b(?:rss|atom|xml|podcast)[\s-]{0,3}(?:feed)?\b|\bfeed\b", re.IGNORECASE)


def without_readers_scheme(address: str, *, guess: str = "http") -> str:
    """``address`` as a web address where it is one for feed readers: "feed://", "itpc://".

    ``guess`` is the scheme of one that says neither http nor https; it may be empty.
    """
    scheme = _READERS_SCHEME.match(address)
    if scheme is None:
        return address
    rest = address[scheme.end() :]
    if not guess or re.match(r"https?://", rest, re.IGNORECASE):
        return rest
    return f"{guess}{scheme[1].lower()}://{rest}"


def declared_feed(attributes: Mapping[str, str], base: str) -> str | None:
    """Address of the feed that a ``<link>`` with these attributes declares."""
    relations = attributes.get("rel", "").lower().split()
    kind = attributes.get("type", "").partition(";")[0].strip().lower()
    address = _address(attributes, base)
    if address is None or "stylesheet" in relations:
        return None
    if "feed" in relations or (
        "alternate" in relations
        and (kind in _FEED_TYPES | _XML_TYPES or _is_json_feed(kind, address))
    ):
        return address
    return None


def linked_feed(attributes: Mapping[str, str], words: str, base: str) -> str | None:
    """Address of what may be a feed behind an ``<a>`` with these attributes and words."""
    address = _address(attributes, base)
    if address is None:
        return None
    if (
        _READERS_SCHEME.match(attributes.get("href", ""))
        or "feed" in attributes.get("rel", "").lower().split()
    ):
        return address
    kind = attributes.get("type", "").partition(";")[0].strip().lower()
    parts = parts_of(address)
    path = parts.path.rstrip("/")
    if kind in _FEED_TYPES or _FEED_PATH.search(path) or _FEED_QUERY.search(parts.query):
        return address
    looks_so = (path and _FEED_HOST.match(parts.hostname or "")) or (
        path.lower().endswith(".xml") and _FEED_WORDS.search(words)
    )
    return address if looks_so and not _NO_FEED_PATH.search(path) else None


def _address(attributes: Mapping[str, str], base: str) -> str | None:
    return web_link(without_readers_scheme(attributes.get("href", "")), base)


def _is_json_feed(kind: str, address: str) -> bool:
    # As JSON Feed 1.0 has it; WordPress declares its interface in the same way.
    return kind == "application/json" and "feed" in parts_of(address).path.lower()
