"""Reading the next answer of a feed, beside parsing all of it as feedparser must."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Callable
from functools import partial
from statistics import median

import feedparser

from bench.feeds import words
from bench.table import Row
from radiotui.feeds.parsing.parse import parse_feed

RUNS = 7
_URL = "https://bench.example/show.rss"
_ALL_STORED, _ONE_NEW = 0.25, 0.25


def rows() -> list[Row]:
    """Processor time of one answer: nothing new in it, and one new item."""
    table = []
    for entries, length in ((60, 99), (1000, 400)):
        body, longer = _podcast(entries, length), _podcast(entries + 1, length)
        parsed = parse_feed(body, _URL, item_hashes={})
        digests = {entry.guid: entry.digest for entry in parsed.entries}
        hashes = parsed.item_hashes
        for what, data, limit in (
            ("nothing new", body.replace(b"09:00", b"10:00"), _ALL_STORED),
            ("one new", longer, _ONE_NEW),
        ):
            ours, anew, theirs = _measured(
                partial(parse_feed, data, _URL, "", digests, hashes),
                partial(parse_feed, data, _URL, "", digests),
                partial(_by_feedparser, data),
            )
            name = f"{entries} items, {what}"
            table += [
                Row(name, ours, "ms", "all parsed anew", anew, limit),
                Row(name, ours, "ms", "feedparser alone", theirs),
            ]
    return table


def _measured(*reading: Callable[[], object]) -> list[float]:
    """The median processor time of each in milliseconds, taken turn and turn about."""
    taken: list[list[float]] = [[] for _ in reading]
    for _ in range(RUNS):
        for read, times in zip(reading, taken, strict=True):
            began = time.process_time()
            read()
            times.append((time.process_time() - began) * 1000)
    return [median(times) for times in taken]


def _by_feedparser(data: bytes) -> None:
    feedparser.parse(io.BytesIO(data))


def _podcast(entries: int, length: int) -> bytes:
    """A podcast's feed with show notes of so many words, the newest first."""
    source = random.Random(7)
    items = []
    for number in range(entries):
        said = " ".join(words(source, length))
        items.append(
            f"<item><title>{' '.join(words(source, 8))}</title>"
            f"<link>https://bench.example/{number}</link>"
            f'<guid isPermaLink="false">bench-{number}</guid>'
            "<pubDate>Mon, 02 Mar 2026 12:00:00 GMT</pubDate>"
            f'<enclosure url="https://bench.example/{number}.mp3" type="audio/mpeg" length="9"/>'
            "<itunes:duration>1:02:03</itunes:duration><itunes:author>Ann Example</itunes:author>"
            f"<description>&lt;p&gt;{said}&lt;/p&gt;</description></item>"
        )
    return (
        '<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>'
        "<title>Bench</title><link>https://bench.example/</link>"
        "<lastBuildDate>Mon, 02 Mar 2026 09:00:00 GMT</lastBuildDate>"
        f"{''.join(reversed(items))}</channel></rss>"
    ).encode()
