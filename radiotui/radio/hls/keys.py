"""Decryption: whole segments under AES-128, each key fetched once.

Source: RFC 8216 §4.3.2.4 and §5.
"""

from __future__ import annotations

from collections.abc import Mapping

from radiotui.net.client import MIB, Net
from radiotui.problems import Problem
from radiotui.radio.hls.playlist import Key

_BLOCK = 16
_MOST_CACHED = 16


class Unplayable(Problem):
    """A stream that can never be played, however often it is fetched."""


class Keys:
    """The keys of one broadcast."""

    def __init__(self, net: Net, who: str, headers: Mapping[str, str]) -> None:
        self._headers = headers
        self._net = net
        self._who = who
        self._cache: dict[str, bytes] = {}

    async def get(self, key: Key) -> bytes:
        """The 16 bytes behind ``key``. Raises Problem, and Unplayable for other methods."""
        if key.method != "AES-128" or key.format != "identity" or not (key.url or key.literal):
            raise Unplayable(
                f"{self._who} sends locked sound ({key.method})",
                "only players that the station has licensed can open it",
                key.format,
            )
        if key.literal:
            return key.literal
        if key.url not in self._cache:
            fetched = await self._net.fetch(key.url, who=self._who, cap=MIB, headers=self._headers)
            if len(fetched.body) != _BLOCK:
                raise Problem(
                    f"{self._who} sent no key for its sound",
                    "what should be one is something else",
                    f"{len(fetched.body)} bytes from {key.url}",
                )
            self._cache[key.url] = fetched.body
            if len(self._cache) > _MOST_CACHED:
                del self._cache[next(iter(self._cache))]
        return self._cache[key.url]


def decrypt(body: bytes, key: bytes, iv: bytes | None, number: int, who: str) -> bytes:
    """The plain bytes of segment ``number``. Raises Problem where the key does not fit. Blocks."""
    from Crypto.Cipher import AES
    from Crypto.Util.Padding import unpad

    try:
        cipher = AES.new(key, AES.MODE_CBC, iv=iv or number.to_bytes(_BLOCK, "big"))
        return unpad(cipher.decrypt(body), _BLOCK)
    except ValueError as error:
        raise Problem(
            f"{who}: the key does not fit the sound", "a part of it is left out", str(error)
        ) from error
