"""Clock times, dates and ages as words, on the listener's clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING

from radiotui.text import clean, time_of_day

if TYPE_CHECKING:
    from radiotui.stations.model import Station


def local(moment: datetime) -> datetime:
    """The moment on the listener's own clock."""
    return moment.astimezone()


def hour(moment: datetime) -> str:
    """A time of day in the listener's form: "3:07 PM" or "15:07"."""
    return time_of_day(moment)


def date(moment: datetime, now: datetime) -> str:
    """Publication time on the listener's clock: "Tue 25 Nov, 3:07 PM"."""
    return f"{local(moment):%a} {day(moment, now)}, {hour(local(moment))}"


def day(moment: datetime, now: datetime) -> str:
    """Day on the listener's clock: "25 Nov", "25 Nov 2019"."""
    moment, now = local(moment), local(now)
    year = f" {moment.year}" if moment.year != now.year else ""
    return f"{moment.day} {moment:%b}{year}"


def minutes_left(end: datetime, now: datetime) -> str:
    """Time until an end, a begun minute as a whole one: "14 min left", "1 h 35 min left"."""
    minutes = ceil((end - now) / timedelta(minutes=1))
    hours = f"{minutes // 60} h " if minutes >= 60 else ""
    return f"{hours}{minutes % 60} min left"


def minutes_until(begin: datetime, now: datetime) -> str:
    """Time until a beginning: "in 14 min", "in 1 h 35 min"; "soon" where it should be now."""
    minutes = ceil((begin - now) / timedelta(minutes=1))
    if minutes <= 0:
        return "soon"
    hours = f"{minutes // 60} h " if minutes >= 60 else ""
    return f"in {hours}{minutes % 60} min"


def zone_word(station: Station, now: datetime) -> str:
    """Name of the station's time zone where it is not the listener's: "MST", "in Kathmandu"."""
    there = now.astimezone(station.zone)
    if there.utcoffset() == local(now).utcoffset():
        return ""
    name = there.tzname() or ""
    if name.isalpha():
        return name
    city = station.city.partition(",")[0]
    return f"in {clean(city, 24)}" if city else station.timezone


def old(asked_at: datetime | None, now: datetime, after: timedelta) -> str:
    """Age of an answer, once that matters: "2h old", else empty."""
    from radiotui.text import age

    if asked_at is None or now - asked_at < after:
        return ""
    return f"{age(now - asked_at)} old"
