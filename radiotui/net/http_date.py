"""Dates and waits in HTTP headers (RFC 9110 §5.6.7, §10.2.3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_LONGEST_WAIT = timedelta(days=366)


def http_date(text: str) -> datetime | None:
    """The moment of a date header; None for what is no date."""
    try:
        moment = parsedate_to_datetime(text)
    except (OverflowError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def retry_after(text: str) -> timedelta | datetime | None:
    """The value of ``Retry-After``: seconds or a date. At most a year of seconds."""
    text = text.strip()[:40]
    if text.isascii() and text.isdecimal():
        return min(timedelta(seconds=min(int(text), 10**9)), _LONGEST_WAIT)
    return http_date(text)
