"""A list whose rows can be replaced while somebody is reading it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

import msgspec
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.strip import Strip
from textual.widgets import OptionList
from textual.widgets.option_list import Option, OptionDoesNotExist

from radiotui.ui.commands.keymap import sheet_bindings
from radiotui.ui.kit.content import BLANK
from radiotui.ui.kit.fault_barrier import FaultBarrier
from radiotui.ui.kit.row import Row
from radiotui.ui.kit.textual_private import Titled

if TYPE_CHECKING:
    from textual.css.styles import RulesMap


class ListEntry(msgspec.Struct, frozen=True):
    """A row, and the id by which it is found again; without one it cannot be chosen."""

    id: str | None
    row: Row | Content


class RowList(Titled, FaultBarrier, OptionList, inherit_bindings=False):
    """Keeps highlight and scroll position by id; with no rows it says why in the middle."""

    # The arrow keys are every list's; the commands' keys come on top of them.
    BINDINGS: ClassVar[list[BindingType]] = [
        *sheet_bindings({"list.choose": "select"}),
        Binding("down", "cursor_down", show=False),
        Binding("up", "cursor_up", show=False),
        Binding("pagedown", "page_down", show=False),
        Binding("pageup", "page_up", show=False),
        Binding("home", "first", show=False),
        Binding("end", "last", show=False),
    ]

    placard: reactive[Content] = reactive(BLANK)
    """Text in place of the rows while there are none."""

    def __init__(self, name: str, *, classes: str | None = None) -> None:
        super().__init__(id=name, classes=classes, markup=False)
        self._entries: list[ListEntry] = []
        self._centred: tuple[tuple[Content, int], list[Content]] = ((BLANK, 0), [])

    @property
    def highlighted_id(self) -> str | None:
        """The id of the highlighted row."""
        option = self.highlighted_option
        return option.id if option else None

    def show_rows(self, entries: Sequence[ListEntry]) -> bool:
        """Show these rows instead, with as little change on the screen as possible.

        True where something is drawn otherwise. The highlighted row stays where it is on the
        screen when the rows above it take another number of lines.
        """
        before, offset = self._entries, self._offset()
        self._entries = list(entries)
        if [entry.id for entry in before] != [entry.id for entry in entries]:
            self._replace_all()
            return True
        changed = moved = False
        for index, (old, new) in enumerate(zip(before, entries, strict=True)):
            if old is not new and not _same(old.row, new.row):
                self.replace_option_prompt_at_index(index, new.row)
                changed = True
                moved = moved or self._height(old) != self._height(new)
        # Holding a row lays the whole screen out anew.
        if moved and offset is not None:
            self._hold(*offset)
        return changed

    def _offset(self) -> tuple[int, int] | None:
        """The highlighted row, or else the first in view, and its line on the screen."""
        if not self.is_mounted or not self.scrollable_content_region:
            return None
        height, top = self.scrollable_content_region.height, self.scroll_offset.y
        line, first = 0, None
        for index, entry in enumerate(self._entries):
            if line >= top + height:
                break
            if line >= top:
                first = first or (index, line - top)
                if index == self.highlighted:
                    return index, line - top
            line += self._height(entry)
        return first

    def _hold(self, index: int, offset: int) -> None:
        """Scroll so that a row stands in that line of the screen."""
        # The number of all lines, and with it the lowest place to scroll to, is out of date.
        self._update_lines()
        line = sum(self._height(entry) for entry in self._entries[:index])
        self.scroll_to(y=line - offset, animate=False, force=True, immediate=True)

    def _height(self, entry: ListEntry) -> int:
        width = self.scrollable_content_region.width
        return entry.row.get_height(cast("RulesMap", self.styles), width)

    @property
    def ids_in_view(self) -> tuple[str, ...]:
        """The ids of the rows of which something is on the screen."""
        top, ids, line = self.scroll_offset.y, [], 0
        bottom = top + self.scrollable_content_region.height
        for entry in self._entries if self.scrollable_content_region else ():
            if line >= bottom:
                break
            line += self._height(entry)
            if line > top and entry.id is not None:
                ids.append(entry.id)
        return tuple(ids)

    def scroll_to_highlight(self, top: bool = False) -> None:
        """Bring the highlighted row into view, with the first row the heading above it."""
        super().scroll_to_highlight(top)
        first = next((at for at, entry in enumerate(self._entries) if entry.id is not None), None)
        if self.is_mounted and self.highlighted is not None and self.highlighted == first:
            self.scroll_home(animate=False, force=True, immediate=True)

    def scroll_to_coming(self) -> None:
        """Scroll so that two thirds of the list are left for the rows after the highlighted one."""
        if self.is_mounted and self.highlighted is not None:
            self._hold(self.highlighted, self.scrollable_content_region.height // 3)

    def show_row(self, entry: ListEntry) -> None:
        """Show one row otherwise; nothing happens where it is not there."""
        index = self._index(entry.id or "")
        if index is not None:
            self._entries[index] = entry
            self.replace_option_prompt_at_index(index, entry.row)

    def move(self, where: str) -> None:
        """Move the highlight: "down", "page_up", "top"…"""
        actions = {"down": "cursor_down", "up": "cursor_up", "top": "first", "bottom": "last"}
        getattr(self, f"action_{actions.get(where, where)}")()

    def highlight(self, row_id: str) -> None:
        """Move the highlight to a row, if it is there."""
        index = self._index(row_id)
        if index is not None:
            self.highlighted = index

    def _replace_all(self) -> None:
        row_id, at, scrolled = self.highlighted_id, self.highlighted, self.scroll_y
        options = [Option(e.row, id=e.id, disabled=e.id is None) for e in self._entries]
        with self.prevent(OptionList.OptionHighlighted):
            self.set_options(options)
            self.highlighted = index = self._index(row_id) if row_id else None
            # Moving the highlight scrolls to it, and one may have scrolled away from it to read.
            self.scroll_to(y=scrolled, animate=False, force=True, immediate=True)
        if index is None and at is not None and options:
            # The row is gone: the one that took its place is a new choice.
            self.highlighted = min(at, len(options) - 1)
            if options[self.highlighted].disabled:
                self.action_cursor_down()

    def _index(self, row_id: str) -> int | None:
        try:
            return self.get_option_index(row_id)
        except OptionDoesNotExist:
            return None

    def render_line(self, y: int) -> Strip:
        """The rows, or the placard where there are none."""
        if not self.options:
            return self._placard_line(y)
        strip = super().render_line(y)
        here = next((s.style.meta.get("option") for s in strip if s.style and s.style.meta), None)
        if here is not None and here == self.highlighted and self._is_reversed:
            return strip.apply_style(Style(reverse=True))
        return strip

    @property
    def _is_reversed(self) -> bool:
        # Textual loses the attribute on its way here; without colours it is all there is.
        style = self.get_component_styles("option-list--option-highlighted").text_style
        return bool(style.reverse)

    def _placard_line(self, y: int) -> Strip:
        size = self.scrollable_content_region.size
        style = self.get_visual_style("option-list--option")
        lines = self._placard_lines(size.width)
        at = y - max(0, (size.height - len(lines)) // 3)
        if not 0 <= at < len(lines):
            return Strip.blank(size.width, style.rich_style)
        (strip,) = lines[at].to_strips(self, lines[at], size.width, 1, style)
        return strip.extend_cell_length(size.width, style.rich_style)

    def _placard_lines(self, width: int) -> list[Content]:
        """The placard as centred lines, worked out once for every line of the screen."""
        if self._centred[0] != (self.placard, width):
            paragraphs = self.placard.split("\n", allow_blank=True)
            lines = [line.rstrip() for p in paragraphs for line in p.wrap(max(8, width - 4))]
            indents = [max(0, (width - line.cell_length) // 2) for line in lines]
            centred = [line.pad_left(n) for line, n in zip(lines, indents, strict=True)]
            self._centred = (self.placard, width), centred
        return self._centred[1]


def _same(old: Row | Content, new: Row | Content) -> bool:
    if isinstance(old, Row):
        return old.is_same(new)
    return isinstance(new, Content) and old.is_same(new)
