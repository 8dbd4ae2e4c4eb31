"""Keyring of the desktop, which is asked in a thread and within a time.

The package ``keyring`` is an extra: where it is not installed there is no keyring. A locked
keyring may wait for ever for an answer to a question that nobody sees.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from radiotui.problems import Problem

log = logging.getLogger(__name__)

READ_SECONDS = 3.0
WRITE_SECONDS = 30.0
"""Longer: who gives a password is there to unlock the keyring."""
_NAME = "radiotui {service}"
"""Name of a service's entry, as the keyring's own programs show it."""


class SystemKeyring:
    """Passwords of the desktop's keyring, one question at a time."""

    def __init__(
        self, *, read_seconds: float = READ_SECONDS, write_seconds: float = WRITE_SECONDS
    ) -> None:
        self._read_seconds = read_seconds
        self._write_seconds = write_seconds
        self._turn = asyncio.Lock()
        self._ended = threading.Event()
        self._ended.set()

    async def read(self, service: str, user: str) -> str | None:
        """A password; None where it is not kept. Raises Problem where there is no keyring."""

        def question() -> str | None:
            import keyring

            return keyring.get_password(_NAME.format(service=service), user)

        kept = await self._ask(question, self._read_seconds)
        return kept if isinstance(kept, str) else None

    async def write(self, service: str, user: str, value: str) -> None:
        """Keep a password. Raises Problem where it was not kept."""

        def question() -> bool:
            import keyring

            name = _NAME.format(service=service)
            keyring.set_password(name, user, value)
            # The backend for none at all takes everything and keeps nothing.
            return keyring.get_password(name, user) == value

        if not await self._ask(question, self._write_seconds):
            raise Problem("the keyring did not keep the password", "'keyring diagnose' shows it")

    async def _ask(self, question: Callable[[], Any], seconds: float) -> Any:
        async with self._turn:
            if not self._ended.is_set():
                raise _silent(seconds)
            answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            self._ended.clear()
            # A daemon of its own: what never answers holds up neither quitting nor the pool.
            threading.Thread(
                target=_answer,
                args=(question, answer, self._ended),
                name="radiotui-keyring",
                daemon=True,
            ).start()
            try:
                async with asyncio.timeout(seconds):
                    return await answer
            except TimeoutError:
                raise _silent(seconds) from None


def _answer(
    question: Callable[[], Any], answer: asyncio.Future[Any], ended: threading.Event
) -> None:
    """Ask on this thread, and hand the answer over to the loop."""
    try:
        result, problem = question(), None
    except Exception as error:
        result, problem = None, _problem(error)

    ended.set()

    def hand_over() -> None:
        if answer.done():
            return
        if problem is not None:
            answer.set_exception(problem)
        else:
            answer.set_result(result)

    with suppress(RuntimeError):  # the loop is closed: nobody waits any more
        answer.get_loop().call_soon_threadsafe(hand_over)


def _silent(seconds: float) -> Problem:
    hint = "it may be locked, and wait for an answer that nobody sees"
    return Problem(f"the keyring did not answer in {seconds:.0f} s", hint)


def _problem(error: Exception) -> Problem:
    """The words for a failure; those of the keyring's backends may say anything."""
    name = type(error).__name__
    log.info("the keyring: %s", name)
    if isinstance(error, ImportError):
        hint = "pip install 'radiotui[keyring]' installs what asks it"
        return Problem("no keyring can be asked", hint)
    if name == "NoKeyringError":
        return Problem("there is no keyring here", "over SSH there usually is none")
    if name == "KeyringLocked":
        return Problem("the keyring is locked", "unlock it and try again")
    return Problem("the keyring failed", name)
