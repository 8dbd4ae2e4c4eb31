"""Frozen snapshots of the player: the listener's settings, and what is listened to.

:class:`PlayerState` holds what stays when another station is chosen, and up to
four kinds of :class:`Listening`: the current one, one that waits for a story to
end, one that has no sound yet, and those that are taped for a quick return.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from msgspec import Struct

from radiotui.player.queue import Queue, QueueItem
from radiotui.problems import Problem
from radiotui.radio.tape.marks import Mark
from radiotui.recording.model import Recording

__all__ = [
    "Cost",
    "Listening",
    "ListeningSource",
    "LocalFile",
    "Mark",
    "PlayState",
    "PlayerState",
    "Recording",
    "Sleep",
    "StorySource",
    "StreamSource",
]

LAST_SECONDS = 1.0
"""Seconds before the newest sound that no move leads to: there is too little to hear."""


class PlayState(StrEnum):
    """States of a listening, in a listener's words."""

    STOPPED = "stopped"
    CONNECTING = "connecting"
    """Tuned, and nothing heard yet."""
    PLAYING = "playing"
    PAUSED = "paused"
    """Silent, still taping."""


@dataclass(frozen=True, slots=True)
class Cost:
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


@dataclass(frozen=True, slots=True)
class Sleep:
    """Sleep timer: the end after which the player is silent."""

    after: Literal["minutes", "programme", "song"]
    """"song": the story, while one is heard."""
    until: datetime | None = None
    """Time of that end, on the clock; None: not known yet."""
    until_change_of: str = ""
    """Identity of the programme, song or story; the timer is over when another is heard."""


class StreamSource(Struct, frozen=True, tag=True):
    """Live radio: a stream of a station."""

    station: str
    """Id, as in the station list."""
    stream: str
    station_name: str = ""
    stream_name: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Ids of station and stream."""
        return self.station, self.stream


class LocalFile(Struct, frozen=True, tag=True):
    """A file of the listener's, opened by the engine itself."""

    path: str
    station_name: str
    """Name of the file; it stands in the place of a station's."""
    station: str = ""
    stream: str = ""
    stream_name: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Word for files, and the path."""
        return "file", self.path


class StorySource(Struct, frozen=True, tag=True):
    """The sound of a story, from its beginning to its end."""

    item: QueueItem


TunedSource = StreamSource | LocalFile
"""Sources that are chosen; a story is only put between."""
ListeningSource = TunedSource | StorySource


@dataclass(frozen=True, slots=True)
class Listening:
    """One source and its state. Places on the tape are seconds of sound."""

    source: ListeningSource | None = None
    """None while nothing is listened to."""
    tuning_id: int = 0
    """Number of the connection; an event of another number is ignored."""
    state: PlayState = PlayState.STOPPED
    position: float | None = None
    """Place of the ear on the tape; while paused, the place to resume at."""
    tape_start: float = 0.0
    tape_end: float = 0.0
    behind: float = 0.0
    """Seconds between the ear and the newest sound on the tape."""
    live: bool = False
    """True where the ear is at the newest sound (a server's first burst counts as live)."""
    burst: float = 0.0
    """Seconds the server sent ahead of the first sound: the distance at which "live" is."""
    heard_at: datetime | None = None
    """Time at which the station sent what is heard."""
    title: str | None = None
    """Title at the ear, not the one that arrives."""
    title_at: datetime | None = None
    """Time at which the station sent the beginning of that title."""
    ad: bool = False
    """True where the stream marks the sound at the ear as an advertisement."""
    programme: str = ""
    """Programme at the ear; empty while it is not known."""
    programme_at: datetime | None = None
    """Begin of the programme."""
    programme_until: datetime | None = None
    """Announced end of the programme."""
    marks: tuple[Mark, ...] = ()
    """Marks of the tape, in the order of their places."""
    codec: str = ""
    """Empty until the first sound has arrived."""
    bitrate_kbps: int | None = None
    off_air: bool = False
    """True without a connection; the sound on the tape plays on."""
    problem: Problem | None = None
    """Reason why there is no connection or no sound."""
    retry_at: datetime | None = None
    """Time of the next attempt to connect."""
    gain_db: float = 0.0
    """Gain that makes it as loud as other streams."""
    length: float | None = None
    """Seconds of the whole story, as far as it is known."""

    @property
    def story(self) -> QueueItem | None:
        """The story, where the source is one."""
        return self.source.item if isinstance(self.source, StorySource) else None

    @property
    def key(self) -> tuple[str, str]:
        """Ids of station and stream; empty for all but a stream or a file."""
        return ("", "") if isinstance(self.source, StorySource | None) else self.source.key

    @property
    def station(self) -> str:
        """Id of the station; empty for all but a stream."""
        return self.source.station if isinstance(self.source, StreamSource) else ""

    @property
    def station_name(self) -> str:
        """Name of the station or of the file; empty for a story."""
        return "" if isinstance(self.source, StorySource | None) else self.source.station_name

    @property
    def stream_name(self) -> str:
        """Name of the stream; empty for all but a stream."""
        return self.source.stream_name if isinstance(self.source, StreamSource) else ""

    @property
    def is_playing(self) -> bool:
        """True while it sounds, or would if the connection had not gone."""
        return self.state is PlayState.PLAYING

    @property
    def reconnecting(self) -> bool:
        """True while the connection is gone and will be tried again."""
        # After a stop of its own a story is not tried again.
        is_tried = self.story is None or self.retry_at is not None
        return self.off_air and self.problem is not None and is_tried

    @property
    def is_dry(self) -> bool:
        """True while reconnecting with no sound left on the tape."""
        return self.reconnecting and self.behind < 1

    @property
    def is_behind(self) -> bool:
        """True where the ear is at another time of the station than now."""
        listens = self.state is not PlayState.STOPPED and self.position is not None
        return listens and not self.live and self.story is None

    @property
    def newest_place(self) -> float:
        """Place of the ear when it is live, in seconds; of a story, almost its end."""
        if self.story is not None:
            return max(self.tape_start, self.tape_end - LAST_SECONDS)
        if self.off_air:
            return self.tape_end
        return max(self.tape_start, self.tape_end - self.burst)

    @property
    def lag(self) -> float:
        """Seconds behind what a listener who is live hears."""
        return self.behind - self.burst


@dataclass(frozen=True, slots=True)
class PlayerState:
    """Snapshot of the player, replaced whole."""

    current: Listening = Listening()
    """The source at the ear."""
    waiting: Listening | None = None
    """Live radio that was put aside for a story: paused, or to go on (PLAYING, CONNECTING)
    when the story is over."""
    pending: Listening | None = None
    """The stream that was chosen, while another plays on until this one has sound."""
    ready: tuple[Listening, ...] = ()
    """Streams that played before and are still taped, the last one first."""
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
    no_device: Problem | None = None
    """Reason why the sound does not reach anybody."""
    queue: Queue = ()
    """The newscast. Its story at the ear stays the first until it was heard to its end."""
    newscast: bool = False
    """True where the queue goes on when the story is over."""
    missed: frozenset[str] = frozenset()
    """Keys of the queue that failed just now; the newscast passes them over."""
    recordings: tuple[Recording, ...] = ()
    sleep: Sleep | None = None
    never_silent: bool = False
    """True where a stream plays on until the next has sound."""
    most_ready: int = 0
    level_loudness: bool = True
    """True where every stream is made as loud as the others."""
    mute_ads: bool = False

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
        return 1.0 if self.story is None else self.rate

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
