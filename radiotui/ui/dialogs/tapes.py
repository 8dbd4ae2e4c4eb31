"""Sheet with the memory, disk and bit rate that the tapes take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.dom import DOMNode
from textual.widgets import Static

from radiotui.app.companion import Companion
from radiotui.player.state import Cost, PlayerState
from radiotui.text import clock_duration
from radiotui.ui.commands.keymap import LOOKING, Keymap, sheet_bindings
from radiotui.ui.kit.content import BLANK, cut, size_word, trusted, untrusted
from radiotui.ui.kit.modal import Modal, scroll

_FIGURES = 36
"""Columns of the four figures together."""


class TapesScreen(Modal[None]):
    """Measured anew every second while it is open."""

    DEFAULT_CSS = """
    TapesScreen > #sheet {
        width: 84;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings(
        {
            **LOOKING,
            "tapes.close": "dismiss",
        }
    )

    def __init__(self, keymap: Keymap, main: DOMNode, companion: Companion) -> None:
        super().__init__(keymap)
        self._main = main
        self._companion = companion
        self._player_state = PlayerState()

    def compose(self) -> ComposeResult:
        """The table."""
        with VerticalScroll(id="sheet") as self._sheet:
            self._sheet.border_title = trusted("Tapes")
            self._sheet.border_subtitle = self.hints(("sheet.close", "closes"))
            self._table = Static("", markup=False)
            yield self._table

    def on_mount(self) -> None:
        """Follow the player, and the clock."""
        self.watch(self._main, "player_state", self._follow)
        self.set_interval(1.0, self._show)

    def on_resize(self) -> None:
        """Fit the table to another width."""
        self._show()

    def action_move(self, to: str) -> None:
        """Scroll."""
        scroll(self._sheet, to)

    def _follow(self, player_state: PlayerState) -> None:
        self._player_state = player_state
        self._show()

    def _show(self) -> None:
        room = self._sheet.content_size.width - _FIGURES
        self._table.update(Content("\n").join(self._lines(max(8, room))))

    def _lines(self, room: int) -> Iterator[Content]:
        costs = self._companion.costs()
        if not costs:
            yield trusted("Nothing is taped", "bold")
        else:
            heads = ("on tape", "memory", "disk", "kbit/s")
            yield trusted(" " * room + _figures(*heads), "dim")
            for cost in costs:
                yield self._line(cost, room)
        if len(costs) > 1:
            yield self._total(costs, room)
        yield trusted("")
        yield from self._words()

    def _line(self, cost: Cost, room: int) -> Content:
        glyph, word = self._use((cost.station, cost.stream))
        name = trusted(f"{glyph} ") + untrusted(cost.station_name)
        station = self._companion.station_list.station(cost.station)
        if station is not None and len(station.streams) > 1:
            stream = station.stream(cost.stream)
            name += trusted(" · ") + untrusted(stream.name) if stream else BLANK
        state = trusted(f" {word}", "dim") if word else trusted("")
        name = cut(name, room - state.cell_length - 1) + state
        kbps = "?" if cost.kbps is None else str(cost.kbps)
        figures = _figures(
            clock_duration(cost.seconds), size_word(cost.memory), size_word(cost.disk), kbps
        )
        return name.pad_right(room - name.cell_length) + trusted(figures)

    def _total(self, costs: Sequence[Cost], room: int) -> Content:
        kbps = sum(cost.kbps or 0 for cost in costs)
        memory, disk = sum(cost.memory for cost in costs), sum(cost.disk for cost in costs)
        figures = _figures("", size_word(memory), size_word(disk), str(kbps))
        return trusted(f"{'  together':<{room}}{figures}", "bold")

    def _use(self, key: tuple[str, str]) -> tuple[str, str]:
        """Use of a tape, as a glyph and a word."""
        player_state = self._player_state
        if any(
            (recording.station, recording.stream) == key for recording in player_state.recordings
        ):
            return "●", "recorded"
        if key == player_state.key:
            return "●", "tuned to"
        if player_state.pending is not None and key == player_state.pending.key:
            return "→", "tuning"
        if any(key == listening.key for listening in player_state.ready):
            return "○", "warm"
        return " ", ""

    def _words(self) -> Iterator[Content]:
        player_state = self._player_state
        if not player_state.most_ready:
            yield trusted(
                "No station is kept warm: warm = 2 in the settings keeps the last two", "dim"
            )
        if not player_state.level_loudness:
            yield trusted("Every stream is as loud as it comes", "dim")
        elif abs(player_state.current.gain_db) >= 0.1:
            way = "louder" if player_state.current.gain_db > 0 else "softer"
            words = f"{abs(player_state.current.gain_db):.1f} dB {way}, to be as loud as the others"
            yield trusted(f"What is heard is made {words}", "dim")
        else:
            yield trusted("Every stream is made as loud as the others", "dim")
        device = self._companion.device_report()
        if device is not None and device.underruns:
            times = "once" if device.underruns == 1 else f"{device.underruns} times"
            silence = "" if device.silence is None else f", {device.silence:.1f} s in all"
            words = f"The sound broke off {times}{silence}: this computer was too busy"
            yield trusted(words, "dim")


def _figures(*figures: str) -> str:
    seconds, memory, disk, kbps = figures
    return f"{seconds:>9}{memory:>10}{disk:>10}{kbps:>7}"
