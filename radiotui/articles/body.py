"""An article's element as its parts: Markdown and figures in their order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

from lxml import etree

from radiotui.articles.boilerplate import remove_junk
from radiotui.articles.figures import MARKS, take_figures, unique
from radiotui.articles.locate import bare
from radiotui.documents.html_to_blocks import html_to_markdown
from radiotui.documents.html_tree import Element, drop, elements, legal
from radiotui.documents.markdown_to_text import plain
from radiotui.documents.model import Figure
from radiotui.documents.picture_urls import picture_key

_MOST_PARTS = 2000
_MOST_FIGURES = 60
_KEPT_ATTRIBUTES = {"href", "start"}

_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright\b)\s*(?:©|\(c\))?\s*(?:by\s+)?(?:(?:19|20)\d\d\b.{0,270}"
    r"|\D{2,80}\b(?:19|20)\d\d\b.{0,200})",
    re.IGNORECASE,
)
_COPYRIGHT_AT_END = re.compile(
    r"(?:(?<=[.!?\"”’*)])[ ]+|[ ]{2}\n)"
    r"((?:©|Copyright\b)[ ]*(?:©[ ]*)?(?:19|20)\d\d\b[^\n]{0,270})\Z"
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


@dataclass(frozen=True, slots=True)
class ArticleBody:
    """What an article says below its headline."""

    parts: tuple[str | Figure, ...] = ()
    copyright: str = ""
    note: str = ""
    """Markdown."""

    @property
    def length(self) -> int:
        """Characters of its text."""
        return sum(len(part) for part in self.parts if isinstance(part, str))


def body_of(
    container: Element, base: str, title: str = "", byline: str = "", above: Iterable[Figure] = ()
) -> ArticleBody:
    """The body that an element holds. The element is taken apart.

    Left out is what the reader shows already: the headline (``title``), and the
    words of figures, also of those ``above`` the text.
    """
    remove_junk(container)
    headlines = list(container.iter("h1"))
    if len(headlines) == 1:
        drop(headlines[0])
    figures = unique_figures(take_figures(container, base))
    for node in list(container.iter("noscript")):
        drop(node)
    blocks = _blocks(_markdown(container, base), figures)
    blocks = _without_repeats(blocks, title, above)
    blocks, copyright_, below = _take_copyright(blocks)
    blocks, note = _take_note(blocks, byline, below)
    return ArticleBody(tuple(_parts(blocks)), copyright_, note)


def unique_figures(figures: list[Figure]) -> list[Figure | None]:
    """The figures at their numbers; None for one that was there before."""
    first = {picture_key(figure.url): figure for figure in unique(figures)}
    return [first.pop(picture_key(figure.url), None) for figure in figures]


def _markdown(container: Element, base: str) -> str:
    for node in elements(container):
        kept = {name: legal(node.get(name) or "") for name in _KEPT_ATTRIBUTES}
        # All at once: one by one, lxml refuses those whose names are no names.
        node.attrib.clear()
        for name, value in kept.items():
            if value:
                node.set(name, value)
    container.tail = None
    return html_to_markdown(etree.tostring(container, encoding="unicode", method="html"), base)


def _blocks(markdown: str, figures: list[Figure | None]) -> list[str | Figure]:
    out: list[str | Figure] = []
    for block in re.split(r"\n\n+(?![ >])", markdown):
        numbers = [int(number) for number in MARKS.findall(block)]
        text = MARKS.sub("", block).rstrip() if numbers else block
        if bare(text) or text == "---":
            out.append(text)
        # A number that the page made up is nobody's.
        out += [f for n in numbers if n < len(figures) and (f := figures[n]) is not None]
    return out


def _without_repeats(
    blocks: list[str | Figure], title: str, above: Iterable[Figure]
) -> list[str | Figure]:
    """The blocks without the headline above them, and without captions that are shown already."""
    shown: set[str] = set()
    for figure in (*above, *blocks):
        if isinstance(figure, Figure):
            caption, credit = bare(figure.caption), bare(figure.credit)
            shown |= {caption, caption + credit, credit, "image" + credit, "imagecredit" + credit}
    shown = {each for each in shown if len(each) >= 8}
    out: list[str | Figure] = []
    for block in blocks:
        said = bare(plain(block)) if isinstance(block, str) else ""
        headline = said == bare(title) and not any(isinstance(each, str) for each in out)
        if not said or not (headline or said in shown):
            out.append(block)
    while out and out[-1] == "---":
        out.pop()
    return out


def _take_copyright(blocks: list[str | Figure]) -> tuple[list[str | Figure], str, int]:
    """The rest, the copyright line, and how many blocks stand below it."""
    texts = [number for number, block in enumerate(blocks) if isinstance(block, str)]
    for number in reversed(texts[-6:]):
        block = blocks[number]
        assert isinstance(block, str)
        said = plain(block)
        if "\n" not in said and _COPYRIGHT.fullmatch(said):
            below = blocks[number + 1 :]
            return [*blocks[:number], *below], said, len(below)
        if match := _COPYRIGHT_AT_END.search(block):
            kept = block[: match.start()].rstrip()
            below = blocks[number + 1 :]
            return [*blocks[:number], kept, *below], plain(match[1]), len(below)
    return blocks, "", 0


def _take_note(
    blocks: list[str | Figure], byline: str, below: int
) -> tuple[list[str | Figure], str]:
    """The rest, and what is said of the reporter at the end."""
    people = [name for name in byline.split(", ") if " " in name]
    note: list[str] = []
    kept = list(blocks)
    while len(kept) > 1 and len(note) < 3:
        last = kept[-1]
        if last == "---":
            kept.pop()
        elif isinstance(last, str) and _is_note(last, people, below=len(note) < below):
            note.insert(0, last)
            kept.pop()
        else:
            break
    return (kept, "\n\n".join(note)) if note else (blocks, "")


def _is_note(block: str, people: Iterable[str], *, below: bool) -> bool:
    if len(block) > _LONGEST_NOTE or block[0] in "#|>-":
        return False
    said = plain(block)
    italic = re.fullmatch(r"\*(?!\*).*[^*]\*[.\s]*", block, re.DOTALL) is not None
    if italic and _NAME.match(said):
        return True
    about = _PERSON.match(said) and _WORK.search(said)
    return bool(about) and (below or any(said.startswith(name) for name in people))


def _parts(blocks: list[str | Figure]) -> list[str | Figure]:
    """The blocks, of figures no more than one can look at."""
    figures = count()
    kept = (b for b in blocks if isinstance(b, str) or next(figures) < _MOST_FIGURES)
    return joined_parts(kept)[:_MOST_PARTS]


def joined_parts(parts: Iterable[str | Figure]) -> list[str | Figure]:
    """What stands between two figures as one part."""
    out: list[str | Figure] = []
    for part in parts:
        if isinstance(part, str) and out and isinstance(out[-1], str):
            out[-1] += f"\n\n{part}"
        else:
            out.append(part)
    return out
