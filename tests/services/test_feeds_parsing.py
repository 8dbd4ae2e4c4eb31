"""Reading feeds in processes of their own: what comes back, what a bad one costs, what is left."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psutil
import pytest

from radiotui.documents.processes import WorkerError, WorkerPool
from radiotui.feeds.parsing.model import ParsedFeed
from radiotui.feeds.parsing.parse import parse_feed
from radiotui.feeds.parsing.pool import FeedParser
from radiotui.problems import Problem
from tests.loop_watch import steps_of_loop
from tests.services.worker_processes import only_worker, until, workers

URL = "https://knau.example/news.rss"
PROCESSES = min(4, os.cpu_count() or 1)
"""Processes of a pool, at most."""
NPR_ITEM = """<item><title>Café &amp; trail {n}</title><guid>{n}</guid>
<pubDate>Mon, 02 Mar 2026 07:30:00 -0700</pubDate>
<content:encoded><![CDATA[<img src="https://x.example/{n}.jpg" alt="A hat."><p>Text {n}.</p>]]>
</content:encoded><enclosure url="https://x.example/{n}.mp3" type="audio/mpeg" length="7"/>
<itunes:duration>1:02</itunes:duration>
<podcast:person role="guest">Ann Example</podcast:person></item>"""


def feed(entries: int = 3) -> bytes:
    items = "".join(NPR_ITEM.format(n=n) for n in range(entries))
    return (
        '<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel><title>Coconino</title>'
        "<podcast:liveItem status='live' start='2026-03-02T07:30:00-07:00'><title>Live</title>"
        f"<guid>l</guid></podcast:liveItem>{items}</channel></rss>"
    ).encode()


class Parsing:
    """A parser with a pool of its own."""

    def __init__(self, *, small: int = 30_000, longest: float = 30.0, idle: float = 60.0) -> None:
        self.workers = WorkerPool(longest=longest, idle=idle)
        self.parse = FeedParser(self.workers, small=small).parse

    async def close(self) -> None:
        await self.workers.close()


def told(result: object) -> str:
    assert isinstance(result, Problem)
    return result.title


@pytest.fixture
async def parsing() -> AsyncIterator[Parsing]:
    # Without small ones: everything goes to a process.
    parsing = Parsing(small=-1)
    yield parsing
    await parsing.close()
    assert not workers()


class TestWhatComesBack:
    async def test_the_same_as_from_here(self, parsing: Parsing) -> None:
        assert await parsing.parse(feed(), URL, "text/xml") == parse_feed(feed(), URL, "text/xml")

    async def test_only_what_says_something_new(self, parsing: Parsing) -> None:
        known = {entry.guid: entry.digest for entry in parse_feed(feed(), URL).entries}
        known["1"] = "something else"
        parsed = await parsing.parse(feed(4), URL, "", known)
        assert [entry.guid for entry in parsed.entries] == ["1", "3"]
        assert parsed.guids == ("0", "1", "2", "3")

    async def test_a_problem_in_the_same_words(self, parsing: Parsing) -> None:
        with pytest.raises(Problem) as here:
            parse_feed(b"<html>", URL, "text/html")
        with pytest.raises(Problem) as there:
            await parsing.parse(b"<html>", URL, "text/html")
        assert there.value == here.value

    async def test_a_feed_larger_than_any_pipe(self, parsing: Parsing) -> None:
        body = feed().replace(b"</rss>", b"<!--" + b"x" * 3_000_000 + b"--></rss>")
        assert len((await parsing.parse(body, URL)).entries) == 3

    async def test_small_feeds_need_no_process(self) -> None:
        parsing = Parsing()
        try:
            assert len((await parsing.parse(feed(), URL)).entries) == 3
            assert not workers()
        finally:
            await parsing.close()

    async def test_many_small_feeds_are_worth_one(self) -> None:
        parsing = Parsing()
        try:
            read = await asyncio.gather(*(parsing.parse(feed(30), URL) for _ in range(20)))
            assert [len(each.entries) for each in read] == [30] * 20
            assert workers()
        finally:
            await parsing.close()

    async def test_where_no_process_may_be_started_it_is_read_here(
        self, parsing: Parsing, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys, "executable", "/nowhere/python")
        assert len((await parsing.parse(feed(), URL)).entries) == 3


class TestLargeFeeds:
    """Feeds that were never read are divided among the processes that are free."""

    @pytest.fixture
    async def parser(self) -> AsyncIterator[FeedParser]:
        pool = WorkerPool()
        # Every feed is a large one.
        yield FeedParser(pool, small=-1, large=0)
        await pool.close()
        assert not workers()

    async def test_each_process_reads_a_part(self, parser: FeedParser) -> None:
        parsed = await parser.parse(feed(40), URL, "text/xml", {}, {})
        assert parsed == parse_feed(feed(40), URL, "text/xml", {}, {})
        assert len(workers()) == PROCESSES

    async def test_what_is_stored_already_is_read_by_one(self, parser: FeedParser) -> None:
        stored = parse_feed(feed(40), URL, item_hashes={}).item_hashes
        parsed = await parser.parse(feed(41), URL, "", {}, stored)
        assert [entry.guid for entry in parsed.entries] == ["40"]
        assert len(workers()) == 1

    @pytest.mark.parametrize("body", [feed(40)[:-30], feed(40).replace(b">7<", b">8<")])
    async def test_what_cannot_be_divided_is_read_all_the_same(
        self, parser: FeedParser, body: bytes
    ) -> None:
        assert await parser.parse(body, URL, "", {}, {}) == parse_feed(body, URL, "", {}, {})

    async def test_a_problem_is_told_in_the_same_words(self, parser: FeedParser) -> None:
        with pytest.raises(Problem) as here:
            parse_feed(b"<html>", URL, "text/html")
        with pytest.raises(Problem) as there:
            await parser.parse(b"<html>", URL, "text/html", {}, {})
        assert there.value == here.value

    async def test_processes_that_were_warmed_up_are_those_that_read(
        self, parser: FeedParser
    ) -> None:
        await parser.warm_up()
        ready = set(workers())
        assert len(ready) == PROCESSES
        await parser.parse(feed(40), URL, "", {}, {})
        assert set(workers()) == ready


class TestWhatOneCosts:
    async def test_a_process_that_dies_costs_its_feed_only(self, parsing: Parsing) -> None:
        await parsing.parse(feed(), URL)
        worker = await only_worker()
        worker.suspend()
        asked = asyncio.ensure_future(parsing.parse(feed(), URL))
        await asyncio.sleep(0.05)
        worker.kill()
        with pytest.raises(Problem, match=r"knau\.example/news\.rss cannot be read as a feed"):
            await asked
        assert len((await parsing.parse(feed(), URL)).entries) == 3

    async def test_one_that_died_without_work_costs_nothing(self, parsing: Parsing) -> None:
        await parsing.parse(feed(), URL)
        worker = await only_worker()
        worker.kill()
        await until(lambda: not workers())
        await asyncio.sleep(0.05)
        assert len((await parsing.parse(feed(), URL)).entries) == 3

    async def test_one_that_takes_too_long_is_ended(self, parsing: Parsing) -> None:
        await parsing.parse(feed(), URL)
        worker = await only_worker()
        worker.suspend()
        parsing.workers.longest = 0.1
        with pytest.raises(Problem, match="takes too long to read"):
            await parsing.parse(feed(), URL)
        await until(lambda: worker not in workers())
        # A new process may take its time to start.
        parsing.workers.longest = 60.0
        assert len((await parsing.parse(feed(), URL)).entries) == 3

    async def test_what_is_cancelled_is_ended(self, parsing: Parsing) -> None:
        await parsing.parse(feed(), URL)
        worker = await only_worker()
        worker.suspend()
        asked = asyncio.ensure_future(parsing.parse(feed(), URL))
        await asyncio.sleep(0.05)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        await until(lambda: worker not in workers())
        assert len((await parsing.parse(feed(2), URL)).entries) == 2

    async def test_one_that_is_cancelled_while_its_process_starts(self, parsing: Parsing) -> None:
        for pause in (0, 0.001, 0.01, 0.05):
            asked = asyncio.ensure_future(parsing.parse(feed(), URL))
            await asyncio.sleep(pause)
            asked.cancel()
            await asyncio.gather(asked, return_exceptions=True)
        assert len((await parsing.parse(feed(2), URL)).entries) == 2


class TestTheLoop:
    @pytest.mark.parametrize(
        "body",
        [
            feed().replace(b"</guid>", b"</guid><author>" + b"a" * 28_000 + b"</author>", 1),
            feed().replace(b"</guid>", b"</guid><author>" + b"-1h." * 7_000 + b"</author>", 1),
            b"<html><head><link " + b"a" * 28_000 + b"></head></html>",
            b"<html><head><link " + b"a " * 14_000 + b"></head></html>",
            b"<rss>" + b"<b>" * 9_000,
        ],
        ids=["author", "mail", "attribute", "attributes", "elements"],
    )
    async def test_a_small_feed_made_to_be_slow_does_not_hold_it(self, body: bytes) -> None:
        parsing = Parsing(longest=2.0)
        with steps_of_loop() as steps, contextlib.suppress(Problem):
            await parsing.parse(body, URL, "text/html")
        await parsing.close()
        # What such a feed takes where it is not stopped is 7 seconds and more.
        assert max((step.cpu for step in steps), default=0.0) < 0.5


def take_memory(count: int) -> int:
    return len(bytearray(count))


def fail(words: str) -> str:
    raise LookupError(words)


class TestBounds:
    async def test_memory(self, parsing: Parsing) -> None:
        with pytest.raises(WorkerError, match="MemoryError"):
            await parsing.workers.run(int, take_memory, 3 * 1024**3)
        worker = await only_worker()
        assert await parsing.workers.run(int, take_memory, 1024) == 1024
        assert await only_worker() == worker

    async def test_a_fault_is_one_document_s(self, parsing: Parsing) -> None:
        with pytest.raises(WorkerError, match=r"LookupError\('odd'\)"):
            await parsing.workers.run(str, fail, "odd")
        assert await parsing.workers.run(int, take_memory, 7) == 7

    async def test_a_reply_of_another_type_is_refused(self, parsing: Parsing) -> None:
        with pytest.raises(WorkerError, match="Expected `str`"):
            await parsing.workers.run(str, take_memory, 7)  # type: ignore[arg-type]
        assert await parsing.workers.run(int, take_memory, 7) == 7

    def test_nothing_is_run_from_the_folder_it_is_started_in(
        self, program: Program, tmp_path: Path
    ) -> None:
        folder = tmp_path / "downloads"
        folder.mkdir()
        for module in ("pickle", "msgspec", "feedparser", "radiotui"):
            (folder / f"{module}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
        program.start("resting", folder)
        assert not (tmp_path / "ran").exists()


def load() -> None:
    import feedparser  # noqa: F401


def refuse() -> None:
    raise LookupError


class TestWarmingUp:
    async def test_the_next_call_finds_a_process(self, parsing: Parsing) -> None:
        await parsing.workers.warm_up(load)
        worker = await only_worker()
        assert len((await parsing.parse(feed(), URL)).entries) == 3
        assert await only_worker() == worker

    async def test_one_that_is_at_hand_is_enough(self, parsing: Parsing) -> None:
        await parsing.parse(feed(), URL)
        worker = await only_worker()
        worker.suspend()
        await parsing.workers.warm_up(load)
        assert await only_worker() == worker

    async def test_what_goes_wrong_is_for_the_call_to_say(self, parsing: Parsing) -> None:
        await parsing.workers.warm_up(refuse)
        assert len((await parsing.parse(feed(), URL)).entries) == 3

    async def test_a_closed_pool_starts_none(self, parsing: Parsing) -> None:
        await parsing.close()
        await parsing.workers.warm_up(load)
        assert not workers()


class TestWhatIsLeft:
    async def test_closing_ends_what_is_under_way(self) -> None:
        parsing = Parsing(small=-1)
        await parsing.parse(feed(), URL)
        (await only_worker()).suspend()
        asked = [asyncio.ensure_future(parsing.parse(feed(), URL)) for _ in range(8)]
        await asyncio.sleep(0.02)
        await parsing.close()
        assert not workers()
        results = await asyncio.gather(*asked, return_exceptions=True)
        unread = [result for result in results if not isinstance(result, ParsedFeed)]
        assert unread
        assert {told(each) for each in unread} == {"knau.example/news.rss was not read"}
        assert not workers()

    async def test_without_work_for_a_while_the_processes_end(self) -> None:
        parsing = Parsing(small=-1, idle=0.05)
        await parsing.parse(feed(), URL)
        await until(lambda: not workers())
        assert len((await parsing.parse(feed(), URL)).entries) == 3
        await parsing.close()

    @pytest.mark.parametrize("at_work", [False, True])
    def test_when_the_program_is_killed_none_stays(self, program: Program, at_work: bool) -> None:
        worker = program.start("working" if at_work else "resting")
        os.kill(program.process.pid, signal.SIGKILL)
        program.process.wait()
        # An ended one may stay a zombie where nobody takes in orphans.
        deadline = time.monotonic() + 20
        while worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def test_it_has_no_terminal(self, program: Program) -> None:
        worker = program.start("resting")
        assert worker.terminal() is None
        assert os.getsid(worker.pid) == worker.pid
        os.killpg(program.process.pid, signal.SIGINT)
        program.process.wait()
        assert program.shown() == b""


SCRIPT = """
import asyncio, pathlib, sys
import tests.services.test_feeds_parsing as here

async def run():
    parsing = here.Parsing(small=-1)
    try:
        await parsing.parse(here.feed(), here.URL)
        if sys.argv[2] == "working":
            busy = asyncio.ensure_future(parsing.parse(here.feed(30_000), here.URL))
            await asyncio.sleep(0.3)
        pathlib.Path(sys.argv[1]).write_text(str((await here.only_worker()).pid))
        await asyncio.sleep(600)
    finally:
        await parsing.close()

try:
    asyncio.run(run())
except KeyboardInterrupt:
    pass
"""


class Program:
    """Another program with a Parsing, in a terminal of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._terminal, self._its = pty.openpty()
        self.process: subprocess.Popen[bytes]

    def start(self, how: str, folder: Path | None = None) -> psutil.Process:
        """Its worker; the program is started in ``folder``."""
        told = self._folder / "worker"
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", SCRIPT, str(told), how],
            cwd=folder,
            stdin=self._its,
            stdout=self._its,
            stderr=self._its,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
        deadline = time.monotonic() + 30
        while not (told.exists() and told.read_text()):
            assert time.monotonic() < deadline, self.shown()
            assert self.process.poll() is None, self.shown()
            time.sleep(0.02)
        return psutil.Process(int(told.read_text()))

    def shown(self) -> bytes:
        os.set_blocking(self._terminal, False)
        try:
            return os.read(self._terminal, 100_000)
        except BlockingIOError:
            return b""

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._its)
        os.close(self._terminal)


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    program = Program(tmp_path)
    yield program
    program.end()
