"""One judge of addresses: everywhere that takes one decides alike."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiotui.app.station_list import stream_at
from radiotui.documents.picture_urls import picture_key
from radiotui.documents.processes import WorkerPool
from radiotui.feeds.discover import find_feeds
from radiotui.feeds.parsing.parse import feed_name
from radiotui.net.client import Net
from radiotui.net.urls import host_of, is_web, place_of, server_of, site_of, web_link
from radiotui.problems import Problem, ProblemKind
from radiotui.radio import playlists
from radiotui.recording.tags import RecordingTags
from radiotui.stations import fields
from radiotui.store.duplicates import link_key
from radiotui.ui.kit.browser import open_page

GOOD = [
    "http://127.0.0.1:1/",
    "https://127.0.0.1:1/live?a=b&c=%20d#e",
    "HTTP://127.0.0.1:1/Live",
    "http://[::1]:1/",
    "http://ann:secret@127.0.0.1:1/",
    "http://ann@mail.example:secret@127.0.0.1:1/",
    "http://127.0.0.1:1",
    "http://127.0.0.1:1?station=knau",
    "http://127.0.0.1:1//live//",
    "http://127.0.0.1:1/;a",
]
BAD = [
    "",
    "x",
    "knau.org",
    "/live",
    "//127.0.0.1:1/live",
    "http:/127.0.0.1/",
    "http:127.0.0.1",
    "http://",
    "http:///live",
    "http://:80/",
    "http://@/",
    "https://?a",
    "htps://knau.org/",
    "ftp://knau.org/",
    "file:///etc/passwd",
    "feed://knau.org/news.rss",
    "feed:https://knau.org/news.rss",
    "javascript:alert(1)",
    "javascript://knau.org/%0aalert(1)",
    "data:text/html,hello",
    "mailto:ann@knau.org",
    "http://[::1/",
    "http://[::1",
    "http://[bad]/",
    "http://[::1]x/",
    "http://::1/",
    "http://knau.org:0/",
    "http://knau.org:99999/",
    "http://knau.org:port/",
    "http://kn au.org/",
    "http://knau.org\\@npr.example/",
    "http:\\\\knau.org\\live",
    "http://knau..org/",
    "http://.org/",
    f"http://{'a' * 64}.example/",
    "http://" + ".".join(["a" * 60] * 5) + "/",
    "http://knau%2eorg/",
    "http://knau<b>.org/",
    'http://kn"au.org/',
    "http://kn|au.org/",
    "http://\ud800.example/",
]


def asked(url: str) -> bool:
    async def ask() -> ProblemKind:
        net = Net()
        try:
            await net.fetch(url, seconds=5)
        except Problem as problem:
            return problem.kind
        finally:
            await net.aclose()
        raise AssertionError("there is no server")

    return asyncio.run(ask()) is not ProblemKind.BAD_ADDRESS


def in_the_station_list(url: str) -> bool:
    try:
        return fields.address(url) == url
    except fields.FieldError:
        return False


def in_a_playlist(url: str) -> bool:
    return playlists.address(url, "") is not None


def as_a_link(url: str) -> bool:
    return web_link(url) is not None


def in_a_recording(url: str) -> bool:
    return bool(RecordingTags("KNAU", datetime.now(UTC), url=url).address)


def opened(url: str) -> bool:
    problem = asyncio.run(open_page(url))
    return problem is None or problem.title != "That link is not a web address"


DECIDERS = [is_web, asked, in_the_station_list, in_a_playlist, as_a_link, in_a_recording, opened]


@pytest.mark.parametrize("decider", DECIDERS)
def test_all_decide_alike(decider: Callable[[str], bool], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER", "true")
    assert [url for url in GOOD if not decider(url)] == []
    assert [url for url in BAD if decider(url)] == []


@pytest.mark.parametrize("url", ["http://[::1/", "file:///etc/passwd", "http://knau.org:0/"])
async def test_feeds_are_looked_for_on_the_web_alone(url: str) -> None:
    with pytest.raises(Problem, match="no web address"):
        await find_feeds(Net(), WorkerPool(), url)


@pytest.mark.parametrize(
    ("written", "base", "meant"),
    [
        ("//127.0.0.1/live", "https://knau.org/a", "https://127.0.0.1/live"),
        ("/live", "https://knau.org/a", "https://knau.org/live"),
        ("/live", None, None),
        *((blank, "https://knau.org/a", None) for blank in ("", " ", "\t\n", "\u00a0", "\u200b")),
        ("/live", "http://[bad", None),
        (" https://knau.org/a b ", None, "https://knau.org/a%20b"),
        ("https://knau.org/\x1b[2Ja\n", None, "https://knau.org/a"),
        ("https://knau.org/a\\b", None, "https://knau.org/a%5Cb"),
        ("https://rádio.example/ñ", None, "https://rádio.example/ñ"),
        ("https://हिन्दी.example/", None, "https://हिन्दी.example/"),
        ("https://ラジオ.example/", None, "https://ラジオ.example/"),
    ],
)
def test_what_is_written_on_a_page(written: str, base: str | None, meant: str | None) -> None:
    assert web_link(written, base) == meant


PARTS = ["http", "https", ":", "//", "/", "\\", "@", "[", "]", "::1", "x.example", ":80", "?", "#"]


@given(
    st.lists(st.sampled_from(PARTS) | st.text(max_size=3), max_size=10).map("".join),
    st.sampled_from([None, "https://knau.org/a/b", "http://[bad"]),
)
def test_no_address_raises_and_links_may_be_asked(address: str, base: str | None) -> None:
    link = web_link(address, base)
    if link is not None:
        assert is_web(link)
        assert web_link(link) == link
        assert host_of(link)
    is_web(address)
    place_of(address)
    site_of(address)
    playlists.address(address, base or "")


@pytest.mark.parametrize(
    ("url", "host", "site", "place"),
    [
        ("https://www.KNAU.org/news/", "www.knau.org", "knau.org", "knau.org/news"),
        ("http://[::1/", "", "http://[::1/", "http://[::1/"),
        ("x", "", "x", "x"),
        ("https://knau.org", "knau.org", "knau.org", "knau.org"),
    ],
)
def test_addresses_have_names_for_people(url: str, host: str, site: str, place: str) -> None:
    assert (host_of(url), site_of(url)) == (host, site)
    assert place_of(url).startswith(place)


@pytest.mark.parametrize("url", [*BAD, "http://knau.org:99999/x", "http://[::1/?url=http://[x"])
def test_nothing_raises_over_an_address_that_is_none(url: str) -> None:
    assert link_key(url) is None
    picture_key(url)
    assert picture_key(f"https://knau.org/a.jpg?{urlencode({'url': url}, errors='replace')}")
    station, stream = stream_at(url)
    assert (station.name, stream.urls) == (host_of(url) or url, (url,))
    assert feed_name(url) or not url
    assert server_of(url) == server_of(url).lower()


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("https://Ann:secret@KNAU.org:8000/live", "knau.org:8000"),
        ("http://[::1]:80/", "[::1]:80"),
        ("http://[::1/", ""),
        ("x", ""),
    ],
)
def test_a_server_is_a_host_and_its_port(url: str, server: str) -> None:
    assert server_of(url) == server


def test_a_picture_with_many_parameters_has_a_key() -> None:
    assert picture_key("https://knau.org/a.jpg?" + "b=1&" * 500) == "a"


@pytest.mark.parametrize("host", ["xn--.example", "xn--a.example", "☃.example", "é" * 60])
async def test_hosts_that_cannot_be_encoded_are_problems(host: str) -> None:
    with pytest.raises(Problem, match="not a web address"):
        await Net().fetch(f"http://{host}/")
