"""Delay until a listener who moves has come to rest."""

from __future__ import annotations

from collections.abc import Callable

from textual.timer import Timer
from textual.widget import Widget


class RestTimer:
    """A widget's timer that begins anew with every move."""

    def __init__(self, widget: Widget, on_rest: Callable[[], None]) -> None:
        self._widget = widget
        self._on_rest = on_rest
        self._timer: Timer | None = None

    @property
    def is_running(self) -> bool:
        """True from a move until the rest after it."""
        return self._timer is not None

    def restart(self, seconds: float) -> None:
        """Call ``on_rest`` when no other move follows within ``seconds``."""
        if self._timer is not None:
            self._timer.reset()
        else:
            self._timer = self._widget.set_timer(seconds, self.end)

    def end(self) -> None:
        """Call ``on_rest`` at once where the timer is running."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
            self._on_rest()
