"""Pictures that the terminal itself paints over the lines of a document."""

from __future__ import annotations

from collections.abc import Iterator

from textual.widget import Widget

from radiotui.ui.kit.textual_private import write_to_terminal
from radiotui.ui.widgets.reader.blocks import Layout, PhotoView


class PictureOverlay:
    """Pictures of a widget's lines, sent to the terminal after the lines themselves."""

    def __init__(self, widget: Widget, margin: int) -> None:
        self._widget = widget
        self._margin = margin
        """Columns left of the pictures."""
        self._layout = Layout([], 0)
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
        x = self._widget.content_region.x + self._margin
        sequences = [
            f"\x1b[{y + 1};{x + 1}H{sequence}"
            for y, sequence, columns in self._lines()
            if all(self._is_on_top(at, y) for at in (x, x + columns - 1))
        ]
        if sequences:
            write_to_terminal(self._widget.app, f"\x1b7{''.join(sequences)}\x1b8")

    def _lines(self) -> Iterator[tuple[int, str, int]]:
        """Line of the screen, control sequence for it, and its width in columns."""
        layout, region = self._layout, self._widget.content_region
        for index, block in enumerate(layout.blocks):
            if isinstance(block, PhotoView) and block.over:
                first = layout.starts[index + 1] - len(block.over) - self._widget.scroll_offset.y
                for number, sequence in enumerate(block.over, first):
                    if 0 <= number < region.height:
                        yield region.y + number, sequence, block.drawn[0].cell_length

    def _is_on_top(self, x: int, y: int) -> bool:
        return self._widget.screen.get_widget_at(x, y)[0] is self._widget
