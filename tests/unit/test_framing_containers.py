"""Containers that a stream may come in: MPEG-TS, LATM, WAV, WebM and the old FLAC in Ogg."""

from __future__ import annotations

import io
import random
import struct
from pathlib import Path
from typing import Any

import av
import pytest

from radiotui.audio.decoding import pcm_of
from radiotui.audio.frames import BYTES_PER_SECOND
from radiotui.radio.framing.detect import framer_for, stream_framer_for
from radiotui.radio.framing.foreign import foreign_name
from radiotui.radio.framing.frames import Frame, Framer
from radiotui.radio.framing.ogg_page import BEGINS, read_page, whole_pages, write_page
from radiotui.radio.tape.tape import Tape
from radiotui.recording.packets import cutter_for
from tests.sounds import encode

SECONDS = 3.0


def remuxed(sound: bytes, container: str) -> bytes:
    """The packets of ``sound`` in another container."""
    out = io.BytesIO()
    with (
        av.open(io.BytesIO(sound)) as source,
        av.open(out, "w", format=container) as target,
    ):
        stream = target.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(audio=0):
            if packet.size:
                packet.stream = stream
                target.mux(packet)
    return out.getvalue()


def encoded(codec: str, container: str, **options: Any) -> bytes:
    """A second of noise."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as target:
        stream: Any = target.add_stream(codec, rate=48000, options=options)
        stream.codec_context.layout = "stereo"
        for number in range(48000 // 1024):
            frame = av.AudioFrame(format="s16", layout="stereo", samples=1024)
            frame.planes[0].update(random.Random(number).randbytes(frame.planes[0].buffer_size))
            frame.sample_rate, frame.pts = 48000, 1024 * number
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return out.getvalue()


def in_old_mapping(sound: bytes) -> bytes:
    """FLAC in Ogg as it was before it had a mapping of its own."""
    first, *pages = [page for page in map(read_page, whole_pages(sound)) if page]
    (mapping, _), *_ = first.parts()
    old = [write_page([b"fLaC"], flags=BEGINS), write_page([mapping[13:]], sequence=1)]
    return b"".join([*old, *(restamped(page.data) for page in pages)])


def restamped(data: bytes) -> bytes:
    page = read_page(data)
    assert page is not None
    parts = list(page.parts())
    return write_page(
        [part for part, _ in parts],
        sequence=page.sequence + 1,
        granule=page.granule,
        flags=page.flags,
        is_complete=parts[-1][1],
    )


STREAMS = {
    "ts": (lambda: remuxed(encode("aac", SECONDS), "mpegts"), "aac", "AAC"),
    "ts-mp3": (lambda: remuxed(encode("mp3", SECONDS), "mpegts"), "mp3", "MP3"),
    "ts-mp2": (lambda: remuxed(encode("mp2", SECONDS), "mpegts"), "mp3", "MP2"),
    "latm": (lambda: remuxed(encode("m4a", SECONDS), "latm"), "aac", "AAC"),
    "wav": (lambda: encode("wav", SECONDS), "wav", "PCM"),
    "webm": (lambda: encode("webm", SECONDS), "ogg", "Opus"),
    "webm-vorbis": (lambda: remuxed(encode("vorbis", SECONDS), "webm"), "ogg", "Vorbis"),
    "old-flac": (lambda: in_old_mapping(encode("flac", SECONDS)), "ogg", "FLAC"),
}


@pytest.fixture(params=STREAMS)
def stream(request: pytest.FixtureRequest) -> tuple[bytes, str, str]:
    make, format_, codec = STREAMS[request.param]
    return make(), format_, codec


def framer_of(sound: bytes) -> Framer:
    framer = stream_framer_for("", sound[:4096])
    assert framer is not None
    return framer


def frames_of(sound: bytes, at_once: int) -> tuple[Framer, list[Frame]]:
    framer = framer_of(sound)
    frames: list[Frame] = []
    for at in range(0, len(sound), at_once):
        frames += framer.feed(sound[at : at + at_once])
    return framer, frames + framer.flush()


def test_its_sound_is_decoded_from_the_tape(tmp_path: Path, stream: tuple[bytes, str, str]) -> None:
    sound, format_, codec = stream
    framer, frames = frames_of(sound, 1000)
    tape = Tape(tmp_path)
    tape.connect(framer.format, framer.codec)
    tape.append(frames)
    tape.finish()

    whole = sum(map(len, pcm_of(tape.open_at(None)))) / BYTES_PER_SECOND
    half = sum(map(len, pcm_of(tape.open_at(SECONDS / 2)))) / BYTES_PER_SECOND

    assert (framer.format, framer.codec, framer.foreign) == (format_, codec, "")
    assert tape.end == pytest.approx(SECONDS, abs=0.1)
    assert whole == pytest.approx(SECONDS, abs=0.1)
    assert half == pytest.approx(SECONDS / 2, abs=0.15)
    tape.close()


@pytest.mark.parametrize("at_once", [1, 188, 100_000])
def test_however_it_was_chunked_it_is_the_same(
    stream: tuple[bytes, str, str], at_once: int
) -> None:
    sound = stream[0][:40_000]

    assert frames_of(sound, at_once)[1] == frames_of(sound, 777)[1]


def test_garbage_in_its_midst_costs_some_of_it_alone(stream: tuple[bytes, str, str]) -> None:
    sound = stream[0]
    middle = len(sound) // 2
    garbage = random.Random(2).randbytes(500)

    _, frames = frames_of(sound[:middle] + garbage + sound[middle:], 4096)

    assert sum(frame.seconds for frame in frames) > SECONDS * 0.3


def test_no_bytes_raise(stream: tuple[bytes, str, str]) -> None:
    sound = bytearray(stream[0][:30_000])
    rng = random.Random(3)
    for _ in range(300):
        sound[rng.randrange(100, len(sound))] = rng.randrange(256)

    framer, frames = frames_of(bytes(sound), 500)

    assert framer.buffered == 0
    assert all(frame.seconds < 1 for frame in frames)


@pytest.mark.parametrize("name", ["wav", "webm", "webm-vorbis", "old-flac", "latm"])
def test_it_can_be_kept(name: str) -> None:
    sound = STREAMS[name][0]()
    framer, frames = frames_of(sound, 5000)
    heads = b"".join(frame.data for frame in frames if frame.head)
    cutter = cutter_for(framer.format, heads)

    assert cutter is not None
    packets = [packet for frame in frames if not frame.head for packet in cutter.feed(frame.data)]
    packets += cutter.flush()
    assert sum(packet.seconds for packet in packets) == pytest.approx(SECONDS, abs=0.1)


def test_a_wav_of_another_coding_is_told() -> None:
    form = struct.pack("<HHIIHH", 0x11, 2, 44100, 44100, 1024, 4)
    head = b"RIFF\xff\xff\xff\xffWAVEfmt " + struct.pack("<I", 16) + form + b"data\xff\xff\xff\xff"
    framer = framer_of(head + bytes(100))

    assert framer.feed(head + bytes(5000)) == []
    assert framer.foreign == "WAV of kind 17"


def ogg_beginning(packet: bytes) -> bytes:
    return write_page([packet], flags=BEGINS, serial=5) + write_page([b"more"], serial=5) * 20


@pytest.mark.parametrize(
    ("sound", "name"),
    [
        (ogg_beginning(b"Speex   1.2" + bytes(60)), "Speex"),
        (ogg_beginning(b"\x80theora" + bytes(35)), "Theora"),
        (remuxed(encoded("ac3", "ac3"), "mpegts"), "AC-3"),
        (remuxed(encoded("ac3", "ac3"), "matroska"), "WebM with AC3"),
    ],
)
def test_a_container_of_other_sound_is_told_at_once(sound: bytes, name: str) -> None:
    framer = framer_of(sound)
    framer.feed(sound[:8192])

    assert framer.foreign == name


def layer_1() -> bytes:
    frame = b"\xff\xff\xc4\x00" + bytes(4 * (12 * 384_000 // 48_000) - 4)
    return frame * 10


@pytest.mark.parametrize(
    ("sound", "name"),
    [
        (encoded("ac3", "ac3"), "AC-3"),
        (encoded("eac3", "eac3"), "E-AC-3"),
        (layer_1(), "MP1"),
        (encode("m4a", 1.0), "MP4"),
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11" + bytes(100), "Windows Media"),
        (b".RMF" + bytes(100), "RealMedia"),
        (b"FLV\x01\x05" + bytes(100), "Flash video"),
        (b"#!AMR\n" + bytes(100), "AMR"),
    ],
)
def test_other_sound_is_told_by_its_first_bytes(sound: bytes, name: str) -> None:
    assert foreign_name(sound[:8192]) == name


@pytest.mark.parametrize(
    "codec", ["mp3", "mp2", "aac", "opus", "vorbis", "flac", "flac-native", "wav", "webm"]
)
def test_sound_that_is_played_is_not_told_to_be_foreign(codec: str) -> None:
    sound = encode(codec, 2.0)

    assert foreign_name(sound[:16_384]) == ""
    assert stream_framer_for("", sound[:4096]) is not None


def test_stories_go_on_to_keep_containers_as_they_are() -> None:
    assert framer_for("audio/wav", encode("wav", 1.0)) is None
    assert framer_for("audio/webm", encode("webm", 1.0)) is None
