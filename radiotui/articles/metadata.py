"""Metadata of an article: title, names, dates, site."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from itertools import islice

import msgspec

from radiotui.articles.bylines import names
from radiotui.documents.html_tree import Element, HtmlPage, class_words, elements, words
from radiotui.documents.model import Figure, StoryAudio
from radiotui.documents.photo_signs import stands_for_none
from radiotui.net.urls import parts_of, web_link
from radiotui.text import clean

_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")
_LONGEST_BYLINE = 200
_NAME_CLASSES = (
    ("byline", "Byline"),
    ("author-name", "authorName", "author__name", "article-author", "entry-author", "post-author"),
)
_BY = re.compile(r"(?:By|BY|Von|Par|Por)\s+(?:[^\W\d_a-z][\w.’'-]*\s+){1,3}[^\W\d_a-z]")
_MOST_BELOW_A_HEADLINE = 40
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2}(?:\.\d+)?)")
_ISO_SPAN = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?", re.IGNORECASE)
_LONGEST_SOUND = 24 * 3600.0

_TITLES: tuple[str, ...] = ("og:title", "twitter:title", "dc.title", "parsely-title")
_AUTHORS: tuple[str, ...] = (
    "author",
    "authors",
    "byl",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
)
_AUTHORS += (
    "dcterms.creator",
    "article:author",
    "article:author_name",
    "og:author",
    "citation_author",
)
_AUTHORS += ("rbauthors", "cxenseparse:author", "article.author", "shareaholic:article_author_name")
_PICTURES: tuple[str, ...] = (
    "og:image",
    "og:image:url",
    "og:image:secure_url",
    "twitter:image",
    "twitter:image:src",
)
_PICTURES += ("parsely-image-url", "sailthru.image.full", "thumbnail")
_WRITTEN_BY = re.compile(
    r"(?:written|posted) by|authors?|verfasst von|geschrieben von|escrito por|[ée]crit par",
    re.IGNORECASE,
)
_PUBLISHED: tuple[str, ...] = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
)
_PUBLISHED += ("date", "pubdate", "dc.date", "dc.date.issued", "sailthru.date", "publishdate")
_UPDATED = ("article:modified_time", "og:updated_time", "datemodified", "last-modified")
_SITES = ("og:site_name", "application-name", "twitter:app:name:iphone")


class Metadata(msgspec.Struct, frozen=True):
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
                for field_ in msgspec.structs.fields(Metadata)
            )
        )


class Marked(msgspec.Struct, frozen=True):
    """An article whose place on the page is known."""

    container: Element
    facts: Metadata


def line(text: object, limit: int = 500) -> str:
    """A text of a page's data, which may hold entities and tags, as one clean line."""
    if not isinstance(text, str):
        return ""
    return clean(html.unescape(_TAG.sub(" ", html.unescape(text[: limit * 8]))), limit)


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
    links = (web_link(address, page.base) for name in _PICTURES for address in tags.get(name, ()))
    picture = next((link for link in links if link and not stands_for_none(link)), None)
    sound = web_link(_first(tags, ("og:audio", "og:audio:url", "og:audio:secure_url")), page.base)
    return Metadata(
        title=clean(_first(tags, _TITLES)),
        byline=names(tags.get("author", ()))
        or names(_visible_names(page))
        or next(filter(None, (names(tags.get(name, ())) for name in _AUTHORS)), "")
        or names(_labelled_names(tags)),
        published=_first_moment(tags, _PUBLISHED) or _visible_time(page, "datePublished"),
        updated=_first_moment(tags, _UPDATED) or _visible_time(page, "dateModified"),
        site=clean(_first(tags, _SITES), 100),
        url=_own_address(page, tags),
        picture=Figure(picture, line(_first(tags, ("og:image:alt",)), 1000)) if picture else None,
        audio=StoryAudio(sound) if sound else None,
    )


def _meta_tags(page: HtmlPage) -> dict[str, list[str]]:
    tags: dict[str, list[str]] = {}
    for tag in page.root.xpath("//meta[@content]")[:500]:
        name = tag.get("property") or tag.get("name") or tag.get("itemprop") or ""
        if tag.get("content").strip():
            tags.setdefault(name.strip().lower(), []).append(tag.get("content")[:5000])
    return tags


def _labelled_names(tags: dict[str, list[str]]) -> list[str]:
    """Authors in the cards of social networks: a label "Written by", and its value."""
    return [
        value
        for number in range(1, 4)
        if _WRITTEN_BY.fullmatch(_first(tags, (f"twitter:label{number}",)).strip())
        for value in tags.get(f"twitter:data{number}", ())
    ]


def _first(tags: dict[str, list[str]], keys: tuple[str, ...]) -> str:
    return next((tags[name][0] for name in keys if name in tags), "")


def _first_moment(tags: dict[str, list[str]], keys: tuple[str, ...]) -> datetime | None:
    return next(filter(None, (moment(_first(tags, (name,))) for name in keys)), None)


def _visible_names(page: HtmlPage) -> list[str]:
    """Lines with names, by the markup that stands for authors; the surest first."""
    for nodes in _name_places(page):
        lines = [_names_line(node) for node in nodes[:10] if not _in_a_card(node)]
        if any(map(names, ([line_] for line_ in lines))):
            return lines
    # No markup says so, but the first words below the headline do.
    headline = next(page.root.iter("h1"), None)
    below = () if headline is None else _with_words_behind(headline)
    lines = [_names_line(node) for node in islice(below, _MOST_BELOW_A_HEADLINE)]
    return [line_ for line_ in lines if _BY.match(line_)][:1]


def _with_words_behind(node: Element) -> Iterator[Element]:
    """The elements behind one that have words of their own, in their order."""
    for above in (node, *node.iterancestors()):
        for beside in above.itersiblings():
            for inner in elements(beside):
                texts = (inner.text, *(child.tail for child in inner))
                if inner.tag != "script" and any(text and not text.isspace() for text in texts):
                    yield inner


def _name_places(page: HtmlPage) -> Iterator[list[Element]]:
    with_property = page.with_attribute("itemprop")
    authors = {node for node in with_property if "author" in node.get("itemprop")}
    yield [
        node
        for node in with_property
        if node.get("itemprop") == "name" and not authors.isdisjoint(node.iterancestors())
    ]
    yield [
        node
        for node in page.with_attribute("itemprop", "rel")
        if node in authors or (node.tag == "a" and "author" in (node.get("rel") or ""))
    ]
    for classes in _NAME_CLASSES:
        yield page.with_class(*classes)
    yield page.root.xpath("//article//address|//main//address")
    yield [
        node
        for node in page.with_class("author")
        if "author" in node.get("class").split()
        and next(node.iterancestors("header"), None) is not None
    ]


def _names_line(node: Element) -> str:
    """The text of a byline; only its links to people where it has them."""
    byline = words(node, 250, parts_apart=True)
    people = node.xpath(".//*[contains(@rel, 'author') or @itemprop='name']")
    if node.tag != "a" and people:
        return ", ".join(dict.fromkeys(words(person, 100) for person in people[:6]))
    return byline if len(byline) <= _LONGEST_BYLINE else ""


def _visible_time(page: HtmlPage, property_: str) -> datetime | None:
    nodes = [n for n in page.with_attribute("itemprop") if n.get("itemprop") == property_]
    for node in nodes[:5]:
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


def _own_address(page: HtmlPage, tags: dict[str, list[str]]) -> str:
    canonical = page.root.xpath("//link[contains(@rel, 'canonical')]/@href")[:1]
    for address in (*canonical, _first(tags, ("og:url",))):
        link = web_link(address, page.base)
        # Some sites name their front page on every page.
        if link and (parts_of(link).path.strip("/") or not parts_of(page.url).path.strip("/")):
            return link
    return web_link(page.url) or page.url
