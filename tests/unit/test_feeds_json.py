"""JSON Feed, and bodies that a server has packed without saying so."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from radiotui.documents.model import Figure
from radiotui.feeds.parsing.model import ParsedFeed
from radiotui.feeds.parsing.parse import parse_feed
from radiotui.problems import Problem
from radiotui.store.stories import Enclosure
from tests.feeds import ITEM, URL, rss

FEED_URL = "https://harbour.example/feed.json"


def read(*items: Any, kind: str = "application/feed+json", **feed: Any) -> ParsedFeed:
    whole = {"version": "https://jsonfeed.org/version/1.1", "title": "Harbour", "items": items}
    return parse_feed(json.dumps({**whole, **feed}).encode(), FEED_URL, kind)


def test_an_entry_with_all_that_it_may_have() -> None:
    parsed = read(
        {
            "id": "ferry",
            "url": "/2026/ferry",
            "title": "The ferry & the piano <late>",
            "content_html": '<p>It <a href="more">waits</a>.</p>',
            "summary": "It waits.",
            "image": "/ferry.jpg",
            "date_published": "2026-03-02T09:00:00-07:00",
            "date_modified": "2026-03-02T17:30:00Z",
            "authors": [{"name": "Ida Quay"}, {"name": "Bo Reed"}],
            "attachments": [
                {
                    "url": "https://harbour.example/ferry.mp3",
                    "mime_type": "audio/mpeg",
                    "size_in_bytes": 4321,
                    "duration_in_seconds": 75,
                }
            ],
        },
        home_page_url="https://harbour.example/",
    )
    assert parsed.title == "Harbour"
    (entry,) = parsed.entries
    assert (entry.guid, entry.link) == ("ferry", "https://harbour.example/2026/ferry")
    assert entry.title == "The ferry & the piano <late>"
    assert entry.byline == "Ida Quay, Bo Reed"
    assert entry.published == datetime(2026, 3, 2, 16, tzinfo=UTC)
    assert entry.updated == datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
    assert "waits" in entry.body
    assert "https://harbour.example/2026/more" in entry.body
    assert entry.figures == (Figure("https://harbour.example/ferry.jpg"),)
    assert entry.enclosures == (
        Enclosure("https://harbour.example/ferry.mp3", "audio/mpeg", 4321, 75.0),
    )


def test_version_1_and_what_programs_write_in_spite_of_it() -> None:
    parsed = read(
        {"id": 7, "url": "https://harbour.example/7", "content_text": "a <b>bold</b> claim"},
        {"url": "https://harbour.example/8", "title": "No id"},
        {"id": "9", "external_url": "https://elsewhere.example/9", "title": "A link"},
        "no entry",
        {"id": None, "title": ["odd"], "attachments": {"url": 3}, "authors": "Ann"},
        version="https://jsonfeed.org/version/1",
        author={"name": "Harbour Desk"},
        kind="application/json",
    )
    assert [(entry.guid, entry.link) for entry in parsed.entries] == [
        ("7", "https://harbour.example/7"),
        ("https://harbour.example/8", "https://harbour.example/8"),
        ("9", "https://elsewhere.example/9"),
    ]
    assert {entry.byline for entry in parsed.entries} == {"Harbour Desk"}
    assert "<b>" in parsed.entries[0].body.replace("\\", "")


def test_half_an_emoji_costs_itself() -> None:
    body = (
        b'{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":"a\\ud83d b"}]}'
    )
    (entry,) = parse_feed(body, FEED_URL).entries
    assert entry.title == "a b"


@pytest.mark.parametrize("number", [b"9" * 5000, b"NaN", b"-Infinity", b"1e999"])
def test_a_number_that_is_none_costs_itself(number: bytes) -> None:
    body = (
        b'{"version":"https://jsonfeed.org/version/1.1","rank":%b,"items":[{"id":%b,"title":"Tide",'
        b'"url":"https://harbour.example/tide"}]}' % (number, number)
    )
    (entry,) = parse_feed(body, FEED_URL).entries
    assert (entry.title, entry.link) == ("Tide", "https://harbour.example/tide")


@pytest.mark.parametrize(
    "body",
    [
        *(b"{", b'{"items": 3}', b'{"version": "2", "items": []}', b'{"a": ' * 100_000),
        b'{"version": "https://jsonfeed.org/version/1"}',
        b'{"version": "https://jsonfeed.org/version/1", "items": [' + b"9" * 5000,
    ],
)
def test_other_json_is_no_feed(body: bytes) -> None:
    with pytest.raises(Problem):
        parse_feed(body, FEED_URL, "application/json")


def test_a_packed_body_without_a_header_is_unpacked() -> None:
    (entry,) = parse_feed(gzip.compress(rss(ITEM).encode()), URL).entries
    assert entry.title == "Snow"


def test_a_packed_body_that_breaks_off_gives_what_is_whole() -> None:
    packed = gzip.compress(rss(ITEM * 1 + ITEM.replace("snow", "rain")).encode())
    assert parse_feed(packed[:-9], URL).guids[:1] == ("snow",)


def test_what_comes_out_has_the_bound_of_every_body() -> None:
    with pytest.raises(Problem):
        parse_feed(gzip.compress(rss(ITEM).encode() + b" " * 21 * 1024 * 1024), URL)
