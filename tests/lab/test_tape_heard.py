"""The tape by ear: every kind of stream with every engine, after a long pause and at every place.

All stations are on the air at once and taped by a player each, so that one minute
of waiting is everybody's pause and everybody's past. Then they are listened to in turn.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import av
import pytest
import pytest_asyncio

from radiotui.audio.engine import Engine, EngineEvent, OnEvent
from radiotui.audio.libvlc import vlc_problem
from radiotui.audio.registry import make_engine
from radiotui.config import EngineName, Settings
from radiotui.enclosures.open_enclosures import OpenEnclosures
from radiotui.net.client import Net
from radiotui.player.deps import PlayerDeps
from radiotui.player.intents import (
    GoLive,
    GoToMark,
    Pause,
    PlayStream,
    Resume,
    SetVolume,
    Shift,
    Stop,
)
from radiotui.player.player import Player
from radiotui.player.state import PlayState
from radiotui.problems import Problem
from radiotui.radio.tape.tape import Tape
from radiotui.stations.model import Station, Stream
from tests.lab.hls_lab import HlsStation
from tests.lab.radio_lab import (
    RATE,
    RUSTLE,
    Ear,
    Icecast,
    PulseAudio,
    cannot,
    clock_source,
    second_heard,
    until,
)

ICECAST = ("mp3", "mp3-vbr", "aac", "opus", "vorbis")
HLS = ("ts", "fmp4")
ENGINES: tuple[EngineName, ...] = ("builtin", "vlc")
TAKES_TITLES = ("mp3", "mp3-vbr", "aac")
"""Icecast 2.4 names what is on in these alone."""
PAUSE = 60.0
PAST = 76.0
"""Seconds of tape: 60 s back from 10 s back from live, and what was heard meanwhile."""
LAST = 1.35
"""Seconds before a pause by which the clock's second is told."""
SETTLED = 0.3
"""Seconds after the first sample of a place until only that is heard."""

pytestmark = pytest.mark.asyncio(loop_scope="module")


def apart(one: float, other: float) -> float:
    """By how many seconds of the clock's minute one is later than the other."""
    return (one - other + 30) % 60 - 30


class Broadcast:
    """What is on tape, decoded from its first byte to its last by nobody's engine."""

    def __init__(self, tape: Tape) -> None:
        self.start, self.end = tape.start, tape.end
        self._pcm = b"".join(self._decoded(tape))

    def _decoded(self, tape: Tape) -> Iterator[bytes]:
        span = tape.excerpt(self.start, self.end)
        body, container, begins = bytearray(), "", set()
        while (found := span.read()) is not None:
            run, data = found
            body += data if body else run.heads + data
            container = run.format
            begins.add(run.begin)
        span.close()
        assert len(begins) == 1, "the connection was lost, or the tape has a seam"
        resampler = av.AudioResampler("s16", "mono", RATE)
        with av.open(io.BytesIO(bytes(body)), "r", format=container) as source:
            for packet in source.demux(audio=0):
                # The first frames may need what was sent before anybody listened.
                with contextlib.suppress(av.error.InvalidDataError):
                    for frame in packet.decode():
                        for part in resampler.resample(frame):
                            yield bytes(part.planes[0])[: part.samples * 2]

    def second_at(self, place: float, seconds: float = 1.3) -> float:
        """Which second of the clock stands at a place of the tape."""
        begin = round((place - self.start) * RATE) * 2
        second = second_heard(self._pcm[begin : begin + round(seconds * RATE) * 2])
        assert second is not None, place
        return second

    def missing(self) -> list[tuple[float, float]]:
        """Places where another second stands than the first one leads to expect, and which."""
        place = self.start + 1.0
        first = self.second_at(place)
        # To the middle of a second, which is told by a glance.
        place += 1.5 - first % 1.0
        second, wrong = int(first + 1) % 60, []
        while place < self.end - 1.0:
            if (found := self.second_at(place, 0.2)) != second:
                wrong.append((place, found))
            place, second = place + 1.0, (second + 1) % 60
        return wrong


class Sitting:
    """Somebody who listens to one station with one engine, and is quiet while others listen."""

    def __init__(self, folder: Path, ear: Ear, url: str, engine: EngineName) -> None:
        self.ear = ear
        self.problems: list[Problem] = []
        self.started: dict[int, float] = {}
        """When the first sample of a take was played, monotonic."""
        self.last = 0.0
        """The second of the clock at which it was paused, by ear."""
        self.paused_at = 0.0
        self._net = Net()
        self._stream = Stream("live", "Live", (url,))
        self.player = Player(
            PlayerDeps(
                net=self._net,
                settings=Settings(volume=100),
                engine=engine,
                tapes=folder,
                enclosures=OpenEnclosures(self._net, folder / "episodes"),
                recordings=folder / "recordings",
                on_state=lambda _state: None,
                on_problem=self.problems.append,
                make_engine=self._make,
            )
        )

    def _make(self, name: EngineName, on_event: OnEvent) -> tuple[Engine, Problem | None]:
        def note(event: EngineEvent) -> None:
            if event.kind == "started":
                self.started[event.play_id] = time.monotonic()
            on_event(event)

        engine, problem = make_engine(name, note)
        # As on a computer that is known to be busy: fourteen tapes begin at once.
        engine.begin_with_period(48)
        return engine, problem

    @property
    def tape(self) -> Tape:
        assert self.player.tape is not None
        return self.player.tape

    async def tune_in(self) -> None:
        """Tune in unheard, and wait on the tape."""
        self.player.do(SetVolume(100, muted=True))
        self.player.do(PlayStream(Station("test", "Radio Test", (self._stream,)), self._stream))
        await self._until_it_plays()
        self.player.do(Pause())
        self.player.do(SetVolume(100, muted=False))

    async def listen_a_moment(self) -> None:
        """Hear where it goes on, then pause for long."""
        began = time.monotonic()
        self.player.do(Resume())
        begins = await asyncio.to_thread(self.ear.first_sound, began)
        await self.second(begins + SETTLED)
        self.paused_at = time.monotonic()
        self.player.do(Pause())
        silent_at = await asyncio.to_thread(self.ear.first_silence, self.paused_at)
        # By the last that was heard: sound that broke off before that is no part of the pause.
        second = await asyncio.to_thread(self.ear.second_at, silent_at - LAST)
        assert second is not None, "no tone of the clock's is heard"
        self.last = second + LAST

    async def go_on(self) -> float:
        """End the pause: the second of the clock that is heard first."""
        await self._until_paused_for(PAUSE)
        began = time.monotonic()
        self.player.do(Resume())
        begins = await asyncio.to_thread(self.ear.first_sound, began)
        at, second = await self.second(begins + SETTLED)
        return second - (at - begins)

    async def lands(self) -> tuple[float, float]:
        """After a move: when its first sample was played, and the second that it was, by ear."""
        take = await self._until_it_plays()
        at, second = await self.second(self.started[take] + SETTLED)
        return self.started[take], second - (at - self.started[take])

    async def second(self, at: float) -> tuple[float, float]:
        """The second of the clock that is heard at a time, and the time."""
        at = max(at, time.monotonic())
        second = await asyncio.to_thread(self.ear.second_at, at)
        assert second is not None, "no tone of the clock's is heard"
        return at, second

    async def until_there_is_a_past(self) -> None:
        async with asyncio.timeout(PAST + 30):
            while self.tape.end - self.tape.start < PAST:
                await asyncio.sleep(0.1)

    async def close(self) -> None:
        await self.player.close()
        await self._net.aclose()

    async def _until_it_plays(self) -> int:
        def plays() -> bool:
            player_state = self.player.state
            is_there = (
                player_state.state is PlayState.PLAYING
                and player_state.current.position is not None
            )
            return is_there and player_state.play_id in self.started

        async with asyncio.timeout(20):
            while not plays():
                await asyncio.sleep(0.01)
        return self.player.state.play_id

    async def _until_paused_for(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, self.paused_at + seconds - time.monotonic()))


Evening = dict[tuple[str, str], Sitting]


@pytest.fixture(scope="module")
def stations(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """Every station that a test is asked for, on the air."""
    asked = {
        item.callspec.params["kind"]
        for item in request.session.items
        if item.path == request.path and isinstance(item, pytest.Function)
    }
    with contextlib.ExitStack() as on_air:
        icecast = on_air.enter_context(Icecast())
        sources: dict[str, Any] = {
            kind: icecast.source(
                f"/{kind}", kind, sound=clock_source(over=RUSTLE) if kind == "mp3-vbr" else None
            )
            for kind in ICECAST
            if kind in asked
        }
        sources |= {f"hls-{kind}": HlsStation(kind=kind) for kind in HLS if f"hls-{kind}" in asked}
        with ThreadPoolExecutor() as pool:
            list(pool.map(on_air.enter_context, sources.values()))
        yield sources


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def evening(
    pulse: PulseAudio, stations: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Evening]:
    """A listener with each engine at each station, all paused after they heard a word."""
    engines = ENGINES[:1] if vlc_problem() else ENGINES
    sittings: Evening = {
        (kind, engine): Sitting(
            tmp_path_factory.mktemp(f"{kind}-{engine}"), pulse.ear, station.url, engine
        )
        for kind, station in stations.items()
        for engine in engines
    }
    await asyncio.gather(*(sitting.tune_in() for sitting in sittings.values()))
    await asyncio.sleep(0.5)
    for sitting in sittings.values():
        await sitting.listen_a_moment()
    yield sittings
    await asyncio.gather(*(sitting.close() for sitting in sittings.values()))
    await asyncio.to_thread(until, lambda: not pulse.players, what="the devices are let go")


@pytest_asyncio.fixture(loop_scope="module")
async def sitting(evening: Evening, kind: str, engine: str) -> AsyncIterator[Sitting]:
    """One who listens now."""
    if (kind, engine) not in evening:
        cannot(f"VLC's engine is left out: {vlc_problem()}")
    sitting = evening[kind, engine]
    yield sitting
    stopped = time.monotonic()
    sitting.player.do(Stop())
    # The next one's first sound must not be this one's last.
    await asyncio.to_thread(sitting.ear.first_silence, stopped)
    assert sitting.problems == []


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", [*ICECAST, *(f"hls-{kind}" for kind in HLS)])
async def test_every_place_of_the_tape_is_heard_where_it_is(
    sitting: Sitting, stations: dict[str, Any], kind: str, engine: str
) -> None:
    player = sitting.player
    await sitting.until_there_is_a_past()
    name_what_is_on(sitting, stations, kind, f"Nina Simone - With {engine}")

    goes_on_with = await sitting.go_on()
    # Nothing is left out and nothing is said twice.
    assert abs(apart(goes_on_with, sitting.last)) < 0.5

    landed: list[tuple[float, float]] = []
    player.do(GoLive())
    place = player.state.current.position
    begins, second = await sitting.lands()
    assert place is not None
    landed.append((place, second))
    assert player.state.current.live

    for back in (10.0, 60.0):
        left = second + (time.monotonic() - begins)
        player.do(Shift(-back))
        place = player.state.current.position
        begins, second = await sitting.lands()
        assert place is not None
        landed.append((place, second))
        assert abs(apart(second, left - back)) < 1.0

    mark = sitting.tape.next_mark(player.state.current.position + 1.0)
    assert mark is not None
    player.do(GoToMark(1))
    begins, second = await sitting.lands()
    landed.append((mark.at, second))

    broadcast = await asyncio.to_thread(Broadcast, sitting.tape)
    for place, second in landed:
        assert abs(apart(second, broadcast.second_at(place))) < 1.0
    assert broadcast.missing() == []


def name_what_is_on(sitting: Sitting, stations: dict[str, Any], kind: str, title: str) -> None:
    """As the station does where its format can, else on the tape itself."""
    if kind in TAKES_TITLES:
        stations[kind].set_title(title)
    else:
        sitting.tape.mark_title(title)
