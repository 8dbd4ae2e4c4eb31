"""Chapters of an episode in the reader: listed, heard from, their links followed."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from radiotui.config import Settings
from radiotui.player.state import PlayState
from radiotui.podcasts.chapters import Chapter
from radiotui.stories.model import PodcastSection
from radiotui.ui.kit import browser
from radiotui.ui.widgets.player.player_bar import PlayerBar
from tests.ui.staged_podcasts import red_and_blue
from tests.ui.test_hostile import NASTY, harmless
from tests.ui.test_podcasts import OWN
from tests.ui.test_transcripts import ITEM, heard_at, staged

CHAPTERS = (
    Chapter(0.0, "Hello"),
    Chapter(754.5, "The river", url="https://river.example/gauge"),
    Chapter(3725.0, ""),
)


async def opened(r, *chapters: Chapter) -> None:
    r.companion.podcasts.listed_chapters = chapters
    r.main.air.choose_section(PodcastSection(OWN.url))
    await r.settle()
    await r.press("2", "enter")


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_the_story_lists_them_and_a_click_hears_one(radio, size):
    async with radio(*size, companion=staged()) as r:
        await opened(r, *CHAPTERS)
        assert "≡ 3 chapters · i" in r.pane("story")
        await r.press("G")
        shown = r.pane("story")
        assert (
            shown.index("Chapters") < shown.index("0:00  Hello") < shown.index("12:34  The river")
        )
        assert "1:02:05  —" in shown
        await r.click("12:34")
        assert r.companion.asked[-1] == ("ListenFrom", 702, 754.5)
        await r.click("Hello")
        assert r.companion.asked[-1] == ("ListenFrom", 702, 0.0)


async def test_the_sheet_of_links_has_them_and_enter_hears_one(radio, monkeypatch):
    pages: list[str] = []

    async def note(url: str) -> None:
        pages.append(url)

    monkeypatch.setattr(browser, "open_page", note)
    companion = staged()
    companion.bodies[702] = "A word about it."
    async with radio(companion=companion) as r:
        await opened(r, *CHAPTERS)
        await r.press("i")
        assert "Chapters and links" in r.text
        await r.press("j", "enter")
        assert r.companion.asked[-1] == ("ListenFrom", 702, 754.5)
        await r.press("i", "1")
        assert "river.example" in r.text
        await r.press("enter")
        assert pages == ["https://river.example/gauge"]


async def test_an_episode_without_notes_lists_them_too(radio):
    companion = staged()
    companion.bodies[702] = ""
    async with radio(companion=companion) as r:
        await opened(r, *CHAPTERS)
        assert "0:00  Hello" in r.pane("story")


async def test_another_story_has_none_of_them(radio):
    async with radio(companion=staged()) as r:
        await opened(r, *CHAPTERS)
        r.companion.podcasts.listed_chapters = ()
        await r.press("shift+down")
        assert "chapter" not in r.pane("story")


async def test_hostile_titles_stay_words(radio):
    async with radio(companion=staged()) as r:
        await opened(r, replace(CHAPTERS[1], title=NASTY), Chapter(900.0, NASTY))
        assert harmless(r)
        await r.press("i")
        assert harmless(r)


async def test_the_picture_of_the_chapter_at_the_ear_is_that_of_the_player(radio, tmp_path):
    companion = staged()
    companion.settings = Settings(pictures="blocks")
    companion.stories.pictures |= red_and_blue(tmp_path)
    chapters = (
        Chapter(0.0, "Hello", image="https://own.example/red.png"),
        Chapter(60.0, "The river", image="https://own.example/blue.png"),
        Chapter(120.0, "Goodbye"),
        Chapter(180.0, "More", image="https://own.example/gone.png"),
    )
    companion.podcasts.listed_chapters = chapters
    companion.progress.chapters_heard = lambda key: chapters if key == ITEM.key else ()
    colours = []
    async with radio(120, 36, companion=companion) as r:
        for second in (5.0, 59.95, 119.0, 125.0, 200.0):
            await r.tell(heard_at(second, PlayState.PLAYING))
            await r.settle()
            strips = r.main.query_one(PlayerBar).picture
            cells = [cell for strip in strips for cell in strip if "▀" in cell.text]
            colours.append(cells[0].style.color.get_truecolor() if cells else None)
        red, blue, still_blue, none, gone = colours
        assert red.red > 150 > red.blue
        assert blue.blue > 150 > blue.red
        assert (still_blue, none, gone) == (blue, None, None)
    asked: list[str] = []

    async def note(url: str) -> Path:
        asked.append(url)
        return Path(url)

    companion.settings = Settings(pictures="off")
    companion.stories.picture = note  # type: ignore[method-assign]
    async with radio(120, 36, companion=companion) as r:
        await r.tell(heard_at(5.0, PlayState.PLAYING))
        assert asked == [], "where no pictures are shown none is asked for"
