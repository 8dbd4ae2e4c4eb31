"""Single values of a feed: a line of text, a number, a length of sound."""

from __future__ import annotations

import re
from html import unescape

from radiotui.text import clean

_LONGEST_SOUND = 7 * 24 * 3600

_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")
_BLOCK = re.compile(
    r"</?(?:br|p|div|h[1-6]|li|ul|ol|tr|td|th|hr|blockquote|pre|section|article|figure)\b[^<>]*>",
    re.IGNORECASE,
)
_NOT_WORDS = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[a-zA-Z]\w{1,30});")

_CLOCK = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,4}):)?(\d{1,7}(?:[.,]\d{1,9})?)")
_UNITS = re.compile(
    r"(?:pt)?\s*(?:(\d{1,3})\s*h[a-z]*)?[\s,]*(?:(\d{1,4})\s*m[a-z]*)?[\s,]*"
    r"(?:(\d{1,7}(?:\.\d{1,9})?)\s*s[a-z]*)?\.?",
    re.IGNORECASE,
)


def line(text: str, limit: int, *, is_html: bool = True) -> str:
    """A title or a caption as one line: tags gone, entities decoded, escaped twice or not."""
    text = text[: limit * 20]
    if is_html:
        text = _BLOCK.sub(" ", _NOT_WORDS.sub("", text))
        text = entities(_TAG.sub("", text))
    return clean(entities(text), limit)


def entities(text: str) -> str:
    """The text with its character references decoded.

    Only those with their semicolon: "AT&notes" means no "¬".
    """
    return _ENTITY.sub(lambda match: unescape(match[0]), text) if "&" in text else text


def whole_number(text: str) -> int | None:
    """Whole number in ASCII digits; None for anything else."""
    return int(text) if re.fullmatch("[0-9]{1,15}", text.strip()) else None


def sound_length(text: str | None) -> float | None:
    """Seconds, as ``itunes:duration`` has them: "1:02:03", "3723", "62:03", "62 min", "PT1H2M"."""
    text = (text or "").strip()[:40]
    match = _CLOCK.fullmatch(text) or _UNITS.fullmatch(text)
    if match is None:
        return None
    hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in match.groups())
    length = hours * 3600 + minutes * 60 + seconds
    return length if 0 < length <= _LONGEST_SOUND else None


def play_time(text: str | None) -> float | None:
    """Seconds from the beginning, as Podlove's chapters have them: "00:04:12.5". 0 is one."""
    match = _CLOCK.fullmatch((text or "").strip()[:40])
    if match is None:
        return None
    hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in match.groups())
    return min(hours * 3600 + minutes * 60 + seconds, _LONGEST_SOUND)
