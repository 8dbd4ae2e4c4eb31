"""When the sleep timer is over."""

from datetime import datetime, timedelta
from typing import Literal

import pytest
from msgspec.structs import replace

from radiotui.player import sleep
from radiotui.player.events import (
    CloseUnused,
    FallAsleep,
    Notify,
    PlayEnded,
    PositionUpdate,
    SetSleep,
    Silence,
    TuneIn,
)
from radiotui.player.intents import PlayItem, Shift, SleepAfter, SleepAfterItems, Stop
from radiotui.player.queue import QueueItem
from radiotui.player.state import PlayerState, PlayState, Sleep, StorySource, StreamSource
from radiotui.player.step import step
from radiotui.problems import Problem
from radiotui.radio.tape.marks import Mark
from tests import snapshots
from tests.unit.test_player_moves import AT, on_tape, tape_of


def changed(before: PlayerState, **changes) -> PlayerState:
    return before.with_current(replace(before.current, **changes))


def test_minutes_go_by_whether_it_plays_or_not():
    timer = Sleep("minutes", AT + timedelta(minutes=5))
    for player_state in (on_tape(), on_tape(state=PlayState.PAUSED)):
        assert sleep.seconds_left(timer, player_state, AT + timedelta(minutes=2)) == 180
        assert sleep.seconds_left(timer, player_state, AT + timedelta(minutes=6)) == 0


def test_the_programme_ends_for_the_ear_not_for_the_clock():
    player_state = on_tape(
        programme="Here & Now",
        programme_at=AT,
        programme_until=AT + timedelta(minutes=60),
        heard_at=AT + timedelta(minutes=50),
    )
    timer = sleep.after("programme", player_state)
    assert timer.until == AT + timedelta(minutes=60)
    late = AT + timedelta(minutes=59)
    assert sleep.seconds_left(timer, player_state, late) == 600
    over = changed(player_state, programme="Marketplace", programme_at=AT + timedelta(minutes=60))
    assert sleep.seconds_left(timer, over, late) == 0


def test_a_song_ends_at_the_next_title():
    player_state = on_tape(title="The weather", title_at=AT)
    timer = sleep.after("song", player_state)
    assert sleep.seconds_left(timer, player_state, AT) == 50
    assert sleep.seconds_left(timer, changed(player_state, marks=()), AT) is None
    over = changed(player_state, title="The markets", title_at=AT + timedelta(minutes=3))
    assert sleep.seconds_left(timer, over, AT) == 0


def test_of_a_story_it_is_the_storys_end():
    story = QueueItem(key="1", url="https://example.org/1.mp3", title="Trail")
    player_state = on_tape(source=StorySource(story), length=600.0)
    timer = sleep.after("song", player_state)
    assert sleep.seconds_left(timer, player_state, AT) == 120
    assert sleep.seconds_left(timer, on_tape(length=600.0), AT) == 0


def test_a_pause_does_not_end_a_song():
    player_state = on_tape(title="The weather", title_at=AT)
    timer = sleep.after("song", player_state)
    assert sleep.seconds_left(timer, changed(player_state, state=PlayState.PAUSED), AT) is None


def test_falling_asleep_lets_go_of_everything():
    story = QueueItem(key="1", url="https://example.org/1.mp3", title="Trail")
    heard = snapshots.changed(
        on_tape(source=StorySource(story), tuning_id=2),
        last_tuning_id=3,
        waiting=tape_of(),
        ready=(tape_of(tuning_id=3),),
    )
    player_state, _ = step(heard, SetSleep(Sleep("minutes", AT)))
    assert player_state.sleep is not None
    player_state, commands = step(player_state, FallAsleep())
    assert (player_state.state, player_state.waiting, player_state.ready) == (
        PlayState.STOPPED,
        None,
        (),
    )
    assert player_state.sleep is None
    assert commands[0] == Silence()
    assert commands[-1] == CloseUnused()


def test_a_name_that_is_mended_ends_nothing():
    player_state = on_tape(
        title="Ïàòà Ïàòà",
        title_at=AT,
        programme="News",
        programme_at=AT,
        programme_until=AT + timedelta(minutes=60),
        heard_at=AT + timedelta(minutes=50),
    )
    mended = changed(player_state, title="Пата Пата", programme="News & Talk")
    assert sleep.seconds_left(sleep.after("song", player_state), mended, AT) == 50
    assert sleep.seconds_left(sleep.after("programme", player_state), mended, AT) == 600


def test_a_story_that_is_heard_faster_ends_sooner():
    story = QueueItem(key="1", url="https://example.org/1.mp3", title="Trail")
    player_state = replace(on_tape(source=StorySource(story), length=600.0), rate=2.0)
    assert sleep.seconds_left(sleep.after("song", player_state), player_state, AT) == 60


SONG = {"title": "The weather", "title_at": AT, "heard_at": AT}
PROGRAMME = {
    "programme": "Here & Now",
    "programme_at": AT,
    "programme_until": AT + timedelta(minutes=60),
    "heard_at": AT + timedelta(minutes=50),
}
TRAIL = QueueItem(key="1", url="https://example.org/1.mp3", title="Trail")


def with_timer(end: Literal["programme", "song"], **listening) -> PlayerState:
    player_state, commands = step(on_tape(**listening), SleepAfter(end))
    assert commands == ()
    return player_state


def rest_of(player_state: PlayerState, now: datetime) -> float | None:
    """Seconds left on the timer of the snapshot."""
    assert player_state.sleep is not None
    return sleep.seconds_left(player_state.sleep, player_state, now)


def hear(player_state: PlayerState, **changes) -> tuple[PlayerState, list[str]]:
    """What is heard a moment later, and what is said then."""
    current = replace(player_state.current, **changes)
    names = PositionUpdate.__struct_fields__
    values = {name: getattr(current, name) for name in names if hasattr(current, name)}
    return said(player_state, PositionUpdate(**values))


def said(player_state: PlayerState, event) -> tuple[PlayerState, list[str]]:
    after, commands = step(player_state, event)
    return after, [f"{word.text}: {word.hint}" for word in commands if isinstance(word, Notify)]


@pytest.mark.parametrize(
    ("end", "listening", "reason"),
    [
        ("programme", SONG, "no programme is known here"),
        ("programme", {**PROGRAMME, "programme_until": None}, "its end is not known"),
        ("programme", {**PROGRAMME, "heard_at": AT + timedelta(hours=1)}, "it is over by"),
        ("song", {**PROGRAMME, "marks": ()}, "no title is known here"),
        ("song", {**SONG, "ad": True}, "an advertisement is heard"),
        ("programme", {"source": StorySource(TRAIL)}, "a story is heard"),
    ],
)
def test_an_end_that_would_not_be_noticed_is_refused_with_the_reason(end, listening, reason):
    player_state, words = said(on_tape(**listening), SleepAfter(end))
    assert player_state.sleep is None
    assert words[0].startswith(f"The end of this {end} would not be noticed: {reason}")


@pytest.mark.parametrize(("end", "listening"), [("programme", PROGRAMME), ("song", SONG)])
def test_the_timer_ends_with_the_station_it_was_set_on_and_that_is_said(end, listening):
    player_state = with_timer(end, **listening)
    after, words = said(player_state, TuneIn(StreamSource("kjzz", "news")))
    assert after.sleep is None
    assert words == [f"The sleep timer is off: it was set to the end of the {end} on "]


def test_minutes_outlive_a_change_of_the_station():
    player_state, _ = step(on_tape(), SetSleep(Sleep("minutes", AT)))
    after, words = said(player_state, TuneIn(StreamSource("kjzz", "news")))
    assert (after.sleep, words) == (player_state.sleep, [])


def test_while_a_story_is_heard_the_timer_of_the_station_rests():
    player_state = with_timer("programme", **PROGRAMME)
    heard, words = said(player_state, PlayItem(TRAIL))
    assert (heard.sleep, words) == (player_state.sleep, [])
    at_ear = changed(heard, state=PlayState.PLAYING, position=3.0)
    assert rest_of(at_ear, AT + timedelta(hours=3)) is None


def test_a_move_sets_the_timer_to_the_end_of_what_is_heard_then():
    player_state, words = said(with_timer("song", **SONG), Shift(-60))
    assert words == []
    assert rest_of(player_state, AT) is None
    before = AT - timedelta(minutes=4)
    player_state, words = hear(player_state, title="The markets", title_at=before)
    assert words == []
    assert player_state.sleep == sleep.after("song", player_state)
    assert rest_of(player_state, AT) != 0


def test_a_move_to_what_has_no_end_takes_the_timer_off_and_says_so():
    player_state, _ = said(with_timer("programme", **PROGRAMME), Shift(-60))
    player_state, words = hear(player_state, programme="", programme_at=None, programme_until=None)
    assert player_state.sleep is None
    expected = (
        "The sleep timer is off: it was set to the end of the programme that was heard before"
    )
    assert words == [expected]


def test_a_programme_whose_guide_is_lost_ends_when_it_was_announced():
    player_state = with_timer("programme", **PROGRAMME)
    lost = changed(player_state, programme="", programme_at=None, programme_until=None)
    assert rest_of(lost, AT) == 600
    late = changed(lost, heard_at=AT + timedelta(minutes=61))
    assert rest_of(late, AT) == 0
    unended = changed(player_state, programme_until=None)
    assert rest_of(unended, AT) == 600


def test_a_title_that_never_changes_ends_within_an_hour():
    player_state = with_timer("song", **SONG)
    heard = changed(player_state, marks=(), heard_at=AT + timedelta(minutes=59))
    assert rest_of(heard, AT) == 60


def test_a_station_that_is_gone_does_not_hold_the_end_up():
    player_state = with_timer("programme", **PROGRAMME)
    gone = changed(player_state, off_air=True, problem=Problem("no route"), behind=0.0)
    assert rest_of(gone, AT + timedelta(minutes=61)) == 0


def test_a_story_that_the_listener_leaves_takes_its_timer_with_it():
    player_state = snapshots.changed(
        on_tape(source=StorySource(TRAIL), length=600.0), waiting=tape_of()
    )
    player_state, _ = step(player_state, SleepAfter("song"))
    after, words = said(player_state, Stop())
    assert (after.story, after.sleep) == (None, None)
    assert words == ["The sleep timer is off: it was set to the end of the story"]
    over, words = said(player_state, PlayEnded(player_state.play_id, None))
    assert words == []
    assert rest_of(over, AT) == 0


BRIDGE = QueueItem(key="2", url="https://example.org/2.mp3", title="Bridge")
CHAPTERS = tuple(Mark(at, AT, "chapter", f"From {at:.0f}") for at in (0.0, 300.0, 500.0))


def of_trail(**listening) -> PlayerState:
    """The trail at its 480th second of 600, in the newscast with the bridge behind it."""
    source = StorySource(TRAIL)
    heard = on_tape(source=source, length=600.0, tape_end=600.0, marks=CHAPTERS, **listening)
    return snapshots.changed(heard, queue=(TRAIL, BRIDGE), newscast=True)


def test_a_chapter_ends_at_the_next_one():
    player_state, commands = step(of_trail(position=320.0), SleepAfter("chapter"))
    assert commands == ()
    assert rest_of(player_state, AT) == 180
    # A place that is looked at late is no other chapter.
    assert rest_of(changed(player_state, position=500.4), AT) == 0
    assert rest_of(changed(player_state, state=PlayState.PAUSED), AT) is None
    assert rest_of(replace(player_state, rate=2.0), AT) == 90


def test_the_last_chapter_ends_with_the_story():
    player_state, _ = step(of_trail(position=540.0), SleepAfter("chapter"))
    assert rest_of(player_state, AT) == 60


def test_another_chapter_is_meant_after_a_move():
    player_state, _ = step(of_trail(position=320.0), SleepAfter("chapter"))
    player_state, words = said(player_state, Shift(-60))
    assert words == []
    assert rest_of(player_state, AT) == 40


def test_without_chapters_the_reason_is_said():
    player_state, words = said(changed(of_trail(), marks=()), SleepAfter("chapter"))
    assert player_state.sleep is None
    expected = "The end of this chapter would not be noticed: this story has no chapters"
    assert words[0].startswith(expected)


def over(player_state: PlayerState) -> tuple[PlayerState, list[str]]:
    return said(player_state, PlayEnded(player_state.play_id, None))


def test_so_many_stories_are_counted_down():
    player_state, commands = step(of_trail(), SleepAfterItems(2))
    assert commands == ()
    assert rest_of(player_state, AT) is None
    player_state, words = over(player_state)
    assert (player_state.story, words) == (BRIDGE, [])
    assert player_state.sleep is not None
    assert player_state.sleep.items == 1
    heard = changed(player_state, state=PlayState.PLAYING, position=100.0, length=130.0)
    assert rest_of(heard, AT) == 30


def test_one_that_is_skipped_counts_and_a_station_ends_the_count():
    player_state, _ = step(of_trail(), SleepAfterItems(3))
    player_state, words = over(player_state)
    assert words == []
    player_state, words = said(player_state, TuneIn(StreamSource("kjzz", "news", "KJZZ", "News")))
    assert player_state.sleep is None
    assert words == ["The sleep timer is off: it was set to the end of the story"]


def test_it_is_over_where_fewer_follow_than_were_counted():
    player_state, _ = step(snapshots.changed(of_trail(), queue=(TRAIL,)), SleepAfterItems(5))
    with_radio = snapshots.changed(player_state, waiting=tape_of(state=PlayState.PLAYING))
    after, _ = over(with_radio)
    assert after.story is None
    assert rest_of(after, AT) == 0


def test_there_is_nothing_to_count_without_a_story():
    player_state, words = said(on_tape(), SleepAfterItems(2))
    assert player_state.sleep is None
    assert words == ["No story is heard: minutes always work"]
