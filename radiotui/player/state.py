"""What is being listened to: one frozen snapshot, and the pure function that moves it.

``step(playback, event)`` gives the next snapshot and what is to be done about
it. It knows no clock, no network and no engine, so every sequence of zaps,
pauses, drops and endings can be tried in a test without any of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from radiotui.problems import Problem


class PlayState(StrEnum):
    """What a listener would say is going on."""

    STOPPED = "stopped"
    CONNECTING = "connecting"
    """Tuned, and nothing heard yet."""
    PLAYING = "playing"
    PAUSED = "paused"
    """Silent, still taping."""


@dataclass(frozen=True, slots=True)
class Playback:
    """Everything the player shows, replaced whole. Times on the tape are seconds of sound."""

    state: PlayState = PlayState.STOPPED
    load: int = 0
    """Number of the tuning; whatever belongs to an older one is ignored."""
    take: int = 0
    """Number of the engine's play; the same, for the ears."""
    station: str = ""
    stream: str = ""
    station_name: str = ""
    stream_name: str = ""
    title: str | None = None
    """The title of what is *heard*, not of what arrives."""
    ad: bool = False
    """Whether the stream says that what is heard is an advertisement."""
    position: float | None = None
    """Where on the tape one listens; while paused, where one will go on."""
    tape_start: float = 0.0
    tape_end: float = 0.0
    behind: float = 0.0
    """Seconds between what is heard and the newest sound on the tape."""
    live: bool = False
    """Whether one hears the station as it comes (a server's first burst counts as live)."""
    burst: float = 0.0
    """Seconds the server sent ahead when the first sound was heard: how far behind "live" is."""
    heard_at: datetime | None = None
    """When the station sent what is heard."""
    codec: str = ""
    bitrate_kbps: int | None = None
    off_air: bool = False
    """The connection is gone; what is on the tape plays on."""
    problem: Problem | None = None
    """Why there is no connection or no sound."""
    retry_at: datetime | None = None
    volume: int = 80
    muted: bool = False
    engine: str = ""
    no_device: Problem | None = None
    """Why nobody hears anything though it plays."""


class Play(Struct, frozen=True):
    """The listener chose a stream."""

    station: str
    stream: str
    station_name: str = ""
    stream_name: str = ""


class Pause(Struct, frozen=True):
    """The listener wants silence and the next word later."""


class Resume(Struct, frozen=True):
    """Go on where it was paused."""


class Stop(Struct, frozen=True):
    """Let go of the station."""


class Loudness(Struct, frozen=True):
    """The listener set the volume (per cent) or the mute."""

    volume: int
    muted: bool


class OnTape(Struct, frozen=True):
    """Sound of a connection has begun to arrive."""

    load: int
    codec: str
    bitrate_kbps: int | None


class Lost(Struct, frozen=True):
    """There is no connection; ``retry_at`` is when the next is tried (None: at once)."""

    load: int
    problem: Problem
    retry_at: datetime | None = None


class Finished(Struct, frozen=True):
    """The stream was a file with an end, and all of it is on the tape."""

    load: int


class EarsStarted(Struct, frozen=True):
    """The first sample of a take reached the sound device."""

    take: int


class EarsEnded(Struct, frozen=True):
    """The take's source came to its end. ``more_at`` is where the tape goes on, None: nowhere."""

    take: int
    more_at: float | None


class EarsFailed(Struct, frozen=True):
    """The engine cannot play this."""

    take: int
    problem: Problem


class Heard(Struct, frozen=True):
    """Where the ear is now: told every second and at every mark."""

    load: int
    position: float
    tape_start: float
    tape_end: float
    title: str | None
    ad: bool
    heard_at: datetime | None
    no_device: Problem | None = None


Event = (
    Play | Pause | Resume | Stop | Loudness | OnTape | Lost | Finished
    | EarsStarted | EarsEnded | EarsFailed | Heard
)  # fmt: skip


class Tune(Struct, frozen=True):
    """Connect to the stream, with a tape of its own."""

    load: int
    station: str
    stream: str


class Untune(Struct, frozen=True):
    """Close the connection and throw its tape away."""


class Listen(Struct, frozen=True):
    """Give the engine the tape at ``at`` (None: from its beginning)."""

    take: int
    at: float | None


class Hush(Struct, frozen=True):
    """Stop the engine."""


class SetLoudness(Struct, frozen=True):
    """Pass volume and mute to the engine."""

    volume: int
    muted: bool


Command = Tune | Untune | Listen | Hush | SetLoudness

_LIVE_SLACK = 3.0
"""Seconds later than at the first sound that still count as live."""


def step(playback: Playback, event: Event) -> tuple[Playback, tuple[Command, ...]]:
    """The next snapshot, and what is to be done, in order."""
    match event:
        case Play():
            return _play(playback, event)
        case Pause() | Resume() | Stop() | Loudness():
            return _intent(playback, event)
        case OnTape() | Lost() | Finished() | Heard():
            if event.load != playback.load or playback.state is PlayState.STOPPED:
                return playback, ()
            return _air(playback, event)
        case EarsStarted() | EarsEnded() | EarsFailed():
            if event.take != playback.take or playback.state is PlayState.STOPPED:
                return playback, ()
            return _ears(playback, event)


def _play(playback: Playback, event: Play) -> tuple[Playback, tuple[Command, ...]]:
    same = (event.station, event.stream) == (playback.station, playback.stream)
    if same and playback.state is PlayState.PAUSED:
        return step(playback, Resume())
    if same and playback.state in {PlayState.PLAYING, PlayState.CONNECTING}:
        return playback, ()
    load = playback.load + 1
    tuned = Playback(
        state=PlayState.CONNECTING,
        load=load,
        take=playback.take + 1,
        station=event.station,
        stream=event.stream,
        station_name=event.station_name,
        stream_name=event.stream_name,
        volume=playback.volume,
        muted=playback.muted,
        engine=playback.engine,
    )
    return tuned, (Hush(), Untune(), Tune(load, event.station, event.stream))


def _intent(
    playback: Playback, event: Pause | Resume | Stop | Loudness
) -> tuple[Playback, tuple[Command, ...]]:
    commands: tuple[Command, ...] = ()
    match event, playback.state:
        # Before the first word there is nothing to come back to, so pausing is stopping.
        case Pause(), PlayState.CONNECTING:
            playback, commands = _stopped(playback), (Hush(), Untune())
        case Pause(), PlayState.PLAYING:
            take = playback.take + 1
            playback = replace(playback, state=PlayState.PAUSED, take=take, live=False)
            commands = (Hush(),)
        case Resume(), PlayState.PAUSED:
            take = playback.take + 1
            playback = replace(playback, state=PlayState.PLAYING, take=take)
            commands = (Listen(take, playback.position),)
        case Stop(), PlayState.CONNECTING | PlayState.PLAYING | PlayState.PAUSED:
            playback, commands = _stopped(playback), (Hush(), Untune())
        case Loudness(volume, muted), _:
            volume = min(100, max(0, volume))
            playback = replace(playback, volume=volume, muted=muted)
            commands = (SetLoudness(volume, muted),)
        case _:
            # Pausing silence or resuming sound changes nothing.
            pass
    return playback, commands


def _air(
    playback: Playback, event: OnTape | Lost | Finished | Heard
) -> tuple[Playback, tuple[Command, ...]]:
    match event:
        case OnTape():
            on_tape = replace(
                playback,
                codec=event.codec,
                bitrate_kbps=event.bitrate_kbps,
                off_air=False,
                problem=None,
                retry_at=None,
            )
            # The engine is given the tape at the first sound; after a drop it is still reading.
            first = playback.state is PlayState.CONNECTING and not playback.codec
            return on_tape, (Listen(playback.take, None),) if first else ()
        case Lost():
            lost = replace(playback, off_air=True, problem=event.problem, retry_at=event.retry_at)
            return lost, ()
        case Finished():
            return replace(playback, off_air=True, problem=None, retry_at=None), ()
        case Heard():
            return _heard(playback, event), ()


def _heard(playback: Playback, event: Heard) -> Playback:
    behind = max(0.0, event.tape_end - event.position)
    playing = playback.state is PlayState.PLAYING
    burst = behind if playing and playback.position is None else playback.burst
    return replace(
        playback,
        position=event.position,
        tape_start=event.tape_start,
        tape_end=event.tape_end,
        behind=behind,
        burst=burst,
        live=playing and not playback.off_air and behind <= burst + _LIVE_SLACK,
        title=event.title,
        ad=event.ad,
        heard_at=event.heard_at,
        no_device=event.no_device,
    )


def _ears(
    playback: Playback, event: EarsStarted | EarsEnded | EarsFailed
) -> tuple[Playback, tuple[Command, ...]]:
    match event:
        case EarsStarted():
            return replace(playback, state=PlayState.PLAYING), ()
        case EarsEnded(more_at=None):
            return _stopped(playback), (Hush(), Untune())
        case EarsEnded():
            take = playback.take + 1
            return replace(playback, take=take), (Listen(take, event.more_at),)
        case EarsFailed():
            failed = replace(_stopped(playback), problem=event.problem)
            return failed, (Hush(), Untune())


def _stopped(playback: Playback) -> Playback:
    """Silent and untuned, but still saying which station it was."""
    return replace(
        playback,
        state=PlayState.STOPPED,
        load=playback.load + 1,
        take=playback.take + 1,
        title=None,
        ad=False,
        position=None,
        tape_start=0.0,
        tape_end=0.0,
        behind=0.0,
        burst=0.0,
        live=False,
        heard_at=None,
        no_device=None,
        codec="",
        bitrate_kbps=None,
        off_air=False,
        problem=None,
        retry_at=None,
    )
