"""Dependencies that the companion's rooms (stories, history, guide) share."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from radiotui.app.services import Services
    from radiotui.problems import Problem


class RoomDeps(msgspec.Struct, frozen=True):
    """The part of the Companion that its rooms use."""

    opened: Callable[[], Awaitable[Services]]
    """The services, once they run."""
    clock: Callable[[], datetime]
    notify: Callable[[Problem], None]
    """Reports a problem to every front end."""
    spawn: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]
    """Runs work that ends with the Companion; a Problem it raises is reported."""
