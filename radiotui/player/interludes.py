"""Stories between: pure steps from one snapshot to the next.

Live radio is put aside for a story, stays tuned, and comes back when no story follows.
"""

from __future__ import annotations

from msgspec.structs import replace

from radiotui.player.events import (
    CloseStory,
    CloseUnused,
    Commands,
    MoveStory,
    OpenStory,
    ReportProblem,
    Silence,
    StartPlay,
)
from radiotui.player.intents import (
    ClearQueue,
    EndItem,
    Enqueue,
    EnqueueNext,
    MoveInQueue,
    PlayFromQueue,
    PlayItem,
    PlayQueue,
    QueueIntent,
    RemoveFromQueue,
    ReplaceItem,
    ShowQueue,
    SkipQueueItem,
)
from radiotui.player.queue import Queue, QueueItem, added, added_next, moved, without
from radiotui.player.state import Listening, PlayerState, PlayState, StorySource
from radiotui.player.tuning import stopped, tuned_to
from radiotui.problems import Problem

Step = tuple[PlayerState, Commands]


def obey(state: PlayerState, intent: QueueIntent | ShowQueue) -> Step:
    """Step of a queue intent; resuming a paused story is the caller's."""
    match intent:
        case PlayItem(item):
            return begin(state, item, newscast=state.newscast)
        case PlayQueue():
            return _play_queue(replace(state, missed=frozenset()))
        case SkipQueueItem():
            return _skip(_as_newscast(state)) if state.story else (state, ())
        case RemoveFromQueue(key) if state.newscast and state.story and state.story.key == key:
            return _skip(state)
        case PlayFromQueue(key) | EndItem(key) | ReplaceItem(key):
            return _of_key(state, key, intent)
        case _:
            return _with_queue(state, intent), ()


def _with_queue(state: PlayerState, intent: QueueIntent | ShowQueue) -> PlayerState:
    """The queue in another order, or with other stories in it."""
    queue = state.queue
    match intent:
        case ShowQueue(queue, name):
            state = replace(state, queue_name=name)
        case Enqueue(items):
            queue = added(queue, items)
        case EnqueueNext(items):
            queue = added_next(queue, items, _key_at_ear(state))
        case ClearQueue():
            queue = tuple(item for item in queue if item.key == _key_at_ear(state))
        case RemoveFromQueue(key):
            queue = without(queue, key)
        case MoveInQueue(key, by):
            # The newscast's story at the ear stays the first.
            queue = moved(queue, key, by, first=int(bool(_key_at_ear(state))))
    return _replaced(state, queue)


def _replaced(state: PlayerState, queue: Queue) -> PlayerState:
    """Another queue; what is heard is heard on."""
    return replace(state, queue=queue, missed=state.missed & {item.key for item in queue})


def _key_at_ear(state: PlayerState) -> str:
    """The key of the newscast's story at the ear, while that is the first of the queue."""
    return state.queue[0].key if state.newscast and _is_first(state) else ""


def _of_key(state: PlayerState, key: str, intent: PlayFromQueue | EndItem | ReplaceItem) -> Step:
    """A story of the queue is played, or the recording at the ear ends or has another name."""
    if isinstance(intent, PlayFromQueue):
        return _play_from(state, key)
    if state.story is None or state.story.key != key:
        return state, ()
    if isinstance(intent, EndItem):
        return over(state)
    item = intent.item
    playback = replace(state.playback, current=replace(state.current, source=StorySource(item)))
    if playback.sleep is not None and playback.sleep.until_change_of == key:
        playback = replace(playback, sleep=replace(playback.sleep, until_change_of=item.key))
    return replace(state, playback=playback), (MoveStory(item.path),)


def begin(state: PlayerState, item: QueueItem, *, newscast: bool) -> Step:
    """A story instead of the source at the ear; live radio is put aside."""
    tuning_id = state.last_tuning_id + 1
    # The place is for this once: whatever goes on with it later goes on where it was left.
    source = StorySource(replace(item, begin=None))
    story = Listening(source, tuning_id, PlayState.CONNECTING, length=item.seconds)
    playback = replace(
        state.playback, current=story, waiting=_radio_aside(state), newscast=newscast
    )
    begun = replace(state, playback=playback, last_tuning_id=tuning_id, play_id=state.play_id + 1)
    return begun, (Silence(), CloseStory(), OpenStory(tuning_id, item))


def over(state: PlayerState) -> Step:
    """End of the story, by itself or by the listener."""
    assert state.story is not None
    return _go_on(replace(state, queue=without(state.queue, state.story.key)))


def failed(state: PlayerState, problem: Problem) -> Step:
    """Failure of the story; in the newscast it is passed over and kept for another time."""
    item = state.story
    assert item is not None
    if item in state.queue:
        queue = (*without(state.queue, item.key), item)
        state = replace(state, queue=queue, missed=state.missed | {item.key})
    after, commands = _go_on(state)
    if after.state is PlayState.STOPPED:
        return after.with_current(Listening(problem=problem)), commands
    return after, (*commands, ReportProblem(problem))


def _go_on(state: PlayerState) -> Step:
    # A listener who paused is not to be surprised by sound when a story fails meanwhile.
    paused = state.state is PlayState.PAUSED
    following = next(iter(state.upcoming), None)
    if state.newscast and following is not None and not paused:
        return begin(state, following, newscast=True)
    return back(state, paused=paused)


def back(state: PlayerState, *, paused: bool = False) -> Step:
    """End of the stories: live radio where it was left, or silence when there was none."""
    waiting = state.waiting
    if waiting is None:
        unused = (CloseUnused(),) if state.ready else ()
        return stopped(state), (Silence(), CloseStory(), *unused)
    listening = replace(waiting, state=PlayState.PAUSED) if paused else waiting
    radio = tuned_to(state, listening, ready=state.ready)
    starts = (StartPlay(radio.play_id, waiting.position),) if radio.current.is_playing else ()
    return radio, (Silence(), CloseStory(), *starts)


def _play_queue(state: PlayerState) -> Step:
    if not state.queue or (state.newscast and state.story):
        return state, ()
    if state.story and _is_first(state):
        return _as_newscast(state), ()
    return begin(state, state.queue[0], newscast=True)


def _play_from(state: PlayerState, key: str) -> Step:
    """A story of the queue now, as its first; nothing for one that is not in it any more."""
    item = next((item for item in state.queue if item.key == key), None)
    if item is None:
        return state, ()
    state = replace(state, missed=state.missed - {key})
    return begin(_replaced(state, added_next(state.queue, [item])), item, newscast=True)


def _skip(state: PlayerState) -> Step:
    # Skipping is a wish for sound, also while paused.
    return over(state.with_current(replace(state.current, state=PlayState.PLAYING)))


def _as_newscast(state: PlayerState) -> PlayerState:
    """The story at the ear as a part of the newscast: the queue goes on after it."""
    return replace(state, playback=replace(state.playback, newscast=True))


def _is_first(state: PlayerState) -> bool:
    first = next(iter(state.queue), None)
    return bool(first and state.story and first.key == state.story.key)


def _radio_aside(state: PlayerState) -> Listening | None:
    """Live radio as it waits for the end of a story."""
    if state.story is not None:
        return state.waiting
    if state.state is PlayState.STOPPED:
        return None
    aside = replace(state.current, live=False)
    return with_tape(aside) if aside.codec else aside


def with_tape(waiting: Listening) -> Listening:
    """A waiting station whose first sound has come: it will be heard from there."""
    if waiting.state is not PlayState.CONNECTING:
        return waiting
    return replace(waiting, state=PlayState.PLAYING, position=0.0)
