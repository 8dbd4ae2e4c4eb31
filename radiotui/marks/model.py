"""Programme marks and alarms, as values."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Literal, NamedTuple, get_args

import msgspec

MarkAction = Literal["remind", "tune", "record"]
ACTIONS: tuple[MarkAction, ...] = get_args(MarkAction)
ACTION_WORDS: dict[MarkAction, str] = {
    "remind": "reminded of",
    "tune": "tuned in to",
    "record": "recorded",
}
"""Participles for "the programme is …"."""

LENGTH_UNKNOWN = timedelta(hours=1)
"""Length of a programme whose end nobody publishes."""


class WeekSlot(NamedTuple):
    """A time of the week on the station's clock."""

    weekday: int
    """Monday 0 to Sunday 6."""
    at: time


class ProgrammeMark(msgspec.Struct, frozen=True):
    """A coming broadcast of a programme, and what is done when it begins."""

    id: int
    """0 before it is in the store."""
    action: MarkAction
    station: str
    stream: str
    title: str
    begins_at: datetime
    """UTC; as the schedule has it now."""
    ends_at: datetime | None = None
    """None where nobody publishes it."""
    slot: WeekSlot | None = None
    """The time of the week of a mark that holds every week; None: it holds once."""
    has_timer: bool = False
    """A timer of the system records it where radiotui does not run."""
    taken_by: int | None = None
    """The process that records this broadcast."""

    @property
    def is_weekly(self) -> bool:
        """True where it holds every week."""
        return self.slot is not None

    @property
    def over_at(self) -> datetime:
        """The end, or a likely one."""
        return self.ends_at or self.begins_at + LENGTH_UNKNOWN

    @property
    def place(self) -> str:
        """Station and stream, as the command line names them."""
        return f"{self.station}/{self.stream}"


class MissedProgramme(msgspec.Struct, frozen=True):
    """A marked broadcast that was not recorded, tuned in to or reminded of."""

    action: MarkAction
    station: str
    stream: str
    title: str
    begins_at: datetime
    reason: str
    is_new: bool = True
    """The listener was not told yet."""
