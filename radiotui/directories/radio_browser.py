"""Radio Browser: a directory of the world's stations that its listeners keep.

Its servers come and go, and a dead one stays listed for days: the list is asked for at ``all.``
(``/json/servers``, ``[{ip, name}]``), shuffled, and after any failure of any request the next one
is asked. ``/json/stations/search`` takes names in camel case and passes over those that it does
not know. A station has an entry for each bitrate. ``/json/url/{uuid}`` counts a start.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import TypeVar
from urllib.parse import urlencode

from radiotui.directories.answers import read_answer
from radiotui.directories.model import FoundStation, FoundStream, StationQuery, folded
from radiotui.guide.sources.loose import link, number, part, rows, words
from radiotui.net.client import Net
from radiotui.net.urls import is_web, parts_of, server_of, site_of
from radiotui.problems import Problem

T = TypeVar("T")

BASE = "https://all.api.radio-browser.info"

LISTING = "radio-browser"
"""The name of this directory in the listing of a stream."""
_WHO = "Radio Browser"
_MOST_SERVERS = 20
_MOST_TRIES = 4
_SERVER_SECONDS = 7.0
_MOST_ENTRIES = 200
_MOST_URLS = 8
_MOST_TAGS = 10
_HIGHEST_BITRATE = 20_000
_UUID = re.compile(r"[0-9A-Za-z-]{1,64}")
_QUALITY = re.compile(
    r"\b(?:\d{2,4} ?k(?:bps|bit(?: s)?|bits|b)?|mp3|aac|heaac|ogg|opus|flac|hls|hq|hd|lq)\b"
)
"""Words by which the entries of one station differ."""


class RadioBrowser:
    """The directory, by whichever of its servers answers; ``base`` lists them."""

    name = "Radio Browser"

    def __init__(self, base: str = BASE, *, rng: random.Random | None = None) -> None:
        self.base = base.rstrip("/")
        self._rng = rng or random.Random()
        self._servers: list[str] = []
        """The one that answered last is the first, one that failed the last."""
        self._clicks: set[str] = set()

    async def find(self, net: Net, query: StationQuery) -> list[FoundStation]:
        """The stations that ``query`` asks for, each with all its entries. Raises Problem."""
        return await self._ask(net, f"/json/stations/search?{urlencode(_fields(query))}", _stations)

    async def look_up(self, net: Net, uuid: str) -> list[FoundStation]:
        """The station with that id, as it is listed now; none where it is not. Raises Problem."""
        if not _UUID.fullmatch(uuid):
            return []
        return await self._ask(net, f"/json/stations/byuuid/{uuid}", _stations)

    async def count_click(self, net: Net, uuid: str) -> None:
        """Count that a listener has started a station, once. Raises Problem."""
        if uuid in self._clicks or not _UUID.fullmatch(uuid):
            return
        self._clicks.add(uuid)
        await self._ask(net, f"/json/url/{uuid}", lambda reply: True if reply else None)

    async def _ask(self, net: Net, path: str, reader: Callable[[object], T | None]) -> T:
        """The answer of the first server that gives one. Raises Problem, the first one's."""
        if not self._servers:
            self._servers = await self._listed_servers(net)
        problem: Problem | None = None
        for server in self._servers[:_MOST_TRIES]:
            url = f"{server}{path}"
            try:
                return await read_answer(net, url, _WHO, reader, seconds=_SERVER_SECONDS)
            except Problem as failure:
                problem = problem or failure
                self._servers = [listed for listed in self._servers if listed != server]
        raise problem or Problem(f"{_WHO} has no server")

    async def _listed_servers(self, net: Net) -> list[str]:
        """The servers in a random order, and at last the address that lists them."""
        scheme = parts_of(self.base).scheme
        try:
            hosts = await read_answer(
                net, f"{self.base}/json/servers", _WHO, _hosts, seconds=_SERVER_SECONDS
            )
        except Problem:
            hosts = []
        servers = [url for host in hosts if is_web(url := f"{scheme}://{host}")]
        self._rng.shuffle(servers)
        servers = [server for server in servers if server != self.base]
        return [*servers[: _MOST_TRIES - 1], self.base]


def _hosts(reply: object) -> list[str]:
    names = (words(row, "name", limit=200).lower() for row in rows(reply)[:100])
    hosts = (name for name in names if server_of(f"https://{name}/") == name != "")
    return list(dict.fromkeys(hosts))[:_MOST_SERVERS]


def _fields(query: StationQuery) -> dict[str, str]:
    country = query.country
    is_code = len(country) == 2
    fields = {
        "name": query.words,
        "tagList": query.tag.lower(),
        "countrycode": country.upper() if is_code else "",
        "country": "" if is_code else country,
        "language": query.language.lower(),
        "codec": query.codec.upper(),
    }
    order = {"order": "votes", "reverse": "true", "limit": str(_MOST_ENTRIES)}
    return {**{name: value for name, value in fields.items() if value}, **order}


def _stations(reply: object) -> list[FoundStation] | None:
    if not isinstance(reply, list):
        return None
    groups: dict[str, list[_Entry]] = {}
    keys: dict[str, str] = {}
    for row in rows(reply)[:_MOST_ENTRIES]:
        entry = _Entry(row)
        if not entry.name or not entry.urls:
            continue
        # Entries with the same stream are of one station, whatever they are called.
        key = next((keys[url] for url in entry.urls if url in keys), entry.key)
        groups.setdefault(key, []).append(entry)
        keys.update(dict.fromkeys(entry.urls, key))
    return [_merged(entries) for entries in groups.values()]


class _Entry:
    """An entry of the directory."""

    def __init__(self, row: dict[str, object]) -> None:
        self.row = row
        self.name = words(row, "name").removeprefix("_").strip()
        urls = (link(row, "url_resolved"), link(row, "url"))
        self.urls = tuple(dict.fromkeys(url for url in urls if url))
        self.homepage = link(row, "homepage") or ""
        self.bitrate = _whole_number(row, "bitrate", _HIGHEST_BITRATE)
        self.votes = _whole_number(row, "votes", 10**9)
        self.works = part(row, "lastcheckok") is not False and number(row, "lastcheckok") != 0
        name = folded(self.name)
        plain_name = " ".join(_QUALITY.sub(" ", name).split())
        self.key = f"{plain_name or name}\n{site_of(self.homepage or next(iter(self.urls), ''))}"

    @property
    def order(self) -> tuple[bool, bool, int]:
        """Entries that work first, the highest bitrate first, an unknown one last."""
        return not self.works, self.bitrate == 0, -self.bitrate


def _merged(entries: list[_Entry]) -> FoundStation:
    entries = sorted(entries, key=lambda entry: entry.order)
    best, shortest = entries[0], min(entries, key=lambda entry: len(entry.name))
    urls = dict.fromkeys(chain.from_iterable(entry.urls for entry in entries))
    code = words(best.row, "countrycode", limit=10).upper()
    country = code if len(code) == 2 else words(best.row, "country", limit=60)
    uuid = words(best.row, "stationuuid", limit=64)
    uuid = uuid if _UUID.fullmatch(uuid) else ""
    listing = f"{LISTING}:{uuid}" if uuid else ""
    addresses = tuple(urls)[:_MOST_URLS]
    stream = FoundStream("", addresses, _codec(best.row), best.bitrate, listing=listing)
    return FoundStation(
        name=shortest.name,
        directory=RadioBrowser.name,
        streams=(stream,),
        city=words(best.row, "state", limit=80),
        country=country,
        homepage=next((entry.homepage for entry in entries if entry.homepage), ""),
        picture=next((url for entry in entries if (url := link(entry.row, "favicon"))), ""),
        tags=tuple(dict.fromkeys(_tags(entries)))[:_MOST_TAGS],
        votes=max(entry.votes for entry in entries),
        click=uuid,
    )


def _codec(row: object) -> str:
    codec = words(row, "codec", limit=20).upper()
    return "" if codec == "UNKNOWN" else codec


def _tags(entries: list[_Entry]) -> Iterator[str]:
    for entry in entries:
        tags = words(entry.row, "tags", limit=500).split(",")
        yield from (tag.strip()[:40] for tag in tags if tag.strip())


def _whole_number(row: object, key: str, highest: int) -> int:
    return round(min(max(number(row, key) or 0, 0), highest))
