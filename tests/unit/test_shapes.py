"""The promised JSON, key by key: scripts build on it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from radiotui.app import shapes
from radiotui.app.airings import Airing
from radiotui.app.followed_feeds import station_of
from radiotui.documents.model import Article, Figure, StoryAudio
from radiotui.guide.model import Day, OnAir, Programme, Song
from radiotui.problems import Problem
from radiotui.recording.model import Fingerprint, RecordedFile
from radiotui.recording.recorder import KeptFile
from radiotui.recording.tags import RecordingTags
from radiotui.stations.model import Station, Stream
from radiotui.store.history import PlayedItem
from radiotui.store.stories import StoredStory
from radiotui.stories.model import FeedState, Headline, SearchResult, Story
from tests.documents import blocks

THREE = datetime(2026, 3, 2, 15, 0, 0, 700_000, tzinfo=UTC)
KNAU = Station(
    "knau",
    "KNAU",
    (Stream("news", "News & Talk", ("https://a.example/1", "https://a.example/2")),),
    city="Flagstaff, AZ",
    feeds=("https://a.example/rss",),
)
HEADLINE = Headline(
    7, "Snow", THREE, True, False, "https://a.example/rss", "News", "https://a.example/7"
)


@pytest.fixture(autouse=True)
def in_flagstaff(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Times are written with the offset of this computer's zone."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "America/Phoenix")
        time.tzset()
        yield
    time.tzset()


def written(shape: object) -> str:
    """The bytes of a shape: the order of its keys is kept, too."""
    return json.dumps(shape)


def test_times_have_the_offset_of_this_computer_and_whole_seconds() -> None:
    assert shapes.iso(THREE) == "2026-03-02T08:00:00-07:00"
    assert shapes.iso(None) is None


def test_now() -> None:
    programme = Programme("Morning Edition", THREE, None, host="Ann")
    song = Song("Sinnerman", "Nina Simone")
    on_air = OnAir("knau", "news", programme, Programme("Fresh Air", None), song, "npr", THREE)
    assert written(shapes.now_shape(on_air, THREE)) == (
        '{"station": "knau", "stream": "news", "now": {"title": "Morning Edition", '
        '"start": "2026-03-02T08:00:00-07:00", "end": null, "host": "Ann", '
        '"song": {"artist": "Nina Simone", "title": "Sinnerman"}}, '
        '"next": {"title": "Fresh Air", "start": null}, "source": "npr", "age_s": 0}'
    )
    usual = Programme("Fresh Air", THREE, usual=True)
    shape = shapes.now_shape(OnAir("knau", "news", usual, usual), THREE)
    assert (shape["now"]["usual"], shape["next"]["usual"]) == (True, True)
    assert written(shapes.now_shape(OnAir("knau", "news"), THREE)) == (
        '{"station": "knau", "stream": "news", "now": null, "next": null, '
        '"source": null, "age_s": null}'
    )


def test_day() -> None:
    programme = Programme("Fresh Air", THREE, None, "Terry", "Talk", episode="A poet", usual=True)
    problem = Problem("no answer", "later")
    day = Day("knau", "news", THREE.date(), (programme,), "composer", THREE, problem)
    assert written(shapes.day_shape(day, THREE)) == (
        '{"station": "knau", "stream": "news", "date": "2026-03-02", "programmes": '
        '[{"title": "Fresh Air", "episode": "A poet", "start": "2026-03-02T08:00:00-07:00", '
        '"end": null, "host": "Terry", "description": "Talk", "link": null, "usual": true}], '
        '"source": "composer", "age_s": 0, '
        '"problem": {"title": "no answer", "hint": "later"}}'
    )


def test_airings() -> None:
    airing = Airing(KNAU, KNAU.streams[0], Programme("Fresh Air", THREE), True)
    assert written(shapes.airing_shape(airing)) == (
        '{"kind": "programme", "title": "Fresh Air", "episode": null, "station": "knau", '
        '"stream": "news", "station_name": "KNAU", "start": "2026-03-02T08:00:00-07:00", '
        '"end": null, "on": true, "usual": false}'
    )


def test_stations() -> None:
    assert written(shapes.station_shape(KNAU)) == (
        '{"id": "knau", "name": "KNAU", "city": "Flagstaff, AZ", "group": null, "streams": '
        '[{"id": "news", "name": "News & Talk", '
        '"url": ["https://a.example/1", "https://a.example/2"]}]}'
    )
    problems = (Problem("Wrong", "mend it"), Problem("Odd"))
    assert written(shapes.station_file_shape(Path("/s.toml"), 2, problems)) == (
        '{"file": "/s.toml", "stations": 2, "problems": '
        '[{"title": "Wrong", "hint": "mend it"}, {"title": "Odd", "hint": null}]}'
    )


def test_titles_of_play() -> None:
    assert written(shapes.title_shape(THREE, "Sinnerman")) == (
        '{"time": "2026-03-02T08:00:00-07:00", "title": "Sinnerman"}'
    )


def test_stories() -> None:
    story = StoredStory(
        7, 3, "Snow", None, THREE.replace(microsecond=0), None, False, True,
        "https://a.example/rss", "News", other_feeds=("KJZZ",),
    )  # fmt: skip
    assert written(shapes.story_shape(story, station_of(story.feed, [KNAU]))) == (
        '{"id": 7, "title": "Snow", "link": null, "published": "2026-03-02T15:00:00+00:00", '
        '"station": "knau", "feed": "https://a.example/rss", "read": false, "starred": true, '
        '"others": ["KJZZ"], "audio": null}'
    )
    assert station_of("https://b.example/rss", [KNAU]) is None


def test_articles() -> None:
    article = Article(
        "https://a.example/7",
        "Snow",
        blocks("It snowed.", Figure("https://a.example/p.jpg", "A peak", "Ann")),
        published=THREE,
        audio=StoryAudio("https://a.example/7.mp3", 60.5),
        video="https://film.example/7",
    )
    shape = shapes.article_shape(Story(HEADLINE, article, whole=True))
    assert "It snowed." in shape.pop("markdown")
    assert written(shape) == (
        '{"title": "Snow", "byline": null, "published": "2026-03-02T08:00:00-07:00", '
        '"updated": null, "site": null, "link": "https://a.example/7", "minutes": '
        f"{article.minutes}, "
        '"figures": [{"url": "https://a.example/p.jpg", "caption": "A peak", "credit": "Ann"}], '
        '"audio": {"url": "https://a.example/7.mp3", "seconds": 60.5}, '
        '"video": "https://film.example/7", "copyright": null, '
        '"note": null, "whole": true}'
    )


def test_results_of_the_search() -> None:
    assert written(shapes.search_shape(SearchResult(HEADLINE, "it snowed"))) == (
        '{"kind": "story", "id": 7, "title": "Snow", "link": "https://a.example/7", '
        '"published": "2026-03-02T08:00:00-07:00", "feed": "https://a.example/rss", '
        '"read": true, "starred": false, "snippet": "it snowed", "second": null}'
    )


def test_entries_of_the_history() -> None:
    item = PlayedItem(
        station="knau", stream="news", station_name="KNAU", stream_name="", kind="title",
        text="Sinnerman", artist="", title="Sinnerman", began_at=THREE, ended_at=THREE, id=5,
    )  # fmt: skip
    assert written(shapes.played_shape(item)) == (
        '{"kind": "title", "id": 5, "station": "knau", "stream": "news", '
        '"station_name": "KNAU", "stream_name": "", "text": "Sinnerman", "artist": null, '
        '"title": "Sinnerman", "began": "2026-03-02T08:00:00-07:00", '
        '"ended": "2026-03-02T08:00:00-07:00", "ad": false, "starred": false}'
    )


def test_feeds() -> None:
    state = FeedState(
        "https://a.example/rss", "News", 3, 2, THREE, None, None, 90.4, 12, False,
        Problem("It is gone", "remove it"), ("knau",), "", False,
    )  # fmt: skip
    assert written(shapes.feed_shape(state)) == (
        '{"url": "https://a.example/rss", "title": "News", "stations": ["knau"], '
        '"folder": null, "own": false, "stories": 3, "unread": 2, '
        '"asked": "2026-03-02T08:00:00-07:00", "answered": null, "next": null, '
        '"interval_s": 90, "saved_bytes": 12, "gone": false, '
        '"problem": {"title": "It is gone", "hint": "remove it"}}'
    )


def test_recordings() -> None:
    file = KeptFile(Path("/r/Snow.mp3"), "Snow", 12.34567, False, 1)
    tags = RecordingTags("KNAU", THREE, station="knau", stream="news")
    assert written(shapes.recording_shape(file, tags)) == (
        '{"path": "/r/Snow.mp3", "station": "knau", "stream": "news", "title": "Snow", '
        '"start": "2026-03-02T08:00:00-07:00", "seconds": 12.346, "incomplete": false}'
    )
    assert shapes.recording_shape(file, None)["start"] is None


def test_recorded_files() -> None:
    file = RecordedFile(
        path="/r/Snow.mp3", fingerprint=Fingerprint(1, 12, 1, 0), title="Snow", station_name="KNAU",
        began=THREE, seconds=12.34567,
    )  # fmt: skip
    assert written(shapes.recorded_file_shape(file)) == (
        '{"kind": "recording", "path": "/r/Snow.mp3", "title": "Snow", "artist": null, '
        '"programme": null, "station_name": "KNAU", "start": "2026-03-02T08:00:00-07:00", '
        '"seconds": 12.346, "bytes": 12, "problem": null}'
    )


def test_findings_of_the_doctor() -> None:
    assert written(shapes.finding_shape("terminal", True, False, "xterm", "")) == (
        '{"what": "terminal", "works": true, "needed": false, "says": "xterm", "mend": ""}'
    )
