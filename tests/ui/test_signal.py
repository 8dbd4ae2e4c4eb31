"""The screen over the real services, with the Test Signal for a station."""

from collections.abc import Callable

import pytest

from radiotui.app.companion import Companion, Options
from radiotui.config import Folders
from radiotui.player.state import PlayState


@pytest.fixture
def companion(tmp_path) -> Companion:
    made = Companion(Options(demo=True, engine="silent", folders=Folders(tmp_path)))
    made.load()
    return made


async def until(r, seen: Callable[[], bool]) -> None:
    """Wait for something that takes the services a while; the runner's own limit ends it."""
    for _ in range(1500):
        if seen():
            return
        await r.pilot.pause(0.02)
    raise AssertionError(f"it did not come:\n{r.text}")


async def test_the_main_job(radio, companion):
    async with radio(companion=companion) as r:
        await until(r, lambda: "unread" in r.pane("stories"))
        await r.pilot.press("enter")
        await until(r, lambda: "● LIVE" in r.player and "♪ " in r.player.splitlines()[3])
        assert "Radiotui Test Signal" in r.player
        assert "no sound: silent engine" in r.player
        await until(r, lambda: "NEXT" in r.player.splitlines()[1])
        await r.pilot.press("space")
        await until(r, lambda: "‖ PAUSED" in r.player)
        await until(r, lambda: "behind" in r.player)
        await r.pilot.press("space")
        await until(r, lambda: "LIVE" in r.player or "BEHIND" in r.player)
        await r.pilot.press("2", "down", "enter")
        await until(r, lambda: " min" in r.pane("story"))
        before = r.pane("stories").partition(" unread")[0][-2:]
        await until(r, lambda: r.main.headline is not None and r.main.headline.read)
        await r.pilot.press("u", "f")
        await until(r, lambda: "★" in r.pane("stories"))
        await until(r, lambda: "● unread" in r.pane("story"))
        assert r.pane("stories").partition(" unread")[0][-2:] >= before
        await r.pilot.press("m", "+", "x")
        await until(r, lambda: "■ STOPPED" in r.player)
        assert companion.player_state.state is PlayState.STOPPED


async def test_the_next_run_goes_on_where_this_one_ended(radio, companion, tmp_path):
    async with radio(companion=companion) as r:
        await until(r, lambda: "unread" in r.pane("stories"))
        await r.pilot.press("down", "down", "enter", "-", "-")
        await until(r, lambda: "Tones" in r.player and "♪ 70%" in r.player)
    again = Companion(Options(demo=True, engine="silent", folders=Folders(tmp_path)))
    again.load()
    async with radio(companion=again) as r:
        await until(r, lambda: "unread" in r.pane("stories"))
        assert r.main.air.highlighted_id == "test-signal/tones"
        await until(r, lambda: "♪ 70%" in r.player)
