"""The head of an answer, mended until an HTTP library reads it.

Shoutcast says ``ICY 200 OK`` where HTTP has a version, and servers of radio write heads by hand:
without a blank after the colon, without a reason, with a status for each protocol, with lines
that are no headers, with headers after the blank line. Players have always taken all that.
"""

from __future__ import annotations

import re

_MOST_BYTES = 100 * 1024
"""The limit of the HTTP library; what is longer is left as it is."""
_LEAST_AFTER = 4
"""Bytes after the blank line that tell sound from a further head."""

_PROTOCOLS = (b"icy", b"http/")
_STATUS = re.compile(rb"(?i)(?:ICY[ \t]*|HTTP/\d(?:\.\d)?[ \t]+)+(\d{3})(?!\d)[ \t]*(.*)")
_BLANK_LINE = re.compile(rb"\n\r?\n")
_FURTHER_HEAD = re.compile(rb"(?i)ic[ey]-[a-z]|ICY[ \t]*\d{3}|content-type[ \t]*:")
_BARE_SOUND = re.compile(rb"\xff[\xe2-\xff]|ID3[\x02-\x04]|OggS\0|fLaC")
_NAME = re.compile(rb"[-!#$%&'*+.^_`|~0-9a-zA-Z]+")
_CONTROLS = re.compile(rb"[\x00-\x1f\x7f]+")


class ResponseHead:
    """The first bytes of an answer, as they arrive.

    Feed it until :attr:`is_whole`; then :attr:`mended` has the head as HTTP writes it, and what
    came after it. Bytes that are no head of HTTP or ICY are left as they are.
    """

    def __init__(self) -> None:
        self._data = bytearray()
        self._looked_at = 0
        self._head_bytes = 0
        """Bytes of the heads that are whole, their blank lines included."""
        self.is_whole = False
        """No more bytes are needed."""

    def feed(self, data: bytes) -> None:
        """Take further bytes; none are the end."""
        self._data += data
        if not self._head_bytes:
            del self._data[: len(self._data) - len(self._data.lstrip(b"\r\n"))]
        self.is_whole = not data or len(self._data) >= _MOST_BYTES or self._is_complete()

    @property
    def mended(self) -> bytes:
        """The head as HTTP writes it, and what came after it."""
        data = bytes(self._data)
        if _BARE_SOUND.match(data):
            return b"HTTP/1.0 200 OK\r\n\r\n" + data
        if not self._head_bytes:
            return data
        status, headers = _parsed(data[: self._head_bytes])
        if status is None:
            return data
        lines = [_status_line(status), *_well_formed(headers), b"", b""]
        return b"\r\n".join(lines) + data[self._head_bytes :]

    def _is_complete(self) -> bool:
        begin = bytes(self._data[:5]).lower()
        if not any(begin.startswith(name) or name.startswith(begin) for name in _PROTOCOLS):
            return True
        while not self._head_bytes or _FURTHER_HEAD.match(self._data, self._head_bytes):
            if not self._find_blank_line():
                return False
        if len(self._data) - self._head_bytes >= _LEAST_AFTER:
            return True
        status, headers = _parsed(bytes(self._data[: self._head_bytes]))
        is_bare = status is not None and status[1] == b"200" and not _is_described(headers)
        return not is_bare

    def _find_blank_line(self) -> bool:
        blank = _BLANK_LINE.search(self._data, max(self._head_bytes, self._looked_at - 2))
        self._looked_at = len(self._data)
        if blank is None:
            return False
        self._head_bytes = self._looked_at = blank.end()
        return True


def _parsed(head: bytes) -> tuple[re.Match[bytes] | None, list[tuple[bytes, bytes]]]:
    """The last status line of the beginning, and the headers that have a name and a value."""
    status: re.Match[bytes] | None = None
    headers: list[tuple[bytes, bytes]] = []
    for line in re.split(rb"\r*\n", head):
        if line[:1] in {b" ", b"\t"} and headers:
            name, value = headers[-1]
            headers[-1] = (name, value + b" " + line.strip())
            continue
        name, colon, value = line.partition(b":")
        name = name.strip()
        if not headers and (match := _STATUS.match(line.strip())):
            status = match
        elif colon and _NAME.fullmatch(name):
            headers.append((name, value))
    return status, headers


def _status_line(status: re.Match[bytes]) -> bytes:
    version = b"HTTP/1.1" if status[0][:8].upper() == b"HTTP/1.1" else b"HTTP/1.0"
    return b" ".join((version, status[1], _CONTROLS.sub(b" ", status[2]).strip()))


def _well_formed(headers: list[tuple[bytes, bytes]]) -> list[bytes]:
    """Header lines. A length or a coding of the transfer that cannot be used is left out."""
    clean = [(name, _CONTROLS.sub(b" ", value).strip()) for name, value in headers]
    lengths = {value for name, value in clean if name.lower() == b"content-length"}
    is_length = len(lengths) == 1 and re.fullmatch(rb"[0-9]{1,18}", next(iter(lengths)))
    is_chunked = any(
        name.lower() == b"transfer-encoding" and value.lower().endswith(b"chunked")
        for name, value in clean
    )
    lines = []
    for name, value in clean:
        lower = name.lower()
        if lower == b"transfer-encoding" or (lower == b"content-length" and not is_length):
            continue
        lines.append(name + b": " + value)
    return [*lines, b"Transfer-Encoding: chunked"] if is_chunked else lines


def _is_described(headers: list[tuple[bytes, bytes]]) -> bool:
    """The body's kind or length is told: nothing of the head is missing."""
    names = {b"content-type", b"content-length", b"transfer-encoding"}
    return any(name.lower() in names for name, _ in headers)
