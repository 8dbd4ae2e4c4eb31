"""Failures of the network in the listener's words: every one of them becomes a Problem here."""

from __future__ import annotations

import contextlib
import errno
import logging
import re
import socket
import ssl
from collections.abc import Iterator, Mapping

from radiotui.net.http_date import retry_after
from radiotui.net.local_network import LocalAddressError
from radiotui.net.urls import host_of, site_of
from radiotui.problems import Problem, ProblemKind
from radiotui.text import clean, without_password

log = logging.getLogger(__name__)

MIB = 1024 * 1024
_LONGEST_REASON = 200

_Judgement = tuple[ProblemKind, str, str]
"""Kind, title and hint."""

_WITHOUT_NETWORK = "the Test Signal plays without one"
_NO_NETWORK = f"this computer has no network; {_WITHOUT_NETWORK}"
_UNREACHED = {errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH, errno.EHOSTDOWN}

_STATUSES = {
    401: (
        ProblemKind.AUTH,
        "wants a name and a password (401)",
        "radiotui has none to give",
    ),
    403: (
        ProblemKind.FORBIDDEN,
        "refused the connection (403)",
        "it may be blocked in your country",
    ),
    404: (
        ProblemKind.NOT_FOUND,
        "is not there any more (404)",
        "the station may have moved it: check the address",
    ),
    410: (
        ProblemKind.GONE,
        "is gone for good (410)",
        "the station has taken it away: remove or change the address",
    ),
    429: (
        ProblemKind.TOO_MANY_REQUESTS,
        "asks for fewer questions (429)",
        "radiotui waits before it asks again",
    ),
}


# Servers of radio tell by the reason what the status does not: "ICY 401 Service Unavailable" of
# Shoutcast is a source that has gone. "503 Service Unavailable" is any server's.
_FULL = re.compile(
    r"(?i)\bfull\b|\btoo many (?:listener|client|user|connection)s?|"
    r"\b(?:listener|client|user|connection)s? (?:limit|exceeded)|"
    r"\bmax\w* (?:\w+ )?(?:listener|client|user|connection)s?"
)
_OFF_AIR = re.compile(
    r"(?i)\bunavailable|\bnot available|\boff[ -]?(?:line|air)|\bno (?:source|stream)|"
    r"\b(?:source|stream) (?:is |was )?(?:not|un|down|offline|disconnected)"
)


def status_problem(
    status: int,
    url: str,
    who: str = "",
    headers: Mapping[str, str] | None = None,
    *,
    reason: str = "",
) -> Problem:
    """The Problem of an HTTP status that is no answer; ``reason`` is what stood beside it."""
    if _FULL.search(reason[:_LONGEST_REASON]):
        kind = ProblemKind.SERVER
        title, hint = f"is full just now ({status})", "it takes no more listeners: try again later"
    elif status < 500 and _OFF_AIR.search(reason[:_LONGEST_REASON]):
        kind = ProblemKind.SERVER
        title, hint = (
            f"is off the air just now ({status})",
            "its server has no sound: try again later",
        )
    elif status in _STATUSES:
        kind, title, hint = _STATUSES[status]
    elif status >= 500:
        kind = ProblemKind.SERVER
        title, hint = f"has a fault of its own ({status})", "try again later"
    else:
        kind = ProblemKind.BAD_STATUS
        title, hint = f"answered {status}", "that is not what radiotui asked for"
    wait = (headers or {}).get("retry-after", "")
    return Problem(
        f"{_name(url, who)} {title}",
        hint,
        f"{status} {without_password(url)}",
        kind=kind,
        status=status,
        retry_after=retry_after(wait),
    )


def too_big(url: str, cap: int, who: str) -> Problem:
    """The Problem of an answer with more than ``cap`` bytes."""
    return Problem(
        f"{_name(url, who)} sent more than {cap // MIB} MB",
        "that is too much for what it should be, and was not read",
        without_password(url),
        kind=ProblemKind.TOO_BIG,
    )


def too_slow(url: str, seconds: float, who: str) -> Problem:
    """The Problem of an answer that was not whole in time."""
    return Problem(
        f"{_name(url, who)} did not finish answering in {seconds:.0f} s",
        "the network or the server may be slow",
        without_password(url),
        kind=ProblemKind.TIMEOUT,
    )


def damaged(url: str, error: Exception, who: str) -> Problem:
    """The Problem of a body that cannot be unpacked."""
    return Problem(
        f"{_name(url, who)} sent a damaged answer",
        "what it packed cannot be unpacked",
        f"{without_password(url)}: {error}",
        kind=ProblemKind.DAMAGED,
    )


def bad_address(url: str) -> Problem:
    """The Problem of an address that is not asked."""
    return Problem(
        f"{without_password(url)!r} is not a web address",
        "it should begin with http:// or https://",
        kind=ProblemKind.BAD_ADDRESS,
    )


@contextlib.contextmanager
def plain_words(url: str, who: str) -> Iterator[None]:
    """Turn whatever asking ``url`` raises into a Problem.

    Everything: below this stand five libraries, and a server chooses which line of them runs.
    """
    try:
        yield
    except Problem:
        raise
    except Exception as error:
        raise _problem(error, url, who) from error


def _problem(error: Exception, url: str, who: str) -> Problem:
    name, host = _name(url, who), host_of(url)
    cause = _root_cause(error)
    kind, title, hint = (
        _judgement_of_way(error, name)
        or _judgement(error, name)
        or _judgement_by_cause(cause, name, host)
    )
    if kind is ProblemKind.BROKEN and not isinstance(cause, OSError):
        log.warning("unexpected, of %s", without_password(url), exc_info=error)
    detail = f"{without_password(url)}: {type(error).__name__}: {without_password(str(error))}"
    return Problem(title, hint, detail, kind=kind)


def _judgement_of_way(error: Exception, name: str) -> _Judgement | None:
    """The words where the question was not sent to the server at all."""
    from radiotui.net.transport import ProxyFailureError

    if isinstance(error, LocalAddressError):
        hint = f"{clean(error.host, 80)} is asked only where your station list names it"
        return ProblemKind.BAD_ADDRESS, f"{name} leads into the local network", hint
    if isinstance(error, ProxyFailureError):
        hint = "HTTP_PROXY, HTTPS_PROXY or ALL_PROXY names it"
        title = f"{name}: the proxy {error.proxy.address} does not help"
        return ProblemKind.OFFLINE, title, "; ".join(filter(None, (clean(str(error), 80), hint)))
    return None


def _judgement(error: Exception, name: str) -> _Judgement | None:
    """The words for an error by its own kind."""
    import httpx

    if isinstance(error, httpx.TooManyRedirects):
        title = f"{name} sends radiotui in circles"
        return ProblemKind.REDIRECTS, title, "its redirects never end"
    if (
        isinstance(error, httpx.UnsupportedProtocol | httpx.InvalidURL | UnicodeError)
        or "location header" in str(error)  # httpx calls that a protocol error
    ):
        title = f"{name} points to what is not a web address"
        return ProblemKind.REDIRECTS, title, clean(without_password(str(error)), 120)
    if "Timeout" in type(error).__name__:
        return ProblemKind.SILENT, f"{name} is silent", "nothing came for too long"
    if "ProtocolError" in type(error).__name__:
        return ProblemKind.NOT_HTTP, f"{name} does not answer as a web server should", ""
    return None


def _judgement_by_cause(cause: BaseException, name: str, host: str) -> _Judgement:
    """The words for an error by the system's error behind it."""
    if isinstance(cause, socket.gaierror) or getattr(cause, "errno", None) in _UNREACHED:
        return _judgement_offline(cause, name, host)
    if isinstance(cause, ssl.SSLCertVerificationError):
        title = f"{name} could not prove who it is"
        return ProblemKind.CERTIFICATE, title, clean(cause.verify_message)
    if isinstance(cause, ssl.SSLError):
        hint = "its TLS is broken or too old"
        return ProblemKind.CERTIFICATE, f"{name}: no secure connection", hint
    if isinstance(cause, ConnectionRefusedError):
        hint = "the server is down, or the port is wrong"
        return ProblemKind.REFUSED, f"{name}: nobody answers there", hint
    return ProblemKind.BROKEN, f"{name}: the connection broke", ""


def _judgement_offline(cause: BaseException, name: str, host: str) -> _Judgement:
    """The words where no way leads to a host: it, or the whole network, is not there."""
    has_network = _has_network()
    kind = ProblemKind.NO_HOST if has_network else ProblemKind.OFFLINE
    hint = "check the address, and the network" if has_network else _NO_NETWORK
    if isinstance(cause, socket.gaierror) and cause.errno != socket.EAI_AGAIN:
        title = f"there is no {host}"
        # A name that is made of the host says it already.
        return kind, title if site_of(host) in name else f"{name}: {title}", hint
    if not has_network:
        return ProblemKind.OFFLINE, f"{name}: this computer has no network", _WITHOUT_NETWORK
    if isinstance(cause, socket.gaierror):
        title = f"{name}: no name server answers"
        return ProblemKind.OFFLINE, title, f"the network may be down; {_WITHOUT_NETWORK}"
    return kind, f"{name}: no way leads there", "the network may be down"


def _has_network() -> bool:
    """True while this computer has a way to any other. Nothing is sent."""
    for family, address in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, 9))
            return True
    return False


def _root_cause(error: BaseException) -> BaseException:
    """The OSError behind httpx's and anyio's wrappings, or ``error`` itself."""
    cause = error
    queue: list[BaseException | None] = [error]
    while queue:
        current = queue.pop(0)
        if current is None:
            continue
        if isinstance(current, OSError):
            cause = current
            if type(current) is not OSError:
                return current
        queue += [current.__cause__, current.__context__]
        if isinstance(current, BaseExceptionGroup):
            queue += current.exceptions
    return cause


def _name(url: str, who: str) -> str:
    return who or host_of(url) or url
