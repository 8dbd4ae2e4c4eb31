"""A feed's bytes as clean entries.

feedparser reads RSS and Atom of every kind, broken ones too, and sanitises
their HTML; here its findings are checked, bounded and made harmless.
"""

from __future__ import annotations

import calendar
import hashlib
import io
import logging
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from functools import cached_property
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from radiotui.feeds.links import web_link
from radiotui.problems import Problem
from radiotui.text import clean, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

log = logging.getLogger(__name__)

_MOST_ENTRIES = 1000
_MOST_ENCLOSURES = 20
_LONGEST_TITLE = 500
_LONGEST_GUID = 500
_LONGEST_CONTENT = 1_000_000
# A date outside of these is a clock that was never set, or a mistake.
_FIRST_YEAR, _LAST_YEAR = 1990, 2100

_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[a-zA-Z]\w{1,30});")
_NUMBERED = re.compile(rb"(?:&#(?:[xX][\da-fA-F]+|\d+);?)+")
_LAST_CODE = 0x10FFFF
_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_LINK_TAG = re.compile(r"<link\b[^<>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-zA-Z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_FEED_TYPES = {"application/rss+xml", "application/atom+xml", "application/rdf+xml"}


@dataclass(frozen=True, slots=True)
class ParsedEnclosure:
    """A file that belongs to an entry: http(s) only."""

    url: str
    type: str = ""
    length: int | None = None
    """Bytes, as the feed says; None where it says nothing sensible."""


@dataclass(frozen=True)
class ParsedEntry:
    """One entry: clean text, aware UTC times, links http(s) only."""

    guid: str
    """The entry's name within its feed: its guid or what stands in for one."""
    title: str
    link: str | None
    byline: str
    published: datetime | None
    updated: datetime | None
    content: str
    """The feed's own content, sanitised HTML or plain text, not yet for showing."""
    is_html: bool
    base: str
    """What links in the content are relative to."""
    enclosures: tuple[ParsedEnclosure, ...] = ()

    @cached_property
    def body(self) -> str:
        """The content as Markdown. Made when asked for: most entries of a refresh are known."""
        if not self.content:
            return ""
        from radiotui.feeds.markdown import text_to_markdown
        from radiotui.feeds.markup import html_to_markdown

        if self.is_html:
            return html_to_markdown(self.content, self.base)
        return text_to_markdown(self.content)

    @cached_property
    def digest(self) -> str:
        """The same for entries that say the same."""
        said = (self.title, self.link, self.byline, self.published, self.updated)
        return _digest(repr((*said, self.content, self.is_html, self.base, self.enclosures)))


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What a feed says, in its own order."""

    title: str
    entries: tuple[ParsedEntry, ...]


def parse_feed(body: bytes, url: str, content_type: str = "") -> ParsedFeed:
    """Read the feed that ``url`` answered with.

    Slow for big feeds and holding the interpreter's lock: not for the loop.
    Raises Problem for what is not a feed. An entry that makes no sense is left out.
    """
    name = feed_name(url)
    if not body.strip():
        raise Problem(f"{name} sent nothing", "there should be a feed: try again later", url)
    document = _read(body, content_type, name)
    if not document.get("version") and not document.entries:
        raise _not_a_feed(body, url, content_type)
    feed = document.feed
    base = web_link(feed.get("link"), url) or url
    entries: dict[str, ParsedEntry] = {}
    for raw in _whole_entries(document, body)[:_MOST_ENTRIES]:
        try:
            entry = _entry(raw, base)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            log.info("%s: an entry makes no sense and is left out: %r", url, error)
            continue
        if entry is not None:
            entries.setdefault(entry.guid, entry)
    return ParsedFeed(_line(feed.get("title_detail"), 200), tuple(entries.values()))


def feed_name(url: str) -> str:
    """What to call a feed that has no title yet: its host and path."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return clean(url, 80)
    return clean(f"{parts.hostname or ''}{parts.path.rstrip('/')}", 80)


def _read(body: bytes, content_type: str, name: str) -> Any:
    import feedparser

    if not body.isascii():
        try:
            body.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            # Servers name a wrong charset more often than other text happens to be valid UTF-8.
            content_type = "application/xml; charset=utf-8"
    headers = {"content-type": content_type or "application/xml"}
    try:
        # As a file: bytes by themselves would be tried as the name of one.
        # Without a base: it would be put before every guid that does not look like an address.
        return feedparser.parse(
            io.BytesIO(_NUMBERED.sub(_mended, body)),
            response_headers=headers,
            resolve_relative_uris=False,
            sanitize_html=True,
        )
    except Exception as error:
        # feedparser lets errors of many kinds out of the libraries below it.
        raise Problem(
            f"{name} cannot be read as a feed", "it may be damaged", repr(error)
        ) from error


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


def _not_a_feed(body: bytes, url: str, content_type: str) -> Problem:
    name = feed_name(url)
    if not _PAGE.search(body[:4096]) and "html" not in content_type.lower():
        return Problem(
            f"{name} is not a feed", "it should be the address of an RSS or Atom feed", url
        )
    page = body[:200_000].decode("utf-8", "replace")
    for tag in _LINK_TAG.findall(page):
        attributes = {
            key.lower(): unescape("".join(rest)) for key, *rest in _ATTRIBUTE.findall(tag)
        }
        kind = attributes.get("type", "").lower()
        address = web_link(attributes.get("href"), url)
        if "alternate" in attributes.get("rel", "").lower() and kind in _FEED_TYPES and address:
            hint = f"the page names a feed: {address}"
            return Problem(f"{name} is a web page, not a feed", hint, url)
    hint = "it should be the address of an RSS or Atom feed"
    return Problem(f"{name} is a web page, not a feed", hint, url)


def _whole_entries(document: Any, body: bytes) -> list[Any]:
    """The entries, without a last one that was cut off: its guid may be missing."""
    entries: list[Any] = document.entries
    if document.bozo:
        begins = max(body.rfind(b"<item"), body.rfind(b"<entry"))
        ends = max(body.rfind(b"</item"), body.rfind(b"</entry"))
        if begins > ends:
            return entries[:-1]
    return entries


def _entry(raw: Any, base: str) -> ParsedEntry | None:
    guid = clean(raw.get("id") or "", 10_000)
    address = raw.get("link")
    # Without a link of its own an entry's guid is taken for one; often it is just a number.
    named_only = address == raw.get("id") and not (address or "").startswith(("http:", "https:"))
    link = None if named_only else web_link(address, base)
    enclosures = tuple(_enclosures(raw, base))
    published, updated = _date(raw, "published_parsed"), _date(raw, "updated_parsed")
    content = _content(raw)
    text = content.get("value") or ""
    is_html = content.get("type") != "text/plain"
    title = _line(raw.get("title_detail"), _LONGEST_TITLE) or _line(content, 100)
    if not title and not link and not enclosures:
        return None
    date = published or updated
    return ParsedEntry(
        guid=_guid(guid or link or (enclosures[0].url if enclosures else "") or f"{title} {date}"),
        title=title or "Untitled",
        link=link,
        byline=_byline(raw),
        published=date,
        updated=updated,
        content=text[:_LONGEST_CONTENT],
        is_html=is_html,
        base=web_link(content.get("base"), base) or link or base,
        enclosures=enclosures,
    )


def _content(raw: Any) -> Mapping[str, Any]:
    """The longer content where the feed has one, else the summary."""
    candidates = [*raw.get("content", []), raw.get("summary_detail")]
    for candidate in candidates:
        if candidate and (candidate.get("value") or "").strip():
            found: Mapping[str, Any] = candidate
            return found
    return {}


def _guid(name: str) -> str:
    return name if len(name) <= _LONGEST_GUID else f"sha256:{_digest(name)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _line(detail: Mapping[str, Any] | None, limit: int) -> str:
    """A title as one line: tags gone, entities decoded, escaped twice or not."""
    if not detail:
        return ""
    text = str(detail.get("value") or "")[: limit * 20]
    if detail.get("type") != "text/plain":
        text = _entities(_TAG.sub("", text))
    return clean(_entities(text), limit)


def _entities(text: str) -> str:
    # Only with their semicolon: "AT&notes" means no "¬".
    return _ENTITY.sub(lambda match: unescape(match[0]), text)


def _byline(raw: Any) -> str:
    names: dict[str, None] = {}
    for author in raw.get("authors", []):
        name = author.get("name") or ""
        if author.get("email") and "@" in raw.get("author", "").split(" ")[0]:
            # "news@knau.radio (Ann)": feedparser knows no domain's end longer than four letters.
            name = parseaddr(raw.author)[0]
        name = clean(_entities(name), 100)
        if name and "@" not in name:
            names[name] = None
    return shorten(", ".join(names), 200)


def _enclosures(raw: Any, base: str) -> Iterator[ParsedEnclosure]:
    for enclosure in raw.get("enclosures", [])[:_MOST_ENCLOSURES]:
        url = web_link(enclosure.get("href"), base)
        length = str(enclosure.get("length") or "")
        if url is not None:
            yield ParsedEnclosure(
                url,
                clean(enclosure.get("type") or "", 100),
                int(length) if re.fullmatch("[0-9]{1,15}", length) else None,
            )


def _date(raw: Any, key: str) -> datetime | None:
    # Asked with "in" first: feedparser's get() warns when it has only the other date.
    parsed = raw.get(key) if key in raw else None
    if parsed is None:
        return None
    try:
        moment = datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (OverflowError, OSError, ValueError):
        return None
    return moment if _FIRST_YEAR <= moment.year <= _LAST_YEAR else None
