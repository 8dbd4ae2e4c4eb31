"""Blocks one above the other, drawn line by line: thousands of words cost what is seen of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.style import Style
from textual.visual import Visual

from radiotui.ui.kit.content import BLANK, trusted
from radiotui.ui.kit.fault_barrier import FaultBarrier
from radiotui.ui.kit.textual_private import write_to_terminal
from radiotui.ui.widgets.reader.blocks import BlockView, Layout, PhotoView, TextSpan, Words

if TYPE_CHECKING:
    from radiotui.ui.widgets.reader.picture import DrawnPicture

MARGIN = 2
"""Columns left of the text, where the mark of what is chosen stands."""
MEASURE = 80
"""Columns that prose is read best in."""
_CHOSEN = trusted("┃ ", "bold $accent")
_MATCH = "$block-cursor-foreground on $block-cursor-background underline"
_THIS_MATCH = "reverse bold"


class DocumentView(FaultBarrier, ScrollView, can_focus=True, inherit_bindings=False):
    """It keeps what one reads in its place when blocks above it grow."""

    auto_links = False

    drawings: var[Mapping[str, DrawnPicture]] = var({})
    """Pictures, by address, as they were drawn for a width."""

    class Lacks(Message):
        """A picture comes into view that is not drawn yet."""

        def __init__(self, url: str, columns: int) -> None:
            super().__init__()
            self.url = url
            self.columns = columns

    def __init__(self, name: str) -> None:
        super().__init__(id=name)
        self._layout_of_blocks = Layout([Words(BLANK)], MEASURE)
        self._matches: Sequence[TextSpan] = ()
        self._match = 0
        self._marks: dict[int, list[int]] = {}
        """The matches in each block."""
        self._chosen = range(0)
        self._painting = False
        """Whether pictures are about to be sent."""
        self._asked: set[tuple[str, int]] = set()
        """Pictures that were asked for, and for which width."""
        self._fitting = False
        """Whether what moves now is the text, and not the listener."""

    @property
    def blocks(self) -> Sequence[BlockView]:
        """Views in their order."""
        return self._layout_of_blocks.blocks

    @property
    def text_width(self) -> int:
        """Columns there are for the text."""
        return max(1, min(MEASURE, self.scrollable_content_region.width - MARGIN))

    @property
    def place(self) -> float | None:
        """Scroll position, 0 to 1; None where the whole text fits."""
        return self.scroll_y / self.max_scroll_y if self.max_scroll_y > 0 else None

    def move(self, where: str) -> None:
        """Scroll: "down", "page_up", "top"…, at once."""
        actions = {"top": "home", "bottom": "end"}
        getattr(self, f"scroll_{actions.get(where, where)}")(animate=False)

    def show_blocks(self, *blocks: BlockView) -> None:
        """Show these from their top."""
        self._asked.clear()
        self.show(Layout(list(blocks), self.text_width), from_top=True)

    def show(self, layout: Layout, *, from_top: bool) -> None:
        """Show these blocks instead, from the top or from where one reads."""
        if layout.width != self.text_width:
            layout = Layout(layout.blocks, self.text_width)
        top = 0 if from_top else self._place_in(layout)
        self._layout_of_blocks = layout
        self._matches, self._marks, self._chosen = (), {}, range(0)
        self._fit(top)

    def replace(self, index: int, block: BlockView) -> None:
        """Another block in that place; what one reads stays where it is."""
        layout = self._layout_of_blocks
        top = self.scroll_offset.y
        start, before = layout.starts[index], layout.height
        layout.put(index, block)
        grown = layout.height - before
        self._fit(top + grown if start < top else top)

    def restore(self, place: float) -> None:
        """To a place between 0, the top, and 1, the end."""
        self._fit(round(place * self.max_scroll_y))

    # Pictures

    def watch_drawings(self) -> None:
        """A picture was drawn."""
        self.put_drawings()
        self.look_for_pictures()

    def look_for_pictures(self) -> None:
        """Ask for pictures that are seen, or nearly, and are not drawn for this width."""
        for index, block in enumerate(self.blocks):
            if (
                not isinstance(block, PhotoView)
                or self._is_drawn(block)
                or not self._is_near(index)
            ):
                continue
            picture = (block.url, self.text_width)
            if picture not in self._asked:
                self._asked.add(picture)
                self.post_message(self.Lacks(*picture))

    def put_drawings(self) -> None:
        """Show the pictures there are in their places."""
        for index, block in enumerate(self.blocks):
            drawn = self.drawings.get(block.url) if isinstance(block, PhotoView) else None
            if (
                drawn is None
                or drawn.columns != self.text_width
                or not isinstance(block, PhotoView)
            ):
                continue
            if block.drawn is not drawn.strips:
                self.replace(
                    index,
                    replace(block, drawn=drawn.strips, over=drawn.over, columns=drawn.columns),
                )

    def _is_drawn(self, photo: PhotoView) -> bool:
        return bool(photo.drawn) and photo.columns == self.text_width

    def _is_near(self, index: int) -> bool:
        """Test for a block that is in view or at most one screen away."""
        starts, top, height = self._layout_of_blocks.starts, self.scroll_offset.y, self.size.height
        return starts[index] < top + 2 * height and starts[index + 1] >= top - height

    def render_lines(self, crop: Region) -> list[Strip]:
        """Lines of a region; pictures that lie over lines are sent after them."""
        if not self._painting and any(isinstance(b, PhotoView) and b.over for b in self.blocks):
            self._painting = self.call_after_refresh(self._paint_over)
        return super().render_lines(crop)

    def _paint_over(self) -> None:
        """Send pictures that lie over the lines, where nothing else does."""
        self._painting = False
        if not self.screen.is_active:
            return
        x = self.content_region.x + MARGIN
        sent = [
            f"\x1b[{y + 1};{x + 1}H{over}"
            for y, over, columns in self._overlays()
            if all(self._is_on_top(at, y) for at in (x, x + columns - 1))
        ]
        if sent:
            write_to_terminal(self.app, f"\x1b7{''.join(sent)}\x1b8")

    def _overlays(self) -> Iterator[tuple[int, str, int]]:
        """Line of the screen, what is sent there, and how wide that is."""
        layout, region = self._layout_of_blocks, self.content_region
        for index, block in enumerate(layout.blocks):
            if isinstance(block, PhotoView) and block.over:
                first = layout.starts[index + 1] - len(block.over) - self.scroll_offset.y
                for number, over in enumerate(block.over, first):
                    if 0 <= number < region.height:
                        yield region.y + number, over, block.drawn[0].cell_length

    def _is_on_top(self, x: int, y: int) -> bool:
        return self.screen.get_widget_at(x, y)[0] is self

    # Marks

    def mark(self, matches: Sequence[TextSpan], current: int = 0) -> None:
        """Show where something was found, and go to one of the places."""
        before, self._matches = self._matches, matches
        was, self._match = self._match, current
        if before is matches:
            # Another of the same places: two paragraphs look different, not all of them.
            touched = {matches[number].block for number in (was, current)}
        else:
            touched = {span.block for span in (*before, *matches)}
            self._marks = {}
            for number, span in enumerate(matches):
                self._marks.setdefault(span.block, []).append(number)
        for index in touched:
            self._layout_of_blocks.put(index, self.blocks[index], self._marked(index))
        if matches:
            self._reveal(self._line_of(matches[current], current))
        self.refresh()

    def choose(self, blocks: range) -> None:
        """Mark these blocks, and bring them into view."""
        self._chosen = blocks
        if blocks:
            starts = self._layout_of_blocks.starts
            self._reveal(starts[blocks[-1]], starts[blocks[-1] + 1] - 1)
        self.refresh()

    @property
    def first_seen(self) -> int:
        """The first block of which something is seen."""
        return self._layout_of_blocks.at(self.scroll_offset.y)

    # Drawing

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002
        """Another width, the same place."""
        if self._layout_of_blocks.width != self.text_width:
            self._asked.clear()
            self.show(Layout(list(self.blocks), self.text_width), from_top=False)

    def render_line(self, y: int) -> Strip:
        """A line of the screen."""
        y += self.scroll_offset.y
        layout, width = self._layout_of_blocks, self.scrollable_content_region.width
        style = self.visual_style
        line = layout.line(y)
        if isinstance(line, Content):
            (strip,) = Visual.to_strips(self, self._selected(line, y), width, 1, style)[:1] or [
                Strip([])
            ]
            line = strip.apply_offsets(0, y)
        margin = _CHOSEN if self._is_chosen(y) else trusted("  ")
        (before,) = Visual.to_strips(self, margin, MARGIN, 1, style)
        return Strip.join([before, line]).adjust_cell_length(width, style.rich_style)

    def _is_chosen(self, y: int) -> bool:
        layout, chosen_blocks = self._layout_of_blocks, self._chosen
        if not chosen_blocks or y >= layout.height or layout.at(y) not in chosen_blocks:
            return False
        # The blank line above belongs to nobody.
        return y > layout.starts[chosen_blocks.start] or bool(str(layout.line(y)).strip())

    def _selected(self, line: Content, y: int) -> Content:
        selection = self.text_selection
        span = selection.get_span(y) if selection is not None else None
        if span is None:
            return line
        start, end = span
        colours = self.screen.get_component_styles("screen--selection")
        return line.stylize(Style.from_styles(colours), start, len(line) if end == -1 else end)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text that was selected with the mouse."""
        layout = self._layout_of_blocks
        lines = [layout.line(y) for y in range(layout.height)]
        text = "\n".join(line.plain if isinstance(line, Content) else "" for line in lines)
        return selection.extract(text), "\n"

    # Inside

    def _marked(self, index: int) -> Content:
        text = self._layout_of_blocks.blocks[index].text
        for number in self._marks.get(index, ()):
            _, start, end = self._matches[number]
            text = text.stylize(_THIS_MATCH if number == self._match else _MATCH, start, end)
            text = text.stylize(_meta(number), start, end)
        return text

    def _line_of(self, span: TextSpan, number: int) -> int:
        layout, match_style = self._layout_of_blocks, _meta(number)
        start = layout.starts[span.block]
        for y, line in enumerate(layout.drawn[span.block], start):
            if isinstance(line, Content) and any(part.style == match_style for part in line.spans):
                return y
        return start

    def _reveal(self, first: int, last: int | None = None) -> None:
        """Scroll as little as it takes, with a few lines around it."""
        height, top = self.scrollable_content_region.height, self.scroll_offset.y
        last = first if last is None else last
        around = min(3, height // 4)
        if last + around >= top + height:
            top = last + around - height + 1
        self._scroll(min(top, max(0, first - around)))

    def _place_in(self, layout: Layout) -> int:
        """The line of new blocks that has what is at the top now."""
        old, top = self._layout_of_blocks, self.scroll_offset.y
        if top <= 0:
            return 0
        index = old.at(top)
        same = _same_block(old, index, layout)
        if same is None:
            return round(top / max(1, old.height) * layout.height)
        lines, before = len(layout.drawn[same]), max(1, len(old.drawn[index]))
        inside = round((top - old.starts[index]) * lines / before)
        return layout.starts[same] + min(max(0, lines - 1), inside)

    def _fit(self, top: int) -> None:
        self._fitting = True
        self.virtual_size = Size(self.size.width, self._layout_of_blocks.height + 1)
        self._scroll(top)
        self._fitting = False
        self.refresh()

    def _scroll(self, y: int) -> None:
        self.scroll_to(y=y, animate=False, force=True, immediate=True)


def _same_block(old: Layout, index: int, new: Layout) -> int | None:
    old_block = old.blocks[index]
    if index == 0:
        return 0
    if index < len(new.blocks) and _is_same(new.blocks[index], old_block):
        return index
    alike = (n for n, block in enumerate(new.blocks) if _is_same(block, old_block))
    return next(alike, None)


def _is_same(old: BlockView, new: BlockView) -> bool:
    return type(old) is type(new) and old.text.plain == new.text.plain and bool(old.text.plain)


def _meta(number: int) -> Style:
    return Style.from_meta({"match": number})
