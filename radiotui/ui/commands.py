"""Every command, once: keys, footer, palette, help and keymap are drawn from this table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from textual.binding import Binding, BindingType

from radiotui.problems import Problem
from radiotui.text import nearest


class Situation(NamedTuple):
    """What decides whether a command makes sense now."""

    pane: str = "air"
    tuned: bool = False
    """Whether something plays, is paused or is being connected to."""
    streams: bool = False
    """Whether there is a stream to tune to."""
    stories: bool = False
    """Whether the list of stories has any."""
    story: bool = False
    """Whether a story is highlighted or open."""
    page: bool = False
    """Whether there is a web page to open."""
    open: bool = False
    """Whether a story's text is in the reader."""
    spoken: bool = False
    """Whether a story is heard."""
    own_feed: bool = False
    """Whether one of the listener's own feeds is highlighted."""


def _always(_: Situation) -> bool:
    return True


class Command(NamedTuple):
    """One thing a listener can do."""

    id: str
    keys: str
    """Textual's key names, comma separated; the first is the one that is shown."""
    title: str
    help: str
    group: str
    action: str
    """An action of the main screen, or of the app ("app.quit")."""
    hint: str = ""
    """Its word in the footer; empty keeps it out."""
    pair: str = ""
    """The command that shares the word in the footer, its opposite."""
    when: Callable[[Situation], bool] = _always

    @property
    def of_app(self) -> bool:
        """Whether the app does it, rather than the main screen."""
        return self.action.startswith("app.")

    @property
    def full_action(self) -> str:
        """The action with its place, to be run from anywhere on the main screen."""
        return self.action if self.of_app else f"screen.{self.action}"


PLAYER, PANES, MOVING, STORIES, PROGRAM = "Player", "Panes", "Moving", "Stories", "Program"

COMMANDS: tuple[Command, ...] = (
    Command(
        "player.pause",
        "space",
        "Pause or resume",
        "Pause, and go on with the next word",
        PLAYER,
        "pause",
        hint="pause",
        when=lambda s: s.tuned or s.streams,
    ),
    Command(
        "player.stop",
        "x",
        "Stop",
        "Let go of the station",
        PLAYER,
        "stop",
        hint="stop",
        when=lambda s: s.tuned,
    ),
    Command(
        "player.louder",
        "plus,equals_sign",
        "Louder",
        "Louder by 5 %",
        PLAYER,
        "louder(5)",
        hint="volume",
        pair="player.softer",
    ),
    Command("player.softer", "minus", "Softer", "Softer by 5 %", PLAYER, "louder(-5)"),
    Command("player.mute", "m", "Mute", "Mute or unmute", PLAYER, "mute"),
    Command("pane.air", "1", "On air", "Go to the stations", PANES, "pane('air')"),
    Command("pane.stories", "2", "Stories", "Go to the stories", PANES, "pane('stories')"),
    Command("pane.story", "3", "Story", "Go to the reader", PANES, "pane('story')"),
    Command("pane.next", "tab", "Next pane", "", PANES, "turn(1)", hint="pane"),
    Command("pane.previous", "shift+tab", "Previous pane", "", PANES, "turn(-1)"),
    Command("pane.zoom", "z", "Zoom", "One pane alone, and back", PANES, "zoom"),
    Command("pane.back", "escape", "Back", "Out of the story, out of the zoom", PANES, "back"),
    Command("move.down", "j,down", "Down", "", MOVING, "move('down')"),
    Command("move.up", "k,up", "Up", "", MOVING, "move('up')"),
    Command("move.page_down", "pagedown,ctrl+d", "Page down", "", MOVING, "move('page_down')"),
    Command("move.page_up", "pageup,ctrl+u", "Page up", "", MOVING, "move('page_up')"),
    Command("move.top", "g,home", "To the top", "", MOVING, "move('top')"),
    Command("move.bottom", "G,end", "To the bottom", "", MOVING, "move('bottom')"),
    Command(
        "list.choose",
        "enter",
        "Choose",
        "Tune to it, read it",
        MOVING,
        "choose",
        when=lambda s: s.pane != "story",
    ),
    Command(
        "story.next_unread",
        "n",
        "Next unread story",
        "",
        STORIES,
        "unread(1)",
        when=lambda s: s.stories,
    ),
    Command(
        "story.previous_unread",
        "N",
        "Previous unread story",
        "",
        STORIES,
        "unread(-1)",
        when=lambda s: s.stories,
    ),
    Command("story.next", "J", "Next story", "", STORIES, "story(1)", when=lambda s: s.stories),
    Command(
        "story.previous", "K", "Previous story", "", STORIES, "story(-1)", when=lambda s: s.stories
    ),
    Command(
        "story.unread",
        "u",
        "Read or unread",
        "Mark the story as unread, or as read",
        STORIES,
        "mark",
        when=lambda s: s.story,
    ),
    Command(
        "story.star",
        "f",
        "Star",
        "Keep the story, or no longer",
        STORIES,
        "star",
        when=lambda s: s.story,
    ),
    Command(
        "story.page",
        "o",
        "Open in the browser",
        "Open the page in the browser",
        STORIES,
        "page",
        when=lambda s: s.page,
    ),
    Command(
        "story.links",
        "i",
        "Links",
        "The story's links, by their numbers",
        STORIES,
        "links",
        when=lambda s: s.open,
    ),
    Command(
        "story.find", "ctrl+f", "Find in the story", "", STORIES, "find", when=lambda s: s.open
    ),
    Command(
        "story.quote",
        "y",
        "Quote",
        "Copy paragraphs with their source",
        STORIES,
        "quote",
        when=lambda s: s.open,
    ),
    Command(
        "story.copy_link",
        "Y",
        "Copy the link",
        "Copy the story's link",
        STORIES,
        "copy_link",
        when=lambda s: s.story,
    ),
    Command(
        "story.send",
        "S",
        "Send",
        "Send the story to your own command",
        STORIES,
        "send",
        when=lambda s: s.story,
    ),
    Command(
        "story.changes",
        "c",
        "What changed",
        "What changed in the story",
        STORIES,
        "changes",
        when=lambda s: s.open,
    ),
    Command(
        "stories.refresh", "ctrl+r", "Refresh", "Ask for new stories, or stop", STORIES, "refresh"
    ),
    Command(
        "stories.mark_to_here",
        "A",
        "Mark all read to here",
        "Mark all read, from the top to here",
        STORIES,
        "mark_to_here",
        when=lambda s: s.stories,
    ),
    Command("stories.undo", "U", "Undo marking read", "Unread again, all of them", STORIES, "undo"),
    Command(
        "stories.unread_only",
        "H",
        "Unread only",
        "Hide what is read, or show all",
        STORIES,
        "unread_only",
    ),
    Command("stories.search", "slash", "Search", "Search all stories", STORIES, "search"),
    Command(
        "story.listen",
        "p",
        "Hear the story",
        "Hear the story; live radio waits",
        STORIES,
        "listen",
        when=lambda s: s.story,
    ),
    Command(
        "story.queue",
        "e",
        "Into the newscast",
        "Put the story into the newscast",
        STORIES,
        "queue",
        when=lambda s: s.story,
    ),
    Command("newscast.open", "E", "Newscast", "What is to be heard", STORIES, "newscast"),
    Command(
        "newscast.skip",
        "greater_than_sign",
        "Next of the newscast",
        "Enough of this story: the next",
        STORIES,
        "skip",
        when=lambda s: s.spoken,
    ),
    Command("feed.add", "a", "Add a feed", "Add a feed of your own", STORIES, "add_feed"),
    Command(
        "feed.remove",
        "delete",
        "Remove the feed",
        "Take your feed out of the list",
        STORIES,
        "remove_feed",
        when=lambda s: s.own_feed,
    ),
    Command("feeds.open", "F", "Feeds", "How every feed does", STORIES, "feeds"),
    Command(
        "app.palette",
        "ctrl+p",
        "Commands",
        "Find a command or a station",
        PROGRAM,
        "app.command_palette",
        hint="menu",
    ),
    Command(
        "app.theme", "T", "Next theme", "Theme: dark, light, the terminal's", PROGRAM, "app.theme"
    ),
    Command("app.help", "question_mark,f1", "Help", "Every key", PROGRAM, "app.help", hint="help"),
    Command("app.quit", "q", "Quit", "", PROGRAM, "app.quit", hint="quit"),
)

BY_ID: Mapping[str, Command] = {command.id: command for command in COMMANDS}

Keymap = Mapping[str, str]
"""Command id -> keys, where the listener wants others."""


def bindings(*, of_app: bool) -> list[BindingType]:
    """The table as Textual wants it, for the app or for the main screen."""
    return [
        Binding(
            command.keys,
            command.action.removeprefix("app.") if of_app else command.action,
            command.title,
            show=False,
            id=command.id,
            # The palette opens from wherever one is; a pane has the focus before the next key.
            priority=command.id == "app.palette" or command.group == PANES,
        )
        for command in COMMANDS
        if command.of_app == of_app
    ]


def keys_of(command_id: str, keymap: Keymap) -> str:
    """The keys of a command, as the listener has them."""
    return keymap.get(command_id) or BY_ID[command_id].keys


def first_key(command_id: str, keymap: Keymap) -> str:
    """The key that is shown."""
    return keys_of(command_id, keymap).partition(",")[0].strip()


def read_keymap(wanted: Keymap) -> tuple[dict[str, str], list[Problem]]:
    """What of the listener's keymap can be obeyed, and what is wrong with the rest."""
    problems: list[Problem] = []
    keymap: dict[str, str] = {}
    for command_id, keys in wanted.items():
        if command_id not in BY_ID:
            meant = nearest(command_id, list(BY_ID))
            hint = f"did you mean {meant}?" if meant else "? lists every command"
            problems.append(Problem(f"settings: keys: there is no command {command_id!r}", hint))
        elif normal := _normal(keys):
            keymap[command_id] = ",".join(normal)
    return _without_clashes(keymap, problems), problems


def _without_clashes(keymap: dict[str, str], problems: list[Problem]) -> dict[str, str]:
    taken: dict[str, str] = {}
    for command in COMMANDS:
        if command.id not in keymap:
            taken |= dict.fromkeys(_normal(command.keys), command.id)
    kept: dict[str, str] = {}
    for command_id, keys in keymap.items():
        free = [key for key in keys.split(",") if key not in taken]
        for key in keys.split(","):
            if key in taken:
                title = f"settings: keys: {key!r} is already {taken[key]}"
                problems.append(Problem(title, f"so it was not given to {command_id}"))
        taken |= dict.fromkeys(free, command_id)
        if free:
            kept[command_id] = ",".join(free)
    return kept


def _normal(keys: str) -> list[str]:
    """Key names as Textual calls them: "?" is question_mark."""
    named = [key.strip() for key in keys.split(",") if key.strip()]
    return [binding.key for binding in Binding.make_bindings([Binding(k, "") for k in named])]
