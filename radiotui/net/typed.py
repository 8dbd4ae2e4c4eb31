"""Decoders of msgspec, made one at a time.

msgspec looks at a type's fields when it decodes into it for the first time. Two threads that
do so at once for one type end the process (msgspec 0.22): so types are looked at under a lock.
"""

from __future__ import annotations

import threading
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_guard = threading.Lock()
_json: dict[Any, msgspec.json.Decoder[Any]] = {}
_msgpack: dict[Any, msgspec.msgpack.Decoder[Any]] = {}


def json_decoder(kind: type[T]) -> msgspec.json.Decoder[T]:
    """The decoder of JSON into values of ``kind``; any thread may use it."""
    with _guard:
        if kind not in _json:
            _json[kind] = msgspec.json.Decoder(kind)
        return _json[kind]


def msgpack_decoder(kind: type[T]) -> msgspec.msgpack.Decoder[T]:
    """The decoder of MessagePack into values of ``kind``; any thread may use it."""
    with _guard:
        if kind not in _msgpack:
            _msgpack[kind] = msgspec.msgpack.Decoder(kind)
        return _msgpack[kind]


def converted(value: object, kind: type[T]) -> T:
    """``value`` of plain types as a value of ``kind``. Raises msgspec.ValidationError."""
    json_decoder(kind)
    return msgspec.convert(value, kind)
