"""Where sound begins, ends and how long it lasts, read from the bytes themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Piece:
    """The smallest thing a tape keeps: a frame of MP3 or ADTS, or a page of Ogg."""

    data: bytes
    seconds: float
    """How much sound it holds; 0 for headers."""
    start: bool = True
    """Whether a decoder can begin here (for Ogg: after the link's headers)."""
    head: bool = False
    """A header page: it is repeated to every decoder that begins within its link."""
    title: str | None = None
    """Of a header page that carries comments: "Artist - Title", not yet cleaned."""


class Framer(Protocol):
    """Cuts a stream into pieces, however its bytes were chunked."""

    format: str
    """FFmpeg's name of the container: "mp3", "aac", "ogg", "flac"."""
    codec: str
    """As listeners know it: "MP3", "AAC", "Vorbis", "Opus", "FLAC"; "" until it is known."""

    def feed(self, data: bytes) -> list[Piece]:
        """The pieces that ``data`` completes. Never raises, never keeps more than 1 MiB."""
        ...
