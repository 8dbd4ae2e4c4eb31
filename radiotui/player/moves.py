"""Moves on the tape: pure steps. A move is never refused, it goes as far as the tape does."""

from __future__ import annotations

from msgspec.structs import replace

from radiotui.player.events import Command, Commands, Notify, StartPlay
from radiotui.player.intents import GoLive, GoToBeginning, GoToMark, GoToPlace, Move, Shift
from radiotui.player.state import LAST_SECONDS, PlayerState, PlayState
from radiotui.radio.tape.marks import Mark
from radiotui.text import clock_duration, duration_word

LIVE_SLACK = 3.0
"""Seconds later than at the first sound that still count as live."""
_JUST = 2.0
"""Seconds after a mark within which "the mark before" is the one before that."""
_THIS_IS_LIVE = Notify("This is live", "nothing newer is there yet")

Step = tuple[PlayerState, Commands]


def move(state: PlayerState, intent: Move) -> Step:
    """Another place at the ear. ``state`` was observed just now."""
    at = state.current.position
    if at is None or state.state is PlayState.STOPPED:
        tuned = state.state is not PlayState.STOPPED
        hint = "the first sound has not come" if tuned else "tune to a station first"
        return state, (Notify("Nothing is on the tape yet", hint),)
    match intent:
        case Shift(seconds):
            return _to(state, at + seconds)
        case GoToPlace(at):
            return _to(state, at)
        case GoLive():
            return live(state)
        case GoToBeginning():
            return _beginning(state, at)
        case GoToMark(by):
            return _mark(state, at, by)


def live(state: PlayerState) -> Step:
    """The newest sound at the ear, also out of a pause."""
    current = state.current
    if current.is_delayed and current.is_playing:
        return state, (Notify(f"This is {duration_word(current.delay)} later, as it is to be"),)
    is_to_be_live = not current.delay or current.delay_left > 0
    if current.live and current.is_playing and is_to_be_live:
        return state, (_THIS_IS_LIVE,)
    playing = replace(current, state=PlayState.PLAYING)
    return _hear(state.with_current(playing), current.newest_place)


def _to(state: PlayerState, at: float) -> Step:
    current = state.current
    # Sound that a server sent ahead of "live" may be heard too.
    if at > current.tape_end - LAST_SECONDS:
        return _to_the_end(state)
    if at < current.tape_start:
        moved, commands = _hear(state, current.tape_start)
        return moved, (*commands, *_tape_is_short(state, current.tape_start - at))
    return _hear(state, at)


def _to_the_end(state: PlayerState) -> Step:
    current = state.current
    if current.live and current.is_playing:
        return state, (_THIS_IS_LIVE,)
    moved, commands = _hear(state, current.newest_place)
    if state.story is not None:
        return moved, (*commands, Notify(f"This is as far as the {state.story.noun} goes"))
    word = "This is the newest there is" if current.off_air else "Live"
    return moved, (*commands, Notify(word))


def _tape_is_short(state: PlayerState, seconds: float) -> tuple[Command, ...]:
    if state.story is not None or seconds < 1:
        return ()
    return (Notify("This is as far back as the tape goes"),)


def _beginning(state: PlayerState, at: float) -> Step:
    current = state.current
    if state.story is not None:
        return _hear(state, current.tape_start)
    begun = [mark for mark in current.marks if mark.kind == "programme" and mark.at <= at]
    if not begun:
        moved, commands = _hear(state, current.tape_start)
        return moved, (
            *commands,
            Notify("This is the tape's beginning", "no programme is known here"),
        )
    # From a programme's beginning the same key leads to the programme before.
    again = len(begun) > 1 and at - max(begun[-1].at, current.tape_start) < _JUST
    programme = begun[-2] if again else begun[-1]
    moved, commands = _hear(state, max(programme.at, current.tape_start))
    return moved, (*commands, _from_beginning(programme, current.tape_start - programme.at))


def _from_beginning(programme: Mark, missing: float) -> Notify:
    if missing < 1:
        return Notify(f"{programme.text}, from its beginning")
    return Notify(
        f"{programme.text}, from the tape's beginning",
        f"the first {clock_duration(missing)} are not on the tape",
    )


def _mark(state: PlayerState, at: float, by: int) -> Step:
    current = state.current
    places = sorted({mark.at for mark in current.marks if mark.at > current.tape_start})
    if by < 0:
        before = [place for place in places if place < at - _JUST]
        if before:
            return _hear(state, before[-1])
        moved, commands = _hear(state, current.tape_start)
        if state.story is not None:
            return moved, commands
        return moved, (*commands, Notify("This is the tape's beginning", "no mark is before it"))
    after = [place for place in places if place > at + 0.05]
    if not after and state.story is not None:
        # Its end is no mark: who looks for a chapter has not heard it all.
        words = "This is the last chapter" if places else f"This {state.story.noun} has no chapters"
        return state, (Notify(words),)
    return _to(state, after[0]) if after else _to_the_end(state)


def _hear(state: PlayerState, at: float) -> Step:
    current, play_id = state.current, state.play_id + 1
    behind = max(0.0, current.tape_end - at)
    can_be_live = current.is_playing and current.story is None and not current.off_air
    moved = replace(
        current,
        position=at,
        behind=behind,
        live=can_be_live and behind <= current.burst + LIVE_SLACK,
    )
    starts = (StartPlay(play_id, at),) if current.is_playing else ()
    return replace(state.with_current(moved), play_id=play_id), starts
