"""The registry of schedule sources: options, and the questions each can be asked."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

import msgspec

from radiotui.guide.sources.answer import DayQuestion, NowQuestion, Push
from radiotui.problems import Problem, ProblemKind
from radiotui.stations.model import ScheduleSource, Station
from radiotui.stations.schedule_sources import SCHEDULE_SOURCES, SourceOptions
from radiotui.text import nearest


class ScheduleSourceType(msgspec.Struct, frozen=True):
    """A kind of source: a line of ``SCHEDULE_SOURCES`` and the module of the same name here."""

    name: str
    options: SourceOptions
    now: NowQuestion
    day: DayQuestion | None
    """None where the service tells no whole day."""
    push: Push | None
    """None where the service sends nothing by itself."""


def source_type(name: str) -> ScheduleSourceType:
    """The source ``name``; its module is loaded with the first question. Raises Problem."""
    options = SCHEDULE_SOURCES.get(name)
    if options is None:
        raise _unknown(name)
    module = _module(name)
    return ScheduleSourceType(
        name, options, module.now, getattr(module, "day", None), getattr(module, "push", None)
    )


def push_of(source: ScheduleSource) -> Push | None:
    """The way to listen to a source; None where it does not push, or there is no such source."""
    return source_type(source.source).push if source.source in SCHEDULE_SOURCES else None


def source_key(station: Station, source: ScheduleSource) -> str:
    """The identity of a source: one question is enough for all that have the same.

    The station's zone is part of it: some sources write the time on the station's wall.
    """
    return msgspec.json.encode((source.source, sorted(source.options), station.timezone)).decode()


def load_sources() -> None:
    """Load every source's module: some hundredths of a second, for a thread."""
    for name in SCHEDULE_SOURCES:
        _module(name)


def sources_of_address(url: str) -> list[ScheduleSource]:
    """The sources that tell the schedule of a stream at ``url``. Loads every source's module."""
    finders = [getattr(_module(name), "of_address", None) for name in SCHEDULE_SOURCES]
    return [source for finder in finders if finder and (source := finder(url)) is not None]


def sources_of_page(url: str, markup: str) -> list[ScheduleSource]:
    """The sources that a station's homepage uses itself; run it in a thread."""
    finders = [getattr(_module(name), "of_page", None) for name in SCHEDULE_SOURCES]
    return [source for finder in finders if finder and (source := finder(url, markup)) is not None]


def _module(name: str) -> ModuleType:
    return import_module(f"{__package__}.{name}")


def _unknown(name: str) -> Problem:
    names = list(SCHEDULE_SOURCES)
    match = nearest(name, names)
    hint = f"did you mean {match}?" if match else f"there are: {', '.join(names)}"
    return Problem(f"there is no schedule source {name!r}", hint, kind=ProblemKind.USAGE)
