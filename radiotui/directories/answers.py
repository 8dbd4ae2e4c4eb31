"""Reading of a directory's answer, whatever comes in its place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

import msgspec

from radiotui.guide.sources.answer import not_understood
from radiotui.net.client import MIB, Net
from radiotui.net.loose_json import decode_json

T = TypeVar("T")

_LARGEST_BYTES = 4 * MIB
ANSWER_SECONDS = 10.0
"""Seconds for a whole answer; a listener waits for it."""


async def read_answer(
    net: Net,
    url: str,
    who: str,
    reader: Callable[[object], T | None],
    *,
    seconds: float = ANSWER_SECONDS,
) -> T:
    """The JSON behind ``url`` as ``reader`` makes it out, in a thread.

    Raises Problem for all that goes wrong, and where the reader says with None that the answer
    has another shape.
    """
    fetched = await net.fetch(
        url, who=who, cap=_LARGEST_BYTES, headers={"Accept": "application/json"}, seconds=seconds
    )

    def read() -> T | None:
        return reader(decode_json(fetched.body, object))

    try:
        result = await asyncio.to_thread(read)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise not_understood(who, url, str(error)) from None
    if result is None:
        raise not_understood(who, url, "the answer has another shape")
    return result
