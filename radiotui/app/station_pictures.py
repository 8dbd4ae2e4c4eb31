"""Pictures of stations, and the colour of each: fetched once a screen shows the station, and kept.

A station's picture is its own in the list, which may be a directory's, else that of a feed of its.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from radiotui.app.deps import RoomDeps
from radiotui.problems import Problem

if TYPE_CHECKING:
    import sqlite3

    from radiotui.app.services import Services
    from radiotui.stations.model import Station
    from radiotui.store.feeds import Feed

log = logging.getLogger(__name__)

_MOST_ADDRESSES = 3
"""Of one station, that are tried."""
_REFUSED_FOR = timedelta(days=7)
_AGAIN = timedelta(minutes=2)
_NEVER = datetime.max.replace(tzinfo=UTC)
_GREY, _REFUSED = "grey", "refused "


class StationPicture(msgspec.Struct, frozen=True):
    """A station's picture, as a snapshot."""

    station: str
    """The station's id."""
    path: Path
    """A file with the picture, as it was sent: it may be damaged, or anything else."""
    colour: tuple[int, int, int] | None
    """Its own colour, which can be told from white and from black; None where it is grey."""


class StationPicturesDeps(RoomDeps, frozen=True):
    """Dependencies of :class:`StationPictures`."""

    publish: Callable[[StationPicture], None]
    """Sends a snapshot to every front end."""


class StationPictures:
    """The pictures of the stations that were looked at."""

    def __init__(self, deps: StationPicturesDeps) -> None:
        self.deps = deps
        self._pictures: dict[str, StationPicture] = {}
        self._looked_at: dict[str, Station] = {}
        self._again_at: dict[str, datetime] = {}
        """Times from which a station without a picture is looked through again."""

    def look(self, station: Station) -> StationPicture | None:
        """The picture of a station that is shown, where it is here; else it is published later."""
        is_due = self.deps.clock() >= self._again_at.get(station.id, _NEVER)
        if self._looked_at.get(station.id) != station or is_due:
            self._looked_at[station.id] = station
            self._pictures.pop(station.id, None)
            self._again_at.pop(station.id, None)
            self.deps.spawn(self._fetch(station))
        return self._pictures.get(station.id)

    async def _fetch(self, station: Station) -> None:
        services = await self.deps.opened()
        for url in (await self._addresses(services, station))[:_MOST_ADDRESSES]:
            picture = await self._picture(services, station.id, url)
            if picture is None:
                continue
            if self._looked_at.get(station.id) == station:
                self._pictures[station.id] = picture
                self.deps.publish(picture)
            return
        # A feed may name one when it answers.
        self._again_at[station.id] = self.deps.clock() + _AGAIN

    async def _addresses(self, services: Services, station: Station) -> list[str]:
        urls = (*station.feeds, *station.podcasts)
        known_feeds = await services.store.look(partial(_feeds, urls))
        addresses = (station.picture, *(feed.picture for feed in known_feeds))
        return list(dict.fromkeys(filter(None, addresses)))

    async def _picture(
        self, services: Services, station_id: str, url: str
    ) -> StationPicture | None:
        """The picture behind an address, which is not asked for a week after it gave none."""
        key = f"picture {url}"
        try:
            note = await services.store.recall(key) or ""
            if note.startswith(_REFUSED) and not self._is_over(note.removeprefix(_REFUSED)):
                return None
            path = await services.pictures.picture(url)
            if not _is_colour(note):
                note = _written(await asyncio.to_thread(_colour_of, path))
                await services.store.remember(key, note)
            return StationPicture(station_id, path, _read(note))
        except Problem as problem:
            log.info("the picture of %s is not there: %s", station_id, problem)
            if not problem.kind.is_unreached:
                await self._note_refusal(services, key)
            return None

    async def _note_refusal(self, services: Services, key: str) -> None:
        try:
            await services.store.remember(key, f"{_REFUSED}{self.deps.clock().isoformat()}")
        except Problem:  # of the store, which is said already
            return

    def _is_over(self, refused_at: str) -> bool:
        try:
            return self.deps.clock() - datetime.fromisoformat(refused_at) > _REFUSED_FOR
        except (ValueError, TypeError):
            return True


def _feeds(urls: Iterable[str], connection: sqlite3.Connection) -> list[Feed]:
    from radiotui.store.feeds import feeds

    return feeds(connection, urls)


def _colour_of(path: Path) -> tuple[int, int, int] | None:
    # Pillow takes its time to be imported, too.
    from radiotui.stories.picture_colour import vivid_colour

    return vivid_colour(path)


def _is_colour(note: str) -> bool:
    return note == _GREY or _read(note) is not None


def _written(colour: tuple[int, int, int] | None) -> str:
    return _GREY if colour is None else "#" + bytes(colour).hex()


def _read(note: str) -> tuple[int, int, int] | None:
    try:
        red, green, blue = bytes.fromhex(note.removeprefix("#"))
    except ValueError:
        return None
    return red, green, blue
