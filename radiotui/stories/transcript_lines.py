"""Words of an episode line by line, as they are kept and as the search finds them."""

from __future__ import annotations

import logging

import msgspec

from radiotui.net.typed import json_decoder

log = logging.getLogger(__name__)


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


def _readable(stored: str) -> EpisodeTranscript | None:
    try:
        return read_transcript(stored)
    except ValueError as error:
        log.warning("kept words of an episode are damaged: %s", error)
        return None
