"""Which lists of stories there are, and in what order."""

import pytest

from radiotui.stations.model import OwnFeed, Station, StationList
from radiotui.stories.model import Section
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
    assert (everything.id, everything.name) == ("all", "All stories")
    assert everything.feeds == (
        "https://k.example/1",
        "https://both.example/",
        "https://az.example/",
        "https://music.example/",
        "https://www.plain.example/x.rss",
        "https://newsroom.example/",
    )


def test_stars_are_of_every_feed_there_ever_was() -> None:
    assert sections(ROSTER)[1] == Section("starred", "Starred", None, starred=True)


def test_feeds_without_a_folder_come_first_then_each_folder_with_its_own() -> None:
    assert [(one.id, one.name) for one in sections(ROSTER)[2:]] == [
        ("feed:https://www.plain.example/x.rss", "plain.example"),
        ("folder:News", "News"),
        ("feed:https://both.example/", "Both"),
        ("folder:News/Arizona", "News/Arizona"),
        ("feed:https://az.example/", "Arizona"),
        ("folder:Music", "Music"),
        ("feed:https://music.example/", "Songs"),
        ("folder:Newsroom", "Newsroom"),
        ("feed:https://newsroom.example/", "Room"),
    ]


def test_a_folder_has_the_stories_of_the_folders_within_it() -> None:
    feeds = {one.id: one.feeds for one in sections(ROSTER)}
    assert feeds["folder:News"] == ("https://az.example/", "https://both.example/")
    assert feeds["folder:News/Arizona"] == ("https://az.example/",)
    assert feeds["feed:https://az.example/"] == ("https://az.example/",)


def test_without_any_feed_there_are_all_and_stars() -> None:
    assert [one.id for one in sections(StationList())] == ["all", "starred"]
    assert sections(StationList())[0].feeds == ()


@pytest.mark.parametrize("one", sections(ROSTER), ids=lambda one: one.id)
def test_a_section_is_found_by_its_id(one: Section) -> None:
    assert section(ROSTER, one.id) == one


def test_a_stations_stories_are_found_by_its_id() -> None:
    assert section(ROSTER, "knau") == Section("knau", "KNAU", KNAU.feeds)
    assert section(ROSTER, "quiet") == Section("quiet", "Quiet", ())


@pytest.mark.parametrize("name", ["", "nobody", "folder:", "folder:New", "feed:", "folder:Arizona"])
def test_what_is_not_there_is_none(name: str) -> None:
    assert section(ROSTER, name) is None
