"""The Test Signal's plan: what is on air follows from the moment alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from radiotui.config import asset
from radiotui.demo.rundown import PROGRAMME, TURN, TURN_TICKS, Rundown, tick_at
from radiotui.radio.framing.ogg_page import whole_pages

MIDNIGHT = datetime(2026, 3, 1, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


def whole_cycle() -> list[datetime]:
    """The beginning of every turn until every programme has been on twice."""
    return [MIDNIGHT + TURN * number for number in range(20 * 14)]


def test_titles_change_every_half_minute_and_not_before() -> None:
    rundown = Rundown()
    for start in whole_cycle():
        turn = rundown.turn(start)
        assert turn.start == start
        assert rundown.turn(start + TURN - INSTANT) == turn
        following = rundown.turn(start + TURN)
        assert (following.artist, following.title) != (turn.artist, turn.title)


def test_programmes_change_every_ten_minutes_and_come_round() -> None:
    rundown = Rundown()
    shows = [rundown.show(MIDNIGHT + PROGRAMME * number) for number in range(14)]
    for show, following in pairwise(shows):
        assert rundown.show(show.end - INSTANT) == show
        assert rundown.show(show.end) == following
        assert show.name != following.name
    assert [show.name for show in shows[:7]] == [show.name for show in shows[7:]]
    assert all(show.host and show.about for show in shows)


def test_every_turn_is_made_of_sounds_that_fill_it() -> None:
    rundown = Rundown()
    for start in whole_cycle():
        turn = rundown.turn(start)
        assert sum(part.ticks for part in turn.parts) == TURN_TICKS
        for part in turn.parts:
            mp3 = asset(f"test-signal/{part.sound}.mp3").stat().st_size
            pages = list(whole_pages(asset(f"test-signal/{part.sound}.opus").read_bytes()))
            assert mp3 == part.ticks * 1920
            assert len(pages) == 2 + part.ticks


def test_the_minute_ends_in_pips_and_begins_with_a_word() -> None:
    rundown = Rundown()
    minute = rundown.turn(MIDNIGHT)
    assert minute.tick(0)[0] in {"this-is", "from-here", "if-silent"}
    assert rundown.turn(MIDNIGHT + TURN).tick(TURN_TICKS - 1)[0] == "pips"


def test_everything_there_is_to_say_is_said_within_three_minutes() -> None:
    rundown = Rundown()
    spoken = [rundown.turn(MIDNIGHT + timedelta(minutes=minute)).tick(0)[0] for minute in range(3)]
    assert sorted(spoken) == ["from-here", "if-silent", "this-is"]


def test_ticks_and_turns_are_cut_at_the_same_instants() -> None:
    for start in whole_cycle():
        assert tick_at(start) % TURN_TICKS == 0
        assert tick_at(start - INSTANT) % TURN_TICKS == TURN_TICKS - 1


def test_the_titles_try_what_titles_are_difficult_for() -> None:
    rundown = Rundown()
    titles = {f"{turn.artist} - {turn.title}" for turn in map(rundown.turn, whole_cycle())}
    assert "Žofie Nováková - Čtyři zvony" in titles
    assert any("'" in title and ";" in title for title in titles)
    assert any("[" in title for title in titles)
    assert all(title.count(" - ") == 1 for title in titles)


def test_the_whole_station_weighs_little() -> None:
    files = list(asset("test-signal").iterdir())
    assert sum(file.stat().st_size for file in files) < 3_000_000
    pictures = [file.stat().st_size for file in files if file.suffix == ".png"]
    assert pictures
    assert max(pictures) < 60_000
