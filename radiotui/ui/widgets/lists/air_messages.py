"""Messages of the stations: what the listener looks at, and what is chosen."""

from __future__ import annotations

from textual.message import Message

from radiotui.stories.model import SectionKey


class StreamChosen(Message):
    """The listener chose a stream."""

    def __init__(self, station: str, stream: str) -> None:
        super().__init__()
        self.station = station
        self.stream = stream


class LookedAt(Message):
    """The listener rests on a station, or on a list of stories."""

    def __init__(self, section: SectionKey) -> None:
        super().__init__()
        self.section = section


class ListChosen(Message):
    """The listener wants to go to these stories."""

    def __init__(self, section: SectionKey) -> None:
        super().__init__()
        self.section = section
