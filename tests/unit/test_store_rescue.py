"""Damaged stores: all that can be read is there again, stars first, and the program goes on."""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from radiotui.problems import Problem, ProblemKind
from radiotui.store import (
    Store,
    articles,
    feeds,
    history,
    podcast_settings,
    progress,
    search,
    stories,
)
from radiotui.store.articles import StoredPage
from radiotui.store.history import HistoryQuery, PlayedItem
from radiotui.store.search import SearchQuery
from radiotui.store.stories import Enclosure, StoredEntry

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FEEDS = ("https://knau.example/rss", "https://kjzz.example/rss")
EACH = 30
WORDS = ("canyon", "council", "harvest", "orchard", "river", "school", "station", "train")
PAGE = 4096
SETTINGS = '{"speed":1.3,"gain":-3.0}'


def entry(feed: int, number: int) -> StoredEntry:
    words = random.Random(feed * 1000 + number)
    return StoredEntry(
        guid=f"{feed}-{number}",
        title=f"{' '.join(words.choices(WORDS, k=6))} {feed} {number}",
        link=f"https://site{feed}.example/{number}",
        byline="Ann Example",
        published=NOON - timedelta(hours=number),
        updated=None,
        body=" ".join(words.choices(WORDS, k=300)),
        digest=f"digest {number}",
        enclosures=(Enclosure(f"https://site{feed}.example/{number}.mp3", "audio/mpeg", 9, 30.0),),
    )


def song(number: int) -> PlayedItem:
    at = NOON - timedelta(hours=3) + timedelta(minutes=4 * number)
    return PlayedItem(
        *("knau", "news", "KNAU", "News", "title", f"Artist - Song {number}", "Artist"),
        *(f"Song {number}", at, at + timedelta(minutes=3)),
    )


def fill(connection: sqlite3.Connection) -> None:
    for feed in feeds.subscribe(connection, FEEDS):
        entries = [entry(feed.id, number) for number in range(EACH)]
        stories.keep(connection, feed.id, entries, NOON)
    ids = [number for (number,) in connection.execute("SELECT id FROM entry ORDER BY id")]
    stories.mark(connection, ids[::5], starred=True)
    stories.mark(connection, ids[::2], read=True)
    for number in range(20):
        history.hear(connection, song(number), certain=True)
    for at in ids[::4]:
        progress.note_heard(connection, at, 12.5, 60.0, NOON)
    for url in FEEDS:
        podcast_settings.keep_settings(connection, url, SETTINGS)
    podcast_settings.keep_loudness(connection, ids[0], '{"lufs":-16.0}')
    link = "https://site1.example/1"
    articles.keep_page(connection, link, StoredPage(NOON, content="whole " * 2000, plain="whole"))
    while search.index_some(connection, 100, lambda text: text):
        pass


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of a store that is whole."""
    path = tmp_path_factory.mktemp("whole") / "radiotui.db"

    async def write() -> None:
        store = Store(path, clock=lambda: NOON)
        await store.ask(fill)
        await store.remember("volume", "70")
        await store.close()

    asyncio.run(write())
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "radiotui.db"


@asynccontextmanager
async def opened(path: Path, problems: list[Problem]) -> AsyncIterator[Store]:
    store = Store(path, clock=lambda: NOON, on_problem=problems.append)
    try:
        yield store
    finally:
        await store.close()


def of_podcasts(connection: sqlite3.Connection) -> tuple[int, list[tuple[str, str]]]:
    """Number of the episodes that were begun, and what is set for podcasts."""
    (begun,) = connection.execute("SELECT count(*) FROM progress WHERE heard = 12.5").fetchone()
    stored = podcast_settings.all_settings(connection)
    return begun, [(each.settings, each.loudness) for each in stored]


def starred(connection: sqlite3.Connection) -> set[str]:
    return {story.title for story in stories.newest(connection, None, 100, starred=True)}


def titles(connection: sqlite3.Connection) -> set[str]:
    return {story.title for story in stories.newest(connection, None, 100)}


ALL_TITLES = {entry(feed, number).title for feed in (1, 2) for number in range(EACH)}
ALL_STARS = {entry(feed, number).title for feed in (1, 2) for number in range(4, EACH, 5)}


async def use(store: Store) -> None:
    """Read and write all over the store; it is whole afterwards."""
    await store.check()
    await store.remember("last", "knau/news")
    assert await store.recall("last") == "knau/news"
    await store.ask(lambda c: stories.keep(c, 1, [entry(1, 99)], NOON))
    assert entry(1, 99).title in await store.look(titles)
    await store.ask(lambda c: c.execute("DELETE FROM entry WHERE guid = '1-99'").close())
    while await store.ask(lambda c: search.index_some(c, 100, lambda text: text)):
        pass
    assert await store.look(lambda c: search.search(c, SearchQuery(match="river"), 5))
    await store.look(lambda c: history.newest(c, HistoryQuery(match="song"), 5))
    checks = ("integrity_check", "foreign_key_check")
    answers = await store.look(
        lambda c: [c.execute(f"PRAGMA {name}").fetchall() for name in checks]
    )
    assert answers == [[("ok",)], []]


def assert_told_once(problems: list[Problem], path: Path, damaged: bytes) -> None:
    """One problem says what was read, and where the damaged file is, which is as it was."""
    (problem,) = problems
    (kept,) = path.parent.glob("radiotui.damaged-*.db")
    assert problem.kind is ProblemKind.DAMAGED
    assert problem.title.startswith("radiotui.db was damaged: ")
    assert str(kept) in problem.hint
    assert kept.read_bytes() == damaged
    assert not list(path.parent.glob("*rescue*"))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("of", ["noise", "zeros"])
async def test_a_page_that_is_lost_costs_no_star_and_no_story(
    path: Path, whole: bytes, seed: int, of: str
) -> None:
    rng = random.Random(seed)
    at = rng.randrange(len(whole) // PAGE) * PAGE
    page = rng.randbytes(PAGE) if of == "noise" else bytes(PAGE)
    if at == 0:
        page = whole[:16] + page[16:]
    path.write_bytes(whole[:at] + page + whole[at + PAGE :])
    problems: list[Problem] = []
    async with opened(path, problems) as store:
        await use(store)
        assert await store.look(starred) == ALL_STARS
        assert await store.look(titles) == ALL_TITLES
    assert len(problems) <= 1


def pages_with(whole: bytes, words: bytes) -> list[int]:
    return [at for at in range(0, len(whole), PAGE) if words in whole[at : at + PAGE]]


async def test_the_pages_of_the_stars_are_lost_one_by_one(path: Path, whole: bytes) -> None:
    # The guid of a story with a star stands in the table of stars and in its index, too.
    for at in pages_with(whole, b"1-14"):
        path.write_bytes(whole[:at] + bytes(PAGE) + whole[at + PAGE :])
        problems: list[Problem] = []
        async with opened(path, problems) as store:
            await store.check()
            assert await store.look(starred) == ALL_STARS


async def test_a_lost_story_has_its_words_and_its_link_again(path: Path, whole: bytes) -> None:
    for at in pages_with(whole, b"digest 7"):
        whole = whole[:at] + bytes(PAGE) + whole[at + PAGE :]
    path.write_bytes(whole)
    problems: list[Problem] = []
    async with opened(path, problems) as store:
        found = await store.look(lambda c: stories.entry_of_link(c, "https://site1.example/7"))
        assert found is not None
        story = await store.look(lambda c: stories.story(c, found))
        assert (story.entry.title, story.body) == (entry(1, 7).title, entry(1, 7).body)
        assert story.entry.published == entry(1, 7).published
        # And the feed's next answer mends it.
        assert (await store.look(lambda c: stories.digests(c, 1)))["1-7"] == ""
    assert_told_once(problems, path, whole)


@pytest.mark.parametrize("part", [0.4, 0.6, 0.98])
async def test_a_cut_file_gives_back_what_is_before_the_cut(
    path: Path, whole: bytes, part: float
) -> None:
    cut = int(len(whole) * part)
    path.write_bytes(whole[:cut])
    problems: list[Problem] = []
    async with opened(path, problems) as store:
        await use(store)
        there = await store.look(titles)
    before = {title for title in ALL_TITLES if title.encode() in whole[: cut - cut % PAGE]}
    assert before <= there
    assert_told_once(problems, path, whole[:cut])


async def test_zeros_at_the_end_are_told_and_cost_little(path: Path, whole: bytes) -> None:
    damaged = whole[: -8 * PAGE] + bytes(8 * PAGE)
    path.write_bytes(damaged)
    problems: list[Problem] = []
    async with opened(path, problems) as store:
        await use(store)
        assert await store.look(starred) <= ALL_STARS
        assert len(await store.look(titles)) > EACH
    (problem,) = problems
    assert "could be read" in problem.title


async def test_pages_all_over_are_lost(path: Path, whole: bytes) -> None:
    rng = random.Random(16)
    pages = [whole[at : at + PAGE] for at in range(0, len(whole), PAGE)]
    for number in rng.sample(range(1, len(pages)), len(pages) // 4):
        pages[number] = rng.randbytes(PAGE)
    path.write_bytes(b"".join(pages))
    problems: list[Problem] = []
    async with opened(path, problems) as store:
        await use(store)
        assert len(await store.look(titles)) > EACH
    assert_told_once(problems, path, b"".join(pages))
    assert "stories" in problems[0].title


def cut_schema(connection: sqlite3.Connection, change: str) -> None:
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute(change)
    connection.commit()


def disagreeing_index(path: Path) -> None:
    """A story that the index of the newest does not know."""
    with closing(sqlite3.connect(path)) as connection:
        row = connection.execute(
            "SELECT * FROM sqlite_master WHERE name = 'entry_newest'"
        ).fetchone()
        cut_schema(connection, "DELETE FROM sqlite_master WHERE name = 'entry_newest'")
    with closing(sqlite3.connect(path)) as connection:
        stories.keep(connection, 1, [entry(1, 50)], NOON)
        connection.commit()
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", row)
        connection.commit()


async def test_an_index_that_disagrees_is_noticed_when_there_is_time(
    path: Path, whole: bytes
) -> None:
    path.write_bytes(whole)
    disagreeing_index(path)
    problems: list[Problem] = []
    async with opened(path, problems) as store:
        assert entry(1, 50).title not in await store.look(titles)
        assert problems == []
        await store.check()
        assert await store.look(titles) == ALL_TITLES | {entry(1, 50).title}
        assert await store.look(starred) == ALL_STARS
    assert len(problems) == 1


ROW = "WHERE guid = '1-3'"
WRONG_VALUES = {
    "foreign letters": f"UPDATE entry SET title = CAST(x'436166e9' AS TEXT) {ROW}",
    "a blob": f"UPDATE entry SET title = x'ff00' {ROW}",
    "a late time": f"UPDATE entry SET published = 99999999999999999, first_seen = 1e18 {ROW}",
    "a time in words": f"UPDATE entry SET changed_at = 'noon' {ROW}",
    "a feed's time": "UPDATE feed SET answered_at = 99999999999999999",
    "a date of a song": "UPDATE heard SET began_at = 1e300 WHERE id = 3",
}


@pytest.mark.parametrize("change", WRONG_VALUES.values(), ids=WRONG_VALUES)
async def test_a_value_that_cannot_be_costs_itself_alone(
    path: Path, whole: bytes, change: str
) -> None:
    path.write_bytes(whole)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(change)
        connection.commit()
    problems: list[Problem] = []
    async with opened(path, problems) as store:
        shown = await store.look(titles)
        assert shown >= ALL_TITLES - {entry(1, 3).title}
        assert len(await store.look(lambda c: history.newest(c, HistoryQuery(), 50))) == 20
        assert len(await store.look(lambda c: feeds.feeds(c, FEEDS))) == 2
        assert await store.look(starred) == ALL_STARS
        assert len(shown) == len(ALL_TITLES)
        await use(store)
    assert len(problems) == 1


async def test_nothing_where_something_must_be_costs_itself_alone(path: Path, whole: bytes) -> None:
    path.write_bytes(whole)
    with closing(sqlite3.connect(path)) as connection:
        cut_schema(
            connection,
            "UPDATE sqlite_master SET sql = replace(sql, 'NOT NULL', '        ')"
            " WHERE name = 'entry'",
        )
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"UPDATE entry SET title = NULL, placed_at = NULL {ROW}")
        connection.commit()
    problems: list[Problem] = []
    async with opened(path, problems) as store:
        await store.check()
        assert await store.look(titles) == ALL_TITLES - {entry(1, 3).title} | {""}
        assert await store.look(starred) == ALL_STARS
    assert len(problems) == 1


async def test_a_damaged_index_of_the_search_is_made_anew(path: Path, whole: bytes) -> None:
    path.write_bytes(whole)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE text_data SET block = x'0102' WHERE id > 1")
        connection.commit()
    problems: list[Problem] = []
    async with opened(path, problems) as store:
        await store.look(lambda c: search.search(c, SearchQuery(match="canyon"), 5))
        await use(store)
        assert await store.look(starred) == ALL_STARS
    assert len(problems) == 1


WRONG_SCHEMAS = {
    "no such version": "PRAGMA user_version = -5",
    "an older version": "PRAGMA user_version = 2",
    "a table missing": "DROP TABLE heard",
    "letters in it": "UPDATE sqlite_master SET sql = CAST(x'fffe41' AS TEXT) WHERE name = 'item'",
    "another column": "ALTER TABLE entry RENAME COLUMN byline TO author",
}


@pytest.mark.parametrize("change", WRONG_SCHEMAS.values(), ids=WRONG_SCHEMAS)
async def test_a_damaged_schema_loses_no_story(path: Path, whole: bytes, change: str) -> None:
    path.write_bytes(whole)
    with closing(sqlite3.connect(path)) as connection:
        cut_schema(connection, change)
    problems: list[Problem] = []
    async with opened(path, problems) as store:
        assert await store.look(titles) == ALL_TITLES
        assert await store.look(starred) == ALL_STARS
        await store.look(lambda c: history.newest(c, HistoryQuery(), 50))
        await use(store)
    assert len(problems) == 1


@pytest.mark.parametrize("beginning", [b"\xff" * 16, b"<!doctype html> " * 6, bytes(PAGE)])
async def test_a_store_is_known_without_its_beginning(
    path: Path, whole: bytes, beginning: bytes
) -> None:
    damaged = beginning + whole[len(beginning) :]
    path.write_bytes(damaged)
    problems: list[Problem] = []
    async with opened(path, problems) as store:
        assert await store.look(starred) == ALL_STARS
        assert await store.look(of_podcasts) == (
            15,
            [(SETTINGS, ""), (SETTINGS, '{"lufs":-16.0}')],
        )
        assert await store.recall("volume") == "70"
    assert_told_once(problems, path, damaged)


@pytest.mark.parametrize("log", [b"", b"noise" * 3000], ids=["lost", "noise"])
async def test_a_lost_log_costs_what_was_in_it_alone(path: Path, whole: bytes, log: bytes) -> None:
    path.write_bytes(whole)
    beside = path.with_name("radiotui.db-wal")
    problems: list[Problem] = []
    async with opened(path, problems) as store:
        await store.remember("late", "x")
        assert beside.stat().st_size
        data = path.read_bytes()
    path.write_bytes(data)
    beside.write_bytes(log)
    async with opened(path, problems) as store:
        await use(store)
        assert await store.look(starred) == ALL_STARS
    assert problems == []


async def test_what_stands_in_the_log_alone_is_rescued_too(path: Path, whole: bytes) -> None:
    path.write_bytes(whole)
    beside = path.with_name("radiotui.db-wal")
    problems: list[Problem] = []
    async with opened(path, problems) as store:
        await store.ask(lambda c: stories.keep(c, 1, [entry(1, 70)], NOON))
        data, log = path.read_bytes(), beside.read_bytes()
    damaged = b"\xff" * 16 + data[16:]
    path.write_bytes(damaged)
    beside.write_bytes(log)
    async with opened(path, problems) as store:
        assert entry(1, 70).title in await store.look(titles)
    assert_told_once(problems, path, damaged)


async def test_two_programs_replace_a_damaged_file_once(path: Path, whole: bytes) -> None:
    path.write_bytes(whole)
    problems: list[Problem] = []
    async with opened(path, problems) as first, opened(path, problems) as second:
        for store in (first, second):
            await store.recall("volume")
        with path.open("r+b") as file:
            file.seek(PAGE)
            file.write(os.urandom(len(whole) - 30 * PAGE))
        for store in (first, second):
            await store.check()
            await store.remember("volume", "60")
            assert await store.recall("volume") == "60"
    assert len(problems) == 1
    assert len(list(path.parent.glob("radiotui.damaged-*.db"))) == 1


def query_with_a_mistake(connection: sqlite3.Connection) -> None:
    connection.execute("SELECT nothing FROM entry")


@pytest.mark.parametrize("mistake", [query_with_a_mistake, lambda _: int("x")])
async def test_a_mistake_of_our_own_is_no_damage(
    path: Path, whole: bytes, mistake: Callable[[sqlite3.Connection], object]
) -> None:
    path.write_bytes(whole)
    problems: list[Problem] = []
    async with opened(path, problems) as store:
        for _ in range(2):
            with pytest.raises((sqlite3.OperationalError, ValueError)):
                await store.look(mistake)
    assert problems == []
    assert not list(path.parent.glob("*damaged*"))


async def test_a_pipe_in_its_place_is_a_problem(path: Path) -> None:
    os.mkfifo(path)
    problems: list[Problem] = []
    async with opened(path, problems) as store:
        with pytest.raises(Problem, match="is not radiotui's store"):
            await store.recall("volume")
    assert path.is_fifo()
