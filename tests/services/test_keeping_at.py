"""A recording that begins at a time: its first sound is what the station sent then."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

import mutagen
import pytest

from radiotui.app.companion import Companion, Options
from radiotui.cli.output import CommandFailedError
from radiotui.cli.record import RecordOptions, record
from radiotui.config import Folders
from tests.kept import body_of, clock_at, pcm
from tests.servers import Connection, paced, serving

SOUND = body_of("mp3", 30.0)
SECOND = 16_000
EARLY = 3.0
BURST = 2
PROGRAMMES = "".join(
    f'[[station.stream.programme]]\nname = "{name}"\ndays = "daily"\n'
    f'start = "{start}"\nend = "{end}"\n'
    for name, start, end in (("Before", "00:00", "16:00"), ("Fresh Air", "16:00", "24:00"))
)


@pytest.fixture
def _in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Where the station's table is the listener's."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_in_utc")
async def test_a_programme_by_its_name_is_cut_at_its_end(
    tmp_path: Path, station_file: Callable[..., str], capsys: pytest.CaptureFixture[str]
):
    def live(connection: Connection) -> None:
        connection.live()
        tenth = SECOND // 10
        paced(connection, [SOUND[at : at + tenth] for at in range(0, len(SOUND), tenth)], 0.1)

    # Five seconds before four, when the programme is over.
    first = datetime(2026, 11, 23, 16).astimezone() - timedelta(seconds=5)
    start = time.monotonic()

    def clock() -> datetime:
        return first + timedelta(seconds=time.monotonic() - start)

    async def recorded(name: str) -> Path:
        options = Options(
            stations=stations, engine="silent", folders=Folders(root=tmp_path / "home")
        )
        companion = Companion(options, clock=clock)
        companion.load()
        wish = RecordOptions("test", programme=name, folder=tmp_path / "kept")
        assert await record(companion, wish) == 0
        return Path(capsys.readouterr().out.strip())

    with serving(live=live) as server:
        stations = Path(station_file(server.url("/live"), more=PROGRAMMES))
        with pytest.raises(CommandFailedError):
            await recorded("Car Talk")
        assert "has no “Car Talk” in the days to come" in capsys.readouterr().err
        start = time.monotonic()
        path = await recorded("before")
    assert path.name == "2026-11-23 15.59 Before.mp3"
    assert 0.0 < mutagen.File(path).info.length < 5.2


@pytest.mark.usefixtures("_in_utc")
async def test_it_begins_with_what_was_sent_at_that_time(
    tmp_path: Path, station_file: Callable[..., str], capsys: pytest.CaptureFixture[str]
):
    began: list[float] = []

    def live(connection: Connection) -> None:
        began.append(time.monotonic())
        connection.live()
        connection.send(SOUND[: BURST * SECOND])
        tenth = SECOND // 10
        rest = SOUND[BURST * SECOND :]
        paced(connection, [rest[at : at + tenth] for at in range(0, len(rest), tenth)], 0.1)

    # The station's clock, and the listener's, stand three seconds before four.
    first = datetime(2026, 11, 23, 16).astimezone() - timedelta(seconds=EARLY)
    start = time.monotonic()

    def clock() -> datetime:
        return first + timedelta(seconds=time.monotonic() - start)

    with serving(live=live) as server:
        stations = Path(station_file(server.url("/live"), more=PROGRAMMES))
        options = Options(
            stations=stations, engine="silent", folders=Folders(root=tmp_path / "home")
        )
        companion = Companion(options, clock=clock)
        companion.load()
        wish = RecordOptions("test", seconds=2.0, at=time_of_day(16), folder=tmp_path / "kept")
        assert await record(companion, wish) == 0
    path = Path(capsys.readouterr().out.strip())
    due = EARLY - (began[0] - start) + BURST
    assert clock_at(pcm(path), 0.0) == pytest.approx(due, abs=0.5)
    assert path.name == "2026-11-23 16.00 Fresh Air.mp3"
    assert mutagen.File(path).info.length == pytest.approx(2.0, abs=0.1)
