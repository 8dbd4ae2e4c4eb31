"""Commands about how stories and episodes are heard."""

from __future__ import annotations

from radiotui.app.command import Command, Situation
from radiotui.player.intents import ChangeRate, SetRate, ToggleSkipSilence

SOUND_GROUP = "Player"
"""Heading of these commands, and of all about the player."""
_STEP = 0.1


def _spoken(now: Situation) -> bool:
    return now.spoken


SOUND_COMMANDS = (
    Command(
        "player.slower",
        "Slower",
        "Hear the story slower, at its pitch",
        SOUND_GROUP,
        ChangeRate(-_STEP),
        when=_spoken,
    ),
    Command(
        "player.faster",
        "Faster",
        "Hear the story faster, at its pitch",
        SOUND_GROUP,
        ChangeRate(_STEP),
        when=_spoken,
    ),
    Command(
        "player.normal_speed",
        "Normal speed",
        "Hear the story as it was spoken",
        SOUND_GROUP,
        SetRate(1.0),
        when=_spoken,
    ),
    Command(
        "player.skip_silence",
        "Skip silence",
        "Skip silence in episodes, or hear it",
        SOUND_GROUP,
        ToggleSkipSilence(),
    ),
)
