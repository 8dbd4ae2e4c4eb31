"""Answers of station directories, made from their shapes, and a finder that asks loopback."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from radiotui.app.companion import Companion, Options
from radiotui.app.finding import FinderDeps, StationFinder
from radiotui.config import Folders
from radiotui.directories.model import Directory
from radiotui.directories.npr import NprFinder
from radiotui.directories.radio_browser import RadioBrowser
from tests.services.guide_lab import Service

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


def npr_stream(guid: str, title: str, *kinds: str, primary: bool = False) -> dict[str, Any]:
    """A stream of NPR's finder with an address for each kind."""
    urls = [
        {"rel": f"stream-{kind}-audio", "href": f"https://{guid}.example/live.{kind}"}
        for kind in kinds
    ]
    return {"guid": guid, "title": title, "primary": primary, "urls": urls}


def npr_item(call: str, name: str, *streams: dict[str, Any], **attributes: Any) -> dict[str, Any]:
    """A station of NPR's finder."""
    brand = {
        "name": name,
        "call": call,
        "band": "FM",
        "frequency": "88.7",
        "marketCity": "Flagstaff",
        "marketState": "AZ",
    }
    home = f"https://www.{call.lower()}.example/"
    links = [{"rel": "homepage", "href": home}, {"rel": "logo", "href": f"{home}logo.png"}]
    whole = {"brand": brand, "streamsV2": list(streams), **attributes}
    return {"attributes": whole, "links": {"brand": links}}


def entry(name: str, url: str, **more: Any) -> dict[str, Any]:
    """An entry of Radio Browser."""
    return {
        "stationuuid": f"id-of-{url.rpartition('/')[2]}",
        "name": name,
        "url": url,
        "url_resolved": url,
        "homepage": "https://radio.example/",
        "favicon": "",
        "tags": "",
        "countrycode": "DE",
        "codec": "MP3",
        "bitrate": 128,
        "lastcheckok": 1,
        "votes": 10,
        **more,
    }


def somafm_channel(name: str, **more: Any) -> dict[str, Any]:
    """A channel of SomaFM."""
    qualities = (("low", "aacp"), ("highest", "aac"), ("high", "mp3"))
    playlists = [
        {"url": f"https://somafm.example/{name}-{quality}.pls", "format": form, "quality": quality}
        for quality, form in qualities
    ]
    return {
        "id": name,
        "title": name.title(),
        "genre": "jazz|ambient",
        "playlists": playlists,
    } | more


def radio_browser(service: Service, *hosts: str) -> RadioBrowser:
    """The directory whose list of servers ``service`` gives; its order is always the same."""
    service.says("/json/servers", [{"ip": "::1", "name": host} for host in hosts])
    return RadioBrowser(service.base, rng=random.Random(1))


def host(service: Service) -> str:
    """The server's name and port."""
    return service.base.removeprefix("http://")


def npr(service: Service) -> NprFinder:
    """NPR's finder at one address."""
    return NprFinder((service.base,))


@asynccontextmanager
async def finding(
    folder: Path, *directories: Directory, patience: float = 20.0
) -> AsyncIterator[Companion]:
    """A Companion, not opened, whose finder asks these directories, also on loopback."""
    companion = Companion(Options(engine="silent", folders=Folders(folder)), clock=lambda: NOW)
    companion.load()

    async def opened() -> Any:
        services = await companion.services()
        for directory in directories:
            services.local_hosts.add_server(address_of(directory))
        return services

    companion.finder = StationFinder(
        FinderDeps(
            *(opened, companion.clock, companion.notify, companion.finder.deps.spawn),
            own_stations=companion.own_stations,
            directories=directories,
            patience=patience,
        )
    )
    yield companion


def address_of(directory: Directory) -> str:
    """The first address a directory asks."""
    bases = getattr(directory, "bases", None)
    return bases[0] if bases else getattr(directory, "base")  # noqa: B009
