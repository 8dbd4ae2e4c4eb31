"""Usage of the command line: the arguments of each command, and its help."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, NamedTuple, get_args

from radiotui import __version__
from radiotui.cli import commands
from radiotui.cli.arguments import count, day_or_offset, duration
from radiotui.cli.invocation import Arguments, run_screen
from radiotui.cli.mark_usage import add_alarm, add_marks, add_record
from radiotui.cli.podcast_usage import add_podcasts
from radiotui.cli.station_usage import add_stations
from radiotui.cli.subcommand import CommandParser
from radiotui.cli.subcommand import add_command as _add
from radiotui.cli.sync_usage import add_sync
from radiotui.config import EngineName

_EPILOGUE = """\
STATION is the id of a station, or id/stream: knau, knau/classical. 'radiotui stations' lists them.
'radiotui COMMAND --help' says more of a command, with examples.

Results go to stdout, everything else to stderr. Exit codes, of every command:
  0    done (play and record: also when Ctrl-C ended it)
  1    a problem, or nothing was found; stderr says which
  2    wrong usage
  130  ended by Ctrl-C before it was done
  141  the program that reads the results has closed them"""


def read_arguments(words: Sequence[str]) -> Arguments:
    """The arguments of the command line. Raises SystemExit after help, and for wrong usage."""
    return parser_of(words).parse_args(words, Arguments())


class _Options(NamedTuple):
    """Options that several commands share, as parents of their parsers."""

    common: argparse.ArgumentParser
    plays: argparse.ArgumentParser
    data: argparse.ArgumentParser


def parser_of(words: Collection[str]) -> argparse.ArgumentParser:
    """The parser of all commands; those that are not among the words are known by name alone."""
    options = _shared_options()
    parser = CommandParser(
        words,
        prog="radiotui",
        description="Public radio in a terminal. Without a command it opens the screen.",
        epilog=_EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[options.common, options.plays],
    )
    parser.add_argument("--version", action="version", version=f"radiotui {__version__}")
    parser.add_argument("--play", metavar="STATION", help="open the screen and play this at once")
    parser.set_defaults(run=run_screen, ends_by_interrupt=False)
    subparsers = parser.add_subparsers(metavar="COMMAND", title="commands without the screen")
    for add_command in (
        *(
            _add_play,
            add_record,
            _add_now,
            _add_day,
            _add_belongs,
            add_marks,
            add_alarm,
            add_stations,
        ),
        *(
            _add_stories,
            _add_read,
            _add_search,
            _add_feeds,
            add_podcasts,
            add_sync,
            _add_heard,
            _add_recordings,
            _add_doctor,
        ),
    ):
        add_command(subparsers, options)
    return parser


def _shared_options() -> _Options:
    common = _parent()
    common.add_argument("--stations", type=Path, metavar="FILE", help="use another station list")
    common.add_argument("--config", type=Path, metavar="FILE", help="use another settings file")
    common.add_argument(
        "--demo", action="store_true", help="use the Test Signal alone, which needs no network"
    )
    plays = _parent()
    plays.add_argument(
        *("--engine",),
        choices=get_args(EngineName),
        help="what makes the sound; auto: VLC where it is installed, else builtin",
    )
    data = _parent()
    data.add_argument("--json", action="store_true", help="print JSON, for scripts")
    return _Options(common, plays, data)


def _parent() -> argparse.ArgumentParser:
    return argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)


def _add_play(subparsers: Any, options: _Options) -> None:
    play = _add(
        *(subparsers, "play", "play a station, a podcast, an address or a file"),
        *options,
        more="It prints a line for every title, and ends with Ctrl-C.",
        examples=(
            "play knau/classical",
            "play 'News Now/latest'",
            "play knau --for 30m",
            "play https://example.org/live.mp3",
            "play song.mp3",
        ),
    )
    what = "STATION|PODCAST|URL|FILE"
    play.add_argument("what", metavar=what, help="for example knau, knau/classical, News Now")
    play.add_argument(
        "--for", dest="seconds", type=duration, metavar="TIME", help="end after 30s, 20m, 1h30m"
    )
    play.set_defaults(run=commands.run_play, ends_by_interrupt=True)


def _add_now(subparsers: Any, options: _Options) -> None:
    now = _add(
        *(subparsers, "now", "print the programme that is on now, and the next"),
        *(options.common, options.data),
        examples=("now knau", "now knau/classical --json"),
    )
    now.add_argument(
        "station", metavar="STATION", nargs="?", help="without it the one that was played last"
    )
    now.add_argument(
        "--explain", action="store_true", help="also say what each schedule answered, on stderr"
    )
    now.set_defaults(run=commands.run_now)


def _add_day(subparsers: Any, options: _Options) -> None:
    day = _add(
        *(subparsers, "day", "print the programmes of a station's day"),
        *(options.common, options.data),
        more="The times are those of the clock here, the station's in brackets if it is another.",
        examples=("day knau", "day knau/classical tomorrow", "day knau 2026-11-28 --json"),
    )
    day.add_argument("station", metavar="STATION", help="for example knau or knau/classical")
    day.add_argument(
        *("day",), metavar="DATE", nargs="?", type=day_or_offset, default=0,
        help="2026-11-28, yesterday, today or tomorrow, as the station counts days; else today",
    )  # fmt: skip
    day.set_defaults(run=commands.run_day)


def _add_belongs(subparsers: Any, options: _Options) -> None:
    belongs = _add(
        *(subparsers, "belongs", "list the podcast and the stories of the programme that is on"),
        *(options.common, options.data),
        more="Where nothing is sure to be the programme's own, it says why, and exits with 1.",
        examples=("belongs knau", "belongs knau --programme 'Fresh Air'"),
    )
    belongs.add_argument("station", metavar="STATION", help="for example knau or knau/classical")
    belongs.add_argument("--programme", metavar="NAME", default="", help="not the one that is on")
    belongs.set_defaults(run=commands.run_belongs)


def _add_stories(subparsers: Any, options: _Options) -> None:
    stories = _add(
        *(subparsers, "stories", "ask for new stories, and list them, newest first"),
        *(options.common, options.data),
        examples=("stories", "stories knau --unread"),
    )
    stories.add_argument("station", metavar="STATION", nargs="?", help="only those of this one")
    stories.add_argument("--unread", action="store_true", help="only those not read yet")
    stories.set_defaults(run=commands.run_stories)


def _add_read(subparsers: Any, options: _Options) -> None:
    read = _add(
        *(subparsers, "read", "print a story, or any web page, whole as Markdown"),
        *(options.common, options.data),
        more="The id of a story stands behind # in 'radiotui search'.",
        examples=("read 1234", "read https://www.knau.org/a-story"),
    )
    read.add_argument("address", metavar="URL|ID", help="a page's address, or a story's id")
    read.add_argument(
        *("--explain",), action="store_true",
        help="also say where each part was found and what was left out, on stderr",
    )  # fmt: skip
    read.set_defaults(run=commands.run_read)


def _add_search(subparsers: Any, options: _Options) -> None:
    search = _add(
        *(subparsers, "search", "search programmes, stories, what was heard, and recordings"),
        *(options.common, options.data),
        more="""\
Words must all be there. "two words" must stand together, -word must not be there, and of
one OR other one must be. Filters: station:knau, from:npr, is:unread, is:starred, is:heard,
is:recorded, is:on, since:2026-11-01, since:3d.""",
        examples=("search condor since:7d", "search 'birds -phoenix'", "search is:starred --json"),
    )
    search.add_argument("words", metavar="WORDS", nargs="+", help="in quotes where one begins by -")
    search.set_defaults(run=commands.run_search)


def _add_feeds(subparsers: Any, options: _Options) -> None:
    common, data = options.common, options.data
    feeds = _add(
        *(subparsers, "feeds", "list, add, remove, refresh, import or export feeds"),
        *(common, data),
        examples=(
            "feeds",
            "feeds add knau.org",
            "feeds add https://example.org/news.rss --folder Science",
            "feeds export feeds.opml",
        ),
    )
    feeds.set_defaults(run=commands.run_feeds, action="list")
    actions = feeds.add_subparsers(
        metavar="ACTION", dest="action", title="actions", description="without one: list"
    )
    _add(actions, "list", "list every feed, and how it does", common, data)
    add = _add(actions, "add", "add a feed to the list, or the one that a web page names", common)
    add.add_argument("address", metavar="URL", help="of the feed or the page: knau.org")
    add.add_argument("--folder", default="", help="put it into this folder: News, News/Arizona")
    remove = _add(actions, "remove", "take a feed of your own out of the list", common)
    remove.add_argument("url", metavar="URL", help="as 'radiotui feeds' prints it")
    refresh = _add(actions, "refresh", "ask the feeds for new stories now", common, data)
    refresh.add_argument("url", metavar="URL", nargs="?", help="this one alone; without it all")
    bring = _add(actions, "import", "add the feeds of an OPML file", common)
    bring.add_argument("file", metavar="FILE", type=Path, help="- is standard input")
    export = _add(actions, "export", "write every feed into an OPML file", common)
    export.add_argument(
        "file", metavar="FILE", type=Path, nargs="?", help="without it, or with -, to stdout"
    )


def _add_heard(subparsers: Any, options: _Options) -> None:
    heard = _add(
        *(subparsers, "heard", "list the titles and programmes that were heard, newest first"),
        *(options.common, options.data),
        more="The times are those at which the station sent them.",
        examples=("heard --since today", "heard simone --starred", "heard --limit 1000 --csv"),
    )
    heard.add_argument(
        "words", metavar="WORDS", nargs="*", help="only with these in title, artist or station"
    )
    heard.add_argument(
        "--station", default="", metavar="STATION", help="only on this one: knau, knau/classical"
    )
    heard.add_argument(
        *("--since",), default="", metavar="TIME",
        help="only from then on: 2026-11-01, today, 3h, 2d, 1w",
    )  # fmt: skip
    heard.add_argument("--starred", action="store_true", help="only those with a star")
    heard.add_argument(
        "--limit", type=count, default=100, metavar="N", help="at most so many (100 without it)"
    )
    heard.add_argument("--csv", action="store_true", help="print CSV, for spreadsheets")
    heard.set_defaults(run=commands.run_heard)


def _add_recordings(subparsers: Any, options: _Options) -> None:
    common, plays, data = options
    recordings = _add(
        *(subparsers, "recordings", "list, play, rename, delete or bring back what was kept"),
        *(common, data),
        more="RECORDING is the path of a file, its name, or its title.",
        examples=(
            "recordings",
            "recordings list simone",
            "recordings play Sinnerman",
            "recordings rename Sinnerman 'Sinnerman (live)'",
            "recordings delete Sinnerman",
            "recordings undo",
        ),
    )
    recordings.set_defaults(
        run=commands.run_recordings, action="list", words=[], ends_by_interrupt=False
    )
    actions = recordings.add_subparsers(
        metavar="ACTION", dest="action", title="actions", description="without one: list"
    )
    listing = _add(actions, "list", "list the recordings, newest first", common, data)
    listing.add_argument(
        "words", metavar="WORDS", nargs="*", help="only with these in title, artist or station"
    )
    play = _add(actions, "play", "play a recording to its end", common, plays, data)
    play.add_argument(
        "--for", dest="seconds", type=duration, metavar="TIME", help="end after 30s, 20m, 1h30m"
    )
    play.set_defaults(ends_by_interrupt=True)
    rename = _add(actions, "rename", "give a recording another title and name", common, data)
    delete = _add(actions, "delete", "delete a recording: it waits some days", common, data)
    delete.add_argument(
        "--for-good", action="store_true", help="at once: 'recordings undo' does not have it"
    )
    _add(actions, "undo", "bring back what was deleted last", common, data)
    for action in (play, rename, delete):
        action.add_argument("name", metavar="RECORDING", help="its path, name or title")
    rename.add_argument("title", metavar="TITLE", help="of the file and in its tags")


def _add_doctor(subparsers: Any, options: _Options) -> None:
    doctor = _add(
        *(subparsers, "doctor", "check sound, terminal, files and network, and say what to mend"),
        *options,
        more="It plays nothing, and exits with 1 where something is broken.",
    )
    doctor.set_defaults(run=commands.run_doctor)
