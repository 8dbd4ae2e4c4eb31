"""Commands that move between panes and within them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from radiotui.app.intents import Tune
from radiotui.player.intents import CancelTuning
from radiotui.problems import Problem
from radiotui.stories.intents import WidenList
from radiotui.stories.model import StationSection
from radiotui.ui.screens.transcript_actions import close_transcript, hear_line
from radiotui.ui.screens.view import PANE_IDS, MainView


async def begin(view: MainView, play: str | None) -> None:
    """Play a stream ("knau/news"), or go to the one that was played last."""
    if play is not None:
        station, stream = view.station_list.find(play)
        view.air.choose(station.id, stream.id)
        view.companion.do(Tune(station.id, stream.id))
    elif view.section is None:
        view.air.choose(*await _last_stream(view))
    view.highlighted = view.air.chosen
    view.show(view.player_state)
    if view.section is None and view.air.chosen is not None:
        view.look_at(StationSection(view.air.chosen[0].id))


async def _last_stream(view: MainView) -> tuple[str, str]:
    """Station and stream of the last run; empty where none is remembered."""
    try:
        last = await view.companion.recall("last")
    except Problem as problem:
        view.report(problem)
        return "", ""
    station, _, stream = (last or "").partition("/")
    return station, stream


def go_to(view: MainView, *, pane: str) -> None:
    """Work in that pane."""
    view.go_to(pane)


def turn(view: MainView, *, by: int) -> None:
    """Go to the next pane, in a circle; to the reader only once there is something in it."""
    panes = [name for name in PANE_IDS if name != "story" or view.headline or view.reader.display]
    at = panes.index(view.pane) if view.pane in panes else 0
    view.go_to(panes[(at + by) % len(panes)])


def zoom(view: MainView) -> None:
    """Show one pane alone, or all of them again."""
    if view.has_class("-narrow"):
        view.say("There is room for one pane only")
    else:
        view.zoomed = not view.zoomed


def back(view: MainView) -> None:
    """Go one step out: of the tuning to another station first, for that is under way."""
    if view.player_state.pending is not None:
        view.companion.do(CancelTuning())
    elif view.zoomed:
        view.zoomed = False
    elif view.pane == "story" and view.transcript is not None:
        close_transcript(view)
    elif view.pane == "story":
        view.reading = False
        view.reader.rest()
        view.go_to("stories")
    elif view.pane == "stories" and view.story_list is not None and view.story_list.words:
        chosen = view.stories.chosen
        view.companion.do(WidenList(chosen.id if chosen else None))
    elif view.pane == "stories":
        view.go_to("air")
    else:
        view.say(f"There is nothing to go back from · {view.key('app.quit')} quits")


def move(view: MainView, *, to: str) -> None:
    """Move the highlight, or the text of the reader."""
    view.current.move(to)


def choose(view: MainView) -> None:
    """Tune to the highlighted stream, open the highlighted story, or hear the line chosen."""
    if view.pane == "air":
        view.air.action_select()
    elif view.pane == "stories":
        view.stories.action_select()
    elif view.transcript is not None:
        hear_line(view, view.transcript)


ACTIONS: Mapping[str, Callable[[MainView], None]] = {
    **{f"pane.{pane}": partial(go_to, pane=pane) for pane in PANE_IDS},
    "pane.next": partial(turn, by=1),
    "pane.previous": partial(turn, by=-1),
    "pane.zoom": zoom,
    "pane.back": back,
    **{
        f"move.{to}": partial(move, to=to)
        for to in ("down", "up", "page_down", "page_up", "top", "bottom")
    },
    "list.choose": choose,
}
