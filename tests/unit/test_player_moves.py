"""Where a listener comes to on the tape, whatever they ask for."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from radiotui.player.events import Notify, StartPlay
from radiotui.player.intents import (
    GoLive,
    GoToBeginning,
    GoToMark,
    GoToPlace,
    Move,
    Pause,
    Resume,
    Shift,
)
from radiotui.player.queue import QueueItem
from radiotui.player.state import (
    Listening,
    Playback,
    PlayerState,
    PlayState,
    StorySource,
    StreamSource,
)
from radiotui.player.step import step
from radiotui.radio.tape.marks import Mark
from tests import snapshots

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)


def mark(at: float, kind: Any, text: str = "") -> Mark:
    return Mark(at, AT + timedelta(seconds=at), kind, text)


def tape_of(**changes) -> Listening:
    """Ten minutes on the tape, heard eight minutes in, 4 s of burst."""
    listening = Listening(
        StreamSource("knau", "news"),
        tuning_id=1,
        state=PlayState.PLAYING,
        codec="MP3",
        position=480.0,
        tape_start=0.0,
        tape_end=600.0,
        behind=120.0,
        burst=4.0,
        marks=(
            mark(-300.0, "programme", "Morning Edition"),
            mark(100.0, "title", "Nina Simone - Sinnerman"),
            mark(240.0, "programme", "Here & Now"),
            mark(300.0, "reconnect"),
            mark(470.0, "title", "The weather"),
            mark(530.0, "title", "The markets"),
        ),
    )
    return replace(listening, **changes)


def on_tape(**changes) -> PlayerState:
    """A station at the ear, as :func:`tape_of`."""
    tuned = StreamSource("knau", "news")
    playback = Playback(tape_of(**changes))
    return PlayerState(playback, tuned=tuned, last_tuning_id=1, play_id=5)


def moved(event: Move, **changes):
    """Where one is then, what the engine is given, and what is said."""
    before = on_tape(**changes)
    after, commands = step(before, event)
    listened = [command for command in commands if isinstance(command, StartPlay)]
    for command in listened:
        assert command == StartPlay(after.play_id, after.current.position)
        assert after.play_id > before.play_id
    said = [command.text for command in commands if isinstance(command, Notify)]
    return after.current.position, bool(listened), said


def test_ten_seconds_and_a_minute():
    assert moved(Shift(-10)) == (470.0, True, [])
    assert moved(Shift(60)) == (540.0, True, [])


def test_back_over_the_tapes_beginning_goes_there_and_says_so():
    assert moved(Shift(-600)) == (0.0, True, ["This is as far back as the tape goes"])


def test_forward_over_the_end_is_live_and_said_so():
    assert moved(Shift(600)) == (596.0, True, ["Live"])
    assert step(on_tape(), Shift(600))[0].current.live


def test_who_is_live_hears_on_undisturbed():
    assert moved(Shift(10), position=596.0, live=True) == (
        596.0,
        False,
        ["This is live"],
    )
    assert moved(GoLive(), position=596.0, live=True) == (596.0, False, ["This is live"])


def test_live_is_where_it_was_live_at_the_first_sound():
    assert moved(GoLive()) == (596.0, True, [])
    assert moved(GoLive(), off_air=True) == (600.0, True, [])


def test_live_ends_a_pause_and_a_move_does_not():
    paused, _ = step(on_tape(), Pause())
    further, commands = step(paused, Shift(-30))
    assert (further.state, further.current.position, commands) == (PlayState.PAUSED, 450.0, ())
    again, commands = step(further, Resume())
    assert commands == (StartPlay(again.play_id, 450.0),)
    live, commands = step(further, GoLive())
    assert (live.state, live.current.live, commands) == (
        PlayState.PLAYING,
        True,
        (StartPlay(live.play_id, 596.0),),
    )


def test_the_programme_from_its_beginning():
    assert moved(GoToBeginning()) == (240.0, True, ["Here & Now, from its beginning"])


def test_a_programme_that_began_before_the_tape_says_what_is_missing():
    after, commands = step(on_tape(position=200.0), GoToBeginning())
    assert after.current.position == 0.0
    assert commands[-1] == Notify(
        "Morning Edition, from the tape's beginning", "the first 5:00 are not on the tape"
    )


def test_at_the_beginning_of_a_programme_the_one_before_is_next():
    assert moved(GoToBeginning(), position=241.0)[0] == 0.0


def test_without_a_programme_the_beginning_is_the_tapes():
    place, listened, said = moved(GoToBeginning(), marks=(), tape_start=30.0)
    assert (place, listened, said) == (30.0, True, ["This is the tape's beginning"])


def test_marks_one_after_the_other():
    place, places = 480.0, []
    for _ in range(5):
        place = moved(GoToMark(-1), position=place)[0]
        places.append(place)
    assert places == [470.0, 300.0, 240.0, 100.0, 0.0]
    assert moved(GoToMark(1)) == (530.0, True, [])
    assert moved(GoToMark(1), position=530.0) == (596.0, True, ["Live"])


def test_the_mark_before_right_after_one_is_the_one_before_that():
    assert moved(GoToMark(-1), position=471.0)[0] == 300.0


def test_a_story_is_moved_in_and_never_past_its_end():
    story = QueueItem(key="1", url="https://example.org/1.mp3", title="Trail")
    changes = {"source": StorySource(story), "length": 600.0, "marks": (), "burst": 0.0}
    assert moved(Shift(-10), **changes) == (470.0, True, [])
    assert moved(Shift(600), **changes)[0] == 599.0
    assert moved(GoToBeginning(), **changes)[0] == 0.0


def test_live_out_of_a_story_is_the_station():
    story = QueueItem(key="1", url="https://example.org/1.mp3", title="Trail")
    waiting = tape_of(position=100.0)
    heard = snapshots.changed(
        on_tape(source=StorySource(story), tuning_id=2), last_tuning_id=2, waiting=waiting
    )
    live, commands = step(heard, GoLive())
    assert (live.story, live.current.tuning_id, live.current.position) == (None, 1, 596.0)
    listened = [command for command in commands if isinstance(command, StartPlay)]
    assert listened == [StartPlay(live.play_id, 596.0)]


def test_with_nothing_on_the_tape_it_is_said():
    after, commands = step(PlayerState(), Shift(-10))
    assert after == PlayerState()
    assert [type(command) for command in commands] == [Notify]


moves = st.one_of(
    st.builds(Shift, st.floats(-4000, 4000)),
    st.builds(GoToPlace, st.floats(-100, 5000)),
    st.just(GoLive()),
    st.just(GoToBeginning()),
    st.builds(GoToMark, st.sampled_from([-1, 1])),
)
places = st.floats(-500, 900)


@given(
    st.lists(moves, max_size=8),
    st.lists(st.tuples(places, st.sampled_from(["title", "programme", "reconnect"])), max_size=6),
    st.floats(0, 400),
    st.floats(0, 1),
    st.floats(0, 30),
    st.sampled_from([PlayState.PLAYING, PlayState.PAUSED]),
)
def test_every_move_ends_on_the_tape(asked, marks, start, share, burst, state):
    end = start + 300
    player_state = on_tape(
        state=state,
        tape_start=start,
        tape_end=end,
        position=start + share * 300,
        burst=burst,
        marks=tuple(mark(at, kind) for at, kind in sorted(marks)),
    )
    for event in asked:
        player_state, commands = step(player_state, event)
        assert start <= player_state.current.position <= end
        if player_state.state is PlayState.PAUSED:
            assert not any(isinstance(command, StartPlay) for command in commands)
