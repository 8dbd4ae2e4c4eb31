"""The pure function that moves the player's snapshot.

``step(playback, event)`` gives the next snapshot and what is to be done about
it. It knows no clock, no network and no engine, so every sequence of zaps,
pauses, stories, drops and endings can be tried in a test without any of them.
"""

from __future__ import annotations

from dataclasses import replace

from radiotui.player import stories
from radiotui.player.events import (
    Air,
    Broken,
    Close,
    Command,
    Ears,
    EarsEnded,
    EarsFailed,
    EarsStarted,
    Enqueue,
    Event,
    Finished,
    Heard,
    Hush,
    Intent,
    LetGo,
    Listen,
    Lost,
    Loudness,
    Move,
    OnTape,
    Pause,
    Play,
    PlayNewscast,
    PlayStory,
    Resume,
    SetLoudness,
    Skip,
    Stop,
    StoryIntent,
    Tell,
    Tune,
    Unqueue,
    Untune,
)
from radiotui.player.playback import Playback, PlayState, stopped
from radiotui.problems import Problem

__all__ = ["PlayState", "Playback", "step"]

_LIVE_SLACK = 3.0
"""Seconds later than at the first sound that still count as live."""

Step = tuple[Playback, tuple[Command, ...]]


def step(playback: Playback, event: Event) -> Step:
    """The next snapshot, and what is to be done, in order."""
    match event:
        case Play():
            return _play(playback, event)
        case Pause() | Resume() | Stop() | Close() | Loudness():
            return _intent(playback, event)
        case PlayStory() | PlayNewscast() | Skip() | Enqueue() | Unqueue() | Move():
            return _story_intent(playback, event)
        case OnTape() | Lost() | Finished() | Broken() | Heard():
            return _from_air(playback, event)
        case EarsStarted() | EarsEnded() | EarsFailed():
            is_current = event.take == playback.take and playback.state is not PlayState.STOPPED
            return _ears(playback, event) if is_current else (playback, ())


def _play(playback: Playback, event: Play) -> Step:
    same = (event.station, event.stream) == (playback.station, playback.stream)
    let_go: tuple[Command, ...] = ()
    if playback.spoken is not None:
        if same and playback.waiting is not None:
            live, commands = stories.back(playback)
            chosen, more = _play(live, event)
            return chosen, (*commands, *more)
        let_go = (LetGo(),)
    elif same and playback.state is PlayState.PAUSED:
        return step(playback, Resume())
    elif same and playback.state in {PlayState.PLAYING, PlayState.CONNECTING}:
        return playback, ()
    load = playback.loads + 1
    tuned = Playback(
        state=PlayState.CONNECTING,
        load=load,
        loads=load,
        take=playback.take + 1,
        station=event.station,
        stream=event.stream,
        station_name=event.station_name,
        stream_name=event.stream_name,
        volume=playback.volume,
        muted=playback.muted,
        engine=playback.engine,
        queue=playback.queue,
        missed=playback.missed,
    )
    return tuned, (Hush(), *let_go, Untune(), Tune(load, event.station, event.stream))


def _intent(playback: Playback, event: Intent) -> Step:
    match event, playback.state:
        case Loudness(volume, muted), _:
            volume = min(100, max(0, volume))
            louder = replace(playback, volume=volume, muted=muted)
            return louder, (SetLoudness(volume, muted),)
        # Pausing silence or resuming sound changes nothing.
        case Pause(), PlayState.CONNECTING | PlayState.PLAYING:
            return _pause(playback)
        case Resume(), PlayState.PAUSED:
            return _resume(playback)
        case Stop() | Close(), PlayState.CONNECTING | PlayState.PLAYING | PlayState.PAUSED:
            return _stop(playback, event)
    return playback, ()


def _stop(playback: Playback, event: Stop | Close) -> Step:
    if playback.spoken is None:
        return stopped(playback), (Hush(), Untune())
    if isinstance(event, Close):
        return stopped(playback), (Hush(), LetGo(), Untune())
    return stories.back(playback)


def _pause(playback: Playback) -> Step:
    # Before the first word of a station there is nothing to come back to, so pausing is stopping.
    if playback.state is PlayState.CONNECTING and playback.spoken is None:
        return stopped(playback), (Hush(), Untune())
    take = playback.take + 1
    return replace(playback, state=PlayState.PAUSED, take=take, live=False), (Hush(),)


def _resume(playback: Playback) -> Step:
    take = playback.take + 1
    if not playback.codec:
        return replace(playback, state=PlayState.CONNECTING, take=take), ()
    resumed = replace(playback, state=PlayState.PLAYING, take=take)
    return resumed, (Listen(take, playback.position),)


def _story_intent(playback: Playback, event: StoryIntent) -> Step:
    playing = playback.spoken
    match event:
        case PlayStory(what) if playing is not None and playing.key == what.key:
            goes_on = True
        case PlayNewscast() if playing is not None:
            goes_on = playback.newscast
        case _:
            goes_on = False
    if goes_on and playback.state is PlayState.PAUSED:
        return _resume(playback)
    return (playback, ()) if goes_on else stories.intent(playback, event)


def _from_air(playback: Playback, event: Air) -> Step:
    """What belongs to the heard or to the waiting changes that; all else comes too late."""
    waiting = playback.waiting
    if waiting is not None and event.load == waiting.load:
        if isinstance(event, Broken):
            return replace(playback, waiting=None), (Untune(), Tell(event.problem))
        return replace(playback, waiting=_while_waiting(waiting, event)), ()
    if event.load != playback.load or playback.state is PlayState.STOPPED:
        return playback, ()
    return _air(playback, event)


def _while_waiting(waiting: Playback, event: Air) -> Playback:
    """What becomes of live radio that nobody listens to just now."""
    after = replace(_air(waiting, event)[0], live=False)
    return stories.on_tape_by_now(after) if isinstance(event, OnTape) else after


def _air(playback: Playback, event: Air) -> Step:
    match event:
        case OnTape():
            on_tape = replace(
                playback,
                codec=event.codec,
                bitrate_kbps=event.bitrate_kbps,
                off_air=False,
                problem=None,
                retry_at=None,
            )
            # The engine is given the tape at the first sound; after a drop it is still reading.
            first = playback.state is PlayState.CONNECTING and not playback.codec
            return on_tape, (Listen(playback.take, None),) if first else ()
        case Lost():
            lost = replace(playback, off_air=True, problem=event.problem, retry_at=event.retry_at)
            return lost, ()
        case Finished():
            length = event.length if playback.spoken else None
            return replace(
                playback,
                length=length or playback.length,
                off_air=playback.spoken is None,
                problem=None,
                retry_at=None,
            ), ()
        case Broken():
            return _broken(playback, event.problem)
        case Heard():
            return _heard(playback, event), ()


def _broken(playback: Playback, problem: Problem) -> Step:
    if playback.spoken is None:
        return replace(stopped(playback), problem=problem), (Hush(), Untune())
    if not playback.codec:
        return stories.failed(playback, problem)
    broken = replace(playback, off_air=True, problem=problem, retry_at=None)
    return broken, (Tell(problem),)


def _heard(playback: Playback, event: Heard) -> Playback:
    behind = max(0.0, event.tape_end - event.position)
    playing = playback.state is PlayState.PLAYING
    burst = behind if playing and playback.position is None else playback.burst
    is_live = playing and playback.spoken is None and not playback.off_air
    return replace(
        playback,
        position=event.position,
        tape_start=event.tape_start,
        tape_end=event.tape_end,
        behind=behind,
        burst=burst,
        live=is_live and behind <= burst + _LIVE_SLACK,
        title=event.title,
        ad=event.ad,
        heard_at=event.heard_at,
        no_device=event.no_device,
    )


def _ears(playback: Playback, event: Ears) -> Step:
    match event:
        case EarsStarted():
            return replace(playback, state=PlayState.PLAYING), ()
        case EarsEnded(more_at=None) if playback.spoken is not None:
            return stories.over(playback)
        case EarsEnded(more_at=None):
            return stopped(playback), (Hush(), Untune())
        case EarsEnded():
            take = playback.take + 1
            return replace(playback, take=take), (Listen(take, event.more_at),)
        case EarsFailed() if playback.spoken is not None:
            return stories.failed(playback, event.problem)
        case EarsFailed():
            failed = replace(stopped(playback), problem=event.problem)
            return failed, (Hush(), Untune())
