"""View of the player at one moment, and words that several of its lines need."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import NamedTuple

from textual.content import Content

from radiotui.guide.model import OnAir
from radiotui.player.state import Listening, PlayerState, PlayState
from radiotui.stations.model import Station
from radiotui.text import clock_duration
from radiotui.ui.kit.content import BLANK, row, trusted, untrusted
from radiotui.ui.kit.time_words import hour
from radiotui.ui.widgets.player.tape_lines import Scale

ROOMY = 78
"""From this many columns on, what is nice to know is shown too."""
WIDE = 100


class PlayerView(NamedTuple):
    """All that the player shows."""

    player_state: PlayerState = PlayerState()
    on_air: OnAir | None = None
    station: Station | None = None
    """The station that is tuned to: its zone is where the programme's times are from."""
    now: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    pointed: float | None = None
    """The place that the mouse points to, in seconds of the tape or of the story."""
    metered: bool = False
    """True where the first line keeps room for the level."""
    tune_key: str = "enter"
    """Key that tunes to the highlighted stream, as it stands on the keyboard."""
    signal_key: str = "0"
    """Key that tunes to the Test Signal."""
    offline: bool = False
    """True where nothing outside of this computer was reached."""


class Bar(NamedTuple):
    """A line on which the mouse moves."""

    line: int
    column: int
    """Its first column."""
    scale: Scale


class RenderedLines(NamedTuple):
    """The player's lines, and where on them something else than words is."""

    lines: list[Content]
    bar: Bar | None = None
    meter: range = range(0)
    """The columns of the first line in which the level is drawn."""


class Condition(NamedTuple):
    """A state of the player as a glyph, a word and a colour: any one of them is enough."""

    glyph: str
    word: str
    style: str


_STORY = {
    PlayState.CONNECTING: Condition("◌", "FETCHING", "$warning"),
    PlayState.PLAYING: Condition("▶", "STORY", "$success"),
}


def condition(player_state: PlayerState, now: datetime) -> Condition:
    """Condition in a listener's words."""
    if player_state.story is not None and not player_state.current.is_dry:
        if player_state.story.path and player_state.current.is_playing:
            return Condition("▶", "KEPT", "$success")
        return _STORY.get(player_state.state) or _condition(player_state, now)
    return _condition(player_state, now)


def _condition(player_state: PlayerState, now: datetime) -> Condition:
    match player_state.state:
        case PlayState.STOPPED:
            return Condition("■", "STOPPED", "$error" if player_state.current.problem else "dim")
        case PlayState.PAUSED:
            return Condition("‖", "PAUSED", "$warning")
        case PlayState.CONNECTING if player_state.current.problem is None:
            return Condition("◌", "CONNECTING", "$warning")
        case PlayState.PLAYING if player_state.current.live:
            return Condition("●", "LIVE", "$error")
        case PlayState.PLAYING if not player_state.current.is_dry:
            return Condition("▶", "PLAYING", "$success")
    return Condition("◌", f"RECONNECTING{countdown(player_state.current, now)}", "$warning")


def chip(scene: PlayerView) -> Content:
    """The condition; a click pauses or resumes."""
    state = condition(scene.player_state, scene.now)
    return trusted(
        f"{state.glyph} {state.word}", f"bold {state.style}", "screen.do('player.pause')"
    )


def countdown(listening: Listening, now: datetime) -> str:
    """ " in 4 s", until the next attempt to connect."""
    if listening.retry_at is None:
        return ""
    seconds = math.ceil((listening.retry_at - now).total_seconds())
    return f" in {seconds} s" if seconds > 0 else ""


def lag(listening: Listening) -> str:
    """ "4:12 behind"; empty where it is live."""
    return f"{clock_duration(listening.lag)} behind" if listening.lag >= 1 else ""


def hour_there(moment: datetime, scene: PlayerView) -> str:
    """A time of day where the station is."""
    zone = scene.station.zone if scene.station else None
    return hour(moment.astimezone(zone))


def problem(scene: PlayerView) -> Content:
    """The reason why there is no sound, for as long as it lasts."""
    current = scene.player_state.current
    assert current.problem is not None
    words = untrusted(str(current.problem), "$error")
    then = BLANK
    if current.reconnecting and current.is_playing and not current.is_dry:
        then = trusted(f"reconnecting{countdown(current, scene.now)}", "$warning")
    return row(trusted("⚠ ", "$error") + words, then)
