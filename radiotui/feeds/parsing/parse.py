"""A feed's bytes as clean entries.

feedparser reads RSS and Atom of every kind, broken ones too; a second pass adds
what it loses.
"""

from __future__ import annotations

import codecs
import io
import logging
import zlib
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from radiotui.feeds.parsing.entry_builder import Draft, detail_line, draft_of
from radiotui.feeds.parsing.identity import by_name, short_name
from radiotui.feeds.parsing.items import FeedItem, feed_items, stored_guids, without
from radiotui.feeds.parsing.mending import (
    mended,
    pieces_of,
    readable_items,
    without_text_input,
)
from radiotui.feeds.parsing.model import Channel, FeedPart, ParsedEntry, ParsedFeed
from radiotui.feeds.parsing.not_a_feed import not_a_feed
from radiotui.net.content_coding import TooLargeError, decoded
from radiotui.net.urls import host_of, parts_of, web_link
from radiotui.problems import Problem
from radiotui.text import clean

if TYPE_CHECKING:
    from radiotui.feeds.parsing.extensions import FeedExtras

log = logging.getLogger(__name__)

GZIP = b"\x1f\x8b\x08"
"""The beginning of a body that gzip has packed."""

MOST_ENTRIES = 20_000
_LARGEST_BYTES = 20 * 1024 * 1024

_PARSERS = (
    "feedparser",
    "radiotui.articles.serialise",
    "radiotui.documents.html_to_blocks",
    "radiotui.documents.picture_urls",
    "radiotui.feeds.parsing.extensions",
    "radiotui.feeds.parsing.json_feed",
)
_SENSELESS = (AttributeError, LookupError, TypeError, ValueError)


def parse_feed(
    body: bytes,
    url: str,
    content_type: str = "",
    digests: Mapping[str, str] | None = None,
    item_hashes: Mapping[str, str] | None = None,
) -> ParsedFeed:
    """Read the feed that ``url`` answered with.

    ``digests`` are those of stored entries, by guid: entries that still say the same are left out.
    ``item_hashes`` are those of the items that they were read from: such an item is not parsed.
    Slow for big feeds and holding the interpreter's lock: not for the loop.
    Raises Problem for what is not a feed. An entry that makes no sense is left out.
    """
    body = _prepared(body, url)
    return _parsed(body, content_type, url, digests or {}, item_hashes)


def parse_part(
    body: bytes, url: str, content_type: str, digests: Mapping[str, str], number: int, count: int
) -> FeedPart:
    """Read one of ``count`` parts of a feed, as :func:`parse_feed` reads one never read before.

    Of a feed whose items may change what others mean the first part is all of it.
    """
    body = _prepared(body, url)
    items = feed_items(body, f"{url} {content_type}")
    if not count <= len(items) <= MOST_ENTRIES:
        whole = _parsed(body, content_type, url, digests, {}) if number == 0 else None
        return FeedPart(whole, is_whole=True)
    begin, end = (len(items) * place // count for place in (number, number + 1))
    try:
        reading = _reading(without(body, items[:begin] + items[end:]), content_type, url)
    except Problem:
        # Of the whole feed the other items are read.
        return FeedPart(None)
    if not reading.is_sound or len(reading.names) != end - begin:
        return FeedPart(None)
    named = {item: name for item, name in zip(items[begin:end], reading.names, strict=True) if name}
    return FeedPart(_parsed_feed(reading, named, digests))


def _prepared(body: bytes, url: str) -> bytes:
    """A feed's bytes, unpacked and mended. Raises Problem where there are none."""
    if not body.strip():
        raise Problem(
            f"{feed_name(url)} sent nothing", "there should be a feed: try again later", url
        )
    body = unpacked(body)
    return body if is_json(body) else mended(body)


def _parsed(
    body: bytes,
    content_type: str,
    url: str,
    digests: Mapping[str, str],
    item_hashes: Mapping[str, str] | None,
) -> ParsedFeed:
    if item_hashes is None:
        return _parsed_feed(_reading(body, content_type, url), {}, digests)
    return _parsed_feed(*_reading_of_news(body, content_type, url, item_hashes), digests)


def _parsed_feed(
    reading: _Reading, named: Mapping[FeedItem, str], digests: Mapping[str, str]
) -> ParsedFeed:
    return ParsedFeed(
        title=reading.title,
        entries=tuple(_news(reading.drafts, digests)),
        guids=tuple(dict.fromkeys([*named.values(), *reading.drafts])),
        picture=reading.picture,
        channel=reading.channel,
        item_hashes={name: item.hash for item, name in named.items()},
    )


def load_feed_parsers() -> None:
    """Import what :func:`parse_feed` imports late."""
    for name in _PARSERS:
        import_module(name)


class _Reading(msgspec.Struct, frozen=True):
    """A feed as feedparser and the second pass read it."""

    title: str
    drafts: dict[str, Draft]
    """The entries by their names, in the feed's order; of two with one name the first."""
    names: list[str | None]
    """The name of each entry, in the feed's order; None for one that makes no sense."""
    picture: str
    channel: Channel
    is_sound: bool
    """True where both passes read it alike, and each entry has the name that it alone gives it."""


def _reading_of_news(
    body: bytes, content_type: str, url: str, item_hashes: Mapping[str, str]
) -> tuple[_Reading, dict[FeedItem, str]]:
    """Reading of a feed without the items that are stored, and the name of each of its items."""
    items = feed_items(body, f"{url} {content_type}")
    # Of more entries than a feed may have only the dates tell which are to be left out.
    stored = stored_guids(items, item_hashes) if len(items) <= MOST_ENTRIES else {}
    reading = _reading(without(body, stored), content_type, url)
    unread = [item for item in items if item not in stored]
    is_whole = len(reading.names) == len(unread)
    if stored and not (is_whole and reading.drafts.keys().isdisjoint(stored.values())):
        # An item that is new has the name of one that is stored: the order decides.
        return _reading(body, content_type, url), {}
    names = dict(zip(unread, reading.names, strict=True)) if is_whole else {}
    return reading, {item: name for item in items if (name := stored.get(item) or names.get(item))}


def _reading(body: bytes, content_type: str, url: str) -> _Reading:
    name = feed_name(url)
    try:
        document, extras = _read(body, content_type, url)
    except Exception as error:
        # feedparser lets errors of many kinds out of the libraries below it.
        raise Problem(
            f"{name} cannot be read as a feed", "it may be damaged", repr(error)
        ) from error
    if not document.get("version") and not document.entries:
        raise not_a_feed(name, body, url, content_type)
    feed = document.feed
    # The link of a broadcast that is announced overwrites the feed's own.
    base = (extras.link if extras.live else web_link(feed.get("link"), url)) or url
    drafts = _drafts(document, extras, body, base)
    entries = by_name(_newest([draft for draft in drafts if draft is not None]))
    names = [
        draft.entry.guid if draft is not None and draft.entry.guid in entries else None
        for draft in drafts
    ]
    title, picture = detail_line(feed.get("title_detail"), 200), _picture(feed, base)
    channel = replace(extras.channel, live=extras.live) if extras.live else extras.channel
    own_names = {short_name(draft.names.usual) for draft in drafts if draft is not None}
    is_sound = extras.is_well_formed and own_names == entries.keys()
    return _Reading(title, entries, names, picture, channel, is_sound)


def _picture(feed: Mapping[str, Any], base: str) -> str:
    """The address of the feed's own picture: of RSS and iTunes, of Atom, of JSON Feed."""
    image = feed.get("image")
    href = image.get("href") if isinstance(image, Mapping) else None
    links = (href, feed.get("logo"), feed.get("icon"))
    addresses = (web_link(link, base) for link in links if isinstance(link, str))
    return next(filter(None, addresses), "")


def feed_name(url: str) -> str:
    """Name of a feed that has no title yet: its host and path."""
    return clean(host_of(url) + parts_of(url).path.rstrip("/"), 80) or clean(url, 80)


def unpacked(body: bytes) -> bytes:
    """``body`` without the gzip that some servers do not declare.

    As it is where more would come out than any body may have, or where it is damaged.
    """
    if not body.startswith(GZIP):
        return body
    try:
        return decoded(body, "gzip", _LARGEST_BYTES)
    except (TooLargeError, zlib.error):
        return body


def is_json(body: bytes) -> bool:
    """Test for a body that begins as an object of JSON, as no XML does."""
    return body[:1000].removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{")


def _read(body: bytes, content_type: str, url: str) -> tuple[Any, FeedExtras]:
    from radiotui.feeds.parsing.extensions import read_extras
    from radiotui.feeds.parsing.json_feed import read_json_feed

    if (json_feed := read_json_feed(body, content_type, url)) is not None:
        return json_feed
    if not body.isascii():
        try:
            body.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            # Servers name a wrong charset more often than other text happens to be valid UTF-8.
            content_type = "application/xml; charset=utf-8"
    try:
        document = _by_feedparser(body, content_type)
    except Exception:
        body = _readable(body, content_type)
        document = _by_feedparser(body, content_type)
    return document, read_extras(body, document.get("encoding") or "", url)


def _by_feedparser(body: bytes, content_type: str) -> Any:
    import feedparser

    # As a file: bytes by themselves would be tried as the name of one.
    # Without a base: it would be put before every guid that does not look like an address.
    return feedparser.parse(
        io.BytesIO(body),
        response_headers={"content-type": content_type or "application/xml"},
        resolve_relative_uris=False,
        # Half of the time it takes goes there, and what is shown is made anew anyway.
        sanitize_html=False,
    )


def _readable(body: bytes, content_type: str) -> bytes:
    """The feed without the items on which feedparser gives up all of it."""

    def reads(part: bytes) -> bool:
        try:
            return bool(_by_feedparser(part, content_type).entries)
        except Exception as error:
            log.info("feedparser gives up: %r", error)
            return False

    body = without_text_input(body)
    pieces = pieces_of(body)
    items = readable_items(pieces, reads)
    return pieces.together(items) if items else body


def _drafts(document: Any, extras: FeedExtras, body: bytes, base: str) -> list[Draft | None]:
    """The entries in the feed's order; None for one that says nothing or makes no sense."""
    count = len(document.entries)
    is_atom = str(document.get("version") or "").startswith(("atom", "json"))
    feed_base = str((document.feed.get("title_detail") or {}).get("base") or "")
    drafts: list[Draft | None] = []
    for place, raw in enumerate(_whole_entries(document, body)):
        try:
            extra = extras.of(place, count, raw.get("id") or "", raw.get("link") or "")
            draft = draft_of(_plain(raw), extra, base, is_atom=is_atom, feed_base=feed_base)
            drafts.append(draft)
        except _SENSELESS as error:
            log.info("%s: an entry makes no sense and is left out: %r", base, error)
            drafts.append(None)
    return drafts


def _plain(raw: Any) -> dict[str, Any]:
    """An entry in a plain dictionary: feedparser's own looks for older names of every key."""
    return {**raw, "enclosures": raw.get("enclosures") or ()}


def _newest(drafts: list[Draft]) -> list[Draft]:
    """As many as a feed may have, in its order: of more the newest, wherever they stand."""
    if len(drafts) <= MOST_ENTRIES:
        return drafts

    def age(place: int) -> tuple[bool, float, int]:
        published = drafts[place].entry.published
        return published is None, -published.timestamp() if published else 0.0, place

    places = sorted(range(len(drafts)), key=age)[:MOST_ENTRIES]
    return [drafts[place] for place in sorted(places)]


def _news(drafts: Mapping[str, Draft], digests: Mapping[str, str]) -> Iterator[ParsedEntry]:
    """Those that are new or say something new."""
    for guid, draft in drafts.items():
        try:
            if digests.get(guid) != draft.digest:
                yield draft.finish()
        except _SENSELESS as error:
            log.info("%s: an entry makes no sense and is left out: %r", guid, error)


def _whole_entries(document: Any, body: bytes) -> list[Any]:
    """The entries, without a last one that was cut off: its guid may be missing."""
    entries: list[Any] = document.entries
    if document.bozo:
        begins = max(body.rfind(b"<item"), body.rfind(b"<entry"))
        ends = max(body.rfind(b"</item"), body.rfind(b"</entry"))
        if begins > ends:
            return entries[:-1]
    return entries
