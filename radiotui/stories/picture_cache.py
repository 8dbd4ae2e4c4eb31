"""Pictures of stories: fetched when they are to be seen, and kept for a while."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from radiotui.files import write_atomically
from radiotui.net.client import MIB
from radiotui.problems import Problem

if TYPE_CHECKING:
    from radiotui.net.client import Net
    from radiotui.net.politeness import HostLimiter

log = logging.getLogger(__name__)

_BIGGEST = 12 * MIB
# The first bytes say what it is; what the server says of it may be wrong.
_KINDS = {
    b"\xff\xd8\xff": ".jpg",
    b"\x89PNG\r\n": ".png",
    b"GIF8": ".gif",
    b"RIFF": ".webp",
    b"\x00\x00\x00": ".avif",
    b"\x00\x00\x01\x00": ".ico",
}
_SVG = b"<svg"
_BEGINNING = 4096
"""Bytes in which a drawing says what it is, below its remarks."""


class PictureCache:
    """Files of pictures, named by what their address hashes to: no feed chooses a name.

    The pictures that were unseen for the longest are removed where all have more than
    ``limit_bytes``.
    """

    def __init__(
        self, net: Net, folder: Path, turns: HostLimiter, *, limit_bytes: int = 200 * MIB
    ) -> None:
        self._net = net
        self._folder = folder
        self._turns = turns
        self._limit_bytes = limit_bytes
        self._fetching: dict[str, asyncio.Task[Path]] = {}

    async def picture(self, url: str) -> Path:
        """A file with the picture behind ``url``. Raises Problem when it cannot be had."""
        path = await asyncio.to_thread(self._find, _name(url))
        if path is not None:
            return path
        task = self._fetching.get(url)
        if task is None:
            task = asyncio.create_task(self._fetch(url))
            self._fetching[url] = task
            task.add_done_callback(lambda _: self._fetching.pop(url, None))
        return await asyncio.shield(task)

    async def keep(self, body: bytes) -> Path:
        """A file with a picture that came within another file, named by what it hashes to.

        Raises Problem for what is no picture, and where it cannot be kept.
        """
        name = hashlib.sha256(body).hexdigest()[:40]
        path = await asyncio.to_thread(self._find, name)
        return path or await self._kept(name, body, f"{len(body)} bytes")

    async def close(self) -> None:
        """End what is under way."""
        tasks = list(self._fetching.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _find(self, name: str) -> Path | None:
        for beginning, ending in _KINDS.items():
            path = self._folder / (name + ending)
            try:
                if path.is_file() and _begins_with(path, beginning):
                    path.touch()
                    return path
            except OSError as error:
                # It is fetched again.
                log.warning("a picture cannot be used: %s", error)
        return None

    async def _fetch(self, url: str) -> Path:
        async with self._turns.of(url):
            fetched = await self._net.fetch(url, cap=_BIGGEST, headers={"Accept": "image/*"})
        return await self._kept(_name(url), fetched.body, url)

    async def _kept(self, name: str, body: bytes, whence: str) -> Path:
        ending = next((kind for magic, kind in _KINDS.items() if body.startswith(magic)), None)
        if ending is None:
            is_drawing = _SVG in body[:_BEGINNING].lower()
            hint = "SVG drawings are not shown" if is_drawing else ""
            raise Problem("The picture is none that can be shown", hint, whence)
        path = self._folder / (name + ending)
        try:
            await asyncio.to_thread(self._keep, path, body)
        except OSError as error:
            raise Problem("The picture cannot be kept", error.strerror or str(error)) from error
        return path

    def _keep(self, path: Path, body: bytes) -> None:
        write_atomically(path, body, private=True)
        files = [(file.stat(), file) for file in self._folder.iterdir() if file.is_file()]
        room = sum(stat.st_size for stat, _ in files) - self._limit_bytes
        for stat, file in sorted(files, key=lambda pair: pair[0].st_mtime):
            if room <= 0:
                return
            file.unlink(missing_ok=True)
            room -= stat.st_size


def _begins_with(path: Path, beginning: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(beginning)) == beginning


def _name(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:40]
