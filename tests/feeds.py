"""Feeds for tests, with every namespace that matters."""

from __future__ import annotations

from radiotui.feeds.parsing.model import ParsedEntry, ParsedFeed
from radiotui.feeds.parsing.parse import parse_feed

URL = "https://knau.example/show.rss"
NAMESPACES = """xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
 xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:psc="http://podlove.org/simple-chapters" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:atom="http://www.w3.org/2005/Atom" """


def rss(items: str, head: str = "<link>https://knau.example/</link>") -> str:
    return (
        f'<rss version="2.0" {NAMESPACES}><channel><title>Coconino Now</title>'
        f"{head}{items}</channel></rss>"
    )


def read(items: str, head: str = "<link>https://knau.example/</link>") -> ParsedFeed:
    return parse_feed(rss(items, head).encode(), URL)


def only(inside: str) -> ParsedEntry:
    (entry,) = read(
        f"<item><title>t</title><guid>1</guid><link>https://knau.example/news/1</link>"
        f"{inside}</item>"
    ).entries
    return entry


BROADCAST = """<podcast:liveItem status="LIVE" start="2026-03-02T07:30:00-07:00" end="soon">
<title>Live from the rim</title><guid>live-1</guid><link>https://live.example/page</link>
<description>Now</description><podcast:person>Ann Live</podcast:person>
<enclosure url="https://live.example/stream.mp3" type="audio/mpeg"/></podcast:liveItem>"""
ITEM = """<item><title>Snow</title><guid isPermaLink="false">snow</guid>
<description>&lt;a href="more"&gt;More&lt;/a&gt;</description></item>"""
