"""Command ``belongs``: the podcast and the stories of the programme that is on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiotui import text
from radiotui.app.shapes import belongings_shape
from radiotui.cli.notes import opened
from radiotui.cli.output import DONE, print_json, print_nothing, print_result
from radiotui.problems import Problem, ProblemKind
from radiotui.text import without_password

if TYPE_CHECKING:
    from datetime import datetime

    from radiotui.app.companion import Companion
    from radiotui.stories.model import Headline


async def belongs(companion: Companion, name: str, programme: str, *, as_json: bool) -> int:
    """Print feeds and stories of a programme; without its name, of the one that is on now.

    1 where nothing is sure to be its own; stderr says why. Raises Problem where it is not known
    what is on.
    """
    async with opened(companion, player=False) as notes:
        station, stream = companion.station_list.find(name)
        host = None
        if not programme:
            on_air = await companion.ask_on_air(station, stream)
            if on_air.now is None:
                title = f"it is not known what is on at {station.name}"
                raise on_air.problem or Problem(
                    title, "--programme names a programme", kind=ProblemKind.NOT_FOUND
                )
            programme, host = on_air.now.title, on_air.now.host
        stories = await companion.belongings.refresh(programme, host)
        if as_json:
            print_json(belongings_shape(stories))
        if stories.problem is not None:
            notes.print(stories.problem)
    if stories.doubt:
        return print_nothing(stories.doubt)
    if not as_json:
        at = companion.clock()
        for feed in stories.feeds:
            kind = "podcast" if feed.is_podcast else "feed"
            print_result(f"{kind}: {feed.state.title}  {without_password(feed.state.url)}")
            for headline in feed.headlines:
                _print_headline(headline, at)
        for headline in stories.headlines:
            _print_headline(headline, at)
    return DONE


def _print_headline(headline: Headline, at: datetime) -> None:
    sign = "★" if headline.starred else " " if headline.read else "●"
    age = text.age(at - headline.published) if headline.published else ""
    print_result(f"{sign} {age:>4}  {headline.title}  #{headline.id}")
