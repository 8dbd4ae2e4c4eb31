"""What programs read of a Problem: kind, status, and the wait that a server asks for."""

import pickle
from datetime import UTC, datetime, timedelta

import pytest

from radiotui.net.client import status_problem
from radiotui.net.http_date import retry_after
from radiotui.problems import Problem, ProblemKind

NOW = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, ProblemKind.AUTH),
        (403, ProblemKind.FORBIDDEN),
        (404, ProblemKind.NOT_FOUND),
        (410, ProblemKind.GONE),
        (418, ProblemKind.BAD_STATUS),
        (429, ProblemKind.TOO_MANY_REQUESTS),
        (503, ProblemKind.SERVER),
    ],
)
def test_every_status_has_its_kind(status: int, kind: ProblemKind):
    problem = status_problem(status, "https://knau.org/")
    assert (problem.kind, problem.status) == (kind, status)
    assert not problem.kind.is_unreached


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(seconds=120)),
        (" 120 ", timedelta(seconds=120)),
        ("Fri, 06 Mar 2026 12:05:00 GMT", timedelta(minutes=5)),
        ("Fri, 06 Mar 2026 11:00:00 GMT", timedelta(0)),
        ("99999999999999999999", timedelta(days=366)),
        ("-5", timedelta(0)),
        ("٣", timedelta(0)),
        ("soon", timedelta(0)),
        ("", timedelta(0)),
    ],
)
def test_a_server_may_ask_for_a_wait(header: str, wait: timedelta):
    problem = status_problem(429, "https://knau.org/", headers={"retry-after": header})
    assert problem.retry_wait(NOW) == wait


def test_no_header_is_no_wait():
    assert retry_after("") is None
    assert Problem("x").retry_wait(NOW) == timedelta(0)


def test_all_of_it_survives_other_words_and_other_processes():
    problem = status_problem(410, "https://knau.org/", headers={"retry-after": "5"})
    for copy in (problem.reworded(), pickle.loads(pickle.dumps(problem))):
        assert copy == problem
        assert (copy.kind, copy.status, copy.retry_after) == (
            ProblemKind.GONE,
            410,
            timedelta(seconds=5),
        )
    other = problem.reworded(title="KNAU", hint="")
    assert (str(other), other.detail, other.kind) == ("KNAU", problem.detail, ProblemKind.GONE)
