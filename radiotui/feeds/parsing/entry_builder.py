"""One entry: what feedparser and the second pass say of it, checked, bounded and made harmless.

Nothing of it is shown but as :func:`line` or as our own blocks, and no address
is kept that is not :func:`web_link`'s.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from msgspec.structs import replace

from radiotui.documents.feed_figures import picture_name
from radiotui.documents.model import Blocks, Figure
from radiotui.feeds.parsing.bylines import byline_of
from radiotui.feeds.parsing.dates import feed_date
from radiotui.feeds.parsing.enclosures import enclosures_of
from radiotui.feeds.parsing.identity import Names, digest_of, short_name
from radiotui.feeds.parsing.model import NO_EPISODE, Episode, ParsedEntry, write_facts
from radiotui.feeds.parsing.notes import MARKUP, Detail, content_of, text_key
from radiotui.feeds.parsing.values import line, sound_length, whole_number
from radiotui.net.urls import web_link
from radiotui.store.stories import Enclosure
from radiotui.text import clean

if TYPE_CHECKING:
    from radiotui.feeds.parsing.extensions import ItemExtras

_MOST_FIGURES = 50
_LONGEST_TITLE = 500
_LONGEST_CONTENT = 1_000_000

_PARAMETER = re.compile(r"&(?=[A-Za-z]\w{0,30}=)")
# Tags that end a line; others may be words of a title: "How <b> works".
_BREAK = re.compile(r"<(?:br|p|hr)\b[^<>]{0,100}>", re.IGNORECASE)


@dataclass(slots=True)
class Draft:
    """An entry whose content is not yet made for reading: most entries of a refresh are known."""

    entry: ParsedEntry
    """All that is known of it so far."""
    names: Names
    content: str
    is_html: bool
    base: str
    """What links in the content are relative to."""

    @property
    def digest(self) -> str:
        """Hash of what is stored of the entry; it stands in the store of every listener.

        Plain values only: with a class's name in it, renaming the class would make
        everything that is stored look changed.
        """
        if not self.entry.digest:
            entry = self.entry
            values: tuple[object, ...] = (
                *(entry.title, entry.link, entry.byline, entry.published, entry.updated),
                *(self.content, self.is_html, self.base),
                [(file.url, file.type, file.length, file.seconds) for file in entry.enclosures],
                [(figure.url, figure.caption, figure.credit) for figure in entry.figures],
            )
            if entry.episode != NO_EPISODE:
                values = (*values, write_facts(entry.episode))
            self.entry = replace(entry, digest=digest_of(repr(values)))
        return self.entry.digest

    def finish(self) -> ParsedEntry:
        """The entry with its body and all its pictures."""
        from radiotui.articles.serialise import write_blocks

        blocks, figures = self._blocks()
        return replace(
            self.entry,
            digest=self.digest,
            body=write_blocks(blocks),
            figures=_all_figures(figures, self.entry.figures)[:_MOST_FIGURES],
        )

    def _blocks(self) -> tuple[Blocks, tuple[Figure, ...]]:
        if not self.content:
            return (), ()
        if not self.is_html:
            from radiotui.documents.runs import text_to_blocks

            return text_to_blocks(self.content), ()
        from radiotui.documents.html_to_blocks import html_with_figures

        # libxml2 reads "&copy=2" in an address as "©=2"; HTML 5 does not.
        return html_with_figures(_PARAMETER.sub("&amp;", self.content), self.base)


def _all_figures(within: tuple[Figure, ...], beside: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """The pictures of the content, then those that the feed tells of besides; each once."""
    if not (within and beside):
        return within or beside
    beside_by_name = {picture_name(figure.url): figure for figure in beside}
    figures = [
        _together(figure, beside_by_name.pop(picture_name(figure.url), None)) for figure in within
    ]
    captions = {figure.caption for figure in figures if figure.caption}
    figures += [figure for figure in beside_by_name.values() if figure.caption not in captions]
    return tuple(figures)


def _together(figure: Figure, same: Figure | None) -> Figure:
    if same is None:
        return figure
    caption, credit = figure.caption or same.caption, figure.credit or same.credit
    return Figure(figure.url, caption, credit)


def draft_of(
    raw: Any, extra: ItemExtras, base: str, *, is_atom: bool, feed_base: str = ""
) -> Draft | None:
    """An entry as feedparser has it, with what the second pass adds; None for an empty one.

    Relative guids are joined with ``feed_base``, which the feed itself says. Raises
    AttributeError, LookupError, TypeError or ValueError for an entry that makes no sense.
    """
    extra = _with_feedparsers(raw, extra, base)
    link = extra.address or _link(raw, base)
    enclosures = enclosures_of(raw, extra, base, is_atom=is_atom)
    content = content_of(raw, extra)
    title = _title(raw, extra, is_atom=is_atom) or detail_line(content, 100)
    if not title and not link and not enclosures:
        return None
    updated = _date(raw, "updated")
    published = _date(raw, "published") or updated
    guid, file = _guid(raw, extra, feed_base), enclosures[0].url if enclosures else ""
    names = Names(guid, link or "", enclosure=file, title_and_date=f"{title} {published}")
    entry = ParsedEntry(
        guid=short_name(names.usual),
        title=title or "Untitled",
        link=link,
        byline=_byline(raw, extra),
        published=published,
        updated=updated,
        body="",
        digest="",
        enclosures=enclosures,
        figures=extra.figures or _enclosed_picture(enclosures),
        episode=extra.episode,
    )
    return Draft(
        entry,
        names,
        content=(content.get("value") or "")[:_LONGEST_CONTENT],
        is_html=_is_html(content, may_guess=not is_atom or extra.is_untyped),
        base=web_link(content.get("base"), base) or link or base,
    )


def _guid(raw: Any, extra: ItemExtras, feed_base: str) -> str:
    """The guid; feedparser joins it with the base of whatever text stands before it."""
    guid = clean(raw.get("id") or "", 10_000)
    if guid == extra.guid or not extra.guid or not guid.endswith(extra.guid):
        return guid
    try:
        return urljoin(feed_base, extra.guid)
    except ValueError:
        return extra.guid


def _is_html(content: Detail, *, may_guess: bool) -> bool:
    """Only Atom says what is HTML; of a second description in RSS feedparser has to guess."""
    if content.get("type") != "text/plain":
        return True
    return may_guess and bool(MARKUP.search(content["value"][:_LONGEST_CONTENT]))


def _with_feedparsers(raw: Any, extra: ItemExtras, base: str) -> ItemExtras:
    """The additions, with feedparser's own where broken XML left the second pass none."""
    seconds = extra.seconds or sound_length(str(raw.get("itunes_duration") or ""))
    episode = extra.episode
    if episode == NO_EPISODE:
        image = raw.get("image")
        episode = Episode(
            season=whole_number(str(raw.get("itunes_season") or "")),
            number=whole_number(str(raw.get("itunes_episode") or "")),
            kind=line(str(raw.get("itunes_episodetype") or ""), 20).lower(),
            image=web_link(image.get("href"), base) if isinstance(image, Mapping) else None,
            seconds=seconds,
        )
    if seconds == extra.seconds and episode == extra.episode:
        return extra
    return replace(extra, seconds=seconds, episode=episode)


def _link(raw: Any, base: str) -> str | None:
    """The link that feedparser has; it takes a guid for one, where an entry has no other."""
    address = raw.get("link")
    is_guid = address == raw.get("id") and not (address or "").startswith(("http:", "https:", "/"))
    return None if is_guid else web_link(address, base)


def _title(raw: Any, extra: ItemExtras, *, is_atom: bool) -> str:
    """The entry's own title: those of its pictures and authors overwrite feedparser's detail."""
    detail = raw.get("title_detail")
    own = text_key(extra.title or str(raw.get("title") or ""))
    if not detail or (own and text_key(str(detail.get("value") or "")) != own):
        title = str(raw.get("title") or "")
        if extra.title and text_key(title) != own:
            title = extra.title
        detail = {"value": title, "type": "text/plain" if is_atom else "text/html"}
    value = str(detail.get("value") or "")
    if detail.get("type") == "text/plain" and not is_atom and _BREAK.search(value):
        detail = {"value": value, "type": "text/html"}
    return detail_line(detail, _LONGEST_TITLE)


def detail_line(detail: Mapping[str, Any] | None, limit: int) -> str:
    """A title as feedparser has it, as one line."""
    if not detail:
        return ""
    return line(str(detail.get("value") or ""), limit, is_html=detail.get("type") != "text/plain")


def _byline(raw: Any, extra: ItemExtras) -> str:
    if extra.creators or extra.authors:
        return byline_of(extra.creators) or byline_of(extra.authors)
    # Where feedparser sees an address in an author it leaves a part of it in the name.
    authors = (author for author in raw.get("authors", []) if not author.get("email"))
    return byline_of(str(author.get("name") or "") for author in authors)


def _enclosed_picture(enclosures: tuple[Enclosure, ...]) -> tuple[Figure, ...]:
    return tuple(
        Figure(enclosure.url) for enclosure in enclosures if enclosure.type.startswith("image/")
    )[:1]


def _date(raw: Any, key: str) -> datetime | None:
    # Asked with "in" first: feedparser's get() warns when it has only the other date.
    return feed_date(str(raw[key])) if key in raw else None
