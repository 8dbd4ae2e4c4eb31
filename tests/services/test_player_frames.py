"""The way from an intent to the engine: short, and within the same call."""

from __future__ import annotations

import inspect
from pathlib import Path

from radiotui.audio.engine import EngineInput
from radiotui.audio.silent import SilentEngine
from radiotui.player.intents import GoToPlace, PlayStream
from tests.servers import serving
from tests.services.player_lab import Listener, live, station

_MOST_FRAMES = 5
"""With the screen's action and the Companion's ``do`` they are seven."""

ways: list[list[str]] = []


class TracedEngine(SilentEngine):
    """Notes the functions it is called through, the outermost first."""

    def play(
        self, source: EngineInput, *, play_id: int, gain_db: float = 0.0, rate: float = 1.0
    ) -> None:
        names = [frame.function for frame in inspect.stack(context=0)]
        ways.append(names[: names.index("do") + 1][::-1] if "do" in names else [])
        super().play(source, play_id=play_id, gain_db=gain_db, rate=rate)


async def test_a_move_reaches_the_engine_in_the_same_call_and_few_frames(tmp_path: Path):
    listener = Listener(tmp_path, ears=TracedEngine)
    with serving(knau=live) as server:
        listener.player.do(PlayStream(*station(server.url("/knau"))))
        await listener.until(lambda p: p.current.tape_end > 11.5)
        ways.clear()
        listener.player.do(GoToPlace(8.0))
        (way,) = ways
    await listener.close()
    assert (way[0], way[-1]) == ("do", "play")
    assert len(way) <= _MOST_FRAMES, way
