"""Logins of private feeds: taken out of addresses, kept, given, and where each password is from."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from radiotui.app.deps import RoomDeps
from radiotui.net.logins import Login, login_in
from radiotui.net.passwords import PasswordOrigin, origin_words, ways_to_give
from radiotui.net.urls import LONGEST_URL
from radiotui.problems import Problem, ProblemKind
from radiotui.stations.written_addresses import address_of_user, write_user
from radiotui.text import clean

if TYPE_CHECKING:
    from radiotui.app.followed_feeds import FollowedFeeds
    from radiotui.net.client import Net
    from radiotui.net.logins import Logins
    from radiotui.stations.model import FeedKind, OwnFeed

log = logging.getLogger(__name__)


class LoginReport(msgspec.Struct, frozen=True):
    """A feed's user, and where the password comes from."""

    url: str
    user: str
    service: str
    origin: PasswordOrigin | None
    """None where there is no password."""
    words: str
    """The same for people: "ann: password from the keyring"."""


def take_login(logins: Logins, address: str, password: str = "") -> tuple[str, Login | None]:
    """An address without its login, which is used from now on; ``password`` may be another."""
    from radiotui.feeds.parsing.feed_links import without_readers_scheme

    web = without_readers_scheme(typed := clean(address, LONGEST_URL), guess="")
    # No password is sent unencrypted on a guess.
    login = login_in(web if web == typed or "://" in web else f"https://{web}")
    if login is None:
        return address, None
    login = replace(login, written=password or login.written)
    logins.add_typed(login)
    return login.url, login


async def keep_passwords(logins: Logins, taken: Iterable[Login]) -> Problem | None:
    """Put passwords that were typed into the keyring.

    A problem where there is none, with how to give them: the feeds are in the list without.
    """
    unkept: list[Login] = []
    reason: Problem | None = None
    for login in taken:
        if not login.written:
            continue
        try:
            if reason is None:
                await logins.passwords.keep(login.account, login.written)
        except Problem as problem:
            reason = problem
        if reason is not None:
            unkept.append(login)
    if reason is None:
        return None
    first = unkept[0]
    user, count = clean(first.user, 80), len(unkept)
    whose = f"password of {user} for {first.account.service} is" if count == 1 else ""
    whose = whose or f"passwords of {count} feeds are"
    return reason.reworded(
        title=f"the {whose} not kept: {reason.title}", hint=ways_to_give(first.account)
    )


async def add_own_feed(
    logins: Logins, path: Path, feed: OwnFeed, login: Login | None, kind: FeedKind
) -> Problem | None:
    """Write a feed into the list, and its password into the keyring; why that is not kept.

    Raises Problem where the list cannot be changed.
    """
    from radiotui.stations.edit import add_feed

    await asyncio.to_thread(add_feed, path, with_user(feed, login), kind)
    return await keep_passwords(logins, [login]) if login is not None else None


def with_user(feed: OwnFeed, login: Login | None) -> OwnFeed:
    """A feed as it is written into the list: with the user in its address."""
    return replace(feed, url=address_of_user(feed.url, login.user)) if login else feed


class GivenPassword(msgspec.Struct, frozen=True):
    """Outcome of giving a feed's password."""

    user: str
    service: str
    answer: Problem | None = None
    """Why the feed brought nothing, though it did not refuse the password."""
    unkept: Problem | None = None
    """Why it is not in the keyring, with how to give it."""


class FeedLoginsDeps(RoomDeps, frozen=True):
    """Dependencies of :class:`FeedLogins`."""

    feeds: Callable[[], FollowedFeeds]
    """The feeds and podcasts of the station list of now."""
    stations_path: Path | None
    """The file that they stand in; None where none is used."""


class FeedLogins:
    """Users of the list's private feeds, and their passwords."""

    def __init__(self, deps: FeedLoginsDeps) -> None:
        self.deps = deps

    async def reports(self) -> list[LoginReport]:
        """Each user of the list, and where the password comes from; no command is run."""
        logins = (await self.deps.opened()).logins
        return [await _report(logins, login) for login in self.deps.feeds().file.logins]

    async def move_out(self) -> None:
        """Move the passwords that stand in the list's addresses into the keyring, if there is one.

        Where there is none they stay where the listener wrote them, and are used from there.
        Raises Problem where the file cannot be changed.
        """
        written = [login for login in self.deps.feeds().file.logins if login.written]
        path = self.deps.stations_path
        if not written or path is None:
            return
        logins = (await self.deps.opened()).logins
        for login in written:
            try:
                await logins.passwords.keep(login.account, login.written)
            except Problem as problem:
                log.info("the password of %s stays in %s: %s", login, path.name, problem.title)
                return
            await asyncio.to_thread(write_user, path, login.url, login.user)

    async def give(
        self,
        url: str,
        user: str,
        read: Callable[[str], str],
    ) -> GivenPassword:
        """Take the password of the feed at ``url``, try it there, and keep it in the keyring.

        Without ``user`` it is the one of the list. ``read`` gives the password, on a thread, and
        is told whose it is. Raises Problem where the feed refuses it: it is not kept then.
        """
        services = await self.deps.opened()
        logins = services.logins
        before = next((login for login in self.deps.feeds().file.logins if login.url == url), None)
        login = Login(
            url, user or (before.user if before else ""), before.command if before else ""
        )
        if not login.user:
            title = "there is no user's name for this podcast"
            raise Problem(title, "give it with --user NAME", kind=ProblemKind.USAGE)
        whose = f"Password of {clean(login.user, 80)} for {login.account.service}: "
        typed = replace(login, written=await asyncio.to_thread(read, whose))
        if not typed.written:
            raise Problem("no password was given", "nothing was changed", kind=ProblemKind.USAGE)
        logins.add_typed(typed)
        answer = await _refusal(services.net, url)
        if answer is not None and answer.status == 401:
            logins.drop_typed(url)
            raise answer.reworded(hint="it was not kept: try again")
        if self.deps.stations_path is not None:
            await asyncio.to_thread(write_user, self.deps.stations_path, url, login.user)
        unkept = await keep_passwords(logins, [typed])
        return GivenPassword(login.user, login.account.service, answer, unkept)


async def _refusal(net: Net, url: str) -> Problem | None:
    """Problem of an address that gives nothing; None where it gives something."""
    try:
        await net.fetch(url)
    except Problem as problem:
        return problem
    return None


async def _report(logins: Logins, login: Login) -> LoginReport:
    origin, account = await logins.origin(login), login.account
    place = origin_words(origin, account) if origin else "not found; " + ways_to_give(account)
    words = f"{clean(login.user, 80)}: password {place}"
    return LoginReport(login.url, login.user, account.service, origin, words)
