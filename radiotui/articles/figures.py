"""Figures: pictures with caption and credit, taken from where they stand."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from itertools import islice

from msgspec.structs import replace

from radiotui.documents.credits import (
    caption_and_credit,
    credit_of,
    is_credit,
    joined,
    without_credit,
)
from radiotui.documents.html_to_blocks import FIGURE_MARK
from radiotui.documents.html_tree import (
    Element,
    class_words,
    drop,
    elements,
    is_visually_hidden,
    text_of,
    words,
)
from radiotui.documents.model import Figure
from radiotui.documents.picture_urls import picture_address, picture_key
from radiotui.text import clean

_LONGEST_CAPTION = 2000
_LONGEST_NAMES = 500
_MOST_NODES = 3000
_MOST_FIGURES = 300
"""Of one text, before those are left out that are there twice."""
_CAPTIONS = {"figure-caption", "caption", "wp-caption-text"}
_CAPTION = re.compile(
    r"caption|cutline|legend|bildunterschrift|bildtext|didascalia|pie-?de-?foto|infodescription",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"credits?(?![a-z])|copyright|photographer|attribution|byline|bildquelle|figure-source"
    r"|(?:photo|image|picture)-?(?:source|author|by(?![a-z]))|bildrechte|fotograf",
    re.IGNORECASE,
)
_CREDIT_IN_A_FIGURE = re.compile(
    r"(?:^|[\s_-])(?:source|author|agency|owner|rights|provider|urheber|quelle|autor\w*|fuente"
    r"|fonte)"
    r"(?=[\s_-]|$)",
    re.IGNORECASE,
)
_TIME_OF_DAY = re.compile(
    r"\b(?:19|20)\d\d\b.*\d:\d\d|\d:\d\d\s*(?:[ap]\.?m\b|uhr\b)|\b(?:19|20)\d\d at \d",
    re.IGNORECASE,
)
_LONGEST_CREDIT = 200
_LONGEST_PLAIN_CAPTION = 300
"""Characters in a figure that no markup calls a caption."""
_NOT_SHOWN = {"hide", "toggle", "enlarge"}
_OF_PICTURES = {"img", "source", "figure", "picture"}
_FILE_NAME = re.compile(
    r"[\w.() -]*\.(?:jpe?g|png|webp|gif)|(?:img|dsc|image|photo)[\d_ -]*", re.IGNORECASE
)


def is_figure(element: Element) -> bool:
    """Test for a picture with its words: HTML's, Grove's, npr.org's, WordPress's."""
    if element.tag == "figure":
        return True
    names = element.get("class")
    return bool(names) and _names_a_figure(names)


@lru_cache(maxsize=1024)
def _names_a_figure(names: str) -> bool:
    classes = set(names[:_LONGEST_NAMES].split())
    return bool({"Figure", "wp-caption"} & classes) or {"bucketwrap", "image"} <= classes


def read_figure(element: Element, base: str) -> list[Figure]:
    """The figures of one, each once, also where there are figures within it."""
    result: list[Figure] = []
    spare = ("", "")
    groups = _by_owner(element)
    owners = {own[0] for own in groups}
    for own in groups:
        caption, credit = _words_of(own, owners)
        figures = _pictures(own, base)
        if figures:
            alt, named = caption_and_credit(without_credit(figures[0].caption, credit))
            figures[0] = Figure(figures[0].url, caption or alt, credit or named)
            result += figures
        elif caption or credit:
            spare = caption, credit
    result = unique(result)
    # What an outer figure says of pictures that say nothing themselves.
    if any(spare) and result:
        first = result[0]
        result[0] = Figure(first.url, spare[0] or first.caption, first.credit or spare[1])
    return result


def words_of_figure(element: Element) -> tuple[str, str]:
    """Caption and credit of a figure, also of one without a picture."""
    groups = _by_owner(element)
    caption, credit = _words_of(groups[0], {own[0] for own in groups})
    beside = element.getnext()
    if caption or credit or beside is None or not says_of_a_picture(beside):
        return caption, credit
    return caption_and_credit(_line(beside, _LONGEST_CAPTION))


def words_beside(image: Element) -> tuple[str, str]:
    """Caption and credit right behind the box that holds a picture alone."""
    for node in (image, *image.iterancestors()):
        if (node.text or "").strip() or (node.tail or "").strip() or node.tag in {"main", "body"}:
            break
        beside = node.getnext()
        if beside is not None:
            says = says_of_a_picture(beside)
            return caption_and_credit(_line(beside, _LONGEST_CAPTION)) if says else ("", "")
    return "", ""


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
        if len(taken) >= _MOST_FIGURES:
            drop(node)
            continue
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


def says_of_a_picture(node: Element) -> bool:
    """Test for the element of a caption or a credit, by its name; a byline may be the story's."""
    names = node.get("class") or ""
    may = node.tag == "figcaption" or node.get("itemprop") or _names_words(names)
    is_byline = "byline" in names.lower()
    return bool(may) and (_is_caption(node) or (not is_byline and _is_credit(node)))


@lru_cache(maxsize=1024)
def _names_words(names: str) -> bool:
    return bool(_CAPTION.search(names) or _CREDIT.search(names))


def _above(node: Element, container: Element) -> list[Element]:
    """Ancestors of a node below the container, the innermost first."""
    out = []
    for above in node.iterancestors():
        if above is container:
            break
        out.append(above)
    return out


def _words_of(own: list[Element], owners: Collection[Element]) -> tuple[str, str]:
    """Caption and credit among the elements of a figure, the first of which holds the rest."""
    hidden = {node for node in own if _is_hidden(node)}
    credits_ = _outermost([n for n in own if _is_credit(n, within=True) and n not in hidden])
    captions = [node for node in own if _is_caption(node) and node not in credits_]
    makers = _makers(captions, hidden)
    credits_ = [*credits_, *makers]
    # "with-caption" may be a picture's own box, without words.
    captions = [node for node in captions if node not in makers and text_of(node).strip()]
    best = next((n for n in captions if n.tag == "figcaption" or _exact(n)), None)
    if best is None:
        best = next(iter(captions), None)
    without = {*hidden, *credits_}
    caption = "" if best is None else _line(best, _LONGEST_CAPTION, without)
    written = [_line(node, 300, hidden) for node in credits_]
    # With a time of day it is the story's byline.
    written = [line for line in written if not _TIME_OF_DAY.search(line)]
    spoken = {node for node in hidden if is_visually_hidden(node)}
    beside = {*credits_, *captions, *(hidden - spoken), *owners} - {own[0]}
    # Words for screen readers say what the words behind them are: "Image source, Reuters".
    rest = _line(own[0], _LONGEST_CAPTION, beside)
    if is_credit(rest):
        written.append(rest)
    elif not caption and len(rest) <= _LONGEST_PLAIN_CAPTION:
        caption = _line(own[0], _LONGEST_CAPTION, {*beside, *spoken})
    credit = joined(written)
    for again in filter(None, (*written, credit)):
        caption = without_credit(caption, again)
    caption_words, credit_words = caption_and_credit(caption)
    return caption_words, joined([credit, credit_words])


def _makers(captions: list[Element], hidden: Collection[Element]) -> list[Element]:
    """The captions that name the maker and nothing else, beside or within another one."""
    if len(captions) < 2:
        return []
    makers = [node for node in captions if is_credit(_line(node, _LONGEST_CREDIT, hidden))]
    return makers if len(makers) < len(captions) else []


def _line(node: Element, limit: int, without: Collection[Element] = ()) -> str:
    return words(node, limit, without, parts_apart=True)


def _is_hidden(node: Element) -> bool:
    """Test for what is no word of the picture: buttons, and words for screen readers."""
    if node.tag in {"button", "noscript"} or is_visually_hidden(node):
        return True
    return bool(class_words(node) & _NOT_SHOWN) and node.tag != "img"


def _outermost(nested: list[Element]) -> list[Element]:
    all_ = set(nested)
    return [node for node in nested if not any(above in all_ for above in node.iterancestors())]


def _exact(node: Element) -> bool:
    return bool({name.lower() for name in (node.get("class") or "").split()} & _CAPTIONS)


def _is_caption(node: Element) -> bool:
    if node.tag in _OF_PICTURES:
        return False
    return node.tag == "figcaption" or (
        bool(_CAPTION.search(node.get("class") or "")) and not class_words(node) & _NOT_SHOWN
    )


def _is_credit(node: Element, *, within: bool = False) -> bool:
    """Test for the element of a credit, also by names that mean one ``within`` a figure alone."""
    if node.tag in _OF_PICTURES or node.tag == "figcaption":
        return False
    if (node.get("itemprop") or "") in {"copyrightHolder", "creditText", "author"}:
        return True
    names = node.get("class") or ""
    if within and node.tag == "cite":
        return True
    if not (_CREDIT.search(names) or (within and _CREDIT_IN_A_FIGURE.search(names))):
        return False
    # "caption-credit" may hold both.
    holds_both = _CAPTION.search(names) and any(
        _CAPTION.search(inner) or _CREDIT.search(inner) for inner in node.xpath(".//@class")[:50]
    )
    return not holds_both and len(words(node, _LONGEST_CREDIT + 1)) <= _LONGEST_CREDIT


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
        line_beside = _line(beside, 300)
        if (
            not figure.credit
            and (_is_credit(beside) or is_credit(line_beside))
            and len(line_beside) <= 150
        ):
            figure = replace(figure, credit=credit_of(line_beside))
        elif _is_caption(beside) and line_beside:
            caption, credit = caption_and_credit(_line(beside, _LONGEST_CAPTION))
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
