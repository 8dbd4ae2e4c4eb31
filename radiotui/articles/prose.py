"""Lines of prose on a page: what they are is told by their words, not by their names."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
from lxml import etree

from radiotui.documents.html_tree import BLOCKS, Element
from radiotui.text import count_words

SHORTEST_LINE = 8
"""Words below which a line may be a button, a tag or a heading."""

_SIGNS = re.compile(r"[\W_]+")
# Most text has no other signs than these: they are left out many times faster than by the pattern.
_ASCII_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum())
_COMMON_SIGNS = "“”‘’–—…«»„·\u00a0"
_EDGES = BLOCKS | {"br"}
_NO_PROSE = {
    *("applet", "audio", "button", "canvas", "embed", "figure", "form", "iframe", "math", "nav"),
    *("noscript", "object", "option", "script", "select", "style", "svg", "template"),
    *("textarea", "video"),
}
_SELF_TALK = re.compile(
    r"\bnewsletters?\b|\bsign(?:ing)? up\b|\bsubscri(?:be|ption|bers?)\b|\bcookies?\b"
    r"|\bclick here\b|\bfollow us\b|\badverti[sz]e|\bdownload (?:our|the) app\b|\bdonat(?:e|ion)\b"
    r"|\byour (?:inbox|e-?mail|privacy|browser)\b|\bprivacy policy\b|\bterms of (?:use|service)\b"
    r"|\babonn(?:ieren|ement|ez)\b|\bdatenschutz|\bsuscr[ií]b|\bboletín\b|\biscriviti\b"
    r"|\bassine\b|\binschrijven\b",
    re.IGNORECASE,
)


class Line(msgspec.Struct, frozen=True):
    """Words between two edges of blocks, as a browser would show them."""

    text: str
    linked: int
    """Characters of it that are links."""
    place: Element
    """The element that it stands in: a block, or the whole."""

    @property
    def is_prose(self) -> bool:
        """True for a line long enough to be read that is not mostly links."""
        return self.linked * 2 <= len(self.text) and count_words(self.text) >= SHORTEST_LINE

    @property
    def is_self_talk(self) -> bool:
        """True where a site speaks of itself: sign up, subscribe, agree to cookies."""
        return bool(_SELF_TALK.search(self.text))


def bare(text: str) -> str:
    """Letters and digits alone: the same for texts that say the same."""
    letters = text.encode("utf-8", "surrogatepass").translate(None, _ASCII_SIGNS)
    if letters.isascii():
        return letters.decode("ascii").lower()
    rest = letters.decode("utf-8", "surrogatepass")
    if not rest.isalnum():
        for sign in _COMMON_SIGNS:
            rest = rest.replace(sign, "")
        if not rest.isalnum():
            rest = _SIGNS.sub("", rest)
    return rest.casefold()


def lines(root: Element) -> Iterator[Line]:
    """The lines of an element in their order, but for those of figures, forms and menus."""
    walk = etree.iterwalk(root, events=("start", "end"))
    texts: list[str] = []
    linked = in_links = 0
    edge, is_within = root, True
    for event, node in walk:
        tag = node.tag
        begins = event == "start"
        if tag in _EDGES:
            if texts and (text := " ".join("".join(texts).split())):
                yield Line(text, linked, edge if is_within else edge.getparent())
            texts.clear()
            linked = 0
            if tag != "br":
                edge, is_within = node, begins
        if begins and tag in _NO_PROSE:
            walk.skip_subtree()
            continue
        if tag == "a":
            in_links += 1 if begins else -1
        words = node.text if begins else node.tail
        if words and (begins or node is not root):
            texts.append(words)
            linked += len(words) if in_links else 0
    if text := " ".join("".join(texts).split()):
        yield Line(text, linked, edge if is_within else edge.getparent())


def prose_words(root: Element) -> int:
    """Words in lines of prose that speak of something else than their site."""
    return sum(
        count_words(line.text) for line in lines(root) if line.is_prose and not line.is_self_talk
    )
