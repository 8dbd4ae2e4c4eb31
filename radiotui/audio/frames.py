"""PCM as FFmpeg's frames, and back: stereo of signed 16 bit, 48,000 samples a second."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

RATE = 48_000
"""Samples per second. Sound servers run at it, so that they need not convert again."""
SAMPLE_BYTES = 4
"""Two channels of signed 16 bit."""
BYTES_PER_SECOND = RATE * SAMPLE_BYTES

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.filter.context import FilterContext
    from av.filter.graph import Graph


def frame_of(pcm: bytes, place: int) -> AudioFrame:
    """PCM as a frame whose first sample is number ``place``."""
    import av

    frame = av.AudioFrame(format="s16", layout="stereo", samples=len(pcm) // SAMPLE_BYTES)
    plane = frame.planes[0]
    # A plane may be longer than its samples.
    plane.update(pcm.ljust(plane.buffer_size, b"\0"))
    frame.sample_rate, frame.pts, frame.time_base = RATE, place, Fraction(1, RATE)
    return frame


def bytes_of(frame: AudioFrame) -> bytes:
    """PCM of a frame."""
    return bytes(memoryview(frame.planes[0])[: frame.samples * SAMPLE_BYTES])


def graph_of(*filters: tuple[str, str]) -> tuple[Graph, list[FilterContext]]:
    """FFmpeg's filters in a row, each a name and its options, from PCM to frames; and each."""
    import av

    graph = av.filter.Graph()
    entry = graph.add_abuffer(
        sample_rate=RATE, format="s16", layout="stereo", time_base=Fraction(1, RATE)
    )
    contexts = [graph.add(name, options) for name, options in filters]
    row = [entry, *contexts, graph.add("abuffersink")]
    for before, after in pairwise(row):
        before.link_to(after)
    graph.configure()
    return graph, contexts


def pushed(graph: Graph, frame: AudioFrame | None) -> Iterator[AudioFrame]:
    """Frames that a graph gives for one; None is the end."""
    import av
    from av.audio.frame import AudioFrame

    graph.push(frame)
    while True:
        try:
            pulled = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        assert isinstance(pulled, AudioFrame)
        yield pulled
