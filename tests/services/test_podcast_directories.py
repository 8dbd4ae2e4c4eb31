"""Directories of podcasts, as they answer and as nobody should: what is read of them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiotui.net.client import Net
from radiotui.podcasts.apple import AppleDirectory, apple_id
from radiotui.podcasts.fyyd import FyydDirectory
from radiotui.podcasts.model import FoundPodcast
from radiotui.problems import Problem
from tests.servers import Connection, Route, Server, serving
from tests.services.podcast_lab import PodcastLab, lab
from tests.services.test_feeds_discover import net

__all__ = ["lab", "net"]

APPLE = {
    "resultCount": 3,
    "results": [
        {
            "collectionName": "Canyon &amp; Sky",
            "artistName": "KNAU",
            "feedUrl": "https://pods.example/canyon",
            "artworkUrl600": "https://pods.example/600.jpg",
            "trackCount": 120,
            "genres": ["News", "Podcasts", {}],
        },
        {"collectionName": "Apple's alone", "trackCount": 3},
        {"collectionName": "Odd", "feedUrl": "javascript:alert(1)"},
    ],
}
FYYD = {
    "status": 1,
    "data": [
        {"title": "Sky", "xmlURL": "https://sky.example/feed", "author": "Ida"},
        {"title": "Canyon", "xmlURL": "http://pods.example/canyon/", "episode_count": 121},
    ],
}


def answer(value: object) -> Route:
    body = json.dumps(value).encode()
    return lambda connection: connection.answer(body, "text/javascript; charset=utf-8")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        server.routes["/search"] = server.routes["/lookup"] = answer(APPLE)
        server.routes["/0.2/search/podcast"] = answer(FYYD)
        yield server


CANYON = FoundPodcast(
    "Canyon & Sky",
    "https://pods.example/canyon",
    "Apple",
    "KNAU",
    120,
    ("News",),
    "https://pods.example/600.jpg",
)


async def test_apple_is_read_without_what_has_no_feed(net: Net, server: Server) -> None:
    assert await AppleDirectory(server.url("")).find(net, "canyon & sky") == [CANYON]
    assert server.paths()[-1].partition("?")[2].endswith("term=canyon%20%26%20sky")


async def test_fyyd_is_read(net: Net, server: Server) -> None:
    assert await FyydDirectory(server.url("")).find(net, "sky") == [
        FoundPodcast("Sky", "https://sky.example/feed", "fyyd", "Ida"),
        FoundPodcast("Canyon", "http://pods.example/canyon/", "fyyd", "", 121),
    ]


async def test_the_page_of_a_podcast_at_apple_leads_to_its_feed(net: Net, server: Server) -> None:
    assert await AppleDirectory(server.url("")).feed_of(net, "123") == CANYON
    server.routes["/lookup"] = answer({"results": [{"collectionName": "x"}]})
    with pytest.raises(Problem, match="no feed of this podcast"):
        await AppleDirectory(server.url("")).feed_of(net, "123")


@pytest.mark.parametrize(
    ("address", "podcast_id"),
    [
        ("https://podcasts.apple.com/us/podcast/canyon/id1234567890", "1234567890"),
        ("podcasts.apple.com/us/podcast/id12?i=1000", "12"),
        ("https://itunes.apple.com/podcast/canyon/id99?mt=2", "99"),
        ("https://podcasts.apple.com/us/podcast/canyon", None),
        ("https://knau.example/id99", None),
        ("https://podcasts.apple.com.example/id99", None),
        ("", None),
    ],
)
def test_an_address_of_apples_is_known(address: str, podcast_id: str | None) -> None:
    assert apple_id(address) == podcast_id


def html(connection: Connection) -> None:
    connection.answer(b"<html>Room number?</html>", "text/html")


@pytest.mark.parametrize("what", [html, answer([]), answer({"results": 7}), answer(None)])
async def test_another_answer_is_a_problem(net: Net, server: Server, what: Route) -> None:
    server.routes["/search"] = server.routes["/0.2/search/podcast"] = what
    for directory in (AppleDirectory(server.url("")), FyydDirectory(server.url(""))):
        with pytest.raises(Problem, match=r"Apple|fyyd"):
            await directory.find(net, "x")


BASE = "http://127.0.0.1:9"
VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from([*APPLE["results"][0], *FYYD["data"][0], "results", "data"]),  # type: ignore[index]
            inner,
            max_size=6,
        )
    ),
    max_leaves=30,
)


@given(VALUES)
def test_no_answer_raises_or_shows_control_characters(value: object) -> None:
    for directory, key in ((AppleDirectory(BASE), "results"), (FyydDirectory(BASE), "data")):
        for podcast in directory.podcasts_in({key: [value]}) or []:
            assert podcast.url.startswith(("http://", "https://"))
            assert (podcast.title + podcast.author).isprintable()


async def test_directories_are_asked_together_and_a_feed_comes_once(lab: PodcastLab) -> None:
    found = await lab.podcasts.find("sky")
    assert [(one.title, one.directory) for one in found.podcasts] == [
        ("Canyon & Sky", "Apple"),
        ("Sky", "fyyd"),
    ]
    assert found.problem is None


async def test_a_directory_that_fails_costs_its_own_answers(
    lab: PodcastLab, server: Server
) -> None:
    server.routes["/search"] = html
    found = await lab.podcasts.find("sky")
    assert [one.title for one in found.podcasts] == ["Sky", "Canyon"]
    assert found.problem is not None
    assert "Apple" in found.problem.title
    server.routes["/0.2/search/podcast"] = html
    with pytest.raises(Problem, match="and 1 more"):
        await lab.podcasts.find("sky")
