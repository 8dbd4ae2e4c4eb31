"""Radio Paradise's channels. They are few and well known, and no service has to be asked."""

from __future__ import annotations

from radiotui.directories.model import FoundStation, FoundStream, StationQuery
from radiotui.net.client import Net
from radiotui.stations.model import ScheduleSource

_HOST = "http://stream.radioparadise.com"
_CHANNELS = (
    ("Main Mix", "0", ("aac-320", "mp3-192"), "eclectic"),
    ("Mellow Mix", "1", ("mellow-320", "mellow-192"), "mellow"),
    ("Rock Mix", "2", ("rock-320", "rock-192"), "rock"),
    ("Global Mix", "3", ("global-320", "world-etc-320"), "world"),
)


class RadioParadise:
    """Radio Paradise's channels."""

    name = "Radio Paradise"

    async def find(self, net: Net, query: StationQuery) -> list[FoundStation]:  # noqa: ARG002
        """The channels that fit."""
        return [station for station in map(_station, _CHANNELS) if query.fits(station)]


def _station(channel: tuple[str, str, tuple[str, ...], str]) -> FoundStation:
    title, number, paths, tag = channel
    schedule = (ScheduleSource("radio_paradise", (("channel", number),)),)
    urls = tuple(f"{_HOST}/{path}" for path in paths)
    return FoundStation(
        name=f"Radio Paradise {title}",
        directory=RadioParadise.name,
        streams=(FoundStream("", urls, "AAC", 320, schedule),),
        city="Eureka, CA",
        country="US",
        timezone="America/Los_Angeles",
        group="Music",
        homepage="https://radioparadise.com",
        tags=("music", tag),
    )
