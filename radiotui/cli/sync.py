"""Command ``sync``: podcasts and places on the listener's other devices."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from radiotui.app.podcast_shapes import sync_report_shape, sync_status_shape
from radiotui.cli.notes import opened
from radiotui.cli.output import DONE, print_json, print_note, print_result
from radiotui.problems import Problem, ProblemKind
from radiotui.text import without_password

if TYPE_CHECKING:
    from radiotui.app.companion import Companion
    from radiotui.sync.exchange import SyncReport


async def synchronise(companion: Companion, *, as_json: bool) -> int:
    """Exchange everything with the server now."""
    async with opened(companion, radio=False):
        report = await companion.synchronisation.run()
    if as_json:
        print_json(sync_report_shape(report))
        return DONE
    for url in report.added:
        print_result(f"added    {without_password(url)}")
    for url in report.removed:
        print_result(f"removed  {without_password(url)}")
    print_result(_in_words(report))
    if report.refused:
        print_note(f"{report.refused} places are refused by the server: the log names them")
    return DONE


async def print_status(companion: Companion, *, as_json: bool) -> int:
    """Print the account, when it was used last, and what waits."""
    async with opened(companion, radio=False):
        status = await companion.synchronisation.status()
    if as_json:
        print_json(sync_status_shape(status))
        return DONE
    account, at = status.account, status.synced_at
    print_result(f"{account.user} at {without_password(account.server)} ({account.kind})")
    print_result(f"    this computer  {account.device}")
    print_result(f"    password       {status.password or 'none'}")
    print_result(f"    last exchange  {at.astimezone():%Y-%m-%d %H:%M}" if at else "    never yet")
    print_result(f"    to be sent     {status.unsent}")
    print_result(f"    waiting        {status.waiting} places of episodes that are not here")
    return DONE


async def give_sync_password(companion: Companion, *, from_stdin: bool) -> int:
    """Take the password of the account, and put it into the keyring."""
    from radiotui.cli.passwords import ask_on_terminal, read_from_stdin

    read = read_from_stdin if from_stdin else ask_on_terminal
    async with opened(companion, radio=False):
        account = companion.synchronisation.account
        password = await asyncio.to_thread(read, f"Password of {account.user} at {account.who}: ")
        if not password:
            title = "no password was given"
            raise Problem(title, "nothing was changed", kind=ProblemKind.USAGE)
        await companion.synchronisation.keep_password(password)
    print_result(f"the password of {account.user} for {account.who} is in the keyring")
    return DONE


async def log_in(companion: Companion) -> int:
    """Log in at Nextcloud by the listener's browser."""
    async with opened(companion, radio=False):
        login = await companion.synchronisation.log_in(_show_link)
    print_result(f'sync-user = "{login.user}": the password is in the keyring')
    return DONE


def _show_link(link: str) -> None:
    print_result(f"Allow it on this page: {link}", at_once=True)


def _in_words(report: SyncReport) -> str:
    """Outcome in one line: "3 places received, 1 sent, 2 wait for their episodes"."""
    parts = [
        _counted(len(report.received), "place received", "places received"),
        _counted(report.sent, "sent", "sent"),
        _counted(report.told_added, "podcast told", "podcasts told"),
        _counted(report.told_removed, "given up there", "given up there"),
        _counted(report.waiting, "waits for its episode", "wait for their episodes"),
    ]
    return ", ".join(filter(None, parts)) or "nothing has changed"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}" if count else ""
