"""Sheet with a stream's day: the programmes that were, the one that is on, and those to come."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static

from radiotui.app.companion import Companion
from radiotui.app.intents import Tune
from radiotui.guide.model import Day, Programme
from radiotui.marks.model import ProgrammeMark
from radiotui.player.intents import GoToPlayed
from radiotui.problems import Problem
from radiotui.stations.model import Station, Stream
from radiotui.text import ago
from radiotui.ui.commands.keymap import LOOKING, Keymap, sheet_bindings
from radiotui.ui.dialogs.marking import Broadcast, MarkingSheet
from radiotui.ui.kit.content import row, trusted, untrusted
from radiotui.ui.kit.row_list import RowList
from radiotui.ui.kit.time_words import hour, local, zone_word
from radiotui.ui.widgets.lists.programme_rows import (
    DayRows,
    about,
    mark_word,
    programme_row,
    runs_at,
    times,
)

_OLD = timedelta(hours=3)
_FAR = timedelta(days=8)
"""No source knows more than a week."""


class DayScreen(MarkingSheet[None]):
    """A row each; the highlighted programme is described below them."""

    DEFAULT_CSS = """
    DayScreen > #sheet {
        height: 96%;
    }

    DayScreen RowList {
        height: 1fr;
    }

    DayScreen #about {
        height: 6;
        max-height: 30%;
        border-top: solid $border;
    }

    DayScreen #message {
        height: auto;
        max-height: 2;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings(
        {
            **LOOKING,
            "day.close": "dismiss",
            "day.earlier": "turn(-1)",
            "day.later": "turn(1)",
            "day.remind": "mark('remind')",
            "day.tune": "mark('tune')",
            "day.record": "mark('record')",
            "day.weekly": "weekly",
        }
    )
    AUTO_FOCUS = "RowList"

    def __init__(
        self,
        keymap: Keymap,
        companion: Companion,
        station: Station,
        stream: Stream,
        at: datetime | None = None,
    ) -> None:
        super().__init__(keymap, companion, "day")
        self._station = station
        self._stream = stream
        self._target = at
        """The beginning of the programme to be highlighted; None: the one that is on."""
        self._date = (at or companion.clock()).astimezone(station.zone).date()
        """As the station counts days."""
        self._day = Day(station.id, stream.id, self._date)
        self._programmes: dict[str, Programme] = {}

    def compose(self) -> ComposeResult:
        """A message, the programmes, and the words about one of them."""
        with Vertical(id="sheet") as self._sheet:
            self._sheet.border_subtitle = self.hints(
                ("list.choose", "hear"),
                ("day.earlier", "before"),
                ("day.later", "after"),
                ("sheet.close", "closes"),
            )
            self._message = Static("", id="message", markup=False)
            yield self._message
            self._list = RowList("day")
            yield self._list
            self._about = Static("", id="about", markup=False)
            yield self._about

    def on_mount(self) -> None:
        """Ask for the day, and go on with the clock."""
        self._begin()
        self.set_interval(20.0, self._go_on)

    def _begin(self) -> None:
        """Another day: nothing of the one before stays."""
        self._sheet.border_title = self._title()
        self._day = Day(self._station.id, self._stream.id, self._date)
        self._list.placard = trusted("…", "dim")
        self._list.highlighted = None
        self._message.display = False
        self._about.update("")
        self._list.show_rows([])
        self._look()

    @work(group="day", exclusive=True, exit_on_error=False)
    async def _look(self) -> None:
        try:
            self._day = await self._companion.day(self._station, self._stream, self._date)
        except Problem as problem:
            self._list.placard = trusted("⚠ ", "$error") + untrusted(str(problem), "$error")
            return
        self._list.placard = self._nothing()
        self._show()
        self._highlight()

    def _show(self) -> None:
        programmes = self._day.programmes or self._present()
        self._programmes = {programme_row(programme): programme for programme in programmes}
        rows = DayRows(self._station, self._companion.clock(), self._is_on_tape, self._mark_of)
        self._list.show_rows(list(rows.entries(programmes)))
        words = self._words()
        self._message.display = bool(words)
        self._message.update(words)

    def _go_on(self) -> None:
        if self._programmes:
            self._show()

    def _highlight(self) -> None:
        """Highlight the programme that was asked for, else the one that is on, else the first."""
        now = self._companion.clock()
        target = next(
            (
                row_id
                for row_id, programme in self._programmes.items()
                if (
                    programme.start == self._target
                    if self._target is not None
                    else runs_at(programme, now)
                )
            ),
            None,
        )
        self._target = None
        if target is None:
            self._list.move("top")
        else:
            self._list.highlight(target)
        # Its rows have no heights before they are drawn.
        self.call_after_refresh(self._list.scroll_to_coming)

    # Words

    def _title(self) -> Content:
        names = [self._station.name]
        if self._stream.name and self._stream.name != self._station.name:
            names.append(self._stream.name)
        zone = zone_word(self._station, self._companion.clock())
        day = f"{self._date_word()} (there: {zone})" if zone else self._date_word()
        return Content(" · ").join([trusted(day), *map(untrusted, names)])

    def _date_word(self) -> str:
        """The day as the station counts days: "Today", "Tomorrow", "Tue 25 Nov"."""
        words = {-1: "Yesterday", 0: "Today", 1: "Tomorrow"}
        apart = (self._date - self._today()).days
        return words.get(apart, f"{self._date:%a} {self._date.day} {self._date:%b}")

    def _words(self) -> Content:
        """Age and problem of an old day, or that what is listed is no day."""
        day, now = self._day, self._companion.clock()
        parts: list[Content] = []
        if not day.programmes:
            if self._programmes:
                parts.append(trusted("Nobody publishes this day; known is what is on now", "dim"))
        elif day.asked_at is not None and (day.problem or now - day.asked_at > _OLD):
            parts.append(trusted(f"As of {ago(now - day.asked_at)}", "dim"))
        if day.problem is not None:
            parts.append(trusted("⚠ ", "$warning") + untrusted(str(day.problem), "$warning"))
        return Content(" · ").join(parts)

    def _nothing(self) -> Content:
        words = "Nobody publishes what is on here"
        if self._stream.schedule or self._stream.programmes:
            words = "Nothing is known of this day"
        keys = f"\n{self.key('day.earlier')} day before · {self.key('day.later')} day after"
        return trusted(words, "bold") + trusted(keys, "dim")

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Describe the highlighted programme."""
        event.stop()
        programme = self._programmes.get(event.option_id or "")
        self._about.update("" if programme is None else self._description(programme))

    def _description(self, programme: Programme) -> Content:
        now = self._companion.clock()
        begin = times(self._station, programme.start, now, align=False)
        end = times(self._station, programme.end, now, align=False)
        when = trusted(" to ".join(filter(None, (begin, end))), "dim")
        head = row(untrusted(programme.title, "bold"), when)
        lines = [head, about(programme, ""), untrusted(programme.description)]
        if programme.usual:
            lines.insert(1, trusted("Learnt from earlier weeks: nobody publishes it", "dim"))
        if self.comes(programme):
            lines.insert(1, self._mark_keys(programme))
        return Content("\n").join([line for line in lines if line])

    def _mark_keys(self, programme: Programme) -> Content:
        """The programme's mark, and the keys that mark it."""
        hints = self.hints(
            ("day.remind", "remind"),
            ("day.tune", "tune in"),
            ("day.record", "record"),
            ("day.weekly", "weekly"),
        )
        mark = self._mark_of(programme)
        return trusted(f"{mark_word(mark)} · ", "bold $accent") + hints if mark else hints

    # Programmes

    def _present(self) -> tuple[Programme, ...]:
        """The programmes of now and next, where nobody publishes today."""
        on_air = self._companion.on_air(self._station.id, self._stream.id)
        if on_air is None or self._date != self._today():
            return ()
        return tuple(programme for programme in (on_air.now, on_air.next) if programme)

    def _is_on_tape(self, programme: Programme) -> bool:
        start = programme.start
        if start is None or start > self._companion.clock():
            return False
        return self._companion.is_on_tape(self._station.id, self._stream.id, start)

    # Keys

    def action_move(self, to: str) -> None:
        """Move the highlight."""
        self._list.move(to)

    def action_turn(self, by: int) -> None:
        """Go to another day, as far as schedules reach."""
        day = self._date + timedelta(days=by)
        if abs(day - self._today()) >= _FAR:
            self.say("No schedule reaches further")
            return
        self._date, self._target = day, None
        self._begin()

    def _today(self) -> date:
        return self._companion.clock().astimezone(self._station.zone).date()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Play the programme from its beginning, or tune to the one that is on."""
        event.stop()
        programme = self._programmes.get(event.option_id or "")
        if programme is None:
            return
        station, stream, now = self._station.id, self._stream.id, self._companion.clock()
        on_air = self._companion.on_air(station, stream)
        is_on = runs_at(programme, now) or (on_air is not None and on_air.now == programme)
        if programme.start is not None and self._is_on_tape(programme):
            self._companion.do(GoToPlayed(station, stream, programme.start))
            self.dismiss()
        elif is_on:
            self._companion.do(Tune(station, stream))
            self.dismiss()
        elif programme.start is None or programme.start > now:
            begins = f" at {hour(local(programme.start))}" if programme.start else " later"
            keys = f"{self.key('day.tune')} tunes in then, {self.key('day.record')} records"
            self.say(f"It begins{begins} · {keys}")
        else:
            self.say("It is not on the tape")

    # Marks

    def _mark_of(self, programme: Programme) -> ProgrammeMark | None:
        return self.mark_of(self._station, self._stream, programme)

    def broadcast(self) -> Broadcast | None:
        """The highlighted programme."""
        programme = self._programmes.get(self._list.highlighted_id or "")
        if programme is None:
            return None
        return Broadcast(self._station, self._stream, programme)

    def show_marks(self) -> None:
        """Show the marks on the rows, and that of the highlighted programme below them."""
        self._go_on()
        programme = self._programmes.get(self._list.highlighted_id or "")
        self._about.update("" if programme is None else self._description(programme))
