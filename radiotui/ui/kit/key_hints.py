"""Keys in force, as words for borders, empty states and messages."""

from __future__ import annotations

from textual.content import Content

from radiotui.app.commands import BY_ID
from radiotui.ui.commands.key_words import key_word
from radiotui.ui.commands.keymap import Keymap, first_key
from radiotui.ui.kit.content import trusted


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
    return Content(" · ").join(trusted(f"{key_word(key)} {word}") for key, word in keys if key)
