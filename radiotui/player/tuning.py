"""Changes of stations: pure steps from one snapshot to the next.

The station that plays goes on until the chosen one has sound, and may stay on
its tape afterwards: then going back to it is only another place to read.
"""

from __future__ import annotations

from msgspec.structs import replace

from radiotui.player.events import (
    CloseUnused,
    Commands,
    Notify,
    OpenStream,
    ReportProblem,
    Silence,
    SoundArrived,
    StartPlay,
)
from radiotui.player.state import (
    Listening,
    Playback,
    PlayerState,
    PlayState,
    StorySource,
    TunedSource,
)
from radiotui.problems import Problem
from radiotui.text import duration_word

Step = tuple[PlayerState, Commands]


def stopped(state: PlayerState, problem: Problem | None = None) -> PlayerState:
    """Silence with nothing tuned; ``tuned`` still names the station."""
    return replace(state, playback=Playback(Listening(problem=problem)), play_id=state.play_id + 1)


def tuned_to(
    state: PlayerState, listening: Listening, *, ready: tuple[Listening, ...]
) -> PlayerState:
    """A stream or file at the ear in a new play; whatever waited for that is over."""
    assert not isinstance(listening.source, StorySource)
    before = state.playback
    playback = Playback(listening, ready=ready, sleep=before.sleep, no_device=before.no_device)
    return replace(state, playback=playback, tuned=listening.source, play_id=state.play_id + 1)


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
        return replace(state, playback=replace(state.playback, pending=new)), commands
    tuned = tuned_to(state, new, ready=_ready_without_current(state))
    # A lack of a sound device is reported again with the first sound of a chosen stream.
    playback = replace(tuned.playback, no_device=None)
    return replace(tuned, playback=playback), (Silence(), *commands)


def arrive(state: PlayerState, pending: Listening, event: SoundArrived) -> Step:
    """First sound of the pending stream: it is at the ear instead of the other from now on."""
    arrived = tuned_to(state, with_sound(pending, event), ready=_ready_without_current(state))
    start = StartPlay(arrived.play_id, event.begin)
    return arrived, (CloseUnused(), start, *delay_words(arrived.current))


def delay_words(listening: Listening) -> Commands:
    """Words about a delay that the tape is too short for as yet."""
    if not listening.delay_left:
        return ()
    word = duration_word(listening.delay)
    hint = (
        f"tapes begin anew with each start: in {word} enough is there, and it goes back by itself"
    )
    return (Notify(f"{listening.station_name} is live until there are {word} of it", hint),)


def give_way(state: PlayerState) -> PlayerState:
    """End of the current stream before the pending one has sound: that one is tuned to."""
    if state.pending is None:
        return state
    return tuned_to(state, state.pending, ready=_ready_without_current(state))


def over(state: PlayerState, problem: Problem | None) -> Step:
    """End of the station: there is no more sound, ever."""
    if state.pending is None:
        return stopped(state, problem), (Silence(), CloseUnused())
    report = () if problem is None else (ReportProblem(problem),)
    return give_way(state), (Silence(), CloseUnused(), *report)


def without_pending(state: PlayerState) -> PlayerState:
    """The choice of another stream given up; the current one plays on."""
    return replace(state, playback=replace(state.playback, pending=None))


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
    still_ready = tuple(
        stream for stream in _ready_without_current(state) if stream.key != ready.key
    )
    if not ready.codec:
        connecting = replace(ready, state=PlayState.CONNECTING)
        return tuned_to(state, connecting, ready=still_ready), (Silence(), CloseUnused())
    at = ready.newest_place
    playing = replace(ready, state=PlayState.PLAYING, position=at)
    again = tuned_to(state, playing, ready=still_ready)
    return again, (CloseUnused(), StartPlay(again.play_id, at))


def _ready_without_current(state: PlayerState) -> tuple[Listening, ...]:
    """Streams that are kept ready once the current one is left."""
    radio, ready = state.radio, state.ready
    if radio is not None and radio.codec and radio.state is not PlayState.STOPPED:
        position = radio.tape_end if radio.position is None else radio.position
        aside = replace(radio, state=PlayState.PAUSED, live=False, position=position)
        ready = (aside, *(stream for stream in ready if stream.key != radio.key))
    return ready[: state.most_ready]
