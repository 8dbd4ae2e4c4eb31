"""The player with a real tuner, a real tape and the silent engine, against servers on loopback."""

import asyncio
import threading
from pathlib import Path

import pytest

from radiotui.audio.silent import SilentEngine
from radiotui.player.intents import Pause, PlayPath, PlayStream, Resume, SetVolume
from radiotui.player.state import PlayState
from radiotui.problems import Problem
from radiotui.radio.framing.mpeg import AdtsFramer
from tests.servers import Connection, Server, serving
from tests.services.player_lab import SECOND, SOUND, Listener, live, station
from tests.sounds import encode

NO_DEVICE = Problem("No sound device was found")


@pytest.fixture
async def listener(tmp_path: Path):
    listener = Listener(tmp_path)
    yield listener
    await listener.close()


def block(title: str) -> bytes:
    text = f"StreamTitle='{title}';".encode()
    blocks = -(-len(text) // 16)
    return bytes([blocks]) + text.ljust(blocks * 16, b"\0")


async def test_a_stream_is_heard(listener: Listener):
    with serving(live=live) as server:
        listener.player.do(PlayStream(*station(server.url("/live"))))
        player_state = await listener.until_playing()
    assert (
        player_state.station_name,
        player_state.current.codec,
        player_state.current.bitrate_kbps,
    ) == (
        "KNAU",
        "MP3",
        128,
    )
    assert (player_state.engine, player_state.volume, player_state.current.live) == (
        "silent",
        70,
        True,
    )
    states = [p.state for p in listener.told]
    assert states[0] is PlayState.CONNECTING


async def test_a_title_shows_when_it_is_heard(listener: Listener):
    def titled(c: Connection) -> None:
        c.live(icy_metaint=str(SECOND))
        c.send(SOUND[:SECOND] + block("One"))
        c.send(SOUND[SECOND : 2 * SECOND] + block("Two"))
        c.send(SOUND[2 * SECOND : 3 * SECOND])
        c.hang()

    with serving(live=titled) as server:
        listener.player.do(PlayStream(*station(server.url("/live"))))
        await listener.until(lambda p: p.current.title is not None)
        tape = listener.player.tape
        assert tape is not None
        # Both titles are on the tape long before the second is heard.
        first = await listener.until(lambda _: len(tape.marks) == 2)
        assert first.current.title == "One"
        second = await listener.until(lambda p: p.current.title == "Two")
        assert second.current.position is not None
        # A frame may be underway when the title comes.
        assert 1.9 <= second.current.position <= 2.6


async def test_pausing_pauses_and_the_next_word_is_the_next_word(listener: Listener):
    with serving(live=live) as server:
        listener.player.do(PlayStream(*station(server.url("/live"))))
        await listener.until(lambda p: (p.current.position or 0) > 0.5)
        listener.player.do(Pause())
        paused = listener.player.state
        assert (paused.state, paused.current.live) == (PlayState.PAUSED, False)
        taken = len(listener.told)
        listener.player.do(Resume())
        await listener.until(
            lambda p: (
                p.current.position is not None and p.current.position > paused.current.position
            )
        )
        positions = [
            p.current.position for p in listener.told[taken:] if p.current.position is not None
        ]
        # Nothing is skipped, and nothing heard twice but what is left of a frame.
        assert paused.current.position - 0.03 < min(positions) <= paused.current.position
        assert positions[1:] == sorted(positions[1:])
        assert len(server.asked) == 1


async def test_two_quick_changes_end_at_the_second_station(listener: Listener):
    with serving(one=live, two=live) as server:
        listener.player.do(PlayStream(*station(server.url("/one"), "one")))
        listener.player.do(PlayStream(*station(server.url("/two"), "two")))
        player_state = await listener.until_playing()
        assert player_state.station == "two"
        assert all(p.station == "two" for p in listener.told[1:])


async def test_a_change_while_playing_leaves_the_first_connection(listener: Listener):
    gone = threading.Event()

    def one(c: Connection) -> None:
        live(c)
        gone.set()

    with serving(one=one, two=live) as server:
        listener.player.do(PlayStream(*station(server.url("/one"), "one")))
        await listener.until_playing()
        listener.player.do(PlayStream(*station(server.url("/two"), "two")))
        await listener.until(lambda p: p.station == "two" and p.state is PlayState.PLAYING)
        assert await asyncio.to_thread(gone.wait, 5)


def later(c: Connection) -> None:
    c.live(icy_br="128")
    c.send(encode("mp3", 12, begin=20))
    c.hang()


async def test_the_sound_comes_back_by_itself_with_the_tape_kept(listener: Listener):
    server = Server()
    server.routes["/live"] = live
    listener.player.do(PlayStream(*station(server.url("/live"))))
    before = await listener.until_playing()
    server.close()
    lost = await listener.until(lambda p: p.current.off_air)
    assert lost.current.problem is not None
    assert lost.state is PlayState.PLAYING
    server = Server(server.port)
    server.routes["/live"] = later
    back = await listener.until(lambda p: not p.current.off_air and p.current.tape_end > 13)
    assert (back.current.tape_start, back.current.tuning_id) == (
        before.current.tape_start,
        before.current.tuning_id,
    )
    server.close()


async def test_nobody_there_is_told_and_tried_again(listener: Listener):
    server = Server()
    url = server.url("/live")
    server.close()
    listener.player.do(PlayStream(*station(url)))
    player_state = await listener.until(
        lambda p: p.current.problem is not None and p.current.retry_at is not None
    )
    assert player_state.state is PlayState.CONNECTING
    assert "nobody answers" in str(player_state.current.problem)


async def test_another_codec_after_a_drop_is_heard_on(tmp_path: Path):
    turns = iter([SOUND[: 3 * SECOND], encode("aac", 3)])

    def changing(c: Connection) -> None:
        c.live()
        c.send(next(turns, b""))
        if len(c.server.asked) == 2:
            c.hang()

    listener = Listener(tmp_path, pace=False)
    with serving(live=changing) as server:
        listener.player.do(PlayStream(*station(server.url("/live"))))
        player_state = await listener.until(
            lambda p: p.current.codec == "AAC" and (p.current.position or 0) > 5
        )
        assert player_state.state is PlayState.PLAYING
    await listener.close()


async def test_a_file_at_an_address_plays_to_its_end(tmp_path: Path):
    listener = Listener(tmp_path, pace=False)
    with serving(file=lambda c: c.answer(SOUND, "audio/mpeg")) as server:
        listener.player.do(PlayStream(*station(server.url("/file"))))
        await listener.was_told(lambda p: p.state is PlayState.PLAYING)
        await listener.until(lambda p: p.state is PlayState.STOPPED)
    assert listener.problems == []
    await listener.close()


async def test_a_file_of_ones_own_plays_to_its_end(tmp_path: Path):
    listener = Listener(tmp_path, pace=False)
    path = tmp_path / "song.mp3"
    path.write_bytes(SOUND)
    listener.player.do(PlayPath(path))
    playing = await listener.was_told(lambda p: p.state is PlayState.PLAYING)
    assert playing.station_name == "song.mp3"
    await listener.until(lambda p: p.state is PlayState.STOPPED)
    await listener.close()


async def test_stopping_and_closing_leave_no_tape_behind(tmp_path: Path):
    listener = Listener(tmp_path, pace=False)
    big = encode("mp3", 30) * 4

    def long(c: Connection) -> None:
        c.live()
        c.send(big)
        c.hang()

    with serving(live=long) as server:
        listener.player.do(PlayStream(*station(server.url("/live"))))
        await listener.until_playing()
        while not list(tmp_path.glob("tapes/*")):
            await asyncio.sleep(0.01)
        await listener.close()
        async with asyncio.timeout(30):
            while list(tmp_path.glob("tapes/*")):
                await asyncio.sleep(0.01)


async def test_volume_and_mute_are_kept_through_a_change(listener: Listener):
    with serving(one=live, two=live) as server:
        listener.player.do(SetVolume(35, muted=True))
        listener.player.do(PlayStream(*station(server.url("/one"), "one")))
        await listener.until_playing()
        listener.player.do(PlayStream(*station(server.url("/two"), "two")))
        player_state = await listener.until(
            lambda p: p.station == "two" and p.current.position is not None
        )
        assert (player_state.volume, player_state.muted) == (35, True)


class Deaf(SilentEngine):
    """Has no sound device, and as with VLC it is only known some time after the start."""

    @property
    def silent_because(self) -> Problem | None:
        return NO_DEVICE if self.position > 0.5 else None


async def test_a_missing_sound_device_is_told_once_and_shown_while_it_lasts(tmp_path: Path):
    listener = Listener(tmp_path, ears=Deaf)
    with serving(live=live) as server:
        listener.player.do(PlayStream(*station(server.url("/live"))))
        player_state = await listener.until(lambda p: p.no_device is not None)
        assert player_state.no_device == NO_DEVICE
        await listener.until(lambda p: (p.current.position or 0) > 2)
        assert listener.problems == [NO_DEVICE]
    await listener.close()


def with_damage(begin: float, end: float) -> bytes:
    """Twelve seconds of AAC, with frames that no decoder can read from one second to another."""
    framer, at, damaged = AdtsFramer(), 0.0, bytearray()
    for frame in framer.feed(encode("aac", 12.0)):
        is_damaged = begin <= at < end
        damaged += frame.data[:7] + bytes(len(frame.data) - 7) if is_damaged else frame.data
        at += frame.seconds
    return bytes(damaged)


async def test_after_damage_one_hears_what_comes_next(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    listener = Listener(tmp_path, pace=False)

    def damaged(c: Connection) -> None:
        c.live()
        c.send(with_damage(2.0, 9.0))
        c.hang()

    with serving(live=damaged) as server:
        listener.player.do(PlayStream(*station(server.url("/live"))))
        await listener.until(lambda p: (p.current.position or 0.0) > 9.5)
        await listener.until(lambda p: p.playback.failures == 0)
        assert listener.player.state.state is PlayState.PLAYING
    await listener.close()
    assert [problem.title for problem in listener.problems] == ["The sound breaks off here"]
    # The first failure is not told, and is in the log nevertheless.
    assert len([line for line in caplog.messages if line.startswith("play from")]) > 1
