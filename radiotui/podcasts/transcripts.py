"""Reading of transcripts: WebVTT, SubRip, JSON, HTML and plain text, judged by what is in them.

https://github.com/Podcastindex-org/podcast-namespace/blob/main/transcripts/transcripts.md,
https://www.w3.org/TR/webvtt1/. Servers name types that are none of theirs, and files are broken in
every way: what can be read of one is given, and nothing is raised.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from msgspec.structs import replace

from radiotui.files import read_beginning
from radiotui.podcasts.transcript_cues import has_cues, lines_in_cues, speaker_and_text
from radiotui.podcasts.transcript_page import has_markup, lines_in_page
from radiotui.podcasts.transcript_segments import has_segments, lines_in_segments
from radiotui.stories.transcript_lines import EpisodeTranscript, TranscriptLine
from radiotui.text import clean

__all__ = [
    "LARGEST_BYTES",
    "EpisodeTranscript",
    "TranscriptLine",
    "transcript_beside",
    "transcript_in",
    "transcript_lines",
]

LARGEST_BYTES = 8 * 1024 * 1024
_MOST_LINES = 50_000
_LONGEST_LINE = 2000
_LONGEST_SPEAKER = 100
_MOST_BINARY = 0.01
"""Part of a text that may be zeros, or control characters."""
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffd]")
_SAMPLE_LETTERS = 10_000
_FILE_ENDINGS = (".vtt", ".srt")
_LANGUAGE = re.compile(r"\.[a-zA-Z]{2,3}(?:[-_][a-zA-Z0-9]{1,8}){0,2}")
_BLANK_LINE = re.compile(r"\n\s*\n")
_PIECE = re.compile(rf"\S(?:.{{0,{_LONGEST_LINE - 2}}}\S)?(?=\s|\Z)|\S{{1,{_LONGEST_LINE}}}")


def transcript_lines(body: bytes, *, is_timed: bool = False) -> tuple[TranscriptLine, ...]:
    """Lines of a transcript by their times; none where it is no text.

    ``is_timed``: it was announced with times, so that a page without any is none of it. It takes
    some seconds for the largest: not for the loop.
    """
    text = _decoded(body[:LARGEST_BYTES])
    lines: Iterable[TranscriptLine]
    if has_segments(text):
        lines = lines_in_segments(text)
    elif has_cues(text):
        lines = lines_in_cues(text)
    elif has_markup(text):
        lines = lines_in_page(text, _MOST_LINES)
        if is_timed and all(line.start is None for line in lines):
            lines = ()
    else:
        lines = _plain_lines(text)
    return _in_order(islice(_clean_lines(lines), _MOST_LINES))


def transcript_in(body: bytes, is_timed: bool, language: str, url: str) -> EpisodeTranscript:
    """The transcript that was at ``url``, as :func:`transcript_lines` reads it.

    A hostile one takes seconds in which no other code runs: it is for a process of its own.
    """
    return EpisodeTranscript(transcript_lines(body, is_timed=is_timed), language, url)


def transcript_beside(path: Path) -> EpisodeTranscript | None:
    """The words of a local file: of "Ep 01.srt", "Ep 01.en.vtt" or "Ep 01.mp3.srt" beside it.

    None without such a file, and where none of them can be read. Not for the loop.
    """
    for beside, language in _files_beside(path):
        try:
            lines = transcript_lines(read_beginning(beside, LARGEST_BYTES), is_timed=True)
        except OSError:
            continue
        if lines:
            return EpisodeTranscript(lines, language)
    return None


def _files_beside(path: Path) -> list[tuple[Path, str]]:
    """Files with a sound's name and a transcript's ending, and the languages in their names.

    Those without a language come first, and WebVTT before SubRip.
    """
    files: list[tuple[Path, str]] = []
    try:
        with os.scandir(path.parent) as entries:
            names = [entry.name for entry in entries if entry.name.startswith(path.stem)]
    except OSError:
        return []
    for name in names:
        stem, ending = os.path.splitext(name)  # noqa: PTH122 - a name, and no path
        middle = stem.removeprefix(path.name if stem.startswith(path.name) else path.stem)
        is_beside = not middle or _LANGUAGE.fullmatch(middle)
        beside = path.parent / name
        # A pipe would be waited for.
        if ending.lower() in _FILE_ENDINGS and is_beside and beside.is_file():
            files.append((beside, middle[1:]))
    order = {ending: place for place, ending in enumerate(_FILE_ENDINGS)}
    return sorted(files, key=lambda file: (len(file[1]), order[file[0].suffix.lower()]))


def _decoded(body: bytes) -> str:
    """The text of a file in whatever encoding; empty where it is no text."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if body.startswith(mark):
            return _with_plain_ends(body[2:].decode(encoding, "replace"))
    if body.count(0) > _MOST_BINARY * len(body):
        return ""
    text = body.decode("utf-8-sig", "replace")
    damage = text.count("\ufffd")
    if damage:
        others = len(text) - len(text.encode("ascii", "ignore")) - damage
        # A file of UTF-8 that was cut has one wrong letter; one of Windows' has all wrong.
        text = text if others > damage else body.decode("cp1252", "replace")
    return _with_plain_ends(text)


def _with_plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _plain_lines(text: str) -> Iterator[TranscriptLine]:
    """Paragraphs of a plain text, or its lines where it has no paragraphs."""
    sample = text[:_SAMPLE_LETTERS]
    is_binary = len(_CONTROL.findall(sample)) > _MOST_BINARY * len(sample)
    if is_binary or not any(map(str.isalnum, sample)) or text.lstrip().startswith("WEBVTT"):
        return
    for paragraph in _BLANK_LINE.split(text):
        lines = [line.strip() for line in paragraph.split("\n")]
        says_who = any(speaker_and_text(line)[0] for line in lines[1:])
        is_list = says_who or len(paragraph) == len(text)
        for line in lines if is_list else (" ".join(lines),):
            yield TranscriptLine(None, None, *speaker_and_text(line))


def _clean_lines(lines: Iterable[TranscriptLine]) -> Iterator[TranscriptLine]:
    for line in lines:
        text = clean(line.text, max(1, len(line.text)))
        if not text:
            continue
        speaker = clean(line.speaker, _LONGEST_SPEAKER).rstrip(": ")
        end = line.end
        if end is not None and line.start is not None and end < line.start:
            end = None
        pieces = (text,) if len(text) <= _LONGEST_LINE else _PIECE.findall(text)
        for piece in pieces:
            yield replace(line, end=end, speaker=speaker, text=piece)


def _in_order(lines: Iterable[TranscriptLine]) -> tuple[TranscriptLine, ...]:
    """The lines by their beginning; one without stays behind the one before it."""
    by_start: list[tuple[float, TranscriptLine]] = []
    last = 0.0
    for line in lines:
        last = last if line.start is None else line.start
        by_start.append((last, line))
    by_start.sort(key=lambda pair: pair[0])
    return tuple(line for _, line in by_start)
