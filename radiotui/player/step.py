"""The pure function that moves the player's snapshot.

``step(playback, event)`` gives the next snapshot and what is to be done about
it. It knows no clock, no network and no engine, so every sequence of zaps,
pauses, stories, drops and endings can be tried in a test without any of them.
"""

from __future__ import annotations

from dataclasses import replace

from radiotui.player import interludes as stories
from radiotui.player import moves, sleep, tuning
from radiotui.player.events import (
    ApplyVolume,
    Close,
    CloseStory,
    CloseUnused,
    Command,
    ConnectionLost,
    Event,
    FallAsleep,
    Play,
    PlayEnded,
    PlayEvent,
    PlayFailed,
    PlayStarted,
    PositionUpdate,
    RecordingsChanged,
    ReportProblem,
    SetSleep,
    Silence,
    SoundArrived,
    SourceFailed,
    SourceFinished,
    StartPlay,
    StreamEvent,
)
from radiotui.player.intents import (
    CancelSleep,
    ChangeVolume,
    GoLive,
    Move,
    Pause,
    PlayItem,
    PlayQueue,
    QueueIntent,
    Resume,
    SetVolume,
    SleepAfter,
    Stop,
    ToggleLevelLoudness,
    ToggleMute,
    ToggleMuteAds,
    TogglePause,
    Transport,
)
from radiotui.player.playback import Playback, PlayState, stopped
from radiotui.problems import Problem

__all__ = ["PlayState", "Playback", "step"]

Step = tuple[Playback, tuple[Command, ...]]
_Setting = ToggleLevelLoudness | ToggleMuteAds | SleepAfter | SetSleep | CancelSleep


def step(playback: Playback, event: Event) -> Step:
    """The next snapshot, and what is to be done, in order."""
    after, commands = _step(playback, event)
    is_volume = isinstance(event, SetVolume | ChangeVolume | ToggleMute)
    if after.silenced != playback.silenced and not is_volume:
        commands = (*commands, ApplyVolume(after.volume, after.silenced))
    return after, commands


def _step(playback: Playback, event: Event) -> Step:
    if isinstance(event, Move):
        return _move(playback, event)
    if isinstance(event, QueueIntent):
        return _story_intent(playback, event)
    if isinstance(event, StreamEvent):
        return _from_air(playback, event)
    if isinstance(event, PlayEvent):
        is_current = event.take == playback.take and playback.state is not PlayState.STOPPED
        return _ears(playback, event) if is_current else (playback, ())
    if isinstance(event, SetVolume | ChangeVolume | ToggleMute):
        return _volume(playback, event)
    return _further(playback, event)


def _further(
    playback: Playback,
    event: Transport | _Setting | Play | Close | RecordingsChanged | FallAsleep,
) -> Step:
    match event:
        case Play():
            return _play(playback, event)
        case FallAsleep():
            return _all_stopped(playback)
        case Pause() | Resume() | TogglePause() | Stop() | Close():
            return _transport(playback, event)
        case RecordingsChanged(recordings):
            return replace(playback, recordings=recordings), ()
    return _setting(playback, event), ()


def _play(playback: Playback, event: Play) -> Step:
    same = (event.station, event.stream) == playback.key
    if playback.spoken is not None:
        if same and playback.waiting is not None:
            live, commands = stories.back(playback)
            chosen, more = _play(live, event)
            return chosen, (*commands, *more)
        chosen, more = tuning.change(playback, event)
        # Silence before the story's tape goes, if there is to be any.
        return chosen, (*more[:1], CloseStory(), *more[1:])
    if same and playback.coming is not None:
        return replace(playback, coming=None), (CloseUnused(),)
    if same and playback.state is PlayState.PAUSED:
        return step(playback, Resume())
    if same and playback.state in {PlayState.PLAYING, PlayState.CONNECTING}:
        return playback, ()
    return tuning.change(playback, event)


def _transport(playback: Playback, event: Transport | Close) -> Step:
    match event, playback.state:
        case TogglePause(), PlayState.STOPPED if playback.station:
            again = Play(
                playback.station, playback.stream, playback.station_name, playback.stream_name
            )
            return _play(playback, again)
        # Pausing silence or resuming sound changes nothing.
        case Pause() | TogglePause(), PlayState.CONNECTING | PlayState.PLAYING:
            return _pause(playback)
        case Resume() | TogglePause(), PlayState.PAUSED:
            return _resume(playback)
        case Stop() | Close(), PlayState.CONNECTING | PlayState.PLAYING | PlayState.PAUSED:
            return _stop(playback, event)
    return playback, ()


def _volume(playback: Playback, event: SetVolume | ChangeVolume | ToggleMute) -> Step:
    match event:
        case SetVolume(volume, muted):
            pass
        case ChangeVolume(by):
            volume, muted = playback.volume + by, False
        case ToggleMute():
            volume, muted = playback.volume, not playback.muted
    volume = min(100, max(0, volume))
    after = replace(playback, volume=volume, muted=muted)
    return after, (ApplyVolume(volume, after.silenced),)


def _setting(playback: Playback, event: _Setting) -> Playback:
    match event:
        case ToggleLevelLoudness():
            return replace(playback, even=not playback.even)
        case ToggleMuteAds():
            return replace(playback, mute_ads=not playback.mute_ads)
        case SleepAfter(end):
            return replace(playback, sleep=sleep.after(end, playback))
        case SetSleep(timer):
            return replace(playback, sleep=timer)
        case CancelSleep():
            return replace(playback, sleep=None)


def _stop(playback: Playback, event: Stop | Close) -> Step:
    if playback.spoken is None:
        return stopped(playback), (Silence(), CloseUnused())
    if isinstance(event, Close):
        return _all_stopped(playback)
    return stories.back(playback)


def _all_stopped(playback: Playback) -> Step:
    let_go = (CloseStory(),) if playback.spoken is not None else ()
    return stopped(playback), (Silence(), *let_go, CloseUnused())


def _move(playback: Playback, event: Move) -> Step:
    if not isinstance(event, GoLive) or playback.spoken is None:
        return moves.move(playback, event)
    # Live is the station, also while a story is heard.
    radio, commands = stories.back(playback)
    if radio.state is PlayState.STOPPED or radio.position is None:
        return radio, commands
    again, more = moves.live(replace(radio, state=PlayState.PAUSED))
    return again, (*(one for one in commands if not isinstance(one, StartPlay)), *more)


def _pause(playback: Playback) -> Step:
    if playback.coming is not None:
        # Who asks for silence gets it, and not the other station a moment later.
        paused, commands = _pause(replace(playback, coming=None))
        return paused, (*commands, CloseUnused())
    # Before the first word of a station there is nothing to come back to, so pausing is stopping.
    if playback.state is PlayState.CONNECTING and playback.spoken is None:
        return stopped(playback), (Silence(), CloseUnused())
    take = playback.take + 1
    return replace(playback, state=PlayState.PAUSED, take=take, live=False), (Silence(),)


def _resume(playback: Playback) -> Step:
    take = playback.take + 1
    if not playback.codec:
        return replace(playback, state=PlayState.CONNECTING, take=take), ()
    resumed = replace(playback, state=PlayState.PLAYING, take=take)
    return resumed, (StartPlay(take, playback.position),)


def _story_intent(playback: Playback, event: QueueIntent) -> Step:
    playing = playback.spoken
    match event:
        case PlayItem(what) if playing is not None and playing.key == what.key:
            goes_on = True
        case PlayQueue() if playing is not None:
            goes_on = playback.newscast
        case _:
            goes_on = False
    if goes_on and playback.state is PlayState.PAUSED:
        return _resume(playback)
    if goes_on:
        return playback, ()
    after, commands = stories.intent(tuning.give_way(playback), event)
    if playback.coming is None or after.spoken is not None:
        return after, (CloseUnused(), *commands) if playback.coming is not None else commands
    return replace(playback, queue=after.queue, missed=after.missed), commands


def _from_air(playback: Playback, event: StreamEvent) -> Step:
    """What belongs to the heard or to the waiting changes that; all else comes too late."""
    waiting = playback.waiting
    if waiting is not None and event.load == waiting.load:
        if isinstance(event, SourceFailed):
            return replace(playback, waiting=None), (CloseUnused(), ReportProblem(event.problem))
        return replace(playback, waiting=_while_waiting(waiting, event)), ()
    if playback.coming is not None and event.load == playback.coming.load:
        return _coming(playback, playback.coming, event)
    if event.load in {one.load for one in playback.warm}:
        return _warm(playback, event)
    if event.load != playback.load or playback.state is PlayState.STOPPED:
        return playback, ()
    return _air(playback, event)


def _coming(playback: Playback, coming: Playback, event: StreamEvent) -> Step:
    """What becomes of the stream that was chosen, while the other plays on."""
    match event:
        case SoundArrived():
            return tuning.arrive(playback, event)
        case SourceFailed(problem=problem):
            return replace(playback, coming=None), (CloseUnused(), ReportProblem(problem))
    return replace(playback, coming=_air(coming, event)[0]), ()


def _warm(playback: Playback, event: StreamEvent) -> Step:
    """What becomes of streams that are taped for later."""
    if isinstance(event, SourceFailed):
        others = tuple(one for one in playback.warm if one.load != event.load)
        return replace(playback, warm=others), (CloseUnused(),)
    warm = tuple(
        _while_waiting(one, event) if one.load == event.load else one for one in playback.warm
    )
    return replace(playback, warm=warm), ()


def _while_waiting(waiting: Playback, event: StreamEvent) -> Playback:
    """What becomes of live radio that nobody listens to just now."""
    after = replace(_air(waiting, event)[0], live=False)
    return stories.on_tape_by_now(after) if isinstance(event, SoundArrived) else after


def _air(playback: Playback, event: StreamEvent) -> Step:
    match event:
        case SoundArrived():
            on_tape = replace(
                playback,
                codec=event.codec,
                bitrate_kbps=event.bitrate_kbps,
                burst=max(playback.burst, event.burst),
                off_air=False,
                problem=None,
                retry_at=None,
            )
            # The engine is given the tape at the first sound; after a drop it is still reading.
            first = playback.state is PlayState.CONNECTING and not playback.codec
            return on_tape, (StartPlay(playback.take, event.begin),) if first else ()
        case ConnectionLost():
            lost = replace(playback, off_air=True, problem=event.problem, retry_at=event.retry_at)
            return lost, ()
        case SourceFinished():
            length = event.length if playback.spoken else None
            return replace(
                playback,
                length=length or playback.length,
                off_air=playback.spoken is None,
                problem=None,
                retry_at=None,
            ), ()
        case SourceFailed():
            return _broken(playback, event.problem)
        case PositionUpdate():
            return _heard(playback, event), ()


def _broken(playback: Playback, problem: Problem) -> Step:
    if playback.spoken is None:
        return _over(playback, problem)
    if not playback.codec:
        return stories.failed(playback, problem)
    broken = replace(playback, off_air=True, problem=problem, retry_at=None)
    return broken, (ReportProblem(problem),)


def _heard(playback: Playback, event: PositionUpdate) -> Playback:
    behind = max(0.0, event.tape_end - event.position)
    playing = playback.state is PlayState.PLAYING
    burst = playback.burst
    if playing and playback.position is None:
        # HLS says how much comes at once: by now that may not all be there.
        burst = max(behind, burst)
    is_live = playing and playback.spoken is None and not playback.off_air
    return replace(
        playback,
        position=event.position,
        tape_start=event.tape_start,
        tape_end=event.tape_end,
        behind=behind,
        burst=burst,
        live=is_live and behind <= burst + moves.LIVE_SLACK,
        title=event.title,
        ad=event.ad,
        heard_at=event.heard_at,
        title_at=event.title_at,
        programme=event.programme,
        programme_at=event.programme_at,
        programme_until=event.programme_until,
        marks=event.marks,
        gain_db=event.gain_db,
        no_device=event.no_device,
    )


def _ears(playback: Playback, event: PlayEvent) -> Step:
    match event:
        case PlayStarted():
            return replace(playback, state=PlayState.PLAYING), ()
        case PlayEnded(more_at=None) if playback.spoken is not None:
            return stories.over(playback)
        case PlayEnded(more_at=None):
            return _over(playback, None)
        case PlayEnded():
            take = playback.take + 1
            return replace(playback, take=take), (StartPlay(take, event.more_at),)
        case PlayFailed() if playback.spoken is not None:
            return stories.failed(playback, event.problem)
        case PlayFailed():
            return _over(playback, event.problem)


def _over(playback: Playback, problem: Problem | None) -> Step:
    """Nothing more is to be heard of the station."""
    if playback.coming is None:
        return replace(stopped(playback), problem=problem), (Silence(), CloseUnused())
    tell = () if problem is None else (ReportProblem(problem),)
    return tuning.give_way(playback), (Silence(), CloseUnused(), *tell)
