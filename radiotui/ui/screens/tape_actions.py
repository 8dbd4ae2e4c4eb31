"""Commands of the player and of the tape that need the screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from radiotui.app.intents import Tune
from radiotui.guide.model import Programme
from radiotui.player.intents import ToggleLevelLoudness, ToggleMuteAds, TogglePause
from radiotui.problems import Problem
from radiotui.stations.model import Station, Stream
from radiotui.stories.model import FeedSection, PodcastSection
from radiotui.ui.screens.story_actions import open_story, refresh_headline
from radiotui.ui.screens.view import MainView
from radiotui.ui.widgets.lists.air_messages import StreamChosen

SIGNAL = ("test-signal", "signal")
"""Ids of the Test Signal and its stream."""


def toggle_pause(view: MainView) -> None:
    """Pause, resume, or tune to the highlighted stream where nothing was tuned to yet."""
    if view.player_state.tuned or view.player_state.story:
        view.companion.do(TogglePause())
    elif view.air.chosen is not None:
        station, stream = view.air.chosen
        view.companion.do(Tune(station.id, stream.id))


def hear_signal(view: MainView) -> None:
    """Tune to the program's own station, which needs no network."""
    view.air.choose(*SIGNAL)
    view.post_message(StreamChosen(*SIGNAL))


def tell_offline(view: MainView) -> None:
    """Say that there is no network, and what can be heard without it."""
    if view.offline:
        hint = f"{view.key('player.signal')} plays the Test Signal, which needs none"
        view.report(Problem("No network, it seems", hint))


def choose_keep(view: MainView) -> None:
    """Choose what of the tape is kept."""
    from radiotui.ui.dialogs.keep import KeepScreen

    view.app.push_screen(KeepScreen(view.keymap, view, view.companion))


def choose_sleep(view: MainView) -> None:
    """Choose when the radio falls silent."""
    from radiotui.ui.dialogs.sleep import SleepScreen

    view.app.push_screen(SleepScreen(view.keymap, view, view.companion))


def level_loudness(view: MainView) -> None:
    """Every stream as loud as the others, or as it comes."""
    view.companion.do(ToggleLevelLoudness())
    even = view.companion.player_state.level_loudness
    view.say("Every stream is as loud as the others" if even else "Loudness is left as it is")


def mute_ads(view: MainView) -> None:
    """Silence during advertisements, or not."""
    view.companion.do(ToggleMuteAds())
    muted = view.companion.player_state.mute_ads
    view.say("Advertisements are muted" if muted else "Advertisements are heard")


def open_recordings(view: MainView, path: str = "") -> None:
    """Show what was kept and recorded, with one of the files highlighted."""
    from radiotui.ui.dialogs.recordings import RecordingsScreen

    def end(last_path: str | None) -> None:
        view.last_recording = last_path or ""

    at = path or view.last_recording
    view.app.push_screen(RecordingsScreen(view.keymap, view, view.companion, at), end)


def show_day(view: MainView) -> None:
    """Programmes of the highlighted stream, or of the one that is tuned to, day by day."""
    from radiotui.ui.dialogs.day import DayScreen

    chosen = _stream_in_view(view)
    if chosen is not None:
        view.app.push_screen(DayScreen(view.keymap, view.companion, *chosen))


def _stream_in_view(view: MainView) -> tuple[Station, Stream] | None:
    """The highlighted stream among the stations, elsewhere the one that is tuned to."""
    chosen = view.air.chosen
    tuned = view.tuned_station
    if tuned is not None and (view.pane != "air" or chosen is None):
        stream = tuned.stream(view.player_state.stream)
        return (tuned, stream) if stream is not None else chosen
    return chosen


def show_belongings(view: MainView) -> None:
    """Podcast and stories of the programme at the ear, or of what is on at the stream in view."""
    from radiotui.ui.dialogs.belongings import BelongingsChoice, BelongingsScreen, WantedPodcast
    from radiotui.ui.screens.list_actions import add_podcast

    chosen = _stream_in_view(view)
    if chosen is None:
        return
    station, stream = chosen
    programme = _programme_of(view, station, stream)
    if programme is None:
        view.say(f"It is not known what is on at {station.name}")
        return

    def end(choice: BelongingsChoice | None) -> None:
        if isinstance(choice, FeedSection | PodcastSection):
            view.open_section(choice)
        elif isinstance(choice, WantedPodcast):
            add_podcast(view, choice.programme)
        elif choice is not None:
            open_story(view, choice)
            refresh_headline(view, replace(choice, read=True))

    view.app.push_screen(BelongingsScreen(view.keymap, view.companion, programme), end)


def _programme_of(view: MainView, station: Station, stream: Stream) -> Programme | None:
    """The programme that is heard of a stream, else the one that is on."""
    on_air = view.airs.get((station.id, stream.id))
    current, programmes = view.player_state.current, (on_air.now, on_air.next) if on_air else ()
    if current.key != (station.id, stream.id) or not current.programme:
        return on_air.now if on_air else None
    known = (programme for programme in programmes if programme is not None)
    heard = Programme(current.programme, current.programme_at, current.programme_until)
    return next((programme for programme in known if programme.title == heard.title), heard)


def show_on_now(view: MainView) -> None:
    """Show what is on at all stations; the chosen one is tuned to."""
    from radiotui.ui.dialogs.on_now import OnNowScreen

    def end(chosen: tuple[str, str] | None) -> None:
        if chosen is not None:
            view.air.choose(*chosen)
            view.post_message(StreamChosen(*chosen))

    view.app.push_screen(OnNowScreen(view.keymap, view, view.companion), end)


def set_alarm(view: MainView) -> None:
    """Set an alarm for the highlighted stream, or for the one that is tuned to."""
    from radiotui.ui.dialogs.alarm import AlarmScreen

    chosen = _stream_in_view(view)
    if chosen is not None:
        view.app.push_screen(AlarmScreen(view.keymap, view.companion, *chosen))


def show_marks(view: MainView) -> None:
    """Show what is reminded of, tuned in to and recorded, and what was missed."""
    from radiotui.ui.dialogs.marks import MarksScreen

    view.app.push_screen(MarksScreen(view.keymap, view.companion))


def show_tapes(view: MainView) -> None:
    """Memory, disk and bit rate that the tapes take."""
    from radiotui.ui.dialogs.tapes import TapesScreen

    view.app.push_screen(TapesScreen(view.keymap, view, view.companion))


ACTIONS: Mapping[str, Callable[[MainView], None]] = {
    "player.pause": toggle_pause,
    "player.signal": hear_signal,
    "guide.day": show_day,
    "guide.on_now": show_on_now,
    "guide.belongings": show_belongings,
    "guide.marks": show_marks,
    "player.alarm": set_alarm,
    "player.sleep": choose_sleep,
    "player.even": level_loudness,
    "player.ads": mute_ads,
    "tape.keep": choose_keep,
    "recordings.open": open_recordings,
    "tape.costs": show_tapes,
}
