"""The keys of the commands, as Textual wants them and as the listener has them."""

from __future__ import annotations

from collections.abc import Mapping

from textual.binding import Binding, BindingType

from radiotui.problems import Problem
from radiotui.text import nearest
from radiotui.ui.commands.command import PANES
from radiotui.ui.commands.table import BY_ID, COMMANDS

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
