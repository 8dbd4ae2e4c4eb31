"""No schedule raises or shows control characters, however its answer is mangled."""

from __future__ import annotations

import asyncio
import copy
import json
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radiotui.guide.model import Programme
from radiotui.guide.sources.registry import source_type
from radiotui.guide.timeline import timeline
from radiotui.net.client import Net
from radiotui.problems import Problem
from radiotui.stations.schedule_sources import SCHEDULE_SOURCES
from tests.services.guide_lab import Question, Service, utc

AT = utc("2026-03-06 07:30")
DAY = date(2026, 3, 6)
START, END = "2026-03-06T07:00:00Z", "2026-03-06T08:00:00Z"
BEGAN, ENDS = int(utc("2026-03-06 07:00").timestamp()), int(utc("2026-03-06 08:00").timestamp())
TITLES = {"primary": "Ada", "secondary": "River", "tertiary": None}
GOOD: dict[str, Any] = {
    "npr": {"attributes": {"name": "Jazz"}, "items": [{"attributes": {"name": "Jazz"}}]},
    "composer": {
        "onNow": {
            "fullstart": "2026-03-06 07:00",
            "fullend": "2026-03-06 08:00",
            "program": {"name": "Jazz", "program_desc": "<p>x", "hosts": [{"name": "Ada"}]},
            "song": {"trackName": "River", "artistName": "Ada", "_duration": 9000},
        },
        "nextUp": [{"fullstart": "2026-03-06 08:00", "program": {"name": "News"}}],
        "onToday": [{"start_time": "07:00", "end_time": "08:00", "program": {"name": "Jazz"}}],
    },
    "abc": {
        "items": [
            {
                "title": "Jazz",
                "program": {"title": "Jazz"},
                "live": [{"start": START, "end": END, "outlets": []}],
            }
        ],
        "now": {"recording": {"title": "River", "artists": [{"name": "Ada"}]}},
    },
    "azuracast": {
        "now_playing": {"played_at": BEGAN, "duration": 60, "song": {"title": "River"}},
        "live": {"is_live": True, "streamer_name": "Ada"},
    },
    "bbc": {
        "data": [
            {
                "data": [
                    {"start": START, "end": END, "titles": TITLES, "synopses": {"short": "x"}}
                ],
                "segment_type": "music",
                "titles": TITLES,
                "offset": {"now_playing": True},
                "image_url": "https://a.example/{recipe}/b.jpg",
            }
        ]
    },
    "icecast": {"icestats": {"source": [{"listenurl": "http://a/1", "title": "Ada - River"}]}},
    "kexp": {"results": [{"airdate": START, "song": "River", "artist": "Ada"}]},
    "kqed": [{"programTitle": "Jazz", "startTime": BEGAN, "endTime": ENDS, "episodeHost": "Ada"}],
    "nts": {
        "results": [
            {
                "channel_name": "1",
                "now": {"broadcast_title": "Jazz", "start_timestamp": START, "end_timestamp": END},
                "next": {"broadcast_title": "News", "start_timestamp": END},
            }
        ]
    },
    "radio_france": {
        "steps": {
            "a": {"title": "Jazz", "start": BEGAN, "end": ENDS, "authors": ["Ada"]},
            "b": {"title": "River", "embedType": "song", "start": BEGAN, "end": ENDS},
        }
    },
    "radio_paradise": {"title": "River", "artist": "Ada", "time": 90, "cover": "https://a/b"},
    "rte": {
        "stations": [
            {
                "slug": "1",
                "liveListing": {"showTitle": "Jazz", "showDate": START, "showEndDate": END},
            }
        ]
    },
    "shoutcast": {"songtitle": "Ada - River", "streamstatus": 1},
    "somafm": {"songs": [{"title": "River", "artist": "Ada", "date": BEGAN + 1500}]},
    "wnyc": {
        "current_show": {"title": "Jazz", "start": START, "end": END},
        "future": [{"title": "News", "start": END}],
        "current_playlist_item": {"catalog_entry": {"title": "River", "composer": {"name": "Ada"}}},
    },
}
PAGES = {
    "cbc": f"<div data-start-time-epoch={BEGAN}000 data-end-time-epoch={ENDS}000><dt>Jazz</dt>",
    "spinitron": """<h3 class="show-title">Jazz</h3><i data-spin='{"a": "Ada", "s": "River"}'>""",
    "wfmu": '<p class="nowplayingtext">"River" by Ada on Jazz with Ben</p>',
}  # fmt: skip

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.sampled_from(["", "\x1b[31mred\x07", "\x00", "a\u202eb", "9" * 400, "<b>&#27;", "\ud800"]),
    st.just("2026-13-40T99:00Z"),
    st.text(max_size=20),
    st.just([]),
    st.just({}),
    st.just([[[[]]]]),
    st.just({"a": {"b": [None]}}),
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of each value within."""
    yield path
    steps: Any = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        steps = enumerate(value)
    for step, inner in steps:
        yield from places(inner, (*path, step))


def mangled(value: Any, changes: list[tuple[int, Any]]) -> Any:
    """A copy with odd values at some of its places."""
    value = copy.deepcopy(value)
    for number, shared in changes:
        odd = copy.deepcopy(shared)
        paths = list(places(value))
        path = paths[number % len(paths)]
        if not path:
            return odd
        parent = value
        for step in path[:-1]:
            parent = parent[step]
        parent[path[-1]] = odd
    return value


def has_controls(*texts: str | None) -> bool:
    """True where a text would move a terminal's cursor."""
    return any(
        unicodedata.category(sign) in {"Cc", "Cf", "Cs"} for text in texts if text for sign in text
    )


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with Service() as running:
        yield running


async def ask(service: Service, source: str) -> list[Programme]:
    """Every programme of the present and of the day, or the words of the Problem as one."""
    net = Net()
    options = dict.fromkeys(source_type(source).options.required, "1")
    question = Question(net, service, source, "Europe/London", **options)
    programmes: list[Programme] = []
    try:
        answer = await question.now(AT)
        answer = await question.now(AT, answer)
        programmes += [one for one in (answer.now, answer.next) if one]
        if answer.song:
            assert not has_controls(answer.song.title, answer.song.artist, answer.song.album)
        if source_type(source).day:
            programmes += await question.day(DAY)
    except Problem as problem:
        programmes.append(Programme(problem.title))
    finally:
        await net.aclose()
    return programmes


def check(service: Service, source: str, body: bytes) -> None:
    """Ask, and look at all that came."""
    service.default = body
    programmes = asyncio.run(ask(service, source))
    timeline(programmes)
    for programme in programmes:
        assert not has_controls(
            programme.title, programme.host, programme.episode, programme.description
        )
        assert programme.start is None or programme.start.tzinfo is not None


@pytest.mark.parametrize("source", [name for name in SCHEDULE_SOURCES if name != "ical"])
def test_a_good_answer_is_one(service: Service, source: str) -> None:
    if source in PAGES:
        service.default = PAGES[source].encode()
    elif source in GOOD:
        service.default = json.dumps(GOOD[source]).encode()
    else:
        pytest.fail(f"there is no answer of {source} here")  # calendars have tests of their own
    names_songs_only = {"icecast", "kexp", "radio_paradise", "shoutcast", "somafm"}
    assert bool(asyncio.run(ask(service, source))) is (source not in names_songs_only)


@pytest.mark.parametrize("source", GOOD)
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(changes=st.lists(st.tuples(st.integers(0, 100), ODD), min_size=1, max_size=4))
def test_no_json_raises(service: Service, source: str, changes: list[tuple[int, Any]]) -> None:
    check(service, source, json.dumps(mangled(GOOD[source], changes)).encode())


@pytest.mark.parametrize("source", PAGES)
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(place=st.integers(0, 200), odd=st.text(max_size=8), length=st.integers(0, 30))
def test_no_page_raises(service: Service, source: str, place: int, odd: str, length: int) -> None:
    page = PAGES[source]
    place %= len(page)
    body = page[:place] + odd + page[place + length :]
    check(service, source, body.encode("utf-8", "replace"))
