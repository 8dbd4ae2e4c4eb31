"""Private parts of Textual that the tests look at: every use of one, with its reason."""

from __future__ import annotations

from collections.abc import Callable
from time import time
from typing import Any

import pytest
from textual.app import App
from textual.notifications import Notification
from textual.strip import Strip
from textual.widget import Widget


def screen_strips(app: App[Any]) -> list[Strip]:
    """Every line of the screen with its colours; Textual's public export is a picture only."""
    return app.screen._compositor.render_strips()


def notifications(app: App[Any]) -> list[Notification]:
    """Notifications that are shown now, with their severity."""
    return list(app._notifications)


def running_timers(widget: Widget) -> int:
    """Number of a widget's timers that are neither stopped, paused nor over."""
    timers = [timer for timer in widget._timers if timer._task is not None]
    return len([timer for timer in timers if timer._active.is_set()])


def tap_terminal(
    app: App[Any], monkeypatch: pytest.MonkeyPatch, write: Callable[[str], object]
) -> None:
    """Hand what is written to the terminal past the screen, such as pictures, to ``write``."""
    monkeypatch.setattr(app._driver, "write", write)


def tap_screen(
    app: App[Any], monkeypatch: pytest.MonkeyPatch, write: Callable[[str], object]
) -> None:
    """Hand all that is written to the terminal to ``write``, the screen too."""
    monkeypatch.setattr(type(app._driver), "is_headless", False)
    tap_terminal(app, monkeypatch, write)


def crash_reports(app: App[Any]) -> list[object]:
    """Reports that Textual prints when it has ended."""
    return list(app._exit_renderables)


def keep_toasts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let toasts stay a minute longer: on a loaded machine a key can take longer than a toast."""
    lasting = property(lambda toast: toast.raised_at + toast.timeout + 60 - time())
    monkeypatch.setattr(Notification, "time_left", lasting)


def hasten_pilot(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pilot look every 4 ms whether the app is idle; it looks several times a key."""
    monkeypatch.setattr("textual._wait.SLEEP_GRANULARITY", 0.004)
