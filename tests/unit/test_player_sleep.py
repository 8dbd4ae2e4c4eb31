"""When the sleep timer is over."""

from dataclasses import replace
from datetime import timedelta

from radiotui.player import sleep
from radiotui.player.events import CloseUnused, FallAsleep, SetSleep, Silence
from radiotui.player.playback import PlayState, Sleep
from radiotui.player.queue import QueueItem
from radiotui.player.step import step
from tests.unit.test_player_moves import AT, on_tape


def test_minutes_go_by_whether_it_plays_or_not():
    timer = Sleep("minutes", AT + timedelta(minutes=5))
    for playback in (on_tape(), on_tape(state=PlayState.PAUSED)):
        assert sleep.seconds_left(timer, playback, AT + timedelta(minutes=2)) == 180
        assert sleep.seconds_left(timer, playback, AT + timedelta(minutes=6)) == 0


def test_the_programme_ends_for_the_ear_not_for_the_clock():
    playback = on_tape(
        programme="Here & Now",
        programme_at=AT,
        programme_until=AT + timedelta(minutes=60),
        heard_at=AT + timedelta(minutes=50),
    )
    timer = sleep.after("programme", playback)
    assert timer.until == AT + timedelta(minutes=60)
    late = AT + timedelta(minutes=59)
    assert sleep.seconds_left(timer, playback, late) == 600
    over = replace(playback, programme="Marketplace", programme_at=AT + timedelta(minutes=60))
    assert sleep.seconds_left(timer, over, late) == 0


def test_a_song_ends_at_the_next_title():
    playback = on_tape(title="The weather", title_at=AT)
    timer = sleep.after("song", playback)
    assert sleep.seconds_left(timer, playback, AT) == 50
    assert sleep.seconds_left(timer, replace(playback, marks=()), AT) is None
    over = replace(playback, title="The markets", title_at=AT + timedelta(minutes=3))
    assert sleep.seconds_left(timer, over, AT) == 0


def test_of_a_story_it_is_the_storys_end():
    story = QueueItem(key="1", url="https://example.org/1.mp3", title="Trail")
    playback = on_tape(spoken=story, length=600.0)
    timer = sleep.after("song", playback)
    assert sleep.seconds_left(timer, playback, AT) == 120
    assert sleep.seconds_left(timer, replace(playback, spoken=None), AT) == 0


def test_a_pause_does_not_end_a_song():
    playback = on_tape(title="The weather", title_at=AT)
    timer = sleep.after("song", playback)
    assert sleep.seconds_left(timer, replace(playback, state=PlayState.PAUSED), AT) is None


def test_falling_asleep_lets_go_of_everything():
    waiting = on_tape()
    story = QueueItem(key="1", url="https://example.org/1.mp3", title="Trail")
    heard = on_tape(spoken=story, load=2, loads=2, waiting=waiting, warm=(on_tape(load=3),))
    playback, _ = step(heard, SetSleep(Sleep("minutes", AT)))
    assert playback.sleep is not None
    playback, commands = step(playback, FallAsleep())
    assert (playback.state, playback.waiting, playback.warm) == (PlayState.STOPPED, None, ())
    assert playback.sleep is None
    assert commands[0] == Silence()
    assert commands[-1] == CloseUnused()
