"""A programme recorded by its times, of streams that nobody hears and of one that is heard."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import mutagen

from radiotui.player.intents import PlayStream, RecordProgramme
from radiotui.player.state import PlayState
from tests.kept import body_of, clock_at, complaints, pcm
from tests.servers import Connection, Server
from tests.services.player_lab import Listener, station

SOUND = body_of("mp3", 12.0)


def at_once(connection: Connection) -> None:
    """Twelve seconds that were sent before now."""
    connection.live(icy_br="128")
    connection.send(SOUND)
    connection.hang()


def programme(server: Server, name: str, begin: float, end: float) -> RecordProgramme:
    """A programme that began and ended so many seconds from now."""
    now = datetime.now(UTC)
    begins_at, ends_at = (now + timedelta(seconds=seconds) for seconds in (begin, end))
    streams = station(server.url(f"/{name}"), name)
    return RecordProgramme(name, *streams, "Fresh Air", begins_at, ends_at)


async def test_it_is_cut_at_its_times_and_takes_one_connection(tmp_path: Path):
    server, listener = Server(), Listener(tmp_path)
    server.routes["/knau"] = server.routes["/kjzz"] = at_once
    fresh_air = programme(server, "knau", -8.0, -3.0)
    listener.player.do(fresh_air)
    await listener.until_kept()
    assert listener.player.state.state is PlayState.STOPPED
    (path,) = (tmp_path / "recordings" / "KNAU").glob("*.mp3")
    assert path.name.endswith(" Fresh Air.mp3")
    assert abs(mutagen.File(path).info.length - 5.0) < 0.1
    assert abs(clock_at(pcm(path), 0.0) - 4.0) < 2.0
    assert complaints(path) == ""
    assert listener.player.end_programme("knau") > 4.5

    # One that goes on: the station is tuned in to, and left, on the same connection.
    going_on = programme(server, "kjzz", -5.0, 60.0)
    listener.player.do(going_on)
    await listener.until(lambda state: any(item.seconds > 4 for item in state.recordings))
    listener.player.do(PlayStream(going_on.station, going_on.stream))
    await listener.until_playing()
    assert [connection.path for connection in server.asked] == ["/knau", "/kjzz"]
    assert listener.player.end_programme("kjzz") > 4.0
    await listener.until_kept(2)
    await listener.close()
    server.close()


async def test_a_station_without_sound_leaves_no_file(tmp_path: Path):
    server, listener = Server(), Listener(tmp_path)
    listener.player.do(programme(server, "knau", -1.0, 30.0))
    async with asyncio.timeout(30):
        while not server.asked:
            await asyncio.sleep(0.01)
    assert listener.player.end_programme("knau") == 0.0
    assert list((tmp_path / "recordings").rglob("*.*")) == []
    assert listener.player.costs() == ()
    await listener.close()
    server.close()
