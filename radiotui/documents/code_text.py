"""Lines of code as they are shown: indents kept, numbers of lines left out."""

from __future__ import annotations

import re
from itertools import pairwise

from radiotui.text import clean_block

_NUMBER = re.compile(r"\s*(\d{1,6})(?![\d.,:)\]}])")
_TAB = 4


def code_text(source: str) -> str:
    """Clean lines with their indents, without empty ones above and below."""
    lines = source.replace("\r\n", "\n").replace("\r", "\n").expandtabs(_TAB).split("\n")
    cleaned = [_indent(line) + clean_block(line) for line in lines]
    rows = [line if line.strip() else "" for line in cleaned]
    return "\n".join(_without_numbers(rows)).strip("\n")


def _without_numbers(rows: list[str]) -> list[str]:
    """The rows without the numbers of lines that a page puts before each of them."""
    numbers = [_NUMBER.match(row) for row in rows if row]
    if len(numbers) < 2 or None in numbers:
        return rows
    values = [int(number[1]) for number in numbers if number]
    if any(after - before != 1 for before, after in pairwise(values)):
        return rows
    return [_NUMBER.sub("", row, count=1) for row in rows]


def _indent(line: str) -> str:
    return " " * (len(line) - len(line.lstrip(" ")))
