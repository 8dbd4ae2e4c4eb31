"""Observations of a source at a place, and the time until the next one is due."""

from __future__ import annotations

from radiotui.player import events
from radiotui.player.sources import Source
from radiotui.player.state import Listening, PlayerState, PlayState
from radiotui.problems import Problem

_TICK = 1.0
_JUST_AFTER = 0.02
"""Seconds after a mark is due at which it is surely heard."""


def observe(
    source: Source, tuning_id: int, position: float, gain_db: float, no_device: Problem | None
) -> events.PositionUpdate:
    """Title, programme and marks for a listener at ``position`` (seconds of the tape)."""
    # A story has no titles or programmes of its own.
    tape = source.tape if source.station is not None else None
    mark = tape.title_at(position) if tape else None
    programme = tape.programme_at(position) if tape else None
    return events.PositionUpdate(
        tuning_id,
        position=position,
        tape_start=source.start,
        tape_end=source.end,
        title=(mark.text or None) if mark else None,
        ad=mark.ad if mark else False,
        heard_at=tape.wall_at(position) if tape else None,
        no_device=no_device,
        title_at=mark.wall if mark and mark.text else None,
        programme=programme.text if programme else "",
        programme_at=programme.wall if programme else None,
        programme_until=programme.until if programme else None,
        marks=tape.marks if tape else source.chapters,
        gain_db=gain_db,
    )


def outro_at(current: Listening, source: Source | None) -> float | None:
    """Place at which an episode ends for its listener, in seconds; None: at its end."""
    if not current.sound.outro or source is None or not source.end:
        return None
    return max(0.0, source.end - current.sound.outro)


def is_in_outro(state: PlayerState, source: Source | None, begin: float) -> bool:
    """True where an episode has come to its outro; who began to hear it there hears it all."""
    outro, current = outro_at(state.current, source), state.current
    if outro is None or current.position is None or not current.is_playing:
        return False
    return begin < outro <= current.position


def gain_of(state: PlayerState, source: Source, listening: Listening) -> float:
    """Gain of the listener's choice, or the one that makes it as loud as other sound."""
    if listening.sound.gain_db is not None:
        return listening.sound.gain_db
    return source.gain_db() if state.level_loudness else 0.0


def place_of(current: Listening, source: Source | None, place: float | None) -> float | None:
    """Place of the ear, by that of the engine; None while nothing is heard."""
    if current.state is PlayState.PAUSED:
        return current.position
    if not current.is_playing:
        return None
    if place is None or source is None:
        return current.position
    return min(place, source.end) if source.end else place


def wait(state: PlayerState, source: Source | None, sleep_left: float | None) -> float | None:
    """Seconds until the next observation; None: nothing changes by itself.

    ``source`` is at the ear; ``sleep_left`` is the rest of the sleep timer, where it is known.
    """
    changes = source is not None and source.own is None
    if state.state is PlayState.CONNECTING:
        changes = bool(state.waiting or state.ready)
    if state.sleep is None and not changes:
        return None
    least = _TICK if sleep_left is None else min(_TICK, sleep_left)
    tape, at = source.tape if source else None, state.current.position
    outro = outro_at(state.current, source)
    if outro is not None and at is not None and at < outro:
        least = min(least, (outro - at) / state.play_rate + _JUST_AFTER)
    if tape is not None and at is not None and state.state is PlayState.PLAYING:
        mark = tape.next_mark(at)
        if mark is not None:
            least = min(least, max(0.0, mark.at - at) + _JUST_AFTER)
    return least
