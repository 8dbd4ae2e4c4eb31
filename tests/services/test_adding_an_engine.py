"""docs/adding-an-engine.md, followed: its engine is registered and keeps the contract."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest

from radiotui.audio.engine import Engine, EngineEntry
from radiotui.audio.registry import (
    AUTO,
    engine_entries,
    engine_reports,
    make_engine,
    registered,
)
from radiotui.config import EngineName
from tests.ears import WAITS, Clip, Notes, no_threads_left
from tests.sounds import encode

PAGE = Path(__file__).parents[2] / "docs" / "adding-an-engine.md"


@pytest.fixture(scope="module")
def entry() -> EngineEntry:
    code = re.search(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert code is not None
    module = ModuleType("hasty")
    exec(compile(code[1], str(PAGE), "exec"), module.__dict__)
    entry = module.ENTRY
    assert isinstance(entry, EngineEntry)
    return entry


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def engine(entry: EngineEntry, notes: Notes) -> Iterator[Engine]:
    with registered(entry):
        engine, problem = make_engine(entry.name, notes)
        assert problem is None
        yield engine
        engine.close()
    assert no_threads_left()


def test_it_is_made_and_reported_by_its_name(entry: EngineEntry, notes: Notes):
    with registered(entry):
        assert entry in engine_entries()
        reports = {report.name: report for report in engine_reports()}
        assert reports["hasty"].works
        assert reports["hasty"].says == "decodes and hears nothing"
        automatic, _ = make_engine(AUTO, notes)
        automatic.close()
        assert automatic.name != "hasty"
    assert entry not in engine_entries()


def test_a_clip_is_started_once_and_ended_once(engine: Engine, notes: Notes):
    source = Clip(encode("mp3", 0.6), "mp3")
    engine.play(source, play_id=7)
    notes.wait_for(7, "ended")
    assert notes.told == [(7, "started"), (7, "ended")]
    assert source.closed.wait(WAITS)
    assert 0.5 < engine.position < 1.0


def test_garbage_fails_and_stop_wakes_a_read(engine: Engine, notes: Notes):
    engine.play(Clip(b"no sound at all" * 1000, "mp3"), play_id=1)
    assert notes.wait_for(1, "failed").problem is not None
    waits = Clip(b"", "mp3", live=True)
    engine.play(waits, play_id=2)
    assert waits.waiting.wait(WAITS)
    engine.stop()
    assert waits.closed.is_set()
    assert [kind for play_id, kind in notes.told if play_id == 2] == []


def test_every_engine_can_be_named_in_the_settings():
    assert {entry.name for entry in engine_entries()} | {AUTO} == set(get_args(EngineName))
