"""What a stream is cut into, and who cuts it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

MOST_KEPT = 1024 * 1024
"""How many bytes a framer may hold back while it waits for more, whatever comes."""

MOST_HEADS = 4 * 1024 * 1024
"""Headers of one link, at most: pictures travel in them, and every decoder is given them first."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The smallest thing a tape keeps: a frame of MP3, ADTS or FLAC, or a page of Ogg."""

    data: bytes
    seconds: float
    """How much sound it holds; 0 for headers."""
    start: bool = True
    """Whether a decoder can begin here (for Ogg and FLAC: after the link's headers)."""
    head: bool = False
    """A header: it is repeated to every decoder that begins within its link."""
    title: str | None = None
    """Of a header with comments: "Artist - Title", not yet cleaned; "" when they name none."""


class Framer(Protocol):
    """Cuts a stream into pieces, however its bytes were chunked."""

    format: str
    """FFmpeg's name of the container: "mp3", "aac", "ogg", "flac"."""
    codec: str
    """As listeners know it: "MP3", "AAC", "Vorbis", "Opus", "FLAC"; "" until it is known."""
    dropped: int
    """Bytes that belonged to nothing and were left out."""

    def feed(self, data: bytes) -> list[Frame]:
        """The pieces that ``data`` completes. Never raises, never keeps more than 1 MiB."""
        ...

    def flush(self) -> list[Frame]:
        """The pieces that only the end of the body completes; nothing is fed afterwards."""
        ...
