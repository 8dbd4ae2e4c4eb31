"""Decoder runs: the stretches of a tape's bytes that one decoder each can read."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from operator import attrgetter

_offset = attrgetter("offset")


@dataclass(slots=True)
class DecoderRun:
    """One connection, or one link of an Ogg chain."""

    offset: int
    at: float
    format: str
    codec: str
    heads: bytearray
    """Header pages that every decoder beginning within this run must be given first."""
    fresh: bool = False
    """A decoder of the run before cannot go on here, though the format is the same."""
    parameters: bytes = b""
    """Digest of the headers' parameters; b"" for formats without, and before they are whole."""
    has_sound: bool = False

    @property
    def is_open(self) -> bool:
        """Its headers are not whole yet: nothing is known of its parameters."""
        return self.format == "ogg" and not (self.parameters or self.has_sound)

    def goes_on_from(self, before: DecoderRun) -> bool:
        """A decoder of ``before`` can read on."""
        if self.format == "wav":
            # Its header would be heard as sound.
            return False
        form = (before.format, before.codec, before.parameters)
        return not self.fresh and (self.format, self.codec, self.parameters) == form


class DecoderRuns:
    """A tape's decoder runs, the oldest first."""

    def __init__(self) -> None:
        self._runs: list[DecoderRun] = []

    @property
    def first(self) -> DecoderRun:
        """The oldest."""
        return self._runs[0]

    @property
    def last(self) -> DecoderRun:
        """The newest."""
        return self._runs[-1]

    @property
    def head_bytes(self) -> int:
        """Bytes of headers that are held beside the sound."""
        return sum(len(run.heads) for run in self._runs)

    def __len__(self) -> int:
        return len(self._runs)

    def begin(self, run: DecoderRun) -> None:
        """Begin a run: the sound after it needs another decoder, or may."""
        self._runs.append(run)

    def at(self, offset: int) -> DecoderRun | None:
        """The run of the byte at ``offset``."""
        index = bisect_right(self._runs, offset, key=_offset)
        return self._runs[index - 1] if index else None

    def after(self, run: DecoderRun) -> DecoderRun | None:
        """The next one."""
        index = bisect_right(self._runs, run.offset, key=_offset)
        return self._runs[index] if index < len(self._runs) else None

    def forget_before(self, offset: int) -> None:
        """Drop the runs whose bytes are all before ``offset``."""
        index = bisect_right(self._runs, offset, key=_offset)
        del self._runs[: max(0, index - 1)]
