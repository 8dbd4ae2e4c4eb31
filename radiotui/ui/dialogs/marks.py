"""Sheet of the marks: what is reminded of, tuned in to and recorded, and what was missed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList

from radiotui.app.companion import Companion
from radiotui.marks.model import MissedProgramme, ProgrammeMark
from radiotui.problems import Problem
from radiotui.ui.commands.keymap import LOOKING, Keymap, sheet_bindings
from radiotui.ui.kit.content import trusted, untrusted
from radiotui.ui.kit.modal import Modal
from radiotui.ui.kit.row import Row
from radiotui.ui.kit.row_list import ListEntry, RowList
from radiotui.ui.kit.time_words import date
from radiotui.ui.widgets.lists.programme_rows import SIGNS, mark_word

_MOST_MISSED = 20


class MarksScreen(Modal[None]):
    """A row each, the next one first; the missed ones stand below them, the newest first."""

    DEFAULT_CSS = """
    MarksScreen RowList {
        height: auto;
        min-height: 6;
        max-height: 80vh;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings(
        {
            **LOOKING,
            "marks.close": "dismiss",
            "marks.remove": "remove",
            "marks.weekly": "weekly",
        }
    )
    AUTO_FOCUS = "RowList"

    def __init__(self, keymap: Keymap, companion: Companion) -> None:
        super().__init__(keymap)
        self._companion = companion
        self._marks: dict[str, ProgrammeMark] = {}
        self._missed: list[MissedProgramme] = []

    def compose(self) -> ComposeResult:
        """The list."""
        with Vertical(id="sheet") as self._sheet:
            self._sheet.border_title = trusted("Marks")
            self._sheet.border_subtitle = self.hints(("sheet.close", "closes"))
            self._list = RowList("marks")
            self._list.placard = trusted("…", "dim")
            yield self._list

    def on_mount(self) -> None:
        """List the marks."""
        self._look()

    @work(group="marks", exclusive=True, exit_on_error=False)
    async def _look(self) -> None:
        try:
            marks = await self._companion.marks.refresh()
            self._missed = (await self._companion.marks.missed())[:_MOST_MISSED]
        except Problem as problem:
            self._list.placard = trusted("⚠ ", "$error") + untrusted(str(problem), "$error")
            return
        self._marks = {str(mark.id): mark for mark in marks}
        day, record = self.key("guide.day"), self.key("day.record")
        hint = f"\n{day} shows a station's day, and {record} there records a programme"
        self._list.placard = trusted("Nothing is marked", "bold") + trusted(hint, "dim")
        self._list.show_rows(list(self._entries()))
        keys = (("list.choose", "the day"), ("marks.remove", "remove"), ("marks.weekly", "weekly"))
        self._sheet.border_subtitle = self.hints(
            *(keys if self._marks else ()), ("sheet.close", "closes")
        )
        if self._list.highlighted is None:
            self._list.move("top")

    def _entries(self) -> Iterator[ListEntry]:
        for row_id, mark in self._marks.items():
            colour = "$error" if mark.action == "record" else "$accent"
            yield ListEntry(
                row_id,
                Row(
                    trusted(f"{SIGNS[mark.action]} ", colour),
                    untrusted(mark.title),
                    trusted(mark_word(mark), "dim"),
                    under=self._under(mark),
                ),
            )
        if self._missed:
            yield ListEntry(None, trusted("MISSED", "dim"))
        for number, miss in enumerate(self._missed):
            reason = untrusted(miss.reason, "dim")
            yield ListEntry(
                f"missed {number}",
                Row(
                    trusted(f"{SIGNS[miss.action]} ", "dim"),
                    untrusted(miss.title, "dim"),
                    reason,
                    under=self._under(miss),
                ),
            )

    def _under(self, entry: ProgrammeMark | MissedProgramme) -> Content:
        station = self._companion.station_list.station(entry.station)
        name = untrusted(station.name if station else entry.station, "dim")
        return name + trusted(f" · {date(entry.begins_at, self._companion.clock())}", "dim")

    # Keys

    def action_move(self, to: str) -> None:
        """Move the highlight."""
        self._list.move(to)

    @property
    def _chosen(self) -> ProgrammeMark | None:
        return self._marks.get(self._list.highlighted_id or "")

    def action_remove(self) -> None:
        """Remove the highlighted mark."""
        if (mark := self._chosen) is not None:
            self._remove(mark)

    def action_weekly(self) -> None:
        """Let the highlighted mark hold every week, or once."""
        if (mark := self._chosen) is not None:
            self._set_weekly(mark)

    @work(group="mark", exit_on_error=False)
    async def _remove(self, mark: ProgrammeMark) -> None:
        await self._companion.marks.remove(mark.id)
        self._look()

    @work(group="mark", exit_on_error=False)
    async def _set_weekly(self, mark: ProgrammeMark) -> None:
        outcome = await self._companion.marks.set_weekly(mark, weekly=not mark.is_weekly)
        for note in outcome.notes:
            self.notify(note, severity="warning", markup=False, timeout=8)
        self._look()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Show the day of the chosen programme."""
        event.stop()
        mark = self._marks.get(event.option_id or "")
        station = self._companion.station_list.station(mark.station) if mark else None
        stream = station.stream(mark.stream) if station and mark else None
        if mark is None or station is None or stream is None:
            return
        from radiotui.ui.dialogs.day import DayScreen

        day = DayScreen(self._keymap, self._companion, station, stream, mark.begins_at)

        def end(_: None) -> None:
            self._look()

        self.app.push_screen(day, end)
