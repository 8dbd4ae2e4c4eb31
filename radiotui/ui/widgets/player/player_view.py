"""View of the player at one moment, and words that several of its lines need."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import zip_longest

import msgspec
from textual.content import Content
from textual.geometry import Region

from radiotui.app.updates import ClipBegin
from radiotui.guide.model import OnAir
from radiotui.player.state import Listening, LocalFile, PlayerState, PlayState
from radiotui.stations.model import Station, Stream
from radiotui.text import clock_duration, duration_word
from radiotui.ui.kit.content import BLANK, row, trusted, untrusted
from radiotui.ui.widgets.player.tape_lines import Scale, Stretch

ROOMY = 78
"""From this many columns on, what is nice to know is shown too."""
WIDE = 100


class PlayerKeys(msgspec.Struct, frozen=True):
    """Keys that are named where nothing is heard, as they stand on the keyboard."""

    tune: str = "enter"
    """It tunes to the highlighted stream."""
    signal: str = "0"
    """It tunes to the Test Signal."""
    play: str = "space"
    """It plays the last station."""


class PlayerView(msgspec.Struct, frozen=True):
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
    keys: PlayerKeys = PlayerKeys()
    offline: bool = False
    """True where nothing outside of this computer was reached."""
    highlighted: tuple[Station, Stream] | None = None
    """The stream that the key would play where nothing was tuned to yet."""
    ansi: bool = False
    """True where the terminal's own palette is used."""
    clip_begin: ClipBegin = ClipBegin()
    """Beginning of the clip that is being made, of whatever sound."""


class Bar(msgspec.Struct, frozen=True):
    """A line on which the mouse moves."""

    line: int
    column: int
    """Its first column."""
    scale: Scale
    sound: Stretch
    """The places of the scale at which there is sound."""

    def place_at(self, column: int, line: int, *, strictly: bool) -> float | None:
        """The place under the mouse; not ``strictly`` also beside the bar, as its nearest end.

        Where there is no sound yet, or no more, it is the nearest end of the sound.
        """
        column -= self.column
        if strictly and (line != self.line or not 0 <= column < self.scale.columns):
            return None
        if column <= self.scale.column(self.sound.start):
            return self.sound.start
        if column >= self.scale.column(self.sound.end):
            return self.sound.end
        return self.scale.at(column)


class RenderedLines(msgspec.Struct, frozen=True):
    """The player's lines, and where on them something else than words is."""

    lines: list[Content]
    bar: Bar | None = None
    meter: range = range(0)
    """The columns of the first line in which the level is drawn."""
    picture_lines: int = 0
    """So many of the lines begin with the station's picture."""

    def changed_since(self, before: RenderedLines, width: int) -> list[Region]:
        """Parts of the lines that look different now: of the tape its cells, else whole lines."""
        regions = []
        for number, (old, new) in enumerate(zip(before.lines, self.lines, strict=False)):
            if not old.is_same(new):
                is_tape = 0 < self.picture_lines == number
                cells = _changed_cells(old, new) if is_tape else range(width)
                regions.append(Region(cells.start, number, len(cells), 1))
        return regions


def _changed_cells(before: Content, after: Content) -> range:
    """Columns in which two lines differ, of characters that are one cell wide."""
    pairs = enumerate(zip_longest(_cells(before), _cells(after)))
    changed = [column for column, (old, new) in pairs if old != new]
    return range(changed[0], changed[-1] + 1) if changed else range(0)


def _cells(line: Content) -> list[tuple[str, str]]:
    styles = [""] * len(line.plain)
    for start, end, style in line.spans:
        for column in range(start, end):
            styles[column] += f"{style} "
    return list(zip(line.plain, styles, strict=True))


class Condition(msgspec.Struct, frozen=True):
    """A state of the player as a glyph, a word and a colour: any one of them is enough."""

    glyph: str
    word: str
    style: str


_STORY = {
    PlayState.CONNECTING: Condition("◌", "FETCHING", "$warning"),
    PlayState.PLAYING: Condition("▶", "STORY", "$success"),
}
_BEHIND = Condition("◀", "BEHIND", "$warning")


def condition(player_state: PlayerState, now: datetime) -> Condition:
    """Condition in a listener's words."""
    if player_state.story is not None and not player_state.current.is_dry:
        if player_state.story.path and player_state.current.is_playing:
            return Condition("▶", "KEPT", "$success")
        if player_state.story.kept and player_state.current.is_playing:
            return Condition("▶", "EPISODE", "$success")
        return _STORY.get(player_state.state) or _condition(player_state, now)
    return _condition(player_state, now)


def _condition(player_state: PlayerState, now: datetime) -> Condition:
    current = player_state.current
    match player_state.state:
        case PlayState.STOPPED:
            return Condition("■", "STOPPED", "$error" if current.problem else "dim")
        case PlayState.PAUSED:
            return Condition("‖", "PAUSED", "$foreground")
        case PlayState.CONNECTING if current.problem is None:
            return Condition("◌", "CONNECTING", "$warning")
        case PlayState.PLAYING if current.live:
            return Condition("●", "LIVE", "$error")
        case PlayState.PLAYING if not current.is_dry:
            return _playing(player_state)
    return Condition("◌", f"RECONNECTING{countdown(current, now)}", "$warning")


def _playing(player_state: PlayerState) -> Condition:
    """Condition of sound that is not live."""
    current = player_state.current
    if current.is_delayed:
        return Condition("◀", f"DELAYED {duration_word(current.delay)}", "$warning")
    return _BEHIND if behind(player_state) else Condition("▶", "PLAYING", "$success")


def chip(scene: PlayerView, *, with_lag: bool = False) -> Content:
    """The condition on its colour: " ◀ 4:12 BEHIND "; a click pauses or resumes."""
    state = condition(scene.player_state, scene.now)
    lag_words = clock_duration(scene.player_state.current.lag) if with_lag else ""
    words = [state.glyph, lag_words if state is _BEHIND else "", state.word]
    text, style = " ".join(filter(None, words)), f"bold {state.style}"
    if state.style != "dim":
        text, style = f" {text} ", f"reverse {style}"
    return trusted(text, style, "screen.do('player.pause')")


def small_chip(scene: PlayerView, *, with_lag: bool = False) -> Content:
    """The condition in as few columns as can be: "◀ 4:12", "● LIVE"."""
    state = condition(scene.player_state, scene.now)
    is_lag = with_lag and state is _BEHIND
    word = clock_duration(scene.player_state.current.lag) if is_lag else state.word
    return trusted(f"{state.glyph} {word}", f"bold {state.style}", "screen.do('player.pause')")


def edges(player_state: PlayerState) -> Mapping[str, bool]:
    """Classes of the player's edges: red live, amber behind, green for what has an end."""
    current = player_state.current
    has_end = player_state.story is not None or isinstance(current.source, LocalFile)
    return {
        "-spoken": current.is_playing and has_end,
        "-live": current.is_playing and not has_end and current.live,
        "-behind": current.is_playing and not has_end and not current.live,
        "-recording": any(item.kind != "cut" for item in player_state.recordings),
    }


def countdown(listening: Listening, now: datetime) -> str:
    """ " in 4 s", until the next attempt to connect."""
    if listening.retry_at is None:
        return ""
    seconds = math.ceil((listening.retry_at - now).total_seconds())
    return f" in {seconds} s" if seconds > 0 else ""


def lag(listening: Listening) -> str:
    """ "4:12 behind", or "delayed by 3h" where the station list says so; empty where it is live."""
    if listening.is_delayed:
        return f"delayed by {duration_word(listening.delay)}"
    return f"{clock_duration(listening.lag)} behind" if listening.lag >= 1 else ""


def behind(player_state: PlayerState) -> str:
    """ "4:12 behind" of live radio at the ear."""
    return lag(player_state.current) if player_state.current.is_behind else ""


def is_idle(scene: PlayerView) -> bool:
    """True while nothing is listened to."""
    return scene.player_state.state is PlayState.STOPPED


def says_lag(scene: PlayerView) -> bool:
    """True where the condition tells the distance from live."""
    return condition(scene.player_state, scene.now) is _BEHIND


def problem(scene: PlayerView) -> Content:
    """The reason why there is no sound, for as long as it lasts."""
    current = scene.player_state.current
    assert current.problem is not None
    words = untrusted(str(current.problem), "$error")
    then = BLANK
    if current.reconnecting and current.is_playing and not current.is_dry:
        then = trusted(f"reconnecting{countdown(current, scene.now)}", "$warning")
    return row(trusted("⚠ ", "$error") + words, then)
