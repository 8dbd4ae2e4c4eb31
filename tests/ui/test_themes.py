"""Colours: the program's themes, the terminal's own, and none."""

import io
import itertools
import re

import pytest
from rich.color import Color, ColorSystem
from rich.color_triplet import ColorTriplet
from rich.console import Console
from textual.constants import DIM_FACTOR

from radiotui.app.saved_theme import SavedTheme
from radiotui.config import Settings
from radiotui.ui.kit.row_list import RowList
from radiotui.ui.themes import COLOURED, THEMES
from tests.ui.stage import Staged, playing

COLOUR = re.compile(r"\x1b\[(?:[0-9;]*;)?(3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9;]*)?m")
TRUE = re.compile(r"\x1b\[[0-9;]*[34]8;2;")
GROUNDS = ("background", "panel", "block-cursor-background", "block-cursor-blurred-background")
TEXTS = ("foreground", "accent", "secondary", "error", "success", "headline", "lead")


def sent(r) -> str:
    """What the terminal would be sent."""
    console = r.app.console
    return "".join(strip.render(console) for strip in r.strips)


def themed(name: str) -> Staged:
    return Staged(settings=Settings(theme=name))


@pytest.mark.parametrize(
    ("name", "dark"), [("radiotui-dark", True), ("radiotui-light", False), ("nord", True)]
)
async def test_the_theme_of_the_settings(radio, name, dark):
    async with radio(companion=themed(name)) as r:
        assert r.app.theme == name
        background = r.main.styles.background
        assert (background.brightness < 0.5) == dark
        assert r.app.has_class("-dark-mode" if dark else "-light-mode")


async def test_an_unknown_theme_says_so(radio):
    async with radio(companion=themed("radiotui-drak")) as r:
        assert r.app.theme == "radiotui-dark"
        assert "there is no theme 'radiotui-drak'" in r.text
        assert "did you mean radiotui-dark?" in r.text


async def test_the_terminals_palette_sends_no_colours_of_its_own(radio):
    async with radio(companion=themed("radiotui-terminal")) as r:
        await r.press("enter", "2", "enter")
        assert "Hikers" in r.pane("story")
        assert not TRUE.search(sent(r))
        assert COLOUR.search(sent(r))


async def test_themes_change_while_it_runs(radio):
    async with radio() as r:
        await r.press("2", "enter", "T")
        assert r.app.theme == "radiotui-light"
        assert r.main.styles.background.brightness > 0.5
        await r.press("T")
        assert r.app.theme == "radiotui-terminal"
        assert not TRUE.search(sent(r))
        for name in ("amber", "sunset", "paper", "dark"):
            await r.press("T")
            assert r.app.theme == f"radiotui-{name}"
            assert "Hikers" in r.pane("story")


async def test_a_chosen_theme_is_there_again_until_the_settings_name_another(radio, tmp_path):
    saved = SavedTheme(tmp_path / "theme")
    async with radio(saved_theme=saved) as r:
        await r.press(*["T"] * (len(THEMES) - 1))
    async with radio(saved_theme=saved) as r:
        assert r.app.theme == "radiotui-paper"
        assert r.main.styles.background.brightness > 0.5
    async with radio(companion=themed("nord"), saved_theme=saved) as r:
        assert r.app.theme == "nord"


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"radiotui-dark", b"radiotui-dark none", b"a b c"]
)
async def test_a_damaged_choice_of_a_theme_changes_nothing(radio, tmp_path, content):
    (tmp_path / "theme").write_bytes(content)
    async with radio(saved_theme=SavedTheme(tmp_path / "theme")) as r:
        assert r.app.theme == "radiotui-dark"


@pytest.mark.parametrize("name", ["radiotui-dark", "radiotui-light", "radiotui-terminal"])
async def test_no_color_is_no_colour(radio, monkeypatch, name):
    monkeypatch.setenv("NO_COLOR", "1")
    async with radio(companion=themed(name)) as r:
        await r.tell(playing())
        await r.press("2", "down", "enter", "2")
        raw = sent(r)
        assert COLOUR.findall(raw) == []
        # What colour told elsewhere is told by the terminal's own attributes.
        assert re.search(r"\x1b\[[0-9;]*7[;m]", raw), "the highlighted row is reversed"
        assert "┏━ Stories" in r.pane("stories")
        assert "╭─ On air" in r.pane("air")
        await r.press("?")
        assert COLOUR.findall(sent(r)) == []
        # While a line is typed in, the result that enter takes is reversed, too.
        await r.press("escape", "/")
        results = r.app.screen.query_one(RowList)
        assert not results.has_focus
        assert "● LIVE" in r.lines[0], "what lies below a sheet is seen beside it"
        highlight = results.get_component_styles("option-list--option-highlighted")
        assert highlight.text_style.reverse


@pytest.mark.parametrize("name", ["radiotui-dark", "radiotui-light"])
async def test_text_can_be_read_on_its_background(radio, name):
    async with radio(companion=themed(name)) as r:
        await r.press("enter", "2", "enter")
        for strip in r.strips:
            for segment in strip:
                style = segment.style
                if style is None or not re.search(r"[^\s─-╿▁-▟]", segment.text):
                    continue
                text, back = style.color.triplet, style.bgcolor.triplet
                assert contrast(text, back) >= 3.9, segment


def shown_in_256(colour: ColorTriplet) -> ColorTriplet:
    """The colour as a terminal of 256 colours is sent it."""
    return Color.from_triplet(colour).downgrade(ColorSystem.EIGHT_BIT).get_truecolor()


def triplet(word: str) -> ColorTriplet:
    """Of "#ffb000"."""
    return ColorTriplet(*(int(word[at : at + 2], 16) for at in (1, 3, 5)))


def test_of_a_terminal_without_colorterm_256_colours_are_asked():
    console = Console(file=io.StringIO(), force_terminal=True, _environ={"TERM": "xterm-256color"})
    assert console.color_system == "256"


@pytest.mark.parametrize("theme", COLOURED, ids=lambda theme: theme.name)
def test_every_colour_of_a_theme_survives_256_colours(theme):
    named = {**vars(theme), **theme.variables}
    colours = {name: word for name, word in named.items() if str(word).startswith("#")}
    assert len(colours) > 20
    for name, word in colours.items():
        colour = triplet(word)
        is_area = name.startswith(("background", "surface", "panel", "block-", "scrollbar-back"))
        # Of a large area a shift of hue is seen at once.
        most = 16 if is_area and not name.endswith("foreground") else 48
        pairs = zip(colour, shown_in_256(colour), strict=True)
        assert max(abs(one - other) for one, other in pairs) <= most, name


@pytest.mark.parametrize("theme", COLOURED, ids=lambda theme: theme.name)
def test_each_text_can_be_read_on_each_ground_of_a_theme(theme):
    colours = {name: triplet(word) for name, word in theme.variables.items() if word[0] == "#"}
    colours |= {name: triplet(getattr(theme, name)) for name in (*TEXTS[:5], *GROUNDS[:2])}
    for ground, text in itertools.product(GROUNDS, TEXTS):
        back, front = colours[ground], colours[text]
        is_highlight = ground == "block-cursor-background"
        least = 3 if is_highlight else 4.5
        for shown in (lambda colour: colour, shown_in_256):
            assert contrast(shown(front), shown(back)) >= least, (text, ground)
            if text in {"foreground", "lead", "headline"}:
                dim = (b + int((f - b) * DIM_FACTOR) for b, f in zip(back, front, strict=True))
                assert contrast(shown(ColorTriplet(*dim)), shown(back)) >= 3, (text, ground)


@pytest.mark.parametrize("name", ["radiotui-dark", "radiotui-light"])
async def test_text_can_be_read_in_256_colours(radio, name):
    async with radio(companion=themed(name)) as r:
        texts = 0
        for keys in (["enter"], ["2", "down"], ["enter"], ["U"], ["?"], ["escape", "slash"]):
            await r.press(*keys)
            sheets = list(r.app.screen.query("#sheet"))
            region = sheets[0].region if sheets else r.app.screen.region
            # What lies beneath a sheet is dimmed on purpose.
            for strip in r.strips[region.y : region.bottom]:
                for segment in strip.crop(region.x, region.right):
                    style = segment.style
                    if style is None or not re.search(r"[^\s─-╿▁-▟]", segment.text):
                        continue
                    text, back = style.color.triplet, style.bgcolor.triplet
                    texts += 1
                    assert contrast(shown_in_256(text), shown_in_256(back)) >= 4.5, segment
        assert texts > 100


def contrast(one, other) -> float:
    """The ratio of WCAG 2."""

    def luminance(colour) -> float:
        parts = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.normalized
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)
