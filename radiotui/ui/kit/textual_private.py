"""Private parts of Textual and textual_image: every use of one, with its reason.

Both are pinned in pyproject.toml; tests/ui/test_textual_private.py fails when one of them changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from rich.segment import Segment
from textual import events
from textual._compositor import ChopsUpdate, Compositor
from textual._context import active_message_pump
from textual.app import App
from textual.content import Content, ContentType
from textual.geometry import Region
from textual.message_pump import MessagePump
from textual.notifications import Notify
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from radiotui.ui.kit.cells import whole_column, without

if TYPE_CHECKING:
    from PIL import Image
    from rich.console import Console, RenderableType
    from rich.style import Style
    from textual._xterm_parser import XTermParser
    from textual.color import Color
    from textual.message import Message
    from textual.notifications import Notification

ReturnType = TypeVar("ReturnType")


def report_fault(app: App[Any], error: Exception) -> None:
    """Hand an exception to the app's one handler of them."""
    app._handle_exception(error)


@contextmanager
def within(widget: MessagePump) -> Iterator[None]:
    """Have Textual take what runs in the block for the widget's own, such as its composing.

    A key is handled by the app: a widget that it makes would be bound to the app's values.
    """
    token = active_message_pump.set(widget)
    try:
        yield
    finally:
        active_message_pump.reset(token)


def is_running(app: App[Any]) -> bool:
    """App and the widget whose handler runs now are both mounted: what failed can go on."""
    pump = active_message_pump.get(None)
    return app._is_mounted and (pump is None or pump._is_mounted)


def notify_at_once(app: App[Any], notification: Notification) -> None:
    """Show a notification without a turn of the message queue.

    The next one may take its place before a message would have been handled.
    """
    app._on_notify(Notify(notification))


def take_back(app: App[Any], notification: Notification) -> None:
    """Remove a notification that is still shown; the screen is drawn with the next one."""
    app._unnotify(notification, refresh=False)


def write_to_terminal(app: App[Any], sequence: str) -> None:
    """Send a control sequence of ours to the terminal, where there is one."""
    if sequence and app._driver is not None:
        app._driver.write(sequence)


def apply_colour_filter(app: App[Any]) -> None:
    """Choose the filter for the theme that was set without its watcher."""
    app._refresh_truecolor_filter(app.ansi_theme)


def key_parser() -> XTermParser:
    """Parser of what a terminal sends into keys, mouse events and reports."""
    from textual._xterm_parser import XTermParser

    return XTermParser()


def sixels(picture: Image.Image) -> str:
    """Sixel sequence of a picture with a palette.

    The package asks the terminal when it is imported as a whole; this module of it does not.
    """
    from textual_image._sixel import image_to_sixels

    return image_to_sixels(picture)


class GuardedPump(MessagePump):
    """Message pump that outlives an exception in one of its handlers.

    Textual ends the whole program at the first one. Composing and mounting are left alone:
    a widget that never came to be cannot go on.
    """

    async def _dispatch_message(self, message: Message) -> None:
        # The one place that every handler, action and bound watcher passes. An exception that
        # leaves it ends the message loop of this widget for good, whatever the app does then.
        try:
            await super()._dispatch_message(message)
        except Exception as error:
            if not self._is_mounted or isinstance(message, events.Compose | events.Mount):
                raise
            report_fault(self.app, error)


class NarrowCompositor(Compositor):
    """Compositor that asks widgets for the lines alone that an update draws and nothing covers.

    Textual's own takes all lines of each widget that an update touches, and filters their
    colours: for a level of eight cells it was every line of the player. And it draws the screen
    and every container below what fills them. A screen is asked for what is seen of it alone.
    """

    def _get_renders(
        self, crop: Region | None = None
    ) -> Iterable[tuple[Region, Region, list[Strip]]]:
        room = self.size.region
        crop = (crop or room).intersection(room)
        lines = Region(0, crop.y, room.width, crop.height)
        # They come from the front to the back: where two overlap, the first one is seen.
        bare, bare_lines = [crop], [lines]
        for widget, (region, clip) in self.visible_widgets.items():
            drawn = region.intersection(clip).intersection(lines)
            if not any(map(drawn.overlaps, bare)):
                continue
            # Lines are cut at the edges of widgets: a part of them may end there and nowhere else.
            parts = bare_lines if isinstance(widget, Screen) else [drawn]
            for part in parts:
                yield region, part, widget.render_lines(part.translate(-region.offset))
            bare = [part for uncovered in bare for part in without(uncovered, drawn)]
            bare_lines = [part for uncovered in bare_lines for part in without(uncovered, drawn)]

    def strips(self, crop: Region) -> list[Strip]:
        """The cells of ``crop``, by line; blank where the screen has none."""
        rows = crop.intersection(self.size.region)
        chops = self._render_chops(rows, rows.line_range.__contains__)
        lines = {y: self._joined(y, chops[y]) for y in rows.line_range}
        blank = Strip.blank(crop.width)
        cells = (
            lines[y].crop(crop.x, crop.right) if y in lines else blank for y in crop.line_range
        )
        return [strip.adjust_cell_length(crop.width) for strip in cells]

    def _joined(self, y: int, pieces: Mapping[int, Strip | None]) -> Strip:
        """A line of pieces, some of which were not asked for."""
        ends = self.cuts[y][1:]
        return Strip.join(
            strip or Strip.blank(end - x)
            for (x, strip), end in zip(pieces.items(), ends, strict=True)
        )


class CoveredScreen(Screen[ReturnType]):
    """Screen that is drawn once for each of its changes, also while another one lies over it.

    Textual's own is marked for one more drawing each time, which comes with its next message, so
    that every message to it draws the screen above anew, as a whole. And where a part of the
    screen below has changed, that above forgets which of its own widgets have.

    Of the screen below, the cells alone are shaded that are drawn, and each style once. Textual's
    own shades every cell of all lines for each change: half of what the opening of a sheet costs.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._compositor: NarrowCompositor = NarrowCompositor()
        self._was_seen = False

    def _on_screen_resume(self, event: events.ScreenResume) -> None:
        # Textual's own follows. It styles every widget anew: the first time they just were.
        event.refresh_styles &= self._was_seen
        self._was_seen = True

    def render_lines(self, crop: Region) -> list[Strip]:
        """The cells of ``crop``, by line; what lies below is seen through them."""
        strips = self._shaded_strips(crop)
        if strips is None:
            return super().render_lines(crop)
        self._dirty_regions.clear()
        background = self.background_colors[1]
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        return strips

    def _shaded_strips(self, crop: Region) -> list[Strip] | None:
        """Cells of the screen below in the shade of this one; None where nothing is seen of it."""
        stack, colour = self.app.screen_stack, self.styles.background
        if colour.a == 1 or self not in stack[1:]:
            return None
        below = stack[stack.index(self) - 1]
        if not isinstance(below, CoveredScreen):
            return None
        return [_shaded(strip, colour) for strip in below.strips(crop)]

    def strips(self, crop: Region) -> list[Strip]:
        """The cells of ``crop``, by line."""
        return self._compositor.strips(crop)

    @property
    def is_at_rest(self) -> bool:
        """True where nothing waits to be drawn, and nothing lies over it."""
        waits = self._dirty_widgets or self._layout_required or self._repaint_required
        app = self.app
        is_batched = isinstance(app, GuardedApp) and app.is_batched
        return not waits and not is_batched and self is app.screen

    def draw(self, widget: Widget) -> None:
        """Draw now what the widget has marked."""
        self._compositor.update_widgets({widget})
        self._compositor_refresh()

    def _on_timer_update(self) -> None:
        if self._repaint_required:
            # As one of them: Textual draws this screen instead of its widgets, and it may be marked
            # for no more than what has changed below it.
            self._repaint_required = False
            self._dirty_widgets.add(self)
        super()._on_timer_update()

    def _compositor_refresh(self) -> None:
        super()._compositor_refresh()
        if self is not self.app.screen:
            self._repaint_required = False


def _shaded(line: Strip, colour: Color) -> Strip:
    """Strip with every style in the shade of a translucent colour, and without links."""
    segments = [
        segment if segment.control else Segment(segment.text, _shaded_style(segment.style, colour))
        for segment in line
    ]
    return Strip(segments, line.cell_length)


@lru_cache(maxsize=2048)
def _shaded_style(style: Style | None, colour: Color) -> Style | None:
    (segment,) = BackgroundScreen.process_segments([Segment(" ", style)], colour)
    return segment.style


class EdgeTitle:
    """Title in a border; for another one its line alone is drawn anew, and none for the same.

    Textual's own draws the whole widget: the keys in a list's border are set with every step in it.
    """

    def __init__(self, *, is_below: bool = False) -> None:
        self._is_below = is_below
        self._name = ""

    def __set_name__(self, _: type[Widget], name: str) -> None:
        # Where Textual looks for it when it draws the border.
        self._name = f"_{name}"

    def __set__(self, widget: Widget, title: ContentType | None) -> None:
        """Set it, of one line."""
        before = getattr(widget, self._name, None)
        after = None if title is None else widget.render_str(title).expand_tabs(4).split()[0]
        if after is before or (after is not None and before is not None and after.is_same(before)):
            return
        setattr(widget, self._name, after)
        size = widget.outer_size
        if not size:
            widget.refresh()
            return
        # Regions are told from where the content begins.
        left, top = widget.content_offset
        line = size.height - 1 if self._is_below else 0
        widget.refresh(Region(-left, line - top, size.width, 1))

    def __get__(self, widget: Widget | None, _: type[Widget]) -> str | None:
        """The title as markup."""
        title: Content | None = getattr(widget, self._name, None)
        return None if title is None else title.markup


class Titled:
    """Titles of a widget that are drawn without the rest of it.

    No widget itself: Textual takes styles and their names from the first parent that is one.
    """

    border_title = EdgeTitle()
    border_subtitle = EdgeTitle(is_below=True)


class LiveWidget(Widget):
    """Widget of which a part moves all the time, such as a level."""

    def draw_at_once(self, region: Region) -> None:
        """Draw a part now, where nothing else waits to be drawn.

        By way of ``refresh`` it takes two messages and a timer: a third of what a level costs.
        """
        screen = self.screen
        if not isinstance(screen, CoveredScreen) or not screen.is_at_rest:
            self.refresh(region)
            return
        self._set_dirty(region)
        screen.draw(self)


class NarrowUpdate(ChopsUpdate):
    """Update that sends the cells which were drawn anew alone.

    Textual's own sends the line from the first column of its widget: for a level that moves
    five times a second also the picture at the other end of the line.
    """

    def render_segments(self, console: Console) -> str:
        """The cells as a sequence for the terminal."""
        sequences = []
        for y, first, end in self.spans:
            for (x, strip), strip_end in zip(
                self.chops[y].items(), self.chop_ends[y], strict=False
            ):
                if strip is None or x >= end or strip_end <= first:
                    continue
                start = whole_column(strip, max(0, first - x))
                cells = strip.crop(start, min(end, strip_end) - x)
                sequences += [f"\x1b[{y + 1};{x + start + 1}H", cells.render(console)]
        return "".join(sequences)


class GuardedApp(App[ReturnType], inherit_css=False):
    """App that asks :meth:`survive` before an exception ends it.

    Most of what Textual's own style says is about widgets that are not here, and all of it is
    read before the first paint.
    """

    DEFAULT_CSS = """
    GuardedApp {
        background: $background;
        color: $foreground;

        &:ansi {
            background: ansi_default;
            color: ansi_default;
        }
    }
    """

    def survive(self, error: Exception) -> bool:
        """Report the exception; False: it ends the program."""
        raise NotImplementedError

    @property
    def is_batched(self) -> bool:
        """True while changes are held back, to be shown together."""
        return self._batch_count > 0

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        # Every update of the screen passes here.
        if isinstance(renderable, ChopsUpdate):
            renderable = NarrowUpdate(renderable.chops, renderable.spans, renderable.chop_ends)
        super()._display(screen, renderable)

    def _on_notify(self, event: Notify) -> None:
        # Every notification passes here. One that says the same again takes the other's place.
        for shown in list(self._notifications):
            if _words(shown) == _words(event.notification):
                self._unnotify(shown, refresh=False)
        super()._on_notify(event)

    def _handle_exception(self, error: Exception) -> None:
        # Textual calls this for whatever no handler caught; its own version always ends the app.
        if self.survive(error):
            return
        super()._handle_exception(error)
        # Its report shows the values of every variable; the log has all that is needed.
        self._exit_renderables.clear()


def _words(notification: Notification) -> tuple[str, str]:
    return notification.title, notification.message
