"""A wall round each feed: what nobody expected of one costs that one alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from radiotui.app.followed_feeds import FollowedFeeds
from radiotui.app.services import Services, ServicesDeps
from radiotui.app.stories import Stories, StoriesDeps
from radiotui.config import Settings
from radiotui.net.client import Fetched, Net
from radiotui.player.episodes import EpisodeAnswers
from radiotui.player.queue import QueueItem
from radiotui.problems import Problem
from radiotui.stations.model import OwnFeed, StationList
from radiotui.stories.service import StoryService
from tests.servers import Server, serving
from tests.services.test_feeds_newsstand import Feed, Kiosk, rss


def now() -> datetime:
    return datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
async def kiosk(tmp_path: Path, server: Server) -> AsyncIterator[Kiosk]:
    kiosk = Kiosk(tmp_path / "radiotui.db", server, "odd", "news")
    server.routes["/news"] = Feed(rss(("1", "Snow")))
    yield kiosk
    await kiosk.close()


class FaultyNet(Net):
    """Fails at one address as nothing expects."""

    async def fetch(self, url: str, **more: object) -> Fetched:
        if url.endswith("/odd"):
            raise ExceptionGroup("nobody knows", [OverflowError("port")])
        return await super().fetch(url, **more)  # type: ignore[arg-type]


async def test_a_fault_on_the_way_is_that_feeds_problem(kiosk: Kiosk, server: Server) -> None:
    kiosk.stand = StoryService(
        FaultyNet(), kiosk.store, clock=kiosk.clock, on_change=kiosk.told.append, jitter=lambda: 0.0
    )
    story_list = await kiosk.refresh()
    assert [headline.title for headline in story_list.headlines] == ["Snow"]
    assert story_list.problem is not None
    assert story_list.problem.title == "127.0.0.1/odd holds something that radiotui cannot take in"
    assert not story_list.refreshing
    odd, _ = await kiosk.stand.feed_states(kiosk.station.feeds)
    assert odd.problem == story_list.problem
    # It is asked ever less often, as any feed that fails.
    assert odd.next_at is not None
    assert odd.next_at > kiosk.clock.now


async def test_a_fault_of_a_page_is_that_storys_problem(kiosk: Kiosk, server: Server) -> None:
    body = rss(("1", "Rain")).replace(b"https://knau.example/1", server.url("/a/odd").encode())
    server.routes["/news"] = Feed(body)
    kiosk.stand = StoryService(
        FaultyNet(), kiosk.store, clock=kiosk.clock, on_change=kiosk.told.append
    )
    (rain,) = (await kiosk.refresh()).headlines
    story = await kiosk.stand.whole_story(rain.id)
    assert story.why is not None
    assert story.why.title == "127.0.0.1 sent something that radiotui cannot take in"
    assert (story.headline.title, story.whole) == ("Rain", False)


async def forbid(kiosk: Kiosk, change: str) -> None:
    """Let a change of the store fail as no change does."""

    def prepare(connection: object) -> None:
        connection.create_function("forbidden", 1, lambda _: 1 / 0)  # type: ignore[attr-defined]
        connection.execute(  # type: ignore[attr-defined]
            f"CREATE TEMP TRIGGER forbid BEFORE {change} BEGIN SELECT forbidden(1); END"
        ).close()

    await kiosk.store.ask(prepare)


async def test_a_fault_on_the_shelf_is_that_feeds_problem(kiosk: Kiosk, server: Server) -> None:
    server.routes["/odd"] = Feed(rss(("1", "Rain"), ("2", "Hail"), title="Odd"))
    await forbid(kiosk, "INSERT ON entry WHEN new.title = 'Hail'")
    story_list = await kiosk.refresh()
    assert [headline.title for headline in story_list.headlines] == ["Snow"]
    assert story_list.problem is not None
    assert story_list.unkept is None
    odd, news = await kiosk.stand.feed_states(kiosk.station.feeds)
    assert (odd.problem, news.problem) == (story_list.problem, None)


async def test_a_fault_that_cannot_be_stored_is_that_feeds_problem(
    kiosk: Kiosk, server: Server
) -> None:
    server.routes["/odd"] = Feed(rss(("1", "Rain"), title="Odd"))
    await forbid(kiosk, "UPDATE ON feed WHEN new.url LIKE '%/odd'")
    story_list = await kiosk.refresh()
    assert [headline.title for headline in story_list.headlines] == ["Snow"]
    assert story_list.problem is not None
    assert "holds something that radiotui cannot take in" in story_list.problem.title


@pytest.mark.parametrize("name", ["ETag", "Last_Modified"])
@pytest.mark.parametrize("value", ["\u00e9", "Mon, 01 D\u00e9c 2025 00:00:00 GMT", "x" * 3000])
async def test_a_validator_that_no_question_can_carry_is_not_sent(
    kiosk: Kiosk, server: Server, name: str, value: str
) -> None:
    server.routes["/odd"] = odd = Feed(rss(("7", "Rain")), **{name: value})
    for _ in range(2):
        story_list = await kiosk.refresh(force=True)
        assert story_list.problem is None
    assert len(odd.asked) == 2
    assert not {"if-none-match", "if-modified-since"} & odd.asked[1].keys()
    assert sorted(headline.title for headline in story_list.headlines) == ["Rain", "Snow"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Expires": "Mon, 01 Jan 99999999999 00:00:00 GMT"},
        {"Expires": "Fri, 31 Dec 9999 23:59:59 -2359"},
        {"Expires": "Mon, 02 Mar 2026 12:00:00 +99999999"},
        {
            "Date": "Mon, 01 Jan 99999999999 00:00:00 GMT",
            "Expires": "Mon, 02 Mar 2026 13:00:00 GMT",
        },
        {
            "Date": "Mon, 01 Jan 0001 00:00:00 +2359",
            "Expires": "Fri, 31 Dec 9999 23:59:59 -2359",
        },
        {"Cache_Control": "max-age=" + "9" * 4000},
    ],
)
async def test_a_time_out_of_range_is_none(
    kiosk: Kiosk, server: Server, headers: dict[str, str]
) -> None:
    server.routes["/odd"] = Feed(rss(("7", "Rain")), **headers)
    story_list = await kiosk.refresh()
    assert story_list.problem is None
    assert len(story_list.headlines) == 2
    odd, _ = await kiosk.stand.feed_states(kiosk.station.feeds)
    assert odd.next_at is not None


@pytest.mark.parametrize(
    "wait", ["Mon, 01 Jan 99999999999 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 -2359", "9" * 4000]
)
async def test_a_wait_out_of_range_is_bounded(kiosk: Kiosk, server: Server, wait: str) -> None:
    server.routes["/odd"] = odd = Feed(Retry_After=wait)
    odd.status = "503 Service Unavailable"
    problem = (await kiosk.refresh()).problem
    assert problem is not None
    assert "a fault of its own (503)" in problem.title


@pytest.mark.parametrize(
    "link",
    [
        *("http://rim.example:por/a", "http://rim.example:99999/a", "http://rim.example:-1/a"),
        *("http://xn--a0/a", "http://[::1/a", "http://rim.example:\u0661/a", "//:80/a"),
    ],
)
async def test_a_link_that_leads_nowhere_costs_the_link_alone(
    kiosk: Kiosk, server: Server, link: str
) -> None:
    body = rss(("1", "Rain"), ("2", "Hail")).replace(b"https://knau.example/1", link.encode())
    server.routes["/odd"] = Feed(body)
    story_list = await kiosk.refresh()
    assert story_list.problem is None
    assert sorted(h.title for h in story_list.headlines) == ["Hail", "Rain", "Snow"]
    # The page is nobody's; the feed's own words are there.
    rain = next(h for h in story_list.headlines if h.title == "Rain")
    async with asyncio.timeout(30):
        story = await kiosk.stand.whole_story(rain.id)
    assert (story.headline.title, story.whole) == ("Rain", False)


async def test_feeds_are_asked_on_after_a_fault_that_nobody_expected(
    tmp_path: Path, server: Server
) -> None:
    server.routes["/news"] = news = Feed(rss(("1", "Snow")))
    own = StationList(feeds=(OwnFeed(server.url("/news"), "News", ""),))
    nothing = lambda *_: None  # noqa: E731
    services = Services(
        ServicesDeps(
            settings=Settings(),
            engine="silent",
            store=tmp_path / "radiotui.db",
            cache=tmp_path,
            recordings=tmp_path,
            clock=now,
            on_player_state=nothing,
            on_on_air=nothing,
            on_story_list=nothing,
            on_problem=nothing,
            on_notice=nothing,
            answers=EpisodeAnswers,
        )
    )
    services.local_hosts.add_typed(server.url("/news"))
    problems: list[Problem] = []
    rounds: list[float] = []

    def refuse(*_: object) -> None:
        raise LookupError("a row that nobody reads so")

    async def wait(seconds: float) -> None:
        """Go on at once, but break the store for two rounds; end after the fourth."""
        rounds.append(seconds)
        if len(rounds) == 1:
            await services.store.ask(lambda c: setattr(c, "row_factory", refuse))
        if len(rounds) == 3:
            await services.store.ask(lambda c: setattr(c, "row_factory", None))
        if len(rounds) == 4:
            raise asyncio.CancelledError

    async def opened() -> Services:
        return services

    stories = Stories(
        StoriesDeps(
            opened=opened,
            clock=now,
            notify=problems.append,
            spawn=asyncio.create_task,
            feeds=lambda: FollowedFeeds(own, own),
            articles_ahead=lambda: 0,
            stations_path=None,
            publish=nothing,
            do=lambda _: None,
            sound_of=no_sound,
        ),
        wait=wait,
    )
    with pytest.raises(asyncio.CancelledError):
        await stories.keep_fresh()
    assert len(news.asked) == 1
    assert ["unexpected" in problem.title for problem in problems] == [True]
    await services.close()


async def no_sound(_intent: object) -> QueueItem:
    """Nothing is to be heard here."""
    raise Problem("This story has no sound of its own")
