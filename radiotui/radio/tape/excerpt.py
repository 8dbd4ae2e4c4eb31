"""An excerpt of a tape for a recording: read without waiting, and without being waited for."""

from __future__ import annotations

import msgspec

from radiotui.radio.tape.decoder_runs import DecoderRun
from radiotui.radio.tape.log import TapeLog
from radiotui.radio.tape.segments import KIB, Gone, TapeSegment

_AT_ONCE = 256 * KIB


class ExcerptRun(msgspec.Struct, frozen=True, eq=False):
    """Sound that follows without a seam: of one connection, or of one link of an Ogg chain."""

    format: str
    """FFmpeg's name of the container."""
    codec: str
    heads: bytes
    """Header pages, to be given to a decoder first."""
    begin: float
    """Place of its first sound on the tape, in seconds."""


class Excerpt:
    """The sound of a tape between two places, from the frame that ``begin`` lies in.

    ``end`` None follows the tape. :meth:`read` gives the sound there is now and never
    waits. While it is open the tape's files stay, also when the tape is closed.
    """

    def __init__(self, log: TapeLog, begin: float, end: float | None) -> None:
        """With the log's lock held."""
        self.begin = begin
        self._log = log
        self._end = end
        self.limit: float | None = None
        """Place to wait at, in seconds, as long as the end is not known and the tape goes on."""
        self._excerpt_run: ExcerptRun | None = None
        self._run: DecoderRun | None = None
        self._offset = log.segments.end
        self._at = log.end
        """Place of the sound at ``_offset``, to a frame."""
        self.lost = 0.0
        """Seconds that the tape had dropped before they could be read."""
        self._is_open = True
        log.hold()
        if begin < log.end and log.has_sound:
            self._offset, self._at = log.place_before(begin)
            self.lost = max(0.0, self._at - begin)

    @property
    def end(self) -> float | None:
        """Place of the end, in seconds; None follows the tape."""
        return self._end

    @end.setter
    def end(self, end: float) -> None:
        self._end = end

    @property
    def cut_at(self) -> float | None:
        """Place of an end within the last frame, in seconds; None: with a frame, or not yet."""
        with self._log.changed:
            if self._end is None or self._end >= self._log.end:
                return None
            return None if self._log.is_place(self._end) else self._end

    @property
    def ended(self) -> bool:
        """No more sound for :meth:`read`: the end was reached, or the tape's."""
        with self._log.changed:
            goes_on = self._end is None or self._log.end < self._end
            if goes_on and not self._log.is_over:
                return False
            return self._next(1) is None

    def read(self, most: int = _AT_ONCE) -> tuple[ExcerptRun, bytes] | None:
        """At most so many bytes and the run that they belong to; None: no more for now.

        Where the run is another than that of the last bytes, it begins with them.
        """
        while True:
            with self._log.changed:
                following = self._next(most)
                if following is None:
                    return None
                run, segment, size = following
                within = self._offset - segment.offset
                in_memory = segment.data
                if in_memory is not None:
                    data = bytes(memoryview(in_memory)[within : within + size])
                    self._advance(len(data))
                    return run, data
            try:
                data = segment.from_file(within, size)
            except Gone:
                data = b""
            with self._log.changed:
                if data:
                    self._advance(len(data))
                    return run, data
                is_lost = self._offset >= self._log.segments.begin
                if is_lost:
                    self._move_to(segment.offset + segment.length)
            if is_lost:
                self._log.segments.report_loss()

    def close(self) -> None:
        """Let go of the tape."""
        with self._log.changed:
            if self._is_open:
                self._is_open = False
                self._log.release()

    # With the lock held

    def _next(self, most: int) -> tuple[ExcerptRun, TapeSegment, int] | None:
        """The run of the next bytes, the segment they are in, and their number."""
        log = self._log
        if self._offset < log.segments.begin:
            self._move_to(log.segments.begin)
        run = log.run_at(self._offset)
        while self._offset < (sound := run.offset + len(run.heads)):
            self._offset = sound
            run = log.run_at(sound)
        later = log.runs.after(run)
        limit = min(self._limit(), later.offset if later else log.segments.end)
        if self._offset >= limit:
            return None
        if self._excerpt_run is None or self._run is not run:
            begin = run.at if self._offset == run.offset + len(run.heads) else self._at
            self._run = run
            self._excerpt_run = ExcerptRun(run.format, run.codec, bytes(run.heads), begin)
        segment = log.segments.at(self._offset)
        rest = segment.offset + segment.length - self._offset
        return self._excerpt_run, segment, min(most, rest, limit - self._offset)

    def _limit(self) -> int:
        place = self._end
        if place is None and not self._log.is_over:
            place = self.limit
        return self._log.segments.end if place is None else self._log.offset_from(place)

    def _advance(self, size: int) -> None:
        self._offset += size
        self._at = max(self._at, self._log.time_of(self._offset))

    def _move_to(self, offset: int) -> None:
        """Go on at the first frame from ``offset`` on that a decoder can begin with."""
        place = self._log.place_from(offset)
        self.lost += max(0.0, place.at - self._at)
        self._offset, self._at = place
        self._excerpt_run = None
