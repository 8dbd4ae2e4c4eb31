"""A large feed that is read in parts is the same as read at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiotui.feeds.parsing.model import ParsedFeed
from radiotui.feeds.parsing.parse import parse_feed, parse_part
from radiotui.feeds.parsing.parts import together
from radiotui.problems import Problem
from tests.feeds import BROADCAST, URL
from tests.unit.test_feeds_items import HEAD, atom, item, rdf, rss

TEXTS = (
    *("", "<author>Ann</author>", "<guid/>", "<description>&lt;p&gt;Snow</description>"),
    "<media:content url='https://knau.example/a.jpg' medium='image'/>",
    "<enclosure url='/a.mp3' type='audio/mpeg'/><itunes:duration>9</itunes:duration>",
    "<pubDate>Mon, 02 Mar 2026 09:00:00 GMT</pubDate><dc:creator>Bo</dc:creator>",
    "<description><![CDATA[<b>]]></description><itunes:episode>3</itunes:episode>",
    "<psc:chapters><psc:chapter title='x'/></psc:chapters>",
)


def in_parts(body: bytes, count: int) -> ParsedFeed | None:
    parts = [parse_part(body, URL, "", {}, number, count) for number in range(count)]
    return together(parts)


def whole(body: bytes) -> ParsedFeed:
    return parse_feed(body, URL, "", {}, {})


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize(
    "body",
    [
        rss(*(item(str(number), text) for number, text in enumerate(TEXTS[:-1]))),
        rss(item("1"), BROADCAST, item("2"), item("3")),
        *(atom("1", "2", "3", "4"), rdf("1", "2", "3")),
        # Not to be divided: all of it is the first part.
        rss(item("1"), item("1"), item("3")),
        rss(item("1"), item("2"), item("3"))[:-30],
        rss(item("1")),
        b'{"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": [{"id": "1"}]}',
    ],
)
def test_parts_together_are_what_is_read_at_once(body: bytes, count: int) -> None:
    assert in_parts(body, count) == whole(body)


def test_entries_come_with_the_hashes_of_their_items_in_the_feeds_order() -> None:
    parsed = in_parts(rss(*(item(str(number)) for number in range(9))), 4)
    assert parsed is not None
    assert parsed.guids == tuple("012345678") == tuple(parsed.item_hashes)


@pytest.mark.parametrize(
    "body",
    [
        # Both are "1" when they are cleaned: which of them it is the order decides.
        rss(item("1"), item("2"), item("&#x200b;1")),
        # feedparser gives up on it, and the others are read without it.
        rss(item("1"), item("2"), item("3", TEXTS[-1])),
    ],
)
def test_what_only_the_whole_feed_tells_is_read_at_once(body: bytes) -> None:
    assert in_parts(body, 3) is None
    assert whole(body).entries


def test_what_is_no_feed_is_said_in_the_same_words() -> None:
    page = b"<html><body>no feed</body></html>"
    with pytest.raises(Problem) as once:
        whole(page)
    with pytest.raises(Problem) as first:
        in_parts(page, 2)
    assert first.value == once.value


FEEDS = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(TEXTS)),
    max_size=6,
    unique_by=lambda pair: pair[0],
)


@given(FEEDS, st.sampled_from([HEAD, "", HEAD + BROADCAST]), st.integers(2, 4))
def test_no_feed_is_another_in_parts(items: list[tuple[str, str]], head: str, count: int) -> None:
    body = rss(*(item(*pair) for pair in items), head=head)
    try:
        at_once = whole(body)
    except Problem:
        with pytest.raises(Problem):
            in_parts(body, count)
    else:
        parsed = in_parts(body, count)
        assert parsed is None or parsed == at_once
