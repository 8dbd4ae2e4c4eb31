"""radiotui as a listener meets it: in a terminal, by the keyboard."""

import contextlib
import re
import sqlite3
import time
from pathlib import Path

import pytest

from tests.servers import Connection, serving
from tests.sounds import encode

SOUND = encode("mp3", 8)
DOWN = "\x1b[B"
LIGHT_PAPER = b"48;2;250;247;241"
"""Background of the light theme, as the terminal is told of it."""


def hang(connection: Connection) -> None:
    connection.hang()


def icy(title: str):
    """A live stream whose title is whatever a test wants."""
    text = b"StreamTitle='" + title.encode() + b"';"
    blocks = -(-len(text) // 16)

    def live(c: Connection) -> None:
        c.live(icy_metaint="16000")
        c.send(SOUND[:16000] + bytes([blocks]) + text.ljust(blocks * 16, b"\0"))
        for start in range(16000, 112000, 16000):
            c.send(SOUND[start : start + 16000] + b"\0")
        c.hang()

    return live


def test_it_starts_plays_the_test_signal_opens_a_story_and_quits(start):
    terminal = start("--demo")
    terminal.until("Test Signal")
    terminal.type("\r")
    terminal.until("LIVE")
    terminal.until("10 unread")
    terminal.type("2\r")
    terminal.until("1 of 10")
    terminal.type("q")
    assert terminal.ended() == 0


def test_what_was_recorded_is_listed_heard_renamed_and_deleted(start, tmp_path):
    terminal = start("--demo", columns=100, lines=30)
    terminal.until("Test Signal")
    terminal.type("\r")
    terminal.until("LIVE")
    terminal.type("R")
    terminal.until("Nothing was kept yet")
    terminal.type("q")
    terminal.until("Nothing was kept yet", gone=True)
    terminal.type("rR")
    terminal.until("being recorded")
    # Until it has sound. What passes by may not be seen: no number that grows, no toast.
    terminal.until("     0 kB", gone=True)
    terminal.type("q")
    terminal.until("being recorded", gone=True)
    terminal.type("rR")
    terminal.until("Recordings · 1 ·")
    (path,) = (tmp_path / "Music" / "radiotui").glob("*/*")
    terminal.type("r")
    terminal.until("enter renames")
    terminal.type("An evening\r")
    terminal.until("enter renames", gone=True)
    terminal.until("An evening")
    assert [file.name[16:] for file in path.parent.iterdir()] == [f" An evening{path.suffix}"]
    terminal.type("\r")
    # The station has waited meanwhile.
    terminal.until("behind")
    terminal.type("l")
    terminal.until("LIVE")
    terminal.type("R")
    terminal.until("Recordings · 1 ·")
    terminal.type("d")
    terminal.until("Nothing was kept yet")
    terminal.type("U")
    terminal.until("Recordings · 1 ·")
    terminal.type("d")
    terminal.until("Nothing was kept yet")
    terminal.type("qq")
    assert terminal.ended() == 0
    assert list(path.parent.iterdir()) == []


def test_quitting_waits_for_nobody(start, station_file):
    with serving(live=hang, feed=hang) as server:
        terminal = start("--stations", station_file(server.url("/live"), server.url("/feed")))
        terminal.until("Radio Test")
        terminal.type("\r")
        terminal.until("CONNECTING")
        while len(server.asked) < 2:
            terminal.look()
        begin = time.monotonic()
        terminal.type("q")
        assert terminal.ended() == 0
        # The servers would hold it for ten seconds, the silence that is told as a problem.
        assert time.monotonic() - begin < 9


def test_the_terminal_is_as_it_was_before(start):
    terminal = start("--demo")
    terminal.until("Test Signal")
    assert terminal.attributes != terminal.attributes_before
    terminal.type("q")
    terminal.ended()
    assert terminal.attributes == terminal.attributes_before
    raw = bytes(terminal.raw)
    for mode in set(re.findall(rb"\x1b\[\?(\d+)[hl]", raw)):
        # A terminal begins with the cursor shown and lines wrapped, and all else off.
        at_first = b"h" if mode in {b"25", b"7"} else b"l"
        assert re.findall(rb"\x1b\[\?" + mode + rb"([hl])", raw)[-1] == at_first, mode


def test_hostile_titles_are_text(start, station_file):
    nasty = "[/] [@click=app.quit]x[/] \x1b[31mred\x1b]0;mine\x07 \u202eevil"
    shown = "[/] [@click=app.quit]x[/] red evil"
    entry = nasty.replace("\x1b", "&#27;").replace("\x07", "&#7;").replace("[", "&#91;")
    rss = f"<rss version='2.0'><channel><title>News</title><item><guid>1</guid><title>{entry}"
    feed = f"{rss}</title><description>Body {entry}</description></item></channel></rss>"
    with serving(
        live=icy(nasty), feed=lambda c: c.answer(feed.encode(), "application/rss+xml")
    ) as server:
        stations = station_file(server.url("/live"), server.url("/feed"))
        terminal = start("--stations", stations)
        terminal.until("Radio Test")
        terminal.type("\r")
        terminal.until(shown)
        terminal.until("1 unread")
        terminal.type("2\r")
        terminal.until("Body")
        raw = bytes(terminal.raw)
        assert b"\x1b]0;mine" not in raw
        assert "\u202e".encode() not in raw
        assert terminal.process.poll() is None
        terminal.type("q")
        assert terminal.ended() == 0


def test_a_station_that_does_not_come_hides_nothing_and_escape_gives_it_up(start, station_file):
    with serving(live=icy("Nina Simone - Sinnerman"), mute=hang) as server:
        more = f'[[station.stream]]\nid = "mute"\nname = "Mute"\nurl = "{server.url("/mute")}"\n'
        terminal = start("--stations", station_file(server.url("/live"), more=more))
        terminal.until("Radio Test")
        terminal.type("\r")
        terminal.until("Sinnerman")
        terminal.until("Mute")
        terminal.type(DOWN + DOWN + "\r")
        screen = terminal.until("→ Mute is being tuned to")
        assert "Sinnerman" in screen
        assert "tuning" in screen
        terminal.type("\x1b")
        screen = terminal.until("is being tuned to", gone=True)
        assert "LIVE" in screen
        assert "Sinnerman" in screen


def test_a_story_is_read_offline_after_it_was_kept(start, station_file):
    rss = (
        b"<rss version='2.0'><channel><title>News</title><item><guid>1</guid>"
        b"<title>Trail reopens after the snow</title><description>Bring boots.</description>"
        b"</item></channel></rss>"
    )
    with serving(feed=lambda c: c.answer(rss, "application/rss+xml")) as server:
        stations = station_file(server.url("/live"), server.url("/feed"))
        terminal = start("--stations", stations)
        terminal.until("Trail reopens")
        terminal.type("q")
        terminal.ended()
    terminal = start("--stations", stations)
    terminal.until("Trail reopens")
    terminal.type("2\r")
    terminal.until("Bring boots.")


def test_an_edit_of_the_station_file_is_seen_at_once(start, station_file):
    path = station_file("http://127.0.0.1:9/live")
    terminal = start("--stations", path)
    terminal.until("Radio Test")
    # The file is watched once the first screen is there.
    deadline = time.monotonic() + 60
    while "Radio Renamed" not in terminal.text and time.monotonic() < deadline:
        station_file("http://127.0.0.1:9/live", name="Radio Renamed")
        terminal.look(0.3)
    terminal.until("Radio Renamed")
    with open(path, "a") as file:
        file.write("\nname = = broken")
    terminal.until("my-stations.toml")
    assert "Radio Renamed" in terminal.text


def test_without_a_network_it_leads_to_the_test_signal(start, station_file):
    wrong = '[[station]]\nid = "Bad Id"\nname = "Radio Wrong"\n'
    stations = station_file("http://station.invalid/live", more=wrong)
    terminal = start("--stations", stations)
    terminal.until("Radio Test")
    terminal.until("WRONG IN THE FILE")
    terminal.type("\r")
    terminal.until("No network, it seems")
    terminal.type("0")
    terminal.until("LIVE")
    terminal.type("\x03")
    assert terminal.ended() == 0


def test_the_theme_that_was_chosen_is_there_again(start):
    terminal = start("--demo", COLORTERM="truecolor")
    terminal.until("Test Signal")
    assert LIGHT_PAPER not in terminal.raw
    terminal.type("T")
    deadline = time.monotonic() + 20
    while LIGHT_PAPER not in terminal.raw and time.monotonic() < deadline:
        terminal.look()
    assert LIGHT_PAPER in terminal.raw
    terminal.type("q")
    assert terminal.ended() == 0
    terminal = start("--demo", COLORTERM="truecolor")
    terminal.until("Test Signal")
    assert LIGHT_PAPER in terminal.raw


def test_the_smallest_terminal_works(start):
    terminal = start("--demo", columns=60, lines=16)
    terminal.until("Test Signal")
    terminal.type("\r")
    terminal.until("LIVE")
    terminal.type("q")
    assert terminal.ended() == 0


def test_no_colour_is_no_colour(start):
    terminal = start("--demo", NO_COLOR="1")
    terminal.until("Test Signal")
    terminal.type("\r")
    terminal.until("LIVE")
    colours = re.findall(
        rb"\x1b\[(?:[0-9;]*;)?(3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9;]*)?m", terminal.raw
    )
    assert colours == []


def test_without_a_terminal_it_says_so(home):
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "radiotui"], env=home, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "needs a terminal" in done.stderr


@pytest.mark.parametrize("plays", [True, False])
def test_a_killed_terminal_ends_the_program_with_everything_saved(start, home, plays: bool):
    terminal = start("--demo")
    terminal.until("Test Signal")
    if plays:
        terminal.type("\r")
        terminal.until("LIVE")
    terminal.until("10 unread")
    terminal.type("-")
    terminal.until("75")
    # It is no controlling terminal here: not even a signal comes.
    terminal.go_away()
    assert terminal.process.wait(15) == 0
    store = Path(home["XDG_DATA_HOME"]) / "radiotui" / "radiotui.db"
    with contextlib.closing(sqlite3.connect(store)) as connection:
        assert ("75",) in connection.execute("SELECT value FROM memory WHERE key = 'volume'")
    log = (Path(home["XDG_STATE_HOME"]) / "radiotui" / "log" / "radiotui.log").read_text()
    assert "Traceback" not in log
