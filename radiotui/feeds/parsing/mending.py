"""Mending of a feed's bytes before they are read: what makes feedparser misread or give up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from html.entities import html5

import msgspec

# Possessive: the way back through a run of millions would be hundreds of megabytes. The first
# "&#" stands by itself: bytes are searched ten times as fast for what begins with fixed ones.
_CODE = rb"(?:[xX][\da-fA-F]++|\d++);?+"
_NUMBERED = re.compile(rb"&#" + _CODE + rb"(?:&#" + _CODE + rb")*+")
_NUMBER = re.compile(rb"&#(\w+)")
_LAST_CODE = 0x10FFFF
_CODES_AT_ONCE = 1000
# CDATA that does not end takes the rest, so that each byte is looked at once.
_BARE_AMPERSAND = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    rb"|&(?!#\d{1,7};|#[xX][\da-fA-F]{1,6};)(?:([A-Za-z]\w{0,30});)?",
    re.DOTALL,
)
# Most feeds have no other "&" than these, which is seen in a tenth of the time.
_UNUSUAL_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][\da-fA-F]{1,6});)")
_ENTITY = re.compile(rb"<!ENTITY\s{1,20}([A-Za-z]\w{0,30})\s")
_MANY_ATTRIBUTES = re.compile(
    rb"(<[A-Za-z][^\s<>]{0,100}+)"
    rb"(?:\s++[^\s=<>]++\s*+=\s*+(?:\"[^\"<]*+\"|'[^'<]*+')){200,}+"
)
_ESCAPES_OF_JAPANESE = b"\x1b$"
_TEXT_INPUT = re.compile(
    rb"<textinput\b[^>]{0,200}>.{0,5000}?</textinput\s*>", re.DOTALL | re.IGNORECASE
)

_MARKS = re.compile(
    rb"<!\[CDATA\[|\]\]>|<!--|-->|<(/?)(?:[\w.-]{1,40}:)?(?:item|entry)(?=[\s/>])", re.IGNORECASE
)
_ROOT = re.compile(rb"<([A-Za-z][\w:.-]{0,40})\b[^<>]*(?<!/)>")
_ENDS = {b"<![CDATA[": b"]]>", b"<!--": b"-->"}


def mended(body: bytes) -> bytes:
    """A feed's XML with character references that exist, and no "&" that begins none.

    An element with hundreds of attributes loses them: they would be read into memory.
    """
    body = _MANY_ATTRIBUTES.sub(rb"\1", body)
    body = _NUMBERED.sub(_possible_codes, body)
    if b"\x00" in body[:100] or _ESCAPES_OF_JAPANESE in body:
        # The byte of "&" may be a part of another letter.
        return body
    if not _UNUSUAL_AMPERSAND.search(body):
        return body
    own_names = set(_ENTITY.findall(body)) if b"<!ENTITY" in body else set()

    def escaped(match: re.Match[bytes]) -> bytes:
        name = match[1]
        is_reference = name is not None and (name in own_names or f"{name.decode()};" in html5)
        if is_reference or match[0][:1] != b"&":
            return match[0]
        return b"&amp;" + match[0][1:]

    return _BARE_AMPERSAND.sub(escaped, body)


def _possible_codes(match: re.Match[bytes]) -> bytes:
    """Character references without the impossible ones, on which feedparser gives up the feed.

    An emoji written as two halves ("&#55357;&#56832;") becomes one.
    """
    if all(code < 0xD800 or 0xDFFF < code <= _LAST_CODE for code in _codes(match[0])):
        return match[0]
    parts: list[bytes] = []
    codes: list[int] = []
    for code in _codes(match[0]):
        codes.append(code)
        if len(codes) >= _CODES_AT_ONCE:
            # Some at a time: a run may be of millions. A first half waits for the second.
            end = len(codes) - (0xD800 <= code < 0xDC00)
            parts.append(_references(codes[:end]))
            codes = codes[end:]
    return b"".join((*parts, _references(codes)))


def _codes(references: bytes) -> Iterator[int]:
    for number in _NUMBER.finditer(references):
        digits = number[1]
        yield int(digits[1:10], 16) if digits[:1] in b"xX" else int(digits[:9])


def _references(codes: list[int]) -> bytes:
    halves = "".join(chr(code) for code in codes if code <= _LAST_CODE)
    whole = halves.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    return "".join(f"&#{ord(character)};" for character in whole).encode()


class FeedPieces(msgspec.Struct, frozen=True):
    """A feed's bytes taken apart: its head, each item, and the end."""

    head: bytes
    items: tuple[bytes, ...]
    end: bytes

    def together(self, items: Sequence[bytes]) -> bytes:
        """The feed with these items only."""
        return b"".join((self.head, *items, self.end))

    def alone(self, item: bytes) -> bytes:
        """One item within the outermost element, for its namespaces."""
        root = _ROOT.search(self.head)
        if root is None:
            return b"<feed>" + item + b"</feed>"
        return root[0] + item + b"</" + root[1] + b">"


def pieces_of(body: bytes) -> FeedPieces:
    """A feed taken apart without reading it as XML. An item ends where the next one begins."""
    items: list[bytes] = []
    begin: int | None = None
    first = end = len(body)
    hidden_until = b""
    for mark in _MARKS.finditer(body):
        if hidden_until:
            if mark[0] == hidden_until:
                hidden_until = b""
        elif mark[0] in _ENDS:
            hidden_until = _ENDS[mark[0]]
        elif mark[1] is not None:
            if begin is not None:
                close = body.find(b">", mark.start()) + 1 or len(body)
                end = close if mark[1] else mark.start()
                items.append(body[begin:end])
            begin = None if mark[1] else mark.start()
            first = min(first, mark.start()) if not mark[1] else first
    return FeedPieces(body[:first], tuple(items), body[end:] if items else b"")


def without_text_input(body: bytes) -> bytes:
    """A feed without search forms, on which feedparser gives up within an item."""
    return _TEXT_INPUT.sub(b"", body)


def readable_items(pieces: FeedPieces, reads: Callable[[bytes], bool]) -> list[bytes]:
    """The items that ``reads`` takes, found by halving: one bad item costs itself only."""
    groups: list[Sequence[bytes]] = [pieces.items]
    readable: list[bytes] = []
    while groups:
        group = groups.pop()
        if reads(pieces.together(group)):
            readable += group
        elif len(group) > 1:
            middle = len(group) // 2
            groups += [group[middle:], group[:middle]]
    return readable
