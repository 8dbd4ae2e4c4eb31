"""The runs of bytes of a tape that one decoder each can read."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass


@dataclass(slots=True)
class DecoderRun:
    """One connection, or one link of an Ogg chain."""

    offset: int
    at: float
    format: str
    codec: str
    heads: bytearray
    """Header pages that every decoder beginning within this take must be given first."""
    fresh: bool = False
    """A decoder of the take before cannot go on here, though the format is the same."""

    def goes_on_from(self, before: DecoderRun) -> bool:
        """Whether a decoder of ``before`` can read on."""
        return not self.fresh and (self.format, self.codec) == (before.format, before.codec)


class DecoderRuns:
    """A tape's takes, the oldest first."""

    def __init__(self) -> None:
        self._takes: deque[DecoderRun] = deque()

    def __bool__(self) -> bool:
        return bool(self._takes)

    @property
    def first(self) -> DecoderRun:
        """The oldest."""
        return self._takes[0]

    @property
    def last(self) -> DecoderRun:
        """The newest."""
        return self._takes[-1]

    @property
    def head_bytes(self) -> int:
        """How many bytes of headers are kept beside the sound."""
        return sum(len(take.heads) for take in self._takes)

    def begin(self, take: DecoderRun) -> None:
        """What comes next needs another decoder, or may."""
        self._takes.append(take)

    def at(self, offset: int) -> DecoderRun | None:
        """Whose the byte at ``offset`` is."""
        return next((take for take in reversed(self._takes) if take.offset <= offset), None)

    def after(self, take: DecoderRun) -> DecoderRun | None:
        """The next one."""
        return next((later for later in self._takes if later.offset > take.offset), None)

    def forget_before(self, offset: int) -> None:
        """The bytes before ``offset`` are gone."""
        while len(self._takes) > 1 and self._takes[1].offset <= offset:
            self._takes.popleft()
