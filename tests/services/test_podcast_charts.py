"""Apple's chart of podcasts: its order, its countries and genres, and answers that are none."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiotui.net.client import Net
from radiotui.podcasts import apple_chart as charts
from radiotui.podcasts.apple import AppleDirectory
from radiotui.podcasts.apple_chart import apple_chart, country_of_locale
from radiotui.problems import Problem, ProblemKind
from tests.servers import Route, Server, serving
from tests.services.podcast_lab import PodcastLab, lab
from tests.services.test_feeds_discover import net

__all__ = ["lab", "net"]

ROW = {"artistName": "Ann", "genres": ["News", "Podcasts"], "trackCount": 12}
FEEDS = {
    "results": [
        {**ROW, "collectionId": 2, "collectionName": "Second", "feedUrl": "https://b.example/rss"},
        {**ROW, "collectionId": 1, "collectionName": "First", "feedUrl": "https://a.example/rss"},
        {**ROW, "collectionId": 3, "collectionName": "Apple's alone"},
    ]
}


def entry(podcast_id: str) -> dict[str, object]:
    return {"im:name": {"label": "x"}, "id": {"attributes": {"im:id": podcast_id}}}


CHART = {"feed": {"entry": [entry("1"), entry("2"), entry("3"), entry("1"), entry("../x"), 7]}}


def answer(value: object) -> Route:
    body = json.dumps(value).encode()
    return lambda connection: connection.answer(body, "text/javascript; charset=utf-8")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        for place in ("us", "de", "gb"):
            for genre in ("", "/genre=1489"):
                path = f"/{place}/rss/toppodcasts/limit=50{genre}/explicit=true/json"
                server.routes[path] = answer(CHART)
        server.routes["/lookup"] = answer(FEEDS)
        yield server


async def test_podcasts_come_in_the_chart_s_order_with_their_feeds(
    lab: PodcastLab, server: Server
) -> None:
    chart = await lab.podcasts.chart("DE", "news")
    assert [(one.title, one.url, one.genres) for one in chart.podcasts] == [
        ("First", "https://a.example/rss", ("News",)),
        ("Second", "https://b.example/rss", ("News",)),
    ]
    assert server.paths() == [
        "/de/rss/toppodcasts/limit=50/genre=1489/explicit=true/json",
        "/lookup?country=de&id=1,2,3",
    ]


@pytest.mark.parametrize(
    ("environ", "country"),
    [
        ({"LANG": "en_GB.UTF-8"}, "gb"),
        ({"LC_ALL": "de_DE", "LANG": "en_US"}, "de"),
        ({"LANG": "C.UTF-8"}, "us"),
        ({"LANG": "es_419"}, "us"),
        ({}, "us"),
    ],
)
def test_without_a_country_it_is_that_of_the_locale(environ: dict[str, str], country: str) -> None:
    assert country_of_locale(environ) == country


@pytest.mark.parametrize(
    ("country", "genre", "words"),
    [
        ("usa", "", "there is no country 'usa': write two letters"),
        ("u/", "", "there is no country 'u/'"),
        ("us", "new", "there is no genre 'new': did you mean news?"),
        ("us", "zzz", "there are arts, business"),
    ],
)
async def test_what_is_no_country_or_genre_is_not_asked(
    lab: PodcastLab, server: Server, country: str, genre: str, words: str
) -> None:
    with pytest.raises(Problem) as caught:
        await lab.podcasts.chart(country, genre)
    assert words in str(caught.value)
    assert caught.value.kind is ProblemKind.USAGE
    assert server.paths() == []


async def test_a_chart_of_one_and_of_none(net: Net, server: Server) -> None:
    path = "/us/rss/toppodcasts/limit=50/explicit=true/json"
    server.routes[path] = answer({"feed": {"entry": entry("2")}})
    apple = AppleDirectory(server.url(""))
    assert [one.title for one in await apple_chart(apple, net, "us")] == ["Second"]
    server.routes[path] = answer({"feed": {}})
    assert await apple_chart(apple, net, "us") == []


@pytest.mark.parametrize("value", [[], {"feed": 7}, None, {"feed": {"entry": [entry("1")]}}])
async def test_another_answer_is_a_problem_of_apple_s(
    net: Net, server: Server, value: object
) -> None:
    server.routes["/us/rss/toppodcasts/limit=50/explicit=true/json"] = answer(value)
    server.routes["/lookup"] = answer({"results": None})
    with pytest.raises(Problem, match="Apple"):
        await apple_chart(AppleDirectory(server.url("")), net, "us")


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["feed", "entry", "id", "attributes", "im:id", "results"]), inner
            )
        ),
        max_leaves=20,
    )
)
def test_no_answer_raises(value: object) -> None:
    for one in (value, {"feed": {"entry": value}}):
        assert all(word.isdecimal() for word in charts.ids_in_chart(one) or ())
