"""Dependencies of the player."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from radiotui.audio import registry
from radiotui.config import EngineName, Settings
from radiotui.enclosures.open_enclosures import OpenEnclosures
from radiotui.net.client import Net
from radiotui.player.engine_host import MakeEngine
from radiotui.player.episodes import EpisodeAnswers, EpisodeDeps
from radiotui.player.state import PlayerState
from radiotui.problems import Problem


class PlayerDeps(msgspec.Struct, frozen=True, kw_only=True):
    """Dependencies of :class:`Player`. Every callback is called on the loop."""

    net: Net
    settings: Settings
    engine: EngineName
    tapes: Path
    """The folder for tapes."""
    enclosures: OpenEnclosures
    """The files of episodes that were begun."""
    recordings: Path
    """The folder for recordings."""
    on_state: Callable[[PlayerState], None]
    on_problem: Callable[[Problem], None]
    on_notice: Callable[[str, str], None] = lambda _text, _hint: None
    """Receives the text of a notice and a hint."""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    answers: EpisodeAnswers = EpisodeAnswers()
    make_engine: MakeEngine = registry.make_engine

    @property
    def of_episodes(self) -> EpisodeDeps:
        """All that only episodes need."""
        return EpisodeDeps(self.enclosures, self.answers)

    @property
    def first_state(self) -> PlayerState:
        """State before anything was tuned to, by the settings."""
        settings = self.settings
        return PlayerState(
            volume=settings.volume,
            never_silent=settings.never_silent,
            most_ready=settings.warm,
            level_loudness=settings.even_loudness,
            mute_ads=settings.mute_ads,
            rate=settings.speed,
            skip_silence=settings.skip_silence,
        )
