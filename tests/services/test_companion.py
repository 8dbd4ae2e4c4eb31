"""The Companion with its real services, where something of this computer is missing."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from radiotui.app.companion import Companion, Notice, Options
from radiotui.app.intents import Tune
from radiotui.config import Folders
from radiotui.demo.signal import TestSignal
from radiotui.player.state import PlayerState
from tests.servers import Connection, serving
from tests.sounds import encode


async def test_without_loopback_all_but_the_test_signal_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def no_loopback(self: TestSignal) -> None:
        raise OSError("no such device")

    monkeypatch.setattr(TestSignal, "start", no_loopback)
    companion = Companion(Options(demo=True, engine="silent", folders=Folders(tmp_path)))
    companion.load()
    told: list[str] = []
    companion.subscribe(lambda what: told.append(str(getattr(what, "problem", ""))))
    await companion.open(screen=False)
    assert told[0] == "The Test Signal cannot be served here: no such device"
    companion.do(Tune("test-signal", "signal"))
    async with asyncio.timeout(30):
        while not any("has no address just now" in line for line in told):
            await asyncio.sleep(0)
    await companion.close()


async def test_notices_wait_for_whoever_listens(tmp_path: Path):
    settings = tmp_path / "settings.toml"
    settings.write_text("volme = 3\n")
    companion = Companion(Options(config=settings, demo=True, folders=Folders(tmp_path)))
    companion.load()
    told: list[object] = []
    companion.subscribe(told.append)
    assert [type(what) for what in told] == [Notice]


async def test_what_listening_taught_of_a_stream_outlives_the_program(tmp_path: Path):
    def loud(connection: Connection) -> None:
        connection.live(icy_br="128")
        connection.send(encode("mp3", 30))
        connection.hang()

    stations = tmp_path / "stations.toml"

    async def first_gain(wanted: Callable[[float], bool]) -> float:
        """The first gain of the kind, by a program that is started and ended for it."""
        companion = Companion(
            Options(stations=stations, engine="silent", folders=Folders(tmp_path))
        )
        companion.load()
        await companion.open(screen=False)
        gains: asyncio.Queue[float] = asyncio.Queue()
        companion.subscribe(
            lambda told: (
                gains.put_nowait(told.current.gain_db)
                if isinstance(told, PlayerState) and told.current.position is not None
                else None
            )
        )
        companion.do(Tune("knau", "live"))
        async with asyncio.timeout(20):
            while not wanted(gain := await gains.get()):
                pass
        await companion.close()
        return gain

    with serving(live=loud) as server:
        stations.write_text(
            '[[station]]\nid = "knau"\nname = "KNAU"\n'
            f'[[station.stream]]\nid = "live"\nname = "Live"\nurl = "{server.url("/live")}"\n'
        )
        learnt = await first_gain(lambda gain: gain != 0.0)
        assert learnt < -2.0
        assert await first_gain(lambda _gain: True) == pytest.approx(learnt, abs=0.6)
