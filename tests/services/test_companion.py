"""The Companion with its real services, where something of this computer is missing."""

import asyncio
from pathlib import Path

import pytest

from radiotui.companion import Companion, Notice, Options
from radiotui.config import Folders
from radiotui.demo.signal import TestSignal
from radiotui.player.playback import Playback


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
    companion.play("test-signal", "signal")
    async with asyncio.timeout(5):
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
    def open_again() -> Companion:
        folders = Folders(tmp_path)
        companion = Companion(Options(demo=True, engine="silent", folders=folders))
        companion.load()
        return companion

    companion = open_again()
    await companion.open(screen=False)
    companion.play("test-signal", "signal")
    async with asyncio.timeout(20):
        while companion.playback.gain_db == 0.0:
            await asyncio.sleep(0.05)
    learnt = companion.playback.gain_db
    await companion.close()

    again = open_again()
    await again.open(screen=False)
    first: list[float] = []
    again.subscribe(
        lambda told: (
            first.append(told.gain_db)
            if isinstance(told, Playback) and told.position is not None
            else None
        )
    )
    again.play("test-signal", "signal")
    async with asyncio.timeout(20):
        while not first:
            await asyncio.sleep(0.05)
    await again.close()
    assert first[0] == pytest.approx(learnt, abs=1.0)
