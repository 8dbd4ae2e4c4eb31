"""The registry of schedule sources: options, and the questions each can be asked."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from radiotui.guide.sources.answer import DayQuestion, NowQuestion
from radiotui.problems import Problem, ProblemKind
from radiotui.stations.schedule_sources import SCHEDULE_SOURCES, SourceOptions
from radiotui.text import nearest


@dataclass(frozen=True, slots=True)
class ScheduleSourceType:
    """A kind of source: a line of ``SCHEDULE_SOURCES`` and the module of the same name here."""

    name: str
    options: SourceOptions
    now: NowQuestion
    day: DayQuestion | None
    """None where the service tells no whole day."""


def source_type(name: str) -> ScheduleSourceType:
    """The source ``name``; its module is loaded with the first question. Raises Problem."""
    options = SCHEDULE_SOURCES.get(name)
    if options is None:
        raise _unknown(name)
    module = import_module(f"{__package__}.{name}")
    return ScheduleSourceType(name, options, module.now, getattr(module, "day", None))


def _unknown(name: str) -> Problem:
    names = list(SCHEDULE_SOURCES)
    match = nearest(name, names)
    hint = f"did you mean {match}?" if match else f"there are: {', '.join(names)}"
    return Problem(f"there is no schedule source {name!r}", hint, kind=ProblemKind.USAGE)
