"""Promised JSON: the shape of each snapshot for scripts, as every front end sends it.

Keys may be added, none is renamed. Times are ISO 8601 with offset; a value that is
absent is null.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from radiotui.text import without_password

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from radiotui.app.airings import Airing
    from radiotui.app.belongings import ProgrammeStories
    from radiotui.app.stream_checks import StreamCheck
    from radiotui.directories.model import FoundStation
    from radiotui.guide.model import Day, OnAir, Programme
    from radiotui.marks.alarms import Alarm
    from radiotui.marks.model import MissedProgramme, ProgrammeMark
    from radiotui.problems import Problem
    from radiotui.recording.model import RecordedFile
    from radiotui.recording.service import KeptFile, RecordingTags
    from radiotui.stations.model import Station
    from radiotui.store.history import PlayedItem
    from radiotui.store.stories import StoredStory
    from radiotui.stories.model import FeedState, Headline, SearchResult, Story

Shape = dict[str, Any]


def iso(time: datetime | None) -> str | None:
    """A time in the local time zone, to the second."""
    return time.astimezone().isoformat(timespec="seconds") if time else None


def now_shape(on_air: OnAir, at: datetime) -> Shape:
    """Schedule of a stream: ``now --json``."""
    return {
        "station": on_air.station,
        "stream": on_air.stream,
        "now": on_air.now and _programme_shape(on_air.now, on_air),
        "next": on_air.next
        and {"title": on_air.next.title, "start": iso(on_air.next.start)} | _usual(on_air.next),
        "source": on_air.source or None,
        "age_s": round((at - on_air.asked_at).total_seconds()) if on_air.asked_at else None,
    }


def day_shape(day: Day, at: datetime) -> Shape:
    """Programmes of a day: ``day --json``."""
    return {
        "station": day.station,
        "stream": day.stream,
        "date": day.day.isoformat(),
        "programmes": [
            {
                "title": programme.title,
                "episode": programme.episode or None,
                "start": iso(programme.start),
                "end": iso(programme.end),
                "host": programme.host,
                "description": programme.description or None,
                "link": programme.link,
                "usual": programme.usual,
            }
            for programme in day.programmes
        ],
        "source": day.source or None,
        "age_s": round((at - day.asked_at).total_seconds()) if day.asked_at else None,
        "problem": day.problem and {"title": day.problem.title, "hint": day.problem.hint},
    }


def station_shape(station: Station) -> Shape:
    """Station of ``stations --json``."""
    return {
        "id": station.id,
        "name": station.name,
        "city": station.city or None,
        "group": station.group or None,
        "streams": [
            {
                "id": stream.id,
                "name": stream.name,
                "url": [without_password(url) for url in stream.urls],
            }
            for stream in station.streams
        ],
    }


def found_station_shape(number: int, station: FoundStation) -> Shape:
    """Station of ``stations find --json``; ``number`` is its place among the results."""
    return {
        "number": number,
        "name": station.name,
        "calls": list(station.calls),
        "frequency": station.frequency or None,
        "city": station.city or None,
        "country": station.country or None,
        "directory": station.directory,
        "homepage": station.homepage or None,
        "picture": station.picture or None,
        "tags": list(station.tags),
        "votes": station.votes,
        "feeds": list(station.feeds),
        "streams": [
            {
                "name": stream.name or None,
                "url": list(stream.urls),
                "codec": stream.codec or None,
                "kbps": stream.bitrate or None,
                "schedule": [
                    {"source": source.source, **dict(source.options)} for source in stream.schedule
                ],
            }
            for stream in station.streams
        ],
    }


def station_file_shape(path: Path, stations: int, problems: Iterable[Problem]) -> Shape:
    """Verdict on a station file: ``stations check --json``."""
    return {
        "file": str(path),
        "stations": stations,
        "problems": [
            {"title": problem.title, "hint": problem.hint or None} for problem in problems
        ],
    }


def stream_check_shape(check: StreamCheck) -> Shape:
    """Stream of ``stations check --listen --json``."""
    problem = check.problem
    return {
        "station": check.station.id,
        "stream": check.stream.id,
        "sound": check.sound or None,
        "problem": {"title": problem.title, "hint": problem.hint or None} if problem else None,
        "new_url": check.new_url or None,
    }


def title_shape(at: datetime, title: str) -> Shape:
    """Line of ``play --json``: a title and the time it was sent."""
    return {"time": iso(at), "title": title}


def story_shape(story: StoredStory, station: str | None) -> Shape:
    """Story of ``stories --json``, with the id of the station it belongs to."""
    return {
        "id": story.id,
        "title": story.title,
        "link": story.link,
        # As the feed wrote it, unlike every other time.
        "published": story.published.isoformat() if story.published else None,
        "station": station,
        "feed": without_password(story.feed),
        "read": story.read,
        "starred": story.starred,
        "others": [without_password(feed) for feed in story.other_feeds],
        "audio": {"url": story.audio.url, "seconds": story.audio.seconds} if story.audio else None,
    }


def article_shape(story: Story) -> Shape:
    """Whole article: ``read --json``."""
    from radiotui.articles.article import article_to_markdown
    from radiotui.documents.markdown_writer import blocks_to_markdown

    article = story.article
    return {
        "title": article.title,
        "byline": article.byline or None,
        "published": iso(article.published),
        "updated": iso(article.updated),
        "site": article.site or None,
        "link": article.url,
        "minutes": article.minutes,
        "markdown": article_to_markdown(article),
        "figures": [
            {"url": figure.url, "caption": figure.caption, "credit": figure.credit}
            for figure in article.figures
        ],
        "audio": {"url": article.audio.url, "seconds": article.audio.seconds}
        if article.audio
        else None,
        "video": article.video or None,
        "copyright": article.copyright or None,
        "note": blocks_to_markdown(article.note) or None,
        "whole": story.whole,
    }


def search_shape(result: SearchResult) -> Shape:
    """Story of ``search --json``; what was heard and what was kept have shapes of their own."""
    return {
        "kind": "story",
        **_headline_shape(result.headline),
        "snippet": result.snippet,
        "second": result.second,
    }


def airing_shape(airing: Airing) -> Shape:
    """Broadcast of a programme in ``search --json``."""
    return {
        "kind": "programme",
        "title": airing.programme.title,
        "episode": airing.programme.episode or None,
        "station": airing.station.id,
        "stream": airing.stream.id,
        "station_name": airing.station.name,
        "start": iso(airing.programme.start),
        "end": iso(airing.programme.end),
        "on": airing.is_on,
        "usual": airing.programme.usual,
    }


def belongings_shape(stories: ProgrammeStories) -> Shape:
    """Feeds and stories of a programme: ``belongs --json``."""
    return {
        "programme": stories.title,
        "hosts": list(stories.hosts),
        "feeds": [
            {
                "url": without_password(feed.state.url),
                "title": feed.state.title,
                "podcast": feed.is_podcast,
                "stations": list(feed.state.stations),
                "stories": [_headline_shape(headline) for headline in feed.headlines],
            }
            for feed in stories.feeds
        ],
        "stories": [_headline_shape(headline) for headline in stories.headlines],
        "doubt": stories.doubt or None,
    }


def played_shape(item: PlayedItem) -> Shape:
    """Entry of the history: ``heard --json`` and ``search --json``."""
    return {
        "kind": item.kind,
        "id": item.id,
        "station": item.station,
        "stream": item.stream,
        "station_name": item.station_name,
        "stream_name": item.stream_name,
        "text": item.text,
        "artist": item.artist or None,
        "title": item.title or None,
        "began": iso(item.began_at),
        "ended": iso(item.ended_at),
        "ad": item.ad,
        "starred": item.starred,
    }


def feed_shape(state: FeedState) -> Shape:
    """State of a feed: ``feeds --json`` and ``feeds refresh --json``."""
    return {
        "url": without_password(state.url),
        "title": state.title,
        "stations": list(state.stations),
        "folder": state.folder or None,
        "own": state.own,
        "stories": state.stories,
        "unread": state.unread,
        "asked": iso(state.asked_at),
        "answered": iso(state.answered_at),
        "next": iso(state.next_at),
        "interval_s": round(state.interval),
        "saved_bytes": state.saved,
        "gone": state.is_withdrawn,
        "problem": state.problem and {"title": state.problem.title, "hint": state.problem.hint},
    }


def recording_shape(file: KeptFile, tags: RecordingTags | None) -> Shape:
    """File of ``record --json``."""
    return {
        "path": str(file.path),
        "station": tags.station if tags else None,
        "stream": tags.stream if tags else None,
        "title": file.title,
        "start": iso(tags.began) if tags else None,
        "seconds": round(file.seconds, 3),
        "incomplete": file.incomplete,
    }


def recorded_file_shape(file: RecordedFile) -> Shape:
    """Recording of ``recordings --json`` and ``search --json``."""
    return {
        "kind": "recording",
        # A name may have bytes that are no letters.
        "path": file.path.encode("utf-8", "surrogateescape").decode("utf-8", "replace"),
        "title": file.title or None,
        "artist": file.artist or None,
        "programme": file.programme or None,
        "station_name": file.station_name or None,
        "start": iso(file.began),
        "seconds": round(file.seconds, 3) if file.seconds is not None else None,
        "bytes": file.bytes,
        "problem": file.problem or None,
    }


def mark_shape(mark: ProgrammeMark) -> Shape:
    """Mark of ``marks --json``."""
    return {
        "id": mark.id,
        "action": mark.action,
        "station": mark.station,
        "stream": mark.stream,
        "title": mark.title,
        "start": iso(mark.begins_at),
        "end": iso(mark.ends_at),
        "weekly": mark.is_weekly,
        "timer": mark.has_timer,
    }


def alarm_shape(alarm: Alarm) -> Shape:
    """Alarm of ``alarm --json``."""
    return {
        "id": alarm.id,
        "time": f"{alarm.at:%H:%M}",
        "days": list(alarm.day_names),
        "station": alarm.station,
        "stream": alarm.stream,
        "next": iso(alarm.begins_at),
        "timer": alarm.has_timer,
    }


def missed_shape(miss: MissedProgramme) -> Shape:
    """Missed broadcast of ``marks --json``."""
    return {
        "action": miss.action,
        "station": miss.station,
        "stream": miss.stream,
        "title": miss.title,
        "start": iso(miss.begins_at),
        "reason": miss.reason,
    }


def finding_shape(subject: str, works: bool, needed: bool, report: str, remedy: str) -> Shape:
    """Finding of ``doctor --json``."""
    return {"what": subject, "works": works, "needed": needed, "says": report, "mend": remedy}


def _headline_shape(headline: Headline) -> Shape:
    return {
        "id": headline.id,
        "title": headline.title,
        "link": headline.link,
        "published": iso(headline.published),
        "feed": without_password(headline.feed),
        "read": headline.read,
        "starred": headline.starred,
    }


def _usual(programme: Programme) -> Shape:
    """The note that a programme's times are learnt, published by nobody."""
    return {"usual": True} if programme.usual else {}


def _programme_shape(programme: Programme, on_air: OnAir) -> Shape:
    song = on_air.song
    return {
        "title": programme.title,
        "start": iso(programme.start),
        "end": iso(programme.end),
        "host": programme.host,
        "song": song and {"artist": song.artist or None, "title": song.title},
    } | _usual(programme)
