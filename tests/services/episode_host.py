"""Hosts of episodes on loopback: with ranges and without, honest and lying."""

from __future__ import annotations

from collections.abc import Callable

from tests.servers import Connection, Route


def asked_range(connection: Connection) -> int | None:
    """The first byte that is asked for; None where no range is."""
    value = connection.headers.get("range", "")
    return int(value.removeprefix("bytes=").rstrip("-")) if value else None


def host(
    body: bytes,
    kind: str = "audio/mpeg",
    *,
    ranges: bool = True,
    etag: str = '"first"',
    before: Callable[[Connection], None] = lambda _: None,
    most: Callable[[], int | None] = lambda: None,
    pace: int | None = None,
) -> Route:
    """A host of one file. It breaks off each answer after ``most()`` bytes (None: it does not).

    It sends ``pace`` bytes a second, or as fast as the line takes them.
    """

    def route(connection: Connection) -> None:
        before(connection)
        at = asked_range(connection)
        if at is not None and at >= len(body):
            connection.answer(b"", kind, "416 Range Not Satisfiable")
            return
        is_same = connection.headers.get("if-range", etag) == etag
        is_part = ranges and at is not None and is_same
        begin = at if is_part and at is not None else 0
        status = "206 Partial Content" if is_part else "200 OK"
        told = f"Content-Range: bytes {begin}-{len(body) - 1}/{len(body)}\r\n" if is_part else ""
        connection.send(
            f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nETag: {etag}\r\n{told}"
            f"Content-Length: {len(body) - begin}\r\nConnection: close\r\n\r\n".encode()
        )
        part = most()
        answer = body[begin:] if part is None else body[begin : begin + part]
        if pace is None:
            connection.send(answer)
            return
        for at in range(0, len(answer), pace // 10):
            connection.send(answer[at : at + pace // 10])
            if connection.server.closed.wait(0.1):
                return

    return route


def wrong_ranges(body: bytes, told: str, first: int) -> Route:
    """A host that breaks off after ``first`` bytes, and answers ranges with a wrong one.

    ``told`` is what its ``Content-Range`` says; empty: it has none.
    """
    parts = iter([first])
    whole = host(body, most=lambda: next(parts, None))

    def route(connection: Connection) -> None:
        if asked_range(connection):
            line = f"Content-Range: {told}\r\n" if told else ""
            connection.send(
                f"HTTP/1.1 206 Partial Content\r\nContent-Type: audio/mpeg\r\n{line}"
                "Content-Length: 100\r\nConnection: close\r\n\r\n".encode()
                + bytes(100)
            )
        else:
            whole(connection)

    return route
