"""What a listener's intents and the world's events make of the player."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields, replace

from radiotui.player.events import (
    ApplySound,
    ApplyVolume,
    Close,
    CloseStory,
    CloseUnused,
    Command,
    ConnectionLost,
    Event,
    FallAsleep,
    Notify,
    OpenStory,
    OpenStream,
    PlayEnded,
    PlayFailed,
    PlayStarted,
    PositionUpdate,
    ReportProblem,
    Silence,
    SoundArrived,
    SourceFailed,
    SourceFinished,
    StartPlay,
    TuneIn,
)
from radiotui.player.intents import (
    ChangeRate,
    ChangeVolume,
    ClearQueue,
    Enqueue,
    EnqueueNext,
    EpisodeSound,
    MoveInQueue,
    Pause,
    PlayFromQueue,
    PlayItem,
    PlayQueue,
    RemoveFromQueue,
    Resume,
    SetEpisodeSound,
    SetRate,
    SetVolume,
    ShowQueue,
    SkipQueueItem,
    Stop,
    ToggleSkipSilence,
)
from radiotui.player.queue import QueueItem
from radiotui.player.state import (
    Listening,
    Playback,
    PlayerState,
    PlayState,
    Sleep,
    StorySource,
    StreamSource,
)
from radiotui.player.step import step
from radiotui.problems import Problem

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
GONE = Problem("The station is gone")


def tune_in(station: str, stream: str, station_name: str = "", stream_name: str = "") -> TuneIn:
    return TuneIn(StreamSource(station, stream, station_name, stream_name))


def run(
    *events: Event, player_state: PlayerState | None = None
) -> tuple[PlayerState, tuple[Command, ...]]:
    """Every event in turn; the last snapshot and the commands of the last event."""
    player_state = player_state or PlayerState()
    commands: tuple[Command, ...] = ()
    for event in events:
        player_state, commands = step(player_state, event)
    return player_state, commands


def heard(load: int, position: float, end: float, title: str | None = None) -> PositionUpdate:
    return PositionUpdate(load, position, 0.0, end, title, False, AT)


def playing() -> PlayerState:
    player_state, _ = run(
        tune_in("knau", "news", "KNAU", "News"),
        SoundArrived(1, "MP3", 128),
        PlayStarted(1),
        heard(1, 0.0, 4.0),
    )
    return player_state


def test_choosing_a_stream_tunes_and_the_first_sound_is_given_to_the_engine():
    player_state, commands = run(tune_in("knau", "news", "KNAU", "News"))
    assert player_state.state is PlayState.CONNECTING
    assert commands == (Silence(), CloseUnused(), OpenStream(1, "knau", "news"))
    player_state, commands = step(player_state, SoundArrived(1, "MP3", 128))
    assert commands == (StartPlay(1, None),)
    assert (player_state.current.codec, player_state.current.bitrate_kbps) == ("MP3", 128)
    player_state, _ = step(player_state, PlayStarted(1))
    assert player_state.state is PlayState.PLAYING


def test_two_quick_changes_end_at_the_second_station():
    player_state, commands = run(tune_in("knau", "news"), tune_in("npr", "program"))
    assert commands[-1] == OpenStream(2, "npr", "program")
    for late in (
        SoundArrived(1, "MP3", 128),
        ConnectionLost(1, GONE),
        heard(1, 3.0, 4.0),
        PlayStarted(1),
    ):
        assert step(player_state, late) == (player_state, ())


def test_pausing_keeps_the_place_and_resuming_opens_the_tape_there():
    player_state, _ = run(heard(1, 30.0, 34.0), player_state=playing())
    player_state, commands = run(Pause(), player_state=player_state)
    assert (player_state.state, commands) == (PlayState.PAUSED, (Silence(),))
    player_state, _ = run(heard(1, 30.0, 634.0), player_state=player_state)
    assert player_state.current.behind == 604.0
    assert not player_state.current.live
    player_state, commands = run(Resume(), player_state=player_state)
    assert commands == (StartPlay(player_state.play_id, 30.0),)


def test_what_the_silenced_engine_still_says_while_paused_is_ignored():
    before = playing()
    paused, _ = step(before, Pause())
    assert step(paused, PlayEnded(before.play_id, None)) == (paused, ())
    assert step(paused, PlayFailed(before.play_id, GONE)) == (paused, ())


def test_a_burst_counts_as_live_and_ten_more_seconds_do_not():
    player_state = playing()
    assert player_state.current.live
    assert run(heard(1, 10.0, 14.5), player_state=player_state)[0].current.live
    assert not run(heard(1, 10.0, 24.5), player_state=player_state)[0].current.live


def test_a_lost_connection_goes_on_from_the_tape_and_says_why():
    player_state, commands = run(ConnectionLost(1, GONE, AT), player_state=playing())
    assert (player_state.state, commands) == (PlayState.PLAYING, ())
    assert (
        player_state.current.off_air,
        player_state.current.problem,
        player_state.current.retry_at,
    ) == (
        True,
        GONE,
        AT,
    )
    player_state, commands = run(SoundArrived(1, "MP3", 128), player_state=player_state)
    assert (player_state.current.off_air, player_state.current.problem, commands) == (
        False,
        None,
        (),
    )


def test_a_codec_that_changed_is_read_on_from_where_it_changed():
    player_state, commands = run(PlayEnded(1, 12.5), player_state=playing())
    assert commands == (StartPlay(2, 12.5),)
    assert player_state.state is PlayState.PLAYING


def test_the_end_of_a_file_stops():
    player_state, commands = run(SourceFinished(1), PlayEnded(1, None), player_state=playing())
    assert (player_state.state, commands) == (PlayState.STOPPED, (Silence(), CloseUnused()))


def test_what_cannot_be_decoded_stops_with_its_problem():
    player_state, commands = run(PlayFailed(1, GONE), player_state=playing())
    assert (player_state.state, player_state.current.problem) == (PlayState.STOPPED, GONE)
    assert commands == (Silence(), CloseUnused())


def test_stopping_forgets_the_tape_but_not_the_station_nor_the_volume():
    player_state, _ = run(SetVolume(35, True), Stop(), player_state=playing())
    assert (player_state.state, player_state.station) == (PlayState.STOPPED, "knau")
    assert (player_state.volume, player_state.muted, player_state.current.position) == (
        35,
        True,
        None,
    )


def test_choosing_what_is_paused_resumes_it():
    player_state, commands = run(Pause(), tune_in("knau", "news"), player_state=playing())
    assert player_state.state is PlayState.PLAYING
    assert commands == (StartPlay(player_state.play_id, 0.0),)


def test_choosing_what_plays_changes_nothing():
    before = playing()
    assert step(before, tune_in("knau", "news")) == (before, ())


def test_pausing_before_the_first_word_stops():
    player_state, commands = run(tune_in("knau", "news"), Pause())
    assert (player_state.state, commands) == (PlayState.STOPPED, (Silence(), CloseUnused()))


def test_volume_stays_between_nothing_and_all():
    assert run(SetVolume(140, False))[1] == (ApplyVolume(100, False),)
    assert run(SetVolume(-5, False))[0].volume == 0


def test_a_volume_that_cannot_change_any_more_says_so():
    _, commands = run(SetVolume(98, False), ChangeVolume(5), ChangeVolume(5))
    assert commands == (ApplyVolume(100, False), Notify("This is as loud as it gets"))
    _, commands = run(SetVolume(0, False), ChangeVolume(-5))
    assert commands[1:] == (Notify("This is silence already"),)
    _, commands = run(SetVolume(98, False), ChangeVolume(5))
    assert commands == (ApplyVolume(100, False),)


def story(key: str, seconds: float | None = None) -> QueueItem:
    return QueueItem(key=key, url=f"https://example.org/{key}.mp3", title=key, seconds=seconds)


A, B, C = story("a"), story("b"), story("c")


def hearing(what: QueueItem = A, player_state: PlayerState | None = None) -> PlayerState:
    """A story that sounds, five seconds in."""
    player_state, _ = run(PlayItem(what), player_state=player_state or playing())
    load, take = player_state.current.tuning_id, player_state.play_id
    return run(
        SoundArrived(load, "MP3", None),
        PlayStarted(take),
        heard(load, 5.0, 60.0),
        player_state=player_state,
    )[0]


def test_another_rate_is_heard_in_the_same_play():
    before = hearing()
    player_state, commands = run(SetRate(1.5), player_state=before)
    assert (player_state.rate, player_state.play_rate) == (1.5, 1.5)
    assert commands == (ApplySound(),)
    assert player_state.play_id == before.play_id
    assert run(SetRate(1.5), player_state=player_state) == (player_state, ())


def test_another_rate_is_for_stories_and_bounded():
    player_state, commands = run(SetRate(99.0), player_state=playing())
    assert (player_state.rate, player_state.play_rate, commands) == (3.0, 1.0, ())
    assert run(SetRate(0.0), player_state=playing())[0].rate == 0.5
    paused, _ = run(Pause(), player_state=hearing())
    player_state, commands = run(SetRate(2.0), player_state=paused)
    assert (player_state.play_rate, commands) == (2.0, (ApplySound(),))


def test_faster_and_slower_by_steps_to_the_last_one_and_said():
    player_state, rates = hearing(), []
    for by in (0.1, 0.1, 0.1, -0.1):
        player_state, commands = run(ChangeRate(by), player_state=player_state)
        rates.append(player_state.play_rate)
        assert commands == (ApplySound(), Notify(f"{player_state.play_rate:g} times as fast"))
    assert rates == [1.1, 1.2, 1.3, 1.2]
    fastest, _ = run(SetRate(3.0), player_state=player_state)
    assert run(ChangeRate(0.1), player_state=fastest) == (
        fastest,
        (Notify("Faster is not possible"),),
    )
    assert run(ChangeRate(-2.0), player_state=fastest)[1][1:] == (
        Notify("As fast as it was spoken"),
    )


def test_the_rate_of_a_podcast_is_that_of_its_episode_alone():
    episode = replace(A, kept="a")
    own, commands = run(
        SetEpisodeSound(A.key, EpisodeSound(rate=1.5, skips_silence=True)),
        player_state=hearing(episode),
    )
    assert (own.play_rate, own.rate, own.skips_silence, commands) == (
        1.5,
        1.0,
        True,
        (ApplySound(),),
    )
    faster, _ = run(ChangeRate(0.1), player_state=own)
    assert (faster.play_rate, faster.rate) == (1.6, 1.0)
    heard_anew, _ = run(ToggleSkipSilence(), player_state=faster)
    assert (heard_anew.skips_silence, heard_anew.skip_silence) == (False, False)
    after, _ = run(PlayItem(B), player_state=heard_anew)
    assert (after.play_rate, after.rate) == (1.0, 1.0)
    other, commands = run(SetEpisodeSound(B.key, EpisodeSound(rate=2.0)), player_state=own)
    assert (other, commands) == (own, ())


def test_silence_is_skipped_in_episodes_alone():
    story, commands = run(ToggleSkipSilence(), player_state=hearing())
    assert (story.skip_silence, story.skips_silence) == (True, False)
    assert commands == (Notify("Silence in episodes is skipped"),)
    episode, _ = run(PlayItem(replace(B, kept="b")), player_state=story)
    assert episode.skips_silence


def keys(player_state: PlayerState) -> str:
    return "".join(one.key for one in player_state.queue)


def test_a_story_puts_live_radio_aside_and_it_stays_tuned():
    before, _ = run(heard(1, 30.0, 34.0), player_state=playing())
    player_state, commands = run(PlayItem(story("a", 90.0)), player_state=before)
    assert commands == (Silence(), CloseStory(), OpenStory(2, story("a", 90.0)))
    assert (player_state.state, player_state.current.length, player_state.current.live) == (
        PlayState.CONNECTING,
        90.0,
        False,
    )
    assert (player_state.station, player_state.station_name) == ("knau", "KNAU")
    waiting = player_state.waiting
    assert waiting is not None
    assert (waiting.tuning_id, waiting.position, waiting.live) == (1, 30.0, False)


def test_what_waits_is_told_of_and_never_listened_to():
    player_state, commands = run(heard(1, 30.0, 300.0), player_state=hearing())
    assert commands == ()
    assert player_state.current.position == 5.0
    assert player_state.waiting is not None
    assert (player_state.waiting.behind, player_state.waiting.live) == (270.0, False)
    player_state, _ = run(heard(1, 30.0, 30.5), player_state=player_state)
    assert player_state.waiting is not None
    assert not player_state.waiting.live
    player_state, commands = run(
        ConnectionLost(1, GONE), SoundArrived(1, "MP3", 128), player_state=player_state
    )
    assert commands == ()
    assert player_state.current.problem is None


def test_after_the_story_live_radio_goes_on_where_it_was_left():
    player_state = hearing(player_state=run(heard(1, 30.0, 34.0), player_state=playing())[0])
    back, commands = run(PlayEnded(player_state.play_id, None), player_state=player_state)
    assert commands == (Silence(), CloseStory(), StartPlay(back.play_id, 30.0))
    assert (back.state, back.current.tuning_id, back.story, back.waiting) == (
        PlayState.PLAYING,
        1,
        None,
        None,
    )
    # What still comes of the story belongs to nothing.
    for late in (
        heard(2, 9.0, 60.0),
        SourceFinished(2),
        PlayStarted(player_state.play_id),
        SourceFailed(2, GONE),
    ):
        assert step(back, late) == (back, ())
    assert run(heard(1, 31.0, 95.0), player_state=back)[0].current.behind == 64.0


def test_a_tuning_after_a_story_has_a_number_of_its_own():
    back, _ = run(Stop(), player_state=hearing())
    player_state, commands = run(tune_in("npr", "program"), player_state=back)
    assert commands[-1] == OpenStream(3, "npr", "program")
    assert step(player_state, SoundArrived(2, "MP3", None)) == (player_state, ())


def test_a_station_that_had_not_begun_goes_on_with_its_first_word():
    player_state, _ = run(tune_in("knau", "news"), PlayItem(A), SoundArrived(1, "MP3", 128))
    assert player_state.current.codec == ""
    back, commands = run(heard(1, 0.0, 40.0), Stop(), player_state=player_state)
    assert commands[-1] == StartPlay(back.play_id, 0.0)
    assert not run(PlayStarted(back.play_id), heard(1, 0.0, 41.0), player_state=back)[
        0
    ].current.live
    # The same where its sound had come, and was not heard yet.
    back, commands = run(tune_in("knau", "news"), SoundArrived(1, "MP3", 128), PlayItem(A), Stop())
    assert (back.state, commands[-1]) == (PlayState.PLAYING, StartPlay(back.play_id, 0.0))
    # And one that has not come by then is tuned as before.
    back, commands = run(tune_in("knau", "news"), PlayItem(A), Stop())
    assert (back.state, commands) == (PlayState.CONNECTING, (Silence(), CloseStory()))
    assert run(SoundArrived(1, "MP3", 128), player_state=back)[1] == (
        StartPlay(back.play_id, None),
    )


def test_choosing_the_paused_station_that_waits_resumes_it():
    player_state = hearing(player_state=run(Pause(), player_state=playing())[0])
    back, commands = run(tune_in("knau", "news"), player_state=player_state)
    assert back.state is PlayState.PLAYING
    assert commands == (Silence(), CloseStory(), StartPlay(back.play_id, 0.0))


def test_choosing_another_station_lets_go_of_both():
    player_state, commands = run(tune_in("npr", "program"), player_state=hearing())
    assert commands == (Silence(), CloseStory(), CloseUnused(), OpenStream(3, "npr", "program"))
    assert (player_state.story, player_state.waiting) == (None, None)


def test_another_story_takes_the_place_of_the_first_and_the_same_one_does_not():
    player_state = hearing()
    other, commands = run(PlayItem(B), player_state=player_state)
    assert commands == (Silence(), CloseStory(), OpenStory(3, B))
    assert other.waiting == player_state.waiting
    assert step(player_state, PlayItem(A)) == (player_state, (Notify("That is heard already"),))
    paused, _ = run(Pause(), player_state=player_state)
    resumed, commands = run(PlayItem(A), player_state=paused)
    assert commands == (StartPlay(resumed.play_id, 5.0),)


def test_a_story_that_is_paused_before_its_first_word_waits_for_the_listener():
    player_state, commands = run(PlayItem(A), Pause())
    assert (player_state.state, commands) == (PlayState.PAUSED, (Silence(),))
    begun, commands = run(Resume(), player_state=player_state)
    assert (begun.state, commands) == (PlayState.CONNECTING, ())
    assert run(SoundArrived(1, "MP3", None), player_state=begun)[1] == (
        StartPlay(begun.play_id, None),
    )
    begun, commands = run(SoundArrived(1, "MP3", None), Resume(), player_state=player_state)
    assert (begun.state, commands) == (PlayState.PLAYING, (StartPlay(begun.play_id, None),))


def test_a_story_that_fails_while_it_is_paused_brings_no_sound():
    player_state, _ = run(PlayItem(A), Pause(), player_state=playing())
    back, commands = run(SourceFailed(2, GONE), player_state=player_state)
    assert (back.state, back.current.tuning_id) == (PlayState.PAUSED, 1)
    assert commands == (Silence(), CloseStory(), ReportProblem(GONE))


def test_a_story_that_breaks_off_is_heard_as_far_as_it_came():
    player_state, commands = run(SourceFailed(2, GONE), player_state=hearing())
    assert (player_state.current.problem, commands) == (GONE, (ReportProblem(GONE),))
    assert (
        run(PlayEnded(player_state.play_id, None), player_state=player_state)[0].current.tuning_id
        == 1
    )


def test_a_station_that_ends_for_good_while_it_waits_is_let_go_of():
    player_state, commands = run(SourceFailed(1, GONE), player_state=hearing())
    assert (player_state.waiting, commands) == (None, (CloseUnused(), ReportProblem(GONE)))
    assert run(Stop(), player_state=player_state)[0].state is PlayState.STOPPED


def test_the_queue_knows_every_story_once_and_can_be_put_in_order():
    player_state, commands = run(
        Enqueue((A, B)), Enqueue((A,)), Enqueue((C,)), player_state=playing()
    )
    assert (keys(player_state), commands) == ("abc", ())
    assert keys(run(MoveInQueue("c", -1), player_state=player_state)[0]) == "acb"
    assert keys(run(MoveInQueue("c", -9), player_state=player_state)[0]) == "cab"
    assert keys(run(MoveInQueue("a", 9), player_state=player_state)[0]) == "bca"
    assert (
        keys(run(MoveInQueue("x", 1), RemoveFromQueue("b"), player_state=player_state)[0]) == "ac"
    )


def test_the_newscast_is_heard_in_order_and_what_was_heard_leaves_the_queue():
    player_state, commands = run(Enqueue((A, B)), PlayQueue(), player_state=playing())
    assert commands[-1] == OpenStory(2, A)
    assert (keys(player_state), [one.key for one in player_state.upcoming]) == ("ab", ["b"])
    player_state, commands = run(PlayEnded(player_state.play_id, None), player_state=player_state)
    assert (keys(player_state), commands[-1]) == ("b", OpenStory(3, B))
    player_state, commands = run(PlayEnded(player_state.play_id, None), player_state=player_state)
    assert (keys(player_state), player_state.newscast) == ("", False)
    assert commands[-1] == StartPlay(player_state.play_id, 0.0)


def test_what_is_heard_of_the_newscast_stays_the_first():
    player_state, _ = run(Enqueue((A, B, C)), PlayQueue())
    assert keys(run(MoveInQueue("c", -2), player_state=player_state)[0]) == "acb"
    assert keys(run(MoveInQueue("a", 2), player_state=player_state)[0]) == "abc"
    again = (Notify("That is heard already"),)
    assert run(PlayQueue(), player_state=player_state)[1] == again


def test_skipping_hears_the_next_and_after_the_last_live_radio():
    player_state, commands = run(
        Enqueue((A, B)), PlayQueue(), SkipQueueItem(), player_state=playing()
    )
    assert (keys(player_state), commands[-1]) == ("b", OpenStory(3, B))
    player_state, commands = run(SkipQueueItem(), player_state=player_state)
    assert (player_state.current.tuning_id, keys(player_state), commands[-1]) == (
        1,
        "",
        StartPlay(player_state.play_id, 0.0),
    )
    assert step(player_state, SkipQueueItem()) == (player_state, ())


def test_skipping_while_paused_wants_to_hear_the_next():
    player_state, commands = run(Enqueue((A, B)), PlayQueue(), Pause(), SkipQueueItem())
    assert (player_state.state, commands[-1]) == (PlayState.CONNECTING, OpenStory(2, B))


def test_taking_what_is_heard_out_of_the_newscast_hears_the_next():
    player_state, commands = run(Enqueue((A, B)), PlayQueue(), RemoveFromQueue("a"))
    assert (keys(player_state), commands[-1]) == ("b", OpenStory(2, B))


def test_stopping_the_newscast_keeps_what_was_not_heard_to_its_end():
    player_state, _ = run(Enqueue((A, B)), PlayQueue(), Stop(), player_state=playing())
    assert (keys(player_state), player_state.current.tuning_id, player_state.newscast) == (
        "ab",
        1,
        False,
    )
    assert run(PlayQueue(), player_state=player_state)[1][-1] == OpenStory(3, A)


def test_a_story_between_interrupts_the_newscast_and_it_goes_on():
    player_state, _ = run(Enqueue((A, B)), PlayQueue(), PlayItem(C), player_state=playing())
    player_state, commands = run(PlayEnded(player_state.play_id, None), player_state=player_state)
    assert (keys(player_state), commands[-1]) == ("ab", OpenStory(4, A))


def test_what_cannot_be_heard_is_passed_over_told_and_kept_for_another_time():
    player_state, _ = run(Enqueue((A, B)), PlayQueue(), player_state=playing())
    player_state, commands = run(SourceFailed(2, GONE), player_state=player_state)
    assert commands == (Silence(), CloseStory(), OpenStory(3, B), ReportProblem(GONE))
    assert (keys(player_state), player_state.upcoming) == ("ba", ())
    back, commands = run(SourceFailed(3, GONE), player_state=player_state)
    assert (keys(back), back.current.tuning_id, commands[-1]) == ("ab", 1, ReportProblem(GONE))
    assert run(PlayQueue(), player_state=back)[1][-1] == OpenStory(4, A)
    # With nothing else going on the player itself says why.
    alone, commands = run(PlayItem(A), SourceFailed(1, GONE))
    assert (alone.state, alone.current.problem) == (PlayState.STOPPED, GONE)
    assert commands == (Silence(), CloseStory())


def test_volume_and_device_are_those_of_the_ears_whatever_is_heard():
    player_state, _ = run(SetVolume(35, True), player_state=hearing())
    back, _ = run(Stop(), player_state=player_state)
    assert (back.volume, back.muted) == (35, True)


def test_closing_lets_go_of_all_and_keeps_the_queue():
    player_state, commands = run(Enqueue((B,)), Close(), player_state=hearing())
    assert commands == (Silence(), CloseStory(), CloseUnused())
    assert (player_state.state, keys(player_state)) == (PlayState.STOPPED, "b")


def test_a_stop_replaces_the_playback_and_nothing_else():
    played = Playback(
        current=Listening(StorySource(A), 2, PlayState.PLAYING, codec="MP3"),
        waiting=Listening(StreamSource("knau", "news"), 1, PlayState.PLAYING, codec="MP3"),
        pending=Listening(StreamSource("npr", "program"), 3, PlayState.CONNECTING),
        ready=(Listening(StreamSource("kjzz", "news"), 4, PlayState.PAUSED, codec="MP3"),),
        newscast=True,
        sleep=Sleep("minutes", AT),
        no_device=GONE,
        failures=1,
    )
    blank = Playback()
    assert all(getattr(played, one.name) != getattr(blank, one.name) for one in fields(Playback))
    before = PlayerState(
        played, StreamSource("knau", "news"), 4, 9, 35, True, 1.5, "vlc", (B,), frozenset("b")
    )
    for silence in (Close(), FallAsleep()):
        after, _ = step(before, silence)
        assert after == replace(before, playback=blank, play_id=before.play_id + 1)


LOADS, TAKES = st.integers(0, 9), st.integers(0, 15)
STORIES = st.sampled_from([A, B, C])
EVENTS = st.one_of(
    st.builds(tune_in, st.sampled_from("ab"), st.sampled_from("xy")),
    st.sampled_from([Pause(), Resume(), Stop(), PlayQueue(), SkipQueueItem(), Close()]),
    st.builds(PlayItem, STORIES),
    st.builds(Enqueue, st.lists(STORIES).map(tuple)),
    st.builds(RemoveFromQueue, st.sampled_from("abc")),
    st.builds(MoveInQueue, st.sampled_from("abc"), st.integers(-3, 3)),
    st.builds(SoundArrived, LOADS, st.just("MP3"), st.none()),
    st.builds(ConnectionLost, LOADS, st.just(GONE), st.none()),
    st.builds(SourceFinished, LOADS, st.none() | st.floats(0, 100)),
    st.builds(SourceFailed, LOADS, st.just(GONE)),
    st.builds(PlayStarted, TAKES),
    st.builds(PlayEnded, TAKES, st.none() | st.floats(0, 100)),
    st.builds(PlayFailed, TAKES, st.just(GONE)),
    st.builds(heard, LOADS, st.floats(0, 50), st.floats(50, 100)),
)


class World:
    """What the commands would have made of tuners, stories and ears."""

    def __init__(self) -> None:
        self.tuned: int | None = None
        self.fetched: int | None = None
        self.sounding: int | None = None
        self.tuning_ids: list[int] = []

    def obey(self, command: object, player_state: PlayerState) -> None:
        match command:
            case OpenStream(tuning_id=tuning_id):
                assert self.tuned is None, "one station at most"
                self.tuned = tuning_id
                self.tuning_ids.append(tuning_id)
            case CloseUnused():
                self.tuned = None
            case OpenStory(tuning_id=tuning_id):
                assert self.fetched is None, "one story at most"
                self.fetched = tuning_id
                self.tuning_ids.append(tuning_id)
            case CloseStory():
                self.fetched = None
            case StartPlay(play_id=play_id):
                assert self.sounding is None or play_id > self.sounding
                source = self.fetched if player_state.story else self.tuned
                assert source == player_state.current.tuning_id
                self.sounding = play_id
            case Silence():
                self.sounding = None


@given(st.lists(EVENTS, max_size=40))
def test_whatever_comes_one_thing_is_heard_and_nothing_is_lost(events: list[Event]):
    player_state, world = PlayerState(), World()
    for event in events:
        before = player_state
        of_ears = isinstance(event, PlayStarted | PlayEnded | PlayFailed)
        if of_ears and world.sounding is None and event.play_id == player_state.play_id:
            continue  # An engine tells nothing of what it was not given.
        player_state, commands = step(player_state, event)
        for command in commands:
            world.obey(command, player_state)
        # What is tuned is what the snapshot says, whether it is heard or waits; nothing leaks.
        waiting = player_state.waiting.tuning_id if player_state.waiting else None
        if player_state.state is PlayState.STOPPED:
            assert (world.tuned, world.fetched, world.sounding) == (None, None, None)
        elif player_state.story is not None:
            assert (world.tuned, world.fetched) == (waiting, player_state.current.tuning_id)
        else:
            assert (world.tuned, world.fetched, waiting) == (
                player_state.current.tuning_id,
                None,
                None,
            )
        if player_state.state is PlayState.PAUSED:
            assert world.sounding is None
        if player_state.current.codec and player_state.state in {
            PlayState.CONNECTING,
            PlayState.PLAYING,
        }:
            assert world.sounding == player_state.play_id, "what can be heard is"
        if world.sounding is not None:
            assert world.sounding == player_state.play_id
        # Who is silent by choice is only given sound by choice.
        if before.state is PlayState.PAUSED and isinstance(
            event,
            SoundArrived
            | ConnectionLost
            | SourceFinished
            | SourceFailed
            | PositionUpdate
            | PlayStarted
            | PlayEnded
            | PlayFailed,
        ):
            assert world.sounding is None
        assert world.tuning_ids == sorted(set(world.tuning_ids)), "no number is given twice"
        assert len(player_state.queue) == len({one.key for one in player_state.queue})
        assert player_state.waiting is None or player_state.waiting.story is None


def test_a_queue_that_was_stored_is_shown_and_what_is_heard_goes_on():
    before = run(Enqueue((A, B)), PlayQueue(), player_state=playing())[0]
    after, commands = step(before, ShowQueue((B, C), "Evening"))
    assert (after.queue, after.queue_name, commands) == ((B, C), "Evening", ())
    assert (after.story, after.upcoming) == (A, (B, C))


def test_a_story_of_the_queue_is_played_as_its_first():
    player_state, commands = run(Enqueue((A, B, C)), PlayFromQueue("c"))
    assert isinstance(commands[-1], OpenStory)
    assert (player_state.story, player_state.newscast) == (C, True)
    assert (player_state.queue, player_state.upcoming) == ((C, A, B), (A, B))
    assert step(player_state, PlayFromQueue("gone")) == (player_state, ())


def test_what_is_to_be_next_is_heard_behind_the_story_at_the_ear():
    player_state, _ = run(Enqueue((A, B)), PlayQueue(), EnqueueNext((C,)))
    assert player_state.queue == (A, C, B)
    player_state, _ = run(ClearQueue(), player_state=player_state)
    assert player_state.queue == (A,)
