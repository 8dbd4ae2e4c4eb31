"""The day of an article whose page tells none in its data: in its text, its address, its markup."""

from __future__ import annotations

import copy
import logging
from datetime import datetime

from radiotui.articles.metadata import moment
from radiotui.documents.html_tree import HtmlPage

log = logging.getLogger(__name__)

_MOST_ELEMENTS = 8000


def day_on_page(page: HtmlPage) -> datetime | None:
    """The day that the page was published, where its markup or its address tell it."""
    if page.root.xpath("count(//*)") > _MOST_ELEMENTS:
        return None
    import htmldate

    try:
        day = htmldate.find_date(
            copy.deepcopy(page.root), extensive_search=False, original_date=True, url=page.url
        )
    except Exception as error:
        log.info("%s: no date could be found: %r", page.url, error)
        return None
    return moment(day)
