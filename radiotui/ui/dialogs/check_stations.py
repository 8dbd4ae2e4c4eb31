"""Sheet that tries every stream of the station list, and takes new addresses."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.notifications import SeverityLevel
from textual.widgets import OptionList

from radiotui.app.companion import Companion
from radiotui.app.stream_checks import StreamCheck
from radiotui.stations.model import Station, Stream
from radiotui.text import clean, without_password
from radiotui.ui.commands.keymap import LOOKING, Keymap, sheet_bindings
from radiotui.ui.kit.content import BLANK, trusted, untrusted
from radiotui.ui.kit.modal import Modal
from radiotui.ui.kit.row import Row
from radiotui.ui.kit.row_list import ListEntry, RowList


class CheckStationsScreen(Modal[None]):
    """A row each, filled as its outcome comes; it ends with the sheet."""

    DEFAULT_CSS = """
    CheckStationsScreen RowList {
        height: auto;
        min-height: 6;
        max-height: 80vh;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings(
        {
            **LOOKING,
            "checks.take": "take",
            "checks.take_all": "take_all",
            "checks.undo": "undo",
            "checks.again": "again",
        }
    )
    AUTO_FOCUS = "RowList"

    def __init__(self, keymap: Keymap, companion: Companion) -> None:
        super().__init__(keymap)
        self._companion = companion
        self._checks: dict[str, StreamCheck] = {}
        self._taken: set[str] = set()
        """Rows whose new address is in the list."""

    def compose(self) -> ComposeResult:
        """The list."""
        with Vertical(id="sheet") as self._sheet:
            self._list = RowList("checks")
            self._list.placard = trusted("No stations", "bold")
            yield self._list

    def on_mount(self) -> None:
        """Begin."""
        self._check()

    @work(group="check", exclusive=True, exit_on_error=False)
    async def _check(self) -> None:
        own_stations = self._companion.own_stations
        self._checks, self._taken = {}, set()
        pairs = [
            (station, stream) for station in own_stations.stations for stream in station.streams
        ]
        keys = (
            ("checks.take", "take address"),
            ("checks.take_all", "all"),
            ("checks.again", "again"),
        )
        self._sheet.border_subtitle = self.hints(
            *(keys if pairs else ()), ("sheet.close", "closes")
        )
        self._list.show_rows(
            [ListEntry(_row_id(*pair), _row(*pair, None, is_taken=False)) for pair in pairs]
        )
        self._list.move("top")
        await own_stations.check_streams(
            self._companion.try_stream,
            self._show_progress,
            self._receive,
            self._companion.finder.directories,
        )

    def _show_progress(self, done: int, total: int) -> None:
        failures = sum(check.problem is not None for check in self._checks.values())
        parts = [f"{done} of {total} tried" if done < total else f"{total} tried"]
        parts += [f"{failures} without sound"] if failures else []
        if moved := sum(bool(check.new_url) for check in self._checks.values()):
            parts.append(f"{moved} moved")
        self._sheet.border_title = trusted(f"Check of the stations · {', '.join(parts)}")

    def _receive(self, check: StreamCheck) -> None:
        self._checks[_row_id(check.station, check.stream)] = check
        self._show_row(check)

    def _show_row(self, check: StreamCheck) -> None:
        row_id = _row_id(check.station, check.stream)
        row = _row(check.station, check.stream, check, is_taken=row_id in self._taken)
        self._list.show_row(ListEntry(row_id, row))

    # Keys

    def action_move(self, to: str) -> None:
        """Move the highlight."""
        self._list.move(to)

    def action_again(self) -> None:
        """Try all of them once more."""
        self._check()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the new address of the chosen stream."""
        event.stop()
        self.action_take()

    def action_take(self) -> None:
        """Put the new address of the highlighted stream before its old ones."""
        check = self._checks.get(self._list.highlighted_id or "")
        self._take([check] if check is not None else [])

    def action_take_all(self) -> None:
        """Put every new address before the old ones."""
        self._take(list(self._checks.values()))

    def _take(self, checks: list[StreamCheck]) -> None:
        proposals = [
            check
            for check in checks
            if check.new_url and _row_id(check.station, check.stream) not in self._taken
        ]
        if proposals:
            self._put_first(proposals)
        else:
            self._say("No new address is known here")

    @work(group="change", exit_on_error=False)
    async def _put_first(self, checks: list[StreamCheck]) -> None:
        refusals = await self._companion.own_stations.take_addresses(checks)
        old = [refusal.check for refusal in refusals]
        renewed = [check for check in checks if check not in old]
        self._taken |= {_row_id(check.station, check.stream) for check in renewed}
        for check in renewed:
            self._show_row(check)
        subject = "The new address is" if len(renewed) == 1 else f"{len(renewed)} new addresses are"
        undo = self.key("checks.undo")
        self._say(f"{subject} first in the list, the old one stays below · {undo} undoes")
        for check, problem in refusals:
            self._say(f"{check.station.name}: {problem}", severity="warning")

    @work(group="change", exit_on_error=False)
    async def action_undo(self) -> None:
        """Take the last change of the station list back."""
        words = await self._companion.own_stations.edit(lambda edits: edits.undo())
        self._taken = set()
        for check in self._checks.values():
            self._show_row(check)
        self._say(f"Undone: {words}")

    def _say(self, words: str, severity: SeverityLevel = "information") -> None:
        self.notify(clean(words), markup=False, timeout=5, severity=severity)


def _row_id(station: Station, stream: Stream) -> str:
    return f"{station.id}/{stream.id}"


def _row(station: Station, stream: Stream, check: StreamCheck | None, *, is_taken: bool) -> Row:
    name = untrusted(station.name)
    if len(station.streams) > 1:
        name += trusted(" · ", "dim") + untrusted(stream.name, "dim")
    if check is None:
        return Row(trusted("  "), name, trusted("…", "dim"))
    if check.problem is None:
        return Row(trusted("✓ ", "$success"), name, untrusted(check.sound, "dim"))
    under = untrusted(str(check.problem), "$error")
    if check.new_url:
        address = untrusted(without_password(check.new_url), "dim")
        words = "first in the list now: " if is_taken else "it has moved to "
        under = trusted(words, "$success" if is_taken else "$warning") + address
    mark = trusted("✓ ", "$success") if is_taken else trusted("⚠ ", "$warning")
    aside = BLANK if is_taken or not check.new_url else trusted("moved", "$warning")
    return Row(mark, name, aside, under=under)
