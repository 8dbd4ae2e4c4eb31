"""JSON of gpodder's API and of Nextcloud's, which have the same shapes.

https://gpoddernet.readthedocs.io/en/latest/api/ and
https://github.com/thrillfall/nextcloud-gpodder say what there is; servers differ from it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec

from radiotui.net.loose_json import decode_json
from radiotui.net.urls import web_link
from radiotui.problems import Problem, ProblemKind
from radiotui.sync.model import ActionPage, ChangesPage, EpisodeAction, SubscriptionChanges
from radiotui.text import clean, without_password

_MOST_ACTIONS = 200_000
_MOST_FEEDS = 10_000
_LONGEST_EPISODE = 10 * 86_400.0
_LARGEST_TIME = 2**48
_NO_GUIDS = {"", "null", "none", "undefined"}
"""Guids that clients send of episodes which have none."""
_FRACTION = re.compile(r"\.\d+")


class _Actions(msgspec.Struct):
    actions: list[Any] = []
    timestamp: Any = None


class _Changes(msgspec.Struct):
    add: list[Any] = []
    remove: list[Any] = []
    timestamp: Any = None


def read_actions(body: bytes, asked_since: int, who: str) -> ActionPage:
    """The actions of an answer that tell a place in an episode, without those that make no sense.

    Takes a second for 200,000 of them: not for the loop. Raises Problem for what is no answer.
    """
    answer = _decoded(body, _Actions, who)
    actions = map(_action, answer.actions[-_MOST_ACTIONS:])
    told = tuple(action for action in actions if action is not None)
    return ActionPage(told, _timestamp(answer.timestamp, asked_since))


def read_changes(body: bytes, asked_since: int, who: str) -> ChangesPage:
    """The changes of subscriptions of an answer. Raises Problem for what is none."""
    answer = _decoded(body, _Changes, who)
    changes = SubscriptionChanges(_addresses(answer.add), _addresses(answer.remove))
    return ChangesPage(changes, _timestamp(answer.timestamp, asked_since))


def read_update_urls(body: bytes) -> dict[str, str]:
    """The addresses that a server keeps instead of those that were sent; {} where it tells none."""
    try:
        pairs = msgspec.json.decode(body, type=dict[str, Any]).get("update_urls")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    update_urls = {}
    for pair in pairs[:_MOST_FEEDS] if isinstance(pairs, list) else ():
        match pair:
            case [str() as sent, str() as kept] if web_link(kept):
                update_urls[sent] = kept
    return update_urls


def action_shape(action: EpisodeAction, device: str = "") -> dict[str, object]:
    """An action as servers take it: times without a zone are UTC, seconds are whole."""
    position, total = math.floor(action.position), math.floor(action.total)
    if action.is_played:
        position = total = max(1, total)
    shape: dict[str, object] = {
        "podcast": without_password(action.podcast),
        "episode": without_password(action.episode),
        "action": "play",
        "timestamp": action.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        "started": 0,
        "position": position,
        "total": total or -1,
    }
    if action.guid:
        shape["guid"] = action.guid
    if device:
        shape["device"] = device
    return shape


def _decoded(body: bytes, kind: Any, who: str) -> Any:
    try:
        return decode_json(body, kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(
            f"{who} answers what cannot be read",
            "it may be another kind of server, or its login page",
            str(error),
            kind=ProblemKind.DAMAGED,
        ) from error


def _action(fields: object) -> EpisodeAction | None:
    """An action of "play"; None for one that tells no place, or nothing that can be believed."""
    if not isinstance(fields, dict):
        return None
    kind, podcast, episode = fields.get("action"), fields.get("podcast"), fields.get("episode")
    if not isinstance(kind, str) or kind.strip().lower() != "play":
        return None
    podcast = web_link(podcast.strip()) if isinstance(podcast, str) else None
    episode = web_link(episode.strip()) if isinstance(episode, str) else None
    at = _moment(fields.get("timestamp"))
    position, total = _seconds(fields.get("position")), _seconds(fields.get("total"))
    # Clients send 0 for "not known", and for an episode that was heard and then rewound.
    if podcast is None or episode is None or at is None or not position:
        return None
    guid = fields.get("guid")
    guid = clean(guid, 2000) if isinstance(guid, str) else ""
    guid = "" if guid.lower() in _NO_GUIDS else guid
    return EpisodeAction(
        podcast=podcast,
        episode=episode,
        guid=guid,
        at=at,
        position=min(position, total) if total else position,
        total=total or 0.0,
    )


def _moment(value: object) -> datetime | None:
    """A time with a zone, without one (UTC), or seconds since 1970; None for anything else."""
    try:
        if isinstance(value, str):
            at = datetime.fromisoformat(_FRACTION.sub("", value.strip()[:40]))
            at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        elif isinstance(value, int) and not isinstance(value, bool):
            at = datetime.fromtimestamp(value, UTC)
        else:
            return None
    except (ValueError, OverflowError, OSError):
        return None
    return at.replace(microsecond=0) if 1970 <= at.year < 9999 else None


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= _LONGEST_EPISODE else None


def _addresses(values: Iterable[object]) -> tuple[str, ...]:
    addresses = (web_link(value.strip()) for value in values if isinstance(value, str))
    return tuple(dict.fromkeys(address for address in addresses if address))[:_MOST_FEEDS]


def _timestamp(value: object, asked_since: int) -> int:
    """The time to ask from next; one that makes no sense is that which was asked from."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return asked_since
    return int(value) if 0 <= value <= _LARGEST_TIME else asked_since
