"""The Test Signal's schedule, in the shapes of NPR's Composer.

Source: the answers of ``https://api.composer.nprstations.org/v1/widget/{ucs}/now``
and ``…/day``, as stations' own pages read them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from radiotui.demo.rundown import PROGRAMME, TURN, Rundown, RundownTurn, Show

UCS = "test-signal"


class Composer:
    """One station's answers; its wall clock is in ``zone``, ``link`` is every programme's page."""

    def __init__(self, rundown: Rundown, zone: ZoneInfo, link: str) -> None:
        self._rundown = rundown
        self._zone = zone
        self._link = link

    def now(self, at: datetime) -> dict[str, Any]:
        """The programme at ``at``, and the next two."""
        show = self._rundown.show(at)
        later = [self._rundown.show(show.start + PROGRAMME * step) for step in (1, 2)]
        song = self._song(self._rundown.turn(at))
        return {
            "onNow": self._programme(show) | {"song": song},
            "nextUp": [self._programme(next_show) for next_show in later],
        }

    def day(self, day: date, at: datetime) -> dict[str, Any]:
        """Every programme that begins on ``day``; the one on air with what it has played so far."""
        begin = datetime(day.year, day.month, day.day, tzinfo=self._zone).astimezone(UTC)
        show = self._rundown.show(begin)
        if show.start < begin:
            show = self._rundown.show(show.end)
        listed: list[dict[str, Any]] = []
        while show.start.astimezone(self._zone).date() == day:
            listed.append(self._programme(show) | {"playlist": self._played(show, at)})
            show = self._rundown.show(show.end)
        return {"onToday": listed, "params": {"date": day.isoformat(), "format": "json"}}

    def _played(self, show: Show, at: datetime) -> list[dict[str, Any]]:
        if not show.start <= at < show.end:
            return []
        turns = int((at - show.start) / TURN) + 1
        return [self._song(self._rundown.turn(show.start + TURN * turn)) for turn in range(turns)]

    def _programme(self, show: Show) -> dict[str, Any]:
        start, end = show.start.astimezone(self._zone), show.end.astimezone(self._zone)
        return {
            "_id": f"{show.start:%Y%m%d%H%M}",
            "date": f"{start:%Y-%m-%d}",
            "day": start.ctime()[:3],
            "start_time": f"{start:%H:%M}",
            "end_time": f"{end:%H:%M}",
            "fullstart": f"{start:%Y-%m-%d %H:%M}",
            "fullend": f"{end:%Y-%m-%d %H:%M}",
            "start_utc": _javascript(start),
            "end_utc": _javascript(end),
            "conflicts": [],
            "has_playlist": True,
            "program": {
                "name": show.name,
                "program_desc": show.about,
                "program_format": "Test",
                "program_link": self._link,
                "hosts": [{"name": show.host}],
                "ucs": UCS,
            },
        }

    def _song(self, turn: RundownTurn) -> dict[str, Any]:
        start = turn.start.astimezone(self._zone)
        end = (turn.start + TURN).astimezone(self._zone)
        return {
            "_id": f"{turn.start:%Y%m%d%H%M%S}",
            "_date": f"{start:%m%d%Y}",
            "_duration": TURN // timedelta(milliseconds=1),
            "_start_time": f"{start:%m-%d-%Y %H:%M:%S}",
            "_end_time": f"{end:%m-%d-%Y %H:%M:%S}",
            "_start_datetime": f"{start:%m-%d-%Y %H:%M:%S}",
            "_end_datetime": f"{end:%m-%d-%Y %H:%M:%S}",
            "trackName": turn.title,
            "artistName": turn.artist,
            "composerName": "",
            "collectionName": "The Test Signal's Only Shelf",
            "imageURL": "",
        }


def _javascript(local: datetime) -> str:
    # Not %a and %b: they speak the computer's language once a program has set its locale.
    words = local.ctime()
    return f"{words[:3]} {words[4:7]} {local:%d %Y %H:%M:%S} GMT{local:%z} ({local.tzname()})"
