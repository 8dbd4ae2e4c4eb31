"""Which lists of stories there are, and in what order."""

import pytest

from radiotui.stations.model import OwnFeed, Station, StationList
from radiotui.stories.model import (
    AllStories,
    FeedSection,
    Folder,
    OwnFeeds,
    Section,
    SectionKey,
    Starred,
    StationSection,
)
from radiotui.stories.sections import section, sections

KNAU = Station("knau", "KNAU", (), feeds=("https://k.example/1", "https://both.example/"))
QUIET = Station("quiet", "Quiet", ())
FEEDS = (
    OwnFeed("https://az.example/", "Arizona", "News/Arizona"),
    OwnFeed("https://music.example/", "Songs", "Music"),
    OwnFeed("https://www.plain.example/x.rss"),
    OwnFeed("https://both.example/", "Both", "News"),
    OwnFeed("https://newsroom.example/", "Room", "Newsroom"),
)
ROSTER = StationList((KNAU, QUIET), feeds=FEEDS)


def test_everything_is_every_feed_once_the_stations_first() -> None:
    everything = sections(ROSTER)[0]
    assert (everything.key, everything.name) == (AllStories(), "All stories")
    assert everything.feeds == (
        "https://k.example/1",
        "https://both.example/",
        "https://az.example/",
        "https://music.example/",
        "https://www.plain.example/x.rss",
        "https://newsroom.example/",
    )


def test_stars_are_of_every_feed_there_ever_was() -> None:
    assert sections(ROSTER)[1] == Section(Starred(), "Starred")


def test_feeds_without_a_folder_come_first_then_each_folder_with_its_own() -> None:
    assert [(one.key, one.name) for one in sections(ROSTER)[2:]] == [
        (FeedSection("https://www.plain.example/x.rss"), "plain.example"),
        (Folder("News"), "News"),
        (FeedSection("https://both.example/"), "Both"),
        (Folder("News/Arizona"), "News/Arizona"),
        (FeedSection("https://az.example/"), "Arizona"),
        (Folder("Music"), "Music"),
        (FeedSection("https://music.example/"), "Songs"),
        (Folder("Newsroom"), "Newsroom"),
        (FeedSection("https://newsroom.example/"), "Room"),
    ]


def test_a_folder_has_the_stories_of_the_folders_within_it() -> None:
    feeds = {one.key: one.feeds for one in sections(ROSTER)}
    assert feeds[Folder("News")] == ("https://az.example/", "https://both.example/")
    assert feeds[Folder("News/Arizona")] == ("https://az.example/",)
    assert feeds[FeedSection("https://az.example/")] == ("https://az.example/",)


def test_without_any_feed_there_are_all_and_stars() -> None:
    assert [one.key for one in sections(StationList())] == [AllStories(), Starred()]
    assert sections(StationList())[0].feeds == ()


@pytest.mark.parametrize("one", sections(ROSTER), ids=lambda one: str(one.key))
def test_a_section_is_found_by_its_key(one: Section) -> None:
    assert section(ROSTER, one.key) == one


def test_a_stations_stories_are_found_by_its_id() -> None:
    assert section(ROSTER, StationSection("knau")) == Section(
        StationSection("knau"), "KNAU", KNAU.feeds
    )
    assert section(ROSTER, StationSection("quiet")) == Section(StationSection("quiet"), "Quiet", ())


@pytest.mark.parametrize(
    "key",
    [
        *(StationSection(name) for name in ("", "nobody", "all", "folder:News")),
        *(Folder(path) for path in ("", "New", "Arizona")),
        FeedSection(""),
        OwnFeeds(),
    ],
)
def test_what_is_not_there_is_none(key: SectionKey) -> None:
    assert section(ROSTER, key) is None


@pytest.mark.parametrize(
    "name", ["own", "all", "starred", "folder:News", "feed:https://both.example/"]
)
def test_a_station_called_as_another_section_has_its_own_stories(name: str) -> None:
    station = Station(name, "Odd", (), feeds=("https://odd.example/",))
    station_list = StationList((KNAU, station), feeds=FEEDS)
    assert section(station_list, StationSection(name)) == Section(
        StationSection(name), "Odd", station.feeds
    )
    for other in sections(station_list):
        assert section(station_list, other.key) == other
        assert other.key != StationSection(name)
