"""Arithmetic of the screen's cells."""

from __future__ import annotations

from rich.cells import cell_len
from textual.geometry import Region
from textual.strip import Strip


def without(region: Region, covered: Region) -> list[Region]:
    """Rest of a region, in up to four parts."""
    hole = region.intersection(covered)
    if not hole:
        return [region]
    parts = (
        Region(region.x, region.y, region.width, hole.y - region.y),
        Region(region.x, hole.bottom, region.width, region.bottom - hole.bottom),
        Region(region.x, hole.y, hole.x - region.x, hole.height),
        Region(hole.right, hole.y, region.right - hole.right, hole.height),
    )
    return [part for part in parts if part]


def whole_column(strip: Strip, column: int) -> int:
    """The column, or the one before it where a character of two columns begins there."""
    is_second_half = column and cell_len(strip.crop(column - 1, column + 1).text[:1]) == 2
    return column - 1 if is_second_half else column
