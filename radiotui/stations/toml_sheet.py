"""A TOML file of the listener as it is written, of which blocks of one kind are changed.

Only the lines of the block in question are put in, taken out or written anew:
remarks, order, line ends and what radiotui does not know stay byte for byte. A
file that has a mistake in its TOML is not touched. Why no library does it:
docs/decisions/toml-editing.md.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Self, TypeVar

from radiotui.files import folder_lock, write_atomically
from radiotui.problems import Problem
from radiotui.stations.file import BOM, LARGEST_BYTES, parse_text, read_text, reason
from radiotui.stations.toml_positions import Statement, TomlPositions, Where

Sheet = TypeVar("Sheet", bound="TomlSheet")
T = TypeVar("T")

_MOST_TRIES = 20
"""Times that a change is made anew because an editor wrote in between."""
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_LINE_END = re.compile(r"\r?\n\Z")
_INDENT = re.compile(r"[ \t]*")


def edit_sheet(
    path: Path,
    sheet_type: type[Sheet],
    change: Callable[[Sheet], tuple[Sheet, T]],
    before_write: Callable[[str, str], None] | None = None,
) -> T:
    """Read the file, ``change`` it and write it; returns what ``change`` gives beside it.

    Nothing of another writer is lost: those of radiotui take turns, and where an editor has
    written in the meantime, the change is made again to what it wrote. ``before_write``
    receives the text before and after it. Blocks. Raises Problem.
    """
    try:
        with folder_lock(Path(os.path.realpath(path)).parent):
            for _ in range(_MOST_TRIES):
                before = sheet_type.read(path)
                after, result = change(before)
                if after.whole == before.whole:
                    return result
                if read_text(path) == before.whole:
                    _check_writable(path, after)
                    if before_write is not None:
                        before_write(before.whole, after.whole)
                    _write(path, after)
                    return result
    except TimeoutError:
        pass
    except FileNotFoundError as error:
        raise Problem(f"{path.name} cannot be read: {reason(error)}") from error
    raise Problem(f"{path.name} is being written by another program", "nothing was changed")


@dataclass(frozen=True)
class TomlSheet:
    """A station list as it is written."""

    kind: ClassVar[str]
    """The name of the blocks that are changed: "feed", "station"."""

    name: str
    text: str
    bom: str = ""

    @property
    def whole(self) -> str:
        """The file's text with its byte order mark."""
        return f"{self.bom}{self.text}"

    @classmethod
    def read(cls, path: Path) -> Self:
        """The list in a file. Raises Problem for what cannot be changed."""
        try:
            text = read_text(path)
            bom = BOM if text.startswith(BOM) else ""
            sheet = cls(path.name, text.removeprefix(BOM), bom)
            sheet.check()
        except Problem as problem:
            hint = "mend that first: nothing was changed"
            raise problem.reworded(hint=problem.hint or hint, detail=str(path)) from problem
        return sheet

    def check(self) -> None:
        """Raises Problem for what is no TOML, and for what is not written as blocks."""
        written = [line for line in self.statements if line.where[0] == self.kind]
        if not written or written[0].where == (self.kind, 0):
            return
        line = written[0].first
        raise Problem(
            f"{self.name}:{line}: only {self.kind}s that are written as [[{self.kind}]] "
            "can be changed here",
            "change it with an editor",
        )

    @property
    def tables(self) -> list[dict[str, Any]]:
        """The values of every block, rightly written or not."""
        return list(self.values.get(self.kind, []))

    def with_blocks(self, blocks: Iterable[list[str]]) -> Self:
        """With blocks of lines at the end, each below an empty line.

        A last line without an end stays one: so the block can be taken away again
        without a trace.
        """
        end = self.line_end
        text = (end + end).join(end.join(block) for block in blocks)
        if not self.text:
            return replace(self, text=text + end)
        if self.text.endswith("\n"):
            return replace(self, text=f"{self.text}{end}{text}{end}")
        return replace(self, text=f"{self.text}{end}{end}{text}")

    def without(self, index: int) -> Self:
        """Without a block, the remark directly above it, and one empty line."""
        lines = self.lines
        for first, last in reversed(self.runs(index)):
            begin, end = self.remark_above(first), last
            if begin and is_empty(lines[begin - 1]):
                begin -= 1
            elif begin == 0 and end < len(lines) and is_empty(lines[end]):
                end += 1
            cut(lines, begin, end)
        return replace(self, text="".join(lines))

    def with_value(self, table: Where, key: str, literal: str) -> Self:
        """With another value of a key in a table, or without the key where it is empty.

        ``literal`` is written as it is.
        """
        where = (*table, key)
        written = [line for line in self.statements if line.where[: len(where)] == where]
        if literal and len(written) == 1 and written[0].where == where and written[0].value:
            return self._with_lines_for(written[0], literal)
        lines = self.lines
        for statement in reversed(written):
            cut(lines, statement.first - 1, statement.last)
        sheet = replace(self, text="".join(lines))
        return sheet.with_pair(table, key, literal) if literal else sheet

    def _with_lines_for(self, pair: Statement, literal: str) -> Self:
        """With another value in a pair: its key, its indent and the remark behind it stay."""
        assert pair.value is not None
        lines, (begin, end) = self.lines, pair.value
        before, after = lines[pair.first - 1][:begin], lines[pair.last - 1][end:]
        lines[pair.first - 1 : pair.last] = [f"{before}{literal}{after}"]
        return replace(self, text="".join(lines))

    def with_pair(self, table: Where, key: str, literal: str) -> Self:
        """With a new pair below the last one of a table's own, indented as that is."""
        statements = iter(self.statements)
        last = next(line for line in statements if line.where == table)
        for line in statements:
            if line.where[: len(table)] != table or line.value is None:
                break
            last = line
        lines = self.lines
        above = lines[last.last - 1]
        indent = _INDENT.match(lines[last.first - 1])
        pair = f"{indent[0] if indent else ''}{key} = {literal}"
        if above.endswith("\n"):
            lines.insert(last.last, pair + self.line_end)
        else:
            lines[last.last - 1 :] = [above + self.line_end, pair]
        return replace(self, text="".join(lines))

    @cached_property
    def values(self) -> dict[str, Any]:
        """The values of the whole file."""
        return parse_text(self.text, self.name)

    @cached_property
    def statements(self) -> list[Statement]:
        """The headers and pairs, where there is any of the kind that is changed."""
        return TomlPositions(self.text).statements if self.kind in self.values else []

    @property
    def lines(self) -> list[str]:
        """The lines with their ends."""
        return _LINE.findall(self.text)

    @property
    def line_end(self) -> str:
        """The end of a line, as the file has them."""
        return "\r\n" if "\r\n" in self.text else "\n"

    def runs(self, index: int) -> list[tuple[int, int]]:
        """The lines of a block (begin and end, from 0): its own, and tables that come later."""
        runs: list[tuple[int, int]] = []
        goes_on = False
        for line in self.statements:
            belongs = line.where[:2] == (self.kind, index)
            if belongs and goes_on:
                runs[-1] = (runs[-1][0], line.last)
            elif belongs:
                runs.append((line.first - 1, line.last))
            goes_on = belongs
        return runs

    def remark_above(self, first: int) -> int:
        """The first line of the remark that ends directly above the line ``first``."""
        # A text of several lines may look like a remark.
        above = max((line.last for line in self.statements if line.last <= first), default=0)
        lines = self.lines
        while first > above and lines[first - 1].lstrip().startswith("#"):
            first -= 1
        return first


def cut(lines: list[str], begin: int, end: int) -> None:
    """Take lines out; a file whose last line had no end goes on to have none."""
    at_the_end = end == len(lines) and not lines[-1].endswith("\n")
    del lines[begin:end]
    if at_the_end and lines:
        lines[-1] = _LINE_END.sub("", lines[-1])


def quoted(value: str) -> str:
    """A basic string of TOML: JSON's, but for one control character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def is_empty(line: str) -> bool:
    """True for a line with nothing to read in it."""
    return not line.strip()


def _check_writable(path: Path, sheet: TomlSheet) -> None:
    if len(sheet.whole.encode()) > LARGEST_BYTES:
        raise Problem(f"{path.name} would become larger than 4 MiB", "nothing was changed")
    target = Path(os.path.realpath(path))  # a link stays one: it leads to where dotfiles are kept
    if not os.access(target, os.W_OK):
        raise Problem(f"{path} cannot be written: it is read-only", "nothing was changed")


def _write(path: Path, sheet: TomlSheet) -> None:
    try:
        write_atomically(Path(os.path.realpath(path)), sheet.whole.encode(), private=True)
    except OSError as error:
        title = f"{path} cannot be written: {reason(error)}"
        raise Problem(title, "nothing was changed", str(error)) from error
