"""Sources of sound for the engine, and the tasks that fill them."""

from __future__ import annotations

import asyncio
import logging
import math
import os
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import msgspec

from radiotui.audio.decoding import facts_of
from radiotui.audio.engine import EngineInput
from radiotui.audio.file_source import FileSource, MeteredFile
from radiotui.audio.level_meter import LevelMeter
from radiotui.audio.loudness_norm import gain_towards
from radiotui.audio.shaped_sound import SoundShape
from radiotui.config import Settings
from radiotui.net.client import Net
from radiotui.player import events
from radiotui.player.episodes import EpisodeDeps, OpenEpisode
from radiotui.player.queue import QueueItem
from radiotui.player.stream_memory import StreamMemory
from radiotui.player.taping import StreamTaper
from radiotui.problems import Problem
from radiotui.radio.tape.marks import Mark
from radiotui.radio.tape.reader import TapeReader
from radiotui.radio.tape.tape import Tape
from radiotui.radio.tuner import download as enclosure
from radiotui.radio.tuner import tuner
from radiotui.radio.tuner.download import MOST_BYTES, Download
from radiotui.stations.model import Station, Stream
from radiotui.text import shorten

log = logging.getLogger(__name__)

_STEP_DB = 0.5
_LONG_STORY = 6 * 3600.0
_CUSHION = 4.0
"""Seconds before the newest sound at which one begins on a tape that was there before."""


class _EventSink(Protocol):
    """Takes what the player is to be told, on the loop."""

    def __call__(self, event: events.Event) -> None: ...


@dataclass(slots=True)
class Source:
    """Sound that is on a tape, in a story's file, or in a file of the listener's own."""

    tuning_id: int
    tape: Tape | None = None
    station: Station | None = None
    """Station of the tape."""
    stream: Stream | None = None
    on_tape: events.SoundArrived | None = None
    """Event of its first sound."""
    own: Path | None = None
    """The engine plays it by itself, from its beginning."""
    file: Path | None = None
    """A story that no tape can hold, or a recording."""
    length: float = 0.0
    """Seconds of ``file``."""
    filling: asyncio.Task[None] | None = None
    episode: OpenEpisode | None = None
    """An episode that is heard while it comes."""
    shape: SoundShape | None = None
    """Wishes about the sound of an episode: it has its gain by itself."""
    remove: Callable[[], None] | None = None
    """Removes ``file``; blocks."""

    level_meter: LevelMeter | None = None
    """Follows the tape once there is sound on it, or the file."""
    stream_memory: StreamMemory | None = None
    _gain_db: float = 0.0

    @property
    def key(self) -> tuple[str, str]:
        """Station and stream; empty for all else."""
        station, stream = self.station, self.stream
        return (station.id, stream.id) if station and stream else ("", "")

    @property
    def start(self) -> float:
        """The oldest place that can be heard, in seconds."""
        return 0.0 if self.tape is None or self.file else self.tape.start

    @property
    def end(self) -> float:
        """The newest place, in seconds."""
        if self.episode is not None:
            return self.episode.length
        return self.length if self.tape is None or self.file else self.tape.end

    @property
    def chapters(self) -> tuple[Mark, ...]:
        """Chapters of an episode, as far as they are known."""
        return self.episode.chapters if self.episode is not None else ()

    def measure(self) -> None:
        """Sound has come: follow how loud it is."""
        if self.level_meter is not None:
            return
        if self.episode is not None:
            # What is heard is measured: to read ahead of the ear would ask for all of it.
            earlier = self.episode.loudness
            self.level_meter = LevelMeter(None, earlier=earlier, length=_LONG_STORY)
            return
        sound = MeteredFile(self.file, self.length) if self.file is not None else self.tape
        if self.station is not None and self.tape is not None:
            earlier = self.stream_memory.of(self.key).loudness if self.stream_memory else None
            self.level_meter = LevelMeter(self.tape, earlier=earlier)
        elif sound is not None:
            # A story comes faster than it is heard, and is heard from its beginning.
            self.level_meter = LevelMeter(sound, back=math.inf, length=_LONG_STORY)

    def gain_db(self) -> float:
        """Gain towards the common loudness. Changes too small to hear are left out."""
        earlier = self.stream_memory.of(self.key).loudness if self.stream_memory else None
        loudness = self.level_meter.loudness if self.level_meter else earlier
        if self.episode is not None and self.episode.is_measured:
            loudness = self.episode.loudness
        gain_db = gain_towards(loudness, is_limited=self.shape is not None)
        if abs(gain_db - self._gain_db) >= _STEP_DB:
            self._gain_db = gain_db
        return self._gain_db

    def apply(self, gain_db: float, *, skips_silence: bool) -> float:
        """Be heard so, as far as that is the source's to do; gives the gain that the engine has."""
        if self.shape is None:
            return gain_db
        self.shape.gain_db, self.shape.skips_silence = gain_db, skips_silence
        return 0.0

    def take_down(self) -> None:
        """Note the measured loudness: in the stream memory, or as a podcast's."""
        loudness = self.level_meter.loudness if self.level_meter else None
        if self.stream_memory is not None and self.level_meter is not None:
            self.stream_memory.note(self.key, loudness=loudness)
        elif self.episode is not None and loudness is not None:
            self.episode.note_loudness(loudness)

    def open_at(self, at: float | None) -> EngineInput:
        """Input of the engine from a place on."""
        if self.own is not None:
            return self.own
        if self.episode is not None:
            self.measure()
            sound = self.file if self.file is not None else self.episode.reader()
            tap = self.level_meter.tap(at or 0.0) if self.level_meter else None
            return FileSource(sound, at or 0.0, self.shape, tap)
        if self.file is not None:
            return FileSource(self.file, at or 0.0)
        assert self.tape is not None
        reader = self.tape.open_at(at)
        if self.station is not None and self.level_meter is not None:
            reader.on_pcm = self.level_meter.tap(reader.start)
        return reader

    def move_file(self, path: str) -> None:
        """Open ``file`` at another path from now on."""
        if self.file is not None:
            self.file = Path(path)

    def close(self) -> None:
        """Fill it no more, and throw away what there is; the files go on another thread."""
        self.take_down()
        if self.level_meter is not None:
            self.level_meter.close()
        if self.filling is not None:
            self.filling.cancel()
        if self.tape is not None:
            self.tape.close()
        if self.remove is not None:
            asyncio.get_running_loop().run_in_executor(None, self.remove)


class SourceFactory(msgspec.Struct, frozen=True):
    """Makes sources: every one with who fills it, and told of by ``tell``."""

    net: Net
    settings: Settings
    folder: Path
    clock: Callable[[], datetime]
    tell: _EventSink
    on_tape_problem: Callable[[Problem], None]
    """Called from any thread."""
    stream_memory: StreamMemory
    episodes: EpisodeDeps

    def of_station(self, tuning_id: int, station: Station, stream: Stream) -> Source:
        """Live radio on a tape."""
        taper = StreamTaper(
            self.net,
            self.settings,
            self.folder,
            self.clock,
            self.on_tape_problem,
            self.stream_memory,
        )
        taped = taper.tape(station, stream, lambda event: self._air(source, event))
        source = Source(tuning_id, taped.tape, station, stream, stream_memory=self.stream_memory)
        self._run(source, taped.tuner.run())
        return source

    def take_up(self, source: Source, tuning_id: int) -> None:
        """Use a source again that was only recorded, under another tuning id."""
        source.tuning_id = tuning_id
        first_sound = source.on_tape
        if first_sound is not None and source.tape is not None:
            again = events.SoundArrived(
                tuning_id, first_sound.codec, first_sound.bitrate_kbps, source.tape.end - _CUSHION
            )
            asyncio.get_running_loop().call_soon(self.tell, again)

    def of_story(self, tuning_id: int, item: QueueItem) -> Source:
        """A story's own sound, or the file of a recording."""
        if item.path:
            recording = Source(tuning_id)
            self._run(recording, self._open_file(recording, Path(item.path)))
            return recording
        if item.kept:
            return self._of_episode(tuning_id, item)
        tape = Tape(
            self.folder,
            length=math.inf,
            size=2 * MOST_BYTES,
            clock=self.clock,
            on_problem=self.on_tape_problem,
        )
        download = Download(
            self.net,
            item.url,
            tape,
            name=f"“{shorten(item.title, 40)}”" if item.title else "The story",
            # Beside the tapes, and named as they are: what a crash leaves goes with them.
            folder=self.folder / f"{os.getpid()}-story-{tuning_id}",
            clock=self.clock,
            on_event=lambda event: self._air(source, event),
        )
        source = Source(tuning_id, tape, remove=download.remove)
        self._run(source, self._download(source, download))
        return source

    def of_file(self, tuning_id: int, path: Path) -> Source:
        """A file of the listener's own."""
        asyncio.get_running_loop().call_soon(
            self.tell, events.SoundArrived(tuning_id, "file", None)
        )
        return Source(tuning_id, own=path)

    def _of_episode(self, tuning_id: int, item: QueueItem) -> Source:
        def be_whole(path: Path, length: float) -> None:
            source.file, source.length = path, length

        episode = OpenEpisode(self.episodes, tuning_id, item, be_whole, self.tell)
        source = Source(tuning_id, episode=episode, shape=SoundShape())
        self._run(source, episode.run())
        return source

    async def _download(self, source: Source, download: Download) -> None:
        await download.run()
        if download.file is not None:
            await self._open_file(source, download.file)

    async def _open_file(self, source: Source, path: Path) -> None:
        try:
            codec, length = await asyncio.to_thread(facts_of, path)
        except Problem as problem:
            self.tell(events.SourceFailed(source.tuning_id, problem))
            return
        source.file, source.length = path, length or 0.0
        source.measure()
        self.tell(events.SoundArrived(source.tuning_id, codec, None))
        self.tell(events.SourceFinished(source.tuning_id, length))

    def _air(self, source: Source, event: tuner.TunerEvent | enclosure.DownloadEvent) -> None:
        match event:
            case tuner.Arrived(codec, bitrate, begin, burst):
                source.measure()
                self.tell(events.SoundArrived(source.tuning_id, codec, bitrate, begin, burst))
            case tuner.Lost(problem, retry_at):
                self.tell(events.ConnectionLost(source.tuning_id, problem, retry_at))
            case tuner.Finished():
                self.tell(events.SourceFinished(source.tuning_id, source.end))
            case enclosure.DownloadFailed(problem):
                self.tell(events.SourceFailed(source.tuning_id, problem))

    def _run(self, source: Source, work: Coroutine[Any, Any, None]) -> None:
        source.filling = asyncio.get_running_loop().create_task(work)
        source.filling.add_done_callback(lambda task: self._ended(source, task))

    def _ended(self, source: Source, task: asyncio.Task[None]) -> None:
        if task.cancelled() or task.exception() is None:
            return
        log.error("a source is not filled any more", exc_info=task.exception())
        problem = Problem("Something unexpected went wrong", repr(task.exception())[:200])
        # What is there is heard to its end, and that is the end of it.
        if source.tape is not None:
            source.tape.finish()
        self.tell(events.SourceFailed(source.tuning_id, problem))


def place_of(source: EngineInput, at: float | None) -> float:
    """Place of the first sound of an opened source, in seconds."""
    return source.start if isinstance(source, TapeReader | FileSource) else at or 0.0
