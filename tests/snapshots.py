"""Snapshots of the player from flat keywords, as a test thinks of them."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from radiotui.player.queue import QueueItem
from radiotui.player.state import Listening, Playback, PlayerState, StorySource, StreamSource

_OF_SOURCE = {"station", "stream", "station_name", "stream_name"}
_OF_LISTENING = set(Listening.__struct_fields__)
_OF_PLAYBACK = set(Playback.__struct_fields__)


def changed(
    before: PlayerState, /, *, story: QueueItem | None = None, **changes: Any
) -> PlayerState:
    """The snapshot with fields of the stream, of the current listening and of the player changed.

    ``waiting``, ``pending`` and ``ready`` may be given as snapshots of their own.
    """
    tuned, current = before.tuned, before.current
    of_source = {name: changes.pop(name) for name in _OF_SOURCE & set(changes)}
    of_listening = {name: changes.pop(name) for name in _OF_LISTENING & set(changes)}
    if of_source:
        source = tuned if isinstance(tuned, StreamSource) else StreamSource("", "")
        stream = msgspec.structs.replace(source, **of_source)
        tuned = stream if stream.station else None
        of_listening.setdefault("source", tuned if current.story is None else current.source)
    if story is not None:
        of_listening["source"] = StorySource(story)
    for name in {"waiting", "pending"} & set(changes):
        changes[name] = _listening(changes[name])
    if "ready" in changes:
        changes["ready"] = tuple(_listening(ready) for ready in changes["ready"])
    of_playback = {name: changes.pop(name) for name in _OF_PLAYBACK & set(changes)}
    playback = replace(before.playback, current=replace(current, **of_listening), **of_playback)
    return replace(before, tuned=tuned, playback=playback, **changes)


def snapshot(**changes: Any) -> PlayerState:
    """A snapshot that has only these."""
    return changed(PlayerState(), **changes)


def _listening(aside: PlayerState | Listening | None) -> Listening | None:
    return aside.current if isinstance(aside, PlayerState) else aside
