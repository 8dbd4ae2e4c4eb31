"""The line that narrows a list of stories or episodes to what is typed."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from radiotui.stories.model import PodcastSection
from tests.ui.test_hostile import NASTY, harmless
from tests.ui.test_podcasts import OWN, SIZES, episode, episodes, with_podcasts

KEY = PodcastSection(OWN.url)
WHOLE = episodes(KEY, *(episode(30 - days, days) for days in range(30)))


def staged():
    companion = with_podcasts(OWN)
    companion.story_lists[KEY] = WHOLE
    return companion


async def opened(r):
    """The list of the podcast, with the cursor on its fourth episode."""
    r.main.air.choose_section(KEY)
    await r.settle()
    await r.press("2", "down", "down", "down")
    assert r.main.stories.chosen.title == "Part 27"


async def narrow(r, *words: str):
    """As the companion answers what is typed."""
    shown = tuple(each for each in WHOLE.headlines if each.title.split()[1] in words)
    await r.tell(replace(WHOLE, headlines=shown, words="part"))


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_typed_narrows_the_list_and_escape_gives_it_back(radio, size):
    async with radio(*size, companion=staged()) as r:
        await opened(r)
        await r.press("ctrl+f", "p", "a")
        assert "find here: pa" in r.lines[-1]
        assert "esc" in r.lines[-1]
        assert r.companion.asked[-2:] == [("NarrowList", "p"), ("NarrowList", "pa")]
        await narrow(r, "27", "12", "3")
        assert "3 found" in r.lines[-1]
        assert "“part” 3" in r.pane("stories")
        assert "Part 28" not in r.pane("stories")
        assert r.main.stories.chosen.title == "Part 27", "the cursor stays on its episode"
        await r.press("down")
        await r.press("escape")
        assert r.companion.asked[-1] == ("WidenList", 712)
        await r.tell(WHOLE)
        assert r.main.stories.chosen.title == "Part 12"
        assert "Part 12" in r.pane("stories")
        assert "find here" not in r.text


async def test_the_cursor_goes_to_the_first_where_its_episode_is_not_among_them(radio):
    async with radio(companion=staged()) as r:
        await opened(r)
        await r.press("ctrl+f", "x")
        await narrow(r, "20", "3")
        assert r.main.stories.chosen.title == "Part 20"


async def test_where_nothing_is_found_it_says_so_and_leads_back_to_where_one_was(radio):
    async with radio(60, 16, companion=staged()) as r:
        await opened(r)
        await r.press("ctrl+f", "x")
        await narrow(r)
        assert "nothing found" in r.lines[-1]
        assert "Nothing here has “part”" in r.pane("stories")
        assert "esc shows the whole list" in r.pane("stories")
        await r.press("backspace")
        assert r.companion.asked[-1] == ("WidenList", 727)
        await r.tell(WHOLE)
        assert "found" not in r.lines[-1]


async def test_the_list_stays_narrow_while_one_reads_and_escape_widens_it(radio):
    async with radio(companion=staged()) as r:
        await opened(r)
        await r.press("ctrl+f", "x")
        await narrow(r, "20", "3")
        await r.press("enter")
        assert "find here" not in r.text
        await r.press("enter")
        assert r.main.headline.title == "Part 20"
        await r.press("shift+down")
        assert r.main.headline.title == "Part 3", "the next one is the next of these"
        await r.press("escape", "ctrl+f")
        assert "find here: part" in r.lines[-1], "the words are there to be changed"
        await r.press("enter", "escape")
        assert r.companion.asked[-1] == ("WidenList", 703)
        await r.tell(WHOLE)
        assert r.main.pane == "stories"
        await r.press("escape")
        assert r.main.pane == "air"


async def test_letters_are_typed_and_nothing_else_is_done(radio):
    async with radio(companion=staged()) as r:
        await opened(r)
        await r.press("ctrl+f", "q", "p", "?", "space", "1")
        assert "find here: qp? 1" in r.lines[-1]
        assert [asked[0] for asked in r.companion.asked[-4:]] == ["NarrowList"] * 4


async def test_hostile_words_and_titles_stay_words(radio):
    companion = staged()
    companion.story_lists[KEY] = hostile = replace(
        WHOLE, headlines=(replace(WHOLE.headlines[0], title=NASTY),)
    )
    async with radio(companion=companion) as r:
        r.main.air.choose_section(KEY)
        await r.settle()
        await r.press("2", "ctrl+f", *"[/]x")
        await r.tell(replace(hostile, words="[/]x"))
        assert "[/]x" in r.pane("stories")
        assert harmless(r)
