"""Commands of the player and of the tape."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from radiotui.ui.screens.view import MainView


def toggle_pause(view: MainView) -> None:
    """Pause, resume, or tune to the highlighted stream where nothing was tuned to yet."""
    if view.playback.station or view.playback.spoken:
        view.companion.toggle()
    elif view.air.chosen is not None:
        station, stream = view.air.chosen
        view.companion.play(station.id, stream.id)


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
    view.companion.deck.even()
    even = view.companion.playback.even
    view.say("Every stream is as loud as the others" if even else "Loudness is left as it is")


def mute_ads(view: MainView) -> None:
    """Silence during advertisements, or not."""
    view.companion.deck.mute_ads()
    muted = view.companion.playback.mute_ads
    view.say("Advertisements are muted" if muted else "Advertisements are heard")


def show_tapes(view: MainView) -> None:
    """Memory, disk and bit rate that the tapes take."""
    from radiotui.ui.dialogs.tapes import TapesScreen

    view.app.push_screen(TapesScreen(view.keymap, view, view.companion))


ACTIONS: Mapping[str, Callable[[MainView], None]] = {
    "player.pause": toggle_pause,
    "player.stop": lambda view: view.companion.stop(),
    "player.louder": lambda view: view.companion.louder(5),
    "player.softer": lambda view: view.companion.louder(-5),
    "player.mute": lambda view: view.companion.mute(),
    "player.sleep": choose_sleep,
    "player.even": level_loudness,
    "player.ads": mute_ads,
    "tape.back": lambda view: view.companion.deck.move(-10),
    "tape.on": lambda view: view.companion.deck.move(10),
    "tape.far_back": lambda view: view.companion.deck.move(-60),
    "tape.far_on": lambda view: view.companion.deck.move(60),
    "tape.live": lambda view: view.companion.deck.live(),
    "tape.beginning": lambda view: view.companion.deck.beginning(),
    "tape.previous_mark": lambda view: view.companion.deck.mark(-1),
    "tape.next_mark": lambda view: view.companion.deck.mark(1),
    "tape.keep_song": lambda view: view.companion.deck.keep_song(),
    "tape.keep": choose_keep,
    "tape.record": lambda view: view.companion.deck.record(),
    "tape.costs": show_tapes,
}

MOVES = frozenset(
    f"tape.{name}"
    for name in (
        "back",
        "on",
        "far_back",
        "far_on",
        "live",
        "beginning",
        "previous_mark",
        "next_mark",
    )
)
