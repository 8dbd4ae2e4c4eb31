"""What others wrote is shown as text, does nothing, and sends nothing to the terminal."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from radiotui.guide.model import OnAir, Programme, Song
from radiotui.problems import Problem
from radiotui.stations.model import StationList
from radiotui.stories.model import StationSection, StoryList
from radiotui.ui.screens import story_actions
from tests.ui.stage import KNAU, NOW, at, headlines, playing

NASTY = "[/] [@click=app.quit]x[/] [b]bold[/b] $error \x1b[31mred\x1b]0;mine\x07\u202eevil\x9b2J"
SHOWN = "[/] [@click=app.quit]x[/]"


def sent(r) -> str:
    """What the terminal would be sent."""
    console = r.app.console
    return "".join(strip.render(console) for strip in r.strips)


def harmless(r) -> bool:
    raw = sent(r)
    return not any(bad in raw for bad in ("\x1b]0;", "\x07", "\u202e", "\x9b", "\x1b[31mred"))


async def test_titles_of_a_stream(radio):
    async with radio() as r:
        await r.tell(
            playing(title=NASTY, station_name=NASTY, stream_name=NASTY, codec=NASTY),
            OnAir("knau", "news", Programme(NASTY, at(15), at(17), host=NASTY), Programme(NASTY)),
        )
        assert r.player.count(SHOWN) >= 3
        assert harmless(r)
        await r.click("x[/]")
        assert r.app.is_running


async def test_a_song_of_the_playlist(radio):
    async with radio() as r:
        song = OnAir("knau", "news", Programme("Jazz"), song=Song(NASTY, NASTY))
        await r.tell(song, playing(title=None))
        assert SHOWN in r.player
        assert harmless(r)


@pytest.mark.parametrize("size", [(120, 36), (60, 16)])
async def test_names_of_stations(radio, size):
    async with radio(*size) as r:
        streams = tuple(replace(stream, name=NASTY) for stream in KNAU.streams)
        nasty = replace(KNAU, name=NASTY, group=NASTY, city=NASTY, streams=streams)
        await r.tell(StationList((nasty,)))
        assert SHOWN in r.pane("air")
        assert harmless(r)
        await r.click("x[/]")
        assert r.app.is_running


async def test_titles_and_text_of_a_story(radio):
    async with radio() as r:
        nasty = replace(headlines()[0], title=NASTY, link="javascript:alert(1)")
        r.companion.bodies[1] = f"Before {NASTY} after"
        await r.tell(StoryList(StationSection("knau"), (nasty,), refreshed_at=NOW))
        assert SHOWN in r.pane("stories")
        await r.press("2", "enter")
        assert r.pane("story").count("[@click=app.quit]x") == 2
        assert harmless(r)
        for word in ("x[/]", "Before"):
            await r.click(word)
        assert r.app.is_running


async def test_problems(radio):
    async with radio() as r:
        nasty = Problem(NASTY, NASTY, NASTY)
        await r.tell(
            nasty,
            StoryList(StationSection("knau"), problem=nasty),
            playing(problem=nasty, off_air=True),
        )
        assert SHOWN in r.text
        assert harmless(r)


async def test_the_problem_of_a_story(radio):
    async with radio() as r:
        nasty = Problem(NASTY, NASTY, NASTY)
        story_actions.open_story(r.main, headlines()[0])
        await r.settle()
        r.main.story = nasty
        await r.settle()
        assert "[@click=app.quit]x[/]" in r.pane("story")
        assert harmless(r)


LINKS = """
[web](https://example.org/%2e?q=a%26b) and
[script](javascript:alert(1)) and [file](file:///etc/passwd) and [data](data:text/html,x) and
[mail](mailto:x@example.org) and [quit](app.quit) and [quote](<https://example.org/')+app.quit('>)
and <b>tags</b> and <script>alert(1)</script> and ![A raven](https://example.org/raven.jpg)
"""


async def test_links_lead_to_the_web_only(radio, monkeypatch):
    pages: list[str] = []

    async def open_page(url: str) -> None:
        pages.append(url)

    monkeypatch.setattr("radiotui.ui.kit.browser.open_page", open_page)
    async with radio(120, 50) as r:
        r.companion.bodies[1] = LINKS
        await r.press("2", "enter")
        for word in ("script]", "file]", "data]", "mail]", "quit]"):
            await r.click(word)
        assert pages == []
        assert r.app.is_running
        await r.click("web")
        await r.click("quote")
        await r.click("[picture:")
        assert pages == [
            "https://example.org/%2e?q=a%26b",
            "https://example.org/')+app.quit('",
            "https://example.org/raven.jpg",
        ]
        assert "<b>tags</b>" in r.pane("story")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "app.quit", ""])
async def test_only_web_addresses_are_opened(url):
    from radiotui.ui.kit.browser import open_page

    problem = await open_page(url)
    assert problem is not None
    assert "not a web address" in problem.title


async def test_nothing_of_the_current_folder_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from radiotui.ui.kit.browser import open_page

    for name in ("webbrowser", "shlex", "subprocess", "threading", "os"):
        (tmp_path / f"{name}.py").write_text(f"open('ran-{name}', 'w')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", "")
    monkeypatch.setenv("BROWSER", "true")
    assert await open_page("https://knau.org/") is None
    assert list(tmp_path.glob("ran-*")) == []
