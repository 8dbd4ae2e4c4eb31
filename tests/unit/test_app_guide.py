"""Schedule sources of streams that name none."""

from __future__ import annotations

from radiotui.app.guide import with_sources
from radiotui.stations.model import ScheduleSource, Stream


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
