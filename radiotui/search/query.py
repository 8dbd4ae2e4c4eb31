"""Query language of the search: typed words and filters to a query of the store.

Words are looked for in titles, bylines, summaries and articles; the last one
may be unfinished. "two words" in quotes stand together, ``-word`` must not be
there, ``one OR other``. Filters: ``station:knau``, ``from:npr``, ``is:unread``,
``is:starred``, ``is:heard``, ``is:recorded``, ``since:2026-11-01``, ``since:3d``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from radiotui.problems import Problem
from radiotui.store.search import SearchQuery

_LONGEST = 500
_PIECE = re.compile(r'(-?)(?:([a-z]+):)?(?:"([^"]*)"?|(\S+))')
_WORD = re.compile(r"\w+")
_AGO = re.compile(r"(\d{1,4})([hdwmy])")
_UNITS = {"h": 1, "d": 24, "w": 24 * 7, "m": 24 * 30, "y": 24 * 365}
FILTERS = ("station", "from", "is", "since")


def read_query(
    typed: str, *, feeds_of: Callable[[str], tuple[str, ...]], now: datetime
) -> SearchQuery:
    """The question that was typed.

    ``feeds_of`` gives the feeds of a station, and raises Problem for one that is
    not there. Raises Problem for a filter that cannot be understood.
    """
    query = SearchQuery()
    terms: list[str] = []
    denied: list[str] = []
    typed = typed[:_LONGEST]
    unfinished = bool(typed) and not typed[-1].isspace()
    for piece in _PIECE.finditer(typed):
        minus, name, phrase, word = piece.groups()
        value = phrase if phrase is not None else word or ""
        if name in FILTERS:
            query = _filtered(query, name, value, feeds_of, now)
            continue
        words = _WORD.findall(f"{name} {value}" if name else value)
        if not words:
            continue
        if value == "OR" and phrase is None and not name and not minus:
            terms.append("OR")
            continue
        last = unfinished and phrase is None and piece.end() == len(typed)
        (denied if minus else terms).append(_term(words, prefix=last and not minus))
    return replace(query, match=_match(terms, denied))


def _term(words: list[str], *, prefix: bool) -> str:
    # A string in FTS5's language: nothing of it is an operator. One letter begins too many words.
    return f'"{" ".join(words)}"' + ("*" if prefix and len(words[-1]) > 1 else "")


def _match(terms: list[str], denied: list[str]) -> str:
    """Every term, or those beside an OR either of them; none of the denied."""
    groups: list[list[str]] = [[]]
    joined = False
    for term in terms:
        if term == "OR":
            joined = bool(groups[-1])
        elif joined:
            groups[-1].append(term)
            joined = False
        else:
            groups.append([term])
    expression = " AND ".join(
        f"({' OR '.join(group)})" if len(group) > 1 else group[0] for group in groups if group
    )
    if expression and denied:
        return f"({expression}) NOT ({' OR '.join(denied)})"
    return expression


def _filtered(
    query: SearchQuery,
    name: str,
    value: str,
    feeds_of: Callable[[str], tuple[str, ...]],
    now: datetime,
) -> SearchQuery:
    if not value:
        return query
    if name == "station":
        return replace(query, feeds=feeds_of(value), station=value)
    if name == "from":
        return replace(query, author=value)
    if name == "since":
        return replace(query, since=read_since(value, now))
    if value in {"unread", "starred", "heard", "recorded"}:
        return replace(
            query,
            unread=query.unread or value == "unread",
            starred=query.starred or value == "starred",
            heard=query.heard or value == "heard",
            recorded=query.recorded or value == "recorded",
        )
    raise Problem(
        f"nothing is {value!r} here", "there is is:unread, is:starred, is:heard and is:recorded"
    )


def read_since(value: str, now: datetime) -> datetime:
    """The time that "2026-11-01", "today", "yesterday" or "3d" means.

    Raises Problem for anything else.
    """
    today = now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    if value in {"today", "yesterday"}:
        return (today - timedelta(days=value == "yesterday")).astimezone(UTC)
    ago = _AGO.fullmatch(value)
    try:
        if ago is not None:
            return now - timedelta(hours=int(ago[1]) * _UNITS[ago[2]])
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):  # no year is before 1
        hint = "a date (2026-11-01), today, yesterday, or 3h, 2d, 1w, 6m, 1y ago"
        raise Problem(f"{value!r} is no time to search from", hint) from None
