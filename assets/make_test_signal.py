# /// script
# requires-python = ">=3.11"
# dependencies = ["av>=14", "numpy>=2", "pillow>=11"]
# ///
"""Compose, speak, draw and encode everything the Test Signal serves.

Run from the checkout, with espeak-ng installed:

    PYTHONPATH=. python assets/make_test_signal.py

It writes ``assets/test-signal/*.mp3``, ``*.opus`` and ``*.png``; the tables and
stories beside them are written by hand. Every sound is a whole number of ticks
(0.24 s: ten frames of MP3, one page of Ogg), begins and ends in silence, and
borrows no bits from its neighbours, so that any two may be joined.
"""

from __future__ import annotations

import io
import subprocess
import wave
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import av
import numpy as np
from draw_test_signal import write_pictures

from radiotui.demo import ogg

HERE = Path(__file__).parent / "test-signal"
RATE = 48_000
TICK = 11_520
"""Samples: 0.24 s."""
PIECE_TICKS = 95
EDGE_TICKS = 30
MP3_BITS, OPUS_BITS = 64_000, 36_000
LUFS = -18.0
PEAK = 0.8

Sound: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]


class Mix:
    """Two channels of a known length that sounds are laid into."""

    def __init__(self, ticks: int) -> None:
        self.samples = np.zeros((2, ticks * TICK))

    def add(self, sound: Sound, at: float, *, pan: float = 0.0, gain: float = 1.0) -> None:
        """Lay ``sound`` in at ``at`` seconds; ``pan`` from -1 (left alone) to 1 (right alone)."""
        begin = round(at * RATE)
        sound = sound[: self.samples.shape[1] - begin]
        angle = (pan + 1) * np.pi / 4
        for channel, share in enumerate((np.cos(angle), np.sin(angle))):
            self.samples[channel, begin : begin + len(sound)] += gain * share * sound

    def room(self, wet: float, seconds: float = 1.4) -> None:
        """Put everything so far into a soft room, the same one at every run."""
        dice = np.random.default_rng(440)
        time = np.arange(round(seconds * RATE)) / RATE
        size = self.samples.shape[1] + len(time)
        for channel in range(2):
            tail = dice.standard_normal(len(time)) * np.exp(-5 * time / seconds)
            tail = np.convolve(tail, np.ones(12) / 12, mode="same")
            tail /= np.sqrt(np.sum(tail**2))
            dry = self.samples[channel]
            heard = np.fft.irfft(np.fft.rfft(dry, size) * np.fft.rfft(tail, size), size)
            self.samples[channel] = dry + wet * heard[: len(dry)]


def hertz(name: str) -> float:
    """The pitch of "A4", "C#5", "Bb3"."""
    steps = {"C": -9, "D": -7, "E": -5, "F": -4, "G": -2, "A": 0, "B": 2}[name[0]]
    steps += name.count("#") - name.count("b") + 12 * (int(name[-1]) - 4)
    return float(440 * 2 ** (steps / 12))


def notes(line: str) -> list[str]:
    """The notes of ``line``."""
    return line.split()


def bell(pitch: float, seconds: float = 3.0) -> Sound:
    """A small soft bell."""
    partials = [
        (0.5, 0.3, 1.2),
        (1, 1, 1),
        (1.2, 0.25, 0.6),
        (2, 0.35, 0.5),
        (2.99, 0.15, 0.3),
        (4.1, 0.06, 0.15),
    ]
    return _rung(pitch, seconds, partials)


def harp(pitch: float, seconds: float = 2.0) -> Sound:
    """A plucked string."""
    partials = [(n, n**-1.7, 0.45 * n**-0.7) for n in range(1, 7)]
    return _rung(pitch, seconds, partials)


def reed(pitch: float, seconds: float) -> Sound:
    """A blown reed, held for ``seconds``, with a little vibrato."""
    time = np.arange(round(seconds * RATE)) / RATE
    sway = 0.003 * np.minimum(1, time / 0.5) * np.sin(2 * np.pi * 5.2 * time)
    phase = 2 * np.pi * pitch * np.cumsum(1 + sway) / RATE
    sound = sum(n**-1.6 * np.sin(n * phase) for n in range(1, 6))
    return sound * np.minimum(1, np.minimum(time / 0.06, (seconds - time) / 0.12))


def tone(pitch: float, seconds: float, edge: float = 0.006) -> Sound:
    """A pure sine, the same from beginning to end."""
    time = np.arange(round(seconds * RATE)) / RATE
    return np.sin(2 * np.pi * pitch * time) * np.minimum(1, np.minimum(time, seconds - time) / edge)


def _rung(pitch: float, seconds: float, partials: list[tuple[float, float, float]]) -> Sound:
    time = np.arange(round(seconds * RATE)) / RATE
    sound = sum(
        share * np.sin(2 * np.pi * pitch * ratio * time) * np.exp(-time / (decay * seconds / 3))
        for ratio, share, decay in partials
    )
    return sound * np.minimum(1, time / 0.004) * np.minimum(1, (seconds - time) / 0.1)


def say(words: str, pace: int = 150) -> Sound:
    """``words`` spoken by espeak-ng at ``pace`` words a minute."""
    command = ["espeak-ng", "-v", "en-gb", "-s", str(pace), "-p", "42", "--stdout", words]
    spoken = subprocess.run(command, check=True, capture_output=True).stdout
    with wave.open(io.BytesIO(spoken)) as file:
        rate = file.getframerate()
        sound = np.frombuffer(file.readframes(10**7), "<i2") / 32768
    bins = np.fft.rfft(sound)
    length = round(len(sound) * RATE / rate)
    wide = np.zeros(length // 2 + 1, complex)
    wide[: len(bins)] = bins[: len(wide)]
    return np.fft.irfft(wide, length) * (length / len(sound)) * 0.9


def bells() -> Mix:
    """Plain hunt on five bells, each at its own place between the ears."""
    mix = Mix(PIECE_TICKS)
    pitches = [hertz(name) for name in ("E5", "D5", "B4", "A4", "E4")]
    row, at = [0, 1, 2, 3, 4], 0.3
    for turn in range(10):
        for ringer in row:
            mix.add(bell(pitches[ringer], 2.6), at, pan=(ringer - 2) * 0.4)
            at += 0.4
        swaps = (0, 2) if turn % 2 == 0 else (1, 3)
        for place in swaps:
            row[place], row[place + 1] = row[place + 1], row[place]
    mix.room(0.25)
    return mix


def zvony() -> Mix:
    """Four harp chords, four bells above them."""
    mix = Mix(PIECE_TICKS)
    chords = ["A2 E3 A3 C4 E4", "F2 C3 A3 C4 F4", "C3 G3 C4 E4 G4", "G2 D3 B3 D4 G4"] * 2
    tops = ["E5", "C5", "G5", "D5", "A5", "F5", "E5", "B4"]
    for bar, (chord, top) in enumerate(zip(chords, tops, strict=True)):
        at = 0.2 + bar * 2.6
        names = chord.split()
        for step, name in enumerate(names + names[-2:0:-1]):
            mix.add(harp(hertz(name), 2.4), at + step * 0.325, pan=-0.5 + step * 0.14, gain=0.7)
        mix.add(bell(hertz(top), 2.5), at + 1.3, pan=0.5, gain=0.5)
    mix.room(0.3)
    return mix


def waltz() -> Mix:
    """Fifteen bars in three, for harp and reed."""
    mix = Mix(PIECE_TICKS)
    beat = 0.475
    basses = notes("C3 A2 D3 G2 C3 E3 F3 G2 A2 D3 F3 G2 C3 G2 C3")
    chords = notes("E4G4 E4C4 F4A4 F4B4 E4G4 G4B4 A4C5 F4B4 C4E4 F4A4 A4C5 F4B4 E4G4 F4B4 E4G4")
    tune = notes(
        "G4:2 E5:1 C5:3 A4:2 F5:1 D5:3 E5:1 D5:1 C5:1 B4:2 "
        "G4:1 A4:1 C5:1 F5:1 D5:3 E5:2 C5:1 A4:2 D5:1 C5:2 "
        "A4:1 B4:2 D5:1 C5:3 B4:1 A4:1 B4:1 C5:3 "
    )
    for bar, (bass, chord) in enumerate(zip(basses, chords, strict=True)):
        at = 0.2 + bar * 3 * beat
        mix.add(harp(hertz(bass), 1.6), at, pan=-0.4, gain=1.1)
        for step in (1, 2):
            for name in (chord[:2], chord[2:]):
                mix.add(harp(hertz(name), 0.8), at + step * beat, pan=-0.1, gain=0.4)
    at = 0.2
    for name, _, held in (note.partition(":") for note in tune):
        beats = int(held)
        mix.add(reed(hertz(name), beats * beat * 0.96), at, pan=0.35, gain=0.3)
        at += beats * beat
    mix.room(0.2)
    return mix


def rain() -> Mix:
    """A slow tune over held chords, with a few drops beside it."""
    mix = Mix(PIECE_TICKS)
    beat = 0.62
    chords = ["D3 A3 F#4", "B2 F#3 D4", "G2 D3 B3", "A2 E3 C#4"] * 2
    tune = notes(
        "A4 . F#4 E4 D4 . F#4 A4 B4 . A4 G4 E4 . . F#4 "
        "A4 . D5 C#5 B4 . A4 F#4 G4 F#4 E4 C#4 D4 . . ."
    )
    drops = notes("D6 A5 F#5 E6 B5 D6 A5 G5 E5 A5 C#6 E6 A5 D6 F#5 D6")
    for bar, chord in enumerate(chords):
        for name in chord.split():
            mix.add(reed(hertz(name), beat * 4), 0.3 + bar * beat * 4, pan=-0.2, gain=0.11)
    for step, name in enumerate(tune):
        if name != ".":
            mix.add(harp(hertz(name), 2.2), 0.3 + step * beat, pan=0.1)
    for step, name in enumerate(drops):
        mix.add(bell(hertz(name), 1.2), 0.61 + step * beat * 2, pan=0.8 * (-1) ** step, gain=0.14)
    mix.room(0.3)
    return mix


def canyon() -> Mix:
    """Short calls, each answered from the other wall."""
    mix = Mix(PIECE_TICKS)
    calls = ["E4 G4 A4", "A4 G4 E4", "D4 E4 G4", "G4 B4 A4", "E4 G4 C5", "B4 A4 E4"]
    for turn, call in enumerate(calls):
        for step, name in enumerate(call.split()):
            for echo in range(5):
                mix.add(
                    harp(hertz(name), 2.0),
                    0.3 + turn * 3.3 + step * 0.33 + echo * 0.56,
                    pan=0.85 * (-1) ** (echo + turn),
                    gain=0.55**echo,
                )
    for turn, name in enumerate(["A2", "E2", "G2", "A2"]):
        mix.add(reed(hertz(name) * 2, 4.6), 0.4 + turn * 5.0, gain=0.12)
    mix.room(0.45, 2.0)
    return mix


def sides() -> Mix:
    """Which ear is which: a word and three notes for each, then a walk from left to right."""
    mix = Mix(PIECE_TICKS)
    for at, words, pan in ((0.4, "Left.", -1.0), (4.6, "Right.", 1.0), (8.8, "Both.", 0.0)):
        mix.add(say(words, 140), at, pan=pan, gain=3.0)
        for step, name in enumerate(("A4", "C#5", "E5")):
            mix.add(bell(hertz(name), 2.0), at + 1.2 + 0.5 * step, pan=pan)
    mix.add(say("From left to right."), 13.2, gain=3.0)
    walk = ["A4", "B4", "C#5", "D5", "E5", "F#5", "G#5", "A5"]
    for step, name in enumerate(walk):
        mix.add(bell(hertz(name), 1.8), 15.4 + 0.62 * step, pan=-1 + 2 * step / 7)
    return mix


def tuning() -> Mix:
    """A, held straight for sixteen seconds."""
    mix = Mix(PIECE_TICKS)
    mix.add(say("This is A. Four hundred and forty hertz."), 0.4, gain=1.2)
    mix.add(tone(440, 16.0, edge=0.4), 5.4, gain=0.42)
    return mix


def opening(words: str) -> Callable[[], Mix]:
    """The long pip that begins a minute, and what is said after it."""

    def made() -> Mix:
        mix = Mix(EDGE_TICKS)
        mix.add(tone(1000, 0.5), 0.0, gain=0.3)
        mix.add(say(words, 155), 0.9, gain=1.2)
        return mix

    return made


def pips() -> Mix:
    """The station's three notes, then a pip for each of the minute's last five seconds."""
    mix = Mix(EDGE_TICKS)
    for step, name in enumerate(("E5", "A5", "C#6")):
        mix.add(bell(hertz(name), 1.5), 0.1 + 0.22 * step, pan=(step - 1) * 0.5, gain=0.45)
    for second in range(5):
        mix.add(tone(1000, 0.1), 2.2 + second, gain=0.4)
    return mix


SOUNDS: dict[str, Callable[[], Mix]] = {
    "bells": bells,
    "zvony": zvony,
    "waltz": waltz,
    "rain": rain,
    "canyon": canyon,
    "sides": sides,
    "tuning": tuning,
    "this-is": opening("This is the radio tooey test signal. If you hear this, your sound works."),
    "from-here": opening(
        "Radio tooey test signal. It comes from this computer, and needs no network."
    ),
    "if-silent": opening(
        "If you hear this one and no other station, the trouble is not in your sound."
    ),
    "pips": pips,
}


def levelled(samples: Sound) -> Sound:
    """``samples`` at the station's loudness, beginning and ending in silence."""
    edge = np.minimum(1, (samples.shape[1] - 3_000 - np.arange(samples.shape[1])) / 9_600)
    samples = samples * np.clip(edge, 0, 1)
    for _ in range(2):
        samples = samples * 10 ** ((LUFS - loudness(samples)) / 20)
        peak = np.abs(samples).max()
        # The loudest strikes bend a little instead of breaking.
        if peak > PEAK:
            knee = 0.6
            over = np.maximum(0, np.abs(samples) - knee)
            bent = knee + (PEAK - knee) * np.tanh(over / (PEAK - knee))
            samples = np.where(over > 0, np.sign(samples) * bent, samples)
    return samples


def loudness(samples: Sound) -> float:
    """Integrated loudness in LUFS, as FFmpeg's ebur128 hears it (EBU R 128)."""
    command = [
        "ffmpeg",
        "-hide_banner",
        "-nostats",
        "-f",
        "f32le",
        "-ar",
        str(RATE),
        "-ac",
        "2",
        "-i",
        "-",
    ]
    command += ["-af", "ebur128", "-f", "null", "-"]
    data = samples.T.astype("<f4").tobytes()
    said = subprocess.run(command, input=data, check=True, capture_output=True).stderr.decode()
    return float(said.rsplit("I:", 1)[1].split()[0])


def encode(samples: Sound, codec: str, bits: int, options: dict[str, str]) -> list[bytes]:
    """The packets of ``samples``; what the encoder flushes at the end is past the last tick."""
    encoder: Any = av.CodecContext.create(codec, "w")
    encoder.sample_rate, encoder.layout, encoder.bit_rate = RATE, "stereo", bits
    encoder.format = "s16p" if codec == "libmp3lame" else "s16"
    encoder.time_base = Fraction(1, RATE)
    encoder.options = options
    encoder.open()
    size = encoder.frame_size
    whole = np.round(samples * 32767).astype("<i2")
    packets: list[bytes] = []
    for begin in range(0, whole.shape[1], size):
        part = np.ascontiguousarray(whole[:, begin : begin + size])
        if codec != "libmp3lame":
            part = np.ascontiguousarray(part.T.reshape(1, -1))
        frame = av.AudioFrame.from_ndarray(part, format=encoder.format.name, layout="stereo")
        frame.sample_rate, frame.pts = RATE, begin
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    packets += [bytes(packet) for packet in encoder.encode(None)]
    return packets[: whole.shape[1] // size]


def write_sounds() -> None:
    """Every sound, in both codecs."""
    for name, made in SOUNDS.items():
        samples = levelled(made().samples)
        mp3 = encode(samples, "libmp3lame", MP3_BITS, {"reservoir": "0", "compression_level": "0"})
        (HERE / f"{name}.mp3").write_bytes(b"".join(mp3))
        opus = encode(samples, "libopus", OPUS_BITS, {"vbr": "on", "application": "audio"})
        blanks = [ogg.page(opus[at : at + 12]) for at in range(0, len(opus), 12)]
        heads = [ogg.opus_head(), ogg.opus_tags("radiotui", [("TITLE", name)])]
        stamped = [
            ogg.stamp(
                blank,
                serial=1,
                sequence=sequence,
                granule=max(0, sequence - 1) * TICK,
                flags=ogg.BEGINS if sequence == 0 else ogg.ENDS if blank is blanks[-1] else 0,
            )
            for sequence, blank in enumerate(heads + blanks)
        ]
        (HERE / f"{name}.opus").write_bytes(b"".join(stamped))
        print(f"{name}: {loudness(samples):.1f} LUFS, peak {np.abs(samples).max():.2f}")


if __name__ == "__main__":
    write_pictures(HERE)
    write_sounds()
