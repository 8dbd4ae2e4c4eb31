"""Silence taken out of PCM, and the place of what is left."""

from __future__ import annotations

from collections.abc import Iterator

from radiotui.audio.frames import SAMPLE_BYTES, bytes_of, frame_of, graph_of, pushed

_PIECE = 20 * 48 * SAMPLE_BYTES
"""What follows a silence gets the place of the piece that it is in: 20 ms are near enough."""
_LEFT_SECONDS = 0.3
"""What is left of a longer silence; speech without any pause is hard to follow."""
_OPTIONS = ":".join(
    (
        *("stop_periods=-1", f"stop_duration={_LEFT_SECONDS}", "stop_silence=0"),
        # With FFmpeg's own choice places are counted by what is left: 10 s off after a minute.
        *("stop_threshold=-45dB", "timestamp=copy"),
    )
)


class SilenceFilter:
    """FFmpeg's silenceremove. A tempo filter behind it in the same graph would lose the places."""

    def __init__(self) -> None:
        self._graph, _ = graph_of(
            ("silenceremove", _OPTIONS), ("aformat", "sample_fmts=s16:channel_layouts=stereo")
        )

    def push(self, pcm: bytes, place: int) -> Iterator[tuple[bytes, int]]:
        """Rest of PCM, each part with the place of its first sample, in samples."""
        for start in range(0, len(pcm), _PIECE):
            piece = pcm[start : start + _PIECE]
            for frame in pushed(self._graph, frame_of(piece, place + start // SAMPLE_BYTES)):
                yield bytes_of(frame), frame.pts or 0

    def flush(self) -> Iterator[tuple[bytes, int]]:
        """The last parts."""
        for frame in pushed(self._graph, None):
            yield bytes_of(frame), frame.pts or 0
