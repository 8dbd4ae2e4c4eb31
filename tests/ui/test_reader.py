"""The open story: what is on its page and in which order, and how it comes."""

import asyncio
from datetime import timedelta

import pytest
from msgspec.structs import replace
from textual.content import Content

from radiotui.documents.model import ArticleChanges, Figure, StoryAudio
from radiotui.problems import Problem
from radiotui.stories.model import StationSection, Story
from radiotui.ui.screens import story_actions
from radiotui.ui.widgets.reader.reader import StoryReader
from tests.documents import blocks
from tests.ui.stage import BODY, NOW, Staged, headlines, told

SIZES = [(120, 36), (100, 30), (80, 24), (60, 16)]
LEAD = Figure("https://example.org/lead.jpg", "Antony Blinken in Kyiv", "Robert Franklin / AP")
RAVEN = Figure("https://example.org/raven.jpg", "A raven above the rim", "Ann Author / KNAU")
PARAGRAPHS = [
    f"Paragraph {number}: " + "the train at two in the morning " * 9 for number in range(40)
]


def staged(*parts, kept=(), **more) -> Staged:
    """The first story with a whole page behind it, and something kept of it."""
    companion = Staged()
    headline = headlines()[0]
    companion.stories.stories[1] = Story(headline, told(headline, *(kept or parts)))
    place, changes = more.pop("place", 0.0), more.pop("changes", None)
    whole = Story(headline, told(headline, *parts, **more), True, None, changes, place)
    companion.stories.wholes[1] = whole
    return companion


async def opened(r, story: int = 0):
    await r.press("2", *["down"] * story, "enter")


def words(r) -> str:
    """The reader's text as far as it is seen, as one line."""
    lines = [line.strip("│╭╮╰╯ ") for line in r.pane("story").splitlines()]
    return " ".join(" ".join(lines).split())


def everything(r) -> str:
    """All of the story's lines, seen or not."""
    layout = r.main.reader.block_layout
    lines = (layout.line(y) for y in range(layout.height))
    texts = (line.plain if isinstance(line, Content) else line.text for line in lines)
    return "\n".join(text.rstrip() for text in texts)


def in_order(text: str, *wanted: str) -> bool:
    at = -1
    for one in wanted:
        at = text.find(one, at + 1)
        if at < 0:
            raise AssertionError(f"{one!r} is not there, or not in its place:\n{text}")
    return True


async def test_everything_stands_in_the_order_of_the_page(radio):
    companion = staged(
        "First paragraph.",
        RAVEN,
        "Second paragraph.",
        lead=LEAD,
        video="https://film.example/kyiv",
        site="KNAU Arizona Public Radio",
        updated=NOW,
        copyright="Copyright 2022 NPR. To see more, visit https://www.npr.org.",
        note="**Melissa Sevigny** grew up in Tucson.",
    )
    headline = replace(headlines()[0], other_feeds=("KJZZ", "NPR"))
    story_list = companion.story_lists[StationSection("knau")]
    companion.story_lists[StationSection("knau")] = replace(
        story_list, headlines=(headline, *story_list.headlines[1:])
    )
    async with radio(companion=companion) as r:
        await opened(r)
        assert in_order(
            everything(r),
            "KNAU Arizona Public Radio · KNAU and",
            "Blinken: Russia unwilling",
            "Melissa Sevigny · Tue 25 Nov, 2:07 PM",
            "updated 3:07 PM",
            "1 min",
            "also at: KJZZ, NPR",
            "Video, not shown here: film.example[1]",
            "╰ Antony Blinken in Kyiv",
            "Robert Franklin / AP",
            "First paragraph.",
            "╰ A raven above the rim",
            "Ann Author / KNAU",
            "Second paragraph.",
            "Copyright 2022 NPR.",
            "── On the reporter",
            "Melissa Sevigny grew up in Tucson.",
        )


async def test_a_caption_is_told_once(radio):
    companion = staged("Antony Blinken in Kyiv", "The text.", LEAD, "More.", lead=LEAD)
    async with radio(companion=companion) as r:
        await opened(r)
        assert everything(r).count("Antony Blinken in Kyiv") == 1
        assert "More." in everything(r)


async def test_that_a_story_can_be_heard_is_told_with_its_key(radio):
    async with radio(companion=staged("Text.", audio=StoryAudio("https://e.org/a.mp3", 192))) as r:
        await opened(r)
        assert "▶ listen 3:12 · p" in words(r)


async def test_what_is_kept_comes_at_once_and_the_whole_story_after_it(radio):
    companion, page = staged(*PARAGRAPHS, kept=("The feed's summary.",)), asyncio.Event()
    ask = companion.stories.whole_story

    async def slow(headline: int, *, anew: bool = False) -> Story:
        await page.wait()
        return await ask(headline, anew=anew)

    companion.stories.whole_story = slow
    async with radio(companion=companion) as r:
        story_actions.open_story(r.main, headlines()[0])
        await r.until("The feed's summary.")
        await r.until("◌ fetching the whole story…")
        page.set()
        await r.settle()
        assert "fetching" not in words(r)
        assert "Paragraph 0:" in words(r)


async def test_the_whole_story_comes_without_moving_what_one_reads(radio):
    companion, page = staged("New.", *PARAGRAPHS, kept=PARAGRAPHS), asyncio.Event()
    ask = companion.stories.whole_story

    async def slow(headline: int, *, anew: bool = False) -> Story:
        await page.wait()
        return await ask(headline, anew=anew)

    companion.stories.whole_story = slow
    async with radio(80, 24, companion) as r:
        story_actions.open_story(r.main, headlines()[0])
        await r.until("Paragraph 0:")
        await r.pilot.press("pagedown", "pagedown", "down")
        await r.pilot.pause(0.05)
        top = r.pane("story").splitlines()[1]
        assert "the train" in top
        page.set()
        await r.settle()
        assert "New." in everything(r)
        assert r.pane("story").splitlines()[1:-1] != []
        assert r.pane("story").splitlines()[1].rstrip("▁▂▃▄▅▆▇█│ ") == top.rstrip("▁▂▃▄▅▆▇█│ ")


async def test_only_the_feeds_text_says_why(radio):
    companion = staged("The feed's summary.")
    told_why = Problem("knau.org wants you to log in", "o opens the page")
    companion.stories.wholes[1] = replace(companion.stories.stories[1], why=told_why)
    async with radio(companion=companion) as r:
        await opened(r)
        assert "◌ Only the feed's summary: knau.org wants you to log in" in words(r)
        assert "The feed's summary." in words(r)


async def test_a_page_that_fails_leaves_what_is_kept(radio):
    companion = staged("The feed's summary.")
    companion.stories.wholes[1] = Problem("There is no www.knau.org", "check the network")
    async with radio(companion=companion) as r:
        await opened(r)
        assert "Only the feed's summary: There is no www.knau.org" in words(r)
        assert "The feed's summary." in words(r)


async def test_another_story_ends_the_fetch_of_the_last(radio):
    companion, ended = staged("Text."), []

    async def never(headline: int, *, anew: bool = False) -> Story:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append(headline)
            raise
        raise AssertionError

    ask, companion.stories.whole_story = companion.stories.whole_story, never
    async with radio(companion=companion) as r:
        story_actions.open_story(r.main, headlines()[0])
        await r.pilot.pause(0.1)
        assert "fetching" in words(r)
        companion.stories.whole_story = ask
        story_actions.open_story(r.main, headlines()[1])
        await r.settle()
        assert ended == [1]
        assert "fetching" not in words(r)


CHANGES = ArticleChanges(
    NOW - timedelta(hours=1),
    "Blinken: talks go on",
    blocks("A *new* paragraph.", "Another new one."),
    blocks("What is gone."),
)


async def test_what_changed_is_told_and_shown(radio):
    async with radio(companion=staged("Text.", changes=CHANGES)) as r:
        await opened(r)
        assert "± Changed 2:07 PM: another headline, 2 paragraphs new, 1 gone · c" in words(r)
        await r.press("c")
        sheet = " ".join(r.text.split())
        assert "± headline was Blinken: talks go on" in sheet
        assert "+ new A new paragraph." in sheet
        assert "+ new Another new one." in sheet
        assert "− gone What is gone." in sheet
        await r.press("escape")
        assert "What changed" not in r.text


async def test_a_story_that_never_changed_says_so(radio):
    async with radio(companion=staged("Text.")) as r:
        await opened(r)
        assert "Changed" not in words(r)
        await r.press("c")
        assert "Nothing is known to have changed" in r.text


TEXT = """
# A heading

A **bold** word, an *odd* one, `code`, and a line\\
that is broken.

> A quotation,
> of two lines.
>
> - with a list
>   - in a list

3. third
4. fourth

   of two paragraphs

| Camp | Water |
|------|-------|
| Lodge | yes |
| Lower camp | from May |

```
def f():
    return 1
```

---

The end.
"""


async def test_the_marks_of_a_text(radio):
    async with radio(120, 50, staged(TEXT)) as r:
        await opened(r)
        lines = [line.rstrip() for line in everything(r).splitlines()]
        at = lines.index("A heading")
        assert lines[at:] == [
            "A heading",
            "",
            "A bold word, an odd one, code, and a line",
            "that is broken.",
            "",
            "▌ A quotation, of two lines.",
            "▌",
            "▌ • with a list",
            "▌   • in a list",
            "",
            "3. third",
            "",
            "4. fourth",
            "",
            "   of two paragraphs",
            "",
            "Camp       │ Water",
            "───────────┼─────────",
            "Lodge      │ yes",
            "Lower camp │ from May",
            "",
            "def f():",
            "    return 1",
            "",
            "· · ·",
            "",
            "The end.",
        ]
        strips = r.strips
        bold = {s.text.strip() for strip in strips for s in strip if s.style and s.style.bold}
        assert {"A heading", "bold", "Camp", "Water"} <= bold


async def test_wide_tables_are_narrowed(radio):
    cell = "words that go on and on for quite a while "
    table = f"| One | Two |\n|---|---|\n| {cell * 2} | {cell * 4} |\n"
    async with radio(60, 16, staged(table)) as r:
        await opened(r)
        width = r.main.reader.text_width
        rows = [line for line in everything(r).splitlines() if "│" in line]
        assert len(rows) > 4
        assert all(len(line) <= width for line in rows)
        assert len({line.index("│") for line in rows}) == 1


@pytest.mark.parametrize("size", SIZES)
async def test_prose_has_a_measure_and_every_size_is_filled(radio, size):
    async with radio(*size, staged(*PARAGRAPHS, RAVEN, lead=LEAD)) as r:
        await opened(r)
        await r.press("z")
        longest = max(len(line) for line in everything(r).splitlines())
        assert longest <= min(80, size[0] - 4)
        assert longest > min(80, size[0] - 4) - 12
        await r.press("G")
        assert "Ann Author / KNAU" in words(r)
        await r.pilot.resize_terminal(60, 16)
        await r.settle()
        assert max(len(line) for line in everything(r).splitlines()) <= 56


async def test_a_resize_keeps_the_place(radio):
    async with radio(120, 36, staged(*PARAGRAPHS)) as r:
        await opened(r)
        await r.press(*["pagedown"] * 4)
        first = r.main.reader.first_in_view
        for size in ((60, 16), (100, 30), (120, 36)):
            await r.pilot.resize_terminal(*size)
            await r.settle()
            assert abs(r.main.reader.first_in_view - first) <= 1


async def test_how_far_one_has_read_is_shown_and_kept_when_one_rests(radio, monkeypatch):
    monkeypatch.setattr(StoryReader, "REST_SECONDS", 0.02)
    async with radio(companion=staged(*PARAGRAPHS)) as r:
        await opened(r)
        assert "1 of 8 · 0 % read ─" in r.pane("story")
        await r.press("G")
        await r.pilot.pause(0.1)
        assert "100 % read ━━━━" in r.pane("story")
        assert [ask for ask in r.companion.asked if ask[0] == "keep_place"] == [
            ("keep_place", 1, 1.0)
        ]


async def test_the_place_is_kept_on_leaving_not_with_every_line(radio):
    companion = staged(*PARAGRAPHS)
    async with radio(companion=companion) as r:
        await opened(r)
        await r.press("pagedown", "pagedown")
        assert not [ask for ask in companion.asked if ask[0] == "keep_place"]
        await r.press("shift+down")
        (kept,) = [ask for ask in companion.asked if ask[0] == "keep_place"]
        assert kept[1] == 1
        assert 0 < kept[2] < 1
        await r.press("shift+up")
        await r.press("pagedown", "escape")
        assert len([ask for ask in companion.asked if ask[0] == "keep_place"]) == 2
        await r.press("3", "pagedown")
    assert len([ask for ask in companion.asked if ask[0] == "keep_place"]) == 3


@pytest.mark.parametrize(("place", "read"), [(0.5, "50 % read"), (0.99, "0 % read")])
async def test_a_story_opens_where_one_was_unless_it_was_read(radio, place, read):
    async with radio(companion=staged(*PARAGRAPHS, place=place)) as r:
        await opened(r)
        assert read in r.pane("story")


async def test_a_short_story_says_nothing_of_how_far(radio):
    async with radio(companion=staged("Short.")) as r:
        await opened(r)
        assert "% read" not in r.pane("story")


async def test_reading_never_touches_playback(radio):
    async with radio(companion=staged(*PARAGRAPHS, BODY)) as r:
        await opened(r)
        await r.press(
            "down", "pagedown", "G", "g", "ctrl+f", "a", "enter", "escape", "y", "escape", "i"
        )
        await r.press("escape", "c", "Y", "n", "N", "shift+down", "shift+up")
        playing = {"play", "toggle", "stop", "louder", "mute", "listen", "queue", "skip"}
        assert not playing & {ask[0] for ask in r.companion.asked}


async def test_thousands_of_words_are_there_to_the_last(radio):
    many = "\n\n".join(f"Paragraph {number}. " + "word " * 40 for number in range(400))
    async with radio(companion=staged(many)) as r:
        await opened(r)
        assert "Paragraph 0." in words(r)
        await r.press("G")
        assert "Paragraph 399." in words(r)


@pytest.mark.parametrize("theme", ["radiotui-dark", "radiotui-light", "radiotui-terminal"])
async def test_without_colours_words_and_glyphs_tell_it_all(radio, monkeypatch, theme):
    monkeypatch.setenv("NO_COLOR", "1")
    async with radio(companion=staged(BODY, lead=LEAD, changes=CHANGES)) as r:
        r.app.theme = theme
        await opened(r)
        for word in ("╰ Antony", "Robert Franklin", "± Changed", "▌ We moved", "notice[1]"):
            assert word in everything(r)


async def test_the_head_and_the_lead_stand_out_and_so_does_a_quotation(radio):
    text = "The lead.\n\nThe ranger said:\n\n> By hand.\n\nLast words:\n\nNone."
    async with radio(companion=staged(text, site="KNAU Arizona Public Radio")) as r:
        await opened(r)
        rows = [row.strip("│ ") for row in r.pane("story").splitlines()]
        headline = next(n for n, row in enumerate(rows) if row.startswith("Blinken:"))
        assert rows[headline - 1].startswith("KNAU Arizona Public Radio · KNAU and")
        byline = next(n for n, row in enumerate(rows) if "Melissa Sevigny · Tue 25 Nov" in row)
        assert rows[byline - 1] == ""
        assert "▌ By hand." in everything(r)
        region = r.main.reader.region
        styles = {
            segment.text.strip(): segment.style
            for strip in r.strips[region.y : region.bottom]
            for segment in strip.crop(region.x, region.right)
        }
        colours = {name: str(value) for name, value in r.app.theme_variables.items()}
        for words, colour, bold in (
            ("Blinken: Russia unwilling", "headline", True),
            ("The lead.", "lead", False),
            ("The ranger said:", "foreground", True),
            ("Last words:", "foreground", False),
        ):
            style = next(style for text, style in styles.items() if text.startswith(words))
            assert style.color.triplet.hex == colours[colour].lower(), words
            assert bool(style.bold) == bold, words
