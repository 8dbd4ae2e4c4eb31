"""Metadata and text of a page's JSON-LD: NewsArticle of schema.org."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from radiotui.articles.bylines import names
from radiotui.articles.metadata import Metadata, line, moment, seconds
from radiotui.documents.credits import caption_and_credit, credit_of
from radiotui.documents.html_tree import HtmlPage
from radiotui.documents.model import Figure, StoryAudio
from radiotui.documents.photo_signs import stands_for_none
from radiotui.net.loose_json import parse_json
from radiotui.net.urls import web_link

_MOST_NODES = 2000
_MOST_BODY = 400_000
_KINDS = re.compile(r"(?:\w*Article|BlogPosting|LiveBlogPosting|Report|MedicalWebPage)\Z")
_WITHIN = ("@graph", "mainEntity", "mainEntityOfPage")
_HTML = re.compile(r"<(?:p|br|div|h[1-6]|ul|blockquote|figure)\b[^<>]*>", re.IGNORECASE)
_CDATA = re.compile(r"^\s*(?://)?\s*(?:<!--|<!\[CDATA\[)|(?://)?\s*(?:-->|\]\]>)\s*$")
_EDITORS_MARKS = re.compile(
    r"^\+\+\+[\w-]*[ \t]*\n?|^\{: *[.#][^{}\n]{0,80}\}[ \t]*$|\[#\w{1,20}: ?[^\]\n]{0,300}\]",
    re.MULTILINE,
)
_ESCAPED_TWICE = re.compile(
    r"&amp;(?=(?:quot|apos|amp|nbsp|[lr][sd]quo|[nm]dash|hellip|#\d{1,6}|#x[\da-f]{1,5});)",
    re.IGNORECASE,
)
_LOST_END = re.compile(
    r"(?<=[^\W\d_A-Z]{2}[.!?…])(?=[“\"«„‘]?[A-ZÀ-ÖØ-ÞА-Я][^\W\d_.]* ?[^\W\d_A-Z])"
)
_SENTENCE_END = re.compile(
    r"(?:(?<=[^\W\d_]{3}[.!?])|(?<=[.!?][”\"»’)])) (?=[“\"«„‘(]?[A-ZÀ-ÖØ-ÞА-Я])"
)
_LONGEST_PARAGRAPH = 1500
_USUAL_PARAGRAPH = 400

Node = dict[str, Any]


class JsonLdFacts(msgspec.Struct, frozen=True):
    """Metadata and text of a page's JSON-LD."""

    facts: Metadata = msgspec.field(default_factory=Metadata)
    body: str = ""
    """The text as it stands there: plain, or HTML."""
    is_html: bool = False
    is_free: bool = True
    """Whether one may read it without an account."""
    description: str = ""


def read_json_ld(page: HtmlPage) -> JsonLdFacts:
    """The article among a page's data; nothing where there is none."""
    nodes = list(_nodes(page.json_ld))
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
    article = next(
        (node for node in nodes if any(map(_KINDS.match, _texts(node.get("@type"))))), None
    )
    if article is None:
        return JsonLdFacts()
    body = _body_of(next(iter(_texts(article.get("articleBody"))), "")[:_MOST_BODY])
    free = article.get("isAccessibleForFree")
    return JsonLdFacts(
        _facts(article, by_id, page.base),
        body,
        bool(_HTML.search(body)),
        str(free).strip().lower() not in {"false", "https://schema.org/false"},
        next(map(line, _texts(article.get("description"))), ""),
    )


def text_as_html(body: str) -> str:
    """A body of plain text as paragraphs."""
    text = html.unescape(body)
    parts = re.split(r"\s*\n\s*", text.strip())
    if len(parts) == 1 or max(map(len, parts)) > _LONGEST_PARAGRAPH:
        parts = [paragraph for part in parts for paragraph in _paragraphs(part)]
    return "".join(f"<p>{html.escape(part)}</p>" for part in parts if part)


def _body_of(text: str) -> str:
    """A body without the marks of its editors, and with tags where they were escaped."""
    if not _HTML.search(text) and _HTML.search(unescaped := html.unescape(text)):
        text = unescaped
    return _EDITORS_MARKS.sub("", _ESCAPED_TWICE.sub("&", text)).strip()


def _paragraphs(text: str) -> Iterator[str]:
    """A text whose ends of paragraphs were lost, cut where a sentence follows without a space.

    Where that leaves a wall of text, its sentences are put together to what can be read.
    """
    for part in _LOST_END.split(text):
        paragraph = ""
        for sentence in _SENTENCE_END.split(part) if len(part) > _LONGEST_PARAGRAPH else [part]:
            paragraph = f"{paragraph} {sentence}".strip()
            if len(paragraph) > _USUAL_PARAGRAPH:
                yield paragraph
                paragraph = ""
        if paragraph:
            yield paragraph


def _nodes(scripts: tuple[str, ...]) -> Iterator[Node]:
    waiting: list[Any] = []
    for script in scripts[:20]:
        try:
            waiting.append(parse_json(_CDATA.sub("", script)))
        except (ValueError, RecursionError):
            continue
    waiting.reverse()
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        node = waiting.pop()
        if isinstance(node, list):
            waiting += reversed(node[:_MOST_NODES])
        elif isinstance(node, dict):
            yield node
            waiting += [node[key] for key in _WITHIN if isinstance(node.get(key), list | dict)]


def _facts(article: Node, by_id: dict[str, Node], base: str) -> Metadata:
    pictures = _things(article.get("image"), by_id) or _things(article.get("thumbnailUrl"), by_id)
    sounds = _things(article.get("audio") or article.get("associatedMedia"), by_id)
    publishers = _things(article.get("publisher"), by_id)
    return Metadata(
        title=next(map(line, _texts(article.get("headline") or article.get("name"))), ""),
        byline=names(
            line(name, 120)
            for author in _things(article.get("author") or article.get("creator"), by_id)[:20]
            for name in _texts(author.get("name")) or [_whole_name(author)]
        ),
        published=_moment(article.get("datePublished") or article.get("dateCreated")),
        updated=_moment(article.get("dateModified")),
        site=next((line(p.get("name"), 100) for p in publishers), ""),
        picture=next(
            filter(None, (_picture(candidate, base) for candidate in pictures[:20])), None
        ),
        audio=next(filter(None, (_sound(candidate, base) for candidate in sounds[:20])), None),
    )


def _whole_name(person: Node) -> str:
    """A name that is told in parts."""
    parts = (person.get(part) for part in ("givenName", "additionalName", "familyName"))
    return " ".join(part for part in parts if isinstance(part, str))


def _moment(value: object) -> Any:
    return next(filter(None, map(moment, _texts(value))), None)


def _picture(node: Node, base: str) -> Figure | None:
    addresses = [
        *_texts(node.get("url")),
        *_texts(node.get("contentUrl")),
        *_texts(node.get("name")),
    ]
    link = next(
        filter(None, (web_link(address, base) for address in addresses if "/" in address)), None
    )
    if link is None or stands_for_none(link):
        return None
    caption, credit_in_caption = caption_and_credit(
        line(node.get("caption") or node.get("description"), 2000)
    )
    credit = node.get("creditText") or node.get("copyrightHolder") or node.get("creator")
    if isinstance(credit, list) and credit:
        credit = credit[0]
    if isinstance(credit, dict):
        credit = credit.get("name")
    return Figure(link, caption, credit_of(line(credit, 300)) or credit_in_caption)


def _sound(node: Node, base: str) -> StoryAudio | None:
    addresses = [*_texts(node.get("contentUrl")), *_texts(node.get("url"))]
    kinds = _texts(node.get("@type"))
    if kinds and "AudioObject" not in kinds:
        return None
    link = next(filter(None, (web_link(address, base) for address in addresses)), None)
    return StoryAudio(link, seconds(node.get("duration"))) if link and kinds else None


def _things(value: object, by_id: dict[str, Node]) -> list[Node]:
    """Objects of a value that is one or a list, by name or in whole."""
    out: list[Node] = []
    for item in (value if isinstance(value, list) else [value])[:50]:
        if isinstance(item, str):
            out.append({"name": item})
        elif isinstance(item, dict):
            target = by_id.get(item.get("@id", "")) if len(item) == 1 else None
            out.append(target or item)
    return out


def _texts(value: object) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items[:50] if isinstance(item, str)]
