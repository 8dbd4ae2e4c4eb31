"""What was heard: by day, found, starred, copied, kept, heard again, written, forgotten."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from msgspec.structs import replace

from radiotui.app.history import PlayedItem
from radiotui.config import Folders
from radiotui.player.state import PlayState
from radiotui.problems import Problem
from radiotui.ui.dialogs.search import SearchScreen
from radiotui.ui.dialogs.titles import TitlesScreen
from tests.ui.stage import NOW, Staged, playing
from tests.ui.test_hostile import NASTY, SHOWN, harmless


def entry(number: int, text: str, minutes_ago: float, **more: Any) -> PlayedItem:
    artist, _, title = text.rpartition(" - ")
    began = NOW - timedelta(minutes=minutes_ago)
    made = PlayedItem(
        "knau", "news", "KNAU Arizona Public Radio", "News & Talk", "title", text, artist, title,
        began, began + timedelta(minutes=3), id=number,
    )  # fmt: skip
    return replace(made, **more)


SINNERMAN = entry(9, "Nina Simone - Sinnerman", 2)
PATA = entry(8, "Miriam Makeba - Pata Pata", 5, starred=True)
SALE = entry(7, "", 6, ad=True)
PROGRAMME = entry(6, "All Things Considered", 7.5, kind="programme")
ZAHRAT = entry(5, "Fairuz - Zahrat al Mada'en", 60 * 20, station_name="KJZZ Phoenix")
WALTZ = entry(4, "Amália - Barco Negro", 60 * 24 * 9)
ALL = [SINNERMAN, PATA, SALE, PROGRAMME, ZAHRAT, WALTZ]


def staged(*heard: PlayedItem, folder: Path | None = None) -> Staged:
    companion = Staged(folders=Folders(folder)) if folder else Staged()
    companion.history.entries = list(heard)
    companion.tape_begins = NOW - timedelta(minutes=5.5)
    return companion


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TitlesScreen, "DELAY_SECONDS", 0.001)
    monkeypatch.setattr(SearchScreen, "DELAY_SECONDS", 0.001)


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    from radiotui.ui.app import RadioApp

    copies: list[str] = []
    monkeypatch.setattr(RadioApp, "copy_to_clipboard", lambda self, text: copies.append(text))
    return copies


def line(r, word: str) -> str:
    """The first line of the sheet with that word."""
    region = r.app.screen.query_one("#sheet").region
    rows = [row[region.x : region.right] for row in r.lines[region.y : region.bottom]]
    return next(row for row in rows if word in row)


def asked(r, kind: str) -> list[tuple[Any, ...]]:
    return [ask for ask in r.companion.asked if ask[0] == kind]


@pytest.mark.parametrize("size", [(120, 36), (100, 30), (80, 24), (60, 16)])
async def test_by_day_with_time_artist_and_title(radio, size):
    async with radio(*size, companion=staged(*ALL)) as r:
        await r.press("t")
        assert "What was heard" in r.text
        assert "· / find · " in r.text
        assert " · esc ─" in r.text
        order = ["TODAY", "Nina Simone — Sinnerman", "★  3:02 PM  Miriam Makeba — Pata Pata"]
        places = [r.text.index(word) for word in order]
        assert places == sorted(places)
        assert "3:05 PM" in line(r, "Sinnerman")
        assert {len(line) for line in r.lines} == {size[0]}
        await r.press("G")
        assert "SUN 16 NOV" in r.text
        assert "Amália — Barco Negro" in r.text
        await r.press("g")
        assert "TODAY" in r.text


async def test_stations_programmes_and_advertisements_are_told_by_words(radio):
    async with radio(companion=staged(*ALL)) as r:
        await r.press("t")
        assert "KNAU Arizona Public Radio · News & Talk" in line(r, "Sinnerman")
        assert "programme · KNAU" in line(r, "All Things Considered")
        assert "advertisement" in r.text
        assert "YESTERDAY" in r.text
        strips = r.strips
        segments = [s for strip in strips for s in strip if "advertisement" in s.text]
        plain = [s for strip in strips for s in strip if "Makeba" in s.text]
        assert segments[0].style.color != plain[0].style.color or segments[0].style.dim


async def test_what_is_heard_now_and_what_is_on_the_tape(radio):
    async with radio(companion=staged(*ALL)) as r:
        await r.tell(playing(heard_at=NOW))
        await r.press("t")
        assert "▶ now" in line(r, "Sinnerman")
        assert "on tape" in line(r, "Pata Pata")
        assert "on tape" not in line(r, "Zahrat")
        await r.tell(playing(heard_at=NOW, state=PlayState.PAUSED))
        assert "now" not in line(r, "Sinnerman")


async def test_it_follows_what_is_heard(radio):
    companion = staged(PATA)
    async with radio(companion=companion) as r:
        await r.tell(playing(title="Miriam Makeba - Pata Pata", heard_at=NOW))
        await r.press("t")
        assert "Sinnerman" not in r.text
        companion.history.entries = [SINNERMAN, PATA]
        await r.tell(playing(title="Nina Simone - Sinnerman", heard_at=NOW))
        assert "▶ now" in line(r, "Sinnerman")
        # Where one was one still is.
        await r.press("f")
        assert asked(r, "star_heard") == [("star_heard", PATA.id, False)]


@pytest.mark.parametrize("heard", [ALL, []], ids=["some", "none"])
async def test_a_second_alone_asks_nothing(radio, heard):
    async with radio(companion=staged(*heard)) as r:
        await r.tell(playing(heard_at=NOW))
        await r.press("t")
        before = len(asked(r, "heard"))
        for second in range(5):
            await r.tell(playing(heard_at=NOW + timedelta(seconds=second), position=float(second)))
        assert len(asked(r, "heard")) == before


async def test_enter_goes_there_while_it_is_on_the_tape(radio):
    async with radio(companion=staged(*ALL)) as r:
        await r.press("t", "down", "enter")
        assert r.companion.asked[-1] == ("go_to_wall", "knau", "news", PATA.began_at)
        assert r.app.screen is r.main
        await r.press("t", "down", "down", "down", "enter")
        assert len(asked(r, "go_to_wall")) == 1
        assert "It is not on the tape any more" in r.text
        assert isinstance(r.app.screen, TitlesScreen)


async def test_a_song_is_kept_while_it_is_on_the_tape(radio):
    async with radio(companion=staged(*ALL)) as r:
        await r.press("t", "k")
        assert r.companion.asked[-1] == ("keep_heard", "knau", "news", SINNERMAN.began_at)
        await r.press("down", "down", "down", "k")
        assert "Songs are kept here" in r.text
        await r.press("G", "k")
        assert len(asked(r, "keep_heard")) == 1
        assert "It is not on the tape any more" in r.text


async def test_a_star_and_only_those(radio):
    async with radio(companion=staged(*ALL)) as r:
        await r.press("t", "f")
        assert "★" in line(r, "Sinnerman")
        await r.press("F")
        assert "★ only" in r.text
        assert "Zahrat" not in r.text
        assert "Sinnerman" in r.text
        await r.press("F")
        assert "Zahrat" in r.text
        await r.press("g", "f")
        assert "★" not in line(r, "Sinnerman")


async def test_artist_and_title_are_copied(radio, copied):
    async with radio(companion=staged(*ALL)) as r:
        await r.press("t", "y")
        assert copied == ["Nina Simone - Sinnerman"]
        assert "In your clipboard" in r.text
        await r.press("down", "down", "y", "down", "y")
        assert copied == ["Nina Simone - Sinnerman", "All Things Considered"]


@pytest.mark.parametrize("size", [(120, 36), (60, 16)])
async def test_typing_narrows_it_down(radio, size):
    async with radio(*size, companion=staged(*ALL)) as r:
        await r.press("t", "slash", *"fqt")
        assert "Nothing found" in r.text
        await r.press("backspace", "backspace", "backspace", *"simone")
        assert "Sinnerman" in r.text
        assert "Pata" not in r.text
        assert not asked(r, "star_heard")
        await r.press("enter", "f")
        assert asked(r, "star_heard") == [("star_heard", SINNERMAN.id, True)]
        await r.press("escape")
        assert "Pata Pata" in r.text
        await r.press("escape")
        assert r.app.screen is r.main


@pytest.mark.parametrize("key", ["d", "delete"])
async def test_forgotten_and_back_again(radio, key):
    async with radio(companion=staged(*ALL)) as r:
        await r.press("t", "down", key)
        assert asked(r, "forget") == [("forget", PATA.id)]
        assert "Pata Pata" not in r.text
        assert "U brings it back" in r.text
        await r.press("U")
        assert "Pata Pata" in r.text
        await r.press("f")
        assert asked(r, "star_heard") == [("star_heard", PATA.id, False)]
        await r.press("U")
        assert "There is nothing to undo" in r.text


@pytest.mark.parametrize("keys", [("down", "down", "enter"), ("3",)], ids=["chosen", "number"])
async def test_what_is_listed_is_written(radio, keys):
    with TemporaryDirectory() as name:  # short enough to be shown whole
        folder = Path(name)
        async with radio(companion=staged(*ALL, folder=folder)) as r:
            await r.press("t", "slash", *"simone", "enter", "E")
            assert "CSV" in r.text
            await r.press(*keys)
            await r.until("1 entry was written")
            assert "recordings/heard-2025-11-25.json" in r.text.replace("\n", "")
        (path,) = (folder / "recordings").iterdir()
        assert [one["title"] for one in json.loads(path.read_text())] == ["Sinnerman"]


async def test_a_folder_that_cannot_be_written_is_told(radio, tmp_path):
    (tmp_path / "recordings").write_text("in the way")
    async with radio(companion=staged(*ALL, folder=tmp_path)) as r:
        await r.press("t", "E", "1")
        # The path before it is as long as it is: the line may break anywhere else.
        await r.until("written")
        assert isinstance(r.app.screen, TitlesScreen)


@pytest.mark.parametrize("size", [(120, 36), (60, 16)])
async def test_an_empty_one_says_what_to_press(radio, size):
    async with radio(*size, companion=staged()) as r:
        await r.press("t")
        assert "Nothing was heard yet" in r.text
        assert "enter on a station" in " ".join(r.text.replace("│", " ").split())
        await r.press("enter", "f", "y", "k", "d", "down", "t")
        assert r.app.screen is r.main


async def test_a_store_that_cannot_be_read_says_so(radio):
    companion = staged()
    companion.history.entries = Problem("radiotui.db is in use", "try again")
    async with radio(companion=companion) as r:
        await r.press("t")
        assert "⚠ radiotui.db is in use" in r.text


async def test_older_ones_come_as_one_goes_down(radio):
    many = [entry(1000 - n, f"Song {n}", n * 3) for n in range(450)]
    async with radio(companion=staged(*many)) as r:
        await r.press("t", "G")
        await r.press("G", "G")
        assert "Song 449" in r.text
        assert len(asked(r, "heard")) == 3


@pytest.mark.parametrize("size", [(120, 36), (60, 16)])
async def test_the_search_finds_it_and_goes_there(radio, size):
    companion = staged(*ALL)
    companion.history.results = [ZAHRAT, SINNERMAN]
    async with radio(*size, companion=companion) as r:
        await r.press("slash", *"zah")
        assert "2 found, 2 heard" in r.text
        assert "♪ Fairuz — Zahrat al Mada'en" in r.text
        assert "heard on KJZZ Phoenix, Mon 7:07 PM" in r.text
        assert "heard on KNAU Arizona Public Radio, today 3:05 PM" in r.text
        await r.press("enter")
        assert isinstance(r.app.screen, TitlesScreen)
        await r.press("f")
        assert asked(r, "star_heard") == [("star_heard", ZAHRAT.id, True)]


async def test_the_search_goes_to_what_is_long_ago(radio):
    many = [entry(1000 - n, f"Song {n}", n * 10) for n in range(800)]
    companion = staged(*many)
    companion.history.results = [many[700]]
    async with radio(companion=companion) as r:
        await r.press("slash", *"song", "enter")
        assert "to Thu 20 Nov" in r.text
        await r.press("f")
        assert asked(r, "star_heard")[-1][1] == many[700].id
        await r.press("g")
        assert "TODAY" in r.text
        await r.press("f")
        assert asked(r, "star_heard")[-1][1] == many[0].id


@pytest.mark.parametrize("size", [(120, 36), (60, 16)])
async def test_what_others_wrote_is_text(radio, size, copied):
    nasty = replace(SINNERMAN, text=NASTY, artist="", title=NASTY, station_name=NASTY)
    split = replace(PATA, text=NASTY, artist=NASTY, title=NASTY, stream_name=NASTY)
    companion = staged(nasty, split, replace(SALE, text=NASTY))
    companion.history.results = [nasty, split]
    async with radio(*size, companion=companion) as r:
        await r.press("t")
        assert r.text.count(SHOWN) >= 2
        assert harmless(r)
        await r.press("y")
        assert "\x1b" not in copied[0]
        await r.click("x[/]")
        assert r.app.is_running
        await r.press("escape", "slash", "x")
        assert SHOWN in r.text
        assert harmless(r)
