"""What the tapes take of this computer and of its line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar, Protocol

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.dom import DOMNode
from textual.widgets import Static

from radiotui.app.deck import Cost
from radiotui.player.step import Playback
from radiotui.stations.model import StationList
from radiotui.text import clock_duration
from radiotui.ui.kit.content import cut, size_word, trusted, untrusted
from radiotui.ui.kit.modal import Modal

_FIGURES = 36
"""Columns of the four figures together."""


class TapeCosts(Protocol):
    """Who knows."""

    def costs(self) -> Sequence[Cost]:
        """What each tape takes."""


class TapesScreen(Modal[None]):
    """Measured anew every second while it is open."""

    DEFAULT_CSS = """
    TapesScreen > #sheet {
        width: 84;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,C,enter", "dismiss", show=False),
        Binding("j", "scroll('down')", show=False),
        Binding("k", "scroll('up')", show=False),
    ]

    def __init__(
        self, main: DOMNode, meter: TapeCosts, station_list: Callable[[], StationList]
    ) -> None:
        super().__init__()
        self._main = main
        self._meter = meter
        self._station_list = station_list
        self._playback = Playback()

    def compose(self) -> ComposeResult:
        """The table."""
        with VerticalScroll(id="sheet") as self._sheet:
            self._sheet.border_title = trusted("Tapes")
            self._sheet.border_subtitle = trusted("esc closes")
            self._table = Static("", markup=False)
            yield self._table

    def on_mount(self) -> None:
        """Follow the player, and the clock."""
        self.watch(self._main, "playback", self._follow)
        self.set_interval(1.0, self._show)

    def on_resize(self) -> None:
        """Another width."""
        self._show()

    def action_scroll(self, where: str) -> None:
        """Move about."""
        getattr(self._sheet, f"scroll_{where}")(animate=False)

    def _follow(self, playback: Playback) -> None:
        self._playback = playback
        self._show()

    def _show(self) -> None:
        room = self._sheet.content_size.width - _FIGURES
        self._table.update(Content("\n").join(self._lines(max(8, room))))

    def _lines(self, room: int) -> Iterator[Content]:
        costs = self._meter.costs()
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
        glyph, word = self._what((cost.station, cost.stream))
        name = trusted(f"{glyph} ") + untrusted(cost.station_name)
        stream = self._station_list().station(cost.station)
        named = stream.stream(cost.stream) if stream and len(stream.streams) > 1 else None
        if named is not None:
            name += trusted(" · ") + untrusted(named.name)
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

    def _what(self, key: tuple[str, str]) -> tuple[str, str]:
        """What the tape is for, as a glyph and a word."""
        playback = self._playback
        if any((one.station, one.stream) == key for one in playback.recordings):
            return "⏺", "recorded"
        if key == playback.key:
            return "●", "tuned to"
        if playback.coming is not None and key == playback.coming.key:
            return "→", "coming"
        if any(key == warm.key for warm in playback.warm):
            return "○", "warm"
        return " ", ""

    def _words(self) -> Iterator[Content]:
        playback = self._playback
        if not playback.most_warm:
            yield trusted(
                "No station is kept warm: warm = 2 in the settings keeps the last two", "dim"
            )
        if not playback.even:
            yield trusted("Every stream is as loud as it comes", "dim")
        elif abs(playback.gain_db) >= 0.1:
            way = "louder" if playback.gain_db > 0 else "softer"
            words = f"{abs(playback.gain_db):.1f} dB {way}, to be as loud as the others"
            yield trusted(f"What is heard is made {words}", "dim")
        else:
            yield trusted("Every stream is made as loud as the others", "dim")


def _figures(*figures: str) -> str:
    seconds, memory, disk, kbps = figures
    return f"{seconds:>9}{memory:>10}{disk:>10}{kbps:>7}"
