"""The player, docked on top."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from textual.timer import Timer
from textual.visual import Visual

from radiotui.app.updates import ClipBegin
from radiotui.guide.model import OnAir
from radiotui.player.state import PlayerState, PlayState
from radiotui.stations.model import Station, Stream
from radiotui.ui.kit.content import BLANK
from radiotui.ui.kit.fault_barrier import FaultBarrier
from radiotui.ui.kit.textual_private import LiveWidget
from radiotui.ui.widgets.player.level_row import LevelRow
from radiotui.ui.widgets.player.picture_place import beside
from radiotui.ui.widgets.player.player_lines import lines
from radiotui.ui.widgets.player.player_view import PlayerKeys, PlayerView, RenderedLines, edges

BEATS = 5
"""So many times a second the level is looked at while it is shown."""


class PlayerBar(FaultBarrier, LiveWidget):
    """Six lines, three, or two where there is little room; each is drawn only when it changes.

    The mouse moves on the bar of the tape, or of the story: it goes where the button is let go.
    ``level`` tells how loud it is, from 0 to 1, or None where nobody knows; then no meter is shown.
    """

    auto_links = False
    ALLOW_SELECT = False

    player_state: var[PlayerState] = var(PlayerState())
    on_air: var[OnAir | None] = var(None)
    station: var[Station | None] = var(None)
    now: var[datetime] = var(datetime(1970, 1, 1, tzinfo=UTC))
    awake: var[bool] = var(True)
    """True while nothing lies over the player: only then the level moves."""
    pointed: var[float | None] = var(None)
    """The place the mouse points to, in seconds of the tape or of the story."""
    metered: var[bool] = var(False)
    offline: var[bool] = var(False)
    highlighted: var[tuple[Station, Stream] | None] = var(None)
    clip_begin: var[ClipBegin] = var(ClipBegin())
    picture: var[tuple[Strip, ...]] = var(())
    """Lines of the picture of what is heard, in place of the initials."""

    class PlaceClicked(Message):
        """The listener wants to hear another place, in seconds of the tape or of the story."""

        def __init__(self, at: float) -> None:
            super().__init__()
            self.at = at

    def __init__(self, level: Callable[[], float | None], keys: PlayerKeys) -> None:
        super().__init__()
        self._level, self._keys = level, keys
        self._meter = LevelRow()
        self._shown = RenderedLines([])
        self._shown_in = Size()
        self._beat: Timer | None = None
        self._dragging = False

    def on_mount(self) -> None:
        """The level is looked at only while there is something to see."""
        self._beat = self.set_interval(1 / BEATS, self.draw_level, pause=True)
        self._mind_level()

    def render(self) -> Content:
        """All lines."""
        return Content("\n").join(self._fitted().lines)

    def render_line(self, y: int) -> Strip:
        """One of the lines; when the level moves the first alone is drawn again."""
        rendered = self._fitted()
        line = rendered.lines[y] if y < len(rendered.lines) else BLANK
        meter = rendered.meter if y == 0 else range(0)
        strip = self._meter.over(line, meter, self._strip) if meter else self._strip(line)
        picture = self.picture[: rendered.picture_lines]
        return beside(picture[y], strip, self.visual_style) if y < len(picture) else strip

    def notify_style_update(self) -> None:
        """Other colours."""
        super().notify_style_update()
        self._meter.forget()
        self._show()

    def watch_player_state(self) -> None:
        """Something else is heard, or otherwise."""
        self.update_classes(edges(self.player_state))
        self._mind_level()
        self._show()

    def watch_now(self, before: datetime, now: datetime) -> None:
        """A second went by; while something plays its state tells so, and a minute is enough."""
        state = self.player_state
        is_counting = state.pending or state.state in {PlayState.CONNECTING, PlayState.PAUSED}
        if is_counting or now.minute != before.minute:
            self._mind_level()
            self._show()

    # The level

    def _mind_level(self) -> None:
        heard = self.player_state.state is PlayState.PLAYING and not self.player_state.silenced
        if not heard:
            self.metered = False
        elif not self.metered:
            self.metered = self._level() is not None
        if self._beat is not None:
            moves = self.metered and self.awake and bool(self._shown.meter)
            (self._beat.resume if moves else self._beat.pause)()

    watch_awake = _mind_level

    def draw_level(self) -> None:
        """Move the meter to the level of this moment."""
        level = self._level()
        if level is None:
            self.metered = False
            self._mind_level()
            return
        if self._meter.take(level) and (meter := self._shown.meter):
            self.draw_at_once(Region(meter.start, 0, len(meter), 1))

    # The mouse

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Say what is there."""
        self.pointed = self._place_at(event, strictly=not self._dragging)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the bar."""
        place = self._place_at(event)
        if place is not None:
            event.stop()
            self._dragging = True
            self.capture_mouse()
            self.pointed = place

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Go there."""
        if not self._dragging:
            return
        event.stop()
        place = self._place_at(event, strictly=False)
        self._dragging = False
        self.release_mouse()
        self.pointed = None
        if place is not None:
            self.post_message(self.PlaceClicked(place))

    def on_leave(self) -> None:
        """It points to nothing here any more."""
        if not self._dragging:
            self.pointed = None

    def _place_at(self, event: events.MouseEvent, *, strictly: bool = True) -> float | None:
        """The place under the mouse; not ``strictly`` also beside the bar, as its nearest end."""
        bar, gutter = self._shown.bar, self.gutter
        column, line = event.x - gutter.left, event.y - gutter.top
        return bar.place_at(column, line, strictly=strictly) if bar else None

    # Drawing

    def _show(self) -> None:
        width, before = self.content_size.width, self._shown
        if not before.lines or self._shown_in != self.content_size:
            return
        self._shown = after = self._lines()
        if regions := after.changed_since(before, width):
            self.refresh(*regions)

    watch_on_air = watch_pointed = watch_metered = watch_offline = watch_highlighted = _show
    watch_clip_begin = _show

    def _fitted(self) -> RenderedLines:
        if self._shown_in != self.content_size:
            self._shown, self._shown_in = self._lines(), self.content_size
        return self._shown

    def _lines(self) -> RenderedLines:
        facts = (self.player_state, self.on_air, self.station, self.now, self.pointed, self.metered)
        more = (self._keys, self.offline, self.highlighted, self.has_pseudo_class("ansi"))
        return lines(PlayerView(*facts, *more, self.clip_begin), *self.content_size)

    def _strip(self, content: Content) -> Strip:
        width = self.content_size.width
        strips = Visual.to_strips(self, content, width, 1, self.visual_style)
        return strips[0] if strips else Strip.blank(width, self.visual_style.rich_style)
