"""One source that is listened to, as a frozen value: what it is, and the place of the ear on it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from radiotui.player.intents import EpisodeSound
from radiotui.problems import Problem

if TYPE_CHECKING:
    from radiotui.player.queue import QueueItem
    from radiotui.radio.tape.marks import Mark

LAST_SECONDS = 1.0
"""Seconds before the newest sound that no move leads to: there is too little to hear."""
DELAY_SLACK = 5.0
"""Seconds from the place that a delay wants at which one is still there."""


class PlayState(StrEnum):
    """States of a listening, in a listener's words."""

    STOPPED = "stopped"
    CONNECTING = "connecting"
    """Tuned, and nothing heard yet."""
    PLAYING = "playing"
    PAUSED = "paused"
    """Silent, still taping."""


class StreamSource(Struct, frozen=True, tag=True):
    """Live radio: a stream of a station."""

    station: str
    """Id, as in the station list."""
    stream: str
    station_name: str = ""
    stream_name: str = ""
    delay: float = 0.0
    """Seconds that it is to be heard later than it is sent."""

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


class Listening(msgspec.Struct, frozen=True):
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
    sound: EpisodeSound = EpisodeSound()
    """How an episode is heard."""

    @property
    def story(self) -> QueueItem | None:
        """The story, where the source is one."""
        return self.source.item if isinstance(self.source, StorySource) else None

    @property
    def key(self) -> tuple[str, str]:
        """Ids of station and stream; empty for all but a stream or a file."""
        return ("", "") if isinstance(self.source, StorySource | None) else self.source.key

    @property
    def sound_key(self) -> str:
        """The same as long as places are of the same sound; empty where there are none."""
        if self.story is not None:
            return f"story {self.story.key}"
        return f"tape {self.tuning_id}" if isinstance(self.source, StreamSource) else ""

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
    def delay(self) -> float:
        """Seconds that it is to be heard later than it is sent; zero for most sources."""
        return self.source.delay if isinstance(self.source, StreamSource) else 0.0

    @property
    def delay_left(self) -> float:
        """Seconds until so much is on the tape as the delay needs; zero once it is."""
        taped = self.tape_end - self.tape_start
        return max(0.0, self.delay + self.burst - taped) if self.delay else 0.0

    @property
    def is_delayed(self) -> bool:
        """True where the ear is at the place that the delay wants."""
        apart = abs(self.tape_end - self.newest_place - self.behind)
        return bool(self.delay) and not self.delay_left and apart <= DELAY_SLACK

    @property
    def newest_place(self) -> float:
        """Place of the ear when it is live, or as late as is wanted, in seconds; of a story, almost
        its end.
        """
        if self.story is not None:
            return max(self.tape_start, self.tape_end - LAST_SECONDS)
        if self.off_air:
            return self.tape_end
        delay = 0.0 if self.delay_left else self.delay
        return max(self.tape_start, self.tape_end - self.burst - delay)

    @property
    def lag(self) -> float:
        """Seconds behind what a listener who is live hears."""
        return self.behind - self.burst
