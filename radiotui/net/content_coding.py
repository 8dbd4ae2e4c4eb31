"""Decompression of HTTP bodies with a bound (RFC 9110 §8.4.1)."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Iterator
from typing import Protocol

_MOST_CODINGS = 3
_GZIP_MARK = b"\x1f\x8b\x08"
_MARK_BYTES = 3
_BYTES_OF_BEGIN = 16
_PIECE_BYTES = 64 * 1024
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_MOST_MEMBERS = 100
"""Parts of a body of gzip, each packed by itself, one behind the other (RFC 1952 §2.2)."""


class _Decompressor(Protocol):
    """The object of zlib that unpacks a body piece by piece; zlib gives its class no name."""

    @property
    def eof(self) -> bool: ...
    @property
    def unconsumed_tail(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes: ...


class TooLargeError(ValueError):
    """More comes out than is accepted: a few kilobytes may unfold to gigabytes."""


def is_encoded(header: str) -> bool:
    """Presence of a coding in a ``Content-Encoding`` header that :func:`decoded` undoes."""
    return any(coding in {"gzip", "x-gzip", "deflate"} for coding in _codings(header))


def decoded(body: bytes, header: str, cap: int) -> bytes:
    """``body`` without the codings of ``Content-Encoding``, at most ``cap`` bytes.

    Slow for big bodies: not for the loop. A body that breaks off gives what
    there is of it. Codings that were not asked for stay, and so does text that is only called
    packed. Raises TooLargeError, and zlib.error for a damaged body.
    """
    for coding in reversed(_codings(header)):
        if coding not in {"gzip", "x-gzip", "deflate"} or _is_markup(body):
            continue
        if coding != "deflate" or body.startswith(_GZIP_MARK):
            body = _inflated(body, _GZIP_OR_ZLIB, cap)
            continue
        try:
            body = _inflated(body, zlib.MAX_WBITS, cap)
        except zlib.error:
            # Some servers leave the zlib header out.
            body = _inflated(body, -zlib.MAX_WBITS, cap)
    return body


def _is_markup(body: bytes) -> bool:
    """Test for a body that begins as HTML, XML or JSON: neither gzip nor zlib begins so."""
    begin = body[:_BYTES_OF_BEGIN].removeprefix(codecs.BOM_UTF8).lstrip()
    return begin.startswith((b"<", b"{")) and begin.isascii()


class Inflater:
    """Undoes gzip or deflate of a body that is still coming, a piece at a time.

    A body that is called packed and is not stays as it is; one that is gzip without being
    called so is unpacked.
    """

    def __init__(self, header: str) -> None:
        codings = _codings(header)
        self._is_deflate = codings == ["deflate"]
        self._may_be_gzip = codings[-1:] in ([""], ["gzip"], ["x-gzip"], ["identity"])
        self._begin = b""
        self._is_decided = not (self._is_deflate or self._may_be_gzip)
        self._inflater: _Decompressor | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The plain bytes in pieces of at most 64 KiB. Raises zlib.error for a damaged body."""
        if not self._is_decided:
            data = self._begin = self._begin + data
            if len(data) < _MARK_BYTES:
                return
            self._decide(data)
        if self._inflater is None:
            yield data
            return
        while data and not self._inflater.eof:
            yield self._inflater.decompress(data, _PIECE_BYTES)
            data = self._inflater.unconsumed_tail

    def flush(self) -> Iterator[bytes]:
        """The bytes of a body that ended before it could be judged."""
        if not self._is_decided:
            yield self._begin

    def _decide(self, begin: bytes) -> None:
        self._is_decided, self._begin = True, b""
        if begin.startswith(_GZIP_MARK) and self._may_be_gzip:
            self._inflater = zlib.decompressobj(_GZIP_OR_ZLIB)
        elif self._is_deflate:
            has_header = begin[0] & 15 == 8 and int.from_bytes(begin[:2], "big") % 31 == 0
            self._inflater = zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)


def _codings(header: str) -> list[str]:
    return [coding.strip().lower() for coding in header.split(",")][:_MOST_CODINGS]


def _inflated(body: bytes, wbits: int, cap: int) -> bytes:
    inflated = b""
    for _ in range(_MOST_MEMBERS):
        inflater = zlib.decompressobj(wbits)
        inflated += inflater.decompress(body, cap + 1 - len(inflated))
        if len(inflated) > cap:
            raise TooLargeError
        body = inflater.unused_data
        if not body.startswith(_GZIP_MARK):
            break
    return inflated
