"""Radio France: the steps of a station's live line, programmes and songs among each other.

``GET {base}/livemeta/pull/{station}`` gives ``levels[]`` of ids and ``steps`` by id, each with
``start`` and ``end`` (seconds since 1970). A song's ``visual`` is an address, a programme's a bare
id. Numbers of stations: Inter 1, Culture 2, franceinfo 3, Musique 4, Mouv' 6, FIP 7, FIP Rock 64,
Jazz 65, Groove 66, Monde 69, Nouveautés 70, Reggae 71, Electro 74, Metal 77. Other numbers answer
with the parent station's line, so only the known ones are recognised by an address.
"""

from __future__ import annotations

import asyncio
import re
from datetime import datetime, timedelta

from radiotui.guide.model import Programme, Song
from radiotui.guide.sources.answer import (
    ScheduleAnswer,
    address,
    answer_at,
    epoch_time,
    not_understood,
    plain,
    read_json,
)
from radiotui.guide.sources.loose import MOST_ROWS, link, part, words
from radiotui.net.client import Net
from radiotui.stations.model import ScheduleSource, Station

BASE = "https://api.radiofrance.fr"

_NUMBERS = {
    "franceinter": 1,
    "franceculture": 2,
    "franceinfo": 3,
    "francemusique": 4,
    "mouv": 6,
    "fip": 7,
    "fiprock": 64,
    "fipjazz": 65,
    "fipgroove": 66,
    "fipworld": 69,
    "fipnouveautes": 70,
    "fipreggae": 71,
    "fipelectro": 74,
    "fipmetal": 77,
}
"""Names of streams, as ``icecast.radiofrance.fr/{name}-hifi.aac``, to numbers of stations."""
_STREAM = re.compile(r"//(?:icecast|stream|direct)\.radiofrance\.fr/([a-z]+)[-./]")
_LEAST_AGAIN = 15.0


async def now(
    net: Net,
    station: Station,
    source: ScheduleSource,
    at: datetime,
    previous: ScheduleAnswer | None,  # noqa: ARG001
) -> ScheduleAnswer:
    """The programme that is on, the next, and the song. Options: ``station``, ``base``."""
    url = address(source, BASE, "/livemeta/pull/{}", "station")
    who = f"Radio France ({station.name})"
    reply = await read_json(net, url, who, object)
    steps = part(reply, "steps")
    if not isinstance(steps, dict):
        raise not_understood(who, url, "no steps")
    return await asyncio.to_thread(_read, list(steps.values())[:MOST_ROWS], at)


def of_address(url: str) -> ScheduleSource | None:
    """The station whose stream this is, if its number is known."""
    stream = _STREAM.search(url)
    number = _NUMBERS.get(stream[1]) if stream else None
    return ScheduleSource("radio_france", (("station", str(number)),)) if number else None


def _read(steps: list[object], at: datetime) -> ScheduleAnswer:
    songs: list[Song] = []
    programmes: list[Programme] = []
    for step in steps:
        title = words(step, "title", limit=300)
        start, end = epoch_time(part(step, "start")), epoch_time(part(step, "end"))
        if not title or start is None:
            continue
        if words(step, "embedType") == "song":
            seconds = (end - start).total_seconds() if end and end > start else None
            album, picture = words(step, "titreAlbum", limit=300), link(step, "visual")
            songs.append(Song(title, _artist(step), start, seconds, album, picture))
        else:
            summary = plain(part(step, "expressionDescription") or part(step, "description"))
            concept = words(step, "titleConcept")
            name, episode = (concept, title) if concept else (title, "")
            programmes.append(
                Programme(name, start, end, _artist(step) or None, summary, episode=episode)
            )
    # The line reaches ahead: a song is shown when it can be heard.
    begun = [(song.start, song) for song in songs if song.start and song.start <= at]
    _, song = max(begun, key=lambda entry: entry[0], default=(None, None))
    ahead = [song.start for song in songs if song.start and song.start > at]
    if song is None or song.over(at):
        return answer_at(programmes, at, None, _until(min(ahead, default=None), at))
    return answer_at(programmes, at, song, _until(_end(song), at))


def _artist(step: object) -> str:
    for name in ("highlightedArtists", "performers", "authors", "producers"):
        value = part(step, name)
        names = value if isinstance(value, list) else [value]
        cleaned = [words(part(one, "name") or one) for one in names[:10]]
        if any(cleaned):
            return ", ".join(name for name in cleaned if name)
    return ""


def _end(song: Song) -> datetime | None:
    if song.start is None or song.seconds is None:
        return None
    return song.start + timedelta(seconds=song.seconds)


def _until(moment: datetime | None, at: datetime) -> float | None:
    return None if moment is None else max(_LEAST_AGAIN, (moment - at).total_seconds())
