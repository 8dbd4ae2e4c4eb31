"""Marks of coming programmes, set from a sheet and said on it."""

from __future__ import annotations

from typing import NamedTuple

from textual import work
from textual.notifications import SeverityLevel

from radiotui.app.companion import Companion
from radiotui.app.marks import MarkOutcome
from radiotui.guide.model import Programme
from radiotui.marks.model import MarkAction, ProgrammeMark
from radiotui.stations.model import Station, Stream
from radiotui.ui.commands.keymap import Keymap
from radiotui.ui.kit.modal import Modal, Result


class Broadcast(NamedTuple):
    """A programme, and the stream that has it."""

    station: Station
    stream: Stream
    programme: Programme


class MarkingSheet(Modal[Result]):
    """Sheet with programmes, on which the highlighted one is marked where it is to come.

    ``surface`` begins the ids of its commands: "day" has "day.record".
    """

    def __init__(self, keymap: Keymap, companion: Companion, surface: str) -> None:
        super().__init__(keymap)
        self._companion = companion
        self._surface = surface

    def broadcast(self) -> Broadcast | None:
        """The highlighted broadcast; None where nothing, or something else, is highlighted."""
        raise NotImplementedError

    def show_marks(self) -> None:
        """Show the marks as they are now."""
        raise NotImplementedError

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

    def action_mark(self, action: MarkAction) -> None:
        """Mark the highlighted programme, or take that mark off it again."""
        broadcast = self._coming()
        if broadcast is not None:
            self._mark(broadcast, action)

    def action_weekly(self) -> None:
        """Let the highlighted programme's mark hold every week, or once."""
        broadcast = self._coming()
        mark = self.mark_of(*broadcast) if broadcast else None
        if mark is not None:
            self._set_weekly(mark)
        elif broadcast is not None:
            self.say(f"It has no mark · {self.key(f'{self._surface}.record')} records it")

    def _coming(self) -> Broadcast | None:
        """The highlighted broadcast where it is to come; else it is said that it is not."""
        broadcast = self.broadcast()
        if broadcast is None or self.comes(broadcast.programme):
            return broadcast
        self.say("Only a programme that comes can be marked")
        return None

    @work(group="mark", exit_on_error=False)
    async def _mark(self, broadcast: Broadcast, action: MarkAction) -> None:
        marks, mark = self._companion.marks, self.mark_of(*broadcast)
        if mark is not None and mark.action == action:
            await marks.remove(mark.id)
            self.say("It is marked no longer")
        else:
            is_weekly = mark is not None and mark.is_weekly
            self._tell(await marks.add(action, *broadcast, weekly=is_weekly))
        self.show_marks()

    @work(group="mark", exit_on_error=False)
    async def _set_weekly(self, mark: ProgrammeMark) -> None:
        marks = self._companion.marks
        self._tell(await marks.set_weekly(mark, weekly=not mark.is_weekly))
        self.show_marks()

    def _tell(self, outcome: MarkOutcome) -> None:
        severity: SeverityLevel = "warning" if outcome.notes else "information"
        seconds = 8 if outcome.notes else 3
        words = "\n".join((outcome.words, *outcome.notes))
        self.notify(words, severity=severity, markup=False, timeout=seconds)

    def say(self, words: str) -> None:
        """Show a message for a moment."""
        self.notify(words, markup=False, timeout=3)
