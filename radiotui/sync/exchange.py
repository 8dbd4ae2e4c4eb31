"""One exchange with a server: subscriptions first, then places in episodes, the newest of each.

What a server tells is kept before it is asked from a later time, and what it takes is noted only
then: an exchange that breaks anywhere is begun again and loses nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from radiotui.net.local_network import is_local_by_name
from radiotui.net.urls import host_of
from radiotui.problems import Problem, ProblemKind
from radiotui.store import sync as table
from radiotui.sync.model import EpisodeAction, SubscriptionChanges
from radiotui.text import without_password

if TYPE_CHECKING:
    import sqlite3

    from radiotui.store import Store
    from radiotui.store.sync import RemotePlace, SyncState, UnsentPlace
    from radiotui.sync.model import SyncServer
    from radiotui.sync.servers import SyncAccount

log = logging.getLogger(__name__)

_OVERLAP_SECONDS = 7 * 86_400
"""Servers compare the time to ask from with when it was heard, not with when they were told: a
device that was away for a week tells of a week ago."""
_BATCH = 30
"""Places that are sent together: one that is bad makes a server refuse all of them."""
_MOST_BATCHES = 200
_MOST_NEW = 500
"""Podcasts that one exchange may add."""
_MOST_AHEAD = timedelta(days=1)
"""By which the clock of another device may be fast. A place of next year would stay the newest."""
_BAD_REQUESTS = {400, 413, 422, 500}
"""Statuses that one bad place may be the reason of."""


class ListChanges(msgspec.Struct, frozen=True):
    """Podcasts that were added to the listener's list, and taken out of it."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


class SyncReport(msgspec.Struct, frozen=True):
    """Outcome of one exchange."""

    added: tuple[str, ...] = ()
    """Podcasts that another device has subscribed to."""
    removed: tuple[str, ...] = ()
    """Podcasts that another device has given up; what was heard of them stays known."""
    told_added: int = 0
    """Podcasts that the server was told of."""
    told_removed: int = 0
    sent: int = 0
    """Places in episodes that the server has now."""
    refused: int = 0
    """Places that the server will not have; the others are not held up by them."""
    received: tuple[int, ...] = ()
    """Entries that are at another place now."""
    waiting: int = 0
    """Places of other devices whose episodes are not there yet."""


class ExchangeDeps(msgspec.Struct, frozen=True):
    """Dependencies of :func:`exchange`."""

    store: Store
    account: SyncAccount
    clock: Callable[[], datetime]
    own_podcasts: Callable[[], Sequence[str]]
    """Addresses of the listener's own podcasts of now."""
    change_list: Callable[[SubscriptionChanges], Awaitable[ListChanges]]
    """Changes the listener's own list; what cannot be changed is left out of the answer."""
    refresh: Callable[[Sequence[str]], Awaitable[None]]
    """Asks podcasts that are new, so that their episodes are there."""


async def exchange(deps: ExchangeDeps, server: SyncServer) -> SyncReport:
    """Exchange with a server everything that has changed since the last time.

    Raises Problem where the server or the store cannot be used; what was exchanged until then
    stays exchanged.
    """
    state = await deps.store.ask(lambda c: table.begin_with(c, deps.account.key))
    if state.synced_at is None:
        await server.announce(f"radiotui on {deps.account.device}")
    report, state = await _exchange_subscriptions(deps, server, state)
    if report.added:
        await deps.refresh(report.added)
    report, state = await _receive_places(deps, server, state, report)
    report = await _send_places(deps, server, report)
    state = replace(state, synced_at=deps.clock())
    await deps.store.ask(lambda c: table.save_sync_state(c, deps.account.key, state))
    return report


async def _exchange_subscriptions(
    deps: ExchangeDeps, server: SyncServer, state: SyncState
) -> tuple[SyncReport, SyncState]:
    listed = _shown(deps.own_podcasts())
    before, addresses = await deps.store.look(
        lambda c: (table.exchanged_feeds(c, deps.account.key), table.addresses_of(c, listed))
    )
    page = await server.subscriptions(state.changes_since)
    names = addresses | {kept: url for url, kept in before.items()}
    told = {names.get(url, url): url for url in page.changes.add}
    gone = {names.get(url, url): url for url in page.changes.remove}
    # One that is added at another address than it is removed at was moved, and stays.
    still = (name for name, url in gone.items() if told.get(name, url) == url)
    changes = SubscriptionChanges(tuple(told), tuple(still))
    new, given_up = listed - before.keys(), before.keys() - listed
    wished = _wished(deps, changes, listed, new, given_up)
    changed = await deps.change_list(wished) if wished != SubscriptionChanges() else ListChanges()
    now = _shown(deps.own_podcasts())
    there = set(changes.add) - set(changes.remove)
    outgoing = SubscriptionChanges(
        tuple(sorted((new - there) & now)),
        # What is told as added may be this device's own news from before it was given up.
        tuple(sorted(before[url] for url in given_up - set(changes.remove))),
    )
    kept: dict[str, str] = {}
    if outgoing != SubscriptionChanges():
        kept = await server.send_subscriptions(outgoing)
    names_there = before | told | kept
    both = [(url, names_there.get(url) or url) for url in sorted(now)]
    state = replace(state, changes_since=page.timestamp)
    await deps.store.ask(lambda c: _save_subscriptions(c, deps.account.key, both, state))
    report = SyncReport(
        added=changed.added,
        removed=changed.removed,
        told_added=len(outgoing.add),
        told_removed=len(outgoing.remove),
    )
    return report, state


def _wished(
    deps: ExchangeDeps,
    changes: SubscriptionChanges,
    listed: set[str],
    new: set[str],
    given_up: set[str],
) -> SubscriptionChanges:
    """The changes that the listener's list is to take. What was changed here since wins."""
    known = listed | given_up | set(changes.remove)
    add = [url for url in changes.add if url not in known]
    local = is_local_by_name(host_of(deps.account.server))
    strange = [url for url in add if not local and is_local_by_name(host_of(url))]
    if strange:
        # A list that comes from the web opens no door into the local network.
        log.warning("%s names %d podcasts on this network", deps.account.who, len(strange))
    add = [url for url in add if url not in strange][:_MOST_NEW]
    # The same one comes back until it is asked from a later time, also after it was added again.
    remove = (set(changes.remove) & listed) - new
    return SubscriptionChanges(tuple(add), tuple(sorted(remove)))


def _save_subscriptions(
    connection: sqlite3.Connection,
    key: str,
    both: Iterable[tuple[str, str]],
    state: SyncState,
) -> None:
    table.save_exchanged_feeds(connection, key, both)
    table.save_sync_state(connection, key, state)


async def _receive_places(
    deps: ExchangeDeps, server: SyncServer, state: SyncState, report: SyncReport
) -> tuple[SyncReport, SyncState]:
    page = await server.actions(max(0, state.actions_since - _OVERLAP_SECONDS))
    latest = deps.clock() + _MOST_AHEAD
    places = [_remote_place(action) for action in page.actions if action.at <= latest]
    if len(places) < len(page.actions):
        log.warning("%d places are of a time to come", len(page.actions) - len(places))
    state = replace(state, actions_since=max(state.actions_since, page.timestamp))

    def keep(connection: sqlite3.Connection) -> tuple[list[int], int]:
        table.add_remote_places(connection, deps.account.key, places)
        moved = table.apply_remote_places(connection, deps.account.key)
        table.save_sync_state(connection, deps.account.key, state)
        return moved, table.waiting_count(connection, deps.account.key)

    moved, waiting = await deps.store.ask(keep)
    return replace(report, received=tuple(moved), waiting=waiting), state


async def _send_places(deps: ExchangeDeps, server: SyncServer, report: SyncReport) -> SyncReport:
    for _ in range(_MOST_BATCHES):
        podcasts = deps.own_podcasts()
        places = await deps.store.look(lambda c: table.unsent_places(c, podcasts, _BATCH))  # noqa: B023
        if not places:
            break
        sent, refused = await _send_batch(server, places)
        await deps.store.ask(lambda c: _note(c, sent, refused))  # noqa: B023
        report = replace(
            report,
            sent=report.sent + sum(map(_is_told, sent)),
            refused=report.refused + len(refused),
        )
    return report


async def _send_batch(
    server: SyncServer, places: Sequence[UnsentPlace]
) -> tuple[list[UnsentPlace], list[UnsentPlace]]:
    """Send places, together or else one by one; those that are sent, and that are refused.

    Raises Problem where none is taken for a reason that may pass.
    """
    told = [place for place in places if _is_told(place)]
    sent = [place for place in places if not _is_told(place)]
    if not told:
        return sent, []
    try:
        await server.send_actions(tuple(map(_action, told)))
    except Problem as problem:
        if problem.status not in _BAD_REQUESTS:
            raise
    else:
        return [*sent, *told], []
    refused, last = [], None
    for place in told:
        try:
            await server.send_actions((_action(place),))
        except Problem as problem:
            if problem.status not in _BAD_REQUESTS:
                raise
            log.warning("a place in an episode is refused: %s (%s)", place.episode, problem)
            refused.append(place)
            last = problem
        else:
            sent.append(place)
    if last is not None and len(refused) == len(told) and last.kind is ProblemKind.SERVER:
        # It refuses whatever comes: that is no fault of the places.
        raise last
    return sent, refused


def _note(
    connection: sqlite3.Connection, sent: Sequence[UnsentPlace], refused: Sequence[UnsentPlace]
) -> None:
    table.note_sent(connection, sent)
    table.note_sent(connection, refused, is_refused=True)


def _is_told(place: UnsentPlace) -> bool:
    """True for a place that another device can use: 0 would mean "not known" to it."""
    return bool(place.episode) and (place.is_played or place.heard >= 1)


def _action(place: UnsentPlace) -> EpisodeAction:
    position = place.length if place.is_played else place.heard
    return EpisodeAction(
        podcast=place.podcast,
        episode=place.episode,
        guid=place.guid,
        at=place.heard_at,
        position=max(1.0, position),
        total=max(1.0, place.length) if place.is_played else place.length,
    )


def _remote_place(action: EpisodeAction) -> RemotePlace:
    return table.RemotePlace(
        podcast=action.podcast,
        episode=action.episode,
        guid=action.guid,
        heard_at=action.at,
        position=action.position,
        total=action.total,
        is_played=action.is_played,
    )


def _shown(urls: Iterable[str]) -> set[str]:
    """Addresses as others may see them; of one with a password nobody is told."""
    return {url for url in urls if without_password(url) == url}
