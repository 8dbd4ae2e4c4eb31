"""The screen's own rules: who may do what, how long things get, what the first paint loads."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

UI = Path(__file__).parents[2] / "radiotui" / "ui"
FILES = sorted(UI.rglob("*.py"))
WIDGETS = [
    UI / "widgets" / name
    for name in (
        "key_bar.py",
        "lists/on_air.py",
        "lists/stories.py",
        "player/player_bar.py",
        "reader/reader.py",
    )
]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def attributes(path: Path) -> set[str]:
    """Names that are looked up on something, as "self.app"."""
    return {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }


def called(node: ast.Call) -> str:
    """The last name of what is called."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def calls(path: Path) -> list[ast.Call]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(UI)))
def test_files_and_functions_stay_short(path):
    most = 200 if path in WIDGETS else 400
    assert len(path.read_text().splitlines()) <= most
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 40, node.name


@pytest.mark.parametrize("path", WIDGETS, ids=lambda path: path.name)
def test_widgets_ask_nobody(path):
    assert not attributes(path) & {"self.app", "self.screen", "self.parent", "self.query_one"}
    asked = {called(node) for node in calls(path)}
    assert not asked & {"query", "query_one", "query_ancestor", "notify", "push_screen"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(UI)))
def test_threads_are_the_services_business(path):
    assert "call_from_thread" not in path.read_text()
    for node in calls(path):
        given = {keyword.arg for keyword in node.keywords}
        assert "thread" not in given
        if called(node) in {"work", "run_worker"}:
            assert {"group", "exit_on_error"} <= given, "a worker has a name and a catch"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(UI)))
def test_no_words_are_read_as_markup(path):
    assert "from_markup" not in path.read_text()
    for node in calls(path):
        if called(node) in {"Static", "Label", "notify"}:
            given = {keyword.arg: keyword.value for keyword in node.keywords}
            markup = given.get("markup")
            assert isinstance(markup, ast.Constant)
            assert markup.value is False


def test_words_that_are_clicked_run_commands_of_the_table():
    from radiotui.app.commands import BY_ID

    actions = [
        node.value
        for path in FILES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.startswith("screen.")
    ]
    clicked = [action for action in actions if action != "screen.do('"]
    assert len(clicked) > 5
    for action in clicked:
        assert action.removeprefix("screen.do('").removesuffix("')") in BY_ID


FIRST_PAINT = """
import asyncio
import sys
from pathlib import Path
from radiotui.cli.screen_arguments import plain_arguments
from radiotui.app.companion import Companion, Options
from radiotui.config import Folders
from radiotui.ui.app import RadioApp
from radiotui.ui.screens import furnishing

def observe(screen):
    # What the first screen does without follows once it is drawn.
    app.after_first_paint = set(sys.modules)
    app.exit()

class Closed(Companion):
    async def open(self, *, screen=True, radio=True, player=True):
        await asyncio.Event().wait()

furnishing.furnish = observe

folder = Path(sys.argv[1])
(folder / "list.toml").write_text(
    '[[station]]\\nid = "a"\\nname = "A"\\n[[station.stream]]\\nid = "b"\\nurl = "https://a.example"\\n'
)
arguments = plain_arguments(["--stations", str(folder / "list.toml")])
companion = Closed(Options(stations=arguments.stations, folders=Folders(folder)))
companion.load()
app = RadioApp(companion)
app.run(headless=True, size=(120, 36))
print(*app.after_first_paint)
"""

NOT_ON_THE_FIRST_SCREEN = """
argparse httpx sqlite3 av vlc miniaudio feedparser webbrowser markdown_it json lxml
trafilatura PIL textual_image logging.handlers textual.widgets._markdown
textual.widgets._data_table

radiotui.app.airings radiotui.app.alarms radiotui.app.belongings radiotui.app.finding
radiotui.app.found_results radiotui.app.history radiotui.app.mark_actor radiotui.app.mark_timers
radiotui.app.marks radiotui.app.own_stations radiotui.app.recordings radiotui.app.refusals
radiotui.app.services radiotui.app.session radiotui.app.station_pictures radiotui.app.stories
radiotui.audio radiotui.cli.usage radiotui.directories radiotui.feeds radiotui.guide.sources
radiotui.marks radiotui.net.client radiotui.player.player radiotui.search
radiotui.stations.toml_positions radiotui.store radiotui.stories.service

radiotui.documents radiotui.ui.dialogs radiotui.ui.kit.browser
radiotui.ui.palette radiotui.ui.screens.actions radiotui.ui.screens.later_style
radiotui.ui.screens.list_actions
radiotui.ui.screens.pane_actions radiotui.ui.screens.station_actions
radiotui.ui.screens.station_picture radiotui.ui.screens.tape_actions
radiotui.ui.widgets.reader.blocks radiotui.ui.widgets.reader.reader
radiotui.ui.widgets.reader.picture radiotui.ui.widgets.reader.story_body
"""


def test_the_first_paint_loads_only_what_it_shows(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-c", FIRST_PAINT, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    modules = done.stdout.split()
    assert "radiotui.ui.widgets.lists.on_air" in modules
    assert [name for name in NOT_ON_THE_FIRST_SCREEN.split() if name in modules] == []
    # A module costs about half a millisecond. Where one more is drawn, another can be later.
    assert len([name for name in modules if name.startswith("radiotui.")]) <= 95


def test_frozen_values_are_structs():
    # Each dataclass costs over a millisecond before the first paint: docs/decisions/structs.md.
    for path in UI.parent.rglob("*.py"):
        assert "@dataclass(frozen=True, slots=True" not in path.read_text(), path


ROOMS_OF_WORDS = ("ui", "app", "cli", "player")


def test_there_is_one_dash():
    for path in (path for room in ROOMS_OF_WORDS for path in (UI.parent / room).rglob("*.py")):
        nodes = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Constant)]
        words = [node.value for node in nodes if isinstance(node.value, str)]
        assert not [word for word in words if "–" in word], f"{path}: it is text.DASH"
