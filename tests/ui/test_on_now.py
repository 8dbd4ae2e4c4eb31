"""The sheet of what is on at all stations."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace
from textual.widgets import OptionList

from radiotui.app.airings import Airing
from radiotui.guide.model import OnAir, Programme
from radiotui.stations.model import StationList
from radiotui.ui.dialogs.on_now import OnNowScreen
from radiotui.ui.dialogs.search import SearchScreen
from radiotui.ui.widgets.lists.on_now_rows import OnNowRows
from tests.ui.stage import KJZZ, KNAU, KUNM, NOW, Staged, at, on_air, playing
from tests.ui.test_day import asked, keep_marks, line
from tests.ui.test_hostile import NASTY, SHOWN, harmless

JAZZ = OnAir(
    "kjzz",
    "jazz",
    Programme("Night Jazz", at(14), at(15, 30)),
    Programme("Blues", at(15, 30), at(16, 30)),
)
FIP_SHOW = OnAir("fip", "main", Programme("Club Jazzafip", at(14), at(15)), asked_at=NOW)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OnNowScreen, "REST_SECONDS", 0.001)


async def opened(r, *airs: OnAir) -> None:
    await r.tell(*airs)
    await r.press("D")
    await r.until("On now · ")


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 16)])
async def test_a_row_each_with_programme_progress_and_next(radio, size):
    async with radio(*size) as r:
        await opened(r, JAZZ)
        await r.press("g")
        await r.until("On now · 3 known")
        assert "1 h 53 min left" in line(r, "News & Talk")
        assert "next 5:00 PM Marketplace" in line(r, "All Things Considered")
        while "Night Jazz" not in r.text:
            await r.press("down")
        assert "23 min left" in line(r, "Jazz · KJZZ")
        assert "next 3:30 PM Blues" in line(r, "Night Jazz")
        assert {len(line) for line in r.lines} == {size[0]}


async def test_no_row_shows_a_programme_that_has_ended(radio):
    endless = OnAir("kunm", "main", Programme("Endless"), asked_at=NOW - timedelta(hours=2))
    over = OnAir(
        "kjzz", "news", Programme("Over", at(14), at(15)), Programme("Follows", at(15), at(16))
    )
    async with radio() as r:
        await opened(r, FIP_SHOW, endless, over)
        sheet = r.app.screen.query_one("#sheet").region
        words = "\n".join(row[sheet.x : sheet.right] for row in r.lines[sheet.y : sheet.bottom])
        assert "KUNM" in words
        assert "Endless" not in words
        assert "Club Jazzafip" not in words
        assert "Over" not in words
        assert "53 min left" in line(r, "Follows")


async def test_rows_change_as_schedules_and_the_clock_do(radio):
    moments: list[datetime] = [NOW]
    async with radio(companion=Staged(clock=lambda: moments[-1])) as r:
        await opened(r)
        assert "Night Jazz" not in r.text
        await r.tell(JAZZ)
        await r.until("Night Jazz")
        moments.append(at(15, 31))
        r.main.minute = moments[-1]
        await r.until("59 min left")
        assert "Night Jazz" not in r.text


async def test_all_schedules_are_followed_while_it_is_open(radio):
    async with radio() as r:
        await opened(r)
        assert asked(r, "FollowSchedules") == [("FollowSchedules", True)]
        await r.press("escape")
        assert asked(r, "FollowSchedules")[-1] == ("FollowSchedules", False)
        assert r.app.screen is r.main


async def test_words_find_stations_and_programmes(radio):
    async with radio() as r:
        await opened(r, JAZZ)
        await r.press("slash", *"blues")
        await r.until("Night Jazz")
        options = r.app.screen.query_one(OptionList).options
        assert [option.id for option in options] == ["kjzz/jazz"]
        await r.press("enter", "enter")
        assert asked(r, "play") == [("play", "kjzz", "jazz")]
        assert r.app.screen is r.main


async def test_a_long_list_keeps_its_room_while_one_types(radio):
    companion = Staged()
    numbered = (replace(KUNM, id=f"s{number}", name=f"Number {number}") for number in range(40))
    companion.station_list = StationList(tuple(numbered))
    async with radio(120, 36, companion) as r:
        await opened(r)
        rows = r.app.screen.query_one(OptionList).size.height
        assert rows == 36 * 4 // 5
        await r.press("slash", *"number 39")
        await r.until("Number 39")
        assert [option.id for option in r.app.screen.query_one(OptionList).options] == ["s39/main"]
        assert r.app.screen.query_one(OptionList).size.height == rows


async def test_the_rows_of_a_long_list_keep_their_width_when_its_bar_comes(radio, monkeypatch):
    companion = Staged()
    numbered = (replace(KUNM, id=f"s{number}", name=f"Number {number}") for number in range(40))
    companion.station_list = StationList(tuple(numbered))
    widths: list[int] = []
    draw = OnNowRows.row

    def drawn(rows, row_id, stream, width, *, is_tuned):
        widths.append(width)
        return draw(rows, row_id, stream, width, is_tuned=is_tuned)

    monkeypatch.setattr(OnNowRows, "row", drawn)
    async with radio(120, 36, companion) as r:
        await opened(r)
        await r.until("Number 9")
        assert widths == 40 * [r.app.screen.query_one(OptionList).scrollable_content_region.width]


async def test_the_tuned_stream_is_marked_and_its_day_a_key_away(radio):
    async with radio() as r:
        await r.tell(playing(stream="classical", stream_name="Classical"))
        await opened(r, on_air("classical"))
        assert "●" in line(r, "Classical")
        await r.press("d")
        assert asked(r, "day")[-1] == ("day", "knau", "classical", "2025-11-25")
        await r.press("escape", "escape")
        assert r.app.screen is r.main


async def test_foreign_words_are_harmless(radio):
    nasty = Programme(NASTY, at(14), at(16))
    async with radio() as r:
        await opened(r, replace(JAZZ, now=nasty, next=nasty))
        assert SHOWN in r.text
        harmless(r)


async def test_the_search_finds_broadcasts_and_enter_hears_or_shows_them(radio, monkeypatch):
    monkeypatch.setattr(SearchScreen, "DELAY_SECONDS", 0.001)
    companion = Staged()
    air = Programme("Fresh Air", at(15), at(16))
    later = Programme("Fresh Air", at(19), at(20))
    companion.airings.results = (
        Airing(KJZZ, KJZZ.streams[0], air, True),
        Airing(KNAU, KNAU.streams[0], later, False),
        Airing(KJZZ, KJZZ.streams[0], Programme("Fresh Air", at(18) + timedelta(days=2)), False),
    )
    async with radio(companion=companion) as r:
        await r.press("slash", *"fresh")
        await r.until("3 found, 3 to be heard")
        assert "now  53 min left" in line(r, "▶ Fresh Air")
        assert "KJZZ Phoenix · KJZZ News" in r.text
        assert "today 7:00 PM" in r.text
        assert "Thu 27 Nov 6:00 PM" in r.text
        await r.press("enter")
        assert asked(r, "play") == [("play", "kjzz", "news")]
        await r.press("slash")
        await r.press("down", "enter")
        assert asked(r, "day")[-1] == ("day", "knau", "news", "2025-11-25")


async def test_a_broadcast_is_marked_in_the_search_and_typing_goes_on(radio, tmp_path, monkeypatch):
    monkeypatch.setattr(SearchScreen, "DELAY_SECONDS", 0.001)
    companion = Staged()
    store = keep_marks(companion, tmp_path)
    companion.airings.results = tuple(
        Airing(station, station.streams[0], Programme("Fresh Air", at(begin), at(end)), begin < 15)
        for station, begin, end in ((KJZZ, 14, 16), (KJZZ, 19, 20), (KNAU, 19, 20))
    )
    async with radio(60, 16, companion=companion) as r:
        await r.press("slash", *"trm")
        await r.until("3 found, 3 to be heard")
        assert "enter hear · tab mark · ↑ ↓ choose · esc back" in r.text
        await r.press("tab", "t")
        assert "Only a programme that comes can be marked" in r.text
        await r.press("down", "w")
        assert "It has no mark · r records it" in r.text
        await r.press("m")
        await r.until("You are reminded of Fresh Air on Tue 7:00 PM")
        await r.press("t")
        await r.until("tune in  today 7:00 PM")
        await r.press("w")
        await r.until("tune in, weekly  today 7:00 PM")
        assert "» Fresh Air" in line(r, "weekly")
        await r.press("down", "t")
        await r.until("At the same time Fresh Air")
        assert "m remind · t tune in · r record · w weekly · tab" in r.text
        await r.press("t")
        await r.until("It is marked no longer")
        await r.press("tab", *"tw")
        assert asked(r, "search")[-1] == ("search", "trmtw")
        assert "enter hear" in r.text
        await r.press("down")
        assert "enter its day" in r.text
        await r.press("escape")
        assert r.app.screen is r.main
    (mark,) = companion.marks.current
    assert (mark.station, mark.action, mark.is_weekly) == ("kjzz", "tune", True)
    await store.close()
