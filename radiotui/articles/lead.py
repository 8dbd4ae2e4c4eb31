"""The picture above an article's text."""

from __future__ import annotations

from msgspec.structs import replace

from radiotui.articles.body import ArticleBody
from radiotui.articles.boilerplate import is_card
from radiotui.articles.embeds import FILMS, film_of
from radiotui.articles.figures import (
    is_figure,
    read_figure,
    unique,
    with_words_of,
    words_beside,
    words_of_figure,
)
from radiotui.documents.html_tree import Element, HtmlPage, class_words, elements
from radiotui.documents.model import Figure
from radiotui.documents.photo_signs import stands_for_none
from radiotui.documents.picture_urls import picture_address, picture_key

_ELSEWHERE = {"nav", "aside", "footer", "form", "ps-promo"}
_OF_A_FIGURE = ("video", "iframe", "blockquote", "table", "pre")
_ELSEWHERE_WORDS = {
    *("ad", "ads", "advert", "author", "avatar", "banner", "byline", "comments", "logo"),
    *("menu", "newsletter", "promo", "promos", "recirc", "related", "sidebar", "sponsor"),
}


def figures_above(page: HtmlPage, container: Element, default: Figure | None) -> list[Figure]:
    """The figures of the article that stand before its text.

    A picture without words of its own counts where it is the one that the page
    names (``default``). All of the article's, where its text has no place on the page.
    """
    key = picture_key(default.url) if default else None
    figures: list[Figure] = []
    scope = _scope(page, container)
    of_the_text = _of_the_text(container, scope)
    for node in elements(scope):
        if node is container:
            break
        if not (is_figure(node) or (key and node.tag == "img")):
            continue
        above = _above(node, of_the_text)
        if any(is_figure(ancestor) for ancestor in above) or _elsewhere(node, above):
            continue
        if is_figure(node):
            figures += read_figure(node, page.base)
        elif node.tag == "img" and key:
            address = picture_address(node, page.base)
            if address and picture_key(address) == key:
                figures.append(Figure(address))
    return sorted(figures, key=lambda figure: picture_key(figure.url) != key)


def film_above(page: HtmlPage, container: Element) -> str:
    """Address of the film of the article that stands before its text; empty without one."""
    scope = _scope(page, container)
    of_the_text = _of_the_text(container, scope)
    for node in elements(scope):
        if node is container:
            break
        film = film_of(node, page.base) if node.tag in FILMS else None
        if film and not _elsewhere(node, _above(node, of_the_text)):
            return film
    return ""


def picture_with_words(page: HtmlPage, container: Element, picture: Figure | None) -> Figure | None:
    """The picture that the page names, with the words of the figure that a script puts it into.

    That figure has none yet, and stands above the text or below its first line.
    """
    if picture is not None and not (picture.caption or picture.credit):
        picture = with_words_of(picture, _same_above(page, container, picture))
    first = next((figure for figure in _scope(page, container).iter("figure")), None)
    if picture is None or first is None or any(True for _ in first.iter(*_OF_A_FIGURE)):
        return picture
    if any(picture_address(image, page.base) for image in first.iter("img")):
        return picture
    inside = any(above is container for above in first.iterancestors())
    before = first.getprevious() if inside else None
    if before is not None and before.getprevious() is not None:
        return picture
    caption, credit = words_of_figure(first)
    return Figure(picture.url, caption, credit) if caption or credit else picture


def _same_above(page: HtmlPage, container: Element, picture: Figure) -> Figure:
    """The picture that the page names, as it stands above the text, wherever that is."""
    key = picture_key(picture.url)
    name = key.rpartition("/")[2]
    for image in elements(page.root):
        if image is container:
            break
        if image.tag != "img" or not any(name in value.lower() for value in image.attrib.values()):
            continue
        address = picture_address(image, page.base)
        if address is None or picture_key(address) != key:
            continue
        box = next(filter(is_figure, image.iterancestors()), None)
        figures = read_figure(box, page.base) if box is not None else []
        same = [figure for figure in figures if picture_key(figure.url) == key]
        return same[0] if same else Figure(address, *words_beside(image))
    return picture


def with_lead(
    body: ArticleBody, above: Figure | None, page_picture: Figure | None
) -> tuple[ArticleBody, Figure | None]:
    """The body and the photo above it, which is not among its parts.

    The picture that the page names (``page_picture``) goes there from its place between the
    paragraphs, but not past another one.
    """
    parts = list(body.parts)
    if page_picture is not None and stands_for_none(page_picture.url):
        page_picture = None
    key = picture_key(page_picture.url) if page_picture else None
    if above is None and parts and isinstance(parts[0], Figure):
        above = parts[0]
    if above is not None:
        own = picture_key(above.url)
        same = [p for p in parts if isinstance(p, Figure) and picture_key(p.url) == own]
        for copy in (*same, *([page_picture] if page_picture and key == own else [])):
            above = with_words_of(above, copy)
        rest = tuple(part for part in parts if part not in same)
        return replace(body, parts=rest), above
    figures = [part for part in parts if isinstance(part, Figure)]
    same = [figure for figure in figures if picture_key(figure.url) == key]
    if page_picture is None or (same and same[0] is not figures[0]):
        return body, None
    for figure in same:
        page_picture = with_words_of(figure, page_picture)
    rest = tuple(part for part in parts if part not in same)
    return replace(body, parts=rest), page_picture


def with_slides(body: ArticleBody, slides: list[Figure]) -> ArticleBody:
    """The body below the rest of a slideshow that stands above it: figures with words."""
    own = {picture_key(part.url) for part in body.parts if isinstance(part, Figure)}
    fresh = [s for s in slides if (s.caption or s.credit) and picture_key(s.url) not in own]
    return replace(body, parts=(*unique(fresh), *body.parts)) if fresh else body


def _scope(page: HtmlPage, container: Element) -> Element:
    """The article that the text stands in."""
    for above in container.iterancestors("article", "main"):
        return above
    inner = page.root.xpath("//article|//main|//*[@role='main']")
    if container.getroottree().getroot() is not page.root:
        return inner[0] if inner else page.root
    up = [container, *container.iterancestors()]
    return up[min(2, len(up) - 1)]


def _of_the_text(container: Element, scope: Element) -> set[Element]:
    """The text and what it stands in: no place for other things, whatever it is called."""
    return {container, *container.iterancestors(), scope, *scope.iterancestors()}


def _above(node: Element, of_the_text: set[Element]) -> list[Element]:
    return [ancestor for ancestor in node.iterancestors() if ancestor not in of_the_text]


def _elsewhere(node: Element, above: list[Element]) -> bool:
    return any(_is_elsewhere(ancestor) for ancestor in (node, *above[:8]))


def _is_elsewhere(element: Element) -> bool:
    names = class_words(element)
    is_called_so = bool(names & _ELSEWHERE_WORDS) or ("card" in names and is_card(element))
    return element.tag in _ELSEWHERE or is_called_so
