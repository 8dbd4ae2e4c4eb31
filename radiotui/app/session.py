"""What one run keeps for the next: the volume, the newscast, and what was learnt of streams."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import msgspec

from radiotui.player.intents import Enqueue, SetVolume
from radiotui.player.queue import Queue
from radiotui.problems import Problem

if TYPE_CHECKING:
    from radiotui.player.player import Player
    from radiotui.store import Store

log = logging.getLogger(__name__)

_STREAM = "stream "
_LAST_WORD_SECONDS = 0.2


class SavedSession:
    """Between ``store`` and ``player``. What cannot be read or kept is said in the log only."""

    def __init__(self, store: Store, player: Player) -> None:
        self._store = store
        self._player = player

    async def recall_sound(self, volume: int) -> None:
        """Volume (``volume`` at the first start) and what was learnt. Raises Problem."""
        from radiotui.player.stream_memory import StreamFacts

        kept = await self._store.recall("volume")
        self._player.do(SetVolume(int(kept) if kept and kept.isdecimal() else volume))
        known = {}
        for name, word in (await self._store.recall_all(_STREAM)).items():
            station, _, stream = name.partition("/")
            try:
                known[station, stream] = msgspec.json.decode(word, type=StreamFacts)
            except msgspec.DecodeError as error:
                log.warning("what was learnt of %s was not recalled: %s", name, error)
        self._player.stream_memory.recall(known)

    async def recall_newscast(self) -> None:
        """The stories that were queued."""
        try:
            kept = await self._store.recall("newscast")
            if kept:
                self._player.do(Enqueue(msgspec.json.decode(kept, type=Queue)))
        except (Problem, msgspec.DecodeError) as error:
            log.warning("the newscast was not recalled: %s", error)

    async def keep_newscast(self, queue: Queue) -> None:
        """The stories that are queued. Raises Problem."""
        await self._store.remember("newscast", msgspec.json.encode(queue).decode())

    async def keep_learnt(self) -> None:
        """What was learnt of streams since the last time. Raises Problem."""
        for (station, stream), learnt in self._player.learn().new().items():
            word = msgspec.json.encode(learnt).decode()
            await self._store.remember(f"{_STREAM}{station}/{stream}", word)

    async def last_words(self) -> None:
        """Keep what was not kept yet, at the end: briefly, or not at all."""
        try:
            async with asyncio.timeout(_LAST_WORD_SECONDS):
                await self._store.remember("volume", str(self._player.playback.volume))
                await self.keep_learnt()
        except (Problem, TimeoutError) as error:
            log.warning("not everything was kept: %s", error)
