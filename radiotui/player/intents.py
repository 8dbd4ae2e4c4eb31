"""Intents of a listener towards the player, obeyed by ``Player.do``.

Each is frozen and tagged with its name, so that another program can send it as
JSON. Relative ones ("louder", "mute or unmute") are decided by ``step()``.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

from msgspec import Struct

from radiotui.player.queue import Queue, QueueItem
from radiotui.stations.model import Station, Stream


class PlayStream(Struct, frozen=True, tag=True):
    """Tune to a stream; a story ends. It need not be in the station list."""

    station: Station
    stream: Stream


class PlayPath(Struct, frozen=True, tag=True):
    """Play a file of the listener's from its beginning to its end."""

    path: Path


class Pause(Struct, frozen=True, tag=True):
    """Silence now, the next word later."""


class Resume(Struct, frozen=True, tag=True):
    """Playing on at the place of the pause."""


class TogglePause(Struct, frozen=True, tag=True):
    """Pause, resume, or tune again to the station that was stopped."""


class Stop(Struct, frozen=True, tag=True):
    """End of the newest choice: of the story, of the stream without sound yet, of the station.

    What was heard beside the story or the stream without sound is heard on.
    """


class CancelTuning(Struct, frozen=True, tag=True):
    """End of the tuning to a stream that has no sound yet, while another is heard."""


class SetVolume(Struct, frozen=True, tag=True):
    """Volume in per cent, bounded to 0 and 100."""

    volume: int
    muted: bool = False


class ChangeVolume(Struct, frozen=True, tag=True):
    """Volume louder or softer by so many per cent; unmutes."""

    by: int


class ToggleMute(Struct, frozen=True, tag=True):
    """Mute or unmute."""


class SetRate(Struct, frozen=True, tag=True):
    """Rate at which stories are heard, bounded to 0.5 and 3; a station is heard as it sends."""

    rate: float


class ChangeRate(Struct, frozen=True, tag=True):
    """Faster or slower (below 0) by so much, bounded as the rate is."""

    by: float


class ToggleSkipSilence(Struct, frozen=True, tag=True):
    """Silence in episodes skipped, or heard as it is."""


class EpisodeSound(Struct, frozen=True):
    """Sound of an episode, as its podcast is set; None where it is heard as every other one."""

    rate: float | None = None
    skips_silence: bool | None = None
    gain_db: float | None = None
    """Gain over the volume; None: the one that makes it as loud as other sound."""
    intro: float = 0.0
    """Seconds at its beginning that are skipped."""
    outro: float = 0.0
    """Seconds at its end that are skipped."""


class SetEpisodeSound(Struct, frozen=True, tag=True):
    """The way an episode is heard, if it is the one that is at the ear."""

    key: str
    sound: EpisodeSound


class ToggleLevelLoudness(Struct, frozen=True, tag=True):
    """Every stream as loud as the others, or each as it is sent."""


class ToggleMuteAds(Struct, frozen=True, tag=True):
    """Silence during what the stream marks as an advertisement, or not."""


class SleepIn(Struct, frozen=True, tag=True):
    """Silence in so many minutes."""

    minutes: float


class SleepAfter(Struct, frozen=True, tag=True):
    """Silence at the end of the programme, of the song or story, or of its chapter, at the ear."""

    end: Literal["programme", "song", "chapter"]


class SleepAfterItems(Struct, frozen=True, tag=True):
    """Silence after so many stories of the queue; the one at the ear is the first of them."""

    count: int


class CancelSleep(Struct, frozen=True, tag=True):
    """No silence by itself any more."""


class Shift(Struct, frozen=True, tag=True):
    """Move by so many seconds of the tape (below 0: back)."""

    seconds: float


class GoToPlace(Struct, frozen=True, tag=True):
    """Move to a place on the tape, in seconds."""

    at: float


class GoLive(Struct, frozen=True, tag=True):
    """Move to the newest sound of the station; a story ends."""


class GoToBeginning(Struct, frozen=True, tag=True):
    """Move to the beginning of the programme, or of the tape."""


class GoToMark(Struct, frozen=True, tag=True):
    """Move to the next mark (1) or to the one before (-1)."""

    by: int


class GoToPlayed(Struct, frozen=True, tag=True):
    """Move to the sound a stream sent at a time, tuning to it if need be."""

    station: str
    stream: str
    began: datetime


class PlayItem(Struct, frozen=True, tag=True):
    """Play a story now; live radio waits on its tape and goes on afterwards."""

    item: QueueItem


class Enqueue(Struct, frozen=True, tag=True):
    """Add stories at the end of the queue; a story that is in it keeps its place."""

    items: Queue


class EnqueueNext(Struct, frozen=True, tag=True):
    """Add stories at the front of the queue, behind the one at the ear; those in it move there."""

    items: Queue


class PlayQueue(Struct, frozen=True, tag=True):
    """Play the queue from its first story, then live radio again."""


class PlayFromQueue(Struct, frozen=True, tag=True):
    """Play a story of the queue now; the queue goes on behind it."""

    key: str


class ClearQueue(Struct, frozen=True, tag=True):
    """Take all out of the queue, but for the story of it at the ear."""


class ShowQueue(Struct, frozen=True, tag=True):
    """The queue as it is stored; what is heard is heard on."""

    items: Queue
    name: str


class SkipQueueItem(Struct, frozen=True, tag=True):
    """End this story: the next of the queue, or back to live radio."""


class RemoveFromQueue(Struct, frozen=True, tag=True):
    """Remove a story from the queue; if it is being heard, the next is."""

    key: str


class MoveInQueue(Struct, frozen=True, tag=True):
    """Move a queued story by so many places (below 0: earlier)."""

    key: str
    by: int


class EndItem(Struct, frozen=True, tag=True):
    """End a story or recording, if it is the one that is heard."""

    key: str


class ReplaceItem(Struct, frozen=True, tag=True):
    """Name a recording otherwise that is being heard: its file was renamed."""

    key: str
    """Before that."""
    item: QueueItem


class KeepSong(Struct, frozen=True, tag=True):
    """Keep the song that is heard or has just ended."""


class KeepMinutes(Struct, frozen=True, tag=True):
    """Keep the last so many minutes before the ear."""

    minutes: float


class KeepProgramme(Struct, frozen=True, tag=True):
    """Keep the programme from its beginning to the ear."""


class KeepPlayed(Struct, frozen=True, tag=True):
    """Keep the song that a stream began to send at a time."""

    station: str
    stream: str
    began: datetime


class ToggleRecording(Struct, frozen=True, tag=True):
    """Record from the ear on, or end the recording of this stream."""


class StopRecording(Struct, frozen=True, tag=True):
    """End a recording, by its number."""

    number: int


class RecordProgramme(Struct, frozen=True, tag=True):
    """Record a programme from its beginning to its end; nobody need listen to the stream."""

    key: str
    """Of who wants it; the same key once more changes nothing."""
    station: Station
    stream: Stream
    title: str
    begins_at: datetime
    ends_at: datetime


Move = Shift | GoToPlace | GoLive | GoToBeginning | GoToMark
"""Moves on the tape. One more needs a case in :func:`radiotui.player.moves.move` only."""
Transport = Pause | Resume | TogglePause | Stop | CancelTuning
Setting = (
    SetVolume
    | ChangeVolume
    | ToggleMute
    | SetRate
    | ChangeRate
    | ToggleSkipSilence
    | SetEpisodeSound
    | ToggleLevelLoudness
    | ToggleMuteAds
    | SleepAfter
    | SleepAfterItems
    | CancelSleep
)
QueueIntent = (
    PlayItem
    | Enqueue
    | EnqueueNext
    | PlayQueue
    | PlayFromQueue
    | ClearQueue
    | SkipQueueItem
    | RemoveFromQueue
    | MoveInQueue
    | EndItem
    | ReplaceItem
)
KeepIntent = (
    KeepSong
    | KeepMinutes
    | KeepProgramme
    | KeepPlayed
    | ToggleRecording
    | StopRecording
    | RecordProgramme
)
StepIntent = Move | Transport | Setting | QueueIntent
"""Intents that ``step()`` decides alone."""
PlayerIntent = StepIntent | ShowQueue | KeepIntent | PlayStream | PlayPath | SleepIn | GoToPlayed
