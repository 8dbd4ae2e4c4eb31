"""Registry of engines: their names, what each needs of this machine, and how each is made.

An engine is a module with an ``ENTRY`` and a line in :func:`_builtin_entries`.
The modules of engines are imported late: they load libraries of some megabytes.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator

import msgspec

from radiotui.audio.engine import Engine, EngineEntry, OnEvent
from radiotui.problems import Problem

AUTO = "auto"
"""In place of a name: the first automatic engine that works here."""


class EngineReport(msgspec.Struct, frozen=True):
    """The state of one engine on this machine."""

    name: str
    works: bool
    says: str
    """The library that it works with, or the reason why it does not work."""
    mend: str = ""
    """The remedy where it does not work."""


_further: list[EngineEntry] = []


def engine_entries() -> tuple[EngineEntry, ...]:
    """All engines, in the order in which they are tried."""
    return (*_further, *_builtin_entries())


def _builtin_entries() -> tuple[EngineEntry, ...]:
    from radiotui.audio import builtin, silent, vlc

    # The last one needs nothing, and takes the place of all others.
    return (vlc.ENTRY, builtin.ENTRY, silent.ENTRY)


@contextlib.contextmanager
def registered(entry: EngineEntry) -> Iterator[None]:
    """Add an engine for the duration of a ``with`` block; it is tried before the others."""
    _further.append(entry)
    try:
        yield
    finally:
        _further.remove(entry)


def make_engine(name: str, on_event: OnEvent) -> tuple[Engine, Problem | None]:
    """The engine ``name``, or the next that works; the Problem says why it is another.

    :data:`AUTO` is VLC where it is installed, else the built-in one. Loads libraries,
    which may take a third of a second: call it on a thread.
    """
    entry, problem = choose_engine(name)
    return entry.make(on_event), problem


def choose_engine(name: str) -> tuple[EngineEntry, Problem | None]:
    """The engine that is made for a name, and the Problem that says why it is another."""
    entries = engine_entries()
    names = [entry.name for entry in entries]
    first = 0 if name == AUTO else names.index(name)
    problem: Problem | None = None
    for entry in entries[first:-1]:
        if entry.name != name and not entry.is_automatic:
            continue
        obstacle = entry.problem()
        if obstacle is None:
            return entry, problem
        # Nobody misses VLC who did not ask for it.
        if entry.name == name or entry is entries[-2]:
            problem = obstacle.reworded(hint=f"{obstacle.hint}; {entry.substitute}")
    return entries[-1], problem


def engine_reports() -> list[EngineReport]:
    """The state of every engine here. Makes no sound; takes a third of a second."""
    with _quiet():
        return [_report(entry) for entry in engine_entries()]


def device_report() -> EngineReport:
    """The state of the sound device that every engine but the silent one needs. Makes no sound."""
    with _quiet():
        try:
            from radiotui.audio.device import playback_devices

            backend, names = playback_devices()
        except Problem as problem:
            return EngineReport("", False, problem.title, problem.hint)
        except (ImportError, OSError) as error:
            return EngineReport("", False, "The sound device cannot be asked for", str(error))
    return EngineReport("", True, f"{backend}: {', '.join(names) or 'no name'}")


def _report(entry: EngineEntry) -> EngineReport:
    problem = entry.problem()
    try:
        if problem is None:
            return EngineReport(entry.name, True, entry.describe())
    except Problem as obstacle:
        problem = obstacle
    return EngineReport(entry.name, False, problem.title, problem.hint)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Send what C libraries write to stderr nowhere: ALSA has thirty lines to say of no device."""
    sys.stderr.flush()
    stderr, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(nowhere)
