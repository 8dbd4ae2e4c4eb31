"""The text of an entry: of all that a feed says of it the fullest that is its own.

feedparser keeps content, summaries and descriptions in the order in which they stand, and lets
those of pictures and authors within the entry overwrite the entry's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from radiotui.feeds.parsing.values import entities

if TYPE_CHECKING:
    from radiotui.feeds.parsing.extensions import ItemExtras

MARKUP = re.compile(r"</[a-zA-Z][\w:-]{0,20}\s{0,5}>|<(?:br|hr|img|p)\b[^<>]*>", re.IGNORECASE)
"""Signs that a text is HTML, where the feed does not say so."""

_IMAGE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_TAG_OR_ADDRESS = re.compile(r"<[^<>]*>|https?://\S+")
_NO_LETTERS = re.compile(r"[\W_]+")
_LONGEST = 1_000_000
# Content that is so much shorter than what stands beside it holds a picture and its words.
_SHORT = 3
_ENOUGH = 8
"""Letters of ASCII that tell texts apart."""
# Text with links and paragraphs is taken before a plain copy that is somewhat longer.
_WORTH_OF_MARKUP = 1.2

Detail = Mapping[str, Any]
"""A text with its type, as feedparser has it."""


def content_of(raw: Any, extra: ItemExtras) -> Detail:
    """The content where the feed has one, else the longest of the entry's own descriptions.

    What is said of a picture or a film counts only where nothing else is said.
    """
    details = [detail for detail in _details(raw) if (detail.get("value") or "").strip()]
    written = tuple(filter(None, (extra.content, *extra.notes)))
    if len(details) == 1 and written in {(), (details[0]["value"],)} and not extra.told_of_media:
        return details[0]
    by_key = {text_key(detail["value"]): detail for detail in reversed(details)}
    of_media = {text_key(text) for text in extra.told_of_media}
    # A description within another element is nobody's that the second pass knows.
    notes = [by_key.get(text_key(note)) or _as_html(note) for note in extra.notes]
    if not written:
        notes = [detail for key, detail in by_key.items() if key not in of_media][::-1]
    longest = max(notes, key=_weight, default=None)
    content = _whole(extra, details, by_key)
    if content is None:
        return longest or next(iter(details), {})
    if longest is not None and _letters(content) * _SHORT < _letters(longest):
        return _below_pictures(content, longest)
    return content


def _below_pictures(content: Detail, note: Detail) -> Detail:
    """A note, with the pictures of a content that is hardly more than them."""
    if "<img" not in content["value"][:_LONGEST]:
        return note
    is_html = note.get("type") != "text/plain" or MARKUP.search(note["value"])
    text = note["value"] if is_html else f"<p>{escape(note['value'])}</p>"
    pictures = "".join(_IMAGE.findall(content["value"][:_LONGEST]))
    return {**content, "value": pictures + text, "type": "text/html"}


def _details(raw: Any) -> Iterator[Detail]:
    yield from raw.get("content") or ()
    detail = raw.get("summary_detail")
    if detail:
        yield detail
    summary = raw.get("summary") if "summary" in raw else None
    if summary and not (detail and detail.get("value") == summary):
        # feedparser guards it from what stands deeper, but not the detail.
        yield _as_html(str(summary))


def _whole(extra: ItemExtras, details: list[Detail], by_key: Mapping[str, Detail]) -> Detail | None:
    """The entry's content proper."""
    for detail in details:
        if str(detail.get("type")).endswith("xhtml+xml"):
            return detail
    if not extra.content:
        return None
    return by_key.get(text_key(extra.content)) or _as_html(extra.content)


def _as_html(text: str) -> Detail:
    return {"value": text, "type": "text/html" if MARKUP.search(text[:_LONGEST]) else "text/plain"}


def text_key(text: str) -> str:
    """The same for one text as two libraries have it."""
    squeezed = "".join(entities(text[:_LONGEST]).split())
    plain = squeezed.encode("ascii", "ignore").decode()
    # feedparser mends letters that were coded twice.
    return plain if len(plain) >= _ENOUGH else squeezed


def _weight(detail: Detail) -> float:
    return _letters(detail) * (_WORTH_OF_MARKUP if MARKUP.search(detail["value"]) else 1)


def _letters(detail: Detail) -> int:
    return len(_NO_LETTERS.sub("", _TAG_OR_ADDRESS.sub("", entities(detail["value"][:_LONGEST]))))
