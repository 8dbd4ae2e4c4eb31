"""The pages on adding a command and a sheet, followed to the letter in a copy of the package."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STEP = re.compile(
    r"^(?:In `(?P<old>[^`]+)`, instead of `(?P<line>[^`]+)`|A new file, `(?P<new>[^`]+)`):\n\n"
    r"```python\n(?P<code>.*?)```",
    re.MULTILINE | re.DOTALL,
)


@pytest.fixture
def follow(tmp_path: Path):
    """Do what a page says, then run a script with the package that comes of it."""

    def follow(page: str, script: str) -> str:
        package = tmp_path / "radiotui"
        shutil.copytree(ROOT / "radiotui", package, ignore=shutil.ignore_patterns("__pycache__"))
        (tmp_path / "assets").symlink_to(ROOT / "assets")
        steps = list(STEP.finditer((ROOT / "docs" / page).read_text()))
        assert steps
        for step in steps:
            if step["new"]:
                (package / step["new"]).write_text(step["code"])
                continue
            file = package / step["old"]
            text = file.read_text()
            assert text.count(step["line"]) == 1, step["line"]
            # A page shows whole lines or the beginning of one.
            code = step["code"].removesuffix("\n")
            file.write_text(text.replace(step["line"], code))
        env = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
        done = subprocess.run(
            [sys.executable, "-c", script], env=env, cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return follow


def test_a_command_is_added_as_its_page_says(follow):
    shown = follow(
        "adding-a-command.md",
        """
import asyncio
from radiotui.player.intents import GoToMiddle
from radiotui.player.moves import move
from radiotui.ui.app import RadioApp
from tests.ui.stage import Staged, playing

state = playing(position=100.0, tape_start=0.0, tape_end=300.0)
moved, _ = move(state, GoToMiddle())

async def main():
    companion = Staged()
    app = RadioApp(companion)
    async with app.run_test(size=(120, 36)) as pilot:
        companion.tell(state)
        await pilot.pause()
        await pilot.press("w")
        await pilot.pause()
        print(moved.current.position, companion.asked[-1])

asyncio.run(main())
""",
    )
    assert shown == "150.0 ('GoToMiddle',)"


def test_a_sheet_is_added_as_its_page_says(follow):
    shown = follow(
        "adding-a-sheet.md",
        """
import asyncio
from radiotui.ui.app import RadioApp
from radiotui.ui.dialogs.tuned import TunedScreen
from textual.widgets import Static
from tests.ui.stage import Staged, playing

async def main():
    companion = Staged()
    app = RadioApp(companion)
    async with app.run_test(size=(120, 36)) as pilot:
        companion.tell(playing())
        await pilot.pause()
        await pilot.press("I")
        await pilot.pause()
        print(isinstance(app.screen, TunedScreen), app.screen.query_one(Static).content)
        await pilot.press("enter")
        await pilot.pause()
        print(app.screen is app.main)

asyncio.run(main())
""",
    )
    assert shown.splitlines() == ["True KNAU Arizona Public Radio", "True"]
