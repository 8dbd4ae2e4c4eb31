"""Events that move the player's snapshot, and the commands that come of them.

Intents of the listener stand in :mod:`radiotui.player.intents`.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from radiotui.player.intents import ShowQueue, StepIntent
from radiotui.player.queue import QueueItem
from radiotui.player.state import Sleep, TunedSource
from radiotui.problems import Problem
from radiotui.radio.tape.marks import Mark
from radiotui.recording.model import Recording


class TuneIn(Struct, frozen=True):
    """Choice of a stream or file."""

    source: TunedSource


class Close(Struct, frozen=True):
    """End of the program."""


class SetSleep(Struct, frozen=True):
    """A sleep timer; None: none."""

    sleep: Sleep | None


class FallAsleep(Struct, frozen=True):
    """End of the sleep timer."""


class RecordingsChanged(Struct, frozen=True):
    """The recordings that run now."""

    recordings: tuple[Recording, ...]


class SoundArrived(Struct, frozen=True):
    """First sound of a connection."""

    tuning_id: int
    codec: str
    bitrate_kbps: int | None
    begin: float | None = None
    """Place at which a listener begins, in seconds; None: the tape's beginning."""
    burst: float = 0.0
    """Seconds that come at once with it, where that is known: live is so far behind."""


class ConnectionLost(Struct, frozen=True):
    """Loss of the connection; the next is tried at ``retry_at`` (None: at once)."""

    tuning_id: int
    problem: Problem
    retry_at: datetime | None = None


class SourceFinished(Struct, frozen=True):
    """Arrival of the last sound of a stream with an end; ``length`` in seconds."""

    tuning_id: int
    length: float | None = None


class SourceFailed(Struct, frozen=True):
    """End of the source by a failure; the part of a story that came can be heard."""

    tuning_id: int
    problem: Problem


class PlayStarted(Struct, frozen=True):
    """Arrival of a play's first sample at the sound device."""

    play_id: int


class PlayEnded(Struct, frozen=True):
    """End of a play's source. The tape goes on at ``more_at``; None: nowhere."""

    play_id: int
    more_at: float | None


class PlayFailed(Struct, frozen=True):
    """End of a play that cannot be decoded further; ``more_at`` as of :class:`PlayEnded`."""

    play_id: int
    problem: Problem
    more_at: float | None = None


class PositionUpdate(Struct, frozen=True):
    """Place of the ear and the tape around it, every second and at every mark."""

    tuning_id: int
    position: float
    tape_start: float
    tape_end: float
    title: str | None
    ad: bool
    heard_at: datetime | None
    no_device: Problem | None = None
    title_at: datetime | None = None
    programme: str = ""
    programme_at: datetime | None = None
    programme_until: datetime | None = None
    marks: tuple[Mark, ...] = ()
    gain_db: float = 0.0


StreamEvent = SoundArrived | ConnectionLost | SourceFinished | SourceFailed | PositionUpdate
PlayEvent = PlayStarted | PlayEnded | PlayFailed
Event = (
    StepIntent
    | ShowQueue
    | TuneIn
    | Close
    | SetSleep
    | FallAsleep
    | RecordingsChanged
    | StreamEvent
    | PlayEvent
)


class OpenStream(Struct, frozen=True):
    """Connect to the stream, with a tape of its own."""

    tuning_id: int
    station: str
    stream: str


class CloseUnused(Struct, frozen=True):
    """Close every connection that no listening of the snapshot has, and remove its tape."""


class OpenStory(Struct, frozen=True):
    """Download a story's sound, onto a tape of its own."""

    tuning_id: int
    item: QueueItem


class CloseStory(Struct, frozen=True):
    """Remove the story's sound, or stop its download."""


class MoveStory(Struct, frozen=True):
    """Read a recording's file at another path from the next play on."""

    path: str


class StartPlay(Struct, frozen=True):
    """Give the engine the story, else the station's tape, at ``at`` (None: its beginning)."""

    play_id: int
    at: float | None


class Silence(Struct, frozen=True):
    """Stop the engine."""


class ApplyVolume(Struct, frozen=True):
    """Pass volume and mute to the engine."""

    volume: int
    muted: bool


class ApplySound(Struct, frozen=True):
    """Pass the rate, and what an episode's sound is to be, to what is heard."""


class ReportProblem(Struct, frozen=True):
    """Report a problem while something else plays on."""

    problem: Problem


class Notify(Struct, frozen=True):
    """Notify the listener of something that is no problem."""

    text: str
    hint: str = ""


SourceCommand = OpenStream | CloseUnused | OpenStory | CloseStory | MoveStory
Command = (
    Notify
    | OpenStream
    | CloseUnused
    | OpenStory
    | CloseStory
    | MoveStory
    | StartPlay
    | Silence
    | ApplyVolume
    | ApplySound
    | ReportProblem
)
Commands = tuple[Command, ...]
