"""Pages as npr.org makes them."""

from __future__ import annotations

from radiotui.articles.bylines import names
from radiotui.articles.metadata import Marked, Metadata, moment
from radiotui.documents.html_tree import HtmlPage, by_class, words


def npr(page: HtmlPage) -> Marked | None:
    """A page as npr.org makes them: ``#storytext``."""
    body = next((n for n in page.with_attribute("id") if n.get("id") == "storytext"), None)
    if body is None:
        return None
    headline = page.root.xpath("//*[contains(@class, 'storytitle')]//h1")
    byline = page.root.xpath("//*[@aria-label='Byline' or @id='storybyline']")
    people = [
        person
        for place in byline[:3]
        for person in by_class(place, "byline__name") or place.xpath(".//a") or [place]
    ]
    times = page.root.xpath("//*[contains(@class, 'dateblock')]//time/@datetime")
    facts = Metadata(
        title=next((words(node, 500) for node in headline), ""),
        byline=names(words(node, 120) for node in people),
        published=next(filter(None, map(moment, times)), None),
    )
    return Marked(body, facts)
