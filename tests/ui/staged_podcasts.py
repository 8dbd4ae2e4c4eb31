"""The podcasts of a staged companion: what the directories have is laid ready."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from PIL import Image

from radiotui.app.podcasts import FoundPodcasts, Podcasts
from radiotui.podcasts.chapters import Chapter, EpisodeChapters
from radiotui.problems import Problem
from radiotui.stations.model import OwnFeed, StationList
from radiotui.stories.transcript_lines import EpisodeTranscript


def red_and_blue(folder: Path) -> dict[str, Path]:
    """Two pictures, by their addresses at own.example."""
    pictures = {}
    for name, colour in (("red", (200, 0, 0)), ("blue", (0, 0, 200))):
        path = folder / f"{name}.png"
        Image.new("RGB", (200, 200), colour).save(path)
        pictures[f"https://own.example/{name}.png"] = path
    return pictures


class StagedPodcasts(Podcasts):
    """Adds and removes at once, and remembers what it was asked."""

    def __init__(
        self,
        real: Podcasts,
        note: Callable[[tuple[Any, ...]], None],
        station_list: Callable[[], StationList],
        tell: Callable[[StationList], None],
    ) -> None:
        super().__init__(real.deps)
        self._note, self._station_list, self._tell = note, station_list, tell
        self.found: FoundPodcasts | Problem = FoundPodcasts(())
        self.refusal: Problem | None = None
        """Why nothing is added."""
        self.transcripts: list[EpisodeTranscript] = []
        """Of every episode: one for each language."""
        self.listed_chapters: tuple[Chapter, ...] = ()
        """Of every episode."""

    async def transcript(
        self, headline_id: int, language: str | None = None, *, anew: bool = False
    ) -> EpisodeTranscript:
        """The one that was laid ready in that language, else the first."""
        self._note(("transcript", headline_id, language))
        if not self.transcripts:
            raise Problem("This episode has no transcript")
        fitting = (each for each in self.transcripts if language in {None, each.language})
        return next(fitting)

    async def known_chapters(self, headline_id: int) -> EpisodeChapters:
        """What was laid ready."""
        return EpisodeChapters(self.listed_chapters)

    async def transcript_of(self, typed: str, language: str | None = None) -> EpisodeTranscript:
        """The first one that was laid ready."""
        self._note(("transcript", typed, language))
        return self.transcripts[0]

    async def transcript_languages(self, headline_id: int) -> tuple[str, ...]:
        """Of what was laid ready."""
        return tuple(each.language for each in self.transcripts)

    async def find(self, typed: str) -> FoundPodcasts:
        """What was laid ready."""
        self._note(("find_podcasts", typed))
        if isinstance(self.found, Problem):
            raise self.found
        return self.found

    async def chart(self, country: str = "", genre: str = "") -> FoundPodcasts:
        """What was laid ready."""
        self._note(("podcast_chart", country, genre))
        if isinstance(self.found, Problem):
            raise self.found
        return self.found

    async def add(self, address: str, password: str = "") -> OwnFeed:
        """Add it to the list."""
        self._note(("add_podcast", address))
        if self.refusal is not None:
            raise self.refusal
        podcast, before = OwnFeed(address, "Canyon Hours"), self._station_list()
        self._tell(replace(before, podcasts=(*before.podcasts, podcast)))
        return podcast

    async def remove(self, name: str) -> OwnFeed:
        """Take it out of the list."""
        self._note(("remove_podcast", name))
        before = self._station_list()
        (gone,) = [podcast for podcast in before.podcasts if podcast.url == name]
        left = tuple(podcast for podcast in before.podcasts if podcast.url != name)
        self._tell(replace(before, podcasts=left))
        return gone
