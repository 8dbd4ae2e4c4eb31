"""WAV as a stream without an end: blocks of samples behind one header.

Source: Microsoft, "Multimedia Programming Interface and Data Specifications 1.0" (RIFF, WAVE).
"""

from __future__ import annotations

import struct

from radiotui.radio.framing.frames import Frame

_UNKNOWN = 0xFFFFFFFF
"""Length of a file that is still being written."""
_PCM, _FLOAT, _A_LAW, _MU_LAW, _EXTENSIBLE = 1, 3, 6, 7, 0xFFFE
_PLAYED = {_PCM, _FLOAT, _A_LAW, _MU_LAW}
_BLOCK_SAMPLES = 1024
_MOST_HEAD = 64 * 1024
_LONGEST_FORMAT = 64
_LARGEST_BLOCK = 64
_RATES = range(1000, 400_000)


class WavFramer:
    """Blocks of 1,024 samples; the header is written anew, without a length."""

    format = "wav"

    def __init__(self) -> None:
        self.codec = "PCM"
        self.dropped = 0
        self.foreign = ""
        self._buffer = bytearray()
        self._block_bytes = 0
        self._rate = 0

    @property
    def buffered(self) -> int:
        """Bytes held back for their continuation."""
        return len(self._buffer)

    def feed(self, data: bytes) -> list[Frame]:
        """The blocks that ``data`` completes, the header before the first."""
        self._buffer += data
        frames: list[Frame] = []
        if not self._block_bytes:
            head = self._head()
            if head is None:
                if len(self._buffer) > _MOST_HEAD:
                    self.flush()
                return []
            frames.append(Frame(head, 0.0, start=False, head=True))
        size = _BLOCK_SAMPLES * self._block_bytes
        seconds = _BLOCK_SAMPLES / self._rate
        whole = len(self._buffer) // size * size
        frames += (
            Frame(bytes(self._buffer[at : at + size]), seconds) for at in range(0, whole, size)
        )
        del self._buffer[:whole]
        return frames

    def flush(self) -> list[Frame]:
        """The rest of the last block."""
        rest = bytes(self._buffer)
        self._buffer.clear()
        size = len(rest) // self._block_bytes * self._block_bytes if self._block_bytes else 0
        self.dropped += len(rest) - size
        if not size:
            return []
        return [Frame(rest[:size], size / self._block_bytes / self._rate)]

    def _head(self) -> bytes | None:
        """The header, once all of it is there; the sound follows in the buffer."""
        at, form = 12, b""
        while at + 8 <= len(self._buffer):
            name, size = struct.unpack_from("<4sI", self._buffer, at)
            if name == b"data" and form:
                del self._buffer[: at + 8]
                return self._begin(form)
            if name == b"fmt ":
                form = bytes(self._buffer[at + 8 : at + 8 + min(size & ~1, _LONGEST_FORMAT)])
            at += 8 + size + size % 2
        return None

    def _begin(self, form: bytes) -> bytes | None:
        if len(form) < 16:
            return None
        kind, channels, rate, _, block, bits = struct.unpack_from("<HHIIHH", form)
        if kind == _EXTENSIBLE and len(form) >= 26:
            kind = int.from_bytes(form[24:26], "little")
        is_sound = kind in _PLAYED and 0 < block <= _LARGEST_BLOCK and rate in _RATES
        if not (is_sound and channels and bits):
            self.foreign = f"WAV of kind {kind}"
            return None
        self._rate, self._block_bytes = rate, block
        return wav_head(form)


def wav_head(form: bytes, tag: bytes = b"") -> bytes:
    """The header of samples without an end, in the form that the ``fmt`` chunk ``form`` says.

    ``tag`` is an ID3 tag that stands before them.
    """
    head = b"RIFF" + struct.pack("<I", _UNKNOWN) + b"WAVE" + _chunk(b"fmt ", form)
    return head + (_chunk(b"id3 ", tag) if tag else b"") + b"data" + struct.pack("<I", _UNKNOWN)


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def is_wav(head: bytes) -> bool:
    """The beginning of a WAV file."""
    return head.startswith((b"RIFF", b"RF64")) and head[8:12] == b"WAVE"
