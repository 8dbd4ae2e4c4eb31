"""File names made of foreign words: safe on Linux, macOS and Windows, and never elsewhere.

Source: learn.microsoft.com/windows/win32/fileio/naming-a-file, which is the strictest of the three.
"""

from __future__ import annotations

import re
import unicodedata

from radiotui.text import clean

MOST_BYTES = 200
"""Of a name without its ending. 255 is what file systems take; " (2)", an ending and what an
unfinished file is called have to fit."""

_INSTEAD = str.maketrans({"/": "-", "\\": "-", "|": "-", ":": ".", '"': "'"})
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(
    r"(?i)(con|prn|aux|nul|conin\$|conout\$|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])"
    r"\s*(\.|$)"
)


def safe(name: str, *, most: int = MOST_BYTES) -> str:
    """``name`` as one part of a path, at most ``most`` bytes in UTF-8 and never empty.

    What a file system would take for something else is replaced: separators,
    wildcards, control characters, a dot or a dash in front, a dot or a space at
    the end, the names of Windows' devices.
    """
    text = unicodedata.normalize("NFC", clean(name)).translate(_INSTEAD)
    text = "".join(
        "_" if unicodedata.category(letter)[0] == "C" else letter
        for letter in _FORBIDDEN.sub("_", text)
    )
    text = _within(text.lstrip(".-~ "), most)
    if _RESERVED.match(text):
        text = _within(f"_{text}", most)
    return text or "_"


def _within(text: str, most: int) -> str:
    cut = text.encode("utf-8")[:most].decode("utf-8", "ignore")
    return cut.rstrip(". ")
