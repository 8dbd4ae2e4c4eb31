"""The list of stories and the reader."""

import asyncio
import re
from datetime import timedelta

import pytest
from msgspec.structs import replace
from textual import events

from radiotui.documents.model import StoryAudio
from radiotui.problems import Problem
from radiotui.stories.model import AllStories, StationSection, Story, StoryList
from radiotui.text import age
from radiotui.ui.screens import story_actions
from radiotui.ui.widgets.lists.story_rows import story_row
from tests.ui.stage import NOW, Staged, StagedStories, headlines

OFFLINE = Problem("There is no www.knau.org", "check the address, and the network")


async def opened(r, story: int = 0):
    await r.press("2", *["down"] * story, "enter")


def facts(r, word: str) -> str:
    """The line of age, sound and star below a headline."""
    rows = [row.strip("│╭╰─╮╯▁▂▃▄▅▆▇█ ") for row in r.pane("stories").splitlines()]
    after = rows[next(at for at, row in enumerate(rows) if word in row) :]
    return next(row for row in after if re.match(r"(now|\d+[mhdw])( |$)", row))


async def test_unread_stories_have_a_dot_and_are_counted(radio):
    async with radio() as r:
        assert "Stories · 5 unread" in r.pane("stories")
        assert "● Blinken: Russia" in r.row("Blinken", "stories")
        assert "●" not in r.row("Canyon trail", "stories")
        assert facts(r, "Flagstaff's") == "4h · ★"


async def test_a_headline_is_whole_and_its_age_stands_below(radio):
    async with radio() as r:
        for word, past in (("Blinken", "59m"), ("Canyon", "2h"), ("Lowell", "10h")):
            assert facts(r, word) == past
        words = " ".join(row.strip("│▁▂▃▄▅▆▇█ ") for row in r.pane("stories").splitlines())
        for headline in headlines(5):
            assert headline.title in " ".join(words.split())
        await r.press("2", "z")
        assert r.row("Blinken", "stories").rstrip("│ ").endswith(" 59m"), "where there is room"


async def test_stories_grow_older(radio):
    moment = NOW
    async with radio(companion=Staged(clock=lambda: moment)) as r:
        moment = NOW + timedelta(hours=3)
        r.main.tick()
        await r.settle()
        assert facts(r, "Blinken") == "3h"


async def test_a_very_long_title_takes_four_lines_and_ends_in_an_ellipsis(radio):
    async with radio() as r:
        endless = replace(headlines()[0], title="word " * 90)
        await r.tell(StoryList(StationSection("knau"), (endless,), refreshed_at=NOW))
        rows = [row.strip("│ ") for row in r.pane("stories").splitlines()]
        assert sum("word" in row for row in rows) == 4
        assert rows[rows.index(facts(r, "● word")) - 1].endswith("…")


async def test_each_empty_state_says_what_is_the_matter(radio):
    async with radio() as r:
        for story_list, words in (
            (StoryList(StationSection("knau"), refreshing=True), "Asking for stories"),
            (StoryList(StationSection("knau"), refreshed_at=NOW), "No stories yet"),
            (StoryList(StationSection("knau"), has_feeds=False), "feeds = ["),
            (StoryList(StationSection("knau"), problem=OFFLINE), "There is no www.knau.org"),
        ):
            await r.tell(story_list)
            assert words in r.pane("stories")
        assert "ctrl+r asks again" in r.pane("stories")


async def test_offline_shows_what_is_kept_and_how_old_it_is(radio):
    async with radio() as r:
        kept = NOW - timedelta(hours=5, minutes=1)
        await r.tell(
            StoryList(StationSection("knau"), headlines(3), refreshed_at=kept, problem=OFFLINE)
        )
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
        await r.tell(
            StoryList(StationSection("knau"), headlines(3), refreshing=True, refreshed_at=NOW)
        )
        assert "updating…" in r.pane("stories")
        assert "Canyon trail" in r.pane("stories")
        assert "ctrl+r stops" in r.pane("stories")
        await r.tell(
            StoryList(
                StationSection("knau"),
                headlines(3),
                refreshing=True,
                refreshed_at=NOW,
                feeds_due=100,
                feeds_done=31,
            )
        )
        assert "unread · updating 31/100" in r.pane("stories")
        await r.tell(StoryList(StationSection("knau"), headlines(3), refreshed_at=NOW))
        assert "updating" not in r.pane("stories")
        assert "stops" not in r.pane("stories")


async def test_news_does_not_move_what_one_has_highlighted(radio):
    async with radio() as r:
        await r.press("2", "down", "down")
        chosen = r.main.stories.highlighted_id
        newest = replace(headlines()[0], id=99, title="Just in")
        await r.tell(StoryList(StationSection("knau"), (newest, *headlines()), refreshed_at=NOW))
        assert r.main.stories.highlighted_id == chosen
        assert "Just in" in r.pane("stories")


async def test_news_does_not_scroll_the_list(radio):
    companion = Staged()
    companion.story_lists[StationSection("knau")] = StoryList(
        StationSection("knau"), headlines(80), refreshed_at=NOW
    )
    async with radio(companion=companion) as r:
        r.main.stories.scroll_to(y=30, animate=False)
        await r.settle()
        shown = r.pane("stories").splitlines()[1]
        await r.tell(StoryList(StationSection("knau"), headlines(80)[:-1], refreshed_at=NOW))
        assert r.pane("stories").splitlines()[1] == shown


async def test_unread_titles_are_bold(radio):
    async with radio() as r:
        strips = r.strips
        bold = {s.text.strip() for strip in strips for s in strip if s.style and s.style.bold}
        assert "A raven's year above the rim" in bold
        assert "the winter's rockslides" not in bold


async def test_another_stations_stories_begin_at_the_top(radio):
    companion = Staged()
    companion.story_lists[StationSection("knau")] = StoryList(
        StationSection("knau"), headlines(80), refreshed_at=NOW
    )
    companion.story_lists[StationSection("kjzz")] = StoryList(
        StationSection("kjzz"), headlines(80)[40:], refreshed_at=NOW
    )
    async with radio(companion=companion) as r:
        await r.press("2", "G")
        assert r.main.stories.scroll_y > 0
        await r.press("1", "down", "down", "down")
        assert r.main.stories.scroll_y == 0
        assert r.main.stories.highlighted_id == "41"


async def test_a_story_is_read(radio):
    async with radio() as r:
        await opened(r)
        story = r.pane("story")
        assert "Story · 1 of 8" in story
        assert "Blinken: Russia unwilling to end the war" in story
        assert "Melissa Sevigny · Tue 25 Nov, 2:07 PM" in story
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
        assert facts(r, "Blinken").endswith("★")
        await r.press("2", "down", "f")
        assert r.companion.asked[-1] == ("star", 2, True)


async def test_next_and_previous_story(radio):
    async with radio() as r:
        await opened(r)
        await r.press("shift+down")
        assert "2 of 8" in r.pane("story")
        assert r.main.stories.highlighted_id == "2"
        await r.press("shift+up", "shift+up")
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
        await r.press("shift+down", "shift+down", "u", "G", "shift+up", "shift+up", "N")
        assert "3 of 8" in r.pane("story")


async def test_every_story_begins_at_its_top(radio):
    companion = Staged()
    companion.bodies[1] = "\n\n".join(f"Paragraph {number}" for number in range(100))
    async with radio(companion=companion) as r:
        await opened(r)
        await r.press("G")
        assert "Paragraph 99" in r.pane("story")
        await r.press("up", "g", "down", "pagedown", "ctrl+d", "shift+down")
        assert r.main.reader.scroll_y == 0
        assert "Canyon trail" in r.pane("story")


async def test_the_last_of_two_quick_stories_is_shown(radio):
    slow = asyncio.Event()

    class SlowStories(StagedStories):
        async def story(self, headline: int) -> Story:
            if headline == 1:
                await slow.wait()
            return await super().story(headline)

    companion = Staged()
    companion.stories = SlowStories(companion, companion.stories)
    companion.bodies[1], companion.bodies[2] = "First body.", "Second body."
    async with radio(companion=companion) as r:
        first, second = headlines()[:2]
        story_actions.open_story(r.main, first)
        await r.pilot.pause()
        story_actions.open_story(r.main, second)
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
        await r.press("shift+up")
        assert "The feed brings no text" in r.pane("story")
        assert "Hikers" not in r.pane("story")
        assert "o opens the page" in " ".join(r.pane("story").replace("│", "").split())


async def test_a_story_that_is_gone_says_so(radio):
    async with radio() as r:
        story_actions.open_story(r.main, replace(headlines()[0], id=1234))
        await r.settle()
        assert "The story is not kept any more" in r.pane("story")


async def test_the_page_and_links_open_in_the_browser(radio, monkeypatch):
    opened_pages: list[str] = []

    async def open_page(url: str) -> Problem | None:
        opened_pages.append(url)
        return None

    monkeypatch.setattr("radiotui.ui.kit.browser.open_page", open_page)
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


def shelved(count: int, **more) -> Staged:
    companion = Staged()
    companion.story_lists[StationSection("knau")] = StoryList(
        StationSection("knau"), headlines(count), refreshed_at=NOW, **more
    )
    return companion


async def test_a_title_says_how_far_it_is_where_there_is_room(radio):
    async with radio() as r:
        await r.press("2", "z")
        busy = StoryList(
            StationSection("knau"), headlines(), refreshing=True, feeds_due=100, feeds_done=31
        )
        await r.tell(busy)
        assert "Stories · 5 unread · updating 31/100" in r.pane("stories")
        await r.press("z")
        await r.pilot.resize_terminal(100, 30)
        await r.settle()
        assert "updating 31/100" in r.pane("stories")


# Older stories


def asked_for_more(r) -> int:
    return r.companion.asked.count(("more",))


async def test_older_stories_are_asked_for_once_before_the_end(radio):
    async with radio(companion=shelved(60, has_older=True)) as r:
        await r.press("2", "pagedown")
        assert asked_for_more(r) == 0
        await r.press("G")
        assert asked_for_more(r) == 1
        assert "older stories…" in r.pane("stories")
        assert r.main.stories.highlighted_id == "60"
        await r.press("up", "down", "G")
        assert asked_for_more(r) == 1
        await r.tell(
            StoryList(StationSection("knau"), headlines(120), refreshed_at=NOW, has_older=True)
        )
        assert r.main.stories.highlighted_id == "60"
        await r.press("down")
        assert r.main.stories.highlighted_id == "61"
        assert asked_for_more(r) == 1
        await r.press("G")
        assert asked_for_more(r) == 2
        await r.tell(StoryList(StationSection("knau"), headlines(130), refreshed_at=NOW))
        await r.press("G")
        assert r.main.stories.highlighted_id == "130"
        assert asked_for_more(r) == 2
        assert "older stories" not in r.pane("stories")


async def test_older_stories_come_to_the_mouse_too(radio):
    async with radio(companion=shelved(60, has_older=True)) as r:
        r.main.stories.scroll_to(y=r.main.stories.max_scroll_y - 5, animate=False)
        await r.settle()
        assert asked_for_more(r) == 1
        assert r.main.stories.highlighted_id == "1"


async def test_older_stories_do_not_scroll_the_list(radio):
    async with radio(companion=shelved(60, has_older=True)) as r:
        r.main.stories.scroll_to(y=70, animate=False)
        await r.settle()
        shown = r.pane("stories").splitlines()[1]
        await r.tell(
            StoryList(StationSection("knau"), headlines(120), refreshed_at=NOW, has_older=True)
        )
        assert r.pane("stories").splitlines()[1] == shown


async def test_a_minute_draws_only_the_rows_whose_age_changed(radio, monkeypatch):
    moment = NOW
    fresh = replace(headlines()[0], id=900, published=NOW - timedelta(minutes=9))
    stories = (fresh, *headlines(500))
    companion = Staged(clock=lambda: moment)
    companion.story_lists[StationSection("knau")] = StoryList(
        StationSection("knau"), stories, refreshed_at=NOW
    )
    drawn: list[int] = []

    def count(headline, now, facts, download):
        drawn.append(headline.id)
        return story_row(headline, now, facts, download)

    async def at(minutes: int) -> set[int]:
        nonlocal moment
        moment = NOW + timedelta(minutes=minutes)
        drawn.clear()
        r.main.tick()
        await r.settle()
        return set(drawn)

    async with radio(companion=companion) as r:
        monkeypatch.setattr("radiotui.ui.widgets.lists.story_rows.story_row", count)
        await at(2)
        assert await at(3) == {900}
        assert facts(r, "Blinken") == "11m"
        drawn.clear()
        read = tuple(replace(one, read=True) if one.id == 7 else one for one in stories)
        busy = StoryList(
            StationSection("knau"), read, refreshed_at=NOW, refreshing=True, feeds_due=3
        )
        await r.tell(busy, replace(busy, feeds_done=1), replace(busy, feeds_done=2))
        assert drawn == [7]
        assert {900, 1, 2, 24} <= await at(63)
        assert len(drawn) < 100


@pytest.mark.parametrize("minutes", [0, 1, 59, 60, 61, 119, 1439, 1440, 2880, 20159, 20160, 30240])
async def test_an_age_is_right_whenever_it_is_looked_at(radio, minutes):
    moment = NOW
    companion = Staged(clock=lambda: moment)
    one = replace(headlines()[0], published=NOW.replace(second=0))
    companion.story_lists[StationSection("knau")] = StoryList(
        StationSection("knau"), (one,), refreshed_at=NOW
    )
    async with radio(companion=companion) as r:
        for at in (minutes - 1, minutes):
            moment = NOW + timedelta(minutes=at)
            r.main.tick()
            await r.settle()
        assert facts(r, "Blinken") == age(timedelta(minutes=minutes))


# Marking many


async def test_all_are_marked_read_to_here_and_unread_again(radio):
    async with radio() as r:
        await r.press("2", "down", "down", "down", "A")
        assert r.companion.asked[-1] == ("mark_read", 1, 3, 4, True)
        assert "3 stories marked read · U undoes" in r.text
        assert "2 unread" in r.pane("stories")
        assert r.main.stories.highlighted_id == "4"
        await r.press("U")
        assert "3 stories unread again" in r.text
        assert "5 unread" in r.pane("stories")
        await r.press("U")
        assert "There is nothing to undo" in r.text


async def test_one_story_and_none_are_told_as_such(radio):
    async with radio() as r:
        await r.press("2", "A")
        assert "1 story marked read · U undoes" in r.text
        await r.press("A")
        assert "Every story to here is read" in r.text
        assert [ask for ask in r.companion.asked if ask[0] == "mark_read"] == [
            ("mark_read", 1, True)
        ]


async def test_keys_of_the_listener_are_told(radio):
    from radiotui.config import Settings

    companion = Staged(settings=Settings(keys={"stories.undo": "f6"}))
    async with radio(companion=companion) as r:
        await r.press("2", "G", "A")
        assert "· f6 undoes" in r.text


# Unread only


async def test_what_is_read_is_hidden_and_shown_again(radio):
    async with radio() as r:
        await r.press("2", "H")
        assert "Stories · 5 unread only" in r.pane("stories")
        assert "Canyon trail" not in r.pane("stories")
        assert "A raven's year" in r.pane("stories")
        await r.press("down")
        assert r.main.stories.highlighted_id == "3"
        await r.press("H")
        assert "Canyon trail" in r.pane("stories")
        assert "only" not in r.pane("stories")
        assert r.main.stories.highlighted_id == "3"


async def test_what_one_reads_stays_under_the_highlight(radio):
    async with radio() as r:
        await r.press("2", "H", "enter")
        assert r.main.stories.highlighted_id == "1"
        assert "Blinken" in r.pane("stories")
        await r.press("shift+down")
        assert "3 of 8" in r.pane("story")
        assert r.main.stories.highlighted_id == "3"
        assert "Blinken" not in r.pane("stories")
        await r.press("A", "shift+down")
        assert r.main.stories.highlighted_id == "4"


async def test_nothing_unread_says_what_shows_the_rest(radio):
    async with radio() as r:
        read = tuple(replace(headline, read=True) for headline in headlines())
        await r.press("1", "H")
        await r.tell(StoryList(StationSection("knau"), read, refreshed_at=NOW))
        await r.press("1", "G", "g")
        r.main.stories.highlighted = None
        await r.tell(StoryList(StationSection("knau"), read[1:], refreshed_at=NOW))
        assert "Every story here is read" in r.pane("stories")
        assert "H shows them" in r.pane("stories")
        assert "unread only" in r.pane("stories")


# What a row says


async def test_a_row_says_sound_and_others(radio):
    one = replace(
        headlines()[3], audio=StoryAudio("https://x.example/a", 192), other_feeds=("A", "B")
    )
    async with radio(companion=Staged()) as r:
        await r.tell(StoryList(StationSection("knau"), (one, headlines()[4]), refreshed_at=NOW))
        assert facts(r, "A raven's") == "6h · ♪ 3:12 · +2"
        assert facts(r, "Why the San") == "8h"


async def test_the_source_stands_where_several_feeds_come_together(radio):
    companion = Staged()
    mixed = tuple(replace(h, feed_title=f"Feed {h.id}") for h in headlines())
    companion.story_lists[AllStories()] = StoryList(AllStories(), mixed, refreshed_at=NOW)
    async with radio(companion=companion) as r:
        assert "KNAU and Arizona News" not in r.pane("stories")
        r.main.open_section(AllStories())
        await r.settle()
        await r.press("z")
        assert "All stories · 5 unread" in r.pane("stories")
        assert "Feed 4" in r.row("A raven's", "stories")
        await r.pilot.resize_terminal(60, 16)
        await r.settle()
        assert "Feed 4" in r.row("A raven's", "stories")


async def test_keys_that_come_together_with_many_stories(radio):
    async with radio(companion=shelved(5000, has_older=True)) as r:
        for key in ("2", *["down"] * 20, "A"):
            r.app.post_message(events.Key(key, key))
        await r.settle()
        assert r.main.stories.highlighted_id == "21"
        assert r.companion.asked[-1][0] == "mark_read"
        assert len(r.companion.asked[-1]) == 16
