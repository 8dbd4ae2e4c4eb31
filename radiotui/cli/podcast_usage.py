"""Usage of ``podcasts``: its arguments and its help."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from radiotui.cli import podcast_commands
from radiotui.cli.mark_usage import SharedOptions
from radiotui.cli.queue_usage import add_queue
from radiotui.cli.subcommand import add_command

_NAME = "its title, words of it, or its address"
_PRIVATE = (
    "Of a private one NAME@ stands before the host; its password is asked for. One that stands in\n"
    "the address is seen by all who see what runs on this computer."
)
_SETTINGS = """speed=1.3         0.5 to 3, at the same pitch
gain=-3           in dB, or auto: as loud as other sound
skip-intro=30     seconds at the beginning of each episode
skip-outro=20     seconds at its end
skip-silence=on   or off
downloads=3       of the newest, by themselves
order=oldest      or newest: the episode that comes first
notifications=on  tell of new episodes, or off

"default" instead of a value is as every podcast."""
_EPISODE = "its number in 'podcasts list PODCAST', the address of its page, or a file of yours"


def add_podcasts(subparsers: Any, options: SharedOptions) -> None:
    """Add ``podcasts`` and its actions."""
    common, _, data = options
    podcasts = add_command(
        *(subparsers, "podcasts", "list podcasts and episodes, find, add, remove or exchange them"),
        *(common, data),
        more="They are those of the stations in the list, and your own.",
        examples=(
            "podcasts",
            "podcasts list 'News Now'",
            "podcasts transcript 42 --json",
            "podcasts find canyon",
            "podcasts queue add 42",
            "podcasts add https://example.org/show.rss",
        ),
    )
    podcasts.set_defaults(run=podcast_commands.run_podcasts, action="list", name=None)
    actions = podcasts.add_subparsers(
        metavar="ACTION", dest="action", title="actions", description="without one: list"
    )
    listing = add_command(
        actions, "list", "list every podcast, or the episodes of one", common, data
    )
    listing.add_argument("name", metavar="PODCAST", nargs="?", help=_NAME)
    _add_episode_actions(actions, common, data)
    add_queue(actions, common, data)
    _add_list_actions(actions, common, data)


def _add_list_actions(
    actions: Any, common: argparse.ArgumentParser, data: argparse.ArgumentParser
) -> None:
    """Add the actions that are about the list of podcasts."""
    add = add_command(actions, "add", "add a podcast to the list", common, more=_PRIVATE)
    add.add_argument(
        "address", metavar="URL", help="of its feed, of its page, or of its page at Apple"
    )
    _add_password(actions, common)
    remove = add_command(actions, "remove", "take a podcast of your own out of the list", common)
    remove.add_argument("name", metavar="PODCAST", help=_NAME)
    move = add_command(
        *(actions, "move", "give a podcast another address", common),
        more="Its episodes, and what you did to them, stay; the old address is remembered.",
    )
    move.add_argument("name", metavar="PODCAST", help=_NAME)
    move.add_argument("address", metavar="URL", help="the new one, of its feed or of its page")
    older = add_command(
        *(actions, "older", "bring older episodes of a podcast whose feed has pages", common)
    )
    older.add_argument("name", metavar="PODCAST", help=_NAME)
    _add_settings(actions, common, data)
    refresh = add_command(actions, "refresh", "ask for new episodes now", common, data)
    refresh.add_argument("name", metavar="PODCAST", nargs="?", help="this one alone")
    _add_exchange(actions, common, data)


def _add_exchange(
    actions: Any, common: argparse.ArgumentParser, data: argparse.ArgumentParser
) -> None:
    """Add the actions that bring podcasts from elsewhere, and hand them on."""
    bring = add_command(actions, "import", "add the podcasts of an OPML file", common)
    bring.add_argument("file", metavar="FILE", type=Path, help="- is standard input")
    export = add_command(actions, "export", "write every podcast into an OPML file", common)
    export.add_argument(
        "file", metavar="FILE", type=Path, nargs="?", help="without it, or with -, to stdout"
    )
    export.add_argument(
        "--played", action="store_true", help="and how far episodes were heard, as Overcast does"
    )
    charts = add_command(actions, "charts", "list what most hear, by Apple", common, data)
    charts.add_argument("--country", metavar="CC", default="", help="such as us; else the locale's")
    charts.add_argument("--genre", metavar="GENRE", default="", help="such as news or science")
    find = add_command(actions, "find", "look in the directories of Apple and fyyd", common, data)
    find.add_argument("words", metavar="WORDS", nargs="+", help="of its title")


def _add_password(actions: Any, common: argparse.ArgumentParser) -> None:
    """Add the action that takes a password."""
    password = add_command(
        *(actions, "password", "give the password of a private podcast", common),
        more="It is asked for, tried, and kept in the keyring: never in a file of radiotui's.",
    )
    password.add_argument("name", metavar="PODCAST", help=_NAME)
    password.add_argument("--user", metavar="NAME", default="", help="else the one of the list")
    password.add_argument("--stdin", action="store_true", help="read it from standard input")


def _add_episode_actions(
    actions: Any, common: argparse.ArgumentParser, data: argparse.ArgumentParser
) -> None:
    """Add the actions that are about one episode."""
    download = add_command(actions, "download", "bring episodes as files", common, data)
    download.add_argument(
        "episodes",
        metavar="EPISODE",
        nargs="+",
        help="its number or page, or a podcast: its newest one ('News Now/latest')",
    )
    download.set_defaults(run=podcast_commands.run_downloads)
    downloads = add_command(actions, "downloads", "list what is downloaded", common, data)
    downloads.add_argument(
        "--remove", metavar="EPISODE", nargs="+", help="remove these files, or stop them"
    )
    downloads.set_defaults(run=podcast_commands.run_downloads)
    chapters = add_command(actions, "chapters", "print an episode's chapters", common, data)
    chapters.add_argument("episode", metavar="EPISODE", help=_EPISODE)
    transcript = add_command(
        actions, "transcript", "print what is said in an episode", common, data
    )
    transcript.add_argument("episode", metavar="EPISODE", help=_EPISODE)
    _add_clips(actions, common, data)
    transcript.add_argument(
        "--language", metavar="L", help="such as en; without it the podcast's own, if there is one"
    )


def _add_clips(
    actions: Any, common: argparse.ArgumentParser, data: argparse.ArgumentParser
) -> None:
    """Add the actions on places that were marked."""
    clips = add_command(
        *(actions, "clips", "list the places you marked, export or remove one", common, data),
        more="They are of episodes and of the radio, and stay when those are gone.",
        examples=("podcasts clips", "podcasts clips export 3 -o clips", "podcasts clips remove 3"),
    )
    clips.set_defaults(run=podcast_commands.run_clips, clip_action="list", words=[])
    clip_actions = clips.add_subparsers(
        metavar="ACTION", dest="clip_action", title="actions", description="without one: list"
    )
    listing = add_command(
        clip_actions, "list", "list every clip, or those with words", common, data
    )
    listing.add_argument("words", metavar="WORDS", nargs="*", help="of title, note, what is said")
    number = "its number in 'podcasts clips'"
    export = add_command(clip_actions, "export", "write sound and words into files", common, data)
    export.add_argument("number", metavar="ID", type=int, help=number)
    export.add_argument(
        *("-o", "--output"), metavar="FOLDER", type=Path, default=Path(), help="not this folder"
    )
    remove = add_command(clip_actions, "remove", "remove a clip and its file", common, data)
    remove.add_argument("number", metavar="ID", type=int, help=number)


def _add_settings(
    actions: Any, common: argparse.ArgumentParser, data: argparse.ArgumentParser
) -> None:
    """Add the action that sets how a podcast is heard."""
    settings = add_command(
        *(actions, "set", "set how one podcast is heard, or print what is set", common, data),
        more=_SETTINGS,
        examples=("podcasts set 'News Now' speed=1.3 skip-intro=30",),
    )
    settings.set_defaults(run=podcast_commands.run_podcast_settings)
    settings.add_argument("name", metavar="PODCAST", help=_NAME)
    settings.add_argument("settings", metavar="NAME=VALUE", nargs="*", help="without any: print")
