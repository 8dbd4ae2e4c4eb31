"""Rules by which a queue is filled, as a listener writes them.

    newest of News Now; unheard of Field Notes, Radiolab; at most 30 minutes; when empty

Parts stand between semicolons. A part with ``newest`` or ``unheard`` is a source; sources are
gone through in their order. ``newest 3 of`` takes up to three of each, ``unheard of all``
every podcast, and ``oldest first`` or ``newest first`` behind the names says which one is first.
Names with a comma or a semicolon stand in double quotes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Literal

import msgspec

from radiotui.problems import Problem, ProblemKind
from radiotui.text import clean, shorten

EXAMPLE = "newest of News Now; unheard of all; at most 30 minutes; when empty"
LONGEST_RULE = 1_000
"""Letters."""
_MOST_CHOSEN = 50
"""Episodes that a rule adds at a time."""
_UNKNOWN_SECONDS = 600.0
"""Length that an episode counts with where its podcast tells none at all."""
_WHEN_EMPTY = "when empty"
_ALL = {"all", "all podcasts", "everything"}
_PART = re.compile(r'(?:"[^"]*"|[^;"])+')
_NAME = re.compile(r'(?:"[^"]*"|[^,"])+')
_SOURCE = re.compile(r"(newest|unheard)(?:\s+(\d{1,3}))?(?:\s+of)?\s+(.+)", re.IGNORECASE)
_LIMIT = re.compile(
    r"(?:at most|up to)\s+(?:(\d{1,3})\s*h(?:ours?)?)?\s*(?:(\d{1,4})\s*m(?:in(?:utes?)?)?)?",
    re.IGNORECASE,
)

Order = Literal["", "newest first", "oldest first"]


class RuleSource(msgspec.Struct, frozen=True):
    """A source of a rule: episodes of some podcasts."""

    kind: Literal["newest", "unheard"]
    names: tuple[str, ...] = ()
    """Titles or addresses, as they were typed; none: every podcast."""
    count: int = 0
    """The most of each podcast; 0: one of the newest, or all that is unheard."""
    order: Order = ""
    """Empty: as the podcast is to be heard."""

    def __str__(self) -> str:
        count = f" {self.count}" if self.count else ""
        names = [f'"{name}"' if set(name) & set(",;") else name for name in self.names]
        return ", ".join(
            [f"{self.kind}{count} of {', '.join(names) or 'all'}", *filter(None, [self.order])]
        )


class QueueRule(msgspec.Struct, frozen=True):
    """A rule, as it was understood; as a text it is what a listener could have typed."""

    sources: tuple[RuleSource, ...]
    minutes: int = 0
    """The most that is waiting after it; 0: no limit."""
    is_automatic: bool = False
    """True where it fills the queue by itself when the last of it is heard."""

    def __str__(self) -> str:
        limit = [f"at most {self.minutes} minutes"] if self.minutes else []
        automatic = [_WHEN_EMPTY] if self.is_automatic else []
        return "; ".join([*map(str, self.sources), *limit, *automatic])


class RuleEpisode(msgspec.Struct, frozen=True):
    """An episode that a rule may choose."""

    entry: int
    """The store's number of it."""
    placed: float
    """The higher, the newer."""
    seconds: float | None = None
    """Length of what is left to be heard of it."""
    is_played: bool = False
    is_queued: bool = False


class RulePodcast(msgspec.Struct, frozen=True):
    """A podcast of a source, with its episodes, the newest first."""

    episodes: tuple[RuleEpisode, ...]
    is_serial: bool = False


def read_rule(typed: str) -> QueueRule:
    """The rule that was typed. Raises Problem where a part of it is not understood."""
    sources: list[RuleSource] = []
    minutes, is_automatic = 0, False
    for part in _PART.findall(" ".join(clean(typed, LONGEST_RULE).split())):
        words = part.strip()
        if words.lower() == _WHEN_EMPTY:
            is_automatic = True
        elif (limit := _LIMIT.fullmatch(words)) and any(limit.groups()):
            minutes = 60 * int(limit[1] or 0) + int(limit[2] or 0)
        elif source := _SOURCE.fullmatch(words):
            sources.append(_source(source))
        elif words:
            raise _unclear(words)
    if not sources:
        raise Problem("The rule names no podcast", f"such as: {EXAMPLE}", kind=ProblemKind.USAGE)
    return QueueRule(tuple(sources), minutes, is_automatic)


def _source(match: re.Match[str]) -> RuleSource:
    names = [name.strip().strip('"').strip() for name in _NAME.findall(match[3])]
    names = [name for name in names if name]
    order: Order = ""
    if names and names[-1].lower() in {"newest first", "oldest first"}:
        order = "oldest first" if names.pop().lower() == "oldest first" else "newest first"
    if not names:
        raise _unclear(match[0])
    kind: Literal["newest", "unheard"] = "newest" if match[1].lower() == "newest" else "unheard"
    every = any(name.lower() in _ALL for name in names)
    return RuleSource(kind, () if every else tuple(names), int(match[2] or 0), order)


def _unclear(words: str) -> Problem:
    title = f"“{shorten(words, 60)}” is no part of a rule"
    return Problem(title, f"such as: {EXAMPLE}", kind=ProblemKind.USAGE)


def choose(
    rule: QueueRule, podcasts: Sequence[Sequence[RulePodcast]], waiting_seconds: float = 0.0
) -> list[int]:
    """The episodes that a rule adds, in order; one that would be too much is passed over.

    ``podcasts`` are those of each source; ``waiting_seconds`` the length of what waits already.
    """
    chosen: dict[int, None] = {}
    room = 60.0 * rule.minutes - waiting_seconds if rule.minutes else float("inf")
    for source, of_source in zip(rule.sources, podcasts, strict=True):
        typical = {
            episode.entry: seconds
            for podcast, seconds in ((each, _typical(each.episodes)) for each in of_source)
            for episode in podcast.episodes
        }
        for episode in _in_order(source, of_source):
            seconds = episode.seconds or typical[episode.entry]
            if episode.entry not in chosen and seconds <= room and len(chosen) < _MOST_CHOSEN:
                chosen[episode.entry] = None
                room -= seconds
    return list(chosen)


def _in_order(source: RuleSource, podcasts: Sequence[RulePodcast]) -> Iterable[RuleEpisode]:
    """The episodes that a source offers."""
    is_serial = bool(podcasts) and all(podcast.is_serial for podcast in podcasts)
    oldest_first = source.order == "oldest first" or (
        source.kind == "unheard" and not source.order and is_serial
    )
    offered: list[RuleEpisode] = []
    for podcast in podcasts:
        if source.kind == "newest":
            of_podcast: Collection[RuleEpisode] = podcast.episodes[: source.count or 1]
        else:
            of_podcast = [episode for episode in podcast.episodes if not episode.is_played]
            of_podcast = of_podcast[::-1] if oldest_first else of_podcast
            of_podcast = of_podcast[: source.count] if source.count else of_podcast
        offered += [one for one in of_podcast if not (one.is_played or one.is_queued)]
    if source.kind == "newest" and not source.order:
        # As the podcasts are named: the news, then the weather.
        return offered
    return sorted(offered, key=lambda one: one.placed, reverse=not oldest_first)


def _typical(episodes: Sequence[RuleEpisode]) -> float:
    """The length in the middle of those that are told."""
    told = sorted(episode.seconds for episode in episodes if episode.seconds)
    return told[len(told) // 2] if told else _UNKNOWN_SECONDS
