"""Parser of the command line. A command imports its modules when it is run.

Results go to stdout, all else to stderr. Exit codes: 0 done, 1 it failed,
2 wrong usage.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from radiotui import __version__
from radiotui.cli.arguments import count, duration, time_of_day
from radiotui.config import EngineName, Folders
from radiotui.problems import Problem

if TYPE_CHECKING:
    from radiotui.app.companion import Companion
    from radiotui.app.history_export import Form


def main(argv: list[str] | None = None) -> int:
    """Run radiotui; the exit code."""
    arguments = _parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
    except Problem as problem:
        print(f"radiotui: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    except BrokenPipeError:
        # The reader has seen enough ("radiotui stories | head").
        sys.stderr.close()
        return 0
    except Exception as error:
        return _unexpected(error)
    return code


def _unexpected(error: Exception) -> int:
    """One line on what nobody expected; its traceback stands in the log."""
    import logging

    from radiotui.text import clean

    logging.getLogger(__name__).error("unexpected", exc_info=error)
    words = f"something unexpected went wrong: {type(error).__name__}: {error}"
    print(f"radiotui: {clean(words, 300)}", file=sys.stderr)
    return 1


class _Options(NamedTuple):
    """Options that several commands share, as parents of their parsers."""

    common: argparse.ArgumentParser
    plays: argparse.ArgumentParser
    data: argparse.ArgumentParser


def _parser() -> argparse.ArgumentParser:
    options = _shared_options()
    parser = argparse.ArgumentParser(
        prog="radiotui",
        description="Public radio in a terminal. Without a command it opens the screen.",
        epilog="STATION is an id, or id/stream: knau, knau/classical ('radiotui stations').",
        parents=[options.common, options.plays],
    )
    parser.add_argument("--version", action="version", version=f"radiotui {__version__}")
    parser.add_argument("--play", metavar="STATION", help="start playing at once")
    parser.set_defaults(run=_screen)
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")
    for add_command in (
        *(_add_play, _add_record, _add_now, _add_stations, _add_stories),
        *(_add_read, _add_search, _add_feeds, _add_heard, _add_doctor),
    ):
        add_command(commands, options)
    return parser


def _shared_options() -> _Options:
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--stations", type=Path, metavar="FILE", help="another station list")
    common.add_argument("--config", type=Path, metavar="FILE", help="another settings file")
    common.add_argument("--demo", action="store_true", help="the Test Signal alone: no network")
    plays = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    plays.add_argument("--engine", choices=get_args(EngineName), help="what makes the sound")
    data = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    data.add_argument("--json", action="store_true", help="for scripts")
    return _Options(common, plays, data)


def _add_play(commands: Any, options: _Options) -> None:
    play = commands.add_parser(
        "play",
        help="play without the screen; Ctrl-C ends it",
        description="Play a station, an address or a file: a line for every title.",
        parents=options,
    )
    play.add_argument("what", metavar="STATION|URL|FILE")
    play.add_argument("--for", dest="seconds", type=duration, metavar="TIME", help="30s, 20m, 2h")
    play.set_defaults(run=_play)


def _add_record(commands: Any, options: _Options) -> None:
    record = commands.add_parser(
        "record",
        help="record a station into a file, without a sound",
        description="Record a station as it is sent. Ctrl-C ends it, and keeps what there is.",
        parents=[options.common, options.data],
    )
    record.add_argument("station", metavar="STATION|URL")
    record.add_argument("--for", dest="seconds", type=duration, metavar="TIME", help="30m, 1h")
    record.add_argument("--at", type=time_of_day, metavar="HH:MM", help="the next such local time")
    record.add_argument(
        "-o", dest="folder", type=Path, metavar="DIR", help="where the station's folder is made"
    )
    record.set_defaults(run=_record)


def _add_now(commands: Any, options: _Options) -> None:
    now = commands.add_parser(
        "now", help="what is on now, and next", parents=[options.common, options.data]
    )
    now.add_argument("station", metavar="STATION", nargs="?")
    now.add_argument(
        "--explain", action="store_true", help="tell what each source answered, and the choice"
    )
    now.set_defaults(run=_now)


def _add_stations(commands: Any, options: _Options) -> None:
    stations = commands.add_parser(
        "stations", help="list or check the station file", parents=[options.common, options.data]
    )
    stations.add_argument("action", choices=("list", "check"), nargs="?", default="list")
    stations.set_defaults(run=_stations)


def _add_stories(commands: Any, options: _Options) -> None:
    stories = commands.add_parser(
        "stories",
        help="a station's stories, newest first",
        parents=[options.common, options.data],
    )
    stories.add_argument("station", metavar="STATION", nargs="?")
    stories.add_argument("--unread", action="store_true", help="only what was not read yet")
    stories.set_defaults(run=_stories)


def _add_read(commands: Any, options: _Options) -> None:
    read = commands.add_parser(
        "read",
        help="a story or any web page as Markdown",
        description="Print the whole article: a story's by its id, or a page's by its address.",
        parents=[options.common, options.data],
    )
    read.add_argument("address", metavar="URL|ID")
    read.add_argument(
        "--explain", action="store_true", help="tell what each layer gave and what was left out"
    )
    read.set_defaults(run=_read)


def _add_search(commands: Any, options: _Options) -> None:
    search = commands.add_parser(
        "search",
        help="find in all that is kept",
        description='Words, "words together", -not, one OR other; filters station:knau, '
        "from:npr, is:unread, is:starred, is:heard, since:2026-11-01, since:3d.",
        parents=[options.common, options.data],
    )
    search.add_argument("words", metavar="WORDS", nargs="+")
    search.set_defaults(run=_search)


def _add_feeds(commands: Any, options: _Options) -> None:
    feeds = commands.add_parser(
        "feeds",
        help="list, add, remove, refresh, import or export feeds",
        parents=[options.common, options.data],
    )
    feeds.set_defaults(run=_feeds, action="list")
    common, data = options.common, options.data
    actions = feeds.add_subparsers(metavar="ACTION", dest="action")
    actions.add_parser("list", help="how each feed does", parents=[common, data])
    add = actions.add_parser("add", help="a feed, or the one a page names", parents=[common])
    add.add_argument("address", metavar="URL")
    add.add_argument("--folder", default="", help="the folder it is put into")
    remove = actions.add_parser("remove", help="one of your own feeds", parents=[common])
    remove.add_argument("url", metavar="URL")
    refresh = actions.add_parser("refresh", help="ask now", parents=[common, data])
    refresh.add_argument("url", metavar="URL", nargs="?")
    bring = actions.add_parser("import", help="the feeds of an OPML file", parents=[common])
    bring.add_argument("file", metavar="FILE", type=Path)
    export = actions.add_parser("export", help="every feed as OPML", parents=[common])
    export.add_argument("file", metavar="FILE", type=Path, nargs="?")


def _add_heard(commands: Any, options: _Options) -> None:
    heard = commands.add_parser(
        "heard",
        help="titles and programmes that were heard, newest first",
        description="What was heard, with when the station sent it: as text, JSON or CSV.",
        parents=[options.common, options.data],
    )
    heard.add_argument("words", metavar="WORDS", nargs="*", help="of title, artist or station")
    heard.add_argument("--station", default="", help="only on this one: knau, knau/classical")
    heard.add_argument("--since", default="", metavar="TIME", help="2026-11-01, today, 3h, 2d, 1w")
    heard.add_argument("--starred", action="store_true", help="only what has a star")
    heard.add_argument("--limit", type=count, default=100, metavar="N", help="at most so many")
    heard.add_argument("--csv", action="store_true", help="for spreadsheets")
    heard.set_defaults(run=_heard)


def _add_doctor(commands: Any, options: _Options) -> None:
    doctor = commands.add_parser(
        "doctor",
        help="what works here, and what to do about the rest",
        parents=[options.common, options.data],
    )
    doctor.set_defaults(run=_doctor)


def _screen(arguments: argparse.Namespace) -> int:
    import gc

    # What is made on the way to the first screen stays; the app turns this on again behind it.
    gc.disable()
    from radiotui.ui.app import run

    if not sys.stdout.isatty():
        raise Problem("radiotui needs a terminal", "'radiotui --help' lists what works without one")
    companion = _companion(arguments)
    play = getattr(arguments, "play", None)
    if play is not None:
        companion.station_list.find(play)
    return run(companion, play=play)


def _play(arguments: argparse.Namespace) -> int:
    from radiotui.cli.play import play

    _log_to_stderr()
    return _run(
        play(
            _companion(arguments),
            arguments.what,
            seconds=arguments.seconds,
            as_json=_as_json(arguments),
        )
    )


def _record(arguments: argparse.Namespace) -> int:
    from radiotui.cli.record import RecordOptions, record

    _log_to_stderr()
    wish = RecordOptions(
        arguments.station,
        seconds=arguments.seconds,
        at=arguments.at,
        folder=arguments.folder,
        as_json=_as_json(arguments),
    )
    return _run(record(_companion(arguments), wish))


def _now(arguments: argparse.Namespace) -> int:
    from radiotui.cli.now import now

    companion, as_json = _companion(arguments), _as_json(arguments)
    return _run(now(companion, arguments.station, as_json=as_json, explain=arguments.explain))


def _stories(arguments: argparse.Namespace) -> int:
    from radiotui.cli.stories import stories

    return _run(
        stories(
            _companion(arguments),
            arguments.station,
            unread=arguments.unread,
            as_json=_as_json(arguments),
        )
    )


def _read(arguments: argparse.Namespace) -> int:
    from radiotui.cli.stories import read

    as_json, explain = _as_json(arguments), arguments.explain
    return _run(read(_companion(arguments), arguments.address, as_json=as_json, explain=explain))


def _search(arguments: argparse.Namespace) -> int:
    from radiotui.cli.stories import search

    words = " ".join(arguments.words)
    return _run(search(_companion(arguments), words, as_json=_as_json(arguments)))


def _heard(arguments: argparse.Namespace) -> int:
    from radiotui.cli.history import heard

    form: Form = "json" if _as_json(arguments) else "csv" if arguments.csv else "text"
    return _run(
        heard(
            _companion(arguments),
            " ".join(arguments.words),
            station=arguments.station,
            since=arguments.since,
            starred=arguments.starred,
            limit=arguments.limit,
            form=form,
        )
    )


def _feeds(arguments: argparse.Namespace) -> int:
    from radiotui.cli import feeds

    companion = _companion(arguments)
    match arguments.action:
        case "add":
            return _run(feeds.add_feed(companion, arguments.address, folder=arguments.folder))
        case "remove":
            return _run(feeds.remove_feed(companion, arguments.url))
        case "refresh":
            as_json = _as_json(arguments)
            return _run(feeds.refresh_feeds(companion, arguments.url, as_json=as_json))
        case "import":
            return _run(feeds.import_feeds(companion, arguments.file))
        case "export":
            return _run(feeds.export_feeds(companion, arguments.file))
    return _run(feeds.list_feeds(companion, as_json=_as_json(arguments)))


def _stations(arguments: argparse.Namespace) -> int:
    from radiotui.cli.stations import check_stations, list_stations

    companion = _companion(arguments)
    if arguments.action == "check":
        return check_stations(companion, as_json=_as_json(arguments))
    return _run(list_stations(companion, as_json=_as_json(arguments)))


def _doctor(arguments: argparse.Namespace) -> int:
    from radiotui.cli.doctor import doctor

    return _run(doctor(_companion(arguments), as_json=_as_json(arguments)))


def _as_json(arguments: argparse.Namespace) -> bool:
    return bool(getattr(arguments, "json", False))


def _companion(arguments: argparse.Namespace) -> Companion:
    from radiotui.app.companion import Companion, Options

    stations: Path | None = getattr(arguments, "stations", None)
    if stations is not None and not stations.exists():
        raise Problem(f"there is no file {stations}", "--stations names a station list")
    config: Path | None = getattr(arguments, "config", None)
    if config is not None and not config.exists():
        raise Problem(f"there is no file {config}", "--config names a settings file")
    folders = Folders()
    folders.keep_private()
    companion = Companion(
        Options(
            stations=stations,
            config=config,
            engine=getattr(arguments, "engine", None),
            demo=getattr(arguments, "demo", False),
            folders=folders,
        )
    )
    companion.load()
    return companion


def _log_to_stderr() -> None:
    import logging

    logging.basicConfig(level=logging.ERROR, format="radiotui: %(message)s")


def _run(work: Coroutine[Any, Any, int]) -> int:
    import asyncio

    from radiotui.cli.log import log_to_file

    log_to_file(Folders().log / "radiotui.log")
    return asyncio.run(work)
