"""The one shape of every expected failure.

A :class:`Problem` is raised where it happens, carried in snapshots, and shown
with the same words on the screen, on stderr and in the log. Programs read its
``kind``, ``status`` and ``retry_after``; the words are for people only.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from radiotui.text import clean, without_password


class ProblemKind(StrEnum):
    """Kinds of failure that code may act upon."""

    OTHER = "other"
    """No code acts upon it."""
    OFFLINE = "offline"
    """This computer has no network, or no name server answers."""
    NO_HOST = "no-host"
    """The name of one host cannot be resolved, or no route leads to it; the network is there."""
    REFUSED = "refused"
    """No program listens at that address."""
    SILENT = "silent"
    """No byte came for too long."""
    BROKEN = "broken"
    """The connection broke."""
    CERTIFICATE = "certificate"
    """The TLS certificate is not valid for that server, or TLS fails."""
    NOT_HTTP = "not-http"
    """The other side does not speak HTTP."""
    REDIRECTS = "redirects"
    """The redirects never end, or lead to something that is not on the web."""
    TIMEOUT = "timeout"
    """The answer was not whole within its time."""
    TOO_BIG = "too-big"
    """More bytes or elements than are accepted."""
    BAD_ADDRESS = "bad-address"
    """The address is not one of the web."""
    FORBIDDEN = "forbidden"
    """HTTP 403."""
    NOT_FOUND = "not-found"
    """HTTP 404, or a thing that is not kept."""
    GONE = "gone"
    """HTTP 410: removed for good."""
    AUTH = "auth"
    """A login or an agreement is asked for: HTTP 401, a login wall."""
    NO_PASSWORD = "no-password"
    """The password of a login was not found: its server was not asked."""
    TOO_MANY_REQUESTS = "too-many-requests"
    """HTTP 429."""
    SERVER = "server"
    """HTTP 5xx, and servers of radio that are full or have no sound just now."""
    BAD_STATUS = "bad-status"
    """Any other HTTP status that is no answer."""
    DAMAGED = "damaged"
    """A file or an answer that cannot be parsed."""
    FULL_DISK = "full-disk"
    NOT_WRITABLE = "not-writable"
    USAGE = "usage"
    """A wrong word on the command line, in the settings or in the station list."""

    @property
    def is_unreached(self) -> bool:
        """The server was not reached or gave no HTTP answer: it was not bothered."""
        return self in _UNREACHED


_UNREACHED = {
    ProblemKind.OFFLINE,
    ProblemKind.NO_HOST,
    ProblemKind.REFUSED,
    ProblemKind.SILENT,
    ProblemKind.BROKEN,
    ProblemKind.CERTIFICATE,
    ProblemKind.NOT_HTTP,
    ProblemKind.REDIRECTS,
    ProblemKind.NO_PASSWORD,
}


def as_problem(error: Exception) -> Problem:
    """``error``, or the words for one that nobody expected."""
    if isinstance(error, Problem):
        return error
    return Problem(
        "Something unexpected went wrong",
        f"{type(error).__name__}: {clean(str(error), 120)} (the log has the details)",
    )


class Problem(Exception):  # noqa: N818 - the word everything else uses
    """An expected failure, in the listener's words.

    ``title`` says what happened in one line ("KNAU refused the connection (403)").
    ``hint`` says what to do or why it may be so; it may be empty.
    ``detail`` is for the log and ``doctor``: a URL, an errno, a parser's message.
    ``status`` is the HTTP status of a refusal, 0 without one.
    ``retry_after`` is the server's ``Retry-After``: a wait, or a moment.
    """

    def __init__(
        self,
        title: str,
        hint: str = "",
        detail: str = "",
        *,
        kind: ProblemKind = ProblemKind.OTHER,
        status: int = 0,
        retry_after: timedelta | datetime | None = None,
    ) -> None:
        # These words reach the screen, logs and reports: no password of an address is in them.
        self.title = without_password(title)
        self.hint = without_password(hint)
        self.detail = without_password(detail)
        super().__init__(self.title, self.hint, self.detail)
        self.kind = kind
        self.status = status
        self.retry_after = retry_after

    def reworded(
        self, *, title: str | None = None, hint: str | None = None, detail: str | None = None
    ) -> Problem:
        """A new problem of the same kind, without this one's traceback and all that it holds."""
        return Problem(
            self.title if title is None else title,
            self.hint if hint is None else hint,
            self.detail if detail is None else detail,
            kind=self.kind,
            status=self.status,
            retry_after=self.retry_after,
        )

    def retry_wait(self, now: datetime) -> timedelta:
        """The wait that the server asked for, counted from ``now``; never negative."""
        if self.retry_after is None:
            return timedelta(0)
        if isinstance(self.retry_after, timedelta):
            return max(timedelta(0), self.retry_after)
        return max(timedelta(0), self.retry_after - now)

    def __str__(self) -> str:
        """Title and hint as one line."""
        return f"{self.title}: {self.hint}" if self.hint else self.title

    def __eq__(self, other: object) -> bool:
        """Equality by the words."""
        return isinstance(other, Problem) and self.args == other.args

    def __hash__(self) -> int:
        return hash(self.args)
