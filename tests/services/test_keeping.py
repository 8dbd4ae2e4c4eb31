"""Keeping what a real stream on loopback sends: songs, cuts, recordings, and quitting meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import mutagen
import pytest

from radiotui.net.client import Net
from radiotui.problems import Problem
from radiotui.radio.tape.tape import Tape
from radiotui.radio.tuner.tuner import Tuner
from radiotui.recording import part_file, recorder
from radiotui.recording import selection as cuts
from radiotui.recording.service import KeptFile, Recording, RecordingService, tags_of
from radiotui.recording.tags import RecordingTags
from radiotui.stations.model import Station, Stream
from tests.kept import body_of, clock_at, complaints, packets, pcm
from tests.servers import Connection, Server

AT = datetime(2026, 11, 23, 15, 4, tzinfo=UTC)
SECOND = 16_000
"""Bytes of a second at 128 kbit/s."""
SOUND = body_of("mp3", 30.0)


class OnAir:
    """A station that sends what a test tells it to, and a tuner with a tape."""

    def __init__(self, folder: Path) -> None:
        self.server = Server()
        self.server.routes["/live"] = self._send
        self.folder = folder / "kept"
        self.tape = Tape(folder / "tape")
        self.net = Net()
        self.told: list[tuple[Recording, ...]] = []
        self.kept: list[KeptFile] = []
        self.problems: list[Problem] = []
        self._connection: Connection | None = None
        self.station = Station("knau", "KNAU", (Stream("live", "Live", (self.url,)),))
        self.keeping = self.new_keeping()
        tuner = Tuner(
            self.net, (self.url,), self.tape, name="KNAU", on_event=lambda event: None
        )  # fmt: skip
        self.tuning = asyncio.create_task(tuner.run())

    def new_keeping(self) -> RecordingService:
        return RecordingService(
            self.folder,
            on_recordings=self.told.append,
            on_kept=self.kept.append,
            on_problem=self.problems.append,
        )

    @property
    def url(self) -> str:
        return self.server.url("/live")

    def _send(self, connection: Connection) -> None:
        connection.live(icy_metaint=str(SECOND))
        self._connection = connection
        connection.hang()

    async def send(self, second: int, title: str | None = None) -> None:
        """A second of the broadcast, and the title that is said after it."""
        await self.until(lambda: self._connection is not None)
        meta = b""
        if title is not None:
            meta = f"StreamTitle='{title}';".encode()
            meta = meta.ljust(-(-len(meta) // 16) * 16, b"\0")
        sound = SOUND[second * SECOND : (second + 1) * SECOND]
        assert self._connection is not None
        self._connection.send(sound + bytes([len(meta) // 16]) + meta)

    async def until(self, happened: Callable[[], Any], seconds: float = 15.0) -> Any:
        async with asyncio.timeout(seconds):
            while not (value := happened()):
                await asyncio.sleep(0.01)
        return value

    async def broadcast(self, seconds: range, titles: dict[int, str]) -> None:
        for second in seconds:
            await self.send(second, titles.get(second))
        await self.until(lambda: self.tape.end > seconds.stop - 0.2)

    def about(self, cut: cuts.Selection) -> RecordingTags:
        return tags_of(cut, self.tape, self.station, self.station.streams[0])

    async def close(self) -> None:
        await self.keeping.close()
        self.tuning.cancel()
        await asyncio.wait([self.tuning])
        self.tape.close()
        await self.net.aclose()
        await asyncio.to_thread(self.server.close)


@pytest.fixture
async def air(tmp_path: Path) -> AsyncIterator[OnAir]:
    air = OnAir(tmp_path)
    yield air
    await air.close()


TITLES = {0: "Nina Simone - Sinnerman", 4: "Miles Davis - So What", 9: "Bill Evans - Peace Piece"}


async def test_the_song_that_was_heard_is_kept_between_its_titles(air: OnAir):
    await air.broadcast(range(12), TITLES)
    cut = cuts.song(cuts.TapeWindow.of(air.tape), 11.0)
    assert cut.title == "So What"
    air.keeping.keep(air.tape, cut.begin, cut.end, air.about(cut))
    kept = await air.until(lambda: air.kept)
    path = kept[0].path
    assert path.parent == air.folder / "KNAU"
    assert path.name.endswith("Miles Davis - So What.mp3")
    assert (kept[0].title, kept[0].incomplete) == ("Miles Davis - So What", False)
    assert complaints(path) == ""
    marks = [mark.at for mark in air.tape.marks if mark.kind == "title"]
    whole = pcm(SOUND)
    heard = pcm(path)
    # FFmpeg leaves out what an encoder put before the first sound; the tape has it.
    ahead = 1105 / 44100
    assert abs(clock_at(heard, 0.0) - clock_at(whole, marks[1] - ahead)) < 0.1
    assert abs(kept[0].seconds - (marks[2] - marks[1])) < 0.05
    mine, sent = packets(path), packets(SOUND)
    first = sent.index(mine[0])
    assert sent[first : first + len(mine)] == mine
    tags = mutagen.File(path, easy=True)
    assert (tags["artist"], tags["title"]) == (["Miles Davis"], ["So What"])
    await air.until(lambda: air.told[-1] == ())


async def test_a_song_that_is_not_over_is_kept_when_it_is(air: OnAir):
    await air.broadcast(range(3), {0: "Nina Simone - Sinnerman"})
    cut = cuts.song(cuts.TapeWindow.of(air.tape), 2.5)
    assert (cut.end, cut.note) == (None, "kept when it ends")
    air.keeping.keep(air.tape, cut.begin, cut.end, air.about(cut))
    assert [recording.kind for recording in air.keeping.recordings] == ["song"]
    await air.broadcast(range(3, 7), {5: "Miles Davis - So What"})
    kept = await air.until(lambda: air.kept)
    marks = [mark.at for mark in air.tape.marks if mark.kind == "title"]
    assert kept[0].seconds == pytest.approx(marks[1] - marks[0], abs=0.05)
    assert not kept[0].incomplete


async def test_a_song_that_is_left_before_its_end_is_kept_as_far_as_it_came(air: OnAir):
    await air.broadcast(range(3), {0: "Nina Simone - Sinnerman"})
    air.keeping.keep(air.tape, 0.0, None, RecordingTags("KNAU", AT, title="Sinnerman"))
    air.tape.close()
    kept = await air.until(lambda: air.kept)
    assert kept[0].incomplete
    assert kept[0].seconds == pytest.approx(air.tape.end, abs=0.1)


async def test_a_recording_goes_on_until_it_is_stopped(air: OnAir):
    await air.broadcast(range(3), {})
    number = air.keeping.record(
        air.tape, 1.0, RecordingTags("KNAU", AT, station="knau", stream="live")
    )
    await air.broadcast(range(3, 6), {})
    grown = await air.until(
        lambda: [one for all_ in air.told for one in all_ if one.seconds > 3 and one.bytes]
    )
    assert (grown[0].number, grown[0].station, grown[0].stream) == (number, "knau", "live")
    assert (grown[0].station_name, grown[0].name, grown[0].began) == ("KNAU", "KNAU", AT)
    assert grown[0].path is not None
    assert grown[0].path.name.startswith(".")
    end = air.tape.end
    air.keeping.stop(number)
    kept = await air.until(lambda: air.kept)
    assert (kept[0].number, kept[0].incomplete) == (number, False)
    assert kept[0].seconds == pytest.approx(end - 1.0, abs=0.1)
    assert not grown[0].path.exists()


async def test_how_far_it_is_is_told_once_a_second_at_most(air: OnAir):
    air.keeping.record(air.tape, 0.0, RecordingTags("KNAU", AT))
    begin = time.monotonic()
    for second in range(12):
        await air.send(second)
        await asyncio.sleep(0.1)
    took = time.monotonic() - begin
    assert 1 <= len(air.told) <= took + 2


async def test_quitting_leaves_a_recording_that_is_whole(air: OnAir):
    await air.broadcast(range(5), {})
    air.keeping.record(air.tape, 1.0, RecordingTags("KNAU", AT, title="Sinnerman"))
    await air.keeping.close()
    kept = [path for path in air.folder.rglob("*") if path.is_file()]
    if kept[0].name.startswith("."):  # this machine was too slow for a quarter of a second
        await air.until(lambda: air.kept)
        kept = [air.kept[0].path]
    assert complaints(kept[0]) == ""
    assert len(packets(kept[0])) > 100


async def test_quitting_does_not_wait_for_a_slow_disk(air: OnAir, monkeypatch: pytest.MonkeyPatch):
    await air.broadcast(range(5), {})
    hangs = asyncio.Event()
    loop = asyncio.get_running_loop()
    goes_on: list[bool] = []

    def slow(part: object) -> None:
        loop.call_soon_threadsafe(hangs.set)
        while not goes_on:
            time.sleep(0.01)

    monkeypatch.setattr(part_file.PartFile, "sync", slow)
    number = air.keeping.record(air.tape, 1.0, RecordingTags("KNAU", AT, title="Sinnerman"))
    air.keeping.stop(number)
    await hangs.wait()
    async with asyncio.timeout(30):
        await air.keeping.close()
    assert not air.kept
    # What is left behind is whole, and hidden until somebody finishes it.
    part = next(path for path in air.folder.rglob(".*.part"))
    assert len(packets(part.rename(part.with_name("seen.mp3")))) > 100
    goes_on.append(True)
    await air.until(lambda: not air.keeping.recordings)


async def test_what_was_left_behind_is_finished_at_the_next_start(air: OnAir):
    await air.broadcast(range(5), {})
    left = recorder.Recorder(
        air.tape.excerpt(1.0), air.folder / "KNAU", RecordingTags("KNAU", AT, title="Sinnerman")
    )
    while left.write():
        pass
    living = recorder.Recorder(
        air.tape.excerpt(1.0), air.folder / "KNAU", RecordingTags("KNAU", AT)
    )
    while living.write():
        pass
    left.leave()
    air.keeping.recover()
    kept = await air.until(lambda: air.kept)
    assert kept[0].incomplete
    assert kept[0].path.name.endswith("Sinnerman (interrupted).mp3")
    assert complaints(kept[0].path) == ""
    assert living.path is not None
    assert living.path.exists()
    living.finish()


async def test_nothing_to_keep_is_said(air: OnAir):
    await air.broadcast(range(2), {})
    air.keeping.keep(air.tape, 1.0, 1.0, RecordingTags("KNAU", AT, title="Sinnerman"))
    problem = (await air.until(lambda: air.problems))[0]
    assert problem.title == "“Sinnerman”: there was no sound to keep"
    assert not air.kept


async def test_a_folder_that_takes_nothing_is_said(air: OnAir):
    await air.broadcast(range(2), {})
    air.folder.write_text("a file")
    air.keeping.keep(air.tape, 0.0, 1.0, RecordingTags("KNAU", AT, title="Sinnerman"))
    problem = (await air.until(lambda: air.problems))[0]
    assert "cannot be recorded" in problem.title
    assert air.keeping.recordings == ()
