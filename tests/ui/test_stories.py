"""The list of stories and the reader."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from radiotui.feeds.model import Shelf, Story
from radiotui.problems import Problem
from tests.ui.stage import NOW, Staged, headlines

OFFLINE = Problem("There is no www.knau.org", "check the address, and the network")


async def opened(r, story: int = 0):
    await r.press("2", *["j"] * story, "enter")


async def test_unread_stories_have_a_dot_and_are_counted(radio):
    async with radio() as r:
        assert "Stories · 5 unread" in r.pane("stories")
        assert "● Blinken: Russia" in r.row("Blinken", "stories")
        assert "●" not in r.row("Canyon trail", "stories")
        assert "★ 4h" in r.row("Flagstaff's council", "stories")


async def test_ages_stand_at_the_right_edge(radio):
    async with radio() as r:
        for word, age in (("Blinken", "59m"), ("Canyon", "2h"), ("Lowell", "10h")):
            assert r.row(word, "stories").rstrip("│ ").endswith(age)


async def test_stories_grow_older(radio):
    moment = NOW
    async with radio(companion=Staged(clock=lambda: moment)) as r:
        moment = NOW + timedelta(hours=3)
        r.main._tick()
        await r.settle()
        assert r.row("Blinken", "stories").rstrip("│ ").endswith("3h")


async def test_long_titles_go_on_in_a_second_line_and_end_in_an_ellipsis(radio):
    async with radio() as r:
        rows = r.pane("stories").splitlines()
        at = rows.index(r.row("Blinken", "stories"))
        assert rows[at + 1].rstrip("│ ").endswith("…")


async def test_each_empty_state_says_what_is_the_matter(radio):
    async with radio() as r:
        for shelf, words in (
            (Shelf("knau", refreshing=True), "Asking for stories"),
            (Shelf("knau", refreshed_at=NOW), "No stories yet"),
            (Shelf("knau", has_feeds=False), "feeds = ["),
            (Shelf("knau", problem=OFFLINE), "There is no www.knau.org"),
        ):
            await r.tell(shelf)
            assert words in r.pane("stories")
        assert "ctrl+r asks again" in r.pane("stories")


async def test_offline_shows_what_is_kept_and_how_old_it_is(radio):
    async with radio() as r:
        kept = NOW - timedelta(hours=5, minutes=1)
        await r.tell(Shelf("knau", headlines(3), refreshed_at=kept, problem=OFFLINE))
        assert "5h old" in r.pane("stories")
        assert "There is no www.knau.org" in r.pane("stories")
        assert "kept 5h ago" in " ".join(r.pane("stories").split())
        assert "Canyon trail" in r.pane("stories")
        await opened(r)
        assert "Hikers can walk" in r.pane("story")


async def test_refreshing_is_seen_and_keeps_what_is_there(radio):
    async with radio() as r:
        await r.press("ctrl+r")
        assert ("refresh",) in r.companion.asked
        await r.tell(Shelf("knau", headlines(3), refreshing=True, refreshed_at=NOW))
        assert "updating…" in r.pane("stories")
        assert "Canyon trail" in r.pane("stories")


async def test_news_does_not_move_what_one_has_highlighted(radio):
    async with radio() as r:
        await r.press("2", "j", "j")
        chosen = r.main.stories.highlighted_id
        newest = replace(headlines()[0], id=99, title="Just in")
        await r.tell(Shelf("knau", (newest, *headlines()), refreshed_at=NOW))
        assert r.main.stories.highlighted_id == chosen
        assert "Just in" in r.pane("stories")


async def test_news_does_not_scroll_the_list(radio):
    companion = Staged()
    companion.shelves["knau"] = Shelf("knau", headlines(80), refreshed_at=NOW)
    async with radio(companion=companion) as r:
        r.main.stories.scroll_to(y=30, animate=False)
        await r.settle()
        shown = r.pane("stories").splitlines()[1]
        await r.tell(Shelf("knau", headlines(80)[:-1], refreshed_at=NOW))
        assert r.pane("stories").splitlines()[1] == shown


async def test_unread_titles_are_bold(radio):
    async with radio() as r:
        strips = r.app.screen._compositor.render_strips()
        bold = {s.text.strip() for strip in strips for s in strip if s.style and s.style.bold}
        assert "A raven's year above the rim" in bold
        assert "the winter's rockslides" not in bold


async def test_another_stations_stories_begin_at_the_top(radio):
    companion = Staged()
    companion.shelves["knau"] = Shelf("knau", headlines(80), refreshed_at=NOW)
    companion.shelves["kjzz"] = Shelf("kjzz", headlines(80)[40:], refreshed_at=NOW)
    async with radio(companion=companion) as r:
        await r.press("2", "G")
        assert r.main.stories.scroll_y > 0
        await r.press("1", "j", "j", "j")
        assert r.main.stories.scroll_y == 0
        assert r.main.stories.highlighted_id == "41"


async def test_a_story_is_read(radio):
    async with radio() as r:
        await opened(r)
        story = r.pane("story")
        assert "Story · 1 of 8" in story
        assert "Blinken: Russia unwilling to end the war" in story
        assert "Melissa Sevigny" in story
        assert "Tue 25 Nov, 2:07 PM · 1 min" in story
        assert "Hikers can walk the whole of the North Rim" in story
        assert "• the lower camp" in story
        assert ("mark_read", 1, True) in r.companion.asked
        assert "●" not in r.row("Blinken", "stories")
        assert "4 unread" in r.pane("stories")


async def test_a_story_is_clicked(radio):
    async with radio() as r:
        await r.click("Canyon trail")
        assert "2 of 8" in r.pane("story")
        assert "Hikers can walk" in r.pane("story")


async def test_unread_again_and_starred(radio):
    async with radio() as r:
        await opened(r)
        await r.press("u")
        assert "● unread" in r.pane("story")
        assert "●" in r.row("Blinken", "stories")
        await r.press("u", "f")
        assert "unread" not in r.pane("story").replace("next unread", "")
        assert "★" in r.row("Blinken", "stories")
        await r.press("2", "j", "f")
        assert r.companion.asked[-1] == ("star", 2, True)


async def test_next_and_previous_story(radio):
    async with radio() as r:
        await opened(r)
        await r.press("J")
        assert "2 of 8" in r.pane("story")
        assert r.main.stories.highlighted_id == "2"
        await r.press("K", "K")
        assert "1 of 8" in r.pane("story")


async def test_next_unread_goes_round_and_says_when_there_is_none(radio):
    async with radio() as r:
        await r.press("2", "n")
        assert "3 of 8" in r.pane("story")
        await r.press("n", "n", "n")
        assert "7 of 8" in r.pane("story")
        await r.press("n")
        assert "1 of 8" in r.pane("story")
        await r.press("n")
        assert "Every story here is read" in r.text
        await r.press("J", "J", "u", "G", "K", "K", "N")
        assert "3 of 8" in r.pane("story")


async def test_every_story_begins_at_its_top(radio):
    companion = Staged()
    companion.bodies[1] = "\n\n".join(f"Paragraph {number}" for number in range(100))
    async with radio(companion=companion) as r:
        await opened(r)
        await r.press("G")
        assert "Paragraph 99" in r.pane("story")
        await r.press("k", "g", "j", "pagedown", "ctrl+d", "J")
        assert r.main.reader.scroll_y == 0
        assert "Canyon trail" in r.pane("story")


async def test_the_last_of_two_quick_stories_is_shown(radio):
    slow = asyncio.Event()

    class Slow(Staged):
        async def story(self, headline: int) -> Story:
            if headline == 1:
                await slow.wait()
            return await super().story(headline)

    companion = Slow()
    companion.bodies[1], companion.bodies[2] = "First body.", "Second body."
    async with radio(companion=companion) as r:
        first, second = headlines()[:2]
        r.main.open_story(first)
        await r.pilot.pause()
        r.main.open_story(second)
        await r.pilot.pause()
        slow.set()
        await r.settle()
        assert "Second body." in r.pane("story")
        assert "First body." not in r.pane("story")


async def test_a_story_without_text_says_so(radio):
    companion = Staged()
    companion.bodies[1] = ""
    async with radio(companion=companion) as r:
        await opened(r, 1)
        await r.press("K")
        assert "The feed brings no text" in r.pane("story")
        assert "Hikers" not in r.pane("story")
        assert "o opens the page" in " ".join(r.pane("story").replace("│", "").split())


async def test_a_story_that_is_gone_says_so(radio):
    async with radio() as r:
        r.main.open_story(replace(headlines()[0], id=1234))
        await r.settle()
        assert "The story is not kept any more" in r.pane("story")


async def test_the_page_and_links_open_in_the_browser(radio, monkeypatch):
    opened_pages: list[str] = []

    async def open_page(url: str) -> Problem | None:
        opened_pages.append(url)
        return None

    monkeypatch.setattr("radiotui.ui.browser.open_page", open_page)
    async with radio() as r:
        await r.press("o")
        await opened(r)
        await r.press("o")
        await r.click("park's notice")
        assert opened_pages == [
            "https://www.knau.org",
            "https://www.knau.org/story/1",
            "https://example.org/notice?a=1&b=%2Fx%20y",
        ]


async def test_where_no_browser_opens_the_link_is_in_the_clipboard(radio, monkeypatch):
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    async with radio() as r:
        await r.press("o")
        assert "There is no browser here" in r.text
        assert r.app.clipboard == "https://www.knau.org"
