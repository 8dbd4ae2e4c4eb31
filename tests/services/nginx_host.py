"""A real nginx on loopback that serves one folder: what most podcasts stand on.

It is one process in the foreground, with its settings, its log and its files in a folder of the
test's, and is ended by its number.
"""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

from tests.lab.radio_lab import require, until

_SBIN = os.pathsep.join(("/usr/sbin", "/usr/local/sbin"))
"""Debian has it there, which is in root's path alone."""
_CONFIG = """
daemon off; master_process off; pid {folder}/nginx.pid;
events {{ worker_connections 64; }}
http {{
  log_format asked escape=none '$request_uri\t$status\t$http_range\t'
    '$http_if_range\t$http_if_none_match\t$sent_http_content_encoding';
  access_log {folder}/access.log asked;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  types {{ audio/mpeg mp3; audio/mp4 m4a; audio/ogg opus; application/rss+xml rss; }}
  server {{
    listen 127.0.0.1:{port};
    root {folder}/files;
    location /slow/ {{ alias {folder}/files/; limit_rate {rate}; limit_rate_after {at_once}; }}
    location /packed/ {{
      alias {folder}/files/; gzip on; gzip_min_length 1; gzip_types application/rss+xml;
    }}
  }}
}}
"""


class NginxRequest(NamedTuple):
    """A request that was answered, or broken off."""

    path: str
    status: str
    range: str
    if_range: str
    if_none_match: str
    coding: str
    """Of the answer: "gzip", or nothing."""

    @property
    def first_byte(self) -> int:
        """The first byte of the range that was asked for."""
        return int(self.range.removeprefix("bytes=").partition("-")[0] or 0)


class Nginx:
    """The server, to be entered.

    Of what is asked for under ``/slow/`` it sends ``at_once`` bytes as fast as the line takes
    them, and then ``rate`` bytes a second.
    """

    def __init__(self, folder: Path, *, at_once: int, rate: int) -> None:
        self._program = shutil.which("nginx") or shutil.which("nginx", path=_SBIN)
        if self._program is None:
            require("nginx")
        self.rate = rate
        """From the next start on; 0: without a limit."""
        self._at_once = at_once
        self._folder = folder
        self._files = folder / "files"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = int(free.getsockname()[1])
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Nginx:
        self._files.mkdir(parents=True)
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        self.kill()

    def url(self, path: str) -> str:
        """The address of a file, such as "/one.mp3", "/slow/one.mp3" or "/packed/show.rss"."""
        return f"http://127.0.0.1:{self._port}{path}"

    def put(self, name: str, body: bytes, *, age: float = 0.0) -> None:
        """Put a file in its place, whole, as it was changed ``age`` seconds ago."""
        part = self._files / f"{name}.part"
        part.write_bytes(body)
        at = time.time() - age
        os.utime(part, (at, at))
        part.replace(self._files / name)

    def start(self) -> None:
        """Start it, on the same port each time, and wait until it answers."""
        assert self._program is not None
        (self._folder / "nginx.conf").write_text(
            _CONFIG.format(
                folder=self._folder, port=self._port, at_once=self._at_once, rate=self.rate
            )
        )
        log = self._folder / "error.log"
        self._server = subprocess.Popen(
            [self._program, "-p", self._folder, "-e", log, "-c", self._folder / "nginx.conf"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(lambda: self._answers() or not self._runs, seconds=30, what="nginx answers")
        assert self._runs, log.read_text(errors="replace")

    def kill(self) -> None:
        """End it as a crash would, in the middle of its answers."""
        if self._server is not None:
            self._server.send_signal(signal.SIGKILL)
            self._server.wait()

    def requests(self, path: str) -> list[NginxRequest]:
        """Those for a path that have ended, in their order."""
        log = self._folder / "access.log"
        lines = (NginxRequest(*line.split("\t")) for line in log.read_text().splitlines())
        return [line for line in lines if line.path == path]

    @property
    def _runs(self) -> bool:
        return self._server is not None and self._server.poll() is None

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=5)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status > 0
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
