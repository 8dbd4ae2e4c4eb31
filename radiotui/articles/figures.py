"""Figures: pictures with caption and credit, taken from where they stand."""

from __future__ import annotations

import re
from itertools import islice

from msgspec.structs import replace

from radiotui.documents.credits import caption_and_credit, credit_of, is_credit, joined
from radiotui.documents.html_to_blocks import FIGURE_MARK
from radiotui.documents.html_tree import Element, class_words, drop, elements, words
from radiotui.documents.model import Figure
from radiotui.documents.picture_urls import picture_address, picture_key
from radiotui.text import clean

_LONGEST_CAPTION = 2000
_MOST_NODES = 3000
_CAPTIONS = {"figure-caption", "caption", "wp-caption-text"}
_CREDITS = {"credit", "credits", "photographer", "copyright", "attribution", "byline"}
_NOT_SHOWN = {"hide", "toggle", "enlarge"}
_FILE_NAME = re.compile(
    r"[\w.() -]*\.(?:jpe?g|png|webp|gif)|(?:img|dsc|image|photo)[\d_ -]*", re.IGNORECASE
)


def is_figure(element: Element) -> bool:
    """Test for a picture with its words: HTML's, Grove's, npr.org's, WordPress's."""
    if element.tag == "figure":
        return True
    classes = (element.get("class") or "").split()
    return bool({"Figure", "wp-caption"} & set(classes)) or {"bucketwrap", "image"} <= set(classes)


def read_figure(element: Element, base: str) -> list[Figure]:
    """The figures of one, each once, also where there are figures within it."""
    result: list[Figure] = []
    spare = ("", "")
    for own in _by_owner(element):
        caption, credit = _words_of(own)
        figures = _pictures(own, base)
        if figures:
            figures[0] = replace(figures[0], caption=caption or figures[0].caption, credit=credit)
            result += figures
        elif caption or credit:
            spare = caption, credit
    result = unique(result)
    # What an outer figure says of pictures that say nothing themselves.
    if any(spare) and result:
        first = result[0]
        result[0] = Figure(first.url, spare[0] or first.caption, first.credit or spare[1])
    return result


def _pictures(own: list[Element], base: str) -> list[Figure]:
    """The pictures among elements; those for browsers without scripts where there are no others."""
    images = [node for node in own if node.tag == "img"]
    spare = [node for node in images if any(True for _ in node.iterancestors("noscript"))]
    for candidates in ([node for node in images if node not in spare], spare):
        pictures = [(picture_address(image, base), image) for image in candidates]
        figures = [Figure(address, _alt(image)) for address, image in pictures if address]
        if figures:
            return figures
    return []


def _by_owner(element: Element) -> list[list[Element]]:
    """Elements within a figure, grouped by the innermost figure around them."""
    owners: dict[Element, Element] = {}
    groups: dict[Element, list[Element]] = {}
    for node in islice(elements(element), _MOST_NODES):
        new = node is element or is_figure(node)
        owners[node] = node if new else owners.get(node.getparent(), element)
        groups.setdefault(owners[node], []).append(node)
    return list(groups.values())


def take_figures(container: Element, base: str) -> list[Figure]:
    """Take the figures out of a text; a mark with their number stands where they were."""
    taken: list[Figure] = []
    outermost = [
        node
        for node in elements(container)
        if node is not container
        and (is_figure(node) or node.tag == "img")
        and not any(is_figure(above) for above in _above(node, container))
    ]
    for node in outermost:
        if node.tag == "img":
            address = picture_address(node, base)
            figures_here = [Figure(address, _alt(node))] if address else []
        else:
            figures_here = read_figure(node, base)
        if figures_here:
            figures_here[-1] = _with_words_beside(node, figures_here[-1])
            _mark(node, container, range(len(taken), len(taken) + len(figures_here)))
            taken += figures_here
        if (
            not figures_here
            and is_figure(node)
            and node.xpath(".//blockquote|.//table|.//pre|.//p")
        ):
            # A figure may also be of words.
            node.tag = "div"
        else:
            drop(node)
    return taken


def unique(figures: list[Figure]) -> list[Figure]:
    """Each picture once, with the words that any of its sizes has."""
    out: dict[str, Figure] = {}
    for figure in figures:
        key = picture_key(figure.url)
        out[key] = with_words_of(out[key], figure) if key in out else figure
    return list(out.values())


def with_words_of(figure: Figure, source: Figure) -> Figure:
    """The figure with the words of ``source`` where it has none of its own."""
    return replace(
        figure, caption=figure.caption or source.caption, credit=figure.credit or source.credit
    )


def _above(node: Element, container: Element) -> list[Element]:
    """Ancestors of a node below the container, the innermost first."""
    out = []
    for above in node.iterancestors():
        if above is container:
            break
        out.append(above)
    return out


def _words_of(own: list[Element]) -> tuple[str, str]:
    """Caption and credit among the elements of a figure."""
    hidden = {node for node in own if class_words(node) & _NOT_SHOWN or node.tag == "button"}
    credits_ = _outermost([n for n in own if _is_credit(n) and n not in hidden])
    captions = [node for node in own if _is_caption(node) and node not in credits_]
    best = next((n for n in captions if n.tag == "figcaption" or _exact(n)), None)
    if best is None:
        best = next(iter(captions), None)
    without = {*hidden, *credits_}
    caption = "" if best is None else words(best, _LONGEST_CAPTION, without)
    written = [words(node, 300, hidden) for node in credits_]
    credit = joined(written)
    for again in filter(None, (*written, credit)):
        caption = caption.removesuffix(again).rstrip(" (|")
    caption_words, credit_words = caption_and_credit(caption)
    return caption_words, credit or credit_words


def _outermost(nested: list[Element]) -> list[Element]:
    all_ = set(nested)
    return [node for node in nested if not any(above in all_ for above in node.iterancestors())]


def _exact(node: Element) -> bool:
    return bool({name.lower() for name in (node.get("class") or "").split()} & _CAPTIONS)


def _is_caption(node: Element) -> bool:
    return node.tag == "figcaption" or (
        "caption" in class_words(node) and not class_words(node) & _NOT_SHOWN
    )


def _is_credit(node: Element) -> bool:
    if node.tag in {"img", "source", "figure", "figcaption", "picture"}:
        return False
    if (node.get("itemprop") or "") in {"copyrightHolder", "creditText", "author"}:
        return True
    names = class_words(node)
    return bool(names & _CREDITS or {"figure", "source"} <= names) and "caption" not in names


def _alt(image: Element) -> str:
    """Alternative text of a picture; empty for a file's name."""
    alt = clean(image.get("alt") or "", _LONGEST_CAPTION)
    return "" if _FILE_NAME.fullmatch(alt) else alt


def _with_words_beside(node: Element, figure: Figure) -> Figure:
    """Take a caption and a credit from the lines that follow a picture."""
    for _ in range(2):
        beside = node.getnext()
        if beside is None or (node.tail or "").strip() or is_figure(beside):
            break
        line_beside = words(beside, 300)
        if (
            not figure.credit
            and (_is_credit(beside) or is_credit(line_beside))
            and len(line_beside) <= 150
        ):
            figure = replace(figure, credit=credit_of(line_beside))
        elif _is_caption(beside) and line_beside:
            caption, credit = caption_and_credit(words(beside, _LONGEST_CAPTION))
            figure = replace(figure, caption=caption, credit=figure.credit or credit)
        else:
            break
        drop(beside)
    return figure


def _mark(node: Element, container: Element, numbers: range) -> None:
    """Leave the numbers of figures before a node, outside of quotations and lists."""
    place = node
    for above in _above(node, container):
        if above.tag in {"blockquote", "ul", "ol", "dl", "a", "h1", "h2", "h3", "noscript", "pre"}:
            place = above
    for number in numbers:
        mark = place.makeelement("p")
        mark.text = FIGURE_MARK.format(number)
        place.addprevious(mark)
