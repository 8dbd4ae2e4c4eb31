"""Stations that come while another plays on, and stations that are kept warm."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from radiotui.player.events import (
    Close,
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
from radiotui.player.intents import (
    CancelTuning,
    Pause,
    PlayItem,
    Resume,
    Shift,
    SkipQueueItem,
    Stop,
)
from radiotui.player.queue import QueueItem
from radiotui.player.state import PlayerState, PlayState
from radiotui.player.step import step
from radiotui.problems import Problem
from tests.unit.test_player_state import heard, run, tune_in

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
GONE = Problem("The station is gone")
STORY = QueueItem(key="1", url="https://example.org/1.mp3", title="Trail")


def playing(most_ready: int = 0) -> PlayerState:
    player_state, _ = run(
        tune_in("knau", "news", "KNAU", "News"),
        SoundArrived(1, "MP3", 128),
        PlayStarted(1),
        heard(1, 0.0, 4.0),
        heard(1, 30.0, 34.0),
        player_state=PlayerState(never_silent=True, most_ready=most_ready),
    )
    return player_state


def test_what_plays_goes_on_until_the_other_has_sound():
    player_state, commands = run(tune_in("npr", "program", "NPR"), player_state=playing())
    assert commands == (CloseUnused(), OpenStream(2, "npr", "program"))
    assert (player_state.station, player_state.state, player_state.current.tuning_id) == (
        "knau",
        PlayState.PLAYING,
        1,
    )
    assert player_state.pending is not None
    assert player_state.pending.station_name == "NPR"
    player_state, _ = run(heard(1, 31.0, 35.0, "Sinnerman"), player_state=player_state)
    assert player_state.current.title == "Sinnerman"
    player_state, commands = run(SoundArrived(2, "AAC", 64, 12.0), player_state=player_state)
    assert (player_state.station, player_state.current.tuning_id, player_state.pending) == (
        "npr",
        2,
        None,
    )
    assert (
        player_state.current.codec,
        player_state.current.title,
        player_state.current.position,
    ) == (
        "AAC",
        None,
        None,
    )
    assert commands == (CloseUnused(), StartPlay(player_state.play_id, 12.0))
    player_state, _ = run(PlayStarted(player_state.play_id), player_state=player_state)
    assert player_state.state is PlayState.PLAYING


def test_a_station_that_does_not_come_leaves_the_other_playing():
    player_state, _ = run(
        tune_in("npr", "program"), ConnectionLost(2, GONE, AT), player_state=playing()
    )
    assert (player_state.state, player_state.current.problem) == (PlayState.PLAYING, None)
    assert player_state.pending is not None
    assert (player_state.pending.problem, player_state.pending.retry_at) == (GONE, AT)
    player_state, commands = run(SourceFailed(2, GONE), player_state=player_state)
    assert (player_state.station, player_state.pending) == ("knau", None)
    assert commands == (CloseUnused(), ReportProblem(GONE))


def test_only_the_stream_without_sound_is_given_up():
    before = playing()
    for give_up in (Stop(), CancelTuning()):
        player_state, commands = run(
            tune_in("npr", "program"), ConnectionLost(2, GONE, AT), give_up, player_state=before
        )
        assert (player_state.playback, player_state.key) == (before.playback, ("knau", "news"))
        assert commands == (CloseUnused(),)
        assert step(player_state, SoundArrived(2, "MP3", 128)) == (player_state, ())
        # Nothing is left to give up: that one goes on, and a stop is a stop.
        assert step(player_state, CancelTuning()) == (player_state, ())
        assert step(player_state, Stop())[0].state is PlayState.STOPPED
    after, commands = run(tune_in("npr", "program"), Close(), player_state=before)
    assert (after.state, commands) == (PlayState.STOPPED, (Silence(), CloseUnused()))


def test_choosing_what_plays_calls_the_other_off():
    player_state, commands = run(
        tune_in("npr", "program"), tune_in("knau", "news"), player_state=playing()
    )
    assert (player_state.pending, commands) == (None, (CloseUnused(),))
    assert step(player_state, SoundArrived(2, "AAC", 64)) == (player_state, ())


def test_of_two_quick_changes_only_the_second_comes():
    player_state, commands = run(
        tune_in("npr", "program"), tune_in("wnyc", "fm"), player_state=playing()
    )
    assert commands == (CloseUnused(), OpenStream(3, "wnyc", "fm"))
    assert step(player_state, SoundArrived(2, "MP3", 128)) == (player_state, ())
    assert run(SoundArrived(3, "MP3", 128), player_state=player_state)[0].station == "wnyc"


def test_who_asks_for_silence_does_not_hear_the_other_a_moment_later():
    for silence in (Pause(), Stop()):
        player_state, _ = run(tune_in("npr", "program"), silence, player_state=playing())
        assert player_state.pending is None
        assert step(player_state, SoundArrived(2, "MP3", 128)) == (player_state, ())


def test_when_what_plays_is_over_the_other_is_tuned_to():
    for over in (PlayEnded(1, None), PlayFailed(1, GONE), SourceFailed(1, GONE)):
        player_state, commands = run(tune_in("npr", "program", "NPR"), over, player_state=playing())
        assert (player_state.station, player_state.state) == ("npr", PlayState.CONNECTING)
        assert commands[:2] == (Silence(), CloseUnused())
        player_state, commands = run(SoundArrived(2, "MP3", 128), player_state=player_state)
        assert commands == (StartPlay(player_state.play_id, None),)


def test_a_story_is_heard_while_the_chosen_station_comes_and_then_that_one():
    player_state, _ = run(tune_in("npr", "program"), PlayItem(STORY), player_state=playing())
    assert player_state.story == STORY
    assert player_state.waiting is not None
    assert player_state.waiting.station == "npr"
    player_state, _ = run(SoundArrived(2, "MP3", 128), SkipQueueItem(), player_state=player_state)
    assert (player_state.station, player_state.state, player_state.story) == (
        "npr",
        PlayState.PLAYING,
        None,
    )


def test_without_a_station_kept_warm_the_old_one_is_let_go():
    player_state, _ = run(
        tune_in("npr", "program"), SoundArrived(2, "MP3", 128), player_state=playing()
    )
    assert player_state.ready == ()


def zapped(most_ready: int, *stations: str) -> PlayerState:
    player_state = playing(most_ready)
    for name in stations:
        player_state, _ = run(tune_in(name, "live", name.upper()), player_state=player_state)
        tuning_id = player_state.last_tuning_id
        player_state, _ = run(SoundArrived(tuning_id, "MP3", 128), player_state=player_state)
        player_state, _ = run(
            PlayStarted(player_state.play_id), heard(tuning_id, 0.0, 4.0), player_state=player_state
        )
    return player_state


def test_the_last_stations_are_kept_warm():
    player_state = zapped(2, "npr", "wnyc", "kjzz")
    assert [one.station for one in player_state.ready] == ["wnyc", "npr"]


def test_going_back_to_a_warm_station_is_only_another_place_to_read():
    player_state = zapped(2, "npr")
    player_state, _ = run(heard(1, 30.0, 94.0, "Sinnerman"), player_state=player_state)
    player_state, commands = run(tune_in("knau", "news"), player_state=player_state)
    assert (player_state.station, player_state.current.tuning_id, player_state.state) == (
        "knau",
        1,
        PlayState.PLAYING,
    )
    assert commands == (CloseUnused(), StartPlay(player_state.play_id, 90.0))
    assert [one.station for one in player_state.ready] == ["npr"]
    player_state, commands = run(Shift(-60), player_state=player_state)
    assert commands == (StartPlay(player_state.play_id, 30.0),)


def test_a_warm_station_tells_what_becomes_of_it_and_may_go():
    player_state = zapped(2, "npr")
    player_state, _ = run(ConnectionLost(1, GONE, AT), player_state=player_state)
    assert player_state.ready[0].problem == GONE
    assert player_state.current.problem is None
    player_state, commands = run(SourceFailed(1, GONE), player_state=player_state)
    assert (player_state.ready, commands) == ((), (CloseUnused(),))


def test_stopping_lets_go_of_the_warm_ones_too():
    player_state, commands = run(Stop(), player_state=zapped(2, "npr"))
    assert (player_state.ready, commands) == ((), (Silence(), CloseUnused()))


def test_warm_stations_stay_while_a_story_is_heard():
    player_state, _ = run(PlayItem(STORY), player_state=zapped(2, "npr"))
    assert [one.station for one in player_state.ready] == ["knau"]
    player_state, _ = run(SkipQueueItem(), player_state=player_state)
    assert [one.station for one in player_state.ready] == ["knau"]


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
    player_state = PlayerState(never_silent=never_silent, most_ready=most_ready)
    taped: dict[int, str] = {}
    for what in happened:
        event: Event = what if not isinstance(what, str) else _ears(what, player_state.play_id)
        player_state, commands = step(player_state, event)
        named = player_state.listenings
        for command in commands:
            if isinstance(command, OpenStream):
                taped[command.tuning_id] = command.station
            if isinstance(command, CloseUnused):
                loads = {one.tuning_id for one in named}
                taped = {load: name for load, name in taped.items() if load in loads}
            if isinstance(command, StartPlay) and player_state.story is None:
                assert player_state.current.tuning_id in taped
        assert len(set(taped.values())) == len(taped)
        assert len(player_state.ready) <= most_ready
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


def test_a_play_that_broke_off_goes_on_with_what_comes_next_and_tells_it_once():
    player_state, words = playing(), []
    for failure in range(12):
        failed = PlayFailed(player_state.play_id, GONE, 10.0 + failure)
        player_state, commands = run(failed, player_state=player_state)
        assert commands[0] == StartPlay(player_state.play_id, 10.0 + failure)
        words += [command.problem.title for command in commands[1:]]
    assert words == ["The sound breaks off here"]
    player_state, commands = run(
        PlayFailed(player_state.play_id, GONE, 30.0), player_state=player_state
    )
    assert (player_state.state, player_state.current.problem) == (PlayState.STOPPED, GONE)
    assert commands == (Silence(), CloseUnused())


def test_after_sound_damage_is_counted_anew():
    player_state = playing()
    for _ in range(20):
        player_state, _ = run(
            PlayFailed(player_state.play_id, GONE, 10.0),
            PlayStarted(player_state.play_id + 1),
            player_state=player_state,
        )
    assert (player_state.state, player_state.playback.failures) == (PlayState.PLAYING, 0)


def test_what_was_never_heard_is_not_tried_again():
    connecting, _ = run(tune_in("npr", "program"), SoundArrived(1, "MP3", 128))
    player_state, _ = run(PlayFailed(1, GONE, 10.0), player_state=connecting)
    assert (player_state.state, player_state.current.problem) == (PlayState.STOPPED, GONE)
