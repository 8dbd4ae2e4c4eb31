"""Messages of the stations: what the listener looks at, and what is chosen."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from radiotui.stories.model import SectionKey


@dataclass
class StreamChosen(Message):
    """The listener chose a stream."""

    station: str
    stream: str


@dataclass
class LookedAt(Message):
    """The listener rests on a station, or on a list of stories."""

    section: SectionKey


@dataclass
class ListChosen(Message):
    """The listener wants to go to these stories."""

    section: SectionKey
