"""Cues of WebVTT and SubRip, by one pattern for both: files are mixtures of the two."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from radiotui.stories.transcript_lines import TranscriptLine

_TIME = r"(?:(\d{1,4}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,9}))?"
_SETTING = r"[ \t]+(?:vertical|line|position|size|align|region|[XY][12]):\S*"
_ARROW = re.compile(rf"{_TIME}[ \t]*--?(?:>|&gt;)[ \t]*{_TIME}(?:{_SETTING})*")
_CLOCK = re.compile(_TIME)
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]+([^<>]{1,200})>")
_BREAK = re.compile(r"<br\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>|<\d[\d:.]*>|\{\\[^{}]{0,100}\}")
_SPEAKER = re.compile(r"(?:[-–>]+\s*)?([^\W\d_][\w.'’-]{0,30}(?: [\w.'’&-]{1,20}){0,3}):\s+(?=\S)")
_LONGEST_NAME = 40
_NOTE = re.compile(r"NOTE(?:[ \t]|$)")
_LONGEST_NUMBER = 9


def has_cues(text: str) -> bool:
    """True where a cue's times stand anywhere in a text."""
    return _ARROW.search(text) is not None


def lines_in_cues(text: str) -> Iterator[TranscriptLine]:
    """Lines of the cues of a file, in its own order; no cue with a text is left out."""
    is_vtt = text.lstrip().startswith("WEBVTT")
    arrow = _ARROW.search(text)
    while arrow is not None:
        following = _ARROW.search(text, arrow.end())
        rest = text[arrow.end() : following.start() if following else len(text)]
        lines = _cue_lines(rest.split("\n"), is_vtt=is_vtt, is_last=following is None)
        speaker, words = _spoken(" ".join(lines))
        yield TranscriptLine(
            _seconds(*arrow.groups()[:4]), _seconds(*arrow.groups()[4:]), speaker, words
        )
        arrow = following


def speaker_and_text(words: str) -> tuple[str, str]:
    """Name and words of "Ann: Good morning"; an empty name where none stands before them."""
    match = _SPEAKER.match(words)
    if match is None or len(match[1]) > _LONGEST_NAME or match[1][0].islower():
        return "", words
    return match[1], words[match.end() :]


def clock_seconds(words: str) -> float | None:
    """Seconds of a time such as "1:02:03.5" or "0:12"; None for what is none."""
    match = _CLOCK.fullmatch(words.strip()[:40])
    return None if match is None else _seconds(*match.groups())


def _spoken(text: str) -> tuple[str, str]:
    """Speaker and words of a cue's text."""
    voice = _VOICE.search(text)
    words = html.unescape(_TAG.sub("", _BREAK.sub(" ", text))).strip()
    return (html.unescape(voice[1]), words) if voice else speaker_and_text(words)


def _cue_lines(lines: list[str], *, is_vtt: bool, is_last: bool) -> list[str]:
    """The lines of a cue out of those up to the next cue's times, whose name is among them."""
    lines = [line.strip() for line in lines]
    if not is_last:
        *lines, before_times = lines
        if before_times and not _is_number(before_times):
            lines.append(before_times)
        elif not before_times and _ends_with_name(lines, is_vtt=is_vtt):
            lines.pop()
    return _without_notes(lines) if is_vtt else lines


def _ends_with_name(lines: list[str], *, is_vtt: bool) -> bool:
    """True where the last line is the next cue's name: a number, or in WebVTT any line alone."""
    # The first of them is the rest of the line with the times, so of two the last is a text.
    return len(lines) > 2 and (
        _is_number(lines[-1]) or (is_vtt and bool(lines[-1]) and not lines[-2])
    )


def _is_number(line: str) -> bool:
    return line.isdecimal() and len(line) <= _LONGEST_NUMBER


def _without_notes(lines: list[str]) -> list[str]:
    """The lines without WebVTT's comments, which stand between blank lines."""
    words: list[str] = []
    is_note, before = False, "x"
    for line in lines:
        is_note = bool(line) and (is_note or (not before and _NOTE.match(line) is not None))
        if not is_note:
            words.append(line)
        before = line
    return words


def _seconds(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> float:
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole + float(f"0.{fraction or 0}")
