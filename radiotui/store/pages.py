"""Records of a SQLite file, read from its pages: also where SQLite itself refuses the file.

SQLite reads a row by way of other pages: one of them that is damaged hides all rows behind it.
Here each page is read alone, as SQLite's own ``.recover`` does, which Python does not offer. The
format: https://www.sqlite.org/fileformat2.html. Whose rows they are is the caller's to know.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Mapping

import msgspec

Value = int | float | bytes | str | None

HEADER = b"SQLite format 3\x00"
_PAGE_SIZES = {2**power for power in range(9, 17)}
_USUAL_PAGE_SIZE = 4096
_MOST_RESERVED = 32
_WAL_HEADER_BYTES, _FRAME_HEADER_BYTES = 32, 24
_WAL_MARKS = (0x377F0682, 0x377F0683)

_TABLE_LEAF, _INDEX_LEAF, _INDEX_INTERIOR = 0x0D, 0x0A, 0x02
_HEADER_BYTES = {_TABLE_LEAF: 8, _INDEX_LEAF: 8, _INDEX_INTERIOR: 12}
_MOST_COLUMNS = 100
_MOST_BYTES = 64 * 1024 * 1024
"""Of one record: no text that is stored is larger."""
_SIZES = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)
"""Bytes of a value of each kind that is no text and no blob."""


class Damage(Exception):  # noqa: N818 - a state of the file, and not a mistake
    """A part of a file that does not have the form it must have."""


class Record(msgspec.Struct, frozen=True):
    """A row of a table, or an entry of an index."""

    rowid: int | None
    """None in an index, and in a table that is one (WITHOUT ROWID)."""
    columns: int
    values: list[Value]
    """Without those at the end that lay on a damaged page. A text that is not UTF-8, or has
    zeros in it, is given as bytes."""


class DatabasePages:
    """Pages of a database file, the newest of each from its write-ahead log (None: without)."""

    def __init__(self, file: int, log: int | None) -> None:
        self._file = file
        self._log = log
        header = _read(file, 0, 100)
        self._size = _page_size(header)
        self._usable = self._size - _reserved(header)
        self._in_log = {} if log is None else _pages_in_log(log, self._size)
        self._in_file = os.fstat(file).st_size // self._size
        self._last = max(self._in_file, *self._in_log, 0)

    def records(self) -> Iterator[Record]:
        """Every record that can be read, page by page; not those on pages that are free."""
        free = self._free_pages()
        behind = sorted(number for number in self._in_log if number > self._in_file)
        for number in (*range(1, self._in_file + 1), *behind):
            if number not in free:
                yield from self._records_of_page(number)

    def _page(self, number: int) -> bytes:
        """A page, empty where it cannot be read."""
        at = self._in_log.get(number)
        if at is not None and self._log is not None:
            return _read(self._log, at, self._size)
        return _read(self._file, (number - 1) * self._size, self._size)

    def _free_pages(self) -> set[int]:
        first = self._page(1)
        free: set[int] = set()
        trunk = int.from_bytes(first[32:36]) if first[:16] == HEADER else 0
        while 1 < trunk <= self._last and trunk not in free:
            free.add(trunk)
            page = self._page(trunk)
            leaves = int.from_bytes(page[4:8])
            if leaves > self._size // 4 - 2:
                break
            free.update(struct.unpack_from(f">{leaves}I", page, 8) if page else ())
            trunk = int.from_bytes(page[:4])
        return free

    def _records_of_page(self, number: int) -> Iterator[Record]:
        page = self._page(number)
        begin = 100 if number == 1 else 0
        kind = page[begin] if page else 0
        header = _HEADER_BYTES.get(kind)
        if header is None:
            return
        cells = int.from_bytes(page[begin + 3 : begin + 5])
        if begin + header + 2 * cells > self._size:
            return
        for at in struct.unpack_from(f">{cells}H", page, begin + header):
            try:
                yield self._record(page, at, kind)
            except (Damage, IndexError, struct.error):
                continue

    def _record(self, page: bytes, at: int, kind: int) -> Record:
        """The record of the cell at ``at``. Raises Damage, IndexError or struct.error."""
        if kind == _INDEX_INTERIOR:
            at += 4
        length, at = _number(page, at)
        rowid = None
        if kind == _TABLE_LEAF:
            rowid, at = _number(page, at)
            if rowid >= 2**63:
                rowid -= 2**64
        if not 0 < length <= _MOST_BYTES:
            raise Damage
        payload = self._payload(page, at, length, is_table=kind == _TABLE_LEAF)
        return Record(rowid, *_columns(payload, length))

    def _payload(self, page: bytes, at: int, length: int, *, is_table: bool) -> bytes:
        """The bytes of a record; fewer than ``length`` where a page of its rest is damaged."""
        usable = self._usable
        most = usable - 35 if is_table else (usable - 12) * 64 // 255 - 23
        if length <= most:
            if at + length > len(page):
                raise Damage
            return page[at : at + length]
        least = (usable - 12) * 32 // 255 - 23
        local = least + (length - least) % (usable - 4)
        local = local if local <= most else least
        if at + local + 4 > len(page):
            raise Damage
        payload = bytearray(page[at : at + local])
        following = int.from_bytes(page[at + local : at + local + 4])
        while len(payload) < length and 1 < following <= self._last:
            overflow = self._page(following)
            payload += overflow[4 : min(usable, 4 + length - len(payload))]
            following = int.from_bytes(overflow[:4])
        return bytes(payload)


def _read(file: int, at: int, size: int) -> bytes:
    """So many bytes of a file; none where it ends before, or its disk fails."""
    try:
        data = os.pread(file, size, at)
    except OSError:
        return b""
    return data if len(data) == size else b""


def _page_size(header: bytes) -> int:
    size = int.from_bytes(header[16:18])
    size = 65536 if size == 1 else size
    return size if header[:16] == HEADER and size in _PAGE_SIZES else _USUAL_PAGE_SIZE


def _reserved(header: bytes) -> int:
    """Bytes at the end of each page that are not SQLite's."""
    reserved = header[20] if header[:16] == HEADER else 0
    return reserved if reserved <= _MOST_RESERVED else 0


def _pages_in_log(log: int, size: int) -> Mapping[int, int]:
    """Place of the newest committed content of each page in a write-ahead log."""
    committed: dict[int, int] = {}
    pending: dict[int, int] = {}
    header = _read(log, 0, _WAL_HEADER_BYTES)
    if not header or struct.unpack_from(">3I", header)[::2] not in {(m, size) for m in _WAL_MARKS}:
        return committed
    at = _WAL_HEADER_BYTES
    while frame := _read(log, at, _FRAME_HEADER_BYTES + size)[:_FRAME_HEADER_BYTES]:
        number, pages_then = struct.unpack_from(">2I", frame)
        # Frames of an earlier round have other salts than the header.
        if frame[8:16] != header[16:24] or not number:
            break
        pending[number] = at + _FRAME_HEADER_BYTES
        if pages_then:
            committed.update(pending)
            pending.clear()
        at += _FRAME_HEADER_BYTES + size
    return committed


def _number(data: bytes, at: int) -> tuple[int, int]:
    """The number of one to nine bytes at ``at``, and the place behind it."""
    number = 0
    for place in range(at, at + 8):
        byte = data[place]
        if byte < 0x80:
            return number << 7 | byte, place + 1
        number = number << 7 | byte & 0x7F
    return number << 8 | data[at + 8], at + 9


def _columns(payload: bytes, length: int) -> tuple[int, list[Value]]:
    """Number of columns of a record of ``length`` bytes, and those that ``payload`` has whole."""
    header, at = _number(payload, 0)
    if not at <= header <= len(payload):
        raise Damage
    kinds: list[int] = []
    while at < header:
        kind, at = _number(payload, at) if payload[at] > 0x7F else (payload[at], at + 1)
        kinds.append(kind)
    sizes = [(kind - 12) // 2 if kind > 11 else _SIZES[kind] for kind in kinds]
    if at != header or len(kinds) > _MOST_COLUMNS or header + sum(sizes) != length:
        raise Damage
    values: list[Value] = []
    for kind, size in zip(kinds, sizes, strict=True):
        if at + size > len(payload):
            break
        values.append(_value(kind, payload[at : at + size]))
        at += size
    return len(kinds), values


def _value(kind: int, data: bytes) -> Value:
    if kind >= 12:
        return data if kind % 2 == 0 else _text(data)
    if kind == 7:
        number: float = struct.unpack(">d", data)[0]
        return number
    if kind in {8, 9}:
        return kind - 8
    return int.from_bytes(data, signed=True) if kind else None


def _text(data: bytes) -> str | bytes:
    try:
        return data if b"\x00" in data else data.decode()
    except UnicodeDecodeError:
        return data
