"""Key bindings of the commands, with the listener's own keys in place of the default ones."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from textual.binding import Binding, BindingType

from radiotui.app.command import Command
from radiotui.app.commands import BY_ID, COMMANDS, MAIN_COMMANDS, PANES, SURFACES
from radiotui.problems import Problem
from radiotui.text import nearest
from radiotui.ui.commands.keys import KEYS

Keymap = Mapping[str, str]
"""Keys by command id, where the listener set others."""

APP_ACTIONS: Mapping[str, str] = {
    "app.palette": "command_palette",
    "app.theme": "theme",
    "app.help": "help",
    "app.quit": "quit",
}
"""Commands that the app runs, whatever screen is up, by the names of its actions."""


def app_bindings() -> list[BindingType]:
    """Bindings of the commands that the app runs."""
    return [
        # The palette opens from wherever one is.
        _binding(command_id, action, priority=command_id == "app.palette")
        for command_id, action in APP_ACTIONS.items()
    ]


def main_bindings() -> list[BindingType]:
    """Bindings of the main screen: each runs its command by id."""
    return [
        # A pane has the focus before the next key is looked up.
        _binding(command.id, f"do('{command.id}')", priority=command.group == PANES)
        for command in MAIN_COMMANDS
        if command.id not in APP_ACTIONS
    ]


def sheet_bindings(
    actions: Mapping[str, str], *, priority: Collection[str] = ()
) -> list[BindingType]:
    """Bindings of a sheet or a list: its action by command id.

    Those in ``priority`` are obeyed before the widget that has the focus.
    """
    return [
        _binding(command_id, action, priority=command_id in priority)
        for command_id, action in actions.items()
    ]


LOOKING: Mapping[str, str] = {
    "sheet.close": "dismiss",
    "sheet.down": "move('down')",
    "sheet.up": "move('up')",
    "sheet.top": "move('top')",
    "sheet.bottom": "move('bottom')",
}
"""Actions of every sheet that is only looked at."""


def _binding(command_id: str, action: str, *, priority: bool) -> Binding:
    # Textual keeps bindings by key; no key is called like this one.
    keys = KEYS.get(command_id) or _no_key(command_id)
    title = BY_ID[command_id].title
    return Binding(keys, action, title, show=False, id=command_id, priority=priority)


def _no_key(command_id: str) -> str:
    return f"unbound-{command_id}"


def full_action(command_id: str) -> str:
    """Action of a command with its place, to be run from anywhere on the main screen."""
    own = APP_ACTIONS.get(command_id)
    return f"app.{own}" if own else f"screen.do('{command_id}')"


def keys_of(command_id: str, keymap: Keymap) -> str:
    """Keys of a command in force; empty where it has none."""
    keys = keymap.get(command_id) or KEYS.get(command_id, "")
    return "" if keys == _no_key(command_id) else keys


def first_key(command_id: str, keymap: Keymap) -> str:
    """Key that is shown for a command."""
    return keys_of(command_id, keymap).partition(",")[0].strip()


def read_keymap(settings: Keymap) -> tuple[dict[str, str], list[Problem]]:
    """Keymap of the settings without its mistakes, and a Problem for each of them."""
    problems: list[Problem] = []
    keymap: dict[str, str] = {}
    for command_id, keys in settings.items():
        if command_id not in BY_ID:
            likely = nearest(command_id, list(BY_ID))
            hint = f"did you mean {likely}?" if likely else "the help lists every command"
            problems.append(Problem(f"settings: keys: there is no command {command_id!r}", hint))
        elif names := _key_names(keys):
            keymap[command_id] = ",".join(names)
    return _without_clashes(keymap, problems), problems


def _without_clashes(keymap: Keymap, problems: list[Problem]) -> dict[str, str]:
    """Keymap in which no key means two things on one surface."""
    if not keymap:
        return {}
    owners = {
        (surface, key): command.id
        for command in COMMANDS
        if command.id not in keymap
        for key in _key_names(KEYS.get(command.id, ""))
        for surface in surfaces_of(command)
    }
    result: dict[str, list[str]] = {}
    for command_id, keys in keymap.items():
        surfaces = surfaces_of(BY_ID[command_id])
        free = result[command_id] = []
        for key in keys.split(","):
            owner = next((owners[s, key] for s in surfaces if (s, key) in owners), None)
            if owner is None:
                free.append(key)
            else:
                title = f"settings: keys: {key!r} is already {owner}"
                problems.append(Problem(title, f"so it was not given to {command_id}"))
        owners |= {(surface, key): command_id for surface in surfaces for key in free}
    for command_id in [command_id for command_id, free in result.items() if not free]:
        _restore_default(command_id, result, owners)
    return {
        command_id: ",".join(free) or _no_key(command_id) for command_id, free in result.items()
    }


def _restore_default(
    command_id: str, keymap: dict[str, list[str]], owners: dict[tuple[str, str], str]
) -> None:
    """Give a command of whose own keys none is free those of the table that no other has."""
    surfaces = surfaces_of(BY_ID[command_id])
    defaults = _key_names(KEYS.get(command_id, ""))
    free = [key for key in defaults if not any((surface, key) in owners for surface in surfaces)]
    owners |= {(surface, key): command_id for surface in surfaces for key in free}
    if free and free == defaults:
        del keymap[command_id]
    else:
        keymap[command_id] = free


def surfaces_of(command: Command) -> list[str]:
    """Surfaces on which a command's keys work: the main screen, sheets."""
    return [surface for surface, contexts in SURFACES.items() if command.context in contexts]


def _key_names(keys: str) -> list[str]:
    """Key names as Textual calls them: question_mark for "?"."""
    names = [key.strip() for key in keys.split(",") if key.strip()]
    return [binding.key for binding in Binding.make_bindings([Binding(key, "") for key in names])]
