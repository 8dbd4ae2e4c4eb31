"""Changes of the listener's station list that leave all else in it as it was.

Only the lines of the feed in question are put in, taken out or written anew:
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
from typing import Any, TypeVar

from radiotui.files import folder_lock, write_atomically
from radiotui.problems import Problem
from radiotui.stations import fields
from radiotui.stations.file import (
    BOM,
    LARGEST_BYTES,
    make_station_file,
    parse_text,
    read_text,
    reason,
)
from radiotui.stations.model import OwnFeed
from radiotui.stations.toml_positions import Statement, TomlPositions
from radiotui.text import clean, nearest, without_password

T = TypeVar("T")

_MOST_TRIES = 20
"""Times that a change is made anew because an editor wrote in between."""
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_LINE_END = re.compile(r"\r?\n\Z")


def add_feed(path: Path, feed: OwnFeed) -> None:
    """Append ``feed`` to the file at ``path``, which is made if it is not there.

    Raises Problem when the feed is in it already, makes no sense, or the file
    cannot be changed.
    """
    if not add_feeds(path, [feed]):
        raise Problem(f"{path.name} has the feed {fields.address(feed.url)} already")


def add_feeds(path: Path, feeds: Iterable[OwnFeed]) -> tuple[OwnFeed, ...]:
    """Append those of ``feeds`` that the file has not yet, in one write; returns them."""
    by_url = {feed.url: feed for feed in reversed([_checked(feed) for feed in feeds])}
    unmade = make_station_file(path)
    if unmade is not None:
        raise unmade.reworded(hint="no feed can be kept without it")

    def add(sheet: EditedList) -> tuple[EditedList, tuple[OwnFeed, ...]]:
        there = {feed.url for feed in sheet.feeds}
        new = tuple(feed for feed in reversed(by_url.values()) if feed.url not in there)
        return (sheet.with_feeds(new) if new else sheet), new

    return edit_list(path, add)


def remove_feed(path: Path, url: str) -> OwnFeed:
    """Take the feed of that address out of the file, with the remark directly above it.

    Raises Problem with the nearest address when it is not there.
    """

    def remove(sheet: EditedList) -> tuple[EditedList, OwnFeed]:
        index = sheet.find(url)
        removed = sheet.feeds[index]
        sheet = sheet.without(index)
        # What is written twice would come back with its second address.
        while (again := sheet.index(removed.url)) is not None:
            sheet = sheet.without(again)
        if not sheet.text.strip():
            sheet = replace(sheet, text="# [[station]] begins a station, [[feed]] a feed\n")
        return sheet, removed

    return edit_list(path, remove)


def change_feed(
    path: Path, url: str, *, title: str | None = None, folder: str | None = None
) -> OwnFeed:
    """Give a feed another title or folder; empty takes it away. Returns the feed as it is now.

    Raises Problem with the nearest address when it is not there.
    """

    def change(sheet: EditedList) -> tuple[EditedList, OwnFeed]:
        index = sheet.find(url)
        before = sheet.feeds[index]
        after = _checked(
            OwnFeed(
                before.url,
                before.title if title is None else title,
                before.folder if folder is None else folder,
            )
        )
        changed = {
            key: value
            for key, value in (("title", after.title), ("folder", after.folder))
            if value != getattr(before, key)
        }
        return (sheet.changed(index, changed) if changed else sheet), after

    return edit_list(path, change)


def edit_list(path: Path, change: Callable[[EditedList], tuple[EditedList, T]]) -> T:
    """Read the file, ``change`` it and write it; returns what ``change`` gives beside it.

    Nothing of another writer is lost: those of radiotui take turns, and where an editor has
    written in the meantime, the change is made again to what it wrote. Blocks. Raises Problem.
    """
    try:
        with folder_lock(Path(os.path.realpath(path)).parent):
            for _ in range(_MOST_TRIES):
                before = EditedList.read(path)
                after, result = change(before)
                if after.whole == before.whole:
                    return result
                if read_text(path) == before.whole:
                    _write(path, after)
                    return result
    except TimeoutError:
        pass
    except FileNotFoundError as error:
        raise Problem(f"{path.name} cannot be read: {reason(error)}") from error
    raise Problem(f"{path.name} is being written by another program", "nothing was changed")


@dataclass(frozen=True)
class EditedList:
    """A station list as it is written."""

    name: str
    text: str
    bom: str = ""

    @property
    def whole(self) -> str:
        """The file's text with its byte order mark."""
        return f"{self.bom}{self.text}"

    @classmethod
    def read(cls, path: Path) -> EditedList:
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
        """Raises Problem for what is no TOML, and for feeds that are not written as blocks."""
        written = [line for line in self._statements if line.where[0] == "feed"]
        if not written or written[0].where == ("feed", 0):
            return
        line = written[0].first
        raise Problem(
            f"{self.name}:{line}: only feeds that are written as [[feed]] can be changed here",
            "change it with an editor",
        )

    @cached_property
    def feeds(self) -> tuple[OwnFeed, ...]:
        """Every feed that is written here, rightly or not."""
        return tuple(
            OwnFeed(
                _text(table.get("url"), lambda url: clean(url, 2000)),
                _text(table.get("title"), fields.line),
                _text(table.get("folder"), fields.folder),
            )
            for table in self._values.get("feed", [])
        )

    def index(self, url: str) -> int | None:
        """The place of the feed with that address; its password may be left out."""
        urls = [feed.url for feed in self.feeds]
        if url not in urls:
            urls = [without_password(written) for written in urls]
        return urls.index(url) if url in urls else None

    def find(self, url: str) -> int:
        """As :meth:`index`. Raises Problem with the nearest one where there is none."""
        index = self.index(clean(url, 2000))
        if index is not None:
            return index
        title = f"{self.name} has no feed {clean(url, 200)}"
        for station in self._values.get("station", []):
            if url in (feeds := station.get("feeds", [])) or url == feeds:
                raise Problem(title, f"it belongs to {clean(str(station.get('name')), 60)}")
        urls = [feed.url for feed in self.feeds]
        meant = nearest(url, urls)
        if meant:
            raise Problem(title, f"did you mean {meant}?")
        raise Problem(title, f"there are: {', '.join(urls[:10])}" if urls else "it has none")

    def with_feeds(self, feeds: Iterable[OwnFeed]) -> EditedList:
        """With blocks at the end, each below an empty line.

        A last line without an end stays one: so the block can be taken away again
        without a trace.
        """
        end = self._line_end
        blocks = (end + end).join(_block(feed, end) for feed in feeds)
        if not self.text:
            return replace(self, text=blocks + end)
        if self.text.endswith("\n"):
            return replace(self, text=f"{self.text}{end}{blocks}{end}")
        return replace(self, text=f"{self.text}{end}{end}{blocks}")

    def without(self, index: int) -> EditedList:
        """Without a feed's block, the remark directly above it, and one empty line."""
        lines = self._lines
        for first, last in reversed(self._runs(index)):
            begin, end = self._remark_above(first), last
            if begin and _is_empty(lines[begin - 1]):
                begin -= 1
            elif begin == 0 and end < len(lines) and _is_empty(lines[end]):
                end += 1
            _cut(lines, begin, end)
        return replace(self, text="".join(lines))

    def changed(self, index: int, values: dict[str, str]) -> EditedList:
        """With other values in a feed's block; an empty one takes its key away."""
        sheet = self
        for key, value in values.items():
            sheet = sheet.with_value(index, key, value)
        return sheet

    def with_value(self, index: int, key: str, value: str) -> EditedList:
        """With another value of a key in a feed's block, or without the key where it is empty."""
        where = ("feed", index, key)
        written = [line for line in self._statements if line.where[:3] == where]
        if value and len(written) == 1 and written[0].where == where and written[0].value:
            return self._with_lines_for(written[0], value)
        lines = self._lines
        for statement in reversed(written):
            _cut(lines, statement.first - 1, statement.last)
        sheet = replace(self, text="".join(lines))
        return sheet.with_pair(index, key, value) if value else sheet

    def _with_lines_for(self, pair: Statement, value: str) -> EditedList:
        """With another value in a pair: its key, its indent and the remark behind it stay."""
        assert pair.value is not None
        lines, (begin, end) = self._lines, pair.value
        before, after = lines[pair.first - 1][:begin], lines[pair.last - 1][end:]
        lines[pair.first - 1 : pair.last] = [f"{before}{_quoted(value)}{after}"]
        return replace(self, text="".join(lines))

    def with_pair(self, index: int, key: str, value: str) -> EditedList:
        """With a new pair below the last one of a feed's own, indented as that is."""
        block = ("feed", index)
        statements = iter(self._statements)
        last = next(line for line in statements if line.where == block)
        for line in statements:
            if line.where[:2] != block or line.value is None:
                break
            last = line
        lines = self._lines
        above = lines[last.last - 1]
        indent = re.match(r"[ \t]*", lines[last.first - 1])
        pair = f"{indent[0] if indent else ''}{key} = {_quoted(value)}"
        if above.endswith("\n"):
            lines.insert(last.last, pair + self._line_end)
        else:
            lines[last.last - 1 :] = [above + self._line_end, pair]
        return replace(self, text="".join(lines))

    @cached_property
    def _values(self) -> dict[str, Any]:
        return parse_text(self.text, self.name)

    @cached_property
    def _statements(self) -> list[Statement]:
        return TomlPositions(self.text).statements if "feed" in self._values else []

    @property
    def _lines(self) -> list[str]:
        return _LINE.findall(self.text)

    @property
    def _line_end(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"

    def _runs(self, index: int) -> list[tuple[int, int]]:
        """The lines of a feed (begin and end, from 0): its block, and tables that come later."""
        runs: list[tuple[int, int]] = []
        goes_on = False
        for line in self._statements:
            belongs = line.where[:2] == ("feed", index)
            if belongs and goes_on:
                runs[-1] = (runs[-1][0], line.last)
            elif belongs:
                runs.append((line.first - 1, line.last))
            goes_on = belongs
        return runs

    def _remark_above(self, first: int) -> int:
        """The first line of the remark that ends directly above the line ``first``."""
        # A text of several lines may look like a remark.
        above = max((line.last for line in self._statements if line.last <= first), default=0)
        lines = self._lines
        while first > above and lines[first - 1].lstrip().startswith("#"):
            first -= 1
        return first


def _checked(feed: OwnFeed) -> OwnFeed:
    try:
        return OwnFeed(
            fields.address(feed.url), fields.line(feed.title), fields.folder(feed.folder)
        )
    except fields.FieldError as wrong:
        raise Problem("this feed cannot be added", str(wrong), clean(feed.url)) from wrong


def _block(feed: OwnFeed, line_end: str) -> str:
    values = (("url", feed.url), ("title", feed.title), ("folder", feed.folder))
    pairs = [f"{key} = {_quoted(value)}" for key, value in values if value]
    return line_end.join(["[[feed]]", *pairs])


def _cut(lines: list[str], begin: int, end: int) -> None:
    """Take lines out; a file whose last line had no end goes on to have none."""
    at_the_end = end == len(lines) and not lines[-1].endswith("\n")
    del lines[begin:end]
    if at_the_end and lines:
        lines[-1] = _LINE_END.sub("", lines[-1])


def _quoted(value: str) -> str:
    """A basic string of TOML: JSON's, but for one control character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _text(value: object, check: Callable[[str], Any]) -> str:
    return str(check(value)) if isinstance(value, str) else ""


def _is_empty(line: str) -> bool:
    return not line.strip()


def _write(path: Path, sheet: EditedList) -> None:
    data = sheet.whole.encode()
    if len(data) > LARGEST_BYTES:
        raise Problem(f"{path.name} would become larger than 4 MiB", "nothing was changed")
    target = Path(os.path.realpath(path))  # a link stays one: it leads to where dotfiles are kept
    if not os.access(target, os.W_OK):
        raise Problem(f"{path} cannot be written: it is read-only", "nothing was changed")
    try:
        write_atomically(target, data, private=True)
    except OSError as error:
        title = f"{path} cannot be written: {reason(error)}"
        raise Problem(title, "nothing was changed", str(error)) from error
