"""What a kept file is looked at with: its packets, its sound, and what ffprobe says of it."""

from __future__ import annotations

import io
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import av
import pytest

from radiotui.radio.framing.detect import framer_for
from radiotui.radio.tape.tape import Tape
from tests.lab.radio_lab import RATE, second_heard
from tests.sounds import encode, sound_frames

CODECS = (
    "mp3",
    "mp3-vbr",
    "aac",
    "opus",
    "opus-across-pages",
    "vorbis",
    "vorbis-of-two-blocks",
    "flac",
    "flac-native",
)


@cache
def body_of(codec: str, seconds: float = 14.0, **more: Any) -> bytes:
    """The clock station as a whole body, by one of :data:`CODECS` or of tests.sounds."""
    match codec:
        case "mp3-vbr":
            return _vbr(seconds)
        case "opus-across-pages":
            # A page is full before it is long, so that packets go on in the next.
            return encode("opus", seconds, page_ms=60_000, **more)
        case "vorbis-of-two-blocks":
            return _clicking(seconds)
    return encode(codec, seconds, **more)


def _clicking(seconds: float) -> bytes:
    """The clock with four clicks a second, for which libvorbis takes its short blocks."""
    clock = "0.3*sin(2*PI*(400+20*floor(mod(t,60)))*t)"
    sound = f"aevalsrc='{clock}+0.4*random(0)*lt(mod(t,0.25),0.01)':s=44100:d={seconds}"
    command = ["ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i", sound]
    encoder = ["-c:a", "libvorbis", "-ac", "2", "-f", "ogg", "-"]
    return subprocess.run([*command, *encoder], capture_output=True, check=True).stdout


def _vbr(seconds: float) -> bytes:
    body = io.BytesIO()
    with av.open(body, "w", format="mp3") as output:
        # Flag and quality of FFmpeg's "-q:a 4".
        options = {"flags": "+qscale", "global_quality": str(4 * 118)}
        stream: Any = output.add_stream("libmp3lame", rate=44100, options=options)
        stream.codec_context.layout = "stereo"
        stream.codec_context.format = "s16p"
        for frame in sound_frames(seconds, 44100, 0.0, stream):
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return body.getvalue()


def put_on(tape: Tape, body: bytes) -> None:
    """A connection that brought ``body``."""
    framer = framer_for("", body[:4096])
    assert framer is not None
    pieces = [*framer.feed(body), *framer.flush()]
    tape.connect(framer.format, framer.codec)
    for piece in pieces:
        if piece.title:
            tape.mark_title(piece.title)
        tape.append([piece])


def packets(source: bytes | Path) -> list[bytes]:
    """The packets as they are demuxed, those of ADTS without its headers."""
    given = io.BytesIO(source) if isinstance(source, bytes) else str(source)
    with av.open(given, "r") as container:
        is_adts = container.format.name == "aac"
        found = [bytes(packet) for packet in container.demux(audio=0) if packet.size]
    return [packet[7 if packet[1] & 1 else 9 :] for packet in found] if is_adts else found


def pcm(source: bytes | Path) -> bytes:
    """The sound: one channel of s16 at :data:`RATE`."""
    given = io.BytesIO(source) if isinstance(source, bytes) else str(source)
    resampler = av.AudioResampler("s16", "mono", RATE)
    sound = bytearray()
    with av.open(given, "r") as container:
        for frame in container.decode(audio=0):
            frame.pts = None
            for part in resampler.resample(frame):
                sound += bytes(part.planes[0])[: part.samples * 2]
    return bytes(sound)


def seconds_of(sound: bytes) -> float:
    return len(sound) / 2 / RATE


def clock_at(sound: bytes, at: float) -> float:
    """Which second of the clock station is heard ``at`` seconds into ``sound``."""
    first = round(at * RATE) * 2
    second = second_heard(sound[first : first + round(1.3 * RATE) * 2])
    assert second is not None
    return second


def complaints(path: Path) -> str:
    """What ffprobe has to say against a file."""
    if shutil.which("ffprobe") is None:
        pytest.fail("ffprobe is needed: install ffmpeg")
    command = ["ffprobe", "-v", "error", "-show_packets", "-count_frames", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


def start_of(path: Path) -> float:
    """The time that the first packet is said to be heard at."""
    command = ["ffprobe", "-v", "error", "-show_entries", "format=start_time", "-of", "csv=p=0"]
    done = subprocess.run([*command, str(path)], capture_output=True, text=True, check=True)
    return float(done.stdout)
