"""Keys in force, as words for borders, empty states and messages."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from radiotui.app.commands import BY_ID
from radiotui.ui.commands.key_words import key_word
from radiotui.ui.commands.keymap import Keymap, first_key
from radiotui.ui.kit.content import BLANK, trusted

BORDER_COLUMNS = 6
"""Columns of a border's line that are neither its title's nor its hints'."""
_BETWEEN = " · "


def shown_key(command_id: str, keymap: Keymap) -> str:
    """Key of a command as it stands on the keyboard: "?" for question_mark.

    Of a command that has none: where else it is found.
    """
    key = first_key(command_id, keymap)
    return key_word(key) if key else f"“{BY_ID[command_id].title}” in the menu"


def key_hints(keymap: Keymap, *hints: tuple[str, str]) -> Content:
    """Keys and words in a row: "enter tune · o website" for pairs of command id and word.

    A command that has no key is left out.
    """
    keys = ((first_key(command_id, keymap), word) for command_id, word in hints)
    return Content(_BETWEEN).join(trusted(f"{key_word(key)} {word}") for key, word in keys if key)


def whole_hints(hints: Content, widget: Widget, *, keeps_last: bool = False) -> Content:
    """Those of the hints that fit into the widget's border, none of them cut; the first always.

    With ``keeps_last`` the last one stays, too: it is the way out.
    """
    last = BLANK
    if keeps_last and _BETWEEN in hints.plain:
        at = hints.plain.rindex(_BETWEEN)
        hints, last = hints[:at], hints[at:]
    room = widget.outer_size.width - BORDER_COLUMNS - last.cell_length
    while 0 < room < hints.cell_length and _BETWEEN in hints.plain:
        hints = hints[: hints.plain.rindex(_BETWEEN)]
    return hints + last
