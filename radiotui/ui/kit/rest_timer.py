"""Delays of a widget or screen that end even where they end late."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.message_pump import MessagePump


def call_after(pump: MessagePump, seconds: float, callback: Callable[[], None]) -> asyncio.Handle:
    """Schedules a call in the messages of ``pump``.

    A timer of Textual leaves out a beat that is late. One with a single beat of some milliseconds
    never ends where the process waits for a processor between its start and its first step.
    """
    return asyncio.get_running_loop().call_later(seconds, pump.call_next, callback)


class RestTimer:
    """A widget's delay that begins anew with every move."""

    def __init__(self, widget: MessagePump, on_rest: Callable[[], None]) -> None:
        self._widget = widget
        self._on_rest = on_rest
        self._delay: asyncio.Handle | None = None

    @property
    def is_running(self) -> bool:
        """True from a move until the rest after it."""
        return self._delay is not None

    def restart(self, seconds: float) -> None:
        """Call ``on_rest`` when no other move follows within ``seconds``."""
        if self._delay is not None:
            self._delay.cancel()
        self._delay = call_after(self._widget, seconds, self.end)

    def end(self) -> None:
        """Call ``on_rest`` at once where the timer is running."""
        if self._delay is not None:
            self._delay.cancel()
            self._delay = None
            self._on_rest()
