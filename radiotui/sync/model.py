"""Account, actions and changes that are exchanged with a server of gpodder's kind."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol

import msgspec

SyncKind = Literal["off", "gpodder", "nextcloud"]
_END = 10.0
"""Seconds before its end from which an episode counts as heard; clients differ by some seconds."""


class EpisodeAction(msgspec.Struct, frozen=True, kw_only=True):
    """A place in an episode that was heard to, on one of the listener's devices."""

    podcast: str
    """Address of the feed, as the device that heard it names it."""
    episode: str
    """Address of the enclosure."""
    guid: str = ""
    """Name of the episode within its feed; empty where the device does not tell it."""
    at: datetime
    position: float
    """Seconds."""
    total: float = 0.0
    """Seconds; 0.0 where they are not known."""

    @property
    def is_played(self) -> bool:
        """True where the episode was heard to its end."""
        return 0 < self.total <= self.position + _END

    @property
    def key(self) -> str:
        """Name of the episode, for what stands in for another action of it."""
        return self.guid or self.episode


class SubscriptionChanges(msgspec.Struct, frozen=True):
    """Addresses of feeds that were subscribed to and given up since a time of the server."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


class ActionPage(msgspec.Struct, frozen=True):
    """Actions that a server told, and the time of its own to ask from next."""

    actions: tuple[EpisodeAction, ...]
    timestamp: int


class ChangesPage(msgspec.Struct, frozen=True):
    """Changes of subscriptions that a server told, and the time to ask from next."""

    changes: SubscriptionChanges
    timestamp: int


class SyncServer(Protocol):
    """Server that a listener's devices synchronise with. Every question may raise Problem.

    ``since`` are times of the server itself; 0 asks for everything.
    """

    async def announce(self, caption: str) -> None:
        """Tell the name of this device."""

    async def subscriptions(self, since: int) -> ChangesPage:
        """Changes of subscriptions, this device's own among them."""

    async def send_subscriptions(self, changes: SubscriptionChanges) -> dict[str, str]:
        """Send changes; the addresses that the server keeps instead, by those that were sent."""

    async def actions(self, since: int) -> ActionPage:
        """Actions of all devices."""

    async def send_actions(self, actions: tuple[EpisodeAction, ...]) -> None:
        """Send actions. One that the server finds bad makes it refuse all of them."""
