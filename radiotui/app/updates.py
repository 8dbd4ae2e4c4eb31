"""Updates that every front end receives: snapshots and notices."""

from __future__ import annotations

import msgspec

from radiotui.app.station_pictures import StationPicture
from radiotui.guide.model import OnAir
from radiotui.player.state import PlayerState
from radiotui.problems import Problem
from radiotui.stations.model import StationList
from radiotui.stories.model import StoryList


class Notice(msgspec.Struct, frozen=True):
    """News for the listener. It is shown once, and unlike a snapshot none may be dropped."""

    problem: Problem
    calm: bool = False
    """True where nothing is wrong: the notice only confirms an action."""


Snapshot = PlayerState | OnAir | StoryList | StationList | StationPicture
"""Each replaces the one before it (of its stream, section or station) whole; old ones may be
dropped."""
Update = Snapshot | Notice
"""Everything that a front end receives."""
