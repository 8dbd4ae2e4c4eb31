"""Problems for answers that are no feed, in the listener's words."""

from __future__ import annotations

import re
from html import unescape

from radiotui.feeds.parsing.feed_links import declared_feed
from radiotui.net.content import is_html
from radiotui.problems import Problem

_LINK_TAG = re.compile(r"<link\b[^<>]*>", re.IGNORECASE)
# Names have an end, so that a run of letters is looked at once and not from each letter on.
_ATTRIBUTE = re.compile(
    r"(?<![a-zA-Z-])([a-zA-Z-]{1,40})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))"
)


def not_a_feed(name: str, body: bytes, url: str, content_type: str) -> Problem:
    """Problem for ``body``, which is no feed; a page's own feed is named."""
    if not is_html(body, content_type):
        return Problem(
            f"{name} is not a feed", "it should be the address of an RSS or Atom feed", url
        )
    page = body[:200_000].decode("utf-8", "replace")
    for tag in _LINK_TAG.findall(page):
        attributes = {
            key.lower(): unescape("".join(rest)) for key, *rest in _ATTRIBUTE.findall(tag)
        }
        if address := declared_feed(attributes, url):
            hint = f"the page names a feed: {address}"
            return Problem(f"{name} is a web page, not a feed", hint, url)
    hint = "it should be the address of an RSS or Atom feed"
    return Problem(f"{name} is a web page, not a feed", hint, url)
