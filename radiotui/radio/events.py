"""Events of a connection to a station."""

from __future__ import annotations

from datetime import datetime

import msgspec

from radiotui.problems import Problem


class Arrived(msgspec.Struct, frozen=True):
    """Sound has begun to arrive."""

    codec: str
    bitrate_kbps: int | None
    begin_at: float | None = None
    """Place on the tape at which a live listener begins, where that is not its newest end."""
    burst: float = 0.0
    """Seconds that come at once with it: so far behind the newest end is live."""


class Lost(msgspec.Struct, frozen=True):
    """There is no connection. ``retry_at`` is when the next one is tried, None: at once."""

    problem: Problem
    retry_at: datetime | None


class Finished(msgspec.Struct, frozen=True):
    """The address was a file with an end, and all of it is on the tape."""


TunerEvent = Arrived | Lost | Finished


class Dropped(Exception):  # noqa: N818 - it is what happened
    """A connection that had brought sound is gone.

    ``is_end``: the other side closed it as it would at the end of a file.
    """

    def __init__(self, problem: Problem, *, is_end: bool = False) -> None:
        super().__init__(problem)
        self.problem = problem
        self.is_end = is_end
