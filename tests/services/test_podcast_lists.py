"""Lists of episodes with a real store: their order, their numbers, and how they are kept fresh."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from radiotui.app.stories import Stories, StoriesDeps
from radiotui.net.local_network import LocalHosts
from radiotui.player.queue import QueueItem
from radiotui.problems import Problem
from radiotui.store import progress
from radiotui.stories.model import (
    AllStories,
    InProgress,
    LatestEpisodes,
    PodcastSection,
    Section,
    SectionKey,
    Story,
)
from tests.feeds import rss
from tests.servers import Route, Server, serving
from tests.services.podcast_lab import PodcastLab, lab

__all__ = ["lab"]


def feed(body: str) -> Route:
    return lambda connection: connection.answer(body.encode(), "application/rss+xml")


def item(title: str, day: int, more: str = "", link: str = "") -> str:
    """An episode of a day of March."""
    return (
        f"<item><title>{title}</title><guid>{title}</guid><link>{link}</link>"
        f"<pubDate>Sun, {day:02} Mar 2026 10:00:00 GMT</pubDate>"
        "<description>What is said in it, told at some length.</description>"
        f"<enclosure url='https://pods.example/{day}.mp3' type='audio/mpeg'/>{more}</item>"
    )


NUMBERED = "<itunes:season>2</itunes:season><itunes:episode>5</itunes:episode>"
SERIAL = "<itunes:type>serial</itunes:type>"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        page = server.url("/notes.html")
        server.routes["/show.rss"] = feed(
            rss(item("Show two", 4, NUMBERED, page) + item("Show one", 2), "")
        )
        server.routes["/station.rss"] = feed(rss(item("Part two", 3) + item("Part one", 1), SERIAL))
        server.routes["/news.rss"] = feed(
            rss(f"<item><title>Snow</title><guid>1</guid><link>{server.url('/snow')}</link></item>")
        )
        yield server


def section(lab: PodcastLab, key: SectionKey) -> Section:
    """The section with that key in the list of now."""
    listed = lab.feeds().section(key)
    assert listed is not None
    return listed


def follow(lab: PodcastLab) -> None:
    """Put a podcast and a feed of the listener's own into the list."""
    lab.path.write_text(
        lab.path.read_text()
        + f'[[podcast]]\nurl = "{lab.server.url("/show.rss")}"\ntitle = "My show"\n'
        + f'[[feed]]\nurl = "{lab.server.url("/news.rss")}"\n'
    )


async def titles(lab: PodcastLab, key: SectionKey) -> list[str]:
    story_list = await lab.stories.refresh(section(lab, key))
    return [headline.title for headline in story_list.headlines]


async def test_the_latest_episodes_are_those_of_every_podcast_newest_first(lab: PodcastLab) -> None:
    follow(lab)
    shown = await titles(lab, LatestEpisodes())
    assert shown == ["Show two", "Part two", "Show one", "Part one"]


async def test_an_episode_that_two_podcasts_bring_stands_once_among_the_latest(
    lab: PodcastLab,
) -> None:
    follow(lab)
    shared = item("Show two", 4, link=lab.server.url("/notes.html"))
    lab.server.routes["/station.rss"] = feed(rss(shared + item("Part one", 1), SERIAL))
    assert await titles(lab, LatestEpisodes()) == ["Show two", "Show one", "Part one"]


async def test_all_stories_are_without_episodes(lab: PodcastLab) -> None:
    follow(lab)
    await titles(lab, LatestEpisodes())
    assert await titles(lab, AllStories()) == ["Snow"]


async def test_a_serial_is_listed_from_its_oldest_episode_on(lab: PodcastLab) -> None:
    follow(lab)
    serial = PodcastSection(lab.server.url("/station.rss"))
    assert await titles(lab, serial) == ["Part one", "Part two"]
    assert (await lab.stories.story_list(section(lab, serial))).oldest_first
    assert await titles(lab, PodcastSection(lab.server.url("/show.rss"))) == [
        "Show two",
        "Show one",
    ]


async def test_an_episode_has_its_season_and_number(lab: PodcastLab) -> None:
    follow(lab)
    story_list = await lab.stories.refresh(section(lab, LatestEpisodes()))
    numbers = {one.title: (one.season, one.number) for one in story_list.headlines}
    assert numbers["Show two"] == (2, 5)
    assert numbers["Part two"] == (None, None)


async def test_an_episode_has_its_picture_or_its_podcasts_and_a_story_of_news_has_none(
    lab: PodcastLab,
) -> None:
    follow(lab)
    own = "<itunes:duration>60</itunes:duration><itunes:image href='https://pods.example/2.png'/>"
    items = item("Show two", 4, own) + item("Show one", 2, "<itunes:duration>60</itunes:duration>")
    cover = "<itunes:image href='https://pods.example/cover.png'/>"
    lab.server.routes["/show.rss"] = feed(rss(items, cover))
    lab.server.routes["/news.rss"] = feed(
        rss("<item><title>Snow</title><guid>1</guid></item>", cover)
    )
    story_list = await lab.stories.refresh(section(lab, LatestEpisodes()))
    pictures = {one.title: one.picture for one in story_list.headlines}
    assert pictures == {
        "Show two": "https://pods.example/2.png",
        "Show one": "https://pods.example/cover.png",
        "Part two": None,
        "Part one": None,
    }
    story = await lab.stories.whole_story(story_list.headlines[-2].id)
    assert story.headline.title == "Show one"
    assert story.article.lead is not None
    assert story.article.lead.url == "https://pods.example/cover.png"
    news = await lab.stories.refresh(section(lab, AllStories()))
    assert [one.picture for one in news.headlines] == [None]


async def test_damaged_facts_cost_an_episode_its_number_alone(lab: PodcastLab) -> None:
    follow(lab)
    await lab.stories.refresh(section(lab, LatestEpisodes()))
    await lab.store.ask(lambda c: c.execute('UPDATE entry SET episode = \'{"season": "x\''))
    story_list = await lab.stories.story_list(section(lab, LatestEpisodes()))
    assert story_list.headlines[0].title == "Show two"
    assert {(one.season, one.number) for one in story_list.headlines} == {(None, None)}


async def test_the_notes_of_an_episode_are_read_as_a_story(lab: PodcastLab) -> None:
    follow(lab)
    story_list = await lab.stories.refresh(section(lab, LatestEpisodes()))
    story: Story = await lab.stories.whole_story(story_list.headlines[1].id)
    assert "told at some length" in str(story.article.parts)
    assert story.article.audio is not None


async def hear(
    lab: PodcastLab, title: str, heard: float, length: float = 600.0, *, is_played: bool = False
) -> None:
    """Hear so many seconds of the episode with that title, a minute after the last one."""
    latest = await lab.stories.story_list(section(lab, LatestEpisodes()))
    (entry,) = (one.id for one in latest.headlines if one.title == title)
    lab.time.now += timedelta(minutes=1)
    at = lab.time.clock()
    await lab.store.ask(
        lambda c: progress.note_heard(c, entry, heard, length, at, is_played=is_played)
    )


async def test_an_episode_says_how_far_it_was_heard(lab: PodcastLab) -> None:
    follow(lab)
    await lab.stories.refresh(section(lab, LatestEpisodes()))
    await hear(lab, "Show one", 90.0)
    await hear(lab, "Part one", 0.0, is_played=True)
    story_list = await lab.stories.story_list(section(lab, LatestEpisodes()))
    assert [
        (one.title, one.heard, one.is_played, one.audio and one.audio.seconds)
        for one in story_list.headlines
    ] == [
        ("Show two", 0.0, False, None),
        ("Part two", 0.0, False, None),
        ("Show one", 90.0, False, 600.0),
        ("Part one", 0.0, True, 600.0),
    ]


async def test_the_length_that_a_feed_states_stays(lab: PodcastLab) -> None:
    follow(lab)
    stated = "<itunes:duration>700</itunes:duration>"
    lab.server.routes["/show.rss"] = feed(rss(item("Show one", 2, stated), ""))
    await lab.stories.refresh(section(lab, LatestEpisodes()))
    await hear(lab, "Show one", 90.0)
    (show,) = (
        await lab.stories.story_list(section(lab, PodcastSection(lab.server.url("/show.rss"))))
    ).headlines
    assert show.audio is not None
    assert (show.heard, show.audio.seconds) == (90.0, 700.0)


async def test_in_progress_are_those_that_were_begun_and_not_finished_the_last_heard_first(
    lab: PodcastLab,
) -> None:
    follow(lab)
    await lab.stories.refresh(section(lab, LatestEpisodes()))
    assert (await lab.stories.story_list(section(lab, InProgress()))).headlines == ()
    await hear(lab, "Show two", 30.0)
    await hear(lab, "Part one", 90.0)
    await hear(lab, "Show one", 0.0, is_played=True)
    begun = (await lab.stories.story_list(section(lab, InProgress()))).headlines
    assert [one.title for one in begun] == ["Part one", "Show two"]
    await hear(lab, "Show two", 40.0)
    begun = (await lab.stories.story_list(section(lab, InProgress()))).headlines
    assert [(one.title, one.heard) for one in begun] == [("Show two", 40.0), ("Part one", 90.0)]
    # It is a list of what the listener did: no feed is asked for it.
    before = lab.server.paths()
    await lab.stories.refresh(section(lab, InProgress()), force=True)
    assert lab.server.paths() == before


async def test_what_a_podcast_that_was_removed_left_is_not_in_progress(lab: PodcastLab) -> None:
    before = lab.path.read_text()
    follow(lab)
    await lab.stories.refresh(section(lab, LatestEpisodes()))
    await hear(lab, "Show two", 30.0)
    lab.path.write_text(before)
    assert (await lab.stories.story_list(section(lab, InProgress()))).headlines == ()


async def test_without_a_podcast_nothing_is_in_progress(lab: PodcastLab) -> None:
    lab.path.write_text(lab.path.read_text().replace("podcasts = ", "feeds = "))
    assert lab.feeds().section(InProgress()) is None


def room(lab: PodcastLab, *, rounds: int) -> Stories:
    """The room for stories, in which a minute passes at once, so many times."""

    async def opened() -> Any:
        return SimpleNamespace(story_service=lab.stories, store=lab.store, local_hosts=LocalHosts())

    async def wait(_seconds: float) -> None:
        nonlocal rounds
        rounds -= 1
        if rounds < 0:
            raise asyncio.CancelledError

    return Stories(
        StoriesDeps(
            opened=opened,
            clock=lab.time.clock,
            notify=lambda _: None,
            spawn=asyncio.get_running_loop().create_task,
            feeds=lab.feeds,
            articles_ahead=lambda: 5,
            stations_path=None,
            publish=lambda _: None,
            do=lambda _: None,
            sound_of=no_sound,
        ),
        wait=wait,
    )


async def test_podcasts_are_refreshed_by_themselves_and_no_page_is_read_ahead(
    lab: PodcastLab,
) -> None:
    follow(lab)
    with pytest.raises(asyncio.CancelledError):
        await room(lab, rounds=1).keep_fresh()
    asked = lab.server.paths()
    assert {"/show.rss", "/station.rss", "/news.rss"} <= set(asked)
    assert "/snow" in asked, "pages of stories are"
    assert "/notes.html" not in asked


async def test_unread_episodes_are_counted_and_podcasts_named(lab: PodcastLab) -> None:
    follow(lab)
    stories = room(lab, rounds=1)
    await lab.stories.refresh(section(lab, LatestEpisodes()))
    unread = await stories.count_unread()
    assert unread[lab.server.url("/show.rss")] == 2
    assert unread[lab.server.url("/station.rss")] == 2
    assert stories.feed_titles[lab.server.url("/station.rss")] == "Coconino Now"


async def test_a_mark_is_told_of_the_list_that_is_looked_at_while_podcasts_are_refreshed(
    lab: PodcastLab,
) -> None:
    follow(lab)
    news = section(lab, AllStories())
    (snow,) = (await lab.stories.refresh(news)).headlines
    with pytest.raises(asyncio.CancelledError):
        await room(lab, rounds=1).keep_fresh()
    lab.told.clear()
    await lab.stories.mark_read([snow.id], True)
    assert [story_list.section for story_list in lab.told] == [news.key]


async def no_sound(_intent: object) -> QueueItem:
    """Nothing is to be heard here."""
    raise Problem("This story has no sound of its own")
