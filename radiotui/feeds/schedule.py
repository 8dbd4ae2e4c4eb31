"""Schedule of a feed: asked as often as it publishes, and no sooner than its server wants."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from radiotui.feeds.parsing.model import LiveItem
from radiotui.net.backoff import growing_pause
from radiotui.net.http_date import http_date
from radiotui.problems import Problem
from radiotui.store.feeds import Feed

LONGEST_WAIT = timedelta(days=31)
NEWEST_LOOKED_AT = 20
"""So many entries tell how often a feed publishes."""

_RAREST = timedelta(hours=6)
_RAREST_WHEN_FAILING = timedelta(days=7)
_NOT_REACHED_WAIT = timedelta(minutes=2)
_LIVE_WAIT = timedelta(minutes=5)
_LATEST_START = timedelta(hours=1)
"""After the time that was announced, a broadcast is still waited for so long."""


def is_due(feed: Feed, now: datetime) -> bool:
    """True when a feed may be asked again by itself.

    A time that lies ahead by more than it may was written under a wrong clock and does not count.
    """
    if feed.gone:
        return False
    if feed.asked_at is not None and feed.asked_at > now:
        return True
    return feed.next_at is None or not now < feed.next_at <= now + LONGEST_WAIT


def learnt_interval(published: Sequence[datetime], now: datetime, least: timedelta) -> timedelta:
    """Interval for a feed whose newest entries, newest first, have these times.

    Half of what usually lies between two of them, and not less than ``least``.
    """
    times = sorted((time for time in published if time <= now), reverse=True)
    if len(times) < 3:
        return least
    usual = median((late - early).total_seconds() for late, early in pairwise(times))
    return max(least, min(_RAREST, timedelta(seconds=usual / 2)))


def after_answer(
    headers: Mapping[str, str], interval: timedelta, jitter: float, now: datetime
) -> datetime:
    """Time of the next question after an answer: later than usual where the server says so.

    ``jitter`` (0 to 1) spreads the questions, so that many feeds do not come due together.
    """
    # It makes the wait shorter rather than longer: who looks once per interval finds it due.
    usual = now + interval * (1 - 0.1 * jitter)
    return max(usual, fresh_until(headers, now) or usual)


def for_broadcasts(next_at: datetime, live: Iterable[LiveItem], now: datetime) -> datetime:
    """Time of the next question where a podcast announces broadcasts: sooner while one is due.

    Only the feed tells whether one has begun, and that it has ended.
    """
    for item in live:
        start = item.start
        if item.status == "live":
            next_at = min(next_at, now + _LIVE_WAIT)
        elif item.status != "ended" and start is not None and now < start + _LATEST_START:
            next_at = min(next_at, max(start, now + _LIVE_WAIT))
    return next_at


def after_failure(
    feed: Feed, problem: Problem, interval: timedelta, jitter: float, now: datetime
) -> datetime:
    """Time of the next question after a refusal: ever less often, but never not at all."""
    longest = _RAREST_WHEN_FAILING.total_seconds()
    seconds = growing_pause(feed.failures + 1, interval.total_seconds(), longest)
    usual = now + max(timedelta(seconds=seconds), interval) * (1 - 0.1 * jitter)
    return max(usual, now + min(problem.retry_wait(now), LONGEST_WAIT))


def after_nothing(now: datetime) -> datetime:
    """Time of the next question where nobody was reached: nobody was bothered."""
    return now + _NOT_REACHED_WAIT


def fresh_until(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Until when the server says that its answer is good (RFC 9111 §5.2.2.1, §5.3)."""
    control = headers.get("cache-control", "").lower()
    if "no-store" in control or "no-cache" in control:
        return None
    age = re.search(r"max-age\s*=\s*\"?(\d{1,12})", control)
    if age is not None:
        return _in(int(age[1]), now)
    expires = http_date(headers.get("expires", ""))
    if expires is None:
        return None
    # By the server's own clock, which may be wrong.
    return _in((expires - (http_date(headers.get("date", "")) or now)).total_seconds(), now)


def _in(seconds: float, now: datetime) -> datetime | None:
    if seconds <= 0:
        return None
    return now + timedelta(seconds=min(seconds, LONGEST_WAIT.total_seconds()))
