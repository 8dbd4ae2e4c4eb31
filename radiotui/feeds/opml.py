"""Subscriptions from other readers, and for them: OPML.

The format: http://opml.org/spec2.opml. What programs write differs; nested outlines
are folders, ``text`` or ``title`` is the name, ``xmlUrl`` the address.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import msgspec

from radiotui.documents.processes import WorkerError
from radiotui.feeds.opml_episodes import EPISODE, take_episodes, write_episodes
from radiotui.feeds.parsing.feed_links import without_readers_scheme
from radiotui.net.urls import parts_of
from radiotui.problems import Problem, ProblemKind
from radiotui.stations import fields
from radiotui.stations.model import OwnFeed
from radiotui.store.played_states import PlayedState
from radiotui.text import clean

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from radiotui.documents.processes import WorkerPool

_LARGEST_BYTES = 5 * 1024 * 1024
_LARGEST_WITH_EPISODES = 16 * 1024 * 1024
_MOST_OUTLINES = 5000
_ENCODING = re.compile(rb"\A\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_OUTLINE = re.compile(r"<(?:[\w.-]+:)?outline\b", re.IGNORECASE)
_CATEGORIES = re.compile(r"\bcategory\s*=\s*(\"[^\"]*|'[^']*|[^\s>]*)", re.IGNORECASE)
# XML 1.0 has no way to write these: https://www.w3.org/TR/xml/#charsets
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Subscriptions(msgspec.Struct, frozen=True):
    """Feeds of an OPML file."""

    feeds: tuple[OwnFeed, ...]
    """In the order of the file, no two of one address."""
    refused: int = 0
    """How many more it names that are no web addresses."""
    states: tuple[PlayedState, ...] = ()
    """How far episodes were heard, where the file tells it."""


def read_opml(data: bytes) -> Subscriptions:
    """The feeds that ``data`` lists. Raises Problem when it is no OPML.

    Slow for big files: not for the loop.
    """
    is_of_episodes = EPISODE.encode() in data
    most = _LARGEST_WITH_EPISODES if is_of_episodes else _LARGEST_BYTES
    if len(data) > most:
        megabytes = most // (1024 * 1024)
        raise Problem(f"this file is larger than {megabytes} MB: that is no list of feeds")
    data, states = take_episodes(data)
    text = _decoded(data)
    _check_size(text)
    outline_list = _parsed(text)
    if not str(outline_list["version"]).startswith("opml"):
        raise Problem("this is not an OPML file", "other readers write one when they export feeds")
    feeds: dict[str, OwnFeed] = {}
    refused = 0
    for entry in [*outline_list["feeds"], *filter(_is_feed, outline_list["lists"])]:
        try:
            url = without_readers_scheme(entry["url"].strip().replace(" ", "%20"))
            url = fields.address(url)
        except fields.FieldError:
            refused += 1
            continue
        title = clean(entry["title"])
        if title == url:  # as write_opml, and others, name what has no name
            title = ""
        feeds.setdefault(url, OwnFeed(url, title, _folder(entry["categories"])))
    return Subscriptions(tuple(feeds.values()), refused, states)


async def opml_in_worker(workers: WorkerPool, data: bytes) -> Subscriptions:
    """As :func:`read_opml`, in a worker process. Raises Problem also for what takes too long."""
    try:
        return await workers.run(Subscriptions, read_opml, data)
    except (TimeoutError, WorkerError) as error:
        raise Problem(
            "this file cannot be read as a list of feeds",
            "it may be damaged",
            repr(error),
            kind=ProblemKind.DAMAGED,
        ) from error


def write_opml(
    feeds: Iterable[OwnFeed], title: str, at: datetime, states: Iterable[PlayedState] = ()
) -> bytes:
    """An OPML 2.0 file of ``feeds``, folders as nested outlines. ``at`` is an aware time.

    With ``states`` it tells how far those episodes were heard.
    """
    from xml.etree.ElementTree import Element, SubElement, indent, tostring

    root = Element("opml", version="2.0")
    head = SubElement(root, "head")
    SubElement(head, "title").text = xml_text(title)
    SubElement(head, "dateCreated").text = format_datetime(at.astimezone(UTC), usegmt=True)
    folders = {"": SubElement(root, "body")}
    by_feed: dict[str, list[PlayedState]] = {}
    for state in states:
        by_feed.setdefault(state.feed, []).append(state)
    for feed in feeds:
        name = xml_text(feed.title) or xml_text(feed.url)
        outline = SubElement(
            _outline(folders, xml_text(feed.folder)),
            "outline",
            {"type": "rss", "text": name, "title": name, "xmlUrl": xml_text(feed.url)},
        )
        write_episodes(outline, by_feed.pop(feed.url, ()))
    indent(root)
    return bytes(tostring(root, "utf-8", xml_declaration=True)) + b"\n"


def _outline(folders: dict[str, Element], path: str) -> Element:
    """The outline of a folder, made in the outline of the folder it lies in."""
    from xml.etree.ElementTree import SubElement

    if path not in folders:
        above, _, name = path.rpartition("/")
        folders[path] = SubElement(_outline(folders, above), "outline", text=name, title=name)
    return folders[path]


def _decoded(data: bytes) -> str:
    declared = _ENCODING.match(data)
    encoding = declared[1].decode("ascii") if declared else "utf-8"
    encoding = next((name for bom, name in _BOMS.items() if data.startswith(bom)), encoding)
    try:
        return data.decode(encoding)
    except (LookupError, ValueError):
        # A name of no encoding, or of the wrong one: the letters that are ASCII are right still.
        return data.decode("utf-8", "replace")


def _check_size(text: str) -> None:
    """Raises Problem for what would take its reader minutes: its work grows with the square."""
    outlines = sum(1 for _ in _OUTLINE.finditer(text))
    categories = sum(match[1].count(",") for match in _CATEGORIES.finditer(text))
    if outlines > _MOST_OUTLINES or categories > _MOST_OUTLINES:
        raise Problem(
            f"this file has more than {_MOST_OUTLINES} entries", "radiotui reads smaller ones"
        )


def _parsed(text: str) -> Any:
    import listparser

    # It does not look at the encoding the file declares; as UTF-8 with its mark it is certain.
    return listparser.parse(codecs.BOM_UTF8 + text.encode("utf-8", "replace"))


def _is_feed(outline_list: dict[str, Any]) -> bool:
    """Test for an outline of the type "link" or "include" that is no other OPML file."""
    return not parts_of(outline_list["url"]).path.lower().endswith(".opml")


def _folder(categories: list[list[str]]) -> str:
    """The folder an entry lies in: its place, or else its first category."""
    return fields.folder("/".join(categories[0])) if categories else ""


def xml_text(text: str) -> str:
    """Text that XML can hold."""
    return _NOT_XML.sub("", clean(text, 2000))
