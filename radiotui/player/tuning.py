"""Changes of stations: pure steps from one snapshot to the next.

The station that plays goes on until the chosen one has sound, and may stay on
its tape afterwards: then going back to it is only another place to read.
"""

from __future__ import annotations

from dataclasses import replace

from radiotui.player.events import (
    CloseUnused,
    Commands,
    OpenStream,
    Silence,
    SoundArrived,
    StartPlay,
)
from radiotui.player.state import Listening, PlayerState, PlayState, StorySource, TunedSource
from radiotui.problems import Problem

Step = tuple[PlayerState, Commands]


def stopped(state: PlayerState, problem: Problem | None = None) -> PlayerState:
    """Silence with nothing tuned; ``tuned`` still names the station."""
    return replace(
        state,
        current=Listening(problem=problem),
        waiting=None,
        pending=None,
        ready=(),
        play_id=state.play_id + 1,
        no_device=None,
        newscast=False,
        sleep=None,
    )


def resumed(state: PlayerState, listening: Listening) -> PlayerState:
    """A stream that was put aside, at the ear again in a new play."""
    assert not isinstance(listening.source, StorySource)
    return replace(
        state,
        current=listening,
        tuned=listening.source,
        waiting=None,
        pending=None,
        play_id=state.play_id + 1,
        newscast=False,
    )


def change(state: PlayerState, source: TunedSource) -> Step:
    """Tuning to another source than the current one; a story ends with it."""
    if state.pending is not None and state.pending.key == source.key:
        return state, ()
    ready = next((ready for ready in state.ready if ready.key == source.key), None)
    if ready is not None:
        return _back_to(state, ready)
    tuning_id = state.last_tuning_id + 1
    new = Listening(source, tuning_id, PlayState.CONNECTING)
    state = replace(state, last_tuning_id=tuning_id)
    commands = (CloseUnused(), OpenStream(tuning_id, *source.key))
    if state.never_silent and state.current.is_playing and state.story is None:
        return replace(state, pending=new), commands
    tuned = replace(resumed(state, new), ready=_ready_without_current(state), no_device=None)
    return tuned, (Silence(), *commands)


def arrive(state: PlayerState, pending: Listening, event: SoundArrived) -> Step:
    """First sound of the pending stream: it is at the ear instead of the other from now on."""
    arrived = replace(
        resumed(state, with_sound(pending, event)), ready=_ready_without_current(state)
    )
    return arrived, (CloseUnused(), StartPlay(arrived.play_id, event.begin))


def give_way(state: PlayerState) -> PlayerState:
    """End of the current stream before the pending one has sound: that one is tuned to."""
    if state.pending is None:
        return state
    return replace(resumed(state, state.pending), ready=_ready_without_current(state))


def with_sound(listening: Listening, event: SoundArrived) -> Listening:
    """A listening with the first sound of a connection on its tape."""
    return replace(
        listening,
        codec=event.codec,
        bitrate_kbps=event.bitrate_kbps,
        burst=max(listening.burst, event.burst),
        off_air=False,
        problem=None,
        retry_at=None,
    )


def _back_to(state: PlayerState, ready: Listening) -> Step:
    """Return to a stream that was taped meanwhile, live."""
    still_ready = _ready_without_current(state)
    state = replace(state, ready=tuple(stream for stream in still_ready if stream.key != ready.key))
    if not ready.codec:
        again = resumed(state, replace(ready, state=PlayState.CONNECTING))
        return again, (Silence(), CloseUnused())
    at = ready.newest_place
    again = resumed(state, replace(ready, state=PlayState.PLAYING, position=at))
    return again, (CloseUnused(), StartPlay(again.play_id, at))


def _ready_without_current(state: PlayerState) -> tuple[Listening, ...]:
    """Streams that are kept ready once the current one is left."""
    radio, ready = state.radio, state.ready
    if radio is not None and radio.codec and radio.state is not PlayState.STOPPED:
        position = radio.tape_end if radio.position is None else radio.position
        aside = replace(radio, state=PlayState.PAUSED, live=False, position=position)
        ready = (aside, *(stream for stream in ready if stream.key != radio.key))
    return ready[: state.most_ready]
