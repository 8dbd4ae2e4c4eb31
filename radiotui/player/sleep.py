"""When the player falls silent by itself: pure questions to a snapshot."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from radiotui.player.playback import Playback, PlayState, Sleep

FADE_SECONDS = 20.0
"""So long before it falls silent it becomes softer."""


def after(what: Literal["programme", "song"], playback: Playback) -> Sleep:
    """The end of what is heard now."""
    until = playback.programme_until if what == "programme" else None
    return Sleep(what, until, _heard(playback, what))


def seconds_left(sleep: Sleep, playback: Playback, now: datetime) -> float | None:
    """How long there is still to be sound; 0: none any more, None: nobody knows yet."""
    if sleep.after == "minutes":
        return max(0.0, (sleep.until - now).total_seconds()) if sleep.until else None
    if playback.state is not PlayState.PLAYING or playback.position is None:
        return None
    if _heard(playback, sleep.after) != sleep.what:
        return 0.0
    if playback.spoken is not None:
        length = playback.length
        return max(0.0, length - playback.position) if length else None
    if sleep.after == "programme":
        until, heard_at = playback.programme_until, playback.heard_at
        return max(0.0, (until - heard_at).total_seconds()) if until and heard_at else None
    ends = (mark.at for mark in playback.marks if mark.kind == "title")
    following = next((at for at in ends if at > playback.position), None)
    return None if following is None else following - playback.position


def _heard(playback: Playback, what: Literal["programme", "song"]) -> str:
    if playback.spoken is not None:
        return playback.spoken.key
    if what == "programme":
        return f"{playback.programme} {playback.programme_at}"
    return f"{playback.title} {playback.title_at}"
