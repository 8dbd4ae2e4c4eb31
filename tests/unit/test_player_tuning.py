"""Stations that come while another plays on, and stations that are kept warm."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from radiotui.player.events import (
    CloseUnused,
    ConnectionLost,
    Event,
    OpenStream,
    Play,
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
from radiotui.player.playback import Playback, PlayState
from radiotui.player.queue import QueueItem
from radiotui.player.step import step
from radiotui.problems import Problem
from tests.unit.test_player_state import heard, run

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
GONE = Problem("The station is gone")
STORY = QueueItem(key="1", url="https://example.org/1.mp3", title="Trail")


def playing(most_warm: int = 0) -> Playback:
    playback, _ = run(
        Play("knau", "news", "KNAU", "News"),
        SoundArrived(1, "MP3", 128),
        PlayStarted(1),
        heard(1, 0.0, 4.0),
        heard(1, 30.0, 34.0),
        playback=Playback(never_silent=True, most_warm=most_warm),
    )
    return playback


def test_what_plays_goes_on_until_the_other_has_sound():
    playback, commands = run(Play("npr", "program", "NPR"), playback=playing())
    assert commands == (CloseUnused(), OpenStream(2, "npr", "program"))
    assert (playback.station, playback.state, playback.load) == ("knau", PlayState.PLAYING, 1)
    assert playback.coming is not None
    assert playback.coming.station_name == "NPR"
    playback, _ = run(heard(1, 31.0, 35.0, "Sinnerman"), playback=playback)
    assert playback.title == "Sinnerman"
    playback, commands = run(SoundArrived(2, "AAC", 64, 12.0), playback=playback)
    assert (playback.station, playback.load, playback.coming) == ("npr", 2, None)
    assert (playback.codec, playback.title, playback.position) == ("AAC", None, None)
    assert commands == (CloseUnused(), StartPlay(playback.take, 12.0))
    playback, _ = run(PlayStarted(playback.take), playback=playback)
    assert playback.state is PlayState.PLAYING


def test_a_station_that_does_not_come_leaves_the_other_playing():
    playback, _ = run(Play("npr", "program"), ConnectionLost(2, GONE, AT), playback=playing())
    assert (playback.state, playback.problem) == (PlayState.PLAYING, None)
    assert playback.coming is not None
    assert (playback.coming.problem, playback.coming.retry_at) == (GONE, AT)
    playback, commands = run(SourceFailed(2, GONE), playback=playback)
    assert (playback.station, playback.coming) == ("knau", None)
    assert commands == (CloseUnused(), ReportProblem(GONE))


def test_choosing_what_plays_calls_the_other_off():
    playback, commands = run(Play("npr", "program"), Play("knau", "news"), playback=playing())
    assert (playback.coming, commands) == (None, (CloseUnused(),))
    assert step(playback, SoundArrived(2, "AAC", 64)) == (playback, ())


def test_of_two_quick_changes_only_the_second_comes():
    playback, commands = run(Play("npr", "program"), Play("wnyc", "fm"), playback=playing())
    assert commands == (CloseUnused(), OpenStream(3, "wnyc", "fm"))
    assert step(playback, SoundArrived(2, "MP3", 128)) == (playback, ())
    assert run(SoundArrived(3, "MP3", 128), playback=playback)[0].station == "wnyc"


def test_who_asks_for_silence_does_not_hear_the_other_a_moment_later():
    for silence in (Pause(), Stop()):
        playback, _ = run(Play("npr", "program"), silence, playback=playing())
        assert playback.coming is None
        assert step(playback, SoundArrived(2, "MP3", 128)) == (playback, ())


def test_when_what_plays_is_over_the_other_is_tuned_to():
    for over in (PlayEnded(1, None), PlayFailed(1, GONE), SourceFailed(1, GONE)):
        playback, commands = run(Play("npr", "program", "NPR"), over, playback=playing())
        assert (playback.station, playback.state) == ("npr", PlayState.CONNECTING)
        assert commands[:2] == (Silence(), CloseUnused())
        playback, commands = run(SoundArrived(2, "MP3", 128), playback=playback)
        assert commands == (StartPlay(playback.take, None),)


def test_a_story_is_heard_while_the_chosen_station_comes_and_then_that_one():
    playback, _ = run(Play("npr", "program"), PlayItem(STORY), playback=playing())
    assert playback.spoken == STORY
    assert playback.waiting is not None
    assert playback.waiting.station == "npr"
    playback, _ = run(SoundArrived(2, "MP3", 128), SkipQueueItem(), playback=playback)
    assert (playback.station, playback.state, playback.spoken) == ("npr", PlayState.PLAYING, None)


def test_without_a_station_kept_warm_the_old_one_is_let_go():
    playback, _ = run(Play("npr", "program"), SoundArrived(2, "MP3", 128), playback=playing())
    assert playback.warm == ()


def zapped(most_warm: int, *stations: str) -> Playback:
    playback = playing(most_warm)
    for name in stations:
        playback, _ = run(Play(name, "live", name.upper()), playback=playback)
        load = playback.loads
        playback, _ = run(SoundArrived(load, "MP3", 128), playback=playback)
        playback, _ = run(PlayStarted(playback.take), heard(load, 0.0, 4.0), playback=playback)
    return playback


def test_the_last_stations_are_kept_warm():
    playback = zapped(2, "npr", "wnyc", "kjzz")
    assert [one.station for one in playback.warm] == ["wnyc", "npr"]


def test_going_back_to_a_warm_station_is_only_another_place_to_read():
    playback = zapped(2, "npr")
    playback, _ = run(heard(1, 30.0, 94.0, "Sinnerman"), playback=playback)
    playback, commands = run(Play("knau", "news"), playback=playback)
    assert (playback.station, playback.load, playback.state) == ("knau", 1, PlayState.PLAYING)
    assert commands == (CloseUnused(), StartPlay(playback.take, 90.0))
    assert [one.station for one in playback.warm] == ["npr"]
    playback, commands = run(Shift(-60), playback=playback)
    assert commands == (StartPlay(playback.take, 30.0),)


def test_a_warm_station_tells_what_becomes_of_it_and_may_go():
    playback = zapped(2, "npr")
    playback, _ = run(ConnectionLost(1, GONE, AT), playback=playback)
    assert playback.warm[0].problem == GONE
    assert playback.problem is None
    playback, commands = run(SourceFailed(1, GONE), playback=playback)
    assert (playback.warm, commands) == ((), (CloseUnused(),))


def test_stopping_lets_go_of_the_warm_ones_too():
    playback, commands = run(Stop(), playback=zapped(2, "npr"))
    assert (playback.warm, commands) == ((), (Silence(), CloseUnused()))


def test_warm_stations_stay_while_a_story_is_heard():
    playback, _ = run(PlayItem(STORY), playback=zapped(2, "npr"))
    assert [one.station for one in playback.warm] == ["knau"]
    playback, _ = run(SkipQueueItem(), playback=playback)
    assert [one.station for one in playback.warm] == ["knau"]


names = st.sampled_from(["knau", "npr", "wnyc", "kjzz"])
loads = st.integers(1, 9)
happenings = st.one_of(
    st.builds(Play, names, st.just("live")),
    st.builds(SoundArrived, loads, st.just("MP3"), st.none()),
    st.builds(ConnectionLost, loads, st.just(GONE)),
    st.builds(SourceFailed, loads, st.just(GONE)),
    st.builds(heard, loads, st.just(1.0), st.just(5.0)),
    st.sampled_from([Pause(), Resume(), Stop(), PlayItem(STORY), SkipQueueItem(), Shift(-10)]),
    st.sampled_from(["started", "ended", "failed"]),
)


@given(st.lists(happenings, max_size=30), st.booleans(), st.integers(0, 3))
def test_whatever_happens_each_station_is_taped_once_and_what_is_read_is_taped(
    happened, never_silent, most_warm
):
    playback = Playback(never_silent=never_silent, most_warm=most_warm)
    taped: dict[int, str] = {}
    for what in happened:
        event: Event = what if not isinstance(what, str) else _ears(what, playback.take)
        playback, commands = step(playback, event)
        named = (playback, playback.waiting, playback.coming, *playback.warm)
        for command in commands:
            if isinstance(command, OpenStream):
                taped[command.load] = command.station
            if isinstance(command, CloseUnused):
                loads = {one.load for one in named if one is not None}
                taped = {load: name for load, name in taped.items() if load in loads}
            if isinstance(command, StartPlay) and playback.spoken is None:
                assert playback.load in taped
        assert len(set(taped.values())) == len(taped)
        assert len(playback.warm) <= most_warm
        for one in named:
            is_story = one is playback and playback.spoken is not None
            if one is not None and one.state is not PlayState.STOPPED and not is_story:
                assert taped.get(one.load) == one.station


def _ears(what: str, take: int) -> Event:
    match what:
        case "started":
            return PlayStarted(take)
        case "ended":
            return PlayEnded(take, None)
    return PlayFailed(take, GONE)
