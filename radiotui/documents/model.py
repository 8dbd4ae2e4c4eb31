"""Blocks of text and figures, and the article that is made of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct

from radiotui.text import count_words

_WORDS_PER_MINUTE = 230

BREAK = "\n"
"""The text of a run that begins a new line."""

Style = Literal["strike", "strong", "emphasis", "code"]
STYLES: tuple[Style, ...] = ("strike", "strong", "emphasis", "code")
"""The outermost first, as they are written in a run."""


class Run(Struct, frozen=True, omit_defaults=True):
    """Characters of a line in one style."""

    text: str
    """Clean; a line break is :data:`BREAK`."""
    styles: tuple[Style, ...] = ()
    """In the order of :data:`STYLES`."""
    link: str = ""
    """http(s) only."""


Runs = tuple[Run, ...]


class Paragraph(Struct, frozen=True, tag="paragraph"):
    """Prose between two empty lines."""

    runs: Runs


class Heading(Struct, frozen=True, tag="heading"):
    """A heading of one line."""

    level: int
    """1 is the headline's, which is in no article's parts."""
    runs: Runs


class Quote(Struct, frozen=True, tag="quote"):
    """A quotation of one block or several."""

    blocks: tuple[Block, ...]


class ListItem(Struct, frozen=True):
    """An item of a list."""

    blocks: tuple[Block, ...]


class ListBlock(Struct, frozen=True, tag="list", omit_defaults=True):
    """A list with bullets or numbers."""

    items: tuple[ListItem, ...]
    start: int | None = None
    """The first item's number; None: bullets."""
    loose: bool = False
    """Whether empty lines stand between its items."""


class CodeBlock(Struct, frozen=True, tag="code"):
    """Lines of code, with their indents."""

    text: str


class Table(Struct, frozen=True, tag="table"):
    """Rows of cells; the first row is the head."""

    rows: tuple[tuple[Runs, ...], ...]


class Rule(Struct, frozen=True, tag="rule"):
    """A line between two parts of a text."""


class Figure(Struct, frozen=True, tag="figure"):
    """A picture with its words, which are shown whether the picture can be or not."""

    url: str
    """http(s) only."""
    caption: str = ""
    credit: str = ""
    """Photographer and agency: "Robert Franklin / AP"."""


Block = Paragraph | Heading | Quote | ListBlock | CodeBlock | Table | Rule | Figure
Blocks = tuple[Block, ...]


def block_text(block: Block) -> str:
    """Its words without marks, a paragraph or a cell a line; a figure has none."""
    match block:
        case Paragraph(runs=runs) | Heading(runs=runs):
            return runs_text(runs)
        case Quote(blocks=blocks) | ListItem(blocks=blocks):
            return blocks_text(blocks)
        case ListBlock(items=items):
            return "\n".join(blocks_text(item.blocks) for item in items)
        case CodeBlock(text=text):
            return text
        case Table(rows=rows):
            return "\n".join(runs_text(cell) for row in rows for cell in row)
    return ""


def blocks_text(blocks: Iterable[Block]) -> str:
    """The words of blocks, block by block."""
    return "\n".join(filter(None, map(block_text, blocks)))


def runs_text(runs: Iterable[Run]) -> str:
    """The words of a line."""
    return "".join(run.text for run in runs)


class StoryAudio(msgspec.Struct, frozen=True):
    """The sound of a story: its enclosure, or the page's player."""

    url: str
    seconds: float | None = None


class ArticleChanges(msgspec.Struct, frozen=True):
    """Differences between an article and an earlier fetch of it."""

    at: datetime
    """When the difference was seen."""
    title_before: str = ""
    """The headline it had; empty when it is the same."""
    added: Blocks = ()
    removed: Blocks = ()


class Article(msgspec.Struct, frozen=True):
    """A story as its page tells it."""

    url: str
    """The page's own address: its canonical link, or where it came from."""
    title: str
    parts: Blocks = ()
    """The body in its order, figures where they stand. Clean text, links http(s) only; the lead
    figure is not among them."""
    byline: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    """Only where it differs from ``published``."""
    site: str = ""
    """"KNAU Arizona Public Radio", "NPR"."""
    lead: Figure | None = None
    """The photo above the text."""
    audio: StoryAudio | None = None
    video: str = ""
    """Address of the film above the text; films between its paragraphs are lines of it."""
    copyright: str = ""
    """As the page has it: "Copyright 2022 NPR. To see more, visit https://www.npr.org."."""
    note: Blocks = ()
    """The note on the reporter at the end."""

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure, the lead first."""
        within = tuple(part for part in self.parts if isinstance(part, Figure))
        return (self.lead, *within) if self.lead else within

    @property
    def text(self) -> Iterator[Block]:
        """The parts that are no figures."""
        return (part for part in self.parts if not isinstance(part, Figure))

    @property
    def words(self) -> int:
        """Number of words in its text."""
        return count_words(blocks_text(self.parts))

    @property
    def minutes(self) -> int:
        """Minutes it takes to read; 0 without words."""
        words = self.words
        return max(1, round(words / _WORDS_PER_MINUTE)) if words else 0
