"""SomaFM's list of its channels.

``GET {base}/channels.json`` gives ``channels[]``, each with ``id, title, genre ("a|b"), image`` and
``playlists[{url, format, quality}]``. The id is what its songs are asked with.
"""

from __future__ import annotations

from radiotui.directories.answers import read_answer
from radiotui.directories.model import FoundStation, FoundStream, StationQuery
from radiotui.guide.sources.loose import link, part, rows, words
from radiotui.net.client import Net
from radiotui.stations.model import ScheduleSource

BASE = "https://somafm.com"

_MOST_CHANNELS = 200
_MOST_URLS = 6
_QUALITIES = ("highest", "high", "low")
_PICTURES = ("xlimage", "largeimage", "image")


class SomaFm:
    """SomaFM's channels; their list is asked for once."""

    name = "SomaFM"

    def __init__(self, base: str = BASE) -> None:
        self.base = base.rstrip("/")
        self._stations: list[FoundStation] = []

    async def find(self, net: Net, query: StationQuery) -> list[FoundStation]:
        """The channels that fit. Raises Problem."""
        if not self._stations:
            url = f"{self.base}/channels.json"
            self._stations = await read_answer(net, url, self.name, _stations)
        return [station for station in self._stations if query.fits(station)]


def _stations(reply: object) -> list[FoundStation] | None:
    if not isinstance(part(reply, "channels"), list):
        return None
    stations = map(_station, rows(reply, "channels")[:_MOST_CHANNELS])
    return [station for station in stations if station.urls]


def _station(channel: object) -> FoundStation:
    identity, title = words(channel, "id", limit=60), words(channel, "title", limit=100)
    playlists = sorted(rows(channel, "playlists")[:50], key=_order)
    urls = dict.fromkeys(url for playlist in playlists if (url := link(playlist, "url")))
    schedule = (ScheduleSource("somafm", (("channel", identity),)),) if identity else ()
    codec = words(playlists[0], "format", limit=10).upper() if playlists else ""
    genres = (genre.strip() for genre in words(channel, "genre").split("|"))
    return FoundStation(
        name=f"SomaFM {title or identity}".strip(),
        directory=SomaFm.name,
        streams=(FoundStream("", tuple(urls)[:_MOST_URLS], codec, schedule=schedule),),
        city="San Francisco, CA",
        country="US",
        timezone="America/Los_Angeles",
        group="Music",
        homepage=f"{BASE}/{identity}/" if identity.isalnum() else BASE,
        picture=next(filter(None, (link(channel, key) for key in _PICTURES)), ""),
        tags=tuple(filter(None, genres))[:10],
    )


def _order(playlist: object) -> int:
    quality = words(playlist, "quality", limit=20)
    return _QUALITIES.index(quality) if quality in _QUALITIES else len(_QUALITIES)
