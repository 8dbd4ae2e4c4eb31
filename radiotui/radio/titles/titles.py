"""Titles as stations send them: character encoding, placeholders, artist and title."""

from __future__ import annotations

import codecs
import html
import re

import msgspec

from radiotui.radio.titles import encodings
from radiotui.text import clean

_NOBODY = {
    "n a",
    "no artist",
    "no title",
    "null",
    "undefined",
    "unknown",
    "unknown artist",
    "unknown title",
}
_NO_TITLES = _NOBODY | {
    "advert",
    "airtime",
    "airtime offline",
    "default",
    "libretime",
    "libretime offline",
    "no metadata",
    "no name",
    "none",
    "now playing",
    "now playing info goes here",
    "offline",
    "stream",
    "unspecified name",
    "untitled",
}
_FILLER = " -–—_.,:;*#~|/\\?"
_ADDRESS = re.compile(
    r"(?i)(?:https?:)?//\S*|www\.\S+"
    r"|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|edu|gov|fm|radio|info|tv|io|co\.uk|de|fr)(?:/\S*)?"
)
# An address after a title is for players. It stands alone, or at an end.
_WEB_ADDRESS = re.compile(r"(?i)(?:^|[\s|(\[-]+)https?://\S{3,}(?=\s|$)")
_ENTITY = re.compile(r"(?i)&(?:#\d{1,7};?|#x[0-9a-f]{1,6};|[a-z][a-z0-9]{1,30};)")
_MOST_ESCAPED = 4
_NOT_A_LETTER = re.compile(r"[\W_]+")
_SEPARATOR = " - "

_LONGEST_EVIDENCE = 200
_MOST_EVIDENCE = 40
_ENOUGH_EVIDENCE = 3
_SETTLED_EVIDENCE = 20
"""Titles after which an encoding that was judged before is not doubted any more."""
_LEAST_LOOKS = 0.5
"""Below this a title of a settled station looks as if it were in another encoding."""
_LEAST_MISREAD = 5
_MISREAD_SHARE = 0.7
"""Of a title's letters that are in the upper half of Latin-1."""
_HIGH_BYTES = bytes(range(0x80, 0x100))


class Evidence(msgspec.Struct, frozen=True):
    """Distinct titles that are not in UTF-8, to be judged together."""

    titles: tuple[bytes, ...]
    prior: str | None
    """The encoding of an earlier run, which counts while there are few titles."""

    @property
    def is_enough(self) -> bool:
        """The titles are many enough for the station to be remembered by them."""
        return len(self.titles) >= _ENOUGH_EVIDENCE

    def judge(self) -> str | None:
        """The encoding that suits the titles best. Takes milliseconds: not for the loop."""
        return encodings.judge(self.titles, None if self.is_enough else self.prior)


class TitleEncoding:
    """The character encoding of one station's titles.

    ``encoding`` is the station's own setting, if it has one; an encoding that
    does not exist is the same as none. ``learnt`` is what :attr:`learnt` was
    when the station was last listened to.

    Titles are collected as evidence while they are decoded, and judged by the
    owner: :attr:`evidence` off the loop, then :meth:`settle`. Once enough titles
    agree nothing is collected until a title does not suit the encoding.
    """

    def __init__(self, encoding: str | None, learnt: str | None = None) -> None:
        self._encoding = encoding if encoding and _is_known(encoding) else None
        self._learnt = learnt if learnt and _is_known(learnt) else None
        self._judged = self._learnt
        # Bounded, the oldest first; a title counts once however often it is sent.
        self._titles: dict[bytes, None] = {}
        self._is_settled = False
        self._is_in_doubt = False

    @property
    def learnt(self) -> str | None:
        """The encoding on which this station's titles agree; None while there are too few."""
        return self._learnt

    @property
    def judged(self) -> str | None:
        """The encoding in which titles are read that are not in UTF-8; None: not judged yet."""
        return self._judged

    @property
    def is_in_doubt(self) -> bool:
        """There are titles that were not judged yet."""
        return self._is_in_doubt

    @property
    def evidence(self) -> Evidence:
        """The titles collected so far."""
        return Evidence(tuple(self._titles), self._learnt)

    def decode(self, raw: bytes) -> str:
        """``raw`` as text. Never raises; not yet cleaned.

        UTF-8 where it decodes (also when it was encoded twice, or cut off within
        a letter), else the station's encoding, else the one that suits this
        station's titles so far. Such a title is evidence, also where somebody
        took it for Latin-1 and made UTF-8 of that.
        """
        raw = _before_misreading(raw)
        if _utf_8(raw) is None and (not self._encoding or _decoded(raw, self._encoding) is None):
            # Where the station departs from its own setting, its titles are evidence.
            self._collect(raw)
        return self.read_as(raw, self._judged)

    def read_as(self, raw: bytes, judged: str | None) -> str:
        """``raw`` as text as if ``judged`` were the judgement. Changes nothing."""
        raw = _before_misreading(raw)
        text = _utf_8(raw)
        if text is not None:
            return mended(text)
        if self._encoding:
            text = _decoded(raw, self._encoding)
        if text is None:
            text = _decoded(raw, judged or encodings.COMMON)
        return raw.decode(encodings.COMMON, "replace") if text is None else text

    def settle(self, evidence: Evidence, judgement: str | None) -> None:
        """Read titles in the encoding that ``evidence`` was judged to be in."""
        is_agreed = judgement is not None and judgement == self._judged
        self._judged = judgement
        if evidence.is_enough:
            self._learnt = judgement
        self._is_settled = is_agreed and len(evidence.titles) >= _SETTLED_EVIDENCE
        self._is_in_doubt = not self._is_settled and evidence.titles != tuple(self._titles)
        if self._is_settled:
            self._titles.clear()

    def _collect(self, raw: bytes) -> None:
        title = _uncut(raw[:_LONGEST_EVIDENCE])
        if title in self._titles or (self._is_settled and self._suits(title)):
            return
        self._is_settled = False
        self._titles[title] = None
        if len(self._titles) > _MOST_EVIDENCE:
            del self._titles[next(iter(self._titles))]
        self._is_in_doubt = True

    def _suits(self, title: bytes) -> bool:
        text = _decoded(title, self._judged or encodings.COMMON)
        return text is not None and encodings.looks(text) >= _LEAST_LOOKS


def mended(text: str) -> str:
    """``text``, or what it was before its UTF-8 was taken for Latin-1 and encoded again."""
    for _ in range(2):
        raw = _as_windows_1252(text)
        if text.isascii() or raw is None:
            return text
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            return text
    return text


def real_title(title: str, station_name: str) -> str | None:
    """``title``, cleaned; None where it names nothing that is heard.

    Stations without a title send "-", "Unknown", their own name or address.
    Half a title ("Unknown - Sinnerman") is the other half.
    """
    text = _once(clean(_WEB_ADDRESS.sub(" ", clean(_unescaped(title)))) or clean(title))
    halves = (half.strip() for half in f" {text} ".split(_SEPARATOR, 1))
    text = _SEPARATOR.join(
        half for half in halves if half.strip(_FILLER) and _words(half) not in _NOBODY
    )
    words, own = _words(text), _words(station_name)
    if not text or words in _NO_TITLES or _ADDRESS.fullmatch(text):
        return None
    return None if own and words in {own, f"{own} {own}"} else text


def _unescaped(title: str) -> str:
    """``title`` without entities, however often they were escaped themselves."""
    for _ in range(_MOST_ESCAPED):
        plain = _ENTITY.sub(lambda match: html.unescape(match[0]), title)
        if plain == title:
            break
        title = plain
    return title


def _once(text: str) -> str:
    """ "A - B" for "A - B - A - B": artist and title both hold the whole of it."""
    parts = text.split(_SEPARATOR)
    half = len(parts) // 2
    is_double = len(parts) >= 4 and parts[:half] == parts[half:]
    return _SEPARATOR.join(parts[:half]) if is_double else text


def split_title(title: str) -> tuple[str | None, str]:
    """("Artist", "Title") of "Artist - Title"; (None, title) where no artist is named."""
    artist, separator, rest = title.partition(_SEPARATOR)
    if not separator or not artist.strip() or not rest.strip():
        return None, title
    return artist.strip(), rest.strip()


def _words(text: str) -> str:
    return _NOT_A_LETTER.sub(" ", text).strip().casefold()


def _utf_8(raw: bytes) -> str | None:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        is_cut_off = error.reason == "unexpected end of data" and not before.isascii()
        return before.decode("utf-8") if is_cut_off else None


def _before_misreading(raw: bytes) -> bytes:
    """``raw``, or the bytes that were taken for Latin-1 before they became its UTF-8.

    No language writes words of Latin-1's upper half alone: Cyrillic, Greek and Thai look so.
    """
    text = None if raw.isascii() else _utf_8(raw)
    if text is None:
        return raw
    letters = [letter for letter in text[:_LONGEST_EVIDENCE] if letter.isalpha()]
    high = sum("\u00c0" <= letter <= "\u00ff" for letter in letters)
    if high < _LEAST_MISREAD or high < _MISREAD_SHARE * len(letters):
        return raw
    before = _as_windows_1252(text)
    return raw if before is None or _utf_8(before) is not None else before


def _decoded(raw: bytes, encoding: str) -> str | None:
    """``raw`` without a letter that is cut off at its end; None where it is not that encoding."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(raw)
    except (ValueError, TypeError, AttributeError):
        return None


def _uncut(raw: bytes) -> bytes:
    """``raw`` without half a letter at its end, if its letters should have two bytes each."""
    high = len(raw) - len(raw.rstrip(_HIGH_BYTES))
    return raw[:-1] if high % 2 and len(raw) > 1 else raw


def _as_windows_1252(text: str) -> bytes | None:
    """The bytes that ``text`` would be read from as Windows-1252, its five gaps as in Latin-1."""
    raw = bytearray()
    for character in text:
        try:
            raw += character.encode("cp1252")
        except UnicodeEncodeError:
            if ord(character) > 0xFF:
                return None
            raw.append(ord(character))
    return bytes(raw)


def _is_known(encoding: str) -> bool:
    try:
        b"a".decode(encoding)
    except (LookupError, ValueError):
        return False
    return True
