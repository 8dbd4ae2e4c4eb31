"""Schedules of the streams that are tuned to or in view, as the Companion follows them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from radiotui.app.intents import FollowInView, FollowSchedules
from radiotui.guide.model import OnAir
from radiotui.stations.model import ScheduleSource, Station, StationList, Stream
from radiotui.stories.model import SectionKey, StationSection

if TYPE_CHECKING:
    from radiotui.app.services import Services
    from radiotui.guide.days import Days
    from radiotui.player.player import Player
    from radiotui.player.state import PlayerState


class Schedules:
    """The newest snapshot of each stream's schedule, marked on the tapes."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.everything = False
        """True while every stream's schedule is looked at."""
        self._in_view: tuple[tuple[str, str], ...] = ()
        self._clock = clock
        self._on_air: dict[tuple[str, str], OnAir] = {}
        self._first_answers: dict[tuple[str, str], tuple[str, datetime]] = {}
        """The programme of each stream, and the time of the first answer that named it."""

    def obey(self, intent: FollowSchedules | FollowInView) -> None:
        """Note the streams that a front end looks at."""
        if isinstance(intent, FollowInView):
            self._in_view = intent.streams
        else:
            self.everything = intent.everything

    def on_air(self, station: str, stream: str) -> OnAir | None:
        """The newest snapshot of a stream's schedule."""
        return self._on_air.get((station, stream))

    def followed(
        self,
        station_list: StationList,
        section: SectionKey | None,
        taped: Iterable[tuple[str, str]],
    ) -> list[tuple[Station, Stream]]:
        """The streams whose schedules are kept up to date now."""
        streams = (*taped, *self._in_view)
        return followed_streams(station_list, section, streams, everything=self.everything)

    def visited(self, section: SectionKey | None, taped: Iterable[tuple[str, str]]) -> set[str]:
        """The stations that are heard or chosen, by id: a request for these alone is worth it."""
        stations = {station for station, _ in taped}
        return stations | {section.station} if isinstance(section, StationSection) else stations

    def receive(self, on_air: OnAir, player: Player | None) -> None:
        """Replace a stream's snapshot; its programme becomes a mark on the stream's tape."""
        key = (on_air.station, on_air.stream)
        self._on_air[key] = on_air
        programme, asked_at = on_air.now, on_air.asked_at or self._clock()
        if programme is None or player is None or on_air.source == "usual":
            return
        # Some sources know only the name: it began when it was first given.
        title, first_answer = self._first_answers.get(key, ("", asked_at))
        if title != programme.title:
            first_answer = asked_at
            self._first_answers[key] = (programme.title, first_answer)
        start, end = programme.start, programme.end
        if programme.usual:
            # Its usual times are no marks: it began when it was told.
            start, end = None, None
        player.programme(*key, programme.title, start or first_answer, end)

    async def ask(self, services: Services, station: Station, stream: Stream) -> OnAir:
        """Ask a stream's schedule once: of now, or of then where it is to be heard later."""
        complete_stream = await services.homepages.complete(station, with_sources(stream))
        if stream.delay:
            then = self._clock() - timedelta(seconds=stream.delay)
            return await on_air_then(services.days, station, complete_stream, then)
        return await services.guide.ask(station, complete_stream)


async def on_air_then(days: Days, station: Station, stream: Stream, at: datetime) -> OnAir:
    """The schedule of an earlier time, for a stream that is to be heard later than it is sent."""
    from radiotui.guide.sources import weekly
    from radiotui.guide.timeline import next_after, on_at

    today = at.astimezone(station.zone).date()
    await days.day(station, stream, today)
    # Off the loop: it reads the zone's file.
    around = await asyncio.to_thread(days.around, station, stream, at)
    now, following = on_at(around.programmes, at), next_after(around.programmes, at)
    # A programme may have begun on the day before, and the next one begin on the day after.
    beside = [ahead for ahead, programme in ((-1, now), (1, following)) if programme is None]
    for ahead in beside:
        await days.day(station, stream, today + timedelta(days=ahead))
    if beside:
        around = await asyncio.to_thread(days.around, station, stream, at)
        now, following = on_at(around.programmes, at), next_after(around.programmes, at)
    if now is None and stream.programmes:
        # One that never stops begins on no day.
        now = weekly.answer(stream.programmes, station.zone, at).now
    return OnAir(
        *(station.id, stream.id, now, following),
        source=around.source,
        asked_at=around.asked_at,
        problem=around.problem,
    )


def with_sources(stream: Stream) -> Stream:
    """A stream with the schedule sources that its address tells, behind those of the list."""
    names = {source.source for source in stream.schedule}
    added = [source for source in _sources_of(stream.urls) if source.source not in names]
    return replace(stream, schedule=(*stream.schedule, *added)) if added else stream


@lru_cache(maxsize=1024)
def _sources_of(urls: tuple[str, ...]) -> tuple[ScheduleSource, ...]:
    from radiotui.guide.sources.registry import sources_of_address

    sources = (source for url in urls for source in sources_of_address(url))
    return tuple(dict.fromkeys(sources))


def followed_streams(
    station_list: StationList,
    section: SectionKey | None,
    streams_besides: Iterable[tuple[str, str]],
    *,
    everything: bool = False,
) -> list[tuple[Station, Stream]]:
    """The streams whose schedules are kept up to date: the section's station's, and others.

    With ``everything`` they are those of the whole list.
    """
    streams: dict[tuple[str, str], tuple[Station, Stream]] = {}
    looked_at = section.station if isinstance(section, StationSection) else None
    for station in station_list.stations:
        if everything or station.id == looked_at:
            for stream in station.streams:
                streams[station.id, stream.id] = (station, stream)
    for station_id, stream_id in streams_besides:
        listed_station = station_list.station(station_id)
        listed = listed_station.stream(stream_id) if listed_station else None
        if listed_station is not None and listed is not None:
            streams[station_id, stream_id] = (listed_station, listed)
    return [(station, with_sources(stream)) for station, stream in streams.values()]


def taped_streams(player_state: PlayerState) -> tuple[tuple[str, str], ...]:
    """The streams that are tuned to, being tuned to, or kept ready."""
    pending = (player_state.pending,) if player_state.pending else ()
    aside = tuple(listening.key for listening in (*pending, *player_state.ready))
    return (player_state.key, *aside)
