"""The one wiring of a station's stream: tuner and tape, by the listener's settings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from radiotui.config import Settings
from radiotui.net.client import Net
from radiotui.player.stream_memory import StreamMemory
from radiotui.problems import Problem
from radiotui.radio.events import TunerEvent
from radiotui.radio.tape.segments import MIB
from radiotui.radio.tape.tape import Tape
from radiotui.radio.tuner.tuner import Tuner
from radiotui.stations.model import Station, Stream

_MOST_BYTES_A_SECOND = 40_000
"""Of the part of a tape that a delay needs: 320 kbit/s, the most that stations send."""


class TapedStream(msgspec.Struct, frozen=True):
    """A tape, and the tuner that fills it while it runs."""

    tape: Tape
    tuner: Tuner


class StreamTaper(msgspec.Struct, frozen=True):
    """Makes tape and tuner of any stream, for whoever plays or records it."""

    net: Net
    settings: Settings
    folder: Path
    """The folder of tapes."""
    clock: Callable[[], datetime]
    on_tape_problem: Callable[[Problem], None]
    """Called from any thread."""
    stream_memory: StreamMemory

    def tape(
        self,
        station: Station,
        stream: Stream,
        on_event: Callable[[TunerEvent], None],
        *,
        length: float | None = None,
    ) -> TapedStream:
        """Tape and tuner of a stream. ``length`` of the tape is in seconds; None: as set."""
        if length is None:
            length = self.settings.tape_minutes * 60.0 + stream.delay
        tape = Tape(
            self.folder,
            length=length,
            size=self.settings.tape_mib * MIB + round(stream.delay * _MOST_BYTES_A_SECOND),
            clock=self.clock,
            on_problem=self.on_tape_problem,
        )
        key = (station.id, stream.id)
        tuner = Tuner(
            self.net,
            stream.urls,
            tape,
            name=station.name,
            encoding=stream.encoding,
            headers=dict(stream.headers),
            learnt=self.stream_memory.of(key).letters,
            on_learnt=lambda encoding: self.stream_memory.note(key, letters=encoding),
            quality=self.settings.quality,
            clock=self.clock,
            on_event=on_event,
        )
        return TapedStream(tape, tuner)
