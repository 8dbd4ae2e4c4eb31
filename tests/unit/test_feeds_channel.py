"""Facts that a podcast states about itself: all of them are read, and none of them is believed."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from radiotui.feeds.parsing.model import (
    NO_CHANNEL,
    Channel,
    Funding,
    Person,
    Trailer,
    read_channel,
    read_episode,
    write_facts,
)
from radiotui.feeds.parsing.parse import parse_feed
from tests.feeds import BROADCAST, ITEM, URL, only, read

HEAD = """<link>https://knau.example/show/</link>
<description>&lt;p&gt;News of the &lt;b&gt;plateau&lt;/b&gt;.&lt;/p&gt;
&lt;p&gt;Every week.&lt;/p&gt;</description>
<itunes:summary>News of the plateau.</itunes:summary><language>en-us</language>
<itunes:author>Ann Example</itunes:author><managingEditor>desk@knau.example (Desk)</managingEditor>
<itunes:category text="Society &amp;amp; Culture"><itunes:category text="Documentary"/>
</itunes:category>
<itunes:category text="News"/><category>not this one</category>
<itunes:type>Serial</itunes:type><itunes:explicit>yes</itunes:explicit>
<itunes:complete>Yes</itunes:complete>
<podcast:guid>917393e3-1b1e-5cef-ace4-edaa54e1f810</podcast:guid>
<itunes:new-feed-url>https://pods.example/show.rss</itunes:new-feed-url>
<podcast:funding url="/give">Give to the show</podcast:funding>
<podcast:person role="Host" href="/ann">Ann Example</podcast:person>
<podcast:trailer pubdate="Thu, 01 Jan 2026 08:05:00 +0000" url="/t.mp3" length="12345678"
 type="audio/mpeg" season="2">Coming</podcast:trailer>"""


def test_all_that_a_channel_says() -> None:
    assert read(ITEM, HEAD).channel == Channel(
        author="Ann Example",
        description="News of the plateau.\nEvery week.",
        link="https://knau.example/show/",
        language="en-us",
        categories=("Society & Culture/Documentary", "News"),
        kind="serial",
        is_explicit=True,
        is_complete=True,
        guid="917393e3-1b1e-5cef-ace4-edaa54e1f810",
        moved_to="https://pods.example/show.rss",
        funding=(Funding("https://knau.example/give", "Give to the show"),),
        persons=(Person("Ann Example", "host", "https://knau.example/ann"),),
        trailers=(
            Trailer(
                "https://knau.example/t.mp3",
                "Coming",
                2,
                "audio/mpeg",
                12_345_678,
                datetime(2026, 1, 1, 8, 5, tzinfo=UTC),
            ),
        ),
    )


def test_nothing_of_a_broadcast_or_an_entry_is_the_channels() -> None:
    inside = "<item><title>x</title><itunes:author>Bo</itunes:author><language>fr</language></item>"
    channel = read(BROADCAST + inside, "").channel
    assert [broadcast.title for broadcast in channel.live] == ["Live from the rim"]
    assert replace(channel, live=()) == NO_CHANNEL


@pytest.mark.parametrize(
    ("head", "author"),
    [
        ("<author>ann@knau.example (Ann)</author>", "Ann"),
        ("<managingEditor>ann@knau.example</managingEditor><dc:creator>Bo</dc:creator>", "Bo"),
        ("<itunes:author> </itunes:author><author>Cy</author>", "Cy"),
    ],
)
def test_its_author_is_written_in_many_ways(head: str, author: str) -> None:
    assert read(ITEM, head).channel.author == author


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        ("itunes:explicit", "no"),
        ("itunes:explicit", "clean"),
        ("itunes:explicit", "false"),
        ("itunes:complete", "no"),
        ("itunes:type", "weekly"),
        ("itunes:new-feed-url", "javascript:alert(1)"),
        ("itunes:new-feed-url", URL),
    ],
)
def test_what_says_no_or_nothing_known_is_none(tag: str, value: str) -> None:
    assert read(ITEM, f"<{tag}>{value}</{tag}>").channel == NO_CHANNEL


def test_atom_and_json_feeds_say_it_in_their_words() -> None:
    atom = """<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><subtitle>Of snow</subtitle>
    <link href="https://knau.example/"/><link rel="payment" href="/give" title="Give"/>
    <author><name>Ann</name></author><category term="News"/>
    <entry><id>1</id><title>x</title></entry></feed>"""
    assert parse_feed(atom.encode(), URL).channel == Channel(
        author="Ann",
        description="Of snow",
        link="https://knau.example/",
        categories=("News",),
        funding=(Funding("https://knau.example/give", "Give"),),
    )
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "t",
        "description": "Of snow",
        "home_page_url": "https://knau.example/",
        "language": "en",
        "authors": [{"name": "Ann"}],
        "expired": True,
        "items": [],
    }
    assert parse_feed(json.dumps(feed).encode(), URL).channel == Channel(
        author="Ann",
        description="Of snow",
        link="https://knau.example/",
        language="en",
        is_complete=True,
    )


def test_what_is_huge_or_no_text_is_bounded_and_clean() -> None:
    head = (
        f"<description>{'snow &lt;b&gt;&#27;[31m' * 20_000}</description>"
        f"<itunes:author>{'x' * 10_000}\u202e</itunes:author>"
        + "<itunes:category text='a'><itunes:category text='b'/></itunes:category>" * 300
        + "<podcast:funding url='/give'>x</podcast:funding>" * 300
    )
    channel = read(ITEM, head).channel
    assert len(channel.description) <= 4_000
    assert len(channel.author) <= 200
    assert not {"\x1b", "\u202e"} & set(channel.description + channel.author)
    assert (channel.categories, len(channel.funding)) == (("a/b",), 20)


def test_facts_are_stored_and_read_again() -> None:
    channel = read(ITEM, HEAD).channel
    episode = only("<podcast:transcript url='/1.vtt' type='text/vtt'/>").episode
    assert read_channel(write_facts(channel)) == channel
    assert read_episode(write_facts(episode)) == episode
    assert write_facts(NO_CHANNEL) == ""
    assert read_channel("") == NO_CHANNEL
