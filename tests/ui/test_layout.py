"""What is shown where there is more room, and less."""

import pytest
from msgspec.structs import replace
from rich.color import Color
from textual import events

from radiotui.config import Settings
from radiotui.documents.model import StoryAudio
from radiotui.guide.model import Day, OnAir, Programme
from radiotui.stories.model import StationSection, StoryList
from radiotui.ui.screens import furnishing
from radiotui.ui.screens.after_rest import AfterRest
from tests.ui.stage import KJZZ, KUNM, NOW, Staged, at, headlines, playing
from tests.ui.test_player import story

SIZES = [(120, 36), (100, 30), (80, 24), (60, 16)]


def panes(r) -> set[str]:
    return {name for name in ("air", "stories", "story") if r.pane(name)}


async def test_three_panes_where_there_is_room(radio):
    async with radio(120, 36) as r:
        assert panes(r) == {"air", "stories", "story"}
        assert "No story open" in r.pane("story")
        await r.press("2", "enter")
        assert panes(r) == {"air", "stories", "story"}


@pytest.mark.parametrize("theme", ["radiotui-dark", "radiotui-light", "radiotui-terminal"])
@pytest.mark.parametrize("size", [(120, 36), (200, 60), (80, 24)])
async def test_nothing_changes_where_the_reader_takes_its_place(radio, monkeypatch, size, theme):
    furnish = furnishing.furnish
    monkeypatch.setattr(furnishing, "furnish", lambda _: None)
    async with radio(*size, Staged(settings=Settings(theme=theme))) as r:
        assert not r.main.query("#story")
        first = cells(r)
        furnish(r.main)
        await r.settle()
        assert r.main.query_one("#story").display is (size != (80, 24))
        assert not r.main.query("#invitation")
        assert cells(r) == first


def cells(r) -> list[list[tuple[str, Color | None, Color | None, bool, bool]]]:
    """Characters and what is seen of their styles: of a space it is not its colour."""
    return [
        [
            (
                character,
                style.color if character != " " else None,
                style.bgcolor,
                bool(style.bold) and character != " ",
                bool(style.dim) and character != " ",
            )
            for text, style, _ in strip
            for character in text
            if style is not None
        ]
        for strip in r.strips
    ]


async def test_a_key_before_the_reader_is_there_finds_it(radio, monkeypatch):
    monkeypatch.setattr(furnishing, "furnish", lambda _: None)
    async with radio(120, 36) as r:
        await r.press("3")
        assert r.app.focused is r.main.reader
        assert "No story open" in r.pane("story")


@pytest.mark.parametrize("size", [(120, 36), (60, 16)])
async def test_beside_a_sheet_the_screen_below_is_seen_as_it_is(radio, size):
    async with radio(*size) as r:
        before = r.lines
        await r.press("question_mark")
        sheet = r.app.screen.query_one("#sheet").region
        assert "Keys" in r.lines[sheet.y]
        beside = [
            (line[: sheet.x], line[sheet.right :]) if y in sheet.line_range else (line, "")
            for y, line in enumerate(r.lines)
        ]
        assert beside == [
            (line[: sheet.x], line[sheet.right :]) if y in sheet.line_range else (line, "")
            for y, line in enumerate(before)
        ]
        await r.press("escape")
        assert r.lines == before


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (119, 30)])
async def test_the_reader_takes_the_stations_place(radio, size):
    async with radio(*size) as r:
        assert panes(r) == {"air", "stories"}
        await r.press("2", "enter")
        assert panes(r) == {"stories", "story"}
        assert r.app.focused is r.main.reader
        await r.press("escape")
        assert panes(r) == {"air", "stories"}
        assert r.app.focused is r.main.stories
        await r.press("escape")
        assert r.app.focused is r.main.air


async def test_one_pane_at_a_time_on_a_small_screen(radio):
    async with radio(60, 16) as r:
        assert panes(r) == {"air"}
        await r.press("tab")
        assert panes(r) == {"stories"}
        await r.press("enter")
        assert panes(r) == {"story"}
        assert "Hikers can walk" in r.pane("story")
        await r.press("escape")
        assert panes(r) == {"stories"}
        await r.press("1")
        assert panes(r) == {"air"}
        await r.press("shift+tab")
        assert panes(r) == {"story"}


@pytest.mark.parametrize("size", [(59, 30), (120, 15), (20, 5)])
async def test_a_screen_that_is_too_small_says_so(radio, size):
    async with radio(*size) as r:
        assert "60 columns and 16 lines" in " ".join(r.text.split())
        assert not panes(r)
        await r.pilot.resize_terminal(60, 16)
        await r.settle()
        assert panes(r) == {"air"}


@pytest.mark.parametrize("size", SIZES)
async def test_no_line_is_wider_than_the_screen_and_the_keys_are_below(radio, size):
    async with radio(*size) as r:
        await r.press("enter")
        assert len(r.lines) == size[1]
        assert {len(line) for line in r.lines} == {size[0]}
        assert "q quit" in r.lines[-1]
        assert "? help" in r.lines[-1]


@pytest.mark.parametrize("size", SIZES)
async def test_the_footer_fits(radio, size):
    async with radio(*size) as r:
        bar = r.main.query_one("KeyBar")
        for press in ("space", "space", "x"):
            assert bar.render().cell_length <= bar.content_size.width
            await r.press(press)
        if size[0] >= 80:
            for word in ("play", "volume", "pane", "menu", "help", "quit"):
                assert word in r.lines[-1]


async def test_the_footer_offers_only_what_can_be_done_now(radio):
    async with radio() as r:
        for word in ("stop", "10 s", "keep", "record", "live", "hear"):
            assert word not in r.lines[-1]
        await r.press("enter")
        for word in ("x stop", "← → 10 s", "k keep", "r record"):
            assert word in r.lines[-1]
        assert "l live" not in r.lines[-1]
        await r.tell(playing(live=False, behind=74.0))
        assert "l live" in r.lines[-1]
        sounding = replace(headlines()[0], audio=StoryAudio("https://www.knau.org/1.mp3"))
        section = StationSection("knau")
        await r.tell(StoryList(section, (sounding, *headlines()[1:]), refreshed_at=NOW))
        assert "p hear" not in r.lines[-1]
        await r.press("2")
        assert "p hear" in r.lines[-1]
        await r.press("down")
        assert "p hear" not in r.lines[-1]
        await r.tell(replace(story(), playback=replace(story().playback, waiting=None)))
        for word in ("k keep", "r record", "l live"):
            assert word not in r.lines[-1]
        assert "x stop" in r.lines[-1]
    async with radio(companion=Staged(())) as r:
        assert "space" not in r.lines[-1]


async def test_the_footer_says_what_space_would_do(radio):
    async with radio() as r:
        assert "space play" in r.lines[-1]
        await r.press("space")
        assert "space pause" in r.lines[-1]
        await r.press("space")
        assert "space resume" in r.lines[-1]


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_zoom_shows_one_pane_alone_and_escape_ends_it(radio, size):
    async with radio(*size) as r:
        for key, pane in (("1", "air"), ("2", "stories"), ("3", "story")):
            before = panes(r) if key == "1" else None
            await r.press(key, "z")
            assert panes(r) == {pane}
            assert r.main.query_one(f"#{pane}").size.width > size[0] - 10
            await r.press("escape")
            assert before is None or panes(r) == before
        await r.press("z", "1")
        assert panes(r) == {"air"}
        await r.press("z")
        assert len(panes(r)) > 1


async def test_resizing_keeps_the_pane_one_works_in(radio):
    async with radio(120, 36) as r:
        await r.press("2", "enter")
        for size in ((80, 24), (60, 16), (120, 36), (60, 16)):
            await r.pilot.resize_terminal(*size)
            await r.settle()
            assert "Hikers can walk" in r.pane("story")
            assert r.app.focused is r.main.reader


async def test_the_focused_pane_alone_is_bright_and_nothing_moves(radio):
    async with radio(120, 36) as r:
        regions = [r.main.query_one(f"#{name}").region for name in ("air", "stories", "story")]
        for key, focused in (("tab", "stories"), ("tab", "story"), ("tab", "air")):
            await r.press(key)
            bright = r.main.query_one(f"#{focused}").styles.border_top[1]
            others = {
                r.main.query_one(f"#{name}").styles.border_top[1]
                for name in ("air", "stories", "story")
                if name != focused
            }
            assert bright not in others
            assert len(others) == 1
        after = [r.main.query_one(f"#{name}").region for name in ("air", "stories", "story")]
        assert after == regions


async def test_a_click_on_a_pane_is_where_one_works(radio):
    async with radio(120, 36) as r:
        await r.click("No story open")
        assert r.main.pane == "story"
        await r.click("A raven's year")
        assert "4 of 8" in r.pane("story")


@pytest.mark.parametrize("size", SIZES)
async def test_keys_that_come_together_reach_the_pane_they_are_meant_for(radio, size):
    async with radio(*size) as r:
        for key in ("2", "down", "enter"):
            r.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await r.settle()
        assert "2 of 8" in r.pane("story")
        r.main.go_to("air")
        assert r.app.focused is r.main.air
        assert not [ask for ask in r.companion.asked if ask[0] == "play"]


async def test_the_front_page_previews_the_highlighted_story_until_one_is_open(radio):
    async with radio(120, 36) as r:
        r.main.after_rest.show_front_page()
        await r.settle()
        page = " ".join(r.pane("story").split())
        assert "Front page" in page
        assert "Melissa Sevigny" in page
        assert "Hikers can walk" in page
        assert "What is open" not in page, "the lead alone"
        assert not [ask for ask in r.companion.asked if ask[0] == "whole_story"], "no page"
        await r.press("2", "down", "enter")
        assert "Front page" not in r.pane("story")
        assert "enter reads it here" not in r.pane("story")
        r.main.after_rest.show_front_page()
        await r.settle()
        assert "2 of 8" in r.pane("story")


async def test_the_front_page_of_a_station_without_stories_is_its_day(radio, monkeypatch):
    companion = Staged((KUNM, KJZZ))
    show = Programme("Freeform", at(15), at(17), host="Ann", description="Records from the crates.")
    companion.days[NOW.astimezone(KUNM.zone).date()] = Day(
        *("kunm", "main", NOW.date()), (show, Programme("Jazz", at(17), at(19), host="Bo"))
    )
    async with radio(120, 36, companion=companion) as r:
        await r.tell(OnAir("kunm", "main", Programme("Freeform", at(15), at(17))))
        r.main.after_rest.show_front_page()
        await r.settle()
        page = " ".join(r.pane("story").replace("│", " ").split())
        assert "KUNM Albuquerque · KUNM Freeform 3:00 PM to 5:00 PM · with Ann Records" in page
        assert "COMING 5:00 PM Jazz with Bo" in page

        def days_asked() -> int:
            return len([ask for ask in r.companion.asked if ask[0] == "day"])

        before = days_asked()
        monkeypatch.setattr(AfterRest, "FRONT_SECONDS", 0.0)
        await r.tell(OnAir("kjzz", "main", Programme("Here and Now", at(15), at(17))))
        await r.settle()
        assert days_asked() == before, "another station's answer changes nothing"
        await r.tell(OnAir("kunm", "main", Programme("Freeform Two", at(15), at(17))))
        await r.settle()
        assert days_asked() == before + 1
