"""Beginning, ending, and what goes wrong in between."""

import asyncio
import contextlib
import logging
import os
import queue
import signal
import subprocess
import sys
import textwrap
import threading
import tty
from pathlib import Path

import pexpect
import pytest

from radiotui.cli.log import CommandLog
from radiotui.player.intents import Stop
from radiotui.problems import Problem
from radiotui.stories.model import StationSection
from radiotui.ui.app import RadioApp
from radiotui.ui.kit.fault_barrier import MOST_FAULTS, FaultBurst
from radiotui.ui.kit.terminal_driver import EndOfInput, EnduringFile, read_keys
from radiotui.ui.kit.textual_private import report_fault
from radiotui.ui.screens import story_actions
from radiotui.ui.terminal import screen_alone, trim_log
from tests.ui.stage import NOW, Staged, headlines, playing
from tests.ui.textual_private import screen_strips


async def test_the_stations_are_there_before_any_service_is(radio):
    class Slow(Staged):
        async def open(
            self, *, screen: bool = True, radio: bool = True, player: bool = True
        ) -> None:
            await asyncio.Event().wait()

    app = RadioApp(Slow())
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        text = "\n".join(strip.text for strip in screen_strips(app))
        assert "KNAU Arizona Public Radio" in text
        assert "STOPPED" in text


async def test_services_are_opened_and_closed(radio):
    async with radio() as r:
        assert r.companion.opened
        assert not r.companion.closed
    assert r.companion.closed


async def test_services_that_hang_do_not_hold_up_quitting():
    class Stuck(Staged):
        async def close(self) -> None:
            self.asked.append(("close",))
            await asyncio.Event().wait()

    companion = Stuck()
    app = RadioApp(companion)
    async with app.run_test() as pilot:
        await pilot.press("q")
    assert ("close",) in companion.asked
    assert app.return_code == 0


async def test_services_that_do_not_open_are_told(radio):
    class Broken(Staged):
        async def open(
            self, *, screen: bool = True, radio: bool = True, player: bool = True
        ) -> None:
            raise Problem("The store cannot be written", "the disk is full")

    async with radio(companion=Broken()) as r:
        assert "The store cannot be written" in r.text
        assert "the disk is full" in r.text


async def test_problems_are_told_once_each(radio):
    async with radio() as r:
        await r.tell(Problem("One thing", "and why"), Problem("Another thing"))
        assert "One thing" in r.text
        assert "and why" in r.text
        assert "Another thing" in r.text


async def test_notices_from_before_the_screen_are_told(radio):
    companion = Staged()
    companion.notify(Problem("stations.toml:14: stream.url: expected text"))
    async with radio(companion=companion) as r:
        assert "stations.toml:14" in r.text


async def test_only_the_newest_snapshot_is_drawn_and_no_notice_is_lost(radio):
    async with radio() as r:
        for number in range(50):
            r.companion.tell(playing(title=f"Song {number}"))
        for number in range(5):
            r.companion.tell(Problem(f"Notice {number}"))
        await r.settle()
        assert "Song 49" in r.player
        assert all(f"Notice {number}" in r.text for number in range(5))


async def test_seconds_that_change_nothing_draw_nothing(radio, monkeypatch):
    from radiotui.ui.widgets.player.player_bar import PlayerBar

    async with radio() as r:
        await r.press("enter")
        drawn: list[object] = []
        refresh = PlayerBar.refresh
        monkeypatch.setattr(
            PlayerBar,
            "refresh",
            lambda self, *a, **k: (drawn.append(a), refresh(self, *a, **k))[1],
        )
        await r.tell(playing(position=101.0, tape_end=105.0))
        r.main.tick()
        await r.settle()
        assert drawn == []
        await r.tell(playing(position=101.0, tape_end=105.0, title="Another"))
        assert len(drawn) == 1


@pytest.mark.fails_inside
async def test_a_fault_in_a_handler_is_one_line_and_the_app_goes_on(radio, caplog):
    async with radio() as r:
        obey = r.companion.do

        def fail(intent):
            if isinstance(intent, Stop):
                raise ValueError("nobody foresaw [/] this")  # noqa: TRY004
            obey(intent)

        r.companion.do = fail  # type: ignore[method-assign]
        await r.press("enter", "x")
        assert "Something unexpected went wrong" in r.text
        assert "nobody foresaw [/] this" in r.text
        assert any(record.exc_info for record in caplog.records)
        await r.press("m", "2", "enter")
        assert ("mute",) in r.companion.asked
        assert "Hikers" in r.pane("story")


@pytest.mark.fails_inside
async def test_a_fault_in_a_snapshots_handler_leaves_the_screen_alive(radio):
    async with radio() as r:
        r.main.show = None  # type: ignore[method-assign, assignment]
        await r.tell(playing())
        assert "Something unexpected" in r.text
        del r.main.show
        await r.tell(playing())
        assert "LIVE" in r.player


@pytest.mark.fails_inside
async def test_a_fault_in_a_worker_is_one_line(radio):
    async with radio() as r:

        async def fail(_):
            raise KeyError("lost")

        r.companion.stories.story = fail  # type: ignore[method-assign]
        story_actions.open_story(r.main, headlines()[0])
        with contextlib.suppress(Exception):
            await r.settle()
        await r.pilot.pause()
        assert "Something unexpected" in r.text
        await r.press("space")
        assert "LIVE" in r.player


@pytest.mark.fails_inside
async def test_a_fault_in_a_timer_is_one_line(radio):
    async with radio() as r:

        def fail():
            raise RuntimeError("tick")

        r.main.set_timer(0.05, fail)
        await r.until("RuntimeError: tick")
        await r.press("space")
        assert "LIVE" in r.player


@pytest.mark.fails_inside
async def test_a_fault_that_never_ends_ends_the_app(radio):
    companion = Staged()
    app = RadioApp(companion)

    async def run() -> None:
        async with app.run_test() as pilot:
            for _ in range(30):
                report_fault(app, ZeroDivisionError("again"))
            await pilot.pause()

    with pytest.raises(ZeroDivisionError):
        await run()
    assert isinstance(app.fault, ZeroDivisionError)
    assert app.return_code == 1
    assert companion.closed


def test_what_libraries_write_goes_to_the_log_and_what_the_screen_writes_does_not(tmp_path):
    script = """
        import ctypes, logging, os, sys
        from pathlib import Path
        from radiotui.ui.terminal import screen_alone
        before = sys.__stderr__
        with screen_alone(Path(sys.argv[1])):
            ctypes.CDLL(None).perror(b"a library")
            os.write(2, b"raw words\\n")
            print("python's own", file=sys.stderr, flush=True)
            logging.getLogger("radiotui.test").warning("a record")
            sys.__stderr__.write("the screen\\n")
            sys.__stderr__.flush()
        assert sys.__stderr__ is before
        os.write(2, b"afterwards\\n")
    """
    log = tmp_path / "logs" / "radiotui.log"
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(log)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == "the screen\nafterwards\n"
    written = log.read_text()
    for words in ("a library", "raw words", "python's own", "WARNING radiotui.test: a record"):
        assert words in written


def test_no_password_of_an_address_is_in_a_log(tmp_path):
    url = "http://ann:hunter2@station.example/live"
    of_screen, of_commands = tmp_path / "screen.log", tmp_path / "commands.log"
    logger = logging.getLogger("radiotui.test")

    def fail() -> None:
        try:
            int(url)
        except ValueError:
            logger.warning("unexpected, of %s", url, exc_info=True)

    with screen_alone(of_screen):
        fail()
    handler = CommandLog(of_commands)
    logger.addHandler(handler)
    fail()
    logger.removeHandler(handler)
    handler.close()
    for log in (of_screen, of_commands):
        # In the record's own words, and in its traceback.
        assert log.read_text().count("http://station.example/live") == 2
        assert "hunter2" not in log.read_text()


def test_a_folder_that_cannot_be_written_costs_only_the_log(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    with screen_alone(file / "logs" / "radiotui.log"):
        logging.getLogger("radiotui.test").warning("a record")
    assert file.read_text() == ""


def test_a_log_that_grew_too_long_begins_anew(tmp_path):
    log = tmp_path / "radiotui.log"
    log.write_bytes(b"x" * (1024 * 1024 + 1))
    with screen_alone(log):
        os.write(2, b"fresh\n")
    assert log.read_bytes() == b"fresh\n"
    assert (tmp_path / "radiotui.log.old").stat().st_size == 1024 * 1024 + 1
    with screen_alone(log):
        os.write(2, b"y" * (1024 * 1024))
        trim_log()
        os.write(2, b"short\n")
    assert log.read_bytes() == b"short\n"


async def test_the_watchman_sees_what_blocks(radio, watchman):
    async with radio():
        Path(os.devnull).read_bytes()
        worker = threading.Thread(target=Path(os.devnull).read_bytes)
        worker.start()
        worker.join()
        assert len(watchman.seen) == 1
        assert "open('/dev/null'" in watchman.seen[0]
        watchman.seen.clear()


async def test_the_clock_ticks_on_the_second(radio, monkeypatch):
    from datetime import timedelta

    from radiotui.ui.screens import main

    moment = NOW + timedelta(milliseconds=300)
    async with radio(companion=Staged(clock=lambda: moment)) as r:
        waits: list[float] = []
        monkeypatch.setattr(main, "call_after", lambda _main, delay, _: waits.append(delay))
        r.main.tick()
        assert waits == [pytest.approx(0.7, abs=0.01)]


async def test_a_store_that_cannot_say_where_one_was_costs_only_that(radio):
    class Forgetful(Staged):
        async def recall(self, key: str) -> str | None:
            raise Problem("What was kept cannot be read", "the disk may be full")

    async with radio(companion=Forgetful()) as r:
        assert "What was kept cannot be read" in r.text
        assert ("look_at", StationSection("knau")) in r.companion.asked


def in_a_terminal(tmp_path: Path, script: str) -> pexpect.spawn:
    """A script in a terminal of its own; its first argument is a folder for everything."""
    return pexpect.spawn(
        sys.executable,
        ["-c", textwrap.dedent(script), str(tmp_path)],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": "."},
        dimensions=(24, 80),
        timeout=20,
    )


SCRIPT = """
    import sys
    from pathlib import Path
    from radiotui.config import Folders
    from radiotui.ui.app import run
    from radiotui.ui.screens.main import MainScreen
    from tests.ui.stage import Staged
    {change}
    sys.exit(run(Staged(folders=Folders(Path(sys.argv[1])))))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_whoever_ends_it_gets_the_terminal_back(tmp_path, number):
    terminal = in_a_terminal(tmp_path, SCRIPT.format(change=""))
    terminal.expect("KNAU")
    terminal.kill(number)
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert (terminal.exitstatus, terminal.signalstatus) == (0, None)
    assert b"\x1b[?1049l" in terminal.before
    assert b"\x1b[?25h" in terminal.before


def test_a_screen_that_cannot_be_drawn_ends_with_a_plain_word(tmp_path):
    terminal = in_a_terminal(
        tmp_path, SCRIPT.format(change="MainScreen.compose = lambda self: 1 / 0")
    )
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 1
    screen, _, after = terminal.before.rpartition(b"\x1b[?1049l")
    assert screen
    assert b"radiotui had to stop: " in after
    assert b"ZeroDivisionError" in after
    assert b"Traceback" not in terminal.before
    log = (tmp_path / "log" / "radiotui.log").read_text()
    assert "Traceback" in log
    assert "locals" not in log
    assert "╭" not in log


@pytest.mark.fails_inside
async def test_a_fault_with_each_key_does_not_end_the_app(radio):
    async with radio() as r:
        for _ in range(25):
            report_fault(r.app, ZeroDivisionError("again"))
            await r.press("j")
        assert r.app.is_running
        assert "Something unexpected" in r.text
        await r.press("space")
        assert "LIVE" in r.player


async def test_problems_do_not_end_the_app(radio):
    async with radio() as r:
        for number in range(30):
            report_fault(r.app, Problem(f"Nobody answers at {number}"))
        await r.settle()
        assert r.app.is_running
        assert r.app.fault is None


def test_only_faults_without_a_pause_are_endless():
    burst = FaultBurst()
    assert not any(burst.add(60.0 * number) for number in range(100))
    assert not any(burst.add(7000.0) for _ in range(MOST_FAULTS - 1))
    burst.begin_anew()
    assert not any(burst.add(7000.0) for _ in range(MOST_FAULTS - 1))
    assert burst.add(7001.0)


def test_a_terminal_that_goes_away_under_a_write_is_told_once():
    master, slave = os.openpty()
    gone: list[str] = []
    with open(slave, "w") as terminal:
        file = EnduringFile(terminal, lambda: gone.append("gone"))
        file.write("here")
        file.flush()
        os.close(master)
        for _ in range(3):
            file.write("there")
            file.flush()
        assert gone == ["gone"]
        with contextlib.suppress(OSError):
            terminal.close()


def test_the_end_of_input_is_where_the_terminal_goes_away():
    master, slave = os.openpty()
    gone: list[str] = []
    end = EndOfInput(slave, lambda: gone.append("gone"))
    assert not end.is_set()
    os.write(master, b"key\n")
    assert not end.is_set()
    os.close(master)
    assert [end.is_set() for _ in range(3)] == [True] * 3
    assert gone == ["gone"]
    end.close()
    os.close(slave)


class NotedInput(EndOfInput):
    """The end of input, which tells when the thread goes to sleep."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor, lambda: None)
        self.rests = threading.Semaphore(0)

    def read(self, seconds: float | None) -> bytes | None:
        if seconds is None:
            self.rests.release()
        return super().read(seconds)


def test_the_thread_for_input_sleeps_until_a_key_or_the_end():
    master, slave = os.openpty()
    tty.setraw(slave)
    end = NotedInput(slave)
    keys: queue.Queue[str] = queue.Queue()
    thread = threading.Thread(target=read_keys, args=(end, lambda m: keys.put(m.key)))
    thread.start()
    assert end.rests.acquire(timeout=5)
    # Whatever came before, and however long ago: an escape that stands alone is a key.
    for typed, names in ((b"a", ["a"]), (b"\x1b", ["escape"]), (b"\x1b[B\x1b", ["down", "escape"])):
        os.write(master, typed)
        assert [keys.get(timeout=5) for _ in names] == names
        assert end.rests.acquire(timeout=5)
    os.write(master, "é".encode()[:1])
    assert end.rests.acquire(timeout=5)
    os.write(master, "é".encode()[1:])
    assert keys.get(timeout=5) == "é"
    assert end.rests.acquire(timeout=5)
    assert not end.rests.acquire(timeout=0.05), "it goes round while nothing comes"
    assert keys.empty()
    end.set()
    thread.join(5)
    assert not thread.is_alive()
    end.close()
    os.close(master)
    os.close(slave)


def test_the_end_of_input_is_asked_by_two_threads_at_once():
    master, slave = os.openpty()
    end = EndOfInput(slave, lambda: None)
    faults: list[Exception] = []

    def ask() -> None:
        try:
            for _ in range(3000):
                assert not end.is_set()
        except RuntimeError as error:
            faults.append(error)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert not faults
    end.close()
    os.close(master)
    os.close(slave)
