"""The reader of a tape for an engine: from a place on, waiting for sound still to come."""

from __future__ import annotations

from collections.abc import Callable

from radiotui.radio.tape.decoder_runs import DecoderRun
from radiotui.radio.tape.log import TapeLog
from radiotui.radio.tape.segments import Gone, TapeSegment


class TapeReader:
    """Reads until a different decoder is needed, the tape's trimmed end overtakes it, or an end.

    The tape is finished, or tape or reader are closed: that is an end. It is made with the
    log's lock held.
    """

    def __init__(self, log: TapeLog, offset: int, at: float, *, skip: float = 0.0) -> None:
        self.start = at
        """Place of the first sound that is to be heard, in seconds."""
        self.skip = skip
        """Seconds of sound before that place: a page of Ogg is read from its beginning."""
        self.on_pcm: Callable[[bytes], None] | None = None
        """Receives the PCM that is decoded of it, where somebody measures it."""
        self._log = log
        self._offset = offset
        self._run = log.run_at(offset)
        after_heads = offset >= self._run.offset + len(self._run.heads)
        self._heads = bytes(self._run.heads) if after_heads else b""
        self._is_closed = False
        self._more_at: float | None = None

    @property
    def format(self) -> str:
        """FFmpeg's name of the container."""
        return self._run.format

    @property
    def more_at(self) -> float | None:
        """After the end: where the tape goes on for another reader, None: nowhere."""
        return self._more_at

    @property
    def unread_at(self) -> float | None:
        """Place of the first frame that was not read, in seconds; None: nothing more will come."""
        log = self._log
        with log.changed:
            if log.is_closed or (log.is_finished and self._offset >= log.segments.end):
                return None
            return log.place_from(self._offset).at

    def read(self, size: int) -> bytes:
        """At least one byte, waiting for it; b"" is the end."""
        log = self._log
        with log.changed:
            if self._heads and not self._is_closed:
                head, self._heads = self._heads[:size], self._heads[size:]
                return head
            while not self._is_at_end():
                if self._offset < self._limit(log.segments.end):
                    break
                log.changed.wait()
            else:
                return b""
            segment = log.segments.at(self._offset)
            within = self._offset - segment.offset
            size = min(size, self._limit(segment.offset + segment.length) - self._offset)
            in_memory = segment.data
            if in_memory is not None:
                self._offset += size
                return bytes(memoryview(in_memory)[within : within + size])
        try:
            data = segment.from_file(within, size)
        except Gone:
            return self._end_at_loss(segment)
        self._offset += len(data)
        return data

    def close(self) -> None:
        """Wake whoever reads."""
        with self._log.changed:
            self._is_closed = True
            self._log.changed.notify_all()

    def _end_at_loss(self, segment: TapeSegment) -> bytes:
        """The end where a segment is gone; another reader goes on behind it."""
        log = self._log
        with log.changed:
            if self._is_at_end():
                return b""
            self._more_at = log.place_from(segment.offset + segment.length).at
        log.segments.report_loss()
        return b""

    # With the lock held

    def _is_at_end(self) -> bool:
        """The end for this reader; notes the place where another goes on."""
        log = self._log
        if self._is_closed or log.is_closed:
            return True
        if self._offset < log.segments.begin:
            self._more_at = log.start
            return True
        next_run = self._other_run(self._offset)
        if next_run is not None and not next_run.is_open:
            self._more_at = next_run.at
            return True
        return log.is_finished and self._offset >= self._limit(log.segments.end)

    def _other_run(self, last: int) -> DecoderRun | None:
        """The next run that this reader's decoder cannot go on with, up to an offset.

        Nor can it while the headers of that run are still to come: they may have other parameters.
        """
        run = self._run
        while (later := self._log.runs.after(run)) is not None and later.offset <= last:
            if later.is_open or not later.goes_on_from(run):
                return later
            run = later
            if run.offset <= self._offset:
                self._run = run
        return None

    def _limit(self, end: int) -> int:
        """The offset that can be read up to, at most ``end``."""
        next_run = self._other_run(end)
        return end if next_run is None else next_run.offset
