"""The colour that a picture has of its own. Imported with the first picture; it loads Pillow.

It is the most vivid one that covers some of the picture, made darker or lighter until it can be
told from white and from black: on dark screens, on light ones, and beneath white letters.
"""

from __future__ import annotations

from collections import Counter
from colorsys import rgb_to_hsv
from pathlib import Path

from PIL import Image

from radiotui.stories.picture_file import read_picture

Rgb = tuple[int, int, int]

_SIDE = 48
"""Pixels of the copy that is looked at."""
_COLOURS = 16
_LEAST_SHARE = 0.03
_LEAST_VIVID = 0.2
_LEAST_CONTRAST = 3.0
"""WCAG 2.1 asks for 3:1 of large letters and of signs."""
_STEPS = 20


def vivid_colour(path: Path) -> Rgb | None:
    """The own colour of the picture in a file; None for a grey one. Not for the loop's thread.

    Raises Problem for a file that is no picture, or one that is too big.
    """
    return _most_vivid(read_picture(path, _smallest))


def _smallest(opened: Image.Image) -> Image.Image:
    opened.draft("RGB", (_SIDE, _SIDE))
    return opened.convert("RGBA").resize((_SIDE, _SIDE), Image.Resampling.BOX)


def _most_vivid(small: Image.Image) -> Rgb | None:
    data = small.tobytes()
    opaque = [data[at : at + 3] for at in range(0, len(data), 4) if data[at + 3] > 127]
    if not opaque:
        return None
    row = Image.frombytes("RGB", (len(opaque), 1), b"".join(opaque))
    reduced = row.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT)
    palette = reduced.getpalette() or []
    least = _LEAST_SHARE * len(opaque)
    frequent = [at * 3 for at, count in Counter(reduced.tobytes()).items() if count >= least]
    colours: list[Rgb] = [(palette[at], palette[at + 1], palette[at + 2]) for at in frequent]
    best = max(colours, key=_vividness, default=None)
    return _readable(best) if best is not None and _vividness(best) >= _LEAST_VIVID else None


def _vividness(colour: Rgb) -> float:
    _, saturation, value = rgb_to_hsv(*(part / 255 for part in colour))
    return saturation * value


def _readable(colour: Rgb) -> Rgb:
    """The colour, as near as it can be to what is told from white and from black."""
    for step in range(_STEPS + 1):
        light = _luminance(colour)
        if (light + 0.05) / 0.05 < _LEAST_CONTRAST:
            towards = 255
        elif 1.05 / (light + 0.05) < _LEAST_CONTRAST:
            towards = 0
        else:
            break
        share = step / _STEPS / 4
        red, green, blue = (round(part + (towards - part) * share) for part in colour)
        colour = (red, green, blue)
    return colour


def _luminance(colour: Rgb) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.1)."""
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (component / 255 for component in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
