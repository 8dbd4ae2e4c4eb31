"""The log of what was heard: over a real store, told by snapshots of a player."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import tempfile
from collections.abc import AsyncIterator, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radiotui.app.history import History, HistoryDeps, PlayedItem
from radiotui.app.history_export import exported
from radiotui.app.intents import ForgetPlayed, StarPlayed
from radiotui.player.queue import QueueItem
from radiotui.player.state import LocalFile, PlayerState, PlayState
from radiotui.player.tuning import stopped
from radiotui.problems import Problem
from radiotui.radio.tape.marks import Mark
from radiotui.store import Store
from radiotui.text import time_of_day
from tests.snapshots import changed, snapshot

THREE = datetime(2026, 3, 2, 15, tzinfo=UTC)


def minutes(count: float) -> datetime:
    return THREE + timedelta(minutes=count)


class World:
    """A logbook over a store, and what it tells."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told: list[Problem] = []
        self.written = 0
        self.store = Store(folder / "radiotui.db", clock=lambda: THREE)
        self.open = asyncio.Event()
        self.open.set()
        self.book = self.new_book()

    def new_book(self) -> History:
        return History(
            HistoryDeps(
                opened=self._opened,
                clock=lambda: minutes(60),
                notify=self.told.append,
                spawn=self._spawn,
                folder=lambda: self.folder / "recordings",
            )
        )

    async def _opened(self) -> Any:
        await self.open.wait()
        return SimpleNamespace(store=self)

    async def ask(self, query: Any) -> Any:
        self.written += 1
        return await self.store.ask(query)

    async def look(self, query: Any) -> Any:
        return await self.store.look(query)

    @staticmethod
    def _spawn(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        return asyncio.get_running_loop().create_task(work)

    async def heard(self, **asked: Any) -> list[str]:
        """What the listener reads, after everything was written."""
        await self.book.flushed()
        return [one.text for one in await self.book.heard(**asked)]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = World(tmp_path)
    yield world
    await world.store.close()


def playing(
    title: str | None = "Nina Simone - Sinnerman", at: float = 0, **more: Any
) -> PlayerState:
    """KNAU; ``at`` is minutes after three, and where the title began unless ``began`` says so."""
    began = more.pop("began", at)
    player_state = snapshot(
        state=PlayState.PLAYING,
        station="knau",
        stream="news",
        station_name="KNAU Arizona Public Radio",
        stream_name="News & Talk",
        title=title,
        title_at=minutes(began) if title else None,
        heard_at=minutes(at),
    )
    return changed(player_state, **more)


class TestWhatReachesTheEar:
    async def test_a_title_is_written_when_it_begins_and_when_it_ends(self, world: World) -> None:
        for quarter in range(12):
            world.book.receive(playing(at=quarter / 4, began=0))
        assert await world.heard() == ["Nina Simone - Sinnerman"]
        assert world.written == 1
        world.book.receive(playing("Fairuz - Zahrat", at=3))
        assert await world.heard() == ["Fairuz - Zahrat", "Nina Simone - Sinnerman"]
        assert world.written == 3
        first = (await world.book.heard())[-1]
        assert (first.artist, first.title) == ("Nina Simone", "Sinnerman")
        assert (first.began_at, first.ended_at) == (THREE, minutes(2.75))
        assert (first.station, first.stream, first.kind) == ("knau", "news", "title")

    async def test_the_programme_too_and_the_songs_in_it(self, world: World) -> None:
        programme: dict[str, Any] = {
            "programme": "All Things Considered",
            "programme_at": minutes(-30),
        }
        world.book.receive(playing(at=1, **programme))
        world.book.receive(playing("Fairuz - Zahrat", at=3, **programme))
        world.book.receive(playing(None, at=5, **programme))
        assert await world.heard() == [
            "Fairuz - Zahrat",
            "Nina Simone - Sinnerman",
            "All Things Considered",
        ]
        (programme_heard,) = await world.book.heard("considered")
        assert programme_heard.kind == "programme"
        assert programme_heard.began_at == minutes(-30)

    @pytest.mark.parametrize(
        "player_state",
        [
            playing(state=PlayState.CONNECTING),
            playing(state=PlayState.PAUSED),
            playing(story=QueueItem(key="1", url="u", title="A story", from_="", seconds=1)),
            playing(source=LocalFile("/music/song.mp3", "song.mp3")),
            playing(heard_at=None),
            playing(None),
            stopped(playing()),
        ],
        ids=["connecting", "paused", "a story", "a file", "not yet", "no title", "stopped"],
    )
    async def test_what_is_not_heard_is_not_written(
        self, world: World, player_state: PlayerState
    ) -> None:
        world.book.receive(changed(player_state, programme=""))
        assert await world.heard() == []

    async def test_an_advertisement_is_one_also_without_a_name(self, world: World) -> None:
        world.book.receive(playing(None, ad=True))
        world.book.receive(playing("Mattress sale", at=1, ad=True))
        assert await world.heard() == ["Mattress sale", ""]
        assert all(one.ad for one in await world.book.heard())

    async def test_a_title_without_a_mark_begins_when_it_is_heard(self, world: World) -> None:
        for second in range(5):
            world.book.receive(playing(at=second / 60, title_at=None))
        assert await world.heard() == ["Nina Simone - Sinnerman"]
        assert (await world.book.heard())[0].began_at == THREE

    async def test_what_stations_send_is_bounded_and_harmless(self, world: World) -> None:
        world.book.receive(playing("\x1b[31mred\x07" + "x" * 5000))
        (text,) = await world.heard()
        assert text.startswith(("redx", "red x"))
        assert len(text) <= 300


class TestOnce:
    async def test_a_pause_does_not_end_a_song(self, world: World) -> None:
        world.book.receive(playing(at=0, began=0))
        world.book.receive(playing(at=1, began=0, state=PlayState.PAUSED))
        world.book.receive(playing(at=1, began=0))
        world.book.receive(playing("Fairuz - Zahrat", at=3))
        assert await world.heard() == ["Fairuz - Zahrat", "Nina Simone - Sinnerman"]

    async def test_rewound_and_heard_again_it_is_one(self, world: World) -> None:
        world.book.receive(playing(at=0, began=0))
        world.book.receive(playing("Fairuz - Zahrat", at=3))
        world.book.receive(playing(at=1, began=0))
        world.book.receive(playing(at=2.9, began=0))
        world.book.receive(playing("Fairuz - Zahrat", at=3))
        assert await world.heard() == ["Fairuz - Zahrat", "Nina Simone - Sinnerman"]
        assert (await world.book.heard())[-1].ended_at == minutes(2.9)

    async def test_away_and_back_to_the_same_song_on_a_new_tape(self, world: World) -> None:
        world.book.receive(playing(at=0, began=0))
        world.book.receive(playing("Fairuz - Zahrat", at=1, station="kjzz"))
        world.book.receive(playing(at=2, began=2))
        assert await world.heard() == ["Fairuz - Zahrat", "Nina Simone - Sinnerman"]

    async def test_a_programme_of_which_only_the_name_is_known(self, world: World) -> None:
        name = {"programme": "Jazz Tonight"}
        world.book.receive(playing(None, at=1, programme_at=minutes(1.02), **name))
        world.book.receive(playing(None, at=2, station="kjzz"))
        world.book.receive(playing(None, at=4, programme_at=minutes(4.03), **name))
        assert await world.heard() == ["Jazz Tonight"]


class TestMended:
    """Titles that were read in another encoding, and mended on the tape when it was learnt."""

    def marks(self, *titles: str) -> tuple[Mark, ...]:
        return tuple(
            Mark(at * 60.0, minutes(at), "title", title) for at, title in enumerate(titles)
        )

    async def test_a_title_that_is_mended_at_the_ear_is_one_entry(self, world: World) -> None:
        world.book.receive(playing("Miriam - Ïàòà", at=0, marks=self.marks("Miriam - Ïàòà")))
        mended = self.marks("Miriam - Пата")
        world.book.receive(playing("Miriam - Пата", at=0.5, began=0, marks=mended))
        assert await world.heard() == ["Miriam - Пата"]

    async def test_a_title_that_is_mended_after_it_was_heard_is_mended_here(
        self, world: World
    ) -> None:
        marks = self.marks("Ìèðèàì - Ïàòà", "Fairuz - Zahrat")
        world.book.receive(playing("Ìèðèàì - Ïàòà", at=0, marks=marks[:1]))
        world.book.receive(playing("Fairuz - Zahrat", at=1, marks=marks))
        mended = self.marks("Мириам - Пата", "Fairuz - Zahrat")
        world.book.receive(playing("Fairuz - Zahrat", at=2, began=1, marks=mended))
        assert await world.heard() == ["Fairuz - Zahrat", "Мириам - Пата"]
        first = (await world.book.heard())[-1]
        assert (first.artist, first.title, first.began_at) == ("Мириам", "Пата", THREE)

    async def test_who_comes_back_to_a_mended_title_hears_the_same_song(self, world: World) -> None:
        world.book.receive(playing("Ïàòà", at=0, tuning_id=1, marks=self.marks("Ïàòà")))
        left = playing("Пата", at=0, tuning_id=1, marks=self.marks("Пата"))
        away = playing("Fairuz - Zahrat", at=1, station="kjzz", tuning_id=2, ready=(left,))
        world.book.receive(away)
        world.book.receive(playing("Пата", at=2, tuning_id=3))
        assert await world.heard(station="knau") == ["Пата"]

    async def test_a_title_that_was_not_heard_makes_no_entry(self, world: World) -> None:
        marks = self.marks("Fairuz - Zahrat", "Ïàòà")
        world.book.receive(playing("Fairuz - Zahrat", at=0, marks=marks))
        mended = self.marks("Fairuz - Zahrat", "Пата")
        world.book.receive(playing("Fairuz - Zahrat", at=0.5, began=0, marks=mended))
        assert await world.heard() == ["Fairuz - Zahrat"]

    async def test_of_another_station_nothing_is_mended(self, world: World) -> None:
        world.book.receive(playing("Ïàòà", at=0, station="kjzz", marks=self.marks("Ïàòà")))
        world.book.receive(playing("Ïàòà", at=0, tuning_id=2, marks=self.marks("Ïàòà")))
        mended = self.marks("Пата")
        world.book.receive(playing("Пата", at=0.5, began=0, tuning_id=2, marks=mended))
        assert await world.heard(station="kjzz") == ["Ïàòà"]
        assert await world.heard(station="knau") == ["Пата"]


class TestBeginningAndEnding:
    async def test_closing_writes_the_end_of_what_is_heard(self, world: World) -> None:
        world.book.receive(playing(at=0, began=0))
        world.book.receive(playing(at=2, began=0))
        await world.book.close()
        world.book.receive(playing("Fairuz - Zahrat", at=3))
        world.book = world.new_book()
        assert await world.heard() == ["Nina Simone - Sinnerman"]
        assert (await world.book.heard())[0].ended_at == minutes(2)

    async def test_closing_does_not_wait_for_a_store_that_hangs(self, world: World) -> None:
        world.open.clear()
        world.book.receive(playing())
        async with asyncio.timeout(30):
            await world.book.close()
        world.open.set()
        await world.book.flushed()

    async def test_what_was_heard_before_the_store_was_open_is_written(self, world: World) -> None:
        world.open.clear()
        world.book.receive(playing())
        world.book.receive(playing("Fairuz - Zahrat", at=3))
        world.open.set()
        assert await world.heard() == ["Fairuz - Zahrat", "Nina Simone - Sinnerman"]

    async def test_a_store_that_takes_nothing_is_told_once(self, tmp_path: Path) -> None:
        (tmp_path / "radiotui.db").mkdir()
        world = World(tmp_path)
        for song in range(5):
            world.book.receive(playing(f"Song {song}", at=song))
        await world.book.flushed()
        assert len(world.told) == 1
        (tmp_path / "radiotui.db").rmdir()
        world.book.receive(playing("Song 5", at=5))
        assert "Song 5" in await world.heard()
        await world.store.close()


class TestWhatTheListenerDoes:
    async def test_forgotten_and_undone(self, world: World) -> None:
        world.book.receive(playing(at=0))
        world.book.receive(playing("Fairuz - Zahrat", at=3))
        await world.heard()
        newest, oldest = await world.book.heard()
        world.book.do(ForgetPlayed(newest.id))
        world.book.do(ForgetPlayed(oldest.id))
        # The end of what is heard just now is written, but it stays forgotten.
        world.book.receive(stopped(playing()))
        assert await world.heard() == []
        for gone in (oldest, newest):
            back = await world.book.undo()
            assert back is not None
            assert back.text == gone.text
        assert await world.book.undo() is None
        assert await world.heard() == ["Fairuz - Zahrat", "Nina Simone - Sinnerman"]

    async def test_a_star(self, world: World) -> None:
        world.book.receive(playing(at=0))
        world.book.receive(playing("Fairuz - Zahrat", at=3))
        await world.heard()
        world.book.do(StarPlayed((await world.book.heard())[0].id))
        assert await world.heard(starred=True) == ["Fairuz - Zahrat"]

    async def test_words_station_and_time(self, world: World) -> None:
        world.book.receive(playing(at=0))
        world.book.receive(playing("Fairuz - Zahrat", at=30, stream="classical"))
        assert await world.heard(words="simone") == ["Nina Simone - Sinnerman"]
        assert await world.heard(words="knau sinn") == ["Nina Simone - Sinnerman"]
        assert await world.heard(words="??") == []
        assert await world.heard(station="knau/classical") == ["Fairuz - Zahrat"]
        assert await world.heard(since=minutes(20)) == ["Fairuz - Zahrat"]
        assert await world.heard(before=minutes(20)) == ["Nina Simone - Sinnerman"]
        assert await world.heard(limit=1) == ["Fairuz - Zahrat"]

    async def test_the_search_takes_the_filters_of_stories(self, world: World) -> None:
        for number, at in enumerate((0, 20, 40)):
            world.book.receive(playing(at=at, station=f"k{number}"))
        await world.heard()

        async def found(typed: str) -> list[str]:
            return [one.station for one in await world.book.search(typed)]

        assert await found("sinner") == ["k2", "k1", "k0"]
        assert await found("simone OR nobody station:k1") == ["k1"]
        assert await found("is:heard") == ["k2", "k1", "k0"]
        assert await found("since:1h") == []
        assert await found("sinnerman since:2026-03-02T15:10:00+00:00") == ["k2", "k1"]
        assert await found("sinnerman is:unread") == []
        assert await found("sinnerman from:npr") == []
        assert await found("is:starred") == []
        with pytest.raises(Problem, match="nothing is 'red'"):
            await found("is:red")


class TestExport:
    async def entries(self, world: World, *titles: str) -> tuple[PlayedItem, ...]:
        for at, title in enumerate(titles):
            world.book.receive(playing(title, at=at))
        await world.heard()
        return await world.book.heard()

    async def test_csv_is_read_back_and_is_no_formula(self, world: World) -> None:
        nasty = ['=HYPERLINK("http://x")', "+1", "-2", "@SUM(A1)", 'a "quoted", one', "Plain - One"]
        rows = exported(await self.entries(world, *nasty), "csv")
        read = list(csv.DictReader(io.StringIO(rows)))
        assert [row["text"] for row in reversed(read)] == [
            *("'" + title for title in nasty[:4]),
            *nasty[4:],
        ]
        assert (read[0]["artist"], read[0]["title"]) == ("Plain", "One")
        assert (
            read[0].keys()
            == json.loads(exported(await world.book.heard(limit=1), "json"))[0].keys()
        )

    def test_nothing_is_a_head_or_an_empty_list(self) -> None:
        assert exported((), "csv").startswith("kind,id,station,")
        assert json.loads(exported((), "json")) == []
        assert exported((), "text") == ""

    async def test_json_has_the_promised_shape(self, world: World) -> None:
        (one,) = json.loads(exported(await self.entries(world, "Björk - Jóga"), "json"))
        assert (one["artist"], one["title"], one["kind"]) == ("Björk", "Jóga", "title")
        assert datetime.fromisoformat(one["began"]) == THREE
        assert (one["ad"], one["starred"], one["station"]) == (False, False, "knau")

    async def test_text_says_when_what_and_where(self, world: World) -> None:
        (line,) = exported(await self.entries(world, "Björk - Jóga"), "text").splitlines()
        when = THREE.astimezone()
        assert line.startswith(f"{when:%Y-%m-%d} {time_of_day(when, align=True)}")
        assert line.endswith("Björk — Jóga  [KNAU Arizona Public Radio · News & Talk]")

    async def test_a_file_of_before_is_never_written_over(self, world: World) -> None:
        entries = await self.entries(world, "Björk - Jóga")
        first = await world.book.export(entries, "csv")
        second = await world.book.export((), "csv")
        assert first != second
        assert "Jóga" in first.read_text()
        assert first.parent == world.folder / "recordings"

    async def test_a_folder_that_cannot_be_made_is_a_problem(self, world: World) -> None:
        (world.folder / "recordings").write_text("in the way")
        with pytest.raises(Problem, match="cannot be written"):
            await world.book.export((), "json")


SONGS = 3.0
"""Minutes each song lasts."""


@st.composite
def evenings(draw: st.DrawFn) -> list[tuple[str, float]]:
    """What somebody does for an hour: listen on, pause, jump on the tape, change the station."""
    doing = st.sampled_from(["on", "on", "pause", "jump", "live", "zap"])
    return draw(st.lists(st.tuples(doing, st.floats(0.1, 6)), min_size=1, max_size=25))


class Evening:
    """Two stations that send one song after the other, and a listener with a tape of each."""

    def __init__(self, book: History) -> None:
        self.book = book
        self.now = 10.0
        self.station = "knau"
        self.tape_from = 10.0
        self.ear = 10.0
        self.heard: set[tuple[str, int]] = set()

    def take(self, state: PlayState = PlayState.PLAYING) -> None:
        song = int(self.ear // SONGS)
        # On a new tape the song that is on begins where the tape does.
        began = max(song * SONGS, self.tape_from)
        if state is PlayState.PLAYING:
            self.heard.add((self.station, song))
        self.book.receive(
            playing(
                f"Singer - Song {song % 5}",
                at=self.ear,
                began=began,
                station=self.station,
                state=state,
            )
        )

    def do(self, what: str, long: float) -> None:
        if what == "zap":
            self.station = "kjzz" if self.station == "knau" else "knau"
            self.tape_from = self.ear = self.now
        elif what == "jump":
            self.ear = max(self.tape_from, self.ear - long)
        elif what == "live":
            self.ear = self.now
        elif what == "pause":
            self.take(PlayState.PAUSED)
            self.now += long
        for _ in range(8 if what == "on" else 1):
            self.take()
            if what == "on":
                self.now += long / 8
                self.ear += long / 8
        self.take()


@settings(max_examples=60)
@given(evenings())
def test_however_one_listens_no_song_is_there_twice(doing: list[tuple[str, float]]) -> None:
    async def evening() -> None:
        with tempfile.TemporaryDirectory() as folder:
            world = World(Path(folder))
            listener = Evening(world.book)
            for what, long in doing:
                listener.do(what, long)
            await world.book.close()
            world.book = world.new_book()
            entries = await world.book.heard(limit=1000)
            begun = [(one.station, one.stream, one.began_at) for one in entries]
            assert len(begun) == len(set(begun))
            songs = [(one.station, int(_minute(one.began_at) // SONGS)) for one in entries]
            assert len(songs) == len(set(songs))
            assert set(songs) == listener.heard
            for one in entries:
                assert one.began_at <= one.ended_at
                assert _minute(one.ended_at) <= (_minute(one.began_at) // SONGS + 1) * SONGS + 1e-4
            await world.store.close()

    asyncio.run(evening())


def _minute(time: datetime) -> float:
    # A time is whole microseconds, and a song's first one belongs to it.
    return (time - THREE) / timedelta(minutes=1) + 1e-6
