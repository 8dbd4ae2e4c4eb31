"""The tuner: one connection to a station, kept alive, written onto its tape.

It resolves playlists anew at each connect, takes titles out of the stream, and
comes back by itself after a drop: at once, then with growing pauses, over all of
the stream's addresses, until it is cancelled.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from radiotui.config import Quality
from radiotui.net.backoff import Backoff, Pace, Wakefulness
from radiotui.net.client import Net, Response
from radiotui.net.content_coding import Inflater
from radiotui.net.failures import damaged
from radiotui.net.urls import host_of
from radiotui.problems import Problem, ProblemKind, as_problem
from radiotui.radio import playlists
from radiotui.radio.events import Arrived, Dropped, Finished, Lost, TunerEvent
from radiotui.radio.titles.title_reader import TitleReader
from radiotui.radio.titles.titles import TitleEncoding
from radiotui.radio.tuner.connection import Connection
from radiotui.radio.tuner.ended_entries import EndedEntries
from radiotui.radio.tuner.read_pause import read_pause
from radiotui.radio.tuner.splice import Splice

if TYPE_CHECKING:
    from radiotui.radio.hls.follower import HlsFollower
    from radiotui.radio.tape.tape import Tape

__all__ = ["Arrived", "Dropped", "Finished", "Lost", "Tuner", "TunerEvent", "try_urls"]

log = logging.getLogger(__name__)

_STEADY_SECONDS = 10.0
"""A connection that held this long was a good one: the next try comes at once."""
_LOOK_SECONDS = 1.0
"""Seconds between two looks whether the computer slept."""
_SLICE_BYTES = 4096
"""A quarter of a second of 128 kbit/s; at most some 10 ms of work, whatever the bytes are."""
_PLAYLIST_SECONDS = 20.0
_LEAST_HEAD = 16
_MOST_HEAD = 4096
"""Bytes of a body that are looked at for a playlist's sign before it counts as sound."""
_TRIES_PER_URL = 2
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_ASK = {"Icy-MetaData": "1", "Accept-Encoding": "identity"}


class _SleptError(Exception):
    """A connection from before the computer slept."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


class Tuner:
    """Keeps ``urls`` (alternatives, in order) on ``tape`` while :meth:`run` runs.

    ``name`` is the station as a listener knows it, for problems and against
    titles that only repeat it. ``headers`` are sent with every request. ``learnt``
    is the encoding that ``on_learnt`` was told when the station's titles agreed on
    it. ``monotonic`` is in seconds.
    """

    def __init__(  # noqa: PLR0913 - who tunes in names four, the others are clocks and wishes
        self,
        net: Net,
        urls: tuple[str, ...],
        tape: Tape,
        *,
        name: str,
        on_event: Callable[[TunerEvent], None],
        headers: Mapping[str, str] = _NO_HEADERS,
        encoding: str | None = None,
        learnt: str | None = None,
        on_learnt: Callable[[str], None] = lambda _encoding: None,
        quality: Quality = "high",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        rng: random.Random | None = None,
        look_seconds: float = _LOOK_SECONDS,
    ) -> None:
        self._net, self._urls, self._tape = net, urls, tape
        self._headers = dict(headers)
        self._name = name
        self._on_event = on_event
        self._title_reader = TitleReader(
            name,
            TitleEncoding(encoding, learnt),
            mend_titles=tape.mend_titles,
            on_learnt=on_learnt,
            sleep=sleep,
        )
        self._splice = Splice(tape, monotonic)
        self._ended_entries = EndedEntries()
        self._quality = quality
        self._hls: HlsFollower | None = None
        self._clock = clock
        self._monotonic = monotonic
        self._sleep = sleep
        self._look_seconds = look_seconds
        self._backoff = Backoff(len(urls), rng or random.Random())

    async def run(self) -> None:
        """Stay on the air until cancelled, or until a file has come to its end."""
        judging = asyncio.create_task(self._title_reader.keep_judging())
        try:
            await self._stay()
        finally:
            judging.cancel()

    async def judge_titles(self) -> None:
        """Judge the encoding of titles still in doubt, as before the station is left."""
        await self._title_reader.finish()

    async def _stay(self) -> None:
        played: set[str] = set()
        while True:
            began, url = self._monotonic(), self._urls[self._backoff.address]
            had_sound = was_good = False
            try:
                await self._while_awake(self._receive(url, level=0, visited=frozenset()))
            except _SleptError as slept:
                problem, had_sound, was_good = slept.problem, True, True
            except Dropped as drop:
                problem, had_sound = drop.problem, True
                was_good = self._monotonic() - began >= _STEADY_SECONDS
            except Problem as failure:
                problem = failure
            except Exception as error:
                # What nobody expected of one address costs that connection alone.
                log.exception("%s: unexpected", self._name)
                problem = as_problem(error)
            else:
                await self._title_reader.finish()
                self._tape.finish()
                self._on_event(Finished())
                return
            if had_sound:
                played.add(url)
            if url in played:
                problem = _after_sound(problem, self._name)
            log.info("%s: lost: %s %s", self._name, problem, problem.detail)
            await self._wait(problem, self._backoff.lost(had_sound=had_sound, was_good=was_good))

    async def _wait(self, problem: Problem, pause: float) -> None:
        if not pause:
            self._on_event(Lost(problem, None))
            return
        self._on_event(Lost(problem, self._clock() + timedelta(seconds=pause)))
        await self._sleep(pause)

    async def _while_awake(self, receiving: Coroutine[Any, Any, None]) -> None:
        """A socket that went through a sleep may be dead without a word."""
        wakefulness = Wakefulness(self._clock().timestamp(), self._monotonic())
        task = asyncio.ensure_future(receiving)
        try:
            while not (await asyncio.wait([task], timeout=self._look_seconds))[0]:
                if wakefulness.has_slept(self._clock().timestamp(), self._monotonic()):
                    raise _SleptError(
                        Problem("The computer was asleep", f"{self._name} is connected anew")
                    )
            await task
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _receive(self, url: str, *, level: int, visited: frozenset[str]) -> None:
        """Play one address into the tape. Returns at the end of a file, else raises."""
        if url in visited:
            raise Problem(f"{self._name}: the playlist names itself", "", url)
        async with self._net.stream(url, who=self._name, headers=self._headers | _ASK) as answer:
            chunks = self._plain_chunks(answer)
            head = await _read_head(chunks)
            content_type = answer.headers.get("content-type", "")
            # The largest chunk would hold the loop for tens of milliseconds.
            start = head[:_MOST_HEAD]
            kind = playlists.kind_of(content_type, start, answer.url)
            if kind is None:
                await self._sound(answer, head, chunks)
                return
            try:
                async with asyncio.timeout(_PLAYLIST_SECONDS):
                    body = await _read_playlist(head, chunks)
            except TimeoutError:
                raise Problem(
                    f"{self._name}: the playlist does not come to an end", "", answer.url
                ) from None
            # Only the whole text tells an HLS playlist from a plain list of the same type.
            whole = await asyncio.to_thread(playlists.kind_of, content_type, body, answer.url)
            kind = whole or kind
        await self._alternatives(kind, body, answer.url, level, visited | {url})

    async def _plain_chunks(self, answer: Response) -> AsyncIterator[bytes]:
        """The body as it arrives, unpacked: some servers pack it though identity was asked for."""
        inflater = Inflater(answer.headers.get("content-encoding", ""))
        try:
            async for chunk in answer.chunks():
                for piece in inflater.feed(chunk):
                    yield piece
        except zlib.error as error:
            raise damaged(answer.url, error, self._name) from error
        for piece in inflater.flush():
            yield piece

    async def _alternatives(
        self, kind: playlists.Kind, body: bytes, url: str, level: int, visited: frozenset[str]
    ) -> None:
        if kind == "hls":
            await self._broadcast().follow(url, body)
            return
        if level >= playlists.MOST_LEVELS:
            raise Problem(f"{self._name}: playlists within playlists without end", "", url)
        entries = await asyncio.to_thread(playlists.entries, kind, body, url)
        if not entries:
            raise await asyncio.to_thread(self._no_entries, kind, body, url)
        # What came to its end is followed by the next; what breaks is tried again, but not what
        # was heard before it.
        unheard = self._ended_entries.unheard(entries)
        problem: Problem | None = None
        for entry in unheard:
            before = self._tape.end
            try:
                await self._receive(entry, level=level + 1, visited=visited)
            except Dropped as drop:
                seconds = self._tape.end - before
                if not drop.is_end or entry == unheard[-1]:
                    raise
                self._ended_entries.add(entry, seconds)
                problem = drop.problem
            except Problem as failure:
                problem = failure
            else:
                self._ended_entries.add(entry)
                problem = None
        if problem is not None:
            self._ended_entries.doubt()
            raise problem

    def _no_entries(self, kind: playlists.Kind, body: bytes, url: str) -> Problem:
        schemes = playlists.foreign_schemes(kind, body)
        if not schemes:
            return Problem(f"{self._name}: the playlist is empty", "it names no address", url)
        return Problem(
            f"{self._name}: the playlist names only addresses that radiotui cannot use",
            f"they begin with {', '.join(schemes)}, and radiotui speaks http and https",
            url,
        )

    def _broadcast(self) -> HlsFollower:
        """The follower of HLS; it knows the tape's segments, so that all connections share it."""
        from radiotui.radio.hls.follower import HlsFollower

        if self._hls is None:
            self._hls = HlsFollower(
                self._net,
                self._tape,
                name=self._name,
                headers=self._headers,
                quality=self._quality,
                on_event=self._on_event,
                title_reader=self._title_reader,
                clock=self._clock,
                monotonic=self._monotonic,
                sleep=self._sleep,
            )
        return self._hls

    async def _sound(self, answer: Response, head: bytes, chunks: AsyncIterator[bytes]) -> None:
        connection = Connection(
            self._splice, self._title_reader, self._name, answer, self._monotonic
        )
        is_live = not answer.headers.get("content-length", "").isdecimal()
        try:
            await self._receive_sound(connection, head, chunks, is_live=is_live)
        except Problem as problem:
            if connection.has_sound:
                raise Dropped(problem) from problem
            raise
        if not connection.has_sound:
            raise connection.no_sound()
        if is_live:
            raise Dropped(
                Problem(
                    f"{self._name} ended the connection", "radiotui connects again", answer.url
                ),
                is_end=True,
            )

    async def _receive_sound(
        self, connection: Connection, head: bytes, chunks: AsyncIterator[bytes], *, is_live: bool
    ) -> None:
        began, before = self._monotonic(), self._tape.end
        pace = Pace(began, before)
        codec = await self._arrive(connection, head, codec="")
        async for chunk in chunks:
            chunk_begin = self._tape.end
            codec = await self._arrive(connection, chunk, codec=codec)
            now, end = self._monotonic(), self._tape.end
            if is_live and pace.is_too_slow(now, end):
                raise connection.too_slow()
            ahead = (end - before) - (now - began)
            if pause := read_pause(ahead, end - chunk_begin, is_live=is_live):
                await self._sleep(pause)
        connection.finish()
        await self._arrive(connection, b"", codec=codec)

    async def _arrive(self, connection: Connection, chunk: bytes, *, codec: str) -> str:
        """Receive a chunk, and tell of its first sound or another codec; "" before the first.

        A chunk of 64 KiB that was made for it takes a framer a tenth of a second: the loop
        has its turn between two slices. A burst is told of once all of its chunk is there.
        """
        for begin in range(0, len(chunk), _SLICE_BYTES):
            if begin:
                await asyncio.sleep(0)
            connection.receive(chunk[begin : begin + _SLICE_BYTES])
        if not connection.has_sound:
            return ""
        if connection.codec != codec:
            self._on_event(Arrived(connection.codec, connection.bitrate_kbps))
        return connection.codec


async def try_urls(
    net: Net, urls: tuple[str, ...], *, seconds: float, headers: Mapping[str, str] = _NO_HEADERS
) -> str:
    """Tune until the first sound arrives; "MP3 128 kbit/s". Raises Problem when none does."""
    from radiotui.radio.tape.tape import Tape

    events: asyncio.Queue[TunerEvent] = asyncio.Queue()
    # So little sound never reaches a file.
    tape = Tape(Path(), length=1.0)
    name = host_of(urls[0]) or urls[0]
    tuner = Tuner(net, urls, tape, name=name, headers=headers, on_event=events.put_nowait)
    tuning = asyncio.ensure_future(tuner.run())
    problem = Problem(f"{name}: no sound within {seconds:.0f} s", "the station may be down")
    try:
        async with asyncio.timeout(seconds):
            for _ in range(_TRIES_PER_URL * len(urls)):
                match await events.get():
                    case Arrived(codec, bitrate):
                        return f"{codec} {bitrate} kbit/s" if bitrate else codec
                    case Lost(problem):
                        continue
                    case Finished():
                        break
    except TimeoutError:
        pass
    finally:
        tuning.cancel()
        tape.close()
    raise problem


async def _read_head(chunks: AsyncIterator[bytes]) -> bytes:
    """Enough to tell sound from a playlist, or all there is."""
    head = b""
    while len(head) < _LEAST_HEAD and (chunk := await anext(chunks, b"")):
        head += chunk
    return head


async def _read_playlist(head: bytes, chunks: AsyncIterator[bytes]) -> bytes:
    body = bytearray(head)
    async for chunk in chunks:
        body += chunk
        if len(body) > playlists.MOST_BYTES:
            break
    return bytes(body[: playlists.MOST_BYTES])


def _after_sound(problem: Problem, name: str) -> Problem:
    """The problem of an address that has carried sound: the address itself is not to blame."""
    hint = "it played before: radiotui connects again"
    if problem.status in {401, 403}:
        return problem.reworded(hint=hint)
    if problem.status in {404, 410}:
        return problem.reworded(title=f"{name} stopped sending ({problem.status})", hint=hint)
    if problem.kind in {ProblemKind.OFFLINE, ProblemKind.NO_HOST}:
        return problem.reworded(
            title=f"{name} cannot be reached",
            hint="the network may be gone: radiotui connects again",
        )
    if problem.kind is ProblemKind.REFUSED:
        return problem.reworded(hint="its server may be down: radiotui connects again")
    return problem
