"""Segments onto the tape: frames, marks, titles and the station's clock."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from radiotui.radio.framing.frames import Frame, Framer
from radiotui.radio.hls.demux import SegmentSound, decoder_shape, framer_of
from radiotui.radio.hls.id3 import TimedTag
from radiotui.radio.hls.playlist import Segment
from radiotui.radio.tape.marks import SHORTEST_TITLE
from radiotui.radio.tape.tape import Tape
from radiotui.radio.titles.title_reader import TitleReader

_AHEAD_OF_US = timedelta(seconds=5)
_BEHIND_US = timedelta(minutes=10)
"""How far from ours a station's clock may be, and be believed: less than a wrong time zone."""
_MOST_FRAMES = 30_000
"""Of a segment: ten minutes of AAC at 48 kHz. Frames may be as short as 8 bytes."""
_FRAMES_AT_ONCE = 2000
"""Put on the tape in about 2 ms."""
_NO_TITLE = re.compile(
    r"(?i)no desc(?:ription)?|live|\S+\.(?:ts|aac|m4s|m4a|mp3|mp4)"
    r"|(?:segment|chunk|media|file ?sequence)?[\s_#-]*\d+|[\d:.,/TZ\s+-]+"
)


class HlsWriter:
    """Puts one station's segments on its tape."""

    def __init__(
        self, tape: Tape, title_reader: TitleReader, clock: Callable[[], datetime]
    ) -> None:
        self._tape = tape
        self._title_reader = title_reader
        self._clock = clock
        self._framer: Framer | None = None
        self._shape: tuple[object, ...] | None = None
        self._is_new = True
        self._tags_name = False
        self._list_names = False
        self.kbps: int | None = None
        """Of the newest segment."""

    @property
    def codec(self) -> str:
        """As listeners know it."""
        return self._framer.codec if self._framer else ""

    def break_off(self) -> None:
        """Begin a new run: the next segment does not go on from the last one."""
        self._is_new = True

    async def put(self, segment: Segment, sound: SegmentSound, behind: float) -> float | None:
        """Put a segment on the tape's end; its place there, None when it holds no sound.

        ``behind``: seconds of sound that are listed from its beginning on.
        """
        shape = await asyncio.to_thread(decoder_shape, sound)
        is_other = None not in (shape, self._shape) and shape != self._shape
        begins = self._is_new or is_other or self._framer is None
        framer = framer_of(sound.format) if begins else self._framer
        assert framer is not None
        if begins:
            await self.finish()
        data = sound.head + sound.data if begins else sound.data
        try:
            frames, seconds = await asyncio.to_thread(_feed, framer, data)
            if not seconds:
                return None
            if begins:
                self._tape.connect(framer.format, framer.codec, fresh=is_other)
                self._framer, self._is_new = framer, False
            self._shape = shape or self._shape
            self.kbps = round(sum(len(frame.data) for frame in frames) / seconds / 125)
            at = self._tape.end
            await self._append(frames)
        except asyncio.CancelledError:
            # The framer was fed, and not all of its frames are on the tape.
            self._framer, self._is_new = None, True
            raise
        self._set_wall(segment, at, behind)
        await self._mark_titles(segment, sound.tags, at, seconds)
        return at

    async def put_before(self, segment: Segment, sound: SegmentSound) -> bool:
        """Put an older segment before all there is; False when that cannot be."""
        frames, seconds = await asyncio.to_thread(_all_frames, sound)
        shape = await asyncio.to_thread(decoder_shape, sound)
        if not seconds or sound.head or shape != self._shape or not self._tape.put_before(frames):
            return False
        await self._mark_titles(segment, sound.tags, self._tape.start, seconds)
        return True

    async def finish(self) -> None:
        """End the run: put on the tape the frames that were held back for their continuation."""
        if self._framer is None:
            return
        framer, self._framer = self._framer, None
        self._tape.append(await asyncio.to_thread(framer.flush))

    async def _append(self, frames: Sequence[Frame]) -> None:
        for begin in range(0, len(frames), _FRAMES_AT_ONCE):
            if begin:
                await asyncio.sleep(0)
            self._tape.append(frames[begin : begin + _FRAMES_AT_ONCE])

    def _set_wall(self, segment: Segment, at: float, behind: float) -> None:
        if segment.wall is None:
            return
        sent_ago = self._clock() - segment.wall - timedelta(seconds=behind)
        if -_AHEAD_OF_US <= sent_ago <= _BEHIND_US:
            self._tape.set_wall(at, segment.wall)

    async def _mark_titles(
        self, segment: Segment, tags: Sequence[TimedTag], at: float, seconds: float
    ) -> None:
        self._tags_name = self._tags_name or bool(tags)
        # Of many tags within half a second the last is read.
        by_place = {int(min(tag.at, seconds) / SHORTEST_TITLE): tag for tag in tags}
        for tag in by_place.values():
            title = self._title_reader.read_tag(tag.artist, tag.title)
            if self._title_reader.is_guessing:
                await self._title_reader.judge()
                title = self._title_reader.read_tag(tag.artist, tag.title)
            self._tape.mark_title(title, at=at + min(tag.at, seconds))
        if self._tags_name:
            return
        block = self._title_reader.read(b"StreamTitle='" + segment.raw_title + b"';")
        listed = "" if _NO_TITLE.fullmatch(block.title) else block.title
        if listed or block.ad or self._list_names:
            self._list_names = True
            self._tape.mark_title(listed, ad=block.ad, at=at)


def _feed(framer: Framer, data: bytes) -> tuple[list[Frame], float]:
    return _bounded(framer.feed(data))


def _all_frames(sound: SegmentSound) -> tuple[list[Frame], float]:
    framer = framer_of(sound.format)
    return _bounded([*framer.feed(sound.data), *framer.flush()])


def _bounded(frames: list[Frame]) -> tuple[list[Frame], float]:
    """The frames and their seconds; none where they are too many for one segment."""
    if len(frames) > _MOST_FRAMES:
        return [], 0.0
    return frames, sum(frame.seconds for frame in frames)
