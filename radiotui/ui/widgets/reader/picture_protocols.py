"""Picture protocols of terminals, judged without asking the terminal.

Once the screen is up a terminal cannot be asked: its answer would arrive as keys. Its
environment tells enough, and the system knows the size of its characters.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Literal

import msgspec

Way = Literal["kitty", "sixel", "blocks", "blocks-256"]

MOST_LINES = 20
"""Lines of the tallest photo."""


class Cell(msgspec.Struct, frozen=True):
    """A character's size in pixels."""

    width: int = 10
    height: int = 20


class PhotoRoom(msgspec.Struct, frozen=True):
    """Columns and lines that a photo may take."""

    columns: int
    lines: int


def way_of(setting: str, env: Mapping[str, str]) -> Way | None:
    """Protocol to draw photos with; None: none.

    A terminal inside tmux or screen shows only what that passes on, and neither passes on
    pictures unasked.
    """
    no_color = bool(env.get("NO_COLOR"))
    match setting:
        case "kitty":
            return None if no_color else "kitty"
        case "blocks":
            return None if no_color else _blocks_in(env) or "blocks"
        case "sixel":
            return "sixel"
        case "auto" if not no_color:
            return _known_way(env)
    return None


def _known_way(env: Mapping[str, str]) -> Way | None:
    term, program = env.get("TERM", ""), env.get("TERM_PROGRAM", "").lower()
    if not (env.get("TMUX") or env.get("STY") or term.startswith(("tmux", "screen"))):
        if env.get("KITTY_WINDOW_ID") or term in {"xterm-kitty", "xterm-ghostty"}:
            return "kitty"
        if program == "ghostty":
            return "kitty"
        # Konsole and WezTerm speak Kitty's protocol, too, but not its placeholders.
        if term.startswith(("foot", "mlterm")) or program in {"wezterm", "mlterm"}:
            return "sixel"
        if env.get("KONSOLE_VERSION", "").isdecimal() and int(env["KONSOLE_VERSION"]) >= 220400:
            return "sixel"
    return _blocks_in(env)


def _blocks_in(env: Mapping[str, str]) -> Way | None:
    """Blocks in the colours that the terminal has; None: too few for a photo.

    As rich judges it, which sends them: ssh passes no COLORTERM on, only the terminal's name.
    """
    if env.get("COLORTERM", "").strip().lower() in {"truecolor", "24bit"}:
        return "blocks"
    return "blocks-256" if env.get("TERM", "").strip().lower().endswith("-256color") else None


def cell_size(terminal: int) -> Cell:
    """Size of a character cell as the system reports it."""
    try:
        import fcntl
        import termios

        window_size = fcntl.ioctl(terminal, termios.TIOCGWINSZ, bytes(8))
    except (ImportError, OSError, ValueError):
        return Cell()
    lines, columns, width, height = struct.unpack("HHHH", window_size)
    if not (lines and columns and width >= columns and height >= lines):
        return Cell()
    return Cell(width // columns, height // lines)
