from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from radiotui.guide.wall_clock import to_utc


@pytest.mark.parametrize(
    ("zone", "wall", "utc"),
    [
        ("America/New_York", "2026-01-15 09:00", "2026-01-15 14:00"),
        ("America/New_York", "2026-07-15 09:00", "2026-07-15 13:00"),
        # Spring: 02:00 to 03:00 is lost; all of it is the moment of the jump.
        ("America/New_York", "2026-03-08 01:59", "2026-03-08 06:59"),
        ("America/New_York", "2026-03-08 02:00", "2026-03-08 07:00"),
        ("America/New_York", "2026-03-08 02:30", "2026-03-08 07:00"),
        ("America/New_York", "2026-03-08 02:59", "2026-03-08 07:00"),
        ("America/New_York", "2026-03-08 03:00", "2026-03-08 07:00"),
        # Autumn: 01:00 to 02:00 comes twice; the first is meant.
        ("America/New_York", "2026-11-01 01:00", "2026-11-01 05:00"),
        ("America/New_York", "2026-11-01 01:59", "2026-11-01 05:59"),
        ("America/New_York", "2026-11-01 02:00", "2026-11-01 07:00"),
        ("Europe/Paris", "2026-03-29 02:30", "2026-03-29 01:00"),
        ("Europe/Paris", "2026-03-29 03:00", "2026-03-29 01:00"),
        ("Europe/Paris", "2026-10-25 02:30", "2026-10-25 00:30"),
        ("Europe/Paris", "2026-10-25 03:00", "2026-10-25 02:00"),
        ("America/Phoenix", "2026-03-08 02:30", "2026-03-08 09:30"),
        ("America/Phoenix", "2026-11-01 01:30", "2026-11-01 08:30"),
        # Half an hour is lost here, and once a whole day was.
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:30"),
        ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30 10:00"),
    ],
)
def test_the_clock_on_the_wall(zone: str, wall: str, utc: str) -> None:
    moment = to_utc(datetime.fromisoformat(wall), ZoneInfo(zone))
    assert moment == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert moment.tzinfo is UTC
