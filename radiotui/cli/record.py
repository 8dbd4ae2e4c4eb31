"""The command that records: a tuner, a tape and a file, and nothing that makes sound.

The files' paths go to stdout, all else to stderr. The shape of ``--json``:
[{path, station, stream, title, start, seconds, incomplete}].
"""

from __future__ import annotations

import asyncio
import signal
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from msgspec.structs import replace

from radiotui.app.companion import Companion
from radiotui.app.shapes import recording_shape
from radiotui.cli.notes import Notes, opened
from radiotui.cli.output import DONE, print_json, print_note, print_result, write_note
from radiotui.cli.sources import file_of, find_station
from radiotui.net.urls import host_of, is_web
from radiotui.problems import Problem
from radiotui.stations.model import Station, Stream
from radiotui.text import clean, clock_duration, time_of_day

if TYPE_CHECKING:
    from radiotui.guide.model import OnAir
    from radiotui.marks.model import ProgrammeMark
    from radiotui.radio.events import TunerEvent
    from radiotui.radio.tape.tape import Tape
    from radiotui.recording.service import KeptFile, RecordingService, RecordingTags

_T = TypeVar("_T")

_EARLY = 15.0
"""Seconds before the time that the connection is made, so that its beginning is on the tape."""
_LATE = 10.0
"""Seconds after the time is over that are waited for its last sound."""
_TAPE = 600.0
"""Length of the tape in seconds: a recording reads it while it is new."""
_LOOK = 0.25
_LONGEST_NAP = 30.0
"""A computer that slept in between must not sleep through the programme."""
_LONGEST_ANSWER = 5.0
"""Seconds that are waited for the schedule and the station's picture."""
_TRIES_BEFORE_GIVING_UP = 4


class RecordOptions(msgspec.Struct, frozen=True):
    """The command line's options."""

    station: str
    """An id, id/stream, or an address."""
    seconds: float | None = None
    """None: until Ctrl-C."""
    at: time | None = None
    """The next such local time; None: now."""
    programme: str = ""
    """The broadcast of this name that is on or comes next, cut at its times."""
    mark: int | None = None
    """The programme mark that it is recorded for."""
    folder: Path | None = None
    """Instead of the folder for recordings; the station's own is made within."""
    as_json: bool = False


async def record(companion: Companion, options: RecordOptions) -> int:
    """Record a station for some time, from now or from a time on; Ctrl-C ends it and keeps it."""
    interrupted = asyncio.Event()
    async with opened(companion) as notes:
        station, stream = _find(companion, options.station)
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, interrupted.set)
        span = await _span(companion, options, station, stream, interrupted)
        if span is None or interrupted.is_set():
            return DONE
        run = _RecordRun(companion, options, station, stream, span, interrupted, notes)
        files = await run.run()
        lost = run.lost_part()
        if span.mark is not None:
            await companion.marks.settle(span.mark, lost or ("" if files else "nothing was heard"))
        if options.as_json:
            print_json([recording_shape(file, run.tags) for file in files])
        else:
            for file in files:
                print_result(str(file.path))
        if run.problem is not None:
            raise run.problem
        if lost and not interrupted.is_set():
            raise Problem(f"{station.name}: {lost}", "the station was silent, or ended")
    return DONE


async def _span(
    companion: Companion,
    options: RecordOptions,
    station: Station,
    stream: Stream,
    interrupted: asyncio.Event,
) -> RecordSpan | None:
    """The span to be recorded, once it is about to begin; None: it is recorded elsewhere."""
    if options.programme:
        from radiotui.cli.record_programme import programme_span

        span = await programme_span(companion, options, station, stream, interrupted)
        if span is None:
            return None
    else:
        begin = next_time(options.at, companion.clock()) if options.at else None
        span = RecordSpan(begin, options.seconds)
    if span.begin is not None:
        wait = clock_duration((span.begin - companion.clock()).total_seconds())
        what = f"{station.name}: {span.title}" if span.title else station.name
        clock = time_of_day(span.begin.astimezone())
        print_note(f"{what} is recorded at {clock}, in {wait}")
        await until(companion, span.begin - timedelta(seconds=_EARLY), interrupted)
    if span.mark is not None and not await companion.marks.take(span.mark):
        print_note(f"{span.title} is recorded by the radiotui that runs already")
        return None
    return span


def next_time(at: time, now: datetime) -> datetime:
    """The next moment at which clocks here show ``at``."""
    from radiotui.guide.wall_clock import to_utc

    today = now.astimezone().date()
    walls = (datetime.combine(today + timedelta(days=ahead), at) for ahead in range(3))
    moments = (to_utc(wall, None).astimezone() for wall in walls)
    return next(moment for moment in moments if moment > now)


class RecordSpan(msgspec.Struct, frozen=True):
    """A span of a stream that is to be recorded."""

    begin: datetime | None
    """None: now."""
    seconds: float | None
    """None: until Ctrl-C."""
    title: str = ""
    """Of the programme; empty: as the schedule says."""
    mark: ProgrammeMark | None = None


@dataclass
class _RecordRun:
    """One recording, from the first connection to the file."""

    companion: Companion
    options: RecordOptions
    station: Station
    stream: Stream
    span: RecordSpan
    interrupted: asyncio.Event
    notes: Notes
    problem: Problem | None = None
    tags: RecordingTags | None = None
    _files: list[KeptFile] = field(default_factory=list)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _has_arrived: bool = False
    _failures: int = 0
    _lost: Problem | None = None
    _printed_to: float = -1.0
    """Place of the last title that was printed, in seconds."""

    def __post_init__(self) -> None:
        self._started_at = self.companion.clock()

    async def run(self) -> list[KeptFile]:
        """Tune and record; the files."""
        from radiotui.recording.service import RecordingService

        taped = await self.companion.recordings.tape_stream(
            self.station, self.stream, self._on_event, self.notes.print, length=_TAPE
        )
        service = RecordingService(
            self.options.folder or self.companion.recordings_path,
            on_recordings=lambda _recordings: None,
            on_kept=self._on_kept,
            on_problem=self._on_problem,
        )
        service.recover()
        tuning = asyncio.ensure_future(taped.tuner.run())
        tuning.add_done_callback(lambda _: self._changed.set())
        try:
            await self._record(taped.tape, service, tuning)
        finally:
            # A short recording ends between two judgements; the next one knows of it.
            await taped.tuner.judge_titles()
            tuning.cancel()
            await service.finished()
            await service.close()
            taped.tape.close()
            await asyncio.wait([tuning])
        return self._files

    def lost_part(self) -> str:
        """Missing part of the recording, in words; empty where it is as long as it should be."""
        from radiotui.marks.times import lost_part

        whole = self.span.seconds or 0.0
        return lost_part(sum(file.seconds for file in self._files), whole)

    async def _record(
        self, tape: Tape, service: RecordingService, tuning: asyncio.Future[None]
    ) -> None:
        on_air = asyncio.ensure_future(self.companion.ask_on_air(self.station, self.stream))
        picture = asyncio.ensure_future(self.companion.recordings.station_picture(self.station))
        answers: list[asyncio.Future[Any]] = [on_air, picture]
        for answer in answers:
            answer.add_done_callback(lambda task: task.cancelled() or task.exception())
        try:
            if not await self._sound(tuning):
                self.problem = self._lost or Problem(
                    f"{self.station.name}: nothing was heard", "the station may be down"
                )
                return
            await asyncio.wait(answers, timeout=_LONGEST_ANSWER)
            place = tape.start
            if self.span.begin is not None:
                place = max(place, tape.at_wall(self.span.begin))
            self.tags = self._tags(tape, place, _answer(on_air), _answer(picture))
        finally:
            for answer in answers:
                answer.cancel()
        end = None if self.span.seconds is None else place + self.span.seconds
        number = service.record(tape, place, self.tags, until=end)
        await self._follow(tape, service)
        service.stop(number)

    async def _sound(self, tuning: asyncio.Future[None]) -> bool:
        """Wait for the first sound; False when there is none to wait for any longer."""
        while not self._has_arrived:
            gives_up = self.span.begin is None and self._failures >= _TRIES_BEFORE_GIVING_UP
            if gives_up or self.interrupted.is_set() or self._is_over(0.0):
                return False
            if tuning.done():
                tuning.result()
                return False
            await self._look()
        return True

    async def _follow(self, tape: Tape, service: RecordingService) -> None:
        while service.recordings and not self.interrupted.is_set():
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
        if self.span.seconds is None:
            return False
        began = self.span.begin or (self.tags.began if self.tags else self._started_at)
        return self.companion.clock() > began + timedelta(seconds=self.span.seconds + slack)

    def _tags(
        self, tape: Tape, place: float, on_air: OnAir | None, picture: bytes | None
    ) -> RecordingTags:
        from radiotui.recording.selection import Selection
        from radiotui.recording.service import tags_of

        began = self.span.begin or tape.wall_at(place)
        # Connected a moment too early, the next programme is the one that is recorded.
        soon = began + timedelta(seconds=2 * _EARLY)
        name = self.span.title
        for programme in (on_air.now, on_air.next) if on_air else ():
            if self.span.title or programme is None:
                continue
            if programme.start is None or programme.start <= soon:
                name = programme.title
        selection = Selection(place, None, programme=name)
        tags = tags_of(selection, tape, self.station, self.stream, picture=picture)
        return replace(tags, began=began)

    def _on_event(self, event: TunerEvent) -> None:
        from radiotui.radio.events import Arrived, Lost

        if isinstance(event, Arrived):
            rate = f" {event.bitrate_kbps} kbit/s" if event.bitrate_kbps else ""
            name = " · ".join(filter(None, (self.station.name, self.stream.name)))
            print_note(f"{name} · {event.codec}{rate}")
            self._has_arrived, self._lost = True, None
        elif isinstance(event, Lost):
            self._failures += 1
            if event.problem != self._lost:
                self.notes.print(event.problem)
            self._lost = event.problem
        self._changed.set()

    def _on_kept(self, file: KeptFile) -> None:
        if file.number:
            self._files.append(file)
        else:
            print_note(f"an earlier recording was finished: {file.path}")
        self._changed.set()

    def _on_problem(self, problem: Problem) -> None:
        self.problem = problem
        self._changed.set()

    def _print_titles(self, tape: Tape) -> None:
        for mark in tape.marks:
            if mark.kind != "title" or mark.at <= self._printed_to:
                continue
            self._printed_to = mark.at
            if mark.text:
                clock = time_of_day(mark.wall.astimezone(), seconds=True, align=True)
                write_note(f"{clock}  {mark.text}\n")


def _find(companion: Companion, name: str) -> tuple[Station, Stream]:
    if is_web(name):
        stream = Stream("url", "", (name,))
        return Station("url", host_of(name), (stream,)), stream
    if file_of(name) is not None:
        title = f"{clean(name, 200)} is a file"
        raise Problem(title, "a station is recorded, or an address: http://… or https://…")
    return find_station(companion.station_list, name)


async def until(companion: Companion, moment: datetime, interrupted: asyncio.Event) -> None:
    """Wait for a moment of the clock, or for an interrupt."""
    while (ahead := (moment - companion.clock()).total_seconds()) > 0:
        try:
            async with asyncio.timeout(min(ahead, _LONGEST_NAP)):
                await interrupted.wait()
        except TimeoutError:
            continue
        return


def _answer(task: asyncio.Future[_T]) -> _T | None:
    if not task.done() or task.cancelled() or task.exception() is not None:
        return None
    return task.result()
