import asyncio
import json
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radiotui.guide.model import Programme, Song
from radiotui.guide.sources.answer import ScheduleAnswer
from radiotui.guide.sources.registry import ScheduleSourceType, source_type
from radiotui.net.client import Fetched, Net
from radiotui.problems import Problem
from radiotui.stations.model import ScheduleSource, Station
from tests.services.guide_lab import Service, utc

UCS = "50e000000000000000000001"
NOW = f"/v1/widget/{UCS}/now?format=json"
PROGRAMS_NOW = "/v3/streams/4fcf0001/programs/now"
AUSTIN = Station("kxyz", "KXYZ Austin", (), timezone="America/Chicago")
# Friday, 05:30 in Austin.
AT = utc("2026-03-06 11:30")

MORNING = {
    "date": "2026-03-06",
    "start_time": "04:00",
    "end_time": "09:00",
    "fullstart": "2026-03-06 04:00",
    "fullend": "2026-03-06 09:00",
    "start_utc": "Fri Mar 06 2026 04:00:00 GMT-0600 (CST)",
    "end_utc": "Fri Mar 06 2026 09:00:00 GMT-0600 (CST)",
    "conflicts": [],
    "program": {
        "name": "Morning Edition",
        "program_desc": "<p>News &amp; views.</p>",
        "program_link": "https://www.npr.org/programs/morning-edition/",
        "hosts": [{"name": "Ada North"}, {"name": "Ben South"}],
    },
}
FRESH_AIR = {
    "start_time": "09:00",
    "end_time": "10:00",
    "fullstart": "2026-03-06 09:00",
    "fullend": "2026-03-06 10:00",
    "program": {"name": "Fresh Air", "program_link": None},
}


@pytest.fixture(scope="module")
def service():
    with Service() as running:
        yield running


@pytest.fixture(autouse=True)
def _nothing_asked(service):
    service.replies.clear()
    service.asked.clear()


def day(date: str) -> str:
    return f"/v1/widget/{UCS}/day?date={date}&format=json"


async def ask(
    service, name="composer", station=AUSTIN, at=AT, held=None, **options
) -> ScheduleAnswer:
    options = {"composer": {"ucs": UCS}, "npr": {"stream": "4fcf0001"}}[name] | options
    source = ScheduleSource(name, tuple({"base": service.base, **options}.items()))
    net = Net()
    try:
        return await source_type(name).now(net, station, source, at, held)
    finally:
        await net.aclose()


async def composer(service, on_now, next_up=None, **more) -> ScheduleAnswer:
    said = {"onNow": on_now}
    if next_up is not None:
        said["nextUp"] = next_up
    service.says(NOW, said)
    return await ask(service, **more)


def song(start: str, duration=361000, **more):
    return {
        "trackName": "Impromptu in G-flat",
        "artistName": "An Artist, piano",
        "composerName": "Franz Schubert",
        "_duration": duration,
        "_start_time": start,
        **more,
    }


async def test_composer_says_what_is_on_and_what_is_next(service):
    given = await composer(service, MORNING, [FRESH_AIR])
    assert given.now == Programme(
        "Morning Edition",
        utc("2026-03-06 10:00"),
        utc("2026-03-06 15:00"),
        "Ada North, Ben South",
        "News & views.",
        "https://www.npr.org/programs/morning-edition/",
    )
    assert given.next == Programme("Fresh Air", utc("2026-03-06 15:00"), utc("2026-03-06 16:00"))
    assert given.song is None
    assert given.problem is None
    assert service.asked == [NOW]


@pytest.mark.parametrize(
    "end", [{"fullend": "2026-03-06 00:00"}, {"fullend": None, "end_time": "00:00"}]
)
async def test_an_end_of_midnight_is_the_midnight_after(service, end):
    late = MORNING | {"fullstart": "2026-03-06 20:00", "start_time": "20:00"} | end
    given = await composer(service, late, [FRESH_AIR], at=utc("2026-03-07 05:00"))
    assert given.now.end == utc("2026-03-07 06:00")


async def test_a_date_in_words_is_read_where_the_wall_clock_is_missing(service):
    slot = {key: MORNING[key] for key in ("start_utc", "end_utc", "program")}
    given = await composer(service, slot, [FRESH_AIR])
    assert (given.now.start, given.now.end) == (utc("2026-03-06 10:00"), utc("2026-03-06 15:00"))


async def test_a_time_of_day_without_a_date_is_the_one_around_the_present(service):
    slot = {"start_time": "22:00", "end_time": "06:00", "program": {"name": "Overnight"}}
    following = {"start_time": "06:00", "end_time": "07:00", "program": {"name": "Marketplace"}}
    early = {"start_time": "05:00", "end_time": "05:15", "program": {"name": "Tomorrow's"}}
    given = await composer(service, slot, [early, following])
    assert given.now == Programme("Overnight", utc("2026-03-06 04:00"), utc("2026-03-06 12:00"))
    assert given.next == Programme("Marketplace", utc("2026-03-06 12:00"), utc("2026-03-06 13:00"))


async def test_a_wrong_zone_in_the_station_list_is_noticed(service):
    tokyo = Station("kxyz", "KXYZ", (), timezone="Asia/Tokyo")
    following = FRESH_AIR | {
        "start_utc": "Fri Mar 06 2026 09:00:00 GMT-0600",
        "end_utc": "2026-03-06T16:00:00.000Z",
    }
    given = await composer(service, MORNING, [following], station=tokyo)
    assert given.now.start == utc("2026-03-06 10:00")
    assert (given.next.start, given.next.end) == (utc("2026-03-06 15:00"), utc("2026-03-06 16:00"))


async def test_the_second_of_two_equal_hours_in_autumn(service):
    slot = MORNING | {
        "fullstart": "2026-11-01 01:00",
        "fullend": "2026-11-01 02:00",
        "start_utc": "Sun Nov 01 2026 01:00:00 GMT-0600 (CST)",
        "end_utc": "Sun Nov 01 2026 02:00:00 GMT-0600 (CST)",
    }
    following = FRESH_AIR | {"fullstart": "2026-11-01 02:00", "fullend": "2026-11-01 03:00"}
    given = await composer(service, slot, [following], at=utc("2026-11-01 07:30"))
    assert given.now.end == utc("2026-11-01 08:00")
    assert given.next.start == utc("2026-11-01 08:00")


async def test_a_programme_that_has_ended_is_not_on(service):
    service.says(day("2026-03-06"), {"onToday": [MORNING, FRESH_AIR]})
    service.says(day("2026-03-07"), {"onToday": None})
    given = await composer(service, MORNING, [FRESH_AIR], at=utc("2026-03-06 15:00:05"))
    assert given.now.title == "Fresh Air"
    assert given.next is None
    # The day was asked what follows, for nextUp no longer says it.
    assert service.asked == [NOW, day("2026-03-06"), day("2026-03-07")]


async def test_an_old_answer_names_what_is_on_among_what_comes_without_ends(service):
    ahead = [
        {"fullstart": "2026-03-06 09:00", "program": {"name": "Fresh Air"}},
        {"date": "2026-03-06", "start_time": "9:40", "program": {"name": "1A"}},
    ]
    given = await composer(service, MORNING, ahead, at=utc("2026-03-06 15:14"))
    assert given.now == Programme("Fresh Air", utc("2026-03-06 15:00"), utc("2026-03-06 15:40"))
    assert given.next == Programme("1A", utc("2026-03-06 15:40"))


async def test_without_next_up_the_day_is_asked(service):
    service.says(day("2026-03-06"), {"onToday": [MORNING, FRESH_AIR]})
    given = await composer(service, MORNING)
    assert given.next.title == "Fresh Air"
    assert service.asked == [NOW, day("2026-03-06")]


async def test_at_the_end_of_the_day_tomorrow_is_asked(service):
    late = MORNING | {"fullstart": "2026-03-06 20:00", "fullend": "2026-03-07 00:00"}
    overnight = {
        "start_time": "00:00",
        "end_time": "05:00",
        "program": {"name": "BBC World Service"},
    }
    service.says(day("2026-03-07"), {"onToday": [overnight]})
    at = utc("2026-03-07 05:59")
    given = await composer(service, late, [], at=at)
    assert given.next == Programme(
        "BBC World Service", utc("2026-03-07 06:00"), utc("2026-03-07 11:00")
    )
    assert service.asked == [NOW, day("2026-03-07")]
    # The day is not asked again while the same programme is on.
    again = await composer(service, late, [], at=at, held=given)
    assert again.next == given.next
    assert service.asked == [NOW, day("2026-03-07"), NOW]


async def test_an_old_answer_of_the_day_before_asks_the_day(service):
    late = MORNING | {"fullstart": "2026-03-06 20:00", "fullend": "2026-03-07 00:00"}
    hours = ("00:00", "05:00", "06:00")
    rows = [
        {"start_time": begin, "end_time": end, "program": {"name": f"From {begin}"}}
        for begin, end in pairwise(hours)
    ]
    service.says(day("2026-03-07"), {"onToday": rows})
    given = await composer(service, late, at=utc("2026-03-07 06:10"))
    assert (given.now.title, given.next.title) == ("From 00:00", "From 05:00")


async def test_what_lies_in_the_lost_hour_is_not_next(service):
    rows = [
        {"fullstart": f"2026-03-08 0{hour}:00", "program": {"name": f"From {hour}"}}
        for hour in (2, 3)
    ]
    given = await composer(service, None, rows, at=utc("2026-03-08 07:30"))
    assert given.next == Programme("From 3", utc("2026-03-08 08:00"))


async def test_a_time_of_day_in_tomorrows_list_is_tomorrows(service):
    late = MORNING | {"fullstart": "2026-03-06 20:00", "fullend": "2026-03-07 00:00"}
    service.says(
        day("2026-03-07"), {"onToday": [{"start_time": "23:30", "program": {"name": "1A"}}]}
    )
    given = await composer(service, late, [], at=utc("2026-03-07 05:00"))
    assert given.next == Programme("1A", utc("2026-03-08 05:30"))


async def test_a_day_that_fails_leaves_what_is_on(service):
    given = await composer(service, MORNING)
    assert given.now.title == "Morning Edition"
    assert given.next is None
    assert given.problem.title.startswith("NPR Composer (KXYZ Austin) is not there any more (404)")


async def test_times_that_are_far_ahead_are_not_believed(service):
    ahead = {"fullstart": "2026-03-07 04:00", "fullend": "2026-03-07 09:00"}
    given = await composer(service, {**ahead, "program": {"name": "1A"}}, [FRESH_AIR])
    assert given.now == Programme("1A")


async def test_of_what_comes_the_first_that_begins_is_next(service):
    later = FRESH_AIR | {"fullstart": "2026-03-06 10:00", "program": {"name": "1A"}}
    nameless = FRESH_AIR | {"fullstart": "2026-03-06 08:00", "program": {"name": " "}}
    given = await composer(service, MORNING, [later, nameless, FRESH_AIR])
    assert given.next.title == "Fresh Air"


async def test_what_is_next_without_a_time_begins_when_this_ends(service):
    given = await composer(service, MORNING, [{"program": {"name": "Fresh Air"}}])
    assert given.next == Programme("Fresh Air", utc("2026-03-06 15:00"))


async def test_nothing_is_on(service):
    given = await composer(service, None, [FRESH_AIR])
    assert given.now is None
    assert given.next.title == "Fresh Air"


@pytest.mark.parametrize(
    "start", ["03-06-2026 05:28:00", "03/06/2026 05:28:00", "2026-03-06T11:28:00.000Z"]
)
async def test_a_song_in_each_way_of_writing_its_time(service, start):
    given = await composer(service, MORNING | {"song": song(start)}, [FRESH_AIR])
    assert given.song == Song(
        "Impromptu in G-flat", "An Artist, piano", utc("2026-03-06 11:28"), 361.0
    )
    assert given.again_seconds == 60


async def test_a_song_by_its_other_field(service):
    played = song("", artistName="", _start_datetime="3/6/2026 5:28:00", _duration="361000")
    given = await composer(service, MORNING | {"song": played}, [FRESH_AIR])
    assert given.song == Song("Impromptu in G-flat", "Franz Schubert", utc("2026-03-06 11:28"), 361)


async def test_a_song_that_ended_long_ago_is_not_on(service):
    given = await composer(service, MORNING | {"song": song("03-06-2026 05:15:00")}, [FRESH_AIR])
    assert given.song is None
    # Another one may come any minute.
    assert given.again_seconds == 60
    given = await composer(service, MORNING | {"song": song("03-05-2026 23:15:00")}, [FRESH_AIR])
    assert given.song is None
    assert given.again_seconds == 600


async def test_a_song_of_unknown_length(service):
    given = await composer(service, MORNING | {"song": song("03-06-2026 05:20:00", 0)}, [FRESH_AIR])
    assert given.song.seconds is None
    given = await composer(service, MORNING | {"song": song("03-06-2026 05:01:00", 0)}, [FRESH_AIR])
    assert given.song is None


async def test_a_whole_day(service):
    slots = [
        {"start_time": "09:00", "end_time": "10:00", "program": {"name": "1A"}},
        {"start_time": "00:00", "end_time": "09:00", "program": {"name": "BBC"}},
        {"start_time": "22:00", "end_time": "00:00", "program": {"name": "Jazz"}},
        {"program": None},
    ]
    service.says(day("2026-03-08"), {"onToday": slots})
    source = ScheduleSource("composer", (("ucs", UCS), ("base", service.base)))
    question = source_type("composer").day
    assert question is not None
    net = Net()
    programmes = await question(net, AUSTIN, source, date(2026, 3, 8))
    await net.aclose()
    local = [
        (item.title, item.start.astimezone(AUSTIN.zone).hour, item.end.astimezone(AUSTIN.zone).day)
        for item in programmes
    ]
    assert local == [("1A", 9, 8), ("BBC", 0, 8), ("Jazz", 22, 9)]


def test_a_service_may_tell_no_days():
    assert source_type("npr").day is None


@pytest.mark.parametrize("nothing", [None, "", [], False, {}, {"trackName": ""}])
async def test_no_song(service, nothing):
    given = await composer(service, MORNING | {"song": nothing}, [FRESH_AIR])
    assert given.song is None
    assert given.now.title == "Morning Edition"


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "ftp://example.org/1a", "http://[", "https:", "https://a b"]
)
async def test_only_web_links_are_links(service, link):
    slot = MORNING | {"program": {"name": "Morning Edition", "program_link": link}}
    assert (await composer(service, slot, [FRESH_AIR])).now.link is None


async def test_hostile_text_is_cleaned(service):
    program = {
        "name": "\x1b]0;owned\x07Morning\u202e Edition [/]",
        "program_desc": "a<script>\x1b[2J</script>\nb",
        "hosts": ["\x1b[31mAda", 7, None, {"name": 3}, {"name": "Ben\n"}],
    }
    given = await composer(service, MORNING | {"program": program}, [FRESH_AIR])
    assert given.now.title == "Morning Edition [/]"
    assert given.now.description == "a b"
    assert given.now.host == "Ada, Ben"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"attributes": {"name": "Morning Edition"}}, "Morning Edition"),
        ({"items": [{"attributes": {"name": "Morning Edition"}}]}, "Morning Edition"),
        (
            {"attributes": None, "items": [{"attributes": None}, {"attributes": {"name": "1A"}}]},
            "1A",
        ),
        ({"attributes": {"name": " \x1b[1m1A\x07 "}, "links": {}}, "1A"),
        ({"attributes": None, "items": []}, None),
        ({"attributes": {}, "items": None}, None),
        ({"attributes": {"name": None}}, None),
    ],
)
async def test_npr_says_a_name_in_two_shapes_or_nothing(service, said, name):
    service.says(PROGRAMS_NOW, said)
    assert await ask(service, "npr") == ScheduleAnswer(Programme(name) if name else None)


WRONG = [
    b"",
    b"<!DOCTYPE html><title>Sign in to the hotel's network</title>",
    b'{"onNow": {"program": {"name": "Morn',
    b"null",
    b"[]",
    b"7",
    b'"on"',
    b"{}",
    b'{"error": "no such stream"}',
    b'{"onNow": [], "attributes": []}',
    b'{"onNow": {"program": {"name": 7}}, "attributes": {"name": 7}}',
    b'{"onNow": {"program": {"name": "\xff"}}, "attributes": {"name": "\xff"}}',
    b'{"onNow": {"fullstart": 20260306}, "attributes": {"name": ["a"]}}',
    b'{"nextUp": {"a": 1}, "items": {"a": 1}}',
    b'{"nextUp": [1], "items": [1]}',
    b'{"onNow": {"song": {"_duration": true}}, "items": 1}',
    b'{"onNow": ' + b'{"program": ' * 5000 + b"1",
    b'{"x": ' + b"[" * 100_000,
    b"\x1f\x8b\x00\x00",
]


@pytest.mark.parametrize("name", ["composer", "npr"])
@pytest.mark.parametrize("body", WRONG, ids=range(len(WRONG)))
async def test_a_wrong_answer_is_a_problem(service, name, body):
    service.replies[NOW] = service.replies[PROGRAMS_NOW] = body
    with pytest.raises(Problem, match=r"XYZ Austin.* gave an answer radiotui does not understand"):
        await ask(service, name)


@pytest.mark.parametrize("name", ["composer", "npr"])
async def test_a_huge_answer_is_not_read(service, name):
    huge = b'{"attributes": null, "onNow": null, "x": "' + b"x" * 1024 * 1024 + b'"}'
    service.replies[NOW] = service.replies[PROGRAMS_NOW] = huge
    with pytest.raises(Problem, match="sent more than 1 MB"):
        await ask(service, name)


async def test_a_byte_order_mark_is_no_harm(service):
    service.replies[PROGRAMS_NOW] = b'\xef\xbb\xbf{"attributes": {"name": "1A"}}'
    assert (await ask(service, "npr")).now.title == "1A"


@pytest.mark.parametrize(("name", "key"), [("composer", "ucs"), ("npr", "stream")])
async def test_a_source_without_its_option_says_what_to_write(service, name, key):
    with pytest.raises(Problem, match=f'needs {key!r}.*{name}", {key} = "…"'):
        await ask(service, name, **{key: ""})


@pytest.mark.parametrize("base", ["ftp://example.org", "http://[", "localhost"])
async def test_a_base_that_is_no_address(service, base):
    with pytest.raises(Problem, match="not a web address"):
        await ask(service, "npr", base=base)


async def test_an_option_cannot_leave_its_place_in_the_address(service):
    with pytest.raises(Problem, match="404"):
        await ask(service, "npr", stream="../../x?y#z")
    assert service.asked == ["/v3/streams/..%2F..%2Fx%3Fy%23z/programs/now"]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
times = st.sampled_from(
    [
        *("2026-03-06 04:00", "2026-03-06 09:00", "2026-03-08 02:30", "2026-03-06", ""),
        *("0001-01-01 00:00", "9999-12-31 23:59", "2100-12-31 00:00", "2026-03-06T04:00Z"),
        *("04:00", "00:00", "23:59", "24:00", "99:99", "04:00Z"),
        *("Fri Mar 06 2026 04:00:00 GMT-0600 (CST)", "Fri Feb 31 2026 04:00:00 GMT+9999"),
    ]
)
song_times = st.sampled_from(
    ["03-06-2026 05:28:00", "13/41/2026 25:61:61", "2026-03-06", "01-01-0001 00:00:00", "x"]
)


def widgets(junk):
    """Answers in the right shape with wild values, and with ``junk`` in any place."""

    def perhaps(**fields):
        shapes = {name: shape | junk for name, shape in fields.items()}
        return st.fixed_dictionaries({}, optional=shapes)

    texts = st.text(max_size=20)
    program = perhaps(
        name=st.just("1A"), program_desc=texts, program_link=texts, hosts=st.lists(anything)
    )
    song = perhaps(
        trackName=st.just("Song"),
        artistName=texts,
        _duration=st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False),
        _start_time=song_times,
        _start_datetime=song_times,
    )
    named = "date start_time end_time fullstart fullend start_utc end_utc"
    fields = dict.fromkeys(named.split(), times)
    slots = st.lists(perhaps(program=program, **fields), max_size=3)
    attributes = perhaps(name=texts)
    return perhaps(
        onNow=perhaps(program=program, song=song, **fields),
        nextUp=slots,
        onToday=slots,
        attributes=attributes,
        items=st.lists(perhaps(attributes=attributes), max_size=3),
    )


said_anyhow = widgets(st.nothing()) | widgets(anything) | anything


class Canned(Net):
    """Gives what stands for a path: what is tried here is reading, not the network."""

    def __init__(self, now: object, day: object) -> None:
        super().__init__()
        self.now, self.day = now, day

    async def fetch(self, url, **_):
        said = self.day if "/day?" in url else self.now
        return Fetched(url, 200, {}, json.dumps(said).encode(), None)


async def answer(kind: ScheduleSourceType, net: Any, source: ScheduleSource) -> ScheduleAnswer:
    """The answer to a question, once it is awaited."""
    return await kind.now(net, AUSTIN, source, AT, None)


@pytest.mark.parametrize(
    ("name", "key", "value"), [("composer", "ucs", UCS), ("npr", "stream", "4fcf0001")]
)
@settings(max_examples=100)
@given(said=said_anyhow, today=said_anyhow)
def test_whatever_comes_nothing_is_raised_but_problems(name, key, value, said, today):
    source = ScheduleSource(name, ((key, value),))
    try:
        canned: Any = Canned(said, today)
        found = asyncio.run(answer(source_type(name), canned, source))
    except Problem:
        return
    now, following = found.now, found.next
    assert now is None or now.start is None or now.start <= AT + timedelta(minutes=15)
    assert now is None or now.end is None or now.end > AT
    assert following is None or following.start is None or following.start > AT
