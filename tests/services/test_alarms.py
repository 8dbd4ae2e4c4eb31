"""Alarms: on their days, over DST nights, and rung by what can be heard."""

from __future__ import annotations

import asyncio
import time as clock_time
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from radiotui.app.alarms import Alarms
from radiotui.app.companion import Companion, Options
from radiotui.app.intents import Intent, Tune
from radiotui.app.ringing import Ringing
from radiotui.cli.alarm import ring_alarm
from radiotui.cli.output import DONE
from radiotui.config import Folders
from radiotui.marks.alarms import Alarm, AlarmBook, next_ring, read_days
from radiotui.player.intents import SetVolume, Stop
from radiotui.player.state import PlayerState, PlayState
from radiotui.problems import Problem
from radiotui.stations.model import Station, StationList, Stream
from tests.snapshots import changed

STATIONS = StationList(
    tuple(
        Station(name, name.upper(), (Stream("live", "Live", ()),))
        for name in ("knau", "kjzz", "kunm")
    )
)


@pytest.fixture
def _in_new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "America/New_York")
    clock_time.tzset()
    yield
    monkeypatch.undo()
    clock_time.tzset()


@pytest.mark.usefixtures("_in_new_york")
def test_it_rings_by_the_clock_here_on_its_days():
    def ring(after: str, days: tuple[int, ...] = (), at: time = time(6, 45)) -> str:
        moment = datetime.fromisoformat(after).replace(tzinfo=UTC)
        return f"{next_ring(at, days, moment):%a %d %H:%M}"

    assert ring("2026-03-06 11:00") == "Fri 06 11:45"
    assert ring("2026-03-06 11:45") == "Sat 07 11:45"
    # The night in which the clocks jump, and the one in which they go back.
    assert ring("2026-03-07 12:00") == "Sun 08 10:45"
    assert ring("2026-11-01 04:30") == "Sun 01 11:45"
    # Half past two, which the first of them does not have, is when the clocks jump.
    assert ring("2026-03-08 03:00", at=time(2, 30)) == "Sun 08 07:00"
    assert ring("2026-11-01 04:30", at=time(1, 30)) == "Sun 01 05:30"
    assert ring("2026-03-06 12:00", read_days("mon-fri")) == "Mon 09 10:45"


def test_days_are_read_as_people_write_them():
    assert read_days("") == ()
    assert read_days("Mon, wednesday") == (0, 2)
    assert read_days("sat-mon") == (0, 5, 6)
    assert read_days("daily") == tuple(range(7))
    with pytest.raises(Problem, match="no day of the week"):
        read_days("someday")


class Radio:
    """A player that hears some streams, and a time that passes at once."""

    def __init__(self, *heard: str) -> None:
        self.heard = heard
        self.state = PlayerState(volume=70)
        self.tuned: list[str] = []
        self.volumes: list[int] = []
        self.seconds = 0.0
        self.stops_at: float | None = None

    def do(self, intent: Intent) -> None:
        if isinstance(intent, SetVolume):
            self.volumes.append(intent.volume)
            self.state = changed(self.state, volume=intent.volume)
        elif isinstance(intent, Tune):
            assert not intent.remember
            self.tuned.append(intent.station)
            is_heard = intent.station in self.heard
            self.state = changed(
                self.state,
                state=PlayState.PLAYING if is_heard else PlayState.CONNECTING,
                station=intent.station,
                stream=intent.stream,
                position=1.0 if is_heard else None,
            )

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        if self.stops_at is not None and self.seconds >= self.stops_at:
            self.state = changed(self.state, state=PlayState.STOPPED)

    async def ring(self) -> tuple[str, str] | None:
        alarm = Alarm(1, time(6, 45), (), "knau", "live", datetime(2026, 3, 6, tzinfo=UTC))
        return await Ringing(alarm, lambda: self.state, self.do, STATIONS, self.sleep).ring()


async def test_it_grows_louder_for_a_minute():
    radio = Radio("knau")
    assert await radio.ring() == ("knau", "live")
    assert radio.volumes[0] == 10
    assert radio.volumes == sorted(radio.volumes)
    assert radio.volumes[-1] == 70
    assert 60 <= radio.seconds < 62


async def test_another_station_and_at_last_the_pips_are_heard():
    radio = Radio("kunm")
    assert await radio.ring() == ("kunm", "live")
    assert radio.tuned == ["knau", "kjzz", "kunm"]
    radio = Radio("test-signal")
    assert await radio.ring() == ("test-signal", "signal")
    assert radio.tuned == ["knau", "kjzz", "kunm", "test-signal"]


async def test_the_player_tells_when_a_station_is_heard_or_gone():
    radio, comes = Radio(), asyncio.Event()

    async def sleep(seconds: float) -> None:
        if seconds > 1:
            # Nobody loses patience.
            await comes.wait()
        await radio.sleep(seconds)

    alarm = Alarm(1, time(6, 45), (), "knau", "live", datetime(2026, 3, 6, tzinfo=UTC))
    ringing = Ringing(alarm, lambda: radio.state, radio.do, STATIONS, sleep)
    heard = asyncio.ensure_future(ringing.ring())
    await asyncio.sleep(0)
    gone = Problem("The station is gone")
    radio.state = changed(radio.state, state=PlayState.STOPPED, problem=gone)
    ringing.receive()
    while radio.tuned != ["knau", "kjzz"]:
        await asyncio.sleep(0)
    radio.state = changed(radio.state, state=PlayState.PLAYING, position=1.0)
    ringing.receive()
    assert await heard == ("kjzz", "live")
    assert radio.tuned == ["knau", "kjzz"]
    assert radio.seconds == 60


async def test_the_command_rings_until_another_process_says_off(tmp_path: Path):
    def program() -> Companion:
        options = Options(demo=True, engine="silent", folders=Folders(tmp_path))
        companion = Companion(options, clock=lambda: datetime(2026, 3, 6, 12, 0, tzinfo=UTC))
        companion.load()
        deps = replace(companion.marks.deps, find_timers=lambda: None)
        companion.marks.alarms = Alarms(deps, sleep=sleep)
        return companion

    async def sleep(seconds: float) -> None:
        if failure is not None:
            raise failure
        await asyncio.Event().wait()

    failure: RuntimeError | None = None
    other = program()
    await other.open(screen=False)
    station, stream = other.station_list.find("test-signal")
    for failure in (None, RuntimeError("of the alarm")):
        at = datetime(2026, 3, 6, 12, 0, 1, tzinfo=UTC).astimezone().time()
        alarm, _ = await other.marks.alarms.set(at, station, stream)
        book = AlarmBook((await other.services()).store)
        await book.change(replace(alarm, begins_at=other.clock()), alarm)
        ringing = asyncio.ensure_future(ring_alarm(program(), alarm.id))
        if failure is None:
            async with asyncio.timeout(60):
                while not list(tmp_path.rglob("*.switch")):
                    await asyncio.sleep(0.01)
            await other.marks.alarms.remove(alarm.id)
            assert await ringing == DONE
        else:
            with pytest.raises(RuntimeError, match="of the alarm"):
                await ringing
        assert await other.marks.alarms.alarms() == []
        assert not list(tmp_path.rglob("*.switch"))
    await other.close()


async def test_who_stops_it_is_left_in_peace():
    radio = Radio()
    radio.stops_at = 25.0
    assert await radio.ring() is None
    assert radio.tuned == ["knau", "kjzz"]
    assert radio.volumes[-1] == 70
    radio = Radio("knau")
    radio.stops_at = 10.0
    await radio.ring()
    assert len(radio.volumes) < 12
    assert radio.volumes[-1] == 70


async def test_the_running_program_rings_what_is_set(tmp_path: Path):
    now = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)
    times = [now]
    options = Options(demo=True, engine="silent", folders=Folders(tmp_path))
    companion = Companion(options, clock=lambda: times[0])
    companion.load()
    notices: list[str] = []
    companion.subscribe(lambda update: notices.append(str(getattr(update, "problem", ""))))
    await companion.open(screen=False)
    alarms = companion.marks.alarms
    alarms.deps = replace(alarms.deps, find_timers=lambda: None)
    station, stream = companion.station_list.find("test-signal")
    at = (now + timedelta(minutes=5)).astimezone().time()
    alarm, problem = await alarms.set(at, station, stream, read_days("daily"))
    assert problem is not None
    assert await alarms.look() == 60.0
    assert companion.player_state.tuned is None
    times[0] = alarm.begins_at
    await alarms.look()
    async with asyncio.timeout(30):
        while companion.player_state.current.position is None:
            await asyncio.sleep(0.01)
    assert companion.player_state.volume < 20
    assert any("Good morning" in notice for notice in notices)
    # It has gone on to tomorrow, and does not ring twice, also where its timer is made only now.
    book = AlarmBook((await companion.services()).store)
    assert not await book.change(alarm, alarm)
    (alarm,) = await alarms.alarms()
    assert alarm.begins_at > times[0] + timedelta(hours=22)
    assert not await alarms.take(alarm)
    # The process that rang the next one was killed: no process has that number.
    await (await companion.services()).store.ask(
        lambda db: db.execute("UPDATE alarm SET taken_by = 999999999").close()
    )
    times[0] = alarm.begins_at + timedelta(hours=1)
    await alarms.look()
    (alarm,) = await alarms.alarms()
    assert alarm.begins_at > times[0] + timedelta(hours=21)
    assert alarm.taken_by is None
    # One of another list of stations is left to its timer.
    await book.change(replace(alarm, station="knau", has_timer=True), alarm)
    times[0] = alarm.begins_at
    await alarms.look()
    assert [alarm.begins_at for alarm in await alarms.alarms()] == [times[0]]
    await alarms.remove(alarm.id)
    assert await alarms.alarms() == []
    companion.do(Stop())
    await companion.close()
