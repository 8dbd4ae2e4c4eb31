"""JSON Feed (https://www.jsonfeed.org/version/1.1/) in the words of feedparser, which reads none.

What is made of an entry is thereby made in one place, whatever the feed was written in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from radiotui.documents.model import Figure
from radiotui.feeds.parsing.bylines import byline_of
from radiotui.feeds.parsing.channel import plain_paragraphs
from radiotui.feeds.parsing.extensions import FeedExtras, ItemExtras
from radiotui.feeds.parsing.model import Channel
from radiotui.feeds.parsing.parse import is_json
from radiotui.feeds.parsing.values import line
from radiotui.net.loose_json import parse_json
from radiotui.net.urls import web_link

_VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/")
_BOM = b"\xef\xbb\xbf"
_MOST_AUTHORS = 20
_MOST_ATTACHMENTS = 20


def read_json_feed(body: bytes, content_type: str, url: str) -> tuple[Any, FeedExtras] | None:
    """The feed as feedparser would give it, and its extras; None for what is no JSON Feed."""
    if not is_json(body):
        return None
    try:
        feed = parse_json(body.removeprefix(_BOM).decode("utf-8", "replace"))
    except (RecursionError, ValueError):
        return None
    items = feed.get("items")
    is_declared = "feed+json" in content_type.lower()
    if not isinstance(items, list) or not (is_declared or _VERSION.match(_text(feed, "version"))):
        return None
    link = _text(feed, "home_page_url")
    base = web_link(link, url) or url
    authors = _authors(feed)
    pairs = [_entry(item, authors, base) for item in items if isinstance(item, dict)]
    return _words(
        version="json1",
        bozo=False,
        encoding="utf-8",
        feed=_words(
            link=link,
            title=_text(feed, "title"),
            title_detail=_plain(feed, "title"),
            icon=_text(feed, "icon"),
        ),
        entries=[entry for entry, _ in pairs],
    ), FeedExtras(base, tuple(extras for _, extras in pairs), channel=_channel(feed, link, base))


def _channel(feed: Mapping[str, Any], link: str, base: str) -> Channel:
    return Channel(
        author=byline_of(str(author.get("name") or "") for author in _authors(feed)),
        description=plain_paragraphs(_text(feed, "description"), base),
        link=web_link(link, base),
        language=line(_text(feed, "language"), 20),
        is_complete=feed.get("expired") is True,
        older=web_link(_text(feed, "next_url"), base),
    )


def _entry(item: Mapping[str, Any], authors: list[Any], feed_link: str) -> tuple[Any, ItemExtras]:
    link = _text(item, "url") or _text(item, "external_url")
    guid = _text(item, "id") or link
    base = web_link(link, feed_link) or feed_link
    entry = _words(
        id=guid,
        link=link,
        title=_text(item, "title"),
        title_detail=_plain(item, "title"),
        authors=_authors(item) or authors,
        # Where feedparser looks for enclosures.
        links=[
            _words(
                rel="enclosure",
                href=_text(attachment, "url"),
                type=_text(attachment, "mime_type"),
                length=_text(attachment, "size_in_bytes"),
            )
            for attachment in _attachments(item)
        ],
    )
    if html := _text(item, "content_html"):
        entry["content"] = [_words(type="text/html", value=html, base=link)]
    elif _text(item, "content_text"):
        entry["content"] = [_plain(item, "content_text")]
    if summary := _text(item, "summary"):
        entry.update(summary=summary, summary_detail=_plain(item, "summary"))
    for name, key in (("published", "date_published"), ("updated", "date_modified")):
        if text := _text(item, key):
            entry.update({name: text, f"{name}_parsed": _moment(text)})
    address = web_link(_text(item, "image") or _text(item, "banner_image"), base)
    seconds = next(filter(None, map(_seconds, _attachments(item))), None)
    figures = (Figure(address),) if address else ()
    return entry, ItemExtras(guid, link, figures=figures, seconds=seconds)


def _words(**values: Any) -> Any:
    from feedparser import FeedParserDict

    return FeedParserDict(values)


def _plain(item: Mapping[str, Any], key: str) -> Any:
    return _words(type="text/plain", value=_text(item, key))


def _text(item: Mapping[str, Any], key: str) -> str:
    """A text, or a number as one: ids are numbers in some feeds."""
    value = item.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    # Half an emoji is no text.
    return str(value).encode("utf-8", "ignore").decode()


def _authors(item: Mapping[str, Any]) -> list[Any]:
    """Those of version 1.1, or the one of version 1."""
    authors = item.get("authors")
    people = authors if isinstance(authors, list) and authors else [item.get("author")]
    named = (_text(person, "name") for person in people if isinstance(person, dict))
    return [_words(name=name) for name in named if name][:_MOST_AUTHORS]


def _attachments(item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    attachments = item.get("attachments")
    for attachment in attachments[:_MOST_ATTACHMENTS] if isinstance(attachments, list) else ():
        if isinstance(attachment, dict):
            yield attachment


def _seconds(attachment: Mapping[str, Any]) -> float | None:
    from radiotui.feeds.parsing.values import sound_length

    return sound_length(_text(attachment, "duration_in_seconds"))


def _moment(text: str) -> Any:
    """The moment of a date of RFC 3339 as feedparser has it; None for another date."""
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).utctimetuple()
    except (OverflowError, ValueError):
        return None
