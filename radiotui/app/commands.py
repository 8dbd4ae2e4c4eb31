"""Command table: everything a listener can do, for every front end.

A front end adds the way a command is given (a key, a word on a line) and runs it by its id.
A command without an intent is the front end's own: it moves between panes or opens a sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from radiotui.app.intents import Intent
from radiotui.player.intents import (
    ChangeVolume,
    GoLive,
    GoToBeginning,
    GoToMark,
    KeepSong,
    Shift,
    SkipQueueItem,
    Stop,
    ToggleLevelLoudness,
    ToggleMute,
    ToggleMuteAds,
    TogglePause,
    ToggleRecording,
)
from radiotui.stories.intents import ToggleRefresh


class Situation(NamedTuple):
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
    spoken: bool = False
    """A story is heard."""
    own_feed: bool = False
    """One of the listener's own feeds is highlighted."""
    recording: bool = False
    """Something is being recorded."""
    feeds: bool = False
    """There are feeds to ask for the stories."""


MAIN, LISTS, SHEETS = "main", "lists", "sheets"
"""Contexts: the main screen, every list, every sheet that is only looked at."""

PLAYER, TAPE, PANES, MOVING = "Player", "Tape", "Panes", "Moving"
STORIES, PROGRAM = "Stories", "Program"


def _always(_: Situation) -> bool:
    return True


class Command(NamedTuple):
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


def _tuned(now: Situation) -> bool:
    return now.tuned


def _stories(now: Situation) -> bool:
    return now.stories


def _story(now: Situation) -> bool:
    return now.story


def _open(now: Situation) -> bool:
    return now.open


_PLAYER = (
    Command(
        "player.pause",
        "Pause or resume",
        "Pause, and go on with the next word",
        PLAYER,
        TogglePause(),
        when=lambda now: now.tuned or now.streams,
    ),
    Command("player.stop", "Stop", "Let go of the station", PLAYER, Stop(), when=_tuned),
    Command("player.louder", "Louder", "Louder by 5 %", PLAYER, ChangeVolume(5)),
    Command("player.softer", "Softer", "Softer by 5 %", PLAYER, ChangeVolume(-5)),
    Command("player.mute", "Mute", "Mute or unmute", PLAYER, ToggleMute()),
    Command("player.signal", "Test Signal", "The program's own station", PLAYER),
    Command("player.sleep", "Sleep timer", "Fall silent by itself", PLAYER, when=_tuned),
    Command(
        "player.even",
        "Even loudness",
        "Every stream as loud as the others",
        PLAYER,
        ToggleLevelLoudness(),
    ),
    Command(
        "player.ads",
        "Mute advertisements",
        "Mute advertisements that say so",
        PLAYER,
        ToggleMuteAds(),
    ),
)

_TAPE = (
    Command("tape.back", "Back 10 seconds", "10 seconds back", TAPE, Shift(-10), when=_tuned),
    Command("tape.on", "On 10 seconds", "10 seconds on", TAPE, Shift(10), when=_tuned),
    Command("tape.far_back", "Back a minute", "1 minute back", TAPE, Shift(-60), when=_tuned),
    Command("tape.far_on", "On a minute", "1 minute on", TAPE, Shift(60), when=_tuned),
    Command("tape.live", "Live", "Hear the station as it comes", TAPE, GoLive(), when=_tuned),
    Command(
        "tape.beginning",
        "Beginning of the programme",
        "The programme from its beginning",
        TAPE,
        GoToBeginning(),
        when=_tuned,
    ),
    Command(
        "tape.previous_mark",
        "Previous mark",
        "The title or programme before",
        TAPE,
        GoToMark(-1),
        when=_tuned,
    ),
    Command(
        "tape.next_mark", "Next mark", "The next title or programme", TAPE, GoToMark(1), when=_tuned
    ),
    Command(
        "tape.keep_song",
        "Keep the song",
        "Keep this song, or the one before",
        TAPE,
        KeepSong(),
        when=_tuned,
    ),
    Command("tape.keep", "Keep…", "Keep minutes, or the programme", TAPE, when=_tuned),
    Command(
        "tape.record",
        "Record",
        "Record from here, or stop that",
        TAPE,
        ToggleRecording(),
        when=lambda now: now.tuned or now.recording,
    ),
    Command("recordings.open", "Recordings", "What was kept: hear, rename, delete", TAPE),
    Command("tape.costs", "Tapes", "What the tapes cost", TAPE),
)

_PANES = (
    Command("pane.air", "On air", "Go to the stations", PANES),
    Command("pane.stories", "Stories", "Go to the stories", PANES),
    Command("pane.story", "Story", "Go to the reader", PANES),
    Command("pane.next", "Next pane", "", PANES),
    Command("pane.previous", "Previous pane", "", PANES),
    Command("pane.zoom", "Zoom", "One pane alone, and back", PANES),
    Command("pane.back", "Back", "Out of the tuning, zoom or story", PANES),
    Command("move.down", "Down", "", MOVING),
    Command("move.up", "Up", "", MOVING),
    Command("move.page_down", "Page down", "", MOVING),
    Command("move.page_up", "Page up", "", MOVING),
    Command("move.top", "To the top", "", MOVING),
    Command("move.bottom", "To the bottom", "", MOVING),
    Command(
        "list.choose",
        "Choose",
        "Tune to it, read it",
        MOVING,
        context=LISTS,
        when=lambda now: now.pane != "story",
    ),
)

_STORIES = (
    Command("story.next_unread", "Next unread story", "", STORIES, when=_stories),
    Command("story.previous_unread", "Previous unread story", "", STORIES, when=_stories),
    Command("story.next", "Next story", "", STORIES, when=_stories),
    Command("story.previous", "Previous story", "", STORIES, when=_stories),
    Command(
        "story.unread",
        "Read or unread",
        "Mark the story as unread, or as read",
        STORIES,
        when=_story,
    ),
    Command("story.star", "Star", "Keep the story, or no longer", STORIES, when=_story),
    Command(
        "story.page",
        "Open in the browser",
        "Open the page in the browser",
        STORIES,
        when=lambda now: now.page,
    ),
    Command("story.links", "Links", "The story's links, by their numbers", STORIES, when=_open),
    Command("story.find", "Find in the story", "", STORIES, when=_open),
    Command("story.quote", "Quote", "Copy paragraphs with their source", STORIES, when=_open),
    Command("story.copy_link", "Copy the link", "Copy the story's link", STORIES, when=_story),
    Command("story.send", "Send", "Send the story to your own command", STORIES, when=_story),
    Command("story.changes", "What changed", "What changed in the story", STORIES, when=_open),
    Command(
        "stories.refresh",
        "Refresh",
        "Ask for new stories, or stop",
        STORIES,
        ToggleRefresh(),
        when=lambda now: now.feeds,
    ),
    Command(
        "stories.mark_to_here",
        "Mark all read to here",
        "Mark all read, from the top to here",
        STORIES,
        when=_stories,
    ),
    Command("stories.undo", "Undo marking read", "Unread again, all of them", STORIES),
    Command("stories.unread_only", "Unread only", "Hide what is read, or show all", STORIES),
    Command("stories.search", "Search", "Search all stories", STORIES),
    Command(
        "story.listen", "Hear the story", "Hear the story; live radio waits", STORIES, when=_story
    ),
    Command(
        "story.queue", "Into the newscast", "Put the story into the newscast", STORIES, when=_story
    ),
    Command("newscast.open", "Newscast", "What is to be heard", STORIES),
    Command(
        "newscast.skip",
        "Next of the newscast",
        "Enough of this story: the next",
        STORIES,
        SkipQueueItem(),
        when=lambda now: now.spoken,
    ),
    Command("heard.titles", "Titles", "What was heard, by day", STORIES),
    Command("feed.add", "Add a feed", "Add a feed of your own", STORIES),
    Command(
        "feed.remove",
        "Remove the feed",
        "Take your feed out of the list",
        STORIES,
        when=lambda now: now.own_feed,
    ),
    Command("feeds.open", "Feeds", "How every feed does", STORIES),
)

_PROGRAM = (
    Command("app.palette", "Commands", "Find a command or a station", PROGRAM),
    Command("app.theme", "Next theme", "Theme: dark, light, the terminal's", PROGRAM),
    Command("app.help", "Help", "Every key", PROGRAM),
    Command("app.quit", "Quit", "", PROGRAM),
)

SHEET_TITLES: Mapping[str, str] = {
    SHEETS: "In every sheet",
    "titles": "In the titles",
    "recordings": "In the recordings",
    "rename": "Renaming a recording",
    "search": "In the search",
    "newscast": "In the newscast",
    "feeds": "In the feeds",
    "keep": "In the keep sheet",
    "sleep": "In the sleep sheet",
    "tapes": "In the tapes",
    "links": "In the links",
    "find": "Finding in a story",
    "quote": "Quoting a story",
    "changes": "In the changes",
    "export": "Writing a list",
    "add_feed": "Adding a feed",
    "confirm": "In a question",
    "help": "In the help",
}
"""Headings of the sheets in the help, by context."""


def _sheet(context: str, *commands: tuple[str, str]) -> tuple[Command, ...]:
    """Commands of one sheet: each a name and a title."""
    group = SHEET_TITLES[context]
    prefix = "sheet" if context == SHEETS else context
    return tuple(
        Command(f"{prefix}.{name}", title, "", group, context=context) for name, title in commands
    )


_LEAVE = "Out of the search, out of the sheet"
_PAGES = (("down", "Down"), ("up", "Up"), ("page_down", "Page down"), ("page_up", "Page up"))
_ENDS = (("top", "To the newest"), ("bottom", "To the bottom"))

SHEET_COMMANDS: tuple[Command, ...] = (
    *_sheet(
        SHEETS,
        ("close", "Close"),
        ("down", "Down"),
        ("up", "Up"),
        ("top", "To the top"),
        ("bottom", "To the bottom"),
    ),
    *_sheet(
        "titles",
        *(("leave", _LEAVE), ("close", "Close"), *_PAGES, *_ENDS),
        ("star", "Star, or no longer"),
        ("starred_only", "Starred only, or all"),
        ("copy", "Copy artist and title"),
        ("keep", "Keep the song"),
        ("export", "Write the list into a file"),
        ("forget", "Take out of the list"),
        ("undo", "Put back what was taken out"),
        ("find", "Find"),
    ),
    *_sheet(
        "recordings",
        *(("leave", _LEAVE), ("close", "Close"), *_PAGES, *_ENDS),
        ("rename", "Rename"),
        ("delete", "Delete"),
        ("undo", "Bring back what was deleted"),
        ("copy", "Copy the file's path"),
        ("copy_folder", "Copy the folder's path"),
        ("find", "Find"),
    ),
    *_sheet("rename", ("close", "Leave the name as it is")),
    *_sheet("search", ("close", "Close"), *_PAGES),
    *_sheet(
        "newscast",
        ("close", "Close"),
        ("play", "Hear it from its beginning"),
        ("remove", "Take out"),
        ("later", "Later"),
        ("earlier", "Earlier"),
    ),
    *_sheet("feeds", ("close", "Close")),
    *_sheet("keep", ("close", "Close")),
    *_sheet("sleep", ("close", "Close")),
    *_sheet("tapes", ("close", "Close")),
    *_sheet("links", ("close", "Close")),
    *_sheet("find", ("close", "Close"), ("next", "Next place"), ("previous", "Previous place")),
    *_sheet(
        "quote",
        ("close", "Close"),
        ("down", "Next paragraph"),
        ("up", "Previous paragraph"),
        ("more", "One paragraph more"),
        ("less", "One paragraph less"),
        ("copy", "Copy the quotation"),
    ),
    *_sheet("changes", ("close", "Close")),
    *_sheet("export", ("close", "Close"), ("text", "Text"), ("csv", "CSV"), ("json", "JSON")),
    *_sheet(
        "add_feed",
        ("close", "Close"),
        ("next_field", "Next line"),
        ("previous_field", "Previous line"),
    ),
    *_sheet("confirm", ("yes", "Do it"), ("no", "Leave it")),
    *_sheet("help", ("close", "Close")),
)

MAIN_COMMANDS: tuple[Command, ...] = (*_PLAYER, *_TAPE, *_PANES, *_STORIES, *_PROGRAM)
"""Commands of the main screen and of the program."""

COMMANDS: tuple[Command, ...] = (*MAIN_COMMANDS, *SHEET_COMMANDS)

BY_ID: Mapping[str, Command] = {command.id: command for command in COMMANDS}

SURFACES: Mapping[str, frozenset[str]] = {
    MAIN: frozenset({MAIN, LISTS}),
    **{name: frozenset({name, LISTS}) for name in ("titles", "recordings", "search")},
    **{
        name: frozenset({name, SHEETS, LISTS})
        for name in ("newscast", "feeds", "keep", "sleep", "links", "export")
    },
    **{name: frozenset({name, SHEETS}) for name in ("tapes", "changes", "help")},
    **{name: frozenset({name}) for name in ("rename", "find", "quote", "add_feed", "confirm")},
}
"""Contexts that are in force together on each surface: no key may be in two of them."""
