"""Reading of answers that promise no shape: what is not as expected is absent, and nothing raises.

The services behind most sources are undocumented. A value of another type than usual costs that
value alone, never the whole answer.
"""

from __future__ import annotations

import html
from typing import Any

from radiotui.net.urls import web_link
from radiotui.text import clean

MOST_ROWS = 2000
"""Of a list that are read: more than a day has minutes."""


def part(value: object, *path: str | int) -> Any:
    """The value at ``path``, keys of objects and places in lists; None where there is none."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def rows(value: object, *path: str | int) -> list[dict[str, Any]]:
    """The objects of the list at ``path``; an object alone is a list of one."""
    value = part(value, *path)
    if isinstance(value, dict):
        return [value]
    if not isinstance(value, list):
        return []
    return [row for row in value[:MOST_ROWS] if isinstance(row, dict)]


def words(value: object, *path: str | int, limit: int = 200) -> str:
    """The text at ``path``, clean, on one line and with its entities read; a number is text too."""
    value = part(value, *path)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return ""
    return clean(html.unescape(value[: limit * 8]), limit)


def number(value: object, *path: str | int) -> float | None:
    """The number at ``path``, also one that is written as text; None for what is not finite."""
    value = part(value, *path)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        read = float(value)
    except (ValueError, OverflowError):
        return None
    return read if -1e18 < read < 1e18 else None


def link(value: object, *path: str | int) -> str | None:
    """The web address at ``path``."""
    value = part(value, *path)
    return web_link(value) if isinstance(value, str) else None
