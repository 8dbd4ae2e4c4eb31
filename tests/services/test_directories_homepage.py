"""Addresses that are typed: streams, playlists and homepages, of a server on loopback."""

from __future__ import annotations

from pathlib import Path

import pytest

from radiotui.app.finding import feeds_of_page
from radiotui.cli.output import DONE
from radiotui.cli.stations import add_stations
from radiotui.directories.homepage import address_in, read_homepage, station_at
from radiotui.directories.model import FoundStation
from radiotui.documents.processes import WorkerPool
from radiotui.net.client import Net
from radiotui.problems import Problem
from radiotui.stations.file import read_station_list
from tests.services.directory_lab import finding
from tests.services.guide_lab import Service

HOME = "https://radio.example/"
PAGE = b"""<!doctype html><html><head><title>Radio One - Home</title>
<meta property="og:site_name" content="Radio One"><meta property="og:image" content="/logo.png">
<link rel="alternate" type="application/rss+xml" href="/news.rss"></head><body>
<audio title="Main"><source src="/live.mp3"><source src="https://cdn.example/live.aac"></audio>
<a href="/episodes/2026/03/02.mp3">Last night</a><a href="/jazz.m3u">Jazz</a></body></html>"""


def read(markup: str) -> FoundStation:
    return read_homepage(f"<html><body>{markup}".encode(), HOME, "text/html", feeds_of_page)


def urls(markup: str) -> list[str]:
    return list(read(markup).urls)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://a.example/x", "https://a.example/x"),
        ("knau.org", "https://knau.org"),
        ("www.knau.org/listen", "https://www.knau.org/listen"),
        *(("st. louis", ""), ("88.7", ""), ("knau", ""), ("file:///etc/passwd", "")),
        ("tag:jazz", ""),
    ],
)
def test_an_address_is_told_from_words(typed: str, address: str):
    assert address_in(typed) == address


def test_a_homepage_has_streams_feeds_and_a_picture():
    station = read_homepage(PAGE, HOME, "text/html", feeds_of_page)
    assert (station.name, station.homepage) == ("Radio One", HOME)
    assert station.picture == "https://radio.example/logo.png"
    assert station.feeds == ("https://radio.example/news.rss",)
    main, jazz = station.streams
    assert (main.name, jazz.name) == ("Main", "Jazz")
    assert main.urls == ("https://radio.example/live.mp3", "https://cdn.example/live.aac")
    assert jazz.urls == ("https://radio.example/jazz.m3u",)


def test_streams_in_data_and_scripts():
    ld = '<script type="application/ld+json">{"@graph": [{"url": "https://s.example/a.m3u8"}]}'
    assert urls(ld + "</script>") == ["https://s.example/a.m3u8"]
    redirect = "https://playerservices.streamtheworld.com/api/livestream-redirect/KPUB"
    escaped = redirect.replace("/", "\\/")
    assert urls(f'<script>var p = {{"src": "{escaped}"}}</script>') == [redirect]
    assert urls('<div data-src="https://x.streamguys1.com/live.mp3"></div>') != []
    assert urls('<audio src="/episodes/one.mp3"></audio>') == []


def test_the_schedule_is_that_of_its_own_widgets():
    station = read('<a href="https://spinitron.com/WXYZ/">Songs</a><a href="/live.pls">Listen</a>')
    assert [source.source for source in station.streams[0].schedule] == ["spinitron"]


@pytest.mark.parametrize(
    "markup",
    [
        "<audio src=javascript:x></audio>",
        '<script type="application/ld+json">' + "[" * 100_000,
        "<a href='http://['>x</a>" * 1000,
        "https://" * 20_000,
        "<audio>" * 5000,
    ],
)
def test_pages_that_are_made_to_be_slow_name_nothing(markup: str):
    assert urls(markup) == []


async def ask(net: Net, typed: str) -> FoundStation:
    workers = WorkerPool()
    try:
        return await station_at(net, workers, typed, feeds_of_page)
    finally:
        await workers.close()


async def test_a_stream_is_itself(net: Net, service: Service):
    icy = {"Content-Type": "audio/mpeg", "icy-name": "One\x07", "icy-br": "128,64"}
    service.replies["/live"] = (200, icy, b"\xff\xfb" * 20_000)
    station = await ask(net, f"{service.base}/live")
    [stream] = station.streams
    assert (station.name, stream.urls) == ("One", (f"{service.base}/live",))
    assert (stream.codec, stream.bitrate) == ("MP3", 128)
    # Nonsense in its headers costs nothing else.
    icy = {"Content-Type": "audio/mpeg", "icy-name": "no name", "icy-br": "9" * 5000}
    service.replies["/live"] = (200, icy, b"\xff\xfb" * 20_000)
    station = await ask(net, f"{service.base}/live")
    assert (station.name, station.streams[0].bitrate) == ("127.0.0.1", 0)


async def test_a_playlist_is_a_stream(net: Net, service: Service):
    service.replies["/one.pls"] = b"[playlist]\nFile1=http://a.example/live\n"
    assert (await ask(net, f"{service.base}/one.pls")).urls == (f"{service.base}/one.pls",)


async def test_what_is_neither_is_said(net: Net, service: Service):
    service.replies["/page"] = b"<html><body>nothing here"
    service.replies["/data"] = (200, {"Content-Type": "application/json"}, b"{}")
    with pytest.raises(Problem, match="names no stream"):
        await ask(net, f"{service.base}/page")
    with pytest.raises(Problem, match="neither a stream nor a web page"):
        await ask(net, f"{service.base}/data")
    with pytest.raises(Problem, match=r"404"):
        await ask(net, f"{service.base}/absent")


async def test_an_address_is_added_at_once(tmp_path: Path, service: Service):
    service.replies["/"] = PAGE
    async with finding(tmp_path) as companion:
        assert await add_stations(companion, [f"{service.base}/"], as_json=False) == DONE
    station = read_station_list(companion.options.stations_path).station("radio-one")
    assert station is not None
    assert [stream.id for stream in station.streams] == ["main", "jazz"]
