"""NPR's station finder, answered by a server on loopback."""

from __future__ import annotations

import json

import pytest

from radiotui.directories.model import FoundStation, StationQuery
from radiotui.directories.npr import NprFinder
from radiotui.net.client import Net
from radiotui.problems import Problem, ProblemKind
from radiotui.stations.model import ScheduleSource
from tests.services.directory_lab import npr_item, npr_stream
from tests.services.guide_lab import Service

PATH = "/v3/stations?q=knau"
NEWS = npr_stream("g1", "News & Talk", "mp3", "hls", primary=True)
MUSIC = npr_stream("g2", "Classical", "aac")


async def stations(net: Net, service: Service, *items: object) -> list[FoundStation]:
    service.says(PATH, {"items": items})
    return await NprFinder((service.base,)).find(net, StationQuery("knau"))


async def test_a_station_has_all_its_streams_each_with_its_schedule(net: Net, service: Service):
    [station] = await stations(net, service, npr_item("KNAU", "Arizona Radio", MUSIC, NEWS))
    assert (station.name, station.calls, station.frequency) == (
        *("Arizona Radio", ("KNAU",), "88.7 FM"),
    )
    assert (station.city, station.country) == ("Flagstaff, AZ", "US")
    assert station.timezone == "America/Phoenix"
    assert station.homepage == "https://www.knau.example/"
    assert station.picture == "https://www.knau.example/logo.png"
    assert [stream.name for stream in station.streams] == ["News & Talk", "Classical"]
    news, music = station.streams
    assert news.urls == ("https://g1.example/live.mp3", "https://g1.example/live.hls")
    assert news.schedule == (ScheduleSource("npr", (("stream", "g1"),)),)
    assert (news.codec, music.codec) == ("MP3", "AAC")


async def test_relays_and_streams_that_repeat_are_there_once(net: Net, service: Service):
    network = {"tier1": [{"tier2": [{"name": "KPUB"}]}]}
    relay = npr_item("KNAD", "Page relay", NEWS)
    parent = npr_item("KNAU", "Arizona Radio", NEWS, MUSIC, NEWS, network=network)
    sister = npr_item("KXYZ", "Sister", MUSIC, npr_stream("g3", "Jazz", "mp3"))
    knau, kxyz = await stations(net, service, relay, parent, sister)
    assert [stream.name for stream in knau.streams] == ["News & Talk", "Classical"]
    assert knau.calls == ("KNAU", "KPUB", "KNAD")
    assert [stream.name for stream in kxyz.streams] == ["Jazz"]


async def test_music_only_is_a_tag(net: Net, service: Service):
    item = npr_item("KUTX", "KUTX", MUSIC, eligibility={"musicOnly": True})
    [station] = await stations(net, service, item)
    assert station.tags == ("music",)


async def test_the_second_address_is_asked_where_the_first_fails(net: Net, service: Service):
    with Service() as second:
        service.replies[PATH] = b"<html>down for repairs"
        second.says(PATH, {"items": [npr_item("KNAU", "Arizona Radio", NEWS)]})
        finder = NprFinder((service.base, second.base))
        assert len(await finder.find(net, StationQuery("knau"))) == 1
        second.replies[PATH] = (500, {}, b"")
        with pytest.raises(Problem, match="does not understand"):
            await finder.find(net, StationQuery("knau"))


async def test_too_many_requests_are_waited_out_politely(net: Net, service: Service):
    waits: list[float] = []
    replies = [(429, {}, b""), (429, {"Retry-After": "6"}, b""), json.dumps({"items": []}).encode()]
    service.replies[PATH] = lambda: replies.pop(0)

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    finder = NprFinder((service.base, "http://127.0.0.1:9"), sleep=sleep)
    assert await finder.find(net, StationQuery("knau")) == []
    assert waits == [2.0, 6.0]
    service.replies[PATH] = (429, {}, b"")
    with pytest.raises(Problem) as refused:
        await finder.find(net, StationQuery("knau"))
    assert refused.value.kind is ProblemKind.TOO_MANY_REQUESTS
    assert waits[2:] == [2.0, 4.0]
    service.replies[PATH] = (429, {"Retry-After": "3600"}, b"")
    with pytest.raises(Problem):
        await finder.find(net, StationQuery("knau"))
    assert len(waits) == 4


@pytest.mark.parametrize("typed", ["tag:jazz", "knau country:de", "knau codec:aac", "language:en"])
async def test_filters_that_npr_has_not_are_no_question_to_it(
    net: Net, service: Service, typed: str
):
    assert await NprFinder((service.base,)).find(net, StationQuery.read(typed)) == []
    assert service.asked == []


async def test_words_are_sent_whole(net: Net, service: Service):
    service.default = b'{"items": []}'
    await NprFinder((service.base,)).find(net, StationQuery.read("st. paul & co/x country:US"))
    assert service.asked == ["/v3/stations?q=st.%20paul%20%26%20co%2Fx"]


async def test_what_is_of_another_type_costs_itself_alone(net: Net, service: Service):
    odd = npr_item("K\x1b[2JNAU\x07", "Name\u202e", NEWS, network="x", eligibility=[])
    odd["links"] = {"brand": [3, {"rel": "homepage", "href": "javascript:x"}, {"rel": 4}]}
    odd["attributes"]["streamsV2"] += [7, {"urls": "no"}, {"urls": [{"rel": [], "href": 3}]}]
    [station] = await stations(net, service, 3, None, {"attributes": 3}, odd)
    assert (station.name, station.calls, station.homepage) == ("Name", ("KNAU",), "")
    assert len(station.streams) == 1
