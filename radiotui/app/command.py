"""Command: one thing a listener can do, and the situation that decides whether it makes sense."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from radiotui.app.intents import Intent


class Situation(msgspec.Struct, frozen=True):
    """Facts that decide which commands make sense now."""

    pane: str = "air"
    tuned: bool = False
    """Something plays, is paused or is being connected to."""
    streams: bool = False
    """There is a stream to tune to."""
    stories: bool = False
    """The list of stories has any."""
    story: bool = False
    """A story is highlighted or open."""
    page: bool = False
    """There is a web page to open."""
    open: bool = False
    """A story's text is in the reader."""
    transcript: bool = False
    """A transcript is in the reader."""
    spoken: bool = False
    """A story is heard."""
    own_feed: bool = False
    """One of the listener's own feeds is highlighted."""
    podcast: bool = False
    """A podcast is highlighted or one of its episodes is: it has settings."""
    recording: bool = False
    """Something is being recorded."""
    station: bool = False
    """A station that can be changed is highlighted in the list of stations."""
    feeds: bool = False
    """There are feeds to ask for the stories."""


MAIN, LISTS, SHEETS = "main", "lists", "sheets"
STATION_ROWS, FEED_ROWS = "stations", "feed rows"
"""Contexts: the main screen, every list, every sheet that is only looked at; and the main screen
while a station is highlighted in the list of stations, or while anything else is."""


def _always(_: Situation) -> bool:
    return True


class Command(msgspec.Struct, frozen=True):
    """One thing a listener can do."""

    id: str
    title: str
    help: str
    """A line of the help; the title where it is empty."""
    group: str
    """Heading in the help; of a sheet's command the sheet's title."""
    intent: Intent | None = None
    """Sent to the Companion. None: only a screen can do it, by the id."""
    context: str = MAIN
    """The surfaces on which it works: "main", a sheet's name, or one that several share."""
    when: Callable[[Situation], bool] = _always
