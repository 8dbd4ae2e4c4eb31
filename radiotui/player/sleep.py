"""Sleep timer: the time left on it, and what ends it early. Pure functions of a snapshot."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from msgspec.structs import replace

from radiotui.player.events import Commands, Event, Notify, PlayEvent, PositionUpdate, StreamEvent
from radiotui.player.intents import Move, SleepAfter, SleepAfterItems
from radiotui.player.state import Listening, PlayerState, PlayState, Sleep

FADE_SECONDS = 20.0
"""Seconds before the silence within which the sound becomes softer."""
_LONGEST_SONG = timedelta(hours=1)
"""Time after which a title that never changes ends the timer all the same."""

_JUST_BEFORE = 1.0
"""Seconds before a chapter's end from which the next one is meant."""

End = Literal["programme", "song", "chapter"]


def after(end: End, state: PlayerState) -> Sleep:
    """A timer until the end of the programme, song, story or chapter at the ear."""
    current = state.current
    if end == "chapter":
        return Sleep(end, None, _story_key(state), place=_chapter_end(current) or 0.0)
    if end == "programme":
        until = current.programme_until
    else:
        until = current.heard_at + _LONGEST_SONG if current.heard_at else None
    about = None if current.story is not None else state.key
    return Sleep(end, until, _identity(state, end), about)


def why_unknown(end: End, state: PlayerState) -> str:
    """Reason why that end cannot be noticed; empty where it can."""
    current = state.current
    if end == "chapter":
        words = f"this {current.story.noun} has no chapters" if current.story else "no story is"
        return "" if _chapter_end(current) is not None else words
    if current.story is not None:
        return "" if end == "song" else "a story is heard"
    if end == "song":
        is_noticed = bool(current.title) or _title_change(current) is not None
        silent = "an advertisement is heard" if current.ad else "no title is known here"
        return "" if is_noticed and not current.ad else silent
    until, heard_at = current.programme_until, current.heard_at
    if until is None:
        return "its end is not known" if current.programme else "no programme is known here"
    return "it is over by the schedule" if heard_at and heard_at >= until else ""


def begin(state: PlayerState, intent: SleepAfter | SleepAfterItems) -> tuple[PlayerState, Commands]:
    """The timer set to that end, or the reason why it is not."""
    if isinstance(intent, SleepAfterItems):
        return _begin_items(state, intent.count)
    end = intent.end
    reason = why_unknown(end, state)
    if reason:
        title = f"The end of this {end} would not be noticed"
        return state, (Notify(title, f"{reason}: minutes always work"),)
    return _with(state, after(end, state)), ()


def _begin_items(state: PlayerState, count: int) -> tuple[PlayerState, Commands]:
    """The timer set to the end of so many stories, or the reason why it is not."""
    if state.story is None:
        return state, (Notify("No story is heard", "minutes always work"),)
    return _with(state, Sleep("items", None, _story_key(state), items=max(1, count))), ()


def follow(before: PlayerState, event: Event, state: PlayerState) -> tuple[PlayerState, Commands]:
    """The timer after an event: off, and that is said, where its end cannot come any more.

    A move of the listener's sets it to the end of what is heard then.
    """
    timer = state.sleep
    if timer is None or timer.after == "minutes" or timer is not before.sleep:
        return state, ()
    if timer.key is None:
        return _follow_story(before, event, state, timer)
    if state.story is None and timer.key != state.key:
        return _off(state, f"the {timer.after} on {before.station_name}")
    return _moved(state, timer, event) if state.story is None else (state, ())


def _follow_story(
    before: PlayerState, event: Event, state: PlayerState, timer: Sleep
) -> tuple[PlayerState, Commands]:
    """The timer of a story after an event; of several it counts down where one is over."""
    is_left = _story_key(before) == timer.until_change_of != _story_key(state)
    if timer.after == "chapter" and isinstance(event, Move) and not is_left:
        place = _chapter_end(state.current)
        return (state, ()) if place is None else (_with(state, replace(timer, place=place)), ())
    if not is_left:
        return state, ()
    if timer.after == "items" and state.newscast and state.story is not None and timer.items > 1:
        later = replace(timer, until_change_of=_story_key(state), items=timer.items - 1)
        return _with(state, later), ()
    by_itself = isinstance(event, PlayEvent | StreamEvent)
    return (state, ()) if by_itself else _off(state, "the story")


def _moved(state: PlayerState, timer: Sleep, event: Event) -> tuple[PlayerState, Commands]:
    """The timer of a station after a move, and set anew once the new place is observed."""
    assert timer.after in {"programme", "song"}
    if isinstance(event, Move):
        return _with(state, replace(timer, until_change_of="")), ()
    if timer.until_change_of or not isinstance(event, PositionUpdate):
        return state, ()
    if why_unknown(timer.after, state):
        return _off(state, f"the {timer.after} that was heard before")
    return _with(state, after(timer.after, state)), ()


def seconds_left(sleep: Sleep, state: PlayerState, now: datetime) -> float | None:
    """Seconds until the silence; 0: it is due, None: not known yet."""
    if sleep.after == "minutes":
        return _until(sleep.until, now)
    current = state.current
    # A move whose place is not observed yet, or a story that the station waits for.
    rests = not sleep.until_change_of or (current.story is not None and sleep.key is not None)
    if current.state is not PlayState.PLAYING or current.position is None or rests:
        return None
    if current.story is None and sleep.after in {"programme", "song"}:
        return _of_radio(sleep, "programme" if sleep.after == "programme" else "song", state, now)
    return _of_story(sleep, state, current)


def _of_story(sleep: Sleep, state: PlayerState, current: Listening) -> float | None:
    """Seconds left of a story, or of its chapter; 0 once another is heard, or none."""
    if current.position is None or _story_key(state) != sleep.until_change_of:
        return 0.0
    end = current.length
    if sleep.after == "chapter":
        end = sleep.place
    elif sleep.after == "items" and sleep.items > 1:
        return None
    return max(0.0, end - current.position) / state.play_rate if end else None


def _of_radio(sleep: Sleep, end: End, state: PlayerState, now: datetime) -> float | None:
    current = state.current
    moment = now if current.is_dry else current.heard_at
    if _identity(state, end) != sleep.until_change_of:
        is_lost = end == "programme" and not current.programme
        return _until(sleep.until, moment) or 0.0 if is_lost else 0.0
    if end == "programme":
        return _until(current.programme_until or sleep.until, moment)
    change, position = _title_change(current), current.position or 0.0
    return _until(sleep.until, moment) if change is None else change - position


def _until(end: datetime | None, moment: datetime | None) -> float | None:
    return max(0.0, (end - moment).total_seconds()) if end and moment else None


def chapter_of(current: Listening) -> str:
    """Title of the chapter at the ear; empty where it has none."""
    begun = [
        mark.text
        for mark in current.marks
        if mark.kind == "chapter" and mark.at <= (current.position or 0.0) + _JUST_BEFORE
    ]
    return begun[-1] if begun else ""


def _chapter_end(current: Listening) -> float | None:
    """Place at which the chapter at the ear ends; None where there are none, or no sound yet."""
    chapters = [mark.at for mark in current.marks if mark.kind == "chapter"]
    position = current.position
    if current.story is None or position is None or not chapters:
        return None
    return next((at for at in chapters if at > position + _JUST_BEFORE), current.length)


def _title_change(current: Listening) -> float | None:
    """Place of the next title on the tape, where that has come already."""
    titles = (mark.at for mark in current.marks if mark.kind == "title")
    position = current.position
    return None if position is None else next((at for at in titles if at > position), None)


def _identity(state: PlayerState, end: End) -> str:
    """Identity of the programme, song or story at the ear."""
    current = state.current
    if current.story is not None:
        return current.story.key
    # By the beginning: a name that was read wrong, or not known whole, is mended later.
    if end == "programme":
        return f"{state.key} {current.programme_at or current.programme}"
    return f"{state.key} {current.title_at or current.title}"


def _story_key(state: PlayerState) -> str:
    return state.story.key if state.story else ""


def _with(state: PlayerState, timer: Sleep | None) -> PlayerState:
    return replace(state, playback=replace(state.playback, sleep=timer))


def _off(state: PlayerState, subject: str) -> tuple[PlayerState, Commands]:
    words = Notify("The sleep timer is off", f"it was set to the end of {subject}")
    return _with(state, None), (words,)
