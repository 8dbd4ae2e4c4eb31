"""Real encoded sound, made when a test asks for it: the clock station, in every codec.

The tone is 400 Hz in the first second of a minute and 20 Hz higher in each
that follows, so what is heard tells its own time.
"""

from __future__ import annotations

import io
import math
import tempfile
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from pathlib import Path
from typing import Any, ParamSpec

import av
import numpy as np

_P = ParamSpec("_P")
_FOLDER = Path(__file__).parents[1] / ".pytest_cache" / "sounds"

_CODECS = {
    # container, encoder, sample format, Hz
    "mp3": ("mp3", "libmp3lame", "s16p", 44100),
    "mp2": ("mp2", "mp2", "s16", 44100),
    "aac": ("adts", "aac", "fltp", 44100),
    "opus": ("ogg", "libopus", "s16", 48000),
    "vorbis": ("ogg", "vorbis", "fltp", 44100),
    "flac": ("ogg", "flac", "s16", 44100),
    "flac-native": ("flac", "flac", "s16", 44100),
    "m4a": ("ipod", "aac", "fltp", 44100),
    "wav": ("wav", "pcm_s16le", "s16", 44100),
    "webm": ("webm", "libopus", "s16", 48000),
}


def tone_at(second: float) -> float:
    """The clock station's pitch in Hz at ``second`` of its broadcast."""
    return 400.0 + 20.0 * math.floor(second % 60)


def made_once(make: Callable[_P, bytes]) -> Callable[_P, bytes]:
    """Let a sound be made once: each process of the tests finds what another one has made.

    A second of MP3 takes 40 ms of a processor, and is the same whenever it is made by the same
    code and the same FFmpeg.
    """
    made_by = sha256(Path(__file__).read_bytes()).hexdigest()

    @wraps(make)
    def made(*args: _P.args, **kwargs: _P.kwargs) -> bytes:
        words = repr((made_by, av.__version__, make.__name__, args, sorted(kwargs.items())))
        path = _FOLDER / sha256(words.encode()).hexdigest()
        try:
            return path.read_bytes()
        except FileNotFoundError:
            body = make(*args, **kwargs)
        _FOLDER.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=_FOLDER, delete=False) as file:
            file.write(body)
        Path(file.name).replace(path)
        return body

    return made


@made_once
def encode(
    codec: str,
    seconds: float = 2.0,
    *,
    rate: int | None = None,
    channels: int = 2,
    kbps: int | None = None,
    artist: str | None = None,
    title: str | None = None,
    begin: float = 0.0,
    page_ms: int | None = 200,
    pauses: tuple[tuple[float, float], ...] = (),
) -> bytes:
    """``seconds`` of the clock station from its second ``begin`` on, as a whole body.

    It is silent in its ``pauses``, each from one second to another.

    ``codec`` is "mp3", "mp2", "aac", "opus", "vorbis", "flac" (these three in Ogg),
    "flac-native", "m4a", "wav" or "webm". ``page_ms`` is how much sound a page of Ogg holds, about.
    """
    container, encoder, sample_format, usual_rate = _CODECS[codec]
    rate = rate or usual_rate
    options = {"page_duration": str(page_ms * 1000)} if container == "ogg" and page_ms else {}
    body = io.BytesIO()
    with av.open(body, "w", format=container, options=options) as output:
        if title is not None:
            output.metadata["title"] = title
        if artist is not None:
            output.metadata["artist"] = artist
        # FFmpeg calls its own Vorbis encoder an experiment; the wheel has no other.
        stream: Any = output.add_stream(encoder, rate=rate, options={"strict": "experimental"})
        stream.codec_context.layout = "stereo" if channels == 2 else "mono"
        stream.codec_context.format = sample_format
        if kbps:
            stream.codec_context.bit_rate = kbps * 1000
        for frame in sound_frames(seconds, rate, begin, stream, pauses):
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return body.getvalue()


@made_once
def film(seconds: float) -> bytes:
    """The clock station as the sound of an MP4 with pictures, its index at the end."""
    body = io.BytesIO()
    with av.open(body, "w", format="mp4") as output:
        picture: Any = output.add_stream("mpeg4", rate=10)
        picture.width, picture.height, picture.pix_fmt = 64, 48, "yuv420p"
        sound: Any = output.add_stream("aac", rate=44100)
        sound.codec_context.layout, sound.codec_context.format = "stereo", "fltp"
        for number in range(round(seconds * 10)):
            frame = av.VideoFrame(64, 48, "yuv420p")
            frame.pts = number
            for plane in frame.planes:
                plane.update(bytes([number % 256]) * plane.buffer_size)
            output.mux(picture.encode(frame))
        output.mux(picture.encode(None))
        for part in sound_frames(seconds, 44100, 0.0, sound):
            output.mux(sound.encode(part))
        output.mux(sound.encode(None))
    return body.getvalue()


def heard(data: bytes, container: str) -> tuple[float, int]:
    """Seconds of sound that FFmpeg decodes from ``data``, and how many frames it could not."""
    samples, rate, broken = 0, 1, 0
    with av.open(io.BytesIO(data), "r", format=container) as source:
        for packet in source.demux(audio=0):
            try:
                frames = packet.decode()
            except av.error.FFmpegError:
                broken += 1
                continue
            for frame in frames:
                samples, rate = samples + frame.samples, frame.sample_rate
    return samples / rate, broken


def sound_frames(
    seconds: float,
    rate: int,
    begin: float,
    stream: Any,
    pauses: tuple[tuple[float, float], ...] = (),
) -> Any:
    pitches = 400.0 + 20.0 * np.floor((begin + np.arange(round(seconds * rate)) / rate) % 60)
    phases = np.cumsum(2 * math.pi * pitches / rate)
    samples = (0.3 * 32767 * np.sin(phases)).astype("<i2")
    for first, last in pauses:
        samples[round(first * rate) : round(last * rate)] = 0
    resampler = av.AudioResampler(stream.codec_context.format, stream.codec_context.layout, rate)
    for at in range(0, len(samples), 1024):
        part = samples[at : at + 1024]
        frame = av.AudioFrame(format="s16", layout="mono", samples=len(part))
        plane = part.tobytes()
        frame.planes[0].update(plane.ljust(frame.planes[0].buffer_size, b"\0"))
        frame.sample_rate = rate
        frame.pts = at
        yield from resampler.resample(frame)
    yield from resampler.resample(None)
