"""Time left on the sleep timer: pure questions to a snapshot."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from radiotui.player.state import PlayerState, PlayState, Sleep

FADE_SECONDS = 20.0
"""Seconds before the silence within which the sound becomes softer."""


def after(end: Literal["programme", "song"], state: PlayerState) -> Sleep:
    """A timer until the end of the programme or song at the ear."""
    until = state.current.programme_until if end == "programme" else None
    return Sleep(end, until, _identity(state, end))


def seconds_left(sleep: Sleep, state: PlayerState, now: datetime) -> float | None:
    """Seconds until the silence; 0: it is due, None: not known yet."""
    if sleep.after == "minutes":
        return max(0.0, (sleep.until - now).total_seconds()) if sleep.until else None
    current = state.current
    if current.state is not PlayState.PLAYING or current.position is None:
        return None
    if _identity(state, sleep.after) != sleep.until_change_of:
        return 0.0
    if current.story is not None:
        seconds = max(0.0, current.length - current.position) if current.length else None
        return None if seconds is None else seconds / state.play_rate
    if sleep.after == "programme":
        until, heard_at = current.programme_until, current.heard_at
        return max(0.0, (until - heard_at).total_seconds()) if until and heard_at else None
    titles = (mark.at for mark in current.marks if mark.kind == "title")
    following = next((at for at in titles if at > current.position), None)
    return None if following is None else following - current.position


def _identity(state: PlayerState, end: Literal["programme", "song"]) -> str:
    """Identity of the programme, song or story at the ear."""
    current = state.current
    if current.story is not None:
        return current.story.key
    # By the beginning: a name that was read wrong, or not known whole, is mended later.
    if end == "programme":
        return f"{state.key} {current.programme_at or current.programme}"
    return f"{state.key} {current.title_at or current.title}"
