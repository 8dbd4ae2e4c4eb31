"""The many ways in which a page names its feeds, and feeds that are not XML."""

from __future__ import annotations

import gzip
import json

import pytest

from radiotui.feeds.discover import FoundFeed, feeds_named
from radiotui.net.client import Net
from tests.servers import Server
from tests.services.test_feeds_discover import (
    PAGE,
    as_feed,
    as_page,
    feed,
    find,
    link,
    net,
    page,
    server,
)

__all__ = ["net", "server"]


@pytest.mark.parametrize(
    "tag",
    [
        '<link rel="alternate" type="text/xml" href="/x">',
        '<link rel="alternate" type="application/xml; charset=utf-8" href="/x">',
        '<link rel="feed" href="/x">',
        '<link rel="feed alternate" type="text/plain" href="/x">',
        '<link rel="alternate" type="application/feed+json" href="/x">',
        '<link rel="alternate" type="application/rss+xml" href="feed:https://knau.example/x">',
        '<link rel="alternate" type="application/rss+xml" href="feed://knau.example/x">',
    ],
)
def test_feeds_are_declared_in_many_ways(tag: str) -> None:
    (found,) = feeds_named(page(tag), PAGE)
    assert found.is_declared
    assert found.url.partition("://")[2] == "knau.example/x"


def test_json_is_a_feed_where_it_is_called_one() -> None:
    head = link("/wp-json/wp/v2/pages/7", kind="application/json")
    head += link("/feed.json", kind="application/json")
    head += link("/oembed?format=xml", kind="text/xml+oembed")
    assert [found.url for found in feeds_named(page(head), PAGE)] == [
        "https://knau.example/feed.json"
    ]


@pytest.mark.parametrize(
    "tag",
    [
        '<a href="/pod/show.rss">Subscribe</a>',
        '<a href="https://feeds.pods.example/3f2a"><img src="rss.png"></a>',
        '<a href="itpc://pods.example/show">Apple</a>',
        '<a href="/show/feed/">RSS</a>',
        '<a href="/?feed=rss2">x</a>',
        '<a href="/list.xml">Our podcast feed</a>',
        '<a href="/x" type="application/rss+xml">here</a>',
    ],
)
def test_a_page_may_only_link_to_its_feed(tag: str) -> None:
    body = f'<a href="/">Home</a><a href="/podcast">Shows</a>{tag}<a href="/sitemap.xml">Map</a>'
    (found,) = feeds_named(page(body=body), PAGE)
    assert not found.is_declared


async def test_what_a_page_links_to_is_asked_before_it_is_believed(
    net: Net, server: Server
) -> None:
    body = '<a href="/old.rss">RSS</a><a href="/about/feed">Feed</a><a href="/show.xml">RSS</a>'
    server.routes["/"] = as_page(page(body=body))
    server.routes["/about/feed"] = as_page(page())
    server.routes["/show.xml"] = as_feed(feed("The Show"))
    assert await find(net, server.url("/")) == [FoundFeed(server.url("/show.xml"), "The Show")]
    assert server.paths() == ["/", "/old.rss", "/about/feed", "/show.xml"]


async def test_a_big_feed_of_another_form_is_one(net: Net, server: Server) -> None:
    items = [{"id": str(i), "content_text": "x" * 1000} for i in range(1500)]
    version = "https://jsonfeed.org/version/1.1"
    body = json.dumps({"version": version, "title": "Big", "items": items}).encode()
    server.routes["/x.json"] = lambda c: c.answer(body, "application/feed+json")
    server.routes["/x.gz"] = lambda c: c.answer(gzip.compress(body), "application/octet-stream")
    for name in ("x.json", "x.gz"):
        assert [found.title for found in await find(net, server.url(f"/{name}"))] == ["Big"]
