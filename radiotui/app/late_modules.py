"""Modules that are loaded behind the first screen."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from importlib import import_module


async def load_on_a_thread(names: Iterable[str]) -> None:
    """Load modules by their full names: on the loop no key would be answered meanwhile."""
    await asyncio.to_thread(lambda: [import_module(name) for name in names])
