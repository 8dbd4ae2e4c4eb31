"""Content of the screen: trusted and untrusted text, lines that fit their columns."""

from __future__ import annotations

from pathlib import Path

from textual.content import Content

from radiotui.text import clean

BLANK = Content("")
_PATH_COLUMNS = 100
"""Two lines of a message."""


def untrusted(text: str, style: str = "") -> Content:
    """Text that others wrote, as text: neither markup nor a command to the terminal."""
    return Content.styled(clean(text), style)


def trusted(text: str, style: str = "", action: str = "") -> Content:
    """Text of the program itself; with ``action`` a click runs it."""
    content = Content.styled(text, style)
    if not action or not text:
        return content
    from textual.style import Style

    return content.stylize(Style.from_meta({"@click": action}))


def row(*parts: Content, gap: int = 2) -> Content:
    """The parts that say something, side by side."""
    return Content(" " * gap).join([part for part in parts if part])


def cut(content: Content, columns: int) -> Content:
    """The content in at most that many columns, an ellipsis where something is missing."""
    if columns <= 0:
        return BLANK
    return content.truncate(columns, ellipsis=True)


def count_lines(text: str, columns: int) -> int | None:
    """Number of lines that words of narrow characters take.

    None where it takes the wrapping itself to tell: for a word that is longer than a line, and
    for other white space than single spaces between words.
    """
    words = text.split()
    if words != text.split(" "):
        return None
    count, free = 1, columns
    for word in words:
        if len(word) > free:
            if len(word) > columns:
                return None
            count, free = count + 1, columns
        free -= len(word) + 1
    return count


def spread(start: Content, end: Content, columns: int, gap: int = 2) -> Content:
    """One line: ``start`` at the left edge and cut first, ``end`` at the right edge."""
    if columns <= 0:
        return BLANK
    if not end:
        return cut(start, columns)
    end = cut(end, columns)
    start = cut(start, columns - end.cell_length - gap)
    return start.pad_right(columns - end.cell_length - start.cell_length) + end


def progress(share: float, columns: int) -> Content:
    """ "━━━╸────"."""
    done = min(columns - 1, int(share * columns))
    return trusted("━" * done + "╸", "$accent") + trusted("─" * (columns - done - 1), "dim")


def short_path(path: str, columns: int = _PATH_COLUMNS) -> str:
    """A path that fits a message: "~/Music/…/Nina Simone - Sinnerman.mp3"."""
    home = f"{Path.home()}/"
    path = f"~/{path[len(home) :]}" if path.startswith(home) else path
    if len(path) <= columns:
        return path
    *folders, name = path.split("/")
    start = "/".join(folders[:2])
    if len(start) + len(name) + 3 <= columns:
        return f"{start}/…/{name}"
    # A name as long as that says what it is at both its ends.
    half = (columns - 3) // 2
    return f"…/{name}" if len(name) + 2 <= columns else f"…/{name[:half]}…{name[-half:]}"


def size_word(count: int) -> str:
    """Bytes as people say them: "12 kB", "1.2 MB"."""
    if count < 1_000_000:
        return f"{count // 1000} kB"
    return f"{count / 1e6:.1f} MB" if count < 1e9 else f"{count / 1e9:.1f} GB"
