"""The body of an article: an element's blocks and figures in their order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import count

import msgspec
from lxml import etree

from radiotui.articles.boilerplate import remove_junk
from radiotui.articles.embeds import mark_embeds
from radiotui.articles.figures import take_figures, unique
from radiotui.articles.notes import MORE_PICTURES
from radiotui.articles.notes import note as note_on
from radiotui.articles.prose import bare
from radiotui.articles.signposts import without_signposts
from radiotui.documents.html_to_blocks import html_to_blocks
from radiotui.documents.html_tree import Element, drop, elements, legal
from radiotui.documents.model import (
    Block,
    Blocks,
    Figure,
    Paragraph,
    Rule,
    Runs,
    block_text,
    runs_text,
)
from radiotui.documents.picture_urls import picture_key
from radiotui.documents.runs import cut_runs

_MOST_FIGURES = 60
_KEPT_ATTRIBUTES = {"href", "start"}

_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright\b)\s*(?:©|\(c\))?\s*(?:by\s+)?(?:(?:19|20)\d\d\b.{0,270}"
    r"|\D{2,80}\b(?:19|20)\d\d\b.{0,200})"
    r"|transcripts? (?:is )?provided by .{2,60}, copyright.{0,80}",
    re.IGNORECASE,
)
_COPYRIGHT_AT_END = re.compile(
    r"[ \n]((?:©|Copyright\b) *(?:© *)?(?:19|20)\d\d\b[^\n]{0,270}"
    r"|Transcripts? (?:is )?provided by [^\n]{2,60}, Copyright[^\n]{0,80})\Z"
)
_A_NAME = (
    r"[^\W\d_a-z][\w’'.-]*\s+(?:(?:[A-Z]\.|de|van|von|del|la|al|bin|[^\W\d_a-z][\w’'-]*)\s+){0,3}"
)
_NAME = re.compile(_A_NAME + r"[^\W\d_a-z]")
_PERSON = re.compile(
    rf"{_A_NAME}(?:[^\W\d_a-z][\w’'-]*,?\s+)?(?:(?:is|was)\s+(?:an?|the|\w+['’]s|{_A_NAME}|\w+)\s"
    r"|(?:has\s)?(?:covers|covered|reports|reported|joined|writes|hosts|produces|serves|edits"
    r"|contributed|works)\b)"
)
_WORK = re.compile(
    r"\b(?:reporter|correspondent|editor|producer|host|journalist|writer|columnist|freelancer?"
    r"|intern|fellow|bureau|newsroom|anchor|photographer|critic|coverage|covers|reports)\b",
    re.IGNORECASE,
)
_LONGEST_NOTE = 1500
_NOT_SAID_TWICE = 80
"""Letters from which on a line that comes again is a copy and no refrain."""
_CLOSE = 2
"""Lines between a paragraph and its copy, where that stands alone."""


class ArticleBody(msgspec.Struct, frozen=True):
    """The text of an article below its headline."""

    parts: Blocks = ()
    copyright: str = ""
    note: Blocks = ()

    @property
    def has_text(self) -> bool:
        """True where there is more than figures."""
        return any(not isinstance(part, Figure) for part in self.parts)


def body_of(
    container: Element, base: str, title: str = "", byline: str = "", above: Iterable[Figure] = ()
) -> ArticleBody:
    """The body that an element holds. The element is taken apart.

    Left out is what the reader shows already: the headline (``title``), and the
    words of figures, also of those ``above`` the text.
    """
    mark_embeds(list(elements(container))[1:], base)
    remove_junk(container)
    headlines = list(container.iter("h1"))
    if len(headlines) == 1:
        drop(headlines[0])
    figures = unique_figures(take_figures(container, base))
    for node in list(container.iter("noscript")):
        drop(node)
    blocks = _blocks(container, base, figures)
    blocks = _without_repeats(blocks, title, above)
    blocks = without_signposts(blocks, base)
    blocks, copyright_, below = _take_copyright(blocks)
    blocks, note = _take_note(blocks, byline, below)
    parts = tuple(_with_fewer_figures(blocks))
    if len(parts) < len(blocks) and not all(isinstance(part, Figure) for part in parts):
        parts = (*parts, note_on(MORE_PICTURES))
    return ArticleBody(parts, copyright_, tuple(note))


def unique_figures(figures: list[Figure]) -> dict[int, Figure]:
    """The figures by their numbers, each once."""
    first = {picture_key(figure.url): figure for figure in unique(figures)}
    numbered = ((n, first.pop(picture_key(figure.url), None)) for n, figure in enumerate(figures))
    return {number: figure for number, figure in numbered if figure is not None}


def _blocks(container: Element, base: str, figures: dict[int, Figure]) -> list[Block]:
    for node in elements(container):
        attributes = {name: legal(node.get(name) or "") for name in _KEPT_ATTRIBUTES}
        # All at once: one by one, lxml refuses those whose names are no names.
        node.attrib.clear()
        for name, value in attributes.items():
            if value:
                node.set(name, value)
    container.tail = None
    source = etree.tostring(container, encoding="unicode", method="html")
    blocks = html_to_blocks(source, base, figures)
    return [b for b in blocks if isinstance(b, Figure | Rule) or bare(block_text(b))]


def _without_repeats(blocks: list[Block], title: str, above: Iterable[Figure]) -> list[Block]:
    """The blocks without the headline above them, and without captions that are shown already."""
    captions: set[str] = set()
    figure_words: set[str] = set()
    for figure in (*above, *blocks):
        if isinstance(figure, Figure):
            caption, credit = bare(figure.caption), bare(figure.credit)
            captions.add(caption)
            figure_words |= {caption + credit if credit else "", credit}
            figure_words |= {"image" + credit, "imagecredit" + credit}
    figure_words = {text for text in figure_words | captions if len(text) >= 8}
    headline = bare(title)
    copies = _copies(blocks)
    out: list[Block] = []
    begun = False
    for number, block in enumerate(blocks):
        words = bare(block_text(block))
        again = number in copies or words in figure_words
        if not begun and words in captions and len(words) >= _NOT_SAID_TWICE:
            # A first paragraph may be what a photo says, too.
            again = False
        if not words or not (again or (words == headline and not begun)):
            out.append(block)
            begun = begun or not isinstance(block, Figure)
    while out and isinstance(out[-1], Rule):
        out.pop()
    return out


def _copies(blocks: Sequence[Block]) -> set[int]:
    """Numbers of the long paragraphs that are there again: right below, or several in a row.

    What a plan or a poem says again stands alone, and far from where it was.
    """
    texts = [n for n, block in enumerate(blocks) if not isinstance(block, Figure)]
    lines = ["", *(bare(block_text(blocks[number])) for number in texts), ""]
    first: dict[str, int] = {}
    copies: set[int] = set()
    for place, number in enumerate(texts, 1):
        line = lines[place]
        if len(line) < _NOT_SAID_TWICE or not isinstance(blocks[number], Paragraph):
            continue
        before = first.setdefault(line, place)
        if before == place:
            continue
        in_a_row = any(
            lines[place + step] == lines[before + step]
            and len(lines[place + step]) >= _NOT_SAID_TWICE
            for step in (-1, 1)
        )
        if in_a_row or place - before <= _CLOSE:
            copies.add(number)
    return copies


def _take_copyright(blocks: list[Block]) -> tuple[list[Block], str, int]:
    """The rest, the copyright line, and how many blocks stand below it."""
    texts = [number for number, block in enumerate(blocks) if not isinstance(block, Figure)]
    for number in reversed(texts[-6:]):
        block, below = blocks[number], blocks[number + 1 :]
        words = block_text(block)
        if "\n" not in words and _COPYRIGHT.fullmatch(words):
            return [*blocks[:number], *below], words, len(below)
        match = _COPYRIGHT_AT_END.search(words) if isinstance(block, Paragraph) else None
        if match and isinstance(block, Paragraph) and _ends_sentence(block.runs, match):
            rest = Paragraph(cut_runs(block.runs, match.start()))
            return [*blocks[:number], rest, *below], match[1], len(below)
    return blocks, "", 0


def _ends_sentence(runs: Runs, copyright_: re.Match[str]) -> bool:
    """Test for the end of a sentence, a line or a styled run before the copyright."""
    start = copyright_.start()
    before = runs_text(runs)[start - 1 : start + 1]
    if before[1:] == "\n" or before[:1] in '.!?"”’)':
        return True
    length = 0
    for run in runs:
        length += len(run.text)
        if length >= start:
            return length <= start + 1 and bool(run.styles or run.link)
    return False


def _take_note(blocks: list[Block], byline: str, below: int) -> tuple[list[Block], list[Block]]:
    """The rest, and the note on the reporter at the end."""
    people = [name for name in byline.split(", ") if " " in name]
    note: list[Block] = []
    rest = list(blocks)
    while len(rest) > 1 and len(note) < 3:
        last = rest[-1]
        if isinstance(last, Rule):
            rest.pop()
        elif isinstance(last, Paragraph) and _is_note(last.runs, people, below=len(note) < below):
            note.insert(0, last)
            rest.pop()
        else:
            break
    return (rest, note) if note else (blocks, [])


def _is_note(runs: Runs, people: Iterable[str], *, below: bool) -> bool:
    words = runs_text(runs)
    if len(words) > _LONGEST_NOTE:
        return False
    if _is_italic(runs) and _NAME.match(words):
        return True
    about = _PERSON.match(words) and _WORK.search(words)
    return bool(about) and (below or any(words.startswith(name) for name in people))


def _is_italic(runs: Runs) -> bool:
    """Test for a line emphasised from its first word to its last; a full stop may follow."""
    emphasised = ["emphasis" in run.styles for run in runs if run.text.strip(" .\n")]
    return emphasised[0] and emphasised[-1]


def _with_fewer_figures(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks, of figures no more than one can look at."""
    figures = count()
    return (b for b in blocks if not isinstance(b, Figure) or next(figures) < _MOST_FIGURES)
