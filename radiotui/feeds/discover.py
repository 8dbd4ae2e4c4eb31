"""From the address a listener knows to the feeds behind it.

Pages declare their feeds, or only link to them; where one does neither, the places
are tried at which sites usually have them.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import msgspec

from radiotui.feeds.parsing.feed_links import declared_feed, linked_feed, without_readers_scheme
from radiotui.feeds.parsing.parse import is_json, parse_feed, unpacked
from radiotui.feeds.parsing.pool import parsed_in_worker
from radiotui.net.content import is_html
from radiotui.net.urls import host_of, is_web, parts_of, web_link
from radiotui.problems import Problem
from radiotui.text import clean, shorten, without_password

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from radiotui.documents.processes import WorkerPool
    from radiotui.net.client import Fetched, Net

_MOST_BYTES = 1_000_000
"""Of a page or a feed: a page's links stand at its top, and a feed is asked for its name."""
_MOST_FEEDS = 30
_LONGEST_TITLE = 200
_MOST_ASKED = 5
"""Of the addresses that a page only links to."""
_CREDENTIALS_ALONE = re.compile(r"\A(?!mailto:)[^\s/@:]*:[^\s/@]*@", re.IGNORECASE)
"""Name and password of an address without a scheme."""
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_COMMENTS = re.compile(r"\bcomments?\b", re.IGNORECASE)
_USUAL = ("/feed", "/rss.xml", "/index.xml", "/feed.xml", "/atom.xml")


class FoundFeed(msgspec.Struct, frozen=True):
    """A feed that can be added."""

    url: str
    title: str
    """As the page or the feed calls it; may be empty."""
    is_declared: bool = True
    """Whether it is a feed, or a page says so; else it only looks like the address of one."""


async def find_feeds(net: Net, workers: WorkerPool, address: str) -> list[FoundFeed]:
    """The feeds behind ``address``: itself if it is one, or those its page names, best first.

    ``address`` may lack its scheme ("knau.org"). Raises Problem when it cannot be
    reached or there are none.
    """
    url, fetched = await _first_answer(net, _addresses(address))
    feeds = await _in_worker(workers, _feeds_behind, fetched, url)
    if feeds and feeds[0].is_declared:
        return feeds
    linked = [feed.url for feed in feeds]
    for guess in [*linked, *(guess for guess in _guesses(fetched.url) if guess not in linked)]:
        try:
            answer = await net.fetch(guess)
        except Problem as problem:
            if guess in linked or problem.status in {400, 401, 403, 404, 405, 406, 410}:
                continue
            break  # it is not well, or asks to be left alone
        if feeds := await _in_worker(workers, _feed_with_entries, answer, guess):
            return feeds
    raise Problem(
        f"{clean(host_of(url) or url, 100)} names no feed",
        "give the feed's own address, which often ends in .rss or .xml",
        url,
    )


def feeds_named(page: bytes, url: str) -> list[FoundFeed]:
    """The feeds that the web page at ``url`` declares, those of comments last; else its links.

    Not for the loop.
    """
    from lxml import etree

    page = page[:_MOST_BYTES].replace(b"\0", b"")
    try:
        page.decode("utf-8")
    except UnicodeDecodeError as error:
        # A character that was cut in two at the end is no other encoding.
        encoding = "utf-8" if error.start > len(page) - 4 else None
    else:
        encoding = "utf-8"
    parser = etree.HTMLParser(encoding=encoding, recover=True, no_network=True)
    try:
        root = etree.fromstring(page, parser)
    except (etree.LxmlError, ValueError):
        return []
    if root is None:
        return []
    base = web_link(next(iter(root.xpath("//base/@href")), None), url) or url
    feeds_by_url: dict[str, FoundFeed] = {}
    for link in root.iter("link"):
        if address := declared_feed(link.attrib, base):
            title = clean(link.get("title", ""), _LONGEST_TITLE)
            feeds_by_url.setdefault(address, FoundFeed(address, title))
    if feeds_by_url:
        return sorted(feeds_by_url.values(), key=_is_of_comments)[:_MOST_FEEDS]
    for link in root.iter("a"):
        words = clean("".join(islice(link.itertext(), 20)), _LONGEST_TITLE)
        if address := linked_feed(link.attrib, words, base):
            feeds_by_url.setdefault(address, FoundFeed(address, words, is_declared=False))
    return sorted(feeds_by_url.values(), key=_is_of_comments)[:_MOST_ASKED]


def _is_of_comments(feed: FoundFeed) -> bool:
    return bool(_COMMENTS.search(f"{feed.title} {parts_of(feed.url).path}"))


def _addresses(address: str) -> list[str]:
    """The addresses that may be meant by one that may lack its scheme."""
    text = clean(address, 2000)
    text = without_readers_scheme(text, guess="")
    # "mailto:ann@knau.org" would be one of a server, with a password.
    guessed = [] if "@" in text.partition("/")[0] else [f"https://{text}", f"http://{text}"]
    meant = [text] if _SCHEME.match(text) else guessed
    if meant and is_web(meant[0]):
        return meant
    shown = _CREDENTIALS_ALONE.sub("", without_password(text))
    raise Problem(
        f"{shorten(shown, 100) or 'nothing'} is no web address",
        'write for example "knau.org" or "https://knau.org/news.rss"',
    )


async def _first_answer(net: Net, urls: list[str]) -> tuple[str, Fetched]:
    """The first of ``urls`` that anybody answers at, and the answer."""
    *first_urls, last = urls
    for url in first_urls:
        try:
            return url, await net.fetch(url)
        except Problem as problem:
            if problem.status:
                raise
    return last, await net.fetch(last)


async def _in_worker(
    workers: WorkerPool, function: Callable[..., list[FoundFeed]], fetched: Fetched, url: str
) -> list[FoundFeed]:
    """Feeds that ``function`` sees in what was fetched from ``url``."""
    content_type = fetched.headers.get("content-type", "")
    address = without_password(fetched.moved_to or url)
    return await parsed_in_worker(
        workers, list[FoundFeed], function, fetched.body, fetched.url, address, content_type
    )


def _feeds_behind(body: bytes, url: str, address: str, content_type: str) -> list[FoundFeed]:
    """The feed that ``body`` is, or those that it names. Raises Problem for neither."""
    try:
        return [_feed(body, url, address, content_type)[0]]
    except Problem:
        if not is_html(body, content_type):
            raise
    return feeds_named(body, url)


def _feed_with_entries(body: bytes, url: str, address: str, content_type: str) -> list[FoundFeed]:
    """The feed that ``body`` is, if it has entries."""
    try:
        feed, entries = _feed(body, url, address, content_type)
    except Problem:
        return []
    return [feed] if entries else []


def _feed(body: bytes, url: str, address: str, content_type: str) -> tuple[FoundFeed, int]:
    """The feed that ``body`` is, and how many entries its beginning has."""
    body = unpacked(body)
    if len(body) > _MOST_BYTES and not is_json(body):
        body = body[: body.rfind(b">", 0, _MOST_BYTES) + 1]
    parsed = parse_feed(body, url, content_type)
    return FoundFeed(address, clean(parsed.title, _LONGEST_TITLE)), len(parsed.entries)


def _guesses(url: str) -> Iterator[str]:
    path = parts_of(url).path.rstrip("/")
    if path:
        yield urljoin(url, f"{path}.rss")  # as the sites of most NPR stations have it
    yield from (urljoin(url, usual) for usual in _USUAL)
