"""HTML made safe for its parsers, and no longer than can be read."""

from __future__ import annotations

import re

_MOST = 1_500_000
_NOT_A_TAG = re.compile(r"<!--.*?(?:-->|\Z)|<[!?][^<>]*>", re.DOTALL)
_STRAY = re.compile(r"<(?!/?[a-zA-Z][^<>]*>)")
_END_OF_BLOCK = re.compile(r"</(?:p|div|li|ul|ol|tr|table|blockquote|pre|section)>|<br ?/?>")
_LAST_PART = 50_000
_LONG_TAG = 2000
"""Characters from which on the attributes of a tag are counted."""
_MOST_ATTRIBUTES = 500
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_TAG = re.compile(r"[^>\"']*+(?:(?:\"[^\"]*+\"|'[^']*+')[^>\"']*+)*+(?=>)")
"""A tag from its name to its end; a ">" within quotes is none."""


def parsable_source(source: str) -> tuple[str, bool]:
    """HTML without declarations, and whether its end was left out.

    It is cut where a block ends, and not within a word or a link.
    """
    is_cut = len(source) > _MOST
    if is_cut:
        begin = _MOST - _LAST_PART
        ends = [match.end() for match in _END_OF_BLOCK.finditer(source, begin, _MOST)]
        source = source[: ends[-1]] if ends else source[:_MOST].rpartition("<")[0]
    # html.parser raises on some declarations, and takes minutes for many tags that never end.
    return _STRAY.sub("&lt;", _NOT_A_TAG.sub("", source)), is_cut


def with_fewer_attributes(source: str) -> str:
    """A document without the attributes of tags that have hundreds of them.

    The parser compares each attribute of a tag with all before it.
    """
    parts = source.split("<")
    long_parts = [number for number, part in enumerate(parts) if len(part) > _LONG_TAG]
    for number in long_parts:
        parts[number] = _shorter_tag(parts[number])
    return "<".join(parts) if long_parts else source


def _shorter_tag(part: str) -> str:
    match = _TAG.match(part)
    tag = match[0] if match else part.partition(">")[0]
    if not tag[:1].isalpha() or len(tag) <= _LONG_TAG:
        return part
    if len(_QUOTED.sub("", tag).split()) <= _MOST_ATTRIBUTES:
        return part
    return tag.split(None, 1)[0] + part[len(tag) :]
