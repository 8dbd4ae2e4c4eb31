"""Passwords on the command line: asked for without an echo, and never an argument."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from radiotui.cli.notes import opened
from radiotui.cli.output import DONE, FAILED, print_note, print_result
from radiotui.problems import Problem, ProblemKind

if TYPE_CHECKING:
    from radiotui.app.companion import Companion

_MOST_CHARACTERS = 4096


async def give_password(companion: Companion, name: str, *, user: str, from_stdin: bool) -> int:
    """Take the password of a podcast, try it, and put it into the keyring; 1 without one."""
    read = read_from_stdin if from_stdin else ask_on_terminal
    async with opened(companion, radio=False):
        url = await companion.podcasts.address_of(name)
        given = await companion.feed_logins.give(url, user, read)
        if given.answer is None:
            await companion.podcasts.refresh(url)
    if given.answer is not None:
        print_note(given.answer)
    if given.unkept is not None:
        print_note(given.unkept)
        return FAILED
    print_result(f"the password of {given.user} for {given.service} is in the keyring")
    return DONE


def ask_on_terminal(whose: str) -> str:
    """A password that is typed and not shown. Raises Problem where there is no terminal."""
    if not sys.stdin.isatty():
        title = "there is no terminal to ask for the password on"
        raise Problem(title, "--stdin reads it from standard input", kind=ProblemKind.USAGE)
    from getpass import getpass

    try:
        return getpass(whose)
    except EOFError:
        return ""


def read_from_stdin(_whose: str) -> str:
    """The first line of standard input."""
    return sys.stdin.readline(_MOST_CHARACTERS).rstrip("\r\n")
