"""A server that podcasts are synchronised with: gpodder's API and Nextcloud's paths, on loopback.

It has the habits of the real ones. ``by_arrival`` False: it compares the time to ask from with
when an episode was heard, not with when it was told so. One bad action makes it refuse all.
"""

from __future__ import annotations

import json
import re
import threading
from base64 import b64decode
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

USER, PASSWORD = "ann", "s3cret"

Shape = dict[str, Any]


class SyncLab:
    """The server; what it was told is in ``changes`` and ``actions``."""

    def __init__(self, clock: Callable[[], datetime], *, by_arrival: bool = False) -> None:
        self.clock = clock
        self.by_arrival = by_arrival
        self.changes: list[tuple[int, str, str]] = []
        self.actions: list[tuple[int, Shape]] = []
        self.devices: dict[str, Shape] = {}
        self.asked: list[tuple[str, str]] = []
        self.refused: Callable[[Shape], bool] = lambda _: False
        """True for an action that the server finds bad."""
        self.answer: Callable[[str, str], tuple[int, bytes] | None] = lambda method, path: None
        """Answers in place of the server's own."""
        self.needs_login = True
        self.before_answer: Callable[[], None] = lambda: None
        """Called once a question has had its effect, and its answer is still to go."""
        lab = self

        class Questions(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                lab.handle(self, b"")

            def do_POST(self) -> None:
                lab.handle(self, self.rfile.read(int(self.headers["Content-Length"])))

            def do_PUT(self) -> None:
                self.do_POST()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Questions)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def subscriptions(self) -> set[str]:
        """What a new device would be told."""
        left: set[str] = set()
        for _, change, url in self.changes:
            (left.add if change == "add" else left.discard)(url)
        return left

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def handle(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        parts = urlsplit(request.path)
        self.asked.append((request.command, parts.path))
        status, answer = self._answer(request, parts.path, parse_qs(parts.query), body)
        self.before_answer()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        if status == 401:
            # Clients that send no password before they are asked for one wait for this.
            request.send_header("WWW-Authenticate", 'Basic realm="gpodder"')
        else:
            # And send none again as long as this holds.
            request.send_header("Set-Cookie", f"{_SESSION}; Path=/; HttpOnly")
        request.send_header("Content-Length", str(len(answer)))
        # Who asked may be gone.
        with suppress(OSError):
            request.end_headers()
            request.wfile.write(answer)

    def _answer(
        self, request: BaseHTTPRequestHandler, path: str, query: dict[str, list[str]], body: bytes
    ) -> tuple[int, bytes]:
        scheme, _, pair = request.headers.get("Authorization", "").partition(" ")
        is_known = scheme == "Basic" and b64decode(pair).decode() == f"{USER}:{PASSWORD}"
        is_known |= _SESSION in request.headers.get("Cookie", "")
        if self.needs_login and not is_known:
            return 401, b'{"code": 401, "message": "No login"}'
        instead = self.answer(request.command, path)
        if instead is not None:
            return instead
        since, content = int(query.get("since", ["0"])[0]), json.loads(body) if body else None
        if match := re.fullmatch(rf"/api/2/devices/{USER}/([\w.-]+)\.json", path):
            self.devices[match[1]] = content or {}
            return 200, b""
        if path == f"/api/2/devices/{USER}.json":
            return 200, json.dumps([_device(*pair) for pair in self.devices.items()]).encode()
        if re.fullmatch(rf"/subscriptions/{USER}/[\w.-]+\.json", path):
            # The list of them all. What is not in it stays: it adds only.
            new = [url for url in content or () if url not in self.subscriptions]
            self.changes += [(self._now(), "add", url) for url in new]
            return 200, b"" if content is not None else json.dumps([*self.subscriptions]).encode()
        if re.fullmatch(
            rf"/api/2/subscriptions/{USER}/[\w.-]+\.json|.*/subscriptions|.*/subscription_change/create",
            path,
        ):
            return self._subscriptions(content, since)
        if path in (
            f"/api/2/episodes/{USER}.json",
            _CLOUD + "/episode_action",
            _CLOUD + "/episode_action/create",
        ):
            return self._episodes(content, since, is_cloud=path.startswith(_CLOUD))
        return 404, b"<!DOCTYPE html><title>Not here</title>"

    def _now(self) -> int:
        return int(self.clock().timestamp())

    def _subscriptions(self, content: Any, since: int) -> tuple[int, bytes]:
        if content is None:
            last = {url: change for at, change, url in self.changes if at >= since}
            return 200, _json(
                add=[url for url, change in last.items() if change == "add"],
                remove=[url for url, change in last.items() if change == "remove"],
                update_urls=[],
                timestamp=self._now(),
            )
        if any(url != url.strip() for url in [*content["add"], *content["remove"]]):
            return 400, b"{}"
        for change in ("add", "remove"):
            self.changes += [(self._now(), change, url) for url in content[change]]
        return 200, _json(timestamp=self._now(), update_urls=[])

    def _episodes(self, content: Any, since: int, *, is_cloud: bool) -> tuple[int, bytes]:
        if content is None:
            told = [
                action
                for arrived, action in self.actions
                if (arrived if self.by_arrival else _moment(action)) >= since + is_cloud
            ]
            return 200, _json(actions=told, timestamp=self._now())
        if any(self.refused(action) for action in content):
            return 400, b'{"message": "Invalid action"}'
        for action in content:
            if is_cloud:
                # It keeps one row of each episode: whichever arrives last, however old.
                self.actions = [pair for pair in self.actions if _name(pair[1]) != _name(action)]
            self.actions.append((self._now(), action | {"timestamp": self._utc(action)}))
            if action["podcast"] not in self.subscriptions:
                self.changes.append((self._now(), "add", action["podcast"]))
        return 200, _json(timestamp=self._now(), update_urls=[])

    def _utc(self, action: Shape) -> str:
        """An action's time as it is told: without a zone it is UTC, without a time it is now."""
        told = action.get("timestamp")
        at = datetime.fromisoformat(told) if told else self.clock()
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


_SESSION = "sessionid=of-ann"
_CLOUD = "/index.php/apps/gpoddersync"


def _device(name: str, told: Shape) -> Shape:
    caption, kind = told.get("caption", name), told.get("type", "other")
    return {"id": name, "deviceid": name, "name": name, "caption": caption, "type": kind,
            "subscriptions": 0}  # fmt: skip


def _name(action: Shape) -> str:
    return str(action.get("guid") or action["episode"])


def _moment(action: Shape) -> int:
    at = datetime.fromisoformat(action["timestamp"])
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())


def _json(**fields: object) -> bytes:
    return json.dumps(fields).encode()
