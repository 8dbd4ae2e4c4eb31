"""Parser of one command of the command line, with its help."""

from __future__ import annotations

import argparse
from typing import Any


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
