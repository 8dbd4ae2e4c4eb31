"""State that one run saves for the next: volume, device pace, facts about streams."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from radiotui.net.typed import json_decoder
from radiotui.player.intents import SetVolume
from radiotui.problems import Problem

if TYPE_CHECKING:
    from radiotui.audio.engine import DeviceReport
    from radiotui.player.player import Player
    from radiotui.store import Store

log = logging.getLogger(__name__)

_STREAM_KEY = "stream "
_PERIOD_KEY = "device period"
_PACE_KEY = "device pace"
_CLOSING_SECONDS = 0.2


async def last_pace(store: Store) -> DeviceReport | None:
    """Pace of the sound device in the last run that played; None where no run told one."""
    from radiotui.audio.engine import DeviceReport

    word = await store.recall(_PACE_KEY)
    with contextlib.suppress(msgspec.DecodeError):
        return json_decoder(DeviceReport).decode(word) if word else None
    return None


class SavedSession:
    """Link between ``store`` and ``player``. Only the log reports what cannot be read or saved."""

    def __init__(self, store: Store, player: Player) -> None:
        self._store = store
        self._player = player

    async def restore_sound(self, volume: int, notify: Callable[[Problem], None]) -> None:
        """Restore the volume (``volume`` at the first start), device and facts.

        ``notify`` is told why that is not possible.
        """
        try:
            await self._restore_sound(volume)
        except Problem as problem:
            notify(problem)

    async def _restore_sound(self, volume: int) -> None:
        from radiotui.player.stream_memory import StreamFacts

        saved = await self._store.recall("volume")
        self._player.do(SetVolume(int(saved[:6]) if saved and saved.isdecimal() else volume))
        period = await self._store.recall(_PERIOD_KEY)
        if period and period.isdecimal():
            self._player.engine_host.begin_with_period(int(period[:6]))
        facts = {}
        for name, word in (await self._store.recall_all(_STREAM_KEY)).items():
            station, _, stream = name.partition("/")
            try:
                facts[station, stream] = json_decoder(StreamFacts).decode(word)
            except msgspec.DecodeError as error:
                log.warning("the facts learnt about %s were not restored: %s", name, error)
        self._player.stream_memory.recall(facts)

    async def save_stream_facts(self) -> None:
        """Save the facts learnt about streams since the last time. Raises Problem."""
        for (station, stream), facts in self._player.learn().new().items():
            word = msgspec.json.encode(facts).decode()
            await self._store.remember(f"{_STREAM_KEY}{station}/{stream}", word)

    async def close(self) -> None:
        """Save the rest at the end: briefly, or not at all."""
        try:
            async with asyncio.timeout(_CLOSING_SECONDS):
                await self._store.remember("volume", str(self._player.state.volume))
                await self.save_stream_facts()
                device = self._player.engine_host.device_report
                if device is not None and device.next_period_ms:
                    await self._store.remember(_PERIOD_KEY, str(device.next_period_ms))
                if device is not None:
                    pace = msgspec.json.encode(device).decode()
                    await self._store.remember(_PACE_KEY, pace)
        except (Problem, TimeoutError) as error:
            log.warning("not everything was saved: %s", error)
