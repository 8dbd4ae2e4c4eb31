"""The stations and their streams."""

import pytest
from msgspec.structs import replace

from radiotui.guide.model import OnAir, Programme
from radiotui.player.state import PlayState
from radiotui.problems import Problem
from radiotui.stations.model import OwnFeed, StationList
from radiotui.stories.model import (
    AllStories,
    FeedSection,
    Folder,
    Starred,
    StationSection,
    StoryList,
)
from radiotui.ui.screens.after_rest import AfterRest
from tests.ui.stage import FIP, KJZZ, KNAU, KUNM, NOW, SIGNAL, Staged, at, headlines, playing


async def test_stations_stand_in_their_groups_and_the_first_is_unfolded(radio):
    async with radio() as r:
        words = [row.strip("│╭╰─╮╯ ") for row in r.pane("air").splitlines()]
        shown = [word for word in words if word]
        assert shown[1:5] == [
            "PUBLIC RADIO",
            "▾ KNAU Arizona Public Radio",
            "News & Talk",
            "All Things Considered",
        ]
        assert "▸ KJZZ Phoenix" in shown
        assert shown.index("MUSIC") < shown.index("FIP") < shown.index("THIS COMPUTER")


async def test_a_station_with_one_stream_is_one_row(radio):
    async with radio() as r:
        assert r.pane("air").count("FIP") == 1


@pytest.mark.parametrize("width", [120, 80])
async def test_what_is_on_stands_below_each_name_and_right_of_it_where_there_is_room(radio, width):
    async with radio(width, 36) as r:
        await r.tell(OnAir("fip", "main", Programme("Club Jazzafip", at(15), at(16))))
        await r.tell(OnAir("kjzz", "news", Programme("The Show", at(15), at(16))))
        shown = [row.strip("│╭╰─╮╯█▁▂▃▄▅▆▇ ") for row in r.pane("air").splitlines()]
        assert shown[shown.index("FIP") + 1] == "Club Jazzafip"
        assert shown[shown.index("▸ KJZZ Phoenix") + 1] == "The Show", "its first stream's"
        assert shown[shown.index("KUNM Albuquerque") + 2] == "MUSIC", "no blank second line"
        await r.press("1", "z")
        assert r.row("FIP", "air").split() == ["│", "FIP", "Club", "Jazzafip", "│"]
        assert r.row("FIP", "air").index("Club") == r.row("KJZZ", "air").index("The Show")


async def test_no_row_shows_a_programme_that_has_ended(radio):
    time = [NOW]
    async with radio(companion=Staged(clock=lambda: time[0])) as r:
        await r.tell(OnAir("fip", "main", Programme("Club Jazzafip", at(15), at(16))))
        await r.tell(OnAir("kunm", "main", Programme("Afternoon Freeform"), asked_at=NOW))
        assert "Club Jazzafip" in r.pane("air")
        assert "Afternoon Freeform" in r.pane("air")
        time[0] = at(16)
        r.main.minute = time[0]
        await r.settle()
        assert "Club Jazzafip" not in r.pane("air")
        assert "Afternoon Freeform" not in r.pane("air"), "its end is not known, its age is"


async def test_answers_that_come_in_a_swarm_are_shown_together(radio, monkeypatch):
    async with radio() as r:
        shown: list[int] = []
        r.main.watch(r.main, "airs", lambda airs: shown.append(len(airs)), init=False)
        monkeypatch.setattr(AfterRest, "SWARM_SECONDS", 0.05)
        begin = len(r.main.airs)
        for number in range(20):
            r.companion.tell(OnAir("station", str(number), Programme("Late")))
        while len(r.main.airs) < begin + 20:
            await r.pilot.pause(0.01)
        assert len(shown) < 6, "twenty answers, a few drawings"


async def test_the_rows_in_view_are_followed_and_no_others(radio):
    async with radio(120, 16) as r:
        assert r.companion.in_view[:3] == (
            ("knau", "news"),
            ("knau", "classical"),
            ("kjzz", "news"),
        )
        assert ("signal", "main") not in r.companion.in_view
        await r.press("G")
        assert ("signal", "main") in r.companion.in_view
        assert ("knau", "classical") not in r.companion.in_view
        await r.press("2", "z")
        assert r.companion.in_view == ()


async def test_the_number_of_unread_stories_stands_at_the_right(radio):
    async with radio(companion=with_feeds()) as r:
        r.main.unread = {KNAU.feeds[0]: 12, "https://b.example/rss": 3}
        await r.settle()
        assert r.row("▾ KNAU", "air").split()[-2] == "12"
        assert r.row("Plants", "air").split()[-2:] == ["3", "│"]
        assert r.row("Science", "air").split()[-2:] == ["3", "│"]
        assert r.row("Starred", "air").split()[-2:] == ["Starred", "│"]


async def test_left_folds_a_station_while_nothing_plays(radio):
    async with radio() as r:
        await r.press("down", "left")
        assert "▸ KNAU" in r.pane("air")
        assert r.main.air.highlighted_id == "knau"
        await r.press("right")
        assert "▾ KNAU" in r.pane("air")
        await r.press("enter", "left")
        assert "▾ KNAU" in r.pane("air")
        assert ("move", -10.0) in r.companion.asked, "on the tape the arrow keys move"


async def test_home_brings_the_heading_back(radio):
    async with radio(120, 16) as r:
        await r.press("G", "home")
        assert "PUBLIC RADIO" in r.pane("air")
        await r.press("G")
        while r.main.air.highlighted_id != "knau":
            await r.press("up")
        assert "PUBLIC RADIO" in r.pane("air")


async def test_enter_on_a_station_tunes_to_its_first_stream(radio):
    async with radio() as r:
        await r.press("enter")
        assert ("play", "knau", "news") in r.companion.asked
        assert "● News & Talk" in r.pane("air")


async def test_enter_on_a_stream_tunes_to_it(radio):
    async with radio() as r:
        await r.press("down", "down", "enter")
        assert ("play", "knau", "classical") in r.companion.asked
        assert "● Classical" in r.pane("air")
        assert "● News" not in r.pane("air")


async def test_what_plays_is_marked_by_what_it_does(radio):
    async with radio() as r:
        await r.tell(playing(state=PlayState.PAUSED))
        assert "‖ News & Talk" in r.pane("air")
        await r.tell(playing(state=PlayState.CONNECTING))
        assert "◌ News & Talk" in r.pane("air")
        await r.tell(playing(state=PlayState.STOPPED))
        assert "  News & Talk" in r.pane("air")


async def test_resting_on_a_station_unfolds_it_and_brings_its_stories(radio):
    async with radio() as r:
        await r.press("down", "down", "down")
        assert "▾ KJZZ Phoenix" in r.pane("air")
        assert "Jazz" in r.pane("air")
        assert ("look_at", StationSection("kjzz")) in r.companion.asked
        assert "Asking for stories" in r.pane("stories")


async def test_a_station_that_was_only_visited_folds_again(radio):
    async with radio() as r:
        await r.press("enter", "down", "down", "down")
        assert r.main.air.highlighted_id == "kjzz"
        assert "▾ KNAU" in r.pane("air"), "what is tuned to stays unfolded"
        assert "▾ KJZZ" in r.pane("air")
        await r.press("G")
        assert "▸ KJZZ" in r.pane("air")
        assert "▾ KNAU" in r.pane("air")
        await r.tell(playing(state=PlayState.STOPPED))
        assert "▸ KNAU" in r.pane("air")
        await r.press("g")
        assert "▾ KNAU" in r.pane("air")


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 16)])
async def test_what_is_wrong_in_the_file_stays_as_a_row_and_is_read_with_enter(radio, size):
    wrong = Problem("my.toml:12: stream.url: expected text, got 5", "Radio X is left out until …")
    companion = Staged((KUNM, SIGNAL))
    companion.station_list = replace(companion.station_list, problems=(wrong,))
    async with radio(*size, companion=companion) as r:
        r.main.air.highlight("problem:0")
        await r.settle()
        assert "enter read ─" in r.pane("air")
        assert "⚠ my.toml:12: " in r.pane("air")
        assert "Radio X is left out" in r.pane("air")
        await r.press("enter")
        assert "expected text, got 5" in " ".join(r.text.split())
        await r.press("space")
        assert "There is no station to play" in r.text
        r.app.clear_notifications()
        await r.tell(StationList((KUNM, SIGNAL)))
        assert "my.toml" not in r.pane("air")


async def test_only_the_station_one_rests_on_is_asked_for(radio, monkeypatch):
    from radiotui.ui.widgets.lists.on_air import StationPane

    monkeypatch.setattr(StationPane, "SETTLE_SECONDS", 3600.0)
    async with radio() as r:
        await r.press("down", "down", "down", "down")
        asked = [ask for ask in r.companion.asked if ask[0] == "look_at"]
        assert asked == [("look_at", StationSection("knau"))]
        assert r.main.air.is_settling
        monkeypatch.setattr(StationPane, "SETTLE_SECONDS", 0.001)
        await r.press("down")
        asked = [ask for ask in r.companion.asked if ask[0] == "look_at"]
        assert asked == [("look_at", StationSection(name)) for name in ("knau", "fip")]


async def test_what_comes_late_does_not_move_the_highlighted_row(radio):
    async with radio(120, 16) as r:
        r.main.air.highlight("fip")
        await r.settle()
        before = r.pane("air").splitlines().index(r.row("FIP", "air"))
        await r.tell(OnAir("kjzz", "news", Programme("The Show", at(14), at(16))))
        await r.tell(OnAir("kunm", "main", Programme("Freeform", at(14), at(16))))
        assert r.pane("air").splitlines().index(r.row("FIP", "air")) == before


async def test_the_last_station_is_chosen_again(radio):
    companion = Staged()
    companion.kept["last"] = "kjzz/jazz"
    async with radio(companion=companion) as r:
        assert r.main.air.highlighted_id == "kjzz/jazz"
        assert [ask for ask in companion.asked if ask[0] == "look_at"] == [
            ("look_at", StationSection("kjzz"))
        ]
        await r.press("enter")
        assert ("play", "kjzz", "jazz") in companion.asked


async def test_an_edited_list_keeps_highlight_and_what_plays(radio):
    async with radio() as r:
        await r.press("enter", "G", "up", "up")
        assert r.main.air.highlighted_id == "signal"
        renamed = replace(KNAU, name="KNAU renamed")
        await r.tell(StationList((FIP, renamed, KUNM, SIGNAL)))
        assert r.main.air.highlighted_id == "signal"
        assert "KNAU renamed" in r.pane("air")
        assert "● News & Talk" in r.pane("air")
        assert "KJZZ" not in r.pane("air")


async def test_a_station_that_is_gone_leaves_the_highlight_to_its_neighbour(radio):
    async with radio() as r:
        await r.press("down", "down", "down", "down")
        gone = r.main.air.highlighted_id
        assert gone is not None
        assert gone.startswith("kjzz")
        await r.tell(StationList((KNAU, KUNM, FIP)))
        assert r.main.air.highlighted_id in {"kunm", "fip"}


async def test_an_empty_list_says_what_to_do(radio):
    async with radio(companion=Staged(())) as r:
        assert "No stations" in r.pane("air")
        await r.press("enter", "space", "down", "G", "o")
        assert "■ STOPPED" in r.player
        await r.tell(StationList((KJZZ,)))
        await r.press("1", "g", "down", "enter")
        assert ("play", "kjzz", "news") in r.companion.asked


async def test_a_station_is_clicked(radio):
    async with radio() as r:
        await r.click("Test Signal")
        assert ("play", "signal", "main") in r.companion.asked


async def test_started_with_a_station_it_plays_at_once(radio):
    async with radio(play="kjzz/jazz") as r:
        assert ("play", "kjzz", "jazz") in r.companion.asked
        assert "● LIVE  KJZZ Phoenix · Jazz" in r.player
        assert "● Jazz" in r.pane("air")
        assert [ask for ask in r.companion.asked if ask[0] == "look_at"] == [
            ("look_at", StationSection("kjzz"))
        ]


# Lists of stories

FEEDS = (
    OwnFeed("https://c.example/rss", "Canyon Notes"),
    OwnFeed("https://a.example/rss", "Astronomy", "Science"),
    OwnFeed("https://b.example/rss", "Botany", "Science/Plants"),
)


def with_feeds() -> Staged:
    companion = Staged()
    companion.station_list = replace(companion.station_list, feeds=FEEDS)
    companion.story_lists[Folder("Science")] = StoryList(
        Folder("Science"), headlines(3), refreshed_at=NOW
    )
    return companion


def rows(r) -> list[str]:
    return [row.strip("│╭╰─╮╯").rstrip() for row in r.pane("air").splitlines()[1:-1]]


async def test_lists_of_stories_stand_below_the_stations(radio):
    async with radio() as r:
        shown = [row for row in rows(r) if row]
        assert shown[-4:] == [" Test Signal".rjust(14), " STORIES", "   All stories", " ★ Starred"]


async def test_own_feeds_stand_in_their_folders(radio):
    async with radio(companion=with_feeds()) as r:
        shown = [row for row in rows(r) if row]
        assert shown[-6:] == [
            " ★ Starred",
            " · Canyon Notes",
            " ▾ Science",
            "   · Astronomy",
            "   ▾ Plants",
            "     · Botany",
        ]


async def test_resting_on_a_list_shows_its_stories_and_enter_goes_there(radio):
    async with radio(companion=with_feeds()) as r:
        await r.press("G", "up", "up", "up")
        assert r.companion.asked[-1] == ("look_at", Folder("Science"))
        assert "Science · 2 unread" in r.pane("stories")
        assert "enter read" in r.pane("air")
        assert r.main.pane == "air"
        await r.press("enter")
        assert r.main.pane == "stories"
        assert not [ask for ask in r.companion.asked if ask[0] == "play"]
        await r.press("1", "g")
        assert "Stories · 5 unread" in r.pane("stories")
        assert "enter tune" in r.pane("air")


async def test_a_list_has_no_website(radio, monkeypatch):
    pages: list[str] = []

    async def open_page(url: str) -> None:
        pages.append(url)

    monkeypatch.setattr("radiotui.ui.kit.browser.open_page", open_page)
    async with radio(companion=with_feeds()) as r:
        await r.press("o", "G", "o")
        assert pages == ["https://www.knau.org"]


async def test_empty_lists_say_what_to_press(radio):
    companion = Staged((KUNM,))
    companion.story_lists[AllStories()] = StoryList(AllStories(), has_feeds=False)
    companion.story_lists[Starred()] = StoryList(Starred(), refreshed_at=NOW)
    async with radio(companion=companion) as r:
        await r.press("G")
        assert "No story has a star" in r.pane("stories")
        assert "f on a story keeps it here" in " ".join(r.pane("stories").split())
        await r.press("up")
        assert "There are no feeds yet" in r.pane("stories")
        assert "a adds a feed" in r.pane("stories")


async def test_a_feed_that_is_gone_leaves_the_highlight_to_its_neighbour(radio):
    async with radio(companion=with_feeds()) as r:
        await r.press("G")
        assert r.main.air.highlighted_id == "feed:https://b.example/rss"
        await r.tell(replace(r.companion.station_list, feeds=FEEDS[:2]))
        assert r.main.air.highlighted_id == "feed:https://a.example/rss"
        assert r.companion.asked[-1] == ("look_at", FeedSection("https://a.example/rss"))


async def test_a_list_that_gets_a_feed_keeps_its_place(radio):
    async with radio(companion=with_feeds()) as r:
        await r.press("G", "up", "up", "up", "2", "down")
        more = OwnFeed("https://d.example/rss", "Dunes", "Science")
        await r.tell(replace(r.companion.station_list, feeds=(*FEEDS, more)))
        assert r.main.stories.highlighted_id == "2"
        assert "https://d.example/rss" in r.main.section.feeds


async def test_lists_are_found_by_name(radio):
    from radiotui.ui.palette import CommandProvider

    async with radio(companion=with_feeds()) as r:
        hits = {hit.text: hit async for hit in CommandProvider(r.main).search("botany")}
        hits["Stories: Botany"].command()
        await r.settle()
        assert r.main.pane == "stories"
        assert r.main.air.highlighted_id == "feed:https://b.example/rss"
        assert ("look_at", FeedSection("https://b.example/rss")) in r.companion.asked


@pytest.mark.parametrize("size", [(120, 36), (100, 30), (80, 24), (60, 16)])
async def test_every_list_can_be_reached(radio, size):
    async with radio(*size, companion=with_feeds()) as r:
        await r.press("G")
        assert "Botany" in r.pane("air")
        assert {len(line) for line in r.lines} == {size[0]}
        await r.press("g")
        assert "KNAU" in r.pane("air")
