"""Feeds of the listener's own, and how every feed does."""

import asyncio
from datetime import timedelta

import pytest
from msgspec.structs import replace

from radiotui.problems import Problem
from radiotui.stations.model import OwnFeed
from radiotui.stories.model import FeedSection, FeedState, StationSection
from radiotui.ui.dialogs.feeds import FeedsScreen
from tests.ui.stage import NOW, STATIONS, Staged
from tests.ui.test_hostile import NASTY, SHOWN, harmless

OWN = (
    OwnFeed("https://a.example/rss", "Astronomy", "Science"),
    OwnFeed("https://b.example/rss", "Botany", "Science"),
    OwnFeed("https://c.example/rss", "Canyon Notes"),
)
KNAU_FEED = "https://www.knau.org/news.rss"


def with_feeds(*feeds: OwnFeed) -> Staged:
    companion = Staged(STATIONS)
    companion.station_list = replace(companion.station_list, feeds=feeds)
    return companion


@pytest.mark.parametrize("size", [(120, 36), (100, 30), (80, 24), (60, 16)])
async def test_a_feed_is_added_and_highlighted(radio, size):
    async with radio(*size, companion=with_feeds(*OWN)) as r:
        await r.press("2", "a")
        assert "Address of a feed" in r.text
        assert "Folders so far: Science" in r.text
        assert {len(line) for line in r.lines} == {size[0]}
        await r.press(*"d.example", "tab", *"Sci", "right", "enter")
        assert ("add_feed", "d.example", "Science") in r.companion.asked
        assert r.app.screen is r.main
        assert r.main.air.highlighted_id == "feed:d.example"
        assert r.app.focused is r.main.air
        assert ("look_at", FeedSection("d.example")) in r.companion.asked


async def test_a_feed_is_highlighted_also_when_the_list_comes_later(radio):
    companion = with_feeds()

    async def add(address: str, *, folder: str = "") -> OwnFeed:
        return OwnFeed(address, "Later", folder)

    companion.stories.add_feed = add  # type: ignore[method-assign]
    async with radio(companion=companion) as r:
        await r.press("2", "a", *"x.example", "enter")
        assert r.main.air.highlighted_id == "knau"
        await r.tell(replace(companion.station_list, feeds=(OwnFeed("x.example", "Later"),)))
        assert r.main.air.highlighted_id == "feed:x.example"
        await r.press("g")
        await r.tell(replace(companion.station_list))
        assert r.main.air.highlighted_id == "knau"


async def test_looking_is_shown_and_what_goes_wrong_is_told_in_place(radio):
    companion = with_feeds()
    answer = asyncio.Event()

    async def add(address: str, *, folder: str = "") -> OwnFeed:
        await answer.wait()
        raise Problem("There is no feed at x.example", "try its address", address + folder)

    companion.stories.add_feed = add  # type: ignore[method-assign]
    async with radio(companion=companion) as r:
        await r.press("2", "a", *"x.example")
        await r.pilot.press("enter")
        await r.pilot.pause()
        assert "looking for feeds…" in r.text
        answer.set()
        await r.settle()
        assert "⚠ There is no feed at x.example" in r.text
        assert "try its address" in r.text
        assert "x.example" in r.app.screen.query_one("#address").value
        await r.press("escape")
        assert r.app.screen is r.main


async def test_looking_ends_when_one_leaves(radio):
    companion = with_feeds()
    left: list[str] = []

    async def add(address: str, *, folder: str = "") -> OwnFeed:
        try:
            await asyncio.Event().wait()
        finally:
            left.append(address + folder)
        raise AssertionError

    companion.stories.add_feed = add  # type: ignore[method-assign]
    async with radio(companion=companion) as r:
        await r.press("2", "a", *"x.example")
        await r.pilot.press("enter")
        await r.pilot.pause()
        await r.pilot.press("escape")
        await r.pilot.pause()
        assert left == ["x.example"]
        assert r.app.screen is r.main


async def test_no_address_is_said(radio):
    async with radio() as r:
        await r.press("2", "a", "enter")
        assert "There is no address yet" in r.text
        assert not [ask for ask in r.companion.asked if ask[0] == "add_feed"]


async def test_a_feed_is_removed_after_one_question(radio):
    async with radio(companion=with_feeds(*OWN)) as r:
        await r.press("G", "up", "up", "up")
        assert r.main.air.highlighted_id == "feed:https://c.example/rss"
        assert "del remove" in r.pane("air")
        await r.press("delete")
        assert "Remove Canyon Notes from the list?" in r.text
        assert "Its stories stay kept." in r.text
        await r.press("escape")
        assert "Canyon Notes" in r.pane("air")
        await r.press("delete", "enter")
        assert ("remove_feed", "https://c.example/rss") in r.companion.asked
        assert "Canyon Notes" not in r.pane("air")


async def test_only_ones_own_feeds_are_removed(radio):
    async with radio(companion=with_feeds(*OWN)) as r:
        await r.press("G", "up", "up")
        assert r.main.air.highlighted_id == "folder:Science"
        await r.press("delete")
        assert r.app.screen is r.main


async def test_a_feed_that_cannot_be_removed_is_told(radio):
    companion = with_feeds(*OWN)

    async def remove(url: str) -> OwnFeed:
        raise Problem("The station list cannot be written")

    companion.stories.remove_feed = remove  # type: ignore[method-assign]
    async with radio(companion=companion) as r:
        await r.press("G", "delete", "enter")
        assert "The station list cannot be written" in r.text


STATES = [
    FeedState(
        KNAU_FEED,
        "KNAU and Arizona News",
        stories=340,
        unread=12,
        asked_at=NOW - timedelta(minutes=5),
        answered_at=NOW - timedelta(minutes=5),
        next_at=NOW + timedelta(minutes=25),
        saved=1_234_567,
        stations=("knau",),
    ),
    FeedState(
        OWN[0].url,
        "Astronomy",
        problem=Problem("a.example refused (403)", "it wants no readers"),
        folder="Science",
        own=True,
    ),
]


@pytest.mark.parametrize("size", [(120, 36), (100, 30), (80, 24), (60, 16)])
async def test_the_state_of_every_feed(radio, size):
    companion = with_feeds(*OWN)
    companion.stories.states = STATES
    async with radio(*size, companion=companion) as r:
        await r.press("F")
        assert "Feeds · 2 · 1 with a problem · 1.2 MB saved" in r.text
        line = next(line for line in r.lines if "12 unread of 340" in line)
        assert "KNAU and Arizona News" in line
        assert "answered 5m ago · again in 25m · 1.2 MB saved" in r.text
        assert "⚠ Astronomy" in r.text
        assert "never answered" in r.text
        assert "a.example refused (403)" in r.text
        assert {len(line) for line in r.lines} == {size[0]}
        await r.press("q")
        assert r.app.screen is r.main


async def test_enter_goes_to_the_feeds_stories_or_its_stations(radio):
    companion = with_feeds(*OWN)
    companion.stories.states = STATES
    async with radio(companion=companion) as r:
        await r.press("F", "down", "enter")
        assert r.companion.asked[-1] == ("look_at", FeedSection("https://a.example/rss"))
        assert r.main.pane == "stories"
        assert r.main.air.highlighted_id == "feed:https://a.example/rss"
        await r.press("F", "enter")
        assert ("look_at", StationSection("knau")) in r.companion.asked
        assert r.main.air.highlighted_id == "knau"


async def test_no_feeds_say_what_to_press(radio):
    async with radio() as r:
        await r.press("F")
        assert "There are no feeds yet" in r.text
        assert "a adds one" in r.text
        await r.press("enter")
        assert isinstance(r.app.screen, FeedsScreen)


async def test_states_that_cannot_be_had_are_a_problem(radio):
    companion = Staged()

    async def fail(*, everything: bool = False) -> list[FeedState]:
        raise Problem("The store is busy", str(everything))

    companion.stories.feed_states = fail  # type: ignore[method-assign]
    async with radio(companion=companion) as r:
        await r.press("F")
        assert "The store is busy" in r.text


@pytest.mark.parametrize("size", [(120, 36), (60, 16)])
async def test_what_others_wrote_is_text(radio, size):
    nasty = OwnFeed("https://n.example/rss", NASTY, NASTY.replace("/", "∕"))
    companion = with_feeds(nasty)
    state = replace(STATES[1], title=NASTY, folder=NASTY, problem=Problem(NASTY, NASTY))
    companion.stories.states = [replace(state, url=nasty.url)]
    async with radio(*size, companion=companion) as r:
        await r.press("G")
        assert "[/] [@click=app.quit]" in r.pane("air")
        assert harmless(r)
        await r.press("delete")
        assert SHOWN in r.text
        assert harmless(r)
        await r.press("escape", "F")
        assert SHOWN in r.text
        assert harmless(r)
        await r.press("escape", "a")
        assert harmless(r)
