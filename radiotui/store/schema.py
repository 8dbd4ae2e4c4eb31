"""The tables, and how an older file becomes today's.

``PRAGMA user_version`` counts the migrations a file has been through. A
migration that was ever released is never edited: a new one is appended.
Times are seconds since 1970, UTC; whole ones, but for what was heard. An entry
is named by (feed, guid); its ``id`` is only the file's own short name for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiotui.problems import Problem
from radiotui.store.pages import Damage
from radiotui.store.podcast_tables import PODCAST_MIGRATIONS
from radiotui.text import without_password

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
    (
        "ALTER TABLE feed DROP COLUMN wait_until",
        "ALTER TABLE feed ADD COLUMN next_at INTEGER",
        "ALTER TABLE feed ADD COLUMN interval INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE feed ADD COLUMN failures INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE feed ADD COLUMN body_bytes INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE feed ADD COLUMN saved INTEGER NOT NULL DEFAULT 0",
        # The entries of one story, in several feeds, have its first entry's id here.
        "ALTER TABLE entry ADD COLUMN story INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE entry ADD COLUMN link_key TEXT",
        "ALTER TABLE entry ADD COLUMN title_key TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE entry ADD COLUMN title_head TEXT",
        "ALTER TABLE entry ADD COLUMN title_tail TEXT",
        "ALTER TABLE entry ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE entry ADD COLUMN figures TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE entry ADD COLUMN indexed INTEGER NOT NULL DEFAULT 0",
        "UPDATE entry SET story = id, changed_at = first_seen",
        # What was not taken from the feeds before is taken with the next answer.
        "UPDATE feed SET body_hash = NULL, etag = NULL, modified = NULL",
        "CREATE INDEX entry_story ON entry (story)",
        "CREATE INDEX entry_link ON entry (link_key) WHERE link_key IS NOT NULL",
        "CREATE INDEX entry_head ON entry (title_head) WHERE title_head IS NOT NULL",
        "CREATE INDEX entry_tail ON entry (title_tail) WHERE title_tail IS NOT NULL",
        "CREATE INDEX entry_unindexed ON entry (id) WHERE indexed = 0",
        "CREATE INDEX entry_of_feed ON entry (feed, placed_at DESC)",
        "ALTER TABLE enclosure ADD COLUMN seconds REAL",
        "ALTER TABLE state ADD COLUMN place REAL NOT NULL DEFAULT 0",
        # Entries that were tidied away: they do not come back while their feed still names them.
        """
        CREATE TABLE tidied (
            feed INTEGER NOT NULL REFERENCES feed (id) ON DELETE CASCADE,
            guid TEXT NOT NULL,
            digest TEXT NOT NULL,
            tidied_at INTEGER NOT NULL,
            PRIMARY KEY (feed, guid)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE article (
            link_key TEXT PRIMARY KEY,
            fetched_at INTEGER NOT NULL,
            content TEXT,
            plain TEXT NOT NULL DEFAULT '',
            changes TEXT,
            problem TEXT,
            hint TEXT NOT NULL DEFAULT ''
        )
        """,
        # It holds its own copy of the text: what is indexed is not Markdown but what one reads,
        # and an entry can be taken out without knowing what it said.
        """
        CREATE VIRTUAL TABLE text USING fts5 (
            title, byline, plain, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3'
        )
        """,
        """
        CREATE TRIGGER entry_forgotten AFTER DELETE ON entry WHEN old.indexed
        BEGIN DELETE FROM text WHERE rowid = old.id; END
        """,
    ),
    (
        # What reached the ear. Its times are seconds with their fractions, as the marks on a tape
        # have them: with the stream and the kind they say which mark it was.
        """
        CREATE TABLE heard (
            id INTEGER PRIMARY KEY,
            station TEXT NOT NULL,
            stream TEXT NOT NULL,
            station_name TEXT NOT NULL,
            stream_name TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('title', 'programme')),
            text TEXT NOT NULL,
            artist TEXT NOT NULL,
            title TEXT NOT NULL,
            began_at REAL NOT NULL,
            ended_at REAL NOT NULL,
            ad INTEGER NOT NULL DEFAULT 0,
            starred INTEGER NOT NULL DEFAULT 0,
            UNIQUE (station, stream, kind, began_at)
        )
        """,
        "CREATE INDEX heard_newest ON heard (began_at DESC, id DESC)",
        "CREATE INDEX heard_starred ON heard (began_at DESC, id DESC) WHERE starred",
        # An index of its own: what is heard changes nothing about which story fits best.
        """
        CREATE VIRTUAL TABLE heard_text USING fts5 (
            text, station_name, stream_name, content = 'heard', content_rowid = 'id',
            tokenize = "unicode61 remove_diacritics 2", prefix = '2 3'
        )
        """,
        """
        CREATE TRIGGER heard_added AFTER INSERT ON heard BEGIN
            INSERT INTO heard_text (rowid, text, station_name, stream_name)
            VALUES (new.id, new.text, new.station_name, new.stream_name);
        END
        """,
        """
        CREATE TRIGGER heard_removed AFTER DELETE ON heard BEGIN
            INSERT INTO heard_text (heard_text, rowid, text, station_name, stream_name)
            VALUES ('delete', old.id, old.text, old.station_name, old.stream_name);
        END
        """,
        """
        CREATE TRIGGER heard_renamed AFTER UPDATE OF text ON heard BEGIN
            INSERT INTO heard_text (heard_text, rowid, text, station_name, stream_name)
            VALUES ('delete', old.id, old.text, old.station_name, old.stream_name);
            INSERT INTO heard_text (rowid, text, station_name, stream_name)
            VALUES (new.id, new.text, new.station_name, new.stream_name);
        END
        """,
    ),
    (
        # What the entries of a feed's last answer were read from. While an item's bytes have this
        # hash, and its entry this digest, there is nothing new in it.
        """
        CREATE TABLE item (
            feed INTEGER NOT NULL REFERENCES feed (id) ON DELETE CASCADE,
            guid TEXT NOT NULL,
            hash TEXT NOT NULL,
            digest TEXT NOT NULL,
            PRIMARY KEY (feed, guid)
        ) WITHOUT ROWID
        """,
        "CREATE INDEX entry_seen ON entry (first_seen)",
        # The Test Signal's feeds were once named by the port of each run. What the listener did
        # to its stories goes to the feeds of its one name, and the rest goes.
        *(
            statement.format(name=name)
            for name in ("stories", "notices")
            for statement in (
                """
                INSERT OR IGNORE INTO feed (url, address)
                SELECT 'http://127.0.0.1:47117/{name}.rss', 'http://127.0.0.1:47117/{name}.rss'
                FROM feed JOIN state ON state.feed = feed.id
                WHERE feed.title = 'Radiotui Test Signal: {name}' AND state.starred
                """,
                """
                INSERT INTO state (feed, guid, read, starred, place)
                SELECT own.id, state.guid, max(state.read), max(state.starred), max(state.place)
                FROM feed AS earlier JOIN state ON state.feed = earlier.id
                JOIN feed AS own ON own.url = 'http://127.0.0.1:47117/{name}.rss'
                WHERE earlier.title = 'Radiotui Test Signal: {name}' AND earlier.id <> own.id
                GROUP BY own.id, state.guid
                ON CONFLICT (feed, guid) DO UPDATE SET read = max(read, excluded.read),
                starred = max(starred, excluded.starred)
                """,
                """
                DELETE FROM feed WHERE url GLOB 'http://127.0.0.1:[0-9]*/{name}.rss'
                AND url <> 'http://127.0.0.1:47117/{name}.rss'
                AND title IN ('', 'Radiotui Test Signal: {name}')
                """,
            )
        ),
    ),
    # The stars a second time, on pages of their own: where others are damaged, they are there.
    ("CREATE INDEX state_starred ON state (feed, guid) WHERE starred",),
    (
        # The last good answer of a schedule source about a day, as JSON.
        """
        CREATE TABLE programme_day (
            source TEXT NOT NULL,
            day TEXT NOT NULL,
            asked_at INTEGER NOT NULL,
            programmes TEXT NOT NULL,
            PRIMARY KEY (source, day)
        ) WITHOUT ROWID
        """,
    ),
    (
        # A programme's name that a schedule source gave in answer after answer, first to last.
        """
        CREATE TABLE sighting (
            source TEXT NOT NULL,
            first_at INTEGER NOT NULL,
            last_at INTEGER NOT NULL,
            title TEXT NOT NULL,
            PRIMARY KEY (source, first_at)
        ) WITHOUT ROWID
        """,
    ),
    # The address of the feed's own picture.
    ("ALTER TABLE feed ADD COLUMN picture TEXT NOT NULL DEFAULT ''",),
    (
        # A coming programme that is to be reminded of, tuned in to or recorded.
        """
        CREATE TABLE programme_mark (
            id INTEGER PRIMARY KEY,
            action TEXT NOT NULL,
            station TEXT NOT NULL,
            stream TEXT NOT NULL,
            title TEXT NOT NULL,
            begins_at INTEGER NOT NULL,
            ends_at INTEGER,
            slot TEXT NOT NULL,
            timer INTEGER NOT NULL,
            taken_by INTEGER
        )
        """,
        """
        CREATE TABLE missed_programme (
            begins_at INTEGER NOT NULL,
            action TEXT NOT NULL,
            station TEXT NOT NULL,
            stream TEXT NOT NULL,
            title TEXT NOT NULL,
            reason TEXT NOT NULL,
            told INTEGER NOT NULL,
            PRIMARY KEY (begins_at, action, station, stream)
        ) WITHOUT ROWID
        """,
    ),
    (
        # A time at which a station begins to play; the days are digits, Monday 0, or none: once.
        """
        CREATE TABLE alarm (
            id INTEGER PRIMARY KEY,
            wall TEXT NOT NULL,
            days TEXT NOT NULL,
            station TEXT NOT NULL,
            stream TEXT NOT NULL,
            begins_at INTEGER NOT NULL,
            timer INTEGER NOT NULL,
            taken_by INTEGER
        )
        """,
    ),
    (
        # What a podcast says of itself, and of each of its episodes, as JSON; empty where it says
        # nothing. What was not taken from the feeds before is taken with their next answers.
        "ALTER TABLE feed ADD COLUMN channel TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE entry ADD COLUMN episode TEXT NOT NULL DEFAULT ''",
        "UPDATE feed SET body_hash = NULL, etag = NULL, modified = NULL",
        "DELETE FROM item",
    ),
    *PODCAST_MIGRATIONS,
)


def migrate(connection: sqlite3.Connection, name: str) -> None:
    """Bring the file ``name`` to today's tables, whole or not at all.

    Raises Problem for a file that a newer radiotui has written; it is left as it is. Raises
    Damage for a version that was never any.
    """
    if _version(connection, name) == len(MIGRATIONS):
        return
    add_functions(connection)
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


def add_functions(connection: sqlite3.Connection) -> None:
    """Add what the migrations call and SQLite has not."""
    connection.create_function("without_password", 1, _without_password, deterministic=True)


def _without_password(text: str | None) -> str | None:
    return None if text is None else without_password(text)


def _version(connection: sqlite3.Connection, name: str) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version < 0:
        raise Damage(f"user_version {version}")
    if version > len(MIGRATIONS):
        raise Problem(
            f"{name} was written by a newer radiotui",
            "update radiotui; the file was left as it is",
            f"user_version {version}, known {len(MIGRATIONS)}",
        )
    return version
