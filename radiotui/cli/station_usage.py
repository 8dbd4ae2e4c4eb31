"""Usage of ``stations``: its arguments and its help."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from radiotui.cli import commands
from radiotui.cli.mark_usage import SharedOptions
from radiotui.cli.subcommand import add_command


def add_stations(subparsers: Any, options: SharedOptions) -> None:
    """Add ``stations`` and its actions."""
    common, _, data = options
    stations = add_command(
        *(subparsers, "stations", "list, check, find, add, import, export or edit stations"),
        *(common, data),
        more="""\
ID is the id of a station: knau. Edits change only the lines of the station in its file, and
'stations undo' takes the last one back.""",
        examples=(
            "stations",
            "stations check",
            "stations find knau",
            "stations add 1",
            "stations find tag:jazz country:de codec:aac",
            "stations import stations.m3u",
            "stations rename knau 'KNAU, my station'",
            "stations move kjzz --before knau",
            "stations undo",
        ),
    )
    stations.set_defaults(run=commands.run_stations, action="list")
    actions = stations.add_subparsers(
        metavar="ACTION", dest="action", title="actions", description="without one: list"
    )
    add_command(actions, "list", "list the stations and their streams", common, data)
    _add_station_check(actions, common, data)
    find = add_command(
        *(actions, "find", "look for stations in the directories of the world", common, data),
        more="NPR's finder, Radio Browser and the lists of SomaFM, Radio Paradise and NTS are\n"
        "asked at once; one that fails costs a line on stderr. 'radiotui stations add NUMBER'\n"
        "adds a result. Filters: tag:, country: (de, or germany), language:, codec:.",
        examples=("stations find knau", "stations find flagstaff", "stations find tag:jazz --json"),
    )
    find.add_argument("words", metavar="WORDS", nargs="+", help="name, city, ZIP …, or address")
    add = add_command(actions, "add", "add results of the last 'find', or an address", common, data)
    add.add_argument("entries", metavar="NUMBER|URL", nargs="+", help="of a result, stream or page")
    _add_station_exchange(actions, common)
    _add_station_edits(actions, common)


def _add_station_check(actions: Any, *parents: argparse.ArgumentParser) -> None:
    check = add_command(
        actions, "check", "tell what is wrong in the file; --listen: in streams, too", *parents
    )
    check.add_argument("--listen", dest="listens", action="store_true", help="try every stream")
    take = "--listen, and put the new addresses of those that have moved first"
    check.add_argument("--take", dest="takes", action="store_true", help=take)


def _add_station_exchange(actions: Any, common: argparse.ArgumentParser) -> None:
    bring = add_command(
        *(actions, "import", "add the stations of another player's list", common),
        more="M3U, PLS, XSPF, OPML, or pyradio's CSV. A station that is there is passed over.",
    )
    bring.add_argument("source", metavar="FILE|URL", help="- is standard input")
    export = add_command(
        actions, "export", "write every stream into a file for other players", common
    )
    export.add_argument(
        "file", metavar="FILE", type=Path, nargs="?", help="without it, or with -, to stdout"
    )
    export.add_argument(
        "--format", dest="form", choices=("m3u", "json"), default="m3u", help="m3u without it"
    )
    for action in (bring, export):
        action.set_defaults(run=commands.run_station_edit)


def _add_station_edits(actions: Any, common: argparse.ArgumentParser) -> None:
    rename = add_command(actions, "rename", "give a station another name", common)
    remove = add_command(actions, "remove", "take a station out of the list", common)
    move = add_command(actions, "move", "put a station at another place in the list", common)
    group = add_command(actions, "group", "put a station into a group", common)
    undo = add_command(actions, "undo", "take the last edit or import back", common)
    for action in (rename, remove, move, group, undo):
        action.set_defaults(run=commands.run_station_edit)
    for action in (rename, remove, move, group):
        action.add_argument("station", metavar="ID", help="of the station: knau")
    rename.add_argument("name", metavar="NAME", help="as it is shown")
    group.add_argument("group", metavar="GROUP", help='the heading it stands under; "" for none')
    places = move.add_mutually_exclusive_group(required=True)
    places.add_argument("--before", metavar="ID", help="directly before this one")
    places.add_argument("--after", metavar="ID", help="directly after this one")
    places.add_argument("--first", action="store_true", help="to the beginning")
    places.add_argument("--last", action="store_true", help="to the end")
