"""Segment downloads: a few at once, decrypted, demuxed, and handed over in order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from hashlib import blake2b

import msgspec

from radiotui.net.client import MIB, Net
from radiotui.problems import Problem
from radiotui.radio.hls import demux as hls_sound
from radiotui.radio.hls.keys import Keys, Unplayable, decrypt
from radiotui.radio.hls.playlist import ByteRange, Segment

MOST_BYTES = 16 * MIB
"""Of a segment, at most."""
_MOST_INIT_BYTES = MIB
"""Of an init section: the headers of one stream of sound."""

_AGAIN_SECONDS = 1.0
_MOST_INITS = 8


class FetchedSegment(msgspec.Struct, frozen=True):
    """A segment's sound."""

    sound: hls_sound.SegmentSound
    digest: bytes
    """Of the segment as it came: the same bytes are the same sound."""


class SegmentFetcher:
    """Brings the segments of one broadcast. ``sleep`` waits before a second try."""

    def __init__(
        self,
        net: Net,
        who: str,
        headers: Mapping[str, str],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._net = net
        self._who = who
        self._sleep = sleep
        self._headers = dict(headers)
        self._keys = Keys(net, who, headers)
        self._inits: dict[ByteRange, bytes] = {}

    async def in_order(
        self, segments: Sequence[Segment], *, at_once: int
    ) -> AsyncGenerator[tuple[Segment, FetchedSegment | Problem], None]:
        """Every segment in turn, or the Problem with it. The caller has to close it."""
        queue = deque(segments)
        running: deque[tuple[Segment, asyncio.Task[FetchedSegment | Problem]]] = deque()
        try:
            while queue or running:
                while queue and len(running) < at_once:
                    segment = queue.popleft()
                    running.append((segment, asyncio.create_task(self._fetch_twice(segment))))
                segment, task = running[0]
                outcome = await task
                running.popleft()
                yield segment, outcome
        finally:
            for _, task in running:
                task.cancel()
            if running:
                await asyncio.wait([task for _, task in running])

    async def _fetch_twice(self, segment: Segment) -> FetchedSegment | Problem:
        try:
            return await self._fetch_segment(segment)
        except Unplayable as problem:
            return problem
        except Problem as problem:
            if segment.place is None:
                return problem
        await self._sleep(_AGAIN_SECONDS)
        try:
            return await self._fetch_segment(segment)
        except Problem as problem:
            return problem

    async def _fetch_segment(self, segment: Segment) -> FetchedSegment:
        if segment.place is None:
            raise Problem(f"{self._who} has nothing to send just now", "", f"{segment.number}")
        key = await self._keys.get(segment.key) if segment.key else None
        init = await self._init(segment, key)
        body = await self._fetch(segment.place, MOST_BYTES)
        return await asyncio.to_thread(self._unpack, body, init, key, segment)

    async def _init(self, segment: Segment, key: bytes | None) -> bytes:
        if segment.init is None:
            return b""
        if segment.init not in self._inits:
            body = await self._fetch(segment.init, _MOST_INIT_BYTES)
            if key and segment.key and not hls_sound.is_init(body):
                body = await asyncio.to_thread(
                    decrypt, body, key, segment.key.iv, segment.number, self._who
                )
            self._inits[segment.init] = body
            if len(self._inits) > _MOST_INITS:
                del self._inits[next(iter(self._inits))]
        return self._inits[segment.init]

    async def _fetch(self, place: ByteRange, cap: int) -> bytes:
        if place.length is None:
            whole = await self._net.fetch(place.url, who=self._who, cap=cap, headers=self._headers)
            return whole.body
        end = place.first + place.length
        headers = self._headers | {
            "Range": f"bytes={place.first}-{end - 1}",
            "Accept-Encoding": "identity",
        }
        # A server that knows no ranges sends the whole file.
        answer = await self._net.fetch(place.url, who=self._who, cap=MOST_BYTES, headers=headers)
        if answer.status == 206:
            return answer.body[: place.length]
        return answer.body[place.first : end]

    def _unpack(
        self, body: bytes, init: bytes, key: bytes | None, segment: Segment
    ) -> FetchedSegment:
        digest = blake2b(body, digest_size=16).digest()
        if key and segment.key:
            body = decrypt(body, key, segment.key.iv, segment.number, self._who)
        return FetchedSegment(hls_sound.unpack(body, init, self._who), digest)
