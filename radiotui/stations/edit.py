"""Changes of the listener's own feeds and podcasts in the station list; all else stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from radiotui.problems import Problem
from radiotui.stations import fields
from radiotui.stations.file import make_station_file
from radiotui.stations.model import FeedKind, OwnFeed
from radiotui.stations.toml_sheet import TomlSheet, edit_sheet, quoted
from radiotui.text import clean, nearest, without_password

T = TypeVar("T")


def add_feed(path: Path, feed: OwnFeed, kind: FeedKind = "feed") -> None:
    """Append ``feed`` to the file at ``path``, which is made if it is not there.

    Raises Problem when the feed is in it already, makes no sense, or the file
    cannot be changed.
    """
    if not add_feeds(path, [feed], kind):
        raise Problem(f"{path.name} has the {kind} {fields.address(feed.url)} already")


def add_feeds(path: Path, feeds: Iterable[OwnFeed], kind: FeedKind = "feed") -> tuple[OwnFeed, ...]:
    """Append those of ``feeds`` that the file has not yet, in one write; returns them."""
    by_url = {feed.url: feed for feed in reversed([_checked(feed, kind) for feed in feeds])}
    unmade = make_station_file(path)
    if unmade is not None:
        raise unmade.reworded(hint=f"no {kind} can be kept without it")

    def add(sheet: EditedList) -> tuple[EditedList, tuple[OwnFeed, ...]]:
        there = {without_password(feed.url) for feed in sheet.feeds}
        unlisted = (feed for feed in by_url.values() if without_password(feed.url) not in there)
        new = tuple(reversed([*unlisted]))
        return (sheet.with_feeds(new) if new else sheet), new

    return edit_list(path, add, kind)


def remove_feed(path: Path, url: str, kind: FeedKind = "feed") -> OwnFeed:
    """Take the feed of that address out of the file, with the remark directly above it.

    Raises Problem with the nearest address when it is not there.
    """

    def remove(sheet: EditedList) -> tuple[EditedList, OwnFeed]:
        index = sheet.find(url)
        removed = sheet.feeds[index]
        sheet = sheet.without(index)
        # What is written twice would come back with its second address.
        while (again := sheet.index(removed.url)) is not None:
            sheet = sheet.without(again)
        if not sheet.text.strip():
            sheet = replace(sheet, text="# [[station]] begins a station, [[feed]] a feed\n")
        return sheet, removed

    return edit_list(path, remove, kind)


def change_feed(
    path: Path, url: str, *, title: str | None = None, folder: str | None = None
) -> OwnFeed:
    """Give a feed another title or folder; empty takes it away. Returns the feed as it is now.

    Raises Problem with the nearest address when it is not there.
    """

    def change(sheet: EditedList) -> tuple[EditedList, OwnFeed]:
        index = sheet.find(url)
        before = sheet.feeds[index]
        after = _checked(
            OwnFeed(
                before.url,
                before.title if title is None else title,
                before.folder if folder is None else folder,
                before.password_command,
            ),
            sheet.kind,
        )
        changed = {
            key: value
            for key, value in (("title", after.title), ("folder", after.folder))
            if value != getattr(before, key)
        }
        return (sheet.changed(index, changed) if changed else sheet), after

    return edit_list(path, change)


def edit_list(
    path: Path,
    change: Callable[[EditedList], tuple[EditedList, T]],
    kind: FeedKind = "feed",
) -> T:
    """Change the feeds of a file as :func:`edit_sheet` does. Blocks. Raises Problem."""
    return edit_sheet(path, EditedList if kind == "feed" else EditedPodcasts, change)


@dataclass(frozen=True)
class EditedList(TomlSheet):
    """A station list as it is written, of which the feeds are changed."""

    kind: ClassVar[FeedKind] = "feed"

    @cached_property
    def feeds(self) -> tuple[OwnFeed, ...]:
        """Every feed that is written here, rightly or not."""
        return tuple(
            OwnFeed(
                _text(table.get("url"), lambda url: clean(url, 2000)),
                _text(table.get("title"), fields.line),
                _text(table.get("folder"), fields.folder),
                _text(table.get("password_command"), fields.line),
            )
            for table in self.tables
        )

    def index(self, url: str) -> int | None:
        """The place of the feed with that address; its password may be left out."""
        urls = [feed.url for feed in self.feeds]
        if url not in urls:
            urls, url = [without_password(written) for written in urls], without_password(url)
        return urls.index(url) if url in urls else None

    def find(self, url: str) -> int:
        """As :meth:`index`. Raises Problem with the nearest one where there is none."""
        index = self.index(clean(url, 2000))
        if index is not None:
            return index
        title = f"{self.name} has no {self.kind} {clean(url, 200)}"
        for station in self.values.get("station", []):
            if url in (feeds := station.get(f"{self.kind}s", [])) or url == feeds:
                raise Problem(title, f"it belongs to {clean(str(station.get('name')), 60)}")
        urls = [feed.url for feed in self.feeds]
        meant = nearest(url, urls)
        if meant:
            raise Problem(title, f"did you mean {meant}?")
        raise Problem(title, f"there are: {', '.join(urls[:10])}" if urls else "it has none")

    def with_feeds(self, feeds: Iterable[OwnFeed]) -> EditedList:
        """With feeds at the end."""
        return self.with_blocks(_block(feed, self.kind) for feed in feeds)

    def changed(self, index: int, values: dict[str, str]) -> EditedList:
        """With other values in a feed's block; an empty one takes its key away."""
        sheet = self
        for key, value in values.items():
            sheet = sheet.with_value((self.kind, index), key, quoted(value) if value else "")
        return sheet


@dataclass(frozen=True)
class EditedPodcasts(EditedList):
    """A station list as it is written, of which the podcasts are changed."""

    kind: ClassVar[FeedKind] = "podcast"


def _checked(feed: OwnFeed, kind: FeedKind) -> OwnFeed:
    try:
        return OwnFeed(
            fields.address(feed.url),
            fields.line(feed.title),
            fields.folder(feed.folder),
            fields.line(feed.password_command),
        )
    except fields.FieldError as wrong:
        raise Problem(f"this {kind} cannot be added", str(wrong), clean(feed.url)) from wrong


def _block(feed: OwnFeed, kind: FeedKind) -> list[str]:
    values = (
        ("url", feed.url),
        ("title", feed.title),
        ("folder", feed.folder),
        ("password_command", feed.password_command),
    )
    return [f"[[{kind}]]", *(f"{key} = {quoted(value)}" for key, value in values if value)]


def _text(value: object, check: Callable[[str], Any]) -> str:
    return str(check(value)) if isinstance(value, str) else ""
