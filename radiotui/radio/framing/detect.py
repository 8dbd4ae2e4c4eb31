"""The framer for a body, chosen by its first bytes."""

from __future__ import annotations

from radiotui.radio.framing import webm
from radiotui.radio.framing.flac import MARKER, FlacFramer
from radiotui.radio.framing.frames import MOST_BUFFERED, Frame, Framer
from radiotui.radio.framing.latm import LatmFramer, is_latm
from radiotui.radio.framing.mpeg import AdtsFramer, MpegFramer
from radiotui.radio.framing.ogg import OggFramer
from radiotui.radio.framing.ogg_page import CAPTURE
from radiotui.radio.framing.transport_stream import TransportStreamFramer, is_transport_stream
from radiotui.radio.framing.wav import WavFramer, is_wav

__all__ = ["HEAD_BYTES", "MOST_BUFFERED", "Frame", "Framer", "framer_for", "stream_framer_for"]

HEAD_BYTES = 4096
"""First bytes of a body that tell its format for certain: two of the longest common frames."""

_MPEG_TYPES = {"audio/mpeg", "audio/mp3", "audio/x-mp3", "audio/mpeg3", "audio/x-mpeg", "audio/mpa"}
_ADTS_TYPES = {
    "audio/aac",
    "audio/aacp",
    "audio/x-aac",
    "audio/x-hx-aac-adts",
    "audio/vnd.dlna.adts",
}
_OGG_TYPES = {
    "application/ogg",
    "audio/ogg",
    "audio/x-ogg",
    "audio/opus",
    "audio/vorbis",
    "audio/x-vorbis+ogg",
    "audio/x-opus+ogg",
    "audio/x-flac+ogg",
    "video/ogg",
}
# Containers that may well hold frames of MP3 or AAC, but are not a bare run of them.
_OTHER_CONTAINERS = (
    b"RIFF",
    b"FORM",
    b"\x1a\x45\xdf\xa3",
    b"\x30\x26\xb2\x75",
    b".RMF",
    b"FLV\x01",
)


def framer_for(content_type: str, head: bytes) -> Framer | None:
    """The framer for the body that begins with ``head``, or None where it is no known sound.

    The bytes decide: frames of MP3 or ADTS must follow each other twice at the
    right distance, wherever in ``head`` they begin. Only when ``head`` has
    :data:`HEAD_BYTES` and shows nothing does ``content_type`` decide. So None for
    a shorter head means "not yet"; ask again with more, or take it for the last
    word when the body has no more.
    """
    if head.startswith(CAPTURE):
        return OggFramer()
    if head.startswith(b"fLaC"):
        return FlacFramer()
    if _is_other_container(head):
        return None
    framer = _by_frames(head)
    if framer is None and CAPTURE in head:
        framer = OggFramer()
    if framer is None and MARKER.search(head):
        framer = FlacFramer()
    if framer is None and len(head) >= HEAD_BYTES and not _is_text(head):
        framer = _by_type(content_type, head)
    return framer


def stream_framer_for(content_type: str, head: bytes) -> Framer | None:
    """As :func:`framer_for`, and of containers that a stream may come in, the frames in them."""
    if head.startswith(webm.MARK):
        return webm.WebmFramer()
    if is_wav(head):
        return WavFramer()
    if is_transport_stream(head):
        return TransportStreamFramer()
    if is_latm(head):
        return LatmFramer()
    return framer_for(content_type, head)


def _by_frames(head: bytes) -> Framer | None:
    candidates = ((framer.confirmed_in(head), framer) for framer in (MpegFramer(), AdtsFramer()))
    return min(
        ((at, framer) for at, framer in candidates if at is not None),
        key=lambda pair: pair[0],
        default=(0, None),
    )[1]


def _by_type(content_type: str, head: bytes) -> Framer | None:
    kind = content_type.partition(";")[0].strip().lower()
    if kind in _OGG_TYPES:
        return OggFramer()
    if kind in _ADTS_TYPES:
        return AdtsFramer()
    # A tag with a large picture hides the first frame, and MP3 is what such tags are made for.
    if kind in _MPEG_TYPES or head.startswith(b"ID3"):
        return MpegFramer()
    return None


def _is_other_container(head: bytes) -> bool:
    return is_transport_stream(head) or head.startswith(_OTHER_CONTAINERS) or head[4:8] == b"ftyp"


def _is_text(head: bytes) -> bool:
    return not any(byte < 0x20 and byte not in b"\t\n\f\r\x1b" for byte in head[:512])
