"""What is being listened to, as one frozen snapshot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from radiotui.player.newscast import Queue, Spoken
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
    spoken: Spoken | None = None
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
        title_at=None,
        programme="",
        programme_at=None,
        programme_until=None,
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
        spoken=None,
        length=None,
        waiting=None,
        newscast=False,
    )
