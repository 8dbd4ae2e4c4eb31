"""The pace of the sound device: told by the engine, and kept for the next run."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from radiotui.app.session import SavedSession, last_pace
from radiotui.audio.builtin import BuiltinEngine
from radiotui.audio.engine import DeviceReport, EngineEvent, EngineInput, OnEvent
from radiotui.audio.silent import SilentEngine
from radiotui.player.intents import PlayStream
from radiotui.store import Store
from tests.servers import serving
from tests.services.player_lab import Listener, live, station


class PacedEngine(SilentEngine):
    """An engine whose device ran dry, and was given a longer period than it began with."""

    period_ms = 12

    def begin_with_period(self, period_ms: int) -> None:
        self.period_ms = period_ms

    @property
    def device_report(self) -> DeviceReport:  # type: ignore[override]
        return DeviceReport(self.period_ms, 2 * self.period_ms, underruns=1, silence=0.1)


class UnpacedEngine(SilentEngine):
    """An engine that counts underruns, and knows neither their length nor its device's period."""

    @property
    def device_report(self) -> DeviceReport:  # type: ignore[override]
        return DeviceReport(0, 0, underruns=2, silence=None)


async def period_of_a_run(folder: Path, url: str, ears: type[SilentEngine] = PacedEngine) -> int:
    """The period that the device of one run begins with, in milliseconds."""
    store = Store(folder / "radiotui.db", clock=lambda: datetime.now(UTC))
    listener = Listener(folder, ears=ears)
    session = SavedSession(store, listener.player)
    await session.restore_sound(50, listener.problems.append)
    listener.player.do(PlayStream(*station(url)))
    await listener.until_playing()
    report = listener.player.engine_host.device_report
    await session.close()
    assert await last_pace(store) == report
    await listener.close()
    await store.close()
    assert report is not None
    return report.period_ms


async def test_a_device_begins_where_the_last_run_came_to(tmp_path: Path):
    with serving(live=live) as server:
        periods = [await period_of_a_run(tmp_path, server.url("/live")) for _ in range(3)]
    assert periods == [12, 24, 48]


async def test_an_engine_without_a_period_leaves_the_one_of_the_run_before(tmp_path: Path):
    with serving(live=live) as server:
        url = server.url("/live")
        engines = (PacedEngine, UnpacedEngine, PacedEngine)
        periods = [await period_of_a_run(tmp_path, url, ears) for ears in engines]
    assert periods == [12, 0, 24]


def test_a_saved_period_that_is_none_of_the_devices_becomes_the_nearest():
    engine = BuiltinEngine(lambda _event: None, backend="null")
    for saved, period in ((64, 64), (128, 120), (0, 64), (999_999, 240)):
        engine.begin_with_period(saved)
        assert engine.device_report.period_ms == period
    engine.close()


class DeafEngine(SilentEngine):
    """An engine that loses its device in its first play, and finds one in the next."""

    def __init__(self, on_event: OnEvent) -> None:
        self.report = on_event
        self.plays: list[int] = []
        super().__init__(on_event)

    def play(
        self, source: EngineInput, *, play_id: int, gain_db: float = 0.0, rate: float = 1.0
    ) -> None:
        self.plays.append(play_id)
        engines.append(self)
        super().play(source, play_id=play_id, gain_db=gain_db, rate=rate)


engines: list[DeafEngine] = []


async def test_without_a_device_it_is_played_anew_from_the_place_of_the_ear(tmp_path: Path):
    listener = Listener(tmp_path, ears=DeafEngine)
    with serving(knau=live) as server:
        listener.player.do(PlayStream(*station(server.url("/knau"))))
        await listener.until(lambda p: (p.current.position or 0.0) > 1.0)
        before = listener.player.state.current.position
        engine = engines[-1]
        (first,) = engine.plays
        engine.report(EngineEvent(first, "unheard"))
        await listener.until(lambda p: len(engine.plays) == 2 and p.current.is_playing)
        after = listener.player.state.current.position
    await listener.close()
    assert engine.plays == [first, first + 1]
    assert before is not None
    assert after is not None
    assert before <= after < before + 2.0


def test_what_nobody_needs_is_not_loaded_for_sound_and_network():
    code = (
        "import sys; from radiotui.audio.device import load_miniaudio; load_miniaudio();"
        "from radiotui.net.client import Net; Net().prepare();"
        "print([name for name in ('miniaudio', 'httpx', 'numpy', 'click') if name in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "['miniaudio', 'httpx']"
