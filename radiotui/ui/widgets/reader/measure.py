"""Measure of the reader's text: its columns, and where they begin."""

from __future__ import annotations

MARK_COLUMNS = 2
"""Columns left of the text, where the mark of what is chosen stands."""
_MEASURE = 80
"""Columns that prose is read best in."""


def text_columns(width: int) -> int:
    """Columns of the text in a reader of that width."""
    return max(1, min(_MEASURE, width - MARK_COLUMNS))


def text_indent(width: int) -> int:
    """Columns left of the text, which stands in the middle of the reader."""
    return max(0, width - MARK_COLUMNS - text_columns(width)) // 2 + MARK_COLUMNS
