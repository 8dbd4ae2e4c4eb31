"""Draw the pictures of the Test Signal's stories; run by ``make_test_signal.py``."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 800, 450
SMOOTH = 3
"""Drawn three times as large, then made smaller, so that edges are smooth."""
COLOURS = 128

Colour = tuple[int, int, int]
Point = tuple[float, float]


class Canvas:
    """A picture drawn with flat shapes, in points of the finished size."""

    def __init__(self, top: Colour, bottom: Colour, bands: int = 14) -> None:
        self.image = Image.new("RGB", (WIDTH * SMOOTH, HEIGHT * SMOOTH), top)
        self._draw = ImageDraw.Draw(self.image)
        for band in range(bands):
            share = band / (bands - 1)
            colour = tuple(round(a + (b - a) * share) for a, b in zip(top, bottom, strict=True))
            self._draw.rectangle(
                [0, HEIGHT * SMOOTH * band // bands, WIDTH * SMOOTH, HEIGHT * SMOOTH], fill=colour
            )

    def shape(self, points: Sequence[Point], colour: Colour) -> None:
        """A filled outline."""
        self._draw.polygon([(x * SMOOTH, y * SMOOTH) for x, y in points], fill=colour)

    def line(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        """A line of ``width`` points."""
        scaled = [(x * SMOOTH, y * SMOOTH) for x, y in points]
        self._draw.line(scaled, fill=colour, width=round(width * SMOOTH), joint="curve")

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """A filled circle."""
        box = [
            (x - radius) * SMOOTH,
            (y - radius) * SMOOTH,
            (x + radius) * SMOOTH,
            (y + radius) * SMOOTH,
        ]
        self._draw.ellipse(box, fill=colour)

    def ring(self, x: float, y: float, radius: float, colour: Colour, width: float) -> None:
        """A quarter of a circle on each side, as radio waves are drawn."""
        box = [
            (x - radius) * SMOOTH,
            (y - radius) * SMOOTH,
            (x + radius) * SMOOTH,
            (y + radius) * SMOOTH,
        ]
        for begin in (-40, 140):
            self._draw.arc(box, begin, begin + 80, fill=colour, width=round(width * SMOOTH))

    def hills(self, base: float, height: float, colour: Colour, seed: int, step: int = 40) -> None:
        """A range of hills from edge to edge, standing on the lower edge."""
        dice = random.Random(seed)
        tops = [(x, base - height * dice.random()) for x in range(-step, WIDTH + 2 * step, step)]
        self.shape([(-step, HEIGHT), *tops, (WIDTH + step, HEIGHT)], colour)

    def pine(self, x: float, foot: float, height: float, needles: Colour, bark: Colour) -> None:
        """A ponderosa: a long bare trunk and a crown in tiers."""
        self.shape(
            [(x - height * 0.025, foot), (x + height * 0.025, foot), (x, foot - height)], bark
        )
        for tier in range(6):
            top = foot - height * (1 - tier * 0.105)
            half = height * (0.05 + 0.022 * tier)
            self.shape(
                [(x, top), (x - half, top + height * 0.17), (x + half, top + height * 0.17)],
                needles,
            )

    def save(self, path: Path) -> None:
        """As a small PNG."""
        small = self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        flat = small.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        flat.save(path, optimize=True)


def mast() -> Canvas:
    """The mast on Tern Hill, in the evening."""
    canvas = Canvas((28, 34, 74), (236, 138, 92))
    canvas.disc(610, 330, 44, (255, 214, 150))
    canvas.hills(360, 60, (84, 54, 92), 3)
    canvas.shape(
        [(0, 450), (0, 420), (240, 345), (420, 330), (600, 372), (800, 425), (800, 450)],
        (38, 28, 58),
    )
    dark: Colour = (22, 18, 40)
    canvas.line([(392, 336), (410, 70)], dark, 4)
    canvas.line([(428, 336), (410, 70)], dark, 4)
    for step in range(9):
        low, high = 336 - step * 28, 336 - (step + 1) * 28
        narrow, wide = 18 * (1 - (step + 1) / 9.5), 18 * (1 - step / 9.5)
        canvas.line([(410 - wide, low), (410 + narrow, high)], dark, 2)
        canvas.line([(410 + wide, low), (410 - narrow, high)], dark, 2)
    for far in (170, 640):
        canvas.line([(410, 110), (far, 372)], dark, 1.2)
    for radius in (34, 60, 86):
        canvas.ring(410, 66, radius, (255, 206, 170), 3)
    canvas.disc(410, 66, 8, (235, 52, 52))
    return canvas


def trail() -> Canvas:
    """The Lower Echo Trail."""
    canvas = Canvas((120, 184, 220), (236, 222, 196))
    canvas.hills(230, 50, (206, 138, 104), 8, 90)
    for layer, colour in enumerate([(196, 108, 72), (176, 86, 58), (152, 68, 50)]):
        inset = layer * 70
        canvas.shape(
            [
                (0, 110 + inset),
                (250 - inset, 140 + inset),
                (330 - inset, 300 + inset / 3),
                (230 - inset, 450),
                (0, 450),
            ],
            colour,
        )
        canvas.shape(
            [
                (800, 80 + inset),
                (560 + inset, 120 + inset),
                (470 + inset, 310 + inset / 3),
                (600 + inset, 450),
                (800, 450),
            ],
            colour,
        )
    canvas.shape([(230, 450), (330, 310), (470, 310), (600, 450)], (122, 132, 78))
    canvas.shape(
        [
            (330, 450),
            (430, 400),
            (372, 360),
            (418, 326),
            (404, 310),
            (416, 310),
            (434, 328),
            (396, 362),
            (470, 400),
            (430, 450),
        ],
        (232, 206, 162),
    )
    for x, y, size in ((520, 392, 28), (548, 402, 16)):
        canvas.shape(
            [
                (x - size, y + size * 0.5),
                (x - size * 0.6, y - size * 0.6),
                (x + size * 0.5, y - size * 0.7),
                (x + size, y + size * 0.5),
            ],
            (140, 78, 60),
        )
    return canvas


def bells() -> Canvas:
    """Five bells on a beam."""
    canvas = Canvas((72, 60, 78), (168, 120, 96))
    canvas.shape([(60, 70), (740, 70), (740, 98), (60, 98)], (58, 38, 30))
    for number, x in enumerate((140, 262, 392, 530, 676)):
        size = 34 + number * 9
        top = 112.0
        metal: Colour = (206 - number * 8, 158 - number * 8, 78 - number * 4)
        canvas.line([(x, 90), (x, top + 6)], (40, 30, 26), 6)
        canvas.disc(x, top + size * 2.35, size * 0.22, (70, 50, 38))
        canvas.shape(
            [
                (x - size * 0.4, top),
                (x + size * 0.4, top),
                (x + size * 0.62, top + size * 1.3),
                (x + size, top + size * 2.2),
                (x - size, top + size * 2.2),
                (x - size * 0.62, top + size * 1.3),
            ],
            metal,
        )
        canvas.disc(x, top + size * 0.1, size * 0.4, metal)
        canvas.line(
            [(x - size * 0.94, top + size * 2.05), (x + size * 0.94, top + size * 2.05)],
            (150, 104, 52),
            4,
        )
        canvas.line(
            [(x - size * 0.28, top + size * 0.3), (x - size * 0.48, top + size * 1.7)],
            (240, 206, 132),
            5,
        )
    return canvas


def depot() -> Canvas:
    """The depot at Mile Marker Nine."""
    canvas = Canvas((146, 196, 224), (246, 228, 190))
    canvas.hills(300, 40, (178, 160, 150), 21, 120)
    canvas.shape([(0, 330), (800, 320), (800, 450), (0, 450)], (206, 178, 122))
    canvas.shape([(200, 230), (520, 230), (520, 345), (200, 345)], (162, 74, 60))
    canvas.shape([(160, 236), (220, 168), (500, 168), (560, 236)], (74, 66, 74))
    for x in (236, 312, 444):
        canvas.shape([(x, 262), (x + 40, 262), (x + 40, 305), (x, 305)], (250, 224, 150))
    canvas.shape([(382, 258), (424, 258), (424, 345), (382, 345)], (88, 52, 44))
    canvas.disc(360, 200, 18, (245, 242, 230))
    canvas.line([(360, 200), (360, 188)], (40, 34, 40), 3)
    canvas.line([(360, 200), (369, 204)], (40, 34, 40), 3)
    canvas.shape([(140, 345), (600, 345), (620, 362), (120, 362)], (140, 132, 126))
    for sleeper in range(0, 820, 26):
        canvas.shape(
            [(sleeper, 386), (sleeper + 12, 386), (sleeper + 6, 412), (sleeper - 8, 412)],
            (96, 70, 54),
        )
    for y in (390, 406):
        canvas.line([(0, y), (800, y)], (88, 92, 104), 4)
    return canvas


def rain() -> Canvas:
    """Rain over Anvil Mesa."""
    canvas = Canvas((94, 110, 138), (230, 206, 176))
    dice = random.Random(94)
    for x, y, radius in (
        (250, 90, 70),
        (340, 70, 90),
        (450, 80, 84),
        (550, 96, 70),
        (180, 110, 50),
        (620, 112, 46),
    ):
        canvas.disc(x, y, radius, (68, 76, 98))
    canvas.shape([(140, 100), (660, 100), (670, 150), (130, 150)], (68, 76, 98))
    for _ in range(150):
        x, y = dice.uniform(150, 650), dice.uniform(150, 190)
        canvas.line([(x, y), (x - 26, y + dice.uniform(60, 150))], (132, 144, 166), 1.6)
    canvas.shape([(90, 350), (210, 268), (540, 262), (690, 352)], (150, 84, 66))
    canvas.shape([(150, 309), (210, 268), (540, 262), (600, 300)], (178, 106, 78))
    canvas.hills(356, 14, (112, 104, 74), 12, 60)
    canvas.hills(410, 16, (86, 84, 60), 5, 50)
    return canvas


def pines() -> Canvas:
    """Ponderosas on Quarter Ridge."""
    canvas = Canvas((168, 206, 232), (244, 240, 234))
    canvas.shape([(120, 330), (330, 110), (560, 330)], (150, 162, 186))
    canvas.shape(
        [(270, 173), (330, 110), (388, 166), (350, 190), (320, 166), (296, 192)], (252, 252, 252)
    )
    canvas.shape([(430, 330), (610, 160), (800, 320)], (132, 146, 172))
    canvas.shape([(560, 208), (610, 160), (664, 206), (630, 224), (604, 200)], (248, 248, 250))
    canvas.hills(345, 26, (214, 222, 232), 4, 70)
    dice = random.Random(3118)
    for x in range(20, 800, 46):
        canvas.pine(
            x + dice.uniform(-8, 8), 372, dice.uniform(90, 140), (70, 104, 92), (110, 76, 58)
        )
    for x in (90, 210, 345, 470, 600, 720):
        canvas.pine(
            x + dice.uniform(-12, 12), 440, dice.uniform(220, 300), (38, 74, 62), (142, 84, 52)
        )
    canvas.shape(
        [(0, 450), (0, 428), (260, 434), (520, 424), (800, 436), (800, 450)], (240, 244, 248)
    )
    return canvas


def stars() -> Canvas:
    """The dome on Little Sorrel."""
    canvas = Canvas((10, 14, 36), (44, 52, 92))
    dice = random.Random(22)
    for _ in range(260):
        shine = dice.choice([(250, 246, 230), (190, 206, 246), (150, 160, 200)])
        canvas.disc(dice.uniform(0, 800), dice.uniform(0, 360), dice.choice([0.8, 1.1, 1.7]), shine)
    canvas.disc(640, 90, 15, (236, 208, 150))
    canvas.line([(606, 100), (674, 80)], (200, 176, 130), 3)
    canvas.hills(390, 30, (26, 26, 52), 15, 80)
    canvas.disc(400, 300, 84, (216, 218, 230))
    canvas.shape([(316, 300), (484, 300), (484, 378), (316, 378)], (188, 190, 208))
    canvas.shape([(404, 300), (428, 300), (462, 226), (438, 214)], (22, 24, 48))
    canvas.line([(424, 292), (458, 206)], (120, 126, 150), 9)
    canvas.shape([(388, 340), (412, 340), (412, 378), (388, 378)], (58, 50, 66))
    canvas.shape([(0, 450), (0, 410), (300, 372), (520, 374), (800, 420), (800, 450)], (16, 16, 34))
    return canvas


PICTURES: dict[str, Callable[[], Canvas]] = {
    "mast": mast,
    "trail": trail,
    "bells": bells,
    "depot": depot,
    "rain": rain,
    "pines": pines,
    "stars": stars,
}


def write_pictures(folder: Path) -> None:
    """Every picture, as ``NAME.png``."""
    for name, drawn in PICTURES.items():
        drawn().save(folder / f"{name}.png")
