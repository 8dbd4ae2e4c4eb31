"""Sources that tell programmes with their times: each service's own shape, by a real server."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from radiotui.guide.merge import present
from radiotui.guide.sources.answer import ScheduleAnswer
from radiotui.guide.sources.registry import source_type, sources_of_address
from radiotui.net.client import Net
from radiotui.problems import Problem
from radiotui.stations.model import ScheduleSource
from tests.services.guide_lab import Question, Service, utc

# A Friday, 07:30 in London and 18:30 in Sydney.
AT = utc("2026-03-06 07:30")
DAY = date(2026, 3, 6)


def titles(answer: ScheduleAnswer) -> tuple[str | None, str | None]:
    """Titles of the programme that is on and of the next."""
    now, following = answer.now, answer.next
    return now.title if now else None, following.title if following else None


def iso(moment: datetime) -> str:
    """As the BBC writes it."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


class TestBBC:
    """The BBC's days, and its songs."""

    PATH = "/v2/experience/inline/schedules/bbc_radio_fourfm/2026-03-06"
    SONGS = "/v2/services/bbc_radio_fourfm/segments/latest"

    @staticmethod
    def slot(name: str, start: str, end: str, **further: Any) -> dict[str, Any]:
        return {
            "type": "broadcast_summary",
            "start": iso(utc(f"2026-03-06 {start}")),
            "end": iso(utc(f"2026-03-06 {end}")),
            "titles": {"primary": name, "secondary": "6 March", "tertiary": None},
            "synopses": {"short": "Short.", "medium": None, "long": None},
            "image_url": "https://pictures.example/{recipe}/p0aaaaaa.jpg",
        } | further

    def says(self, service: Service, *slots: dict[str, Any]) -> None:
        heading = {"type": "heading", "titles": {"primary": "Morning"}}
        service.says(self.PATH, {"data": [{"data": [heading, *slots]}, {"data": None}, 7]})
        service.says(self.SONGS, {"data": []})

    @pytest.fixture
    def question(self, net: Net, service: Service) -> Question:
        return Question(net, service, "bbc", "Europe/London", service="bbc_radio_fourfm")

    async def test_now_is_chosen_by_time(self, question: Question, service: Service) -> None:
        first = self.slot("Farming Today", "05:45", "06:00")
        today = self.slot("Today", "06:00", "09:00")
        self.says(service, first, today, self.slot("In Our Time", "09:00", "09:45"))
        answer = await question.now(AT)
        assert titles(answer) == ("Today", "In Our Time")
        assert answer.now is not None
        assert (answer.now.start, answer.now.end) == (
            utc("2026-03-06 06:00"),
            utc("2026-03-06 09:00"),
        )
        assert (answer.now.episode, answer.now.description) == ("6 March", "Short.")
        assert answer.now.picture == "https://pictures.example/480x480/p0aaaaaa.jpg"

    async def test_the_news_at_the_hour_is_no_programme_of_its_own(
        self, question: Question, service: Service
    ) -> None:
        slots = self.slot("Show", "06:00", "07:28"), self.slot("Next", "07:33", "09:00")
        self.says(service, *slots)
        assert titles(await question.now(AT)) == ("Show", "Next")
        assert titles(await question.now(utc("2026-03-06 07:34")))[0] == "Next"

    async def test_a_time_without_an_offset_is_none(
        self, question: Question, service: Service
    ) -> None:
        floating = self.slot("Floating", "06:00", "09:00") | {"start": "2026-03-06T06:00:00"}
        self.says(service, floating, self.slot("Today", "06:30", "09:00"))
        service.says(self.PATH.replace("-06", "-07"), {"data": []})
        assert titles(await question.now(AT)) == ("Today", None)

    async def test_a_grey_picture_is_none(self, question: Question, service: Service) -> None:
        grey = "https://pictures.example/{recipe}/p01tqv8z.png"
        self.says(service, self.slot("Today", "06:00", "09:00", image_url=grey))
        answer = await question.now(utc("2026-03-06 06:10"))
        assert answer.now is not None
        assert answer.now.picture is None

    async def test_the_next_broadcasts_stand_in_for_a_day_that_fails(
        self, question: Question, service: Service
    ) -> None:
        rows = [self.slot("Old", "06:00", "07:00"), self.slot("Today", "07:00", "09:00")]
        rows = [{key: value for key, value in row.items() if key != "type"} for row in rows]
        service.says("/v2/broadcasts/poll/bbc_radio_fourfm?limit=4", {"data": rows})
        answer = await question.now(AT)
        assert titles(answer) == ("Today", None)
        assert answer.problem is not None
        service.says("/v2/broadcasts/poll/bbc_radio_fourfm?limit=4", {"data": []})
        with pytest.raises(Problem, match="404"):
            await question.now(AT)

    async def test_a_song_only_while_it_is_played(
        self, question: Question, service: Service
    ) -> None:
        self.says(
            service, self.slot("Breakfast", "06:00", "09:00"), self.slot("B", "09:00", "10:00")
        )
        song = {
            "segment_type": "music",
            "titles": {"primary": "Ada North", "secondary": "River"},
            "offset": {"now_playing": False, "label": "3 Minutes Ago"},
        }
        service.says(self.SONGS, {"data": [song]})
        assert (await question.now(AT)).song is None
        song["offset"] = {"now_playing": True, "label": "Now Playing"}
        service.says(self.SONGS, {"data": [song]})
        answer = await question.now(AT)
        # It began when it was told first: of a service that is silent it ends some day.
        assert present(answer, None, AT + timedelta(minutes=15)).song is not None
        assert present(answer, None, AT + timedelta(minutes=17)).song is None
        heard = answer.song
        assert heard is not None
        assert (heard.artist, heard.title) == ("Ada North", "River")

    async def test_a_station_of_words_has_no_songs_and_no_problem(
        self, question: Question, service: Service
    ) -> None:
        self.says(service, self.slot("Today", "06:00", "09:00"), self.slot("B", "09:00", "10:00"))
        service.replies[self.SONGS] = (404, {}, b"")
        assert (await question.now(AT)).problem is None
        service.replies[self.SONGS] = (500, {}, b"")
        answer = await question.now(AT)
        assert titles(answer) == ("Today", "B")
        assert answer.problem is not None

    async def test_the_day_beside_is_asked_where_the_day_ends(
        self, question: Question, service: Service
    ) -> None:
        self.says(service, self.slot("Late", "22:00", "23:30"))
        tomorrow = self.slot("Shipping Forecast", "00:00", "00:15")
        tomorrow |= {"start": "2026-03-07T00:48:00Z", "end": "2026-03-07T01:00:00Z"}
        path = self.PATH.replace("-06", "-07")
        service.says(path, {"data": [{"data": [tomorrow]}]})
        answer = await question.now(utc("2026-03-06 22:30"))
        assert titles(answer) == ("Late", "Shipping Forecast")

    def test_an_address_names_the_service(self) -> None:
        url = "http://as-hls-ww-live.akamaized.net/pool_5/live/ww/bbc_radio_fourfm/bbc_radio_fourfm.isml/x.m3u8"
        assert sources_of_address(url) == [
            ScheduleSource("bbc", (("service", "bbc_radio_fourfm"),))
        ]


class TestKQED:
    """KQED's one answer."""

    @staticmethod
    def row(name: str, start: str, end: str, **further: Any) -> dict[str, Any]:
        times = (utc(f"2026-03-06 {clock}").timestamp() for clock in (start, end))
        return {
            "programTitle": name,
            **dict(zip(("startTime", "endTime"), times, strict=True)),
        } | further

    @pytest.mark.parametrize("wrapped", [False, True])
    async def test_rows_in_a_list_or_under_schedule(
        self, net: Net, service: Service, wrapped: bool
    ) -> None:
        rows = [
            self.row("Forum", "07:00", "08:00", episodeTitle="On rivers", episodeHost="Ada North"),
            self.row("Fresh Air", "08:00", "09:00"),
            {"programTitle": None, "startTime": "soon"},
            self.row("Far Away", "09:00", "08:00"),
        ]
        if wrapped:  # in milliseconds, too
            rows[1] |= {name: rows[1][name] * 1000 for name in ("startTime", "endTime")}
        service.says("/radio-schedules/", {"schedule": rows} if wrapped else rows)
        question = Question(net, service, "kqed", "America/Los_Angeles")
        answer = await question.now(AT)
        assert titles(answer) == ("Forum", "Fresh Air")
        assert answer.now is not None
        assert (answer.now.episode, answer.now.host) == ("On rivers", "Ada North")
        # The same, within a page.
        del service.replies["/radio-schedules/"]
        script = f'{{"type": "radio-schedules", "attributes": {{"schedule": {json.dumps(rows)}}}}}'
        service.replies["/radio/schedule"] = f"<script>x={script}</script>".encode()
        assert await question.now(AT) == answer
        # 07:00 UTC is the evening before in San Francisco, 08:00 UTC its midnight.
        assert [one.title for one in await question.day(DAY)] == ["Fresh Air", "Far Away"]


class TestABC:
    """ABC's items with many live events."""

    def path(self, begin: str, end: str) -> str:
        span = f"from={begin}&to={end}".replace(":", "%3A")
        query = f"service=RN&{span}&order=asc&order_by=ppe_date&limit=60"
        return f"/api/v1/programitems/search.json?{query}"

    @staticmethod
    def item(title: str, episode: str, *events: tuple[str, str, str]) -> dict[str, Any]:
        return {
            "title": episode,
            "program": {"title": title},
            "short_synopsis": "<p>About it.</p>",
            "live": [
                {
                    "start": f"2026-03-06T{start}:00+11:00",
                    "end": f"2026-03-06T{end}:00+11:00",
                    "outlets": [{"partof_service": {"service_id": service}}],
                }
                for start, end, service in events
            ],
        }

    async def test_only_the_events_of_the_service_count(self, net: Net, service: Service) -> None:
        items = [
            self.item("PM", "PM", ("18:00", "19:00", "RN"), ("20:00", "21:00", "local")),
            self.item("Late Night", "On rivers", ("19:00", "20:00", "RN")),
            self.item("Elsewhere", "x", ("18:00", "19:00", "local")),
        ]
        path = self.path("2026-03-05T13:00:00Z", "2026-03-06T13:00:00Z")
        service.says(path, {"items": items})
        question = Question(net, service, "abc", "Australia/Sydney", service="RN")
        answer = await question.now(AT)
        assert titles(answer) == ("PM", "Late Night")
        assert answer.now is not None
        assert answer.next is not None
        assert (answer.now.episode, answer.next.episode) == ("", "On rivers")
        assert answer.now.description == "About it."
        assert [one.title for one in await question.day(DAY)] == ["PM", "Late Night"]

    @pytest.mark.parametrize(
        ("playing", "title"), [({}, None), ("", None), (None, None), (True, "River")]
    )
    async def test_a_song_that_is_empty_is_none(
        self, net: Net, service: Service, playing: object, title: str | None
    ) -> None:
        service.default = json.dumps({"items": []}).encode()
        recording = {"title": "River", "artists": [{"name": "Ada North"}, {"name": None}]}
        now = {"recording": recording} if playing is True else playing
        service.says("/api/v1/plays/triplej/now.json", {"now": now, "prev": {}})
        question = Question(net, service, "abc", "Australia/Sydney", service="RN", songs="triplej")
        song = (await question.now(AT)).song
        assert (song and song.title) == title
        assert song is None or song.artist == "Ada North"

    async def test_songs_that_fail_cost_themselves_alone(self, net: Net, service: Service) -> None:
        live = {"start": "2026-03-06T07:00:00Z", "end": "2026-03-06T08:00:00Z"}
        items = [{"program": {"title": "Mornings"}, "live": [live]}]
        service.default = json.dumps({"items": items}).encode()
        service.replies["/api/v1/plays/triplej/now.json"] = (500, {}, b"")
        question = Question(net, service, "abc", "Australia/Sydney", service="RN", songs="triplej")
        answer = await question.now(AT)
        assert titles(answer) == ("Mornings", None)
        assert answer.problem is not None


async def test_cbc_reads_the_rows_of_its_page(net: Net, service: Service) -> None:
    def row(title: str, hour: int, about: str = "") -> str:
        begin = int(utc(f"2026-03-06 {hour:02}:00").timestamp() * 1000)
        return (
            f'<div data-start-time-epoch="{begin}" data-end-time-epoch="{begin + 3_600_000}">'
            f"<dl><dt><a href='/x'>{title}</a></dt><dd>{about}</dd></dl></div>"
        )

    page = (
        f"<html><body>{row('World Report', 7, 'News &amp; more.')}{row('Ideas', 8)}</body></html>"
    )
    service.replies["/programguide/daily/2026/03/06/cbc_radio_one"] = page.encode()
    question = Question(net, service, "cbc", "Europe/London", service="cbc_radio_one")
    answer = await question.now(AT)
    assert titles(answer) == ("World Report", "Ideas")
    assert answer.now is not None
    assert answer.now.description == "News & more."
    service.default = b"<html>Sign in</html>"
    with pytest.raises(Problem, match="does not understand"):
        await question.day(DAY + timedelta(days=1))


class TestRTE:
    """RTÉ's one answer about all its stations."""

    async def now(self, net: Net, service: Service, at: datetime, **listing: Any) -> ScheduleAnswer:
        entries = [{"slug": "2fm", "liveListing": {"showTitle": "Other"}}]
        entries.append({"slug": "radio1", "liveListing": listing})
        service.says("/radio/live_stations/json", {"stations": entries})
        return await Question(net, service, "rte", "Europe/Dublin", station="radio1").now(at)

    async def test_times_are_dublins_whatever_they_are_dressed_with(
        self, net: Net, service: Service
    ) -> None:
        # In summer Dublin is an hour ahead of UTC, and the dates say Z all the same.
        listing = {"showTitle": "Liveline", "showDescription": "<b>Calls.</b>"}
        listing |= {"showDate": "2026-07-06T13:45:00Z", "showEndDate": "2026-07-06T15:00:00+0000"}
        answer = await self.now(net, service, utc("2026-07-06 13:00"), **listing)
        assert answer.now is not None
        assert (answer.now.start, answer.now.end) == (
            utc("2026-07-06 12:45"),
            utc("2026-07-06 14:00"),
        )
        assert answer.now.description == "Calls."

    async def test_what_has_ended_is_not_on(self, net: Net, service: Service) -> None:
        listing = {
            "showTitle": "Liveline",
            "showDate": "2026-03-06T05:00:00",
            "duration": 3_600_000,
        }
        assert (await self.now(net, service, utc("2026-03-06 05:30"), **listing)).now is not None
        assert (await self.now(net, service, AT, **listing)).now is None


class TestNTS:
    """NTS, whose answers may be a quarter of an hour old."""

    @staticmethod
    def slot(title: str, start: str, end: str) -> dict[str, Any]:
        return {
            "broadcast_title": title,
            "start_timestamp": f"2026-03-06T{start}:00+00:00",
            "end_timestamp": f"2026-03-06T{end}:00+00:00",
            "embeds": {"details": {"media": {"picture_large": "https://media.example/a.jpg"}}},
        }

    @pytest.fixture
    def question(self, net: Net, service: Service) -> Question:
        return Question(net, service, "nts", "Europe/London", channel="2")

    async def test_next_is_on_where_now_has_ended(
        self, question: Question, service: Service
    ) -> None:
        channel = {
            "channel_name": "2",
            "now": self.slot("Over", "06:00", "07:00"),
            "next": self.slot("Tea &amp; Toast", "07:00", "08:00"),
            "next2": self.slot("Later", "08:00", "09:00"),
        }
        other = {"channel_name": "1", "now": self.slot("Channel One", "07:00", "08:00")}
        service.says("/api/v2/live", {"results": [other, channel]})
        answer = await question.now(AT)
        assert titles(answer) == ("Tea & Toast", "Later")
        assert answer.now is not None
        assert answer.now.picture == "https://media.example/a.jpg"

    async def test_a_cache_is_asked_past_once_where_all_have_ended(
        self, question: Question, service: Service
    ) -> None:
        old = {"channel_name": "2", "now": self.slot("Over", "05:00", "06:00")}
        service.says("/api/v2/live", {"results": [old]})
        fresh = {"channel_name": "2", "now": self.slot("Fresh", "07:00", "08:00")}
        minute = int(AT.timestamp()) // 60
        service.says(f"/api/v2/live?_={minute}", {"results": [fresh]})
        assert titles(await question.now(AT)) == ("Fresh", None)
        service.says(f"/api/v2/live?_={minute}", {"results": [old]})
        assert titles(await question.now(AT)) == (None, None)
        assert len(service.asked) == 4

    @pytest.mark.parametrize(
        ("url", "channel"),
        [
            ("https://stream-relay-geo.ntslive.net/stream", "1"),
            ("https://stream-relay-geo.ntslive.net/stream2?client=x", "2"),
        ],
    )
    def test_an_address_names_the_channel(self, url: str, channel: str) -> None:
        assert sources_of_address(url) == [ScheduleSource("nts", (("channel", channel),))]


class TestRadioFrance:
    """Radio France's steps, programmes and songs among each other."""

    @staticmethod
    def step(title: str, start: str, end: str, **further: Any) -> dict[str, Any]:
        times = (int(utc(f"2026-03-06 {clock}").timestamp()) for clock in (start, end))
        return {"title": title, **dict(zip(("start", "end"), times, strict=True))} | further

    async def now(self, net: Net, service: Service, *steps: dict[str, Any]) -> ScheduleAnswer:
        by_id = {f"id{number}": step for number, step in enumerate(steps)}
        level = {"items": list(by_id), "position": 0}
        service.says("/livemeta/pull/7", {"levels": [level], "steps": by_id})
        return await Question(net, service, "radio_france", "Europe/Paris", station="7").now(AT)

    async def test_programmes_and_songs_are_told_apart(self, net: Net, service: Service) -> None:
        answer = await self.now(
            net,
            service,
            self.step("Le 7/9", "06:00", "08:00", titleConcept="Matinale", visual="0a1b-2c"),
            self.step("Suite", "08:00", "09:00"),
            self.step("Avant", "07:20", "07:25", embedType="song", authors="X"),
            self.step(
                "Rivière", "07:28", "07:32", embedType="song", highlightedArtists=["Ada Nord"],
                titreAlbum="Eaux", visual="https://pictures.example/a.jpg",
            ),
        )  # fmt: skip
        assert titles(answer) == ("Matinale", "Suite")
        assert answer.now is not None
        assert (answer.now.episode, answer.now.picture) == ("Le 7/9", None)
        song = answer.song
        assert song is not None
        assert (song.artist, song.title, song.album) == ("Ada Nord", "Rivière", "Eaux")
        assert song.picture == "https://pictures.example/a.jpg"
        assert answer.again_seconds == 120

    async def test_a_song_that_is_over_is_not_shown(self, net: Net, service: Service) -> None:
        song = self.step("Avant", "07:00", "07:04", embedType="song", authors="X")
        assert (await self.now(net, service, song)).song is None

    async def test_a_song_is_shown_when_it_can_be_heard(self, net: Net, service: Service) -> None:
        before = self.step("Avant", "07:20", "07:30", embedType="song")
        after = self.step("Après", "07:34", "07:38", embedType="song")
        present = self.step("Rivière", "07:29", "07:34", embedType="song")
        answer = await self.now(net, service, after, present, before)
        assert answer.song is not None
        assert answer.song.title == "Rivière"
        answer = await self.now(net, service, after)
        assert (answer.song, answer.again_seconds) == (None, 240)

    @pytest.mark.parametrize(
        ("url", "station"),
        [
            ("https://icecast.radiofrance.fr/fip-hifi.aac?id=radiofrance", "7"),
            ("https://icecast.radiofrance.fr/fiprock-midfi.mp3", "64"),
            ("https://stream.radiofrance.fr/franceinter/franceinter.m3u8", "1"),
            ("https://icecast.radiofrance.fr/fippop-hifi.aac", None),
            ("https://icecast.radiofrance.fr/fiphiphop-hifi.aac", None),
        ],
    )
    def test_a_sub_channel_without_a_number_of_its_own_gets_no_answer(
        self, url: str, station: str | None
    ) -> None:
        sources = [ScheduleSource("radio_france", (("station", station),))] if station else []
        assert sources_of_address(url) == sources


class TestWNYC:
    """WNYC's programme, what follows, and the piece."""

    @pytest.mark.parametrize("as_list", [False, True])
    async def test_what_follows_is_a_list_or_an_object(
        self, net: Net, service: Service, as_list: bool
    ) -> None:
        following = {"title": "Fresh Air", "start": "2026-03-06T08:00:00Z"}
        entry = {
            "current_show": {
                "title": "Morning Edition",
                "iso_start": "2026-03-06T01:00:00-05:00",
                "iso_end": "2026-03-06T03:00:00-05:00",
                "description": "<p>News.</p>",
            },
            "future": [following] if as_list else following,
            "current_playlist_item": {
                "catalog_entry": {
                    "title": "Lullaby",
                    "composer": {"name": "Ben South"},
                    "ensemble": None,
                    "soloists": [{"musician": {"name": "Ada North"}}],
                }
            },
        }
        service.says("/api/v1/whats_on/wqxr/", {"wqxr": entry} if as_list else entry)
        question = Question(net, service, "wnyc", "America/New_York", slug="wqxr")
        answer = await question.now(AT)
        assert titles(answer) == ("Morning Edition", "Fresh Air")
        assert answer.song is not None
        assert (answer.song.artist, answer.song.title) == ("Ben South, Ada North", "Lullaby")
        del service.replies["/api/v1/whats_on/wqxr/"]
        service.says("/api/v1/whats_on/", {"wnyc-fm939": {}, "wqxr": entry})
        assert titles(await question.now(AT)) == ("Morning Edition", "Fresh Air")

    async def test_a_name_without_times_is_on(self, net: Net, service: Service) -> None:
        service.says("/api/v1/whats_on/wqxr/", {"current_show": {"title": "Evenings"}, "future": 7})
        question = Question(net, service, "wnyc", "America/New_York", slug="wqxr")
        assert titles(await question.now(AT)) == ("Evenings", None)
        nameless = {"current_show": {"title": None}, "future": [{"title": "Evenings"}]}
        service.says("/api/v1/whats_on/wqxr/", nameless)
        assert titles(await question.now(AT)) == (None, None)
        over = {"current_show": {"title": "Evenings", "end": "2026-03-06T02:00:00-05:00"}}
        service.says("/api/v1/whats_on/wqxr/", over)
        assert titles(await question.now(AT)) == (None, None)


@pytest.mark.parametrize(
    "source", ["bbc", "kqed", "abc", "cbc", "rte", "nts", "radio_france", "wnyc"]
)
@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"7", b'"x"', b"{}", b"<html>Sign in</html>"]
)
async def test_an_answer_that_is_none_is_said(
    net: Net, service: Service, source: str, body: bytes
) -> None:
    service.default = body
    options = dict.fromkeys(source_type(source).options.required, "1")
    question = Question(net, service, source, "Europe/London", **options)
    try:
        outcome = str(titles(await question.now(AT)))
    except Problem as problem:
        outcome = problem.title
    assert outcome == "(None, None)" or "does not understand" in outcome
