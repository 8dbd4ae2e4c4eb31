"""Character encodings of titles that are not in UTF-8, judged by the titles themselves."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from itertools import pairwise

_CANDIDATES = {
    "Windows-1252": "cp1252",
    "Windows-1250": "cp1250",
    "ISO-8859-2": "iso-8859-2",
    "Windows-1251": "cp1251",
    "KOI8-R": "koi8-r",
    "Windows-1253": "cp1253",
    "ISO-8859-7": "iso-8859-7",
    "Windows-1254": "cp1254",
    "Windows-1255": "cp1255",
    "Windows-1256": "cp1256",
    "Windows-1257": "cp1257",
    "CP874": "cp874",
    "CP949": "cp949",
    "CP932": "cp932",
    "EUC-JP": "euc-jp",
    "GB18030": "gb18030",
    "Big5": "big5",
}
"""Names of chardet and of Python. Each contains its smaller kin, as CP949 does EUC-KR."""
COMMON = "cp1252"
"""The encoding of most stations that do not write UTF-8."""

_FLOOR = 0.02
"""The worth of an encoding that chardet gives no confidence, where its text looks well."""
_LEAST = 0.005
"""A worth below this is no better than the common encoding."""
_COMMON_BONUS = 1.1
_PRIOR_BONUS = 10.0
_KANA_BONUS = 0.1
_WORD = re.compile(r"[^\W\d_]+")
_IN_WORDS = {"Mn", "Mc", "Lm"}
_BETWEEN_WORDS = {"Pd", "Pi", "Pf", "Po", "Ps", "Pe", "Zs"}


def judge(titles: Collection[bytes], prior: str | None = None) -> str | None:
    """The encoding that suits all of ``titles`` best, as Python names it; None without any.

    One title is little to go by: the more there are, the surer it is. ``prior``
    is an earlier judgement: it takes much to depart from it. The work grows with
    the titles' bytes, for each of the candidates: a few milliseconds for 40 titles,
    and 0.1 s once for the import of chardet. Not for the loop.
    """
    if not titles:
        return None
    # Together with what else is read late: most stations never need it.
    import chardet

    raw = b"\n".join(titles)
    guesses = chardet.detect_all(raw, ignore_threshold=True, include_encodings=_CANDIDATES)
    likely = {guess["encoding"]: guess["confidence"] for guess in guesses}
    best, most = COMMON, _LEAST
    for label, encoding in _CANDIDATES.items():
        try:
            text = raw.decode(encoding)
        except ValueError:
            continue
        worth = (likely.get(label, 0.0) + _FLOOR + _KANA_BONUS * _is_kana(text)) * looks(text)
        worth *= _COMMON_BONUS if encoding == COMMON else 1
        worth *= _PRIOR_BONUS if encoding == prior else 1
        if worth > most:
            best, most = encoding, worth
    return best


def looks(text: str) -> float:
    """Likelihood, 0 to 1, that somebody wrote ``text``.

    Near 0 for two scripts in a word, a capital within a word, odd signs.
    """
    foreign = sum(not character.isascii() for character in text)
    odd = sum(_is_odd_sign(character) for character in text if not character.isascii())
    for word in _WORD.findall(text):
        if not word.isascii() and _is_odd(word):
            odd += sum(not character.isascii() for character in word)
    return 1 - min(0.95, 4 * odd / max(1, foreign))


def _is_odd(word: str) -> bool:
    if len({_script(character) for character in word}) > 1:
        return True
    return any(a.islower() and b.isupper() for a, b in pairwise(word))


def _is_odd_sign(character: str) -> bool:
    kind = unicodedata.category(character)
    if character in "¶§":
        return True
    return not character.isalpha() and kind not in _IN_WORDS | _BETWEEN_WORDS


def _is_kana(text: str) -> bool:
    letters = [character for character in text if not character.isascii()]
    kana = sum("\u3041" <= character <= "\u30ff" for character in letters)
    return len(letters) >= 4 and kana > len(letters) / 2


@lru_cache(4096)
def _script(character: str) -> str:
    name = unicodedata.name(character, "").partition(" ")[0].partition("-")[0]
    return "CJK" if name in {"HIRAGANA", "KATAKANA"} else name
