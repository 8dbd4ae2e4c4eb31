"""A feed's bytes: what is taken from them, what stands in for what is missing, what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radiotui.documents.model import Figure
from radiotui.feeds.parsing.model import ParsedEntry, ParsedFeed
from radiotui.feeds.parsing.parse import parse_feed
from radiotui.problems import Problem
from radiotui.text import clean
from tests.documents import markdown_of

URL = "https://knau.example/news.rss"

NPR = """<?xml version="1.0" encoding="UTF-8"?>
<rss xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0">
  <channel>
    <title>Coconino News</title>
    <link>https://knau.example/news</link>
    <item>
      <title>Canyon trail reopens after two winters</title>
      <description>Hikers may walk to the river again.</description>
      <pubDate>Mon, 02 Mar 2026 07:30:00 -0700</pubDate>
      <link>https://knau.example/news/canyon-trail</link>
      <guid>https://knau.example/news/canyon-trail</guid>
      <content:encoded><![CDATA[<img src='https://media.knau.example/t.jpg'
        alt="A ranger's hat lies on a rock."/><p>Hikers may walk to the river again.</p>
        <p>(Image credit: Ann Example/Coconino Wire)</p>
        <img src='https://media.knau.example/pixel.png?story=7' />]]></content:encoded>
      <dc:creator>Ann Example</dc:creator>
      <enclosure url="https://media.knau.example/trail.mp3" type="audio/mpeg" length="123456"/>
    </item>
  </channel>
</rss>
"""


def rss(items: str, head: str = "<link>https://knau.example/news</link>") -> bytes:
    return (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>Coconino News</title>{head}{items}</channel></rss>"
    ).encode()


def read(items: str, head: str = "<link>https://knau.example/news</link>") -> ParsedFeed:
    return parse_feed(rss(items, head), URL)


def only(items: str) -> ParsedEntry:
    (entry,) = read(items).entries
    return entry


def titled(title: str) -> str:
    return only(f"<item><guid>1</guid><title>{title}</title></item>").title


class TestWholeFeeds:
    def test_a_story_as_npr_sends_it(self) -> None:
        feed = parse_feed(NPR.encode(), URL, "text/xml")
        (entry,) = feed.entries
        assert feed.title == "Coconino News"
        assert entry.title == "Canyon trail reopens after two winters"
        assert entry.guid == entry.link == "https://knau.example/news/canyon-trail"
        assert entry.byline == "Ann Example"
        assert entry.published == datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
        assert markdown_of(entry) == "Hikers may walk to the river again."
        assert entry.figures == (
            Figure(
                "https://media.knau.example/t.jpg",
                "A ranger's hat lies on a rock.",
                "Ann Example / Coconino Wire",
            ),
        )
        (enclosure,) = entry.enclosures
        assert (enclosure.url, enclosure.type, enclosure.length) == (
            "https://media.knau.example/trail.mp3",
            "audio/mpeg",
            123456,
        )

    def test_atom(self) -> None:
        body = b"""<feed xmlns="http://www.w3.org/2005/Atom">
        <title type="html">Snow &amp;amp; Ice</title><link href="/"/>
        <entry><id>tag:knau.example,2026:1</id><title type="text">5 &lt; 6</title>
        <link href="snow"/><link rel="enclosure" href="snow.mp3"/>
        <updated>2026-03-01T10:00:00Z</updated>
        <author><name>Bo Example</name></author><author><name>Cy Example</name></author>
        <content type="html">&lt;p&gt;It &lt;a href="more"&gt;snows&lt;/a&gt;.&lt;/p&gt;</content>
        </entry></feed>"""
        (entry,) = parse_feed(body, "https://knau.example/feeds/atom").entries
        assert parse_feed(body, URL).title == "Snow & Ice"
        assert entry.title == "5 < 6"
        assert entry.guid == "tag:knau.example,2026:1"
        assert entry.link == "https://knau.example/snow"
        assert entry.enclosures[0].url == "https://knau.example/snow.mp3"
        assert entry.published == entry.updated == datetime(2026, 3, 1, 10, tzinfo=UTC)
        assert entry.byline == "Bo Example, Cy Example"
        assert markdown_of(entry) == "It [snows](https://knau.example/more)."

    def test_links_in_the_text_are_relative_to_the_story(self) -> None:
        entry = only(
            "<item><guid>1</guid><title>t</title><link>/news/trail/</link>"
            "<description>&lt;a href='photos'&gt;Photos&lt;/a&gt;</description></item>"
        )
        assert entry.link == "https://knau.example/news/trail/"
        assert markdown_of(entry) == "[Photos](https://knau.example/news/trail/photos)"

    def test_plain_text_keeps_its_lines(self) -> None:
        body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><id>1</id>
        <title>t</title><content type="text">One &lt;line&gt; *here*.\nAnother.</content>
        </entry></feed>"""
        assert (
            markdown_of(parse_feed(body, URL).entries[0]) == "One \\<line> \\*here\\*.\n\nAnother."
        )

    def test_an_entry_with_a_title_only_has_an_empty_body(self) -> None:
        assert markdown_of(only("<item><guid>1</guid><title>Just this</title></item>")) == ""

    def test_an_empty_feed_is_a_feed(self) -> None:
        assert read("").entries == ()

    def test_the_same_words_have_the_same_digest(self) -> None:
        one = only("<item><guid>1</guid><title>t</title><description>d</description></item>")
        same = only("<item><title>t</title><description>d</description><guid>1</guid></item>")
        other = only("<item><guid>1</guid><title>t</title><description>e</description></item>")
        assert one.digest == same.digest != other.digest

    def test_the_digest_is_the_same_in_every_version(self) -> None:
        """It stands in the stores of listeners: another one makes all that is kept look new."""
        entry = only(
            "<item><guid>1</guid><title>Snow</title><link>https://k.example/1</link>"
            "<pubDate>Mon, 02 Mar 2026 07:30:00 -0700</pubDate>"
            "<description>On the rim</description>"
            "<enclosure url='https://k.example/1.mp3' type='audio/mpeg' length='7'/></item>"
        )
        assert entry.digest == "3103d87313f4072044750719eaf7b1745787763c4afb98adf343530a6602929a"


class TestKnown:
    def test_what_says_the_same_is_left_out(self) -> None:
        items = [f"<item><guid>{n}</guid><title>t{n}</title></item>" for n in range(3)]
        known = {entry.guid: entry.digest for entry in read("".join(items)).entries}
        items[1] = items[1].replace("t1", "other")
        feed = parse_feed(rss("".join(items)), URL, digests=known)
        assert [entry.title for entry in feed.entries] == ["other"]
        assert feed.guids == ("0", "1", "2")

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("<dc:creator>A</dc:creator>", "<dc:creator>A</dc:creator><dc:creator>B</dc:creator>"),
            ("<link>https://x.example/a</link>", "<link>https://x.example/b</link>"),
            ("<pubDate>2026-03-01</pubDate>", "<pubDate>2026-03-02</pubDate>"),
            ("<enclosure url='https://x.example/a'/>", "<enclosure url='https://x.example/b'/>"),
            (
                "<description>&lt;img src='https://x.example/1.jpg'&gt;</description>",
                "<description>&lt;img src='https://x.example/2.jpg'&gt;</description>",
            ),
        ],
    )
    def test_each_part_counts(self, one: str, other: str) -> None:
        first, second = (
            only(f"<item><guid>1</guid><title>t</title>{part}</item>") for part in (one, other)
        )
        assert first.digest != second.digest


class TestTitles:
    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("AT&amp;T", "AT&T"),
            ("AT&amp;amp;T", "AT&T"),
            ("<![CDATA[AT&amp;amp;T]]>", "AT&T"),
            ("<![CDATA[Q&A: what now?]]>", "Q&A: what now?"),
            ("The ranger&amp;#8217;s hat", "The ranger’s hat"),
            ("A <![CDATA[<em>long</em> way]]> home", "A long way home"),
            ("<![CDATA[How &lt;b&gt; works]]>", "How <b> works"),
            ("5 &lt; 6", "5 < 6"),
            ("  two\n\tlines ", "two lines"),
        ],
    )
    def test_entities_and_tags(self, written: str, meant: str) -> None:
        assert titled(written) == meant

    @pytest.mark.parametrize(
        ("written", "shown"),
        [
            ("[/] off", "[/] off"),
            ("[@click=app.quit]x[/]", "[@click=app.quit]x[/]"),
            ("a\x1b]0;owned\x07b", "ab"),
            ("a\x1b[31mred\x1b[0m", "ared"),
            ("a&#27;[2Jb", "ab"),
            ("abc \u202edef\u2066", "abc def"),
            ("bell\x07 and\x00 null", "bell and null"),
            ("<![CDATA[a<script>alert(1)</script>b]]>", "a<script>alert(1)</script>b"),
        ],
    )
    def test_hostile_titles_are_text(self, written: str, shown: str) -> None:
        assert titled(written) == shown

    def test_a_long_title_is_cut(self) -> None:
        assert len(titled("word " * 1000)) <= 500

    def test_without_a_title_the_first_words_are_one(self) -> None:
        entry = only(
            "<item><guid>1</guid><link>https://x.example</link>"
            "<description>&lt;p&gt;Snow fell on the rim.&lt;/p&gt;</description></item>"
        )
        assert entry.title == "Snow fell on the rim."

    def test_a_script_is_no_title(self) -> None:
        entry = only(
            "<item><guid>1</guid><link>https://x.example</link><description>"
            "&lt;style&gt;p {}&lt;/style&gt;&lt;script&gt;x()&lt;/script&gt;Snow.</description>"
            "</item>"
        )
        assert (entry.title, markdown_of(entry)) == ("Snow.", "Snow.")


class TestNames:
    def test_a_guid_that_is_a_number_stays_one(self) -> None:
        entry = only("<item><guid>4711</guid><title>t</title></item>")
        assert (entry.guid, entry.link) == ("4711", None)

    def test_without_a_guid_the_link_stands_in(self) -> None:
        entry = only("<item><title>t</title><link>https://x.example/a</link></item>")
        assert entry.guid == "https://x.example/a"

    def test_then_the_enclosure(self) -> None:
        entry = only("<item><title>t</title><enclosure url='https://x.example/a.mp3'/></item>")
        assert entry.guid == "https://x.example/a.mp3"

    def test_then_title_and_date(self) -> None:
        item = "<item><title>{}</title><pubDate>Mon, 02 Mar 2026 0{}:00:00 GMT</pubDate></item>"
        feed = read(
            "".join(item.format(*what) for what in (("a", 1), ("a", 2), ("b", 1), ("a", 1)))
        )
        assert len({entry.guid for entry in feed.entries}) == len(feed.entries) == 3

    def test_of_two_entries_of_one_guid_the_first_wins(self) -> None:
        feed = read(
            "<item><guid>1</guid><title>first</title></item>"
            "<item><guid>1</guid><title>second</title></item>"
        )
        assert [entry.title for entry in feed.entries] == ["first"]

    def test_an_endless_guid_is_still_one_name(self) -> None:
        one, other = (
            only(f"<item><guid>{'x' * 5000}{end}</guid><title>t</title></item>") for end in "ab"
        )
        assert len(one.guid) < 100
        assert one.guid != other.guid


class TestDates:
    @pytest.mark.parametrize(
        "written",
        ["1970-01-01", "Thu, 01 Jan 1970 00:00:00 GMT", "yesterday", "-1", "", "0", "99999-99-99"],
    )
    def test_nonsense_is_no_date(self, written: str) -> None:
        item = f"<item><guid>1</guid><title>t</title><pubDate>{written}</pubDate></item>"
        assert only(item).published is None

    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("1700000000", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
            ("1700000000123", datetime(2023, 11, 14, 22, 13, 20, 123000, tzinfo=UTC)),
            ("Mo, 02 Mär 2026 07:30:00 +0100", datetime(2026, 3, 2, 6, 30, tzinfo=UTC)),
            ("02. Oktober 2026 08:00 MESZ", datetime(2026, 10, 2, 6, tzinfo=UTC)),
            ("Di, 1 Dez 2026 08:00:00 GMT", datetime(2026, 12, 1, 8, tzinfo=UTC)),
            ("3. April 2026, 8:00 Uhr MEZ", datetime(2026, 4, 3, 7, tzinfo=UTC)),
            ("mer. 4 mars 2026 10:00:00 +0100", datetime(2026, 3, 4, 9, tzinfo=UTC)),
            ("mar. 14 avr. 2026 à 10h30", datetime(2026, 4, 14, 10, 30, tzinfo=UTC)),
            ("1er août 2026", datetime(2026, 8, 1, tzinfo=UTC)),
            ("lun, 02 févr. 2026 07:30:00 -0330", datetime(2026, 2, 2, 11, tzinfo=UTC)),
            ("12 de mayo de 2026", datetime(2026, 5, 12, tzinfo=UTC)),
            ("vie, 07 ago 2026 18:05:09 +0200", datetime(2026, 8, 7, 16, 5, 9, tzinfo=UTC)),
            ("2 de enero del 2026 09:00", datetime(2026, 1, 2, 9, tzinfo=UTC)),
            ("Mon, 02 May 2026 07:30:00 EST", datetime(2026, 5, 2, 12, 30, tzinfo=UTC)),
            ("20260302", datetime(2026, 3, 2, tzinfo=UTC)),
        ],
    )
    def test_epochs_and_other_languages(self, written: str, meant: datetime) -> None:
        item = f"<item><guid>1</guid><title>t</title><pubDate>{written}</pubDate></item>"
        assert only(item).published == meant

    def test_impossible_days_are_no_date(self) -> None:
        item = "<item><guid>1</guid><title>t</title><pubDate>{}</pubDate></item>"
        for written in ("31. Februar 2026", "0 août 2026", "1 août 2026 99:99", "9 mai 0001"):
            assert only(item.format(written)).published is None

    def test_zones_are_counted(self) -> None:
        item = "<item><guid>1</guid><title>t</title><pubDate>{}</pubDate></item>"
        dates = ["Mon, 2 Mar 2026 05:00:00 MST", "2026-03-02T12:00:00Z", "2 Mar 2026 14:00 +0200"]
        assert {only(item.format(date)).published for date in dates} == {
            datetime(2026, 3, 2, 12, tzinfo=UTC)
        }


class TestLinks:
    @pytest.mark.parametrize(
        "link", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "https://[bad"]
    )
    def test_only_the_web(self, link: str) -> None:
        entry = only(
            f"<item><guid>1</guid><title>t</title><link>{link}</link>"
            f"<enclosure url='{link}'/></item>"
        )
        assert entry.link is None
        assert entry.enclosures == ()

    def test_a_length_that_is_no_number_is_none(self) -> None:
        entry = only(
            "<item><guid>1</guid><title>t</title>"
            "<enclosure url='https://x.example/a' length='about 3 MB'/></item>"
        )
        assert entry.enclosures[0].length is None

    @pytest.mark.parametrize(
        ("author", "byline"),
        [
            ("<author>news@knau.example (Ann Example)</author>", "Ann Example"),
            ("<author>news@knau.example</author>", ""),
            ("<dc:creator>Ann &amp;amp; Bo</dc:creator>", "Ann & Bo"),
            ("<dc:creator>Ann</dc:creator><dc:creator>Bo</dc:creator>", "Ann, Bo"),
            ("", ""),
        ],
    )
    def test_bylines(self, author: str, byline: str) -> None:
        assert only(f"<item><guid>1</guid><title>t</title>{author}</item>").byline == byline


class TestBroken:
    def test_one_senseless_entry_costs_itself(self) -> None:
        feed = read("<item></item><item><guid>1</guid><title>t</title></item><item><x/></item>")
        assert [entry.guid for entry in feed.entries] == ["1"]

    def test_xml_that_ends_in_the_middle_gives_what_is_whole(self) -> None:
        items = "".join(f"<item><title>t{n}</title><guid>{n}</guid></item>" for n in range(3))
        body = rss(items)
        cut = body[: body.index(b"<guid>2")]
        assert [entry.guid for entry in parse_feed(cut, URL).entries] == ["0", "1"]

    def test_unescaped_ampersands_and_prefixes_nobody_declared(self) -> None:
        feed = read("<item><title>Q & A</title><guid>1</guid><odd:thing>x</odd:thing></item>")
        assert feed.entries[0].title == "Q & A"

    @pytest.mark.parametrize(
        ("encoding", "declared", "kind"),
        [
            ("utf-8", "iso-8859-1", "text/xml; charset=iso-8859-1"),
            ("utf-8", "utf-8", "text/xml"),
            ("cp1252", "utf-8", "application/rss+xml; charset=utf-8"),
            ("iso-8859-1", "iso-8859-1", "application/rss+xml"),
            ("utf-16", "utf-16", "application/xml"),
            ("utf-8", "klingon", "text/xml; charset=klingon"),
        ],
    )
    def test_a_wrong_charset_still_reads(self, encoding: str, declared: str, kind: str) -> None:
        text = (
            f'<?xml version="1.0" encoding="{declared}"?>'
            + rss("<item><guid>1</guid><title>Café Peña reopens</title></item>").decode()
        )
        assert parse_feed(text.encode(encoding), URL, kind).entries[0].title == "Café Peña reopens"

    def test_a_wrong_windows_charset_still_reads(self) -> None:
        body = rss("<item><guid>1</guid><title>The rim’s quiet trail</title></item>")
        feed = parse_feed(body, URL, "text/xml; charset=windows-1252")
        assert feed.entries[0].title == "The rim’s quiet trail"

    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("snow &#55357;&#56832; day", "snow 😀 day"),
            ("snow &#xD83D;&#xDE00; day", "snow 😀 day"),
            ("snow &#xD83D; day", "snow day"),
            ("snow &#99999999999; day &#1114112;", "snow day"),
            ("&#127764; Café &#233;", "🌔 Café é"),
        ],
    )
    def test_impossible_characters_cost_themselves_only(self, written: str, meant: str) -> None:
        feed = read(f"<item><guid>1</guid><title>{written}</title></item>")
        assert feed.entries[0].title == meant

    def test_what_the_parser_itself_trips_over_is_a_problem(self) -> None:
        text = rss("<item><title>&#xD800;</title></item>").decode()
        body = f'<?xml version="1.0" encoding="utf-16"?>{text}'.encode("utf-16")
        with pytest.raises(Problem, match="cannot be read as a feed"):
            parse_feed(body, URL)

    def test_an_entity_bomb_stays_small(self) -> None:
        bomb = '<!DOCTYPE x [<!ENTITY a0 "boom">' + "".join(
            f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
        )
        body = bomb.encode() + b"]>" + rss("<item><guid>1</guid><title>t &a9;</title></item>")
        try:
            entries = parse_feed(body, URL).entries
        except Problem:
            return
        assert all(len(entry.title) < 100 for entry in entries)

    def test_no_feed_opens_a_file(self, tmp_path: Path) -> None:
        secret = tmp_path / "secret.rss"
        secret.write_bytes(rss("<item><guid>1</guid><title>secret</title></item>"))
        with pytest.raises(Problem, match="is not a feed"):
            parse_feed(str(secret).encode(), URL)
        external = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'.encode()
        for entry in parse_feed(
            external + rss("<item><guid>1</guid><title>t &e;</title></item>"), URL
        ).entries:
            assert "secret" not in entry.title


class TestNotFeeds:
    @pytest.mark.parametrize("body", [b"", b" \n\n "])
    def test_nothing(self, body: bytes) -> None:
        with pytest.raises(Problem, match=r"^knau\.example/news\.rss sent nothing"):
            parse_feed(body, URL)

    def test_a_page(self) -> None:
        with pytest.raises(Problem, match="is a web page, not a feed"):
            parse_feed(b"<!DOCTYPE html><html><body><h1>News</h1></body></html>", URL, "text/html")

    def test_a_page_that_names_its_feed(self) -> None:
        page = b"""<html><head><link rel=stylesheet href="/x.css">
        <link href='/news.atom?a=1&amp;b=2' title="News" TYPE="application/atom+xml"
         rel="alternate">"""
        with pytest.raises(Problem) as told:
            parse_feed(page, "https://knau.example/news/", "text/html")
        assert told.value.title == "knau.example/news is a web page, not a feed"
        assert told.value.hint == "the page names a feed: https://knau.example/news.atom?a=1&b=2"

    @pytest.mark.parametrize("body", [b"hello", b"{}", b"\x00" * 1000, b"ID3\x04\x00", b"<svg/>"])
    def test_anything_else(self, body: bytes) -> None:
        with pytest.raises(Problem, match="is not a feed"):
            parse_feed(body, URL)

    @given(
        st.binary(max_size=300)
        | st.lists(
            st.sampled_from(
                [
                    *(
                        b"<rss>",
                        b"<feed>",
                        b"<item>",
                        b"</item>",
                        b"<entry>",
                        b"</entry>",
                        b"<title>",
                    ),
                    *(
                        b"</title>",
                        b"<link>",
                        b"<link href='http://[",
                        b"'/>",
                        b"<guid>",
                        b"</guid>",
                    ),
                    *(
                        b"<pubDate>",
                        b"99999",
                        b"&#x0;",
                        b"&bogus;",
                        b"<![CDATA[",
                        b"]]>",
                        b"\xff\xfe",
                    ),
                    *(
                        b"<?xml version='1.0' encoding='utf-7'?>",
                        b"<!DOCTYPE x [",
                        b"<enclosure url='",
                    ),
                    *(
                        b"<content type='application/octet-stream'>",
                        b"\x00",
                        b"\x1b[2J",
                        b"\xe2\x80\xae",
                    ),
                ]
            ),
            max_size=25,
        ).map(b"".join),
        st.sampled_from(
            ["", "text/xml", "text/html", "application/rss+xml; charset=utf-16", ";;="]
        ),
    )
    @settings(max_examples=400)
    def test_any_bytes_give_clean_entries_or_a_problem(self, body: bytes, kind: str) -> None:
        try:
            feed = parse_feed(body, URL, kind)
        except Problem:
            return
        for entry in feed.entries:
            assert entry.title == clean(entry.title)
            assert entry.guid
            assert entry.link is None or entry.link.startswith(("http://", "https://"))
            assert "\x1b" not in markdown_of(entry)
