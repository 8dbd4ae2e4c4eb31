"""Snapshots and notices of the services, as messages of the screen."""

from __future__ import annotations

from textual.message import Message

from radiotui.app.companion import Notice, Snapshot, Update
from radiotui.app.intents import Intent
from radiotui.guide.model import OnAir
from radiotui.stories.model import StoryList


class Snapped(Message):
    """A new snapshot. It replaces one of the same thing that is still waiting."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__()
        self.snapshot = snapshot

    @property
    def about(self) -> tuple[object, ...]:
        """Subject of the snapshot."""
        match self.snapshot:
            case OnAir(station=station, stream=stream):
                return OnAir, station, stream
            case StoryList(section=section):
                return StoryList, section
        return (type(self.snapshot),)

    def can_replace(self, message: Message) -> bool:
        """Fold a backlog: only the newest counts."""
        return isinstance(message, Snapped) and message.about == self.about


class Noticed(Message):
    """Something to be told once; none is dropped."""

    def __init__(self, notice: Notice, *, moving: bool = False) -> None:
        super().__init__()
        self.problem = notice.problem
        self.calm = notice.calm
        self.moving = moving
        """The notice answers a move on the tape."""


class Intended(Message):
    """An intent that a widget has by itself, without a command of the listener's."""

    def __init__(self, intent: Intent) -> None:
        super().__init__()
        self.intent = intent


class Opened(Message):
    """Every service runs: intents are obeyed from now on."""

    def __init__(self, play: str | None = None) -> None:
        super().__init__()
        self.play = play
        """"station/stream" that is to be played from the start."""


def as_message(update: Update, *, moving: bool = False) -> Message:
    """Message that carries an update."""
    return Noticed(update, moving=moving) if isinstance(update, Notice) else Snapped(update)
