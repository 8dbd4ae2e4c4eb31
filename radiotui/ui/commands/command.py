"""What a command is, and what decides whether it makes sense."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Situation(NamedTuple):
    """What decides whether a command makes sense now."""

    pane: str = "air"
    tuned: bool = False
    """Whether something plays, is paused or is being connected to."""
    streams: bool = False
    """Whether there is a stream to tune to."""
    stories: bool = False
    """Whether the list of stories has any."""
    story: bool = False
    """Whether a story is highlighted or open."""
    page: bool = False
    """Whether there is a web page to open."""
    open: bool = False
    """Whether a story's text is in the reader."""
    spoken: bool = False
    """Whether a story is heard."""
    own_feed: bool = False
    """Whether one of the listener's own feeds is highlighted."""
    recording: bool = False
    """Whether anything is being recorded."""


def _always(_: Situation) -> bool:
    return True


class Command(NamedTuple):
    """One thing a listener can do."""

    id: str
    keys: str
    """Textual's key names, comma separated; the first is the one that is shown."""
    title: str
    help: str
    group: str
    action: str
    """An action of the main screen, or of the app ("app.quit")."""
    hint: str = ""
    """Its word in the footer; empty keeps it out."""
    pair: str = ""
    """The command that shares the word in the footer, its opposite."""
    when: Callable[[Situation], bool] = _always

    @property
    def of_app(self) -> bool:
        """Whether the app does it, rather than the main screen."""
        return self.action.startswith("app.")

    @property
    def full_action(self) -> str:
        """The action with its place, to be run from anywhere on the main screen."""
        return self.action if self.of_app else f"screen.{self.action}"


PLAYER, TAPE, PANES, MOVING = "Player", "Tape", "Panes", "Moving"
STORIES, PROGRAM = "Stories", "Program"
