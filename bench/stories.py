"""Stories: asking many feeds, fifty thousand kept ones, and the screen meanwhile."""

from __future__ import annotations

from bench import many, reading, reload
from bench.table import Row


def rows() -> list[Row]:
    """Whole processes beside newsboat, then the store, then the keys."""
    return [*reload.rows(), *many.rows(), *reading.rows()]
