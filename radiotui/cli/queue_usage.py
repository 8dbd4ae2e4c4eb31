"""Usage of ``podcasts queue``: its arguments and its help."""

from __future__ import annotations

import argparse
from typing import Any

from radiotui.cli import podcast_commands
from radiotui.cli.subcommand import add_command

_EPISODES = "numbers in 'podcasts list PODCAST', addresses of their pages, or files of yours"
_PLACE = "its place in the queue, from 1"
_RULE = """\
A rule has parts with a semicolon between them. Sources are gone through in order:
  newest of NAME, NAME       the newest episode of each; "newest 3 of" up to three
  unheard of NAME, NAME      all that was not heard; "of all": of every podcast
  ..., oldest first          or "newest first": the order of that source
and beside them may stand:
  at most 30 minutes         what would be too much is left out
  when empty                 fill it by itself when the last of it is heard"""


def add_queue(actions: Any, common: argparse.ArgumentParser, data: argparse.ArgumentParser) -> None:
    """Add ``queue`` and its actions."""
    queue = add_command(
        *(actions, "queue", "list and change what is to be heard", common, data),
        more="Several queues have names; one is in use, on the screen and here.",
        examples=(
            "podcasts queue",
            "podcasts queue add 42 43",
            "podcasts queue next recording.mp3",
            "podcasts queue rule 'newest of News Now; unheard of all; at most 30 minutes'",
            "podcasts queue fill",
        ),
    )
    queue.set_defaults(run=podcast_commands.run_queue, queue_action="list")
    each = queue.add_subparsers(
        metavar="ACTION", dest="queue_action", title="actions", description="without one: list"
    )
    add_command(each, "list", "list the queue in use", common, data)
    _add_changes(each, common, data)
    _add_names(each, common, data)


def _add_changes(each: Any, common: argparse.ArgumentParser, data: argparse.ArgumentParser) -> None:
    """Add the actions on the queue in use."""
    for name, summary in (
        ("add", "put episodes, stories or files at the end"),
        ("next", "put them at the front"),
    ):
        add = add_command(each, name, summary, common, data)
        add.add_argument("episodes", metavar="EPISODE", nargs="+", help=_EPISODES)
    remove = add_command(each, "remove", "take one out", common, data)
    remove.add_argument("place", metavar="PLACE", type=int, help=_PLACE)
    move = add_command(each, "move", "put one at another place", common, data)
    move.add_argument("place", metavar="PLACE", type=int, help=_PLACE)
    move.add_argument("to", metavar="TO", type=int, help="the place that it is to have")
    add_command(each, "clear", "take all out; undo brings it back", common, data)
    add_command(each, "undo", "undo the last change of any queue", common, data)
    add_command(each, "fill", "add what the queue's rule finds", common, data)
    rule = add_command(
        *(each, "rule", "print the rule by which the queue is filled, or write it"),
        *(common, data),
        more=_RULE,
    )
    rule.add_argument("rule", metavar="RULE", nargs="?", help="'none' takes it away")


def _add_names(each: Any, common: argparse.ArgumentParser, data: argparse.ArgumentParser) -> None:
    """Add the actions on queues by their names."""
    add_command(each, "names", "list every queue", common, data)
    for name, summary in (
        ("use", "use another queue from now on"),
        ("new", "begin a queue, and use it"),
        ("delete", "delete a queue; undo brings it back"),
    ):
        add_command(each, name, summary, common, data).add_argument("name", metavar="NAME")
    rename = add_command(each, "rename", "call a queue otherwise", common, data)
    rename.add_argument("name", metavar="NAME")
    rename.add_argument("new_name", metavar="NEW")
