"""Checks for the values of the station list: one for each kind of value.

Each takes what TOML gave and returns what the model wants, cleaned, or raises
:class:`FieldError` with the mend in plain words.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from datetime import time
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from radiotui.net.urls import LONGEST_URL, is_web
from radiotui.text import clean, nearest, shorten, without_password

Check = Callable[[Any], Any]

TEST_SIGNAL = "test-signal"
"""The id of the built-in station; no file may take it."""

_ID = re.compile(r"[a-z0-9_-]{1,64}")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*)://")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Compiled with their first use: few lists have any of them.
_CLOCK = r"(\d{1,2}):(\d{2})"
_HEADER = r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}"
_HEADER_VALUE = r"[\x21-\x7e](?:[\x20-\x7e]{0,2000}[\x21-\x7e])?"
_DELAY = r"(?:([0-9]{1,2})h)?\s*(?:([0-9]{1,4})m)?"
_MOST_HEADERS = 20
_LONGEST_DELAY = 24 * 3600
_OWN_HEADERS = {
    *("accept-encoding", "connection", "content-length", "content-type", "expect", "host"),
    *("icy-metadata", "range", "te", "trailer", "transfer-encoding", "upgrade"),
}
"""Headers that the program sets itself."""
_LONGEST_FOLDER = 60
_DEEPEST_FOLDER = 5


class FieldError(ValueError):
    """A value is not what its key wants; the message is the mend."""


def line(value: object) -> str:
    """One line of text, which may be empty."""
    if not isinstance(value, str):
        raise FieldError(f"expected text, got {got(value)}")
    return clean(value)


def name(value: object) -> str:
    """One line of text that says something."""
    if text := line(value):
        return text
    raise FieldError("expected a name, got an empty text")


def identity(value: object) -> str:
    """An id, as it is typed on the command line."""
    text = line(value)
    if _ID.fullmatch(text):
        return text
    usual = re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-")[:64]
    mend = f", write for example {usual}" if usual else ""
    raise FieldError(f"expected lower case letters, digits, - and _, got {got(value)}{mend}")


def station_id(value: object) -> str:
    """An id that is not the built-in station's."""
    text = identity(value)
    if text == TEST_SIGNAL:
        raise FieldError(f"{TEST_SIGNAL} is the built-in station, choose another id")
    return text


def address(value: object) -> str:
    """A web address: http or https, with a server's name."""
    if not isinstance(value, str):
        raise FieldError(f"expected text, got {got(value)}")
    if len(value) > LONGEST_URL:
        raise FieldError(f"an address may have {LONGEST_URL} characters, got {len(value)}")
    text = clean(value, LONGEST_URL)
    scheme = _SCHEME.match(text)
    if scheme is None:
        raise FieldError(
            f"expected an address that begins with http:// or https://, got {got(text)}"
        )
    if scheme[1].lower() not in {"http", "https"}:
        meant = nearest(scheme[1].lower(), ["https", "http"])
        mend = f", did you mean {meant}://?" if meant else ""
        raise FieldError(f"expected http:// or https://, got {got(text)}{mend}")
    if " " in text:
        raise FieldError(f"an address has no spaces, got {got(text)}")
    if not is_web(text):
        raise FieldError(_fault(text, scheme[0]))
    return text


def _fault(text: str, scheme: str) -> str:
    try:
        parts = urlsplit(text)
        if parts.hostname and parts.port != 0:
            return f"there can be no server {got(parts.netloc)}"
    except ValueError as error:
        return f"{got(text)} is no web address ({clean(str(error), 80)})"
    return f"expected a server behind {scheme}, got {got(text)}"


def homepage(value: object) -> str:
    """A web address, or nothing."""
    return "" if value == "" else address(value)


def addresses(value: object) -> tuple[str, ...]:
    """Web addresses: one text, or a list of texts."""
    return tuple(address(text) for text in _texts(value))


def folder(value: object) -> str:
    """A folder's name; a slash leads into a folder within it: "News/Arizona"."""
    parts = (shorten(part.strip(), _LONGEST_FOLDER) for part in line(value).split("/"))
    return "/".join([part for part in parts if part][:_DEEPEST_FOLDER])


def urls(value: object) -> tuple[str, ...]:
    """At least one web address."""
    if checked := addresses(value):
        return checked
    raise FieldError("expected at least one address, got an empty list")


def timezone(value: object) -> str:
    """The name of a time zone this computer knows."""
    from zoneinfo import ZoneInfo

    text = line(value)
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        meant = nearest(text[:64], _zones())
        mend = f"did you mean {meant}?" if meant else 'write for example "America/Phoenix"'
        raise FieldError(f"there is no time zone {got(text)}, {mend}") from None
    return text


def headers(value: object) -> tuple[tuple[str, str], ...]:
    """Headers of a request: a table of names and texts."""
    if not isinstance(value, dict) or len(value) > _MOST_HEADERS:
        raise FieldError(f'expected {{ Referer = "https://…" }}, got {got(value)}')
    for key, text in value.items():
        if not re.fullmatch(_HEADER, key) or key.lower() in _OWN_HEADERS:
            raise FieldError(f"there can be no header {got(key)}")
        if not isinstance(text, str) or not re.fullmatch(_HEADER_VALUE, text):
            raise FieldError(f"expected a line of plain text for {key}, got {got(text)}")
    return tuple(value.items())


def encoding(value: object) -> str | None:
    """The name of a text encoding, or nothing."""
    text = line(value)
    if not text:
        return None
    try:
        codecs.lookup(text)
        b"title".decode(text, "replace")  # lookup also finds codecs that make no text, such as zlib
    except (LookupError, ValueError):
        mend = 'write for example "cp1251", "iso-8859-1" or "utf-8"'
        raise FieldError(f"there is no encoding {got(text)}, {mend}") from None
    return text


def days(value: object) -> frozenset[int]:
    """Days of the week, Monday 0: "daily", "mon-fri", "sat,sun", "fri-mon"."""
    numbers: set[int] = set()
    for part in ",".join(_texts(value)).lower().split(","):
        first, dash, last = (word.strip() for word in part.replace("–", "-").partition("-"))
        if (first, dash) == ("daily", ""):
            numbers.update(range(7))
        elif first in _DAYS and (last in _DAYS or not dash):
            begin = _DAYS.index(first)
            length = (_DAYS.index(last or first) - begin) % 7
            numbers.update((begin + day) % 7 for day in range(length + 1))
        else:
            raise FieldError(
                f'expected days such as "mon-fri", "sat,sun" or "daily", got {got(value)}'
            )
    return frozenset(numbers)


def clock(value: object) -> time:
    """A time of day, "16:30"; "24:00" is midnight."""
    if isinstance(value, time):
        return value.replace(tzinfo=None)
    match = re.fullmatch(_CLOCK, clean(value)) if isinstance(value, str) else None
    if match is None:
        raise FieldError(f'expected a time such as "16:30", got {got(value)}')
    hour, minute = int(match[1]), int(match[2])
    if (hour, minute) == (24, 0):
        return time()
    if hour > 23 or minute > 59:
        raise FieldError(f'expected a time from "00:00" to "24:00", got {got(value)}')
    return time(hour, minute)


def delay(value: object) -> float:
    """A length of time in seconds, "3h", "90m" or "1h30m", up to a day."""
    match = re.fullmatch(_DELAY, value.strip()) if isinstance(value, str) else None
    if match is None or not any(match.groups()):
        raise FieldError(f'expected a length of time such as "3h" or "1h30m", got {got(value)}')
    seconds = int(match[1] or 0) * 3600 + int(match[2] or 0) * 60
    if seconds > _LONGEST_DELAY:
        raise FieldError(f'expected at most "24h", got {got(value)}')
    return float(seconds)


def tables(mend: str) -> Check:
    """A check for a list of tables; ``mend`` shows how one is written."""

    def check(value: object) -> list[dict[str, Any]]:
        if not isinstance(value, list):
            raise FieldError(f"expected a list of tables, got {got(value)}: write {mend}")
        for entry in value:
            if not isinstance(entry, dict):
                raise FieldError(f"expected a list of tables, got {got(entry)} in it: write {mend}")
        return value

    return check


def got(value: object) -> str:
    """A wrong value in a few words, as the file writes it."""
    if isinstance(value, str):
        return f'"{shorten(without_password(clean(value)), 60)}"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "a table"
    if isinstance(value, int) and abs(value) > 10**18:
        return "a very long number"  # Python refuses to write out thousands of digits
    return str(value)


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list):
        raise FieldError(f"expected text or a list of texts, got {got(value)}")
    for entry in value:
        if not isinstance(entry, str):
            raise FieldError(f"expected text or a list of texts, got {got(entry)} in the list")
    return value


@cache
def _zones() -> list[str]:
    from zoneinfo import available_timezones

    return sorted(available_timezones())
