"""Sound of which a transcript is read: an episode, or a recording with its words beside it."""

from __future__ import annotations

import msgspec

from radiotui.app.intents import Intent
from radiotui.player.intents import GoToPlace
from radiotui.player.queue import QueueItem
from radiotui.stories.intents import ListenFrom
from radiotui.stories.model import Headline


class SpokenSource(msgspec.Struct, frozen=True):
    """An episode, or the recording at the ear."""

    entry: int
    """The store's number of the episode; 0 of a recording."""
    title: str
    podcast: str
    url: str
    """Its page, else its sound; empty for a recording."""
    path: str = ""
    """File of a recording."""
    languages: tuple[str, ...] = ()
    """Of its transcripts, as far as they are named."""

    @classmethod
    def of_headline(cls, headline: Headline) -> SpokenSource:
        """The episode of a headline."""
        url = headline.link or (headline.audio.url if headline.audio else "")
        return cls(headline.id, headline.title, headline.feed_title, url)

    @classmethod
    def of_item(cls, item: QueueItem | None) -> SpokenSource | None:
        """Source that the player hears, where it has a transcript, perhaps."""
        if item is None or not (item.path or item.entry):
            return None
        entry = 0 if item.path else item.entry
        return cls(entry, item.title, item.from_, item.url, item.path)

    @property
    def headline(self) -> int | None:
        """Number of the episode; None for a recording."""
        return self.entry or None

    def is_of(self, item: QueueItem | None) -> bool:
        """True where the player hears this very sound."""
        if item is None:
            return False
        return item.path == self.path if self.path else item.entry == self.entry

    def intent(self, at: float) -> Intent:
        """Hear it from a second on."""
        return GoToPlace(at) if self.headline is None else ListenFrom(self.headline, at)
