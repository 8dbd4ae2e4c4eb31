"""Recordings of programmes from their beginning to their end, also of streams nobody hears."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from msgspec.structs import replace

from radiotui.player.intents import RecordProgramme
from radiotui.player.sources import Source
from radiotui.player.tape_pool import TapePool
from radiotui.radio.tape.tape import Tape
from radiotui.recording.selection import Selection
from radiotui.recording.service import KeptFile, RecordingService, tags_of
from radiotui.text import shorten, time_of_day

_BURST_SECONDS = 2.0
"""Seconds in which a server's first burst is on the tape."""


@dataclass(slots=True)
class _TimedRecording:
    """A programme that is to be recorded, and its recording once there is sound."""

    programme: RecordProgramme
    source: Source
    number: int | None = None
    """Of the recording; None while the stream has no sound yet."""
    timer: asyncio.TimerHandle | None = None
    """Begins it: the tape knows the clock only once the server's burst is on it."""
    kept_seconds: float = 0.0


class TimedRecordings:
    """Programmes by the key of who wants them recorded; all on the loop, nothing waits.

    A stream that is heard already is recorded from its own tape.
    """

    def __init__(
        self,
        tapes: TapePool,
        keeping: RecordingService,
        *,
        picture: Callable[[Source], bytes | None],
        on_notice: Callable[[str, str], None],
    ) -> None:
        self._tapes = tapes
        self._keeping = keeping
        self._picture = picture
        self._on_notice = on_notice
        self._timed: dict[str, _TimedRecording] = {}

    def record(self, programme: RecordProgramme) -> None:
        """Record a programme; a stream that is not taped is connected to."""
        if programme.key in self._timed:
            return
        source = self._tapes.open(programme.station, programme.stream)
        self._timed[programme.key] = _TimedRecording(programme, source)
        self.plan()

    def plan(self) -> None:
        """Plan the beginning of the recordings whose streams have sound by now.

        The tape has kept what was sent meanwhile.
        """
        for timed in self._timed.values():
            tape = timed.source.tape
            if timed.timer is None and tape is not None and timed.source.on_tape is not None:
                loop = asyncio.get_running_loop()
                timed.timer = loop.call_later(_BURST_SECONDS, self._begin, timed, tape)

    def waits_for(self, tape: Tape) -> bool:
        """Sound of a tape is waited for, to be recorded."""
        return any(
            timed.number is None and timed.source.tape is tape for timed in self._timed.values()
        )

    def end(self, key: str) -> float:
        """End a programme's recording; the seconds that were recorded."""
        timed = self._timed.pop(key, None)
        if timed is not None and timed.timer is not None:
            timed.timer.cancel()
        if timed is None or timed.number is None:
            self._tapes.let_go()
            return 0.0
        recordings = self._keeping.recordings
        running = next((item for item in recordings if item.number == timed.number), None)
        if running is None:
            return timed.kept_seconds
        self._keeping.stop(timed.number)
        return max(timed.kept_seconds, running.seconds)

    def note(self, file: KeptFile) -> None:
        """Note a file that is in its place."""
        for timed in self._timed.values():
            if timed.number is not None and timed.number == file.number:
                timed.kept_seconds += file.seconds

    def close(self) -> None:
        """Begin nothing any more."""
        for key in list(self._timed):
            self.end(key)

    def _begin(self, timed: _TimedRecording, tape: Tape) -> None:
        programme, source = timed.programme, timed.source
        place = max(tape.start, tape.at_wall(programme.begins_at))
        selection = Selection(place, None, programme=programme.title)
        picture = self._picture(source)
        tags = tags_of(selection, tape, programme.station, programme.stream, picture=picture)
        tags = replace(tags, began=max(programme.begins_at, tags.began))
        until = max(place, tape.at_wall(programme.ends_at))
        timed.number = self._keeping.record(tape, place, tags, until=until)
        ends = time_of_day(programme.ends_at.astimezone())
        name = shorten(programme.title, 60)
        self._on_notice(f"Recording {name}", f"{programme.station.name}, until {ends}")
