"""The commands that work without the screen: play, now, stations.

The shapes they print with ``--json`` are promised to scripts: keys may be
added, none is renamed; times are ISO 8601 with offset, what is absent is null.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from radiotui import text
from radiotui.app.companion import Companion, Notice, Told
from radiotui.guide.model import OnAir, Programme
from radiotui.player.step import Playback, PlayState
from radiotui.problems import Problem
from radiotui.stations.model import Station, Stream

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_TRIES_BEFORE_GIVING_UP = 4
"""Failed connections, with never a sound, after which ``play`` says that it failed."""


async def play(companion: Companion, what: str, *, seconds: float | None, as_json: bool) -> int:
    """Play a station, an address or a file until its end, Ctrl-C, or ``seconds`` are over."""
    listening = _Listening(companion, as_json=as_json)
    async with opened(companion):
        if await asyncio.to_thread(Path(what).is_file):
            listening.begin(Path(what))
        elif urlsplit(what).scheme in {"http", "https"}:
            stream = Stream("url", "", (what,))
            listening.begin((Station("url", urlsplit(what).hostname or what, (stream,)), stream))
        else:
            listening.begin(companion.station_list.find(what))
        _on_interrupt(listening.done)
        try:
            async with asyncio.timeout(seconds):
                await listening.done.wait()
        except TimeoutError:
            pass
    if listening.problem is not None:
        raise listening.problem
    return 0


async def now(companion: Companion, name: str | None, *, as_json: bool) -> int:
    """What is on a stream now, and next."""
    async with opened(companion):
        station, stream = companion.station_list.find(name or await _last(companion))
        on_air = await companion.ask_on_air(station, stream)
    if as_json:
        print_json(now_shape(on_air, companion.clock()))
    else:
        _print_on_air(station, stream, on_air, companion.clock())
    if on_air.now is None and on_air.problem is not None:
        raise on_air.problem
    return 0


async def list_stations(companion: Companion, *, as_json: bool) -> int:
    """The station list, as it is used."""
    async with opened(companion):
        stations = companion.station_list.stations
    if as_json:
        print_json([_station_shape(station) for station in stations])
        return 0
    for station in stations:
        print(f"{text.fit(station.id, 16)} {text.fit(station.name, 36)} {station.city}".rstrip())
        for stream in station.streams if len(station.streams) > 1 else ():
            print(f"  {text.fit(f'{station.id}/{stream.id}', 30)} {stream.name}".rstrip())
    return 0


def check_stations(companion: Companion, *, as_json: bool) -> int:
    """Whether the station file is right; 1 when it is not."""
    station_list = companion.station_list
    if as_json:
        print_json(
            {
                "file": str(companion.stations_path),
                "stations": len(station_list.stations) - 1,
                "problems": [
                    {"title": p.title, "hint": p.hint or None} for p in station_list.problems
                ],
            }
        )
    else:
        for problem in station_list.problems:
            print(problem)
        good = f"{companion.stations_path}: {count_stations(companion)}"
        print(good if station_list.problems else f"{good}, nothing wrong")
    return 1 if station_list.problems else 0


def count_stations(companion: Companion) -> str:
    """How many stations the file gave: "1 station", "20 stations"."""
    count = len(companion.station_list.stations) - 1
    return f"{count} station" if count == 1 else f"{count} stations"


def now_shape(on_air: OnAir, at: datetime) -> dict[str, Any]:
    """The shape of ``now --json``."""
    song = (
        {"artist": on_air.song.artist or None, "title": on_air.song.title} if on_air.song else None
    )
    return {
        "station": on_air.station,
        "stream": on_air.stream,
        "now": on_air.now
        and {
            "title": on_air.now.title,
            "start": iso(on_air.now.start),
            "end": iso(on_air.now.end),
            "host": on_air.now.host,
            "song": song,
        },
        "next": on_air.next and {"title": on_air.next.title, "start": iso(on_air.next.start)},
        "source": on_air.source or None,
        "age_s": round((at - on_air.asked_at).total_seconds()) if on_air.asked_at else None,
    }


class _Listening:
    """Prints what is heard, a line a title."""

    def __init__(self, companion: Companion, *, as_json: bool) -> None:
        self.done = asyncio.Event()
        self.problem: Problem | None = None
        self._companion = companion
        self._as_json = as_json
        self._title: str | None = None
        self._problem: Problem | None = None
        self._heard = False
        self._failures = 0

    def begin(self, source: tuple[Station, Stream] | Path) -> None:
        self._companion.subscribe(self._told)
        if isinstance(source, Path):
            self._companion.play_file(source)
        else:
            self._companion.play_stream(*source)

    def _told(self, told: Told) -> None:
        if isinstance(told, Notice):
            self._say(str(told.problem))
        elif isinstance(told, Playback) and told.load and not self.done.is_set():
            self._played(told)

    def _played(self, playback: Playback) -> None:
        ends = playback.state is PlayState.STOPPED
        if playback.problem not in {None, self._problem} and not ends:
            self._say(str(playback.problem))
        if playback.off_air and playback.retry_at and not self._heard:
            self._failures += 1
        self._problem = playback.problem
        if playback.state is PlayState.PLAYING and not self._heard:
            self._heard = True
            rate = f" {playback.bitrate_kbps} kbit/s" if playback.bitrate_kbps else ""
            name = " · ".join(filter(None, (playback.station_name, playback.stream_name)))
            self._say(f"{name} · {playback.codec}{rate} · {playback.engine}")
        if playback.title and playback.title != self._title:
            self._title = playback.title
            self._print(playback)
        never_heard = not self._heard and self._failures >= _TRIES_BEFORE_GIVING_UP
        if ends or never_heard:
            self.problem = playback.problem
            self.done.set()

    def _print(self, playback: Playback) -> None:
        at = (playback.heard_at or self._companion.clock()).astimezone()
        if self._as_json:
            line = {"time": at.isoformat(timespec="seconds"), "title": playback.title}
            print(json.dumps(line, ensure_ascii=False), flush=True)
        else:
            print(f"{at:%H:%M:%S}  {playback.title}", flush=True)

    def _say(self, line: str) -> None:
        print(f"radiotui: {line}", file=sys.stderr, flush=True)


@asynccontextmanager
async def opened(companion: Companion, *, radio: bool = True) -> AsyncIterator[None]:
    """The services run within it; without ``radio`` those for what is read."""
    await companion.open(screen=False, radio=radio)
    try:
        yield
    finally:
        await companion.close()


def _on_interrupt(done: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, done.set)


async def _last(companion: Companion) -> str:
    last = await companion.recall("last")
    if last is not None:
        station_id, _, stream_id = last.partition("/")
        station = companion.station_list.station(station_id)
        if station is not None and station.stream(stream_id):
            return last
    return companion.station_list.stations[0].id


def _station_shape(station: Station) -> dict[str, Any]:
    return {
        "id": station.id,
        "name": station.name,
        "city": station.city or None,
        "group": station.group or None,
        "streams": [
            {"id": stream.id, "name": stream.name, "url": list(stream.urls)}
            for stream in station.streams
        ],
    }


def _print_on_air(station: Station, stream: Stream, on_air: OnAir, at: datetime) -> None:
    print(" · ".join(filter(None, (station.name, stream.name))))
    if on_air.now is None and on_air.next is None:
        print("  nobody publishes what is on" if on_air.problem is None else "  not known")
    for word, programme in (("now ", on_air.now), ("next", on_air.next)):
        if programme is not None:
            print(f"  {word}  {_line(programme)}")
    if on_air.song is not None:
        print("  song  " + " – ".join(filter(None, (on_air.song.artist, on_air.song.title))))
    if on_air.asked_at is not None and (at - on_air.asked_at).total_seconds() > 60:
        print(f"  as of {text.age(at - on_air.asked_at)} ago: {on_air.problem or ''}")


def _line(programme: Programme) -> str:
    times = "–".join(
        f"{time.astimezone():%H:%M}" for time in (programme.start, programme.end) if time
    )
    host = f" with {programme.host}" if programme.host else ""
    return f"{times + '  ' if times else ''}{programme.title}{host}"


def iso(time: datetime | None) -> str | None:
    """A time as scripts are given it."""
    return time.astimezone().isoformat(timespec="seconds") if time else None


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    print(json.dumps(value, ensure_ascii=False, indent=2))
