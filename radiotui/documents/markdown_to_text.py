"""Markdown as the words that it shows."""

from __future__ import annotations

import re

_MARKUP = re.compile(
    r"\\([!-/:-@\[-`{-~])"
    r"|\[((?:\\.|[^\[\]\\])*)\]\((?:\\.|[^()\\\s])*\)"
    r"|<(https?://[^<>\s]*)>"
    r"|^[ ]{0,3}(?:\#{1,6}[ ]+|>[ ]?|[-+*][ ]+|\d{1,9}\.[ ]+)"
    r"|\*+|~~",
    re.MULTILINE,
)


def plain(markdown: str) -> str:
    """The text of Markdown as :mod:`radiotui.documents.markdown_writer` writes it."""
    return _MARKUP.sub(_shown, markdown)


def _shown(match: re.Match[str]) -> str:
    escaped, link, address = match.groups()
    return plain(link) if link else escaped or address or ""
