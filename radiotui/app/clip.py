"""Clip: a place of something that was heard, from a beginning to an end, with a note."""

from __future__ import annotations

from datetime import datetime

import msgspec

from radiotui.store.clips import StoredClip
from radiotui.text import clean, clock_duration

LONGEST_NOTE = 2000


class Clip(msgspec.Struct, frozen=True, omit_defaults=True):
    """Place that was marked. It tells all by itself: its episode may be gone."""

    title: str
    """Of the episode or story; of the radio the programme or title at its beginning."""
    source: str
    """The podcast, or the station."""
    begin: float
    """Seconds: from the episode's beginning; of the radio from its tape's, which is gone."""
    end: float
    made_at: datetime
    url: str = ""
    """Of the sound; empty for the radio and for files."""
    link: str = ""
    """Of the episode's page."""
    feed: str = ""
    """Address of the feed, and the entry's name in it; empty for the radio."""
    guid: str = ""
    began_at: datetime | None = None
    """When the station sent its beginning; None for all but the radio."""
    note: str = ""
    lines: tuple[str, ...] = ()
    """Of the transcript, each with its time and speaker."""
    path: str = ""
    """File of its sound; empty while there is none."""
    number: int = 0
    """The store's; 0 before it is kept."""

    @property
    def seconds(self) -> float:
        """Length of it in seconds."""
        return self.end - self.begin

    @property
    def place(self) -> str:
        """ "12:34-13:10"; of the radio the day and time at which it was sent."""
        if self.began_at is not None:
            return f"{self.began_at.astimezone():%Y-%m-%d %H:%M:%S}"
        return f"{clock_duration(self.begin)}-{clock_duration(self.end)}"

    @property
    def words(self) -> str:
        """The clip as it is handed on: lines, note, and what it is of."""
        source = (f"“{self.title}”" if self.title else "", self.source, self.place, self.link)
        parts = ["\n".join(self.lines), self.note, f"— {', '.join(filter(None, source))}"]
        return "\n\n".join(filter(None, parts))

    @property
    def searched(self) -> str:
        """All its words, for the search."""
        return "\n".join((self.title, self.source, self.note, *self.lines)).casefold()


def written(clip: Clip) -> str:
    """A clip as JSON for the store, which has its number apart."""
    return msgspec.json.encode(msgspec.structs.replace(clip, number=0)).decode()


def read_clip(stored: StoredClip) -> Clip:
    """A clip from the store. Raises ValueError for what is none."""
    clip = msgspec.json.decode(stored.content, type=Clip)
    return msgspec.structs.replace(clip, number=stored.number)


def clean_note(typed: str) -> str:
    """A note as it is kept: one line."""
    return clean(typed, LONGEST_NOTE)
