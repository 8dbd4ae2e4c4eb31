"""Recordings of the tape: songs, minutes and programmes as files, written while one listens.

Every recording has a thread of its own, so that a slow disk holds up nobody.
Callbacks are called on the loop.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Literal

from msgspec.structs import replace

from radiotui.problems import Problem
from radiotui.radio.tape.excerpt import Excerpt
from radiotui.radio.tape.tape import Tape
from radiotui.recording.model import Recording
from radiotui.recording.recorder import KeptFile, Recorder, finish_left_behind, station_folder
from radiotui.recording.selection import LONGEST_SONG, Selection
from radiotui.recording.tags import RecordingTags
from radiotui.stations.model import Station, Stream
from radiotui.text import clock_duration

__all__ = ["KeptFile", "Recording", "RecordingService", "RecordingTags", "tags_of"]

log = logging.getLogger(__name__)

Kind = Literal["recording", "song", "cut"]

_LOOK = 0.25
"""Seconds between two looks at a tape that goes on."""
_SNAPSHOT_EVERY = 1.0
"""Seconds between two snapshots of the recordings, at least."""
_CLOSE = 0.25
_DROPS_SOON = 60.0
"""Seconds of tape that are recorded without having been heard: the next to be dropped."""
_TITLE_LATE = 3.0
"""Seconds that a title may come after its sound, as the first of a connection does."""


@dataclass(slots=True)
class _Job:
    """A recording and its thread."""

    recording: Recording
    tape: Tape
    excerpt: Excerpt
    tags: RecordingTags
    done: asyncio.Future[None]
    stopped: threading.Event = field(default_factory=threading.Event)
    by_ear: bool = False
    """It is recorded no further than it is heard."""
    is_short: bool = False
    """A song that was not waited for to its end."""


class RecordingService:
    """Records tapes into files. Made and called on the loop; no call waits.

    ``folder`` holds the stations' folders. ``on_recordings`` is called with all
    recordings under way, at most once a second and whenever one begins or ends;
    ``on_kept`` with every file that is in its place.
    """

    def __init__(
        self,
        folder: Path,
        *,
        on_recordings: Callable[[tuple[Recording, ...]], None],
        on_kept: Callable[[KeptFile], None],
        on_problem: Callable[[Problem], None],
    ) -> None:
        self._folder = folder
        self._on_recordings = on_recordings
        self._on_kept = on_kept
        self._on_problem = on_problem
        self._loop = asyncio.get_running_loop()
        self._numbers = count(1)
        self._jobs: dict[int, _Job] = {}
        self._snapshot_timer: asyncio.TimerHandle | None = None
        self._snapshot_at = -_SNAPSHOT_EVERY
        self._closed = False

    @property
    def recordings(self) -> tuple[Recording, ...]:
        """Recordings under way, the oldest first."""
        return tuple(job.recording for job in self._jobs.values())

    def in_use(self, tape: Tape) -> bool:
        """More of a tape is waited for."""
        return any(
            job.tape is tape
            and not job.stopped.is_set()
            and (job.excerpt.end is None or job.excerpt.end > tape.end)
            for job in self._jobs.values()
        )

    def keep(self, tape: Tape, begin: float, end: float | None, tags: RecordingTags) -> int:
        """Keep the sound between two places, in seconds; the recording's number.

        ``end`` None is the next title after ``begin``, waited for as long as a
        song may be. Sound that the tape has dropped meanwhile is left out.
        """
        kind: Kind = "cut"
        if end is None:
            end = _next_title(tape, begin)
            kind = "song" if end is None else "cut"
        return self._begin(tape, begin, end, tags, kind)

    def record(
        self,
        tape: Tape,
        at: float,
        tags: RecordingTags,
        *,
        until: float | None = None,
        by_ear: bool = False,
    ) -> int:
        """Record from a place on until :meth:`stop` or ``until``; the recording's number.

        It goes on with the tape, or ``by_ear`` as far as :meth:`heard` says.
        """
        return self._begin(tape, at, until, tags, "recording", by_ear=by_ear)

    def heard(self, tape: Tape | None, at: float) -> None:
        """Note the place of the ear: recordings by ear go no further.

        A tape that nobody listens to any more, or that is about to drop what was
        not heard yet, is recorded on.
        """
        for job in self._jobs.values():
            if not job.by_ear:
                continue
            if job.tape is not tape:
                job.excerpt.limit = None
                continue
            drops = tape.start + _DROPS_SOON if tape.start > job.excerpt.begin else at
            job.excerpt.limit = max(at, job.excerpt.limit or at, drops)

    def stop(self, number: int) -> None:
        """End a recording with the newest sound, or with the newest that was heard of it.

        A song's end is not waited for any more.
        """
        job = self._jobs.get(number)
        if job is not None and not job.stopped.is_set():
            now = job.tape.end
            if job.by_ear and job.excerpt.limit is not None:
                now = min(now, job.excerpt.limit)
            job.is_short = job.recording.kind == "song" and job.excerpt.end is None
            if job.excerpt.end is None or job.excerpt.end > now:
                job.excerpt.end = now
            job.stopped.set()

    def recover(self) -> None:
        """Finish recordings of a program that was killed; ``on_kept`` is called for each."""
        thread = threading.Thread(target=self._recover, name="radiotui-recover", daemon=True)
        thread.start()

    async def finished(self) -> None:
        """Wait until every stopped recording and every copy is in its place."""
        while self._jobs:
            await asyncio.wait([job.done for job in self._jobs.values()])

    async def close(self) -> None:
        """Stop all. A file that is not in its place within a quarter of a second is finished
        at the next start: see :meth:`recover`."""
        self._closed = True
        if self._snapshot_timer is not None:
            self._snapshot_timer.cancel()
        jobs = list(self._jobs.values())
        for job in jobs:
            self.stop(job.recording.number)
        if jobs:
            _, late = await asyncio.wait([job.done for job in jobs], timeout=_CLOSE)
            for _ in late:
                log.info("a recording is finished at the next start")

    def _begin(
        self,
        tape: Tape,
        begin: float,
        end: float | None,
        tags: RecordingTags,
        kind: Kind,
        *,
        by_ear: bool = False,
    ) -> int:
        number = next(self._numbers)
        recording = Recording(
            number,
            tags.station,
            tags.stream,
            tags.station_name,
            tags.name,
            tags.began,
            kind=kind,
        )
        excerpt = tape.excerpt(begin, end)
        excerpt.limit = begin if by_ear else None
        job = _Job(recording, tape, excerpt, tags, self._loop.create_future(), by_ear=by_ear)
        self._jobs[number] = job
        name = f"radiotui-recording-{number}"
        threading.Thread(target=self._work, args=(job,), name=name, daemon=True).start()
        self._snapshot()
        return number

    # On the recording's thread

    def _work(self, job: _Job) -> None:
        files: list[KeptFile] = []
        problem: Problem | None = None
        try:
            recorder = Recorder(job.excerpt, station_folder(self._folder, job.tags), job.tags)
            self._follow(job, recorder)
            files = recorder.finish(complete=_is_whole(job))
            problem = recorder.problem or (None if files else _nothing(job.tags))
        except Exception as error:
            log.exception("a recording ended")
            problem = Problem("Something unexpected went wrong", repr(error)[:200])
        finally:
            job.excerpt.close()
            self._on_loop(self._ended, job, files, problem)

    def _follow(self, job: _Job, recorder: Recorder) -> None:
        """Write until the span ends. The last look comes after the end was seen."""
        while True:
            if job.recording.kind == "song" and job.excerpt.end is None:
                _look_for_end(job.tape, job.excerpt)
            is_last = job.excerpt.ended or job.stopped.is_set()
            while recorder.write():
                self._on_loop(self._progress, job, recorder.seconds, recorder.size, recorder.path)
            self._on_loop(self._progress, job, recorder.seconds, recorder.size, recorder.path)
            if recorder.problem is not None or is_last or job.excerpt.ended:
                return
            job.stopped.wait(_LOOK)

    def _recover(self) -> None:
        try:
            for outcome in finish_left_behind(self._folder):
                if isinstance(outcome, Problem):
                    self._on_loop(self._on_problem, outcome)
                else:
                    self._on_loop(self._on_kept, outcome)
        except OSError as error:
            log.warning("recordings of an earlier program are not finished: %s", error)

    def _on_loop(self, call: Callable[..., Any], *arguments: object) -> None:
        try:
            self._loop.call_soon_threadsafe(call, *arguments)
        except RuntimeError:
            log.debug("a call after the loop was closed: %r", arguments)

    # On the loop

    def _progress(self, job: _Job, seconds: float, size: int, path: Path | None) -> None:
        if job.recording.number not in self._jobs:
            return
        job.recording = replace(job.recording, seconds=seconds, bytes=size, path=path)
        if self._snapshot_timer is None and not self._closed:
            wait = max(0.0, self._snapshot_at + _SNAPSHOT_EVERY - self._loop.time())
            self._snapshot_timer = self._loop.call_later(wait, self._snapshot)

    def _snapshot(self) -> None:
        if self._snapshot_timer is not None:
            self._snapshot_timer.cancel()
            self._snapshot_timer = None
        self._snapshot_at = self._loop.time()
        self._on_recordings(self.recordings)

    def _ended(self, job: _Job, files: list[KeptFile], problem: Problem | None) -> None:
        number = job.recording.number
        self._jobs.pop(number, None)
        for file in files:
            self._on_kept(replace(file, number=number))
        if problem is not None:
            self._on_problem(problem)
        elif job.excerpt.lost >= 1:
            self._on_problem(_dropped(job))
        if not job.done.done():
            job.done.set_result(None)
        if not self._closed:
            self._snapshot()


def tags_of(
    cut: Selection, tape: Tape, station: Station, stream: Stream, *, picture: bytes | None = None
) -> RecordingTags:
    """Name and tags of a selection of a stream's tape."""
    return RecordingTags(
        station.name,
        tape.wall_at(cut.begin),
        title=cut.title,
        artist=cut.artist,
        programme=cut.programme,
        url=stream.urls[0] if stream.urls else "",
        picture=picture,
        station=station.id,
        stream=stream.id,
        stream_name=stream.name if len(station.streams) > 1 else "",
    )


def _is_whole(job: _Job) -> bool:
    end = job.excerpt.end
    if end is None:
        # Who leaves a station ends its recording; a song's end is what it waited for.
        return job.recording.kind == "recording"
    return job.tape.end >= end and not job.is_short


def _next_title(tape: Tape, begin: float) -> float | None:
    titles = (mark.at for mark in tape.marks if mark.kind == "title")
    return next((at for at in titles if at > begin), None)


def _look_for_end(tape: Tape, excerpt: Excerpt) -> None:
    """Let a song end with the next title, or when it is too long for a song.

    Sound since the last look may be beyond a title that is not known yet.
    """
    newest = tape.end
    end = _next_title(tape, excerpt.begin)
    longest = excerpt.begin + LONGEST_SONG
    if end is not None or newest >= longest:
        excerpt.end = min(end or longest, longest)
    else:
        excerpt.limit = newest - _TITLE_LATE


def _nothing(tags: RecordingTags) -> Problem:
    return Problem(f"“{tags.name}”: there was no sound to keep", "the tape has nothing of it")


def _dropped(job: _Job) -> Problem:
    missing = clock_duration(job.excerpt.lost)
    return Problem(
        f"{missing} of “{job.tags.name}” are missing", "the tape does not reach back so far"
    )
