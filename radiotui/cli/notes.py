"""Notes of a command: the problems of its services, each said once, on stderr."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from radiotui.app.updates import Notice, Update
from radiotui.cli.output import CommandFailedError, print_note
from radiotui.problems import Problem

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from radiotui.app.companion import Companion

_MOST_FAULTS = 6
"""Faults of the listener's files that each command says: the first ones."""


class Notes:
    """Printer of problems, which says the same one once."""

    def __init__(self, most_faults: int) -> None:
        self._most_faults = most_faults
        self._printed: set[str] = set()
        self._last = ""
        self._faults = 0
        self._is_open = False

    def print(self, problem: Problem) -> None:
        """Print a problem, unless it was the last that was printed."""
        if str(problem) != self._last:
            self._last = str(problem)
            self._printed.add(self._last)
            print_note(problem)

    def print_end(self, problem: Problem) -> None:
        """Print the problem that ends a command, unless it was printed in the course of it."""
        if str(problem) not in self._printed:
            self.print(problem)

    def receive(self, update: Update) -> None:
        """Print a notice of the Companion that tells of a problem.

        Of the faults that it knew before anybody listened only the first are printed.
        """
        if isinstance(update, Notice) and not update.calm:
            self._faults += not self._is_open
            if self._is_open or self._faults <= self._most_faults:
                self.print(update.problem)

    def open(self) -> None:
        """Say how many faults were left out, and leave out none from now on."""
        self._is_open = True
        rest = self._faults - self._most_faults
        if self._most_faults and rest > 0:
            print_note(f"and {rest} more: 'radiotui stations check' and 'radiotui doctor' say all")


@asynccontextmanager
async def opened(
    companion: Companion, *, radio: bool = True, player: bool = True, faults: bool = True
) -> AsyncIterator[Notes]:
    """Run the services within it; without ``radio`` those for reading only.

    Without a ``player`` the Test Signal is served, and nothing can be heard.

    The faults of settings and station list are printed first, unless the command has little to
    do with those; then what the services notice, and at last the problem that ends it:
    CommandFailedError is raised in its place.
    """
    notes = Notes(_MOST_FAULTS if faults else 0)
    companion.subscribe(notes.receive)
    notes.open()
    await companion.open(screen=False, radio=radio, player=player)
    try:
        yield notes
    except Problem as problem:
        notes.print_end(problem)
        raise CommandFailedError from problem
    finally:
        await companion.close()
