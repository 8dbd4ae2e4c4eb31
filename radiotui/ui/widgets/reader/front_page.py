"""Front page: a preview of a story, or of a stream's day. Imported once the listener rests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from textual.content import Content

from radiotui.documents.model import Paragraph, Quote, block_text
from radiotui.guide.model import Day, OnAir, Programme
from radiotui.guide.timeline import on_at
from radiotui.stations.model import Station, Stream
from radiotui.stories.model import Story
from radiotui.text import shorten, time_of_day
from radiotui.ui.kit.content import trusted, untrusted
from radiotui.ui.kit.time_words import date, hour, local, zone_word
from radiotui.ui.widgets.reader.blocks import BlockView, PhotoView, Words

_LONGEST_LEAD = 700
_LONGEST_DESCRIPTION = 1200
_MOST_PROGRAMMES = 40


def story_preview(story: Story, now: datetime, key: str) -> Iterator[BlockView]:
    """Photo, headline, byline and lead of a story; ``key`` opens it."""
    article = story.article
    if article.lead is not None:
        yield PhotoView(article.lead.url)
    yield Words(untrusted(story.headline.title, "bold $accent"))
    published = article.published or story.headline.published
    facts = [
        untrusted(article.byline, "dim"),
        untrusted(article.site or story.headline.feed_title, "dim"),
        trusted(date(published, now), "dim") if published else Content(""),
    ]
    line = Content(" · ").stylize("dim").join([fact for fact in facts if fact])
    if line:
        yield Words(line, gap=None)
    lead = next(
        (
            text
            for part in article.parts
            if isinstance(part, Paragraph | Quote) and (text := block_text(part).strip())
        ),
        "",
    )
    if lead:
        yield Words(untrusted(shorten(lead, _LONGEST_LEAD)))
    yield Words(trusted(f"{key} reads it here", "dim"))


def stream_preview(
    station: Station, stream: Stream, on_air: OnAir | None, day: Day | None, now: datetime
) -> Iterator[BlockView]:
    """The programme that is on, its description, and what follows on that day."""
    names = [station.name]
    if stream.name and stream.name != station.name:
        names.append(stream.name)
    programmes = day.programmes if day is not None else ()
    present = _present(on_air, programmes, now)
    yield Words(Content(" · ").join([untrusted(name) for name in names]).stylize("dim"))
    if present is None:
        yield Words(trusted("Nothing is known of what is on now", "bold"))
    else:
        yield from _programme(present, station, now)
    coming = [programme for programme in programmes if _is_coming(programme, now)]
    following = on_air.next_at(now) if on_air else None
    if not coming and following is not None:
        coming = [following]
    if coming:
        yield Words(trusted("COMING", "dim"))
        for programme in coming[:_MOST_PROGRAMMES]:
            yield Words(_line(programme), gap=None)


def _present(
    on_air: OnAir | None, programmes: tuple[Programme, ...], now: datetime
) -> Programme | None:
    """The programme that is on, as the day describes it where it is in both."""
    present = on_air.now_at(now) if on_air else None
    of_day = on_at(programmes, now)
    if present is None or (of_day is not None and of_day.title == present.title):
        return of_day or present
    return present


def _programme(programme: Programme, station: Station, now: datetime) -> Iterator[BlockView]:
    usually = trusted("usually ", "dim") if programme.usual else Content("")
    yield Words(usually + untrusted(programme.title, "bold $accent"))
    facts = [
        trusted(_times(programme, station, now), "dim"),
        untrusted(f"with {programme.host}" if programme.host else "", "dim"),
        untrusted(programme.episode, "dim"),
    ]
    line = Content(" · ").stylize("dim").join([fact for fact in facts if fact])
    if line:
        yield Words(line, gap=None)
    if programme.description:
        yield Words(untrusted(shorten(programme.description, _LONGEST_DESCRIPTION)))


def _times(programme: Programme, station: Station, now: datetime) -> str:
    """ "3:00 PM to 5:00 PM (7:00 PM EST)": the station's own once, where it is another."""
    if programme.start is None or programme.end is None:
        return ""
    times = f"{hour(local(programme.start))} to {hour(local(programme.end))}"
    zone = zone_word(station, now)
    there = hour(programme.end.astimezone(station.zone))
    return f"{times} ({there} {zone})" if zone else times


def _is_coming(programme: Programme, now: datetime) -> bool:
    return programme.start is not None and programme.start > now


def _line(programme: Programme) -> Content:
    time = time_of_day(local(programme.start), align=True) if programme.start else ""
    usually = trusted("usually ", "dim") if programme.usual else Content("")
    host = trusted("  with ", "dim") + untrusted(programme.host, "dim") if programme.host else ""
    return trusted(f"{time}  ", "dim") + usually + untrusted(programme.title) + host
