"""Hearing stories: now, later, in their order."""

import pytest
from msgspec.structs import replace

from radiotui.player.queue import QueueItem
from radiotui.player.state import PlayState
from radiotui.ui.dialogs.newscast import NewscastScreen
from tests.snapshots import changed
from tests.ui.stage import KUNM, Staged, playing
from tests.ui.test_hostile import NASTY, SHOWN, harmless


def spoken(number: int, seconds: float | None = 192.0, title: str = "") -> QueueItem:
    return QueueItem(
        key=str(number),
        url=f"https://example.org/{number}.mp3",
        title=title or f"Story number {number}",
        from_="KNAU",
        seconds=seconds,
    )


THREE = (spoken(1), spoken(2, 65.0), spoken(3))


async def test_a_story_is_heard_from_the_list_and_from_the_reader(radio):
    async with radio() as r:
        await r.press("2", "down", "p")
        assert r.companion.asked[-1] == ("listen", 2)
        await r.press("enter", "shift+down", "p")
        assert r.companion.asked[-1] == ("listen", 3)


async def test_without_a_story_there_is_nothing_to_hear(radio):
    async with radio(companion=Staged((KUNM,))) as r:
        await r.press("p", "e", "2", "p", "e")
        assert not [ask for ask in r.companion.asked if ask[0] in {"listen", "queue"}]


async def test_into_the_newscast_is_told_once_it_is_there(radio):
    async with radio() as r:
        await r.press("2", "e")
        assert r.companion.asked[-1] == ("queue", 1)
        assert "In the newscast" not in r.text
        await r.tell(playing(queue=THREE))
        assert "In the newscast: 3 stories · E shows it" in r.text
        await r.press("e")
        assert r.companion.asked.count(("queue", 1)) == 1
        assert "In the newscast already" in r.text


async def test_a_newscast_of_an_earlier_run_is_not_told(radio):
    async with radio() as r:
        await r.tell(playing(queue=THREE))
        assert "In the newscast" not in r.text


@pytest.mark.parametrize("size", [(120, 36), (100, 30), (80, 24), (60, 16)])
async def test_the_sheet_shows_what_is_to_be_heard(radio, size):
    async with radio(*size) as r:
        await r.tell(playing(queue=THREE, story=THREE[0], newscast=True))
        await r.press("E")
        assert "Newscast · 3 stories · 7:29" in r.text
        for number, length in ((1, "3:12"), (2, "1:05")):
            line = next(line for line in r.lines if f"{number} Story number {number}" in line)
            assert length in line
        assert "▶ 1 Story number 1" in r.text
        assert "heard now · KNAU" in r.text
        assert {len(line) for line in r.lines} == {size[0]}


async def test_a_length_that_is_not_known_makes_it_at_least(radio):
    async with radio() as r:
        await r.tell(playing(queue=(spoken(1), spoken(2, None))))
        await r.press("E")
        assert "2 stories · at least 3:12" in r.text
        assert "?:??" in next(line for line in r.lines if "2 Story number 2" in line)
        await r.tell(playing(queue=(spoken(1), spoken(2, None)), story=spoken(2), length=44.0))
        assert "0:44" in next(line for line in r.lines if "2 Story number 2" in line)


async def test_states_have_a_glyph_and_a_word(radio):
    async with radio() as r:
        heard = playing(queue=THREE, story=THREE[0], missed=frozenset({"3"}))
        await r.tell(heard)
        await r.press("E")
        assert "⚠ 3 Story number 3" in r.text
        assert "could not be heard · KNAU" in r.text
        await r.tell(changed(heard, state=PlayState.PAUSED))
        assert "‖ 1 Story" in r.text
        assert "paused · KNAU" in r.text
        await r.tell(changed(heard, state=PlayState.CONNECTING))
        assert "◌ 1 Story" in r.text
        assert "connecting · KNAU" in r.text


@pytest.mark.parametrize("key", ["enter", "p"])
async def test_it_is_played(radio, key):
    async with radio() as r:
        await r.tell(playing(queue=THREE))
        await r.press("E", key)
        assert r.companion.asked[-1] == ("play_newscast",)


@pytest.mark.parametrize("key", ["d", "delete"])
async def test_a_story_is_taken_out_and_the_next_is_highlighted(radio, key):
    async with radio() as r:
        await r.tell(playing(queue=THREE))
        await r.press("E", "down", key)
        assert r.companion.asked[-1] == ("unqueue", "2")
        await r.tell(playing(queue=(THREE[0], THREE[2])))
        assert "Story number 2" not in r.text
        await r.press(key)
        assert r.companion.asked[-1] == ("unqueue", "3")


async def test_a_story_is_moved_and_stays_highlighted(radio):
    async with radio() as r:
        await r.tell(playing(queue=THREE))
        await r.press("E", "shift+down")
        assert r.companion.asked[-1] == ("move", "1", 1)
        await r.tell(playing(queue=(THREE[1], THREE[0], THREE[2])))
        await r.press("shift+up")
        assert r.companion.asked[-1] == ("move", "1", -1)


async def test_an_empty_one_says_what_to_press(radio):
    async with radio(60, 16) as r:
        await r.press("E")
        assert "The newscast is empty" in r.text
        assert "e on a story puts it in" in r.text
        await r.press("enter", "d", "shift+down", "escape")
        assert not isinstance(r.app.screen, NewscastScreen)
        assert not [ask for ask in r.companion.asked if ask[0] in {"unqueue", "move"}]


async def test_enough_of_this_one(radio):
    async with radio() as r:
        await r.press("greater_than_sign")
        assert ("skip",) not in r.companion.asked
        await r.tell(playing(queue=THREE, story=THREE[0]))
        await r.press("greater_than_sign")
        assert ("skip",) in r.companion.asked


async def test_titles_are_text(radio):
    async with radio() as r:
        nasty = replace(spoken(1, title=NASTY), from_=NASTY)
        await r.tell(playing(queue=(nasty,), story=nasty))
        await r.press("E")
        assert SHOWN in r.text
        assert harmless(r)
