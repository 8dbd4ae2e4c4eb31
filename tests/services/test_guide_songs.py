"""Sources that tell songs: each service's own shape, by a real server."""

from __future__ import annotations

import asyncio
import json
import threading
from datetime import date, timedelta
from typing import Any

import pytest

from radiotui.guide.merge import present
from radiotui.guide.model import OnAir, Song
from radiotui.guide.pushes import Pushes
from radiotui.guide.service import Guide
from radiotui.guide.sources.answer import ScheduleAnswer
from radiotui.guide.sources.registry import source_type, sources_of_address, sources_of_page
from radiotui.net.client import Net
from radiotui.problems import Problem
from radiotui.stations.model import ScheduleSource, Station, Stream
from tests.services.guide_lab import Question, Service, Time, utc

AT = utc("2026-03-06 07:30")
DAY = date(2026, 3, 6)


def epoch(clock: str) -> int:
    """A time of that day in seconds since 1970."""
    return int(utc(f"2026-03-06 {clock}").timestamp())


def names(song: Song | None) -> tuple[str, str] | None:
    """Artist and title."""
    return (song.artist, song.title) if song else None


class TestSomaFM:
    """SomaFM's list of songs."""

    @pytest.mark.parametrize(
        ("date", "title"), [(epoch("07:28"), "River"), (epoch("06:50"), None), ("soon", None)]
    )
    async def test_a_list_that_is_stale_says_nothing(
        self, net: Net, service: Service, date: object, title: str | None
    ) -> None:
        song = {"title": "River", "artist": "Ada North", "album": "Waters", "date": date}
        older = {"title": "Older", "date": epoch("07:10")} if title else {"title": "Old", "date": 1}
        service.says("/songs/groovesalad.json", {"songs": [older, song]})
        question = Question(net, service, "somafm", "UTC", channel="groovesalad")
        answer = await question.now(AT)
        assert (answer.song and answer.song.title) == title
        assert answer.now is None

    @pytest.mark.parametrize(
        ("url", "channel"),
        [
            ("https://somafm.com/m3u/groovesalad130.m3u", "groovesalad"),
            ("https://somafm.com/groovesalad.pls", "groovesalad"),
            ("https://ice5.somafm.com/groovesalad-128-mp3", "groovesalad"),
            ("https://ice2.somafm.com/u80s-256-mp3", "u80s"),
            ("https://hls.somafm.com/hls/dronezone/128k/program.m3u8", "dronezone"),
        ],
    )
    def test_an_address_names_the_channel(self, url: str, channel: str) -> None:
        assert sources_of_address(url) == [ScheduleSource("somafm", (("channel", channel),))]


class TestRadioParadise:
    """Radio Paradise tells what is left of a song."""

    @pytest.fixture
    def question(self, net: Net, service: Service) -> Question:
        return Question(net, service, "radio_paradise", "UTC", channel="0")

    async def test_a_song_goes_on_while_it_is_the_same(
        self, question: Question, service: Service
    ) -> None:
        path = "/api/now_playing?chan=0"
        reply = {"artist": "Ada North", "title": "River", "album": "Waters", "time": "90"}
        service.says(path, reply | {"cover": "https://img.example/a.jpg"})
        first = await question.now(AT)
        assert names(first.song) == ("Ada North", "River")
        assert first.again_seconds == 90
        service.says(path, reply | {"time": 30})
        second = await question.now(AT + timedelta(seconds=60), first)
        assert first.song is not None
        assert second.song is not None
        assert second.song.start == first.song.start == AT
        assert second.song.seconds == first.song.seconds == 90

    @pytest.mark.parametrize(
        ("url", "channel"),
        [
            ("http://stream.radioparadise.com/aac-320", "0"),
            ("http://stream.radioparadise.com/mp3-192", "0"),
            ("http://stream.radioparadise.com/mellow-flacm", "1"),
            ("http://stream.radioparadise.com/rock-320", "2"),
        ],
    )
    def test_an_address_names_the_channel(self, url: str, channel: str) -> None:
        assert sources_of_address(url) == [
            ScheduleSource("radio_paradise", (("channel", channel),))
        ]


class TestKEXP:
    """KEXP's plays."""

    PATH = "/v2/plays/?format=json&limit=8&ordering=-airdate"

    async def song(self, net: Net, service: Service, *plays: dict[str, Any]) -> Song | None:
        service.says(self.PATH, {"results": plays})
        return (await Question(net, service, "kexp", "America/Los_Angeles").now(AT)).song

    async def test_a_break_ends_a_song(self, net: Net, service: Service) -> None:
        song = {"play_type": "trackplay", "song": "River", "artist": "Ada North"}
        song["airdate"] = "2026-03-05T23:27:00-08:00"
        pause = {"play_type": "airbreak", "airdate": "2026-03-05T23:29:00-08:00"}
        ahead = {"play_type": "trackplay", "song": "Early", "airdate": "2026-03-05T23:40:00-08:00"}
        assert names(await self.song(net, service, ahead, song)) == ("Ada North", "River")
        assert await self.song(net, service, pause, song) is None

    def test_its_stream_is_known(self) -> None:
        assert sources_of_address("https://kexp.streamguys1.com/kexp160.aac") == [
            ScheduleSource("kexp")
        ]


class TestSpinitron:
    """A station's public page."""

    PAGE = """<html><div class="now"><h3 class="show-title"><a href="/x">Night &amp; Day</a></h3>
    <p class="dj-name">with <a>Ben South</a></p>
    <tr data-spin="{&quot;a&quot;:&quot;Ada North&quot;,&quot;s&quot;:&quot;River&quot;}"></tr>
    <tr data-spin="{}"></tr></div></html>"""

    async def test_programme_host_and_song(self, net: Net, service: Service) -> None:
        service.replies["/WXYZ"] = self.PAGE.encode()
        answer = await Question(net, service, "spinitron", "UTC", call="WXYZ").now(AT)
        assert answer.now is not None
        assert (answer.now.title, answer.now.host) == ("Night & Day", "Ben South")
        assert names(answer.song) == ("Ada North", "River")

    @pytest.mark.parametrize("spin", ["", "{", "[1]", '{"a": 1}', "[" * 5000, '{"s": null}'])
    async def test_a_spin_that_cannot_be_read_costs_itself(
        self, net: Net, service: Service, spin: str
    ) -> None:
        page = f"<h3 class='show-title'>Night</h3><i data-spin='{spin}'></i>"
        service.replies["/WXYZ"] = page.encode()
        answer = await Question(net, service, "spinitron", "UTC", call="WXYZ").now(AT)
        assert answer.now is not None
        assert answer.song is None

    def test_a_homepage_leads_to_it(self) -> None:
        page = '<a href="https://spinitron.com/WXYZ/">Playlists</a>'
        assert sources_of_page("https://wxyz.example/", page) == [
            ScheduleSource("spinitron", (("call", "WXYZ"),))
        ]


@pytest.mark.parametrize(
    ("text", "song", "programme"),
    [
        ('"River" by Ada North on Night with Ben South', ("Ada North", "River"), "Night"),
        ("on Freeform Night with Ben South", None, "Freeform Night"),
        ('"River" by Ada North', ("Ada North", "River"), None),
        ("", None, None),
    ],
)  # fmt: skip
async def test_wfmus_small_page(
    net: Net, service: Service, text: str, song: tuple[str, str] | None, programme: str | None
) -> None:
    page = f'<div id="nowplaying"><span class="nowplayingtext">{text}</span></div>'
    service.replies["/currentliveshows.php"] = page.encode()
    answer = await Question(net, service, "wfmu", "America/New_York").now(AT)
    assert names(answer.song) == song
    assert (answer.now and answer.now.title) == programme
    assert answer.now is None or answer.now.host == "Ben South"


class TestIcecast:
    """Icecast's status, which is not always JSON."""

    async def song(
        self, net: Net, service: Service, sources: str, encoding: str = "utf-8", **options: str
    ) -> Song | None:
        body = f'{{"icestats":{{"admin":"a@b.example"{sources}}}}}'
        service.replies["/status-json.xsl"] = body.encode(encoding)
        answer = await Question(net, service, "icecast", "UTC", **options).now(AT)
        return answer.song

    @staticmethod
    def mount(title: str, path: str = "/live.mp3") -> str:
        return f'{{"listenurl":"http://10.0.0.1:8000{path}","server_name":"One","title":{title}}}'

    @pytest.mark.parametrize(
        ("title", "song"),
        [
            ('"Ada North - River"', ("Ada North", "River")),
            ('"River"', ("", "River")),
            ("12", ("", "12")),
            ("-", None),
            ('"-"', None),
            ('""', None),
            ("null", None),
            ('"Radio One"', None),
            ('"Ada\x02 North - River"', ("Ada North", "River")),
            ('"Ada - CafÃ©"', ("Ada", "Café")),
        ],
    )
    async def test_titles(
        self, net: Net, service: Service, title: str, song: tuple[str, str] | None
    ) -> None:
        assert names(await self.song(net, service, f',"source":{self.mount(title)}')) == song

    async def test_a_title_of_another_encoding(self, net: Net, service: Service) -> None:
        mounts = f',"source":[{self.mount(chr(34) + "Ada - Café" + chr(34))},NaN]'
        assert names(await self.song(net, service, mounts, "cp1252", mount="live.mp3")) == (
            "Ada",
            "Café",
        )

    async def test_no_source_one_source_and_a_list(self, net: Net, service: Service) -> None:
        one, two = self.mount('"One"', "/one"), self.mount('"Two"', "/two")
        assert await self.song(net, service, "") is None
        assert await self.song(net, service, f',"source":[{one},{two}]') is None
        for mount in ("/two", "two"):
            heard = await self.song(net, service, f',"source":[{one},{two}]', mount=mount)
            assert names(heard) == ("", "Two")
        assert await self.song(net, service, f',"source":{one}', mount="/two") is None


class TestShoutcast:
    """Both versions of the server."""

    async def song(self, net: Net, service: Service) -> Song | None:
        return (await Question(net, service, "shoutcast", "UTC").now(AT)).song

    @pytest.mark.parametrize(("status", "song"), [(1, ("Ada", "River, Sea")), (0, None)])
    async def test_of_version_2(
        self, net: Net, service: Service, status: int, song: tuple[str, str] | None
    ) -> None:
        stats = {"songtitle": "Ada - River, Sea", "servertitle": "x", "streamstatus": status}
        service.says("/stats?sid=1&json=1", stats)
        assert names(await self.song(net, service)) == song

    @pytest.mark.parametrize(("status", "song"), [(1, ("Ada", "River, Sea")), (0, None)])
    async def test_of_version_1_with_commas_in_the_title(
        self, net: Net, service: Service, status: int, song: tuple[str, str] | None
    ) -> None:
        page = f"<HTML><meta><body>12,{status},30,100,9,128,Ada - River, Sea</body></html>"
        service.replies["/7.html"] = page.encode()
        assert names(await self.song(net, service)) == song
        service.replies["/7.html"] = page.replace("River", "Cité").encode("cp1252")
        assert names(await self.song(net, service)) == (song and ("Ada", "Cité, Sea"))

    async def test_neither_is_said(self, net: Net, service: Service) -> None:
        service.default = b"<html>hello</html>"
        with pytest.raises(Problem, match="does not understand"):
            await self.song(net, service)


class TestAzuraCast:
    """A station that runs AzuraCast."""

    STATIC = "/api/nowplaying_static/one.json"
    SCHEDULE = "/api/station/one/schedule?rows=20"

    @staticmethod
    def playing(title: str = "River", **further: Any) -> dict[str, Any]:
        song = {
            "artist": "Ada North",
            "title": title,
            "album": "",
            "art": "https://a.example/1.jpg",
        }
        times = {"played_at": epoch("07:29"), "duration": 180, "elapsed": 60}
        return {
            "now_playing": times | {"song": song},
            "live": {"is_live": False, "streamer_name": ""},
        } | further

    @staticmethod
    def show(name: str, start: str, end: str) -> dict[str, Any]:
        times = {"start_timestamp": epoch(start), "end_timestamp": epoch(end)}
        return {"type": "playlist", "name": name, "is_now": False} | times

    @pytest.fixture
    def question(self, net: Net, service: Service) -> Question:
        return Question(net, service, "azuracast", "UTC", station="one")

    async def test_song_show_and_next(self, question: Question, service: Service) -> None:
        service.says(self.STATIC, self.playing())
        shows = [self.show("Morning", "06:00", "08:00"), self.show("Noon", "12:00", "13:00")]
        service.says(self.SCHEDULE, shows)
        answer = await question.now(AT)
        assert names(answer.song) == ("Ada North", "River")
        assert answer.now is not None
        assert answer.next is not None
        assert (answer.now.title, answer.next.title) == ("Morning", "Noon")
        assert answer.again_seconds == 120
        again = await question.now(AT + timedelta(seconds=120), answer)
        assert again.next == answer.next
        assert service.asked.count(self.SCHEDULE) == 1

    async def test_an_older_server_has_no_static_file(
        self, question: Question, service: Service
    ) -> None:
        service.says("/api/nowplaying/one", self.playing())
        assert names((await question.now(AT)).song) == ("Ada North", "River")

    @pytest.mark.parametrize("title", ["Station Offline", ""])
    async def test_offline_is_no_title(
        self, question: Question, service: Service, title: str
    ) -> None:
        service.says(self.STATIC, self.playing(title))
        assert (await question.now(AT)).song is None

    async def test_who_is_live(self, question: Question, service: Service) -> None:
        service.says(
            self.STATIC, self.playing(live={"is_live": True, "streamer_name": "Ben South"})
        )
        service.says(self.SCHEDULE, [self.show("Evening", "20:00", "22:00")])
        live = await question.now(AT)
        assert live.now is not None
        assert live.now.title == "Ben South"
        service.says(self.STATIC, self.playing())
        assert (await question.now(AT + timedelta(minutes=2), live)).now is None

    async def test_a_live_show_has_no_length(self, question: Question, service: Service) -> None:
        playing = self.playing()
        playing["now_playing"]["duration"] = 0
        service.says(self.STATIC, playing)
        song = (await question.now(AT)).song
        assert song is not None
        assert song.seconds is None

    async def test_its_day(self, question: Question, service: Service) -> None:
        path = "/api/station/one/schedule?start=2026-03-06&end=2026-03-07"
        shows = [self.show("Morning", "06:00", "08:00"), {"name": "x", "start_timestamp": "soon"}]
        service.says(path, shows)
        assert [one.title for one in await question.day(DAY)] == ["Morning"]

    def test_a_homepage_with_its_player(self) -> None:
        page = '<iframe src="https://radio.example/public/one/embed?theme=light"></iframe>'
        page = f'<link href="/public/css/all.css?v=2"><img src="/public/img/logo.png">{page}'
        options = (("station", "one"), ("base", "https://radio.example"))
        assert sources_of_page("https://home.example/", page) == [
            ScheduleSource("azuracast", options)
        ]

    async def pushed(self, net: Net, service: Service, body: bytes) -> list[ScheduleAnswer]:
        query = "%7B%22subs%22%3A%7B%22station%3Aone%22%3A%7B%22recover%22%3Atrue%7D%7D%7D"
        path = f"/api/live/nowplaying/sse?cf_connect={query}"
        service.replies[path] = (200, {"Content-Type": "text/event-stream"}, body)
        question = Question(net, service, "azuracast", "UTC", station="one")
        return [answer async for answer in question.push(lambda: AT)]

    async def test_what_is_pushed(self, net: Net, service: Service) -> None:
        first, second = self.playing("First"), self.playing("Second")
        events = [
            {
                "connect": {
                    "time": 1,
                    "subs": {"station:one": {"publications": [{"data": {"np": first}}]}},
                }
            },
            {"pub": {"data": {"np": second, "triggers": ["song"]}}},
            {"connect": {"data": [{"data": {"np": first}}]}},
            {"connect": {"subs": ["station:one"]}},
        ]
        lines = [b"data: " + json.dumps(event).encode() for event in events]
        lines[1] = lines[1].replace(b'["song"]', b"9" * 5000)
        noise = [b".", b": ping", b"data: {", b"data: 7", lines.pop()]
        body = b"\n\n".join([lines[0], *noise, *lines[1:]])
        answers = await self.pushed(net, service, body + b"\n\n")
        assert [answer.song and answer.song.title for answer in answers] == [
            "First", "Second", "First",
        ]  # fmt: skip

    async def test_a_server_that_does_not_push_says_so(self, net: Net, service: Service) -> None:
        question = Question(net, service, "azuracast", "UTC", station="one")
        with pytest.raises(Problem, match="404"):
            _ = [answer async for answer in question.push(lambda: AT)]


@pytest.mark.parametrize(
    "source", ["somafm", "radio_paradise", "kexp", "spinitron", "wfmu", "icecast", "azuracast"]
)
@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"7", b"{}", b"<html>Sign in</html>"])
async def test_an_answer_that_is_none_is_said(
    net: Net, service: Service, source: str, body: bytes
) -> None:
    service.default = body
    options = dict.fromkeys(source_type(source).options.required, "1")
    try:
        answer = await Question(net, service, source, "UTC", **options).now(AT)
        outcome = f"{answer.now} {answer.song}"
    except Problem as problem:
        outcome = problem.title
    assert outcome == "None None" or "does not understand" in outcome


def following(net: Net, service: Service, clock: Time) -> tuple[Guide, list[OnAir]]:
    """A guide that follows a station of AzuraCast, and what it tells of it."""
    snapshots: list[OnAir] = []
    guide = Guide(net, clock=clock.clock, on_change=snapshots.append, sleep=clock.sleep)
    source = ScheduleSource("azuracast", (("station", "one"), ("base", service.base)))
    stream = Stream("live", "Live", (), schedule=(source,))
    guide.follow([(Station("one", "Radio One", (stream,)), stream)])
    return guide, snapshots


async def test_a_followed_station_is_told_and_not_asked(net: Net, service: Service) -> None:
    def event(title: str) -> bytes:
        playing = TestAzuraCast.playing(title)
        return b"data: " + json.dumps({"pub": {"data": {"np": playing}}}).encode() + b"\n\n"

    pushed = [event("First"), event("Second")]
    service.pushes("/api/live/nowplaying/sse", pushed)
    is_pushed = threading.Event()

    def asked_before() -> bytes:
        is_pushed.wait(30)
        return json.dumps(TestAzuraCast.playing("Asked")).encode()

    service.replies[TestAzuraCast.STATIC] = asked_before
    clock = Time(AT)
    guide, snapshots = following(net, service, clock)
    async with asyncio.timeout(30):
        while not snapshots or names(snapshots[-1].song) != ("Ada North", "Second"):
            await asyncio.sleep(0.01)
    # The answer to what was asked before comes late: it does not bring back an older song.
    is_pushed.set()
    await clock.asleep()
    assert names(snapshots[-1].song) == ("Ada North", "Second")
    asked = service.asked.count(TestAzuraCast.STATIC)
    await clock.pass_by(250)
    assert service.asked.count(TestAzuraCast.STATIC) == asked
    await guide.close()


async def test_of_many_pushes_at_once_the_newest_is_told(net: Net, service: Service) -> None:
    playing = [TestAzuraCast.playing(f"River {number}") for number in range(300)]
    events = [json.dumps({"pub": {"data": {"np": one}}}) for one in playing]
    service.pushes("/api/live/nowplaying/sse", [f"data: {event}\n".encode() for event in events])
    clock, is_last = Time(AT), asyncio.Event()
    titles: list[str] = []

    def note(_: str, answer: ScheduleAnswer) -> None:
        titles.append(answer.song.title if answer.song else "")
        if titles[-1] == "River 299":
            is_last.set()

    pushes = Pushes(net, clock=clock.clock, sleep=clock.sleep, on_answer=note)
    source = ScheduleSource("azuracast", (("station", "one"), ("base", service.base)))
    push = source_type("azuracast").push
    assert push is not None
    pushes.watch({"one": (push, Station("one", "Radio One", ()), source)})
    await asyncio.wait_for(is_last.wait(), 30)
    assert len(titles) < 150
    await pushes.close()


async def test_the_schedule_comes_before_who_is_live(net: Net, service: Service) -> None:
    playing = TestAzuraCast.playing("Second", live={"is_live": True, "streamer_name": "Ben South"})
    event = b"data: " + json.dumps({"pub": {"data": {"np": playing}}}).encode() + b"\n\n"
    is_shown = threading.Event()

    def push() -> tuple[int, dict[str, str], bytes]:
        is_shown.wait(30)
        return 200, {}, event

    query = "%7B%22subs%22%3A%7B%22station%3Aone%22%3A%7B%22recover%22%3Atrue%7D%7D%7D"
    service.replies[f"/api/live/nowplaying/sse?cf_connect={query}"] = push
    service.says(TestAzuraCast.STATIC, TestAzuraCast.playing())
    service.says(TestAzuraCast.SCHEDULE, [TestAzuraCast.show("Morning", "06:00", "08:00")])
    clock = Time(AT)
    guide, snapshots = following(net, service, clock)
    async with asyncio.timeout(30):
        while not snapshots or names(snapshots[-1].song) != ("Ada North", "Second"):
            if snapshots and snapshots[-1].now:
                is_shown.set()
            await asyncio.sleep(0.01)
    assert snapshots[-1].now is not None
    assert snapshots[-1].now.title == "Morning"
    await guide.close()


@pytest.mark.parametrize(
    ("source", "path", "body", "stays"),
    [
        ("shoutcast", "/stats?sid=1&json=1", '{"songtitle": "Talk", "streamstatus": 1}', True),
        ("icecast", "/status-json.xsl", '{"icestats": {"source": {"title": "Talk"}}}', True),
        (
            *("azuracast", "/api/nowplaying_static/1.json"),
            f'{{"now_playing": {{"song": {{"title": "Talk"}}, "played_at": {epoch("07:30")}}}}}',
            True,
        ),
        ("spinitron", "/1", """<i data-spin='{"s": "Talk"}'>""", False),
    ],
)
async def test_a_title_that_stays_is_shown_as_long_as_it_is_the_present_one(
    net: Net, service: Service, source: str, path: str, body: str, stays: bool
) -> None:
    service.replies[path] = body.encode()
    service.says("/api/station/1/schedule?rows=20", [])
    options = dict.fromkeys(source_type(source).options.required, "1")
    question = Question(net, service, source, "UTC", **options)
    answer, shown = None, []
    for minutes in range(0, 90, 8):
        at = AT + timedelta(minutes=minutes)
        answer = await question.now(at, answer)
        shown.append(present(answer, None, at).song is not None)
    assert shown == [stays or minutes < 16 for minutes in range(0, 90, 8)]
