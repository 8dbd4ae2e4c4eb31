"""Writing Markdown that says what was said.

Foreign text is escaped, so that what looks like Markdown, HTML or console
markup is shown as it is; only the structure given here becomes structure.
Meant for the "gfm-like" parser of markdown-it-py, which Textual's Markdown
widget uses: tables, strikethrough, and bare addresses that become links.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from radiotui.net.urls import web_link
from radiotui.text import clean, clean_block

BREAK = "\n"
"""The text of a run that begins a new line."""

_SPACES = re.compile(" {2,}")
_WEB_ADDRESS = re.compile(r"(?<!\w)https?://[^\s<>\"]{1,2000}")
_ENDS_A_SENTENCE = ".,;:!?'’”*_~]}"
_SPECIAL = re.compile(
    r"[\\`*\[\]<|~]"
    r"|(?<![^\W_])_|_(?![^\W_])"  # between letters "_" is a letter
    r"|&(?=#?\w*(?:;|\Z))"
    r"|(?<=\s)#"  # at the end of a heading it would be dropped
    r"|(?<=/)/"  # "//host" would become a link
    r"|(?<=[\w.+$&=;:,-])@(?:[\w-]+(?:\.[\w-]+)+)?"  # and so would a mail address
)
_AT_START = re.compile(r"^( ?)([-+=#>]|:(?=-)|\d{1,9}(?=[.)]))", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a paragraph in one style."""

    text: str
    marks: tuple[str, ...] = ()
    """Any of "**", "*", "~~", the outermost first."""
    href: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Container:
    """A quotation or a list's item: what stands before each line within it."""

    marker: str
    listing: object = None
    """The list an item belongs to; None for a quotation."""

    @property
    def rest(self) -> str:
        """What stands before every line but the first."""
        return self.marker if self.listing is None else " " * len(self.marker)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading, a rule or a table, and what it stands in."""

    text: str
    inside: tuple[Container, ...] = ()


def text_to_markdown(text: str) -> str:
    """Plain text, a paragraph a line."""
    lines = (clean(line, len(line) + 1) for line in clean_block(text).split("\n"))
    return clean_block(document(Block(paragraph([Run(line)])) for line in lines if line))


def paragraph(runs: Iterable[Run]) -> str:
    """One paragraph of Markdown; lines within it stay lines."""
    tidy = _one_space(runs)
    out = ""
    # Whether the last thing written is the end of emphasis: stars next to stars are read wrongly.
    after_marks = False
    for run, following in pairwise([*tidy, Run("")]):
        core = run.text.strip()
        if run.text == BREAK or not core:
            out = out.rstrip(" ") + ("  \n" if run.text == BREAK else " ")
            after_marks = False
            continue
        lead = " " if run.text[0] == " " else ""
        trail = " " if run.text[-1] == " " else ""
        edges = "[)" if run.href else "**" if len(run.marks) > 1 else core[0] + core[-1]
        marked = (
            bool(run.marks)
            and not (after_marks and not lead)
            and _may_turn(lead or out[-1:], edges[0])
            and _may_turn(trail or following.text[:1], edges[1])
        )
        words = _words(core, run.href)
        if following.href and words.endswith("!"):
            words = words[:-1] + "\\!"  # "![" would begin a picture
        if marked:
            words = "".join((*run.marks, words, *reversed(run.marks)))
        out += lead + words + trail
        after_marks = marked and not trail
    return _AT_START.sub(_escape_start, out.strip())


def heading(level: int, runs: Iterable[Run]) -> str:
    """A heading of one line; empty without words."""
    words = paragraph(Run(" ") if run.text == BREAK else run for run in runs)
    return f"{'#' * level} {words}" if words else ""


def table(rows: Sequence[Sequence[str]]) -> str:
    """A table of cells that are Markdown already; the first row is its head."""
    columns = max(len(row) for row in rows)
    lines = [
        [*(cell.replace("  \n", " ") for cell in row), *[""] * (columns - len(row))] for row in rows
    ]
    lines.insert(1, ["---"] * columns)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def document(blocks: Iterable[Block]) -> str:
    """The blocks one below the other."""
    out: list[str] = []
    begun: set[Container] = set()
    above: tuple[Container, ...] = ()
    for block in blocks:
        shared = _shared(above, block.inside)
        if out and not _next_item(above[shared:], block.inside[shared:]):
            out.append("".join(container.rest for container in block.inside[:shared]).rstrip())
        first, *others = block.text.split("\n")
        markers = (c.rest if c in begun else c.marker for c in block.inside)
        out.append("".join(markers) + first)
        before = "".join(container.rest for container in block.inside)
        out += [before + line for line in others]
        begun.update(block.inside)
        above = block.inside
    return "\n".join(out)


def escape(text: str) -> str:
    """Text within a line so that it is shown as it is."""
    return _SPECIAL.sub(lambda match: "\\" + match[0].replace(".", "\\."), text)


def _escape_start(match: re.Match[str]) -> str:
    space, mark = match.groups()
    return f"{space}{mark}\\" if mark.isdecimal() else f"{space}\\{mark}"


def _with_links(text: str) -> str:
    """Escaped text in which each http(s) address is a link to itself."""
    out: list[str] = []
    end = 0
    for match in _WEB_ADDRESS.finditer(text):
        address = _without_the_sentence(match[0])
        link = web_link(address)
        if link is not None:
            out += [escape(text[end : match.start()]), f"<{link}>"]
            end = match.start() + len(address)
    return "".join([*out, escape(text[end:])])


def _without_the_sentence(address: str) -> str:
    """An address without the punctuation of the sentence it stands in."""
    while address and (
        address[-1] in _ENDS_A_SENTENCE
        or (address[-1] == ")" and address.count(")") > address.count("("))
    ):
        address = address[:-1]
    return address


def _words(text: str, href: str | None) -> str:
    return f"[{escape(text)}]({_target(href)})" if href else _with_links(text)


def _target(href: str) -> str:
    return re.sub(r"[()&]", lambda match: "\\" + match[0], href)


def _one_space(runs: Iterable[Run]) -> list[Run]:
    """The runs with one space where a browser shows one; neighbours of one style are one."""
    out: list[Run] = []
    at_edge = True
    for (marks, href, breaks), group in groupby(runs, lambda r: (r.marks, r.href, r.text == BREAK)):
        text = BREAK if breaks else _SPACES.sub(" ", "".join(run.text for run in group))
        if at_edge:
            text = text.lstrip(" ")
        if text:
            out.append(Run(text, marks, href))
            at_edge = text[-1] in " \n"
    return out


def _may_turn(outside: str, inside: str) -> bool:
    """CommonMark's rule for stars between two characters, ``inside`` the emphasised one."""
    return not _is_punctuation(inside) or not outside.strip() or _is_punctuation(outside)


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _shared(above: tuple[Container, ...], inside: tuple[Container, ...]) -> int:
    shared = 0
    for one, other in zip(above, inside, strict=False):
        if one is not other:
            break
        shared += 1
    return shared


def _next_item(above: tuple[Container, ...], inside: tuple[Container, ...]) -> bool:
    """Whether a list goes on with its next item, which needs no empty line."""
    if not above or not inside or inside[0].listing is None:
        return False
    return above[0].listing is inside[0].listing
