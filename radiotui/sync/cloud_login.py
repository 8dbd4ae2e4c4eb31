"""Login at Nextcloud by its second way: the listener allows it in a browser, a password comes back.

https://docs.nextcloud.com/server/latest/developer_manual/client_apis/LoginFlow/
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec

from radiotui.net.client import Net
from radiotui.net.loose_json import decode_json
from radiotui.net.urls import server_of, web_link
from radiotui.problems import Problem, ProblemKind
from radiotui.text import clean

_POLL_SECONDS = 2.0
_MOST_POLLS = 600
"""Twenty minutes: so long the server keeps the link."""
_LONGEST_PASSWORD = 500


class CloudLogin(msgspec.Struct, frozen=True):
    """User and password that a server has made for this program."""

    user: str
    password: str

    def __repr__(self) -> str:
        """Words without the password: they may reach a log."""
        return f"CloudLogin({self.user!r})"


class _Poll(msgspec.Struct):
    token: str = ""
    endpoint: str = ""


class _Begun(msgspec.Struct):
    poll: _Poll
    login: str = ""


class _Allowed(msgspec.Struct, rename="camel"):
    login_name: str = ""
    app_password: str = ""


async def log_in(
    net: Net,
    server: str,
    show_link: Callable[[str], None],
    sleep: Callable[[float], Awaitable[None]],
) -> CloudLogin:
    """The login, once the listener has allowed it on the page of ``show_link``.

    Raises Problem where the server knows no such login, and where nobody allows it.
    """
    address = server.rstrip("/").removesuffix("/index.php")
    answer = await net.send("POST", f"{address}/index.php/login/v2", b"")
    try:
        begun = decode_json(answer.body, _Begun)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _no_login(str(error)) from error
    page, endpoint = web_link(begun.login), web_link(begun.poll.endpoint)
    # The password is fetched from where the listener has sent the question, and from nowhere else.
    if not page or not endpoint or server_of(endpoint) != server_of(address):
        raise _no_login(f"{page} {endpoint}")
    show_link(page)
    token = msgspec.json.encode({"token": begun.poll.token})
    for _ in range(_MOST_POLLS):
        await sleep(_POLL_SECONDS)
        try:
            answer = await net.send("POST", endpoint, token)
        except Problem as problem:
            # Until somebody has said yes.
            if problem.status != 404:
                raise
        else:
            return _login_in(answer.body)
    raise Problem("nobody has allowed the login on that page", "begin again")


def _login_in(body: bytes) -> CloudLogin:
    try:
        allowed = decode_json(body, _Allowed)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _no_login(str(error)) from None
    user, password = clean(allowed.login_name, 200), allowed.app_password
    if not user or not password or len(password) > _LONGEST_PASSWORD or not password.isprintable():
        raise _no_login("no password in the answer")
    return CloudLogin(user, password)


def _no_login(detail: str) -> Problem:
    return Problem(
        "that server knows no login by a browser",
        "make a password for an app in its settings, and give it by 'radiotui sync password'",
        detail,
        kind=ProblemKind.DAMAGED,
    )
