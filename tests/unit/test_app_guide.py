"""Schedule sources of streams that name none."""

from __future__ import annotations

from datetime import UTC, datetime

from radiotui.app.guide import Schedules, with_sources
from radiotui.app.intents import FollowInView
from radiotui.stations.model import ScheduleSource, Station, StationList, Stream
from radiotui.stories.model import StationSection


def test_a_stream_gets_the_sources_that_its_address_tells() -> None:
    stream = Stream("live", "Live", ("https://kexp.streamguys1.com/kexp160.aac",))
    assert with_sources(stream).schedule == (ScheduleSource("kexp"),)


def test_those_of_the_list_come_first_and_none_comes_twice() -> None:
    own = ScheduleSource("npr", (("stream", "4fcf0001"),))
    url = "https://streams.kqed.org/kqedradio.mp3"
    assert with_sources(Stream("live", "Live", (url,), schedule=(own,))).schedule == (
        own,
        ScheduleSource("kqed"),
    )
    mirror = ScheduleSource("kqed", (("base", "https://mirror.example"),))
    stream = Stream("live", "Live", (url,), schedule=(mirror,))
    assert with_sources(stream) is stream


def test_alternatives_of_one_station_are_one_source() -> None:
    urls = ("http://stream.radioparadise.com/aac-320", "http://stream.radioparadise.com/mp3-192")
    assert len(with_sources(Stream("main", "Main", urls)).schedule) == 1


def test_an_address_of_nobody_known_stays_as_it_is() -> None:
    stream = Stream("live", "Live", ("https://radio.example/live.mp3", "http://["))
    assert with_sources(stream) is stream


def test_the_streams_of_all_stations_are_followed_only_while_they_are_looked_at() -> None:
    def station(name: str) -> Station:
        return Station(name, name, (Stream("one", "One", ()), Stream("two", "Two", ())))

    station_list = StationList((station("a"), station("b"), station("c")))
    schedules = Schedules(lambda: datetime(2026, 3, 6, tzinfo=UTC))

    def followed() -> list[str]:
        streams = schedules.followed(station_list, StationSection("b"), [("c", "two")])
        return [f"{station.id}/{stream.id}" for station, stream in streams]

    assert followed() == ["b/one", "b/two", "c/two"]
    schedules.obey(FollowInView((("a", "one"),)))
    assert followed() == ["b/one", "b/two", "c/two", "a/one"]
    assert schedules.visited(StationSection("b"), [("c", "two")]) == {"b", "c"}
    schedules.obey(FollowInView(()))
    schedules.everything = True
    assert followed() == ["a/one", "a/two", "b/one", "b/two", "c/one", "c/two"]
    schedules.everything = False
    assert followed() == ["b/one", "b/two", "c/two"]
