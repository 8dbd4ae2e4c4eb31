"""NTS: its two channels, and its mixtapes, which never end.

``GET {base}/api/v2/mixtapes`` gives ``results[]``, each with ``title, subtitle,
audio_stream_endpoint, media{picture_large}``.
"""

from __future__ import annotations

from radiotui.directories.answers import read_answer
from radiotui.directories.model import FoundStation, FoundStream, StationQuery
from radiotui.guide.sources.loose import link, part, rows, words
from radiotui.net.client import Net
from radiotui.problems import Problem
from radiotui.stations.model import ScheduleSource

BASE = "https://www.nts.live"

_CHANNELS = (
    ("NTS 1", "1", "https://stream-relay-geo.ntslive.net/stream"),
    ("NTS 2", "2", "https://stream-relay-geo.ntslive.net/stream2"),
)
_MOST_MIXTAPES = 100


class Nts:
    """NTS's channels, and its mixtapes, whose list is asked for once."""

    name = "NTS"

    def __init__(self, base: str = BASE) -> None:
        self.base = base.rstrip("/")
        self._mixtapes: list[FoundStation] = []

    async def find(self, net: Net, query: StationQuery) -> list[FoundStation]:
        """The channels and mixtapes that fit. Raises Problem where neither is known."""
        channels = [station for station in map(_channel, _CHANNELS) if query.fits(station)]
        try:
            if not self._mixtapes:
                url = f"{self.base}/api/v2/mixtapes"
                self._mixtapes = await read_answer(net, url, self.name, _stations)
        except Problem:
            if not channels:
                raise
        return channels + [station for station in self._mixtapes if query.fits(station)]


def _channel(channel: tuple[str, str, str]) -> FoundStation:
    name, number, url = channel
    schedule = (ScheduleSource("nts", (("channel", number),)),)
    return _station(name, FoundStream("", (url,), "MP3", schedule=schedule), "", ())


def _stations(reply: object) -> list[FoundStation] | None:
    if not isinstance(part(reply, "results"), list):
        return None
    stations: list[FoundStation] = []
    for row in rows(reply, "results")[:_MOST_MIXTAPES]:
        title, url = words(row, "title", limit=100), link(row, "audio_stream_endpoint")
        if title and url:
            picture = link(row, "media", "picture_large") or ""
            tags = tuple(filter(None, ("mixtape", words(row, "subtitle", limit=80))))
            stations.append(_station(f"NTS {title}", FoundStream("", (url,)), picture, tags))
    return stations


def _station(name: str, stream: FoundStream, picture: str, tags: tuple[str, ...]) -> FoundStation:
    return FoundStation(
        name=name,
        directory=Nts.name,
        streams=(stream,),
        city="London",
        country="GB",
        timezone="Europe/London",
        group="Music",
        homepage=BASE,
        picture=picture,
        tags=tags,
    )
