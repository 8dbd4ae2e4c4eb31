"""NPR's station finder: stations of the United States by name, call sign, city or ZIP.

``GET {base}/v3/stations?q=`` gives ``items[]``, each with ``attributes{brand, streamsV2,
eligibility, network}`` and ``links{brand[]}``; two hosts answer alike. A relay is an item of its
own with the streams of its parent, and comes for call signs and cities only. Each stream's guid is
also what NPR's schedule is asked with.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from urllib.parse import quote

import msgspec

from radiotui.directories.answers import read_answer
from radiotui.directories.model import FoundStation, FoundStream, StationQuery
from radiotui.directories.us_zones import zone_of_state
from radiotui.guide.sources.loose import link, part, rows, words
from radiotui.net.client import Net
from radiotui.problems import Problem, ProblemKind
from radiotui.stations.model import ScheduleSource

BASES = ("https://station.api.npr.org", "https://organization.api.npr.org")

LISTING = "npr"
"""The name of this directory in the listing of a stream."""
_WHO = "NPR's station finder"
_MOST_STATIONS = 100
_MOST_STREAMS = 20
_MOST_URLS = 6
_MOST_CALLS = 20
_KINDS = ("mp3", "aac", "hls")
"""Rels are "stream-mp3-audio" and so on; what every engine plays comes first."""
_MOST_TRIES = 3
_WAIT_SECONDS = 2.0
"""Wait after the first refusal for too many requests; after the second twice as long."""
_LONGEST_WAIT = 10.0


class NprFinder:
    """NPR's directory; ``bases`` are tried in order, ``sleep`` waits where it asks for patience."""

    name = "NPR"

    def __init__(
        self,
        bases: tuple[str, ...] = BASES,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.bases = bases
        self._sleep = sleep

    async def find(self, net: Net, query: StationQuery) -> list[FoundStation]:
        """The stations that ``query`` asks for, each stream once. Raises Problem."""
        elsewhere = query.country.casefold() not in {"", "us", "usa", "united states"}
        if not query.words or query.tag or query.language or query.codec or elsewhere:
            return []
        path = f"/v3/stations?q={quote(query.words, safe='')}"
        problem: Problem | None = None
        for base in self.bases:
            try:
                return await self._ask(net, base + path)
            except Problem as failure:
                # Both hosts are one service: what was too much for one is for the other.
                if failure.kind is ProblemKind.TOO_MANY_REQUESTS:
                    raise
                problem = problem or failure
        raise problem or Problem(f"{_WHO} has no address")

    async def _ask(self, net: Net, url: str) -> list[FoundStation]:
        for refusals in range(1, _MOST_TRIES):
            try:
                return await read_answer(net, url, _WHO, _stations)
            except Problem as problem:
                if problem.kind is not ProblemKind.TOO_MANY_REQUESTS:
                    raise
                asked_for = problem.retry_wait(datetime.now(UTC)).total_seconds()
                if asked_for > _LONGEST_WAIT:
                    raise
                await self._sleep(max(asked_for, _WAIT_SECONDS * refusals))
        return await read_answer(net, url, _WHO, _stations)


def _stations(reply: object) -> list[FoundStation] | None:
    if not isinstance(part(reply, "items"), list):
        return None
    stations = [_station(item) for item in rows(reply, "items")[:_MOST_STATIONS]]
    return _without_repeats([station for station in stations if station.streams])


def _station(item: object) -> FoundStation:
    attributes = part(item, "attributes")
    brand = part(attributes, "brand")
    call, state = words(brand, "call", limit=20), words(brand, "marketState", limit=40)
    band, frequency = words(brand, "band", limit=10), words(brand, "frequency", limit=20)
    name = words(brand, "name") or call
    streams = [_stream(row) for row in _primary_first(rows(attributes, "streamsV2"))]
    relays = (
        words(relay, "name", limit=40)
        for tier in rows(attributes, "network", "tier1")
        for relay in rows(tier, "tier2")[:_MOST_CALLS]
    )
    is_music = part(attributes, "eligibility", "musicOnly") is True
    return FoundStation(
        name=name or "NPR station",
        directory=NprFinder.name,
        streams=tuple(stream for stream in streams if stream.urls)[:_MOST_STREAMS],
        calls=_once(filter(None, (call, *relays)))[:_MOST_CALLS],
        frequency=" ".join(filter(None, (frequency, band))),
        city=", ".join(filter(None, (words(brand, "marketCity", limit=80), state))),
        country="US",
        timezone=zone_of_state(state),
        group="Public radio",
        homepage=_brand_link(item, "homepage"),
        picture=_brand_link(item, "logo"),
        tags=("music",) if is_music else (),
    )


def _primary_first(streams: list[dict[str, object]]) -> list[dict[str, object]]:
    return sorted(streams[: 5 * _MOST_STREAMS], key=lambda row: part(row, "primary") is not True)


def _stream(row: object) -> FoundStream:
    urls: dict[str, str] = {}
    for entry in rows(row, "urls")[: 5 * _MOST_URLS]:
        rel = words(entry, "rel", limit=60)
        kind = next((kind for kind in _KINDS if rel.startswith(f"stream-{kind}")), "")
        url = link(entry, "href")
        if kind and url:
            urls.setdefault(url, kind)
    best_first = sorted(urls, key=lambda url: _KINDS.index(urls[url]))[:_MOST_URLS]
    guid = words(row, "guid", limit=80)
    codec = urls[best_first[0]].upper() if best_first else ""
    return FoundStream(
        words(row, "title", limit=100),
        tuple(best_first),
        codec,
        schedule=(ScheduleSource("npr", (("stream", guid),)),) if guid else (),
        listing=f"{LISTING}:{guid}" if guid else "",
    )


def _brand_link(item: object, rel: str) -> str:
    entries = rows(item, "links", "brand")
    urls = (link(entry, "href") for entry in entries if words(entry, "rel", limit=60) == rel)
    return next(filter(None, urls), "")


def _without_repeats(stations: list[FoundStation]) -> list[FoundStation]:
    """Each stream once: with the station that has the most, whose relays only pass it on."""
    owners: dict[str, int] = {}
    result: dict[int, FoundStation] = {}
    indexes = sorted(range(len(stations)), key=lambda index: -len(stations[index].streams))
    for index in indexes:
        station = stations[index]
        new = [stream for stream in station.streams if _identity(stream) not in owners]
        if new:
            for stream in new:
                owners[_identity(stream)] = index
            result[index] = msgspec.structs.replace(station, streams=_each_once(new))
        else:
            owner = owners[_identity(station.streams[0])]
            calls = _once((*result[owner].calls, *station.calls))[:_MOST_CALLS]
            result[owner] = msgspec.structs.replace(result[owner], calls=calls)
    return [result[index] for index in sorted(result)]


def _identity(stream: FoundStream) -> str:
    """The guid of a stream; its first address where it has none."""
    return stream.schedule[0].option("stream") if stream.schedule else stream.urls[0]


def _each_once(streams: list[FoundStream]) -> tuple[FoundStream, ...]:
    return tuple({_identity(stream): stream for stream in reversed(streams)}.values())[::-1]


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
