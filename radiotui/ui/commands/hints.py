"""Keys in the border of a pane."""

from __future__ import annotations

from textual.content import Content

from radiotui.ui.commands.keymap import Keymap, first_key
from radiotui.ui.kit.content import key_word, trusted


def key_hints(keymap: Keymap, *hints: tuple[str, str]) -> Content:
    """ "enter tune · o website": commands by their ids, each with its word here."""
    return Content(" · ").join(
        trusted(f"{key_word(first_key(command, keymap))} {word}") for command, word in hints
    )
