"""Updates that every front end receives: snapshots and notices."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from radiotui.problems import Problem

if TYPE_CHECKING:
    from radiotui.app.station_pictures import StationPicture
    from radiotui.guide.model import OnAir
    from radiotui.player.state import PlayerState
    from radiotui.stations.model import StationList
    from radiotui.stories.model import DownloadList, StoryList


class Notice(msgspec.Struct, frozen=True):
    """News for the listener. It is shown once, and unlike a snapshot none may be dropped."""

    problem: Problem
    calm: bool = False
    """True where nothing is wrong: the notice only confirms an action."""


class ClipBegin(msgspec.Struct, frozen=True):
    """Beginning of the clip that is being made; without a sound there is none."""

    sound: str = ""
    """Its :attr:`Listening.sound_key`."""
    at: float = 0.0
    """Place in it, in seconds."""


Snapshot: TypeAlias = (
    "PlayerState | OnAir | StoryList | StationList | StationPicture | DownloadList | ClipBegin"
)
"""Each replaces the one before it (of its stream, section or station) whole; old ones may be
dropped."""
Update: TypeAlias = "Snapshot | Notice"
"""Everything that a front end receives."""


class Outlet:
    """The way of updates to every front end; notices are held until there is one."""

    def __init__(self) -> None:
        self._front_ends: list[Callable[[Update], None]] = []
        self._early_notices: list[Notice] = []

    def subscribe(self, front_end: Callable[[Update], None]) -> None:
        """Send every update to ``front_end`` from now on; early notices at once."""
        self._front_ends.append(front_end)
        notices, self._early_notices = self._early_notices, []
        for notice in notices:
            front_end(notice)

    def publish(self, update: Update) -> None:
        """Send an update."""
        for front_end in self._front_ends:
            front_end(update)

    def notify(self, problem: Problem) -> None:
        """Report a problem, also before there is a front end."""
        notice = Notice(problem)
        if self._front_ends:
            self.publish(notice)
        else:
            self._early_notices.append(notice)
