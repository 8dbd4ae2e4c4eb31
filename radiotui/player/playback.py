"""What is being listened to, as one frozen snapshot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Literal

from radiotui.player.queue import Queue, QueueItem
from radiotui.problems import Problem
from radiotui.radio.tape.marks import Mark
from radiotui.recording.model import Recording

__all__ = ["Cost", "Mark", "PlayState", "Playback", "Recording", "Sleep", "stopped", "taken_up"]


class PlayState(StrEnum):
    """What a listener would say is going on."""

    STOPPED = "stopped"
    CONNECTING = "connecting"
    """Tuned, and nothing heard yet."""
    PLAYING = "playing"
    PAUSED = "paused"
    """Silent, still taping."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a tape takes of this computer and its line."""

    station: str
    stream: str
    station_name: str
    seconds: float
    """How much sound is on it."""
    memory: int
    """Bytes."""
    disk: int
    """Bytes."""
    kbps: int | None
    """What comes over the network, in kbit/s."""


@dataclass(frozen=True, slots=True)
class Sleep:
    """When the player falls silent by itself."""

    after: Literal["minutes", "programme", "song"]
    """"song": the story, while one is heard."""
    until: datetime | None = None
    """When that will be, on the clock; None: not known yet."""
    what: str = ""
    """What was heard when it was asked for; it is over when something else is heard."""


@dataclass(frozen=True, slots=True)
class Playback:
    """Everything the player shows, replaced whole. Times on the tape are seconds of sound.

    While a story is heard (``spoken``), state, position, tape and problem are the
    story's; the station is still the one that is tuned to, and ``waiting`` tells how it is there.
    """

    state: PlayState = PlayState.STOPPED
    load: int = 0
    """Number of the tuning; whatever belongs to no current one is ignored."""
    loads: int = 0
    """The highest number that was given to a tuning."""
    take: int = 0
    """Number of the engine's play; the same, for the ears."""
    station: str = ""
    stream: str = ""
    station_name: str = ""
    stream_name: str = ""
    title: str | None = None
    """The title of what is *heard*, not of what arrives."""
    title_at: datetime | None = None
    """When the station sent the beginning of that title."""
    programme: str = ""
    """The programme that is heard; empty while it is not known."""
    programme_at: datetime | None = None
    """When the station began it."""
    programme_until: datetime | None = None
    """When it is to end."""
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
    marks: tuple[Mark, ...] = ()
    """What happened on the tape, in the order of its places."""
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
    spoken: QueueItem | None = None
    """The story that is heard; None: live radio, or nothing."""
    length: float | None = None
    """Seconds the story lasts, as far as it is known."""
    waiting: Playback | None = None
    """Live radio that was put aside for the story: paused, or to go on (PLAYING, CONNECTING)
    when the story is over."""
    queue: Queue = ()
    """The newscast. What is heard of it stays the first until it was heard to its end."""
    newscast: bool = False
    """Whether the queue goes on when the story is over."""
    missed: frozenset[str] = frozenset()
    """Keys of the queue that could not be heard just now; the newscast passes them over."""
    coming: Playback | None = None
    """The stream that was chosen, while another plays on until this one has sound."""
    warm: tuple[Playback, ...] = ()
    """Streams that played before and are still taped, the last one first."""
    recordings: tuple[Recording, ...] = ()
    sleep: Sleep | None = None
    never_silent: bool = False
    """Whether what plays goes on until another stream has sound."""
    most_warm: int = 0
    even: bool = True
    """Whether every stream is made as loud as the others."""
    gain_db: float = 0.0
    """By how much what is heard is made louder or softer for that."""
    mute_ads: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Station and stream."""
        return self.station, self.stream

    @property
    def silenced(self) -> bool:
        """Whether nothing is to be heard: muted, or an advertisement nobody wants."""
        return self.muted or (self.mute_ads and self.ad and self.spoken is None)

    @property
    def to_come(self) -> Queue:
        """What of the newscast is not heard now, and may be."""
        now = self.spoken.key if self.spoken else None
        return tuple(one for one in self.queue if one.key != now and one.key not in self.missed)

    @property
    def station_state(self) -> PlayState:
        """How the station is that is tuned to, whatever is heard; PAUSED while it waits."""
        if self.spoken is None:
            return self.state
        return PlayState.PAUSED if self.waiting else PlayState.STOPPED


def stopped(playback: Playback) -> Playback:
    """Silent and untuned, but still saying which station it was."""
    return replace(
        playback,
        state=PlayState.STOPPED,
        load=playback.loads + 1,
        loads=playback.loads + 1,
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
        title_at=None,
        programme="",
        programme_at=None,
        programme_until=None,
        marks=(),
        no_device=None,
        codec="",
        bitrate_kbps=None,
        off_air=False,
        problem=None,
        retry_at=None,
        spoken=None,
        length=None,
        waiting=None,
        newscast=False,
        coming=None,
        warm=(),
        sleep=None,
        gain_db=0.0,
    )


def taken_up(inner: Playback, outer: Playback) -> Playback:
    """A stream that was put aside, with the listener's wishes of now."""
    return replace(
        inner,
        loads=outer.loads,
        take=outer.take,
        volume=outer.volume,
        muted=outer.muted,
        engine=outer.engine,
        no_device=outer.no_device,
        queue=outer.queue,
        missed=outer.missed,
        warm=outer.warm,
        recordings=outer.recordings,
        sleep=outer.sleep,
        never_silent=outer.never_silent,
        most_warm=outer.most_warm,
        even=outer.even,
        mute_ads=outer.mute_ads,
        coming=None,
        waiting=None,
    )
