"""The pure function that moves the player's snapshot.

``step(state, event)`` gives the next snapshot and what is to be done about it.
It knows no clock, no network and no engine, so every sequence of zaps, pauses,
stories, drops and endings can be tried in a test without any of them.
"""

from __future__ import annotations

from msgspec.structs import replace

from radiotui.player import interludes, moves, sleep, stream_events, tuning
from radiotui.player.events import (
    ApplyVolume,
    Close,
    CloseStory,
    CloseUnused,
    Command,
    Event,
    FallAsleep,
    Notify,
    PlayEnded,
    PlayEvent,
    PlayFailed,
    PlayStarted,
    RecordingsChanged,
    ReportProblem,
    SetSleep,
    Silence,
    StartPlay,
    StreamEvent,
    TuneIn,
)
from radiotui.player.intents import (
    CancelSleep,
    CancelTuning,
    ChangeVolume,
    GoLive,
    GoToPlace,
    Move,
    Pause,
    PlayFromQueue,
    PlayItem,
    PlayQueue,
    QueueIntent,
    Resume,
    SetVolume,
    ShowQueue,
    SleepAfter,
    SleepAfterItems,
    Stop,
    ToggleLevelLoudness,
    ToggleMute,
    ToggleMuteAds,
    TogglePause,
    Transport,
)
from radiotui.player.sound_intents import SoundIntent, obey
from radiotui.player.state import PlayerState, PlayState, Sleep, TunedSource

Step = tuple[PlayerState, tuple[Command, ...]]
_MOST_FAILURES = 12
"""Plays in a row of which nothing is heard: an engine gives up after some 2.5 s of damage."""
_Setting = ToggleLevelLoudness | ToggleMuteAds | SetSleep | CancelSleep


def step(state: PlayerState, event: Event) -> Step:
    """The next snapshot, and the commands that it needs, in order."""
    after, commands = _step(state, event)
    after, words = sleep.follow(state, event, after)
    commands = (*commands, *words)
    is_volume = isinstance(event, SetVolume | ChangeVolume | ToggleMute)
    if after.silenced != state.silenced and not is_volume:
        commands = (*commands, ApplyVolume(after.volume, after.silenced))
    return after, commands


def _step(state: PlayerState, event: Event) -> Step:
    if isinstance(event, Move):
        return _move(state, event)
    if isinstance(event, QueueIntent | ShowQueue | SoundIntent):
        return obey(state, event) if isinstance(event, SoundIntent) else _queue(state, event)
    if isinstance(event, StreamEvent):
        return stream_events.obey(state, event)
    if isinstance(event, PlayEvent):
        is_current = event.play_id == state.play_id and state.state is not PlayState.STOPPED
        return _play_event(state, event) if is_current else (state, ())
    if isinstance(event, SetVolume | ChangeVolume | ToggleMute):
        return _volume(state, event)
    return (
        sleep.begin(state, event)
        if isinstance(event, SleepAfter | SleepAfterItems)
        else _further(state, event)
    )


def _further(
    state: PlayerState,
    event: Transport | _Setting | TuneIn | Close | RecordingsChanged | FallAsleep,
) -> Step:
    match event:
        case TuneIn(source):
            return _tune_in(state, source)
        case FallAsleep():
            return _stop_all(state)
        case Pause() | Resume() | TogglePause() | Stop() | CancelTuning() | Close():
            return _transport(state, event)
        case RecordingsChanged(recordings):
            return replace(state, recordings=recordings), ()
    return _setting(state, event), ()


def _tune_in(state: PlayerState, source: TunedSource) -> Step:
    is_same = source.key == state.key
    if state.story is not None:
        if is_same and state.waiting is not None:
            radio, commands = interludes.back(state)
            after, further = _tune_in(radio, source)
            return after, (*commands, *further)
        after, commands = tuning.change(state, source)
        # Silence before the story's tape goes, if there is to be any.
        return after, (*commands[:1], CloseStory(), *commands[1:])
    if is_same and state.pending is not None:
        return tuning.without_pending(state), (CloseUnused(),)
    if is_same and state.state is PlayState.PAUSED:
        return _resume(state)
    if is_same and state.state in {PlayState.PLAYING, PlayState.CONNECTING}:
        return state, ()
    return tuning.change(state, source)


def _transport(state: PlayerState, event: Transport | Close) -> Step:
    match event, state.state:
        case Stop() | CancelTuning(), _ if state.pending is not None:
            return tuning.without_pending(state), (CloseUnused(),)
        case TogglePause(), PlayState.STOPPED if state.tuned is not None:
            return _tune_in(state, state.tuned)
        # Pausing silence or resuming sound changes nothing.
        case Pause() | TogglePause(), PlayState.CONNECTING | PlayState.PLAYING:
            return _pause(state)
        case Resume() | TogglePause(), PlayState.PAUSED:
            return _resume(state)
        case Stop() | Close(), PlayState.CONNECTING | PlayState.PLAYING | PlayState.PAUSED:
            return _stop(state, event)
    return state, ()


def _volume(state: PlayerState, event: SetVolume | ChangeVolume | ToggleMute) -> Step:
    match event:
        case SetVolume(volume, muted):
            pass
        case ChangeVolume(by):
            volume, muted = state.volume + by, False
        case ToggleMute():
            volume, muted = state.volume, not state.muted
    words: tuple[Command, ...] = ()
    bounded = min(100, max(0, volume))
    if isinstance(event, ChangeVolume) and bounded == state.volume and not state.muted:
        words = (Notify("This is as loud as it gets" if volume > 0 else "This is silence already"),)
    volume = bounded
    after = replace(state, volume=volume, muted=muted)
    return after, (ApplyVolume(volume, after.silenced), *words)


def _setting(state: PlayerState, event: _Setting) -> PlayerState:
    match event:
        case ToggleLevelLoudness():
            return replace(state, level_loudness=not state.level_loudness)
        case ToggleMuteAds():
            return replace(state, mute_ads=not state.mute_ads)
        case SetSleep(timer):
            return _with_sleep(state, timer)
        case CancelSleep():
            return _with_sleep(state, None)


def _with_sleep(state: PlayerState, timer: Sleep | None) -> PlayerState:
    return replace(state, playback=replace(state.playback, sleep=timer))


def _stop(state: PlayerState, event: Stop | Close) -> Step:
    if state.story is None:
        return tuning.stopped(state), (Silence(), CloseUnused())
    if isinstance(event, Close):
        return _stop_all(state)
    return interludes.back(state)


def _stop_all(state: PlayerState) -> Step:
    close_story = (CloseStory(),) if state.story is not None else ()
    return tuning.stopped(state), (Silence(), *close_story, CloseUnused())


def _move(state: PlayerState, intent: Move) -> Step:
    if not isinstance(intent, GoLive) or state.story is None:
        return moves.move(state, intent)
    # Live is the station, also while a story is heard.
    radio, commands = interludes.back(state)
    if radio.state is PlayState.STOPPED or radio.current.position is None:
        return radio, commands
    # Paused, so that the move is made whatever live radio was doing.
    paused = replace(radio.current, state=PlayState.PAUSED)
    live, further = moves.live(radio.with_current(paused))
    before = (command for command in commands if not isinstance(command, StartPlay))
    return live, (*before, *further)


def _pause(state: PlayerState) -> Step:
    if state.pending is not None:
        # A listener who asks for silence gets it, and not the other station a moment later.
        paused, commands = _pause(tuning.without_pending(state))
        return paused, (*commands, CloseUnused())
    # Before the first word of a station there is nothing to come back to, so pausing is stopping.
    if state.state is PlayState.CONNECTING and state.story is None:
        return tuning.stopped(state), (Silence(), CloseUnused())
    current = replace(state.current, state=PlayState.PAUSED, live=False)
    return replace(state.with_current(current), play_id=state.play_id + 1), (Silence(),)


def _resume(state: PlayerState) -> Step:
    current, play_id = state.current, state.play_id + 1
    if not current.codec:
        connecting = replace(current, state=PlayState.CONNECTING)
        return replace(state.with_current(connecting), play_id=play_id), ()
    playing = replace(current, state=PlayState.PLAYING)
    after = replace(state.with_current(playing), play_id=play_id)
    return after, (StartPlay(play_id, current.position),)


def _queue(state: PlayerState, intent: QueueIntent | ShowQueue) -> Step:
    story = state.story
    match intent:
        case PlayItem(item) if item.begin is not None and _is_at_ear(state, item.key):
            return _hear_from(state, item.begin)
        case PlayItem(item) if story is not None and story.key == item.key:
            goes_on = item.begin is None
        case PlayFromQueue(key) if story is not None and story.key == key:
            goes_on = state.newscast
        case PlayQueue() if story is not None:
            goes_on = state.newscast
        case _:
            goes_on = False
    if goes_on and state.state is PlayState.PAUSED:
        return _resume(state)
    if goes_on:
        return state, (Notify("That is heard already"),)
    after, commands = interludes.obey(tuning.give_way(state), intent)
    if state.pending is None:
        return after, commands
    if after.story is not None:
        return after, (CloseUnused(), *commands)
    # Only the queue has changed: the pending stream is still pending.
    name = after.queue_name
    return replace(state, queue=after.queue, missed=after.missed, queue_name=name), commands


def _is_at_ear(state: PlayerState, key: str) -> bool:
    """True for the story of which there is sound already."""
    story, current = state.story, state.current
    is_same = story is not None and story.key == key
    return is_same and bool(current.codec) and current.position is not None


def _hear_from(state: PlayerState, at: float) -> Step:
    """Another place of the story at the ear, also out of a pause."""
    playing = replace(state.current, state=PlayState.PLAYING)
    return moves.move(state.with_current(playing), GoToPlace(at))


def _play_event(state: PlayerState, event: PlayEvent) -> Step:
    match event:
        case PlayStarted():
            current = replace(state.current, state=PlayState.PLAYING)
            return replace(state, playback=replace(state.playback, current=current, failures=0)), ()
        case PlayEnded(more_at=None) if state.story is not None:
            return interludes.over(state)
        case PlayEnded(more_at=None):
            return tuning.over(state, None)
        case PlayEnded():
            play_id = state.play_id + 1
            return replace(state, play_id=play_id), (StartPlay(play_id, event.more_at),)
        case PlayFailed():
            return _failed(state, event)


def _failed(state: PlayerState, event: PlayFailed) -> Step:
    """Damage may end: what was heard a moment ago goes on with what comes next, for a while."""
    is_heard = state.current.is_playing and state.playback.failures < _MOST_FAILURES
    if is_heard and event.more_at is not None:
        return _go_on_after(state, event)
    if state.story is not None:
        return interludes.failed(state, event.problem)
    return tuning.over(state, event.problem)


def _go_on_after(state: PlayerState, event: PlayFailed) -> Step:
    """A new play of what follows the damage; damage that lasts is told once."""
    playback, play_id = state.playback, state.play_id + 1
    after = replace(playback, failures=playback.failures + 1)
    hint = "radiotui goes on with the next sound that can be decoded"
    problem = event.problem.reworded(title="The sound breaks off here", hint=hint)
    report = (ReportProblem(problem),) if playback.failures == 1 else ()
    return replace(state, playback=after, play_id=play_id), (
        StartPlay(play_id, event.more_at),
        *report,
    )
