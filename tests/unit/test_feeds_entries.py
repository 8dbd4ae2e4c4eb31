"""An entry's own words, name, link and sound, where the feed says several things at once."""

from __future__ import annotations

import pytest

from radiotui.documents.model import Figure
from radiotui.feeds.parsing import parse
from radiotui.feeds.parsing.bylines import byline_of
from radiotui.feeds.parsing.model import ParsedFeed
from radiotui.feeds.parsing.parse import parse_feed
from tests.documents import markdown_of
from tests.feeds import NAMESPACES, URL, only, read, rss

TEASER = "<description>Snow on the rim.</description>"
SUMMARY = "<itunes:summary>Rangers on snow, and a map to print.</itunes:summary>"
WHOLE = (
    "<content:encoded><![CDATA[<p>Rangers on snow, "
    '<a href="https://x.example/map?a=1&b=2">a map</a> to print.</p>]]></content:encoded>'
)
WHOLE_TEXT = "Rangers on snow, [a map](https://x.example/map?a=1\\&b=2) to print."


def atom(inside: str, head: str = "", about: str = "") -> ParsedFeed:
    body = (
        f'<feed xmlns="http://www.w3.org/2005/Atom" {NAMESPACES} {about}><title>t</title>{head}'
        f"<entry><id>tag:1</id><title>t</title>{inside}</entry></feed>"
    )
    return parse_feed(body.encode(), "https://knau.example/feeds/atom.xml")


class TestNotes:
    @pytest.mark.parametrize(
        "inside",
        [
            TEASER + SUMMARY + WHOLE,
            SUMMARY + TEASER + WHOLE,
            WHOLE + SUMMARY + TEASER,
            SUMMARY + WHOLE,
            TEASER + WHOLE + "<media:description>A hat.</media:description>",
        ],
    )
    def test_content_comes_before_every_summary(self, inside: str) -> None:
        assert markdown_of(only(inside)) == WHOLE_TEXT

    @pytest.mark.parametrize("tag", ["description", "itunes:summary"])
    def test_without_content_the_longest_text_is_the_entrys(self, tag: str) -> None:
        other = {"description": "itunes:summary", "itunes:summary": "description"}[tag]
        long, short = f"<{tag}>Snow fell all night.</{tag}>", f"<{other}>Snow.</{other}>"
        assert markdown_of(only(long + short)) == "Snow fell all night."
        assert markdown_of(only(short + long)) == "Snow fell all night."

    def test_text_with_links_comes_before_its_plain_copy(self) -> None:
        entry = only(
            "<itunes:summary>Print the map (https://x.example/) today.</itunes:summary>"
            "<description>&lt;p&gt;Print "
            "&lt;a href='https://x.example/'&gt;the map&lt;/a&gt; today.&lt;/p&gt;"
            "</description>"
        )
        assert markdown_of(entry) == "Print [the map](https://x.example/) today."

    def test_a_subtitle_counts_where_nothing_else_is_said(self) -> None:
        subtitle = "<itunes:subtitle>Snow.</itunes:subtitle>"
        assert markdown_of(only(subtitle)) == "Snow."
        assert markdown_of(only(subtitle + TEASER)) == "Snow on the rim."

    def test_content_that_is_a_picture_stands_above_the_text(self) -> None:
        entry = only(
            "<content:encoded><![CDATA[<img src='https://x.example/1.jpg'/>]]></content:encoded>"
            "<description>Snow fell all night & stayed.</description>"
        )
        assert entry.figures == (Figure("https://x.example/1.jpg"),)
        assert markdown_of(entry) == "Snow fell all night & stayed."

    @pytest.mark.parametrize(
        "beside",
        [
            "<og><description>A teaser.</description><title>Wrong</title></og>",
            "<author><name>Ann</name><title>Wrong</title><description>Ann.</description></author>",
            "<image><url>https://x.example/i.jpg</url><title>Wrong</title></image>",
            "<media:content url='https://x.example/i.jpg'><media:title>Wrong</media:title>"
            "<media:description>A hat.</media:description></media:content>"
            "<media:content url='https://x.example/v.mp4'><media:description/></media:content>",
        ],
    )
    @pytest.mark.parametrize("is_first", [True, False])
    def test_words_of_something_within_the_entry_are_not_its_own(
        self, beside: str, is_first: bool
    ) -> None:
        own = "<title>Right</title><description>Snow fell all night.</description>"
        inside = beside + own if is_first else own + beside
        (entry,) = read(f"<item><guid>1</guid>{inside}</item>").entries
        assert (entry.title, markdown_of(entry)) == ("Right", "Snow fell all night.")

    def test_atom_that_says_no_type_may_hold_html(self) -> None:
        html = "<![CDATA[<div><p>Snow <b>fell</b>.</p></div>]]>"
        untyped, typed = (atom(f"<content{kind}>{html}</content>") for kind in ("", " type='text'"))
        assert markdown_of(untyped.entries[0]) == "Snow **fell**."
        assert "<div>" in markdown_of(typed.entries[0]).replace("\\", "")

    def test_atom_of_xhtml_keeps_its_elements(self) -> None:
        (entry,) = atom(
            "<summary>S</summary><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>"
            "<p>Snow <b>fell</b>.</p></div></content>"
        ).entries
        assert markdown_of(entry) == "Snow **fell**."


class TestTitles:
    @pytest.mark.parametrize(
        ("inside", "title"),
        [
            ("<title><![CDATA[Snow<br>and ice]]></title>", "Snow and ice"),
            ("<title><![CDATA[Snow<br/>and <b>ice</b>]]></title>", "Snow and ice"),
            ("<title>Snow &lt;p&gt;and ice</title>", "Snow and ice"),
            ("<title><![CDATA[S<b>now</b>]]></title>", "Snow"),
            (
                "<description><![CDATA[<p>It snows.</p><p>Still.</p>]]></description>",
                "It snows. Still.",
            ),
            ("<itunes:title>Snow</itunes:title>", "Snow"),
            ("<description><![CDATA[<h2>Rim</h2>It snows]]></description>", "Rim It snows"),
        ],
    )
    def test_a_break_parts_words(self, inside: str, title: str) -> None:
        (entry,) = read(f"<item><guid>1</guid>{inside}</item>").entries
        assert entry.title == title


class TestNames:
    SHOW = "<link>https://knau.example/show</link>"

    def test_a_link_that_several_have_names_none(self) -> None:
        files = [f"https://x.example/{n}.mp3" for n in range(3)]
        feed = read(
            "".join(
                f"<item><title>t</title>{self.SHOW}<enclosure url='{f}'/></item>" for f in files
            )
        )
        assert [entry.guid for entry in feed.entries] == files
        assert {entry.link for entry in feed.entries} == {"https://knau.example/show"}

    def test_then_title_and_date_tell_them_apart(self) -> None:
        items = [f"<item><title>{title}</title>{self.SHOW}</item>" for title in ("a", "b", "a")]
        feed = read("".join(items))
        assert [entry.title for entry in feed.entries] == ["a", "b"]
        again = read("<item><title>c</title>" + self.SHOW + "</item>" + "".join(items))
        assert set(feed.guids) < set(again.guids)

    def test_then_the_text(self) -> None:
        beginning = "It snows on the rim again. " * 8
        feed = read(
            "".join(f"<item><description>{beginning}{n}</description></item>" for n in "aab")
        )
        assert len(feed.entries) == 2

    def test_an_entry_that_stands_twice_keeps_its_name(self) -> None:
        item = "<item><title>a</title><link>https://x.example/a</link></item>"
        assert read(item).guids == read(item + item).guids == ("https://x.example/a",)

    def test_one_guid_for_entries_of_several_links_names_none(self) -> None:
        item = "<item><title>t{0}</title><guid>same</guid><link>https://x.example/{0}</link></item>"
        feed = read("".join(map(item.format, "abc")))
        assert [entry.title for entry in feed.entries] == ["ta", "tb", "tc"]


class TestLinks:
    @pytest.mark.parametrize(
        ("inside", "about", "link"),
        [
            ("<link href='/news/1'/>", "", "https://knau.example/news/1"),
            ("<link href='tag:1'/>", "", None),
            ("<link href='1'/>", "xml:base='https://x.example/news/'", "https://x.example/news/1"),
            ("<link rel='self' href='/1.xml'/><link href='/1'/>", "", "https://knau.example/1"),
            (
                "<link type='application/json' href='/1.json'/><link type='text/html' href='/1'/>",
                "",
                "https://knau.example/1",
            ),
        ],
    )
    def test_relative_ones(self, inside: str, about: str, link: str | None) -> None:
        assert atom(inside, about=about).entries[0].link == link

    def test_a_name_is_not_joined_with_the_base_of_a_text(self) -> None:
        text = "<content type='xhtml' xml:base='/page?n=1'><div>t</div></content>"
        entries = (
            f"<entry><title>t</title>{text}<id>item_{n}</id><link href='/{n}'/></entry>"
            for n in (1, 2, 3)
        )
        body = (
            f"<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title>{''.join(entries)}</feed>"
        )
        assert parse_feed(body.encode(), URL).guids == ("item_1", "item_2", "item_3")

    def test_a_name_is_joined_with_the_base_of_its_feed(self) -> None:
        inside = "<content type='html' xml:base='/page'>t</content><id>1</id>"
        feed = atom(inside, about="xml:base='https://x.example/news/'")
        assert feed.guids == ("https://x.example/news/1",)

    @pytest.mark.parametrize("base", ["", "xml:base='1/'"])
    def test_one_that_is_the_id_too(self, base: str) -> None:
        body = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry {base}>
        <title>t</title><id>/news/1</id><link href="/news/1"/></entry></feed>"""
        assert parse_feed(body.encode(), URL).entries[0].link == "https://knau.example/news/1"

    @pytest.mark.parametrize(
        ("guid", "link"),
        [
            ("<guid>/news/1</guid>", "https://knau.example/news/1"),
            ("<guid isPermaLink='false'>/news/1</guid>", None),
            ("<guid>news-1</guid>", None),
        ],
    )
    def test_a_guid_that_is_a_place_on_the_site(self, guid: str, link: str | None) -> None:
        (entry,) = read(f"<item><title>t</title>{guid}</item>").entries
        assert entry.link == link

    def test_other_attributes_of_a_link_say_nothing(self) -> None:
        (entry,) = read(
            "<item><title>t</title><guid>1</guid>"
            "<link uri='at://did:plc:x/post/1'>https://x.example/1</link></item>"
        ).entries
        assert entry.link == "https://x.example/1"

    @pytest.mark.parametrize(
        ("prefix", "namespace"),
        [
            ("feedburner", "http://rssnamespace.org/feedburner/ext/1.0"),
            ("pheedo", "http://www.pheedo.com/namespace/pheedo"),
        ],
    )
    def test_the_storys_own_address_comes_before_a_counters(
        self, prefix: str, namespace: str
    ) -> None:
        body = rss(
            "<item><title>t</title><link>http://feeds.example/~r/1</link>"
            f"<x:origLink xmlns:x='{namespace}'>https://x.example/1</x:origLink></item>"
        )
        (entry,) = parse_feed(body.encode(), URL).entries
        assert entry.link == "https://x.example/1"


class TestFiles:
    @pytest.mark.parametrize(
        "enclosure",
        [
            "url='https://x.example/1.mp4' type='video/mp4'",
            "url='https://x.example/1.mp3' type='application/octet-stream'",
            "url='https://x.example/1.ogg' type='application/ogg'",
            "url='https://x.example/1.mp3' type='mp3'",
            "url='https://x.example/listen?id=1' type=''",
            "url='https://x.example/1.mp3' type='text/plain'",
            "url='https://x.example/listen?id=1' type='text/html'",
            "url='https://x.example/listen?id=1'",
        ],
    )
    def test_a_length_belongs_to_a_file_of_any_type(self, enclosure: str) -> None:
        entry = only(f"<enclosure {enclosure}/><itunes:duration>1:02:03</itunes:duration>")
        assert [file.seconds for file in entry.enclosures] == [3723]
        assert entry.episode.seconds == 3723

    def test_it_belongs_to_the_sound_and_not_to_the_film_or_the_text_before(self) -> None:
        entry = only(
            "<enclosure url='https://x.example/1.pdf' type='application/pdf'/>"
            "<enclosure url='https://x.example/1.mp4' type='video/mp4'/>"
            "<enclosure url='https://x.example/1.mp3' type='audio/mpeg'/>"
            "<itunes:duration>60</itunes:duration>"
        )
        assert [file.seconds for file in entry.enclosures] == [None, None, 60]

    def test_without_a_file_it_is_the_episodes(self) -> None:
        entry = only("<itunes:duration>20:00</itunes:duration>")
        assert (entry.enclosures, entry.episode.seconds) == ((), 1200)

    def test_an_atom_enclosure_has_the_type_that_it_says(self) -> None:
        (entry,) = atom(
            "<link rel='enclosure' href='/1.mp3'/><itunes:duration>60</itunes:duration>"
        ).entries
        (file,) = entry.enclosures
        assert (file.type, file.seconds) == ("", 60)

    def test_the_same_file_is_one_and_a_blank_is_none(self) -> None:
        entry = only(
            "<enclosure url='https://x.example/1.mp3'/><enclosure url='https://x.example/1.mp3'/>"
            "<enclosure url=' '/><enclosure url=''/><enclosure/><enclosure url='&#160;'/>"
            "<enclosure url='#'/><enclosure url='https://x.example/1.mp3' type='audio/mpeg'/>"
        )
        assert [file.url for file in entry.enclosures] == ["https://x.example/1.mp3"]

    @pytest.mark.parametrize(
        ("media", "files"),
        [
            (
                "<media:content url='/1.mp3' type='audio/mpeg' fileSize='7' duration='60'/>",
                [("https://knau.example/1.mp3", "audio/mpeg", 7, 60)],
            ),
            (
                "<media:content url='/film' medium='video'/>",
                [("https://knau.example/film", "", None, None)],
            ),
            (
                "<media:group><media:content url='/low.mp3' type='audio/mpeg'/>"
                "<media:content url='/high.mp3' type='audio/mpeg' isDefault='true'/></media:group>",
                [("https://knau.example/high.mp3", "audio/mpeg", None, None)],
            ),
            (
                "<enclosure url='https://knau.example/i.jpg' type='image/jpeg'/>"
                "<media:content url='/1.mp3'/>",
                [
                    ("https://knau.example/i.jpg", "image/jpeg", None, None),
                    ("https://knau.example/1.mp3", "", None, None),
                ],
            ),
            ("<media:content url='/i.jpg' medium='image'/><media:content url='/page'/>", []),
            (
                "<media:content url='https://v.example/v/1' type='application/x-shockwave-flash'/>",
                [],
            ),
            (
                "<enclosure url='https://knau.example/1.mp3'/><media:content url='/2.mp3'/>"
                "<media:content url='/1.mp3' duration='60'/>",
                [("https://knau.example/1.mp3", "", None, 60)],
            ),
        ],
    )
    def test_sound_that_only_media_rss_names(self, media: str, files: list[object]) -> None:
        found = only(media).enclosures
        assert [(file.url, file.type, file.length, file.seconds) for file in found] == files

    def test_an_entry_that_is_a_sound_only_is_one(self) -> None:
        feed = read("<item><media:content url='https://x.example/1.mp4' medium='video'/></item>")
        assert feed.guids == ("https://x.example/1.mp4",)

    @pytest.mark.parametrize(
        "namespace",
        [
            "https://www.itunes.com/dtds/podcast-1.0.dtd",
            "http://itunes.com/DTDs/Podcast-1.0.dtd/",
            "http://example.com/some-podcast-tags",
        ],
    )
    @pytest.mark.parametrize(
        "image",
        [
            "<itunes:image href='https://x.example/i.jpg'/>",
            "<itunes:image url='https://x.example/i.jpg'/>",
            "<itunes:image>https://x.example/i.jpg</itunes:image>",
            "<itunes:image><url>https://x.example/i.jpg</url></itunes:image>",
            "<image><url>https://x.example/i.jpg</url><title>x</title></image>",
        ],
    )
    def test_apples_tags_in_the_forms_that_feeds_have(self, namespace: str, image: str) -> None:
        body = f"""<rss version="2.0" xmlns:itunes="{namespace}"><channel><title>t</title><item>
        <title>t</title><guid>1</guid><enclosure url="https://x.example/1.mp3"/>{image}
        <itunes:duration>60</itunes:duration></item></channel></rss>"""
        (entry,) = parse_feed(body.encode(), URL).entries
        assert entry.enclosures[0].seconds == 60
        assert entry.episode.image == "https://x.example/i.jpg"


class TestBylines:
    @pytest.mark.parametrize(
        "written",
        [
            "Ann Example",
            "ann@knau.radio (Ann Example)",
            "Ann Example (ann@knau.radio)",
            "Ann Example (mailto:ann@knau.example)",
            "Ann Example <ann@knau.example>",
            "Ann Example &lt;ann@knau.example&gt;",
            "Ann Example - ann@knau.example",
            "Ann Example, ann@knau.example",
            "ann@knau.example | Ann Example",
            '"Ann Example" ann@knau.photography',
            "mailto:ann@knau.example Ann Example",
        ],
    )
    @pytest.mark.parametrize("tag", ["author", "dc:creator", "itunes:author"])
    def test_a_name_without_its_address(self, written: str, tag: str) -> None:
        escaped = written.replace("<", "&lt;").replace(">", "&gt;")
        assert only(f"<{tag}>{escaped}</{tag}>").byline == "Ann Example"

    @pytest.mark.parametrize(
        ("written", "name"),
        [
            ("ann@knau.example (Ann (KNAU))", "Ann (KNAU)"),
            ("Ann Example (KNAU)", "Ann Example (KNAU)"),
            ("Jean-Luc – Example", "Jean-Luc – Example"),
            ("ann@knau.example (Ann), bo@knau.example (Bo (KNAU))", "Ann, Bo (KNAU)"),
            ("Ann Example, Jr. <ann@knau.example>", "Ann Example, Jr."),
            ("ann@knau.example", ""),
            ("@annexample", ""),
        ],
    )
    def test_what_belongs_to_a_name_stays(self, written: str, name: str) -> None:
        assert byline_of([written]) == name

    @pytest.mark.parametrize(
        ("inside", "byline"),
        [
            ("", "Ann Feed"),
            ("<author><name>Bo Example</name></author>", "Bo Example"),
            ("<source><author><name>Cy Source</name></author></source>", "Cy Source"),
        ],
    )
    def test_atoms_feed_names_who_wrote_its_entries(self, inside: str, byline: str) -> None:
        feed = atom(inside, "<author><name>Ann Feed</name></author>")
        assert feed.entries[0].byline == byline


class TestManyEntries:
    def test_all_of_a_long_feed_are_read(self) -> None:
        items = "".join(f"<item><guid>{n}</guid><title>t</title></item>" for n in range(1500))
        assert read(items).guids == tuple(map(str, range(1500)))

    @pytest.mark.parametrize("is_oldest_first", [True, False])
    def test_of_more_than_a_feed_may_have_the_newest_stay(
        self, monkeypatch: pytest.MonkeyPatch, is_oldest_first: bool
    ) -> None:
        monkeypatch.setattr(parse, "MOST_ENTRIES", 3)
        days = ["", *range(1, 7)] if is_oldest_first else [*range(6, 0, -1), ""]
        feed = read(
            "".join(
                f"<item><guid>{day}-</guid><title>t</title>"
                f"<pubDate>{f'2026-03-0{day}' if day else ''}</pubDate></item>"
                for day in days
            )
        )
        newest = ["4-", "5-", "6-"] if is_oldest_first else ["6-", "5-", "4-"]
        assert list(feed.guids) == newest
