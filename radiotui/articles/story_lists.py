"""Lists of a site's other stories on the page of one: cards beside each other, and their label."""

from __future__ import annotations

from collections.abc import Iterator

from radiotui.articles.account import leave_out
from radiotui.articles.prose import prose_words
from radiotui.documents.html_tree import Element, HtmlPage, text_of
from radiotui.net.urls import host_of, web_link

_HEADINGS = "//h2|//h3|//h4|//h5|//h6"
_MOST_HEADINGS = 400
_LEAST_CARDS = 2
_LONGEST_TEASER = 40
"""Words of prose from which on a card is a part of the story."""
_MOST_OF_THE_PAGE = 0.4


def drop_story_lists(page: HtmlPage) -> None:
    """Take out cards that stand beside each other: a linked heading, a picture, a teaser.

    The links lead to other pages of the site: a list of things elsewhere is an article's. So is
    what holds much of the page's prose.
    """
    cards: dict[Element, list[Element]] = {}
    for card in dict.fromkeys(_cards(page)):
        cards.setdefault(card.getparent(), []).append(card)
    rows = [row for row in cards.values() if len(row) >= _LEAST_CARDS]
    prose = sum(prose_words(card) for row in rows for card in row)
    if not rows or prose > _MOST_OF_THE_PAGE * prose_words(page.root):
        return
    for row in rows:
        for card in row:
            leave_out(card, "a list of stories")


def is_own(address: str | None, page_url: str) -> bool:
    """Test for an address of the page's site; not for a place on the page itself."""
    link = web_link(address, page_url)
    if link is None or link.partition("#")[0] == page_url.partition("#")[0]:
        return False
    return _domain(link) == _domain(page_url)


def _cards(page: HtmlPage) -> Iterator[Element]:
    """The elements around one linked heading each."""
    headings = page.root.xpath(_HEADINGS)[:_MOST_HEADINGS]
    linked = [heading for heading in headings if _leads_away(heading, page)]
    holding: dict[Element, int] = {}
    for heading in linked:
        for above in heading.iterancestors():
            holding[above] = holding.get(above, 0) + 1
    for heading in linked:
        card = heading
        while (parent := card.getparent()) is not None and holding[parent] == 1:
            card = parent
        if parent is not None and card is not heading and _is_teaser(card):
            yield card


def _leads_away(heading: Element, page: HtmlPage) -> bool:
    """Test for a heading that is a link to another page of the site."""
    links = heading.xpath(".//a[@href]") or heading.xpath("ancestor::a[@href]")
    text = len(text_of(heading).strip())
    linked = sum(len(text_of(link).strip()) for link in links)
    return bool(links) and linked >= text > 0 and is_own(links[0].get("href"), page.base)


def _is_teaser(card: Element) -> bool:
    return not card.xpath(".//h1") and prose_words(card) <= _LONGEST_TEASER


def _domain(address: str) -> str:
    return ".".join(host_of(address).rsplit(".", 2)[-2:])
