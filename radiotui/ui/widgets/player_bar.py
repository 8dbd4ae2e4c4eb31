"""The player, docked on top."""

from __future__ import annotations

from datetime import UTC, datetime

from textual.content import Content
from textual.geometry import Region
from textual.reactive import var
from textual.widget import Widget

from radiotui.guide.model import OnAir
from radiotui.player.state import Playback
from radiotui.stations.model import Station
from radiotui.ui.player_lines import Scene, lines
from radiotui.ui.steady import Steady


class PlayerBar(Steady, Widget):
    """Three lines, or two where there is little room; each is drawn only when it changes."""

    auto_links = False
    ALLOW_SELECT = False

    playback: var[Playback] = var(Playback())
    on_air: var[OnAir | None] = var(None)
    station: var[Station | None] = var(None)
    now: var[datetime] = var(datetime(1970, 1, 1, tzinfo=UTC))

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[Content] = []

    def render(self) -> Content:
        """All lines."""
        self._shown = self._lines()
        return Content("\n").join(self._shown)

    def watch_playback(self) -> None:
        """Something else is heard, or otherwise."""
        self._show()

    def watch_on_air(self) -> None:
        """The programme changed."""
        self._show()

    def watch_now(self) -> None:
        """A second went by."""
        self._show()

    def _show(self) -> None:
        if not self._shown:
            return
        width = self.content_size.width
        for number, (old, new) in enumerate(zip(self._shown, self._lines(), strict=False)):
            if not old.is_same(new):
                self.refresh(Region(self.gutter.left, self.gutter.top + number, width, 1))

    def _lines(self) -> list[Content]:
        scene = Scene(self.playback, self.on_air, self.station, self.now)
        return lines(scene, *self.content_size)
