"""The Test Signal's sound: ticks of the rundown as MP3 with ICY titles, or as chained Ogg Opus."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from typing import Protocol

from radiotui.config import asset
from radiotui.demo.ogg import opus_head, opus_tags
from radiotui.demo.rundown import TICK, TURN_TICKS, Rundown, RundownTurn, tick_at
from radiotui.radio.framing.ogg_page import BEGINS, ENDS, restamp, whole_pages

METAINT = 8192
"""Bytes of sound between two ICY titles."""
BURST = 4.0
"""Seconds of sound a listener is kept ahead of the clock."""

_LOST = 10.0
"""Seconds off the clock (the computer slept, the listener stalled) at which the broadcast jumps."""
_MP3_TICK = 1920
_TICK_SAMPLES = 11_520


class Carrier(Protocol):
    """One listener's view of the broadcast in one codec."""

    kind: str
    """The media type."""
    bitrate: int
    """Nominal, in kbit/s."""

    def tick(self, number: int) -> bytes:
        """The bytes of tick ``number`` since the epoch; numbers grow, a gap is a jump."""
        ...


def on_air(clock: Callable[[], datetime], wait: Callable[[float], bool]) -> Iterator[int]:
    """The numbers of the ticks to send, each when it is due.

    Begins with the tick that is on air now, so that whoever plays at once hears
    what the clock says. ``wait(seconds)`` waits and says whether to stop.
    """
    number = tick_at(clock())
    while True:
        yield number
        number += 1
        ahead = number * TICK - clock().timestamp()
        if abs(ahead - BURST) > _LOST:
            number = tick_at(clock())
        elif ahead > BURST and wait(ahead - BURST):
            return


class Mp3Broadcast:
    """MP3, 64 kbit/s, 48 kHz, stereo; with ICY titles when ``titled``."""

    kind = "audio/mpeg"
    bitrate = 64

    def __init__(self, rundown: Rundown, *, titled: bool = False) -> None:
        self._rundown = rundown
        self._titled = titled
        self._until_title = METAINT
        self._said = b""

    def tick(self, number: int) -> bytes:
        """Ten whole frames, and a title where one is due."""
        turn_number, place = divmod(number, TURN_TICKS)
        turn = self._rundown.turn_number(turn_number)
        name, at = turn.tick(place)
        sound = _mp3(name)[at * _MP3_TICK : (at + 1) * _MP3_TICK]
        return self._with_titles(sound, turn) if self._titled else sound

    def _with_titles(self, sound: bytes, turn: RundownTurn) -> bytes:
        woven = bytearray()
        # A title stands before the sound it belongs to: one due at a tick's end waits.
        while len(sound) > self._until_title:
            woven += sound[: self._until_title] + self._title(turn)
            sound = sound[self._until_title :]
            self._until_title = METAINT
        self._until_title -= len(sound)
        return bytes(woven + sound)

    def _title(self, turn: RundownTurn) -> bytes:
        block = icy_block(f"{turn.artist} - {turn.title}")
        if block == self._said:
            return b"\0"
        self._said = block
        return block


class OpusBroadcast:
    """Ogg Opus, 48 kHz, stereo: every turn is a link of its own, named by its comments."""

    kind = "audio/ogg"
    bitrate = 40

    def __init__(self, rundown: Rundown) -> None:
        self._rundown = rundown
        self._due = -1
        self._serial = self._sequence = self._granule = 0

    def tick(self, number: int) -> bytes:
        """One page, after the link's headers where a link begins."""
        turn_number, place = divmod(number, TURN_TICKS)
        turn = self._rundown.turn_number(turn_number)
        heads = b"" if number == self._due and place else self._begin(number, turn)
        name, at = turn.tick(place)
        self._due = number + 1
        self._granule += _TICK_SAMPLES
        return heads + self._page(_opus(name)[at], ENDS if place == TURN_TICKS - 1 else 0)

    def _begin(self, number: int, turn: RundownTurn) -> bytes:
        self._serial, self._sequence, self._granule = number, 0, 0
        tags = opus_tags("radiotui", [("ARTIST", turn.artist), ("TITLE", turn.title)])
        return self._page(opus_head(), BEGINS) + self._page(tags)

    def _page(self, blank: bytes, flags: int = 0) -> bytes:
        sequence, self._sequence = self._sequence, self._sequence + 1
        return restamp(
            blank, serial=self._serial, sequence=sequence, granule=self._granule, flags=flags
        )


def icy_block(title: str) -> bytes:
    """A title as it travels inside a stream (SHOUTcast's metadata; nothing is escaped there)."""
    text = f"StreamTitle='{title}';".encode()[: 255 * 16]
    sixteens = -(-len(text) // 16)
    return bytes([sixteens]) + text.ljust(sixteens * 16, b"\0")


@cache
def _mp3(name: str) -> bytes:
    return asset(f"test-signal/{name}.mp3").read_bytes()


@cache
def _opus(name: str) -> list[bytes]:
    _head, _tags, *sound = whole_pages(asset(f"test-signal/{name}.opus").read_bytes())
    return sound
