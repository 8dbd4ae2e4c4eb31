"""Frozen snapshots of the player: the listener's settings, and what is listened to.

:class:`PlayerState` holds what outlives a stop, and one :class:`Playback` that a stop
replaces whole. That has up to four kinds of :class:`Listening`: the current one, one that
waits for a story to end, one that has no sound yet, and those that are taped for a quick return.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec.structs import replace

from radiotui.player.listening import (
    LAST_SECONDS,
    Listening,
    ListeningSource,
    LocalFile,
    PlayState,
    StorySource,
    StreamSource,
    TunedSource,
)
from radiotui.problems import Problem

if TYPE_CHECKING:
    from radiotui.player.queue import Queue, QueueItem
    from radiotui.radio.tape.marks import Mark
    from radiotui.recording.model import Recording

__all__ = [
    "LAST_SECONDS",
    "Cost",
    "Listening",
    "ListeningSource",
    "LocalFile",
    "Mark",
    "PlayState",
    "Playback",
    "PlayerState",
    "Sleep",
    "StorySource",
    "StreamSource",
    "TunedSource",
]


class Cost(msgspec.Struct, frozen=True):
    """Memory, disk and network use of one tape."""

    station: str
    stream: str
    station_name: str
    seconds: float
    """Length of the sound on it."""
    memory: int
    """Bytes."""
    disk: int
    """Bytes."""
    kbps: int | None
    """Rate over the network, in kbit/s."""


class Sleep(msgspec.Struct, frozen=True):
    """Sleep timer: the end after which the player is silent."""

    after: Literal["minutes", "programme", "song", "chapter", "items"]
    """"song": the story, while one is heard; "items": so many stories of the queue."""
    until: datetime | None = None
    """Time of that end, on the clock; of a song the latest. None: not known yet."""
    until_change_of: str = ""
    """Identity of the programme, song or story; the timer is over when another is heard."""
    key: tuple[str, str] | None = None
    """Ids of station and stream of the programme or song; None: of a story, or minutes."""
    items: int = 0
    """Stories that are still to be heard, with the one at the ear."""
    place: float = 0.0
    """End of the chapter, in seconds of the story."""


class Playback(msgspec.Struct, frozen=True):
    """All that is listened to between two stops; a stop puts an empty one in its place."""

    current: Listening = msgspec.field(default_factory=Listening)
    """The source at the ear."""
    waiting: Listening | None = None
    """Live radio that was put aside for a story: paused, or to go on (PLAYING, CONNECTING)
    when the story is over."""
    pending: Listening | None = None
    """The stream that was chosen, while another plays on until this one has sound."""
    ready: tuple[Listening, ...] = ()
    """Streams that played before and are still taped, the last one first."""
    newscast: bool = False
    """True where the queue goes on when the story is over."""
    sleep: Sleep | None = None
    """Timer that stops all of it."""
    no_device: Problem | None = None
    """Reason why the sound does not reach anybody."""
    failures: int = 0
    """Plays in a row of which nothing could be decoded; zero with the next sound."""


class PlayerState(msgspec.Struct, frozen=True):
    """Snapshot of the player, replaced whole. All but ``playback`` outlives a stop."""

    playback: Playback = Playback()
    tuned: TunedSource | None = None
    """The stream or file that was tuned to last; it stays when the player is stopped."""
    last_tuning_id: int = 0
    """Highest number that was given to a tuning."""
    play_id: int = 0
    """Number of the engine's play; an engine event of another number is ignored."""
    volume: int = 80
    muted: bool = False
    rate: float = 1.0
    """Rate at which stories are heard; 1.0 is as they were spoken."""
    engine: str = ""
    queue: Queue = ()
    """What is to be heard. Its story at the ear stays the first until it was heard to its end."""
    missed: frozenset[str] = frozenset()
    """Keys of the queue that failed just now; the newscast passes them over."""
    recordings: tuple[Recording, ...] = ()
    never_silent: bool = False
    """True where a stream plays on until the next has sound."""
    most_ready: int = 0
    level_loudness: bool = True
    """True where every stream is made as loud as the others."""
    mute_ads: bool = False
    queue_name: str = ""
    """Name of the queue; empty for the one that is there from the beginning."""
    skip_silence: bool = False
    """True where silence in episodes is skipped."""

    def with_current(self, current: Listening) -> PlayerState:
        """The snapshot with another value of what is at the ear."""
        return replace(self, playback=replace(self.playback, current=current))

    @property
    def current(self) -> Listening:
        """The source at the ear."""
        return self.playback.current

    @property
    def waiting(self) -> Listening | None:
        """Live radio that was put aside for a story."""
        return self.playback.waiting

    @property
    def pending(self) -> Listening | None:
        """The stream that was chosen, while another plays on."""
        return self.playback.pending

    @property
    def ready(self) -> tuple[Listening, ...]:
        """Streams that played before and are still taped."""
        return self.playback.ready

    @property
    def newscast(self) -> bool:
        """True where the queue goes on when the story is over."""
        return self.playback.newscast

    @property
    def sleep(self) -> Sleep | None:
        """Timer that stops the playback."""
        return self.playback.sleep

    @property
    def no_device(self) -> Problem | None:
        """Reason why the sound does not reach anybody."""
        return self.playback.no_device

    @property
    def state(self) -> PlayState:
        """State of the source at the ear."""
        return self.current.state

    @property
    def story(self) -> QueueItem | None:
        """The story at the ear; None: live radio, a file, or nothing."""
        return self.current.story

    @property
    def play_rate(self) -> float:
        """Rate at which the source at the ear is heard; only a story's can be chosen."""
        return 1.0 if self.story is None else self.current.sound.rate or self.rate

    @property
    def skips_silence(self) -> bool:
        """True where the silence of the source at the ear is skipped; only an episode's can be."""
        own = self.current.sound.skips_silence
        is_episode = self.story is not None and bool(self.story.kept)
        return is_episode and (self.skip_silence if own is None else own)

    @property
    def station(self) -> str:
        """Id of the station that is or was tuned to."""
        return self.tuned.station if self.tuned else ""

    @property
    def stream(self) -> str:
        """Id of the stream that is or was tuned to."""
        return self.tuned.stream if self.tuned else ""

    @property
    def station_name(self) -> str:
        """Name of the station or file that is or was tuned to."""
        return self.tuned.station_name if self.tuned else ""

    @property
    def stream_name(self) -> str:
        """Name of the stream that is or was tuned to."""
        return self.tuned.stream_name if self.tuned else ""

    @property
    def key(self) -> tuple[str, str]:
        """Ids of station and stream."""
        return self.tuned.key if self.tuned else ("", "")

    @property
    def radio(self) -> Listening | None:
        """The stream or file that is tuned to, at the ear or waiting for a story's end."""
        return self.waiting if self.story is not None else self.current

    @property
    def listenings(self) -> tuple[Listening, ...]:
        """Every listening, the current one first."""
        aside = (self.waiting, self.pending, *self.ready)
        return (self.current, *(listening for listening in aside if listening is not None))

    @property
    def silenced(self) -> bool:
        """True while nothing is to be heard: muted, or an unwanted advertisement."""
        return self.muted or (self.mute_ads and self.current.ad and self.story is None)

    @property
    def upcoming(self) -> Queue:
        """Stories of the newscast that are still to be heard."""
        current = self.story.key if self.story else None
        return tuple(
            item for item in self.queue if item.key != current and item.key not in self.missed
        )

    @property
    def station_state(self) -> PlayState:
        """State of the station that is tuned to; PAUSED while it waits for a story."""
        if self.story is None:
            return self.state
        return PlayState.PAUSED if self.waiting else PlayState.STOPPED

    @property
    def recording(self) -> bool:
        """True while the stream that is tuned to is being recorded."""
        return any(
            recording.kind == "recording" and (recording.station, recording.stream) == self.key
            for recording in self.recordings
        )
