"""Names of an entry's authors, without what surrounds them: mail addresses and brackets."""

from __future__ import annotations

import re
from collections.abc import Iterable

from radiotui.feeds.parsing.values import line
from radiotui.text import shorten

_MAIL = re.compile(
    r"(?:mailto:\s?)?[^\s()<>\[\],;:\"@]{1,64}@[^\s()<>\[\],;:\"@]{1,200}", re.IGNORECASE
)
_EMPTY_BRACKETS = re.compile(r"\(\s*\)|<\s*>|\[\s*\]|&lt;\s*&gt;|\bmailto:")
_IN_BRACKETS = re.compile(r"\((?:[^()]|\([^()]*\))*\)")
_AROUND = " \t\"'<>,;:|/-–—"
_LONGEST_NAME = 100
_LONGEST_BYLINE = 200


def byline_of(authors: Iterable[str]) -> str:
    """The authors as one line, each once; without those who are an address only."""
    names = dict.fromkeys(filter(None, map(author_name, authors)))
    return shorten(", ".join(names), _LONGEST_BYLINE)


def author_name(text: str) -> str:
    """The name in an author's text: "Ann" of "news@knau.radio (Ann)", "Ann - ann@knau.org"."""
    name = line(text, _LONGEST_NAME * 3, is_html=False)
    if "@" in name:
        people = _EMPTY_BRACKETS.sub(" ", _MAIL.sub(" ", name)).split(",")
        name = ", ".join(filter(None, map(_without_brackets, people)))
    name = " ".join(name.split())
    return "" if "@" in name else shorten(name, _LONGEST_NAME)


def _without_brackets(name: str) -> str:
    name = name.strip(_AROUND)
    return name[1:-1].strip() if _IN_BRACKETS.fullmatch(name) else name
