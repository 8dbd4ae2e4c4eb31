"""Marks of coming programmes, set from a sheet and said on it."""

from __future__ import annotations

from textual.notifications import SeverityLevel
from textual.widget import Widget

from radiotui.app.companion import Companion
from radiotui.app.marks import MarkOutcome
from radiotui.guide.model import Programme
from radiotui.marks.model import MarkAction, ProgrammeMark
from radiotui.stations.model import Station, Stream


class Marking:
    """Changes of the listener's marks, each told by a message of the sheet."""

    def __init__(self, companion: Companion, sheet: Widget) -> None:
        self._companion = companion
        self._sheet = sheet

    def comes(self, programme: Programme) -> bool:
        """True where a programme has not begun."""
        return programme.start is not None and programme.start > self._companion.clock()

    def mark_of(
        self, station: Station, stream: Stream, programme: Programme
    ) -> ProgrammeMark | None:
        """The mark of a coming programme."""
        if not self.comes(programme):
            return None
        return self._companion.marks.mark_of(station.id, stream.id, programme)

    async def mark(
        self, action: MarkAction, station: Station, stream: Stream, programme: Programme
    ) -> None:
        """Mark a coming programme, or take that mark off it again."""
        mark = self.mark_of(station, stream, programme)
        if mark is not None and mark.action == action:
            await self._companion.marks.remove(mark.id)
            self.say("It is marked no longer")
            return
        is_weekly = mark is not None and mark.is_weekly
        marks = self._companion.marks
        self._tell(await marks.add(action, station, stream, programme, weekly=is_weekly))

    async def set_weekly(self, mark: ProgrammeMark) -> None:
        """Let a mark hold every week, or once."""
        self._tell(await self._companion.marks.set_weekly(mark, weekly=not mark.is_weekly))

    def _tell(self, outcome: MarkOutcome) -> None:
        severity: SeverityLevel = "warning" if outcome.notes else "information"
        seconds = 8 if outcome.notes else 3
        words = "\n".join((outcome.words, *outcome.notes))
        self._sheet.notify(words, severity=severity, markup=False, timeout=seconds)

    def say(self, words: str) -> None:
        """Show a message for a moment."""
        self._sheet.notify(words, markup=False, timeout=3)
