"""Logins of servers: the user that an address is asked as, by HTTP's Basic scheme (RFC 7617).

A login goes to the server that it was given for and to no other: the same scheme, host and port.
Over http it is sent only where that is how its own address begins.
"""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import Callable, Iterable
from itertools import takewhile
from time import monotonic
from urllib.parse import unquote

import msgspec

from radiotui.net.passwords import (
    Password,
    PasswordOrigin,
    Passwords,
    ServiceAccount,
    origin_words,
)
from radiotui.net.urls import parts_of, server_of, site_of
from radiotui.problems import Problem, ProblemKind
from radiotui.text import clean, without_password

log = logging.getLogger(__name__)

_DEFAULT_PORTS = {"http": 80, "https": 443}
_FAILURE_SECONDS = 10.0
"""Time in which a password that was not found is not looked for again: a list has many pictures."""

_Origin = tuple[str, str, int]


class Login(msgspec.Struct, frozen=True):
    """The user of an address, and what is known of the password."""

    url: str
    """The address, without a name and password in it."""
    user: str
    command: str = ""
    """The command that prints the password; empty: none."""
    written: str = ""
    """The password that stands in the address itself; empty: none."""

    def __repr__(self) -> str:
        """Words without the password: they may reach a log."""
        return f"Login({self.url!r}, {self.user!r})"

    @property
    def account(self) -> ServiceAccount:
        """The account as finders of passwords know it."""
        return ServiceAccount(_service(self.url), self.user, self.command)


def login_in(address: str) -> Login | None:
    """The login that stands in an address; None where it names no user."""
    user, colon, password = parts_of(address).netloc.rpartition("@")[0].partition(":")
    if not user and not colon:
        return None
    return Login(without_password(address), unquote(user), written=unquote(password))


class Logins:
    """Logins of the listener's list, and the passwords that were found in this run.

    ``remedy`` says what asks for a password, in the listener's words.
    """

    def __init__(
        self, passwords: Passwords, *, remedy: str, clock: Callable[[], float] = monotonic
    ) -> None:
        self.passwords = passwords
        self._remedy = remedy
        self._clock = clock
        self._listed: tuple[Login, ...] = ()
        self._typed: dict[str, Login] = {}
        self._found: dict[Login, Password] = {}
        self._failures: dict[Login, tuple[float, Problem]] = {}
        self._turns: dict[Login, asyncio.Lock] = {}

    def set_list(self, logins: Iterable[Login]) -> None:
        """Use the logins of another list; those that were typed stay."""
        self._listed = tuple(logins)

    def add_typed(self, login: Login) -> None:
        """Use a login that was typed in this run, before all others."""
        self._typed[login.url] = login
        self.forget_failures()

    def drop_typed(self, url: str) -> None:
        """Use a typed login no more."""
        self._typed.pop(url, None)

    def forget_failures(self) -> None:
        """Look again for every password that was not found."""
        self._failures.clear()

    def of(self, url: str) -> Login | None:
        """The login that an address is asked with: of its server, the one with the nearest path."""
        origin, path = _origin(url), parts_of(url).path
        candidates = [
            login
            for login in (*self._typed.values(), *self._listed)
            if _may_have(_origin(login.url), origin)
        ]
        return max(candidates, key=lambda login: _common(login.url, path), default=None)

    async def password(self, login: Login) -> Password:
        """The password of a login. Raises Problem where there is none."""
        async with self._turns.setdefault(login, asyncio.Lock()):
            if login in self._found:
                return self._found[login]
            failed_at, problem = self._failures.get(login, (0.0, None))
            if problem is not None and self._clock() - failed_at < _FAILURE_SECONDS:
                raise problem.reworded()
            try:
                password = await self._look_for(login)
            except Problem as error:
                self._failures[login] = (self._clock(), error.reworded())
                raise
            self._found[login] = password
            log.info(
                "the password of %s comes %s", login, origin_words(password.origin, login.account)
            )
            return password

    async def origin(self, login: Login) -> PasswordOrigin | None:
        """Place that the password of a login comes from, or None; no command is run."""
        if login in self._found:
            return self._found[login].origin
        found = await self.passwords.origin(login.account)
        return found or (PasswordOrigin.STATION_LIST if login.written else None)

    async def authorization(self, url: str) -> str | None:
        """Header that an address is asked with; None where no login belongs to its server.

        Raises Problem where its password is not found: it is not asked without.
        """
        login = None if "@" in parts_of(url).netloc else self.of(url)
        if login is None:
            return None
        password = await self.password(login)
        if ":" in login.user:
            raise Problem(
                f"no user of {login.account.service} can be called {clean(login.user, 80)}",
                "a user's name has no colon",
                kind=ProblemKind.NO_PASSWORD,
            )
        pair = f"{login.user}:{password.value}".encode()
        return f"Basic {base64.b64encode(pair).decode('ascii')}"

    def refusal(self, url: str, answered_by: str, problem: Problem) -> Problem:
        """The words for an answer of 401 or 403: with a login they are about that.

        ``answered_by`` is the address that answered, behind all redirects.
        """
        login = None if "@" in parts_of(url).netloc else self.of(url)
        if login is None or problem.status not in {401, 403}:
            return problem
        user = clean(login.user, 80)
        if not _may_have(_origin(login.url), _origin(answered_by)):
            hint = (
                f"it leads to {site_of(answered_by)}, and the password is for {_service(url)} alone"
            )
            return problem.reworded(hint=hint)
        if problem.status == 403:
            hint = f"{user} was let in, but not to this: the subscription may have ended"
            return problem.reworded(hint=hint)
        password = self._found.pop(login, None)
        origin = f"came {origin_words(password.origin, login.account)}; " if password else ""
        title = problem.title.replace("wants a name and a password", "refused the password")
        return problem.reworded(title=title, hint=f"that of {user} {origin}{self._remedy}")

    async def _look_for(self, login: Login) -> Password:
        if login.written and login.url in self._typed:
            return Password(login.written, PasswordOrigin.TYPED)
        try:
            return await self.passwords.find(login.account)
        except Problem as problem:
            if login.written:
                return Password(login.written, PasswordOrigin.STATION_LIST)
            hint = f"{self._remedy}; or {problem.hint}" if not login.command else problem.hint
            raise problem.reworded(hint=hint) from problem


def _service(url: str) -> str:
    """Server of an address, without a port that goes without saying."""
    scheme, host, port = _origin(url)
    return server_of(url) if port != _DEFAULT_PORTS.get(scheme) else host


def _origin(url: str) -> _Origin:
    parts = parts_of(url)
    try:
        port = parts.port
    except ValueError:
        port = None
    return parts.scheme, parts.hostname or "", port or _DEFAULT_PORTS.get(parts.scheme, 0)


def _may_have(own: _Origin, asked: _Origin) -> bool:
    """True where a login of one server may be sent to another: the same, or the same by TLS."""
    host = own[1]
    return own == asked or (own == ("http", host, 80) and asked == ("https", host, 443))


def _common(url: str, path: str) -> int:
    """Number of folders that the paths of two addresses have in common."""
    pairs = zip(parts_of(url).path.split("/"), path.split("/"), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
