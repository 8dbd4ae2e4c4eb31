"""Radio Browser and its servers, which come and go, on loopback."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from radiotui.directories.model import StationQuery
from radiotui.directories.radio_browser import RadioBrowser
from radiotui.net.client import Net
from radiotui.problems import Problem
from tests.services.directory_lab import entry, host, radio_browser
from tests.services.guide_lab import Reply, Service

LIST = b'[{"name": "One", "url": "http://a.example/1", "stationuuid": "u1"}]'


def listing(service: Service, *entries: object) -> RadioBrowser:
    """The directory of one server, which answers every search alike."""
    import json

    service.default = json.dumps(entries).encode()
    return radio_browser(service, host(service))


async def test_entries_of_one_station_are_one_the_best_first(net: Net, service: Service):
    directory = listing(
        service,
        entry("Radio Eins - 64k", "http://r.example/64", bitrate=64, votes=7),
        entry("Radio Eins (MP3 128 kbps)", "http://r.example/unknown", bitrate=0),
        entry("Radio Eins", "http://r.example/320", bitrate=320, lastcheckok=0, tags="news,,talk"),
        entry("RADIO EINS", "http://r.example/192", bitrate=192, codec="AAC", votes=99),
        entry("Radio Eins", "http://other.example/1", homepage="https://other.example"),
    )
    eins, namesake = await directory.find(net, StationQuery("radio eins"))
    [stream] = eins.streams
    assert [url.rpartition("/")[2] for url in stream.urls] == ["192", "64", "unknown", "320"]
    assert (stream.codec, stream.bitrate) == ("AAC", 192)
    assert (eins.name.lower(), eins.country, eins.votes) == ("radio eins", "DE", 99)
    assert (eins.tags, eins.click) == (("news", "talk"), "id-of-192")
    assert namesake.urls == ("http://other.example/1",)


async def test_a_stream_is_one_whatever_its_entries_are_called(net: Net, service: Service):
    both = {"url_resolved": "http://cdn.example/live"}
    directory = listing(
        service,
        entry("WXYZ", "http://w.example/a", homepage="", **both),
        entry("Radio W", "http://w.example/b", homepage="https://w.example/", **both),
    )
    [station] = await directory.find(net, StationQuery("w"))
    assert station.homepage == "https://w.example/"
    assert station.urls == ("http://cdn.example/live", "http://w.example/a", "http://w.example/b")


async def test_names_of_the_question_are_in_camel_case(net: Net, service: Service):
    directory = listing(service)
    typed = "eins tag:Jazz country:de language:German codec:aac"
    await directory.find(net, StationQuery.read(typed))
    fields = parse_qs(urlsplit(service.asked[-1]).query)
    assert {name: value[0] for name, value in fields.items()} == {
        "name": "eins", "tagList": "jazz", "countrycode": "DE", "language": "german",
        "codec": "AAC", "order": "votes", "reverse": "true", "limit": "200",
    }  # fmt: skip
    await directory.find(net, StationQuery.read("country:south_korea"))
    assert parse_qs(urlsplit(service.asked[-1]).query)["country"] == ["south korea"]


FAILURES: list[Reply] = [
    b"<!doctype html><title>gone</title>",
    b"",
    b'{"error": "x"}',
    (500, {}, b""),
    (404, {}, b""),
    (429, {}, b""),
    (200, {"Content-Encoding": "gzip"}, b"no gzip"),
]


@pytest.mark.parametrize("failure", FAILURES)
async def test_the_next_server_is_asked_after_any_failure(
    net: Net, service: Service, failure: Reply
):
    with Service() as first, Service() as second, Service() as third:
        servers = [first, second, third]
        directory = radio_browser(service, *(host(server) for server in servers))
        for server in servers:
            server.default = LIST
        await directory.find(net, StationQuery("one"))
        [lucky] = [server for server in servers if server.asked]
        lucky.default = failure
        [station] = await directory.find(net, StationQuery("one"))
        assert station.name == "One"
        assert sum(bool(server.asked) for server in servers) == 2
        for server in servers:
            server.asked.clear()
        await directory.find(net, StationQuery("one"))
        assert not lucky.asked, "one that failed is not asked again"


async def test_tries_are_bounded_and_the_list_is_asked_for_again(net: Net, service: Service):
    with Service() as dead:
        hosts = [f"127.0.0.1:{port}" for port in range(1, 9)]
        directory = radio_browser(service, host(dead), *hosts)
        with pytest.raises(Problem):
            await directory.find(net, StationQuery("one"))
        assert len(service.asked) == 2, "the list, and the search itself as the last try"
        service.default = LIST
        assert await directory.find(net, StationQuery("one"))
        assert service.asked.count("/json/servers") == 2


@pytest.mark.parametrize(
    "servers", [b"<html>", (500, {}, b""), b'[{"name": "a/b"}, {"name": ""}, 3, {"name": "u@h"}]']
)
async def test_without_a_list_of_servers_the_one_for_all_is_asked(
    net: Net, service: Service, servers: Reply
):
    directory = radio_browser(service)
    service.replies["/json/servers"] = servers
    service.default = LIST
    assert await directory.find(net, StationQuery("one"))


async def test_a_start_is_counted_once(net: Net, service: Service):
    service.says("/json/url/u1", {"ok": False})
    directory = radio_browser(service, host(service))
    for uuid in ("u1", "u1", "../x", ""):
        await directory.count_click(net, uuid)
    assert service.asked == ["/json/servers", "/json/url/u1"]
