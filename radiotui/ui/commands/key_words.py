"""Names of keys as they stand on the keyboard."""

from __future__ import annotations

_KEY_WORDS = {
    "plus": "+",
    "minus": "-",
    "equals_sign": "=",
    "question_mark": "?",
    "escape": "esc",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "slash": "/",
    "semicolon": ";",
    "greater_than_sign": ">",
    "delete": "del",
    "comma": ",",
    "full_stop": ".",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
}


def key_word(key: str) -> str:
    """A key as it stands on the keyboard: "?" for question_mark."""
    *modifiers, last = key.split("+")
    return "+".join([*modifiers, _KEY_WORDS.get(last, last)])


def keys_words(keys: str) -> str:
    """Every key of a command: "j, ↓"."""
    return ", ".join(key_word(key.strip()) for key in keys.split(","))
