"""Files of pictures, which may be damaged or anything else. It loads Pillow."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO, TypeVar

from PIL import IcoImagePlugin, Image

from radiotui.problems import Problem, ProblemKind

_MOST_PIXELS = 10_000_000
"""Of a picture that has to be decoded in full: some 100 MB with the copies on the way."""
_MOST_PIXELS_DRAFTED = 48_000_000
"""Of a JPEG that is decoded at an eighth to a half of its size, as big cameras make them."""
_MOST_PIXELS_WHOLE = 24_000_000
"""Of a JPEG that is sent in passes: all of them are kept until the last."""
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_ICON, _PNG = b"\0\0\1\0", b"\x89PNG\r\n\x1a\n"
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


_Reduced = TypeVar("_Reduced")

_thread = ThreadPoolExecutor(1, "pictures")
"""Each picture takes what memory its size needs: one after the other, however many are in view. And
always the same thread, because the C library keeps some of what was freed for each one."""


def read_picture(path: Path, reduce: Callable[[Image.Image], _Reduced]) -> _Reduced:
    """The picture in a file as ``reduce`` returns it, which decodes it: one file at a time.

    Not for the loop's thread. Raises Problem, also for ``reduce``, for a file that is no picture,
    and for one with more pixels than there is memory for.
    """
    try:
        return _thread.submit(_read, path, reduce).result()
    except _BROKEN as error:
        title, kind = "The picture cannot be read", ProblemKind.DAMAGED
        problem = Problem(title, type(error).__name__, str(path), kind=kind)
        # Its traceback refers to the picture as well.
        raise problem from error.with_traceback(None)


def _read(path: Path, reduce: Callable[[Image.Image], _Reduced]) -> _Reduced:
    with path.open("rb") as file:
        # Nothing but the call refers to the picture and its decoder: they end before the next.
        return reduce(_opened_picture(file, path))


def _opened_picture(file: BinaryIO, path: Path) -> Image.Image:
    is_icon = file.read(len(_ICON)) == _ICON
    file.seek(0)
    if is_icon:
        return _largest_frame(file, path)
    opened = Image.open(file, formats=_FORMATS)
    most = _MOST_PIXELS
    if opened.format == "JPEG":
        progressive = opened.info.get("progressive")
        most = _MOST_PIXELS_WHOLE if progressive else _MOST_PIXELS_DRAFTED
    _check_size(opened.width, opened.height, path, most)
    return opened


def _largest_frame(file: BinaryIO, path: Path) -> Image.Image:
    """The largest of an icon's pictures, which are PNG or bitmaps.

    Pillow decodes an icon as it opens it, so the size is read before: the directory's is a guess.
    """
    icon = IcoImagePlugin.IcoFile(file)
    file.seek(icon.entry[0].offset)
    header = file.read(24)
    if header.startswith(_PNG):
        width, height = struct.unpack(">II", header[16:])
    else:
        # The mask stands below the picture.
        width, height = struct.unpack("<ii", header[4:12])
        height //= 2
    _check_size(abs(width), abs(height), path, _MOST_PIXELS)
    return icon.frame(0)


def _check_size(width: int, height: int, path: Path, most: int) -> None:
    if width * height > most:
        title, size = "The picture is too big", f"{width}x{height}"
        raise Problem(title, size, str(path), kind=ProblemKind.TOO_BIG)
