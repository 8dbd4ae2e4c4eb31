"""Marks of the places of a document that a search matches."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.style import Style

from radiotui.ui.widgets.reader.layout import Layout, TextSpan

_MATCH = "$block-cursor-foreground on $block-cursor-background underline"
_CURRENT_MATCH = "reverse bold"


class MatchMarks:
    """Matches in the blocks of one layout, one of them the current one."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._matches: Sequence[TextSpan] = ()
        self._current = 0
        self._numbers: dict[int, list[int]] = {}
        """Block -> the numbers of the matches in it."""

    def put(self, matches: Sequence[TextSpan], current: int) -> None:
        """Draw these matches in the layout instead of the earlier ones."""
        old_matches, self._matches = self._matches, matches
        old_current, self._current = self._current, current
        if old_matches is matches:
            # Another of the same places: two paragraphs look different, not all of them.
            changed_blocks = {matches[number].block for number in (old_current, current)}
        else:
            changed_blocks = {span.block for span in (*old_matches, *matches)}
            self._numbers = {}
            for number, span in enumerate(matches):
                self._numbers.setdefault(span.block, []).append(number)
        for index in changed_blocks:
            self._layout.put(index, self._layout.blocks[index], self._marked_text(index))

    def current_line(self) -> int:
        """Line of the layout on which the current match begins."""
        block, tag = self._matches[self._current].block, _tag(self._current)
        for y, words in self._layout.words_of(block):
            if any(span.style == tag for span in words.spans):
                return y
        return self._layout.starts[block]

    def _marked_text(self, index: int) -> Content:
        text = self._layout.blocks[index].text
        for number in self._numbers.get(index, ()):
            match = self._matches[number]
            style = _CURRENT_MATCH if number == self._current else _MATCH
            text = text.stylize(style, match.start, match.end)
            text = text.stylize(_tag(number), match.start, match.end)
        return text


def _tag(number: int) -> Style:
    """Style without a look, by which a match is recognised in the wrapped lines."""
    return Style.from_meta({"match": number})
