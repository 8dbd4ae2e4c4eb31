"""The command that records: a tuner, a tape and a file, and nothing that makes sound.

Where the files are goes to stdout, all else to stderr. The shape of ``--json``:
[{path, station, stream, title, start, seconds, incomplete}].
"""

from __future__ import annotations

import asyncio
import signal
import sys
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from radiotui.app.companion import Companion
from radiotui.cli.play import iso, opened, print_json
from radiotui.problems import Problem
from radiotui.stations.model import Station, Stream
from radiotui.text import clock_duration

if TYPE_CHECKING:
    from radiotui.guide.model import OnAir
    from radiotui.radio.events import TunerEvent
    from radiotui.radio.tape.tape import Tape
    from radiotui.recording.service import KeptFile, RecordingService, RecordingTags

_EARLY = 15.0
"""Seconds before the time that the connection is made, so that its beginning is on the tape."""
_LATE = 10.0
"""Seconds after the time is over that are waited for its last sound."""
_TAPE = 600.0
"""Seconds: what is recorded is read while it is new."""
_LOOK = 0.25
_LONGEST_NAP = 30.0
"""A computer that slept in between must not sleep through the programme."""
_GUIDE = 5.0
_TRIES_BEFORE_GIVING_UP = 4


@dataclass(frozen=True, slots=True)
class RecordOptions:
    """What the command line asked for."""

    station: str
    """An id, id/stream, or an address."""
    seconds: float | None = None
    """None: until Ctrl-C."""
    at: time | None = None
    """The next such local time; None: now."""
    folder: Path | None = None
    """Instead of the folder for recordings; the station's own is made within."""
    as_json: bool = False


async def record(companion: Companion, wish: RecordOptions) -> int:
    """Record a station for some time, from now or from a time on; Ctrl-C ends it and keeps it."""
    interrupted = asyncio.Event()
    async with opened(companion):
        station, stream = _find(companion, wish.station)
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, interrupted.set)
        begin = next_time(wish.at, companion.clock()) if wish.at else None
        if begin is not None:
            wait = clock_duration((begin - companion.clock()).total_seconds())
            _say(f"{station.name} is recorded at {begin:%H:%M}, in {wait}")
            await _until(companion, begin - timedelta(seconds=_EARLY), interrupted)
        if interrupted.is_set():
            return 0
        recording = _RecordRun(companion, wish, station, stream, begin, interrupted)
        kept = await recording.run()
    if wish.as_json:
        print_json([_shape(one, recording.about) for one in kept])
    else:
        for one in kept:
            print(one.path)
    if recording.problem is not None:
        raise recording.problem
    return 0


def next_time(at: time, now: datetime) -> datetime:
    """The next moment at which clocks here show ``at``."""
    today = now.astimezone().date()
    days = (datetime.combine(today + timedelta(days=more), at).astimezone() for more in range(3))
    return next(day for day in days if day > now)


@dataclass
class _RecordRun:
    """One recording, from the first connection to the file."""

    companion: Companion
    wish: RecordOptions
    station: Station
    stream: Stream
    begin: datetime | None
    interrupted: asyncio.Event
    problem: Problem | None = None
    about: RecordingTags | None = None
    _kept: list[KeptFile] = field(default_factory=list)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _arrived: bool = False
    _failures: int = 0
    _lost: Problem | None = None
    _named: float = -1.0
    """Where on the tape the last title stands that was printed, in seconds."""

    def __post_init__(self) -> None:
        self._asked_at = self.companion.clock()

    async def run(self) -> list[KeptFile]:
        """Tune, record, and give what was kept."""
        from radiotui.net.client import Net
        from radiotui.radio.tape.tape import Tape
        from radiotui.radio.tuner.tuner import Tuner
        from radiotui.recording.service import RecordingService

        companion = self.companion
        net = Net()
        tape = Tape(
            companion.options.folders.cache / "tapes",
            length=_TAPE,
            clock=companion.clock,
            on_problem=_tell,
        )
        keeping = RecordingService(
            self.wish.folder or _recordings(companion),
            on_recordings=lambda _recordings: None,
            on_kept=self._on_kept,
            on_problem=self._on_problem,
        )
        keeping.recover()
        tuner = Tuner(
            net,
            self.stream.urls,
            tape,
            name=self.station.name,
            encoding=self.stream.encoding,
            clock=companion.clock,
            on_event=self._on_air,
        )
        tuning = asyncio.ensure_future(tuner.run())
        tuning.add_done_callback(lambda _: self._changed.set())
        try:
            await self._record(tape, keeping, tuning)
        finally:
            tuning.cancel()
            await keeping.finished()
            await keeping.close()
            tape.close()
            await asyncio.wait([tuning])
            await net.aclose()
        return self._kept

    async def _record(
        self, tape: Tape, keeping: RecordingService, tuning: asyncio.Future[None]
    ) -> None:
        asked = asyncio.ensure_future(self.companion.ask_on_air(self.station, self.stream))
        asked.add_done_callback(lambda task: task.cancelled() or task.exception())
        if not await self._sound(tuning):
            asked.cancel()
            self.problem = self._lost or Problem(
                f"{self.station.name}: nothing was heard", "the station may be down"
            )
            return
        await asyncio.wait([asked], timeout=_GUIDE)
        place = tape.start
        if self.begin is not None:
            place = max(place, tape.at_wall(self.begin))
        self.about = self._about(tape, place, _answer(asked))
        asked.cancel()
        until = None if self.wish.seconds is None else place + self.wish.seconds
        number = keeping.record(tape, place, self.about, until=until)
        await self._follow(tape, keeping)
        keeping.stop(number)

    async def _sound(self, tuning: asyncio.Future[None]) -> bool:
        """Wait for the first sound; False when there is none to wait for any longer."""
        while not self._arrived:
            gives_up = self.begin is None and self._failures >= _TRIES_BEFORE_GIVING_UP
            if gives_up or self.interrupted.is_set() or self._is_over(0.0):
                return False
            if tuning.done():
                tuning.result()
                return False
            await self._look()
        return True

    async def _follow(self, tape: Tape, keeping: RecordingService) -> None:
        while keeping.recordings and not self.interrupted.is_set():
            self._print_titles(tape)
            if self._is_over(_LATE):
                return
            await self._look()
        self._print_titles(tape)

    async def _look(self) -> None:
        self._changed.clear()
        try:
            async with asyncio.timeout(_LOOK):
                await self._changed.wait()
        except TimeoutError:
            pass

    def _is_over(self, slack: float) -> bool:
        """By the clock on the wall: a station that is gone sends no last sound."""
        if self.wish.seconds is None:
            return False
        began = self.begin or (self.about.began if self.about else self._asked_at)
        return self.companion.clock() > began + timedelta(seconds=self.wish.seconds + slack)

    def _about(self, tape: Tape, place: float, on_air: OnAir | None) -> RecordingTags:
        from radiotui.recording.selection import Selection
        from radiotui.recording.service import about

        began = self.begin or tape.wall_at(place)
        # Connected a moment too early, the next programme is the one that is recorded.
        soon = began + timedelta(seconds=2 * _EARLY)
        name = ""
        for programme in (on_air.now, on_air.next) if on_air else ():
            if programme is not None and (programme.start is None or programme.start <= soon):
                name = programme.title
        cut = Selection(place, None, programme=name)
        return replace(about(cut, tape, self.station, self.stream), began=began)

    def _on_air(self, event: TunerEvent) -> None:
        from radiotui.radio.events import Arrived, Lost

        if isinstance(event, Arrived):
            rate = f" {event.bitrate_kbps} kbit/s" if event.bitrate_kbps else ""
            name = " · ".join(filter(None, (self.station.name, self.stream.name)))
            _say(f"{name} · {event.codec}{rate}")
            self._arrived, self._lost = True, None
        elif isinstance(event, Lost):
            self._failures += 1
            if event.problem != self._lost:
                _tell(event.problem)
            self._lost = event.problem
        self._changed.set()

    def _on_kept(self, kept: KeptFile) -> None:
        if kept.number:
            self._kept.append(kept)
        else:
            _say(f"an earlier recording was finished: {kept.path}")
        self._changed.set()

    def _on_problem(self, problem: Problem) -> None:
        self.problem = problem
        self._changed.set()

    def _print_titles(self, tape: Tape) -> None:
        for mark in tape.marks:
            if mark.kind != "title" or mark.at <= self._named:
                continue
            self._named = mark.at
            if mark.text:
                print(
                    f"{mark.wall.astimezone():%H:%M:%S}  {mark.text}", file=sys.stderr, flush=True
                )


def _find(companion: Companion, name: str) -> tuple[Station, Stream]:
    if urlsplit(name).scheme in {"http", "https"}:
        stream = Stream("url", "", (name,))
        return Station("url", urlsplit(name).hostname or name, (stream,)), stream
    station, stream = companion.station_list.find(name)
    if not stream.urls:
        raise Problem(f"{station.name} has no address just now", "it is not served here")
    return station, stream


def _recordings(companion: Companion) -> Path:
    wanted = companion.settings.recordings
    return Path(wanted) if wanted else companion.options.folders.recordings


async def _until(companion: Companion, moment: datetime, interrupted: asyncio.Event) -> None:
    while (left := (moment - companion.clock()).total_seconds()) > 0:
        try:
            async with asyncio.timeout(min(left, _LONGEST_NAP)):
                await interrupted.wait()
        except TimeoutError:
            continue
        return


def _answer(asked: asyncio.Future[OnAir]) -> OnAir | None:
    if not asked.done() or asked.cancelled() or asked.exception() is not None:
        return None
    return asked.result()


def _shape(kept: KeptFile, about: RecordingTags | None) -> dict[str, Any]:
    return {
        "path": str(kept.path),
        "station": about.station if about else None,
        "stream": about.stream if about else None,
        "title": kept.title,
        "start": iso(about.began) if about else None,
        "seconds": round(kept.seconds, 3),
        "incomplete": kept.incomplete,
    }


def _tell(problem: Problem) -> None:
    _say(str(problem))


def _say(line: str) -> None:
    print(f"radiotui: {line}", file=sys.stderr, flush=True)
