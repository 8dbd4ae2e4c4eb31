"""The player's first line: after what is heard, how it is heard."""

from __future__ import annotations

import math
from datetime import datetime

from textual.content import Content

from radiotui.player.state import PlayerState, Sleep
from radiotui.text import clock_duration
from radiotui.ui.kit.content import BLANK, row, spread, trusted, untrusted
from radiotui.ui.kit.time_words import hour, local
from radiotui.ui.widgets.player.player_view import (
    ROOMY,
    WIDE,
    PlayerView,
    chip,
    small_chip,
)

_GAP, _LEAST_NAME = 2, 6
VOLUME_CLICKS = ("screen.do('player.mute')", "screen.do('player.ads')")
"""Actions of a click on the volume, by which the wheel knows it."""


def first_line(
    name: Content, scene: PlayerView, columns: int, place: Content = BLANK, *, with_lag: bool = True
) -> tuple[Content, range]:
    """Condition, name and facts, and the columns in it that are kept for the level.

    What is nice to know gives way to the name: first what the stream is made of, then the level.
    """
    facts, codec = [part for part in (place, *_facts(scene, columns)) if part], _codec(scene)
    state, least = chip(scene, with_lag=with_lag), small_chip(scene, with_lag=with_lag)
    gap = 1 if state.plain.endswith(" ") else _GAP
    start = row(state, name, gap=gap)
    after = row(_volume(scene.player_state), _clock(scene.now), gap=_GAP)
    end = columns - after.cell_length - _GAP
    cells = (8 if columns >= WIDE else 6) if scene.metered else 0
    for before, meter in (([*facts, codec], cells), (facts, cells), (facts, 0)):
        right = row(*before, trusted(" " * meter), after, gap=_GAP)
        if start.cell_length + _GAP + right.cell_length <= columns:
            return spread(start, right, columns), range(end - meter, end)
    # The name is cut, but what is going on is always said.
    while facts and least.cell_length + _GAP + right.cell_length > columns:
        facts.pop(0)
        right = row(*facts, after, gap=_GAP)
    room = columns - _GAP - right.cell_length
    state = state if state.cell_length <= room else least
    has_name = room - state.cell_length - _GAP >= _LEAST_NAME
    start = row(state, name if has_name else BLANK, gap=gap if state is not least else _GAP)
    return spread(start, right, columns), range(0)


def _facts(scene: PlayerView, columns: int) -> list[Content]:
    """Queue, missing sound, sleep timer, rate, clip and recordings, each as words."""
    player_state = scene.player_state
    facts = []
    if player_state.upcoming and player_state.story is None:
        count = len(player_state.upcoming)
        facts.append(trusted(f"{count} in the queue" if columns >= ROOMY else f"{count} queued"))
    if scene.offline and player_state.tuned is not None:
        facts.append(trusted("no network", "$warning"))
    if player_state.no_device is not None:
        facts.append(trusted("no sound device" if columns >= WIDE else "no sound", "$warning"))
    elif player_state.engine == "silent":
        facts.append(
            trusted("no sound: silent engine" if columns >= WIDE else "no sound", "$warning")
        )
    if player_state.sleep is not None:
        words = _sleep_words(player_state.sleep, player_state, scene.now, roomy=columns >= ROOMY)
        facts.append(trusted(f"☾ {words}", "", "screen.do('player.sleep')"))
    return [*facts, _rate(player_state), _clip(scene), _recording(player_state, columns)]


def _rate(player_state: PlayerState) -> Content:
    """ "1.3×" of what is faster than it was spoken, and "⇥" where its silence is skipped."""
    rate, skipped = player_state.play_rate, "⇥" if player_state.skips_silence else ""
    words = " ".join(filter(None, (f"{rate:g}×" if rate != 1.0 else "", skipped)))
    return trusted(words, "", "screen.do('podcast.settings')") if words else BLANK


def _clip(scene: PlayerView) -> Content:
    """ "✂ 0:42", the length so far of the clip that the same key ends."""
    current, begin = scene.player_state.current, scene.clip_begin
    if not begin.sound or begin.sound != current.sound_key or current.position is None:
        return BLANK
    seconds = abs(current.position - begin.at)
    return trusted(f"✂ {clock_duration(seconds)}", "$accent", "screen.do('clip.mark')")


def _sleep_words(sleep: Sleep, player_state: PlayerState, now: datetime, *, roomy: bool) -> str:
    if sleep.after == "minutes":
        if sleep.until is None:
            return "soon"
        seconds = max(0, math.ceil((sleep.until - now).total_seconds()))
        return f"{seconds} s" if seconds < 60 else f"{math.ceil(seconds / 60)} min"
    story = player_state.story
    if sleep.after == "items" and sleep.items > 1:
        return f"after {sleep.items} more" if roomy else f"{sleep.items} more"
    end = sleep.after
    if story is not None and sleep.after in {"song", "items"}:
        return f"end of {story.noun}" if roomy else story.noun
    return f"end of {end}" if roomy else end


def _recording(player_state: PlayerState, columns: int) -> Content:
    """ "● REC 12:04"; of several the one that began first. A song is kept until it is over."""
    running = [item for item in player_state.recordings if item.kind == "recording"]
    songs = [item for item in player_state.recordings if item.kind == "song"]
    if not running and not songs:
        return BLANK
    first, count = (running or songs)[0], len(running or songs)
    words = "● REC" if running else "● KEEPING"
    if columns >= ROOMY:
        words += f" ×{count}" if count > 1 else ""
        words += f" {clock_duration(first.seconds)}"
    style = "bold $error"
    if columns >= WIDE:
        words, style = f" {words} ", "reverse bold $error"
    return trusted(
        words, style, "screen.do('tape.record')" if running else "screen.do('tape.keep')"
    )


def _codec(scene: PlayerView) -> Content:
    current = scene.player_state.current
    # Without its rate a codec says nothing of how it sounds, but for one that loses nothing.
    if not current.bitrate_kbps:
        return trusted("FLAC", "dim") if current.codec == "FLAC" else BLANK
    return untrusted(f"{current.codec} {current.bitrate_kbps}k", "dim")


def _volume(player_state: PlayerState) -> Content:
    if player_state.muted:
        return trusted("♪ muted", "$warning", VOLUME_CLICKS[0])
    if player_state.silenced:
        return trusted("♪ ads muted", "$warning", VOLUME_CLICKS[1])
    return trusted(f"♪ {player_state.volume}%", "", VOLUME_CLICKS[0])


def _clock(now: datetime) -> Content:
    return trusted(f"{hour(local(now)):>8}", "bold")


def station_name(scene: PlayerView, columns: int) -> Content:
    """ "KNAU · News & Talk" of what is tuned to, or of what is ready, or how to tune."""
    player_state, highlighted = scene.player_state, scene.highlighted
    if player_state.tuned is not None:
        name = untrusted(player_state.station_name, "bold")
        return row(name, _stream_name(player_state.station_name, player_state.stream_name), gap=1)
    if scene.offline:
        key = scene.keys.signal
        words = f"No network, it seems · {key} plays the Test Signal"
        words = words if columns >= ROOMY else f"No network · {key} Test Signal"
        return trusted(words, "$warning")
    if highlighted is None:
        return trusted(f"{scene.keys.tune} tunes to a station", "dim")
    station, stream = highlighted
    return row(untrusted(station.name, "bold"), _stream_name(station.name, stream.name), gap=1)


def idle_hints(scene: PlayerView, columns: int) -> Content:
    """ "space plays   enter tunes to a station", while nothing is heard."""
    is_tuned = scene.player_state.tuned is not None
    hints = []
    if is_tuned or scene.highlighted is not None:
        hints.append(trusted(scene.keys.play, "bold $accent") + trusted(" plays", "dim"))
    if not is_tuned and (scene.highlighted is not None or scene.offline):
        words = " tunes to a station" if columns >= ROOMY else " tunes"
        hints.append(trusted(f"{scene.keys.tune}{words}", "dim"))
    return row(*hints, gap=3)


def _stream_name(station: str, stream: str) -> Content:
    if not stream or stream == station:
        return BLANK
    return trusted("· ") + untrusted(stream)
