"""What stands above a list of stories, and why it is empty, or old, and what to press."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from textual.content import Content

from radiotui.documents.model import Section, Shelf
from radiotui.text import age
from radiotui.ui.kit.content import BLANK, foreign, old, own

Keys = Mapping[str, str]
"""Command id -> the key that is shown for it."""

_LISTS = {"all", "starred"}
_OLD = timedelta(hours=1)


def title(
    section: Section | None, shelf: Shelf | None, now: datetime, room: int, *, unread_only: bool
) -> Content:
    """What there is, and what is happening: as much as fits into so many columns."""
    is_stations = section is None or (section.id not in _LISTS and ":" not in section.id)
    name = foreign(section.name) if section and not is_stations else own("Stories")
    unread = sum(not headline.read for headline in shelf.headlines) if shelf else 0
    words = [str(unread) if unread else "", "unread" if unread or unread_only else ""]
    words.append("only" if unread_only else "")
    count = own(" ".join(word for word in words if word))
    state = own(_state(shelf, now), "not bold dim") if shelf else BLANK
    titles = (
        Content(" · ").join([part for part in parts if part])
        for parts in ((name, count, state), (count, state))
    )
    return next((title for title in titles if title and title.cell_length <= room), name)


def _state(shelf: Shelf, now: datetime) -> str:
    if shelf.refreshing:
        return f"updating {shelf.answered}/{shelf.asked}" if shelf.asked else "updating…"
    return old(shelf.refreshed_at, now, _OLD)


def warning(shelf: Shelf, now: datetime, keys: Keys) -> Content:
    """Why these are old, above them."""
    kept = f"kept {age(now - shelf.refreshed_at)} ago" if shelf.refreshed_at else "kept"
    told = own("⚠ ", "$error") + foreign(str(shelf.problem), "$error")
    return told + own(f"  These were {kept}. {keys['stories.refresh']} asks again.", "dim")


def why_empty(section: Section | None, shelf: Shelf | None, keys: Keys) -> Content:
    """Why there is nothing."""
    again = f"{keys['stories.refresh']} asks again"
    if section is None or shelf is None:
        return own("…" if section else "Choose a station", "dim")
    if shelf.headlines:
        words = f"\n{keys['stories.unread_only']} shows them"
        return own("Every story here is read", "bold") + own(words, "dim")
    if section.starred:
        words = f"\n{keys['story.star']} on a story keeps it here for good"
        return own("No story has a star", "bold") + own(words, "dim")
    if not shelf.has_feeds:
        return _no_feeds(section, keys)
    if shelf.problem is not None:
        told = own("⚠ ", "$error") + foreign(shelf.problem.title, "$error")
        return Content("\n").join([told, foreign(shelf.problem.hint, "dim"), own(again, "dim")])
    asking = shelf.refreshing or shelf.refreshed_at is None
    none_yet = own("No stories yet", "bold") + own(f"\n{again}", "dim")
    return own("Asking for stories…", "dim") if asking else none_yet


def _no_feeds(section: Section, keys: Keys) -> Content:
    add = f"{keys['feed.add']} adds a feed of your own"
    if section.id == "all":
        return own("There are no feeds yet", "bold") + own(f"\n{add}", "dim")
    example = f'\nA line in the station list brings them:\nfeeds = ["https://…"]\n{add}'
    return own("This station has no stories", "bold") + own(example, "dim")
