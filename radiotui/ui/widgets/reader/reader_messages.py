"""Messages of the reader: what it lacks, and what its listener does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from radiotui.ui.widgets.reader.picture_protocols import PhotoRoom


class PictureWanted(Message):
    """A picture comes into view that is not drawn yet."""

    def __init__(self, url: str, room: PhotoRoom) -> None:
        super().__init__()
        self.url = url
        self.room = room


class PageWanted(Message):
    """The listener wants to see a web page."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url


class RestsAt(Message):
    """The listener stays at a place of a story, between 0 and 1."""

    def __init__(self, headline: int, place: float) -> None:
        super().__init__()
        self.headline = headline
        self.place = place
