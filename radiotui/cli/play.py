"""Command ``play``: a station, a podcast, an address or a file, heard without the screen."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

from radiotui.app.companion import Update
from radiotui.app.intents import Intent, PlayAddress, PlayFile, Tune
from radiotui.app.shapes import title_shape
from radiotui.cli.notes import Notes, opened
from radiotui.cli.output import DONE, OutputError, notes_alone, print_json, print_note, print_result
from radiotui.cli.sources import file_of, find_station
from radiotui.net.urls import is_web
from radiotui.player.intents import PlayItem
from radiotui.player.queue import QueueItem
from radiotui.player.sleep import chapter_of
from radiotui.player.state import PlayerState, PlayState
from radiotui.problems import Problem, ProblemKind
from radiotui.text import time_of_day

if TYPE_CHECKING:
    from radiotui.app.companion import Companion

_TRIES_BEFORE_GIVING_UP = 4
"""Connections that failed, with never a sound, after which ``play`` reports a failure."""


async def play(companion: Companion, source: str, *, seconds: float | None, as_json: bool) -> int:
    """Play a source until its end, Ctrl-C, or ``seconds`` are over.

    It is a station, an address, a file, or an episode of a podcast: "NAME/latest" the newest one,
    "NAME" the one that goes on.
    """
    with notes_alone():
        return await _play(companion, source, seconds=seconds, as_json=as_json)


async def _play(companion: Companion, source: str, *, seconds: float | None, as_json: bool) -> int:
    async with opened(companion) as notes:
        listening = _Listening(companion, notes, as_json=as_json)
        intent = await _intent(companion, source)
        companion.subscribe(listening.receive)
        companion.do(intent)
        _end_on_interrupt(listening.over)
        try:
            async with asyncio.timeout(seconds):
                await listening.over.wait()
        except TimeoutError:
            listening.end_in_time(source)
        if isinstance(intent, PlayFile) and isinstance(listening.problem, Problem):
            title = f"{intent.path}: {listening.problem.title}"
            raise listening.problem.reworded(title=title)
        if listening.problem is not None:
            raise listening.problem
    return DONE


async def _intent(companion: Companion, source: str) -> Intent:
    """The intent that plays a source. Raises Problem for a station that cannot be played."""
    file = await asyncio.to_thread(file_of, source)
    if file is not None:
        return PlayFile(str(file))
    if is_web(source) and _podcast_name(source) in companion.followed_feeds().podcasts:
        return PlayItem(await companion.queue_rules.next_episode(source))
    if is_web(source):
        return PlayAddress(source)
    try:
        station, stream = find_station(companion.station_list, source)
    except Problem as problem:
        return PlayItem(await _episode(companion, source, problem))
    return Tune(station.id, stream.id, remember=False)


def _podcast_name(source: str) -> str:
    return source[: -len("/latest")] if source.casefold().endswith("/latest") else source


async def _episode(companion: Companion, source: str, no_station: Problem) -> QueueItem:
    """The episode of a podcast. Raises ``no_station`` where there is no podcast of that name."""
    try:
        await companion.podcasts.named(_podcast_name(source))
    except Problem as problem:
        # Several podcasts that are meant are said; of none, that there is no such station.
        raise (no_station if problem.kind is ProblemKind.USAGE else problem) from None
    return await companion.queue_rules.next_episode(source)


class _Listening:
    """Printer of the titles that are heard, a line each."""

    def __init__(self, companion: Companion, notes: Notes, *, as_json: bool) -> None:
        self.over = asyncio.Event()
        self.problem: Problem | OutputError | None = None
        """The reason why it ended, where that is no good one."""
        self._companion = companion
        self._notes = notes
        self._as_json = as_json
        self._title: str | None = None
        self._problem: Problem | None = None
        self._has_begun = False
        self._has_sound = False
        self._failures = 0
        self._is_offline_noted = False

    def end_in_time(self, source: str) -> None:
        """End because the time is over: it is a failure where nothing was heard in it."""
        self.over.set()
        if not self._has_sound:
            self.problem = self._problem or Problem(
                f"{source}: nothing was heard", "give it more time with --for, or none"
            )

    def receive(self, update: Update) -> None:
        """Print what an update of the Companion tells of what is heard."""
        if not isinstance(update, PlayerState) or self.over.is_set():
            return
        self._has_begun = self._has_begun or bool(update.tuned or update.story)
        if self._has_begun:
            self._receive_player_state(update)

    def _receive_player_state(self, player_state: PlayerState) -> None:
        ends = player_state.state is PlayState.STOPPED
        problem = player_state.current.problem
        # Each try that fails has a problem of its own; in the same words it is said once.
        if problem is not None and not ends:
            self._note_offline()
            self._notes.print(problem)
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
            story = player_state.story
            names = (player_state.station_name, player_state.stream_name)
            names = (story.from_, story.title) if story is not None else names
            name = " · ".join(filter(None, names))
            print_note(f"{name} · {player_state.current.codec}{rate} · {player_state.engine}")
        title = player_state.current.title or chapter_of(player_state.current)
        if title and title != self._title:
            self._title = title
            try:
                self._print_title(player_state, title)
            except OutputError as error:  # nobody reads what is heard any more
                self.problem = error
                self.over.set()
                return
        if ends or (not self._has_sound and self._failures >= _TRIES_BEFORE_GIVING_UP):
            self.problem = problem
            self.over.set()

    def _note_offline(self) -> None:
        """Say once, and at once, that there is no network; what fails is tried again for a while.

        A computer that wakes, for an alarm as well, has its network some seconds later.
        """
        if self._companion.is_offline and not self._has_sound and not self._is_offline_noted:
            self._is_offline_noted = True
            self._notes.print(Problem("No network, it seems", "tried for some seconds more"))

    def _print_title(self, player_state: PlayerState, title: str) -> None:
        at = player_state.current.heard_at or self._companion.clock()
        if self._as_json:
            print_json(title_shape(at, title), indent=None, at_once=True)
        else:
            clock = time_of_day(at.astimezone(), seconds=True, align=True)
            print_result(f"{clock}  {title}", at_once=True)


def _end_on_interrupt(over: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, over.set)
