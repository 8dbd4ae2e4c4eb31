"""ADTS as .m4a: the same packets, without the headers that each of them had."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from radiotui.recording.tags import RecordingTags, tag_mp4

log = logging.getLogger(__name__)


def into_m4a(adts: Path, target: Path, about: RecordingTags) -> bool:
    """Copy the packets of ``adts`` into ``target``, with tags; False: they do not go there.

    An .m4a takes no frames of several blocks, and none whose channels are
    described within; the disk may be full. ``target`` may then be left half written.
    """
    import av
    from mutagen import MutagenError

    av.logging.set_level(None)
    try:
        read = _copy(adts, target)
        if not read:
            return False
        tag_mp4(target, about)
        with target.open("rb") as file:
            os.fsync(file.fileno())
    except (av.error.FFmpegError, MutagenError, OSError) as error:
        log.info("it stays ADTS: %s", error)
        return False
    return True


def _copy(adts: Path, target: Path) -> int:
    import av

    count = 0
    # The only files that are opened are these two.
    options = {"protocol_whitelist": "file"}
    with (
        av.open(str(adts), format="aac", options=options) as source,
        av.open(str(target), "w", format="ipod") as output,
    ):
        sound = source.streams.audio[0]
        stream = output.add_stream_from_template(sound)
        for packet in source.demux(sound):
            if packet.size:
                packet.stream = stream
                output.mux(packet)
                count += 1
    return count
