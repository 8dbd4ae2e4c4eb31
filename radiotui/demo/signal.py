"""The Test Signal: a whole station served from this computer.

It goes through the same network, tape and engines as any station, so it lets
anyone try everything offline, and answers "is it my sound or the station?".
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from radiotui.stations.model import ScheduleSource, Station, Stream

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from radiotui.demo.server import Site

SIGNAL_PORT = 47_117
"""Where the Test Signal is served when it is free."""
_IDENTITY = f"http://127.0.0.1:{SIGNAL_PORT}"
"""The address by which what it publishes is known, on whatever port it is served."""
SIGNAL_FEEDS = (f"{_IDENTITY}/stories.rss",)
"""The feeds that are listed; its notices, which look like markup, are for tests."""
_ID = "test-signal"
MOST_CONNECTIONS = 32
_LET_GO_SECONDS = 0.2
_log = logging.getLogger(__name__)
_log.addHandler(logging.NullHandler())


class TestSignal:
    """The station and its server. ``start`` it, use ``station``, ``close`` it.

    ``clock`` tells the time (aware, UTC); what is on air depends on it alone.
    ``wait(seconds)`` paces the streams and says whether to stop; tests give their own.
    """

    __test__ = False

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        wait: Callable[[float], bool] | None = None,
        port: int = 0,
    ) -> None:
        self._clock = clock
        self._closing = threading.Event()
        self._wait = wait or self._closing.wait
        self._port = port
        self._listening: socket.socket | None = None
        self._doorman: threading.Thread | None = None
        self._site: Site | None = None
        self._opening = threading.Lock()
        self._attended: dict[socket.socket, threading.Thread] = {}

    def start(self) -> None:
        """Serve on 127.0.0.1, at once; what serving needs is loaded when the first one asks.

        ``port`` is taken where it is free, else any. Raises OSError where there is no loopback.
        """
        self._listening = _listen(self._port)
        self._doorman = threading.Thread(
            target=self._serve, args=(self._listening,), name="test-signal", daemon=True
        )
        self._doorman.start()

    @property
    def base(self) -> str:
        """The station's address ("http://127.0.0.1:40123"); empty while it is not started."""
        if self._listening is None:
            return ""
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    @property
    def station(self) -> Station:
        """The station as the list has it; without addresses while it is not started."""
        return station_at(self.base, self._zone.key)

    @cached_property
    def _zone(self) -> ZoneInfo:
        return home_zone()

    def served_at(self, feed: str) -> str | None:
        """Address of one of its feeds in this run; None for any other feed."""
        if self.base and feed in SIGNAL_FEEDS:
            return self.base + feed.removeprefix(_IDENTITY)
        return None

    def close(self) -> None:
        """End every connection and thread, within a fifth of a second. May be called twice."""
        listening, self._listening = self._listening, None
        self._closing.set()
        if listening is None or self._doorman is None:
            return
        # Closing a socket does not wake whoever waits in its accept(): knock, without a resolver.
        with contextlib.suppress(OSError), socket.socket() as knock:
            knock.settimeout(_LET_GO_SECONDS)
            knock.connect(listening.getsockname())
        self._doorman.join(_LET_GO_SECONDS)
        listening.close()
        attended = list(self._attended.items())
        for connection, _ in attended:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for _, thread in attended:
            thread.join(_LET_GO_SECONDS)

    def _serve(self, listening: socket.socket) -> None:
        base = self.base
        while True:
            try:
                connection, peer = listening.accept()
            except OSError as error:
                _log.warning("the Test Signal could not take a connection: %s", error)
                if self._closing.wait(1):
                    return
                continue
            if self._closing.is_set():
                connection.close()
                return
            if len(self._attended) >= MOST_CONNECTIONS:
                # Whoever takes them all must not take the program's descriptors.
                connection.close()
                continue
            thread = threading.Thread(
                target=self._attend,
                args=(connection, peer, base),
                name="test-signal-listener",
                daemon=True,
            )
            self._attended[connection] = thread
            thread.start()

    def _attend(self, connection: socket.socket, peer: object, base: str) -> None:
        from radiotui.demo.server import Answering

        try:
            Answering(connection, peer, self._opened(base))
        except (ConnectionError, TimeoutError):
            _log.debug("%s went away", peer)
        except Exception:
            _log.exception("the Test Signal failed %s", peer)
        finally:
            connection.close()
            self._attended.pop(connection, None)

    def _opened(self, base: str) -> Site:
        from radiotui.demo.server import Site

        with self._opening:
            if self._site is None:
                self._site = Site(base, self._zone, self._clock, self._wait)
            return self._site


def station_at(base: str, zone: str) -> Station:
    """The station as it is served at ``base``; where that is empty, nowhere yet."""
    options = (("ucs", _ID), ("base", base))
    schedule = (ScheduleSource("composer", options),) if base else ()

    def stream(stream_id: str, name: str, path: str) -> Stream:
        return Stream(stream_id, name, (base + path,) if base else (), schedule=schedule)

    return Station(
        id=_ID,
        name="Radiotui Test Signal",
        streams=(
            stream("signal", "The Signal", "/live/signal.mp3"),
            stream("tones", "Tones (Ogg Opus)", "/live/tones.opus"),
        ),
        city="This computer",
        homepage=f"{base}/" if base else "",
        timezone=zone,
        group="Test Signal",
        feeds=SIGNAL_FEEDS if base else (),
    )


def home_zone() -> ZoneInfo:
    """This computer's zone: TZ's, or what /etc/localtime points to; UTC where neither is named."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from_environment = os.environ.get("TZ", "").removeprefix(":")
    linked = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2]
    for name in (from_environment, linked):
        with contextlib.suppress(ZoneInfoNotFoundError, ValueError, OSError):
            if name:
                return ZoneInfo(name)
    return ZoneInfo("UTC")


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError:
        if not port:
            raise
        return socket.create_server(("127.0.0.1", 0))
