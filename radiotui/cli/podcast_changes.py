"""Actions of ``podcasts`` on the list and in directories, by their words."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from radiotui.app.companion import Companion
    from radiotui.cli.invocation import Arguments

Action = Callable[["Companion", "Arguments"], Coroutine[Any, Any, int]]


async def _password(companion: Companion, arguments: Arguments) -> int:
    from radiotui.cli.passwords import give_password

    user, from_stdin = arguments.user, arguments.stdin
    return await give_password(companion, arguments.name, user=user, from_stdin=from_stdin)


async def _find(companion: Companion, arguments: Arguments) -> int:
    from radiotui.cli.podcasts import find_podcasts

    return await find_podcasts(
        companion, " ".join(arguments.words), as_json=getattr(arguments, "json", False)
    )


async def _charts(companion: Companion, arguments: Arguments) -> int:
    from radiotui.cli.podcasts import print_chart

    country, genre = arguments.country, arguments.genre
    as_json = getattr(arguments, "json", False)
    return await print_chart(companion, country, genre, as_json=as_json)


async def _move(companion: Companion, arguments: Arguments) -> int:
    from radiotui.cli.podcasts import move_podcast

    return await move_podcast(companion, arguments.name, arguments.address)


async def _older(companion: Companion, arguments: Arguments) -> int:
    from radiotui.cli.podcasts import bring_older

    return await bring_older(companion, arguments.name)


ACTIONS: Mapping[str, Action] = {
    "charts": _charts,
    "find": _find,
    "move": _move,
    "older": _older,
    "password": _password,
}
