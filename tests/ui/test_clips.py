"""The sheet of the clips, and the key that makes one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from radiotui.app.clip import Clip
from radiotui.app.updates import ClipBegin
from tests.ui.stage import NOW, Staged, playing
from tests.ui.test_hostile import NASTY, harmless

EPISODE = Clip(
    "The River",
    "Rim Stories",
    754.0,
    790.0,
    NOW - timedelta(hours=2),
    link="https://own.example/2",
    note="Play this to Ann",
    lines=("[12:34] Ann: The river is high.", "[12:40] Bo: It is."),
    path="/r/Clips/The River.mp3",
    number=2,
)
RADIO = Clip(
    "All Things Considered",
    "KNAU",
    100.0,
    161.0,
    NOW - timedelta(days=3),
    began_at=NOW - timedelta(days=3, minutes=1),
    number=1,
)


def staged(*clips: Clip) -> Staged:
    companion = Staged()
    companion.clips.kept = list(clips)
    return companion


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 16)])
async def test_they_are_listed_with_place_length_and_note(radio, size):
    async with radio(*size, companion=staged(EPISODE, RADIO)) as r:
        await r.press("J")
        assert "Clips · 2" in r.text
        assert "0:36" in next(line for line in r.lines if "The River" in line)
        assert "Rim Stories · 12:34-13:10 · Play this to Ann" in r.text
        assert "✂ All Things Considered" in r.text
        assert "1:01 without sound" in r.text
        assert "enter hear" in r.text


async def test_one_is_heard_noted_copied_deleted_and_brought_back(radio):
    async with radio(companion=staged(EPISODE, RADIO)) as r:
        await r.press("J", "y")
        assert r.app.clipboard == EPISODE.words
        assert "12:34-13:10, https://own.example/2" in r.app.clipboard
        await r.press("Y")
        assert r.app.clipboard == "/r/Clips/The River.mp3"
        await r.press("e", "end", *"!", "enter")
        assert ("note_clip", 2, "Play this to Ann!") in r.companion.asked
        assert "Play this to Ann!" in r.text
        await r.press("d")
        assert "Clips · 1" in r.text
        assert "U brings it back" in r.text
        await r.press("U")
        assert "Clips · 2" in r.text
        await r.press("g", "enter")
        assert r.companion.asked[-1] == ("PlayClip", 2)
        assert "Clips · 2" not in r.text


async def test_words_find_one(radio):
    async with radio(companion=staged(EPISODE, RADIO)) as r:
        await r.press("J", "slash", *"river high")
        await r.until("Clips · 1")
        assert "✂ All Things Considered" not in r.text
        await r.press("escape")
        await r.until("Clips · 2")


async def test_without_any_it_says_how_one_is_made_and_the_key_makes_it(radio):
    async with radio(companion=staged()) as r:
        await r.press("J")
        assert "No clip was made yet" in r.text
        assert "h begins one" in r.text
        await r.press("escape", "h")
        assert "Nothing plays, so there is no tape" in r.text
        await r.tell(playing())
        await r.press("h")
        assert r.companion.asked[-1] == ("ToggleClip",)


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 16)])
async def test_a_clip_that_has_begun_is_seen_until_it_ends(radio, size):
    async with radio(*size, companion=staged()) as r:
        begun = playing(position=142.0, tape_end=146.0)
        await r.tell(begun, ClipBegin("tape 1", 100.0))
        await r.until("✂ 0:42")
        # Of another sound the key begins another one.
        await r.tell(playing(position=142.0, tape_end=146.0, tuning_id=2))
        assert "✂" not in r.text
        await r.tell(begun)
        await r.until("✂ 0:42")
        await r.tell(ClipBegin())
        assert "✂" not in r.text


async def test_the_one_search_finds_them_and_leads_to_the_sheet(radio):
    async with radio(120, 36, companion=staged(RADIO, EPISODE)) as r:
        await r.press("slash", *"river high")
        await r.until("1 found, 1 clipped")
        assert "✂ The River" in r.text
        assert "enter show" in r.text
        await r.press("enter")
        await r.until("Clips · 2")
        await r.press("y")
        assert r.app.clipboard == EPISODE.words
        await r.press("escape", "slash", *"river -high")
        await r.until("nothing found")


async def test_hostile_words_stay_words(radio):
    nasty = replace(EPISODE, title=NASTY, source=NASTY, note=NASTY, lines=(NASTY,))
    async with radio(companion=staged(nasty)) as r:
        await r.press("J")
        assert harmless(r)
