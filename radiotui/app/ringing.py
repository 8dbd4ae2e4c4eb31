"""Ringing of an alarm: a station that grows louder, another one, or the Test Signal's pips."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator

from radiotui.app.intents import Intent, Tune
from radiotui.marks.alarms import Alarm
from radiotui.player.intents import SetVolume
from radiotui.player.state import PlayerState, PlayState
from radiotui.stations import fields
from radiotui.stations.model import StationList

_FIRST_VOLUME = 10
_LEAST_VOLUME = 40
"""Whoever has turned the radio down in the evening is to wake up."""
_RISE_SECONDS = 60
_PATIENCE = 20.0
"""Seconds for the first sound of a station; it tries all its addresses meanwhile."""
_OTHER_STATIONS = 2
_PIPS = (fields.TEST_SIGNAL, "signal")
"""The Test Signal, which needs no network."""


class Ringing:
    """One alarm while it rings."""

    def __init__(
        self,
        alarm: Alarm,
        player_state: Callable[[], PlayerState],
        do: Callable[[Intent], None],
        station_list: StationList,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._alarm = alarm
        self._player_state = player_state
        self._do = do
        self._station_list = station_list
        self._sleep = sleep
        self._news = asyncio.Event()

    def receive(self) -> None:
        """Look at the player: its snapshot is another one."""
        self._news.set()

    async def ring(self) -> tuple[str, str] | None:
        """Play, and grow louder; the stream that is heard, or None: the listener ended it."""
        volume = max(_LEAST_VOLUME, self._player_state().volume)
        self._do(SetVolume(_FIRST_VOLUME))
        for station, stream in self._choices():
            self._do(Tune(station, stream, remember=False))
            is_heard = await self._is_heard(station, stream)
            if is_heard is None:
                self._do(SetVolume(volume))
                return None
            if is_heard:
                break
        await self._rise(volume)
        return station, stream

    def _choices(self) -> Iterator[tuple[str, str]]:
        """The alarm's stream, the first ones of other stations, and the Test Signal."""
        own = (self._alarm.station, self._alarm.stream)
        yield own
        count = 0
        for station in self._station_list.stations:
            if station.id in {own[0], _PIPS[0]} or count == _OTHER_STATIONS:
                continue
            count += 1
            yield station.id, station.streams[0].id
        yield _PIPS

    async def _is_heard(self, station: str, stream: str) -> bool | None:
        """True once the stream sounds, False where it does not; None: the listener stopped it."""
        was_tuned, patience = False, asyncio.ensure_future(self._sleep(_PATIENCE))
        try:
            while True:
                is_last = patience.done()
                self._news.clear()
                state = self._player_state()
                is_current = state.current.key == (station, stream)
                if is_current and state.current.is_playing and state.current.position is not None:
                    return True
                if state.state is not PlayState.STOPPED:
                    was_tuned = True
                elif was_tuned:
                    return False if state.current.problem is not None else None
                if is_last:
                    return False
                news = asyncio.ensure_future(self._news.wait())
                await asyncio.wait({news, patience}, return_when=asyncio.FIRST_COMPLETED)
                news.cancel()
        finally:
            patience.cancel()

    async def _rise(self, volume: int) -> None:
        """Grow louder, unless the listener turns it up or down, or off."""
        step = _FIRST_VOLUME
        for second in range(1, _RISE_SECONDS + 1):
            await self._sleep(1.0)
            state = self._player_state()
            if state.volume != step:
                return
            if state.state is PlayState.STOPPED:
                self._do(SetVolume(volume))
                return
            step = _FIRST_VOLUME + round((volume - _FIRST_VOLUME) * second / _RISE_SECONDS)
            self._do(SetVolume(step))
