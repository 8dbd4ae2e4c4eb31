"""How stories come and go: pure steps from one snapshot to the next.

Live radio is put aside for a story, stays tuned, and comes back when no story follows.
"""

from __future__ import annotations

from dataclasses import replace

from radiotui.player.events import (
    CloseStory,
    Commands,
    OpenStory,
    ReportProblem,
    Silence,
    StartPlay,
)
from radiotui.player.intents import (
    Enqueue,
    MoveInQueue,
    PlayItem,
    PlayQueue,
    QueueIntent,
    RemoveFromQueue,
    SkipQueueItem,
)
from radiotui.player.playback import Playback, PlayState, stopped, taken_up
from radiotui.player.queue import QueueItem, added, moved, without
from radiotui.problems import Problem

Step = tuple[Playback, Commands]


def intent(playback: Playback, event: QueueIntent) -> Step:
    """What the listener wants with stories; resuming a paused one is the caller's."""
    match event:
        case PlayItem(what):
            return begin(playback, what, newscast=playback.newscast)
        case PlayQueue():
            return _play_newscast(replace(playback, missed=frozenset()))
        case SkipQueueItem():
            return _skip(replace(playback, newscast=True)) if playback.spoken else (playback, ())
        case RemoveFromQueue(key) if (
            playback.newscast and playback.spoken and playback.spoken.key == key
        ):
            return _skip(playback)
        case _:
            return _order(playback, event), ()


def _order(playback: Playback, event: QueueIntent) -> Playback:
    """The queue in another order, or with others in it."""
    queue = playback.queue
    match event:
        case Enqueue(what):
            queue = added(queue, what)
        case RemoveFromQueue(key):
            queue = without(queue, key)
        case MoveInQueue(key, by):
            # What is heard of the newscast stays the first.
            first = 1 if playback.newscast and _is_first(playback) else 0
            queue = moved(queue, key, by, first=first)
    missed = playback.missed & {spoken.key for spoken in queue}
    return replace(playback, queue=queue, missed=missed)


def begin(playback: Playback, what: QueueItem, *, newscast: bool) -> Step:
    """Hear ``what`` instead of whatever is heard; live radio is put aside."""
    begun = replace(
        stopped(playback),
        state=PlayState.CONNECTING,
        spoken=what,
        length=what.seconds,
        no_device=playback.no_device,
        waiting=_aside(playback),
        warm=playback.warm,
        sleep=playback.sleep,
        newscast=newscast,
    )
    return begun, (Silence(), CloseStory(), OpenStory(begun.load, what))


def over(playback: Playback) -> Step:
    """The story was heard to its end, or the listener has enough of it."""
    assert playback.spoken is not None
    return _go_on(replace(playback, queue=without(playback.queue, playback.spoken.key)))


def failed(playback: Playback, problem: Problem) -> Step:
    """The story cannot be heard; in the newscast it is passed over and kept for another time."""
    what = playback.spoken
    assert what is not None
    if what in playback.queue:
        queue = (*without(playback.queue, what.key), what)
        playback = replace(playback, queue=queue, missed=playback.missed | {what.key})
    after, commands = _go_on(playback)
    if after.state is PlayState.STOPPED:
        return replace(after, problem=problem), commands
    return after, (*commands, ReportProblem(problem))


def _go_on(playback: Playback) -> Step:
    # Who paused is not to be surprised by sound when a story fails meanwhile.
    paused = playback.state is PlayState.PAUSED
    following = next(iter(playback.to_come), None)
    if playback.newscast and following is not None and not paused:
        return begin(playback, following, newscast=True)
    return back(playback, paused=paused)


def back(playback: Playback, *, paused: bool = False) -> Step:
    """No more stories: live radio where it was left, or silence when there was none."""
    waiting = playback.waiting
    if waiting is None:
        return stopped(playback), (Silence(), CloseStory())
    take = playback.take + 1
    live = replace(
        taken_up(waiting, playback),
        state=PlayState.PAUSED if paused else waiting.state,
        take=take,
    )
    listen = (StartPlay(take, live.position),) if live.state is PlayState.PLAYING else ()
    return live, (Silence(), CloseStory(), *listen)


def _play_newscast(playback: Playback) -> Step:
    if not playback.queue or (playback.newscast and playback.spoken):
        return playback, ()
    if playback.spoken and _is_first(playback):
        return replace(playback, newscast=True), ()
    return begin(playback, playback.queue[0], newscast=True)


def _skip(playback: Playback) -> Step:
    # Whoever asks for the next wants to hear it, also while paused.
    return over(replace(playback, state=PlayState.PLAYING))


def _is_first(playback: Playback) -> bool:
    first = next(iter(playback.queue), None)
    return bool(first and playback.spoken and first.key == playback.spoken.key)


def _aside(playback: Playback) -> Playback | None:
    """Live radio as it waits."""
    if playback.spoken is not None:
        return playback.waiting
    if playback.state is PlayState.STOPPED:
        return None
    aside = replace(
        playback, live=False, queue=(), missed=frozenset(), warm=(), recordings=(), sleep=None
    )
    return on_tape_by_now(aside) if playback.codec else aside


def on_tape_by_now(waiting: Playback) -> Playback:
    """Sound is there of a station that waits: what was not heard of it will be."""
    if waiting.state is not PlayState.CONNECTING:
        return waiting
    return replace(waiting, state=PlayState.PLAYING, position=0.0)
