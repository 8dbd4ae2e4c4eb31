"""What happens to the player, and what it does about it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from radiotui.player.intents import StepIntent
from radiotui.player.playback import Mark, Sleep
from radiotui.player.queue import QueueItem
from radiotui.problems import Problem
from radiotui.recording.model import Recording


class Play(Struct, frozen=True):
    """The listener chose a stream."""

    station: str
    stream: str
    station_name: str = ""
    stream_name: str = ""


class Close(Struct, frozen=True):
    """The program ends."""


class SetSleep(Struct, frozen=True):
    """Fall silent by oneself; None: do not."""

    sleep: Sleep | None


class FallAsleep(Struct, frozen=True):
    """The sleep timer is over."""


class RecordingsChanged(Struct, frozen=True):
    """What is being recorded now."""

    recordings: tuple[Recording, ...]


class SoundArrived(Struct, frozen=True):
    """Sound of a connection has begun to arrive."""

    load: int
    codec: str
    bitrate_kbps: int | None
    begin: float | None = None
    """Where a listener begins, in seconds; None: at the tape's beginning."""
    burst: float = 0.0
    """How many seconds come at once with it, where that is known: so far behind is live."""


class ConnectionLost(Struct, frozen=True):
    """There is no connection; ``retry_at`` is when the next is tried (None: at once)."""

    load: int
    problem: Problem
    retry_at: datetime | None = None


class SourceFinished(Struct, frozen=True):
    """The stream was a file with an end, and all of it is there; ``length`` in seconds."""

    load: int
    length: float | None = None


class SourceFailed(Struct, frozen=True):
    """No more will come, ever; what came of a story can be heard."""

    load: int
    problem: Problem


class PlayStarted(Struct, frozen=True):
    """The first sample of a take reached the sound device."""

    take: int


class PlayEnded(Struct, frozen=True):
    """The take's source came to its end. ``more_at`` is where the tape goes on, None: nowhere."""

    take: int
    more_at: float | None


class PlayFailed(Struct, frozen=True):
    """The engine cannot play this."""

    take: int
    problem: Problem


class PositionUpdate(Struct, frozen=True):
    """Where the ear is now, or will be: told every second and at every mark."""

    load: int
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
    StepIntent | Play | Close | SetSleep | FallAsleep | RecordingsChanged | StreamEvent | PlayEvent
)


class OpenStream(Struct, frozen=True):
    """Connect to the stream, with a tape of its own."""

    load: int
    station: str
    stream: str


class CloseUnused(Struct, frozen=True):
    """Close every connection whose load the snapshot does not name, and throw its tape away."""


class OpenStory(Struct, frozen=True):
    """Bring a story's sound, on a tape of its own."""

    load: int
    what: QueueItem


class CloseStory(Struct, frozen=True):
    """Throw the story's sound away, or stop bringing it."""


class StartPlay(Struct, frozen=True):
    """Give the engine the story, else the station's tape, at ``at`` (None: its beginning)."""

    take: int
    at: float | None


class Silence(Struct, frozen=True):
    """Stop the engine."""


class ApplyVolume(Struct, frozen=True):
    """Pass volume and mute to the engine."""

    volume: int
    muted: bool


class ReportProblem(Struct, frozen=True):
    """Say why a story is not heard though something else goes on."""

    problem: Problem


class Notify(Struct, frozen=True):
    """Tell the listener something that is no problem."""

    text: str
    hint: str = ""


SourceCommand = OpenStream | CloseUnused | OpenStory | CloseStory
Command = (
    Notify
    | OpenStream
    | CloseUnused
    | OpenStory
    | CloseStory
    | StartPlay
    | Silence
    | ApplyVolume
    | ReportProblem
)
Commands = tuple[Command, ...]
