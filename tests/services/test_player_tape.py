"""Moving on a real tape, and stations that come and go, against servers on loopback."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from radiotui.config import Settings
from radiotui.player.intents import (
    GoToBeginning,
    GoToMark,
    GoToPlace,
    GoToPlayed,
    Pause,
    PlayStream,
    Shift,
    SleepIn,
)
from radiotui.player.state import PlayState
from tests.servers import Connection, Server, serving
from tests.services.player_lab import SOUND, Listener, live, station


@pytest.fixture
async def listener(tmp_path: Path):
    listener = Listener(tmp_path, settings=Settings(warm=1, never_silent=True))
    yield listener
    await listener.close()


async def hear(listener: Listener, server: Server, name: str = "knau") -> None:
    """All twelve seconds of it are on the tape at once: what a server sends ahead is live."""
    listener.player.do(PlayStream(*station(server.url(f"/{name}"), name)))
    await listener.until(lambda p: p.station == name and (p.current.tape_end or 0) > 11.5)


async def test_rewinding_and_going_live_again(listener: Listener):
    with serving(knau=live) as server:
        await hear(listener, server)
        listener.player.do(GoToPlace(8.0))
        assert listener.player.state.current.position == pytest.approx(8.0, abs=0.1)
        await listener.until(lambda p: (p.current.position or 0) > 8.5)
        listener.player.do(Shift(-5))
        assert listener.player.state.current.position == pytest.approx(3.6, abs=0.4)
        listener.player.do(Shift(-60))
        assert listener.words[-1] == "This is as far back as the tape goes"
        assert listener.player.state.current.position == pytest.approx(0.0, abs=0.1)
        assert len(server.asked) == 1


async def test_moving_while_paused_shows_what_was_on_there(listener: Listener):
    with serving(knau=live) as server:
        await hear(listener, server)
        tape = listener.player.tape
        assert tape is not None
        tape.mark_title("Nina Simone - Sinnerman", at=4.0)
        tape.mark_title("The weather", at=9.0)
        listener.player.do(GoToPlace(5.0))
        listener.player.do(Pause())
        listener.player.do(GoToMark(1))
        player_state = listener.player.state
        assert (player_state.state, player_state.current.title) == (PlayState.PAUSED, "The weather")
        listener.player.do(Shift(-3))
        assert listener.player.state.current.title == "Nina Simone - Sinnerman"
        assert listener.player.state.current.title_at == tape.wall_at(4.0)


async def test_the_programme_follows_the_ear(listener: Listener):
    with serving(knau=live) as server:
        await hear(listener, server)
        tape = listener.player.tape
        assert tape is not None
        begin = tape.wall_at(0.0)
        listener.player.programme("knau", "live", "Fresh Air", begin - timedelta(hours=1), None)
        listener.player.programme("knau", "live", "Here & Now", begin + timedelta(seconds=6), None)
        listener.player.do(GoToPlace(3.0))
        assert listener.player.state.current.programme == "Fresh Air"
        listener.player.do(GoToPlace(9.0))
        assert listener.player.state.current.programme == "Here & Now"
        listener.player.do(GoToBeginning())
        assert listener.player.state.current.position == pytest.approx(6.0, abs=0.1)
        assert listener.words == ["Here & Now, from its beginning"]


async def test_a_programme_that_was_known_before_the_first_sound_is_marked_too(listener: Listener):
    began = datetime.now(UTC) - timedelta(hours=1)
    listener.player.programme("knau", "live", "Fresh Air", began, None)
    with serving(knau=live) as server:
        await hear(listener, server)
        player_state = await listener.until(lambda p: p.current.programme == "Fresh Air")
        assert player_state.current.programme_at == began


async def test_the_old_station_plays_on_until_the_new_one_has_sound(listener: Listener):
    begin = threading.Event()

    def late(connection: Connection) -> None:
        begin.wait(20)
        live(connection)

    with serving(knau=live, npr=late) as server:
        await hear(listener, server)
        listener.player.do(PlayStream(*station(server.url("/npr"), "npr")))
        before = listener.player.state.current.position or 0
        player_state = await listener.until(lambda p: (p.current.position or 0) > before + 0.5)
        assert (player_state.station, player_state.state) == ("knau", PlayState.PLAYING)
        assert player_state.pending is not None
        assert player_state.pending.station == "npr"
        told = len(listener.told)
        begin.set()
        await listener.until(lambda p: p.station == "npr" and p.state is PlayState.PLAYING)
        assert PlayState.STOPPED not in {
            player_state.state for player_state in listener.told[told:]
        }


async def test_going_back_to_a_warm_station_asks_nobody_and_lost_nothing(listener: Listener):
    with serving(knau=live, npr=live) as server:
        await hear(listener, server)
        await hear(listener, server, "npr")
        assert [one.station for one in listener.player.state.ready] == ["knau"]
        listener.player.do(PlayStream(*station(server.url("/knau"), "knau")))
        player_state = await listener.until(
            lambda p: p.station == "knau" and p.state is PlayState.PLAYING
        )
        assert [one.station for one in player_state.ready] == ["npr"]
        listener.player.do(Shift(-60))
        assert listener.player.state.current.position == pytest.approx(0.0, abs=0.1)
        assert server.paths() == ["/knau", "/npr"]


async def test_what_was_heard_is_found_again_on_the_tape(listener: Listener):
    with serving(knau=live, npr=live) as server:
        await hear(listener, server)
        tape = listener.player.tape
        assert tape is not None
        sent = tape.wall_at(7.0)
        await hear(listener, server, "npr")
        listener.player.do(GoToPlayed("knau", "live", sent))
        player_state = listener.player.state
        assert player_state.station == "knau"
        assert player_state.current.position == pytest.approx(7.0, abs=0.1)
        listener.player.do(GoToPlayed("knau", "live", sent - timedelta(hours=1)))
        assert [problem.title for problem in listener.problems] == [
            "That is not on a tape any more"
        ]


async def test_the_sleep_timer_ends_everything(listener: Listener):
    with serving(knau=live) as server:
        await hear(listener, server)
        listener.player.do(SleepIn(0.5 / 60))
        player_state = await listener.until(lambda p: p.state is PlayState.STOPPED)
        assert player_state.sleep is None
        assert listener.words == ["Good night"]


async def test_advertisements_are_silent_and_what_follows_is_not(tmp_path: Path):
    listener = Listener(tmp_path, settings=Settings(mute_ads=True))

    def with_ad(connection: Connection) -> None:
        connection.live(icy_metaint="16000")
        block = b"StreamTitle='';adw_ad='true';durationMilliseconds='3000';"
        song = b"StreamTitle='Nina Simone - Sinnerman';"
        for second in range(12):
            connection.send(SOUND[second * 16_000 : (second + 1) * 16_000])
            meta = {0: block, 2: song}.get(second, b"")
            length = -(-len(meta) // 16)
            connection.send(bytes([length]) + meta.ljust(length * 16, b"\0"))
        connection.hang()

    try:
        with serving(knau=with_ad) as server:
            listener.player.do(PlayStream(*station(server.url("/knau"))))
            ad = await listener.until(lambda p: p.current.ad)
            assert (ad.silenced, ad.muted) == (True, False)
            song = await listener.until(lambda p: p.current.title is not None)
            assert not song.silenced
    finally:
        await listener.close()
