"""Keys in force, as words for borders, empty states and messages."""

from __future__ import annotations

from textual.content import Content

from radiotui.ui.commands.key_words import key_word
from radiotui.ui.commands.keymap import Keymap, first_key
from radiotui.ui.kit.content import trusted


def shown_key(command_id: str, keymap: Keymap) -> str:
    """Key of a command as it stands on the keyboard: "?" for question_mark."""
    return key_word(first_key(command_id, keymap))


def key_hints(keymap: Keymap, *hints: tuple[str, str]) -> Content:
    """Keys and words in a row: "enter tune · o website" for pairs of command id and word."""
    return Content(" · ").join(
        trusted(f"{shown_key(command_id, keymap)} {word}") for command_id, word in hints
    )
