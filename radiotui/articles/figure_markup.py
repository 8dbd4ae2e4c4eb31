"""Figures in the markup of many pages, made HTML's: one element with a picture and its words.

Done before a page is taken apart, so that no layer takes a caption for a paragraph.
"""

from __future__ import annotations

import re
from itertools import islice

from radiotui.articles.figures import is_figure, says_of_a_picture
from radiotui.documents.html_tree import Element, HtmlPage, drop, elements, text_of
from radiotui.documents.picture_urls import picture_address

_IMAGES = {"amp-img", "amp-anim", "a-img"}
_BOXES = {"div", "li", "section", "span", "a", "td", "article", "dl", "p"}
_LATE = ("data-src", "data-original", "data-image", "data-lazy", "data-url", "data-srcset")
_PHOTO_FILE = re.compile(r"\.(?:jpe?g|png|webp)(?![a-z\d])", re.IGNORECASE)
_MOST_IMAGES = 400
_MOST_STEPS = 5
_MOST_PARTS = 100
_LONGEST_WORDS = 2500
_MOST_OTHER_WORDS = 30
"""Characters beside picture, caption and credit: "3 of 12"."""


def mark_figures(page: HtmlPage) -> None:
    """Turn what is a figure by its parts into ``figure``, and its picture into ``img``."""
    for image in list(page.root.iter(*_IMAGES)):
        image.tag = "img"
    for button in list(page.root.iter("button"))[:_MOST_IMAGES]:
        _open(button)
    for figure in list(page.root.iter("figure"))[:_MOST_IMAGES]:
        _put_late_picture(figure)
    for box in page.with_attribute("data-size")[:_MOST_IMAGES]:
        if box.get("data-size") == "articleImage" and not any(map(is_figure, box.iter())):
            box.tag = "figure"
    for image in list(page.root.iter("img"))[:_MOST_IMAGES]:
        if not any(is_figure(above) for above in image.iterancestors()):
            box = _box_of(image, page.base)
            if box is not None:
                box.tag = "figure"


def _put_late_picture(figure: Element) -> None:
    """Make the element an ``img`` that a script of the page turns into one."""
    if any(True for _ in figure.iter("img")):
        return
    for node in islice(elements(figure), _MOST_PARTS):
        address = next((node.get(name) for name in _LATE if node.get(name)), "")
        if node is not figure and not len(node) and _PHOTO_FILE.search(address):
            node.tag = "img"
            for name in ("alt", "width", "height"):
                if node.get(f"data-{name}"):
                    node.set(name, node.get(f"data-{name}"))
            return


def _open(button: Element) -> None:
    """Let a button around a picture, which would show it larger, be a box."""
    if not any(True for _ in button.iter("img")):
        return
    button.tag = "div"
    button.text = None
    for child in list(button):
        child.tail = None
        if not any(True for _ in child.iter("img")):
            drop(child)


def _box_of(image: Element, base: str) -> Element | None:
    """The element around a picture and its words, and nothing else; None without words."""
    box = image
    for _ in range(_MOST_STEPS):
        box = box.getparent()
        if box is None or box.tag == "body" or is_figure(box):
            return None
        parts = list(islice(elements(box), _MOST_PARTS))
        words = _short_text(box) if len(parts) < _MOST_PARTS else None
        if words is None:
            return None
        own = [node for node in parts if node is not box and says_of_a_picture(node)]
        if len(words) > _MOST_OTHER_WORDS and not own:
            return None
        if _other_picture(box, image, base):
            return None
        if own and box.tag in _BOXES:
            length = sum(len(text_of(node).strip()) for node in _outermost(own))
            return box if len(words) - length <= _MOST_OTHER_WORDS else None
    return None


def _other_picture(box: Element, image: Element, base: str) -> bool:
    """Test for another picture than the same one for browsers without scripts."""
    for other in box.iter("img"):
        spare = any(True for _ in other.iterancestors("noscript"))
        if other is not image and not spare and picture_address(other, base):
            return True
    return False


def _short_text(box: Element) -> str | None:
    """The text of an element; None for more than a caption's."""
    length = 0
    out = []
    for text in box.itertext():
        out.append(text)
        length += len(text)
        if length > _LONGEST_WORDS:
            return None
    return " ".join("".join(out).split())


def _outermost(nodes: list[Element]) -> list[Element]:
    inside = set(nodes)
    return [node for node in nodes if not any(above in inside for above in node.iterancestors())]
