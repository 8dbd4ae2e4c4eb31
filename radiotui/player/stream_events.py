"""Steps of events about one stream: of the listening that it belongs to, at the ear or aside."""

from __future__ import annotations

from msgspec.structs import replace

from radiotui.player import interludes, moves, tuning
from radiotui.player.events import (
    CloseUnused,
    Commands,
    ConnectionLost,
    Notify,
    PositionUpdate,
    ReportProblem,
    SoundArrived,
    SourceFailed,
    SourceFinished,
    StartPlay,
    StreamEvent,
)
from radiotui.player.state import Listening, PlayerState, PlayState
from radiotui.problems import Problem
from radiotui.text import duration_word

Step = tuple[PlayerState, Commands]


def obey(state: PlayerState, event: StreamEvent) -> Step:
    """Step of an event about one listening; an event about none of them came too late."""
    waiting, pending, tuning_id = state.waiting, state.pending, event.tuning_id
    if waiting is not None and tuning_id == waiting.tuning_id:
        return _waiting_event(state, waiting, event)
    if pending is not None and tuning_id == pending.tuning_id:
        return _pending_event(state, pending, event)
    if tuning_id in {ready.tuning_id for ready in state.ready}:
        return _ready_event(state, event)
    if tuning_id != state.current.tuning_id or state.state is PlayState.STOPPED:
        return state, ()
    return _current_event(state, event)


def _waiting_event(state: PlayerState, waiting: Listening, event: StreamEvent) -> Step:
    if isinstance(event, SourceFailed):
        alone = replace(state.playback, waiting=None)
        return replace(state, playback=alone), (CloseUnused(), ReportProblem(event.problem))
    playback = replace(state.playback, waiting=_updated_aside(waiting, event))
    return replace(state, playback=playback), ()


def _pending_event(state: PlayerState, pending: Listening, event: StreamEvent) -> Step:
    match event:
        case SoundArrived():
            return tuning.arrive(state, pending, event)
        case SourceFailed(problem=problem):
            return tuning.without_pending(state), (CloseUnused(), ReportProblem(problem))
    playback = replace(state.playback, pending=_updated(pending, event))
    return replace(state, playback=playback), ()


def _ready_event(state: PlayerState, event: StreamEvent) -> Step:
    if isinstance(event, SourceFailed):
        ready = tuple(ready for ready in state.ready if ready.tuning_id != event.tuning_id)
        return replace(state, playback=replace(state.playback, ready=ready)), (CloseUnused(),)
    updated = tuple(
        _updated_aside(ready, event) if ready.tuning_id == event.tuning_id else ready
        for ready in state.ready
    )
    return replace(state, playback=replace(state.playback, ready=updated)), ()


def _current_event(state: PlayerState, event: StreamEvent) -> Step:
    current = state.current
    if isinstance(event, SourceFailed):
        return _broken(state, event.problem)
    after = state.with_current(_updated(current, event))
    match event:
        case SoundArrived():
            # The engine is given the tape at the first sound; after a drop it is still reading.
            if current.story is not None and current.position is None:
                # Also a story that was paused before that: it goes on there.
                after = after.with_current(replace(after.current, position=event.begin))
            is_first = current.state is PlayState.CONNECTING and not current.codec
            start = StartPlay(state.play_id, event.begin)
            return after, (start, *tuning.delay_words(after.current)) if is_first else ()
        case PositionUpdate():
            playback = replace(after.playback, no_device=event.no_device)
            return _delayed(current, replace(after, playback=playback))
    return after, ()


def _updated_aside(
    aside: Listening, event: SoundArrived | ConnectionLost | SourceFinished | PositionUpdate
) -> Listening:
    """A listening that is not at the ear, after an event of its stream."""
    after = replace(_updated(aside, event), live=False)
    return interludes.with_tape(after) if isinstance(event, SoundArrived) else after


def _updated(
    listening: Listening, event: SoundArrived | ConnectionLost | SourceFinished | PositionUpdate
) -> Listening:
    """A listening after an event of its stream."""
    match event:
        case SoundArrived():
            return tuning.with_sound(listening, event)
        case ConnectionLost():
            return replace(listening, off_air=True, problem=event.problem, retry_at=event.retry_at)
        case SourceFinished():
            is_story = listening.story is not None
            length = (event.length if is_story else None) or listening.length
            return replace(
                listening, length=length, off_air=not is_story, problem=None, retry_at=None
            )
        case PositionUpdate():
            return _at_position(listening, event)


def _at_position(listening: Listening, event: PositionUpdate) -> Listening:
    behind = max(0.0, event.tape_end - event.position)
    burst = listening.burst
    if listening.is_playing and listening.position is None:
        # HLS says how much comes at once: by now that may not all be there.
        burst = max(behind, burst)
    can_be_live = listening.is_playing and listening.story is None and not listening.off_air
    return replace(
        listening,
        position=event.position,
        tape_start=event.tape_start,
        tape_end=event.tape_end,
        behind=behind,
        burst=burst,
        live=can_be_live and behind <= burst + moves.LIVE_SLACK,
        title=event.title,
        ad=event.ad,
        heard_at=event.heard_at,
        title_at=event.title_at,
        programme=event.programme,
        programme_at=event.programme_at,
        programme_until=event.programme_until,
        marks=event.marks,
        gain_db=event.gain_db,
    )


def _delayed(before: Listening, state: PlayerState) -> Step:
    """Go back to the place that the delay wants, once so much is on the tape."""
    current = state.current
    is_there = current.delay_left == 0 and before.delay_left > 0
    if not (is_there and current.is_playing):
        return state, ()
    moved, commands = moves.live(state)
    word = duration_word(current.delay)
    words = Notify(f"{current.station_name} is {word} later from now on", "with what was on then")
    return moved, (*commands, words)


def _broken(state: PlayerState, problem: Problem) -> Step:
    if state.story is None:
        return tuning.over(state, problem)
    if not state.current.codec:
        return interludes.failed(state, problem)
    broken = replace(state.current, off_air=True, problem=problem, retry_at=None)
    return state.with_current(broken), (ReportProblem(problem),)
