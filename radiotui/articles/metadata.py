"""Metadata of an article: title, names, dates, site."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime

from radiotui.documents.html_tree import Element, HtmlPage, class_words, words
from radiotui.documents.model import Figure, StoryAudio
from radiotui.net.urls import parts_of, web_link
from radiotui.text import clean, shorten

_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")
_BY = re.compile(r"^(?:by|from|words by|story by|reported by)\b[\s:]*", re.IGNORECASE)
_NO_NAME = re.compile(
    r"https?:|www\.|@|^(?:admin|editor|staff|null|none|undefined)$", re.IGNORECASE
)
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2}(?:\.\d+)?)")
_ISO_SPAN = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?", re.IGNORECASE)
_LONGEST_SOUND = 24 * 3600.0

_TITLES: tuple[str, ...] = ("og:title", "twitter:title", "dc.title", "parsely-title")
_AUTHORS = ("author", "article:author", "dc.creator", "parsely-author", "sailthru.author")
_PUBLISHED: tuple[str, ...] = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
)
_PUBLISHED += ("date", "pubdate", "dc.date", "dc.date.issued", "sailthru.date", "publishdate")
_UPDATED = ("article:modified_time", "og:updated_time", "datemodified", "last-modified")
_SITES = ("og:site_name", "application-name", "twitter:app:name:iphone")


@dataclass(frozen=True, slots=True)
class Metadata:
    """Metadata of an article; empty fields are unknown."""

    title: str = ""
    byline: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    site: str = ""
    url: str = ""
    """The article's own address."""
    picture: Figure | None = None
    """The picture that stands for the article elsewhere; often the one above it."""
    audio: StoryAudio | None = None

    def completed(self, fallback: Metadata) -> Metadata:
        """These facts, and those of ``fallback`` where a field is empty."""
        return Metadata(
            *(
                getattr(self, field_.name) or getattr(fallback, field_.name)
                for field_ in fields(Metadata)
            )
        )


@dataclass(frozen=True, slots=True)
class Marked:
    """An article whose place on the page is known."""

    container: Element
    facts: Metadata


def line(text: object, limit: int = 500) -> str:
    """A text of a page's data, which may hold entities and tags, as one clean line."""
    if not isinstance(text, str):
        return ""
    return clean(html.unescape(_TAG.sub(" ", html.unescape(text[: limit * 8]))), limit)


def names(lines: Iterable[str]) -> str:
    """People as one line, without "By" and without what is no name."""
    out: dict[str, None] = {}
    for words_of_name in lines:
        name = _BY.sub("", clean(words_of_name, 120)).strip(" ,|·•")
        if name and not _NO_NAME.search(name):
            out[name] = None
    return shorten(", ".join(out), 200)


def moment(text: object, zone: tzinfo = UTC) -> datetime | None:
    """A time as aware UTC; one without a zone is ``zone``'s. None for what is no time."""
    if not isinstance(text, str):
        return None
    text = clean(text, 60)
    # Grove writes hundredths, and datetime reads only thousandths before Python 3.11.
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        try:
            time = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    try:
        time = (time if time.tzinfo else time.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return time if _FIRST_YEAR <= time.year <= _LAST_YEAR else None


def seconds(text: object) -> float | None:
    """A length of sound: 239, "239", "3:59", "PT3M59S"."""
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        return None
    written = str(text).strip()[:40]
    if re.fullmatch(r"\d{1,6}(?:\.\d{1,9})?", written):
        total = float(written)
    elif match := _CLOCK.fullmatch(written) or _ISO_SPAN.fullmatch(written):
        parts = [float(part or 0) for part in match.groups()]
        total = 0.0
        for part, size in zip(reversed(parts), (1, 60, 3600, 86400), strict=False):
            total += part * size
    else:
        return None
    return total if 0 < total <= _LONGEST_SOUND else None


def meta_facts(page: HtmlPage) -> Metadata:
    """Metadata of the page's meta tags, else of its headline, byline and time."""
    tags = _meta_tags(page)
    picture = web_link(_first(tags, ("og:image", "og:image:url", "twitter:image")), page.base)
    sound = web_link(_first(tags, ("og:audio", "og:audio:url", "og:audio:secure_url")), page.base)
    return Metadata(
        title=clean(_first(tags, _TITLES)),
        byline=names(tags.get(name, "") for name in _AUTHORS[:1]) or names(_visible_names(page)),
        published=_first_moment(tags, _PUBLISHED) or _visible_time(page, "datePublished"),
        updated=_first_moment(tags, _UPDATED) or _visible_time(page, "dateModified"),
        site=clean(_first(tags, _SITES), 100),
        url=_own_address(page, tags),
        picture=Figure(picture, line(tags.get("og:image:alt"), 1000)) if picture else None,
        audio=StoryAudio(sound) if sound else None,
    ).completed(Metadata(title=_headline(page), byline=names(tags.get(n, "") for n in _AUTHORS)))


def _meta_tags(page: HtmlPage) -> dict[str, str]:
    tags: dict[str, str] = {}
    for tag in page.root.xpath("//meta[@content]")[:500]:
        name = tag.get("property") or tag.get("name") or tag.get("itemprop") or ""
        if tag.get("content").strip():
            tags.setdefault(name.strip().lower(), tag.get("content")[:5000])
    return tags


def _first(tags: dict[str, str], keys: tuple[str, ...]) -> str:
    return next((tags[name] for name in keys if name in tags), "")


def _first_moment(tags: dict[str, str], keys: tuple[str, ...]) -> datetime | None:
    return next(filter(None, (moment(tags.get(name)) for name in keys)), None)


def _headline(page: HtmlPage) -> str:
    """The one headline on the page, or the title of its window without the site's name."""
    headlines = page.root.xpath("//article//h1|//main//h1") or page.root.xpath("//h1")
    headline = next(filter(None, (words(node, 500) for node in headlines[:5])), "")
    if headline:
        return headline
    title = next((words(node, 500) for node in page.root.xpath("//title")), "")
    return re.split(r"\s+[|–—·]\s+", title)[0]


def _visible_names(page: HtmlPage) -> list[str]:
    authors = page.root.xpath("//*[contains(@rel, 'author') or contains(@itemprop, 'author')]")
    author_names = [words(node, 100) for node in authors[:10] if not _in_a_card(node)]
    if any(author_names):
        return author_names
    for node in page.root.xpath("//*[contains(@class, 'byline')]")[:5]:
        byline = words(node, 200)
        if byline and len(byline) <= 100 and not _in_a_card(node):
            return [re.split(r"\s+[|•·]\s+|,\s+(?=\w+ \d)|\s+(?=Published|Updated)", byline)[0]]
    return []


def _visible_time(page: HtmlPage, property_: str) -> datetime | None:
    for node in page.root.xpath(f"//*[@itemprop='{property_}']")[:5]:
        time = moment(node.get("datetime") or node.get("content") or words(node, 60))
        if time:
            return time
    if property_ == "datePublished":
        for node in page.root.xpath("//article//time[@datetime]|//main//time[@datetime]")[:3]:
            if not _in_a_card(node) and (time := moment(node.get("datetime"))):
                return time
    return None


def _in_a_card(element: object) -> bool:
    """Test for an element of a comment or of another story's card."""
    return any(
        ancestor.tag == "aside"
        or class_words(ancestor) & {"card", "comment", "comments", "promo", "related"}
        for ancestor in element.iterancestors()  # type: ignore[attr-defined]
    )


def _own_address(page: HtmlPage, tags: dict[str, str]) -> str:
    canonical = page.root.xpath("//link[contains(@rel, 'canonical')]/@href")[:1]
    for address in (*canonical, tags.get("og:url", "")):
        link = web_link(address, page.base)
        # Some sites name their front page on every page.
        if link and (parts_of(link).path.strip("/") or not parts_of(page.url).path.strip("/")):
            return link
    return web_link(page.url) or page.url
