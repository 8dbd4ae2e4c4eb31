"""Files of pictures, which may be damaged or anything else. It loads Pillow."""

from __future__ import annotations

import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from radiotui.problems import Problem, ProblemKind

_MOST_PIXELS = 10_000_000
"""Of a picture that has to be decoded in full: some 100 MB with the copies on the way."""
_MOST_PIXELS_DRAFTED = 48_000_000
"""Of a JPEG that is decoded at an eighth to a half of its size, as big cameras make them."""
_MOST_PIXELS_WHOLE = 24_000_000
"""Of a JPEG that is sent in passes: all of them are kept until the last."""
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    IndexError,
    EOFError,
    OverflowError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
"""What Pillow raises for files that are not what they say they are."""


_one_at_a_time = threading.Lock()


@contextmanager
def opened_picture(path: Path) -> Iterator[Image.Image]:
    """Picture in a file, to be decoded within the block and reduced there: one file at a time.

    Not for the loop's thread. Raises Problem, also of the block, for a file that is no picture,
    and for one with more pixels than there is memory for.
    """
    try:
        # Each takes what memory its size needs: one after the other, however many are in view.
        with _one_at_a_time, Image.open(path, formats=_FORMATS) as opened:
            _check_size(opened, path)
            yield opened
    except _BROKEN as error:
        title, kind = "The picture cannot be read", ProblemKind.DAMAGED
        raise Problem(title, type(error).__name__, str(path), kind=kind) from error


def _check_size(opened: Image.Image, path: Path) -> None:
    most = _MOST_PIXELS
    if opened.format == "JPEG":
        most = _MOST_PIXELS_WHOLE if opened.info.get("progressive") else _MOST_PIXELS_DRAFTED
    if opened.width * opened.height > most:
        title, size = "The picture is too big", f"{opened.width}x{opened.height}"
        raise Problem(title, size, str(path), kind=ProblemKind.TOO_BIG)
