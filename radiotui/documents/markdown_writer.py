"""Writing blocks as Markdown.

Foreign text is escaped, so that what looks like Markdown, HTML or console
markup is read as it was said; only the structure of the blocks becomes structure.
The dialect is GitHub's: tables, strikethrough, and bare addresses that become links.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

from radiotui.documents.model import (
    BREAK,
    Block,
    CodeBlock,
    Figure,
    Heading,
    ListBlock,
    Paragraph,
    Quote,
    Rule,
    Run,
    Runs,
    Style,
    Table,
)
from radiotui.documents.runs import tidy_runs

_SPECIAL = re.compile(
    r"[\\`*\[\]<|~]"
    r"|(?<![^\W_])_|_(?![^\W_])"  # between letters "_" is a letter
    r"|&(?=#?\w*(?:;|\Z))"
    r"|(?<=\s)#"  # at the end of a heading it would be dropped
    r"|(?<=/)/"  # "//host" would become a link
    r"|(?<=[\w.+$&=;:,-])@(?:[\w-]+(?:\.[\w-]+)+)?"  # and so would a mail address
)
_AT_START = re.compile(r"^( ?)([-+=#>]|:(?=-)|\d{1,9}(?=[.)]))", re.MULTILINE)
_MARKS: dict[Style, str] = {"strike": "~~", "strong": "**", "emphasis": "*"}


def blocks_to_markdown(blocks: Iterable[Block]) -> str:
    """The blocks one below the other."""
    return "\n\n".join(filter(None, map(_block, blocks)))


def _block(block: Block) -> str:
    match block:
        case Paragraph(runs=runs):
            markdown = _line(runs)
        case Heading(level=level, runs=runs):
            markdown = f"{'#' * level} {_one_line(runs)}"
        case Quote(blocks=blocks):
            markdown = _indented(blocks_to_markdown(blocks), "> ", "> ")
        case ListBlock(items=items, start=start):
            marks = ("- " if start is None else f"{start + n}. " for n in range(len(items)))
            markdown = "\n".join(
                _indented(blocks_to_markdown(item.blocks), mark, " " * len(mark))
                for mark, item in zip(marks, items, strict=True)
            )
        case CodeBlock(text=text):
            fence = _fence(text, 3)
            markdown = f"{fence}\n{text}\n{fence}"
        case Table(rows=rows):
            markdown = _table(rows)
        case Rule():
            markdown = "---"
        case Figure():
            markdown = _figure(block)
    return markdown


def _indented(markdown: str, first: str, rest: str) -> str:
    lines = markdown.split("\n")
    below = (rest + line if line else rest.rstrip() for line in lines[1:])
    return "\n".join((first + lines[0], *below))


def _table(rows: Sequence[Sequence[Runs]]) -> str:
    columns = max(map(len, rows))
    lines = [[*map(_one_line, row), *[""] * (columns - len(row))] for row in rows]
    lines.insert(1, ["---"] * columns)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _figure(figure: Figure) -> str:
    """Its words; the picture is a link."""
    words = f"Photo: {figure.caption}" if figure.caption else "Photo"
    credit = [Run(BREAK), Run(figure.credit, ("emphasis",))] if figure.credit else []
    return _line(tidy_runs([Run(words, link=figure.url), *credit]))


def _one_line(runs: Runs) -> str:
    return _line(tuple(Run(" ") if run.text == BREAK else run for run in runs))


def _line(runs: Runs) -> str:
    """A paragraph; lines within it stay lines."""
    out = ""
    # Whether the last thing written is the end of emphasis: stars next to stars are read wrongly.
    after_marks = False
    pieces = [list(group) for _, group in groupby(runs, _piece)]
    for piece, following in pairwise([*pieces, [Run("")]]):
        text = "".join(run.text for run in piece)
        if text == BREAK or not text.strip():
            out = out.rstrip(" ") + ("  \n" if text == BREAK else " ")
            after_marks = False
            continue
        lead, trail = " " * (text[0] == " "), " " * (text[-1] == " ")
        words = "".join(map(_words, tidy_runs(piece)))
        marks = [_MARKS[style] for style in piece[0].styles if style in _MARKS]
        edges = "**" if len(marks) > 1 else words[0] + words[-1]
        marked = (
            bool(marks)
            and not (after_marks and not lead)
            and _may_turn(lead or out[-1:], edges[0])
            and _may_turn(trail or following[0].text[:1], edges[1])
        )
        if following[0].link and words.endswith("!"):
            words = words[:-1] + "\\!"  # "![" would begin a picture
        if marked:
            words = "".join((*marks, words, *reversed(marks)))
        out += lead + words + trail
        after_marks = marked and not trail
    return _AT_START.sub(_escape_start, out.strip())


def _piece(run: Run) -> tuple[tuple[Style, ...], str, bool]:
    """The same for neighbours between the same marks; a bare address stands within the text."""
    return run.styles, "" if run.link == run.text else run.link, run.text == BREAK


def _words(run: Run) -> str:
    if "code" in run.styles:
        fence = _fence(run.text, 1)
        space = " " * (run.text.startswith("`") or run.text.endswith("`"))
        words = f"{fence}{space}{run.text}{space}{fence}"
    elif run.link and run.link == run.text:
        return f"<{run.link}>"
    else:
        words = _SPECIAL.sub(lambda match: "\\" + match[0].replace(".", "\\."), run.text)
    return f"[{words}]({_target(run.link)})" if run.link else words


def _fence(code: str, shortest: int) -> str:
    """More backticks in a row than the code has."""
    longest = max(map(len, re.findall("`+", code)), default=0)
    return "`" * max(shortest, longest + 1)


def _escape_start(match: re.Match[str]) -> str:
    space, mark = match.groups()
    return f"{space}{mark}\\" if mark.isdecimal() else f"{space}\\{mark}"


def _target(link: str) -> str:
    return re.sub(r"[()&]", lambda match: "\\" + match[0], link)


def _may_turn(outside: str, inside: str) -> bool:
    """CommonMark's rule for stars between two characters, ``inside`` the emphasised one."""
    return not _is_punctuation(inside) or not outside.strip() or _is_punctuation(outside)


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"
