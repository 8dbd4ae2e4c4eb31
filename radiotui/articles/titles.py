"""The headline of an article among the titles that its page has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from radiotui.articles.prose import bare
from radiotui.documents.html_tree import HtmlPage, words
from radiotui.net.urls import host_of

_BETWEEN = re.compile(r"\s+[|–—·•»«:/-]{1,2}\s+|\s*[|｜]\s*")
_AT_A_BAR = re.compile(r"\s+[|–—·]\s+")
_DAY = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}\.? \w{3,9} (?:19|20)\d\d")
_WORD = re.compile(r"\w+")
_SHORTEST_SITE = 3
_MOST_WORDS_OF_A_SITE = 6
_MOST_PARTS = 6


def headlines(page: HtmlPage) -> list[str]:
    """The page's own headings of the first order, those of the article before the others."""
    nodes = page.root.xpath("//article//h1|//main//h1") or page.root.xpath("//h1")
    return [line for line in (words(node, 500) for node in nodes[:5]) if line]


def window_title(page: HtmlPage) -> str:
    """The title of the page's window."""
    return next((words(node, 500) for node in page.root.xpath("//title")), "")


def best_title(titles: Sequence[str], page: HtmlPage, site: str) -> str:
    """The first of the titles, the data's, without the site's name.

    What a page's data calls a headline may be something else: where two of the others agree on
    the heading that is shown, that one is it.
    """
    shown = headlines(page)
    named = [without_site(title, page, site, shown) for title in titles if title]
    if not named:
        window = window_title(page)
        title = without_site(window, page, site, shown)
        return shown[0] if shown else _AT_A_BAR.split(title)[0] if title == window else title
    best = _whole(named[0], named[1:] + shown)
    if not titles[0]:
        # No data that could mean something else by it.
        return best
    window = without_site(window_title(page), page, site, shown)
    for headline in shown:
        same = [title for title in (*named[1:], window) if bare(title) == bare(headline)]
        if same and bare(best) != bare(headline) and not _agrees(best, named[1:]):
            return headline
    return best


def without_site(title: str, page: HtmlPage, site: str, shown: Iterable[str] = ()) -> str:
    """A title without the site's name, a section or a date before or behind it."""
    ours = {bare(headline) for headline in shown if headline}
    if bare(title) in ours:
        return title
    gaps = list(_BETWEEN.finditer(title))[:_MOST_PARTS]
    for gap in gaps:
        for part in (title[: gap.start()], title[gap.end() :]):
            if bare(part) in ours:
                return part.strip()
    for gap in reversed(gaps):
        if _is_site(title[gap.end() :], page, site):
            title = title[: gap.start()]
        else:
            break
    first = _BETWEEN.search(title)
    if first and _is_site(title[: first.start()], page, site):
        title = title[first.end() :]
    return title.strip()


def _is_site(part: str, page: HtmlPage, site: str) -> bool:
    part = part.strip()
    if _DAY.fullmatch(part):
        return True
    name = bare(part)
    host = host_of(page.url).removeprefix("www.")
    labels = [bare(label) for label in host.split(".")[:-1]]
    if name in {bare(site), bare(host), *labels} or (name and name == bare("".join(labels))):
        return True
    # "The Fog" is "Fog" and "The Fog Daily", and no foghorn.
    short, long = sorted((_WORD.findall(part.casefold()), _WORD.findall(site.casefold())), key=len)
    is_name = len("".join(short)) >= _SHORTEST_SITE and len(long) <= _MOST_WORDS_OF_A_SITE
    return is_name and short in (long[: len(short)], long[-len(short) :])


def _agrees(title: str, others: Iterable[str]) -> bool:
    return any(bare(other) == bare(title) for other in others)


def _whole(title: str, others: Iterable[str]) -> str:
    """The title, or the longer one that it was cut from."""
    begin = bare(title.rstrip(" .…"))
    if title.rstrip().endswith(("…", "...")) and len(begin) > 20:
        return next((t for t in others if bare(t).startswith(begin) and len(t) > len(title)), title)
    return title
