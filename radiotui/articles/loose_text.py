"""Loose text: words that stand between the blocks of an element, in none of their own."""

from __future__ import annotations

from radiotui.articles.block_tree import block_tree
from radiotui.documents.html_tree import BLOCKS, Element, text_of
from radiotui.text import count_words

_LEAST_PROSE = 12
_IN_ONE = {"a", "pre", "table", "tbody", "thead", "tr", "ul", "ol", "dl", "html", "head"}
"""Elements whose loose text is no paragraph."""


def wrap_loose_text(root: Element) -> None:
    """Put loose text into blocks: prose into ``p``, a few words into ``div``.

    Two breaks in a row end a paragraph, as they do on the screen.
    """
    tree = block_tree(root)
    for node in tree.nodes:
        may_wrap = node in tree.holding and node not in tree.figures and node.tag not in _IN_ONE
        if may_wrap and _has_loose_text(node, tree.holding):
            _wrap(node, tree.holding)


def _has_loose_text(node: Element, holding: set[Element]) -> bool:
    """Test for words or inline elements beside the blocks of an element."""
    if node.text and not node.text.isspace():
        return True
    return any(
        (child.tail and not child.tail.isspace()) or not (child.tag in BLOCKS or child in holding)
        for child in node
    )


def _wrap(node: Element, holding: set[Element]) -> None:
    """Put the loose text of one element into blocks."""
    line = _new_line(node, node.text)
    node.text = None
    parts: list[Element] = []
    breaks = 0
    for child in list(node):
        is_block = child.tag in BLOCKS or child in holding
        is_break = child.tag == "br"
        breaks = breaks + 1 if is_break else 0
        if is_block or breaks > 1:
            parts += _parts(line)
            line = _new_line(node, None)
        tail, child.tail = child.tail, None
        if is_block:
            parts.append(child)
            line.text = tail
        else:
            if is_break and breaks > 1:
                node.remove(child)
                line.text = (line.text or "") + (tail or "")
            else:
                line.append(child)
                child.tail = tail
            breaks *= not (tail or "").strip()
    parts += _parts(line)
    # One after the other at the end: a place among thousands is looked for from the first one.
    for part in parts:
        node.append(part)


def _new_line(node: Element, text: str | None) -> Element:
    line = node.makeelement("div")
    line.text = text
    return line


def _parts(line: Element) -> list[Element]:
    """Parts in a line's place: the line, or its content where that has no words."""
    words = count_words(text_of(line))
    if words:
        line.tag = "p" if words >= _LEAST_PROSE else "div"
        return [line]
    # Pictures and breaks alone stay as they were.
    return list(line)
