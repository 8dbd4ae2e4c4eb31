"""The tables of podcasts: migrations of :mod:`radiotui.store.schema`, never edited."""

from __future__ import annotations

from radiotui.store.queue_tables import QUEUE_TABLES

PODCAST_MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        # How far episodes were heard. It stays when the feed names the episode no more.
        """
        CREATE TABLE progress (
            feed INTEGER NOT NULL REFERENCES feed (id) ON DELETE CASCADE,
            guid TEXT NOT NULL,
            heard REAL NOT NULL DEFAULT 0,
            length REAL NOT NULL DEFAULT 0,
            heard_at INTEGER NOT NULL DEFAULT 0,
            played INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (feed, guid)
        ) WITHOUT ROWID
        """,
    ),
    (
        # What an episode names beside its sound, its words or its chapters, as it was last read.
        """
        CREATE TABLE episode_file (
            feed INTEGER NOT NULL REFERENCES feed (id) ON DELETE CASCADE,
            guid TEXT NOT NULL,
            kind TEXT NOT NULL,
            url TEXT NOT NULL,
            fetched_at INTEGER NOT NULL,
            content TEXT NOT NULL,
            UNIQUE (feed, guid, kind, url)
        )
        """,
    ),
    (
        # Names and passwords once stood in the addresses of private feeds, and in all that was
        # read relative to them. They have no place here.
        *(
            f"UPDATE entry SET {column} = without_password({column}) WHERE instr({column}, '@')"
            " AND feed IN (SELECT id FROM feed WHERE instr(url || ' ' || address, '@'))"
            for column in ("link", "body", "figures", "episode")
        ),
        "UPDATE enclosure SET url = without_password(url) WHERE instr(url, '@') AND entry IN"
        " (SELECT entry.id FROM entry JOIN feed ON feed.id = entry.feed"
        " WHERE instr(feed.url || ' ' || feed.address, '@'))",
        "UPDATE feed SET address = without_password(address), picture = without_password(picture),"
        " channel = without_password(channel) WHERE instr(url || ' ' || address, '@')",
        "UPDATE OR IGNORE feed SET url = without_password(url) WHERE instr(url, '@')",
        # The same feed stood there without them: what the listener did to either is kept.
        """
        INSERT INTO state (feed, guid, read, starred, place)
        SELECT own.id, state.guid, state.read, state.starred, state.place
        FROM feed AS earlier JOIN state ON state.feed = earlier.id
        JOIN feed AS own ON own.url = without_password(earlier.url) AND own.id <> earlier.id
        WHERE instr(earlier.url, '@')
        ON CONFLICT (feed, guid) DO UPDATE SET read = max(read, excluded.read),
        starred = max(starred, excluded.starred)
        """,
        """
        INSERT OR IGNORE INTO progress (feed, guid, heard, length, heard_at, played)
        SELECT own.id, progress.guid, progress.heard, progress.length, progress.heard_at,
        progress.played FROM feed AS earlier JOIN progress ON progress.feed = earlier.id
        JOIN feed AS own ON own.url = without_password(earlier.url) AND own.id <> earlier.id
        WHERE instr(earlier.url, '@')
        """,
        "DELETE FROM feed WHERE instr(url, '@') AND url <> without_password(url)",
    ),
    (
        # Places in episodes that no server has been told, and what servers told of others.
        "ALTER TABLE progress ADD COLUMN unsent INTEGER NOT NULL DEFAULT 1",
        "CREATE INDEX progress_unsent ON progress (heard_at) WHERE unsent = 1",
        """
        CREATE TABLE sync_state (
            server TEXT NOT NULL PRIMARY KEY,
            changes_since INTEGER NOT NULL DEFAULT 0,
            actions_since INTEGER NOT NULL DEFAULT 0,
            synced_at INTEGER
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE sync_feed (
            server TEXT NOT NULL,
            url TEXT NOT NULL,
            kept TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (server, url)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE sync_action (
            server TEXT NOT NULL,
            podcast TEXT NOT NULL,
            episode TEXT NOT NULL,
            guid TEXT NOT NULL DEFAULT '',
            heard_at INTEGER NOT NULL,
            position REAL NOT NULL,
            total REAL NOT NULL DEFAULT 0,
            played INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (server, podcast, episode, guid)
        ) WITHOUT ROWID
        """,
    ),
    (
        # Addresses that a feed has or had beside the one of the list.
        """
        CREATE TABLE feed_alias (
            url TEXT PRIMARY KEY,
            feed INTEGER NOT NULL REFERENCES feed (id) ON DELETE CASCADE,
            moved_at INTEGER NOT NULL
        ) WITHOUT ROWID
        """,
        "INSERT OR IGNORE INTO feed_alias (url, feed, moved_at)"
        " SELECT address, id, coalesce(answered_at, 0) FROM feed AS moved WHERE address <> url"
        " AND NOT EXISTS (SELECT 1 FROM feed WHERE feed.url = moved.address)",
    ),
    QUEUE_TABLES,
    (
        # An episode whose file is to be kept. One that was removed is remembered: it does not
        # come again by itself.
        """
        CREATE TABLE download (
            feed INTEGER NOT NULL REFERENCES feed (id) ON DELETE CASCADE,
            guid TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'failed',
            path TEXT NOT NULL DEFAULT '',
            size INTEGER NOT NULL DEFAULT 0,
            wanted_at INTEGER NOT NULL,
            finished_at INTEGER,
            automatic INTEGER NOT NULL DEFAULT 0,
            problem TEXT NOT NULL DEFAULT '',
            hint TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (feed, guid)
        ) WITHOUT ROWID
        """,
    ),
    (
        # A place that was marked while one listened, as JSON. It outlives its episode and its feed.
        """
        CREATE TABLE clip (
            number INTEGER PRIMARY KEY NOT NULL,
            made_at INTEGER NOT NULL,
            content TEXT NOT NULL
        ) WITHOUT ROWID
        """,
    ),
    (
        # What a listener has set for a podcast, and its measured loudness, as JSON; empty: nothing.
        """
        CREATE TABLE podcast_setting (
            feed INTEGER PRIMARY KEY REFERENCES feed (id) ON DELETE CASCADE,
            settings TEXT NOT NULL DEFAULT '',
            loudness TEXT NOT NULL DEFAULT ''
        ) WITHOUT ROWID
        """,
    ),
    (
        # Two numbers and a name would look like a clip, where a damaged store is read.
        "DROP INDEX progress_unsent",
        "CREATE INDEX progress_unsent ON progress (heard_at, unsent) WHERE unsent = 1",
    ),
)
