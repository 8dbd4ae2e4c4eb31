"""Inputs of real kinds with their right values, tried one by one: ``python -m tests.cases FOLDER``.

The folder holds one folder for each kind of input. A kind is tried by one function here, which
yields a verdict for each of its inputs; its name is that of the kind's folder.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct, structs

from radiotui.feeds.parsing.model import ParsedEntry
from radiotui.feeds.parsing.parse import parse_feed
from radiotui.problems import Problem
from tests import cases_hostile, cases_pages, cases_streams
from tests.documents import markdown_of


@dataclass(frozen=True, slots=True)
class Verdict:
    """Result of one input."""

    name: str
    about: str
    right_value: object
    value: object

    @property
    def is_right(self) -> bool:
        return self.value == self.right_value


def feeds(folder: Path) -> Iterator[Verdict]:
    """Each feed named in ``expected.json``: an expression over its entries, and its value."""
    for case in json.loads((folder / "expected.json").read_text("utf-8")):
        try:
            feed = parse_feed((folder / case["file"]).read_bytes(), case["url"])
            value = _value(case["expr"], [_entry_values(entry) for entry in feed.entries])
        except Problem as problem:
            value = f"Problem: {problem}"
        yield Verdict(case["file"], case["what"], case["want"], value)


def streams(folder: Path) -> Iterator[Verdict]:
    """Each playlist or body of sound that a right value is known for."""
    return _verdicts(folder, cases_streams.RIGHT)


def pages(folder: Path) -> Iterator[Verdict]:
    """Each saved page that a right value is known for."""
    return _verdicts(folder, cases_pages.PAGES, cases_pages.article_of)


def hostile(folder: Path) -> Iterator[Verdict]:
    """Each attack that is a file: what comes of it."""
    return _verdicts(folder, cases_hostile.HOSTILE)


def _verdicts(
    folder: Path,
    right: Mapping[str, tuple[Callable[[Any], Any], Any]],
    read: Callable[[Path], Any] = lambda path: path,
) -> Iterator[Verdict]:
    """Each file that is there, with its value and the right one."""
    for name, (value_of, right_value) in right.items():
        if (folder / name).is_file():
            try:
                value = value_of(read(folder / name))
            except (Problem, LookupError) as error:
                value = f"{type(error).__name__}: {error}"
            yield Verdict(name, "", right_value, value)


def _without_a_value(folder: Path, tried: set[str]) -> Iterator[Verdict]:
    """Each input that nothing tries; the list of values and the headers of a body are none."""
    for path in sorted(folder.iterdir()):
        if path.name not in tried | {"expected.json"} and path.suffix != ".headers":
            yield Verdict(path.name, "nothing tries it", "a right value", None)


KINDS: dict[str, Callable[[Path], Iterator[Verdict]]] = {
    "feeds": feeds,
    "hostile": hostile,
    "pages": pages,
    "streams": streams,
}


def _value(expression: str, entries: list[dict[str, Any]]) -> object:
    try:
        # The person who names the folder trusts it: an expression is code.
        return eval(expression, {"E": entries})
    except (LookupError, TypeError) as error:
        return repr(error)


def _entry_values(entry: ParsedEntry) -> dict[str, Any]:
    return _plain(structs.asdict(entry) | {"body": markdown_of(entry)})


def _plain(value: Any) -> Any:
    """The value as JSON would have it: lists for tuples, dates in ISO form."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Struct):
        value = structs.asdict(value)
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def main(folder: Path, kinds: list[str]) -> int:
    """Print a line for each input; 1 if one is wrong, 2 if nothing was tried."""
    tried = wrong = 0
    for kind in kinds or sorted(KINDS):
        if not (folder / kind).is_dir():
            continue
        verdicts = [*KINDS[kind](folder / kind)]
        verdicts += _without_a_value(folder / kind, {verdict.name for verdict in verdicts})
        for verdict in verdicts:
            tried += 1
            wrong += not verdict.is_right
            print(f"{'right' if verdict.is_right else 'WRONG'}  {kind}/{verdict.name}")
            if not verdict.is_right:
                print(f"       {verdict.about}")
                print(f"       should be {verdict.right_value!r}")
                print(f"       is        {verdict.value!r}")
    print(f"{tried - wrong} of {tried} right")
    return 2 if not tried else int(wrong > 0)


if __name__ == "__main__":
    if len(sys.argv) < 2 or set(sys.argv[2:]) - set(KINDS):
        sys.exit(f"usage: python -m tests.cases FOLDER [{' | '.join(sorted(KINDS))}]")
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
