"""Lists that are narrowed to some words while they are typed, with a real store."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event

import pytest

from radiotui.store import downloads, progress
from radiotui.stories.list_lengths import ListLengths
from radiotui.stories.model import (
    Downloaded,
    InProgress,
    LatestEpisodes,
    PodcastSection,
    SectionKey,
    Starred,
    StoryList,
)
from tests.feeds import rss
from tests.loop_watch import watched
from tests.servers import Connection, Route, Server, serving
from tests.services.podcast_lab import PodcastLab, lab
from tests.services.test_podcast_lists import feed, section

__all__ = ["lab"]

BEGIN = datetime(2016, 1, 1, tzinfo=UTC)


def item(number: int, title: str, notes: str = "What is said in it.") -> str:
    day = (BEGIN + timedelta(days=number)).strftime("%a, %d %b %Y 10:00:00 GMT")
    return (
        f"<item><title>{title}</title><guid>{number}</guid><pubDate>{day}</pubDate>"
        f"<description>{notes}</description>"
        f"<enclosure url='https://pods.example/{number}.mp3' type='audio/mpeg'/></item>"
    )


SHOW = (
    item(5, "The Süd Rim", "An ocelot was seen."),
    item(4, "Tide pools"),
    item(3, "Riptides"),
    item(2, "Snow", "A tide of snow, and no ocelot."),
    item(1, "Last of all"),
)


def named(title: str, *items: str) -> str:
    return rss("".join(items), "").replace("Coconino Now", title)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        server.routes["/show.rss"] = feed(named("Rim Stories", *SHOW))
        server.routes["/station.rss"] = feed(named("Tidings", item(9, "Noon"), item(8, "Dawn")))
        yield server


@pytest.fixture
async def show(lab: PodcastLab) -> PodcastSection:
    """The listener's podcast; both podcasts have answered."""
    url = lab.server.url("/show.rss")
    lab.path.write_text(lab.path.read_text() + f'[[podcast]]\nurl = "{url}"\n')
    await lab.stories.refresh(section(lab, LatestEpisodes()))
    return PodcastSection(url)


def titles(story_list: StoryList) -> list[str]:
    return [headline.title for headline in story_list.headlines]


async def narrowed(lab: PodcastLab, key: SectionKey, words: str) -> list[str]:
    await lab.stories.narrow(section(lab, key), words)
    assert lab.told[-1].words == words.strip()
    return titles(lab.told[-1])


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("tide", ["Tide pools", "Riptides", "Snow"]),
        ("TIDE po", ["Tide pools"]),
        ("sud", ["The Süd Rim"]),
        ("SÜD", ["The Süd Rim"]),
        ("üd r", ["The Süd Rim"]),
        ("ocel", ["The Süd Rim", "Snow"]),
        ("ocelot snow", ["Snow"]),
        ("celot", []),
        ("rim stories", []),
        ('"* OR (', []),
        ("nowhere", []),
    ],
)
async def test_a_podcasts_list_has_the_episodes_with_all_words_in_title_or_notes(
    lab: PodcastLab, show: PodcastSection, words: str, titles: list[str]
) -> None:
    assert await narrowed(lab, show, words) == titles


async def test_a_list_of_several_podcasts_has_those_of_a_podcasts_name_too(
    lab: PodcastLab, show: PodcastSection
) -> None:
    tide = ["Noon", "Dawn", "Tide pools", "Riptides", "Snow"]
    assert await narrowed(lab, LatestEpisodes(), "tid") == tide
    assert await narrowed(lab, LatestEpisodes(), "tidings da") == ["Dawn"]
    assert await narrowed(lab, show, "tidings") == []


async def test_every_list_of_episodes_is_narrowed(lab: PodcastLab, show: PodcastSection) -> None:
    whole = await lab.stories.story_list(section(lab, show))
    entries = {headline.title: headline.id for headline in whole.headlines}
    at = lab.time.clock()
    for title in ("Tide pools", "Last of all"):
        entry = entries[title]
        await lab.stories.star(entry, True)
        await lab.store.ask(
            partial(progress.note_heard, entry=entry, heard=90.0, length=600.0, at=at)
        )
        await lab.store.ask(partial(downloads.want, entries=[entry], at=at))
    for key in (InProgress(), Downloaded(), Starred()):
        assert len(titles(await lab.stories.story_list(section(lab, key)))) == 2
        assert await narrowed(lab, key, "last") == ["Last of all"]


async def test_the_whole_list_comes_back(lab: PodcastLab, show: PodcastSection) -> None:
    await narrowed(lab, show, "tide")
    await lab.stories.widen(section(lab, show))
    assert (lab.told[-1].words, len(titles(lab.told[-1]))) == ("", 5)
    await narrowed(lab, show, "tide")
    await lab.stories.story_list(section(lab, LatestEpisodes()))
    back = await lab.stories.story_list(section(lab, show))
    assert (back.words, len(back.headlines)) == ("", 5), "who comes back sees all of it"


async def test_what_comes_meanwhile_is_in_it_where_it_has_the_words(
    lab: PodcastLab, show: PodcastSection
) -> None:
    await lab.stories.story_list(section(lab, show))
    assert await narrowed(lab, show, "tide") == ["Tide pools", "Riptides", "Snow"]
    more = item(7, "High tide"), item(6, "A desert")
    lab.server.routes["/show.rss"] = feed(named("Rim Stories", *more, *SHOW))
    await lab.stories.refresh(section(lab, show), force=True)
    assert all(told.words == "tide" for told in lab.told[-2:])
    assert titles(lab.told[-1]) == ["High tide", "Tide pools", "Riptides", "Snow"]
    await lab.stories.star(lab.told[-1].headlines[0].id, True)
    assert (lab.told[-1].words, lab.told[-1].headlines[0].starred) == ("tide", True)


async def test_a_refresh_under_way_does_not_give_the_whole_list_back(
    lab: PodcastLab, show: PodcastSection
) -> None:
    latest = section(lab, LatestEpisodes())
    whole, gates = await lab.stories.story_list(latest), (Event(), Event())
    for path, gate in zip(("/station.rss", "/show.rss"), gates, strict=True):
        route = lab.server.routes[path]

        def waiting(connection: Connection, route: Route = route, gate: Event = gate) -> None:
            gate.wait(30)
            route(connection)

        lab.server.routes[path] = waiting
    lab.told.clear()
    refreshing = asyncio.create_task(lab.stories.refresh(latest, force=True))
    async with asyncio.timeout(30):
        while not lab.told:
            await asyncio.sleep(0.01)
        await lab.stories.narrow(latest, "tide")
        begun = len(lab.told)
        gates[0].set()
        while lab.told[-1].feeds_done != 1:
            await asyncio.sleep(0.01)
        gates[1].set()
        await refreshing
    assert {told.words for told in lab.told[begun:]} == {"tide"}
    assert len(lab.told[-1].headlines) < len(whole.headlines)


def test_a_list_that_was_read_before_other_words_were_typed_is_not_told() -> None:
    lengths, told = ListLengths(), list[StoryList]()
    lengths.narrow(Starred(), "ti")
    read = StoryList(Starred(), words="ti")
    lengths.narrow(Starred(), "tide")
    for each in (read, StoryList(Starred()), StoryList(InProgress())):
        lengths.pass_on(told.append, each)
    assert [each.section for each in told] == [InProgress()]


async def test_of_thousands_each_letter_costs_little_and_the_way_back_leads_to_the_episode(
    lab: PodcastLab, show: PodcastSection
) -> None:
    items = (
        item(n, f"Number {n}{' Tide' if n % 500 == 7 else ''}", "Ocelots." if n == 12 else "Words.")
        for n in range(3000, 0, -1)
    )
    lab.server.routes["/show.rss"] = feed(named("Rim Stories", *items))
    whole = await lab.stories.refresh(section(lab, show), force=True)
    assert len(whole.headlines) == 300
    assert whole.has_older
    await lab.stories.index()
    with watched():
        for words in ("n", "nu", "num", "number 2"):
            await lab.stories.narrow(section(lab, show), words)
    assert len(lab.told[-1].headlines) == 300
    assert lab.told[-1].has_older
    await lab.stories.show_older(section(lab, show))
    assert len(lab.told[-1].headlines) == 600
    found = [f"Number {n} Tide" for n in (2507, 2007, 1507, 1007, 507, 7)]
    assert await narrowed(lab, show, "tide") == found
    assert await narrowed(lab, show, "ocelot") == ["Number 12"]
    entry = lab.told[-1].headlines[0].id
    await lab.stories.widen(section(lab, show), entry)
    story_list = lab.told[-1]
    assert titles(story_list)[:2] == ["Number 3000", "Number 2999"]
    assert entry in [headline.id for headline in story_list.headlines]
    assert len(story_list.headlines) == 3000
