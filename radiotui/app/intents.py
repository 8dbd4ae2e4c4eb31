"""Intents of every front end: one tagged union, obeyed by ``Companion.do``.

Those about the radio stand in :mod:`radiotui.player.intents`, those about stories
in :mod:`radiotui.stories.intents`. Each can be sent as JSON: streams and files are
named by ids, addresses and paths.
"""

from __future__ import annotations

from msgspec import Struct

from radiotui.player.intents import GoToPlayed, KeepIntent, SleepIn, StepIntent
from radiotui.stories.intents import StoryIntent
from radiotui.stories.model import SectionKey


class Tune(Struct, frozen=True, tag=True):
    """Tune to a stream of the station list; the one that played before ends."""

    station: str
    stream: str
    remember: bool = True
    """Whether the next start of the screen offers it."""


class PlayAddress(Struct, frozen=True, tag=True):
    """Play the stream behind an address that need not be in the station list."""

    url: str


class PlayFile(Struct, frozen=True, tag=True):
    """Play a file of this computer from its beginning to its end."""

    path: str


class LookAt(Struct, frozen=True, tag=True):
    """Follow a section's stories from now on, and a station's schedules."""

    section: SectionKey


class FollowSchedules(Struct, frozen=True, tag=True):
    """Follow the schedules of every stream, or again only of what is looked at and tuned to."""

    everything: bool


class FollowInView(Struct, frozen=True, tag=True):
    """Follow the schedules of these streams too: a front end has them in view."""

    streams: tuple[tuple[str, str], ...]
    """Station and stream of each."""


class StarPlayed(Struct, frozen=True, tag=True):
    """Keep an entry of the history for good (``starred``), or no longer."""

    played: int
    """The entry's id."""
    starred: bool = True


class ForgetPlayed(Struct, frozen=True, tag=True):
    """Take an entry out of the history; ``History.undo`` puts it back."""

    played: int
    """The entry's id."""


class PlayRecording(Struct, frozen=True, tag=True):
    """Play a recording; live radio waits on its tape and goes on afterwards."""

    path: str
    """Of its file, in the folder for recordings."""


class QueueRecording(Struct, frozen=True, tag=True):
    """Append a recording to the queue, or put it at its front."""

    path: str
    is_next: bool = False


class RenameRecording(Struct, frozen=True, tag=True):
    """Give a recording another title, in its tags and in its file's name."""

    path: str
    title: str


class DeleteRecording(Struct, frozen=True, tag=True):
    """Delete a recording; ``Recordings.undo`` brings it back for some minutes."""

    path: str


class ToggleDownload(Struct, frozen=True, tag=True):
    """Download an episode; of one that is downloaded stop it, or remove its file.

    Until the program ends the same brings a removed file back.
    """

    headline: int


DownloadIntent = ToggleDownload


class ToggleClip(Struct, frozen=True, tag=True):
    """Begin a clip at the ear, or end it there and keep it."""


class PlayClip(Struct, frozen=True, tag=True):
    """Play a clip from its beginning: its episode, or its own file."""

    number: int


class NoteClip(Struct, frozen=True, tag=True):
    """Give a clip another note."""

    number: int
    note: str


class RemoveClip(Struct, frozen=True, tag=True):
    """Remove a clip and its file; ``Clips.undo`` brings both back."""

    number: int


ClipIntent = ToggleClip | PlayClip | NoteClip | RemoveClip
HistoryIntent = StarPlayed | ForgetPlayed
RecordingIntent = PlayRecording | QueueRecording | RenameRecording | DeleteRecording
CompanionIntent = Tune | PlayAddress | PlayFile | LookAt | FollowSchedules | FollowInView
RadioIntent = StepIntent | KeepIntent | SleepIn | GoToPlayed
Intent = (
    CompanionIntent
    | HistoryIntent
    | RecordingIntent
    | DownloadIntent
    | ClipIntent
    | StoryIntent
    | RadioIntent
)
