"""The lists of single broadcasters: SomaFM, Radio Paradise, NTS."""

from __future__ import annotations

import pytest

from radiotui.directories.model import StationQuery
from radiotui.directories.nts import Nts
from radiotui.directories.radio_paradise import RadioParadise
from radiotui.directories.somafm import SomaFm
from radiotui.net.client import Net
from radiotui.problems import Problem
from radiotui.stations.model import ScheduleSource
from tests.services.directory_lab import somafm_channel
from tests.services.guide_lab import Service


async def names(directory: SomaFm | RadioParadise | Nts, net: Net, typed: str) -> list[str]:
    return [found.name for found in await directory.find(net, StationQuery.read(typed))]


async def test_channels_of_somafm_the_best_playlist_first(net: Net, service: Service):
    rock = somafm_channel("metal", genre="rock")
    service.says("/channels.json", {"channels": [somafm_channel("lush"), rock, 3, {"id": "x"}]})
    directory = SomaFm(service.base)
    [lush] = await directory.find(net, StationQuery.read("somafm tag:jazz codec:aac"))
    [stream] = lush.streams
    assert (lush.name, lush.tags) == ("SomaFM Lush", ("jazz", "ambient"))
    assert [url.rpartition("-")[2] for url in stream.urls] == ["highest.pls", "high.pls", "low.pls"]
    assert stream.codec == "AAC"
    assert stream.schedule == (ScheduleSource("somafm", (("channel", "lush"),)),)
    assert await names(directory, net, "metal country:us") == ["SomaFM Metal"]
    assert await names(directory, net, "metal country:de") == []
    assert await names(directory, net, "language:english") == []
    assert service.asked == ["/channels.json"]


async def test_channels_of_radio_paradise_are_known(net: Net):
    directory = RadioParadise()
    [mellow] = await directory.find(net, StationQuery.read("paradise mellow"))
    assert mellow.streams[0].schedule == (ScheduleSource("radio_paradise", (("channel", "1"),)),)
    assert len(await names(directory, net, "radio paradise")) == 4


async def test_channels_and_mixtapes_of_nts(net: Net, service: Service):
    mixtape = {"title": "Slow Fade", "audio_stream_endpoint": "https://m.example/3"}
    service.says("/api/v2/mixtapes", {"results": [mixtape, {"title": "No sound"}, 3]})
    directory = Nts(service.base)
    assert await names(directory, net, "nts") == ["NTS 1", "NTS 2", "NTS Slow Fade"]
    assert await names(directory, net, "slow fade country:gb") == ["NTS Slow Fade"]
    [second] = await directory.find(net, StationQuery("nts 2"))
    assert second.streams[0].schedule == (ScheduleSource("nts", (("channel", "2"),)),)
    assert service.asked == ["/api/v2/mixtapes"]


async def test_without_mixtapes_there_are_the_channels(net: Net, service: Service):
    service.default = b"<html>"
    directory = Nts(service.base)
    assert await names(directory, net, "nts") == ["NTS 1", "NTS 2"]
    with pytest.raises(Problem):
        await names(directory, net, "slow fade")
