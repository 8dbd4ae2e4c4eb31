"""Synchronisation of the listener's own podcasts with a server; off unless the settings say so."""

from __future__ import annotations

import asyncio
import logging
import platform
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from radiotui.app.deps import RoomDeps
from radiotui.config import Settings
from radiotui.net.passwords import ServiceAccount, origin_words
from radiotui.net.urls import host_of
from radiotui.problems import Problem, ProblemKind
from radiotui.stations.model import OwnFeed, StationList
from radiotui.store import sync as table
from radiotui.sync.model import SubscriptionChanges
from radiotui.sync.servers import SyncAccount

if TYPE_CHECKING:
    import sqlite3

    from radiotui.app.followed_feeds import FollowedFeeds
    from radiotui.app.services import Services
    from radiotui.sync.cloud_login import CloudLogin
    from radiotui.sync.exchange import ExchangeDeps, ListChanges, SyncReport

log = logging.getLogger(__name__)

_FIRST_SECONDS = 15.0
"""After the start: what is on the screen comes first."""
_EVERY_SECONDS = 30 * 60.0
_MOST_COUNTED = 100_000
_SOON_SECONDS = 60.0
"""After a place in an episode was kept for good: it may go on at once."""


class SynchronisationDeps(RoomDeps, frozen=True):
    """Dependencies of :class:`Synchronisation`."""

    settings: Callable[[], Settings]
    feeds: Callable[[], FollowedFeeds]
    stations_path: Path | None
    """The file that podcasts are written into; None where none is used."""
    receive_station_list: Callable[[StationList], None]
    ask_podcasts: Callable[[Sequence[str]], Awaitable[None]]
    """Asks podcasts for their episodes."""
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


class SyncStatus(msgspec.Struct, frozen=True):
    """State of an account."""

    account: SyncAccount
    synced_at: datetime | None
    """None: never."""
    unsent: int
    """Places in episodes that the server has not been told."""
    waiting: int
    """Places of other devices whose episodes are not there yet."""
    password: str
    """Place of the password in the listener's words; empty: there is none."""


class Synchronisation:
    """The listener's podcasts and places, here and on their other devices."""

    def __init__(self, deps: SynchronisationDeps) -> None:
        self.deps = deps
        self._turn = asyncio.Lock()
        self._wish = asyncio.Event()
        self._last_problem = ""

    @property
    def account(self) -> SyncAccount:
        """The account of the settings. Raises Problem where it is off."""
        settings = self.deps.settings()
        if settings.sync == "off":
            title = "podcasts are not synchronised with a server"
            hint = 'sync = "gpodder" or "nextcloud" in settings.toml turns it on, see README'
            raise Problem(title, hint, kind=ProblemKind.USAGE)
        device = settings.sync_device or f"radiotui-{platform.node() or 'computer'}"
        return SyncAccount(settings.sync, settings.sync_server, settings.sync_user, device)

    async def run(self) -> SyncReport:
        """Exchange everything now. Raises Problem with the server's or the store's."""
        from radiotui.sync.exchange import exchange
        from radiotui.sync.servers import server_of_account

        async with self._turn:
            services, account = await self.deps.opened(), self.account
            services.local_hosts.add_typed(account.server)
            password = await services.passwords.find(self._login(account))
            server = server_of_account(services.net, account, password.value)
            try:
                report = await exchange(self._exchange_deps(services, account), server)
            except Problem as problem:
                raise _in_words(problem, account) from problem
            if report.received:
                await services.story_service.tell_again(of_episodes=True)
            log.info("synchronised with %s: %s", account.who, report)
            return report

    async def status(self) -> SyncStatus:
        """State of the account; nobody is asked. Raises Problem where it is off."""
        services, account = await self.deps.opened(), self.account
        own = [feed.url for feed in self.deps.feeds().file.podcasts]
        login = self._login(account)
        origin = await services.passwords.origin(login)
        password = origin_words(origin, login) if origin else ""

        def status(connection: sqlite3.Connection) -> SyncStatus:
            return SyncStatus(
                account,
                table.sync_state(connection, account.key).synced_at,
                len(table.unsent_places(connection, own, _MOST_COUNTED)),
                table.waiting_count(connection, account.key),
                password,
            )

        return await services.store.look(status)

    async def keep_password(self, value: str) -> None:
        """Put the password of the account into the keyring. Raises Problem where it cannot."""
        passwords = (await self.deps.opened()).passwords
        await passwords.keep(self._login(self.account), value)

    async def log_in(self, show_link: Callable[[str], None]) -> CloudLogin:
        """Log in at Nextcloud by the listener's browser; the password goes into the keyring.

        Raises Problem where the server or the keyring does not take part.
        """
        from radiotui.sync.cloud_login import log_in

        services, account = await self.deps.opened(), self.account
        services.local_hosts.add_typed(account.server)
        login = await log_in(services.net, account.server, show_link, self.deps.sleep)
        passwords, known = services.passwords, self._login(account)
        await passwords.keep(ServiceAccount(known.service, login.user), login.password)
        return login

    async def keep(self) -> None:
        """Exchange soon after the start, every half hour, and soon after :meth:`wish`."""
        await self.deps.sleep(_FIRST_SECONDS)
        while True:
            # A wish that comes while the exchange runs is for what it has not sent.
            self._wish.clear()
            await self._try()
            waits = [
                asyncio.ensure_future(self.deps.sleep(_EVERY_SECONDS)),
                asyncio.ensure_future(self._wish.wait()),
            ]
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for wait in waits:
                    wait.cancel()
            if self._wish.is_set():
                await self.deps.sleep(_SOON_SECONDS)

    def wish(self) -> None:
        """Exchange soon: a place in an episode was kept that another device may go on from."""
        self._wish.set()

    async def _try(self) -> None:
        """Exchange; a problem is said once, and not at each trial again."""
        try:
            await self.run()
        except Problem as problem:
            log.warning("not synchronised: %s (%s)", problem, problem.detail)
            if str(problem) != self._last_problem and problem.kind is not ProblemKind.OFFLINE:
                self.deps.notify(problem)
            self._last_problem = str(problem)
        else:
            self._last_problem = ""

    def _login(self, account: SyncAccount) -> ServiceAccount:
        command = self.deps.settings().sync_password_command
        return ServiceAccount(account.who, account.user, command)

    def _exchange_deps(self, services: Services, account: SyncAccount) -> ExchangeDeps:
        from radiotui.sync.exchange import ExchangeDeps

        return ExchangeDeps(
            services.store,
            account,
            self.deps.clock,
            own_podcasts=lambda: [feed.url for feed in self.deps.feeds().file.podcasts],
            change_list=self._change_list,
            refresh=self.deps.ask_podcasts,
        )

    async def _change_list(self, changes: SubscriptionChanges) -> ListChanges:
        from radiotui.stations.file import read_station_list
        from radiotui.sync.exchange import ListChanges

        path = self.deps.stations_path
        if path is None:
            return ListChanges()
        listed = await asyncio.to_thread(_change_file, path, changes)
        self.deps.receive_station_list(await asyncio.to_thread(read_station_list, path))
        return listed


def _change_file(path: Path, changes: SubscriptionChanges) -> ListChanges:
    """Write the changes into the station list. Raises Problem where it cannot be changed."""
    from radiotui.stations.edit import add_feeds, remove_feed
    from radiotui.stations.file import read_station_list
    from radiotui.sync.exchange import ListChanges

    added = add_feeds(path, [OwnFeed(url, "") for url in changes.add], "podcast")
    listed = {feed.url for feed in read_station_list(path).podcasts}
    removed = [remove_feed(path, url, "podcast").url for url in changes.remove if url in listed]
    return ListChanges(tuple(feed.url for feed in added), tuple(removed))


def _in_words(problem: Problem, account: SyncAccount) -> Problem:
    """The problem, with what may be done where the login is not taken."""
    if problem.status not in {401, 403}:
        return problem
    title = f"{host_of(account.server)} does not take the login of {account.user}"
    hint = "check sync-user and its password"
    if account.kind == "nextcloud":
        hint += ": Nextcloud wants one that is made for an app"
    return Problem(title, hint, problem.detail, kind=ProblemKind.AUTH, status=problem.status)
