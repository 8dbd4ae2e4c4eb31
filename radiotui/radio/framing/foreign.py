"""Sound that radiotui does not play, told by its first bytes.

Sources: the magic numbers of IANA's media types and of FFmpeg's probes; ATSC A/52 §5.3 (AC-3);
ISO/IEC 11172-3 §2.4.2.3 (layer I).
"""

from __future__ import annotations

import re

_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "Windows Media"),
    (b".RMF", "RealMedia"),
    (b".ra\xfd", "RealAudio"),
    (b"FLV\x01", "Flash video"),
    (b"FORM", "AIFF"),
    (b"caff", "Core Audio"),
    (b".snd", "Sun audio"),
    (b"wvpk", "WavPack"),
    (b"MAC ", "Monkey's Audio"),
    (b"MPCK", "Musepack"),
    (b"MP+", "Musepack"),
    (b"TTA1", "True Audio"),
    (b"DSD ", "DSD"),
    (b"MThd", "MIDI"),
    (b"#!AMR", "AMR"),
    (b"\x7f\xfe\x80\x01", "DTS"),
    (b"\xfe\x7f\x01\x80", "DTS"),
)
_OGG_CODECS: tuple[tuple[bytes, str], ...] = (
    (b"Speex   ", "Speex"),
    (b"CELT    ", "CELT"),
    (b"\x80theora", "Theora"),
    (b"BBCD", "Dirac"),
    (b"\x01video", "Ogg video"),
    (b"\x80kate", "Kate"),
    (b"PCM     ", "Ogg PCM"),
)
_LEAST = 16
_AC_3 = b"\x0b\x77"
_AC_3_KBPS = (
    *(32, 40, 48, 56, 64, 80, 96, 112, 128, 160),
    *(192, 224, 256, 320, 384, 448, 512, 576, 640),
)
_AC_3_RATES = (48000, 44100, 32000)
_AC_3_SAMPLES = 1536
_LAYER_1 = re.compile(b"\xff[\xe6\xe7\xf6\xf7\xfe\xff][\x10-\xeb]")
_LAYER_1_KBPS = (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448)
_LAYER_1_KBPS_2 = (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256)
_LAYER_1_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_LOOKED_AT = 16 * 1024
_MOST_CANDIDATES = 100


def foreign_name(head: bytes) -> str:
    """The name of the sound that ``head`` begins; "" where it may yet be played."""
    if len(head) < _LEAST:
        return ""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if head[4:8] == b"ftyp":
        return "MP4"
    return _ac_3(head) or ("MP1" if _is_layer_1(head) else "")


def foreign_ogg(packet: bytes) -> str:
    """The codec of a stream of Ogg by its first packet; "" where it is not known."""
    return next((name for mark, name in _OGG_CODECS if packet.startswith(mark)), "")


def _ac_3(head: bytes) -> str:
    """AC-3 where two frames follow each other."""
    at = head.find(_AC_3, 0, _LOOKED_AT)
    for _ in range(_MOST_CANDIDATES):
        if at < 0 or len(head) < at + 6:
            return ""
        is_enhanced = head[at + 5] >> 3 > 10
        size = _enhanced_bytes(head, at) if is_enhanced else _ac_3_bytes(head[at + 4])
        if size and head[at + size : at + size + 2] == _AC_3:
            return "E-AC-3" if is_enhanced else "AC-3"
        at = head.find(_AC_3, at + 1, _LOOKED_AT)
    return ""


def _ac_3_bytes(code: int) -> int:
    rate, number = code >> 6, code & 63
    if rate == len(_AC_3_RATES) or number // 2 >= len(_AC_3_KBPS):
        return 0
    words = _AC_3_KBPS[number // 2] * 1000 * _AC_3_SAMPLES // _AC_3_RATES[rate] // 16
    # At 44.1 kHz every second frame is a word longer.
    return 2 * (words + (rate == 1 and number & 1))


def _enhanced_bytes(head: bytes, at: int) -> int:
    return 2 * ((int.from_bytes(head[at + 2 : at + 4], "big") & 0x7FF) + 1)


def _is_layer_1(head: bytes) -> bool:
    """Two frames of MPEG audio, layer I, one after the other."""
    for number, match in enumerate(_LAYER_1.finditer(head[:_LOOKED_AT])):
        size = _layer_1_bytes(head, match.start())
        following = match.start() + size
        if size and _layer_1_bytes(head, following):
            return True
        if number >= _MOST_CANDIDATES:
            break
    return False


def _layer_1_bytes(head: bytes, at: int) -> int:
    match = _LAYER_1.match(head, at)
    if match is None:
        return 0
    second, third = head[at + 1], head[at + 2]
    version, bitrate, rate = second >> 3 & 3, third >> 4, third >> 2 & 3
    if version == 1 or not 1 <= bitrate <= 14 or rate == 3:
        return 0
    kbps = (_LAYER_1_KBPS if version == 3 else _LAYER_1_KBPS_2)[bitrate - 1]
    return 4 * (12 * kbps * 1000 // _LAYER_1_RATES[version][rate] + (third >> 1 & 1))
