"""Dates as feeds write them: every form in use, and none that is only guessed.

A date is taken apart (clock, zone, day) and each part has to be understood; what is left over
must be words that say nothing. A date without a zone is taken for UTC.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import msgspec

from radiotui.feeds.parsing.calendar_words import (
    AMERICAN_ZONES,
    AROUND,
    DAYS,
    MONTHS,
    ZONES,
    ZONES_WITH_SUMMER,
)

# A date outside of these is a clock that was never set, or a mistake.
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_LONGEST = 100
_FIRST_ZONE, _LAST_ZONE = timedelta(hours=-12), timedelta(hours=14)

# As RFC 822 has it, and nearly every feed: what follows would understand the same of it, and takes
# ten times as long.
_USUAL = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d{1,2}) "
    r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4}) "
    r"(\d\d):(\d\d):(\d\d) (?:GMT|([+-])(\d\d)(\d\d))",
    re.ASCII,
)
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?(?:\.\d{1,9})?")
_COMPACT = re.compile(r"(?<![\d.,])(\d{4})(\d{2})(\d{2})(?:[t ]?(\d{2})(\d{2})(\d{2})?)?(?=$|\D)")
_DIGITS = re.compile(r"(?<![\d.,])\d{8}")
_CLOCK = re.compile(
    r"(?P<before>오전|오후|上午|下午|午前|午後)?\s?(?<![\d:.])"
    r"(?P<hour>\d{1,2})(?:\s?[:h時点시]\s?(?P<minute>\d{1,2})"
    r"(?:[:分분]\s?(?P<second>\d{1,2})(?:[.,]\d{1,9})?)?[秒초분分]?(?![\d:])"
    r"|(?=\s?[ap]\.?\s?m\b))"
    r"(?:\s?(?P<half>[ap])\.?\s?m\b\.?)?"
)
_OFFSET = re.compile(
    r"(?:\b(?:gmt|utc|ut|z)\s?(?=[+\-−]\d)|(?<![\w/:.-])-?(?=[+\-−]\d)|(?<=[a-z:])(?=[+-](?:0\d|1[0-4]):?\d\d))"
    r"(?P<sign>[+\-−])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?(?![\d/-])z?"
)
_DAY_WITH_ZONE = re.compile(r"(\d{4}-\d\d-\d\d)(?:z|[+-]\d\d:\d\d)")
_DOTTED_CLOCK = re.compile(r"\b(?:klo?|um|ore|kello)\.? (\d{1,2})\.(\d\d)(?!\.?\d)")
_COMMENT = re.compile(r"\([^()]*\)")
_ASIAN_DAY = str.maketrans({"年": "-", "년": "-", "月": "-", "월": "-", "日": " ", "일": " "})
_PLACE = re.compile(r"\b[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_]+)?\b")
_WORD = re.compile(r"[^\W\d_]+(?:\d[^\W\d_]+)?", re.UNICODE)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|ère|e|º|ª|°)\b")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([-/. ])\s?(\d{1,2})[-/. ]\s?(\d{4}|\d{2})(?!\d)")
_MONTH_OR_YEAR = re.compile(r"^\s*(\d{4})(?:-(\d{1,2}))?\s*$")
_DAY_OF_YEAR = re.compile(r"(\d{4})-(\d{3})")
_NOTHING_LEFT = re.compile(r"[\s,.;:|·•()\[\]\-–—/]*")
_AFTERNOON = {"오후", "下午", "午後"}


@dataclass(slots=True)
class _Rest:
    """The part of a date's text that is not yet understood, in small letters."""

    text: str

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The first match, which is then taken out of the text."""
        match = pattern.search(self.text)
        if match is not None:
            self.text = f"{self.text[: match.start()]} {self.text[match.end() :]}"
        return match


def feed_date(text: str | None) -> datetime | None:
    """The moment that a feed's date means; None for what is not understood as a whole."""
    text = " ".join(unicodedata.normalize("NFKC", (text or "")[:_LONGEST]).split())
    if not text:
        return None
    try:
        if usual := _USUAL.fullmatch(text):
            moment = _usual_moment(usual)
        elif _EPOCH.fullmatch(text):
            seconds = float(text) / (1000 if len(text.partition(".")[0]) == 13 else 1)
            moment = datetime.fromtimestamp(seconds, UTC)
        else:
            moment = _moment(text)
    except (LookupError, OverflowError, ValueError):
        return None
    return moment if _FIRST_YEAR <= moment.year <= _LAST_YEAR else None


def _usual_moment(match: re.Match[str]) -> datetime:
    """The moment in a date of the usual form. Raises ValueError for a day or hour that is none."""
    day, month, year, hour, minute, second, sign, hours, minutes = match.groups()
    at = datetime(int(year), MONTHS[month.lower()], int(day), tzinfo=UTC)
    offset = _zone(sign, hours, minutes).utcoffset(None) if sign else timedelta()
    return at + _time_of_day(int(hour), int(minute), int(second)) - offset


def _moment(text: str) -> datetime:
    """The moment in a date's text. Raises ValueError for what is not understood."""
    place = _PLACE.search(text)
    if place is not None:
        text = f"{text[: place.start()]} {text[place.end() :]}"
    lowered = re.sub(r"(?<=\d)t(?=\d)", " ", text.lower()).translate(_ASIAN_DAY)
    day_alone = _DAY_WITH_ZONE.fullmatch(lowered)
    rest = _Rest(day_alone[1] if day_alone else _DOTTED_CLOCK.sub(r"\1:\2", lowered))
    clock, is_half_day = _clock(rest)
    zone: tzinfo | None = ZoneInfo(place[0]) if place else None
    if clock is not None:
        zone = _offset(rest) or zone
    rest.text = rest.text.replace("(", " ").replace(")", " ")
    words = _Words.of(rest, has_first_word=text[0].isalpha())
    zone = zone or words.zone
    day = _day(rest, words, american=is_half_day or words.is_american)
    if not _NOTHING_LEFT.fullmatch(rest.text):
        raise ValueError(rest.text)
    at = datetime(day.year, day.month, day.day, tzinfo=zone or UTC)
    if clock is None:
        # A day says no hour that a zone could move.
        return at.replace(tzinfo=UTC)
    # Added to the wall clock, and not to the moment: "24:00" is the next day's beginning.
    return (at + clock).astimezone(UTC)


def _clock(rest: _Rest) -> tuple[timedelta | None, bool]:
    """The time of day, and whether it is of twelve hours."""
    compact = rest.take(_COMPACT) if _DIGITS.search(rest.text) else None
    if compact is not None:
        year, month, day, *clock = compact.groups()
        rest.text = f"{year}-{month}-{day}{rest.text}"
        hour, minute, second = (int(part or 0) for part in clock)
        return (_time_of_day(hour, minute, second) if clock[0] else None), False
    match = rest.take(_CLOCK)
    if match is None:
        return None, False
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    half = match["half"] or match["before"]
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" or half in _AFTERNOON else 0)
    return _time_of_day(hour, minute, second), bool(match["half"])


def _time_of_day(hour: int, minute: int, second: int) -> timedelta:
    whole_day = hour == 24 and not minute and not second
    if not (hour < 24 or whole_day) or minute > 59 or second > 60:
        raise ValueError("no time of day")
    # A leap second has no place in Python's calendar.
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59))


def _offset(rest: _Rest) -> tzinfo | None:
    """The zone as hours and minutes, "+0200", "GMT-7", with or without a comment."""
    match = rest.take(_OFFSET)
    if match is None:
        return None
    rest.take(_COMMENT)
    return _zone(match["sign"], match["hours"], match["minutes"])


def _zone(sign: str, hours: str, minutes: str | None) -> timezone:
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    offset = offset if sign == "+" else -offset
    if not _FIRST_ZONE <= offset <= _LAST_ZONE or int(minutes or 0) > 59:
        raise ValueError("no time zone")
    return timezone(offset)


class _Words(msgspec.Struct, frozen=True):
    """The words of a date."""

    month: int | None
    weekday: int | None
    zone: tzinfo | None
    is_american: bool

    @classmethod
    def of(cls, rest: _Rest, *, has_first_word: bool) -> _Words:
        """The words of what is left, which are taken out. Raises ValueError for an unknown one.

        A word that begins the date may be a day's name, in any language.
        """
        rest.text = _ORDINAL.sub("", rest.text)
        names = _WORD.findall(rest.text)
        months = [name for name in names if name in MONTHS]
        if len(months) > 1 and names[0] == months[0]:
            # "mar. 14 avr.": a Tuesday.
            del months[0]
        if len(set(months)) > 1:
            raise ValueError("two months")
        weekday, american = None, False
        zone: tzinfo | None = None
        for place, name in enumerate(names):
            if name in MONTHS or name in AROUND:
                continue
            if name in DAYS:
                weekday = DAYS[name]
            elif name in ZONES_WITH_SUMMER:
                zone = ZoneInfo(ZONES_WITH_SUMMER[name])
            elif name in ZONES and (place > 0 or not has_first_word):
                zone = zone or timezone(timedelta(hours=ZONES[name]))
            elif place > 0 or not has_first_word:
                raise ValueError(name)
            american = american or name in AMERICAN_ZONES
        rest.text = _WORD.sub(" ", rest.text)
        return cls(MONTHS[months[0]] if months else None, weekday, zone, american)


def _day(rest: _Rest, words: _Words, *, american: bool) -> date:
    if words.month is not None:
        return _named_day(rest, words.month)
    match = _DAY_OF_YEAR.fullmatch(rest.text.strip())
    if match is not None:
        rest.text = ""
        day = date(int(match[1]), 1, 1) + timedelta(days=int(match[2]) - 1)
        if day.year != int(match[1]):
            raise ValueError("no day of the year")
        return day
    match = rest.take(_YEAR_FIRST)
    if match is not None:
        return date(int(match[1]), int(match[2]), int(match[3]))
    match = rest.take(_YEAR_LAST)
    if match is not None:
        return _numbered_day(match, words.weekday, american=american)
    match = rest.take(_MONTH_OR_YEAR)
    if match is None:
        raise ValueError("no day")
    # As W3C's profile of ISO 8601 allows: a year, or a month of it.
    return date(int(match[1]), int(match[2] or 1), 1)


def _named_day(rest: _Rest, month: int) -> date:
    """The day of a date with its month's name, in whatever order day and year stand."""
    numbers = re.findall(r"\d+", rest.text)
    rest.text = re.sub(r"\d+", " ", rest.text)
    years = [number for number in numbers if len(number) == 4]
    if years == numbers and len(years) == 1:
        return date(int(years[0]), month, 1)
    if len(numbers) != 2 or len(years) > 1:
        raise ValueError("no day and year")
    year = years[0] if years else numbers[1]
    (day,) = [number for number in numbers if number is not year]
    return date(_year(year), month, int(day))


def _numbered_day(match: re.Match[str], weekday: int | None, *, american: bool) -> date:
    """The day of "31.3.2024" and "3/31/2024"; which of two is meant has to be said somehow."""
    first, separator, second, year = match.groups()
    candidates = list(_days(int(first), int(second), _year(year)))
    if separator == "." and candidates:
        return candidates[0]
    if len(candidates) > 1 and weekday is not None:
        candidates = [day for day in candidates if day.weekday() == weekday]
    if len(candidates) > 1 and american:
        candidates = [day for day in candidates if day.month == int(first)]
    elif len(year) == 2 and not american:
        # It may be the year that stands first.
        candidates += _days(int(year), int(second), _year(first), is_ordered=True)
    (day,) = candidates
    return day


def _days(first: int, second: int, year: int, *, is_ordered: bool = False) -> Iterator[date]:
    """The days of a year that two numbers may mean: day and month, then month and day."""
    orders = ((first, second),) if is_ordered else ((first, second), (second, first))
    for day, month in dict.fromkeys(orders):
        try:
            yield date(year, month, day)
        except ValueError:
            continue


def _year(digits: str) -> int:
    if len(digits) == 4:
        return int(digits)
    if len(digits) != 2:
        raise ValueError("no year")
    year = int(digits) + (1900 if int(digits) >= 70 else 2000)
    if year > datetime.now(UTC).year + 1:
        # Nothing is published so far ahead: it is a day.
        raise ValueError("no year")
    return year
