"""Photos in the reader: where they are drawn, how, and what happens where they cannot be."""

import asyncio
import os
import pty
import re
import select
import struct
import subprocess
import sys
import zlib

import pytest
from PIL import Image
from rich.color import Color, ColorSystem
from rich.segment import Segment

from radiotui.config import Settings
from radiotui.documents.model import Figure
from radiotui.problems import Problem
from radiotui.ui.screens import story_actions
from radiotui.ui.widgets.reader.picture import draw
from radiotui.ui.widgets.reader.picture_protocols import Cell, cell_size, way_of
from tests.ui.stage import Staged
from tests.ui.test_reader import PARAGRAPHS, everything, opened, staged
from tests.ui.textual_private import tap_terminal

pytestmark = pytest.mark.usefixtures("terminal")

URL = "https://example.org/lead.jpg"
LEAD = Figure(URL, "Antony Blinken in Kyiv", "Robert Franklin / AP")
LONG = Figure(URL, "Antony Blinken in Kyiv, " + "before the talks began " * 20, LEAD.credit)
"""With a caption that has its place beneath the photo, not beside it."""
COLOURS = {"COLORTERM": "truecolor"}
RED, BLUE = (200, 30, 20), (20, 40, 210)


@pytest.fixture
def photo(tmp_path):
    """A red photo, blue beneath."""
    image = Image.new("RGB", (600, 400), RED)
    image.paste(BLUE, (0, 200, 600, 400))
    path = tmp_path / "photo.png"
    image.save(path)
    return path


def pictured(path, *parts, pictures="auto", **more) -> Staged:
    companion = staged(*(parts or ("The text.",)), **{"lead": LEAD, **more})
    companion.settings = Settings(pictures=pictures)
    if path is not None:
        companion.stories.pictures[URL] = path
    return companion


def drawn_lines(r) -> int:
    return sum("▀▀▀" in line for line in everything(r).splitlines())


@pytest.mark.parametrize(
    ("env", "way"),
    [
        ({}, None),
        ({"TERM": "linux"}, None),
        ({"TERM": "xterm-256color"}, "blocks-256"),
        (COLOURS, "blocks"),
        ({"COLORTERM": "24bit"}, "blocks"),
        ({**COLOURS, "KITTY_WINDOW_ID": "1"}, "kitty"),
        ({"TERM": "xterm-kitty"}, "kitty"),
        ({"TERM": "xterm-ghostty", **COLOURS}, "kitty"),
        ({"TERM_PROGRAM": "ghostty"}, "kitty"),
        ({"TERM": "foot"}, "sixel"),
        ({"TERM": "foot-extra"}, "sixel"),
        ({"TERM": "mlterm"}, "sixel"),
        ({"TERM_PROGRAM": "WezTerm"}, "sixel"),
        ({"KONSOLE_VERSION": "220401"}, "sixel"),
        ({"KONSOLE_VERSION": "210800", **COLOURS}, "blocks"),
        ({"TERM": "tmux-256color", "KITTY_WINDOW_ID": "1", "TMUX": "/tmp/x"}, "blocks-256"),
        ({"TERM": "tmux-256color", "TMUX": "/tmp/x", **COLOURS}, "blocks"),
        ({"TERM": "screen.foot", **COLOURS}, "blocks"),
        ({"TERM": "screen"}, None),
        ({"KITTY_WINDOW_ID": "1", **COLOURS, "NO_COLOR": "1"}, None),
    ],
)
def test_what_a_terminal_can_is_known_from_its_environment(env, way):
    assert way_of("auto", env) == way


def test_the_setting_decides():
    kitty = {"KITTY_WINDOW_ID": "1"}
    assert way_of("off", kitty) is None
    assert way_of("blocks", kitty) == "blocks"
    assert way_of("sixel", {}) == "sixel"
    assert way_of("kitty", {}) == "kitty"
    assert way_of("blocks", {"NO_COLOR": "1"}) is None


def test_nothing_is_asked_of_the_terminal_and_nothing_is_imported_for_the_first_screen():
    script = (
        "import sys, os, radiotui.ui.app\n"
        "assert not [n for n in sys.modules if n.startswith(('PIL', 'textual_image'))]\n"
        "import radiotui.ui.widgets.reader.picture, textual_image._sixel\n"
        "assert 'textual_image.renderable' not in sys.modules\n"
    )
    leader, follower = pty.openpty()
    done = subprocess.Popen([sys.executable, "-c", script], stdin=follower, stdout=follower)
    assert done.wait(60) == 0
    assert not select.select([leader], [], [], 0)[0], os.read(leader, 100)
    os.close(leader)
    os.close(follower)


def test_a_pipe_has_no_cells():
    assert cell_size(-1) == Cell(10, 20)


async def test_the_photo_stands_above_its_caption(radio, photo):
    async with radio(companion=pictured(photo, lead=LONG)) as r:
        await opened(r)
        lines = r.pane("story").splitlines()
        first = next(n for n, line in enumerate(lines) if "▀▀▀" in line)
        caption = next(n for n, line in enumerate(lines) if "╰ Antony" in line)
        most = r.main.reader.content_region.height * 2 // 5
        room = r.main.reader.block_layout.photo_room(1)
        assert 3 < caption - first == room.lines <= most
        assert lines[caption - 1].count("▀") == room.lines * 3
        strip = r.strips
        colours = {
            segment.style.color.triplet
            for line in strip
            for segment in line
            if segment.style and "▀" in segment.text
        }
        assert {tuple(colour) for colour in colours} >= {RED, BLUE}


async def test_a_photo_that_cannot_be_had_leaves_its_words(radio, tmp_path):
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0 not at all a picture")
    for path, why in (
        (None, "The picture could not be fetched: There is no such picture"),
        (broken, "The picture cannot be read"),
    ):
        async with radio(companion=pictured(path)) as r:
            await opened(r)
            await r.until(why[:24])
            assert drawn_lines(r) == 0
            told = " ".join(everything(r).split())
            words = "╰ Antony Blinken in Kyiv Robert Franklin / AP The text."
            assert f"{why} {words}" in told


@pytest.mark.parametrize("why", ["off", "unknown", "no colours"])
async def test_no_photo_is_fetched_where_none_is_drawn(radio, photo, monkeypatch, why):
    if why == "unknown":
        monkeypatch.delenv("COLORTERM")
        monkeypatch.setenv("TERM", "linux")
    if why == "no colours":
        monkeypatch.setenv("NO_COLOR", "1")
    companion, asked = pictured(photo, pictures="off" if why == "off" else "auto"), []

    async def picture(url):
        asked.append(url)
        return photo

    companion.stories.picture = picture
    async with radio(companion=companion) as r:
        await opened(r)
        assert asked == []
        assert drawn_lines(r) == 0
        assert "╰ Antony Blinken" in everything(r)


async def test_photos_are_fetched_when_they_come_near(radio, photo):
    far = Figure("https://example.org/far.jpg", "Far below")
    companion, asked = pictured(photo, *PARAGRAPHS, far), []

    async def picture(url):
        asked.append(url)
        return photo

    companion.stories.picture = picture
    async with radio(companion=companion) as r:
        await opened(r)
        assert asked == [URL]
        await r.press("G")
        assert asked == [URL, far.url]


async def test_a_photo_that_comes_late_does_not_move_what_one_reads(radio, photo):
    companion, come = pictured(photo, *PARAGRAPHS), asyncio.Event()

    async def picture(url):
        await come.wait()
        return photo

    companion.stories.picture = picture
    async with radio(80, 24, companion) as r:
        story_actions.open_story(r.main, r.main.story_list.headlines[0])
        await r.until("Paragraph 0:")
        await r.pilot.press("pagedown")
        await r.pilot.pause(0.05)
        before = [line.rstrip("▁▂▃▄▅▆▇█│ ") for line in r.pane("story").splitlines()[1:-1]]
        come.set()
        await r.settle()
        after = [line.rstrip("▁▂▃▄▅▆▇█│ ") for line in r.pane("story").splitlines()[1:-1]]
        assert before == after
        await r.press("g")
        assert drawn_lines(r) > 5


async def test_a_resize_draws_them_anew(radio, photo):
    async with radio(120, 36, pictured(photo)) as r:
        await opened(r)
        for size in ((60, 16), (100, 30), (120, 36)):
            await r.pilot.resize_terminal(*size)
            await r.settle()
            longest = max(line.count("▀") for line in everything(r).splitlines())
            assert longest == 3 * drawn_lines(r)
            assert 3 <= drawn_lines(r) <= r.main.reader.content_region.height * 2 // 5
            assert {len(line) for line in r.lines} == {size[0]}


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 16)])
async def test_scrolling_over_photos_keeps_every_line_whole(radio, photo, size):
    parts = [
        part
        for text in PARAGRAPHS[:6]
        for part in (text, Figure(URL + text[:12], LEAD.caption, LEAD.credit))
    ]
    companion = pictured(photo, *parts)
    companion.stories.pictures |= dict.fromkeys(
        [part.url for part in parts if isinstance(part, Figure)], photo
    )
    async with radio(*size, companion) as r:
        await opened(r)
        for _ in range(30):
            await r.pilot.press("down", "down", "down")
            assert {len(line) for line in r.lines} == {size[0]}
        await r.press("g", "G")
        most = r.main.reader.content_region.height * 2 // 5
        assert 4 * most < drawn_lines(r) <= 7 * most


def png(width: int, height: int) -> bytes:
    """A PNG that says how large it is and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "data",
    [
        png(30_000, 30_000),
        png(8_000, 8_000),
        png(60_000, 60_000),
        png(200, 200),
        b"",
        b"GIF89a",
        b"RIFF\0\0\0\0WEBPVP8 ",
        b"\xff\xd8\xff\xe0\0\x10JFIF",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n",
        b"BM" + bytes(60),
    ],
    ids=["bomb", "large", "monster", "short", "empty", "gif", "webp", "jpeg", "script", "bitmap"],
)
@pytest.mark.parametrize("way", ["blocks", "kitty", "sixel"])
def test_files_that_are_no_pictures_are_refused(tmp_path, data, way):
    path = tmp_path / "picture.jpg"
    path.write_bytes(data)
    with pytest.raises(Problem):
        draw(path, way, 40, Cell(), (0, 0, 0))


def test_a_large_picture_is_refused_before_it_is_decoded(tmp_path):
    (tmp_path / "large.png").write_bytes(png(8_000, 8_000))
    with pytest.raises(Problem, match="too big"):
        draw(tmp_path / "large.png", "blocks", 40, Cell(), (0, 0, 0))


_PEAK_OF_FIVE = """
import sys
from pathlib import Path
from threading import Thread
from radiotui.problems import Problem
from radiotui.ui.widgets.reader.picture import draw
from radiotui.ui.widgets.reader.picture_protocols import Cell
drawn = []
def show():
    try:
        drawn.append(draw(Path(sys.argv[1]), "sixel", 160, Cell(20, 40), (0, 0, 0)))
    except Problem:
        pass
threads = [Thread(target=show) for _ in range(5)]
for thread in threads: thread.start()
for thread in threads: thread.join()
status = Path("/proc/self/status").read_text()
print(len(drawn), int(status.partition("VmHWM:")[2].split()[0]) // 1024)
"""


@pytest.mark.parametrize("side", [3160, 6320])
@pytest.mark.parametrize("kind", ["WEBP", "PNG", "GIF"])
def test_five_pictures_that_are_made_to_fill_the_memory_fill_none(tmp_path, kind, side):
    mode = "P" if kind == "GIF" else "RGBA"
    image = Image.new(mode, (side, side), 7 if mode == "P" else (9, 9, 9, 99))
    image.save(tmp_path / "x", kind, lossless=True)
    result = subprocess.run(
        [sys.executable, "-c", _PEAK_OF_FIVE, str(tmp_path / "x")],
        capture_output=True,
        check=True,
        text=True,
    )
    drawn, megabytes = map(int, result.stdout.split())
    assert drawn == (5 if side == 3160 else 0)
    assert megabytes < 300


def test_a_large_photo_is_drawn_as_it_is_turned(tmp_path):
    image = Image.new("RGB", (2400, 1200), RED)
    image.paste(BLUE, (0, 600, 2400, 1200))
    exif = Image.Exif()
    exif[0x0112] = 3
    image.save(tmp_path / "x.png", exif=exif)
    drawn = draw(tmp_path / "x.png", "blocks", 20, Cell(), (0, 0, 0))
    top = next(iter(drawn.strips[0]))
    assert top.style is not None
    assert top.style.color == Color.from_rgb(*BLUE)


def test_icons_and_counters_are_refused(tmp_path):
    for size in ((1, 1), (16, 16), (800, 2)):
        Image.new("RGB", size).save(tmp_path / "dot.png")
        with pytest.raises(Problem, match="too small"):
            draw(tmp_path / "dot.png", "blocks", 40, Cell(), (0, 0, 0))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "L", "P", "RGBA"])
def test_every_kind_is_drawn(tmp_path, kind, mode):
    fits = {"JPEG": {"RGB", "L"}, "WEBP": {"RGB", "RGBA"}}.get(kind, {"RGB", "L", "P", "RGBA"})
    image = Image.new("RGB", (300, 200), RED).convert(mode if mode in fits else "RGB")
    image.save(tmp_path / "x", kind)
    drawn = draw(tmp_path / "x", "blocks", 60, Cell(), (0, 0, 0))
    assert len(drawn.strips) == 20
    assert {strip.cell_length for strip in drawn.strips} == {60}


def colour_of(segment: Segment) -> tuple[int, int, int]:
    """The colour of its upper half."""
    colour = segment.style.color if segment.style else None
    assert colour is not None
    assert colour.triplet is not None
    red, green, blue = colour.triplet
    return red, green, blue


def test_256_colours_are_sent_as_they_were_chosen(tmp_path):
    image = Image.linear_gradient("L").convert("RGB").resize((300, 200))
    image.paste((30, 32, 70), (0, 0, 150, 100))
    image.paste(RED, (150, 100, 300, 200))
    image.save(tmp_path / "x.png")
    drawn = draw(tmp_path / "x.png", "blocks-256", 30, Cell(), (0, 0, 0))
    colours = {
        colour
        for strip in drawn.strips
        for segment in strip
        if segment.style
        for colour in (segment.style.color, segment.style.bgcolor)
    }
    assert len(colours) > 8
    for colour in colours:
        sent = colour.downgrade(ColorSystem.EIGHT_BIT).get_truecolor()
        assert sent == colour.triplet
    # A dark blue is no bright one: rich alone would make it #00005f.
    assert max(colour_of(next(iter(drawn.strips[0])))) < 95


def test_only_the_first_picture_of_a_moving_one_is_drawn(tmp_path):
    frames = [Image.new("RGB", (100, 100), colour) for colour in (RED, BLUE)]
    frames[0].save(tmp_path / "x.gif", save_all=True, append_images=frames[1:])
    drawn = draw(tmp_path / "x.gif", "blocks", 20, Cell(), (0, 0, 0))
    colours = {colour_of(s) for strip in drawn.strips for s in strip}
    assert colours == {RED}


def test_what_is_transparent_is_the_paper(tmp_path):
    Image.new("RGBA", (100, 100), (*RED, 0)).save(tmp_path / "x.png")
    drawn = draw(tmp_path / "x.png", "blocks", 20, Cell(), (1, 2, 3))
    assert {colour_of(s) for strip in drawn.strips for s in strip} == {(1, 2, 3)}


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        ((600, 400), (60, 20)),
        ((1600, 400), (76, 10)),
        ((300, 1200), (10, 20)),
        ((4000, 60), (76, 1)),
    ],
)
def test_proportions_are_kept(tmp_path, size, shown):
    Image.new("RGB", size).save(tmp_path / "x.png")
    drawn = draw(tmp_path / "x.png", "blocks", 76, Cell(), (0, 0, 0))
    assert (drawn.strips[0].cell_length, len(drawn.strips)) == shown


def sixels(data: str) -> tuple[int, int, set[tuple[int, int, int]]]:
    """Width and height of a Sixel image, and the colours in it, per cent."""
    size = re.search(r'"1;1;(\d+);(\d+)', data)
    assert size is not None
    width, height = map(int, size.groups())
    colours = re.findall(r"#\d+;2;(\d+);(\d+);(\d+)", data)
    return width, height, {(int(r), int(g), int(b)) for r, g, b in colours}


def test_each_line_of_a_sixel_picture_stands_by_itself(photo):
    drawn = draw(photo, "sixel", 60, Cell(10, 20), (0, 0, 0))
    assert len(drawn.strips) == 20
    assert {strip.text for strip in drawn.strips} == {" " * 60}
    for number, over in enumerate(drawn.over):
        assert over.startswith("\x1bP")
        assert over.endswith("\x1b\\")
        width, height, colours = sixels(over)
        assert (width, height) == (600, 20)
        if number not in {9, 10}:
            wanted = RED if number < 10 else BLUE
            (colour,) = colours
            assert all(abs(a - b / 2.55) < 6 for a, b in zip(colour, wanted, strict=True))


async def test_sixel_pictures_lie_over_their_lines_and_over_nothing_else(radio, photo, monkeypatch):
    wrote: list[str] = []

    def rows() -> list[int]:
        """Lines of the screen that a picture was sent to last, since this was asked."""
        sent = next((one for one in reversed(wrote) if "\x1bP" in one), "")
        wrote.clear()
        return sorted({int(y) - 1 for y in re.findall(r"\x1b\[(\d+);\d+H\x1bP", sent)})

    async with radio(companion=pictured(photo, *PARAGRAPHS, lead=LONG, pictures="sixel")) as r:
        tap_terminal(r.app, monkeypatch, wrote.append)
        await opened(r)
        first = rows()
        assert first == list(range(first[0], first[0] + len(first)))
        left = r.main.reader.content_region.x + 2
        right = left + r.main.reader.text_width
        assert {r.lines[y][left:right].strip() for y in first} == {""}
        assert "╰ Antony" in r.lines[first[-1] + 1]
        await r.press("down")
        assert rows() == [y - 1 for y in first]
        await r.press("?")
        assert rows() == []
        await r.press("escape")
        assert rows() == [y - 1 for y in first]
        await r.press("G")
        assert rows() == []
        await r.press("1")
        assert rows() == []


async def test_kitty_is_sent_a_picture_once_and_told_to_forget_it(radio, photo, monkeypatch):
    wrote: list[str] = []
    async with radio(companion=pictured(photo, pictures="kitty")) as r:
        tap_terminal(r.app, monkeypatch, wrote.append)
        await opened(r)
        everything_sent = "".join(wrote)
        # Once for each width that the reader had while it opened; what is not shown is forgotten.
        numbers = re.findall(r"\x1b_Ga=T,U=1,i=(\d+)", everything_sent)
        forgotten = re.findall(r"\x1b_Ga=d,d=I,i=(\d+)", everything_sent)
        assert numbers[:-1] == forgotten
        assert len(numbers) in {1, 2}
        sent = everything_sent.split("\x1b\\")
        chunks = [part for part in sent if "\x1b_G" in part and "a=d" not in part]
        assert all(len(chunk) < 4300 for chunk in chunks)
        assert "m=0" in chunks[-1]
        rows = [line for line in everything(r).splitlines() if "\U0010eeee" in line]
        assert len(rows) == 10
        assert {row.count("\U0010eeee") for row in rows} == {3 * len(rows)}
        assert "\U0010eeee" in r.pane("story")
        await r.press("shift+down")
        assert "\x1b_Ga=d,d=I" in "".join(wrote)
        assert "\U0010eeee" not in r.pane("story")


def test_kittys_placeholders_name_their_line_and_column(photo):
    drawn = draw(photo, "kitty", 60, Cell(), (0, 0, 0))
    text = drawn.strips[3].text
    cells = text.split("\U0010eeee")[1:]
    assert len(cells) == 60
    assert {cell[0] for cell in cells} == {"\u0310"}
    assert len({cell[1] for cell in cells}) == 60
