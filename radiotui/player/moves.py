"""Moving on the tape: pure steps. A move is never refused, it goes as far as the tape does."""

from __future__ import annotations

from dataclasses import replace

from radiotui.player.events import Command, Commands, Notify, StartPlay
from radiotui.player.intents import GoLive, GoToBeginning, GoToMark, GoToPlace, Move, Shift
from radiotui.player.playback import Mark, Playback, PlayState
from radiotui.text import clock_duration

LIVE_SLACK = 3.0
"""Seconds later than at the first sound that still count as live."""
_JUST = 2.0
"""Who asks for the mark before so soon after one wants the one before that."""
_LAST = 1.0
"""Seconds before the newest sound that nobody is brought to: there is too little to hear."""

Step = tuple[Playback, Commands]


def move(playback: Playback, event: Move) -> Step:
    """Hear another place. ``playback`` knows where the ear and the tape's ends are just now."""
    at = playback.position
    if at is None or playback.state is PlayState.STOPPED:
        return playback, (Notify("Nothing is on the tape yet", "tune to a station first"),)
    match event:
        case Shift(seconds):
            return _to(playback, at + seconds)
        case GoToPlace(at):
            return _to(playback, at)
        case GoLive():
            return live(playback)
        case GoToBeginning():
            return _beginning(playback, at)
        case GoToMark(by):
            return _mark(playback, at, by)


def newest(playback: Playback) -> float:
    """Where one listens who is live; of a story, almost its end."""
    if playback.spoken is not None:
        return max(playback.tape_start, playback.tape_end - _LAST)
    if playback.off_air:
        return playback.tape_end
    return max(playback.tape_start, playback.tape_end - playback.burst)


def live(playback: Playback) -> Step:
    """Hear the station as it comes, also out of a pause."""
    if playback.live and playback.state is PlayState.PLAYING:
        return playback, ()
    return _hear(replace(playback, state=PlayState.PLAYING), newest(playback))


def _to(playback: Playback, at: float) -> Step:
    # What a server sent ahead of "live" may be heard too.
    if at > playback.tape_end - _LAST:
        return _to_the_end(playback)
    if at < playback.tape_start:
        told = _short(playback, playback.tape_start - at)
        moved, commands = _hear(playback, playback.tape_start)
        return moved, (*commands, *told)
    return _hear(playback, at)


def _to_the_end(playback: Playback) -> Step:
    if playback.live and playback.state is PlayState.PLAYING:
        return playback, (Notify("This is live", "nothing newer is there yet"),)
    moved, commands = _hear(playback, newest(playback))
    if playback.spoken is not None:
        return moved, (*commands, Notify("This is as far as the story goes"))
    word = "This is the newest there is" if playback.off_air else "Live"
    return moved, (*commands, Notify(word))


def _short(playback: Playback, seconds: float) -> tuple[Command, ...]:
    if playback.spoken is not None or seconds < 1:
        return ()
    return (Notify("This is as far back as the tape goes"),)


def _beginning(playback: Playback, at: float) -> Step:
    if playback.spoken is not None:
        return _hear(playback, playback.tape_start)
    begun = [mark for mark in playback.marks if mark.kind == "programme" and mark.at <= at]
    if not begun:
        moved, commands = _hear(playback, playback.tape_start)
        return moved, (
            *commands,
            Notify("This is the tape's beginning", "no programme is known here"),
        )
    # Who is there already wants the one before.
    again = len(begun) > 1 and at - max(begun[-1].at, playback.tape_start) < _JUST
    programme = begun[-2] if again else begun[-1]
    moved, commands = _hear(playback, max(programme.at, playback.tape_start))
    return moved, (*commands, _told(playback, programme))


def _told(playback: Playback, programme: Mark) -> Notify:
    missing = playback.tape_start - programme.at
    if missing < 1:
        return Notify(f"{programme.text}, from its beginning")
    return Notify(
        f"{programme.text}, from the tape's beginning",
        f"the first {clock_duration(missing)} are not on the tape",
    )


def _mark(playback: Playback, at: float, by: int) -> Step:
    places = sorted({mark.at for mark in playback.marks if mark.at > playback.tape_start})
    if by < 0:
        before = [place for place in places if place < at - _JUST]
        if before:
            return _hear(playback, before[-1])
        moved, commands = _hear(playback, playback.tape_start)
        return moved, (*commands, Notify("This is the tape's beginning", "no mark is before it"))
    after = [place for place in places if place > at + 0.05]
    return _to(playback, after[0]) if after else _to_the_end(playback)


def _hear(playback: Playback, at: float) -> Step:
    behind = max(0.0, playback.tape_end - at)
    playing = playback.state is PlayState.PLAYING
    moved = replace(
        playback,
        position=at,
        behind=behind,
        live=playing
        and playback.spoken is None
        and not playback.off_air
        and behind <= playback.burst + LIVE_SLACK,
        take=playback.take + 1,
    )
    return moved, (StartPlay(moved.take, at),) if playing else ()
