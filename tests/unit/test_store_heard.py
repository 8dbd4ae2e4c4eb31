"""What was heard, in the store's file: one entry for one airing, found, starred, let go of."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from radiotui.store import history as heard
from radiotui.store.history import HistoryQuery, PlayedItem
from radiotui.store.retention import tidy
from radiotui.store.schema import MIGRATIONS, migrate

THREE = datetime(2026, 3, 2, 15, tzinfo=UTC)


def minutes(count: float) -> datetime:
    return THREE + timedelta(minutes=count)


def entry(text: str = "Nina Simone - Sinnerman", began: float = 0, **more: object) -> PlayedItem:
    artist, _, title = text.rpartition(" - ")
    made = PlayedItem(
        "knau", "news", "KNAU Arizona Public Radio", "News & Talk", "title", text, artist, title,
        minutes(began), minutes(began),
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


@pytest.fixture
def file() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, "radiotui.db")
    yield connection
    connection.close()


def texts(found: list[PlayedItem]) -> list[str]:
    return [one.text for one in found]


def everything(file: sqlite3.Connection) -> list[PlayedItem]:
    return heard.newest(file, HistoryQuery(), 100)


def hear(file: sqlite3.Connection, now: PlayedItem, until: float | None = None) -> int:
    one = heard.hear(file, now, certain=now.kind == "programme")
    if until is not None:
        heard.heard_until(file, one, minutes(until))
    return one


class TestAFileOfBefore:
    def test_of_the_second_version_keeps_what_it_has_and_can_hear(self, tmp_path: Path) -> None:
        path = tmp_path / "radiotui.db"
        before = sqlite3.connect(path, isolation_level=None)
        for statements in MIGRATIONS[:2]:
            for statement in statements:
                before.execute(statement)
        before.execute("PRAGMA user_version = 2")
        before.execute("INSERT INTO feed (id, url, address) VALUES (1, 'u', 'u')")
        before.execute(
            "INSERT INTO entry (feed, guid, title, digest, first_seen, placed_at)"
            " VALUES (1, 'g', 'Snow on the rim', 'd', 1, 1)"
        )
        before.execute("INSERT INTO state (feed, guid, starred) VALUES (1, 'g', 1)")
        before.close()
        file = sqlite3.connect(path, isolation_level=None)
        migrate(file, path.name)
        assert file.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        assert file.execute("SELECT title FROM entry").fetchall() == [("Snow on the rim",)]
        assert file.execute("SELECT starred FROM state").fetchall() == [(1,)]
        hear(file, entry())
        assert texts(everything(file)) == ["Nina Simone - Sinnerman"]
        file.close()


class TestOneAiring:
    def test_a_mark_that_is_heard_again_is_the_same_entry(self, file: sqlite3.Connection) -> None:
        first = hear(file, entry(), until=2)
        assert hear(file, entry(ended_at=minutes(1)), until=1) == first
        (one,) = everything(file)
        assert (one.began_at, one.ended_at) == (THREE, minutes(2))

    def test_times_come_back_as_they_were(self, file: sqlite3.Connection) -> None:
        began = THREE + timedelta(microseconds=123_457)
        hear(file, entry(began_at=began, ended_at=began))
        assert everything(file)[0].began_at == began

    def test_coming_back_within_the_song_is_the_same_song(self, file: sqlite3.Connection) -> None:
        hear(file, entry(), until=1)
        hear(file, entry(began=4), until=5)
        (one,) = everything(file)
        assert (one.began_at, one.ended_at) == (THREE, minutes(5))

    def test_the_tape_of_then_may_begin_earlier(self, file: sqlite3.Connection) -> None:
        hear(file, entry(began=4), until=5)
        hear(file, entry(), until=1)
        (one,) = everything(file)
        assert (one.began_at, one.ended_at) == (THREE, minutes(5))

    @pytest.mark.parametrize(
        "other",
        [
            entry(began=30),
            entry("Miriam Makeba - Pata Pata", began=1),
            entry(began=1, station="kjzz"),
            entry(began=1, stream="classical"),
            entry(began=1, kind="programme"),
        ],
        ids=["half an hour later", "another", "station", "stream", "kind"],
    )
    def test_what_is_another(self, file: sqlite3.Connection, other: PlayedItem) -> None:
        hear(file, entry(), until=1)
        hear(file, other)
        assert len(everything(file)) == 2

    def test_the_same_song_after_another_is_another_airing(self, file: sqlite3.Connection) -> None:
        hear(file, entry(), until=2)
        hear(file, entry("Miriam Makeba - Pata Pata", began=2), until=4)
        hear(file, entry(began=4), until=6)
        assert [one.began_at for one in everything(file)] == [minutes(4), minutes(2), THREE]

    def test_each_hour_of_a_programme_is_its_own(self, file: sqlite3.Connection) -> None:
        hear(file, entry("Newshour", kind="programme"), until=60)
        hear(file, entry("Newshour", kind="programme", began=60))
        assert len(everything(file)) == 2

    def test_a_name_that_is_said_better_replaces_the_first(self, file: sqlite3.Connection) -> None:
        hear(file, entry("Nina Simone - Sinner"))
        hear(file, entry())
        assert texts(everything(file)) == ["Nina Simone - Sinnerman"]
        assert texts(heard.search(file, HistoryQuery('"sinnerman"'), 9)) == [
            "Nina Simone - Sinnerman"
        ]
        assert heard.search(file, HistoryQuery('"sinner"'), 9) == []


class TestQuestions:
    def test_newest_first_narrowed_down(self, file: sqlite3.Connection) -> None:
        hear(file, entry())
        hear(file, entry("Miriam Makeba - Pata Pata", began=3, stream="classical"))
        hear(file, entry("Fairuz - Zahrat", began=6, station="kjzz", station_name="KJZZ"))

        def asked(**wish: object) -> list[str]:
            found = heard.newest(file, HistoryQuery(**wish), 10)  # type: ignore[arg-type]
            return [one.title for one in found]

        assert asked() == ["Zahrat", "Pata Pata", "Sinnerman"]
        assert asked(station="knau") == ["Pata Pata", "Sinnerman"]
        assert asked(station="knau/classical") == ["Pata Pata"]
        assert asked(since=minutes(3)) == ["Zahrat", "Pata Pata"]
        assert asked(before=minutes(3)) == ["Sinnerman"]
        assert asked(match=heard.words_match("simone sin")) == ["Sinnerman"]
        assert asked(match=heard.words_match("kjzz")) == ["Zahrat"]
        assert [one.title for one in heard.newest(file, HistoryQuery(), 2)] == [
            "Zahrat",
            "Pata Pata",
        ]

    @pytest.mark.parametrize("typed", ['"', "a* OR (", "NOT", 'x" OR "y', "text:sin", "sin -n"])
    def test_whatever_is_typed_is_words(self, file: sqlite3.Connection, typed: str) -> None:
        hear(file, entry())
        heard.newest(file, HistoryQuery(heard.words_match(typed)), 10)

    def test_accents_need_not_be_typed(self, file: sqlite3.Connection) -> None:
        hear(file, entry("Björk - Jóga"))
        assert texts(heard.newest(file, HistoryQuery(heard.words_match("bjork jog")), 10)) == [
            "Björk - Jóga"
        ]

    def test_the_search_gives_the_same_song_once_and_no_station(
        self, file: sqlite3.Connection
    ) -> None:
        for hour in range(3):
            hear(file, entry(began=60 * hour))
        hear(file, entry(began=10, station="kjzz"))
        hear(file, entry(began=200, ad=True))
        found = heard.search(file, HistoryQuery('"sinnerman"'), 9)
        assert [(one.station, one.began_at) for one in found] == [
            ("knau", minutes(120)),
            ("kjzz", minutes(10)),
        ]
        assert heard.search(file, HistoryQuery('"arizona"'), 9) == []

    def test_each_question_goes_down_an_index(self, file: sqlite3.Connection) -> None:
        plans: list[str] = []
        wishes = (
            HistoryQuery(),
            HistoryQuery(since=THREE),
            HistoryQuery(starred=True),
            HistoryQuery(station="knau"),
        )
        for wish in wishes:
            statements: list[str] = []
            file.set_trace_callback(statements.append)
            heard.newest(file, wish, 9)
            file.set_trace_callback(None)
            (statement,) = statements
            plans += [row[3] for row in file.execute(f"EXPLAIN QUERY PLAN {statement}")]
        assert len(plans) == len(wishes)
        assert all("USING INDEX" in plan for plan in plans), plans


class TestWhatTheListenerDoes:
    def test_a_star(self, file: sqlite3.Connection) -> None:
        one = hear(file, entry())
        hear(file, entry("Miriam Makeba - Pata Pata", began=3))
        heard.star(file, one, starred=True)
        assert texts(heard.newest(file, HistoryQuery(starred=True), 9)) == [
            "Nina Simone - Sinnerman"
        ]
        # Hearing it again leaves the star.
        hear(file, entry(), until=2)
        assert everything(file)[-1].starred
        heard.star(file, one, starred=False)
        assert heard.newest(file, HistoryQuery(starred=True), 9) == []

    def test_forgotten_is_not_found_and_can_be_put_back(self, file: sqlite3.Connection) -> None:
        one = hear(file, entry(starred=True), until=2)
        gone = heard.forget(file, one)
        assert gone is not None
        assert everything(file) == []
        assert heard.search(file, HistoryQuery('"sinnerman"'), 9) == []
        assert heard.forget(file, one) is None
        # Its end comes late and brings nothing back.
        heard.heard_until(file, one, minutes(3))
        assert everything(file) == []
        heard.restore(file, gone)
        (back,) = everything(file)
        assert (back.text, back.starred, back.ended_at) == (gone.text, True, minutes(2))
        assert len(heard.search(file, HistoryQuery('"sinnerman"'), 9)) == 1
        assert heard.restore(file, gone) == back.id

    def test_what_takes_the_place_of_the_forgotten_is_found_by_its_own_words(
        self, file: sqlite3.Connection
    ) -> None:
        heard.forget(file, hear(file, entry()))
        hear(file, entry("Fairuz - Zahrat", began=60))
        assert heard.search(file, HistoryQuery('"sinnerman"'), 9) == []
        assert texts(heard.search(file, HistoryQuery('"zahrat"'), 9)) == ["Fairuz - Zahrat"]

    def test_what_was_heard_is_kept_for_good(self, file: sqlite3.Connection) -> None:
        hear(file, entry())
        hear(file, entry("Fairuz - Zahrat", began=60))
        tidy(file, minutes(30), minutes(90), 100)
        assert texts(everything(file)) == ["Fairuz - Zahrat", "Nina Simone - Sinnerman"]
        assert len(heard.search(file, HistoryQuery('"sinnerman"'), 9)) == 1
