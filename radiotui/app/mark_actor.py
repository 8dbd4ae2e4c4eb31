"""The running program as the actor of the agenda: notices, the player, and its recordings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from radiotui.app.intents import Tune
from radiotui.marks.model import ACTION_WORDS, MissedProgramme, ProgrammeMark
from radiotui.problems import Problem
from radiotui.stations.model import Station, Stream
from radiotui.text import shorten, time_of_day

if TYPE_CHECKING:
    from radiotui.app.marks import MarksDeps


class ScreenActor(msgspec.Struct, frozen=True):
    """Actor of the running program: notices, the player, and its recordings."""

    deps: MarksDeps
    find: Callable[[str, str], tuple[Station, Stream] | None]
    end_programme: Callable[[str], float]

    def remind(self, mark: ProgrammeMark) -> None:
        """Say that a programme is on."""
        self.deps.confirm(f"{mark.title} is on", f"{self._place(mark)}, {_since(mark)}")

    def announce(self, mark: ProgrammeMark) -> None:
        """Say that a programme is tuned in to in a minute."""
        hint = f"{self._place(mark)} is tuned in to at {clock_time(mark.begins_at)}"
        self.deps.confirm(f"{mark.title} begins soon", f"{hint}{self._recorded(mark)}")

    def tune(self, mark: ProgrammeMark) -> None:
        """Tune in to a programme; what is recorded goes on being recorded."""
        self.deps.do(Tune(mark.station, mark.stream))
        self.deps.confirm(f"Tuned in to {mark.title}", f"{self._place(mark)}{self._recorded(mark)}")

    def record(self, mark: ProgrammeMark) -> None:
        """Begin to record a programme."""
        from radiotui.player.intents import RecordProgramme

        streams = self.find(mark.station, mark.stream)
        if streams is not None:
            key, times = self._key(mark), (mark.begins_at, mark.over_at)
            self.deps.do(RecordProgramme(key, *streams, mark.title, *times))

    def end_recording(self, mark: ProgrammeMark) -> float:
        """End its recording; the seconds that were recorded."""
        return self.end_programme(self._key(mark))

    def tell_missed(self, missed: list[MissedProgramme]) -> None:
        """Say what was missed."""
        newest = missed[0]
        title = f"“{newest.title}” was not {ACTION_WORDS[newest.action]}"
        if newest.action == "remind":
            title = f"You were not reminded of “{newest.title}”"
        hint = f"{day_time(newest.begins_at)}: {newest.reason}"
        if len(missed) > 1:
            title = f"{len(missed)} marked programmes were missed"
            hint = _listed(f"{miss.title}, {day_time(miss.begins_at)}" for miss in missed[:3])
        self.deps.notify(Problem(title, hint))

    def _key(self, mark: ProgrammeMark) -> str:
        return f"mark {mark.id} {mark.begins_at.isoformat()}"

    def _place(self, mark: ProgrammeMark) -> str:
        streams = self.find(mark.station, mark.stream)
        return streams[0].name if streams else mark.place

    def _recorded(self, mark: ProgrammeMark) -> str:
        """Words about the recordings under way that tuning in leaves alone."""
        names = [
            recording.name
            for recording in self.deps.host().player_state.recordings
            if (recording.station, recording.stream) != (mark.station, mark.stream)
        ]
        return f" · the recording of {_listed(names)} goes on" if names else ""


def clock_time(moment: datetime) -> str:
    """A time of day on the listener's clock: "6:05 PM"."""
    return time_of_day(moment.astimezone())


def day_time(moment: datetime) -> str:
    """A day and a time on the listener's clock: "Sat 6:05 PM"."""
    return f"{moment.astimezone():%a} {clock_time(moment)}"


def _since(mark: ProgrammeMark) -> str:
    return f"since {clock_time(mark.begins_at)}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(shorten(name, 40) for name in names)
