"""The tables, and how an older file becomes today's.

``PRAGMA user_version`` counts the migrations a file has been through. A
migration that was ever released is never edited: a new one is appended.
Times are whole seconds since 1970, UTC. An entry is named by (feed, guid);
its ``id`` is only the file's own short name for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiotui.problems import Problem

if TYPE_CHECKING:
    import sqlite3

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE feed (
            id INTEGER PRIMARY KEY,
            url TEXT NOT NULL UNIQUE,
            address TEXT NOT NULL,
            title TEXT NOT NULL DEFAULT '',
            etag TEXT,
            modified TEXT,
            body_hash TEXT,
            asked_at INTEGER,
            wait_until INTEGER,
            answered_at INTEGER,
            gone INTEGER NOT NULL DEFAULT 0,
            problem TEXT,
            hint TEXT NOT NULL DEFAULT ''
        )
        """,
        """
        CREATE TABLE entry (
            id INTEGER PRIMARY KEY,
            feed INTEGER NOT NULL REFERENCES feed (id) ON DELETE CASCADE,
            guid TEXT NOT NULL,
            title TEXT NOT NULL,
            link TEXT,
            byline TEXT NOT NULL DEFAULT '',
            published INTEGER,
            updated INTEGER,
            body TEXT NOT NULL DEFAULT '',
            digest TEXT NOT NULL,
            first_seen INTEGER NOT NULL,
            placed_at INTEGER NOT NULL,
            UNIQUE (feed, guid)
        )
        """,
        "CREATE INDEX entry_newest ON entry (placed_at DESC, id DESC)",
        """
        CREATE TABLE enclosure (
            entry INTEGER NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
            place INTEGER NOT NULL,
            url TEXT NOT NULL,
            type TEXT NOT NULL DEFAULT '',
            length INTEGER,
            PRIMARY KEY (entry, place)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE state (
            feed INTEGER NOT NULL REFERENCES feed (id) ON DELETE CASCADE,
            guid TEXT NOT NULL,
            read INTEGER NOT NULL DEFAULT 0,
            starred INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (feed, guid)
        ) WITHOUT ROWID
        """,
        "CREATE TABLE memory (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    ),
)


def migrate(connection: sqlite3.Connection, name: str) -> None:
    """Bring the file ``name`` to today's tables, whole or not at all.

    Raises Problem for a file that a newer radiotui has written; it is left as it is.
    """
    if _version(connection, name) == len(MIGRATIONS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Asked again under the lock: another radiotui may have been faster.
        for statements in MIGRATIONS[_version(connection, name) :]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection, name: str) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(MIGRATIONS):
        raise Problem(
            f"{name} was written by a newer radiotui",
            "update radiotui; the file was left as it is",
            f"user_version {version}, known {len(MIGRATIONS)}",
        )
    return version
