"""Stations that come while another plays on, and stations that are kept warm."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from radiotui.player.events import (
    CloseUnused,
    ConnectionLost,
    Event,
    OpenStream,
    PlayEnded,
    PlayFailed,
    PlayStarted,
    ReportProblem,
    Silence,
    SoundArrived,
    SourceFailed,
    StartPlay,
)
from radiotui.player.intents import Pause, PlayItem, Resume, Shift, SkipQueueItem, Stop
from radiotui.player.queue import QueueItem
from radiotui.player.state import PlayerState, PlayState
from radiotui.player.step import step
from radiotui.problems import Problem
from tests.unit.test_player_state import heard, run, tune_in

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
GONE = Problem("The station is gone")
STORY = QueueItem(key="1", url="https://example.org/1.mp3", title="Trail")


def playing(most_ready: int = 0) -> PlayerState:
    playback, _ = run(
        tune_in("knau", "news", "KNAU", "News"),
        SoundArrived(1, "MP3", 128),
        PlayStarted(1),
        heard(1, 0.0, 4.0),
        heard(1, 30.0, 34.0),
        playback=PlayerState(never_silent=True, most_ready=most_ready),
    )
    return playback


def test_what_plays_goes_on_until_the_other_has_sound():
    playback, commands = run(tune_in("npr", "program", "NPR"), playback=playing())
    assert commands == (CloseUnused(), OpenStream(2, "npr", "program"))
    assert (playback.station, playback.state, playback.current.tuning_id) == (
        "knau",
        PlayState.PLAYING,
        1,
    )
    assert playback.pending is not None
    assert playback.pending.station_name == "NPR"
    playback, _ = run(heard(1, 31.0, 35.0, "Sinnerman"), playback=playback)
    assert playback.current.title == "Sinnerman"
    playback, commands = run(SoundArrived(2, "AAC", 64, 12.0), playback=playback)
    assert (playback.station, playback.current.tuning_id, playback.pending) == ("npr", 2, None)
    assert (playback.current.codec, playback.current.title, playback.current.position) == (
        "AAC",
        None,
        None,
    )
    assert commands == (CloseUnused(), StartPlay(playback.play_id, 12.0))
    playback, _ = run(PlayStarted(playback.play_id), playback=playback)
    assert playback.state is PlayState.PLAYING


def test_a_station_that_does_not_come_leaves_the_other_playing():
    playback, _ = run(tune_in("npr", "program"), ConnectionLost(2, GONE, AT), playback=playing())
    assert (playback.state, playback.current.problem) == (PlayState.PLAYING, None)
    assert playback.pending is not None
    assert (playback.pending.problem, playback.pending.retry_at) == (GONE, AT)
    playback, commands = run(SourceFailed(2, GONE), playback=playback)
    assert (playback.station, playback.pending) == ("knau", None)
    assert commands == (CloseUnused(), ReportProblem(GONE))


def test_choosing_what_plays_calls_the_other_off():
    playback, commands = run(tune_in("npr", "program"), tune_in("knau", "news"), playback=playing())
    assert (playback.pending, commands) == (None, (CloseUnused(),))
    assert step(playback, SoundArrived(2, "AAC", 64)) == (playback, ())


def test_of_two_quick_changes_only_the_second_comes():
    playback, commands = run(tune_in("npr", "program"), tune_in("wnyc", "fm"), playback=playing())
    assert commands == (CloseUnused(), OpenStream(3, "wnyc", "fm"))
    assert step(playback, SoundArrived(2, "MP3", 128)) == (playback, ())
    assert run(SoundArrived(3, "MP3", 128), playback=playback)[0].station == "wnyc"


def test_who_asks_for_silence_does_not_hear_the_other_a_moment_later():
    for silence in (Pause(), Stop()):
        playback, _ = run(tune_in("npr", "program"), silence, playback=playing())
        assert playback.pending is None
        assert step(playback, SoundArrived(2, "MP3", 128)) == (playback, ())


def test_when_what_plays_is_over_the_other_is_tuned_to():
    for over in (PlayEnded(1, None), PlayFailed(1, GONE), SourceFailed(1, GONE)):
        playback, commands = run(tune_in("npr", "program", "NPR"), over, playback=playing())
        assert (playback.station, playback.state) == ("npr", PlayState.CONNECTING)
        assert commands[:2] == (Silence(), CloseUnused())
        playback, commands = run(SoundArrived(2, "MP3", 128), playback=playback)
        assert commands == (StartPlay(playback.play_id, None),)


def test_a_story_is_heard_while_the_chosen_station_comes_and_then_that_one():
    playback, _ = run(tune_in("npr", "program"), PlayItem(STORY), playback=playing())
    assert playback.story == STORY
    assert playback.waiting is not None
    assert playback.waiting.station == "npr"
    playback, _ = run(SoundArrived(2, "MP3", 128), SkipQueueItem(), playback=playback)
    assert (playback.station, playback.state, playback.story) == ("npr", PlayState.PLAYING, None)


def test_without_a_station_kept_warm_the_old_one_is_let_go():
    playback, _ = run(tune_in("npr", "program"), SoundArrived(2, "MP3", 128), playback=playing())
    assert playback.ready == ()


def zapped(most_ready: int, *stations: str) -> PlayerState:
    playback = playing(most_ready)
    for name in stations:
        playback, _ = run(tune_in(name, "live", name.upper()), playback=playback)
        tuning_id = playback.last_tuning_id
        playback, _ = run(SoundArrived(tuning_id, "MP3", 128), playback=playback)
        playback, _ = run(
            PlayStarted(playback.play_id), heard(tuning_id, 0.0, 4.0), playback=playback
        )
    return playback


def test_the_last_stations_are_kept_warm():
    playback = zapped(2, "npr", "wnyc", "kjzz")
    assert [one.station for one in playback.ready] == ["wnyc", "npr"]


def test_going_back_to_a_warm_station_is_only_another_place_to_read():
    playback = zapped(2, "npr")
    playback, _ = run(heard(1, 30.0, 94.0, "Sinnerman"), playback=playback)
    playback, commands = run(tune_in("knau", "news"), playback=playback)
    assert (playback.station, playback.current.tuning_id, playback.state) == (
        "knau",
        1,
        PlayState.PLAYING,
    )
    assert commands == (CloseUnused(), StartPlay(playback.play_id, 90.0))
    assert [one.station for one in playback.ready] == ["npr"]
    playback, commands = run(Shift(-60), playback=playback)
    assert commands == (StartPlay(playback.play_id, 30.0),)


def test_a_warm_station_tells_what_becomes_of_it_and_may_go():
    playback = zapped(2, "npr")
    playback, _ = run(ConnectionLost(1, GONE, AT), playback=playback)
    assert playback.ready[0].problem == GONE
    assert playback.current.problem is None
    playback, commands = run(SourceFailed(1, GONE), playback=playback)
    assert (playback.ready, commands) == ((), (CloseUnused(),))


def test_stopping_lets_go_of_the_warm_ones_too():
    playback, commands = run(Stop(), playback=zapped(2, "npr"))
    assert (playback.ready, commands) == ((), (Silence(), CloseUnused()))


def test_warm_stations_stay_while_a_story_is_heard():
    playback, _ = run(PlayItem(STORY), playback=zapped(2, "npr"))
    assert [one.station for one in playback.ready] == ["knau"]
    playback, _ = run(SkipQueueItem(), playback=playback)
    assert [one.station for one in playback.ready] == ["knau"]


names = st.sampled_from(["knau", "npr", "wnyc", "kjzz"])
loads = st.integers(1, 9)
happenings = st.one_of(
    st.builds(tune_in, names, st.just("live")),
    st.builds(SoundArrived, loads, st.just("MP3"), st.none()),
    st.builds(ConnectionLost, loads, st.just(GONE)),
    st.builds(SourceFailed, loads, st.just(GONE)),
    st.builds(heard, loads, st.just(1.0), st.just(5.0)),
    st.sampled_from([Pause(), Resume(), Stop(), PlayItem(STORY), SkipQueueItem(), Shift(-10)]),
    st.sampled_from(["started", "ended", "failed"]),
)


@given(st.lists(happenings, max_size=30), st.booleans(), st.integers(0, 3))
def test_whatever_happens_each_station_is_taped_once_and_what_is_read_is_taped(
    happened, never_silent, most_ready
):
    playback = PlayerState(never_silent=never_silent, most_ready=most_ready)
    taped: dict[int, str] = {}
    for what in happened:
        event: Event = what if not isinstance(what, str) else _ears(what, playback.play_id)
        playback, commands = step(playback, event)
        named = playback.listenings
        for command in commands:
            if isinstance(command, OpenStream):
                taped[command.tuning_id] = command.station
            if isinstance(command, CloseUnused):
                loads = {one.tuning_id for one in named}
                taped = {load: name for load, name in taped.items() if load in loads}
            if isinstance(command, StartPlay) and playback.story is None:
                assert playback.current.tuning_id in taped
        assert len(set(taped.values())) == len(taped)
        assert len(playback.ready) <= most_ready
        for one in named:
            is_story = one.story is not None
            if one.state is not PlayState.STOPPED and not is_story:
                assert taped.get(one.tuning_id) == one.station


def _ears(what: str, take: int) -> Event:
    match what:
        case "started":
            return PlayStarted(take)
        case "ended":
            return PlayEnded(take, None)
    return PlayFailed(take, GONE)
