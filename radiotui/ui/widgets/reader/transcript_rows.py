"""Lines of a transcript as rows: the time, the speaker where another one speaks, the words."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from textual.content import Content

from radiotui.stories.transcript_lines import EpisodeTranscript, TranscriptLine, copied_line
from radiotui.text import clean, clock_duration
from radiotui.ui.kit.content import BLANK, trusted, untrusted
from radiotui.ui.widgets.reader.blocks import Line, Room

_NARROWEST = 8
_LONGEST_LINE = 2000
_GAP = "  "


class TranscriptRow(msgspec.Struct, frozen=True):
    """One line that is spoken."""

    text: Content
    """Its words."""
    time: Content
    """The time as it stands before the words, with the gap after it; blank where none is known."""
    speaker: Content = BLANK
    """The name above it, where another one speaks from here on."""
    plain: str = ""
    """Time, speaker and words, as they are copied."""

    def lines(self, room: Room, text: Content) -> list[Line]:
        """The name on a line of its own, and the words beside their time."""
        columns = max(_NARROWEST, room.columns - self.time.cell_length)
        # Nearly all lines are short, and wrapping takes its time.
        is_short = text.cell_length <= columns and "\n" not in text.plain
        wrapped = [text] if is_short else text.wrap(columns)
        rest = trusted(" " * self.time.cell_length)
        lines: list[Line] = [BLANK, rest + self.speaker] if self.speaker else []
        for number, line in enumerate(wrapped):
            lines.append((rest if number else self.time) + line.rstrip())
        return lines

    def aside(self, room: Room, text: Content) -> list[Line]:  # noqa: ARG002
        """Nothing."""
        return []


def rows_of(transcript: EpisodeTranscript) -> list[TranscriptRow]:
    """The rows of a transcript. Thousands take some tens of milliseconds: on a thread."""
    return list(_rows(transcript.lines))


def _rows(lines: tuple[TranscriptLine, ...]) -> Iterator[TranscriptRow]:
    longest = max((len(_time(line)) for line in lines), default=0)
    speaker = ""
    for line in lines:
        is_other = bool(line.speaker) and line.speaker != speaker
        speaker = line.speaker or speaker
        yield TranscriptRow(
            Content(clean(line.text, _LONGEST_LINE)),
            _time_content(line, longest),
            untrusted(line.speaker, "bold $accent") if is_other else BLANK,
            copied_line(line),
        )


def _time(line: TranscriptLine) -> str:
    return "" if line.start is None else clock_duration(line.start)


def _time_content(line: TranscriptLine, columns: int) -> Content:
    if not columns:
        return BLANK
    words = f"{_time(line):>{columns}}"
    # A click on it is heard from there.
    action = "" if line.start is None else f"hear({line.start})"
    return trusted(words, "dim", action) + trusted(_GAP)
