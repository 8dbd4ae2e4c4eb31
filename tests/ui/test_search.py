"""The search: results as one types, read from wherever they are."""

import asyncio
from datetime import timedelta

import pytest
from msgspec.structs import replace

from radiotui.problems import Problem
from radiotui.stories.model import SearchResult, StationSection, Story, StoryList
from radiotui.ui.dialogs.search import SearchScreen
from tests.ui.stage import NOW, Staged, headlines, told
from tests.ui.test_hostile import NASTY, SHOWN, harmless

FAR = replace(
    headlines()[0],
    id=501,
    title="Ravens learn to open the gate",
    feed_title="Arizona Science",
    starred=True,
    other_feeds=("KJZZ News", "NPR"),
    published=NOW - timedelta(days=3),
)
NEAR = replace(headlines()[3], read=True)


def found(headline, snippet="…the raven above the rim…", matches=((5, 10),)) -> SearchResult:
    return SearchResult(headline, snippet, matches)


def staged(*results: SearchResult) -> Staged:
    companion = Staged()
    companion.stories.results = list(results)
    companion.stories.stories[FAR.id] = Story(FAR, told(FAR, "The gate has a new latch."))
    return companion


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(SearchScreen, "DELAY_SECONDS", 0.001)


def styles(r, word: str) -> list:
    strips = r.strips
    return [s.style for strip in strips for s in strip if s.text == word]


def asked(r) -> list[str]:
    return [ask[1] for ask in r.companion.asked if ask[0] == "search"]


@pytest.mark.parametrize("size", [(120, 36), (100, 30), (80, 24), (60, 16)])
async def test_results_come_as_one_types(radio, size):
    async with radio(*size, companion=staged(found(FAR), found(NEAR))) as r:
        await r.press("slash")
        assert "station:knau" in r.text
        assert "is:unread" in r.text
        await r.press(*"rav")
        assert asked(r)[-1] == "rav"
        assert "2 found" in r.text
        line = next(line for line in r.lines if "Ravens learn" in line)
        assert "● Ravens learn" in line
        assert "+2 ★ 3d" in line
        assert "Arizona Science · …the raven above the rim…" in r.text
        assert "● A raven's year" not in r.text.partition("Search")[2].partition("rim…")[0]
        assert {len(line) for line in r.lines} == {size[0]}


async def test_found_words_are_marked_with_and_without_colours(radio):
    async with radio(companion=staged(found(FAR))) as r:
        await r.press("slash", *"rav")
        (style,) = styles(r, "raven")
        assert style.bold
        assert style.underline


async def test_what_cannot_be_placed_is_not_marked(radio):
    async with radio(companion=staged(found(FAR, "\x07raven above", ((1, 6),)))) as r:
        await r.press("slash", *"rav")
        assert "· raven above" in r.text
        assert not styles(r, "aven")
        assert not styles(r, "aven ")


async def test_every_letter_of_the_keys_is_text(radio):
    async with radio(companion=staged(found(FAR))) as r:
        await r.press("slash", "tab", *"qTxuA", "question_mark", "space")
        assert asked(r)[-1] == "qTxuA? "
        assert r.app.is_running
        assert isinstance(r.app.screen, SearchScreen)
        assert not [ask for ask in r.companion.asked if ask[0] in {"mark_read", "toggle", "stop"}]


async def test_a_result_that_is_on_no_list_is_read(radio):
    async with radio(companion=staged(found(NEAR), found(FAR))) as r:
        await r.press("slash", *"gate", "down", "enter")
        assert "Ravens learn to open the gate" in r.pane("story")
        assert "The gate has a new latch." in r.pane("story")
        assert ("mark_read", FAR.id, True) in r.companion.asked
        assert "● unread" not in r.pane("story")
        await r.press("u")
        assert "● unread" in r.pane("story")
        assert r.companion.asked[-1] == ("mark_read", FAR.id, False)
        await r.press("f")
        assert r.companion.asked[-1] == ("star", FAR.id, False)
        assert "★" not in r.pane("story").partition("The gate")[0]


async def test_a_result_of_the_list_is_highlighted_there(radio):
    async with radio(companion=staged(found(NEAR))) as r:
        await r.press("slash", *"raven", "enter")
        assert "4 of 8" in r.pane("story")
        assert r.main.stories.highlighted_id == "4"


async def test_a_result_is_clicked(radio):
    async with radio(companion=staged(found(FAR))) as r:
        await r.press("slash", *"gate")
        await r.click("Ravens learn")
        assert "The gate has a new latch." in r.pane("story")


async def test_one_goes_back_and_the_words_are_still_there(radio):
    async with radio(companion=staged(found(FAR))) as r:
        await r.press("2", "down", "slash", *"gate", "escape")
        assert r.app.screen is r.main
        assert r.main.pane == "stories"
        assert r.main.stories.highlighted_id == "2"
        await r.press("slash")
        assert "Ravens learn" in r.text
        # Typing begins anew, and what was typed is one key away from staying.
        await r.press(*"sun")
        assert asked(r)[-1] == "sun"


async def test_old_results_stay_until_new_ones_are_there(radio):
    coming = asyncio.Event()
    companion = staged(found(FAR))

    async def slow(typed: str) -> list[SearchResult]:
        if typed != "g":
            await coming.wait()
            return [found(NEAR)]
        return [found(FAR)]

    companion.stories.search = slow  # type: ignore[method-assign]
    async with radio(companion=companion) as r:
        await r.press("slash", "g")
        await r.pilot.press("a")
        await r.pilot.pause(0.05)
        assert "Ravens learn" in r.text
        coming.set()
        await r.settle()
        assert "Ravens learn" not in r.text


async def test_only_the_last_of_quick_letters_is_looked_for(radio, monkeypatch):
    monkeypatch.setattr(SearchScreen, "DELAY_SECONDS", 1.0)
    async with radio(companion=staged(found(FAR))) as r:
        await r.press("slash")
        await r.pilot.press(*"gate")
        await r.settle()
        assert asked(r) == ["gate"]


async def test_a_wrong_filter_is_told_in_its_place(radio):
    async with radio(companion=staged(found(FAR))) as r:
        await r.press("slash", *"gate")
        r.companion.stories.results = Problem("nothing is 'red' here", "there is is:unread")
        await r.press(*" is:red")
        assert "⚠ nothing is 'red' here: there is is:unread" in r.text
        assert "Ravens learn" in r.text
        r.companion.stories.results = [found(NEAR)]
        await r.press("backspace")
        assert "⚠" not in r.text
        assert "1 found" in r.text


async def test_nothing_found_says_what_to_press(radio):
    async with radio(companion=staged()) as r:
        await r.press("slash", *"zzz")
        assert "Nothing found" in r.text
        assert "esc goes back" in r.text
        await r.press("down", "enter")
        assert isinstance(r.app.screen, SearchScreen)


async def test_nothing_typed_is_nothing_asked(radio):
    async with radio(companion=staged(found(FAR))) as r:
        await r.press("slash", "space", "g", "backspace", "backspace")
        assert "Ravens" not in r.text
        assert "Titles, summaries and articles are searched" in r.text
        assert all(typed.strip() for typed in asked(r))


async def test_the_palette_leads_there(radio):
    async with radio() as r:
        await r.press("ctrl+p", *"search all")
        await r.pilot.pause(0.3)
        await r.press("escape")
        await r.app.run_command("stories.search")
        await r.settle()
        assert isinstance(r.app.screen, SearchScreen)


@pytest.mark.parametrize("size", [(120, 36), (60, 16)])
async def test_what_others_wrote_is_text(radio, size):
    nasty = replace(FAR, title=NASTY, feed_title=NASTY)
    companion = staged(found(nasty, NASTY, ((0, 4), (20, 4000))))
    async with radio(*size, companion=companion) as r:
        await r.tell(StoryList(StationSection("knau"), (), refreshed_at=NOW))
        await r.press("slash", *"x")
        assert SHOWN in r.text
        assert harmless(r)
        r.companion.stories.results = Problem(NASTY, NASTY)
        await r.press("y")
        assert harmless(r)
        assert r.app.is_running
