"""Requests to keep a part of a tape, or to record it, as files.

A request becomes a selection on the tape, gets its tags, and goes to
:class:`RecordingService`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from radiotui.player.intents import (
    KeepIntent,
    KeepMinutes,
    KeepPlayed,
    KeepProgramme,
    KeepSong,
    RecordProgramme,
    StopRecording,
    ToggleRecording,
)
from radiotui.player.sources import Source
from radiotui.player.tape_pool import TapePool
from radiotui.player.timed_recordings import TimedRecordings
from radiotui.problems import Problem
from radiotui.radio.tape.tape import Tape
from radiotui.recording import selection as cuts
from radiotui.recording.model import Recording
from radiotui.recording.selection import Selection, TapeWindow
from radiotui.recording.service import KeptFile, RecordingService, tags_of
from radiotui.text import clock_duration


class KeepRequests:
    """Keeps songs, minutes and programmes, and records. Call it on the loop; nothing waits.

    ``ear`` gives the stream that is tuned to and the place of the ear on it, in seconds,
    also while it waits for a story's end; None where there is none. ``pictures`` are
    those of stations, by their address.
    """

    def __init__(
        self,
        folder: Path,
        tapes: TapePool,
        *,
        ear: Callable[[], tuple[Source, float] | None],
        on_recordings: Callable[[tuple[Recording, ...]], None],
        on_notice: Callable[[str, str], None],
        on_problem: Callable[[Problem], None],
    ) -> None:
        self.pictures: dict[str, bytes] = {}
        self._tapes = tapes
        self._ear = ear
        self._on_notice = on_notice
        self._on_problem = on_problem
        self._keeping = RecordingService(
            folder, on_recordings=on_recordings, on_kept=self._on_kept, on_problem=on_problem
        )
        self.timed = TimedRecordings(
            tapes, self._keeping, picture=self._picture, on_notice=on_notice
        )
        """Programmes that are recorded from their beginning to their end."""
        self.recover = self._keeping.recover
        self.hear = self._keeping.heard

    def do(self, intent: KeepIntent) -> None:
        """Obey a listener's intent; returns at once."""
        match intent:
            case KeepSong():
                self._cut(cuts.song)
            case KeepMinutes(minutes):
                self._cut(lambda window, at: cuts.last_minutes(window, at, minutes))
            case KeepProgramme():
                self._cut(cuts.programme)
            case KeepPlayed(station, stream, began):
                self._keep_played(station, stream, began)
            case ToggleRecording():
                self._toggle_recording()
            case StopRecording(number):
                self._keeping.stop(number)
            case RecordProgramme():
                self.timed.record(intent)

    def in_use(self, tape: Tape) -> bool:
        """More of a tape is waited for."""
        return self._keeping.in_use(tape) or self.timed.waits_for(tape)

    async def close(self) -> None:
        """Stop everything; what is not in its place in a moment is at the next start."""
        self.timed.close()
        await self._keeping.close()

    def _keep_played(self, station: str, stream: str, wall: datetime) -> None:
        source = self._tapes.of(station, stream)
        if source is None or source.tape is None:
            self._on_problem(Problem("That is not on a tape any more"))
            return
        place = source.tape.at_wall(wall)
        self._keep(source, source.tape, lambda window: cuts.begun_at(window, place))

    def _toggle_recording(self) -> None:
        running = [item for item in self._keeping.recordings if item.kind == "recording"]
        if running and self._ear() is None:
            # The station was left, and its recording goes on: this is the key that ends it.
            for recording in running:
                self._keeping.stop(recording.number)
            return
        at = self._at()
        if at is None:
            return
        source, tape, place = at
        running = [
            recording
            for recording in running
            if (recording.station, recording.stream) == source.key
        ]
        for recording in running:
            self._keeping.stop(recording.number)
        if running or source.station is None or source.stream is None:
            return
        programme = tape.programme_at(place)
        cut = Selection(place, None, programme=programme.text if programme else "")
        tags = tags_of(cut, tape, source.station, source.stream, picture=self._picture(source))
        self._keeping.record(tape, place, tags, by_ear=True)
        self._on_notice(f"Recording {tags.name}", "the same key ends it")

    def _cut(self, find: Callable[[TapeWindow, float], Selection]) -> None:
        at = self._at()
        if at is not None:
            source, tape, place = at
            self._keep(source, tape, lambda window: find(window, place))

    def _keep(self, source: Source, tape: Tape, find: Callable[[TapeWindow], Selection]) -> None:
        if source.station is None or source.stream is None:
            return
        try:
            cut = find(TapeWindow.of(tape))
        except Problem as problem:
            self._on_problem(problem)
            return
        tags = tags_of(cut, tape, source.station, source.stream, picture=self._picture(source))
        self._keeping.keep(tape, cut.begin, cut.end, tags)
        if cut.note:
            self._on_notice(f"Keeping {tags.name}", cut.note)

    def _at(self) -> tuple[Source, Tape, float] | None:
        """Stream, tape and place of the ear; reports a problem where there is none."""
        at_ear = self._ear()
        if at_ear is None or at_ear[0].tape is None:
            self._on_problem(Problem("There is no tape to keep from", "tune to a station first"))
            return None
        source, place = at_ear
        assert source.tape is not None
        return source, source.tape, place

    def _picture(self, source: Source) -> bytes | None:
        return self.pictures.get(source.station.picture) if source.station else None

    def _on_kept(self, file: KeptFile) -> None:
        self.timed.note(file)
        length = clock_duration(round(file.seconds))
        part = ", not all of it" if file.incomplete else ""
        self._on_notice(f"Kept: {file.title} ({length}{part})", str(file.path))
