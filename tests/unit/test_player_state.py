"""What a listener's intents and the world's events make of the player."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from radiotui.player.state import (
    EarsEnded,
    EarsFailed,
    EarsStarted,
    Event,
    Finished,
    Heard,
    Hush,
    Listen,
    Lost,
    Loudness,
    OnTape,
    Pause,
    Play,
    Playback,
    PlayState,
    Resume,
    SetLoudness,
    Stop,
    Tune,
    Untune,
    step,
)
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


EVENTS = st.one_of(
    st.builds(Play, st.sampled_from("ab"), st.sampled_from("xy")),
    st.sampled_from([Pause(), Resume(), Stop()]),
    st.builds(OnTape, st.integers(0, 6), st.just("MP3"), st.none()),
    st.builds(Lost, st.integers(0, 6), st.just(GONE), st.none()),
    st.builds(Finished, st.integers(0, 6)),
    st.builds(EarsStarted, st.integers(0, 9)),
    st.builds(EarsEnded, st.integers(0, 9), st.none() | st.floats(0, 100)),
    st.builds(EarsFailed, st.integers(0, 9), st.just(GONE)),
    st.builds(heard, st.integers(0, 6), st.floats(0, 50), st.floats(50, 100)),
)


@given(st.lists(EVENTS, max_size=30))
def test_whatever_comes_one_stream_at_most_is_tuned_and_heard(events: list[Event]):
    playback = Playback()
    tuned: int | None = None
    sounding: int | None = None
    for event in events:
        playback, commands = step(playback, event)
        for command in commands:
            match command:
                case Tune(load=load):
                    assert tuned is None
                    tuned = load
                case Untune():
                    tuned = None
                case Listen(take=take):
                    assert tuned is not None
                    sounding = take
                case Hush():
                    sounding = None
        if playback.state is PlayState.STOPPED:
            assert tuned is None
            assert sounding is None
        else:
            assert tuned == playback.load
        if playback.state is PlayState.PAUSED:
            assert sounding is None
        if sounding is not None:
            assert sounding == playback.take
