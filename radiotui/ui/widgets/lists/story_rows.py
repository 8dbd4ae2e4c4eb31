"""The rows of a list of stories, each made again only when it says something else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from textual.content import Content

from radiotui.stories.model import DownloadList, EpisodeDownload, Headline, Section, StoryList
from radiotui.text import age, clean, clock_duration, episode_number
from radiotui.ui.kit.content import trusted, untrusted
from radiotui.ui.kit.row import Row
from radiotui.ui.kit.row_list import ListEntry
from radiotui.ui.kit.time_words import day
from radiotui.ui.widgets.lists.empty_states import Keys, warning

_MOST_LINES = 4
"""Lines of a headline; a longer one is cut."""
_UNREAD, _READ = trusted("● ", "$accent"), trusted("  ")
_DOT = " · ", "dim"
_Part = tuple[str, str]
"""Text and its style. A row is made of as few contents as may be: there are hundreds of rows."""
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MIB = 1024 * 1024
_WEEKS = 14 * _DAY
_UNITS = (_HOUR, _HOUR), (_DAY, _DAY), (_WEEKS, 7 * _DAY)
"""From which age on it is said in which unit; in minutes before that."""
_NO_DOWNLOADS = DownloadList()
_FOREVER = datetime.max.replace(tzinfo=UTC)


class Facts(msgspec.Struct, frozen=True):
    """Choice of what is said below a headline."""

    source: bool = False
    """The feed is named."""
    day: bool = False
    """The day is named in place of an age of weeks."""


class _StoryRow(msgspec.Struct, frozen=True):
    """A story's row, and until when what it says is so."""

    headline: Headline
    facts: Facts
    download: str
    """Words for its download."""
    until: datetime
    entry: ListEntry

    @property
    def says(self) -> tuple[Headline, Facts, str]:
        """All that its words come from, but the time."""
        return self.headline, self.facts, self.download


class StoryRows:
    """Remembers the rows of one list."""

    def __init__(self) -> None:
        self._drawn: dict[int, _StoryRow] = {}

    def entries(
        self,
        headlines: Iterable[Headline],
        now: datetime,
        facts: Facts,
        downloads: DownloadList = _NO_DOWNLOADS,
    ) -> Iterator[ListEntry]:
        """A row for each story, with those facts."""
        words = _words_by_entry(downloads)
        before, self._drawn = self._drawn, {}
        for headline in headlines:
            drawn, says = before.get(headline.id), (headline, facts, words.get(headline.id, ""))
            if drawn is None or drawn.says != says or drawn.until <= now:
                drawn = _draw(*says, now)
            self._drawn[headline.id] = drawn
            yield drawn.entry

    def changed(self, downloads: DownloadList, now: datetime) -> Iterator[ListEntry]:
        """The rows of stories of whose age or download another word is to be said now."""
        words = _words_by_entry(downloads)
        for drawn in list(self._drawn.values()):
            headline, word = drawn.headline, words.get(drawn.headline.id, "")
            if word != drawn.download or drawn.until <= now:
                self._drawn[headline.id] = again = _draw(headline, drawn.facts, word, now)
                yield again.entry


def list_entries(
    rows: StoryRows,
    section: Section | None,
    story_list: StoryList,
    shown: Sequence[Headline],
    downloads: DownloadList,
    now: datetime,
    keys: Keys,
) -> Iterator[ListEntry]:
    """Rows for those stories of a section's list that are shown; none without any."""
    if not shown:
        return
    if story_list.problem is not None:
        yield ListEntry(None, warning(story_list, now, keys))
    has_sources = section is not None and (section.feeds is None or len(section.feeds) > 1)
    is_of_podcasts = section is not None and section.is_of_podcasts
    facts = Facts(source=has_sources, day=is_of_podcasts)
    yield from rows.entries(shown, now, facts, downloads)
    if story_list.has_older:
        kind = "episodes" if is_of_podcasts else "stories"
        words = f"  {'later' if story_list.oldest_first else 'older'} {kind}…"
        yield ListEntry(None, trusted(words, "dim"))


def _draw(headline: Headline, facts: Facts, download: str, now: datetime) -> _StoryRow:
    until = _until(headline.published, now) if headline.published else _FOREVER
    entry = ListEntry(str(headline.id), story_row(headline, now, facts, download))
    return _StoryRow(headline, facts, download, until, entry)


def _words_by_entry(downloads: DownloadList) -> dict[int, str]:
    return {download.entry: download_words(download) for download in downloads.downloads}


def download_words(download: EpisodeDownload) -> str:
    """Words for how a download stands: "42%", "waits at 42%", "on disk"."""
    share = download.share
    there = f"{int(100 * share)}%" if share is not None else f"{download.bytes_there // MIB} MB"
    match download.state:
        case "running":
            return f"{there} · broken off" if download.problem else there
        case "waiting":
            return f"waits at {there}" if download.bytes_there else "waits"
        case "whole":
            return "on disk"
        case "missing":
            return "file gone"
        case "failed" | "stopped" | "removed":
            return download.state


def story_row(headline: Headline, now: datetime, facts: Facts, download: str = "") -> Row:
    """The whole headline of a story, and below it the facts about it."""
    unread = not headline.read
    parts = [part for fact in _facts(headline, now, facts, download) for part in (_DOT, *fact)]
    return Row(
        _UNREAD if unread else _READ,
        untrusted(headline.title, "bold" if unread else ""),
        under=Content.assemble(*parts[1:]),
        at_end=True,
        most_lines=_MOST_LINES,
    )


def _facts(
    headline: Headline, now: datetime, facts: Facts, download: str
) -> Iterator[tuple[_Part, ...]]:
    """Age, sound, download, an episode's number, star, the number of other feeds with the same
    story, and the source."""
    if headline.published:
        past = now - headline.published
        is_dated = facts.day and past >= _WEEKS
        yield ((day(headline.published, now) if is_dated else age(past), "dim"),)
    if headline.audio is not None or headline.heard or headline.is_played:
        yield ("♪", "$accent"), (_sound_words(headline), "dim")
    if download:
        yield ("↓", "$accent"), (f" {download}", "dim")
    if number := episode_number(headline.season, headline.number):
        yield ((number, "dim"),)
    if headline.starred:
        yield (("★", "$accent"),)
    if headline.other_feeds:
        yield ((f"+{len(headline.other_feeds)}", "dim"),)
    if facts.source and headline.feed_title:
        # The last, for it is what a narrow row may cut.
        yield ((clean(headline.feed_title), "dim"),)


def _sound_words(headline: Headline) -> str:
    """The length of a sound, with how far it was heard: " 12:34 of 42:10", " ✓ 42:10"."""
    seconds = headline.audio.seconds if headline.audio else None
    length = f" {clock_duration(seconds)}" if seconds else ""
    if not headline.heard:
        return f" ✓{length}" if headline.is_played else length
    # A feed may call an episode shorter than it is with the advertisements of today.
    is_within = seconds is not None and headline.heard <= seconds
    return f" {clock_duration(headline.heard)}" + (f" of{length}" if is_within else " heard")


def _until(published: datetime, now: datetime) -> datetime:
    """Time at which the word for its age changes."""
    past = now - published
    unit = _MINUTE
    for least, wider in _UNITS:
        if past >= least:
            unit = wider
    return published + unit * max(1, past // unit + 1)
