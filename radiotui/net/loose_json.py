"""JSON of services that keep neither to JSON nor to a shape: what is wrong costs itself alone."""

from __future__ import annotations

import json
import math
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from radiotui.net.typed import converted, json_decoder

T = TypeVar("T")

_LARGEST_BYTES = 1024 * 1024
"""Of JSON that is none: to read it takes longer."""
_LONGEST_INTEGER = 18
_MOST_VALUES = 2000
"""Of a list that are looked at one by one."""
_BOM = b"\xef\xbb\xbf"


def decode_json(body: bytes, kind: type[T]) -> T:
    """``body`` as a value of ``kind``, without those of its values that are none.

    Numbers that are not finite or have too many digits are null, control characters and halves
    of letters stay. A value of another type than ``kind`` has for it is left out. Raises
    msgspec.DecodeError where nothing remains, UnicodeDecodeError, RecursionError.
    """
    body = body.removeprefix(_BOM)
    try:
        return json_decoder(kind).decode(body)
    except msgspec.DecodeError as error:
        if len(body) > _LARGEST_BYTES:
            raise
        try:
            value = parse_json(body)
        except ValueError:
            raise error from None
        rest = _fitting(value, kind)
        if rest is None:
            raise
        return converted(rest, kind)


def parse_json(text: str | bytes) -> Any:
    """Values of JSON whose numbers may be none: those are null, and control characters stay.

    Raises ValueError, RecursionError.
    """
    return json.loads(text, **_LOOSE)


def parse_json_at(text: str, begin: int) -> Any:
    """The same of JSON that begins there, whatever comes behind it."""
    return json.JSONDecoder(**_LOOSE).raw_decode(text, begin)[0]


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else None


def _finite(digits: str) -> float | None:
    number = float(digits)
    return number if math.isfinite(number) else None


def _fitting(value: object, kind: Any) -> Any:
    """The part of ``value`` that a ``kind`` can be made of; None where nothing remains."""
    try:
        converted(value, kind)
    except (msgspec.ValidationError, UnicodeEncodeError):
        pass
    else:
        return value
    if get_origin(kind) in {Union, UnionType}:
        kinds = [one for one in get_args(kind) if one not in {NoneType, msgspec.UnsetType}]
        parts = (_fitting(value, one) for one in kinds)
        return next((part for part in parts if part is not None), None)
    if isinstance(value, list) and get_origin(kind) is list:
        fitting = (_fitting(one, get_args(kind)[0]) for one in value[:_MOST_VALUES])
        return [one for one in fitting if one is not None] or None
    if isinstance(value, dict) and isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        fields = {
            name: part
            for name, field_kind in _fields(kind)
            if (part := _fitting(value.get(name), field_kind)) is not None
        }
        return fields if any(fields.values()) else None
    return None


_LOOSE: Any = {
    "strict": False,
    "parse_int": _integer,
    "parse_float": _finite,
    "parse_constant": lambda _: None,
}


@cache
def _fields(kind: type[msgspec.Struct]) -> tuple[tuple[str, Any], ...]:
    """The names of a struct's fields as they stand in JSON, and their types."""
    types = get_type_hints(kind)
    return tuple((field.encode_name, types[field.name]) for field in msgspec.structs.fields(kind))
