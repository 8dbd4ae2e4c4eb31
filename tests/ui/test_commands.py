"""The table of commands: by key, by palette, in help, and remapped."""

import importlib
import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from textual.widgets import OptionList

from radiotui.app.command import FEED_ROWS, STATION_ROWS, Situation
from radiotui.app.commands import BY_ID, COMMANDS, MAIN_COMMANDS, SURFACES
from radiotui.app.intents import Intent
from radiotui.app.refusals import refusal
from radiotui.config import Settings
from radiotui.player.queue import QueueItem
from radiotui.problems import Problem
from radiotui.recording.model import Recording
from radiotui.ui import dialogs
from radiotui.ui.app import RadioApp
from radiotui.ui.commands.key_words import keys_words
from radiotui.ui.commands.keymap import (
    APP_ACTIONS,
    app_bindings,
    keys_of,
    main_bindings,
    read_keymap,
    surfaces_of,
)
from radiotui.ui.commands.keys import KEYS
from radiotui.ui.commands.readme import ROWS, with_table
from radiotui.ui.kit.modal import KeyedModal
from radiotui.ui.kit.row_list import RowList
from radiotui.ui.palette import CommandProvider
from radiotui.ui.screens.actions import ACTIONS
from radiotui.ui.screens.main import MainScreen
from tests.ui.stage import KJZZ, KUNM, NOW, Staged, playing
from tests.ui.textual_private import keep_toasts

FULL = Situation("stories", *[True] * (len(Situation.__struct_fields__) - 1))


def test_ids_are_unique():
    assert len(BY_ID) == len(COMMANDS)


@pytest.mark.parametrize("surface", SURFACES)
def test_no_two_commands_are_on_one_key_of_a_surface(surface):
    keys = [
        key
        for command in COMMANDS
        if surface in surfaces_of(command)
        for key in KEYS[command.id].split(",")
    ]
    assert len(keys) == len(set(keys))


def test_every_command_has_a_key_a_surface_and_an_action_that_is_there():
    assert set(KEYS) == set(BY_ID)
    assert all(surfaces_of(command) for command in COMMANDS)
    bound = {binding.id for binding in (*app_bindings(), *main_bindings())}
    assert bound == {command.id for command in MAIN_COMMANDS}
    with_intent = {command.id for command in COMMANDS if command.intent is not None}
    assert set(ACTIONS) | with_intent == bound - set(APP_ACTIONS)
    assert set(ACTIONS) & with_intent == {"player.pause", "player.even", "player.ads"}
    for action in APP_ACTIONS.values():
        assert callable(getattr(RadioApp, f"action_{action}"))


def sheets() -> list[type[KeyedModal[object]]]:
    """Every sheet of the program that has keys of its own."""
    for path in sorted(Path(dialogs.__path__[0]).glob("*.py")):
        importlib.import_module(f"radiotui.ui.dialogs.{path.stem}")
    classes: list[type[KeyedModal[object]]] = [KeyedModal]
    for sheet in classes:
        classes += sheet.__subclasses__()
    return [sheet for sheet in classes if "BINDINGS" in vars(sheet)]


@pytest.mark.parametrize("sheet", sheets(), ids=lambda sheet: sheet.__name__)
def test_every_key_of_a_sheet_is_a_command_and_has_an_action(sheet):
    for binding in sheet.BINDINGS:
        assert binding.key == KEYS[binding.id]
        name = binding.action.partition("(")[0]
        assert name.startswith("app.") or callable(getattr(sheet, f"action_{name}")), binding.id


def test_every_command_of_a_sheet_is_bound_somewhere():
    surfaces: list[Any] = [*sheets(), RowList]
    bound = {binding.id for sheet in surfaces for binding in sheet.BINDINGS}
    sheet_ids = {command.id for command in COMMANDS} - {command.id for command in MAIN_COMMANDS}
    assert bound - {None} == sheet_ids | {"list.choose"}


def test_every_command_makes_sense_somewhere_and_words_are_short():
    for command in COMMANDS:
        assert command.when(FULL) or command.when(Situation("air", tuned=True, streams=True))
        assert len(command.help or command.title) <= 36, command.id


async def test_every_key_reaches_its_command(radio, monkeypatch):
    ran: list[str] = []
    for command_id, action in APP_ACTIONS.items():
        monkeypatch.setattr(
            RadioApp, f"action_{action}", lambda _, ran_id=command_id: ran.append(ran_id)
        )
    monkeypatch.setattr(MainScreen, "action_do", lambda _, ran_id: ran.append(ran_id))
    monkeypatch.setattr(MainScreen, "situation", FULL)
    async with radio() as r:
        await r.tell(playing())
        for command in MAIN_COMMANDS:
            # A list answers arrows and Enter itself; where nothing takes them they are the table's.
            r.main.set_focus(None)
            r.main.pane = "air" if command.context == STATION_ROWS else "stories"
            keys = KEYS[command.id].split(",")
            ran.clear()
            for key in keys:
                await r.pilot.press(key)
            await r.pilot.pause()
            assert ran == [command.id] * len(keys)


WITH_CONDITION = [command for command in MAIN_COMMANDS if not command.when(Situation("story"))]


def test_every_command_that_can_be_refused_has_a_reason_of_its_own():
    assert len(WITH_CONDITION) > 25
    for command in WITH_CONDITION:
        reason = refusal(command, Situation("story"))
        assert reason, command.id
        assert command.title not in reason, command.id
        assert all(KEYS[name] for name in re.findall(r"\{([a-z_.]+)\}", reason))
        assert refusal(command, replace(FULL, pane="stories")) == ""


async def test_a_key_that_can_do_nothing_says_why(radio, monkeypatch):
    keep_toasts(monkeypatch)
    async with radio(companion=Staged((KUNM,))) as r:
        refused = [command for command in MAIN_COMMANDS if refusal(command, r.main.situation)]
        assert {command.id for command in refused} >= {"player.stop", "tape.live", "story.find"}
        for command in refused:
            r.app.clear_notifications()
            # On a station its key is another command's.
            r.main.go_to("stories" if command.context == FEED_ROWS else "air")
            await r.press(KEYS[command.id].partition(",")[0])
            reason = r.main.with_keys(refusal(command, r.main.situation))
            await r.until(reason.partition(" · ")[0])
            assert "{" not in reason
        assert r.app.screen is r.main


@pytest.mark.parametrize(
    ("size", "keys", "words"),
    [
        ((120, 36), ("escape",), "There is nothing to go back from · q quits"),
        ((60, 16), ("z",), "There is room for one pane only"),
        ((120, 36), ("2", "enter", "shift+up"), "This is the newest story here"),
        ((120, 36), ("2", "G", "enter", "shift+down"), "This is the last story here"),
    ],
)
async def test_where_nothing_follows_that_is_said(radio, size, keys, words):
    async with radio(*size) as r:
        await r.press(*keys)
        assert words in r.text


@pytest.mark.parametrize("key", ["q", "ctrl+c", "ctrl+q"])
async def test_every_key_that_quits_asks_the_same_while_something_is_recorded(
    radio, monkeypatch, key
):
    ended: list[bool] = []
    monkeypatch.setattr(RadioApp, "exit", lambda _: ended.append(True))
    async with radio() as r:
        running = Recording(1, "knau", "news", "KNAU", "Fresh Air", NOW)
        await r.tell(playing(recordings=(running,)))
        await r.press(key)
        assert "End Fresh Air and quit?" in r.text
        assert "What has come of it is kept." in r.text
        await r.press("n")
        assert (r.app.screen is r.main, ended) == (True, [])
        await r.press(key, "enter")
        assert ended == [True]


@pytest.mark.parametrize("key", ["q", "ctrl+c", "ctrl+q"])
async def test_every_key_that_quits_does_so_at_once_where_nothing_runs(radio, monkeypatch, key):
    ended: list[bool] = []
    monkeypatch.setattr(RadioApp, "exit", lambda _: ended.append(True))
    async with radio() as r:
        await r.press(key)
        assert ended == [True]


async def test_two_equal_notes_are_one(radio):
    async with radio() as r:
        await r.press("U", "U", "U")
        assert r.text.count("There is nothing to undo") == 1
        await r.tell(Problem("no route"), Problem("no route"), Problem("no door"))
        assert (r.text.count("no route"), r.text.count("no door")) == (1, 1)


async def found(r, query: str = "") -> dict[str, Any]:
    provider = CommandProvider(r.main)
    hits = provider.search(query) if query else provider.discover()
    return {str(hit.text): hit async for hit in hits}


async def test_every_command_is_found_by_typing(radio, monkeypatch):
    monkeypatch.setattr(MainScreen, "situation", FULL)
    async with radio() as r:
        for command in MAIN_COMMANDS:
            if command.id != "app.palette":
                hits = await found(r, command.title)
                assert command.title in hits


async def test_the_palette_runs_a_command(radio):
    async with radio() as r:
        await r.press("ctrl+p", *"mute")
        await r.pilot.pause(0.3)
        await r.press("enter")
        assert ("mute",) in r.companion.asked
        assert "♪ muted" in r.player


async def test_the_palette_tunes_to_any_stream(radio):
    async with radio() as r:
        hits = await found(r, "kjzz jazz")
        hits["Tune to KJZZ Phoenix · Jazz"].command()
        await r.settle()
        assert ("play", "kjzz", "jazz") in r.companion.asked


async def test_the_palette_offers_only_what_makes_sense(radio):
    async with radio(companion=Staged((KJZZ,))) as r:
        assert "Stop" not in await found(r)
        await r.tell(playing())
        assert "Stop" in await found(r)


async def test_the_palette_speaks_no_markup(radio):
    from msgspec.structs import replace

    nasty = replace(KJZZ, name="[/] [@click=app.quit]x[/]")
    async with radio(companion=Staged((nasty,))) as r:
        await r.press("ctrl+p", *"tune to")
        await r.pilot.pause(0.3)
        options = r.app.screen.query_one(OptionList).options
        assert any("[/] [@click=app.quit]x[/]" in str(option.prompt) for option in options)


async def test_help_shows_every_command_and_goes_away(radio):
    async with radio(120, 224) as r:
        await r.press("?")
        for command in COMMANDS:
            words = command.help or command.title
            keys = keys_words(KEYS[command.id])
            # Nothing but space between them: the other column has keys of its own.
            line = re.compile(rf"{re.escape(keys)}\s+{re.escape(words)}(\s|$)")
            assert any(line.search(row) for row in r.lines), command.id
        await r.press("q")
        assert "Keys" not in r.text
        assert r.app.is_running


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 16)])
async def test_help_can_be_read_to_its_end(radio, size):
    async with radio(*size) as r:
        await r.press("?", "G")
        assert COMMANDS[-1].id == "help.close"
        assert keys_words(KEYS["help.close"]) in r.text
        await r.press("g")
        at = next(n for n, row in enumerate(r.lines) if "Pause, and go on" in row)
        if "next word" not in r.lines[at]:
            # What does not fit goes on in its own column, not beneath the keys.
            assert r.lines[at + 1].index("word") == r.lines[at].index("Pause")
        await r.press("down", "up", "escape")
        assert "● " in r.text or "KNAU" in r.text


async def test_the_keymap_of_the_settings(radio):
    settings = Settings(keys={"player.pause": "f6", "story.next": "space, ctrl+n"})
    async with radio(companion=Staged(settings=settings)) as r:
        await r.press("enter", "f6")
        assert ("toggle",) in r.companion.asked
        assert "f6 resume" in r.lines[-1]
        await r.press("2", "space")
        assert "2 of 8" in r.pane("story")
        await r.press("?")
        assert "space, ctrl+n" in r.text


async def test_a_wrong_keymap_says_what_is_wrong_and_the_rest_is_obeyed(radio):
    settings = Settings(keys={"player.paus": "p", "player.stop": "f6", "player.mute": "q"})
    async with radio(companion=Staged(settings=settings)) as r:
        assert "there is no command 'player.paus'" in r.text
        assert "did you mean player.pause?" in r.text
        assert "'q' is already app.quit" in r.text
        await r.press("enter", "f6")
        assert ("stop",) in r.companion.asked


def test_a_keymap_may_swap_two_keys():
    keymap, problems = read_keymap({"player.stop": "space", "player.pause": "x"})
    assert not problems
    assert keys_of("player.stop", keymap) == "space"
    assert keys_of("player.pause", keymap) == "x"


def test_a_keymap_may_use_characters():
    keymap, problems = read_keymap({"player.mute": "?,!", "app.help": "f6"})
    assert not problems
    assert keymap == {"player.mute": "question_mark,exclamation_mark", "app.help": "f6"}


def test_a_key_that_is_taken_stays_with_its_command():
    keymap, problems = read_keymap({"player.mute": "q,f6"})
    assert keymap == {"player.mute": "f6"}
    assert len(problems) == 1


async def test_a_command_whose_keys_all_went_to_others_has_none_and_hints_say_so(radio):
    settings = Settings(keys={"stories.undo": "q", "player.mute": "U", "feed.add": "q,a"})
    keymap, problems = read_keymap(settings.keys)
    assert len(problems) == 2
    assert keys_of("stories.undo", keymap) == ""
    assert keys_of("feed.add", keymap) == "a"
    async with radio(companion=Staged(settings=settings)) as r:
        await r.press("2", "G", "A")
        assert "“Undo marking read” in the menu" in r.text
        await r.press("U")
        assert ("mute",) in r.companion.asked


async def test_a_list_and_a_story_name_no_key_where_there_is_none(radio):
    keys = {"stories.refresh": "q", "story.page": "q", "player.mute": "ctrl+r,o"}
    companion = Staged(settings=Settings(keys=keys))
    companion.bodies |= {1: "", 2: ""}
    async with radio(companion=companion) as r:
        old = replace(r.main.story_list, problem=Problem("no route"), refreshed_at=NOW)
        await r.tell(old)
        await r.press("2")
        pane = " ".join(r.pane("stories").replace("│", "").split())
        assert "These were kept just now. “Refresh” in the menu asks again." in pane
        await r.press("enter")
        words = " ".join(r.pane("story").replace("│", "").split())
        assert "no text for this story. “Open in the browser” in the menu opens the page." in words
        # A story that has no page is not said to have one.
        r.main.headline = replace(r.main.headline, link=None)
        await r.settle()
        words = " ".join(r.pane("story").replace("│", "").split())
        assert "The feed brings no text for this story." in words
        assert "opens the page" not in words


def test_an_empty_keymap_entry_changes_nothing():
    assert read_keymap({"player.mute": " "}) == ({}, [])


async def test_the_footer_is_clicked(radio):
    async with radio() as r:
        await r.press("enter")
        await r.click("x stop")
        assert ("stop",) in r.companion.asked
        await r.click("? help")
        assert "Keys" in r.text


def test_the_readme_has_the_table_of_keys():
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert with_table(readme) == readme


def test_the_readme_leaves_no_command_out():
    in_table = {command_id for ids, _ in ROWS for command_id in ids.split()}
    # The arrow keys explain themselves.
    assert in_table == {command.id for command in MAIN_COMMANDS} - {"move.up", "move.down"}


async def test_a_sheets_key_is_changed_with_its_hint_its_help_and_its_effect(radio):
    settings = Settings(keys={"newscast.play": "w", "newscast.remove": "z", "sheet.close": "b"})
    story = QueueItem(key="1", url="https://example.org/1.mp3", title="Snow")
    async with radio(120, 150, companion=Staged(settings=settings)) as r:
        await r.tell(playing(queue=(story,)))
        await r.press("E")
        assert "z take out" in r.text
        assert "b closes" in r.text
        await r.press("p")
        assert ("play_newscast",) not in r.companion.asked
        await r.press("w")
        assert ("play_newscast",) in r.companion.asked
        await r.press("b", "?")
        line = next(row for row in r.lines if "Hear it from its beginning" in row)
        assert " w " in line


async def test_words_name_the_key_that_is_set(radio):
    keys = {
        "story.queue": "f6",
        "story.listen": "ctrl+l",
        "feed.add": "ctrl+a",
        "list.choose": "f5",
    }
    async with radio(companion=Staged(settings=Settings(keys=keys))) as r:
        assert "f5 tunes to a station" in r.player
        await r.press("E")
        assert "f6 on a story puts it in, Q in front, ctrl+l hears it at once" in r.text
        await r.press("E", "F")
        assert "esc, then ctrl+a adds one of your own" in r.text


def test_a_sheets_key_may_be_a_key_of_the_main_screen():
    keymap, problems = read_keymap({"newscast.play": "x", "titles.star": "space"})
    assert problems == []
    assert keymap == {"newscast.play": "x", "titles.star": "space"}


def test_a_key_is_refused_that_means_something_else_on_one_of_the_sheets():
    keymap, problems = read_keymap({"sheet.close": "p,f5", "newscast.remove": "j"})
    assert keymap == {"sheet.close": "f5"}
    assert ["newscast.play" in str(problems[0]), "sheet.down" in str(problems[1])] == [True, True]


async def test_a_key_is_two_calls_from_the_door(radio, monkeypatch):
    ways: list[list[str]] = []
    do = Staged.do

    def traced(self: Staged, intent: Intent) -> None:
        ways.append([frame.function for frame in inspect.stack(context=0)])
        do(self, intent)

    monkeypatch.setattr(Staged, "do", traced)
    async with radio() as r:
        await r.tell(playing(position=100.0, tape_end=300.0))
        ways.clear()
        await r.press("left")
    (way,) = ways
    # With the player's five (test_player_frames) they are seven from a key to the engine.
    assert way[way.index("traced") + 1] == "action_do"
