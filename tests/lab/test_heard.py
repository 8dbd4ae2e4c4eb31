"""radiotui by ear: the whole program in a terminal, real Icecast, a real sound server."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from radiotui.audio.libvlc import vlc_problem
from tests.lab.radio_lab import Ear, Icecast, PulseAudio, cannot, second_heard, until
from tests.terminal import Terminal

Listen = Callable[[str], Terminal]


@pytest.fixture(params=["builtin", "vlc"])
def listen(
    request: pytest.FixtureRequest,
    pulse: PulseAudio,
    start: Callable[..., Terminal],
    station_file: Callable[..., str],
) -> Iterator[Listen]:
    """Start the program with one station and tune to it."""
    if request.param == "vlc" and (problem := vlc_problem()):
        cannot(f"VLC's engine is left out: {problem}")
    started: list[Terminal] = []

    def listen(url: str) -> Terminal:
        terminal = start("--stations", station_file(url), "--engine", request.param, **pulse.env)
        started.append(terminal)
        terminal.until("Radio Test")
        terminal.type("\r")
        return terminal

    yield listen
    for terminal in started:
        terminal.type("q")
        assert terminal.ended() == 0
    until(lambda: not pulse.players, what="nobody holds the sound device")


def watch(terminal: Terminal, seconds: float) -> None:
    """Sit there and listen, as one does; the terminal goes on showing."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        terminal.look(0.05)


def second_now(terminal: Terminal, ear: Ear) -> tuple[float, float]:
    """A moment, and which second of the clock station's minute was heard at it."""
    begin = time.monotonic()
    watch(terminal, 1.4)
    pcm = ear.heard(begin, begin + 1.3)
    second = second_heard(pcm)
    assert second is not None, f"no tone of the clock's is heard:\n{terminal.text}"
    return begin, second


@pytest.mark.parametrize("codec", ["mp3", "aac", "opus"])
def test_a_stream_is_heard_as_it_is_broadcast(
    listen: Listen, icecast: Icecast, ear: Ear, codec: str
) -> None:
    with icecast.source("/live", codec) as source:
        begin = time.monotonic()
        terminal = listen(icecast.url("/live"))
        terminal.until("LIVE")
        ear.first_sound(begin)
        watch(terminal, 0.5)
        at, second = second_now(terminal, ear)
        # At the right pitch it tells a second that was broadcast lately, and goes on telling.
        behind = (at - source.began_at + source.begin - second) % 60
        assert -1 < behind < 15 or behind > 59, behind
        watch(terminal, 2.0)
        later_at, later = second_now(terminal, ear)
        assert abs((later - second) % 60 - (later_at - at)) < 0.3


def test_a_title_set_on_the_server_appears(listen: Listen, icecast: Icecast) -> None:
    with icecast.source("/live", "mp3"):
        terminal = listen(icecast.url("/live"))
        terminal.until("LIVE")
        icecast.set_title("/live", "Nina Simone - Sinnerman")
        terminal.until("Sinnerman · Nina Simone")


def test_pausing_pauses(listen: Listen, icecast: Icecast, ear: Ear) -> None:
    with icecast.source("/live", "mp3"):
        begin = time.monotonic()
        terminal = listen(icecast.url("/live"))
        terminal.until("LIVE")
        ear.first_sound(begin)
        watch(terminal, 1.0)
        at, second = second_now(terminal, ear)
        paused_at = time.monotonic()
        terminal.type(" ")
        terminal.until("PAUSED")
        silent_at = ear.first_silence(paused_at)
        assert silent_at - paused_at < 2
        last = second + (silent_at - at)
        watch(terminal, 10.0)
        resumed_at = time.monotonic()
        terminal.type(" ")
        terminal.until("BEHIND")
        heard_at = ear.first_sound(resumed_at)
        watch(terminal, 1.5)
        first = second_heard(ear.heard(heard_at + 0.05, heard_at + 1.35))
        assert first is not None
        assert abs((first - last + 30) % 60 - 30) < 1.0, (first, last)


def test_the_sound_comes_back_by_itself_with_the_tape_kept(
    listen: Listen, icecast: Icecast, ear: Ear
) -> None:
    with icecast.source("/live", "mp3") as source:
        begin = time.monotonic()
        terminal = listen(icecast.url("/live"))
        terminal.until("LIVE")
        ear.first_sound(begin)
        watch(terminal, 2.0)
        icecast.kill()
        source.stop()
        terminal.until("RECONNECTING")
        # What is on the tape is heard to its end.
        ear.first_silence(time.monotonic())
        icecast.start()
        source.start()
        back = ear.first_sound(time.monotonic(), seconds=40)
        terminal.until("RECONNECTING", seconds=40, gone=True)
        assert back
        assert second_now(terminal, ear)
