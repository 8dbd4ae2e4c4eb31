"""One entry: what feedparser and the second pass say of it, checked, bounded and made harmless.

Nothing of it is shown but as :func:`line` or as our own blocks, and no address
is kept that is not :func:`web_link`'s.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

from radiotui.documents.feed_figures import picture_name
from radiotui.documents.model import Blocks, Figure
from radiotui.feeds.parsing.dates import feed_date
from radiotui.feeds.parsing.model import ParsedEntry
from radiotui.feeds.parsing.values import entities, line, whole_number
from radiotui.net.urls import web_link
from radiotui.store.stories import Enclosure
from radiotui.text import clean, shorten

if TYPE_CHECKING:
    from radiotui.feeds.parsing.extensions import ItemExtras

_MOST_ENCLOSURES = 20
_MOST_FIGURES = 50
_LONGEST_TITLE = 500
_LONGEST_GUID = 500
_LONGEST_CONTENT = 1_000_000

_MARKUP = re.compile(r"</[a-zA-Z][\w:-]{0,20}\s{0,5}>|<(?:br|hr|img|p)\b[^<>]*>", re.IGNORECASE)
_SOUND_FILE = re.compile(r"\.(?:mp3|m4a|m4b|aac|ogg|oga|opus|flac|wav)(?:\?|$)", re.IGNORECASE)


@dataclass(slots=True)
class Draft:
    """An entry whose content is not yet made for reading: most entries of a refresh are known."""

    entry: ParsedEntry
    """All that is known of it so far."""
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
            values = (
                *(entry.title, entry.link, entry.byline, entry.published, entry.updated),
                *(self.content, self.is_html, self.base),
                [(file.url, file.type, file.length, file.seconds) for file in entry.enclosures],
                [(figure.url, figure.caption, figure.credit) for figure in entry.figures],
            )
            self.entry = replace(entry, digest=_digest(repr(values)))
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

        return html_with_figures(self.content, self.base)


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


def draft_of(raw: Any, extra: ItemExtras, base: str, *, is_atom: bool) -> Draft | None:
    """An entry as feedparser has it, with what the second pass adds; None for an empty one.

    Raises AttributeError, LookupError, TypeError or ValueError for one that makes no sense.
    """
    guid = clean(raw.get("id") or "", 10_000)
    address = raw.get("link")
    # Without a link of its own an entry's guid is taken for one; often it is just a number.
    named_only = address == raw.get("id") and not (address or "").startswith(("http:", "https:"))
    link = None if named_only else web_link(address, base)
    enclosures = _with_length(tuple(_enclosures(raw, base)), extra.seconds)
    content = _content(raw, extra.told_of_media)
    title = detail_line(raw.get("title_detail"), _LONGEST_TITLE) or detail_line(content, 100)
    if not title and not link and not enclosures:
        return None
    published, updated = _date(raw, "published"), _date(raw, "updated")
    date = published or updated
    entry = ParsedEntry(
        guid=_guid(guid or link or (enclosures[0].url if enclosures else "") or f"{title} {date}"),
        title=title or "Untitled",
        link=link,
        byline=_byline(raw, extra),
        published=date,
        updated=updated,
        body="",
        digest="",
        enclosures=enclosures,
        figures=extra.figures or _enclosed_picture(enclosures),
        episode=extra.episode,
    )
    text = (content.get("value") or "")[:_LONGEST_CONTENT]
    # Only Atom says what is HTML; of a second description in RSS feedparser has to guess.
    guessed = not is_atom and _MARKUP.search(text)
    return Draft(
        entry,
        content=text,
        is_html=content.get("type") != "text/plain" or bool(guessed),
        base=web_link(content.get("base"), base) or link or base,
    )


def _content(raw: Any, told_of_media: tuple[str, ...]) -> Mapping[str, Any]:
    """The longer content where the feed has one, else the summary.

    What is said of a picture or a film counts only where nothing else is said.
    """
    candidates: list[Mapping[str, Any]] = [
        candidate
        for candidate in (*raw.get("content", []), raw.get("summary_detail"))
        if candidate and (candidate.get("value") or "").strip()
    ]
    of_media = {_squeezed(text) for text in told_of_media}
    own = (candidate for candidate in candidates if _squeezed(candidate["value"]) not in of_media)
    return next(own if of_media else iter(candidates), candidates[0] if candidates else {})


def _squeezed(text: str) -> str:
    return "".join(entities(text).split())


def _guid(name: str) -> str:
    return name if len(name) <= _LONGEST_GUID else f"sha256:{_digest(name)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def detail_line(detail: Mapping[str, Any] | None, limit: int) -> str:
    """A title as feedparser has it, as one line."""
    if not detail:
        return ""
    return line(str(detail.get("value") or ""), limit, is_html=detail.get("type") != "text/plain")


def _byline(raw: Any, extra: ItemExtras) -> str:
    names = dict.fromkeys(name for name in extra.creators if "@" not in name)
    for author in raw.get("authors", []) if not names else ():
        name = author.get("name") or ""
        if author.get("email") and "@" in raw.get("author", "").split(" ")[0]:
            # "news@knau.radio (Ann)": feedparser knows no domain's end longer than four letters.
            name = parseaddr(raw.author)[0]
        name = clean(entities(name), 100)
        if name and "@" not in name:
            names[name] = None
    return shorten(", ".join(names), 200)


def _enclosures(raw: Any, base: str) -> Iterator[Enclosure]:
    for enclosure in raw.get("enclosures", [])[:_MOST_ENCLOSURES]:
        url = web_link(enclosure.get("href"), base)
        if url is not None:
            yield Enclosure(
                url,
                clean(enclosure.get("type") or "", 100),
                whole_number(str(enclosure.get("length") or "")),
            )


def _with_length(enclosures: tuple[Enclosure, ...], seconds: float | None) -> tuple[Enclosure, ...]:
    """The length of the sound said of its first file: of an entry's sounds it is the main one."""
    if seconds is None:
        return enclosures
    for place, enclosure in enumerate(enclosures):
        if enclosure.type.startswith("audio/") or (
            not enclosure.type and _SOUND_FILE.search(enclosure.url)
        ):
            return (
                *enclosures[:place],
                replace(enclosure, seconds=seconds),
                *enclosures[place + 1 :],
            )
    return enclosures


def _enclosed_picture(enclosures: tuple[Enclosure, ...]) -> tuple[Figure, ...]:
    return tuple(
        Figure(enclosure.url) for enclosure in enclosures if enclosure.type.startswith("image/")
    )[:1]


def _date(raw: Any, key: str) -> datetime | None:
    # Asked with "in" first: feedparser's get() warns when it has only the other date.
    return feed_date(str(raw[key])) if key in raw else None
