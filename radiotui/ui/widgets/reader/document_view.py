"""Blocks one above the other, drawn line by line: thousands of words cost what is seen of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from radiotui.problems import Problem
from radiotui.ui.kit.content import BLANK, trusted
from radiotui.ui.kit.fault_barrier import FaultBarrier
from radiotui.ui.widgets.reader.blocks import (
    MARGIN_GAP,
    BlockView,
    Line,
    Room,
    Words,
    room_within,
)
from radiotui.ui.widgets.reader.invitation import STORY_PANE
from radiotui.ui.widgets.reader.layout import Layout, TextSpan, line_words
from radiotui.ui.widgets.reader.line_strips import strip_of
from radiotui.ui.widgets.reader.match_marks import MatchMarks
from radiotui.ui.widgets.reader.measure import MARK_COLUMNS
from radiotui.ui.widgets.reader.photo_places import PhotoRequests, drawn_photos
from radiotui.ui.widgets.reader.picture_overlay import PictureOverlay
from radiotui.ui.widgets.reader.reader_messages import PictureWanted
from radiotui.ui.widgets.reader.scroll_anchor import ScrollAnchor

if TYPE_CHECKING:
    from radiotui.ui.widgets.reader.picture import DrawnPicture

_CHOICE_BAR = trusted("┃ ", "bold $accent")


class DocumentView(FaultBarrier, ScrollView, can_focus=True, inherit_bindings=False):
    """It keeps what one reads in its place when blocks above it grow."""

    auto_links = False

    drawings: var[Mapping[str, DrawnPicture | Problem]] = var({})
    """Pictures, by address, as they were drawn for a width; a Problem for one that was not."""

    def __init__(self, name: str) -> None:
        super().__init__(id=name, classes=STORY_PANE)
        self._layout_of_blocks = Layout([Words(BLANK)], room_within(0, 0))
        self._matches = MatchMarks(self._layout_of_blocks)
        self._chosen_blocks = range(0)
        self._overlay = PictureOverlay(self)
        self._requests = PhotoRequests()
        self._fitting = False
        """Whether what moves now is the text, and not the listener."""

    @property
    def blocks(self) -> Sequence[BlockView]:
        """Views in their order."""
        return self._layout_of_blocks.blocks

    @property
    def block_layout(self) -> Layout:
        """Lines of the whole text at the present width, in view or not."""
        return self._layout_of_blocks

    @property
    def room(self) -> Room:
        """Columns for the text and for its margin, and lines that are seen at once."""
        return room_within(*self.scrollable_content_region.size)

    @property
    def text_width(self) -> int:
        """Columns there are for the text."""
        return self.room.columns

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
        self._requests.clear()
        self.show(Layout(list(blocks), self.room), from_top=True)

    def show(self, layout: Layout, *, from_top: bool) -> None:
        """Show these blocks instead, from the top or from where one reads."""
        room = self.room
        if layout.room.wraps_like(room):
            layout.room = room
        else:
            layout = Layout(layout.blocks, room)
        anchor = ScrollAnchor(self._layout_of_blocks, self.scroll_offset.y)
        top = 0 if from_top else anchor.line_in(layout)
        self._layout_of_blocks, self._matches = layout, MatchMarks(layout)
        self._chosen_blocks = range(0)
        self._fit(top)

    def replace(self, index: int, block: BlockView) -> None:
        """Another block in that place; what one reads stays where it is."""
        layout = self._layout_of_blocks
        top = self.scroll_offset.y
        start, before = layout.starts[index], layout.starts[-1]
        layout.put(index, block)
        grown = layout.starts[-1] - before
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
        """Ask for pictures that are seen, or nearly, and are not drawn for this room."""
        top, height = self.scroll_offset.y, self.size.height
        for url, room in self._requests.due(self._layout_of_blocks, top, height):
            self.post_message(PictureWanted(url, room))

    def put_drawings(self) -> None:
        """Show the pictures there are in their places."""
        for index, block in drawn_photos(self._layout_of_blocks, self.drawings):
            self.replace(index, block)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Lines of a region; pictures that lie over lines are sent after them."""
        self._overlay.plan(self._layout_of_blocks)
        return super().render_lines(crop)

    # Marks

    def mark(self, matches: Sequence[TextSpan], current: int = 0) -> None:
        """Mark the matches of a search, and go to one of them."""
        self._matches.put(matches, current)
        if matches:
            self._reveal(self._matches.current_line())
        self.refresh()

    def choose(self, blocks: range) -> None:
        """Mark these blocks, and bring them into view."""
        self._chosen_blocks = blocks
        if blocks:
            starts = self._layout_of_blocks.starts
            self._reveal(starts[blocks[-1]], starts[blocks[-1] + 1] - 1)
        self.refresh()

    @property
    def first_in_view(self) -> int:
        """The first block of which something is seen."""
        return self._layout_of_blocks.at(self.scroll_offset.y)

    # Drawing

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002
        """Another width, the same place."""
        layout, room = self._layout_of_blocks, self.room
        if layout.room.wraps_like(room):
            layout.room = room
        else:
            self.show(Layout(list(self.blocks), room), from_top=False)

    def mark_beside(self, y: int) -> Content:
        """The mark left of a line; blank for most."""
        return _CHOICE_BAR if self._layout_of_blocks.is_text_of(self._chosen_blocks, y) else BLANK

    def line_at(self, y: int) -> Line:
        """Line of the text as it is drawn."""
        return self._layout_of_blocks.line(y)

    def render_line(self, y: int) -> Strip:
        """A line of the screen."""
        y += self.scroll_offset.y
        layout, style = self._layout_of_blocks, self.visual_style.rich_style
        width = self.scrollable_content_region.width
        if y >= layout.height:
            return Strip.blank(width, style)
        columns, indent = layout.room.columns, layout.room.indent
        before = Strip.blank(indent, style)
        if mark := self.mark_beside(y):
            before = strip_of(self, trusted(" " * (indent - MARK_COLUMNS)) + mark, indent)
        strips = [before, strip_of(self, self.line_at(y), columns, y)]
        if aside := layout.margin_line(y):
            strips[1] = strips[1].adjust_cell_length(columns + MARGIN_GAP, style)
            strips.append(strip_of(self, aside, layout.room.margin))
        return Strip.join(strips).adjust_cell_length(width, style)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text that was selected with the mouse."""
        layout = self._layout_of_blocks
        words = [line_words(layout.line(y)) for y in range(layout.height)]
        text = "\n".join("" if line is None else line.plain for line in words)
        return selection.extract(text), "\n"

    # Inside

    def _reveal(self, first: int, last: int | None = None) -> None:
        """Scroll as little as it takes, with a few lines around it."""
        height, top = self.scrollable_content_region.height, self.scroll_offset.y
        last = first if last is None else last
        around = min(3, height // 4)
        if last + around >= top + height:
            top = last + around - height + 1
        self._scroll(min(top, max(0, first - around)))

    def _fit(self, top: int) -> None:
        self._fitting = True
        self.virtual_size = Size(self.size.width, self._layout_of_blocks.height + 1)
        self._scroll(top)
        self._fitting = False
        self.refresh()

    def _scroll(self, y: int) -> None:
        self.scroll_to(y=y, animate=False, force=True, immediate=True)
