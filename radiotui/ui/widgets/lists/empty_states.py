"""Title of a list of stories, and its states: empty, old, with a problem, with the key to press."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from textual.content import Content

from radiotui.stories.model import (
    AllStories,
    Downloaded,
    DownloadList,
    InProgress,
    Section,
    StationSection,
    StoryList,
)
from radiotui.text import ago
from radiotui.ui.kit.content import BLANK, cut, trusted, untrusted
from radiotui.ui.kit.time_words import old

Keys = Mapping[str, str]
"""Command id -> the key that is shown for it."""

_OLD = timedelta(hours=1)


def title(
    section: Section | None,
    story_list: StoryList | None,
    downloads: DownloadList,
    now: datetime,
    room: int,
    *,
    unread_only: bool,
) -> Content:
    """Title of the list with counts and refresh state, as much as fits into the columns."""
    is_stations = section is None or isinstance(section.key, StationSection)
    name = untrusted(section.name) if section and not is_stations else trusted("Stories")
    if story_list is not None and story_list.words:
        return _narrowed(name, story_list, room)
    is_counted = section is not None and not isinstance(section.key, InProgress | Downloaded)
    headlines = story_list.headlines if story_list and is_counted else ()
    unread = sum(not headline.read for headline in headlines)
    words = [str(unread) if unread else "", "unread" if unread or unread_only else ""]
    words.append("only" if unread_only else "")
    count = trusted(" ".join(word for word in words if word))
    running = _running(downloads) if section and section.is_of_podcasts else ""
    state_words = running or (_state(story_list, now) if story_list else "")
    state = trusted(state_words, "not bold dim") if state_words else BLANK
    titles = (
        Content(" · ").join([part for part in parts if part])
        for parts in ((name, count, state), (count, state))
    )
    return next((title for title in titles if title and title.cell_length <= room), name)


def _narrowed(name: Content, story_list: StoryList, room: int) -> Content:
    """Title of a list of which some words are looked for: "Rim Stories · “tide” 12"."""
    count = f"{len(story_list.headlines)}{'+' if story_list.has_older else ''}"
    words = untrusted(f"“{story_list.words}” {count}", "not bold")
    titles = (Content(" · ").join([name, words]), words)
    return next((title for title in titles if title.cell_length <= room), cut(words, room))


def _running(downloads: DownloadList) -> str:
    """Words for the downloads that come just now: "↓ 2 at 45%"."""
    running = downloads.running
    if not running:
        return ""
    total = sum(each.total or 0 for each in running)
    share = sum(each.bytes_there for each in running if each.total) / total if total else 0.0
    return f"↓ {len(running)} at {int(100 * share)}%"


def _state(story_list: StoryList, now: datetime) -> str:
    if story_list.refreshing:
        return (
            f"updating {story_list.feeds_done}/{story_list.feeds_due}"
            if story_list.feeds_due
            else "updating…"
        )
    return old(story_list.refreshed_at, now, _OLD)


def warning(story_list: StoryList, now: datetime, keys: Keys) -> Content:
    """Reason why these are old, above them."""
    state = f"kept {ago(now - story_list.refreshed_at)}" if story_list.refreshed_at else "kept"
    problem = trusted("⚠ ", "$error") + untrusted(str(story_list.problem), "$error")
    return problem + trusted(f"  These were {state}. {keys['stories.refresh']} asks again.", "dim")


def why_empty(section: Section | None, story_list: StoryList | None, keys: Keys) -> Content:
    """Reason why there is nothing."""
    again = f"{keys['stories.refresh']} asks again"
    if section is None or story_list is None:
        return trusted("…" if section else "Choose a station", "dim")
    if story_list.headlines:
        words = f"\n{keys['stories.unread_only']} shows them"
        return trusted("Every story here is read", "bold") + trusted(words, "dim")
    if section.is_personal or story_list.words:
        return _nothing_done(section, story_list, keys)
    if not story_list.has_feeds:
        return _no_feeds(section, keys)
    if story_list.problem is not None:
        title_line = trusted("⚠ ", "$error") + untrusted(story_list.problem.title, "$error")
        return Content("\n").join(
            [title_line, untrusted(story_list.problem.hint, "dim"), trusted(again, "dim")]
        )
    asking = story_list.refreshing or story_list.refreshed_at is None
    kind = "episodes" if section.is_of_podcasts else "stories"
    none_yet = trusted(f"No {kind} yet", "bold") + trusted(f"\n{again}", "dim")
    return trusted(f"Asking for {kind}…", "dim") if asking else none_yet


def _nothing_done(section: Section, story_list: StoryList, keys: Keys) -> Content:
    if story_list.words:
        words = f"\n{keys['pane.back']} shows the whole list"
        return untrusted(f"Nothing here has “{story_list.words}”", "bold") + trusted(words, "dim")
    if isinstance(section.key, InProgress):
        words = "\nOne that was heard in part waits here to go on"
        return trusted("No episode was begun", "bold") + trusted(words, "dim")
    if isinstance(section.key, Downloaded):
        words = f"\n{keys['episode.download']} on an episode keeps its file here"
        return trusted("No episode is downloaded", "bold") + trusted(words, "dim")
    words = f"\n{keys['story.star']} on a story keeps it here for good"
    return trusted("No story has a star", "bold") + trusted(words, "dim")


def _no_feeds(section: Section, keys: Keys) -> Content:
    add = f"{keys['feed.add']} adds a feed of your own"
    if isinstance(section.key, AllStories):
        return trusted("There are no feeds yet", "bold") + trusted(f"\n{add}", "dim")
    example = f'\nA line in the station list brings them:\nfeeds = ["https://…"]\n{add}'
    return trusted("This station has no stories", "bold") + trusted(example, "dim")
