"""A stream that is to be heard later than it is sent: the far station at one's own hour."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from radiotui.player.events import (
    Command,
    Event,
    Notify,
    PlayStarted,
    PositionUpdate,
    SoundArrived,
    StartPlay,
    TuneIn,
)
from radiotui.player.intents import GoLive, Pause, Shift
from radiotui.player.state import PlayerState, PlayState, StreamSource
from radiotui.player.step import step

HOUR = 3600.0
SOURCE = StreamSource("wnyc", "fm", "WNYC", "", 3 * HOUR)


class Ear:
    """A player and the place of its ear, without an engine."""

    def __init__(self, source: StreamSource = SOURCE) -> None:
        self.state = PlayerState()
        self.commands: list[Command] = []
        self.do(TuneIn(source))
        self.do(SoundArrived(1, "MP3", 128, burst=4.0))
        self.do(PlayStarted(self.state.play_id))

    def do(self, event: Event) -> list[str]:
        """What is said to it."""
        self.state, commands = step(self.state, event)
        self.commands = [*commands]
        return [command.text for command in commands if isinstance(command, Notify)]

    def hear(self, position: float, tape_end: float, **more: Any) -> list[str]:
        return self.do(
            PositionUpdate(
                1, position=position, tape_start=max(0.0, tape_end - 4 * HOUR), tape_end=tape_end,
                title=None, ad=False, heard_at=None, no_device=None, title_at=None, **more
            )
        )  # fmt: skip

    @property
    def starts(self) -> Iterator[float | None]:
        return (command.at for command in self.commands if isinstance(command, StartPlay))


@pytest.fixture
def ear() -> Ear:
    return Ear()


def test_it_is_live_until_so_much_is_on_the_tape_and_says_so() -> None:
    state = PlayerState()
    state, _ = step(state, TuneIn(SOURCE))
    state, commands = step(state, SoundArrived(1, "MP3", 128, burst=4.0))
    (words,) = [command for command in commands if isinstance(command, Notify)]
    assert words.text == "WNYC is live until there are 3h of it"
    assert "in 3h enough is there" in words.hint


def test_it_goes_back_once_and_stays_there(ear: Ear) -> None:
    assert ear.hear(HOUR, HOUR + 4) == []
    assert ear.state.current.live
    assert ear.state.current.delay_left == 2 * HOUR
    assert ear.do(GoLive()) == ["This is live"]
    words = ear.hear(3 * HOUR, 3 * HOUR + 4)
    assert words == ["WNYC is 3h later from now on"]
    assert [*ear.starts] == [0.0]
    assert ear.state.state is PlayState.PLAYING
    assert ear.state.current.is_delayed
    assert ear.state.current.is_behind
    assert ear.hear(1.0, 3 * HOUR + 5) == []
    assert ear.state.current.is_delayed
    assert ear.do(GoLive()) == ["This is 3h later, as it is to be"]


def test_live_leads_back_to_it(ear: Ear) -> None:
    ear.hear(3 * HOUR, 3 * HOUR + 4)
    ear.hear(600.0, 3 * HOUR + 604)
    ear.do(Shift(60.0))
    assert not ear.state.current.is_delayed
    ear.do(GoLive())
    assert [*ear.starts] == [600.0]
    assert ear.state.current.is_delayed


def test_a_pause_is_not_undone(ear: Ear) -> None:
    ear.do(Pause())
    assert ear.hear(10.0, 3 * HOUR + 4) == []
    assert [*ear.starts] == []


def test_nothing_changes_for_a_stream_without_delay() -> None:
    ear = Ear(StreamSource("wnyc", "fm", "WNYC"))
    assert ear.hear(5 * HOUR, 5 * HOUR + 4) == []
    assert ear.do(GoLive()) == ["This is live"]
    assert not ear.state.current.is_delayed
