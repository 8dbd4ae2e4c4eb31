"""Output of the commands, and the services they run in."""

from __future__ import annotations

import json
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from radiotui.app.companion import Companion


@asynccontextmanager
async def opened(companion: Companion, *, radio: bool = True) -> AsyncIterator[None]:
    """Run the services within it; without ``radio`` those for reading only."""
    await companion.open(screen=False, radio=radio)
    try:
        yield
    finally:
        await companion.close()


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def print_note(text: object) -> None:
    """Print a line for people to stderr; results alone go to stdout."""
    print(f"radiotui: {text}", file=sys.stderr, flush=True)
