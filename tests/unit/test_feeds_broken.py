"""Broken feeds: what was broken costs itself, and nothing beside it."""

from __future__ import annotations

import pytest

from radiotui.feeds.parsing.mending import mended, pieces_of
from radiotui.feeds.parsing.parse import parse_feed
from radiotui.problems import Problem
from tests.documents import markdown_of
from tests.feeds import NAMESPACES, URL, read

EPISODE = (
    "<item><title>t{0}</title><guid>{0}</guid>{1}<enclosure url='https://x.example/{0}.mp3'/>"
    "<itunes:duration>7:0{0}</itunes:duration><itunes:season>2</itunes:season>"
    "<itunes:image href='https://x.example/{0}.jpg'/><podcast:person>Ann {0}</podcast:person>"
    "<podcast:transcript url='https://x.example/{0}.vtt'/></item>"
)
# A chapter without a start: feedparser gives up the feed.
TRAP = "<psc:chapters><psc:chapter title='x'/></psc:chapters>"


class TestBareAmpersands:
    def test_each_is_a_character_and_nothing_more(self) -> None:
        (entry,) = read(
            "<item><title>R&D at AT&T & Q&A</title><guid>https://x.example/?a=1&utm_b=2</guid>"
            '<description>B&B &lt;a href="https://x.example/?a=1&copy=2"&gt;x&lt;/a&gt;'
            "</description><enclosure url='https://x.example/1.mp3?a=1&b=2'/></item>"
        ).entries
        assert entry.title == "R&D at AT&T & Q&A"
        assert entry.guid == entry.link == "https://x.example/?a=1&utm_b=2"
        assert markdown_of(entry) == "B\\&B [x](https://x.example/?a=1\\&copy=2)"
        assert entry.enclosures[0].url == "https://x.example/1.mp3?a=1&b=2"

    def test_names_are_those_that_a_mended_feed_has(self) -> None:
        guid = "https://x.example/?a=1{0}b=2{0}c"
        broken, whole = (
            read(f"<item><title>x {sign} y</title><guid>{guid.format(sign)}</guid></item>")
            for sign in ("&", "&amp;")
        )
        assert broken.guids == whole.guids
        assert broken.entries[0].digest == whole.entries[0].digest

    @pytest.mark.parametrize(
        "written",
        [
            "a &amp; b &#38; &#x26; &lt; &eacute; &nbsp;",
            "<![CDATA[a & b &c;]]>",
            "<!-- a & b -->",
            "<!DOCTYPE x [<!ENTITY me 'x'>]> &me; &amp; b",
            "<![CDATA[a & b",
        ],
    )
    def test_what_is_right_stays(self, written: str) -> None:
        assert mended(written.encode()) == written.encode()

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "iso-2022-jp"])
    def test_a_byte_that_looks_like_one_stays(self, encoding: str) -> None:
        body = "<?xml version='1.0'?><rss><title>ギリシャ Φ & Ω</title></rss>".encode(encoding)
        assert mended(body) == body


class TestTagsThatAreNotClosed:
    @pytest.mark.parametrize(
        ("head", "inside"),
        [
            ("<itunes:category text='News'><itunes:category text='Rim'/>", ""),
            ("<image><url>https://x.example/i.png</image>", ""),
            ("", "<description>one<br>two</description>"),
            ("", "<description>one<p>two</description>"),
            ("", "<description><img src='https://x.example/i.png'>one</description>"),
            ("", "<itunes:subtitle>one</itunes:summary>"),
            ("", "<category>one"),
        ],
    )
    def test_no_episode_loses_what_it_says(self, head: str, inside: str) -> None:
        items = "".join(EPISODE.format(n, inside if n == 1 else "") for n in (1, 2, 3))
        entries = read(items, head).entries
        assert [entry.title for entry in entries] == ["t1", "t2", "t3"]
        for n, entry in enumerate(entries, start=1):
            assert entry.enclosures[0].seconds == 420 + n
            assert (entry.episode.season, entry.episode.image) == (2, f"https://x.example/{n}.jpg")
            assert [person.name for person in entry.episode.persons] == [f"Ann {n}"]
            assert [each.url for each in entry.episode.transcripts] == [
                f"https://x.example/{n}.vtt"
            ]

    def test_where_the_second_pass_reads_nothing_the_first_ones_values_count(self) -> None:
        body = f"""<rss version="2.0" {NAMESPACES}><channel><title>t</title><item><title>t</title>
        <guid>1</guid><guid>2</guid><enclosure url="https://x.example/1.mp3"/>
        <itunes:duration>60</itunes:duration><itunes:episode>4</itunes:episode><item>
        <title>u</title></channel></rss>"""
        first = parse_feed(body.encode(), URL).entries[0]
        assert (first.enclosures[0].seconds, first.episode.number) == (60, 4)


class TestItemsThatStopTheParser:
    def test_a_search_form_within_an_item(self) -> None:
        form = "<textInput><title>Search</title><name>q</name></textInput>"
        feed = read(f"<item><title>a</title>{form}</item><item><title>b</title></item>")
        assert [entry.title for entry in feed.entries] == ["a", "b"]

    @pytest.mark.parametrize("places", [{0}, {6}, {2, 3}, {0, 3, 6}])
    def test_each_costs_itself_only(self, places: set[int]) -> None:
        feed = read(
            "".join(
                f"<item><guid>{n}</guid><title>t</title>{TRAP if n in places else ''}</item>"
                for n in range(7)
            )
        )
        assert feed.guids == tuple(str(n) for n in range(7) if n not in places)

    def test_a_feed_of_nothing_else_is_a_problem(self) -> None:
        with pytest.raises(Problem, match="cannot be read as a feed"):
            read(f"<item><title>t</title>{TRAP}</item>")


class TestPieces:
    @pytest.mark.parametrize(
        ("body", "head", "items", "end"),
        [
            (
                b"<r><item>a</item>\n<item>b</item></r>",
                b"<r>",
                (b"<item>a</item>", b"<item>b</item>"),
                b"</r>",
            ),
            (b"<r><item>a<item>b</item></r>", b"<r>", (b"<item>a", b"<item>b</item>"), b"</r>"),
            (b"<r><entry x='1'>a</entry></r>", b"<r>", (b"<entry x='1'>a</entry>",), b"</r>"),
            (
                b"<r><item><![CDATA[<item></item>]]></item></r>",
                b"<r>",
                (b"<item><![CDATA[<item></item>]]></item>",),
                b"</r>",
            ),
            (b"<r><!-- <item> --><items/></r>", b"<r><!-- <item> --><items/></r>", (), b""),
            (b"<r></item></r>", b"<r></item></r>", (), b""),
            (b"", b"", (), b""),
        ],
    )
    def test_a_feed_taken_apart(
        self, body: bytes, head: bytes, items: tuple[bytes, ...], end: bytes
    ) -> None:
        pieces = pieces_of(body)
        assert (pieces.head, pieces.items, pieces.end) == (head, items, end)
