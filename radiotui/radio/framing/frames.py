"""Frames, the smallest parts of a tape, and the framers that cut a stream into them."""

from __future__ import annotations

from typing import Protocol

import msgspec

MOST_BUFFERED = 1024 * 1024
"""Bytes that a framer may hold back while it waits for the rest of a frame."""

MOST_HEADS = 4 * 1024 * 1024
"""Headers of one link, at most: pictures travel in them, and every decoder is given them first."""


class Frame(msgspec.Struct, frozen=True):
    """The smallest thing a tape keeps: a frame of MP3, ADTS or FLAC, or a page of Ogg."""

    data: bytes
    seconds: float
    """Duration of its sound; 0 for headers."""
    start: bool = True
    """True where a decoder can begin (for Ogg and FLAC: after the link's headers)."""
    head: bool = False
    """A header: it is repeated to every decoder that begins within its link."""
    parameters: bytes = b""
    """Of a link's last header: digest of what its decoder is made for; other links may share it."""
    fresh: bool = False
    """A decoder of the frames before cannot go on here: rate or channels are others."""
    title: str | None = None
    """Of a header with comments: "Artist - Title", not yet cleaned; "" when they name none."""


class Framer(Protocol):
    """Cuts a stream into frames, however its bytes were chunked."""

    format: str
    """FFmpeg's name of the container: "mp3", "aac", "ogg", "flac"."""
    codec: str
    """As listeners know it: "MP3", "AAC", "Vorbis", "Opus", "FLAC"; "" until it is known."""
    dropped: int
    """Bytes that belonged to nothing and were left out."""
    foreign: str
    """The name of the sound in a container, where it is none that radiotui plays; else ""."""

    @property
    def buffered(self) -> int:
        """Bytes held back for their continuation; at most :data:`MOST_BUFFERED`."""
        ...

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that ``data`` completes. Never raises."""
        ...

    def flush(self) -> list[Frame]:
        """The frames that only the end of the body completes; nothing is fed afterwards."""
        ...
