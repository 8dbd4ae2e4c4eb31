"""The sound of a segment, out of its container: a run of frames, byte for byte as they came.

MPEG-TS, fragmented MP4, and packed AAC or MP3 (RFC 8216 §3). Nothing is decoded.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING, Any

import msgspec

from radiotui.net.content import is_html
from radiotui.problems import Problem
from radiotui.radio.framing.detect import framer_for
from radiotui.radio.framing.flac import FlacFramer
from radiotui.radio.framing.frames import Framer
from radiotui.radio.framing.mpeg import AdtsFramer, MpegFramer
from radiotui.radio.hls import id3 as hls_id3
from radiotui.radio.hls.keys import Unplayable

if TYPE_CHECKING:
    from av.container import InputContainer

_TS_PACKET = 188
_BOXES = {b"ftyp", b"styp", b"moof", b"moov", b"sidx", b"emsg", b"prft", b"free", b"mdat", b"skip"}
_ADTS = re.compile(b"\xff[\xf0\xf1\xf8\xf9]")
_MPEG = re.compile(b"\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff]")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")
_FORMATS = {"aac": "aac", "mp3": "mp3", "mp2": "mp3", "flac": "flac"}
_FLAC_HEAD = b"fLaC\x80\x00\x00\x22"
"""Before STREAMINFO, which is all that fragmented MP4 keeps of the headers."""
_LOOKED_AT = 64 * 1024
_MOST_TAGS = 64
_FRAMERS: dict[str, Callable[[], Framer]] = {
    "aac": AdtsFramer,
    "mp3": MpegFramer,
    "flac": FlacFramer,
}
_WRAP = 2**33 / 90_000
"""Seconds after which the clock of MPEG-TS begins anew."""


class SegmentSound(msgspec.Struct, frozen=True):
    """The sound and the tags of a segment."""

    format: str
    """As framers call it: "aac" (ADTS), "mp3", "flac"."""
    data: bytes
    head: bytes = b""
    """The headers that a decoder of the format is given first; b"" for formats without."""
    tags: tuple[hls_id3.TimedTag, ...] = ()


def unpack(body: bytes, init: bytes, who: str) -> SegmentSound:
    """The sound in a segment. Raises Problem where it is broken, Unplayable where it never plays.

    ``init`` is the init section that stands before it. Blocks.
    """
    if not body:
        raise Problem(f"{who} sent an empty part", "nothing can be heard of it")
    tags, begin = hls_id3.leading(body)
    try:
        if body[:1] == b"\x47" and body[_TS_PACKET : _TS_PACKET + 1] in {b"\x47", b""}:
            return _from_ts(init + body if init[:1] == b"\x47" else body, who)
        if body[4:8] in _BOXES:
            return _from_mp4(body, init, who)
    except _av_errors() as error:
        raise Problem(f"{who}: a part of the sound is broken", "", str(error)[:200]) from error
    if is_html(body):
        raise Problem(f"{who} sent a web page instead of sound", "a login may be in between")
    format_ = _bare(body[begin:])
    if format_:
        return SegmentSound(format_, body[begin:], tags=_timed_tags([(tag, 0.0) for tag in tags]))
    if _MARKUP.match(body[:200]):
        raise Problem(f"{who} sent a document instead of sound", "its server may have a fault")
    raise Unplayable(
        f"{who} sends what radiotui cannot play",
        "of HLS it plays AAC, MP3 and FLAC",
        f"begins with {body[:16].hex()}",
    )


def _bare(body: bytes) -> str | None:
    """The format of frames without a container; the first may have begun in another segment."""
    if _ADTS.match(body):
        return "aac"
    if _MPEG.match(body):
        return "mp3"
    framer = framer_for("", body[:_LOOKED_AT])
    return framer.format if framer and framer.format in {"aac", "mp3"} else None


def decoder_shape(sound: SegmentSound) -> tuple[object, ...] | None:
    """Codec parameters that a decoder is made for; None where they cannot be seen."""
    if sound.head:
        return sound.format, sound.head
    head = sound.data[:_LOOKED_AT]
    at = (MpegFramer() if sound.format == "mp3" else AdtsFramer()).confirmed_in(head)
    if at is None:
        return None
    _, second, third, fourth = head[at : at + 4]
    if sound.format == "mp3":
        return sound.format, second & 0xFE, third & 0x0C, fourth >> 6 == 3
    return sound.format, third & 0xFD, fourth >> 6


def framer_of(format_: str) -> Framer:
    """A framer for the sound of a format."""
    return _FRAMERS[format_]()


def _from_ts(body: bytes, who: str) -> SegmentSound:
    import av

    # Frames are left as they lie in their packets: cutting them is for framers, which know more.
    raw = {"fflags": "+noparse+nofillin"}
    with av.open(BytesIO(body), "r", format="mpegts", options=raw) as container:
        stream = _stream(container, who)
        data, tags, begin = bytearray(), [], None
        for packet in container.demux():
            at = float(packet.pts * packet.time_base) if packet.pts is not None else None
            if packet.stream is stream:
                begin = at if begin is None else begin
                data += bytes(packet)
            elif packet.stream.type == "data" and at is not None:
                tags.append((bytes(packet), at))
        format_ = _FORMATS[stream.codec_context.codec.canonical_name]
    timed = [(tag, _after(at, begin or 0.0)) for tag, at in tags]
    return SegmentSound(format_, bytes(data), tags=_timed_tags(timed))


def _after(at: float, begin: float) -> float:
    """Seconds from ``begin`` to ``at``; the clock may have wrapped between the two."""
    return (at - begin + _WRAP / 2) % _WRAP - _WRAP / 2


def _from_mp4(body: bytes, init: bytes, who: str) -> SegmentSound:
    import av

    # The file's own wishes about what is played of it are for files.
    whole = {"ignore_editlist": "1", "enable_drefs": "0"}
    with av.open(BytesIO(init + body), "r", format="mp4", options=whole) as container:
        stream = _stream(container, who)
        packets = [packet for packet in container.demux(stream) if packet.size]
        format_ = _FORMATS[stream.codec_context.codec.canonical_name]
        is_bare = format_ == "aac"
        data = _with_adts(stream, packets, who) if is_bare else b"".join(map(bytes, packets))
        info = bytes(stream.codec_context.extradata or b"")
        head = _FLAC_HEAD + info if format_ == "flac" else b""
        first = next((packet for packet in packets if packet.pts is not None), None)
        begin = float(first.pts * first.time_base) if first else 0.0
    events = (box for kind, box in hls_id3.boxes(body) if kind == b"emsg")
    timed = (hls_id3.from_box(box, begin) for box in events)
    return SegmentSound(format_, data, head, _timed_tags(list(filter(None, timed))))


def _with_adts(stream: Any, packets: list[Any], who: str) -> bytes:
    """The frames, each with the header that tells a decoder what it is."""
    import av

    out = BytesIO()
    try:
        with av.open(out, "w", format="adts") as container:
            frames = container.add_stream_from_template(stream)
            for packet in packets:
                packet.stream = frames
                container.mux(packet)
    except _av_errors() as error:
        raise Unplayable(
            f"{who} sends AAC of a kind that radiotui cannot play", "", str(error)[:200]
        ) from error
    return out.getvalue()


def _stream(container: InputContainer, who: str) -> Any:
    stream = next(iter(container.streams.audio), None)
    if stream is None:
        raise Unplayable(f"{who} sends pictures without sound here", "", "no audio stream")
    codec = stream.codec_context
    name = codec.codec.canonical_name if codec else "an unknown codec"
    if name not in _FORMATS:
        raise Unplayable(
            f"{who} sends what radiotui cannot play ({name})", "of HLS it plays AAC, MP3 and FLAC"
        )
    return stream


def _timed_tags(tags: list[tuple[bytes, float]]) -> tuple[hls_id3.TimedTag, ...]:
    timed = (hls_id3.read_tag(tag, max(0.0, at)) for tag, at in tags[:_MOST_TAGS])
    return tuple(tag for tag in timed if tag is not None)


def _av_errors() -> tuple[type[Exception], ...]:
    import av

    return av.error.FFmpegError, ValueError, OSError


def is_init(body: bytes) -> bool:
    """True where ``body`` is an init section as it is, not encrypted."""
    return body[4:8] in _BOXES or body[:1] == b"\x47"
