"""A place on the tape is heard from the very word on, also where sound comes in long pages."""

from __future__ import annotations

from array import array
from itertools import pairwise
from pathlib import Path

import pytest

from radiotui.audio.decoding import pcm_of
from radiotui.radio.framing.detect import framer_for
from radiotui.radio.tape.tape import Tape
from tests.sounds import encode, tone_at

RATE = 48_000


def pitch(pcm: bytes) -> float:
    """In Hz, of the left channel, by its crossings of zero."""
    left = array("h", pcm)[::2]
    rising = sum(a < 0 <= b for a, b in pairwise(left))
    return rising / (len(left) / RATE)


@pytest.mark.parametrize("codec", ["mp3", "aac", "opus", "vorbis", "flac-native"])
def test_it_is_heard_from_the_very_place(tmp_path: Path, codec: str):
    body = encode(codec, 12, page_ms=1000)
    framer = framer_for("", body[:8192])
    assert framer is not None
    tape = Tape(tmp_path)
    pieces = [*framer.feed(body), *framer.flush()]
    tape.connect(framer.format, framer.codec)
    tape.append(pieces)
    tape.finish()
    reader = tape.open_at(5.6)
    assert reader.start == pytest.approx(5.6, abs=0.001)
    pcm = b"".join(pcm_of(reader))
    # What an encoder puts before its sound shifts all of it by some hundredths.
    seconds = len(pcm) / 4 / RATE
    assert seconds == pytest.approx(tape.end - 5.6, abs=0.06)
    at = round(0.1 * RATE) * 4
    assert pitch(pcm[at : at + RATE]) == pytest.approx(tone_at(5), abs=8)
    at = round(0.6 * RATE) * 4
    assert pitch(pcm[at : at + RATE]) == pytest.approx(tone_at(6), abs=8)
    tape.close()
