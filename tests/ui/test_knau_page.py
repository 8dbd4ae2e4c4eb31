"""Every element of the page that radiotui began with, on KNAU's screen: docs/page.md."""

import pytest

from radiotui.documents.model import StoryAudio
from tests.ui.stage import on_air, playing
from tests.ui.test_pictures import LEAD, photo, pictured
from tests.ui.test_player import story
from tests.ui.test_reader import in_order

pytestmark = pytest.mark.usefixtures("terminal")
__all__ = ["photo"]

COPYRIGHT = "Copyright 2025 KNAU Arizona Public Radio"
NOTE = "Melissa Sevigny covers what grows and what flows."


async def test_every_element_of_the_page_is_on_knaus_screen(radio, photo):
    sound = StoryAudio("https://example.org/kyiv.mp3", 192.0)
    companion = pictured(photo, "The body.", audio=sound, copyright=COPYRIGHT, note=NOTE)
    async with radio(120, 50, companion=companion) as r:
        await r.tell(on_air(), on_air("classical"))
        assert "space plays" in r.player  # Play Live
        await r.press("2", "enter")
        await r.tell(playing())
        await r.until("▀▀▀")  # the photo
        banner, programme, _, _, times, tape = r.player.splitlines()[:6]
        assert "● LIVE  KNAU Arizona Public Radio · News & Talk" in banner
        assert "KNAU  " in r.player.partition("\n")[2]  # initials in the picture's place
        assert "All Things Considered" in programme
        assert "NEXT 5:00 PM Marketplace" in programme
        assert in_order(times, "3:00 PM", "━╸─", "5:00 PM", "1 h 53 min left")
        assert in_order(tape, "├", "●", "┤  live")
        stations = r.pane("air")
        assert in_order(stations, "KNAU Arizona P", "● News & Talk", "All Things", "Classical")
        assert "─ enter tune ─╯" in stations  # a key is named whole, or not
        assert "─ enter read · u unread ─╯" in r.pane("stories")
        assert in_order(
            r.pane("story"),
            "KNAU and Arizona News",
            "Blinken: Russia unwilling",
            "Melissa Sevigny · Tue 25 Nov, 2:07 PM",
            "▶ listen 3:12",
            "▀▀▀",
            LEAD.caption,
            LEAD.credit,
            "The body.",
            COPYRIGHT,
            "── On the reporter",
            NOTE,
        )
        await r.tell(story(position=0.0))
        assert in_order(r.player, "▶ STORY", "waits on its tape", "0:00 ╸", "─ 3:12")
