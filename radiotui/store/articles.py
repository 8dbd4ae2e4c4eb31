"""The questions about articles: what the pages behind the entries told.

An article belongs to an address and not to an entry: feeds share it.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from radiotui.problems import Problem
from radiotui.store.duplicates import link_key
from radiotui.store.feeds import moment, seconds

if TYPE_CHECKING:
    import sqlite3


class StoredPage(msgspec.Struct, frozen=True):
    """Stored article of a page, or why there is none."""

    fetched_at: datetime | None
    content: str | None = None
    """The article, as the feeds' room writes it."""
    plain: str = ""
    """Its words, for the search."""
    changes: str | None = None
    """What was different when it was last fetched, as the feeds' room writes it."""
    problem: Problem | None = None
    """Why the last question brought no article, in words alone; an older one may be there."""


def page(connection: sqlite3.Connection, link: str) -> StoredPage | None:
    """Stored page with that address."""
    row = connection.execute(
        "SELECT fetched_at, content, plain, changes, problem, hint FROM article WHERE link_key = ?",
        (_key(link),),
    ).fetchone()
    if row is None:
        return None
    fetched_at, content, plain, changes, problem, hint = row
    trouble = None if problem is None else Problem(problem, hint)
    return StoredPage(moment(fetched_at), content, plain, changes, trouble)


def keep_page(connection: sqlite3.Connection, link: str, page: StoredPage) -> None:
    """Keep what a page brought. Without an article the one from before stays."""
    problem = (page.problem.title, page.problem.hint) if page.problem else (None, "")
    connection.execute(
        "INSERT INTO article (link_key, fetched_at, content, plain, changes, problem, hint)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (link_key) DO UPDATE SET"
        " fetched_at = excluded.fetched_at, problem = excluded.problem, hint = excluded.hint,"
        " content = coalesce(excluded.content, content),"
        " plain = CASE WHEN excluded.content IS NULL THEN plain ELSE excluded.plain END,"
        " changes = coalesce(excluded.changes, changes)",
        (_key(link), seconds(page.fetched_at), page.content, page.plain, page.changes, *problem),
    )
    if page.content is not None:
        connection.execute("UPDATE entry SET indexed = 0 WHERE link_key = ?", (_key(link),))


def titles(connection: sqlite3.Connection, link: str) -> list[str]:
    """Titles of the entries whose page has that address."""
    rows = connection.execute("SELECT title FROM entry WHERE link_key = ? LIMIT 20", (_key(link),))
    return [title for (title,) in rows if title]


def without_page(connection: sqlite3.Connection, feed: int, newest: int) -> list[tuple[int, str]]:
    """Id and address of those of a feed's newest entries whose page was never asked for."""
    rows = connection.execute(
        "SELECT id, link FROM (SELECT id, link, link_key FROM entry WHERE feed = ?"
        " ORDER BY placed_at DESC, id DESC LIMIT ?) AS fresh WHERE link IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM article WHERE article.link_key = fresh.link_key)",
        (feed, newest),
    )
    return [(entry, link) for entry, link in rows]


def _key(link: str) -> str:
    # A site's front page is no story's address, but its page can be read all the same.
    return link_key(link) or link
