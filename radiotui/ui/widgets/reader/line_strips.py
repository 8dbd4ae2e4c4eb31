"""Lines of a story as strips of its widget."""

from __future__ import annotations

from textual.content import Content
from textual.strip import Strip
from textual.style import Style
from textual.visual import Visual
from textual.widget import Widget

from radiotui.ui.widgets.reader.blocks import GUTTER, Beside, Line


def strip_of(widget: Widget, line: Line, columns: int, y: int | None = None) -> Strip:
    """A line as it is drawn; with ``y``, its place, one whose words can be selected."""
    if isinstance(line, Strip):
        return line
    style = widget.visual_style
    if isinstance(line, Beside):
        gap = Strip.blank(GUTTER, style.rich_style)
        room = columns - line.photo.cell_length - GUTTER
        return Strip.join([line.photo, gap, strip_of(widget, line.words, room, y)])
    words = line if y is None else _with_selection(widget, line, y)
    strips = Visual.to_strips(widget, words, columns, 1, style, apply_selection=False)
    strip = strips[0] if strips else Strip([])
    return strip if y is None else strip.apply_offsets(0, y)


def _with_selection(widget: Widget, line: Content, y: int) -> Content:
    selection = widget.text_selection
    span = selection.get_span(y) if selection is not None else None
    if span is None:
        return line
    start, end = span
    colours = widget.screen.get_component_styles("screen--selection")
    return line.stylize(Style.from_styles(colours), start, len(line) if end == -1 else end)
