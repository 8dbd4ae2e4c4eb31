"""Photos as lines of a terminal. Imported with the first photo that comes into view.

Pillow decodes, textual-image writes Sixel; the rest is a few lines.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from itertools import count, groupby
from pathlib import Path

import msgspec
from msgspec.structs import replace
from PIL import Image, ImageOps
from rich.color import Color, ColorSystem
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from radiotui.problems import Problem
from radiotui.stories.picture_file import read_picture
from radiotui.ui.kit.textual_private import sixels
from radiotui.ui.widgets.reader.picture_protocols import MOST_LINES, Cell, PhotoRoom, Way

_FEWEST_PIXELS = 48
"""Smaller ones are icons, or count who reads."""


class DrawnPicture(msgspec.Struct, frozen=True):
    """A photo for one room; without strips where it cannot be shown."""

    room: PhotoRoom
    """Columns and lines it was drawn for, of which it may need fewer."""
    strips: tuple[Strip, ...] = ()
    over: tuple[str, ...] = ()
    """What is sent over each of the strips once they are on the screen."""
    sent: str = ""
    """What the terminal is to be sent before."""
    forgotten: str = ""
    """What it is to be sent once the photo is not needed any more."""


def draw(
    path: Path,
    way: Way,
    columns: int,
    cell: Cell,
    paper: tuple[int, int, int],
    lines: int = MOST_LINES,
    *,
    fewest: int = _FEWEST_PIXELS,
) -> DrawnPicture:
    """Draw a file in at most that many columns and lines.

    ``paper`` is seen where the picture is transparent; one with fewer than ``fewest`` pixels in a
    row or a column is none. Takes up to a tenth of a second: not for the loop's thread. Raises
    Problem for a file that is no picture.
    """
    room = (columns * cell.width, lines * cell.height)
    picture = _read(path, room, paper, fewest)
    size = _size(picture, columns, lines, cell)
    ways = {"kitty": _kitty, "sixel": _sixel, "blocks": _blocks, "blocks-256": _blocks_256}
    return replace(ways[way](picture, *size, cell), room=PhotoRoom(columns, lines))


def _read(
    path: Path, room: tuple[int, int], paper: tuple[int, int, int], fewest: int
) -> Image.Image:
    """The picture in a file, upright and without transparency, reduced to about ``room``.

    Nothing else of the file is in memory afterwards: its decoder holds several times as much.
    """

    def reduce(opened: Image.Image) -> Image.Image:
        if min(opened.size) < fewest:
            raise Problem("The picture is too small", f"{opened.width}x{opened.height}")
        # A JPEG is decoded no larger than it is shown.
        factor = _factor(opened.size, room)
        opened.draft("RGB", (opened.width // factor, opened.height // factor))
        return _flat(ImageOps.exif_transpose(_reduced(opened, room)), paper)

    return read_picture(path, reduce)


def _factor(size: tuple[int, int], room: tuple[int, int]) -> int:
    """The whole part of a size that is no smaller than it is shown, upright or turned."""
    (width, height), (across, down) = size, room
    upright = max(width // across, height // down)
    turned = max(height // across, width // down)
    return max(1, min(upright, turned))


def _reduced(opened: Image.Image, room: tuple[int, int]) -> Image.Image:
    """The picture at a whole part of its size that is no smaller than it is shown.

    Before it is turned, blended or converted: each of these makes a copy. One in a palette
    has to be converted first.
    """
    factor = _factor(opened.size, room)
    if factor < 2 or opened.mode.startswith("I;16"):
        return opened
    if opened.mode in {"P", "1"}:
        opened = opened.convert("RGBA" if opened.has_transparency_data else "RGB")
    # Its orientation is in what was read beside the pixels.
    reduced = opened.reduce(factor)
    reduced.info = dict(opened.info)
    return reduced


def _flat(picture: Image.Image, paper: tuple[int, int, int]) -> Image.Image:
    """Without transparency."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    sheet = Image.new("RGBA", picture.size, (*paper, 255))
    return Image.alpha_composite(sheet, picture.convert("RGBA")).convert("RGB")


def _size(picture: Image.Image, columns: int, lines: int, cell: Cell) -> tuple[int, int]:
    """Columns and lines that keep its proportions."""
    across = picture.width / cell.width
    down = picture.height / cell.height
    scale = min(columns / across, lines / down)
    return max(1, round(across * scale)), max(1, round(down * scale))


def _blocks(picture: Image.Image, columns: int, lines: int, cell: Cell) -> DrawnPicture:  # noqa: ARG001
    """Two pixels a character: the upper half in its colour, the lower in the background's."""
    small = picture.resize((columns, lines * 2), Image.Resampling.LANCZOS)
    return DrawnPicture(PhotoRoom(columns, lines), tuple(_half_blocks(small)))


def _blocks_256(picture: Image.Image, columns: int, lines: int, cell: Cell) -> DrawnPicture:  # noqa: ARG001
    """The same in the nearest colours that every terminal of 256 has.

    What they miss is not spread over the cells around: so few and so large, they would be
    speckled, in dark places with the brightest blue and purple.
    """
    small = picture.resize((columns, lines * 2), Image.Resampling.LANCZOS)
    nearest = small.quantize(palette=_palette_256(), dither=Image.Dither.NONE)
    return DrawnPicture(PhotoRoom(columns, lines), tuple(_half_blocks(nearest.convert("RGB"))))


def _half_blocks(small: Image.Image) -> Iterator[Strip]:
    pixels, columns = small.tobytes(), small.width
    row = columns * 3
    for top in range(0, len(pixels), row * 2):
        halves = (
            (pixels[at : at + 3], pixels[at + row : at + row + 3])
            for at in range(top, top + row, 3)
        )
        segments = [
            Segment("▀" * sum(1 for _ in same), Style(color=_rgb(upper), bgcolor=_rgb(lower)))
            for (upper, lower), same in groupby(halves)
        ]
        yield Strip(segments, columns)


@cache
def _palette_256() -> Image.Image:
    """Those of the 256 colours that rich sends as they are: it makes greys of the palest."""
    colours = [Color.from_ansi(number).get_truecolor() for number in range(16, 256)]
    own_colours = [colour for colour in colours if _as_sent_in_256(colour) == colour]
    palette = Image.new("P", (1, 1))
    # A palette of Pillow has 256 places: the first colour has those that would be black.
    blank = own_colours[:1] * (256 - len(own_colours))
    palette.putpalette([part for colour in [*own_colours, *blank] for part in colour])
    return palette


def _as_sent_in_256(colour: ColorTriplet) -> ColorTriplet:
    return Color.from_triplet(colour).downgrade(ColorSystem.EIGHT_BIT).get_truecolor()


def _rgb(pixel: bytes) -> Color:
    return Color.from_rgb(*pixel)


def _sixel(picture: Image.Image, columns: int, lines: int, cell: Cell) -> DrawnPicture:
    """Each line of the screen by itself, so that any of them can be drawn again anywhere.

    They are sent beside the lines: what cuts lines would cut them, too.
    """
    whole = picture.resize((columns * cell.width, lines * cell.height), Image.Resampling.LANCZOS)
    reduced = whole.quantize(256, method=Image.Quantize.FASTOCTREE)
    tops = range(0, lines * cell.height, cell.height)
    slices = [reduced.crop((0, top, reduced.width, top + cell.height)) for top in tops]
    blank = Strip([Segment(" " * columns)], columns)
    over = tuple(sixels(image) for image in slices)
    return DrawnPicture(PhotoRoom(columns, lines), (blank,) * lines, over)


# The first of those that mark a line or a column, in Kitty's order (rowcolumn-diacritics.txt).
_NUMERALS = (
    "\u0305\u030d\u030e\u0310\u0312\u033d\u033e\u033f\u0346\u034a\u034b\u034c\u0350\u0351\u0352"
    "\u0357\u035b\u0363\u0364\u0365\u0366\u0367\u0368\u0369\u036a\u036b\u036c\u036d\u036e\u036f"
    "\u0483\u0484\u0485\u0486\u0487\u0592\u0593\u0594\u0595\u0597\u0598\u0599\u059c\u059d\u059e"
    "\u059f\u05a0\u05a1\u05a8\u05a9\u05ab\u05ac\u05af\u05c4\u0610\u0611\u0612\u0613\u0614\u0615"
    "\u0616\u0617\u0657\u0658\u0659\u065a\u065b\u065d\u065e\u06d6\u06d7\u06d8\u06d9\u06da\u06db"
    "\u06dc\u06df\u06e0\u06e1\u06e2"
)
_PLACEHOLDER = "\U0010eeee"
_CHUNK = 4096
_ids = count(0x51D100)


def _kitty(picture: Image.Image, columns: int, lines: int, cell: Cell) -> DrawnPicture:
    """Characters in whose place the terminal draws its part of what it was sent before.

    https://sw.kovidgoyal.net/kitty/graphics-protocol/#unicode-placeholders
    """
    columns = min(columns, len(_NUMERALS))
    number = next(_ids) & 0xFFFFFF
    scaled = picture.resize((columns * cell.width, lines * cell.height), Image.Resampling.LANCZOS)
    file = BytesIO()
    scaled.save(file, "PNG", compress_level=2)
    style = Style(color=Color.from_rgb(number >> 16, number >> 8 & 255, number & 255))
    strips = [
        Strip(
            [
                Segment(
                    "".join(_PLACEHOLDER + _NUMERALS[line] + numeral for numeral in across), style
                )
            ],
            columns,
        )
        for across in [_NUMERALS[:columns]]
        for line in range(lines)
    ]
    sent = "".join(_sent(file.getvalue(), f"a=T,U=1,i={number},c={columns},r={lines},f=100,q=2"))
    forgotten = f"\x1b_Ga=d,d=I,i={number},q=2\x1b\\"
    return DrawnPicture(PhotoRoom(columns, lines), tuple(strips), (), sent, forgotten)


def _sent(data: bytes, keys: str) -> Iterator[str]:
    payload = b64encode(data).decode()
    for at in range(0, len(payload), _CHUNK):
        continues = int(at + _CHUNK < len(payload))
        first = f"{keys}," if at == 0 else "q=2,"
        yield f"\x1b_G{first}m={continues};{payload[at : at + _CHUNK]}\x1b\\"
