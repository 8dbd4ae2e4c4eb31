"""Words of an episode line by line, as they are kept and as the search finds them."""

from __future__ import annotations

import msgspec

from radiotui.net.typed import json_decoder


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
