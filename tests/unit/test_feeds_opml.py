"""Lists of feeds from other readers, and for them."""

from datetime import UTC, datetime, timedelta, timezone
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radiotui.feeds.opml import read_opml, write_opml
from radiotui.problems import Problem
from radiotui.stations import fields
from radiotui.stations.model import OwnFeed

AT = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


def opml(body: str, head: str = "", encoding: str = "UTF-8") -> bytes:
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n{head}'
    text += f'<opml version="2.0"><head><title>T</title></head><body>{body}</body></opml>'
    return text.encode(encoding)


def test_nested_outlines_are_folders_and_the_name_is_text_or_title() -> None:
    found = read_opml(
        opml("""
        <outline text="Plain" xmlUrl="https://a.example/rss"/>
        <outline text="News">
          <outline title="Titled" text="" xmlUrl="https://b.example/rss" type="rss"/>
          <outline title="Arizona">
            <outline text="Both" title="Other" XMLURL="https://c.example/?a=1&amp;b=2"></outline>
          </outline>
          <outline xmlUrl="https://d.example/rss"/>
        </outline>
        <outline text="After" xmlUrl=" HTTP://e.example/my feed "/>""")
    )
    assert found.feeds == (
        OwnFeed("https://a.example/rss", "Plain"),
        OwnFeed("https://b.example/rss", "Titled", "News"),
        OwnFeed("https://c.example/?a=1&b=2", "Both", "News/Arizona"),
        OwnFeed("https://d.example/rss", "", "News"),
        OwnFeed("HTTP://e.example/my%20feed", "After"),
    )
    assert found.refused == 0


def test_a_feed_within_a_feed_lies_in_the_folder_of_both() -> None:
    body = '<outline text="A" xmlUrl="http://a.example/"><outline text="B" xmlUrl="http://b.example/"/>'
    found = read_opml(opml(f'<outline text="F">{body}</outline></outline>'))
    assert [(feed.title, feed.folder) for feed in found.feeds] == [("A", "F"), ("B", "F")]


def test_a_category_is_a_folder_where_there_is_no_other() -> None:
    found = read_opml(
        opml('<outline text="A" xmlUrl="http://a.example/" category="/Tech/Radio,Fun"/>')
    )
    assert found.feeds == (OwnFeed("http://a.example/", "A", "Tech/Radio"),)


def test_what_is_listed_twice_comes_once_as_it_stands_first() -> None:
    found = read_opml(
        opml(
            '<outline text="F"><outline text="One" xmlUrl="http://a.example/"/></outline>'
            '<outline text="G"><outline text="Two" xmlUrl="http://a.example/"/></outline>'
        )
    )
    assert found.feeds == (OwnFeed("http://a.example/", "One", "F"),)


def test_only_web_addresses_come_and_the_rest_is_counted() -> None:
    urls = ["file:///etc/passwd", "javascript:alert(1)", "ftp://x.example/", "x.example", "http://"]
    urls += [f"http://x.example/{'y' * 3000}"]
    found = read_opml(
        opml("".join(f'<outline text="X" xmlUrl="{url}"/>' for url in [*urls, "http://a.example/"]))
    )
    assert [feed.url for feed in found.feeds] == ["http://a.example/"]
    assert found.refused == 6


def test_addresses_for_feed_readers_are_web_addresses() -> None:
    urls = {
        "feed://a.example/rss": "http://a.example/rss",
        "feed:https://b.example/rss": "https://b.example/rss",
        "FEED:http://c.example/rss": "http://c.example/rss",
        "itpc://d.example/pod.xml": "http://d.example/pod.xml",
        "pcast://e.example/pod.xml": "http://e.example/pod.xml",
        "feeds://f.example/rss": "https://f.example/rss",
    }
    found = read_opml(opml("".join(f'<outline text="X" xmlUrl="{url}"/>' for url in urls)))
    assert [feed.url for feed in found.feeds] == list(urls.values())
    assert found.refused == 0


def test_a_link_is_a_feed_unless_it_is_another_list() -> None:
    found = read_opml(
        opml(
            '<outline text="Show" type="link" url="https://a.example/show.rss"/>'
            '<outline text="More" type="link" url="https://a.example/more.OPML?x=1"/>'
            '<outline text="All" type="include" url="https://a.example/all.opml"/>'
        )
    )
    assert found.feeds == (OwnFeed("https://a.example/show.rss", "Show"),)


def test_titles_are_harmless_and_not_endless() -> None:
    found = read_opml(
        opml(
            f'<outline text="A&#27;]0;owned&#7;B&#x202e; [/]&#10;c" xmlUrl="http://a.example/"/>'
            f'<outline text="&#27;[2J{"f" * 900}"><outline text="{"x" * 9000}" '
            f'xmlUrl="http://b.example/"/></outline>'
        )
    )
    first, second = found.feeds
    assert not any(ord(character) < 32 or character == "\u202e" for character in first.title)
    assert "B" in first.title
    assert (len(second.title), len(second.folder)) == (500, 60)
    assert "\x1b" not in second.folder


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1", "windows-1252", "UTF-16", "utf-8-sig"])
def test_letters_are_read_as_the_file_declares_them(encoding: str) -> None:
    found = read_opml(opml('<outline text="Café" xmlUrl="http://a.example/"/>', encoding=encoding))
    assert found.feeds[0].title == "Café"


def test_a_wrong_declaration_costs_letters_and_no_feed() -> None:
    data = opml('<outline text="Café" xmlUrl="http://a.example/"/>', encoding="ISO-8859-1")
    for name in (b"UTF-8", b"klingon"):
        found = read_opml(data.replace(b"ISO-8859-1", name))
        assert found.feeds == (OwnFeed("http://a.example/", "Caf\ufffd"),)


def test_a_file_as_it_should_not_be_is_read_all_the_same() -> None:
    found = read_opml(
        b'<opml><body></outline><outline text="Q & A" xmlUrl="http://a.example/?a=1&b=2">'
        b'<outline text="B" xmlUrl="http://b.example/">'
    )
    assert [(feed.url, feed.title) for feed in found.feeds] == [
        ("http://a.example/?a=1&b=2", "Q & A"),
        ("http://b.example/", "B"),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"<html><body><p>hi",
        b"<rss version='2.0'><channel/></rss>",
        bytes(range(256)),
    ],
)
def test_what_is_no_opml_is_told(data: bytes) -> None:
    with pytest.raises(Problem) as raised:
        read_opml(data)
    assert str(raised.value) == (
        "this is not an OPML file: other readers write one when they export feeds"
    )


def test_a_list_of_nothing_is_a_list() -> None:
    assert read_opml(opml("")).feeds == ()


def test_entities_neither_grow_nor_read_files(tmp_path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hunter2")
    bomb = '<!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">'
    bomb += "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
    bomb += f'<!ENTITY f SYSTEM "{secret.as_uri()}">]>'
    found = read_opml(opml('<outline text="A&a11;&f;" xmlUrl="http://a.example/&f;"/>', bomb))
    assert len(found.feeds) == 1
    assert "hunter2" not in repr(found)
    assert len(found.feeds[0].title) < 100


OUTLINE = '<outline text="x" xmlUrl="http://x.example/{}">'
HOSTILE = {
    "too many": "".join(OUTLINE.format(i) + "</outline>" for i in range(5001)),
    "too deep": "".join(OUTLINE.format(i) for i in range(5001)),
    "too many categories": (OUTLINE[:-1] + f' category="{"a," * 600}">') * 10,
    "too many categories without quotes": OUTLINE[:-1] + f" category={'a,' * 6000}/>",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_what_would_take_minutes_is_not_begun(body: str) -> None:
    with pytest.raises(Problem) as raised:
        read_opml(opml(body))
    assert raised.value.title == "this file has more than 5000 entries"


def test_a_file_that_is_far_too_large_is_not_begun() -> None:
    with pytest.raises(Problem) as raised:
        read_opml(b"<opml>" + b" " * 5 * 1024 * 1024)
    assert raised.value.title == "this file is larger than 5 MB: that is no list of feeds"


def test_the_deepest_and_widest_that_is_not_refused_is_read() -> None:
    categories = ",".join(map(str, range(5000)))
    deep = "".join(OUTLINE.format(i) for i in range(4000))
    same = "".join(
        f'<outline text="{i}">{OUTLINE.format("s")}</outline></outline>' for i in range(499)
    )
    wide = OUTLINE.format("w")[:-1] + f' category="{categories}"/>'
    found = read_opml(opml(wide + same + deep))
    assert len(found.feeds) == 4002


FEEDS = [
    OwnFeed("https://a.example/rss", "A"),
    OwnFeed("https://b.example/?a=1&b=<2>", "B & <C> \"D\" 'E'", "News"),
    OwnFeed("https://c.example/rss", "", "News/Arizona"),
    OwnFeed("https://d.example/rss", "D", "News"),
]


def test_what_is_written_is_opml_with_nested_folders() -> None:
    data = write_opml(FEEDS, "Feeds of A & B", AT.astimezone(timezone(timedelta(hours=-7))))
    root = ElementTree.fromstring(data)
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    assert root.findtext("head/title") == "Feeds of A & B"
    assert root.findtext("head/dateCreated") == "Mon, 06 May 2024 07:08:09 GMT"
    assert [outline.get("text") for outline in root.findall("body/outline")] == ["A", "News"]
    (news,) = root.findall("body/outline[@text='News']")
    assert [outline.get("text") for outline in news] == [FEEDS[1].title, "Arizona", "D"]
    assert all(o.get("type") == "rss" for o in root.iter("outline") if o.get("xmlUrl"))
    assert all(o.get("title") == o.get("text") for o in root.iter("outline"))
    assert data.startswith(b"<?xml version='1.0' encoding='utf-8'?>\n")


names = st.text(max_size=60).map(fields.line).filter(lambda t: not set(t) & {"\ufffe", "\uffff"})


def _is_address(url: str) -> bool:
    try:
        return fields.address(url) == url and not set(url) & {"\ufffe", "\uffff"}
    except fields.FieldError:
        return False


urls = st.builds(
    "https://{}.example/{}".format, st.sampled_from("abc"), st.text(max_size=20)
).filter(_is_address)

feeds = st.lists(
    st.builds(OwnFeed, urls, names, names.map(fields.folder)),
    max_size=12,
    unique_by=lambda feed: feed.url,
)


@settings(max_examples=300)
@given(feeds=feeds, title=st.text())
def test_what_is_written_reads_the_same(feeds: list[OwnFeed], title: str) -> None:
    data = write_opml(feeds, title, AT)
    ElementTree.fromstring(data)
    found = read_opml(data)
    assert sorted(found.feeds, key=repr) == sorted(feeds, key=repr)
    assert found.refused == 0
    for folder in {feed.folder for feed in feeds}:
        kept = [feed for feed in found.feeds if feed.folder == folder]
        assert kept == [feed for feed in feeds if feed.folder == folder]


def test_what_xml_cannot_hold_is_left_out() -> None:
    feed = OwnFeed("https://a.example/\ufffe", "A\uffff\0\ud800\x1b[31mB", "C\ufffe")
    data = write_opml([feed], "T\ufffe\x0b", AT)
    assert ElementTree.fromstring(data).findtext("head/title") == "T"
    assert read_opml(data).feeds == (OwnFeed("https://a.example/", "A B", "C"),)


@settings(max_examples=300)
@given(
    feeds=st.lists(st.builds(OwnFeed, st.text(), st.text(), st.text()), max_size=5), title=st.text()
)
def test_any_text_at_all_gives_xml(feeds: list[OwnFeed], title: str) -> None:
    ElementTree.fromstring(write_opml(feeds, title, AT))


@settings(max_examples=300)
@given(
    data=st.one_of(
        st.binary(max_size=300),
        st.lists(
            st.sampled_from(
                [
                    "<opml>",
                    "<body>",
                    "<outline",
                    "text='A'",
                    "xmlUrl='http://a/'",
                    ">",
                    "/>",
                    "</outline>",
                    "</opml>",
                    "<!--",
                    "]]>",
                    "&lt;",
                    "é",
                    "<o:outline",
                    "xmlns:o=",
                ]
            ).map(" {}".format),
            max_size=30,
        ).map(lambda parts: "".join(["<opml>", *parts]).encode()),
    )
)
def test_no_file_whatever_makes_it_fail(data: bytes) -> None:
    try:
        found = read_opml(data)
    except Problem:
        return
    assert all(feed.url.lower().startswith(("http://", "https://")) for feed in found.feeds)
