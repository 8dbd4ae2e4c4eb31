"""radiotui as a listener meets it: in a terminal, by the keyboard."""

import contextlib
import re
import socket
import sqlite3
import time
from pathlib import Path

import pytest

from radiotui.demo.signal import SIGNAL_PORT
from tests.servers import Connection, paced, serving
from tests.sounds import encode

SOUND = encode("mp3", 8)
SONG = "Nina Simone - Sinnerman"
DOWN = "\x1b[B"
F6, F7 = "\x1b[17~", "\x1b[18~"
LIGHT_PAPER = b"48;2;250;247;241"
"""Background of the light theme, as the terminal is told of it."""
LIGHT_PAPER_256, DARK_PAPER_256 = b"48;5;231", b"48;5;233"
DARK_ACCENT_256, DARK_HIGHLIGHT_256 = b"38;5;179", b"48;5;237"
DAY = "".join(
    f'[[station.stream.programme]]\nname = "{name}"\nhost = "Ada Lovelace"\ndays = "daily"\n'
    f'start = "{start}"\nend = "{end}"\n'
    for name, start, end in (("Early", "00:00", "12:00"), ("Late", "12:00", "24:00"))
)


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


def on_air(connection: Connection) -> None:
    """A live stream that goes on, and whose title stays."""
    text = f"StreamTitle='{SONG}';".encode()
    named = (
        SOUND[:16000] + bytes([-(-len(text) // 16)]) + text.ljust(-(-len(text) // 16) * 16, b"\0")
    )
    connection.live(icy_metaint="16000")
    paced(connection, [named, *[SOUND[:16000] + b"\0"] * 600], 1.0)


def dropping(connection: Connection) -> None:
    """Sound without a title that ends, and is never there again."""
    if connection.server.paths().count(connection.path) > 1:
        connection.answer(b"", status="404 Not Found")
        return
    connection.live()
    connection.send(SOUND)


def news(*items: str):
    rss = "".join(f"<item><guid>{n}</guid>{item}</item>" for n, item in enumerate(items))
    body = f"<rss version='2.0'><channel><title>News</title>{rss}</channel></rss>".encode()
    return lambda connection: connection.answer(body, "application/rss+xml")


def stations_at(**streams: str) -> str:
    """More stations of one stream each, by id."""
    return "".join(
        f'[[station]]\nid = "{name}"\nname = "Radio {name.title()}"\n'
        f'[[station.stream]]\nid = "live"\nname = "Live"\nurl = "{url}"\n'
        for name, url in streams.items()
    )


def test_it_starts_plays_the_test_signal_opens_a_story_and_quits(start):
    terminal = start("--demo")
    terminal.until("Test Signal")
    terminal.type("\r")
    terminal.until("LIVE")
    terminal.until("7 unread")
    terminal.type("2\r")
    terminal.until("1 of 7")
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
    # The station has waited meanwhile: how long says only what is not over yet.
    terminal.answered("waits on its tape")
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


def test_an_evening_with_one_station(start, station_file, tmp_path):
    settings = tmp_path / "config" / "radiotui" / "settings.toml"
    settings.parent.mkdir(parents=True)
    # No key is left that opens a story's page: its own is another's, and "q" is not free.
    settings.write_text(
        '[keys]\n"stories.undo" = "f6"\n"stories.refresh" = "f7"\n'
        '"player.mute" = "o"\n"story.page" = "q"\n'
    )
    with serving(live=on_air, drop=dropping) as server:
        bare = f"<title>A headline alone</title><link>{server.url('/nothing')}</link>"
        server.routes["/feed"] = news(bare, "<title>Snow</title><description>Deep</description>")
        second = '[[station.stream]]\nid = "two"\nname = "Second"\nurl = "http://127.0.0.1:9/"\n'
        pair = stations_at(pair=server.url("/live")) + second
        more = DAY + stations_at(drop=server.url("/drop")) + pair
        stations = station_file(server.url("/live"), server.url("/feed"), more=more)
        terminal = start("--stations", stations)
        terminal.until("Stories · 2 unread")

        # A key that can do nothing says why; the same words again are one note.
        terminal.type("xxx-")
        terminal.answered("Nothing plays that could stop")
        terminal.until("♪ 75%")
        terminal.type("-")
        screen = terminal.until("♪ 70%")
        assert screen.count("Nothing plays that could stop") <= 1, screen
        terminal.wheel("♪", up=True)
        terminal.until("♪ 75%")

        # One dash; what is on, its host and what is next stay while one is behind.
        terminal.type("\r")
        terminal.until("♪ Sinnerman · Nina Simone")
        terminal.type(" ")
        next_up = re.compile(r"^.*\n.*NEXT 12:00 [AP]M (Late|Early)")
        host = re.compile(r"^(.*\n){2}.*with Ada Lovelace")
        terminal.until("PAUSED", " behind", next_up, host)
        terminal.type("s")
        programme = re.compile("At the end of this programme  (Early|Late)")
        terminal.until("At the end of this song  Nina Simone — Sinnerman", programme)
        terminal.type("s")
        terminal.until("At the end of this song", gone=True)

        # Marking one story can be undone. Old stories say since when, and hints name set keys.
        terminal.type("2zA")
        terminal.answered("1 story marked read · f6 undoes")
        terminal.until("Stories · 1 unread")
        terminal.type(F6)
        terminal.answered("1 story unread again")
        terminal.until("Stories · 2 unread")
        server.routes["/feed"] = lambda c: c.answer(b"", status="500 Broken")
        terminal.type(F7)
        screen = terminal.until("These were kept ")
        assert re.search(r"kept (just now|\d+m ago)\. f7 asks again\.", screen), screen
        terminal.type("\r")
        browser = "“Open in the browser” in the menu opens"
        screen = terminal.until("The feed brings no text for this story.", browser)
        assert " browser ·" not in screen, screen

        # A station that was only visited folds again.
        terminal.type("1zg")
        terminal.until("▸ Radio Pair")
        terminal.type(DOWN + DOWN)
        terminal.until("▾ Radio Pair")
        terminal.type("g")
        terminal.until("▸ Radio Pair")

        # A stream that played is no wrong address, and where nothing is known nothing is offered.
        terminal.type(DOWN + "\r")
        screen = terminal.until("Radio Drop stopped sending (404)")
        assert "check the address" not in screen.splitlines()[3], screen
        terminal.type("s")
        unknown = "At the end of this programme: no programme is known here"
        terminal.until("At the end of this song: no title is known here", unknown)
        terminal.type("sq")
        assert terminal.ended() == 0
        assert SONG.encode() not in terminal.raw


def test_a_station_that_does_not_come_hides_nothing_and_a_story_no_tape(start, station_file):
    bells = SOUND * 20
    with serving(live=on_air, mute=hang, bells=lambda c: c.answer(bells, "audio/mpeg")) as server:
        sound = f'<enclosure url="{server.url("/bells")}" type="audio/mpeg" length="{len(bells)}"/>'
        server.routes["/feed"] = news(f"<title>Bells</title>{sound}")
        more = stations_at(mute=server.url("/mute"), gone=server.url("/gone"))
        stations = station_file(server.url("/live"), server.url("/feed"), more=more)
        terminal = start("--stations", stations)
        terminal.until("Stories · 1 unread")
        terminal.type("\r")
        terminal.until("Sinnerman")
        terminal.until("Radio Mute")

        terminal.type(DOWN + "\r")
        terminal.until("→ Radio Mute is being tuned to", "Sinnerman", "tuning")
        terminal.type("\x1b")
        # Had it been left to fail by itself, its problem would stand there.
        terminal.until("→ Radio Mute", gone=True)
        terminal.until("LIVE", "Sinnerman")

        # With one behind: what fails says why, hides nothing, and "x" stops it alone.
        terminal.type(" ")
        terminal.until(re.compile(r"0:(0[4-9]|[1-9]\d) behind"))
        terminal.type(" ")
        terminal.until("BEHIND")
        terminal.type(DOWN + "\r")
        behind = re.compile(r"◀ 0:\d\d BEHIND")
        title = re.compile(r"^(.*\n){3}.*♪ Sinnerman · Nina Simone")
        tape = re.compile(r"^(.*\n){5}.*├.*●.*┤ .* live")
        failure = "→ Radio Gone  ⚠ Radio Gone is not there any more (404)"
        terminal.until(failure, behind, title, tape)
        terminal.type("x")
        terminal.until("→ Radio Gone", gone=True)
        terminal.until(behind)

        # The tape that waits for a story's end is kept from, and recorded.
        terminal.type("g")
        terminal.until("Stories · 1 unread")
        terminal.type("2p")
        terminal.until("▶ STORY")
        terminal.until("Radio Test waits on its tape")
        terminal.type("k")
        terminal.until("● KEEPING")
        terminal.type("r")
        terminal.until("● REC", "▶ STORY", "Radio Test waits on its tape")

        # Both keys that quit ask the same.
        for key in ("q", "\x03"):
            terminal.type(key)
            terminal.until("End 2 recordings and quit?", "What has come of it is kept.")
            terminal.type("n")
            terminal.until("and quit?", gone=True)
        terminal.type("\x03")
        terminal.until("and quit?")
        terminal.type("\r")
        assert terminal.ended() == 0


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
    terminal.until("my-stations.toml", "Radio Renamed")


def test_without_a_network_it_leads_to_the_test_signal(start, station_file):
    wrong = '[[station]]\nid = "Bad Id"\nname = "Radio Wrong"\n'
    feed = "http://feeds.invalid/news.rss"
    stations = station_file("http://station.invalid/live", feed, more=wrong)
    terminal = start("--stations", stations)
    terminal.until("Radio Test")
    terminal.until("WRONG IN THE FILE")
    terminal.type("\r")
    terminal.until("No network, it seems")
    terminal.type("0")
    terminal.until("LIVE")
    terminal.type("\x03")
    assert terminal.ended() == 0


def test_a_second_start_has_the_theme_and_the_feeds_of_the_first(start):
    terminal = start("--demo", COLORTERM="truecolor")
    terminal.until("7 unread")
    assert LIGHT_PAPER not in terminal.raw
    terminal.type("T")
    terminal.until_sent(LIGHT_PAPER)
    terminal.type("q")
    assert terminal.ended() == 0
    with contextlib.ExitStack() as taken:
        # Whichever port the first one was served at, that of the second is another.
        with contextlib.suppress(OSError):
            taken.enter_context(socket.create_server(("127.0.0.1", SIGNAL_PORT)))
        terminal = start("--demo", COLORTERM="")
        screen = terminal.until("7 unread")
    assert not re.search(r"\+\d", screen), f"a story is of two feeds:\n{screen}"
    terminal.type("F")
    terminal.until("Feeds · 1 ─")
    terminal.type("F")
    terminal.until("Feeds · 1 ─", gone=True)
    # The theme is there again, in colours of the 256 that this terminal has.
    assert LIGHT_PAPER_256 in terminal.raw
    assert DARK_PAPER_256 not in terminal.raw
    terminal.type("TTTTT")
    terminal.until_sent(DARK_PAPER_256)
    terminal.until_sent(DARK_ACCENT_256)
    terminal.until_sent(DARK_HIGHLIGHT_256)
    assert not re.search(rb"[34]8;2;", terminal.raw)
    terminal.type("q")
    assert terminal.ended() == 0


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
    terminal.until("7 unread")
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
