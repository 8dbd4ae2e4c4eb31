"""Pictures that the terminal itself paints over the lines of a document."""

from __future__ import annotations

from collections.abc import Iterator

from textual.widget import Widget

from radiotui.ui.kit.textual_private import write_to_terminal
from radiotui.ui.widgets.reader.blocks import Room
from radiotui.ui.widgets.reader.layout import Layout


class PictureOverlay:
    """Pictures of a widget's lines, sent to the terminal after the lines themselves."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._layout = Layout([], Room(0))
        self._is_planned = False

    def plan(self, layout: Layout) -> None:
        """Paint the pictures of a layout once its lines are on the screen."""
        self._layout = layout
        if not self._is_planned and layout.has_overlay:
            self._is_planned = self._widget.call_after_refresh(self._paint)

    def _paint(self) -> None:
        """Send each line of the pictures that no other widget covers."""
        self._is_planned = False
        if not self._widget.screen.is_active:
            return
        sequences = [
            f"\x1b[{y + 1};{x + 1}H{sequence}"
            for x, y, sequence, columns in self._lines()
            if all(self._is_on_top(at, y) for at in (x, x + columns - 1))
        ]
        if sequences:
            write_to_terminal(self._widget.app, f"\x1b7{''.join(sequences)}\x1b8")

    def _lines(self) -> Iterator[tuple[int, int, str, int]]:
        """Place on the screen of each line, control sequence for it, and its width in columns."""
        indent = self._layout.room.indent
        region, top = self._widget.content_region, self._widget.scroll_offset.y
        for photo in self._layout.photos:
            for number, sequence in enumerate(photo.view.over, photo.y - top):
                if 0 <= number < region.height:
                    columns = photo.view.drawn[0].cell_length
                    yield region.x + indent + photo.x, region.y + number, sequence, columns

    def _is_on_top(self, x: int, y: int) -> bool:
        return self._widget.screen.get_widget_at(x, y)[0] is self._widget
