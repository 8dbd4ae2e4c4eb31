"""Commands ``stories``, ``read`` and ``search``: stories without the screen."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from radiotui import text
from radiotui.app.shapes import (
    airing_shape,
    article_shape,
    played_shape,
    recorded_file_shape,
    search_shape,
)
from radiotui.cli.notes import opened
from radiotui.cli.output import DONE, print_json, print_note, print_nothing, print_result

if TYPE_CHECKING:
    from radiotui.app.airings import Airing
    from radiotui.app.companion import Companion
    from radiotui.app.search_hits import SearchHit
    from radiotui.stories.model import SearchResult


async def stories(companion: Companion, name: str | None, *, unread: bool, as_json: bool) -> int:
    """Refresh and print the stories of a station, or of all; 1 where there are none."""
    station = companion.station_list.find(name)[0] if name else None
    # A station without an address yet is the Test Signal.
    is_signal = station is not None and not station.streams[0].urls
    async with opened(companion, radio=is_signal) as notes:
        station = companion.station_list.find(name)[0] if name else None
        lines, problem = await companion.stories.newest(station, unread=unread)
        if as_json:
            print_json(lines)
        else:
            for line in lines:
                _print_line(line, companion.clock())
        if problem is not None:
            if not lines:
                raise problem
            notes.print(problem)
    if not lines:
        kind = "unread stories" if unread else "stories"
        return print_nothing(f"there are no {kind}{f' of {station.name}' if station else ''}")
    return DONE


async def read(companion: Companion, address: str, *, as_json: bool, explain: bool) -> int:
    """Print an article: a story's by its id, or any page's by its address.

    With ``explain`` the account of how its page is read goes to stderr.
    """
    from radiotui.articles.article import article_to_markdown

    async with opened(companion, radio=False, faults=False):
        story = await companion.stories.read(address)
        link = story.article.url if address.isdecimal() else address
        account = await companion.stories.account(link) if explain else []
    for line in account:
        print_note(line)
    if story.why is not None:
        source = "the text is as it was kept" if story.whole else "only what the feed brought"
        print_note(f"{source}: {story.why}")
    if as_json:
        print_json(article_shape(story))
    else:
        print_result(article_to_markdown(story.article))
    return DONE


async def search(companion: Companion, words: str, *, as_json: bool) -> int:
    """Print the stories that match, what was heard, recordings and clips; 1 without any.

    Nothing is asked of the network.
    """
    async with opened(companion, radio=False, faults=False):
        results = await companion.search(f"{words} ")
    if as_json:
        print_json([_hit_shape(result) for result in results])
    else:
        for result in results:
            _print_hit(result, companion.clock())
    return DONE if results else print_nothing(f"nothing that is kept matches {words!r}")


def _hit_shape(result: SearchHit) -> dict[str, Any]:
    from radiotui.app.airings import Airing
    from radiotui.app.clip import Clip
    from radiotui.app.history import PlayedItem
    from radiotui.app.podcast_shapes import clip_shape
    from radiotui.recording.model import RecordedFile

    match result:
        case Airing():
            return airing_shape(result)
        case PlayedItem():
            return played_shape(result)
        case RecordedFile():
            return recorded_file_shape(result)
        case Clip():
            return clip_shape(result)
    return search_shape(result)


def _print_hit(result: SearchHit, at: datetime) -> None:
    from radiotui.app.airings import Airing
    from radiotui.app.clip import Clip
    from radiotui.app.history import PlayedItem
    from radiotui.app.history_export import played_line
    from radiotui.cli.recordings import recording_line
    from radiotui.recording.model import RecordedFile

    match result:
        case Airing():
            _print_airing(result)
        case PlayedItem():
            print_result(f"♪ heard {played_line(result)}")
        case RecordedFile():
            print_result(f"● recorded {recording_line(result)}")
        case Clip():
            print_result(f"✂ clip {result.number}  {result.title}, {result.source} {result.place}")
        case _:
            _print_story(result, at)


def _print_story(result: SearchResult, at: datetime) -> None:
    headline = result.headline
    age = text.age(at - headline.published) if headline.published else ""
    print_result(
        f"{_sign(headline.starred, headline.read)} {age:>4}  {headline.title}  #{headline.id}"
    )
    if result.snippet:
        said_at = "" if result.second is None else f"{text.clock_duration(result.second)}  "
        print_result(f"        {said_at}{result.snippet}")


def _print_line(line: dict[str, Any], at: datetime) -> None:
    published = line["published"]
    age = text.age(at - datetime.fromisoformat(published)) if published else ""
    sign = _sign(line["starred"], line["read"])
    print_result(f"{sign} {age:>4}  {line['title']}  {line['link'] or ''}".rstrip())


def _sign(starred: bool, read: bool) -> str:
    return "★" if starred else " " if read else "●"


def _print_airing(airing: Airing) -> None:
    programme = airing.programme
    time = programme.start.astimezone() if programme.start else None
    when = "now" if airing.is_on else f"{time:%a} {text.time_of_day(time)}" if time else ""
    usually = "usually " if programme.usual else ""
    print_result(f"▶ {when}  {usually}{programme.title}, {airing.place}")
