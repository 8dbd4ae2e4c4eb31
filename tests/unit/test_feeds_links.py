"""Which addresses become links."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiotui.feeds.parsing.parse import parse_feed
from radiotui.net.urls import web_link
from tests.feeds import read

BASE = "https://knau.example/news/trail"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://x.example/a?b=c&d=%20e#f", "https://x.example/a?b=c&d=%20e#f"),
        ("HTTPS://X.example/A", "https://X.example/A"),
        ("https://x.example/?", "https://x.example/"),
        ("http://x.example:8000", "http://x.example:8000"),
        ("/photos", "https://knau.example/photos"),
        ("//x.example/a", "https://x.example/a"),
        ('https://x.example/a b"<', "https://x.example/a%20b%22%3C"),
        ("https://x.example/ñ", "https://x.example/ñ"),
        ("https://x.example/\x1b[2Ja", "https://x.example/a"),
        *((bad, None) for bad in ("javascript:alert(1)", "file:///etc/passwd", "")),
        ("https://[bad", None),
        (f"https://x.example/{'a' * 2000}", None),
    ],
)
def test_links(written: str, meant: str | None) -> None:
    assert web_link(written, BASE) == meant


@given(
    st.lists(
        st.sampled_from(["http://", "https://", "x.example", ":80", "/", "a", "..", "?", "#", "="])
        | st.sampled_from(["%20", "&", ";", "@", ".", "-", "[", " ", "é", "\n", "A"]),
        max_size=12,
    ).map("".join)
)
def test_what_is_plain_is_what_it_would_become(address: str) -> None:
    if web_link(address, BASE) == address:
        assert urlsplit(urljoin(BASE, address)).geturl() == address


@pytest.mark.parametrize(
    "body",
    [
        "<rss version='2.0'><channel><title>A</title><image><url>/logo.png</url></image>{}"
        "</channel></rss>",
        "<rss version='2.0' xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'><channel>"
        "<title>A</title><itunes:image href='https://knau.example/logo.png'/>{}</channel></rss>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>A</title><id>1</id>"
        "<icon>javascript:x</icon><logo>https://knau.example/logo.png</logo>"
        "<entry><id>2</id><title>Snow</title></entry></feed>",
        '{{"version": "https://jsonfeed.org/version/1.1", "title": "A", "icon": "/logo.png",'
        ' "items": [{{"id": "1", "content_text": "Snow"}}]}}',
    ],
)
def test_the_picture_of_the_feed(body: str) -> None:
    item = "<item><guid>1</guid><title>Snow</title></item>"
    feed = parse_feed(body.format(item).encode(), "https://knau.example/feed")
    assert feed.picture == "https://knau.example/logo.png"


def test_no_picture_of_a_feed_but_one_of_the_web() -> None:
    image = "<image><url>file:///etc/passwd</url></image>"
    assert read("<item><guid>1</guid><title>Snow</title></item>", image).picture == ""
