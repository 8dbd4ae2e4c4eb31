"""HLS: a broadcast in short segments, followed along its playlist onto the tape.

Source: RFC 8216 §6.3. A listener begins three target durations before the newest
end; what the list still holds of the time before is put before that afterwards.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime

from radiotui.config import Quality
from radiotui.net.client import Net
from radiotui.problems import Problem
from radiotui.radio import playlists
from radiotui.radio.events import Arrived, Dropped, TunerEvent
from radiotui.radio.hls import playlist as hls_playlist
from radiotui.radio.hls import variants as hls_variants
from radiotui.radio.hls.fetch import FetchedSegment, SegmentFetcher
from radiotui.radio.hls.keys import Unplayable
from radiotui.radio.hls.playlist import MasterPlaylist, MediaPlaylist, Segment
from radiotui.radio.hls.segment_order import SegmentOrder
from radiotui.radio.hls.writer import HlsWriter
from radiotui.radio.tape.tape import Tape
from radiotui.radio.titles.title_reader import TitleReader

log = logging.getLogger(__name__)

_AT_ONCE = 3
_TARGETS_TO_A_STALL = 3
_MOST_FAILED = 3
"""Segments in a row that cannot be had before the connection is given up."""
_AHEAD_SECONDS = 60.0
"""How much further than real time a list may run before it has to wait."""
_MOST_DIGESTS = 512


class HlsFollower:
    """One station's broadcasts in HLS, on ``tape``, however often they are connected to."""

    def __init__(
        self,
        net: Net,
        tape: Tape,
        *,
        name: str,
        headers: Mapping[str, str],
        quality: Quality,
        on_event: Callable[[TunerEvent], None],
        title_reader: TitleReader,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._net = net
        self._tape = tape
        self._name = name
        self._quality = quality
        self._on_event = on_event
        self._monotonic = monotonic
        self._sleep = sleep
        self._headers = headers
        self._fetcher = SegmentFetcher(net, name, headers, sleep)
        self._writer = HlsWriter(tape, title_reader, clock)
        self._order = SegmentOrder()
        self._passed_at = 0.0
        self._digests: dict[bytes, None] = {}
        self._may_repeat = False
        self._failed = 0
        self._allowed = 0.0
        """The tape's end less ``monotonic`` may be this much, or the list runs too fast."""
        self._burst = 0.0
        """Seconds of sound that were listed when this connection began."""
        self._on_tape = False
        """True once this connection has brought sound."""
        self._variables: Mapping[str, str] = {}

    async def follow(self, url: str, body: bytes) -> None:
        """Stay with the playlist ``body`` that came from ``url``.

        Returns where the station says that all has been sent. Raises Problem when
        nothing comes that can be played, Dropped when nothing more comes.
        """
        self._on_tape = False
        try:
            await self._follow(url, body)
        except Problem as problem:
            if self._on_tape:
                raise Dropped(problem) from problem
            raise

    async def _follow(self, url: str, body: bytes) -> None:
        if len(body) >= playlists.MOST_BYTES:
            playlist = await self._load(url)
        else:
            playlist = await asyncio.to_thread(hls_playlist.read, body, url, self._name)
        if isinstance(playlist, MediaPlaylist):
            await self._stay(url, playlist)
            return
        await self._choose(playlist)

    async def _choose(self, master: MasterPlaylist) -> None:
        problem = Problem(f"{self._name}: no variant can be played")
        self._variables = master.variables
        for url in hls_variants.addresses(master, self._quality):
            try:
                await self._stay(url, await self._load_media(url))
            except Problem as failure:
                if self._on_tape:
                    raise
                log.info("%s: %s does not do: %s %s", self._name, url, failure, failure.detail)
                problem = failure
            else:
                return
        raise problem

    async def _stay(self, url: str, media: MediaPlaylist) -> None:
        """Follow a media playlist until nothing more is added."""
        self._failed = 0
        loaded_at = changed_at = self._monotonic()
        older, new = self._first(media)
        # What has ended is a file, and no part of it is live.
        self._burst = 0.0 if media.ended else sum(segment.seconds for segment in new)
        self._allowed = self._tape.end - loaded_at + self._burst + _AHEAD_SECONDS
        history: asyncio.Task[None] | None = None
        try:
            while True:
                await self._put_all(new)
                if history is None and older and self._on_tape:
                    history = asyncio.create_task(self._put_before(older))
                if history is not None and history.done():
                    history.result()
                if media.ended:
                    await self._end(history)
                    return
                newest = media.segments[-1].seconds if new else 0.0
                pause = min(media.target, max(newest, media.target / 2))
                await self._sleep(max(0.0, pause - (self._monotonic() - loaded_at)))
                loaded_at = self._monotonic()
                media, new = await self._again(url, media, loaded_at - changed_at)
                changed_at = self._monotonic() if new else changed_at
        finally:
            if history is not None:
                history.cancel()
                await asyncio.wait([history])

    def _first(self, media: MediaPlaylist) -> tuple[Sequence[Segment], Sequence[Segment]]:
        if self._order.has_begun:
            return (), self._next(media)
        older, new = self._order.begin(media)
        if older:
            self._tape.leave_room(1.05 * sum(segment.seconds for segment in older) + 10.0)
        return older, new

    def _next(self, media: MediaPlaylist) -> Sequence[Segment]:
        missed = self._monotonic() - self._passed_at
        new, is_whole = self._order.next(media, missed)
        if not is_whole:
            self._writer.break_off()
            self._may_repeat = True
        return new

    async def _again(
        self, url: str, media: MediaPlaylist, unchanged: float
    ) -> tuple[MediaPlaylist, Sequence[Segment]]:
        """(the playlist as it is now, its new segments); a stall is a Problem."""
        is_late = unchanged >= _TARGETS_TO_A_STALL * media.pace
        try:
            media = await self._load_media(url)
        except Problem:
            if is_late:
                raise
            return media, ()
        new = self._next(media)
        if not new and is_late and not media.ended:
            raise Problem(
                f"{self._name} sends nothing new",
                f"nothing was added for {unchanged:.0f} s: radiotui connects again",
                url,
            )
        return media, new

    async def _put_all(self, new: Sequence[Segment]) -> None:
        """Put segments on the tape's end, in order. The first sound has the line to itself."""
        behind = sum(segment.seconds for segment in new)
        alone = 0 if self._on_tape else 1
        for part, at_once in ((new[:alone], 1), (new[alone:], _AT_ONCE)):
            async with aclosing(self._fetcher.in_order(part, at_once=at_once)) as outcomes:
                async for segment, outcome in outcomes:
                    await self._put(segment, outcome, behind)
                    behind -= segment.seconds
                    await self._wait_for_real_time()

    async def _put(
        self, segment: Segment, outcome: FetchedSegment | Problem, behind: float
    ) -> None:
        at = None
        if isinstance(outcome, FetchedSegment):
            is_repeat = self._may_repeat and outcome.digest in self._digests
            at = None if is_repeat else await self._writer.put(segment, outcome.sound, behind)
        self._order.pass_by(segment)
        self._passed_at = self._monotonic()
        if isinstance(outcome, Problem):
            self._miss(outcome)
        elif at is not None:
            self._note_arrival(outcome, at, behind)
        elif not is_repeat:
            self._miss(Problem(f"{self._name} sends no sound", "", f"segment {segment.number}"))

    def _note_arrival(self, fetched: FetchedSegment, at: float, behind: float) -> None:
        self._may_repeat = False
        self._failed = 0
        self._digests[fetched.digest] = None
        if len(self._digests) > _MOST_DIGESTS:
            del self._digests[next(iter(self._digests))]
        if not self._on_tape:
            self._on_tape = True
            self._on_event(
                Arrived(self._writer.codec, self._writer.kbps, at, min(behind, self._burst))
            )

    def _miss(self, problem: Problem) -> None:
        """Go on without a segment, but not for ever."""
        self._failed += 1
        self._writer.break_off()
        is_final = isinstance(problem, Unplayable) and not self._on_tape
        if is_final or self._failed >= _MOST_FAILED:
            raise problem
        log.info("%s: a segment is missing: %s %s", self._name, problem, problem.detail)

    async def _wait_for_real_time(self) -> None:
        ahead = self._tape.end - self._monotonic() - self._allowed
        if ahead > 0:
            await self._sleep(ahead)

    async def _put_before(self, older: Sequence[Segment]) -> None:
        """Put older segments in front, the newest first, as far as the tape takes them."""
        async with aclosing(self._fetcher.in_order(older[::-1], at_once=2)) as outcomes:
            async for segment, outcome in outcomes:
                if isinstance(outcome, Problem):
                    return
                if not await self._writer.put_before(segment, outcome.sound):
                    return

    async def _end(self, history: asyncio.Task[None] | None) -> None:
        await self._writer.finish()
        if history is not None:
            await history

    async def _load(self, url: str) -> MasterPlaylist | MediaPlaylist:
        fetched = await self._net.fetch(
            url, who=self._name, cap=hls_playlist.MOST_BYTES, headers=self._headers
        )
        return await asyncio.to_thread(
            hls_playlist.read, fetched.body, fetched.url, self._name, self._variables
        )

    async def _load_media(self, url: str) -> MediaPlaylist:
        playlist = await self._load(url)
        if isinstance(playlist, MediaPlaylist):
            return playlist
        raise Problem(f"{self._name}: playlists within playlists without end", "", url)
