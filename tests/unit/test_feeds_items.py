"""Items that are stored as they stand there are not parsed, and nothing else is different."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from radiotui.feeds.parsing.items import feed_items
from radiotui.feeds.parsing.model import ParsedFeed
from radiotui.feeds.parsing.parse import parse_feed
from tests.feeds import BROADCAST, NAMESPACES, URL

HEAD = (
    "<link>https://knau.example/</link><lastBuildDate>Mon, 02 Mar 2026 09:00:00 GMT</lastBuildDate>"
)


def item(guid: str, more: str = "") -> str:
    return (
        f"<item><guid>{guid}</guid><title>Story {guid}</title>"
        f"<link>https://knau.example/{guid}</link>{more}</item>"
    )


def rss(*items: str, head: str = HEAD, begin: str = '<?xml version="1.0"?>\n') -> bytes:
    lines = "\n  ".join(items)
    return (
        f"{begin}<rss version='2.0' {NAMESPACES}><channel><title>Coconino</title>{head}\n"
        f"{lines}\n</channel></rss>"
    ).encode()


def atom(*ids: str, head: str = "") -> bytes:
    entries = "".join(
        f"<entry><id>{name}</id><title>Story {name}</title><link href='/{name}'/>"
        f"<content type='html'>&lt;p&gt;{name}</content></entry>"
        for name in ids
    )
    return (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>Rim</title><id>feed</id>"
        f"<updated>2026-03-02T09:00:00Z</updated><link href='https://rim.example/'/>{head}"
        f"{entries}</feed>"
    ).encode()


def rdf(*names: str) -> bytes:
    order = "".join(f"<rdf:li rdf:resource='https://rim.example/{name}'/>" for name in names)
    items = "".join(
        f"<item rdf:about='https://rim.example/{name}'><title>Story {name}</title>"
        f"<link>https://rim.example/{name}</link></item>"
        for name in names
    )
    return (
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
        " xmlns='http://purl.org/rss/1.0/'><channel rdf:about='https://rim.example/'>"
        f"<title>Rim</title><link>https://rim.example/</link><items><rdf:Seq>{order}</rdf:Seq>"
        f"</items></channel>{items}</rdf:RDF>"
    ).encode()


def first(body: bytes) -> ParsedFeed:
    return parse_feed(body, URL, item_hashes={})


def titles(parsed: ParsedFeed) -> list[str]:
    return [entry.title for entry in parsed.entries]


@pytest.mark.parametrize(
    "body",
    [
        rss(item("1"), item("2", "<itunes:duration>62</itunes:duration>")),
        b"\xef\xbb\xbf" + rss(item("1"), item("2", "<description>caf\u00e9</description>")),
        rss(item("1"), item("2"), begin="<!DOCTYPE rss PUBLIC 'x' 'http://x.example/rss.dtd'>"),
        rss(item("1"), BROADCAST, item("2")),
        *(atom("1", "2"), rdf("1", "2")),
    ],
)
def test_what_is_stored_as_it_stands_there_is_not_parsed(body: bytes) -> None:
    parsed = first(body)
    assert len(parsed.item_hashes) == len(parsed.guids) == 2
    # Without digests all that is parsed is news.
    second = parse_feed(body, URL, item_hashes=parsed.item_hashes)
    assert second.entries == ()
    assert replace(second, entries=parsed.entries) == parsed


def test_only_what_is_new_or_changed_is_parsed() -> None:
    parsed = first(rss(item("1"), item("2"), item("3")))
    head = HEAD.replace("09:00", "10:00") + "<generator>x</generator>"
    body = rss(item("4"), item("2", "<author>Ann</author>"), item("3"), head=head)
    later = parse_feed(body, URL, item_hashes=parsed.item_hashes)
    assert titles(later) == ["Story 4", "Story 2"]
    assert later.guids == ("4", "2", "3")
    assert later.item_hashes == first(body).item_hashes


@pytest.mark.parametrize(
    "head",
    [
        "<link>https://moved.example/</link>",
        HEAD + "<managingEditor>ann@knau.example (Ann)</managingEditor>",
        HEAD + "<podcast:person>Ann</podcast:person>",
    ],
)
def test_what_the_feed_says_of_all_its_items_counts(head: str) -> None:
    hashes = first(rss(item("1"), item("2"))).item_hashes
    later = parse_feed(rss(item("1"), item("2"), head=head), URL, item_hashes=hashes)
    assert len(later.entries) == 2


def test_the_address_and_the_type_count() -> None:
    body = rss(item("1"))
    parsed = first(body)
    for url, kind in ((f"{URL}x", ""), (URL, "text/xml; charset=us-ascii")):
        assert len(parse_feed(body, url, kind, item_hashes=parsed.item_hashes).entries) == 1


@pytest.mark.parametrize(
    "body",
    [
        rss(item("1"), item("1")),
        rss(item("1"), "<item><title>No guid</title></item>"),
        rss(item("1"), "<item/>"),
        rss(item("1"), begin="<!DOCTYPE rss [<!ENTITY who 'Ann'>]>"),
        rss(item("1"), item("2", "<description>a & b</description>")),
        rss(item("1"), item("2", "<description>caf\u00e9</description>"))
        .decode()
        .encode("latin-1"),
        rss(item("1"), item("2"))[:-30],
        rss(item("1", "<description xml:base='/a'>x</description>"), item("2")),
        b"no feed",
        b"",
    ],
)
def test_where_one_item_may_change_another_all_are_parsed(body: bytes) -> None:
    assert feed_items(body, URL) == []


def test_a_new_item_with_the_name_of_a_stored_one_is_told_by_their_order() -> None:
    body = rss(item("1"), item("2"))
    # As where the second was the only one of that name when it was read.
    hashes = {"1": first(body).item_hashes["2"]}
    assert titles(parse_feed(body, URL, item_hashes=hashes)) == ["Story 1", "Story 2"]


TEXTS = st.sampled_from(
    [
        "",
        "<author>Ann</author>",
        "<description>&lt;p&gt;Snow</description>",
        "<guid/>",
        "<media:content url='https://knau.example/a.jpg' medium='image'/>",
        "<!-- x -->",
        "<enclosure url='/a.mp3' type='audio/mpeg'/><itunes:duration>9</itunes:duration>",
        "<pubDate>Mon, 02 Mar 2026 09:00:00 GMT</pubDate>",
        "<description><![CDATA[<b>]]></description>",
        "<dc:creator>Bo</dc:creator><dc:creator>Cy</dc:creator>",
        "<description>a &nbsp; b</description>",
    ]
)
FEEDS = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), TEXTS), max_size=6, unique_by=lambda pair: pair[0]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(FEEDS, min_size=2, max_size=4), st.sampled_from([HEAD, "", HEAD + BROADCAST]))
def test_reading_on_gives_what_reading_anew_gives(
    answers: list[list[tuple[str, str]]], head: str
) -> None:
    digests: dict[str, str] = {}
    hashes: dict[str, str] = {}
    for number, answer in enumerate(answers):
        head = head.replace("09:", f"1{number}:")
        body = rss(*(item(*pair) for pair in answer), head=head)
        anew = parse_feed(body, URL, "", digests)
        on = parse_feed(body, URL, "", digests, hashes)
        assert replace(on, item_hashes={}) == anew
        assert on.item_hashes.keys() <= set(on.guids)
        digests |= {entry.guid: entry.digest for entry in anew.entries}
        hashes = on.item_hashes
