"""Usage of ``record``, ``marks`` and ``alarm``: their arguments and their help."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from radiotui.cli import commands
from radiotui.cli.arguments import count, duration, time_of_day
from radiotui.cli.subcommand import add_command

SharedOptions = tuple[argparse.ArgumentParser, argparse.ArgumentParser, argparse.ArgumentParser]
"""Options that commands share: of all, of those that play, of those that print data."""


def add_record(subparsers: Any, options: SharedOptions) -> None:
    """Add ``record``."""
    common, _, data = options
    record = add_command(
        *(subparsers, "record", "record a station into a file, without playing it"),
        *(common, data),
        more="Ctrl-C ends it and keeps the file. It prints the path of the file.",
        examples=(
            "record knau --for 1h",
            "record knau --at 16:00 --for 2h -o ~/Music",
            "record knau --programme 'Fresh Air'",
        ),
    )
    record.add_argument("station", metavar="STATION|URL", help="for example knau")
    record.add_argument(
        "--for", dest="seconds", type=duration, metavar="TIME", help="end after 30s, 30m, 1h30m"
    )
    record.add_argument(
        "--at", type=time_of_day, metavar="HH:MM", help="begin when clocks here show this next"
    )
    record.add_argument(
        *("--programme",), metavar="NAME", default="",
        help="the broadcast of this name that is on or comes next, from its beginning to its end",
    )  # fmt: skip
    record.add_argument("--mark", type=count, help=argparse.SUPPRESS)
    record.add_argument(
        *("-o",), dest="folder", type=Path, metavar="DIR",
        help="the folder for the station's own folder; without it that of the settings",
    )  # fmt: skip
    record.set_defaults(run=commands.run_record, ends_by_interrupt=True)


def add_marks(subparsers: Any, options: SharedOptions) -> None:
    """Add ``marks`` and its actions."""
    common, _, data = options
    marks = add_command(
        *(subparsers, "marks", "list, add or remove marks: programmes to come, to be recorded"),
        *(common, data),
        more="A mark reminds of a programme, tunes in to it, or records it, once or every week.\n"
        "It follows the programme where the schedule moves it.",
        examples=(
            "marks",
            "marks add knau 'Fresh Air' --record --weekly",
            "marks add knau/classical Performance --tune-in",
            "marks remove 3",
        ),
    )
    marks.set_defaults(run=commands.run_marks, action="list")
    actions = marks.add_subparsers(
        metavar="ACTION", dest="action", title="actions", description="without one: list"
    )
    add_command(actions, "list", "list the marks, and what was missed", common, data)
    add = add_command(actions, "add", "mark the next broadcast of a programme", common, data)
    add.add_argument("station", metavar="STATION", help="for example knau or knau/classical")
    add.add_argument("title", metavar="PROGRAMME", nargs="+", help="its name, or a part of it")
    ways = add.add_mutually_exclusive_group()
    for option, action, words in (
        ("--remind", "remind", "say when it begins (without any of these three, too)"),
        ("--tune-in", "tune", "tune in to it when it begins"),
        ("--record", "record", "record it from its beginning to its end"),
    ):
        ways.add_argument(
            *(option,), dest="mark_action", action="store_const", const=action, help=words
        )
    add.add_argument("--weekly", action="store_true", help="every week at this time")
    add.set_defaults(mark_action="remind")
    remove = add_command(actions, "remove", "remove a mark", common)
    remove.add_argument("mark", metavar="ID", type=count, help="as 'radiotui marks' prints it")


def add_alarm(subparsers: Any, options: SharedOptions) -> None:
    """Add ``alarm``."""
    common, plays, data = options
    alarm = add_command(
        *(subparsers, "alarm", "set, list or take off alarms: a station that plays at a time"),
        *(common, plays, data),
        more="It grows louder. Where the station is not heard, another one of the list plays, and\n"
        "at last the Test Signal. A timer of the system rings it, or the radiotui that runs;\n"
        "where there is no timer, the screen is opened to wait for it.",
        examples=(
            "alarm",
            "alarm 6:45 knau",
            "alarm 6:45 knau/classical --days mon-fri",
            "alarm off",
            "alarm off 2",
        ),
    )
    alarm.add_argument(
        *("words",), metavar="TIME STATION", nargs="*",
        help="when and what; 'off' takes off all alarms, or the one of an id; else they are listed",
    )  # fmt: skip
    alarm.add_argument(
        "--days", metavar="DAYS", default="", help="mon,wed · mon-fri · daily · weekdays · weekend"
    )
    alarm.add_argument("--ring", type=count, help=argparse.SUPPRESS)
    alarm.set_defaults(run=commands.run_alarm)
