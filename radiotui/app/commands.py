"""Command table: everything a listener can do, for every front end.

A front end adds the way a command is given (a key, a word on a line) and runs it by its id.
A command without an intent is the front end's own: it moves between panes or opens a sheet.
"""

from __future__ import annotations

from collections.abc import Mapping

from radiotui.app.command import (
    FEED_ROWS,
    LISTS,
    MAIN,
    SHEETS,
    STATION_ROWS,
    Command,
    Situation,
)
from radiotui.app.intents import ToggleClip
from radiotui.app.sheet_commands import SHEET_COMMANDS
from radiotui.app.sound_commands import SOUND_COMMANDS, SOUND_GROUP
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

PLAYER, TAPE, PANES, MOVING = SOUND_GROUP, "Tape", "Panes", "Moving"
STATIONS, STORIES, PROGRAM = "Stations", "Stories", "Program"


def _tuned(now: Situation) -> bool:
    return now.tuned


def _station(now: Situation) -> bool:
    return now.station


def _stories(now: Situation) -> bool:
    return now.stories


def _story(now: Situation) -> bool:
    return now.story


def _open(now: Situation) -> bool:
    return now.open


def _transcript(now: Situation) -> bool:
    return now.transcript


def _read(now: Situation) -> bool:
    return now.open or now.transcript


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
    Command(
        "guide.day",
        "The day",
        "The stream's programmes, day by day",
        PLAYER,
        when=lambda now: now.streams,
    ),
    Command("guide.on_now", "On now", "What is on at all stations", PLAYER),
    Command(
        "guide.belongings",
        "Of this programme",
        "The programme's podcast and stories",
        PLAYER,
        when=lambda now: now.streams,
    ),
    Command("guide.marks", "Marks", "Marked programmes, and those missed", PLAYER),
    Command(
        "player.alarm",
        "Alarm",
        "Wake with this station",
        PLAYER,
        when=lambda now: now.streams,
    ),
    Command("player.signal", "Test Signal", "The program's own station", PLAYER),
    Command("player.sleep", "Sleep timer", "Fall silent by itself", PLAYER, when=_tuned),
    *SOUND_COMMANDS,
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
    Command(
        "clip.mark",
        "Clip",
        "Begin a clip here; end and keep it",
        TAPE,
        ToggleClip(),
        when=_tuned,
    ),
    Command("clips.open", "Clips", "Places you marked: hear, note, copy", TAPE),
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
        when=lambda now: now.pane != "story" or now.transcript,
    ),
)

_STATIONS = (
    Command(
        "stations.find",
        "Find stations",
        "Find stations, hear and add them",
        STATIONS,
        context=STATION_ROWS,
    ),
    Command("stations.earlier", "Move the station up", "", STATIONS, when=_station),
    Command("stations.later", "Move the station down", "", STATIONS, when=_station),
    Command("stations.rename", "Rename the station", "", STATIONS, when=_station),
    Command(
        "stations.group",
        "Group the station",
        "Put the station into a group",
        STATIONS,
        when=_station,
    ),
    Command(
        "stations.remove",
        "Remove the station",
        "Take the station out of the list",
        STATIONS,
        context=STATION_ROWS,
        when=_station,
    ),
    Command("stations.check", "Check the stations", "Try every stream of the list", STATIONS),
    Command(
        "stations.undo", "Undo in the station list", "Undo the last change of stations", STATIONS
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
    Command("story.anew", "Read anew", "Ask the page for the story again", STORIES, when=_open),
    Command("story.links", "Links", "The story's links, by their numbers", STORIES, when=_open),
    Command(
        "story.find",
        "Find in the list or story",
        "",
        STORIES,
        when=lambda now: now.pane == "stories" or _read(now),
    ),
    Command("story.quote", "Quote", "Copy paragraphs with their source", STORIES, when=_read),
    Command(
        "story.transcript",
        "Transcript",
        "The episode's transcript, and back",
        STORIES,
        when=lambda now: now.story or now.spoken or now.transcript,
    ),
    Command(
        "transcript.ear",
        "To the sound",
        "In a transcript, to what is heard",
        STORIES,
        when=_transcript,
    ),
    Command(
        "transcript.language",
        "Another language",
        "The transcript in another language",
        STORIES,
        when=_transcript,
    ),
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
    Command("story.queue", "Into the queue", "Put the story into the queue", STORIES, when=_story),
    Command("story.play_next", "Play next", "Hear the story next", STORIES, when=_story),
    Command(
        "episode.download",
        "Download",
        "Keep the episode's file, or not",
        STORIES,
        when=_story,
    ),
    Command("newscast.open", "Queue", "What is to be heard", STORIES),
    Command(
        "newscast.skip",
        "Next of the queue",
        "Enough of this story: the next",
        STORIES,
        SkipQueueItem(),
        when=lambda now: now.spoken,
    ),
    Command("heard.titles", "Titles", "What was heard, by day", STORIES),
    Command("feed.add", "Add a feed", "Add a feed of your own", STORIES, context=FEED_ROWS),
    Command(
        "feed.remove",
        "Remove the feed",
        "Remove your own feed or podcast",
        STORIES,
        context=FEED_ROWS,
        when=lambda now: now.own_feed,
    ),
    Command("feeds.open", "Feeds", "How every feed does", STORIES),
    Command("podcast.add", "Add a podcast…", "Find a podcast, or add an address", STORIES),
    Command(
        "podcast.settings",
        "Settings of the podcast",
        "How this podcast is heard",
        STORIES,
        when=lambda now: now.podcast,
    ),
)

_PROGRAM = (
    Command("app.palette", "Commands", "Find a command or a station", PROGRAM),
    Command("app.theme", "Next theme", "Theme: dark, light, the terminal's", PROGRAM),
    Command("app.help", "Help", "Every key", PROGRAM),
    Command("app.quit", "Quit", "", PROGRAM),
)

MAIN_COMMANDS: tuple[Command, ...] = (
    *(*_PLAYER, *_TAPE, *_PANES),
    *(*_STATIONS, *_STORIES, *_PROGRAM),
)
"""Commands of the main screen and of the program."""

COMMANDS: tuple[Command, ...] = (*MAIN_COMMANDS, *SHEET_COMMANDS)

BY_ID: Mapping[str, Command] = {command.id: command for command in COMMANDS}

SURFACES: Mapping[str, frozenset[str]] = {
    MAIN: frozenset({MAIN, LISTS, FEED_ROWS}),
    STATION_ROWS: frozenset({MAIN, LISTS, STATION_ROWS}),
    **{
        name: frozenset({name, LISTS})
        for name in ("titles", "recordings", "clips", "search", "on_now", "found", "add_podcast")
    },
    **{
        name: frozenset({name, SHEETS, LISTS})
        for name in (
            *("newscast", "queues", "feeds", "keep", "sleep", "links", "export", "day"),
            *("belongings", "marks", "checks", "podcast_settings"),
        )
    },
    **{name: frozenset({name, SHEETS}) for name in ("tapes", "changes", "help")},
    **{
        name: frozenset({name})
        for name in ("rename", "find", "narrow", "quote", "add_feed", "confirm", "alarm")
    },
}
"""Contexts that are in force together on each surface: no key may be in two of them."""
