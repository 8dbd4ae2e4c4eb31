"""Podcasts on the screen: their rows, their episodes, finding, adding and removing one."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from radiotui.app.followed_feeds import FollowedFeeds
from radiotui.app.podcasts import FoundPodcasts
from radiotui.documents.model import StoryAudio
from radiotui.podcasts.model import FoundPodcast
from radiotui.problems import Problem
from radiotui.stations.model import OwnFeed, Station, Stream
from radiotui.stories.model import (
    FeedState,
    Headline,
    InProgress,
    LatestEpisodes,
    PodcastSection,
    SectionKey,
    StoryList,
)
from radiotui.ui.screens.after_rest import AfterRest
from tests.ui.stage import KNAU, NOW, STATIONS, Staged
from tests.ui.test_hostile import NASTY, SHOWN, harmless

OWN = OwnFeed("https://own.example/rss", "Rim Stories")
STATION_SHOW = "https://pods.knau.example/rss"
SIZES = [(120, 36), (100, 30), (80, 24), (60, 16)]
HOURS = FoundPodcast(
    "Canyon Hours", "https://hours.example/rss", "Apple", "Ann Rim", 120, ("History", "News")
)
FOUND = FoundPodcasts((HOURS, FoundPodcast("Rim Stories", OWN.url, "fyyd", "Bo Mesa", 1)))


def episode(number: int, days: int) -> Headline:
    """An episode of the listener's podcast that is so many days old."""
    return Headline(
        id=700 + number,
        title=f"Part {number}",
        published=NOW - timedelta(days=days),
        read=False,
        starred=False,
        feed=OWN.url,
        feed_title="Rim Stories",
        link=None,
        audio=StoryAudio(f"https://own.example/{number}.mp3", 2530.0),
        season=2,
        number=number,
    )


def episodes(section: SectionKey, *shown: Headline) -> StoryList:
    return StoryList(section, shown, refreshed_at=NOW)


def with_podcasts(*own: OwnFeed) -> Staged:
    """A companion whose first station has a podcast, beside the listener's own."""
    companion = Staged((replace(KNAU, podcasts=(STATION_SHOW,)), *STATIONS[1:]))
    companion.station_list = replace(companion.station_list, podcasts=own)
    return companion


async def test_podcasts_stand_between_the_stations_and_the_stories(radio):
    both = OwnFeed(STATION_SHOW, "My name for it")
    async with radio(120, 50, companion=with_podcasts(OWN, both)) as r:
        shown = r.pane("air")
        order = (
            "FIP",
            "PODCASTS",
            "Latest episodes",
            "In progress",
            "Rim Stories",
            "My name for it",
        )
        places = [shown.index(word) for word in (*order, "STORIES", "All stories")]
        assert places == sorted(places)
        assert shown.count("My name for it") == 1


@pytest.mark.parametrize("size", SIZES)
async def test_broadcasts_of_podcasts_say_when_they_begin_and_that_they_are_live(radio, size):
    streams = (Stream("live", "", ("https://live.example/a.mp3",)),)
    rim = Station("live-a", "Rim: At sunset", streams, group="Live podcasts", announced="live")
    begins = NOW.replace(second=0) + timedelta(hours=1, minutes=12)
    soon = replace(rim, id="live-b", name="Mesa: Quiz", announced="pending", begins=begins)
    companion = Staged((rim, soon))
    async with radio(*size, companion=companion) as r:
        assert "LIVE PODCASTS" in r.pane("air")
        assert "live" in r.row("Rim: At sunset", "air")
        await r.until("in 1 h 12 min")
        assert "in 1 h 12 min" in r.row("Mesa: Quiz", "air")
        await r.press("enter")
        assert ("play", "live-a", "live") in r.companion.asked
        # It is in no file: there is nothing to rename or remove.
        await r.press("f2")
        assert "Rename" not in r.text


async def test_without_a_podcast_there_is_no_heading(radio):
    async with radio(120, 50) as r:
        assert "PODCASTS" not in r.pane("air")
        assert "STORIES" in r.pane("air")


async def test_a_feed_that_is_a_podcast_too_has_a_row_in_both_lists(radio):
    companion = with_podcasts(OWN)
    companion.station_list = replace(companion.station_list, feeds=(replace(OWN, title="To read"),))
    async with radio(120, 50, companion=companion) as r:
        shown = r.pane("air")
        assert shown.index("Rim Stories") < shown.index("STORIES") < shown.index("To read")


async def test_a_podcast_is_called_as_it_calls_itself_once_that_is_known(radio, monkeypatch):
    monkeypatch.setattr(AfterRest, "COUNT_SECONDS", 0.01)
    companion = with_podcasts()
    async with radio(120, 50, companion=companion) as r:
        assert "pods.knau.example" in r.pane("air")
        companion.stories.feed_titles = {STATION_SHOW: "KNAU Shorts"}
        companion.stories.states = [FeedState(STATION_SHOW, "KNAU Shorts", unread=7)]
        await r.tell(episodes(LatestEpisodes()))
        await r.until("KNAU Shorts")
        assert "7" in r.row("KNAU Shorts", "air")
        assert "7" in r.row("Latest episodes", "air")
        assert "7" not in r.row("In progress", "air")


async def test_the_station_list_names_a_podcast_before_its_feed_does():
    feeds = with_podcasts(OWN, OwnFeed("https://plain.example/rss")).station_list
    titles = {OWN.url: "As it calls itself", "https://plain.example/rss": "Plainly"}
    names = [section.name for section in FollowedFeeds(feeds, feeds, titles).podcast_sections]
    assert names == [
        "Latest episodes",
        "In progress",
        "Downloaded",
        "Rim Stories",
        "Plainly",
        "pods.knau.example",
    ]


async def test_choosing_a_podcast_shows_its_episodes_with_length_and_number(radio):
    companion = with_podcasts(OWN)
    key = PodcastSection(OWN.url)
    silent = replace(episode(3, 400), audio=None, season=None, number=None, title="A word before")
    companion.story_lists[key] = episodes(key, episode(2, 1), episode(1, 30), silent)
    async with radio(companion=companion) as r:
        r.main.air.choose_section(key)
        await r.settle()
        assert ("look_at", key) in companion.asked
        shown = r.pane("stories")
        assert "Rim Stories · 3 unread" in shown
        assert "23h · ♪ 42:10 · S2 E2" in shown
        assert "26 Oct · ♪ 42:10 · S2 E1" in shown
        assert "A word before" in shown
        assert "21 Oct 2024" in shown


async def test_a_row_says_how_far_an_episode_was_heard(radio):
    companion = with_podcasts(OWN)
    key = PodcastSection(OWN.url)
    begun, played = replace(episode(4, 1), heard=754.0), replace(episode(3, 2), is_played=True)
    again = replace(episode(2, 3), heard=65.0, is_played=True)
    sound = StoryAudio("https://own.example/1.mp3", None)
    endless = replace(episode(1, 4), heard=754.0, audio=sound)
    short = replace(episode(0, 5), heard=754.0, audio=replace(sound, seconds=60.0))
    companion.story_lists[key] = episodes(key, begun, played, again, endless, short)
    async with radio(120, 50, companion=companion) as r:
        r.main.open_section(key)
        await r.settle()
        shown = r.pane("stories")
        for facts in (
            *("♪ 12:34 of 42:10 · S2 E4", "♪ ✓ 42:10 · S2 E3", "♪ 1:05 of 42:10 · S2 E2"),
            *("♪ 12:34 heard · S2 E1", "♪ 12:34 heard · S2 E0"),
        ):
            assert facts in shown


async def test_the_place_moves_on_in_its_row_and_the_cursor_stays(radio):
    companion = with_podcasts(OWN)
    shown = [replace(episode(number, number), heard=60.0) for number in range(1, 30)]
    key = InProgress()
    companion.story_lists[key] = episodes(key, *shown)
    async with radio(companion=companion) as r:
        r.main.open_section(key)
        await r.press(*["down"] * 12)
        assert r.main.stories.chosen == shown[12]
        lines = [line for line in r.pane("stories").splitlines() if "Part" in line]
        await r.tell(episodes(key, replace(shown[0], heard=65.0), *shown[1:]))
        assert r.main.stories.chosen == shown[12]
        assert [line for line in r.pane("stories").splitlines() if "Part" in line] == lines
        moved = replace(shown[12], heard=65.0)
        await r.tell(episodes(key, *shown[:12], moved, *shown[13:]))
        assert "1:05 of 42:10" in r.pane("stories")
        assert [line for line in r.pane("stories").splitlines() if "Part" in line] == lines


async def test_what_is_in_progress_is_named_and_not_counted(radio):
    companion = with_podcasts(OWN)
    key = InProgress()
    companion.story_lists[key] = episodes(key)
    async with radio(160, 40, companion=companion) as r:
        r.main.open_section(key)
        await r.settle()
        assert "No episode was begun" in r.pane("stories")
        await r.tell(episodes(key, replace(episode(1, 1), heard=60.0)))
        shown = r.pane("stories")
        assert "In progress" in shown
        assert "1 unread" not in shown
        assert "Rim Stories" in shown, "of several podcasts each episode names its own"


async def test_a_serial_tells_that_later_episodes_follow(radio):
    companion = with_podcasts(OWN)
    key = PodcastSection(OWN.url)
    serial = episodes(key, episode(1, 30), episode(2, 1))
    companion.story_lists[key] = replace(serial, has_older=True, oldest_first=True)
    async with radio(companion=companion) as r:
        r.main.open_section(key)
        await r.settle()
        shown = r.pane("stories")
        assert shown.index("Part 1") < shown.index("Part 2") < shown.index("later episodes…")
        await r.press("enter", "shift+up")
        assert "This is the first episode here" in r.text


async def test_an_episode_is_read_heard_and_queued_as_a_story_is(radio):
    companion = with_podcasts(OWN)
    companion.story_lists[LatestEpisodes()] = episodes(LatestEpisodes(), episode(2, 1))
    companion.bodies[702] = "Notes about the rim."
    async with radio(companion=companion) as r:
        r.main.open_section(LatestEpisodes())
        await r.press("enter")
        assert "Notes about the rim." in r.pane("story")
        await r.press("p", "e")
        assert ("listen", 702) in companion.asked
        assert ("queue", 702) in companion.asked


async def test_the_cursor_stays_on_its_episode_when_others_come(radio):
    companion = with_podcasts(OWN)
    key = PodcastSection(OWN.url)
    companion.story_lists[key] = episodes(key, episode(2, 3), episode(1, 30))
    async with radio(companion=companion) as r:
        r.main.open_section(key)
        await r.press("down")
        assert r.main.stories.chosen.title == "Part 1"
        await r.tell(episodes(key, episode(4, 0), episode(3, 1), episode(2, 3), episode(1, 30)))
        assert r.main.stories.chosen.title == "Part 1"
        assert r.main.stories.highlighted == 3


@pytest.mark.parametrize("size", SIZES)
async def test_words_are_asked_for_on_enter_and_a_result_is_added(radio, size):
    companion = with_podcasts(OWN)
    companion.podcasts.found = FOUND
    async with radio(*size, companion=companion) as r:
        await r.press("P", *"canyon hours")
        assert not [ask for ask in companion.asked if ask[0] == "find_podcasts"]
        await r.press("enter")
        assert ("find_podcasts", "canyon hours") in companion.asked
        assert any("Canyon Hours" in line and "120 episodes" in line for line in r.lines)
        assert "Ann Rim · History, News · Apple" in r.text
        assert "in the list · Bo Mesa · fyyd" in r.text
        assert {len(line) for line in r.lines} == {size[0]}
        await r.press("enter")
        assert ("add_podcast", HOURS.url) in companion.asked
        assert r.app.screen is r.main
        assert r.main.air.highlighted_id == f"podcast:{HOURS.url}"
        assert "Canyon Hours is among your podcasts now" in " ".join(r.text.split())
        assert ("look_at", PodcastSection(HOURS.url)) in companion.asked


async def test_with_nothing_typed_enter_shows_what_most_hear(radio):
    companion = with_podcasts(OWN)
    companion.podcasts.found = FOUND
    async with radio(companion=companion) as r:
        await r.press("P")
        assert "with nothing typed it shows what most hear" in r.text
        await r.press("enter")
        assert ("podcast_chart", "", "") in companion.asked
        assert any("Canyon Hours" in line for line in r.lines)
        await r.press("enter")
        assert ("add_podcast", HOURS.url) in companion.asked


@pytest.mark.parametrize(
    "address",
    [
        "https://x.example/rss",
        "x.example",
        "feed://x.example/rss",
        "itpc://x.example/rss",
        "pcast://x.example/rss",
        "podcasts.apple.com/us/podcast/x/id42",
    ],
)
async def test_an_address_is_added_and_no_directory_is_asked(radio, address):
    companion = with_podcasts()
    async with radio(companion=companion) as r:
        await r.press("P", *address, "enter")
        assert ("add_podcast", address) in companion.asked
        assert not [ask for ask in companion.asked if ask[0] == "find_podcasts"]
        assert r.main.air.highlighted_id == f"podcast:{address}"


async def test_what_goes_wrong_is_told_in_the_sheet(radio):
    companion = with_podcasts()
    companion.podcasts.refusal = Problem("Rim News has no episode with a sound", "it is to be read")
    companion.podcasts.found = Problem("Apple does not answer", "try again later")
    async with radio(companion=companion) as r:
        await r.press("P", *"x.example", "enter")
        assert "⚠ Rim News has no episode with a sound" in r.text
        assert "it is to be read" in r.text
        await r.press("ctrl+u", *"rim", "enter")
        assert "⚠ Apple does not answer" in r.text
        companion.podcasts.found = FoundPodcasts((), Problem("fyyd does not answer"))
        await r.press("enter")
        assert "No podcast has these words" in r.text
        assert "⚠ fyyd does not answer" in r.text
        await r.press("escape")
        assert r.app.screen is r.main


async def test_what_directories_tell_is_harmless(radio):
    companion = with_podcasts()
    companion.podcasts.found = FoundPodcasts(
        (FoundPodcast(NASTY, "https://x.example/", "Apple", NASTY, 3, (NASTY,)),)
    )
    async with radio(companion=companion) as r:
        await r.press("P", *"x", "enter")
        assert SHOWN in r.text
        assert harmless(r)


async def test_ones_own_podcast_is_removed_after_one_question(radio):
    companion = with_podcasts(OWN)
    async with radio(companion=companion) as r:
        r.main.air.choose_section(PodcastSection(OWN.url))
        await r.settle()
        assert "del remove" in r.pane("air")
        await r.press("delete")
        assert "Remove Rim Stories from the list?" in r.text
        assert "Its episodes stay kept." in r.text
        await r.press("escape")
        assert "Rim Stories" in r.pane("air")
        await r.press("delete", "enter")
        assert ("remove_podcast", OWN.url) in companion.asked
        assert "Rim Stories" not in r.pane("air")


async def test_a_stations_podcast_is_not_removed(radio):
    companion = with_podcasts(OWN)
    async with radio(companion=companion) as r:
        r.main.air.choose_section(PodcastSection(STATION_SHOW))
        await r.settle()
        assert "P add one" in r.pane("air")
        await r.press("delete")
        assert r.app.screen is r.main
        assert "Only a feed or podcast of your own" in r.text


async def test_lists_of_episodes_are_found_by_name(radio):
    from radiotui.ui.palette import CommandProvider

    async with radio(companion=with_podcasts(OWN)) as r:
        hits = {hit.text: hit async for hit in CommandProvider(r.main).search("rim")}
        hits["Episodes: Rim Stories"].command()
        await r.settle()
        assert r.main.air.highlighted_id == f"podcast:{OWN.url}"
