"""A story's own sound: a file with an end at an address, brought onto a tape as it arrives.

Sound that no tape can hold (MP4, WAV and other containers) is brought into a file instead. A
connection that breaks is taken up where it broke (RFC 9110 §14), so nothing is heard twice.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from radiotui.net.backoff import growing_pause
from radiotui.net.client import Net, Response
from radiotui.net.content import is_html
from radiotui.problems import Problem, as_problem
from radiotui.radio.framing.detect import HEAD_BYTES, Frame, Framer, framer_for
from radiotui.radio.framing.id3_tag import LeadingTags
from radiotui.radio.tape.segments import MIB
from radiotui.radio.tuner.spool import Spool
from radiotui.radio.tuner.tuner import Arrived, Finished, Lost

if TYPE_CHECKING:
    from radiotui.radio.tape.tape import Tape

log = logging.getLogger(__name__)

MOST_BYTES = 300 * MIB
"""Bytes of a story, at most: some five hours at 128 kbit/s."""

_AHEAD_SECONDS = 600.0
"""Further ahead of the clock than this, the sound is brought no faster than it is heard."""
_MOST_HEAD = 64 * 1024
_MOST_NOISE = 4 * MIB
"""Bytes that may belong to no frame before the first one, as a tag with a large picture."""
_MOST_FAILURES = 6
"""So many connections in a row that bring nothing more are the end."""
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 8.0
_CONTAINERS = (
    b"RIFF",
    b"FORM",
    b"\x1a\x45\xdf\xa3",
    b"\x30\x26\xb2\x75",
    b"caff",
    b"wvpk",
    b"MAC ",
)
_MP4_BOXES = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}
_CONTENT_RANGE = re.compile(r"bytes (\d{1,15})-")


class DownloadFailed(msgspec.Struct, frozen=True):
    """No more will come, because of ``problem``."""

    problem: Problem


DownloadEvent = Arrived | Lost | Finished | DownloadFailed


class _FinalError(Exception):
    """Asking again would not help."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


class Download:
    """Brings the sound behind ``url`` onto ``tape`` while :meth:`run` runs.

    ``name`` is the story as problems call it; ``folder`` is made when a file is needed.
    """

    def __init__(
        self,
        net: Net,
        url: str,
        tape: Tape,
        *,
        name: str,
        folder: Path,
        on_event: Callable[[DownloadEvent], None],
        most_bytes: int = MOST_BYTES,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._net = net
        self._url = url
        self._tape = tape
        self._name = name
        self._on_event = on_event
        self._most_bytes = most_bytes
        self._clock = clock
        self._monotonic = monotonic
        self._sleep = sleep
        self._received = 0
        """Bytes of the file that have been used."""
        self._validators: Mapping[str, str] | None = None
        self._content_type = ""
        self._head = bytearray()
        self._tags = LeadingTags()
        self._framer: Framer | None = None
        self._spool = Spool(folder)
        self._is_spooled = False
        self._began: float | None = None
        self._has_arrived = False

    @property
    def file(self) -> Path | None:
        """File with all of the sound, if no tape can hold it. To be read after :meth:`run`."""
        return self._spool.path if self._is_spooled else None

    def remove(self) -> None:
        """Remove the file, also one that is being written; blocks."""
        self._spool.remove()

    async def run(self) -> None:
        """Bring all of it. The last event is Finished or DownloadFailed."""
        failures = 0
        while True:
            before = self._received
            try:
                await self._receive()
                await self._finish()
            except _FinalError as final:
                return self._break(final.problem)
            except Exception as error:
                # What nobody expected counts like a line that broke: of this file alone.
                if not isinstance(error, Problem):
                    log.exception("%s: unexpected", self._name)
                problem = as_problem(error)
                failures = 0 if self._received > before else failures + 1
                if not self._received or failures >= _MOST_FAILURES:
                    return self._break(problem)
                await self._wait(problem, failures)
            else:
                return self._on_event(Finished())

    async def _wait(self, problem: Problem, failures: int) -> None:
        log.info("%s: broke off at byte %d: %s", self._name, self._received, problem)
        self._has_arrived = False
        pause = growing_pause(failures + 1, _FIRST_PAUSE, _LONGEST_PAUSE)
        self._on_event(Lost(problem, self._clock() + timedelta(seconds=pause)))
        await self._sleep(pause)

    def _break(self, problem: Problem) -> None:
        self._is_spooled = False
        if self._framer is not None and self._began is not None:
            self._put(self._framer.flush())
        self._tape.finish()
        self._on_event(DownloadFailed(problem))

    async def _receive(self) -> None:
        headers = {"Accept-Encoding": "identity"}
        if self._received:
            headers["Range"] = f"bytes={self._received}-"
        async with self._net.stream(self._url, who=self._name, headers=headers) as answer:
            skip = self._received - self._begins_at(answer)
            async for chunk in answer.chunks():
                data = chunk[skip:] if skip else chunk
                skip = max(0, skip - len(chunk))
                if data:
                    self._received += len(data)
                    await self._receive_data(self._tags.feed(data))

    def _begins_at(self, answer: Response) -> int:
        """The byte of the file at which the answer begins. Raises when it is another file."""
        validators = {name: answer.headers.get(name, "") for name in ("etag", "last-modified")}
        if self._validators is None:
            self._validators = validators
            self._content_type = answer.headers.get("content-type", "")
        elif _differ(self._validators, validators):
            raise _FinalError(
                Problem(f"{self._name} was changed while it was heard", "play it anew")
            )
        if answer.status != 206:
            return 0
        match = _CONTENT_RANGE.match(answer.headers.get("content-range", ""))
        begin = int(match[1]) if match else -1
        if not 0 <= begin <= self._received:
            raise _FinalError(
                Problem(
                    f"{self._name} breaks off here", "its server does not go on as it was asked"
                )
            )
        return begin

    async def _receive_data(self, data: bytes) -> None:
        if self._received > self._most_bytes:
            size = f"{self._most_bytes // MIB} MB"
            raise _FinalError(
                Problem(f"{self._name} is longer than {size}", "the rest is left out")
            )
        if self._is_spooled:
            await self._keep(data)
        elif self._framer is not None:
            self._put(self._framer.feed(data))
        else:
            self._head += data
            await self._look_at_head(whole=False)
        await self._pace()

    async def _keep(self, data: bytes) -> None:
        try:
            await self._spool.write(data)
        except OSError as error:
            raise _disk(self._name, error) from error

    async def _look_at_head(self, *, whole: bool) -> None:
        """Decide by its first bytes what it is, once there are enough."""
        head = bytes(self._head)
        if is_html(head):
            raise _FinalError(self._no_sound())
        whole = whole or len(head) >= _MOST_HEAD
        self._framer = framer_for(self._content_type, head)
        if self._framer is not None:
            self._put(self._framer.feed(head))
        elif _is_container(head) or (whole and self._may_be_sound(head)):
            self._is_spooled = True
            await self._keep(head)
        elif whole:
            raise _FinalError(self._no_sound())
        else:
            return
        self._head.clear()

    def _may_be_sound(self, head: bytes) -> bool:
        """Bytes that FFmpeg should try."""
        is_said = self._content_type.strip().lower().startswith(("audio/", "video/"))
        return is_said and b"\0" in head[:HEAD_BYTES]

    def _no_sound(self) -> Problem:
        if not self._received:
            return Problem(f"{self._name} is empty", "there is no sound at its address", self._url)
        if is_html(bytes(self._head), self._content_type):
            return Problem(
                f"{self._name} is a web page and no sound",
                "it has moved, or a login page of this network is in between",
                self._url,
            )
        kind = self._content_type or "of no stated kind"
        return Problem(f"{self._name} is no sound ({kind})", "its address may be wrong", self._url)

    def _put(self, frames: list[Frame]) -> None:
        assert self._framer is not None
        if self._framer.dropped > _MOST_NOISE and self._began is None:
            raise _FinalError(self._no_sound())
        if not frames:
            return
        if self._began is None:
            self._began = self._monotonic()
            self._tape.connect(self._framer.format, self._framer.codec)
        self._tape.append(frames)
        if not self._has_arrived and self._tape.end:
            self._has_arrived = True
            self._on_event(Arrived(self._framer.codec, None))

    async def _pace(self) -> None:
        if self._began is not None:
            ahead = self._tape.end - (self._monotonic() - self._began) - _AHEAD_SECONDS
            if ahead > 0:
                await self._sleep(ahead)

    async def _finish(self) -> None:
        """The body ended: what was held back for its continuation is all there is."""
        if self._framer is None and not self._is_spooled:
            self._head += self._tags.flush()
            await self._look_at_head(whole=True)
        if self._is_spooled:
            try:
                await self._spool.flush()
            except OSError as error:
                raise _disk(self._name, error) from error
            return
        assert self._framer is not None
        self._put(self._framer.flush())
        if not self._tape.end:
            raise _FinalError(self._no_sound())
        self._tape.finish()


def _differ(before: Mapping[str, str], now: Mapping[str, str]) -> bool:
    """Validators of two answers belong to different files."""
    return any(now[name] != value for name, value in before.items() if value and now[name])


def _is_container(head: bytes) -> bool:
    return head.startswith(_CONTAINERS) or head[4:8] in _MP4_BOXES


def _disk(name: str, error: OSError) -> _FinalError:
    why = error.strerror or str(error)
    return _FinalError(Problem(f"{name} cannot be kept while it is heard: {why}", "", str(error)))
