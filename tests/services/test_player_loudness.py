"""Every stream as loud as the others, from the first second, and the level at the ear."""

from __future__ import annotations

import asyncio
import math
from pathlib import Path

import pytest

from radiotui.audio.decoding import facts_of
from radiotui.audio.file_source import MeteredFile
from radiotui.audio.level_meter import LevelMeter
from radiotui.audio.loudness_norm import Loudness
from radiotui.player.intents import Pause, PlayItem, PlayStream, Stop, ToggleLevelLoudness
from radiotui.player.queue import QueueItem
from radiotui.player.sources import Source
from radiotui.player.stream_memory import StreamFacts, StreamMemory
from radiotui.radio.tape.tape import Tape
from tests.servers import Connection, serving
from tests.services.player_lab import Listener, station
from tests.sounds import encode

LUFS = -14.6
"""How loud the clock station is, by FFmpeg's ebur128."""


def long(connection: Connection) -> None:
    connection.live(icy_br="128")
    connection.send(encode("mp3", 30))
    connection.hang()


@pytest.fixture
async def listener(tmp_path: Path):
    listener = Listener(tmp_path)
    yield listener
    await listener.close()


async def test_a_loud_stream_comes_down_to_the_others(listener: Listener):
    with serving(knau=long) as server:
        listener.player.do(PlayStream(*station(server.url("/knau"))))
        player_state = await listener.until(lambda p: p.current.gain_db != 0.0)
        assert player_state.current.gain_db == pytest.approx(-18 - LUFS, abs=1.0)
        listener.player.do(ToggleLevelLoudness())
        assert listener.player.state.current.gain_db == 0.0
        listener.player.do(ToggleLevelLoudness())
        assert listener.player.state.current.gain_db == pytest.approx(-18 - LUFS, abs=1.0)


async def test_what_was_learnt_counts_from_the_first_second(listener: Listener):
    listener.player.stream_memory.recall(
        {("knau", "live"): StreamFacts(loudness=Loudness(-26.0, -12.0, 600))}
    )
    with serving(knau=long) as server:
        listener.player.do(PlayStream(*station(server.url("/knau"))))
        first = await listener.until_playing()
        assert first.current.gain_db == pytest.approx(8.0, abs=0.1)


async def test_what_was_learnt_can_be_kept_once_the_station_is_left(listener: Listener):
    with serving(knau=long) as server:
        listener.player.do(PlayStream(*station(server.url("/knau"))))
        await listener.until(lambda p: p.current.gain_db != 0.0)
        listener.player.do(Stop())
        new = listener.player.stream_memory.new()
        loudness = new["knau", "live"].loudness
        assert loudness is not None
        assert loudness.lufs == pytest.approx(LUFS, abs=1.0)
        assert listener.player.stream_memory.new() == {}


async def test_the_level_is_that_of_what_is_heard(listener: Listener):
    with serving(knau=long) as server:
        assert listener.player.level() is None
        listener.player.do(PlayStream(*station(server.url("/knau"))))
        player_state = await listener.until(lambda p: p.current.gain_db != 0.0)
        async with asyncio.timeout(30):
            while (level := listener.player.level()) is None:
                await asyncio.sleep(0.05)
        # A tone of a fifth of full scale has 17 dB less than that, and the gain is heard too.
        assert level == pytest.approx(1 + (-17.0 + player_state.current.gain_db) / 60, abs=0.03)
        listener.player.do(Pause())
        assert listener.player.level() is None


async def test_a_story_is_made_even_too_and_its_level_shown_from_the_beginning(listener: Listener):
    story = encode("mp3", 90)
    with serving(story=lambda c: c.answer(story, "audio/mpeg")) as server:
        what = QueueItem(key="s", url=server.url("/story"), title="Snow", from_="KNAU", seconds=90)
        listener.player.do(PlayItem(what))
        player_state = await listener.until(lambda p: p.current.gain_db != 0.0)
        assert player_state.current.gain_db == pytest.approx(-18 - LUFS, abs=1.0)
        assert player_state.current.position is not None
        assert player_state.current.position < 20
        async with asyncio.timeout(30):
            while listener.player.level() is None:
                await asyncio.sleep(0.05)
        assert listener.player.stream_memory.new() == {}


def test_a_play_of_a_station_gives_its_meter_the_sound_and_a_story_has_one_of_its_own(
    tmp_path: Path,
):
    tape = Tape(tmp_path)
    radio, story = Source(1, tape, *station("http://knau.example/")), Source(2, tape)
    for source in (radio, story):
        source.measure()
    plays = [source.open_at(None) for source in (radio, story)]
    assert [play.on_pcm is not None for play in plays] == [True, False]
    for source in (radio, story):
        source.close()


async def test_a_recording_is_made_even_too(listener: Listener, tmp_path: Path):
    path = tmp_path / "song.mp3"
    path.write_bytes(encode("mp3", 90))
    listener.player.do(PlayItem(QueueItem(key="f", url="", title="Snow", path=str(path))))
    player_state = await listener.until(lambda p: p.current.gain_db != 0.0)
    assert player_state.current.gain_db == pytest.approx(-18 - LUFS, abs=1.0)
    async with asyncio.timeout(30):
        while listener.player.level() is None:
            await asyncio.sleep(0.05)
    listener.player.do(ToggleLevelLoudness())
    assert listener.player.state.current.gain_db == 0.0


async def test_a_file_that_breaks_off_is_followed_to_there(listener: Listener, tmp_path: Path):
    path = tmp_path / "song.flac"
    path.write_bytes(encode("flac-native", 20)[:-5000])
    length = (await asyncio.to_thread(facts_of, path))[1]
    meter = LevelMeter(MeteredFile(path, length or 0.0), back=math.inf, wait=lambda *_: False)
    async with asyncio.timeout(60):
        while meter.is_running:
            await asyncio.sleep(0.02)
    assert meter.loudness is not None
    assert meter.loudness.lufs == pytest.approx(LUFS, abs=1.5)


def test_letters_and_loudness_are_learnt_apart():
    stream_memory = StreamMemory()
    stream_memory.note(("knau", "live"), letters="cp1251")
    stream_memory.note(("knau", "live"), loudness=Loudness(-20.0, -3.0, 60.0))
    learnt = StreamFacts("cp1251", Loudness(-20.0, -3.0, 60.0))
    assert stream_memory.new() == {("knau", "live"): learnt}
    stream_memory.recall(
        {("knau", "live"): StreamFacts("koi8-r"), ("kexp", "live"): StreamFacts("cp1252")}
    )
    assert stream_memory.of(("knau", "live")) == learnt
    assert stream_memory.of(("kexp", "live")) == StreamFacts("cp1252")
    assert stream_memory.new() == {}
