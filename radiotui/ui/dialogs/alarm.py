"""Sheet in which an alarm is set for a station, or all are taken off."""

from __future__ import annotations

import re
from datetime import time
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.notifications import SeverityLevel
from textual.widgets import Input, Static

from radiotui.app.companion import Companion
from radiotui.marks.alarms import Alarm
from radiotui.problems import Problem
from radiotui.stations.model import Station, Stream
from radiotui.ui.commands.keymap import Keymap, sheet_bindings
from radiotui.ui.kit.content import row, trusted, untrusted
from radiotui.ui.kit.modal import Modal
from radiotui.ui.kit.time_words import date

_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)(?:\s+(.*))?")


class AlarmScreen(Modal[None]):
    """A line to type a time in, with days if it is to ring on them; enter sets it."""

    DEFAULT_CSS = """
    AlarmScreen > #sheet {
        width: 72;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings({"alarm.close": "dismiss"})
    AUTO_FOCUS = "Input"

    def __init__(
        self, keymap: Keymap, companion: Companion, station: Station, stream: Stream
    ) -> None:
        super().__init__(keymap)
        self._companion = companion
        self._station = station
        self._stream = stream

    def compose(self) -> ComposeResult:
        """The line, the hint, and the alarms that are set."""
        with Vertical(id="sheet") as sheet:
            sheet.border_title = trusted("Alarm · ") + untrusted(self._station.name)
            close = self.key("alarm.close")
            sheet.border_subtitle = trusted(f"enter sets it · {close} closes")
            yield Input(placeholder="6:45 · 6:45 mon-fri · off")
            self._list = Static(trusted("…", "dim"), markup=False)
            yield self._list

    def on_mount(self) -> None:
        """List what is set."""
        self._look()

    @work(group="alarms", exclusive=True, exit_on_error=False)
    async def _look(self) -> None:
        alarms = await self._companion.marks.alarms.alarms()
        now = self._companion.clock()
        lines = [
            row(
                trusted(date(alarm.begins_at, now)),
                untrusted(self._place(alarm)),
                trusted(alarm.days_in_words, "dim"),
            )
            for alarm in alarms
        ]
        words = "No alarm is set; it grows louder, and plays the Test Signal where nothing is heard"
        self._list.update(Content("\n").join(lines) if lines else trusted(words, "dim"))

    def _place(self, alarm: Alarm) -> str:
        """Station and stream by their names; by their ids where they are listed no longer."""
        station = self._companion.station_list.station(alarm.station)
        stream = station.stream(alarm.stream) if station is not None else None
        if station is None or stream is None:
            return f"{alarm.station}/{alarm.stream}"
        names = (station.name, stream.name) if len(station.streams) > 1 else (station.name,)
        return " · ".join(names)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Set the alarm, or take all off."""
        event.stop()
        typed = event.value.strip().lower()
        match = _TIME.fullmatch(typed)
        if typed == "off":
            self._take_off()
        elif match is not None:
            self._set(time(int(match[1]), int(match[2])), match[3] or "")
        else:
            self._say("A time of day is needed: 6:45, or 6:45 mon-fri", is_wrong=True)

    @work(group="alarm", exclusive=True, exit_on_error=False)
    async def _set(self, at: time, days: str) -> None:
        from radiotui.marks.alarms import read_days

        try:
            weekdays = read_days(days)
            alarms = self._companion.marks.alarms
            alarm, problem = await alarms.set(at, self._station, self._stream, weekdays)
        except Problem as error:
            self._say(str(error), is_wrong=True)
            return
        begins = date(alarm.begins_at, self._companion.clock())
        if problem is None:
            self._say(f"{self._station.name} plays {begins}")
        else:
            self._say(f"{begins}, only while radiotui runs · {problem}", is_wrong=True)
        self.query_one(Input).value = ""
        self._look()

    @work(group="alarm", exclusive=True, exit_on_error=False)
    async def _take_off(self) -> None:
        alarms = self._companion.marks.alarms
        for alarm in await alarms.alarms():
            await alarms.remove(alarm.id)
        self._say("The alarms are off")
        self.query_one(Input).value = ""
        self._look()

    def _say(self, words: str, *, is_wrong: bool = False) -> None:
        severity: SeverityLevel = "warning" if is_wrong else "information"
        self.notify(words, severity=severity, markup=False, timeout=8 if is_wrong else 3)
