"""Cleaning and measuring of text that reaches a terminal, and the words for times.

Everything that came over the network passes :func:`clean` where it is parsed.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache

# Whole terminal sequences go first, so that "\x1b[31mred" becomes "red" and not "[31mred".
_SEQUENCES = (
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor, modes
    # OSC, DCS, SOS, PM, APC: with all they say
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c|$)"
    r"|\x1b[ -/]*[0-~]"  # two-character escapes
)
_CONTROLS = r"[\x00-\x08\x0b-\x1f\x7f-\x9f]"
# Joiners stay: scripts and emoji need them. Everything else of category Cf moves or hides text.
_KEPT_FORMATS = {"\u200c", "\u200d"}
# Most text holds nothing else than these letters, signs and spaces, all of which are kept as they
# are: one look finds that out, where looking at each by itself takes ten times as long.
_UNUSUAL = (
    r"[^\t\n -~"
    r"\u00a0-\u00ac\u00ae-\u02ff"  # Latin; between them the soft hyphen, which hides
    r"\u0370-\u0482\u048a-\u058f"  # Greek, Cyrillic, Armenian, without their combining marks
    r"\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2100-\u2bff"  # punctuation, signs
    r"\u3000-\u3029\u3030-\u3098\u309b-\u30ff\u4e00-\u9fff\uac00-\ud7a3"
    r"\U0001f300-\U0001faff]"
)
# Scripts that write no spaces: Chinese and Japanese letters, then Thai, Lao, Burmese, Khmer.
_UNSPACED = r"[\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]"
_UNSPACED_LETTERS = r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]"
_LETTERS_PER_WORD = 2
_LETTERS_PER_SYLLABIC_WORD = 5
_BLANK_LINES = re.compile(r"\n{3,}")
_MOST_MARKS = 4
_TWELVE_HOUR_COUNTRIES = (
    "AE AG AL AS AU BB BD BH BM BN BS CA CO CY DJ DM DO DZ EG ER ET FJ FM GD GH GM GR GU GY HK IN"
    " IQ JM JO KH KN KR KW KY LB LC LR LS LY MH MO MP MR MW MY NA NZ OM PA PG PH PK PR PS PW QA"
    " SA SB SD SG SL SO SS SY SZ TC TD TN TO TT TW US VC VE VG VI VU WS YE ZM"
)
"""Countries whose clocks count to twelve, as the Unicode CLDR lists them."""
_QUEBEC = ("fr", "CA")
"""The language that counts to 24 in such a country."""
_CREDENTIALS = r"(\b[a-zA-Z][a-zA-Z0-9+.-]{0,20}://)[^\s/?#\"<>]{0,2000}@"


def clean(text: str, limit: int = 500) -> str:
    """Foreign text as one harmless line of at most ``limit`` characters.

    No control characters, no terminal sequences, no bidi controls, no lone
    surrogates; runs of white space become one space. What looks like markup
    ("[/]", "[@click=…]") is text and stays.
    """
    return shorten(" ".join(_harmless(text[: limit * 4]).split()), limit)


def clean_block(text: str, limit: int = 200_000) -> str:
    """As :func:`clean`, but paragraphs keep their newlines and tabs."""
    harmless = _harmless(text[:limit].replace("\r\n", "\n").replace("\r", "\n"))
    return _BLANK_LINES.sub("\n\n", harmless).strip()


def without_password(text: str) -> str:
    """``text`` with the name and password taken out of every address in it."""
    return _pattern(_CREDENTIALS).sub(r"\1", text) if "@" in text else text


def plain_letters(text: str) -> str:
    """``text`` without case and accents, to be compared."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(part for part in decomposed if not unicodedata.combining(part)).casefold()


def shorten(text: str, limit: int) -> str:
    """``text``, or its beginning and an ellipsis, in at most ``limit`` characters."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def count_words(text: str) -> int:
    """Number of words, also of scripts that write no spaces between them."""
    if text.isascii():
        return len(text.split())
    text, letters = _pattern(_UNSPACED).subn(" ", text)
    text, syllabic = _pattern(_UNSPACED_LETTERS).subn(" ", text)
    words = text.split()
    signs = sum(not any(map(str.isalnum, word)) for word in words if not word[0].isalnum())
    between = len(words) - signs
    return between + letters // _LETTERS_PER_WORD + syllabic // _LETTERS_PER_SYLLABIC_WORD


def cells(text: str) -> int:
    """Columns that ``text`` takes in a terminal."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth

    return max(0, wcswidth(text))


def fit(text: str, columns: int) -> str:
    """``text`` padded or cut (with an ellipsis) to exactly ``columns`` columns."""
    if cells(text) > columns:
        while text and cells(text) > columns - 1:
            text = text[:-1]
        text = text.rstrip() + "…"
    return text + " " * (columns - cells(text))


def clock_duration(seconds: float) -> str:
    """A length of sound as players write it: "0:07", "4:12", "1:02:03"."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, second = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{second:02}" if hours else f"{minutes}:{second:02}"


def duration_word(seconds: float) -> str:
    """A length of time as it is written in the station list: "3h", "1h30m", "45m"."""
    hours, minutes = divmod(round(seconds / 60), 60)
    return "".join((f"{hours}h" if hours else "", f"{minutes}m" if minutes or not hours else ""))


def counts_to_twelve(environ: Mapping[str, str]) -> bool:
    """True where the locale's country writes "3:07 PM"; also where no locale is set."""
    locale = next(filter(None, map(environ.get, ("LC_ALL", "LC_TIME", "LANG"))), "")
    language, _, rest = locale.partition("_")
    country = re.split(r"[.@]", rest)[0].upper()
    if not country:
        return re.split(r"[.@]", language)[0] in {"", "C", "POSIX", "en"}
    return country in _TWELVE_HOUR_COUNTRIES.split() and (language, country) != _QUEBEC


class ClockForm:
    """The form of every time of day that people read: counted to 12 or to 24 hours."""

    def __init__(self) -> None:
        self._is_twelve: bool | None = None

    def choose(self, setting: str) -> None:
        """Take the setting: "12", "24", or "auto" for what the locale says."""
        self._is_twelve = None if setting == "auto" else setting == "12"

    @property
    def is_twelve(self) -> bool:
        """True where hours are counted to twelve."""
        if self._is_twelve is None:
            self._is_twelve = counts_to_twelve(os.environ)
        return self._is_twelve


CLOCK_FORM = ClockForm()
"""The listener's, as the settings or else the locale say; the one of the whole program."""


def time_of_day(moment: datetime, *, seconds: bool = False, align: bool = False) -> str:
    """A time of day on the clock of ``moment``: "3:07 PM" or "15:07".

    With ``align`` it is as wide as every other, so that they stand below one another.
    """
    end = f":{moment:%S}" if seconds else ""
    if not CLOCK_FORM.is_twelve:
        return f"{moment:%H:%M}{end}"
    words = f"{moment.hour % 12 or 12}:{moment:%M}{end} {'AM' if moment.hour < 12 else 'PM'}"
    return words.rjust(len(f"12:00{end} AM")) if align else words


def age(past: timedelta) -> str:
    """An age in one short word: "now", "5m", "2h", "3d", "4w"."""
    minutes = int(past.total_seconds() // 60)
    if minutes < 1:
        return "now"
    for unit, size in (("w", 60 * 24 * 14), ("d", 60 * 24), ("h", 60)):
        if minutes >= size:
            per_unit = {"w": 60 * 24 * 7, "d": 60 * 24, "h": 60}[unit]
            return f"{minutes // per_unit}{unit}"
    return f"{minutes}m"


def ago(past: timedelta) -> str:
    """An age as a time of the past: "just now", "5m ago"."""
    word = age(past)
    return "just now" if word == "now" else f"{word} ago"


def episode_number(season: int | None, number: int | None) -> str:
    """Place of an episode in its podcast: "S2 E5", "E5"; empty where the podcast names none."""
    parts = (("S", season), ("E", number))
    return " ".join(f"{letter}{count}" for letter, count in parts if count is not None)


DASH = " — "
"""The one dash between an artist and a title, wherever people read them."""


def song_words(artist: str, title: str) -> str:
    """Artist and title in one line, or the one of them that is known."""
    return DASH.join(filter(None, (artist, title)))


def title_words(title: str) -> str:
    """A title as a stream sends it ("Artist - Title"), with the dash of all others."""
    return title.replace(" - ", DASH, 1)


def nearest(word: str, candidates: list[str]) -> str | None:
    """The candidate that was probably meant by ``word``; None where none is near."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, candidates, n=1, cutoff=0.6)), None)


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    """A pattern, compiled with its first use: that takes up to milliseconds no start has for it."""
    return re.compile(pattern)


def _harmless(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    if not _pattern(_UNUSUAL).search(text):
        return text
    text = _pattern(_CONTROLS).sub(" ", _pattern(_SEQUENCES).sub("", text))
    if text.isascii():
        return text
    characters: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        # Stacks of combining marks climb over the lines above them.
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if marks > _MOST_MARKS or category == "Cs":
            continue
        if category in {"Zl", "Zp"}:
            characters.append("\n")
        elif category != "Cf" or character in _KEPT_FORMATS:
            characters.append(character)
    return "".join(characters)
