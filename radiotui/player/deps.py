"""Dependencies of the player."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from radiotui.audio import registry
from radiotui.audio.chapters import Chapter
from radiotui.config import EngineName, Settings
from radiotui.enclosures.open_enclosures import OpenEnclosures
from radiotui.net.client import Net
from radiotui.player.engine_host import MakeEngine
from radiotui.player.episodes import ChaptersOf, EpisodeDeps, FileOf, HeardTo
from radiotui.player.queue import QueueItem
from radiotui.player.state import PlayerState
from radiotui.problems import Problem


async def from_the_beginning(_item: QueueItem) -> float:
    """The place of an episode of which nothing is known, in seconds."""
    return 0.0


async def those_of_the_file(_item: QueueItem, of_file: tuple[Chapter, ...]) -> tuple[Chapter, ...]:
    """The chapters of an episode of which no others are known."""
    return of_file


async def no_download(_item: QueueItem) -> Path | None:
    """The file of an episode where none is downloaded."""
    return None


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
    heard_to: HeardTo = from_the_beginning
    chapters_of: ChaptersOf = those_of_the_file
    file_of: FileOf = no_download
    make_engine: MakeEngine = registry.make_engine

    @property
    def of_episodes(self) -> EpisodeDeps:
        """All that only episodes need."""
        return EpisodeDeps(self.enclosures, self.heard_to, self.chapters_of, self.file_of)

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
        )
