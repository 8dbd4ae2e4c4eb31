"""Pictures of episodes: beside their list, above their notes, beside the player."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PIL import Image

from radiotui.config import Settings
from radiotui.documents.model import Figure
from radiotui.player.state import PlayState
from radiotui.podcasts.chapters import Chapter
from radiotui.stories.model import PodcastSection, Story
from radiotui.ui.widgets.player.player_bar import PlayerBar
from tests.ui.stage import told
from tests.ui.staged_podcasts import red_and_blue
from tests.ui.test_podcasts import OWN, episode, episodes, with_podcasts
from tests.ui.test_transcripts import ITEM, heard_at
from tests.ui.test_transcripts import staged as with_transcript

pytestmark = pytest.mark.usefixtures("terminal")

KEY = PodcastSection(OWN.url)
COUNT = 300
SIZES = [(200, 60), (120, 36)]


@pytest.fixture
def companion(tmp_path):
    """A podcast with a picture for each of its episodes, red or blue."""
    companion = with_podcasts(OWN)
    companion.settings = Settings(pictures="blocks")
    rows = []
    for number in range(COUNT, 0, -1):
        url = f"https://own.example/{number}.png"
        path = tmp_path / f"{number % 2}.png"
        if not path.exists():
            Image.new("RGB", (300, 300), [(200, 0, 0), (0, 0, 200)][number % 2]).save(path)
        row = replace(episode(number, COUNT - number), picture=url)
        companion.stories.pictures[url] = path
        companion.stories.stories[row.id] = Story(row, told(row, "Notes.", lead=Figure(url)))
        rows.append(row)
    companion.story_lists[KEY] = episodes(KEY, *rows)
    return companion


def note_asked(companion) -> list[str]:
    """The addresses of the pictures that are asked for from now on."""
    asked: list[str] = []
    picture = companion.stories.picture

    async def note(url):
        asked.append(url)
        return await picture(url)

    companion.stories.picture = note
    return asked


async def opened(r):
    r.main.air.choose_section(KEY)
    await r.settle()
    await r.press("2")


async def rest(r):
    r.main.after_rest.show_front_page()
    await r.settle()
    await r.settle()


def colours(r, pane):
    """The colours of the pictures in a pane."""
    region = r.main.query_one(f"#{pane}").region
    strips = [strip.crop(region.x, region.right) for strip in r.strips[region.y : region.bottom]]
    cells = [cell for strip in strips for cell in strip if "▀" in cell.text]
    return {"red" if cell.style.color.get_truecolor().red > 100 else "blue" for cell in cells}


@pytest.mark.parametrize("size", SIZES)
async def test_the_picture_of_the_row_under_the_cursor_stands_beside_the_list(
    radio, companion, size
):
    async with radio(*size, companion=companion) as r:
        await opened(r)
        await rest(r)
        assert colours(r, "story") == {"red"}
        await r.press("down")
        await rest(r)
        assert colours(r, "story") == {"blue"}
        assert colours(r, "stories") == set()


async def test_who_goes_down_a_long_list_asks_for_the_picture_of_the_last_row_alone(
    radio, companion
):
    asked = note_asked(companion)
    async with radio(companion=companion) as r:
        await opened(r)
        await r.pilot.press(*["down"] * 40, *["pagedown"] * 10)
        await rest(r)
        chosen = r.main.stories.chosen
        assert asked == [chosen.picture]
        for _ in range(5):
            await r.press("up")
            await rest(r)
        assert len(asked) == 6
        assert len(r.main.drawings) <= 2, "what is seen no more is let go of"


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 16)])
async def test_it_stands_above_the_notes_and_leaves_room_for_them(radio, companion, size):
    async with radio(*size, companion=companion) as r:
        await opened(r)
        await r.press("enter")
        await r.settle()
        assert colours(r, "story") == {"red"}
        assert "Notes." in r.pane("story")


@pytest.mark.parametrize("why", ["NO_COLOR", "off"])
async def test_none_is_asked_for_where_none_is_drawn(radio, companion, monkeypatch, why):
    if why == "off":
        companion.settings = Settings(pictures="off")
    else:
        companion.settings = Settings()
        monkeypatch.setenv("NO_COLOR", "1")
    asked = note_asked(companion)
    async with radio(companion=companion) as r:
        await opened(r)
        await rest(r)
        await r.press("enter")
        assert "Notes." in r.pane("story")
        assert (asked, colours(r, "story")) == ([], set())


async def test_the_player_shows_it_where_the_chapter_has_none(radio, tmp_path):
    companion = with_transcript()
    companion.settings = Settings(pictures="blocks")
    companion.stories.pictures |= red_and_blue(tmp_path)
    chapters = (
        Chapter(0.0, "Hello"),
        Chapter(60.0, "River", image="https://own.example/blue.png"),
    )
    companion.progress.chapters_heard = lambda key: chapters if key == ITEM.key else ()
    companion.progress.picture_heard = lambda key: (
        "https://own.example/red.png" if key == ITEM.key else None
    )
    shown = []
    async with radio(120, 36, companion=companion) as r:
        for second in (5.0, 70.0):
            await r.tell(heard_at(second, PlayState.PLAYING))
            await r.settle()
            strips = r.main.query_one(PlayerBar).picture
            cells = [cell for strip in strips for cell in strip if "▀" in cell.text]
            shown.append(cells[0].style.color.get_truecolor())
    red, blue = shown
    assert red.red > 150 > red.blue
    assert blue.blue > 150 > blue.red
