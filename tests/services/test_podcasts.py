"""Podcasts of the list: what is known of them, their episodes, adding and removing one."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from radiotui.problems import Problem
from radiotui.stories.model import FeedSection, Section
from tests.feeds import rss
from tests.servers import Connection, Route, Server, serving
from tests.services.podcast_lab import PodcastLab, lab

__all__ = ["lab"]

SHOW = rss(
    "".join(
        f"<item><title>Part {number}</title><guid>{number}</guid>"
        f"<pubDate>Fri, 06 Mar 2026 1{number}:00:00 GMT</pubDate>"
        f"<itunes:duration>{number}:00</itunes:duration><itunes:episode>{number}</itunes:episode>"
        f"<enclosure url='https://pods.example/{number}.mp3' type='audio/mpeg' length='1'/></item>"
        for number in (1, 2)
    )
    + "<item><title>No sound</title><guid>3</guid></item>",
    "<itunes:author>Ann</itunes:author><itunes:type>serial</itunes:type>",
)
STORIES = rss("<item><title>Snow</title><guid>1</guid></item>")


def feed(body: str) -> Route:
    return lambda connection: connection.answer(body.encode(), "application/rss+xml")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        server.routes["/station.rss"] = feed(SHOW.replace("Coconino Now", "Station Show"))
        server.routes["/show.rss"] = feed(SHOW)
        server.routes["/news.rss"] = feed(STORIES)
        yield server


async def test_a_station_s_podcast_is_there_before_it_was_asked(lab: PodcastLab) -> None:
    (podcast,) = await lab.podcasts.podcasts()
    assert (podcast.state.url, podcast.episodes) == (lab.server.url("/station.rss"), 0)
    assert podcast.state.stations == ("knau",)
    assert lab.server.paths() == []


async def test_its_episodes_are_those_with_a_sound_newest_first(lab: PodcastLab) -> None:
    podcast, episodes = await lab.podcasts.episodes(lab.server.url("/station.rss"))
    assert (podcast.state.title, podcast.episodes) == ("Station Show", 2)
    assert (podcast.channel.author, podcast.channel.kind) == ("Ann", "serial")
    assert podcast.newest_at == lab.time.clock().replace(hour=12)
    assert [(one.headline.title, one.episode.number, one.episode.seconds) for one in episodes] == [
        ("Part 2", 2, 120),
        ("Part 1", 1, 60),
    ]
    assert [one.headline.audio and one.headline.audio.url for one in episodes] == [
        "https://pods.example/2.mp3",
        "https://pods.example/1.mp3",
    ]
    await lab.podcasts.episodes("station")
    assert lab.server.paths() == ["/station.rss"], "it is not asked before its time"


async def test_an_episode_is_heard_by_its_sound_or_else_by_that_of_its_film(
    lab: PodcastLab,
) -> None:
    film, sound = (
        f"<enclosure url='https://pods.example/{name}' type='{kind}' length='1'/>"
        for name, kind in (("1.mp4", "video/mp4"), ("1.mp3", "audio/mpeg"))
    )
    body = rss(
        f"<item><title>Seen</title><guid>1</guid>{film}</item>"
        f"<item><title>Both</title><guid>2</guid>{film}{sound}</item>"
    )
    lab.server.routes["/station.rss"] = feed(body)
    _, episodes = await lab.podcasts.episodes(lab.server.url("/station.rss"))
    assert {
        one.headline.title: one.headline.audio and one.headline.audio.url for one in episodes
    } == {
        "Seen": "https://pods.example/1.mp4",
        "Both": "https://pods.example/1.mp3",
    }


@pytest.mark.parametrize("scheme", ["http", "feed", "itpc", "pcast"])
async def test_a_podcast_is_added_by_whatever_address(lab: PodcastLab, scheme: str) -> None:
    address = lab.server.url("/show.rss").replace("http://", f"{scheme}://")
    added = await lab.podcasts.add(address)
    assert (added.url, added.title) == (lab.server.url("/show.rss"), "Coconino Now")
    own, of_station = await lab.podcasts.podcasts()
    assert (own.state.title, own.state.own, own.episodes) == ("Coconino Now", True, 2)
    assert not of_station.state.own
    assert lab.feeds().urls == [], "its episodes are no news"
    with pytest.raises(Problem, match="in the list already"):
        await lab.podcasts.add(address)


async def test_a_podcast_s_page_leads_to_it(lab: PodcastLab) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/show.rss">'
    page = f"<html><head>{link}</head></html>".encode()
    lab.server.routes["/page"] = lambda c: c.answer(page, "text/html")
    assert (await lab.podcasts.add(lab.server.url("/page"))).url == lab.server.url("/show.rss")


async def test_its_page_at_apple_leads_to_it(lab: PodcastLab) -> None:
    results = [{"collectionName": "x", "feedUrl": lab.server.url("/show.rss")}]

    def lookup(connection: Connection) -> None:
        assert connection.path == "/lookup?id=42"
        connection.answer(json.dumps({"results": results}).encode(), "text/javascript")

    lab.server.routes["/lookup"] = lookup
    added = await lab.podcasts.add("https://podcasts.apple.com/us/podcast/canyon/id42")
    assert added.title == "Coconino Now"


async def test_a_feed_without_sound_is_no_podcast(lab: PodcastLab) -> None:
    before = lab.path.read_text()
    with pytest.raises(Problem, match="no episode with a sound"):
        await lab.podcasts.add(lab.server.url("/news.rss"))
    assert lab.path.read_text() == before
    assert await lab.stories.feed_states() == [], "nothing is left of it"


async def test_stories_of_a_feed_that_is_followed_are_kept_though_it_is_no_podcast(
    lab: PodcastLab,
) -> None:
    url = lab.server.url("/news.rss")
    section = Section(FeedSection(url), "", (url,))
    await lab.stories.refresh(section)
    with pytest.raises(Problem, match="no episode with a sound"):
        await lab.podcasts.add(url)
    (headline,) = (await lab.stories.story_list(section)).headlines
    assert headline.title == "Snow"


async def test_a_podcast_is_removed_by_words_of_its_title(lab: PodcastLab) -> None:
    before = lab.path.read_text()
    await lab.podcasts.add(lab.server.url("/show.rss"))
    removed = await lab.podcasts.remove("coconino")
    assert removed.title == "Coconino Now"
    assert lab.path.read_text() == before
    await lab.podcasts.refresh()
    with pytest.raises(Problem, match="no podcast") as problem:
        await lab.podcasts.remove("station")
    assert "belongs to KNAU" in problem.value.hint


async def test_a_name_that_is_not_clear_is_asked_for_again(lab: PodcastLab) -> None:
    lab.server.routes["/show.rss"] = feed(SHOW.replace("Coconino Now", "Station Hour"))
    await lab.podcasts.add(lab.server.url("/show.rss"))
    await lab.podcasts.refresh()
    with pytest.raises(Problem, match="several podcasts") as problem:
        await lab.podcasts.episodes("station")
    assert "Station Hour, Station Show" in problem.value.hint
    with pytest.raises(Problem, match="no podcast 'stetion hour'") as problem:
        await lab.podcasts.episodes("stetion hour")
    assert problem.value.hint == "did you mean Station Hour?"
    podcast, _ = await lab.podcasts.episodes("STATION hour")
    assert podcast.state.own


async def test_one_that_does_not_answer_says_why_and_costs_the_others_nothing(
    lab: PodcastLab,
) -> None:
    await lab.podcasts.add(lab.server.url("/show.rss"))
    del lab.server.routes["/station.rss"]
    own, of_station = await lab.podcasts.refresh()
    assert own.state.problem is None
    assert of_station.state.problem is not None


async def test_damaged_facts_cost_themselves_alone(lab: PodcastLab) -> None:
    await lab.podcasts.refresh()
    await lab.store.ask(lambda c: c.execute("UPDATE feed SET channel = '{'"))
    await lab.store.ask(lambda c: c.execute("UPDATE entry SET episode = '[]'"))
    podcast, episodes = await lab.podcasts.episodes("Station Show")
    assert (podcast.channel.author, len(episodes)) == ("", 2)
