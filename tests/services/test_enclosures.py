"""Enclosures: files that are filled where they are read, by hosts of every honesty."""

from __future__ import annotations

import asyncio
import itertools
import random
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from radiotui.enclosures.byte_ranges import ByteRanges
from radiotui.enclosures.fetch import EnclosureFetch, FetchEvent, FetchFailed, FetchWhole
from radiotui.enclosures.file import EnclosureFile, EnclosureReader
from radiotui.net.client import Net
from radiotui.problems import Problem
from tests.servers import Connection, serving
from tests.services.episode_host import asked_range, host, wrong_ranges

MIB = 1024 * 1024
BODY = random.Random(7).randbytes(3 * MIB)
AHEAD = MIB // 4


class Kept:
    """A file that is filled, and everything that was told of it."""

    def __init__(self, net: Net, path: Path) -> None:
        self.net = net
        self.path = path
        self.told: list[FetchEvent] = []
        self.file = EnclosureFile(path)
        self.filling: asyncio.Task[None] | None = None

    def fill(self, url: str, *, is_whole_wanted: bool = False) -> None:
        """Begin to fill it, without pauses."""

        async def at_once(_seconds: float) -> None:
            await asyncio.sleep(0)

        fetch = EnclosureFetch(
            self.net,
            url,
            self.file,
            name="The episode",
            on_event=self.told.append,
            is_whole_wanted=is_whole_wanted,
            ahead=AHEAD,
            sleep=at_once,
        )
        loop = asyncio.get_running_loop()
        self.file.on_want = lambda: (loop.call_soon_threadsafe(fetch.want), None)[1]
        self.filling = asyncio.create_task(fetch.run())

    async def brought(self, url: str) -> FetchEvent:
        """Bring all of it; the last that was told."""
        self.fill(url, is_whole_wanted=True)
        assert self.filling is not None
        async with asyncio.timeout(30):
            await self.filling
        return self.told[-1]

    async def read(self, at: int, size: int) -> bytes:
        """So many bytes from a place on, or as many as there are."""
        return await asyncio.to_thread(read_all, self.file.reader(), at, size)

    async def close(self) -> None:
        if self.filling is not None:
            self.filling.cancel()
            await asyncio.gather(self.filling, return_exceptions=True)
        self.file.close()

    async def again(self) -> Kept:
        """The same file in another run."""
        await self.close()
        return Kept(self.net, self.path)


def read_all(reader: EnclosureReader, at: int, size: int) -> bytes:
    reader.seek(at)
    data = b""
    while len(data) < size and (part := reader.read(size - len(data))):
        data += part
    return data


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[Kept]:
    net = Net()
    kept = Kept(net, tmp_path / "episodes" / "one.sound")
    yield kept
    await kept.close()
    await net.aclose()


@pytest.mark.parametrize("ranges", [True, False])
async def test_a_file_that_is_cut_a_hundred_times_is_the_exact_file(
    kept: Kept, ranges: bool
) -> None:
    cuts = random.Random(3)
    # Without ranges every answer begins anew: each has to get further than the one before.
    parts = iter([cuts.randrange(2 * len(BODY) // 100) if ranges else (n * len(BODY)) // 100
                  for n in range(1, 101)])  # fmt: skip
    with serving(episode=host(BODY, ranges=ranges, most=lambda: next(parts, None))) as server:
        end = await kept.brought(server.url("/episode"))
        assert isinstance(end, FetchWhole), end
        assert kept.path.read_bytes() == BODY
        assert len(server.asked) > 90


async def test_a_place_beyond_comes_at_once_and_what_lies_before_it_is_not_brought(
    kept: Kept,
) -> None:
    with serving(episode=host(BODY)) as server:
        kept.fill(server.url("/episode"))
        assert await kept.read(0, 1000) == BODY[:1000]
        at = 2 * MIB + MIB // 2
        assert await kept.read(at, 1000) == BODY[at : at + 1000]
        missing, next_begin = kept.file.missing_from(0)
        assert missing < 2 * MIB
        assert next_begin == at
        # Back in what is there nothing is asked again.
        asked = len(server.asked)
        assert await kept.read(500, 1000) == BODY[500:1500]
        assert len(server.asked) == asked


async def test_without_ranges_a_place_beyond_comes_in_its_turn(kept: Kept) -> None:
    with serving(episode=host(BODY, ranges=False)) as server:
        kept.fill(server.url("/episode"))
        assert await kept.read(2 * MIB, 1000) == BODY[2 * MIB : 2 * MIB + 1000]
        assert kept.file.missing_from(0)[0] > 2 * MIB


async def test_no_more_is_brought_than_is_heard_soon(kept: Kept) -> None:
    closed, length = threading.Event(), 64 * MIB  # more than a line holds on its way

    def route(connection: Connection) -> None:
        begin = asked_range(connection) or 0
        told = f"bytes {begin}-{length - 1}/{length}"
        connection.send(
            "HTTP/1.1 206 Partial Content\r\nContent-Type: audio/mpeg\r\n"
            f"Content-Range: {told}\r\nContent-Length: {length - begin}\r\n\r\n".encode()
        )
        try:
            for _ in range(begin, length, 16 * 1024):
                connection.send(bytes(16 * 1024))
        except OSError:
            closed.set()

    with serving(episode=route) as server:
        kept.fill(server.url("/episode"))
        await kept.read(0, 1000)
        assert await asyncio.to_thread(closed.wait, 30)
        # What is there is read with more than a third of what is brought ahead to come.
        for at in range(0, AHEAD // 2, 4096):
            await kept.read(at, 4096)
        assert len(server.asked) == 1
        missing, _ = kept.file.missing_from(0)
        assert AHEAD <= missing < 2 * AHEAD
        # Then the rest is asked for.
        await kept.read(missing, 10)
        assert len(server.asked) == 2
        assert not kept.told


async def test_another_run_goes_on_with_what_is_there(kept: Kept) -> None:
    parts = iter([MIB])
    with serving(episode=host(BODY, most=lambda: next(parts, 0))) as server:
        assert isinstance(await kept.brought(server.url("/episode")), FetchFailed)
    kept = await kept.again()
    with serving(episode=host(BODY)) as server:
        assert isinstance(await kept.brought(server.url("/episode")), FetchWhole)
        assert [asked_range(connection) for connection in server.asked] == [MIB]
    assert kept.path.read_bytes() == BODY
    again = await kept.again()
    assert again.file.is_whole
    await again.close()


@pytest.mark.parametrize("etag", ['"first"', '"second"'])
async def test_another_version_is_never_spliced_in(kept: Kept, etag: str) -> None:
    """Other advertisements: the same address, another length, with the same mark or another."""
    parts = iter([MIB])
    with serving(episode=host(BODY, most=lambda: next(parts, 0))) as server:
        await kept.brought(server.url("/episode"))
    kept = await kept.again()
    other = bytes(len(BODY) + 1000)
    with serving(episode=host(other, etag=etag)) as server:
        end = await kept.brought(server.url("/episode"))
    assert isinstance(end, FetchFailed)
    assert end.is_another
    assert "changed by its host" in str(end.problem)
    # What had come is heard to its end, and not a byte of the other.
    assert await kept.read(0, MIB) == BODY[:MIB]
    with pytest.raises(Problem, match="changed by its host"):
        await kept.read(MIB, 1)
    # The next time it is the other one, whole.
    again = await kept.again()
    with serving(episode=host(other, etag=etag)) as server:
        assert isinstance(await again.brought(server.url("/episode")), FetchWhole)
        assert [asked_range(connection) for connection in server.asked] == [0]
    assert again.path.read_bytes() == other
    await again.close()


async def test_what_comes_goes_on_where_a_place_beyond_is_of_another_version(
    kept: Kept,
) -> None:
    other = bytes(len(BODY) + 1000)
    asked_beyond = threading.Event()

    def route(connection: Connection) -> None:
        if asked_range(connection):
            asked_beyond.set()
            host(other, etag='"second"')(connection)
            return
        sent = 16 * 1024
        connection.send(
            b'HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nETag: "first"\r\n'
            + f"Content-Length: {len(BODY)}\r\n\r\n".encode()
            + BODY[:sent]
        )
        # Slowly: once enough of it is there ahead, the connection is let go of.
        while sent < len(BODY) and not asked_beyond.wait(0.01):
            connection.send(BODY[sent : sent + 8192])
            sent += 8192
        connection.send(BODY[sent:])

    with serving(episode=route) as server:
        kept.fill(server.url("/episode"))
        await kept.read(0, 10)
        at = 2 * MIB + MIB // 2
        assert await kept.read(at, 1000) == BODY[at : at + 1000]
        assert await kept.read(MIB, 1000) == BODY[MIB : MIB + 1000]


@pytest.mark.parametrize("told", ["bytes 5000000-5999999/6000000", "", "bytes x", "bytes 99-"])
async def test_bytes_of_another_place_are_not_taken(kept: Kept, told: str) -> None:
    with serving(episode=wrong_ranges(BODY, told, MIB)) as server:
        end = await kept.brought(server.url("/episode"))
    # It is asked without a range then, and is the exact file.
    assert isinstance(end, FetchWhole | FetchFailed)
    missing, _ = kept.file.missing_from(0)
    assert kept.path.read_bytes()[:missing] == BODY[:missing]
    assert missing >= MIB


async def test_an_answer_that_begins_before_the_place_is_used(kept: Kept) -> None:
    parts = iter([MIB + 10])

    def route(connection: Connection) -> None:
        at = asked_range(connection)
        if not at:
            host(BODY, most=lambda: next(parts, None))(connection)
            return
        begin = at - at % 4096
        connection.answer(
            BODY[begin:],
            "audio/mpeg",
            "206 Partial Content",
            Content_Range=f"bytes {begin}-{len(BODY) - 1}/{len(BODY)}",
        )

    with serving(episode=route) as server:
        assert isinstance(await kept.brought(server.url("/episode")), FetchWhole)
    assert kept.path.read_bytes() == BODY


async def test_a_length_that_nobody_told_is_known_at_the_end(kept: Kept) -> None:
    def route(connection: Connection) -> None:
        connection.live()
        connection.send(BODY)

    with serving(episode=route) as server:
        assert isinstance(await kept.brought(server.url("/episode")), FetchWhole)
    assert kept.path.read_bytes() == BODY


async def test_a_page_instead_of_sound_is_said(kept: Kept) -> None:
    page = b"<!doctype html><html><body>Please log in"
    with serving(episode=lambda c: c.answer(page, "audio/mpeg")) as server:
        end = await kept.brought(server.url("/episode"))
    assert isinstance(end, FetchFailed)
    assert "is a web page and no sound" in str(end.problem)


async def test_an_episode_that_is_gone_is_said_to_who_waits_for_it(kept: Kept) -> None:
    with serving() as server:
        kept.fill(server.url("/episode"))
        with pytest.raises(Problem, match="404"):
            await kept.read(0, 10)


@pytest.mark.parametrize("damage", ["cut", "other", "gone"])
async def test_a_map_that_is_not_of_this_file_counts_for_nothing(kept: Kept, damage: str) -> None:
    parts = iter([MIB])
    with serving(episode=host(BODY, most=lambda: next(parts, 0))) as server:
        await kept.brought(server.url("/episode"))
    await kept.close()
    map_path = kept.path.with_suffix(".map")
    match damage:
        case "cut":
            map_path.write_bytes(map_path.read_bytes()[:-5])
        case "other":
            # As another program that begins anew leaves it.
            kept.path.rename(kept.path.with_suffix(".old"))
            kept.path.write_bytes(bytes(MIB))
        case "gone":
            kept.path.unlink()
    again = Kept(kept.net, kept.path)
    with serving(episode=host(BODY)) as server:
        assert isinstance(await again.brought(server.url("/episode")), FetchWhole)
        assert [asked_range(connection) for connection in server.asked] == [0]
    assert again.path.read_bytes() == BODY
    await again.close()


async def test_two_programs_that_begin_one_episode_do_not_write_into_one_file(
    kept: Kept, tmp_path: Path
) -> None:
    other = Kept(kept.net, kept.path)
    with serving(first=host(BODY), other=host(BODY[::-1], etag='"other"')) as server:
        kept.fill(server.url("/first"))
        other.fill(server.url("/other"))
        assert await kept.read(0, 1000) == BODY[:1000]
        assert await other.read(0, 1000) == BODY[::-1][:1000]
        assert await kept.read(0, 1000) == BODY[:1000]
    await other.close()


async def test_who_reads_does_not_wait_for_ever_when_the_reader_is_closed(kept: Kept) -> None:
    with serving(episode=lambda c: c.hang()) as server:
        kept.fill(server.url("/episode"))
        reader = kept.file.reader()
        reading = asyncio.create_task(asyncio.to_thread(reader.read, 10))
        await asyncio.sleep(0)
        reader.close()
        async with asyncio.timeout(10):
            assert await reading == b""


def test_a_ranges_map_is_right_after_any_order_of_writes() -> None:
    chance = random.Random(11)
    for _ in range(300):
        ranges, there = ByteRanges(), set[int]()
        for _ in range(chance.randrange(12)):
            begin = chance.randrange(60)
            end = begin + chance.randrange(20)
            ranges.add(begin, end)
            there |= set(range(begin, end))
        assert {at for begin, end in ranges for at in range(begin, end)} == there
        for at in range(85):
            end = at
            while end in there:
                end += 1
            assert ranges.end_from(at) == end
        pairs = list(ranges)
        assert pairs == sorted(pairs)
        assert all(a[1] < b[0] for a, b in itertools.pairwise(pairs))


async def test_a_mark_that_no_header_may_hold_is_not_sent(kept: Kept) -> None:
    parts = iter([MIB])
    with serving(episode=host(BODY, etag='"é\xa0"', most=lambda: next(parts, None))) as server:
        assert isinstance(await kept.brought(server.url("/episode")), FetchWhole)
    assert kept.path.read_bytes() == BODY
