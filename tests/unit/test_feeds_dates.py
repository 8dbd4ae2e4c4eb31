"""Dates as feeds write them: each right, or none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiotui.feeds.parsing.dates import feed_date

HALF_PAST_SEVEN = "2025-07-04 19:30:00"
"""UTC, a Friday."""


@pytest.mark.parametrize(
    "written",
    [
        # RFC 822 and what is made of it
        "Fri, 04 Jul 2025 19:30:00 GMT",
        "Fri, 4 Jul 2025 19:30:00 +0000",
        "Fri, 04 Jul 2025 12:30:00 -0700",
        "Fri, 04 Jul 2025 12:30:00 -0700 (PDT)",
        "Fri, 04 Jul 2025 12:30:00 PDT -0700",
        "Fri, 04 Jul 2025 12:30:00 MST-07:00",
        "Fri, 04 Jul 2025 12:30:00 -07:00",
        "Fri, 04 Jul 2025 12:30:00 -07",
        "Fri, 04 Jul 2025 12:30:00 --0700",
        "Sat, 05 Jul 2025 01:00:00 +530",
        "Fri, 04 Jul 2025 19:30:00 Z",
        "Fri, 04 Jul 2025 19:30:00 UT",
        "Fri, 04 Jul 2025 19:30:00GMT",
        "Fri,04 Jul 2025 21:30:00+0200",
        "Fri, 04 Jul 25 19:30:00 GMT",
        "Fri, 04 Jul 2025 19:30",
        "fri, 04 jul 2025, 19:30 +0000",
        "04 July 2025 19:30 UTC",
        "Fri, 04 Jul 2025 21:30:00 GMT+2",
        "Fri, 04 Jul 2025 21:30:00 UTC+02:00",
        # RFC 850, asctime, date(1), JavaScript
        "Friday, 04-Jul-25 19:30:00 GMT",
        "Fri, 04-Jul-2025 19:30:00 GMT",
        "2025-Jul-04 19:30",
        "Fri Jul  4 19:30:00 2025",
        "Fri Jul  4 12:30:00 PDT 2025",
        "Fri Jul 04 12:30:00 -0700 2025",
        "Fri Jul 04 2025 21:30:00 GMT+0200 (Central European Summer Time)",
        # Names of zones
        "Fri, 04 Jul 2025 15:30:00 EDT",
        "Fri, 04 Jul 2025 14:30:00 EST",
        "Fri, 04 Jul 2025 15:30:00 ET",
        "Fri, 04 Jul 2025 15:30:00 EST5EDT",
        "Fri, 04 Jul 2025 12:30:00 MST",
        "Fri, 04 Jul 2025 20:30:00 BST",
        "Fri, 04 Jul 2025 20:30:00 CET",
        "Fri, 04 Jul 2025 21:30:00 CEST",
        "Fri, 04 Jul 2025 22:30:00 MSK",
        "Sat, 05 Jul 2025 01:00:00 IST",
        "Sat, 05 Jul 2025 04:30:00 JST",
        "Sat, 05 Jul 2025 05:30:00 AEST",
        "Sat, 05 Jul 2025 06:30:00 AEDT",
        "Fri, 04 Jul 2025 15:30:00 America/New_York",
        "Fri, 04 Jul 2025 16:30:00 America/Argentina/Buenos_Aires",
        "2025-07-04 21:30:00 Europe/Vienna",
        # Twelve hours
        "Fri, 04 Jul 2025 07:30:00 PM +0000",
        "Fri, 04 Jul 2025 12:30 PM MST",
        "Friday, July 4, 2025 - 7:30pm",
        "Fri, July 4th, 2025 at 03:30 PM EDT",
        "July 4, 2025, 7:30 p.m.",
        "July 04 2025 07:30:00 PM",
        "Jul. 4, 2025, 7:30 p.m. UTC",
        "7/4/2025 3:30 PM EDT",
        "7/4/2025 7:30:00 PM",
        # Months by name, in any order and language
        "Jul 4, 2025 19:30 GMT",
        "Fri, Jul 4 2025 19:30:00 GMT",
        "2025 July 4, 19:30",
        "Fri, 4th Jul 2025 19:30:00 GMT",
        "Freitag, 4. Juli 2025, 21:30 Uhr MESZ",
        "Fr, 04 Jul 2025 21:30:00 +0200",
        "vendredi 4 juillet 2025 à 19h30",
        "ven., 04 juil. 2025 21:30:00 +0200",
        "vie, 4 de julio de 2025 19:30",
        "4 luglio 2025, ore 19.30",
        "4 de julho de 2025 às 19:30",
        "vrijdag 4 juli 2025 19:30",
        "piątek, 4 lipca 2025 19:30",
        "pátek 4. července 2025 19:30",
        "4 июля 2025 г. 22:30 MSK",
        "4. heinäkuuta 2025 klo 19.30",
        "fredag d. 4. juli 2025 kl. 19.30",
        "4 Temmuz 2025 19:30",
        "Παρ, 04 Ιούλ 2025 19:30:00 GMT",
        # ISO 8601 and RFC 3339
        "2025-07-04T19:30:00Z",
        "2025-07-04T19:30:00.000Z",
        "2025-07-04t19:30:00,123456789z",
        "20250704193000",
        "2025-07-04T12:30:00-07:00",
        "2025-07-04T12:30:00-0700",
        "2025-07-04T12:30:00 -0700",
        "2025-07-04T21:30+02:00",
        "2025-07-04T19:30",
        "2025-07-04T14:30:00-05:00Z",
        "20250704T193000Z",
        "2025-07-04 19:30:00 UTC",
        "2025-07-04 21:30:00 +0200 CEST",
        "2025-07-04 19:30:00.0",
        "2025-07-04 at 19:30:00",
        "2025/07/04 19:30",
        "2025.07.04 19:30",
        "2025年07月04日 19:30",
        "2025년 7월 4일 오후 7:30:00",
        "2025年7月4日 下午7時30分",
        # Days by numbers
        "04.07.2025 19:30",
        "21:30 04.07.2025 +0200",
        "4.7.25 19:30",
        "Fri, 07/04/2025 - 19:30",
        "Fri, 04/07/2025 19:30",
        "Fri, 04 07 2025 19:30:00",
        # Seconds since 1970
        "1751657400",
        "1751657400000",
    ],
)
def test_one_moment_in_many_forms(written: str) -> None:
    assert str(feed_date(written)) == f"{HALF_PAST_SEVEN}+00:00"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2025-07-04", "2025-07-04 00:00:00"),
        ("20250704", "2025-07-04 00:00:00"),
        ("2025-07-04Z", "2025-07-04 00:00:00"),
        ("2025-185", "2025-07-04 00:00:00"),
        ("2025-07", "2025-07-01 00:00:00"),
        ("2025", "2025-01-01 00:00:00"),
        ("July 2025", "2025-07-01 00:00:00"),
        ("Friday 04 July 2025", "2025-07-04 00:00:00"),
        ("4 July, 2025", "2025-07-04 00:00:00"),
        ("4 Jul 2025 GMT", "2025-07-04 00:00:00"),
        ("Fri, 04 Jul 2025 EST", "2025-07-04 00:00:00"),
        ("mar. 1 juil. 2025", "2025-07-01 00:00:00"),
        ("31.10.25", "2025-10-31 00:00:00"),
        ("31/10/2025", "2025-10-31 00:00:00"),
        ("10/31/25 21:55:58", "2025-10-31 21:55:58"),
        ("10/31/2025 12:05 AM", "2025-10-31 00:05:00"),
        ("04-Jul-1999 19:30 GMT", "1999-07-04 19:30:00"),
        ("31-10-2025 08:00", "2025-10-31 08:00:00"),
        ("Fri, 04 Jul 2025 24:00:00 GMT", "2025-07-05 00:00:00"),
        ("Tue, 30 Jun 2015 23:59:60 GMT", "2015-06-30 23:59:59"),
        ("Sun, 30 Mar 2025 12:00:00 Europe/Berlin", "2025-03-30 10:00:00"),
        ("Sat, 29 Mar 2025 12:00:00 Europe/Berlin", "2025-03-29 11:00:00"),
    ],
)
def test_days_and_edges(written: str, meant: str) -> None:
    assert str(feed_date(written)) == f"{meant}+00:00"


@pytest.mark.parametrize(
    "written",
    [
        *("", "soon", "yesterday", "3 hours ago", "3 min read", "19:30", "0", "-1", "99999-99-99"),
        # Which of two days is meant nobody says.
        *("04/07/2025", "4-7-2025", "04 07 2025", "24-03-21", "24/03/21"),
        # No such day, hour or zone.
        *("Mon, 30 Feb 2026 10:00:00 GMT", "2025-02-29", "13/13/2025", "2025-366"),
        *("Fri, 04 Jul 2025 25:00:00 GMT", "Fri, 04 Jul 2025 10:75:00 GMT"),
        *("2025-07-04 10:00:00 -13:00", "2025-07-04 10:00:00 +15:00"),
        *("Fri, 04 Jul 2025 19:30:00 XQT", "2025-07-04 19:30:00 Europe/Atlantis"),
        # More is said than is understood.
        *("4 or 5 July 2025", "July 4 to August 5 2025", "'25 July 4", "2025-07-04 19:30 mañana"),
        *("Jul 4 2025 9", "4 Brumaire 2025"),
        # Years of other calendars.
        *("2568-07-04", "1404/04/13", "令和7年7月4日", "4 ก.ค. 2568"),
        # A clock that was never set.
        *(
            "1970-01-01",
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "1 Jan 0001 00:00",
            "1 Jan 2300",
            "1.1.69",
        ),
    ],
)
def test_what_is_not_understood_is_no_date(written: str) -> None:
    assert feed_date(written) is None


@given(st.integers(631_300_000, 4_133_800_000), st.integers(-12, 14))
def test_any_moment_survives_its_writing(seconds: int, hours: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    local = moment + timedelta(hours=hours)
    sign = "-" if hours < 0 else "+"
    for form in (
        f"%a, %d %b %Y %H:%M:%S {sign}{abs(hours):02}00",
        f"%Y-%m-%dT%H:%M:%S{sign}{abs(hours):02}:00",
        f"%A, %B %d, %Y %I:%M:%S %p GMT{sign}{abs(hours)}",
    ):
        assert feed_date(local.strftime(form)) == moment


@given(
    st.tuples(
        *(st.integers(0, 33), st.sampled_from(["Jan", "Feb", "May", "Sep", "Dec"])),
        *(st.integers(1985, 2105), st.integers(0, 25), st.integers(0, 61), st.integers(0, 61)),
    ),
    st.sampled_from(["GMT", "+0000", "-0730", "+1400", "+1401", "-1300", "+0260"]),
)
def test_the_usual_form_means_what_it_means_in_small_letters(
    parts: tuple[int, str, int, int, int, int], zone: str
) -> None:
    """It is read by a shorter way than all others."""
    day, month, year, hour, minute, second = parts
    written = f"Tue, {day} {month} {year} {hour:02}:{minute:02}:{second:02} {zone}"
    assert feed_date(written) == feed_date(written.lower())


@given(st.text(max_size=120) | st.text("0123456789-/:., TZ+apmJanGMT年月日\x00", max_size=60))
def test_any_text_is_a_date_or_none(text: str) -> None:
    moment = feed_date(text)
    assert moment is None or (moment.tzinfo is UTC and 1990 <= moment.year <= 2100)
