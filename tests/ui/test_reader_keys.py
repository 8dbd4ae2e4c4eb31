"""Links, finding, quoting, and handing a story on."""

import asyncio
import shlex
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.geometry import Offset
from textual.selection import Selection

from radiotui.config import Settings
from radiotui.documents.model import Figure
from radiotui.problems import Problem
from radiotui.stories.model import StationSection, Story, StoryList
from radiotui.ui.kit import share
from radiotui.ui.widgets.reader.finding import fold
from radiotui.ui.widgets.reader.story_body import words_of
from tests.documents import blocks
from tests.ui.stage import NOW, Staged, headlines
from tests.ui.test_hostile import LINKS, NASTY, harmless
from tests.ui.test_reader import PARAGRAPHS, everything, opened, staged, words

LINKED = """
Read [the notice](https://example.org/notice?a=1&b=%2Fx%20y), [NPR](https://www.npr.org/x), and
[the notice](https://example.org/notice?a=1&b=%2Fx%20y) once more; or https://bare.example.org/z
"""


@pytest.fixture
def pages(monkeypatch) -> list[str]:
    """What the browser was given."""
    opened_pages: list[str] = []

    async def open_page(url: str) -> Problem | None:
        opened_pages.append(url)
        return None

    monkeypatch.setattr("radiotui.ui.kit.browser.open_page", open_page)
    return opened_pages


async def test_links_are_numbered_over_the_whole_article(radio, pages):
    many = "More: [a](https://e.org/a)"
    async with radio(companion=staged(LINKED, Figure("https://e.org/p.jpg", "A."), many)) as r:
        await opened(r)
        for shown in ("the notice[1]", "NPR[2]", "the notice[1] once", "/z[3]", "More: a[4]"):
            assert shown in " ".join(everything(r).split())
        await r.click("NPR")
        assert pages == ["https://www.npr.org/x"]


async def test_links_are_opened_by_their_numbers(radio, pages):
    many = " ".join(f"[link {number}](https://e{number}.org/)" for number in range(1, 13))
    async with radio(companion=staged(many)) as r:
        await opened(r)
        await r.press("i")
        sheet = r.text
        assert "Links" in sheet
        assert " 7  link 7" in sheet
        assert "e7.org" in sheet
        await r.press("1", "2", "enter")
        assert "Links" not in r.text
        await r.press("i", "3", "enter")
        await r.press("i", "1", "9", "enter")
        await r.press("i", "down", "down", "enter")
        await r.press("i", "escape")
        assert pages == [f"https://e{number}.org/" for number in (12, 3, 9, 3)]


async def test_a_story_without_links_says_so(radio):
    async with radio(companion=staged("None.")) as r:
        await opened(r)
        await r.press("i")
        assert "There are no links in this story" in r.text


async def test_footnotes_are_raised_numbers_and_lead_nowhere(radio, pages):
    here = headlines()[0].link
    text = f"Word[1]({here}#fn1) and [a part]({here}#part) and [out](https://e.org/#fn1)."
    async with radio(companion=staged(text)) as r:
        await opened(r)
        assert "Word¹ and a part and out[1]." in words(r)
        await r.click("a part")
        assert pages == []


async def test_words_are_found_whatever_their_case_and_accents(radio):
    text = ["Nothing.", "The Café and the CAFE\u0301.", *PARAGRAPHS[:20], "One cafe more."]
    async with radio(80, 24, staged(*text)) as r:
        await opened(r)
        await r.press("ctrl+f", *"cafe")
        assert "1 of 3" in r.lines[-1]
        await r.press("enter")
        assert "2 of 3" in r.lines[-1]
        await r.press("down")
        assert "3 of 3" in r.lines[-1]
        assert "One cafe more." in words(r)
        await r.press("enter")
        assert "1 of 3" in r.lines[-1]
        await r.press("up")
        assert "3 of 3" in r.lines[-1]
        await r.press("escape")
        assert "q quit" in r.lines[-1]
        assert "One cafe more." in words(r)
        assert r.app.focused is r.main.reader


async def test_what_is_found_is_marked_also_over_the_end_of_a_line(radio):
    async with radio(60, 16, staged("word " * 9 + "the long winter " + "word " * 9)) as r:
        await opened(r)
        await r.press("ctrl+f", *"the long winter")
        layout = r.main.reader.block_layout
        marked = [
            line.plain[span.start : span.end].strip()
            for line in layout.drawn[1]
            for span in getattr(line, "spans", [])
            if span.style == "reverse bold"
        ]
        assert " ".join(marked) == "the long winter"
        assert len(marked) > 1
        await r.press("escape")
        spans = [span for line in layout.drawn[1] for span in line.spans]
        assert {span.style for span in spans} == {"$lead"}


async def test_finding_nothing_says_so_and_keys_are_only_typed(radio):
    async with radio(companion=staged(*PARAGRAPHS)) as r:
        await opened(r)
        await r.press("pagedown", "ctrl+f", *"qz1u?")
        assert "nothing found" in r.lines[-1]
        assert r.app.is_running
        assert r.main.pane == "story"
        assert not r.main.zoomed


async def test_finding_begins_where_one_reads(radio):
    async with radio(80, 24, staged(*PARAGRAPHS)) as r:
        await opened(r)
        await r.press("G", "ctrl+f", *"paragraph")
        at = int(r.lines[-1].split(" of ")[0].split()[-1])
        assert at > 30


async def test_a_story_is_read_anew_and_its_text_stays_where_that_fails(radio):
    companion = staged("Old text.")
    async with radio(companion=companion) as r:
        await r.press("O")
        assert "No story is open" in r.text
        await opened(r)
        whole = companion.stories.wholes[1]
        assert isinstance(whole, Story)
        article = replace(whole.article, parts=blocks("New text."))
        companion.stories.wholes[1] = replace(whole, article=article)
        await r.press("O")
        await r.until("New text.")
        assert ("whole_story_anew", 1) in companion.asked
        assert "The page was read anew" in r.text
        why = Problem("example.org has a fault of its own (503)")
        companion.stories.wholes[1] = replace(whole, article=article, why=why)
        await r.press("O")
        await r.until("◌ The text is as it was kept:")
        assert "kept: example.org has a fault of its own (503)" in words(r)
        assert "New text." in words(r)
        companion.stories.wholes[1] = Problem("That story is not kept any more")
        await r.press("O")
        await r.until("That story is not kept any more")
        assert "New text." in words(r)


async def test_the_whole_story_may_come_while_one_finds_or_quotes(radio):
    companion = staged("An ox.", "Another ox, an ox.", kept=("One ox.",))
    async with radio(80, 24, companion) as r:
        for key in ("ctrl+f", "y"):
            r.main.story = companion.stories.stories[1]
            await r.settle()
            await opened(r) if r.main.headline is None else None
            r.main.story = companion.stories.stories[1]
            await r.settle()
            await r.press(key, *("ox" if key == "ctrl+f" else ""))
            r.main.story = companion.stories.wholes[1]
            await r.settle()
            await r.press("down")
            if key == "ctrl+f":
                assert "of 3" in r.lines[-1]
                await r.press("escape")
            else:
                await r.press("shift+down", "enter")
                assert "ox" in r.app.clipboard


def test_folding_keeps_places():
    text = "Straße ÉTÉ ﬁn"
    folded, places = fold(text)
    assert places is not None
    assert folded == "strasse ete fin"
    at = folded.index("fin")
    assert text[places[at] :] == "ﬁn"
    assert fold("Plain") == ("plain", None)


async def test_a_quotation_carries_its_source(radio):
    text = ["He [said](https://e.org/) so.", "And **this**.", "Not that."]
    async with radio(companion=staged(*text, site="KNAU Arizona Public Radio")) as r:
        await opened(r)
        await r.press("y")
        assert "quote: 1 paragraph " in r.lines[-1]
        await r.press("shift+down")
        assert "quote: 2 paragraphs" in r.lines[-1]
        marked = [line for line in r.pane("story").splitlines() if "┃" in line]
        assert [line.strip("│┃ ") for line in marked] == ["He said[1] so.", "", "And this."]
        await r.press("enter")
        assert r.app.clipboard == (
            "“He said so.\n\nAnd this.” — Melissa Sevigny, “Blinken: Russia unwilling to end the "
            "war, and Ukraine must be helped to hold on”, KNAU Arizona Public Radio, 25 Nov 2025, "
            "https://www.knau.org/story/1"
        )
        assert "The quotation is in your clipboard" in r.text
        assert "┃" not in r.pane("story")


async def test_paragraphs_to_quote_are_chosen_with_the_keys(radio):
    async with radio(80, 24, staged(*PARAGRAPHS)) as r:
        await opened(r)
        await r.press("y", "down", "down", "shift+down", "shift+up")
        await r.press("up", "up", "up", "down", "enter")
        assert r.app.clipboard.startswith("“Paragraph 1:")
        assert r.app.clipboard.count("Paragraph") == 1
        before = r.app.clipboard
        await r.press("y", *["down"] * 30)
        assert "Paragraph 3" in "".join(
            line for line in r.pane("story").splitlines() if "┃" in line
        )
        await r.press("escape")
        assert r.app.clipboard == before
        assert r.main.headline.id == 1


async def test_text_selected_with_the_mouse_is_copied(radio):
    async with radio(companion=staged("First paragraph.", "Second paragraph.")) as r:
        await opened(r)
        layout = r.main.reader.block_layout
        first = layout.starts[1] + 1
        r.main.selections = {
            r.main.reader: Selection.from_offsets(Offset(6, first), Offset(6, first + 2))
        }
        await r.settle()
        await r.press("ctrl+c")
        assert r.app.clipboard == "paragraph.\n\nSecond"


async def test_the_mouse_selects(radio):
    async with radio(companion=staged("First paragraph.")) as r:
        await opened(r)
        y = next(n for n, line in enumerate(r.lines) if "First paragraph." in line)
        x = r.lines[y].index("First")
        await r.pilot.mouse_down(offset=(x, y))
        await r.pilot.hover(offset=(x + 9, y))
        await r.pilot.mouse_up(offset=(x + 9, y))
        await r.press("ctrl+c")
        assert r.app.clipboard == "First para"


async def test_the_link_of_a_story_is_copied(radio):
    async with radio() as r:
        await r.press("2", "down", "Y")
        assert r.app.clipboard == "https://www.knau.org/story/2"
        assert "The link is in your clipboard" in r.text


def to_file(path: Path) -> str:
    script = f"import sys; open({str(path)!r}, 'w').write(repr(sys.argv[1:]))"
    return f"{sys.executable} -c {shlex.quote(script)}"


async def test_a_story_is_sent_to_the_listeners_command(radio, tmp_path):
    path = tmp_path / "sent"
    nasty = replace(headlines()[0], title="-rf $(touch x) `y` {url}; 'q")
    command = f"{to_file(path)} {{title}} --url={{url}} 'from {{source}}'"
    companion = Staged(settings=Settings(send_to=command))
    companion.story_lists[StationSection("knau")] = StoryList(
        StationSection("knau"), (nasty,), refreshed_at=NOW
    )
    async with radio(companion=companion) as r:
        await r.press("2", "S")
        await r.until("The story was sent")
    assert eval(path.read_text()) == [
        "rf $(touch x) `y` {url}; 'q",
        "--url=https://www.knau.org/story/1",
        "from KNAU and Arizona News",
    ]


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("", "settings: send-to names no command"),
        ("'open", "settings: send-to cannot be understood"),
        ("/no/such/command {url}", "/no/such/command cannot be run"),
        (f"{sys.executable} -c 'raise SystemExit(3)'", "its exit code is 3"),
    ],
)
async def test_what_keeps_a_story_from_being_sent_is_told(radio, command, told):
    async with radio(companion=Staged(settings=Settings(send_to=command))) as r:
        await r.press("2", "S")
        await r.until(told)


async def test_a_command_that_does_not_end_is_ended():
    sleeping = f"{sys.executable} -c 'import time; time.sleep(60)'"
    problem = await asyncio.wait_for(share.send(sleeping, {}, patience_seconds=0.3), 20)
    assert problem is not None
    assert "took too long" in problem.title


@pytest.mark.parametrize("size", [(120, 50), (60, 16)])
async def test_hostile_words_in_every_place(radio, size):
    figure = Figure("https://example.org/x.jpg", NASTY, NASTY)
    companion = staged(
        f"Text {NASTY} &#x202e;evil &#27;[31m [{NASTY}](https://e.org/x) `{NASTY}`\n\n"
        f"| {NASTY} | b |\n|--|--|\n| {NASTY} | c |\n\n```\n{NASTY}\n```\n",
        lead=figure,
        site=NASTY,
        byline=NASTY,
        copyright=NASTY,
        note=NASTY,
    )
    story_list = companion.story_lists[StationSection("knau")]
    first = replace(story_list.headlines[0], title=NASTY, other_feeds=(NASTY,))
    companion.story_lists[StationSection("knau")] = replace(story_list, headlines=(first,))
    async with radio(*size, companion) as r:
        await opened(r)
        assert everything(r).count("[@click=app.quit]x[/]") >= 9
        assert "\u202e" not in everything(r)
        for key in ("pagedown", "pagedown", "pagedown", "i", "escape", "y", "shift+down", "escape"):
            await r.press(key)
            assert harmless(r)
        if size[0] > 100:
            await r.press("g")
            await r.click("x[/]")
        assert r.app.is_running


async def test_hostile_changes(radio):
    from tests.ui.test_reader import CHANGES

    changes = replace(CHANGES, title_before=NASTY, added=blocks(NASTY), removed=blocks(NASTY))
    async with radio(companion=staged("Text.", changes=changes)) as r:
        await opened(r)
        await r.press("c")
        assert r.text.count("[@click=app.quit]x[/]") >= 3
        assert harmless(r)


async def test_only_links_to_the_web_are_listed(radio, pages):
    async with radio(companion=staged(LINKS)) as r:
        await opened(r)
        assert [link.url for link in r.main.reader.links] == [
            "https://example.org/%2e?q=a%26b",
            "https://example.org/')+app.quit('",
            "https://example.org/raven.jpg",
        ]


def test_words_without_their_marks():
    assert [words_of(block) for block in blocks("A *new* [link](https://e.org/)\n\n- item")] == [
        "A new link[1]",
        "item",
    ]
