import asyncio
import random
from datetime import time, timedelta

import pytest

from radiotui.guide.model import OnAir, Programme, Song
from radiotui.guide.service import Guide
from radiotui.net.client import Fetched, Net
from radiotui.stations.model import ScheduleSource, Station, Stream, WeeklyProgramme
from tests.services.guide_lab import Service, Time, utc

EVERY_DAY = frozenset(range(7))
TABLE = (
    WeeklyProgramme("Morning Edition", EVERY_DAY, time(4), time(9), host="Ada North"),
    WeeklyProgramme("Fresh Air", EVERY_DAY, time(9), time(10)),
    WeeklyProgramme("Marketplace", EVERY_DAY, time(11), time(12)),
)
# 05:00 in Phoenix; the table's "Morning Edition" ends at 16:00 UTC.
FIVE = utc("2026-03-06 12:00")
NINE = utc("2026-03-06 16:00")
TEN = utc("2026-03-06 17:00")
ELEVEN = utc("2026-03-06 18:00")
NPR_NOW = "/v3/streams/news/programs/now"
COMPOSER_NOW = "/v1/widget/50e0/now?format=json"
DAY = "/v1/widget/50e0/day?date=2026-03-06&format=json"


@pytest.fixture
def service():
    with Service() as running:
        yield running


@pytest.fixture
async def net():
    one = Net()
    yield one
    await one.aclose()


@pytest.fixture
async def lab(net, service):
    one = Lab(net, service)
    yield one
    await one.guide.close()


class Lab:
    """A guide, its time, and what it told."""

    def __init__(self, net: Net, service: Service) -> None:
        self.service = service
        self.time = Time(FIVE)
        self.told: list[OnAir] = []
        self.guide = Guide(
            net,
            clock=self.time.clock,
            on_change=self.told.append,
            sleep=self.time.sleep,
            rng=random.Random(1),
        )

    def source(self, name: str, of: str = "news") -> ScheduleSource:
        option = {"npr": ("stream", of), "composer": ("ucs", "50e0")}[name]
        return ScheduleSource(name, (option, ("base", self.service.base)))

    def station(self, *sources: str, table=(), stream="news", station="knau", of="news"):
        schedule = tuple(self.source(name, of) for name in sources)
        only = Stream(stream, "News & Talk", (), schedule=schedule, programmes=table)
        return Station(station, "KNAU", (only,), timezone="America/Phoenix"), only

    def name_is(self, name: str | None, of: str = "news") -> None:
        attributes = {"name": name} if name else None
        path = NPR_NOW.replace("news", of)
        self.service.says(path, {"attributes": attributes, "items": []})

    def composer_says(self, name: str, start: str, end: str, following=None, **more) -> None:
        slots = [
            {
                "fullstart": f"2026-03-06 {start}",
                "fullend": f"2026-03-06 {end}",
                "program": {"name": name},
            }
            for name, start, end in [(name, start, end), *([following] if following else [])]
        ]
        self.service.says(COMPOSER_NOW, {"onNow": slots[0] | more, "nextUp": slots[1:]})

    @property
    def shown(self) -> OnAir:
        return self.told[-1]


async def test_a_weekly_table_needs_no_network_and_wakes_at_its_boundaries(lab):
    lab.guide.follow([lab.station(table=TABLE)])
    await lab.time.asleep()
    assert lab.told == [
        OnAir(
            "knau",
            "news",
            Programme("Morning Edition", utc("2026-03-06 11:00"), NINE, "Ada North"),
            Programme("Fresh Air", NINE, TEN),
            source="weekly",
            asked_at=FIVE,
        )
    ]
    await lab.time.until(NINE - timedelta(seconds=1))
    assert len(lab.told) == 1
    await lab.time.until(NINE)
    assert (lab.shown.now.title, lab.shown.asked_at) == ("Fresh Air", NINE)
    await lab.time.until(TEN)
    assert (lab.shown.now, lab.shown.next.title) == (None, "Marketplace")
    await lab.time.until(ELEVEN)
    assert lab.shown.now.title == "Marketplace"
    assert len(lab.told) == 4
    assert lab.service.asked == []


async def test_a_stream_that_nobody_publishes_is_told_once(lab):
    lab.guide.follow([lab.station()])
    async with asyncio.timeout(30):
        while not lab.told:
            await asyncio.sleep(0)
    assert lab.told == [OnAir("knau", "news")]


async def test_a_name_gets_its_times_from_the_table(lab):
    lab.name_is("MORNING EDITION")
    lab.guide.follow([lab.station("npr", table=TABLE)])
    await lab.time.asleep()
    # The table is shown at once, the station's own word as soon as it came.
    assert [shown.source for shown in lab.told] == ["weekly", "npr"]
    assert lab.shown.now == Programme("MORNING EDITION", utc("2026-03-06 11:00"), NINE, "Ada North")
    assert lab.shown.next.title == "Fresh Air"


async def test_it_asks_when_the_programme_ends_and_not_before(lab):
    lab.name_is("Morning Edition")
    lab.guide.follow([lab.station("npr", table=TABLE)])
    await lab.time.until(NINE - timedelta(seconds=1))
    assert len(lab.service.asked) == 1
    lab.name_is("Fresh Air")
    await lab.time.until(NINE)
    # The table knows to the second what has begun; the question follows.
    assert (lab.shown.now.title, lab.shown.source) == ("Fresh Air", "weekly")
    await lab.time.pass_by(15)
    assert len(lab.service.asked) == 2
    assert (lab.shown.now.title, lab.shown.source) == ("Fresh Air", "npr")
    assert lab.shown.now.end == TEN


async def test_a_service_that_lags_behind_is_asked_again_after_a_minute(lab):
    lab.name_is("Morning Edition")
    lab.guide.follow([lab.station("npr", table=TABLE)])
    await lab.time.until(NINE + timedelta(seconds=15))
    assert len(lab.service.asked) == 2
    assert lab.shown.now.title == "Fresh Air"
    lab.name_is("Fresh Air")
    await lab.time.pass_by(60)
    assert len(lab.service.asked) == 3
    assert (lab.shown.now.title, lab.shown.source) == ("Fresh Air", "npr")


async def test_a_service_that_goes_on_naming_it_is_believed(lab):
    lab.name_is("Morning Edition")
    lab.guide.follow([lab.station("npr", table=TABLE)])
    await lab.time.until(NINE + timedelta(minutes=4))
    assert (lab.shown.now, lab.shown.source) == (Programme("Morning Edition"), "npr")
    assert lab.shown.next is None


async def test_without_an_end_it_asks_every_five_minutes_or_so(lab):
    lab.name_is("Morning Edition")
    lab.guide.follow([lab.station("npr")])
    await lab.time.until(FIVE + timedelta(seconds=269))
    assert len(lab.service.asked) == 1
    await lab.time.until(FIVE + timedelta(seconds=331))
    assert len(lab.service.asked) == 2
    assert FIVE + timedelta(seconds=270) <= lab.shown.asked_at <= FIVE + timedelta(seconds=330)
    await lab.time.until(FIVE + timedelta(hours=1))
    assert 11 <= len(lab.service.asked) <= 14


async def test_it_never_asks_twice_within_half_a_minute(lab):
    lab.composer_says("Newscast", "05:00", "05:00:10", ("1A", "05:00:10", "06:00"))
    lab.guide.follow([lab.station("composer")])
    await lab.time.until(FIVE + timedelta(seconds=29))
    assert len([path for path in lab.service.asked if path == COMPOSER_NOW]) == 1
    # What was next is on although nobody was asked.
    assert lab.shown.now.title == "1A"
    await lab.time.until(FIVE + timedelta(seconds=30))
    assert len([path for path in lab.service.asked if path == COMPOSER_NOW]) == 2


async def test_composer_is_asked_for_songs_every_minute(lab):
    played = {"trackName": "Sinnerman", "artistName": "Nina Simone", "_duration": 600_000}
    played["_start_time"] = "03-06-2026 04:59:00"
    lab.composer_says("Jazz", "04:00", "09:00", ("1A", "09:00", "10:00"), song=played)
    lab.guide.follow([lab.station("composer")])
    await lab.time.asleep()
    assert lab.shown.song == Song("Sinnerman", "Nina Simone", FIVE - timedelta(minutes=1), 600)
    await lab.time.until(FIVE + timedelta(seconds=60))
    assert len(lab.service.asked) == 2
    await lab.time.until(FIVE + timedelta(minutes=20))
    assert len(lab.service.asked) == 21
    assert lab.shown.song is None


async def test_the_day_is_not_asked_again_with_every_song(lab):
    played = {"trackName": "Sinnerman", "_start_time": "03-06-2026 04:59:00", "_duration": 600_000}
    lab.composer_says("Jazz", "04:00", "09:00", song=played)
    slot = {"start_time": "09:00", "end_time": "10:00", "program": {"name": "1A"}}
    lab.service.says(DAY, {"onToday": [slot]})
    lab.guide.follow([lab.station("composer")])
    await lab.time.until(FIVE + timedelta(minutes=5))
    assert lab.service.asked == [COMPOSER_NOW, DAY, *[COMPOSER_NOW] * 5]
    assert lab.shown.next.title == "1A"


async def test_composer_fills_in_what_the_name_lacks(lab):
    lab.name_is("Jazz")
    lab.composer_says("Jazz!", "04:00", "09:00", ("1A", "09:00", "10:00"))
    lab.guide.follow([lab.station("npr", "composer", table=TABLE)])
    await lab.time.asleep()
    assert lab.shown.now == Programme("Jazz", utc("2026-03-06 11:00"), NINE)
    assert lab.shown.next == Programme("1A", NINE, TEN)
    assert lab.shown.source == "npr"


async def test_after_the_computer_slept_it_is_right_within_a_minute(lab):
    lab.guide.follow([lab.station(table=TABLE)])
    await lab.time.asleep()
    lab.time.suspend(4.5 * 3600)
    await lab.time.pass_by(60)
    assert lab.shown.now.title == "Fresh Air"


async def test_after_a_failure_it_backs_off(lab):
    lab.service.replies[NPR_NOW] = (503, {}, b"")
    lab.guide.follow([lab.station("npr")])
    await lab.time.asleep()
    assert lab.shown.now is None
    assert str(lab.shown.problem) == (
        "NPR's schedule (KNAU) has a fault of its own (503): try again later"
    )
    asked_at = []
    for _ in range(60 * 45):
        before = len(lab.service.asked)
        await lab.time.pass_by(1)
        if len(lab.service.asked) > before:
            asked_at.append(lab.time.now)
    waits = [
        (late - soon).total_seconds()
        for soon, late in zip([FIVE, *asked_at], asked_at, strict=False)
    ]
    assert len(waits) == 7
    for wait, least in zip(waits, [30, 60, 120, 300, 600, 600, 600], strict=True):
        assert least <= wait <= least * 1.1 + 2
    # An answer ends it.
    lab.name_is("1A")
    await lab.time.pass_by(700)
    answer = lab.shown
    assert (answer.now.title, answer.problem) == ("1A", None)
    lab.service.replies[NPR_NOW] = (503, {}, b"")
    before = len(lab.service.asked)
    while len(lab.service.asked) == before:
        await lab.time.pass_by(1)
    await lab.time.pass_by(28)
    assert len(lab.service.asked) == before + 1
    await lab.time.pass_by(6)
    assert len(lab.service.asked) == before + 2


async def test_a_service_that_asks_for_patience_gets_it(lab):
    lab.service.replies[NPR_NOW] = (429, {"Retry-After": "900"}, b"")
    lab.guide.follow([lab.station("npr")])
    await lab.time.until(FIVE + timedelta(seconds=899))
    assert len(lab.service.asked) == 1
    await lab.time.until(FIVE + timedelta(seconds=901))
    assert len(lab.service.asked) == 2


async def test_the_last_good_answer_stays_with_its_age_and_the_problem(lab):
    lab.composer_says("Jazz", "04:00", "09:00", ("1A", "09:00", "10:00"))
    lab.guide.follow([lab.station("composer")])
    await lab.time.asleep()
    good = lab.shown
    lab.service.replies[COMPOSER_NOW] = b"<html>Sign in to this network</html>"
    await lab.time.pass_by(700)
    assert (lab.shown.now, lab.shown.next) == (good.now, good.next)
    assert lab.shown.asked_at == FIVE
    assert lab.shown.problem.title == (
        "NPR Composer (KNAU) gave an answer radiotui does not understand"
    )
    # By its own times the next programme begins, and in the end nothing is known any more.
    await lab.time.until(NINE)
    assert (lab.shown.now.title, lab.shown.next, lab.shown.asked_at) == ("1A", None, FIVE)
    await lab.time.until(TEN)
    assert lab.shown.now is None
    assert lab.shown.problem is not None


async def test_an_old_name_yields_to_the_table_after_half_an_hour(lab):
    lab.name_is("Special Coverage")
    lab.guide.follow([lab.station("npr", table=TABLE)])
    await lab.time.asleep()
    lab.service.replies[NPR_NOW] = (500, {}, b"")
    await lab.time.until(FIVE + timedelta(minutes=25))
    assert lab.shown.now.title == "Special Coverage"
    assert lab.shown.problem is not None
    await lab.time.until(FIVE + timedelta(minutes=50))
    assert (lab.shown.now.title, lab.shown.source) == ("Morning Edition", "weekly")
    assert lab.shown.asked_at > FIVE + timedelta(minutes=30)
    # Where nobody else knows better it stays, however old.
    await lab.time.until(NINE + timedelta(minutes=90))
    assert (lab.shown.now.title, lab.shown.asked_at) == ("Special Coverage", FIVE)


async def test_a_day_that_fails_is_asked_again_soon(lab):
    lab.composer_says("Jazz", "04:00", "09:00")
    lab.service.replies[DAY] = (500, {}, b"")
    lab.guide.follow([lab.station("composer")])
    await lab.time.asleep()
    assert (lab.shown.now.title, lab.shown.next) == ("Jazz", None)
    assert lab.shown.problem is not None
    slot = {"start_time": "09:00", "end_time": "10:00", "program": {"name": "1A"}}
    lab.service.says(DAY, {"onToday": [slot]})
    await lab.time.pass_by(35)
    assert (lab.shown.next.title, lab.shown.problem) == ("1A", None)


async def test_an_unknown_source_names_the_nearest(lab):
    stream = Stream("news", "News", (), schedule=(ScheduleSource("compser"),))
    shown = await lab.guide.ask(Station("knau", "KNAU", (stream,)), stream)
    assert str(shown.problem) == "there is no schedule source 'compser': did you mean composer?"


async def test_those_that_stay_are_not_asked_again(lab):
    lab.name_is("1A")
    lab.name_is("1A", of="kjzz")
    first = lab.station("npr")
    lab.guide.follow([first])
    await lab.time.asleep()
    lab.guide.follow([first, lab.station("npr", station="kjzz", of="kjzz")])
    await lab.time.asleep(2)
    assert len(lab.service.asked) == 2
    assert [shown.station for shown in lab.told] == ["knau", "kjzz"]


async def test_those_that_go_are_not_asked_any_more(lab):
    lab.name_is("1A")
    lab.name_is("1A", of="kjzz")
    first, second = lab.station("npr"), lab.station("npr", station="kjzz", of="kjzz")
    lab.guide.follow([first, second])
    await lab.time.asleep(2)
    lab.guide.follow([second])
    await lab.time.asleep(1)
    (before,) = [shown for shown in lab.told if shown.station == "knau"]
    assert before.now.title == "1A"
    del lab.told[:]
    await lab.time.pass_by(400)
    assert len(lab.service.asked) == 3
    assert {shown.station for shown in lab.told} == {"kjzz"}
    # Coming back soon asks no sooner than it would have.
    lab.guide.follow([])
    await lab.time.asleep(0)
    told = len(lab.told)
    lab.guide.follow([second])
    await lab.time.asleep(1)
    assert len(lab.service.asked) == 3
    # Nor does it tell what was told.
    assert len(lab.told) == told


async def test_an_edited_schedule_is_asked_anew(lab):
    lab.name_is("1A")
    lab.name_is("Morning Edition", of="elsewhere")
    lab.guide.follow([lab.station("npr")])
    await lab.time.asleep()
    lab.guide.follow([lab.station("npr", table=TABLE, of="elsewhere")])
    async with asyncio.timeout(30):
        while len(lab.service.asked) < 2:
            await asyncio.sleep(0)
    await lab.time.asleep()
    lab.guide.follow([lab.station(table=TABLE)])
    async with asyncio.timeout(30):
        while lab.shown.source != "weekly":
            await asyncio.sleep(0)
    assert lab.shown.now.title == "Morning Edition"


async def test_one_question_for_the_command_line(lab):
    lab.name_is("Morning Edition")
    station, stream = lab.station("npr", table=TABLE)
    shown = await lab.guide.ask(station, stream)
    assert (shown.now.title, shown.now.end, shown.source) == ("Morning Edition", NINE, "npr")
    assert lab.told == []
    # Following it afterwards tells what is known and does not ask again.
    lab.guide.follow([(station, stream)])
    await lab.time.asleep()
    assert lab.told == [shown]
    assert len(lab.service.asked) == 1
    # Asking what is followed asks, and tells.
    lab.name_is("Special Coverage")
    await lab.guide.ask(station, stream)
    assert lab.told[-1].now.title == "Special Coverage"
    assert len(lab.service.asked) == 2


async def test_a_table_is_shown_while_the_service_hangs_and_closing_is_quick(lab):
    lab.service.replies[NPR_NOW] = lab.service.hang
    lab.guide.follow([lab.station("npr", table=TABLE)])
    async with asyncio.timeout(30):
        while not (lab.told and lab.service.asked):
            await asyncio.sleep(0)
    assert (lab.shown.now.title, lab.shown.source) == ("Morning Edition", "weekly")
    async with asyncio.timeout(9):  # the network itself would wait for 10 s
        await lab.guide.close()
    assert [task for task in asyncio.all_tasks() if task.get_name().startswith("guide ")] == []


async def test_a_fault_of_the_listener_of_changes_reaches_the_loop(net, service):
    reached: list[dict] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reached.append(context))

    def breaks(_: OnAir) -> None:
        raise LookupError("in the screen")

    guide = Guide(net, clock=lambda: FIVE, on_change=breaks)
    stream = Stream("news", "News", (), programmes=TABLE)
    guide.follow([(Station("knau", "KNAU", (stream,)), stream)])
    async with asyncio.timeout(30):
        while not reached:
            await asyncio.sleep(0)
    assert isinstance(reached[0]["exception"], LookupError)
    assert reached[0]["message"] == "guide knau/news stopped"
    await guide.close()


class FaultyNet(Net):
    """Fails at one address as nothing expects."""

    async def fetch(self, url: str, **more: object) -> Fetched:
        if "/v3/streams" in url:
            raise ExceptionGroup("nobody knows", [OverflowError("port")])
        return await super().fetch(url, **more)  # type: ignore[arg-type]


async def test_what_nobody_expected_of_a_source_costs_that_one_alone(service):
    net = FaultyNet()
    lab = Lab(net, service)
    lab.composer_says("Fresh Air", "04:00", "06:00")
    on_air = await lab.guide.ask(*lab.station("npr", "composer"))
    assert on_air.now is not None
    assert on_air.now.title == "Fresh Air"
    assert on_air.problem is not None
    assert on_air.problem.title == "Something unexpected went wrong"
    await lab.guide.close()
    await net.aclose()
