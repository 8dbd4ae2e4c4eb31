"""The sheet of the recordings: listed, heard, found, renamed, deleted, and what grows just now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from radiotui.player.queue import QueueItem
from radiotui.player.state import Listening, PlayState, StorySource
from radiotui.problems import Problem
from radiotui.recording.model import Recording, RecordingList
from radiotui.ui.dialogs.recordings import RecordingsScreen
from radiotui.ui.dialogs.search import SearchScreen
from radiotui.ui.kit.row_list import RowList
from radiotui.ui.widgets.lists.recording_rows import FileEntries
from tests.ui.stage import NOW, Staged, playing
from tests.ui.staged_recordings import SHELF, recorded, three
from tests.ui.test_hostile import NASTY, SHOWN, harmless


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RecordingsScreen, "DELAY_SECONDS", 0.001)
    monkeypatch.setattr(SearchScreen, "DELAY_SECONDS", 0.001)


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    from radiotui.ui.app import RadioApp

    copies: list[str] = []
    monkeypatch.setattr(RadioApp, "copy_to_clipboard", lambda self, text: copies.append(text))
    return copies


def staged(*files: Any) -> Staged:
    companion = Staged()
    companion.recordings.files = list(files or three(NOW))
    return companion


def line(r, word: str, below: int = 0) -> str:
    """The first line of the sheet with that word, or one below it."""
    region = r.app.screen.query_one("#sheet").region
    rows = [row[region.x : region.right] for row in r.lines[region.y : region.bottom]]
    return rows[next(place for place, row in enumerate(rows) if word in row) + below]


def asked(r, kind: str) -> list[tuple[Any, ...]]:
    return [ask for ask in r.companion.asked if ask[0] == kind]


GROWING = Recording(
    4, "knau", "news", "KNAU Arizona Public Radio", "Fresh Air", NOW, seconds=62.0, bytes=992_000
)


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 16)])
async def test_the_newest_first_with_station_date_length_and_size(radio, size):
    async with radio(*size, companion=staged()) as r:
        await r.press("R")
        assert "Recordings · 3 · 1:03:35 · 61.1 MB" in r.text
        assert "3:35   3.4 MB" in line(r, "Nina Simone — Sinnerman")
        under = line(r, "Nina Simone — Sinnerman", 1)
        assert "today 3:03 PM · KNAU Arizona Public Radio · Jazz" in under
        assert "All Things Considered" in line(r, "1:00:00  57.6 MB")
        assert "This file is empty" in line(r, "⚠ old tape", 1)
        order = [r.text.index(word) for word in ("Sinnerman", "Mon 3:07 PM", "old tape")]
        assert order == sorted(order)
        assert {len(line) for line in r.lines} == {size[0]}
        assert "enter hear" in r.text


async def test_enter_plays_and_what_cannot_be_heard_says_why(radio):
    async with radio(companion=staged()) as r:
        await r.press("R", "down", "down", "enter")
        assert "It cannot be heard: This file is empty" in r.text
        assert asked(r, "play_recording") == []
        await r.press("g", "enter")
        assert asked(r, "play_recording") == [("play_recording", str(SHELF / "KNAU/Sinnerman.mp3"))]
        assert not isinstance(r.app.screen, RecordingsScreen)


async def test_the_sheet_opens_where_it_was_left(radio):
    async with radio(companion=staged()) as r:
        await r.press("R", "down", "enter", "R", "r")
        await r.press("end", *" 2", "enter")
        assert [ask[2] for ask in asked(r, "rename")] == ["All Things Considered 2"]
        await r.press("q", "R", "d")
        path = str(SHELF / "KNAU/All Things Considered 2.mp3")
        assert asked(r, "delete") == [("delete", path)]


async def test_the_one_that_is_heard_is_marked(radio):
    file = three(NOW)[0]
    item = QueueItem(key="x", url="", title=file.name, path=file.path, seconds=215)
    heard = Listening(StorySource(item), 2, PlayState.PLAYING, position=4.0, length=215.0)
    async with radio(companion=staged()) as r:
        player_state = playing()
        playback = replace(player_state.playback, current=heard, waiting=player_state.current)
        await r.tell(replace(player_state, playback=playback))
        assert "▶ KEPT" in r.lines[0]
        assert "Nina Simone - Sinnerman" in r.lines[1]
        assert "KNAU Arizona Public Radio waits on its tape" in r.player
        await r.press("R")
        assert "▶ Nina Simone" in line(r, "Sinnerman")
        assert "heard now" in line(r, "▶ Nina", 1)


async def test_a_recording_that_grows_is_the_first_row(radio):
    async with radio(companion=staged()) as r:
        await r.tell(replace(playing(), recordings=(GROWING,)))
        await r.press("R")
        assert "1:02   992 kB" in line(r, "● Fresh Air")
        assert "being recorded" in line(r, "● Fresh Air", 1)
        await r.tell(replace(playing(), recordings=(replace(GROWING, seconds=63.0),)))
        assert "1:03" in line(r, "● Fresh Air")
        await r.press("g", "d")
        assert "It is being recorded · r in the player ends it" in r.text
        assert asked(r, "delete") == []
        r.companion.recordings.files.append(recorded("Fresh Air", NOW))
        await r.tell(playing())
        assert "being recorded" not in line(r, "Fresh Air", 1)


async def test_words_narrow_the_list_down(radio):
    async with radio(companion=staged()) as r:
        await r.press("R", "slash", *"sinner")
        assert "Sinnerman" in r.text
        assert "Mon 3:07 PM" not in r.text
        await r.press(*"xx")
        assert "Nothing found" in r.text
        await r.press("escape")
        assert "Mon 3:07 PM" in r.text
        await r.press("escape")
        assert not isinstance(r.app.screen, RecordingsScreen)


async def test_a_new_title_is_typed_over_the_old(radio):
    async with radio(companion=staged()) as r:
        await r.press("R", "r")
        assert "Rename" in r.text
        await r.press("end", *" 2", "enter")
        path = str(SHELF / "KNAU/Sinnerman.mp3")
        assert asked(r, "rename") == [("rename", path, "Sinnerman 2")]
        assert "Nina Simone — Sinnerman 2" in r.text
        assert "It is Sinnerman 2.mp3 now" in r.text
        await r.press("r", "enter")
        await r.press("r", "x", "escape")
        assert len(asked(r, "rename")) == 1
        assert isinstance(r.app.screen, RecordingsScreen)


async def test_a_name_that_is_refused_says_why(radio):
    companion = staged()
    companion.recordings.refusal = Problem("“Sinnerman” cannot be renamed", "the disk is full")
    async with radio(companion=companion) as r:
        await r.press("R", "r", *"Pata", "enter")
        assert asked(r, "rename")[0][2] == "Pata"
        assert "“Sinnerman” cannot be renamed" in r.text
        assert "the disk is full" in r.text


async def test_deleting_can_be_undone(radio):
    async with radio(companion=staged()) as r:
        await r.press("R", "d")
        assert asked(r, "delete") == [("delete", str(SHELF / "KNAU/Sinnerman.mp3"))]
        assert "Deleted · U brings it back" in r.text
        assert "Sinnerman" not in r.text
        await r.press("down", "U")
        assert "Sinnerman" in r.text
        await r.press("d")
        assert len(asked(r, "delete")) == 2
        assert asked(r, "delete")[0] == asked(r, "delete")[1]
        await r.press("U", "U")
        assert "There is nothing to bring back" in r.text


async def test_paths_are_copied(radio, copied):
    async with radio(companion=staged()) as r:
        await r.press("R", "y", "Y")
        assert copied == [str(SHELF / "KNAU/Sinnerman.mp3"), str(SHELF)]
        assert "In your clipboard" in r.text


async def test_nothing_yet_says_what_to_press(radio):
    companion = Staged()
    async with radio(60, 16, companion=companion) as r:
        await r.press("R")
        assert "Nothing was kept yet" in r.text
        assert "k keeps the song" in r.text
        companion.recordings.listed = RecordingList(problem=Problem("It cannot be read", "denied"))
        await r.press("escape", "R")
        assert "⚠ It cannot be read" in r.text
        assert "denied" in r.text


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_the_search_finds_it_and_goes_there(radio, size):
    async with radio(*size, companion=staged()) as r:
        await r.press("slash", *"things")
        assert "1 found, 1 recorded" in r.text
        assert "recorded from KNAU Arizona Public Radio, Mon 3:07 PM" in r.text
        await r.press("enter")
        assert isinstance(r.app.screen, RecordingsScreen)
        await r.press("d")
        assert asked(r, "delete") == [("delete", str(SHELF / "KNAU/All Things Considered.mp3"))]


@pytest.mark.parametrize("size", [(120, 36), (60, 16)])
async def test_what_others_wrote_is_text(radio, size):
    file = recorded("x", NOW - timedelta(hours=1), station_name=NASTY, programme=NASTY)
    async with radio(*size, companion=staged(file)) as r:
        await r.press("R")
        assert SHOWN[:20] in r.text
        assert harmless(r)


async def test_a_long_shelf_gets_its_rows_as_one_goes_down(radio):
    files = [recorded(f"Song {number}", NOW) for number in range(450)]
    async with radio(companion=staged(*files)) as r:
        await r.press("R")
        rows = r.app.screen.query_one(RowList)
        assert len(rows.options) == 200
        await r.press("G")
        assert len(rows.options) == 400
        await r.press("G", "G")
        assert (len(rows.options), rows.highlighted) == (450, 449)


def test_a_row_that_shows_the_same_is_not_made_again():
    files, rows = three(NOW), FileEntries()
    first = rows.entries(files, playing(), NOW)
    heard = playing(story=QueueItem(key="recording", url="", title="", path=files[1].path))
    second = rows.entries(files, heard, NOW)
    assert [a is b for a, b in zip(first, second, strict=True)] == [True, False, True]
