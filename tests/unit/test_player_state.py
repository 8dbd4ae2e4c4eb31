"""What a listener's intents and the world's events make of the player."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from radiotui.player.events import (
    Broken,
    Close,
    EarsEnded,
    EarsFailed,
    EarsStarted,
    Enqueue,
    Event,
    Fetch,
    Finished,
    Heard,
    Hush,
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
    Tell,
    Tune,
    Unqueue,
    Untune,
)
from radiotui.player.queue import Spoken
from radiotui.player.step import Playback, PlayState, step
from radiotui.problems import Problem

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
GONE = Problem("The station is gone")


def run(*events: Event, playback: Playback | None = None):
    """Every event in turn; the last snapshot and the commands of the last event."""
    playback, commands = playback or Playback(), ()
    for event in events:
        playback, commands = step(playback, event)
    return playback, commands


def heard(load: int, position: float, end: float, title: str | None = None) -> Heard:
    return Heard(load, position, 0.0, end, title, False, AT)


def playing() -> Playback:
    playback, _ = run(
        Play("knau", "news", "KNAU", "News"),
        OnTape(1, "MP3", 128),
        EarsStarted(1),
        heard(1, 0.0, 4.0),
    )
    return playback


def test_choosing_a_stream_tunes_and_the_first_sound_is_given_to_the_engine():
    playback, commands = run(Play("knau", "news", "KNAU", "News"))
    assert playback.state is PlayState.CONNECTING
    assert commands == (Hush(), Untune(), Tune(1, "knau", "news"))
    playback, commands = step(playback, OnTape(1, "MP3", 128))
    assert commands == (Listen(1, None),)
    assert (playback.codec, playback.bitrate_kbps) == ("MP3", 128)
    playback, _ = step(playback, EarsStarted(1))
    assert playback.state is PlayState.PLAYING


def test_two_quick_changes_end_at_the_second_station():
    playback, commands = run(Play("knau", "news"), Play("npr", "program"))
    assert commands[-1] == Tune(2, "npr", "program")
    for late in (OnTape(1, "MP3", 128), Lost(1, GONE), heard(1, 3.0, 4.0), EarsStarted(1)):
        assert step(playback, late) == (playback, ())


def test_pausing_keeps_the_place_and_resuming_opens_the_tape_there():
    playback, _ = run(heard(1, 30.0, 34.0), playback=playing())
    playback, commands = run(Pause(), playback=playback)
    assert (playback.state, commands) == (PlayState.PAUSED, (Hush(),))
    playback, _ = run(heard(1, 30.0, 634.0), playback=playback)
    assert playback.behind == 604.0
    assert not playback.live
    playback, commands = run(Resume(), playback=playback)
    assert commands == (Listen(playback.take, 30.0),)


def test_what_the_silenced_engine_still_says_while_paused_is_ignored():
    before = playing()
    paused, _ = step(before, Pause())
    assert step(paused, EarsEnded(before.take, None)) == (paused, ())
    assert step(paused, EarsFailed(before.take, GONE)) == (paused, ())


def test_a_burst_counts_as_live_and_ten_more_seconds_do_not():
    playback = playing()
    assert playback.live
    assert run(heard(1, 10.0, 14.5), playback=playback)[0].live
    assert not run(heard(1, 10.0, 24.5), playback=playback)[0].live


def test_a_lost_connection_goes_on_from_the_tape_and_says_why():
    playback, commands = run(Lost(1, GONE, AT), playback=playing())
    assert (playback.state, commands) == (PlayState.PLAYING, ())
    assert (playback.off_air, playback.problem, playback.retry_at) == (True, GONE, AT)
    playback, commands = run(OnTape(1, "MP3", 128), playback=playback)
    assert (playback.off_air, playback.problem, commands) == (False, None, ())


def test_a_codec_that_changed_is_read_on_from_where_it_changed():
    playback, commands = run(EarsEnded(1, 12.5), playback=playing())
    assert commands == (Listen(2, 12.5),)
    assert playback.state is PlayState.PLAYING


def test_the_end_of_a_file_stops():
    playback, commands = run(Finished(1), EarsEnded(1, None), playback=playing())
    assert (playback.state, commands) == (PlayState.STOPPED, (Hush(), Untune()))


def test_what_cannot_be_decoded_stops_with_its_problem():
    playback, commands = run(EarsFailed(1, GONE), playback=playing())
    assert (playback.state, playback.problem) == (PlayState.STOPPED, GONE)
    assert commands == (Hush(), Untune())


def test_stopping_forgets_the_tape_but_not_the_station_nor_the_volume():
    playback, _ = run(Loudness(35, True), Stop(), playback=playing())
    assert (playback.state, playback.station) == (PlayState.STOPPED, "knau")
    assert (playback.volume, playback.muted, playback.position) == (35, True, None)


def test_choosing_what_is_paused_resumes_it():
    playback, commands = run(Pause(), Play("knau", "news"), playback=playing())
    assert playback.state is PlayState.PLAYING
    assert commands == (Listen(playback.take, 0.0),)


def test_choosing_what_plays_changes_nothing():
    before = playing()
    assert step(before, Play("knau", "news")) == (before, ())


def test_pausing_before_the_first_word_stops():
    playback, commands = run(Play("knau", "news"), Pause())
    assert (playback.state, commands) == (PlayState.STOPPED, (Hush(), Untune()))


def test_volume_stays_between_nothing_and_all():
    assert run(Loudness(140, False))[1] == (SetLoudness(100, False),)
    assert run(Loudness(-5, False))[0].volume == 0


def story(key: str, seconds: float | None = None) -> Spoken:
    return Spoken(key=key, url=f"https://example.org/{key}.mp3", title=key, seconds=seconds)


A, B, C = story("a"), story("b"), story("c")


def hearing(what: Spoken = A, playback: Playback | None = None) -> Playback:
    """A story that sounds, five seconds in."""
    playback, _ = run(PlayStory(what), playback=playback or playing())
    load, take = playback.load, playback.take
    return run(
        OnTape(load, "MP3", None), EarsStarted(take), heard(load, 5.0, 60.0), playback=playback
    )[0]


def keys(playback: Playback) -> str:
    return "".join(one.key for one in playback.queue)


def test_a_story_puts_live_radio_aside_and_it_stays_tuned():
    before, _ = run(heard(1, 30.0, 34.0), playback=playing())
    playback, commands = run(PlayStory(story("a", 90.0)), playback=before)
    assert commands == (Hush(), LetGo(), Fetch(2, story("a", 90.0)))
    assert (playback.state, playback.length, playback.live) == (PlayState.CONNECTING, 90.0, False)
    assert (playback.station, playback.station_name) == ("knau", "KNAU")
    waiting = playback.waiting
    assert waiting is not None
    assert (waiting.load, waiting.position, waiting.live) == (1, 30.0, False)


def test_what_waits_is_told_of_and_never_listened_to():
    playback, commands = run(heard(1, 30.0, 300.0), playback=hearing())
    assert commands == ()
    assert playback.position == 5.0
    assert playback.waiting is not None
    assert (playback.waiting.behind, playback.waiting.live) == (270.0, False)
    playback, _ = run(heard(1, 30.0, 30.5), playback=playback)
    assert playback.waiting is not None
    assert not playback.waiting.live
    playback, commands = run(Lost(1, GONE), OnTape(1, "MP3", 128), playback=playback)
    assert commands == ()
    assert playback.problem is None


def test_after_the_story_live_radio_goes_on_where_it_was_left():
    playback = hearing(playback=run(heard(1, 30.0, 34.0), playback=playing())[0])
    back, commands = run(EarsEnded(playback.take, None), playback=playback)
    assert commands == (Hush(), LetGo(), Listen(back.take, 30.0))
    assert (back.state, back.load, back.spoken, back.waiting) == (PlayState.PLAYING, 1, None, None)
    # What still comes of the story belongs to nothing.
    for late in (heard(2, 9.0, 60.0), Finished(2), EarsStarted(playback.take), Broken(2, GONE)):
        assert step(back, late) == (back, ())
    assert run(heard(1, 31.0, 95.0), playback=back)[0].behind == 64.0


def test_a_tuning_after_a_story_has_a_number_of_its_own():
    back, _ = run(Stop(), playback=hearing())
    playback, commands = run(Play("npr", "program"), playback=back)
    assert commands[-1] == Tune(3, "npr", "program")
    assert step(playback, OnTape(2, "MP3", None)) == (playback, ())


def test_a_station_that_had_not_begun_goes_on_with_its_first_word():
    playback, _ = run(Play("knau", "news"), PlayStory(A), OnTape(1, "MP3", 128))
    assert playback.codec == ""
    back, commands = run(heard(1, 0.0, 40.0), Stop(), playback=playback)
    assert commands[-1] == Listen(back.take, 0.0)
    assert not run(EarsStarted(back.take), heard(1, 0.0, 41.0), playback=back)[0].live
    # The same where its sound had come, and was not heard yet.
    back, commands = run(Play("knau", "news"), OnTape(1, "MP3", 128), PlayStory(A), Stop())
    assert (back.state, commands[-1]) == (PlayState.PLAYING, Listen(back.take, 0.0))
    # And one that has not come by then is tuned as before.
    back, commands = run(Play("knau", "news"), PlayStory(A), Stop())
    assert (back.state, commands) == (PlayState.CONNECTING, (Hush(), LetGo()))
    assert run(OnTape(1, "MP3", 128), playback=back)[1] == (Listen(back.take, None),)


def test_choosing_the_paused_station_that_waits_resumes_it():
    playback = hearing(playback=run(Pause(), playback=playing())[0])
    back, commands = run(Play("knau", "news"), playback=playback)
    assert back.state is PlayState.PLAYING
    assert commands == (Hush(), LetGo(), Listen(back.take, 0.0))


def test_choosing_another_station_lets_go_of_both():
    playback, commands = run(Play("npr", "program"), playback=hearing())
    assert commands == (Hush(), LetGo(), Untune(), Tune(3, "npr", "program"))
    assert (playback.spoken, playback.waiting) == (None, None)


def test_another_story_takes_the_place_of_the_first_and_the_same_one_does_not():
    playback = hearing()
    other, commands = run(PlayStory(B), playback=playback)
    assert commands == (Hush(), LetGo(), Fetch(3, B))
    assert other.waiting == playback.waiting
    assert step(playback, PlayStory(A)) == (playback, ())
    paused, _ = run(Pause(), playback=playback)
    resumed, commands = run(PlayStory(A), playback=paused)
    assert commands == (Listen(resumed.take, 5.0),)


def test_a_story_that_is_paused_before_its_first_word_waits_for_the_listener():
    playback, commands = run(PlayStory(A), Pause())
    assert (playback.state, commands) == (PlayState.PAUSED, (Hush(),))
    begun, commands = run(Resume(), playback=playback)
    assert (begun.state, commands) == (PlayState.CONNECTING, ())
    assert run(OnTape(1, "MP3", None), playback=begun)[1] == (Listen(begun.take, None),)
    begun, commands = run(OnTape(1, "MP3", None), Resume(), playback=playback)
    assert (begun.state, commands) == (PlayState.PLAYING, (Listen(begun.take, None),))


def test_a_story_that_fails_while_it_is_paused_brings_no_sound():
    playback, _ = run(PlayStory(A), Pause(), playback=playing())
    back, commands = run(Broken(2, GONE), playback=playback)
    assert (back.state, back.load) == (PlayState.PAUSED, 1)
    assert commands == (Hush(), LetGo(), Tell(GONE))


def test_a_story_that_breaks_off_is_heard_as_far_as_it_came():
    playback, commands = run(Broken(2, GONE), playback=hearing())
    assert (playback.problem, commands) == (GONE, (Tell(GONE),))
    assert run(EarsEnded(playback.take, None), playback=playback)[0].load == 1


def test_a_station_that_ends_for_good_while_it_waits_is_let_go_of():
    playback, commands = run(Broken(1, GONE), playback=hearing())
    assert (playback.waiting, commands) == (None, (Untune(), Tell(GONE)))
    assert run(Stop(), playback=playback)[0].state is PlayState.STOPPED


def test_the_queue_knows_every_story_once_and_can_be_put_in_order():
    playback, commands = run(Enqueue((A, B)), Enqueue((A,)), Enqueue((C,)), playback=playing())
    assert (keys(playback), commands) == ("abc", ())
    assert keys(run(Move("c", -1), playback=playback)[0]) == "acb"
    assert keys(run(Move("c", -9), playback=playback)[0]) == "cab"
    assert keys(run(Move("a", 9), playback=playback)[0]) == "bca"
    assert keys(run(Move("x", 1), Unqueue("b"), playback=playback)[0]) == "ac"


def test_the_newscast_is_heard_in_order_and_what_was_heard_leaves_the_queue():
    playback, commands = run(Enqueue((A, B)), PlayNewscast(), playback=playing())
    assert commands[-1] == Fetch(2, A)
    assert (keys(playback), [one.key for one in playback.to_come]) == ("ab", ["b"])
    playback, commands = run(EarsEnded(playback.take, None), playback=playback)
    assert (keys(playback), commands[-1]) == ("b", Fetch(3, B))
    playback, commands = run(EarsEnded(playback.take, None), playback=playback)
    assert (keys(playback), playback.newscast) == ("", False)
    assert commands[-1] == Listen(playback.take, 0.0)


def test_what_is_heard_of_the_newscast_stays_the_first():
    playback, _ = run(Enqueue((A, B, C)), PlayNewscast())
    assert keys(run(Move("c", -2), playback=playback)[0]) == "acb"
    assert keys(run(Move("a", 2), playback=playback)[0]) == "abc"
    assert run(PlayNewscast(), playback=playback)[1] == ()


def test_skipping_hears_the_next_and_after_the_last_live_radio():
    playback, commands = run(Enqueue((A, B)), PlayNewscast(), Skip(), playback=playing())
    assert (keys(playback), commands[-1]) == ("b", Fetch(3, B))
    playback, commands = run(Skip(), playback=playback)
    assert (playback.load, keys(playback), commands[-1]) == (1, "", Listen(playback.take, 0.0))
    assert step(playback, Skip()) == (playback, ())


def test_skipping_while_paused_wants_to_hear_the_next():
    playback, commands = run(Enqueue((A, B)), PlayNewscast(), Pause(), Skip())
    assert (playback.state, commands[-1]) == (PlayState.CONNECTING, Fetch(2, B))


def test_taking_what_is_heard_out_of_the_newscast_hears_the_next():
    playback, commands = run(Enqueue((A, B)), PlayNewscast(), Unqueue("a"))
    assert (keys(playback), commands[-1]) == ("b", Fetch(2, B))


def test_stopping_the_newscast_keeps_what_was_not_heard_to_its_end():
    playback, _ = run(Enqueue((A, B)), PlayNewscast(), Stop(), playback=playing())
    assert (keys(playback), playback.load, playback.newscast) == ("ab", 1, False)
    assert run(PlayNewscast(), playback=playback)[1][-1] == Fetch(3, A)


def test_a_story_between_interrupts_the_newscast_and_it_goes_on():
    playback, _ = run(Enqueue((A, B)), PlayNewscast(), PlayStory(C), playback=playing())
    playback, commands = run(EarsEnded(playback.take, None), playback=playback)
    assert (keys(playback), commands[-1]) == ("ab", Fetch(4, A))


def test_what_cannot_be_heard_is_passed_over_told_and_kept_for_another_time():
    playback, _ = run(Enqueue((A, B)), PlayNewscast(), playback=playing())
    playback, commands = run(Broken(2, GONE), playback=playback)
    assert commands == (Hush(), LetGo(), Fetch(3, B), Tell(GONE))
    assert (keys(playback), playback.to_come) == ("ba", ())
    back, commands = run(Broken(3, GONE), playback=playback)
    assert (keys(back), back.load, commands[-1]) == ("ab", 1, Tell(GONE))
    assert run(PlayNewscast(), playback=back)[1][-1] == Fetch(4, A)
    # With nothing else going on the player itself says why.
    alone, commands = run(PlayStory(A), Broken(1, GONE))
    assert (alone.state, alone.problem) == (PlayState.STOPPED, GONE)
    assert commands == (Hush(), LetGo())


def test_volume_and_device_are_those_of_the_ears_whatever_is_heard():
    playback, _ = run(Loudness(35, True), playback=hearing())
    back, _ = run(Stop(), playback=playback)
    assert (back.volume, back.muted) == (35, True)


def test_closing_lets_go_of_all_and_keeps_the_queue():
    playback, commands = run(Enqueue((B,)), Close(), playback=hearing())
    assert commands == (Hush(), LetGo(), Untune())
    assert (playback.state, keys(playback)) == (PlayState.STOPPED, "b")


LOADS, TAKES = st.integers(0, 9), st.integers(0, 15)
STORIES = st.sampled_from([A, B, C])
EVENTS = st.one_of(
    st.builds(Play, st.sampled_from("ab"), st.sampled_from("xy")),
    st.sampled_from([Pause(), Resume(), Stop(), PlayNewscast(), Skip(), Close()]),
    st.builds(PlayStory, STORIES),
    st.builds(Enqueue, st.lists(STORIES).map(tuple)),
    st.builds(Unqueue, st.sampled_from("abc")),
    st.builds(Move, st.sampled_from("abc"), st.integers(-3, 3)),
    st.builds(OnTape, LOADS, st.just("MP3"), st.none()),
    st.builds(Lost, LOADS, st.just(GONE), st.none()),
    st.builds(Finished, LOADS, st.none() | st.floats(0, 100)),
    st.builds(Broken, LOADS, st.just(GONE)),
    st.builds(EarsStarted, TAKES),
    st.builds(EarsEnded, TAKES, st.none() | st.floats(0, 100)),
    st.builds(EarsFailed, TAKES, st.just(GONE)),
    st.builds(heard, LOADS, st.floats(0, 50), st.floats(50, 100)),
)


class World:
    """What the commands would have made of tuners, stories and ears."""

    def __init__(self) -> None:
        self.tuned: int | None = None
        self.fetched: int | None = None
        self.sounding: int | None = None
        self.loads: list[int] = []

    def obey(self, command: object, playback: Playback) -> None:
        match command:
            case Tune(load=load):
                assert self.tuned is None, "one station at most"
                self.tuned = load
                self.loads.append(load)
            case Untune():
                self.tuned = None
            case Fetch(load=load):
                assert self.fetched is None, "one story at most"
                self.fetched = load
                self.loads.append(load)
            case LetGo():
                self.fetched = None
            case Listen(take=take):
                assert self.sounding is None or take > self.sounding
                assert (self.fetched if playback.spoken else self.tuned) == playback.load
                self.sounding = take
            case Hush():
                self.sounding = None


@given(st.lists(EVENTS, max_size=40))
def test_whatever_comes_one_thing_is_heard_and_nothing_is_lost(events: list[Event]):
    playback, world = Playback(), World()
    for event in events:
        before = playback
        of_ears = isinstance(event, EarsStarted | EarsEnded | EarsFailed)
        if of_ears and world.sounding is None and event.take == playback.take:
            continue  # An engine tells nothing of what it was not given.
        playback, commands = step(playback, event)
        for command in commands:
            world.obey(command, playback)
        # What is tuned is what the snapshot says, whether it is heard or waits; nothing leaks.
        waiting = playback.waiting.load if playback.waiting else None
        if playback.state is PlayState.STOPPED:
            assert (world.tuned, world.fetched, world.sounding) == (None, None, None)
        elif playback.spoken is not None:
            assert (world.tuned, world.fetched) == (waiting, playback.load)
        else:
            assert (world.tuned, world.fetched, waiting) == (playback.load, None, None)
        if playback.state is PlayState.PAUSED:
            assert world.sounding is None
        if playback.codec and playback.state in {PlayState.CONNECTING, PlayState.PLAYING}:
            assert world.sounding == playback.take, "what can be heard is"
        if world.sounding is not None:
            assert world.sounding == playback.take
        # Who is silent by choice is only given sound by choice.
        if before.state is PlayState.PAUSED and isinstance(
            event, OnTape | Lost | Finished | Broken | Heard | EarsStarted | EarsEnded | EarsFailed
        ):
            assert world.sounding is None
        assert world.loads == sorted(set(world.loads)), "no number is given twice"
        assert len(playback.queue) == len({one.key for one in playback.queue})
        assert playback.waiting is None or playback.waiting.waiting is None
