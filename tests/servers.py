"""Real servers on loopback that behave as a test wants them to.

A route is a function of the connection: it writes what goes over the wire,
byte for byte, so that servers which are wrong can be as wrong as they are.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

Route = Callable[["Connection"], None]


_HANDSHAKE = b"\x16\x03"
"""Begin of TLS: a server of plain HTTP does not wait for the rest of it."""


class Connection:
    """One request, and the way back."""

    def __init__(
        self,
        sock: socket.socket,
        server: Server,
        path: str,
        headers: dict[str, str],
        authorization: str = "",
    ) -> None:
        self.sock = sock
        self.server = server
        self.path = path
        self.headers = headers
        self.authorization = authorization
        """As it was sent: the values of the other headers are in lower case."""

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def answer(self, body: bytes, kind: str = "text/plain", status: str = "200 OK", **more: str):
        """A whole, well-formed answer."""
        extra = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in more.items())
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        self.send(f"{head}Connection: close\r\n{extra}\r\n".encode() + body)

    def live(self, kind: str = "audio/mpeg", **more: str) -> None:
        """The head of an answer that has no length and no end."""
        extra = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in more.items())
        self.send(f"HTTP/1.0 200 OK\r\nContent-Type: {kind}\r\n{extra}\r\n".encode())

    def hang(self) -> None:
        """Say nothing more until the server is closed or the other side has gone."""
        self.sock.settimeout(0.1)
        while not self.server.closed.is_set():
            try:
                if not self.sock.recv(1024):
                    return
            except TimeoutError:
                continue
            except OSError:
                return

    def reset(self) -> None:
        """Break the connection without a goodbye."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


class Server:
    """Routes on a port of loopback; counts what it is asked."""

    def __init__(self, port: int = 0) -> None:
        self.routes: dict[str, Route] = {}
        self.asked: list[Connection] = []
        self.closed = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", port))
        self.port = self._socket.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def paths(self) -> list[str]:
        return [connection.path for connection in self.asked]

    def close(self) -> None:
        self.closed.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._accepting.join(5)
        for sock in list(self._open):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        while not self.closed.is_set():
            try:
                sock, _ = self._socket.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(sock,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket) -> None:
        self._open.add(sock)
        with sock, contextlib.suppress(OSError):
            request = b""
            while b"\r\n\r\n" not in request:
                part = sock.recv(4096)
                if not part:
                    return
                request += part
                if request.startswith(_HANDSHAKE):
                    return
            first, *lines = request.decode("latin-1").split("\r\n")
            headers = dict(line.lower().split(": ", 1) for line in lines if ": " in line)
            path = first.split(" ")[1]
            name = "authorization: "
            sent = (line[len(name) :] for line in lines if line.lower().startswith(name))
            connection = Connection(sock, self, path, headers, next(sent, ""))
            self.asked.append(connection)
            route = self.routes.get(path.partition("?")[0])
            if route is None:
                connection.answer(b"nothing here", status="404 Not Found")
            else:
                route(connection)
        self._open.discard(sock)


@contextlib.contextmanager
def serving(**routes: Route) -> Iterator[Server]:
    """A server with routes by name: ``serving(live=…)`` answers at /live."""
    server = Server()
    server.routes = {f"/{name}": route for name, route in routes.items()}
    try:
        yield server
    finally:
        server.close()


def paced(connection: Connection, pieces: list[bytes], seconds_each: float) -> None:
    """Send pieces at their own pace until the server is closed."""
    begin = time.monotonic()
    for number, piece in enumerate(pieces):
        if connection.server.closed.wait(
            max(0.0, begin + number * seconds_each - time.monotonic())
        ):
            return
        connection.send(piece)
