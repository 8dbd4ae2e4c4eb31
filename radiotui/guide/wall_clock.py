"""From the clock on a station's wall to UTC, across both changes of daylight saving."""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, datetime, timedelta, tzinfo


def to_utc(wall: datetime, zone: tzinfo | None) -> datetime:
    """The moment at which the clock in ``zone``, or here, shows ``wall`` (naive), in UTC.

    A time that exists twice, in autumn, is meant the first time. A time that
    does not exist, in spring, is the moment at which the clocks jump. Both hold
    for beginnings and ends alike, so a table without holes has none on those
    days either; what lies wholly in the lost hour has no length.
    """
    utc = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if utc.astimezone(zone).replace(tzinfo=None) == wall:
        return utc
    # For a lost time, fold=1 gives a moment before the jump and fold=0 one after it (PEP 495);
    # of the computer's own zone it is the other way round.
    before, utc = sorted((wall.replace(tzinfo=zone, fold=1).astimezone(UTC), utc))
    winter = before.astimezone(zone).utcoffset()

    def has_jumped(second: int) -> bool:
        return (before + timedelta(seconds=second)).astimezone(zone).utcoffset() != winter

    lost = int((utc - before).total_seconds())
    return before + timedelta(seconds=bisect_left(range(lost), True, key=has_jumped))
