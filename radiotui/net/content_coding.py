"""Decompression of HTTP bodies with a bound (RFC 9110 §8.4.1)."""

from __future__ import annotations

import zlib

_MOST_CODINGS = 3
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32


class TooLargeError(ValueError):
    """More comes out than is accepted: a few kilobytes may unfold to gigabytes."""


def is_encoded(header: str) -> bool:
    """Presence of a coding in a ``Content-Encoding`` header that :func:`decoded` undoes."""
    return any(coding in {"gzip", "x-gzip", "deflate"} for coding in _codings(header))


def decoded(body: bytes, header: str, cap: int) -> bytes:
    """``body`` without the codings of ``Content-Encoding``, at most ``cap`` bytes.

    Slow for big bodies: not for the loop. A body that breaks off gives what
    there is of it. Codings that were not asked for stay. Raises TooLargeError,
    and zlib.error for a damaged body.
    """
    for coding in reversed(_codings(header)):
        if coding in {"gzip", "x-gzip"}:
            body = _inflated(body, _GZIP_OR_ZLIB, cap)
        elif coding == "deflate":
            try:
                body = _inflated(body, zlib.MAX_WBITS, cap)
            except zlib.error:
                # Some servers leave the zlib header out.
                body = _inflated(body, -zlib.MAX_WBITS, cap)
    return body


def _codings(header: str) -> list[str]:
    return [coding.strip().lower() for coding in header.split(",")][:_MOST_CODINGS]


def _inflated(body: bytes, wbits: int, cap: int) -> bytes:
    inflater = zlib.decompressobj(wbits)
    inflated = inflater.decompress(body, cap + 1)
    if len(inflated) > cap:
        raise TooLargeError
    return inflated
