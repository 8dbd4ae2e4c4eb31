"""Parsers of the commands of the command line, each with its help."""

from __future__ import annotations

import argparse
from collections.abc import Collection
from functools import partial
from typing import Any


class CommandParser(argparse.ArgumentParser):
    """Parser whose commands are built where they are among the words that were typed."""

    def __init__(self, words: Collection[str], **options: Any) -> None:
        super().__init__(**options)
        self._words = words

    def add_subparsers(self, **options: Any) -> Any:
        """Add commands, or actions of one."""
        maker: Any = partial(_parser_of, self._words)
        return super().add_subparsers(parser_class=maker, **options)


class UnusedParser:
    """Stand-in for the parser of a command that was not typed: its name and help are enough.

    A parser takes half a millisecond, and there are forty of them.
    """

    def ignore(self, *_: object, **__: object) -> UnusedParser:
        """Accept what is added to a parser."""
        return self

    add_argument = add_subparsers = add_mutually_exclusive_group = ignore
    add_parser = set_defaults = ignore


def _parser_of(words: Collection[str], *, prog: str, **options: Any) -> Any:
    name = prog.rpartition(" ")[2]
    return CommandParser(words, prog=prog, **options) if name in words else UnusedParser()


def add_command(
    subparsers: Any,
    name: str,
    summary: str,
    *parents: argparse.ArgumentParser,
    more: str = "",
    examples: tuple[str, ...] = (),
) -> argparse.ArgumentParser:
    """A command: its summary stands in the list, and before ``more`` in its own help."""
    description = f"{summary[0].upper()}{summary[1:]}."
    lines = "".join(f"\n  radiotui {example}" for example in examples)
    parser: argparse.ArgumentParser = subparsers.add_parser(
        name,
        help=summary,
        description="\n\n".join(filter(None, (description, more))),
        epilog=f"examples:{lines}" if examples else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=parents,
    )
    return parser
