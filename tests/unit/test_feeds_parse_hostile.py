"""Feeds that are damaged or mean harm: what is left of them is harmless."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radiotui.feeds.parsing.mending import mended
from radiotui.feeds.parsing.parse import parse_feed
from radiotui.problems import Problem
from radiotui.text import clean, clean_block
from tests.documents import markdown_of
from tests.feeds import BROADCAST, ITEM, URL, only, read, rss

HOSTILE = [
    "\x1b[2J",
    "\x1b]0;owned\x07",
    "\u202e",
    "\x9b31m",
    "<script>alert(1)</script>",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "[x](javascript:alert(1))",
    "&e;",
]
PIECES = [
    *("<item>", "</item>", "<entry>", "</entry>", "<guid>", "</guid>", "<title>", "</title>"),
    *("<link>https://x.example/1</link>", "<podcast:liveItem>", "</podcast:liveItem>"),
    *("<media:content url='https://x.example/1.jpg'>", "</media:content>", "<media:group>"),
    *("<media:description>", "</media:description>", "<media:credit>", "</media:credit>"),
    *("<podcast:person>", "</podcast:person>", "<psc:chapters>", "<psc:chapter start='9.9.9'/>"),
    *("<podcast:transcript url='", "'/>", "<itunes:duration>", "</itunes:duration>", "1:0:0"),
    *("<content:encoded>", "</content:encoded>", "<![CDATA[", "]]>", "&#x1b;", "&#0;", "&amp;#27;"),
    *("<img src='https://x.example/1.jpg' alt='", "<figure>", "<figcaption>", "</figcaption>"),
    *("<pubDate>", "</pubDate>", "1700000000", "2 août 99999", "99999999999999999999"),
    *HOSTILE,
]


def harmless(value: object) -> None:
    """Nothing in there that a terminal or a browser would obey."""
    if isinstance(value, str):
        assert clean_block(value, len(value) + 1) == value.strip("\n ")
    elif isinstance(value, tuple):
        for each in value:
            harmless(each)
    elif hasattr(value, "__slots__") and not isinstance(value, datetime):
        for name in value.__slots__:
            each = getattr(value, name)
            harmless(each)
            if name in {"url", "link", "image", "chapters_url"} and each:
                assert each.startswith(("http://", "https://"))


class TestHostile:
    @given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=40).map("".join))
    @settings(max_examples=400)
    def test_whatever_stands_in_a_feed_it_is_harmless(self, inside: str) -> None:
        body = rss(f"<item><title>t</title><guid>1</guid>{inside}</item>")
        try:
            harmless(parse_feed(body.encode("utf-8", "replace"), URL))
        except Problem:
            return

    @given(st.data())
    @settings(max_examples=300)
    def test_a_damaged_feed_gives_entries_or_a_problem(self, data: st.DataObject) -> None:
        body = bytearray(WHOLE)
        for _ in range(data.draw(st.integers(1, 6))):
            begin = data.draw(st.integers(0, len(body)))
            end = min(len(body), begin + data.draw(st.integers(0, 30)))
            body[begin:end] = data.draw(st.binary(max_size=6))
        try:
            harmless(parse_feed(bytes(body), URL))
        except Problem:
            return

    @pytest.mark.parametrize("bad", HOSTILE)
    def test_in_every_place(self, bad: str) -> None:
        words = bad.replace("<", "&lt;").replace("\x1b", "&#27;").replace("\x07", "&#7;")
        words = words.replace("\x9b", "&#155;")
        entry = only(
            f"<podcast:person href='{words}' role='{words}'>{words}</podcast:person>"
            f"<podcast:transcript url='{words}' type='{words}'/><dc:creator>{words}</dc:creator>"
            f"<itunes:episodeType>{words}</itunes:episodeType>"
            f"<psc:chapters><psc:chapter start='1' title='{words}' href='{words}'/></psc:chapters>"
            f"<media:content url='https://x.example/1.jpg'><media:credit>{words}</media:credit>"
            f"<media:description>{words}</media:description></media:content>"
            f"<description>{words} &lt;b onclick=x&gt;snow&lt;/b&gt;</description>"
        )
        harmless(entry)
        assert "**snow**" in markdown_of(entry)
        assert "<script>" not in markdown_of(entry)

    def test_no_entity_opens_a_file(self) -> None:
        body = "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]>" + rss(
            "<item><title>t</title><guid>1</guid><podcast:person>&e;x</podcast:person></item>"
        )
        (entry,) = parse_feed(body.encode(), URL).entries
        assert [person.name for person in entry.episode.persons] in ([], ["x"], ["&e;x"])

    def test_deep_and_wide_cost_nothing_else(self) -> None:
        deep = "<media:group>" * 2000
        wide = "<podcast:person>Ann</podcast:person>" * 5000
        feed = read(f"<item><title>t</title><guid>1</guid>{wide}</item>")
        assert len(feed.entries[0].episode.persons) <= 50
        try:
            harmless(read(f"<item><title>t</title><guid>1</guid>{deep}</item>"))
        except Problem:
            return


def test_a_run_of_references_takes_little_memory() -> None:
    body = b"&#65;" + b"&#55357;&#56832;" * 1500 + b"&#55357;" * 20_000
    tracemalloc.start()
    try:
        text = mended(body)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert text == b"&#65;" + b"&#128512;" * 1500
    assert peak < 8 * len(body)


def test_an_element_of_very_many_attributes_is_read_without_them() -> None:
    attributes = " ".join(f"a{number}='x > y'" for number in range(5000))
    item = f"<item {attributes}><title>t</title><guid>1</guid></item>"
    assert b"a4999" not in mended(rss(item).encode())
    assert [entry.title for entry in read(item).entries] == ["t"]
    few = b"<item a='1' b=\"2\"><title>t</title></item>"
    assert mended(few) == few


WHOLE = rss(
    BROADCAST + "<item><title>Snow &amp; ice</title><guid>1</guid><link>https://x.example/1</link>"
    "<pubDate>Mo, 02 Mär 2026 07:30:00 +0100</pubDate><dc:creator>Ann</dc:creator>"
    "<content:encoded><![CDATA[<p>One <a href='/x'>two</a>.</p>"
    "<img src='https://x.example/1.jpg' alt='A ranger's hat'>]]></content:encoded>"
    "<enclosure url='https://x.example/1.mp3' type='audio/mpeg' length='12'/>"
    "<itunes:duration>1:02:03</itunes:duration><podcast:person>Bo</podcast:person>"
    "<media:content url='https://x.example/2.jpg'><media:credit>Cy</media:credit></media:content>"
    "</item>" + ITEM
).encode()


def test_the_feed_that_is_damaged_above_is_whole() -> None:
    first, second = parse_feed(WHOLE, URL).entries
    assert first.published == datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
    assert [figure.caption for figure in first.figures] == ["A ranger's hat", ""]
    assert second.title == clean(second.title) == "Snow"
