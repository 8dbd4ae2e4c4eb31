"""Words of an episode line by line, as they are kept and as the search finds them."""

from __future__ import annotations

import logging

import msgspec

from radiotui.net.typed import json_decoder
from radiotui.text import clock_duration

log = logging.getLogger(__name__)

_MOST_COPIED = 2000
_LAST_LINE_SECONDS = 10.0
"""How long the last line of a transcript is said, where nobody says."""


class TranscriptLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line that is spoken. Its text is clean and has no line breaks."""

    start: float | None
    """Seconds from the episode's beginning; None where no times are known."""
    end: float | None
    speaker: str
    text: str


class EpisodeTranscript(msgspec.Struct, frozen=True, omit_defaults=True):
    """The words of an episode, by their times."""

    lines: tuple[TranscriptLine, ...]
    language: str = ""
    """As the feed writes it: "en-us"; empty where nobody says."""
    url: str = ""
    """Where it was; empty for a file of the listener's."""


def write_transcript(transcript: EpisodeTranscript) -> str:
    """A transcript as JSON for the store."""
    return msgspec.json.encode(transcript).decode()


def read_transcript(stored: str) -> EpisodeTranscript:
    """A transcript from the store. Raises ValueError for what is none."""
    return json_decoder(EpisodeTranscript).decode(stored)


def spoken_words(stored: str) -> str:
    """Words of a transcript from the store, a line each; none of a damaged one."""
    transcript = _readable(stored)
    return "\n".join(line.text for line in transcript.lines) if transcript else ""


def second_of(stored: str, words: str) -> float | None:
    """The second at which words are said that stand so in :func:`spoken_words`.

    What follows them in other lines may be of another text.
    """
    transcript = _readable(stored)
    if transcript is None:
        return None
    said = "\n".join(line.text for line in transcript.lines)
    while words:
        at = said.find(words)
        if at >= 0:
            return transcript.lines[said.count("\n", 0, at)].start
        words = words.rpartition("\n")[0]
    return None


def lines_between(transcript: EpisodeTranscript, begin: float, end: float) -> tuple[str, ...]:
    """Lines of which something is said between two places, each with its time and speaker."""
    timed = [line for line in transcript.lines if line.start is not None]
    ends = [line.start or 0.0 for line in timed[1:]]
    said = [
        line
        for line, following in zip(timed, [*ends, _end_of(timed[-1])] if timed else [], strict=True)
        if (line.start or 0.0) < end and (line.end or following) > begin
    ]
    return tuple(copied_line(line) for line in said[:_MOST_COPIED])


def copied_line(line: TranscriptLine) -> str:
    """ "[12:34] Ann: Good morning": a line as it is copied."""
    time = "" if line.start is None else f"[{clock_duration(line.start)}] "
    speaker = f"{line.speaker}: " if line.speaker else ""
    return f"{time}{speaker}{line.text}"


def _end_of(line: TranscriptLine) -> float:
    return line.end or (line.start or 0.0) + _LAST_LINE_SECONDS


def _readable(stored: str) -> EpisodeTranscript | None:
    try:
        return read_transcript(stored)
    except ValueError as error:
        log.warning("kept words of an episode are damaged: %s", error)
        return None
