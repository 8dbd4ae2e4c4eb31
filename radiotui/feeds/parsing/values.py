"""Single values of a feed: a line of text, a date, a length of sound."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from html import unescape

from radiotui.text import clean

# A date outside of these is a clock that was never set, or a mistake.
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_LONGEST_SOUND = 7 * 24 * 3600

_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")
_NOT_WORDS = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[a-zA-Z]\w{1,30});")

_EPOCH = re.compile(r"1\d{9}(?:\d{3})?(?:\.\d{1,9})?")
_DAY_AND_MONTH = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?:\.|er|º)?\s+(?:de\s+)?(?P<month>[^\W\d_]{3,10})\.?,?\s+"
    r"(?:del?\s+)?(?P<year>\d{4})"
    r"(?:\D{1,6}(?P<hour>\d{1,2})\s?[:h]\s?(?P<minute>\d{2})(?::(?P<second>\d{2}))?)?"
    r"(?:\s?Uhr)?\s{0,3}(?P<zone>[+-]\d{2}:?\d{2}|[a-z]{1,4})?",
    re.IGNORECASE,
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar jänner jän janvier janv enero ene",
            "februar feber février fevrier févr fevr fév febrero",
            "märz maerz mär mrz mars marzo",
            "avril avr abril abr",
            "mai mayo",
            "juni juin junio",
            "juli juillet juil julio",
            "août aout agosto ago",
            "septembre septiembre setiembre set",
            "oktober okt octobre octubre",
            "novembre noviembre",
            "dezember dez décembre decembre déc diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}
# English and those that write theirs like it: "3. April 2026", "7 de mar de 2026".
_SHARED_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("jan", "feb", "mar", "apr april", "may", "jun", "jul", "aug august"),
            *("sep sept september", "oct", "nov november", "dec"),
        ),
        start=1,
    )
    for name in names.split()
}
_ZONES = {"mez": 1, "mesz": 2, "cet": 1, "cest": 2, "wet": 0, "west": 1, "eet": 2, "eest": 3}

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
        text = entities(_TAG.sub("", _NOT_WORDS.sub("", text)))
    return clean(entities(text), limit)


def entities(text: str) -> str:
    """The text with its character references decoded.

    Only those with their semicolon: "AT&notes" means no "¬".
    """
    return _ENTITY.sub(lambda match: unescape(match[0]), text) if "&" in text else text


def whole_number(text: str) -> int | None:
    """Whole number in ASCII digits; None for anything else."""
    return int(text) if re.fullmatch("[0-9]{1,15}", text.strip()) else None


def likely(moment: datetime | None) -> datetime | None:
    """The date, unless it is one at which nothing was published."""
    return moment if moment and _FIRST_YEAR <= moment.year <= _LAST_YEAR else None


def uncommon_date(text: str, *, shared: bool = False) -> datetime | None:
    """A date that feedparser takes for another one, or for none.

    Seconds or milliseconds since 1970, and the month's name in German, French or Spanish;
    with ``shared`` also where English has the same name for the month.
    """
    text = text.strip()[:100]
    if _EPOCH.fullmatch(text):
        whole, _, _ = text.partition(".")
        seconds = float(text) / (1000 if len(whole) == 13 else 1)
        return likely(datetime.fromtimestamp(seconds, UTC))
    match = _DAY_AND_MONTH.search(text)
    if match is None:
        return None
    name = match["month"].lower()
    month = _MONTHS.get(name) or (_SHARED_MONTHS.get(name) if shared else None)
    if month is None:
        return None
    year, day = int(match["year"]), int(match["day"])
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    try:
        zone = _zone(match["zone"] or "")
        moment = datetime(year, month, day, hour, minute, second, tzinfo=zone)
        return likely(moment.astimezone(UTC))
    except (OverflowError, ValueError):
        return None


def iso_date(text: str | None) -> datetime | None:
    """An ISO 8601 date with its time."""
    try:
        moment = datetime.fromisoformat((text or "").strip())
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return likely(moment.astimezone(UTC))
    except (OverflowError, ValueError):
        return None


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


def _zone(name: str) -> timezone:
    if name[:1] in {"+", "-"}:
        away = timedelta(hours=int(name[1:3]), minutes=int(name[-2:]))
        return timezone(-away if name[0] == "-" else away)
    return timezone(timedelta(hours=_ZONES.get(name.lower(), 0)))
