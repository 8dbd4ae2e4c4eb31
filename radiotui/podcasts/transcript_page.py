"""Lines of a transcript that is a page: ``<cite>Ann:</cite><time>0:12</time><p>text</p>``.

A page without these elements gives its paragraphs, without times.
"""

from __future__ import annotations

import html
import re

from radiotui.podcasts.transcript_cues import clock_seconds, speaker_and_text
from radiotui.stories.transcript_lines import TranscriptLine

_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|p|div|span|cite|time|br|h[1-6]|ul|ol|li|article|section)\b[^<>]*>",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<[!?][^<>]*>", re.DOTALL)
_NOT_WORDS = re.compile(
    r"<(script|style|title|template|nav)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})\b[^<>]*>")
_BLOCK = re.compile(
    "p|div|h[1-6]|[uod]l|li|tr|t[hd]|d[td]|table|blockquote|pre|section|article|main|header|footer"
    "|body|html|hr|figure"
)
_BLANK_LINE = re.compile(r"\n\s*\n")


def has_markup(text: str) -> bool:
    """True where an element of a page stands in a text."""
    return _MARKUP.search(text) is not None


def lines_in_page(text: str, most: int) -> list[TranscriptLine]:
    """Lines of a page, in its own order, and not many more than ``most``."""
    page = _PageLines()
    text = _NOT_WORDS.sub(" ", _COMMENT.sub(" ", text))
    at = 0
    for tag in _TAG.finditer(text):
        page.read(text[at : tag.start()])
        page.pass_tag(tag[2].lower(), is_end=bool(tag[1]))
        at = tag.end()
        if len(page.lines) >= most:
            return page.lines
    page.read(text[at:])
    page.end_line()
    return page.lines


class _PageLines:
    """The reader of a page: the lines so far, and the one that is being read."""

    def __init__(self) -> None:
        self.lines: list[TranscriptLine] = []
        self._start: float | None = None
        self._speaker = ""
        self._words: list[str] = []

    def read(self, words: str) -> None:
        """Take words between two tags."""
        self._words.append(html.unescape(words))

    def pass_tag(self, name: str, *, is_end: bool) -> None:
        """Go past the beginning or the end of an element."""
        if name in {"cite", "time"} and is_end:
            words = self._take()
            seconds = clock_seconds(words.strip("[]() \t\n")) if name == "time" else None
            if name == "cite":
                self._speaker = words.rstrip(":")
            elif seconds is not None:
                self._start = seconds
            else:
                self._words.append(words)
        elif name in {"cite", "time"} or _BLOCK.fullmatch(name):
            self.end_line()
        elif name == "br":
            self._words.append("\n\n" if self._words[-1:] == ["\n"] else "\n")

    def end_line(self) -> None:
        """End the line where there is one; its speaker and its time are not the next one's."""
        for paragraph in _BLANK_LINE.split(self._take()):
            # The colon of a speaker's element may stand behind it.
            text = paragraph.removeprefix(":").strip() if self._speaker else paragraph
            if not text:
                continue
            named = (self._speaker, text) if self._speaker else speaker_and_text(text)
            self.lines.append(TranscriptLine(self._start, None, *named))
            self._start, self._speaker = None, ""

    def _take(self) -> str:
        words, self._words = "".join(self._words).strip(), []
        return words
