"""Segments of a transcript in JSON: ``segments[]{speaker, startTime, endTime, body}``.

Many have a segment for each word, and a speaker only at changes: they are joined to lines.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from radiotui.guide.sources.loose import number
from radiotui.net.loose_json import decode_json
from radiotui.podcasts.transcript_cues import clock_seconds
from radiotui.stories.transcript_lines import TranscriptLine

_MOST_SEGMENTS = 200_000
_LONGEST_SOUND = 7 * 24 * 3600
_JSON = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[{\]])")
_OBJECT = re.compile(r"\{[^{}]*\}")
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*\s*$")
_PUNCTUATION = re.compile(r"[,.!?;:…%)\]]")
_SENTENCE_SECONDS, _SENTENCE_LETTERS = 2.0, 30
"""A shorter sentence is joined with the next one."""
_LINE_SECONDS, _LINE_LETTERS = 10.0, 400
_SILENCE_SECONDS = 3.0


class _SpokenPiece(msgspec.Struct, frozen=True):
    start: float | None
    end: float | None
    speaker: str
    body: str


def has_segments(text: str) -> bool:
    """True for a text that begins as JSON does, whole or not."""
    return _JSON.match(text) is not None


def lines_in_segments(text: str) -> Iterator[TranscriptLine]:
    """Lines of a transcript in JSON; of a damaged one those whose segments are whole."""
    segments = list(_segments(_rows(text)))
    spaced = sum(segment.body[:1].isspace() or segment.body[-1:].isspace() for segment in segments)
    between = "" if 2 * spaced > len(segments) else " "
    group: list[_SpokenPiece] = []
    letters = 0
    for segment in segments:
        if group and _begins_line(group[0], group[-1], segment, letters):
            yield _line(group, between)
            group, letters = [], 0
        group.append(segment)
        letters += len(segment.body)
    if group:
        yield _line(group, between)


def _rows(text: str) -> Iterable[object]:
    try:
        value = decode_json(text.encode(), object)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return _whole_objects(text)
    if isinstance(value, Mapping):
        value = next((value[key] for key in ("segments", "transcript") if key in value), ())
    return value if isinstance(value, list) else ()


def _whole_objects(text: str) -> Iterator[object]:
    """The innermost objects of JSON that is damaged or was cut."""
    for match in _OBJECT.finditer(text):
        try:
            yield decode_json(match[0].encode(), object)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            continue


def _segments(rows: Iterable[object]) -> Iterator[_SpokenPiece]:
    speaker = ""
    for count, row in enumerate(rows):
        if count == _MOST_SEGMENTS:
            return
        body = _text(row, "body", "text")
        if not isinstance(row, Mapping) or not body.strip():
            continue
        speaker = _text(row, "speaker") or speaker
        start, end = _seconds(row, "startTime", "start"), _seconds(row, "endTime", "end")
        yield _SpokenPiece(start, end, speaker, body)


def _begins_line(
    first: _SpokenPiece, last: _SpokenPiece, segment: _SpokenPiece, letters: int
) -> bool:
    """True where a segment does not go on with the line from ``first`` to ``last``."""
    if segment.speaker != last.speaker or letters >= _LINE_LETTERS:
        return True
    is_sentence = _SENTENCE_END.search(last.body[-20:]) is not None
    if first.start is None or segment.start is None:
        return is_sentence and letters >= _SENTENCE_LETTERS
    last_end = last.end if last.end is not None else last.start or first.start
    span = segment.start - first.start
    return (
        (is_sentence and span >= _SENTENCE_SECONDS)
        or not 0 <= span < _LINE_SECONDS
        or segment.start - last_end > _SILENCE_SECONDS
    )


def _line(group: list[_SpokenPiece], between: str) -> TranscriptLine:
    words = group[0].body
    for segment in group[1:]:
        is_joined = between and _PUNCTUATION.match(segment.body) is not None
        words += segment.body if is_joined else between + segment.body
    ends = [segment.end for segment in group if segment.end is not None]
    return TranscriptLine(
        group[0].start, ends[-1] if ends else None, group[0].speaker, html.unescape(words)
    )


def _text(row: object, *names: str) -> str:
    values: Iterable[Any] = (row.get(name) for name in names) if isinstance(row, Mapping) else ()
    return next((value for value in values if isinstance(value, str)), "")


def _seconds(row: Mapping[str, Any], *names: str) -> float | None:
    """The first time of a segment that there is; a wrong one is none, and costs no word."""
    for name in names:
        seconds = number(row, name)
        if seconds is None and isinstance(row.get(name), str):
            seconds = clock_seconds(row[name])
        if seconds is not None and 0 <= seconds <= _LONGEST_SOUND:
            return seconds
    return None
