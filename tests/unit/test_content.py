"""Web pages among the bodies that servers send: one judge, whoever asks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from radiotui.documents.html_tree import read_page
from radiotui.feeds.parsing.not_a_feed import not_a_feed
from radiotui.net.client import Net
from radiotui.net.content import is_html
from radiotui.problems import Problem
from radiotui.radio import playlists
from radiotui.radio.hls.demux import unpack
from radiotui.radio.tape.tape import Tape
from radiotui.radio.tuner.download import Download, DownloadEvent, DownloadFailed
from radiotui.radio.tuner.tuner import Arrived, Lost
from tests.servers import Route, serving
from tests.services.tuner_lab import Listening
from tests.sounds import encode

BY_BYTES = [
    (b"<!DOCTYPE html><title>Log in</title>", "", True),
    (b"\xef\xbb\xbf\r\n <!doctype\thtml><p>Log in", "", True),
    (b"<!-- a comment --><HTML lang='en'>", "", True),
    (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', "", True),
    (b"<head><title>x</title>", "", True),
    (b"<body class=x>", "", True),
    (b"Warning: a fault of the server<br><html>", "", True),
    (b"\0\0<html>", "", True),
    ("<html><p>Войдите".encode("utf-16"), "", True),
    (b"<html>", "audio/mpeg", True),
    (b"<html>", "application/x-mpegurl", True),
    (b"<html>", "application/octet-stream", True),
    (b"<header>", "audio/mpeg", False),
    (b"<!doctype svg>", "image/svg+xml", False),
    (b"ID3\x03\x00html", "audio/mpeg", False),
    # A tag of sound that quotes a page.
    (b"ID3\x03\0\0\0\0\0\x20TXXX\0\0\0\x16\0\0\0<html><body>", "audio/mpeg", False),
    (b" " * 5000 + b"<html>", "audio/mpeg", False),
]
"""Bodies that their bytes give away, whatever the server declares."""

BY_TYPE = [
    (b"Log in first", "text/html; charset=utf-8", True),
    (b"Hello", "application/xhtml+xml", True),
    (b"Hello", "Text/HTML", True),
    (b"Hello", "text/plain", False),
]
"""Bodies of which the declared type decides, where nothing else is known of them."""


@pytest.mark.parametrize(
    ("body", "content_type", "html"),
    [
        *BY_BYTES,
        *BY_TYPE,
        (b"", "text/html", True),
        (b"<rss version='2.0'><channel/></rss>", "application/rss+xml", False),
        (b"#EXTM3U\n", "audio/x-mpegurl", False),
        (b"", "", False),
    ],
)
def test_bodies(body: bytes, content_type: str, html: bool) -> None:
    assert is_html(body, content_type) is html


Row = tuple[bytes, str, bool]


async def as_streams(rows: list[Row], folder: Path) -> list[bool]:
    net, answers = Net(), []
    with serving(**_routes(rows)) as server:
        for number in range(len(rows)):
            listening = Listening(net, (server.url(f"/{number}"),), folder / f"{number}")
            event = await listening.until((Lost, Arrived))
            answers.append(isinstance(event, Lost) and "web page" in event.problem.title)
            await listening.close()
    await net.aclose()
    return answers


async def as_sound_of_stories(rows: list[Row], folder: Path) -> list[bool]:
    net, answers = Net(), []
    with serving(**_routes(rows)) as server:
        for number in range(len(rows)):
            tape, events = Tape(folder / f"tape {number}"), list[DownloadEvent]()
            url = server.url(f"/{number}")
            await Download(
                net, url, tape, name="The story", folder=folder, on_event=events.append
            ).run()
            tape.close()
            last = events[-1]
            answers.append(isinstance(last, DownloadFailed) and "web page" in last.problem.title)
    await net.aclose()
    return answers


def _routes(rows: list[Row]) -> dict[str, Route]:
    def route(body: bytes, content_type: str) -> Route:
        return lambda connection: connection.answer(body, content_type)

    return {f"{number}": route(*row[:2]) for number, row in enumerate(rows)}


def as_a_playlist(body: bytes, content_type: str) -> bool:
    """A name that promises one does not make a page a playlist."""
    return playlists.kind_of(content_type, body, "http://a.example/live.pls") is None


def as_a_segment(body: bytes, content_type: str) -> bool:
    with pytest.raises(Problem) as raised:
        unpack(body, b"", "KNAU")
    return "web page" in raised.value.title


def as_an_article(body: bytes, content_type: str) -> bool:
    try:
        return bool(read_page(body, "https://knau.example/a", content_type))
    except Problem:
        return False


def as_a_feed(body: bytes, content_type: str) -> bool:
    return (
        "web page" in not_a_feed("knau.example", body, "https://knau.example/", content_type).title
    )


@pytest.mark.parametrize("decider", [as_a_segment, as_an_article, as_a_feed])
def test_all_who_look_at_the_bytes_decide_alike(decider: Callable[[bytes, str], bool]) -> None:
    assert [row for row in BY_BYTES if decider(*row[:2]) is not row[2]] == []


@pytest.mark.parametrize("decider", [as_an_article, as_a_feed, as_a_playlist])
def test_all_who_ask_for_the_type_decide_alike(decider: Callable[[bytes, str], bool]) -> None:
    assert [row for row in BY_TYPE if decider(*row[:2]) is not row[2]] == []


def test_no_page_is_a_playlist() -> None:
    assert [row for row in BY_BYTES if row[2] and not as_a_playlist(*row[:2])] == []


@pytest.mark.parametrize("deciders", [as_streams, as_sound_of_stories])
async def test_all_who_wait_for_sound_decide_alike(
    deciders: Callable[[list[Row], Path], Awaitable[list[bool]]], tmp_path: Path
) -> None:
    sound = (encode("mp3", 2), "text/html", False)
    rows = [*BY_BYTES, *BY_TYPE, sound]
    answers = await deciders(rows, tmp_path)
    assert [row for row, html in zip(rows, answers, strict=True) if html is not row[2]] == []


def test_markup_that_is_no_page_is_a_fault_that_may_pass() -> None:
    with pytest.raises(Problem, match="KNAU sent a document instead of sound"):
        unpack(b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', b"", "KNAU")
