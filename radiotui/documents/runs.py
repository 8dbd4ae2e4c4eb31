"""Lines of text as runs: white space as a browser shows it, addresses as links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from radiotui.documents.model import BREAK, Block, Paragraph, Run, Runs, Style
from radiotui.net.urls import host_of, web_link
from radiotui.text import clean, clean_block

_SPACES = re.compile(" {2,}")
_WEB_ADDRESS = re.compile(r"(?<!\w)https?://[^\s<>\"]{1,2000}")
_ENDS_A_SENTENCE = ".,;:!?'’”*_~]}"


def text_to_blocks(text: str) -> tuple[Block, ...]:
    """Plain text, a paragraph a line."""
    lines = (text_to_runs(line) for line in clean_block(text).split("\n"))
    return tuple(Paragraph(runs) for runs in lines if runs)


def text_to_runs(text: str) -> Runs:
    """A line of plain text; its addresses are links."""
    return tidy_runs([Run(clean(text, len(text) + 1))])


def link_line(label: str, url: str) -> Paragraph:
    """A line that stands for what is not shown: what it is, and its site as a link."""
    site = clean(host_of(url).removeprefix("www."), 80)
    return Paragraph((Run(f"{label}, not shown here: "), Run(site, link=url)))


def tidy_runs(runs: Iterable[Run]) -> Runs:
    """The runs with one space where a browser shows one, and none at the ends of lines.

    Neighbours of one style are one, and http(s) addresses in the text become links.
    """
    out: list[Run] = []
    at_edge = True
    for (styles, link, breaks), group in groupby(
        runs, lambda run: (run.styles, run.link, run.text == BREAK)
    ):
        text = BREAK if breaks else "".join(run.text for run in group)
        if "  " in text:
            text = _SPACES.sub(" ", text)
        if at_edge:
            text = text.lstrip(" ")
        if breaks:
            _trim_end(out)
        if text:
            out += [Run(text, styles, link)] if link else _with_links(text, styles)
            at_edge = text[-1] in " \n"
    _trim_end(out)
    return tuple(out)


def cut_runs(runs: Runs, length: int) -> Runs:
    """The first characters of a line."""
    out: list[Run] = []
    for run in runs:
        if length <= 0:
            break
        out.append(run if len(run.text) <= length else Run(run.text[:length], run.styles, run.link))
        length -= len(run.text)
    _trim_end(out)
    return tuple(out)


def _trim_end(runs: list[Run]) -> None:
    """Drop the white space at the end."""
    while runs:
        last = runs.pop()
        text = last.text.rstrip(" \n")
        if text:
            runs.append(last if text == last.text else Run(text, last.styles, last.link))
            return


def _with_links(text: str, styles: tuple[Style, ...]) -> Iterator[Run]:
    """A run's text in which each http(s) address is a link to itself."""
    end = 0
    # Few texts have any: to be seen from each letter on takes a hundred times as long.
    for match in _WEB_ADDRESS.finditer(text) if "://" in text else ():
        address = _without_punctuation(match[0])
        link = web_link(address)
        if link is not None:
            if match.start() > end:
                yield Run(text[end : match.start()], styles)
            yield Run(link, styles, link)
            end = match.start() + len(address)
    if end < len(text):
        yield Run(text[end:], styles)


def _without_punctuation(address: str) -> str:
    """An address without the punctuation of the sentence it stands in."""
    while address and (
        address[-1] in _ENDS_A_SENTENCE
        or (address[-1] == ")" and address.count(")") > address.count("("))
    ):
        address = address[:-1]
    return address
