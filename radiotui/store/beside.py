"""Queries about what stands beside entries: the other feeds of a story, an episode's label.

Each takes the connection first, for :meth:`Store.ask`, and gives finished values.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

if TYPE_CHECKING:
    import sqlite3

log = logging.getLogger(__name__)

_AT_A_TIME = 500
"""SQLite takes that many values in one question, and more."""


class EpisodeLabel(msgspec.Struct, frozen=True):
    """Place of an episode in its podcast, as the podcast counts, and its picture's address."""

    season: int | None = None
    number: int | None = None
    image: str | None = None
    """Its own, else the podcast's."""


NO_LABEL = EpisodeLabel()
_READER = msgspec.json.Decoder(EpisodeLabel)


def in_parts(values: Sequence[int]) -> list[Sequence[int]]:
    """The values, as many at a time as SQLite takes."""
    return [values[at : at + _AT_A_TIME] for at in range(0, len(values), _AT_A_TIME)]


def sources(
    connection: sqlite3.Connection, story_ids: Sequence[int]
) -> dict[int, list[tuple[str, str]]]:
    """Address and title of each feed that brings a story, by the story's number."""
    sources: dict[int, list[tuple[str, str]]] = {}
    for ids in in_parts(story_ids):
        rows = connection.execute(
            "SELECT entry.story, feed.url, coalesce(nullif(feed.title, ''), feed.url)"
            " FROM entry JOIN feed ON feed.id = entry.feed"
            f" WHERE entry.story IN ({', '.join('?' * len(ids))})"
            " ORDER BY entry.story, feed.title",
            ids,
        )
        for story_id, url, title in rows:
            sources.setdefault(story_id, []).append((url, title))
    return sources


def episode_labels(
    connection: sqlite3.Connection, entries: Sequence[int]
) -> dict[int, EpisodeLabel]:
    """Labels of those entries of which a podcast says something, by the entry."""
    labels: dict[int, EpisodeLabel] = {}
    for ids in in_parts(entries):
        rows = connection.execute(
            "SELECT entry.id, episode, feed.picture FROM entry JOIN feed ON feed.id = entry.feed"
            f" WHERE episode != '' AND entry.id IN ({', '.join('?' * len(ids))})",
            ids,
        )
        for entry, episode, picture in rows:
            label = NO_LABEL
            try:
                label = _READER.decode(episode)
            except msgspec.MsgspecError as error:
                log.warning("what is stored of episode %d is damaged: %s", entry, error)
            labels[entry] = label if label.image else replace(label, image=picture or None)
    return labels
