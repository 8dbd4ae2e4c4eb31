"""The Test Signal, asked as any station is asked: over HTTP."""

from __future__ import annotations

import io
import json
import math
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise

import av
import feedparser
import httpx
import pytest
from lxml import html

from radiotui.articles.article import read_article
from radiotui.demo.rundown import Rundown
from radiotui.demo.signal import MOST_CONNECTIONS, TestSignal, home_zone
from radiotui.feeds.parsing.parse import parse_feed

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = 8_000
"""Bytes of MP3."""


class Time:
    """A clock that goes on only while a stream waits, and is then let through at once."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> bool:
        self.now += timedelta(seconds=seconds)
        return False


class Air:
    """Test Signals, each with a clock of its own, closed at the end."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def started(self, at: datetime = NOON, clock: Time | None = None) -> TestSignal:
        now = clock or Time(at)
        signal = TestSignal(clock=now, wait=now.wait)
        signal.start()
        self._stack.callback(signal.close)
        return signal

    def heard(self, path: str, size: int, at: datetime = NOON, **headers: str) -> bytes:
        """The first ``size`` bytes for one who tunes in at ``at``."""
        return listen(self.started(at).base + path, size, headers)


@pytest.fixture
def air() -> Iterator[Air]:
    with ExitStack() as stack:
        yield Air(stack)


@pytest.fixture
def signal(air: Air) -> TestSignal:
    return air.started()


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client() as client:
        yield client


def connected(signal: TestSignal) -> socket.socket:
    host, port = signal.base.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=30)


def threads() -> list[str]:
    names = (thread.name for thread in threading.enumerate())
    return [name for name in names if name.startswith("test-signal")]


def eventually(came: Callable[[], bool]) -> None:
    """Wait for what happens on another thread."""
    for _ in range(3000):
        if came():
            return
        time.sleep(0.01)
    raise AssertionError(f"it never came; threads: {threads()}")


def listen(url: str, size: int, headers: dict[str, str] | None = None) -> bytes:
    sound = bytearray()
    with httpx.stream("GET", url, headers=headers) as answer:
        assert answer.status_code == 200
        for chunk in answer.iter_raw():
            sound += chunk
            if len(sound) >= size:
                return bytes(sound[:size])
    raise AssertionError(f"the stream ended after {len(sound)} bytes")


def pitches(sound: bytes, container: str) -> tuple[float, float]:
    """How strong 440 Hz is in each channel of ``sound``, as a share of everything in it."""
    resampler = av.AudioResampler("flt", "stereo", 8_000)
    samples: list[float] = []
    with av.open(io.BytesIO(sound), "r", format=container) as file:
        for frame in file.decode(audio=0):
            for part in resampler.resample(frame):
                samples += memoryview(bytes(part.planes[0])[: part.samples * 8]).cast("f").tolist()
    return share_of_a(samples[0::2]), share_of_a(samples[1::2])


def share_of_a(channel: list[float]) -> float:
    """Goertzel's measure of 440 Hz: 1 for a pure tone, 0 for none."""
    real = sum(x * math.cos(2 * math.pi * 440 * n / 8_000) for n, x in enumerate(channel))
    imaginary = sum(x * math.sin(2 * math.pi * 440 * n / 8_000) for n, x in enumerate(channel))
    power = sum(x * x for x in channel) * len(channel)
    return 2 * (real**2 + imaginary**2) / power if power else 0.0


def moment_of(piece: str, after: float) -> datetime:
    """A moment ``after`` seconds into a minute that begins with a word and then ``piece``."""
    rundown = Rundown()
    moments = (NOON + timedelta(minutes=minute) for minute in range(70))
    start = next(at for at in moments if rundown.turn(at).parts[1].sound == piece)
    return start + timedelta(seconds=after)


# The sound


@pytest.mark.parametrize(
    ("path", "container"), [("/live/signal.mp3", "mp3"), ("/live/tones.opus", "ogg")]
)
def test_the_tuning_note_is_heard_at_440_hz_in_both_ears(
    air: Air, path: str, container: str
) -> None:
    sound = air.heard(path, 3 * SECOND, moment_of("tuning", 16))
    left, right = pitches(sound, container)
    assert left > 0.95
    assert right > 0.95


def test_whoever_tunes_in_hears_what_the_clock_says(air: Air) -> None:
    early = air.heard("/live/signal.mp3", 60 * SECOND, NOON)
    late = air.heard("/live/signal.mp3", 20 * SECOND, NOON + timedelta(seconds=24))
    assert late == early[24 * SECOND : 44 * SECOND]


def test_two_listeners_hear_the_same() -> None:
    signal = TestSignal(clock=lambda: NOON, wait=lambda _seconds: False)
    signal.start()
    try:
        url = signal.base + "/live/signal.mp3"
        with httpx.stream("GET", url) as first, httpx.stream("GET", url) as second:
            heard = [next(answer.iter_raw(3 * SECOND)) for answer in (first, second)]
    finally:
        signal.close()
    assert heard[0] == heard[1]


def test_titles_travel_in_the_stream_when_asked_for(air: Air) -> None:
    stream = air.heard("/live/signal.mp3", 45 * SECOND, NOON, **{"Icy-MetaData": "1"})
    titles = re.findall(rb"StreamTitle='(.*?)';\0*", stream)
    turns = [Rundown().turn(NOON + timedelta(seconds=seconds)) for seconds in (0, 30)]
    assert [title.decode() for title in titles] == [
        f"{turn.artist} - {turn.title}" for turn in turns
    ]


def test_no_titles_travel_when_not_asked_for(air: Air) -> None:
    assert b"StreamTitle" not in air.heard("/live/signal.mp3", 45 * SECOND)


def test_streams_say_what_they_are(signal: TestSignal) -> None:
    url = signal.base + "/live/signal.mp3"
    with httpx.stream("GET", url, headers={"Icy-MetaData": "1"}) as answer:
        assert answer.headers["content-type"] == "audio/mpeg"
        assert answer.headers["icy-metaint"] == "8192"
        assert answer.headers["icy-br"] == "64"
        assert "Test Signal" in answer.headers["icy-name"]
    with httpx.stream("GET", url, headers={"Range": "bytes=100-200"}) as answer:
        assert answer.status_code == 200
        assert "icy-metaint" not in answer.headers
    with httpx.stream("GET", signal.base + "/live/tones.opus") as answer:
        assert answer.headers["content-type"] == "audio/ogg"


# The schedule


def asked(signal: TestSignal, path: str) -> dict:
    return httpx.get(f"{signal.base}/v1/widget/test-signal/{path}").raise_for_status().json()


@pytest.mark.parametrize("into", [0, 1, 299.9, 599.999999])
def test_now_and_next_agree_with_the_clock(
    air: Air, monkeypatch: pytest.MonkeyPatch, into: float
) -> None:
    monkeypatch.setenv("TZ", "America/Phoenix")
    answer = asked(air.started(NOON + timedelta(seconds=into)), "now?format=json")
    now, following = answer["onNow"], answer["nextUp"][0]
    assert (now["date"], now["start_time"], now["end_time"]) == ("2026-03-01", "05:00", "05:10")
    assert now["start_utc"] == "Sun Mar 01 2026 05:00:00 GMT-0700 (MST)"
    assert following["fullstart"] == now["fullend"] == "2026-03-01 05:10"
    assert following["program"]["name"] != now["program"]["name"]
    assert now["program"]["hosts"][0]["name"]


def test_at_the_boundary_next_is_now(air: Air) -> None:
    clock = Time(NOON + timedelta(seconds=599.999))
    signal = air.started(clock=clock)
    before = asked(signal, "now")
    clock.now = NOON + timedelta(seconds=600)
    after = asked(signal, "now")
    assert before["nextUp"][0] | {"song": after["onNow"]["song"]} == after["onNow"]
    assert before["nextUp"][1] == after["nextUp"][0]


def test_the_song_on_air_is_the_title_in_the_stream(air: Air) -> None:
    for seconds in (0, 29.9, 30, 250):
        at = NOON + timedelta(seconds=seconds)
        song = asked(air.started(at), "now")["onNow"]["song"]
        page = air.heard("/live/tones.opus", 400, at)
        assert f"TITLE={song['trackName']}".encode() in page
        assert f"ARTIST={song['artistName']}".encode() in page
        assert song["_duration"] == 30_000


@pytest.mark.parametrize(
    ("day", "programmes"), [("2026-03-07", 144), ("2026-03-08", 138), ("2026-11-01", 150)]
)
def test_a_day_is_whole_also_when_the_clocks_change(
    air: Air, monkeypatch: pytest.MonkeyPatch, day: str, programmes: int
) -> None:
    monkeypatch.setenv("TZ", "America/Denver")
    listed = asked(air.started(), f"day?date={day}&format=json")["onToday"]
    assert len(listed) == programmes
    assert listed[0]["fullstart"] == f"{day} 00:00"
    assert listed[-1]["end_time"] == "00:00"
    assert {one["date"] for one in listed} == {day}
    for one, following in pairwise(listed):
        assert one["end_utc"] == following["start_utc"]


def test_a_day_begins_with_what_begins_on_it(air: Air, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Kathmandu")  # 5:45 from UTC: a programme crosses midnight
    listed = asked(air.started(), "day?date=2026-03-07")["onToday"]
    assert (listed[0]["start_time"], listed[-1]["start_time"]) == ("00:05", "23:55")
    assert (listed[-1]["date"], listed[-1]["fullend"]) == ("2026-03-07", "2026-03-08 00:05")


def test_a_day_holds_what_was_played_in_the_programme_on_air(air: Air) -> None:
    signal = air.started(NOON + timedelta(seconds=95))
    on_air = [one for one in asked(signal, "day")["onToday"] if one["playlist"]]
    assert [one["program"]["name"] for one in on_air] == [
        asked(signal, "now")["onNow"]["program"]["name"]
    ]
    assert on_air[0]["playlist"][-1] == asked(signal, "now")["onNow"]["song"]
    assert len(on_air[0]["playlist"]) == 4


@pytest.mark.parametrize("wrong", ["yesterday", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_not_found(
    air: Air, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.setenv("TZ", "Asia/Kathmandu" if wrong < "1" else "America/Phoenix")
    url = f"{air.started().base}/v1/widget/test-signal/day"
    assert httpx.get(url, params={"date": wrong}).status_code == 404


# The stories


@pytest.mark.parametrize(("name", "count"), [("stories", 7), ("notices", 3)])
def test_feeds_are_sound_rss(signal: TestSignal, name: str, count: int) -> None:
    feed = feedparser.parse(httpx.get(f"{signal.base}/{name}.rss").content)
    assert not feed.bozo
    assert feed.version == "rss20"
    assert len(feed.entries) == count
    assert len({entry.id for entry in feed.entries}) == count
    for entry in feed.entries:
        assert entry.author
        assert entry.content[0].value
        assert entry.link.startswith(signal.base)


def test_stories_are_fresh_every_day_and_the_same_all_day(air: Air) -> None:
    def dates(at: datetime) -> list[datetime]:
        feed = feedparser.parse(httpx.get(air.started(at).base + "/stories.rss").content)
        return [parsedate_to_datetime(entry.published) for entry in feed.entries]

    morning, evening = dates(NOON.replace(hour=0)), dates(NOON.replace(hour=23, minute=59))
    tomorrow = dates(NOON + timedelta(days=1))
    assert morning == evening == sorted(morning, reverse=True)
    assert timedelta(0) < NOON.replace(hour=0) - morning[0] < timedelta(hours=1)
    assert [after - before for before, after in zip(morning, tomorrow, strict=True)] == [
        timedelta(days=1)
    ] * 7


def test_a_feed_that_has_not_changed_is_not_sent_again(signal: TestSignal) -> None:
    url = signal.base + "/stories.rss"
    whole = httpx.get(url)
    for header, value in (
        ("If-None-Match", whole.headers["etag"]),
        ("If-None-Match", f'"other", W/{whole.headers["etag"]}'),
        ("If-Modified-Since", whole.headers["last-modified"]),
    ):
        answer = httpx.get(url, headers={header: value})
        assert answer.status_code == 304
        assert answer.content == b""
    for header, value in (
        ("If-None-Match", '"other"'),
        ("If-Modified-Since", "Sat, 28 Feb 2026 23:00:00 GMT"),
        ("If-Modified-Since", "some time ago"),
    ):
        assert httpx.get(url, headers={header: value}).status_code == 200


def test_notices_look_like_markup_and_arrive_as_they_are(signal: TestSignal) -> None:
    feed = feedparser.parse(httpx.get(signal.base + "/notices.rss").content)
    titles = [entry.title for entry in feed.entries]
    assert titles[0] == "[/] in a headline is only text"
    assert titles[1].startswith("[@click=app.quit]")
    assert "\u202e" in titles[2]


def test_every_story_has_a_page_and_every_link_leads_somewhere(
    signal: TestSignal, client: httpx.Client
) -> None:
    seen: set[str] = set()
    feed = feedparser.parse(client.get(signal.base + "/stories.rss").content)
    for entry in feed.entries:
        page = html.fromstring(client.get(entry.link).raise_for_status().text)
        facts = json.loads(page.xpath("string(//script[@type='application/ld+json'])"))
        assert facts["@type"] == "NewsArticle"
        assert facts["headline"] == entry.title == page.xpath("string(//article/h1)")
        assert facts["author"]["name"] == entry.author
        assert datetime.fromisoformat(facts["datePublished"]) == parsedate_to_datetime(
            entry.published
        )
        assert facts["image"]["creditText"] in page.xpath("string(//figcaption)")
        assert len(facts["articleBody"]) > 600
        assert "<" not in facts["articleBody"]
        assert 3 <= len(page.xpath("//article/p[not(@class)]")) <= 8
        assert page.xpath("//article/blockquote")
        seen |= {str(url) for url in page.xpath("//article//a/@href | //img/@src")}
        assert page.xpath("//img/@src")[0] in entry.content[0].value
    seen |= set(map(str, html.fromstring(client.get(signal.base).text).xpath("//@href")))
    for url in seen:
        assert url.startswith(signal.base + "/")
        assert client.head(url).status_code == 200


def test_a_story_can_be_heard_where_its_feed_and_its_page_say_so(signal: TestSignal) -> None:
    feed = parse_feed(httpx.get(signal.base + "/stories.rss").content, signal.base)
    heard = [entry for entry in feed.entries if entry.enclosures]
    assert len(heard) == 2
    for entry in heard:
        (enclosure,) = entry.enclosures
        answer = httpx.get(enclosure.url)
        assert answer.headers["content-type"] == "audio/mpeg"
        assert len(answer.content) == enclosure.length
        assert enclosure.seconds == 23
        page = httpx.get(entry.link or "")
        article = read_article(page.content, str(page.url))
        assert article.audio is not None
        assert article.audio.url == enclosure.url


def test_pictures_are_pictures(signal: TestSignal) -> None:
    answer = httpx.get(signal.base + "/pictures/mast.png")
    assert answer.headers["content-type"] == "image/png"
    with av.open(io.BytesIO(answer.content), "r") as file:
        assert next(file.decode(video=0)).width == 800


# The server


def test_before_it_is_started_the_station_has_names_and_no_addresses() -> None:
    station = TestSignal(clock=lambda: NOON).station
    assert station.id == "test-signal"
    assert [stream.id for stream in station.streams] == ["signal", "tones"]
    assert [stream.urls for stream in station.streams] == [(), ()]
    assert station.feeds == ()


def test_a_started_station_names_what_it_serves(signal: TestSignal) -> None:
    station = signal.station
    for stream in station.streams:
        (url,) = stream.urls
        assert httpx.head(url).status_code == 200
        (source,) = stream.schedule
        assert source.source == "composer"
        now = f"{source.option('base')}/v1/widget/{source.option('ucs')}/now"
        assert httpx.get(now).status_code == 200
    assert httpx.get(station.homepage).status_code == 200
    for feed in station.feeds:
        served_at = signal.served_at(feed)
        assert served_at is not None
        assert httpx.get(served_at).status_code == 200


@pytest.mark.parametrize(
    ("named", "zone"),
    [("America/Phoenix", "America/Phoenix"), (":Asia/Kathmandu", "Asia/Kathmandu")],
)
def test_the_station_lives_in_this_computers_zone(
    monkeypatch: pytest.MonkeyPatch, named: str, zone: str
) -> None:
    monkeypatch.setenv("TZ", named)
    assert TestSignal(clock=lambda: NOON).station.timezone == zone


@pytest.mark.parametrize("named", ["MST7", "../../etc/passwd", "/etc/passwd", ""])
def test_a_zone_without_a_known_name_is_no_trouble(
    monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("TZ", named)
    assert home_zone().key


@pytest.mark.parametrize(
    "path",
    [
        "/nope",
        "/pictures/",
        "/pictures/../rundown.json",
        "/../../etc/passwd",
        "/pictures/%2e%2e/x",
        "*",
    ],
)
def test_only_known_addresses_are_answered(signal: TestSignal, path: str) -> None:
    with connected(signal) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 404 ")


def test_nonsense_is_survived_in_silence(
    signal: TestSignal, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    for nonsense in (
        b"",
        b"\0\xff\x16\x03\x01\r\n\r\n",
        b"GET\r\n\r\n",
        b"POST / HTTP/1.1\r\n\r\n",
    ):
        with connected(signal) as line:
            line.sendall(nonsense)
            line.shutdown(socket.SHUT_WR)
            while line.recv(65536):
                pass
    listen(signal.base + "/live/signal.mp3", SECOND)
    assert httpx.get(signal.base).status_code == 200
    eventually(lambda: threads() == ["test-signal"])
    assert capfd.readouterr() == ("", "")
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


def test_head_is_get_without_a_body(signal: TestSignal, client: httpx.Client) -> None:
    for path in ("/", "/stories.rss", "/pictures/mast.png"):
        head, get = client.head(signal.base + path), client.get(signal.base + path)
        assert head.content == b""
        assert head.headers["content-length"] == get.headers["content-length"]
    assert client.head(signal.base + "/live/signal.mp3").headers["content-type"] == "audio/mpeg"


def test_head_of_a_stream_ends(signal: TestSignal) -> None:
    with connected(signal) as line:
        line.sendall(b"HEAD /live/signal.mp3 HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"\r\n\r\n")


def test_closing_ends_every_connection_and_thread() -> None:
    signal = TestSignal(clock=lambda: datetime.now(UTC))
    signal.start()
    host, port = signal.base.removeprefix("http://").split(":")
    lines = [connected(signal) for _ in range(4)]
    # A stream that is read, one that is not, a page whose connection stays, one who says nothing.
    for line, path in zip(lines, ("/live/signal.mp3", "/live/tones.opus", "/"), strict=False):
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert line.recv(1000).startswith(b"HTTP/1.1 200 ")
    eventually(lambda: len(threads()) == 5)
    signal.close()
    eventually(lambda: threads() == [])
    for line in lines:
        with line:
            while line.recv(65536):
                pass
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)), timeout=30)
    signal.close()


def test_closing_does_not_wait_for_a_listener_who_has_stopped_reading() -> None:
    now = Time()
    signal = TestSignal(clock=now, wait=now.wait)
    signal.start()
    with connected(signal) as line:
        line.sendall(b"GET /live/signal.mp3 HTTP/1.1\r\nHost: x\r\n\r\n")
        # Until its buffers are full: the broadcast's clock then stands still.
        before = None
        while before != now():
            before = now()
            time.sleep(0.05)
        signal.close()
        eventually(lambda: threads() == [])


def test_a_wished_port_is_taken_where_it_is_free() -> None:
    first = TestSignal(clock=lambda: NOON)
    first.start()
    port = int(first.base.rpartition(":")[2])
    second = TestSignal(clock=lambda: NOON, port=port)
    second.start()
    assert second.base != first.base
    first.close()
    second.close()
    third = TestSignal(clock=lambda: NOON, port=port)
    third.start()
    assert third.base.endswith(f":{port}")
    third.close()


def test_closing_what_was_never_started_is_nothing() -> None:
    TestSignal(clock=lambda: NOON).close()


@pytest.mark.parametrize("path", ["/", "/stories.rss", "/live/signal.mp3", "/nothing"])
@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Host": "evil.example:47117"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_web_pages_are_told_nothing(
    signal: TestSignal, client: httpx.Client, path: str, headers: dict[str, str]
) -> None:
    assert client.get(signal.base + path, headers=headers).status_code == 403


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "none"}])
def test_a_browser_that_a_listener_opens_is_answered(
    signal: TestSignal, client: httpx.Client, headers: dict[str, str]
) -> None:
    by_name = signal.base.replace("127.0.0.1", "localhost").removeprefix("http://")
    assert client.get(f"{signal.base}/", headers=headers).status_code == 200
    assert client.get(f"{signal.base}/", headers={**headers, "Host": by_name}).status_code == 200


def test_nobody_can_take_all_connections(signal: TestSignal) -> None:
    with ExitStack() as stack:
        for _ in range(MOST_CONNECTIONS):
            stack.enter_context(connected(signal))
        eventually(lambda: len(threads()) == MOST_CONNECTIONS + 1)
        one_more = stack.enter_context(connected(signal))
        assert one_more.recv(1) == b""
    eventually(lambda: len(threads()) == 1)
    assert httpx.get(f"{signal.base}/").status_code == 200
