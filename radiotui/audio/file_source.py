"""A file from any place on, for engines that know no places.

With a shape it is heard as that has it, and ``on_pcm`` is given what is decoded of it.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from radiotui.audio.decoding import pcm_of
from radiotui.audio.engine import SoundFile
from radiotui.audio.frames import BYTES_PER_SECOND, RATE, SAMPLE_BYTES
from radiotui.audio.shaped_sound import ShapedSound, SoundShape
from radiotui.problems import Problem

_UNKNOWN = 0xFFFFFFFF
_PCM, _CHANNELS = 1, 2


class FileSource:
    """``file`` from ``at`` seconds on, as WAV without an end; a source of bytes for an engine.

    Reading it raises Problem when nothing of the file can be decoded. (WAV: Microsoft's
    "Multimedia Programming Interface and Data Specifications 1.0", RIFF.)
    """

    format = "wav"

    def __init__(
        self,
        file: SoundFile,
        at: float,
        shape: SoundShape | None = None,
        on_pcm: Callable[[bytes], None] | None = None,
    ) -> None:
        self.start = at
        """Place of the first sound in the file, in seconds."""
        self._file = file
        self._pcm: Iterator[bytes] = pcm_of(file, start=at)
        self._shaped: ShapedSound | None = None
        if shape is not None:
            self._shaped = ShapedSound(self._pcm, at, shape, on_pcm)
            self._pcm = iter(self._shaped)
        self._rest = _HEADER
        self._closed = False

    def place_of(self, seconds: float) -> float:
        """Place in the file of what is heard after so many seconds."""
        return self._shaped.place_of(seconds) if self._shaped else self.start + seconds

    def read(self, size: int) -> bytes:
        """At least one byte, decoding it first; b"" is the end."""
        while not self._rest and not self._closed:
            piece = next(self._pcm, None)
            if piece is None:
                return b""
            self._rest = piece
        if self._closed:
            return b""
        data, self._rest = self._rest[:size], self._rest[size:]
        return data

    def close(self) -> None:
        """Give nothing more."""
        self._closed = True
        if not isinstance(self._file, Path):
            self._file.close()


class FilePart(FileSource):
    """A file for a level meter: it ends where it cannot be decoded."""

    more_at: float | None = None
    """Nothing comes after its end."""

    def read(self, size: int) -> bytes:
        """As many bytes as are asked for, but at the end."""
        data = bytearray()
        with suppress(Problem):
            while len(data) < size and (piece := super().read(size - len(data))):
                data += piece
        return bytes(data)


class MeteredFile(msgspec.Struct, frozen=True):
    """A file as a level meter reads it."""

    path: Path
    end: float
    """Its length in seconds."""

    def open_at(self, at: float | None = None) -> FilePart:
        """The file from a place on."""
        return FilePart(self.path, at or 0.0)


_FORMAT = struct.pack(
    "<HHIIHH", _PCM, _CHANNELS, RATE, BYTES_PER_SECOND, SAMPLE_BYTES, 8 * SAMPLE_BYTES // _CHANNELS
)
_HEADER = b"".join(
    (
        *(b"RIFF", struct.pack("<I", _UNKNOWN), b"WAVE"),
        *(b"fmt ", struct.pack("<I", len(_FORMAT)), _FORMAT),
        *(b"data", struct.pack("<I", _UNKNOWN)),
    )
)
