"""A feed's bytes as clean entries.

feedparser reads RSS and Atom of every kind, broken ones too; a second pass adds
what it loses.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from radiotui.feeds.parsing.entry_builder import Draft, detail_line, draft_of
from radiotui.feeds.parsing.model import ParsedEntry, ParsedFeed
from radiotui.feeds.parsing.not_a_feed import not_a_feed
from radiotui.net.urls import host_of, parts_of, web_link
from radiotui.problems import Problem
from radiotui.text import clean

if TYPE_CHECKING:
    from radiotui.feeds.parsing.extensions import FeedExtras

log = logging.getLogger(__name__)

_MOST_ENTRIES = 1000

_NUMBERED = re.compile(rb"(?:&#(?:[xX][\da-fA-F]+|\d+);?)+")
_LAST_CODE = 0x10FFFF
_SENSELESS = (AttributeError, LookupError, TypeError, ValueError)


def parse_feed(
    body: bytes, url: str, content_type: str = "", digests: Mapping[str, str] | None = None
) -> ParsedFeed:
    """Read the feed that ``url`` answered with.

    ``digests`` are those of stored entries, by guid: entries that still say the same are left out.
    Slow for big feeds and holding the interpreter's lock: not for the loop.
    Raises Problem for what is not a feed. An entry that makes no sense is left out.
    """
    name = feed_name(url)
    if not body.strip():
        raise Problem(f"{name} sent nothing", "there should be a feed: try again later", url)
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
    return ParsedFeed(
        title=detail_line(feed.get("title_detail"), 200),
        entries=tuple(_news(drafts, digests or {})),
        guids=tuple(drafts),
        live=extras.live,
    )


def feed_name(url: str) -> str:
    """Name of a feed that has no title yet: its host and path."""
    return clean(host_of(url) + parts_of(url).path.rstrip("/"), 80) or clean(url, 80)


def _read(body: bytes, content_type: str, url: str) -> tuple[Any, FeedExtras]:
    import feedparser

    from radiotui.feeds.parsing.extensions import read_extras

    if not body.isascii():
        try:
            body.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            # Servers name a wrong charset more often than other text happens to be valid UTF-8.
            content_type = "application/xml; charset=utf-8"
    body = _NUMBERED.sub(_mended, body)
    # As a file: bytes by themselves would be tried as the name of one.
    # Without a base: it would be put before every guid that does not look like an address.
    document = feedparser.parse(
        io.BytesIO(body),
        response_headers={"content-type": content_type or "application/xml"},
        resolve_relative_uris=False,
        # Half of the time it takes goes there, and what is shown is made anew anyway.
        sanitize_html=False,
    )
    return document, read_extras(body, document.get("encoding") or "", url)


def _mended(match: re.Match[bytes]) -> bytes:
    """Character references without the impossible ones, on which feedparser gives up the feed.

    An emoji written as two halves ("&#55357;&#56832;") becomes one.
    """
    codes = [
        int(number[1:10], 16) if number[0] in "xX" else int(number[:9])
        for number in re.findall(r"&#(\w+)", match[0].decode())
    ]
    if all(code < 0xD800 or 0xDFFF < code <= _LAST_CODE for code in codes):
        return match[0]
    halves = "".join(chr(code) for code in codes if code <= _LAST_CODE)
    whole = halves.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    return "".join(f"&#{ord(character)};" for character in whole).encode()


def _drafts(document: Any, extras: FeedExtras, body: bytes, base: str) -> dict[str, Draft]:
    """The entries by their names, in the feed's order; of two with one name the first."""
    drafts: dict[str, Draft] = {}
    count = len(document.entries)
    is_atom = str(document.get("version") or "").startswith("atom")
    for place, raw in enumerate(_whole_entries(document, body)[:_MOST_ENTRIES]):
        try:
            extra = extras.of(place, count, raw.get("id") or "", raw.get("link") or "")
            draft = draft_of(raw, extra, base, is_atom=is_atom)
        except _SENSELESS as error:
            log.info("%s: an entry makes no sense and is left out: %r", base, error)
            continue
        if draft is not None:
            drafts.setdefault(draft.entry.guid, draft)
    return drafts


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
