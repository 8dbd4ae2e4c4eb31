"""Command ``play``: a station, an address or a file, heard without the screen."""

from __future__ import annotations

import asyncio
import json
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from radiotui.app.companion import Notice, Update
from radiotui.app.intents import Intent, PlayAddress, PlayFile, Tune
from radiotui.app.shapes import title_shape
from radiotui.cli.output import opened, print_note
from radiotui.net.urls import is_web
from radiotui.player.state import PlayerState, PlayState
from radiotui.problems import Problem

if TYPE_CHECKING:
    from radiotui.app.companion import Companion

_TRIES_BEFORE_GIVING_UP = 4
"""Connections that failed, with never a sound, after which ``play`` reports a failure."""


async def play(companion: Companion, source: str, *, seconds: float | None, as_json: bool) -> int:
    """Play a station, an address or a file until its end, Ctrl-C, or ``seconds`` are over."""
    listening = _Listening(companion, as_json=as_json)
    async with opened(companion):
        intent = await _intent(companion, source)
        companion.subscribe(listening.receive)
        companion.do(intent)
        _end_on_interrupt(listening.over)
        try:
            async with asyncio.timeout(seconds):
                await listening.over.wait()
        except TimeoutError:
            listening.end_in_time(source)
    if listening.problem is None:
        return 0
    if listening.has_printed(listening.problem):
        return 1
    raise listening.problem


async def _intent(companion: Companion, source: str) -> Intent:
    """The intent that plays a source. Raises Problem for a station that cannot be played."""
    if await asyncio.to_thread(Path(source).is_file):
        return PlayFile(source)
    if is_web(source):
        return PlayAddress(source)
    station, stream = companion.station_list.find(source)
    if not stream.urls:
        raise Problem(f"{station.name} has no address just now", "it is not served here")
    return Tune(station.id, stream.id, remember=False)


class _Listening:
    """Printer of the titles that are heard, a line each."""

    def __init__(self, companion: Companion, *, as_json: bool) -> None:
        self.over = asyncio.Event()
        self.problem: Problem | None = None
        self._companion = companion
        self._as_json = as_json
        self._title: str | None = None
        self._problem: Problem | None = None
        self._printed = ""
        self._has_sound = False
        self._failures = 0

    def end_in_time(self, source: str) -> None:
        """End because the time is over: it is a failure where nothing was heard in it."""
        self.over.set()
        if not self._has_sound:
            self.problem = self._problem or Problem(
                f"{source}: nothing was heard", "give it more time with --for, or none"
            )

    def has_printed(self, problem: Problem) -> bool:
        """True where the listener was told already."""
        return str(problem) == self._printed

    def receive(self, update: Update) -> None:
        """Print an update of the Companion."""
        if isinstance(update, Notice):
            print_note(update.problem)
        elif isinstance(update, PlayerState) and update.tuned and not self.over.is_set():
            self._receive_player_state(update)

    def _receive_player_state(self, player_state: PlayerState) -> None:
        ends = player_state.state is PlayState.STOPPED
        problem = player_state.current.problem
        # Each try that fails has a problem of its own; in the same words it is said once.
        if problem is not None and not ends and str(problem) != self._printed:
            self._printed = str(problem)
            print_note(problem)
        if player_state.current.off_air and player_state.current.retry_at and not self._has_sound:
            self._failures += 1
        self._problem = problem or self._problem
        if player_state.state is PlayState.PLAYING and not self._has_sound:
            self._has_sound = True
            rate = (
                f" {player_state.current.bitrate_kbps} kbit/s"
                if player_state.current.bitrate_kbps
                else ""
            )
            name = " · ".join(filter(None, (player_state.station_name, player_state.stream_name)))
            print_note(f"{name} · {player_state.current.codec}{rate} · {player_state.engine}")
        if player_state.current.title and player_state.current.title != self._title:
            self._title = player_state.current.title
            self._print_title(player_state, player_state.current.title)
        if ends or (not self._has_sound and self._failures >= _TRIES_BEFORE_GIVING_UP):
            self.problem = problem
            self.over.set()

    def _print_title(self, player_state: PlayerState, title: str) -> None:
        at = player_state.current.heard_at or self._companion.clock()
        if self._as_json:
            print(json.dumps(title_shape(at, title), ensure_ascii=False), flush=True)
        else:
            print(f"{at.astimezone():%H:%M:%S}  {title}", flush=True)


def _end_on_interrupt(over: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, over.set)
