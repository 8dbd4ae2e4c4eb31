"""Place of a station's picture: until there is one, its initials on a colour of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

from textual.content import Content
from textual.strip import Strip
from textual.style import Style

from radiotui.text import clean
from radiotui.ui.kit.content import cut, trusted, untrusted

COLUMNS, LINES = 10, 5
"""A square, where a cell is twice as high as wide."""
_COLOURS = (
    "#870000",
    "#af005f",
    "#87005f",
    "#5f0087",
    "#5f00af",
    "#0000af",
    "#005faf",
    "#005f87",
    "#005f5f",
    "#005f00",
    "#5f5f00",
    "#875f00",
)
"""Dark ones of the cube of 256 colours; white can be read on each of them."""
_OF_TERMINAL = ("magenta", "cyan", "green", "yellow")
_LONGEST_NAME = COLUMNS - 2


def initials(name: str) -> str:
    """The letters a station is known by: "KNAU", "BBC", "RP" for Radio Paradise."""
    words: list[str] = re.findall(r"[^\W_]+", clean(name))
    if not words:
        return "♪"
    first = words[0]
    is_call_sign = first.isupper() and 2 <= len(first) <= 5
    if is_call_sign or (len(words) == 1 and len(first) <= _LONGEST_NAME):
        return first
    return "".join(word[0] for word in words[:4]).upper()


@lru_cache(maxsize=8)
def initials_lines(name: str, identity: str, *, ansi: bool) -> tuple[Content, ...]:
    """The initials in the middle of as many lines as a picture has."""
    number = crc32((identity or name).encode("utf-8", "replace"))
    style = f"reverse bold ansi_{_OF_TERMINAL[number % len(_OF_TERMINAL)]}"
    if not ansi:
        # Reversed, so that without colours it is still a block.
        style = f"reverse bold {_COLOURS[number % len(_COLOURS)]} on #ffffff"
    word = cut(untrusted(initials(name)), _LONGEST_NAME)
    before = (COLUMNS - word.cell_length) // 2
    middle = word.pad_left(before).pad_right(COLUMNS - before - word.cell_length)
    blank = trusted(" " * COLUMNS)
    drawn = [blank] * LINES
    drawn[LINES // 2] = middle
    return tuple(line.stylize(style) for line in drawn)


def centred(strips: Sequence[Strip]) -> tuple[Strip, ...]:
    """The lines of a picture in the middle of its place."""
    above = (LINES - len(strips)) // 2
    blank = Strip.blank(COLUMNS)
    middle = [
        Strip.join([Strip.blank((COLUMNS - strip.cell_length) // 2), strip]) for strip in strips
    ]
    below = LINES - above - len(middle)
    return (*[blank] * above, *middle, *[blank] * below)


def beside(picture: Strip, line: Strip, style: Style) -> Strip:
    """A line of the player with a line of a drawn picture in place of the initials."""
    return Strip.join([picture.adjust_cell_length(COLUMNS, style.rich_style), line.crop(COLUMNS)])
