"""The open story in its room: a photo leaves some to the text, and a wide reader has a margin."""

import re

import pytest
from msgspec.structs import replace
from PIL import Image

from radiotui.config import Settings
from radiotui.documents.model import Figure
from radiotui.stories.model import StationSection
from tests.ui.stage import Staged, headlines
from tests.ui.test_reader import LEAD, PARAGRAPHS, opened, staged
from tests.ui.textual_private import tap_terminal

pytestmark = pytest.mark.usefixtures("terminal")

FAR = Figure("https://example.org/far.jpg", "A raven above the rim", "Ann Author / KNAU")


@pytest.fixture
def companion(tmp_path) -> Staged:
    """A story with two photos, a link far below, and two other feeds that bring it."""
    Image.new("RGB", (600, 400), (200, 30, 20)).save(tmp_path / "photo.png")
    link = "At last [the notice](https://example.org/notice) came."
    companion = staged(*PARAGRAPHS[:12], FAR, link, *PARAGRAPHS[12:], lead=LEAD)
    companion.stories.pictures |= dict.fromkeys((LEAD.url, FAR.url), tmp_path / "photo.png")
    section = StationSection("knau")
    first = replace(headlines()[0], other_feeds=("KJZZ", "NPR"))
    listed = companion.story_lists[section]
    companion.story_lists[section] = replace(listed, headlines=(first, *listed.headlines[1:]))
    return companion


@pytest.mark.parametrize("size", [(120, 36), (100, 30), (80, 24), (60, 16)])
async def test_the_first_screen_has_photo_caption_and_text(radio, companion, size):
    async with radio(*size, companion) as r:
        await opened(r)
        rows = r.pane("story").splitlines()[1:-1]
        photo = [row for row in rows if "▀" in row]
        assert 3 <= len(photo) <= len(rows) * 2 / 5
        for words in ("Blinken:", "Melissa Sevigny", "Antony Blinken", "Paragraph 0:"):
            assert any(words in row for row in rows), words


@pytest.mark.parametrize("size", [(200, 60), (160, 48)])
async def test_a_wide_reader_has_its_text_in_the_middle_and_a_margin(
    radio, companion, monkeypatch, size
):
    opened_pages: list[str] = []

    async def open_page(url: str) -> None:
        opened_pages.append(url)

    monkeypatch.setattr("radiotui.ui.kit.browser.open_page", open_page)
    async with radio(*size, companion) as r:
        await opened(r)
        await r.press("z")
        rows = r.pane("story").splitlines()[1:-1]
        left = r.row("Blinken: Russia", "story").index("Blinken")
        assert abs(left + 40 - size[0] // 2) <= 2
        for words in ("Blinken: Russia", "Melissa Sevigny"):
            assert r.row(words, "story").index("▀") > left + 80
        photo = [n for n, row in enumerate(rows) if "▀" in row]
        assert len(photo) <= len(rows) * 2 / 5
        beneath = [row[left + 80 :].strip(" │▁▂▃▄▅▆▇█") for row in rows[photo[-1] + 1 :]]
        assert beneath[0] == "╰ Antony Blinken in Kyiv"
        assert "also at: KJZZ, NPR" in beneath
        # Found in the margin as well as in the text.
        await r.press("ctrl+f", *"raven above")
        assert "1 of 1" in r.lines[-1]
        assert r.row("A raven above", "story").index("raven") > left + 80
        await r.press("escape")
        await r.click("[1] example.org")
        assert opened_pages == ["https://example.org/notice"]


async def test_a_picture_in_the_margin_is_painted_there(radio, companion, monkeypatch):
    wrote: list[str] = []
    companion.settings = Settings(pictures="sixel")
    async with radio(200, 60, companion) as r:
        await opened(r)
        await r.press("z")
        tap_terminal(r.app, monkeypatch, wrote.append)
        await r.press("down")
        sent = next(one for one in reversed(wrote) if "\x1bP" in one)
        places = re.findall(r"\x1b\[(\d+);(\d+)H\x1bP", sent)
        columns = {int(column) - 1 for _, column in places}
        caption = r.row("╰ Antony", "story").index("╰ Antony")
        assert columns == {caption + r.main.reader.region.x}
        at = next(n for n, line in enumerate(r.lines) if "╰ Antony" in line)
        assert max(int(line) - 1 for line, _ in places) == at - 1
