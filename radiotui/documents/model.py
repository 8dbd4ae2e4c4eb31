"""An article as a value: its text in blocks, figures, sound and changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

_WORDS_PER_MINUTE = 230


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its words, which are shown whether the picture can be or not."""

    url: str
    """http(s) only."""
    caption: str = ""
    credit: str = ""
    """Photographer and agency: "Robert Franklin / AP"."""


@dataclass(frozen=True, slots=True)
class StoryAudio:
    """The sound of a story: its enclosure, or the page's player."""

    url: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class ArticleChanges:
    """What became different when an article was fetched again."""

    at: datetime
    """When the difference was seen."""
    title_before: str = ""
    """The headline it had; empty when it is the same."""
    added: tuple[str, ...] = ()
    """Paragraphs that are new, as Markdown."""
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """A story as its page tells it."""

    url: str
    """The page's own address: its canonical link, or where it came from."""
    title: str
    parts: tuple[str | Figure, ...] = ()
    """The body in its order: Markdown (paragraphs, headings, lists, quotes, tables), and figures
    where they stand. Clean text, links http(s) only; the lead figure is not among them."""
    byline: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    """Only where it differs from ``published``."""
    site: str = ""
    """"KNAU Arizona Public Radio", "NPR"."""
    lead: Figure | None = None
    """The photo above the text."""
    audio: StoryAudio | None = None
    copyright: str = ""
    """As the page has it: "Copyright 2022 NPR. To see more, visit https://www.npr.org."."""
    note: str = ""
    """The note on the reporter at the end, as Markdown."""

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure, the lead first."""
        within = tuple(part for part in self.parts if isinstance(part, Figure))
        return (self.lead, *within) if self.lead else within

    @property
    def minutes(self) -> int:
        """Minutes it takes to read; 0 without words."""
        return minutes_to_read(self.parts)


def minutes_to_read(parts: tuple[str | Figure, ...]) -> int:
    """Minutes a body takes to read; 0 without words."""
    words = sum(len(part.split()) for part in parts if isinstance(part, str))
    return max(1, round(words / _WORDS_PER_MINUTE)) if words else 0
