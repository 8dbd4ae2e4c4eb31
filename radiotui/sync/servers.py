"""Servers to synchronise with: gpodder's API (version 2), and Nextcloud's app "GPodder Sync"."""

from __future__ import annotations

import asyncio
import re
from base64 import b64encode
from collections.abc import Mapping
from urllib.parse import quote, urlencode

import msgspec

from radiotui.net.client import MIB, Net
from radiotui.net.urls import host_of, is_web
from radiotui.problems import Problem, ProblemKind
from radiotui.sync.model import (
    ActionPage,
    ChangesPage,
    EpisodeAction,
    SubscriptionChanges,
    SyncKind,
    SyncServer,
)
from radiotui.sync.wire import action_shape, read_actions, read_changes, read_update_urls

_LARGEST_ANSWER = 64 * MIB
_SECONDS = 60.0
_NOT_IN_ID = re.compile(r"[^\w.-]+", re.ASCII)


class SyncAccount(msgspec.Struct, frozen=True):
    """An account at a server, without its password."""

    kind: SyncKind
    server: str
    """Address that everything stands below: "https://gpodder.net", "https://cloud.example.org"."""
    user: str
    device: str
    """Name of this device, unique among the listener's."""

    @property
    def key(self) -> str:
        """Name of the account in the store."""
        return f"{self.kind} {self.user}@{self.server.rstrip('/')}"

    @property
    def who(self) -> str:
        """The server in a sentence."""
        return host_of(self.server) or self.server


def device_id(name: str) -> str:
    """Letters of a name that servers take in the id of a device."""
    return _NOT_IN_ID.sub("-", name).strip("-.")[:64] or "radiotui"


def server_of_account(net: Net, account: SyncAccount, password: str) -> SyncServer:
    """The server of an account. Raises Problem for an account that lacks something."""
    address = account.server.strip().rstrip("/")
    if not is_web(address):
        hint = 'such as sync-server = "https://gpodder.net"'
        title = "the address of the server to synchronise with is none of the web"
        raise Problem(title, hint, kind=ProblemKind.USAGE)
    if not account.user:
        title, hint = "there is no user to synchronise as", 'such as sync-user = "ann"'
        raise Problem(title, hint, kind=ProblemKind.USAGE)
    pair = f"{account.user}:{password}".encode()
    headers = {"Authorization": f"Basic {b64encode(pair).decode()}"}
    if account.kind == "nextcloud":
        return NextcloudServer(net, account, address, headers)
    return GpodderServer(net, account, address, headers)


class _Questions:
    """Questions to one server, each with the login."""

    def __init__(
        self, net: Net, account: SyncAccount, address: str, headers: Mapping[str, str]
    ) -> None:
        self._net = net
        self._account = account
        self._address = address
        self._headers = headers

    async def get(self, path: str, **query: object) -> bytes:
        """The body of an answer."""
        url = f"{self._address}{path}?{urlencode(query)}"
        return (
            await self._net.fetch(
                url,
                who=self._account.who,
                cap=_LARGEST_ANSWER,
                headers=self._headers,
                seconds=_SECONDS,
            )
        ).body

    async def post(self, path: str, content: object) -> bytes:
        """The body of the answer to what is sent as JSON."""
        return (
            await self._net.send(
                "POST",
                f"{self._address}{path}",
                msgspec.json.encode(content),
                who=self._account.who,
                headers=self._headers,
                seconds=_SECONDS,
            )
        ).body


class GpodderServer:
    """Server with gpodder's API: https://gpoddernet.readthedocs.io/en/latest/api/."""

    def __init__(
        self, net: Net, account: SyncAccount, address: str, headers: Mapping[str, str]
    ) -> None:
        self._questions = _Questions(net, account, address, headers)
        self._account = account
        user, device = quote(account.user, safe=""), device_id(account.device)
        self._device = device
        self._devices = f"/api/2/devices/{user}/{device}.json"
        self._subscriptions = f"/api/2/subscriptions/{user}/{device}.json"
        self._episodes = f"/api/2/episodes/{user}.json"

    async def announce(self, caption: str) -> None:
        """Tell the name of this device."""
        await self._questions.post(self._devices, {"caption": caption, "type": "other"})

    async def subscriptions(self, since: int) -> ChangesPage:
        """Changes of subscriptions since then."""
        body = await self._questions.get(self._subscriptions, since=since)
        return await asyncio.to_thread(read_changes, body, since, self._account.who)

    async def send_subscriptions(self, changes: SubscriptionChanges) -> dict[str, str]:
        """Send changes of subscriptions."""
        content = {"add": changes.add, "remove": changes.remove}
        return read_update_urls(await self._questions.post(self._subscriptions, content))

    async def actions(self, since: int) -> ActionPage:
        """Actions of all devices since then."""
        body = await self._questions.get(self._episodes, since=since)
        return await asyncio.to_thread(read_actions, body, since, self._account.who)

    async def send_actions(self, actions: tuple[EpisodeAction, ...]) -> None:
        """Send actions together."""
        content = [action_shape(action, self._device) for action in actions]
        await self._questions.post(self._episodes, content)


class NextcloudServer:
    """Nextcloud with the app "GPodder Sync"; its password is one made for an app."""

    _BASE = "/index.php/apps/gpoddersync"

    def __init__(
        self, net: Net, account: SyncAccount, address: str, headers: Mapping[str, str]
    ) -> None:
        self._questions = _Questions(net, account, address.removesuffix("/index.php"), headers)
        self._account = account

    async def announce(self, caption: str) -> None:
        """Nothing: it knows no devices."""

    async def subscriptions(self, since: int) -> ChangesPage:
        """Changes of subscriptions since then."""
        body = await self._questions.get(f"{self._BASE}/subscriptions", since=since)
        return await asyncio.to_thread(read_changes, body, since, self._account.who)

    async def send_subscriptions(self, changes: SubscriptionChanges) -> dict[str, str]:
        """Send changes of subscriptions."""
        content = {"add": changes.add, "remove": changes.remove}
        path = f"{self._BASE}/subscription_change/create"
        return read_update_urls(await self._questions.post(path, content))

    async def actions(self, since: int) -> ActionPage:
        """Actions of all devices since then."""
        body = await self._questions.get(f"{self._BASE}/episode_action", since=since)
        return await asyncio.to_thread(read_actions, body, since, self._account.who)

    async def send_actions(self, actions: tuple[EpisodeAction, ...]) -> None:
        """Send actions together."""
        content = [action_shape(action) for action in actions]
        await self._questions.post(f"{self._BASE}/episode_action/create", content)
