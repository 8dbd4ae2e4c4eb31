"""A tape read from one place on, waiting for what is still to come: what an engine plays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiotui.radio.tape.segments import Gone

if TYPE_CHECKING:
    from radiotui.radio.tape.decoder_runs import DecoderRun
    from radiotui.radio.tape.tape import Tape


class TapeReader:
    """It ends where a different decoder is needed, when it is overtaken by the
    tape's other end, when the tape is finished, and when it is closed.
    """

    def __init__(
        self, tape: Tape, offset: int, at: float, take: DecoderRun, *, skip: float = 0.0
    ) -> None:
        self.start = at
        """Where on the tape the first sound that is to be heard stands, in seconds."""
        self.skip = skip
        """How many seconds of sound come before that: a page of Ogg is read from its beginning."""
        self._tape = tape
        self._offset = offset
        self._take = take
        after_heads = offset >= take.offset + len(take.heads)
        self._heads = bytes(take.heads) if after_heads else b""
        self._closed = False
        self._more_at: float | None = None

    @property
    def format(self) -> str:
        """FFmpeg's name of the container."""
        return self._take.format

    @property
    def more_at(self) -> float | None:
        """After the end: where the tape goes on for another reader, None: nowhere."""
        return self._more_at

    def read(self, size: int) -> bytes:
        """At least one byte, waiting for it; b"" is the end."""
        tape = self._tape
        with tape._changed:
            if self._heads and not self._closed:
                head, self._heads = self._heads[:size], self._heads[size:]
                return head
            while not self._at_end():
                if self._offset < tape._bytes.end:
                    break
                tape._changed.wait()
            else:
                return b""
            segment = tape._bytes.at(self._offset)
            within = self._offset - segment.offset
            size = min(size, segment.length - within, self._until() - self._offset)
            in_memory = segment.data
            if in_memory is not None:
                self._offset += size
                return bytes(memoryview(in_memory)[within : within + size])
        try:
            data = segment.from_file(within, size)
        except Gone:
            return self.read(size)
        self._offset += len(data)
        return data

    def close(self) -> None:
        """Wake whoever reads."""
        with self._tape._changed:
            self._closed = True
            self._tape._changed.notify_all()

    def _at_end(self) -> bool:
        """With the lock held: whether nothing more comes, and where another reader goes on."""
        tape = self._tape
        if self._closed or tape._closed:
            return True
        if self._offset < tape._bytes.begin:
            self._more_at = tape._start()
            return True
        later = self._boundary()
        if later is not None and self._offset >= later.offset:
            self._more_at = later.at
            return True
        return tape._finished and self._offset >= tape._bytes.end

    def _boundary(self) -> DecoderRun | None:
        """The next take that this reader's decoder cannot go on with."""
        take: DecoderRun | None = self._take
        while take is not None:
            later = self._tape._next_take(take)
            if later is not None and later.goes_on_from(take):
                self._take = later if later.offset <= self._offset else self._take
                take = later
                continue
            return later
        return None

    def _until(self) -> int:
        later = self._boundary()
        return self._tape._bytes.end if later is None else later.offset
