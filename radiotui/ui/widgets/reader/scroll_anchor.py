"""Place of a document that stays at the top of the view when its blocks change."""

from __future__ import annotations

import msgspec

from radiotui.ui.widgets.reader.blocks import BlockView
from radiotui.ui.widgets.reader.layout import Layout


class ScrollAnchor(msgspec.Struct, frozen=True):
    """Line of a layout that is at the top of the view."""

    layout: Layout
    top: int

    def line_in(self, layout: Layout) -> int:
        """Line of another layout with the same words; as far down where it has no such block."""
        if self.top <= 0:
            return 0
        index = self.layout.at(self.top)
        same_index = _same_block(self.layout, index, layout)
        if same_index is None:
            return round(self.top / max(1, self.layout.height) * layout.height)
        lines = len(layout.drawn[same_index])
        old_lines = max(1, len(self.layout.drawn[index]))
        inside = round((self.top - self.layout.starts[index]) * lines / old_lines)
        return layout.starts[same_index] + min(max(0, lines - 1), inside)


def _same_block(old: Layout, index: int, new: Layout) -> int | None:
    """Index in ``new`` of the block ``index`` of ``old``; the head is the same whatever it says."""
    if index == 0:
        return 0
    old_block = old.blocks[index]
    if index < len(new.blocks) and _is_same(new.blocks[index], old_block):
        return index
    alike = (n for n, block in enumerate(new.blocks) if _is_same(block, old_block))
    return next(alike, None)


def _is_same(old: BlockView, new: BlockView) -> bool:
    return type(old) is type(new) and old.text.plain == new.text.plain and bool(old.text.plain)
