"""Intents about stories, sent by any front end. What they change comes as a new StoryList."""

from __future__ import annotations

from msgspec import Struct


class ShowOlder(Struct, frozen=True, tag=True):
    """Lengthen the list of the current section by older stories."""


class NarrowList(Struct, frozen=True, tag=True):
    """Narrow the list of the current section to the stories with some words, while it is it."""

    words: str


class WidenList(Struct, frozen=True, tag=True):
    """Give the whole list of the current section back."""

    headline: int | None = None
    """The story that is to be in it, however old it is."""


class ToggleRefresh(Struct, frozen=True, tag=True):
    """Ask every feed of the current section now; end the refresh that is under way instead."""


class MarkRead(Struct, frozen=True, tag=True):
    """Mark stories read or unread."""

    headlines: tuple[int, ...]
    read: bool = True
    can_undo: bool = False
    """Whether one story is remembered for undo, as several are: one that is only opened is not."""


class Star(Struct, frozen=True, tag=True):
    """Keep a story for good (``starred``), or no longer."""

    headline: int
    starred: bool = True


class KeepPlace(Struct, frozen=True, tag=True):
    """Remember how far a story was read, from 0 to 1."""

    headline: int
    place: float


class ListenToStory(Struct, frozen=True, tag=True):
    """Play a story's own sound now; live radio waits on its tape meanwhile."""

    headline: int


class ListenFrom(Struct, frozen=True, tag=True):
    """Play a story's own sound from a place on, whether it is heard already or not."""

    headline: int
    at: float
    """Seconds from its beginning."""


class QueueStory(Struct, frozen=True, tag=True):
    """Append a story's sound to the queue."""

    headline: int


class QueueStoryNext(Struct, frozen=True, tag=True):
    """Hear a story's sound next: it goes to the front of the queue."""

    headline: int


SoundIntent = ListenToStory | ListenFrom | QueueStory | QueueStoryNext
LengthIntent = ShowOlder | NarrowList | WidenList
StoryIntent = LengthIntent | ToggleRefresh | MarkRead | Star | KeepPlace | SoundIntent
