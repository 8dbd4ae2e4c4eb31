"""Functions of the commands that only the screen can run, or runs in its own way."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from radiotui.ui.screens import (
    clip_actions,
    contents_actions,
    download_actions,
    list_actions,
    pane_actions,
    station_actions,
    story_actions,
    tape_actions,
    transcript_actions,
)
from radiotui.ui.screens.view import MainView

ACTIONS: Mapping[str, Callable[[MainView], None]] = {
    **tape_actions.ACTIONS,
    **pane_actions.ACTIONS,
    **story_actions.ACTIONS,
    **list_actions.ACTIONS,
    **download_actions.ACTIONS,
    **station_actions.ACTIONS,
    **contents_actions.ACTIONS,
    **clip_actions.ACTIONS,
    **transcript_actions.ACTIONS,
}
"""By id of the command."""
