"""When the sleep timer is over."""

from dataclasses import replace
from datetime import timedelta

from radiotui.player import sleep
from radiotui.player.events import CloseUnused, FallAsleep, SetSleep, Silence
from radiotui.player.queue import QueueItem
from radiotui.player.state import PlayerState, PlayState, Sleep, StorySource
from radiotui.player.step import step
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
