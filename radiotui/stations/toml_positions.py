"""Line numbers of the keys of a TOML file, which :mod:`tomllib` does not tell.

Only used once something is wrong or is to be changed, so a right file costs nothing.
The grammar: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import re
import tomllib
from typing import NamedTuple

Where = tuple[str | int, ...]
"""The way to a value: ``("station", 0, "stream", 1, "url")``."""


class Statement(NamedTuple):
    """A header or a pair: where it leads, and its first and last line (from 1)."""

    where: Where
    first: int
    last: int
    value: tuple[int, int] | None
    """Column in the first line at which a pair's value begins, and in the last at which it ends."""


_GAP = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_KEY = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|[A-Za-z0-9_-]+')
_DOT = re.compile(r"[ \t]*\.[ \t]*")
_VALUE = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|[^\s,\]}#]+(?:[ ]\d[^\s,\]}#]*)?",  # a date and its time may stand apart by one space
    re.DOTALL,
)


class TomlPositions:
    """The lines of a text that :mod:`tomllib` has accepted."""

    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n")
        self._at = 0
        self._line = 1
        self._counted = 0
        self._lists: dict[Where, int] = {}
        self._found: dict[Where, int] = {}
        self._value_place = (0, 0)
        self.statements: list[Statement] = []
        """Every header and every pair outside of a value, in the order of the file."""
        self._read()

    def line(self, where: Where) -> int:
        """The line (from 1) of the key, the table or the element ``where`` leads to.

        What is not written, such as a missing key, is at the nearest table around it.
        """
        while where and where not in self._found:
            where = where[:-1]
        return self._found.get(where, 1)

    def _read(self) -> None:
        table: Where = ()
        while self._more():
            first, value = self._here(), None
            if self._take("[["):
                where = table = self._header(is_list=True)
            elif self._take("["):
                where = table = self._header(is_list=False)
            else:
                where = self._pair(table)
                begin, end = self._value_place
                value = self._column(begin), self._column(end)
            self.statements.append(Statement(where, first, self._here(), value))

    def _header(self, *, is_list: bool) -> Where:
        self._gap()
        line = self._here()
        *above, last = self._key()
        where: Where = ()
        for part in above:
            where = self._newest((*where, part))
        where = (*where, last)
        self._found.setdefault(where, line)
        if is_list:
            self._lists[where] = self._lists.get(where, 0) + 1
            self._found[self._newest(where)] = line
        self._gap()
        self._take("]]" if is_list else "]")
        return self._newest(where)

    def _newest(self, where: Where) -> Where:
        """A name of a list of tables means its last table."""
        count = self._lists.get(where, 0)
        return (*where, count - 1) if count else where

    def _pair(self, table: Where) -> Where:
        self._gap()
        line = self._here()
        where = table
        for part in self._key():
            where = (*where, part)
            self._found.setdefault(where, line)
        self._gap()
        self._take("=")
        self._gap()
        begin = self._at
        self._value(where)
        # The pair around others ends last.
        self._value_place = begin, self._at
        return where

    def _value(self, where: Where) -> None:
        self._gap()
        if self._take("["):
            index = 0
            while self._more() and not self._take("]"):
                self._found[(*where, index)] = self._here()
                self._value((*where, index))
                index += 1
                self._gap()
                self._take(",")
        elif self._take("{"):
            while self._more() and not self._take("}"):
                self._pair(where)
                self._gap()
                self._take(",")
        else:
            self._pass(_VALUE)

    def _key(self) -> list[str]:
        parts = [self._key_part()]
        while self._pass(_DOT):
            parts.append(self._key_part())
        return parts

    def _key_part(self) -> str:
        written = self._pass(_KEY)
        if written[:1] in {'"', "'"}:
            return str(tomllib.loads(f"key = {written}")["key"])
        return written

    def _here(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _column(self, at: int) -> int:
        return at - self._text.rfind("\n", 0, at) - 1

    def _more(self) -> bool:
        self._gap()
        return self._at < len(self._text)

    def _gap(self) -> None:
        self._pass(_GAP)

    def _take(self, mark: str) -> bool:
        taken = self._text.startswith(mark, self._at)
        if taken:
            self._at += len(mark)
        return taken

    def _pass(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            if pattern in {_KEY, _VALUE}:  # no TOML: the rest has no lines
                self._at = len(self._text)
            return ""
        self._at = match.end()
        return match.group()
