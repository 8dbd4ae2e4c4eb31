"""A tuner at work, its pauses written down instead of waited for."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime
from pathlib import Path

from radiotui.net.client import Net
from radiotui.problems import Problem
from radiotui.radio.tape.tape import Tape
from radiotui.radio.tuner.tuner import Lost, Tuner, TunerEvent

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)


def sound_on(tape: Tape) -> bytes:
    """What a decoder is given of the whole tape."""
    span, found = tape.excerpt(tape.start, tape.end), bytearray()
    while (part := span.read()) is not None:
        run, data = part
        found += data if found else run.heads + data
    span.close()
    return bytes(found)


class Listening:
    """One who is told of a station, and what was told."""

    def __init__(self, net: Net, urls: tuple[str, ...], folder: Path, **more: object) -> None:
        self.now = AT
        self.tape = Tape(folder, clock=lambda: self.now)
        self.told: asyncio.Queue[TunerEvent] = asyncio.Queue()
        self.pauses: list[float] = []
        self.events: list[TunerEvent] = []
        tuner = Tuner(
            net,
            urls,
            self.tape,
            name="KNAU",
            on_event=self.told.put_nowait,
            clock=lambda: self.now,
            sleep=self.pause,
            rng=random.Random(1),
            **more,  # type: ignore[arg-type]
        )
        self.task = asyncio.create_task(tuner.run())

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(0)

    async def until(self, kind: type | tuple[type, ...], count: int = 1) -> TunerEvent:
        """The next event of a kind, the count-th from now."""
        while True:
            async with asyncio.timeout(30):
                event = await self.told.get()
            self.events.append(event)
            if isinstance(event, kind):
                count -= 1
                if not count:
                    return event

    async def lost(self) -> Problem:
        """What the listener reads when it is lost next."""
        event = await self.until(Lost)
        assert isinstance(event, Lost)
        return event.problem

    @property
    def sound(self) -> bytes:
        """All that is on the tape."""
        return sound_on(self.tape)

    def marks(self, kind: str) -> list[tuple[float, str]]:
        """Where the marks of a kind stand, in seconds, and what they say."""
        return [(mark.at, mark.text) for mark in self.tape.marks if mark.kind == kind]

    async def until_sound(self, seconds: float) -> None:
        """Until so much is on the tape."""
        async with asyncio.timeout(30):
            while self.tape.end < seconds:
                await asyncio.sleep(0.005)

    async def close(self) -> None:
        self.task.cancel()
        await asyncio.wait([self.task])
        self.tape.close()
