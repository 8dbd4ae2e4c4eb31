"""The tables of the queues: a migration of :mod:`radiotui.store.schema`, never edited."""

from __future__ import annotations

QUEUE_TABLES: tuple[str, ...] = (
    # What is to be heard, whatever a feed lists or is kept of it: an entry is named by its
    # feed's address and its guid, a file by its path.
    """
    CREATE TABLE queued (
        queue TEXT NOT NULL,
        feed TEXT NOT NULL,
        guid TEXT NOT NULL,
        path TEXT NOT NULL,
        title TEXT NOT NULL,
        maker TEXT NOT NULL,
        address TEXT NOT NULL,
        kept TEXT NOT NULL,
        seconds REAL,
        rank REAL NOT NULL,
        added_at INTEGER NOT NULL,
        PRIMARY KEY (queue, feed, guid, path)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE queue (
        name TEXT PRIMARY KEY,
        rule TEXT NOT NULL,
        rank REAL NOT NULL,
        added_at INTEGER NOT NULL
    ) WITHOUT ROWID
    """,
    # All of it a second time, on pages of their own: where others are damaged, it is there.
    """
    CREATE INDEX queued_again ON queued
    (queue, feed, guid, path, title, maker, address, kept, seconds, rank, added_at)
    """,
    "CREATE INDEX queue_again ON queue (name, rule, rank, added_at)",
    """
    CREATE TRIGGER feed_moved AFTER UPDATE OF url ON feed
    BEGIN UPDATE OR REPLACE queued SET feed = new.url WHERE feed = old.url; END
    """,
    # The last changes of the queues, as JSON, to be undone.
    """
    CREATE TABLE queue_change (
        number INTEGER PRIMARY KEY,
        changed_at INTEGER NOT NULL,
        change TEXT NOT NULL
    ) WITHOUT ROWID
    """,
)
