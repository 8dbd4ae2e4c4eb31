"""Finder of passwords: in the environment, by the listener's own command, in the keyring.

It knows services and users and nothing of what is asked there. Where a password came from is
told with it. None is ever written into a file, a log or a problem's words.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from radiotui.problems import Problem, ProblemKind
from radiotui.text import clean, shorten

if TYPE_CHECKING:
    from radiotui.net.keyring import SystemKeyring

COMMAND_SECONDS = 15.0
_MOST_BYTES = 4096
"""Bytes that a command may print: a password is one line."""
_TERMINAL_NAMES = ("GPG_TTY", "SSH_TTY")
"""Variables that lead a program which asks for a passphrase to the terminal of a screen."""
_VARIABLE = "RADIOTUI_PASSWORD_"


class PasswordOrigin(StrEnum):
    """Places that a password comes from."""

    ENVIRONMENT = "environment"
    COMMAND = "command"
    KEYRING = "keyring"
    STATION_LIST = "station-list"
    """It stands in an address of the listener's own file."""
    TYPED = "typed"
    """It was typed in this run."""


class ServiceAccount(msgspec.Struct, frozen=True):
    """A user of a service, and the command that prints the password where there is one."""

    service: str
    """Such as the host of a feed: "feeds.example.org"."""
    user: str
    command: str = ""

    @property
    def variable(self) -> str:
        """Variable of the environment that its password may stand in."""
        return _VARIABLE + variable_ending(self.service)


class Password(msgspec.Struct, frozen=True):
    """A password, and where it came from."""

    value: str
    origin: PasswordOrigin

    def __repr__(self) -> str:
        """Words without the password: they may reach a log."""
        return f"Password({self.origin.value})"


class Passwords:
    """Passwords by account. With ``has_screen`` no command is led to the terminal."""

    def __init__(
        self,
        *,
        environ: Mapping[str, str] = os.environ,
        keyring: SystemKeyring | None = None,
        command_seconds: float = COMMAND_SECONDS,
        has_screen: bool = False,
    ) -> None:
        self._environ = environ
        self._keyring = keyring
        self._command_seconds = command_seconds
        self._has_screen = has_screen

    async def find(self, account: ServiceAccount) -> Password:
        """The password of an account. Raises Problem where there is none, with why."""
        if value := self._environ.get(account.variable):
            return Password(value, PasswordOrigin.ENVIRONMENT)
        if account.command:
            return Password(await self._ask_command(account), PasswordOrigin.COMMAND)
        try:
            kept = await self._system_keyring().read(account.service, account.user)
        except Problem as problem:
            raise _no_password(account, problem.title) from problem
        if not kept:
            raise _no_password(account, "the keyring has none")
        return Password(kept, PasswordOrigin.KEYRING)

    async def origin(self, account: ServiceAccount) -> PasswordOrigin | None:
        """Place that a password would come from, or None; no command is run."""
        if self._environ.get(account.variable):
            return PasswordOrigin.ENVIRONMENT
        if account.command:
            return PasswordOrigin.COMMAND
        try:
            kept = await self._system_keyring().read(account.service, account.user)
        except Problem:
            return None
        return PasswordOrigin.KEYRING if kept else None

    async def keep(self, account: ServiceAccount, value: str) -> None:
        """Put a password into the keyring. Raises Problem where it does not take it."""
        await self._system_keyring().write(account.service, account.user, value)

    def _system_keyring(self) -> SystemKeyring:
        if self._keyring is None:
            from radiotui.net.keyring import SystemKeyring

            self._keyring = SystemKeyring()
        return self._keyring

    async def _ask_command(self, account: ServiceAccount) -> str:
        """First line that the command of an account prints. No shell reads it."""
        try:
            words = shlex.split(account.command)
        except ValueError as error:
            raise _no_command(account, f"it is not written rightly: {error}") from error
        if not words:
            raise _no_command(account, "it is empty")
        try:
            process = await asyncio.create_subprocess_exec(
                *words,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,
                env=self._command_environ(),
            )
        except (OSError, ValueError) as error:
            why = (error.strerror if isinstance(error, OSError) else None) or "it cannot be started"
            raise _no_command(account, clean(why, 100)) from error
        try:
            async with asyncio.timeout(self._command_seconds):
                output = await _whole_output(process)
                status = await process.wait()
        except TimeoutError:
            why = f"it did not end in {self._command_seconds:.0f} s"
            raise _no_command(account, why) from None
        finally:
            await _end(process)
        if output is None:
            raise _no_command(account, "it prints more than a password")
        if status:
            raise _no_command(account, f"it failed with status {status}")
        return _first_line(account, output)

    def _command_environ(self) -> dict[str, str]:
        hidden = _TERMINAL_NAMES if self._has_screen else ()
        return {name: value for name, value in self._environ.items() if name not in hidden}


def variable_ending(service: str) -> str:
    """Letters for a service in the name of a variable; no two hosts that can exist share them."""
    written = {".": "_", "-": "__", ":": "_PORT_"}
    return "".join(
        letter.upper()
        if letter.isascii() and letter.isalnum()
        else written.get(letter, f"_X{ord(letter):X}_")
        for letter in service.lower()
    )


def origin_words(origin: PasswordOrigin, account: ServiceAccount) -> str:
    """Place of a password in the listener's words: "from the keyring"."""
    return {
        PasswordOrigin.ENVIRONMENT: f"from ${account.variable}",
        PasswordOrigin.COMMAND: "by its password_command",
        PasswordOrigin.KEYRING: "from the keyring",
        PasswordOrigin.STATION_LIST: "from the station list, where it stands in the address",
        PasswordOrigin.TYPED: "as it was typed",
    }[origin]


def ways_to_give(account: ServiceAccount) -> str:
    """Ways to give a password that need no keyring."""
    return f'set ${account.variable}, or write password_command = "…" into the station list'


def _no_password(account: ServiceAccount, why: str) -> Problem:
    user, service = shorten(clean(account.user, 80), 40), account.service
    title = f"there is no password of {user} for {service}: {why}"
    return Problem(title, ways_to_give(account), kind=ProblemKind.NO_PASSWORD)


def _no_command(account: ServiceAccount, why: str) -> Problem:
    program = shorten(clean(account.command.split()[0], 80), 40) if account.command.split() else ""
    title = f"the password_command of {account.service} gave no password: {why}"
    # Its other words, and all that it printed, may hold the password.
    hint = f"run {program} in a terminal to see why" if program else ""
    return Problem(title, hint, kind=ProblemKind.NO_PASSWORD)


def _first_line(account: ServiceAccount, output: bytes) -> str:
    try:
        value = output.split(b"\n", 1)[0].rstrip(b"\r").decode()
    except UnicodeDecodeError:
        raise _no_command(account, "it prints what is no text") from None
    if not value:
        raise _no_command(account, "it prints nothing")
    return value


async def _whole_output(process: asyncio.subprocess.Process) -> bytes | None:
    """All that a command prints; None for more than a password."""
    assert process.stdout is not None
    output = b""
    while chunk := await process.stdout.read(_MOST_BYTES):
        output += chunk
        if len(output) > _MOST_BYTES:
            await _end(process)
            return None
    return output


async def _end(process: asyncio.subprocess.Process) -> None:
    """End a command with all that it has started."""
    if process.returncode is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
