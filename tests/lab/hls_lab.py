"""A live HLS station on this machine: the clock station, cut into segments as it goes on.

    with HlsStation("fmp4", segment_seconds=2) as station:
        ...                                     # play station.url

ffmpeg broadcasts in real time into a folder, which a web server on loopback shows.
Both end with the station, ffmpeg by its own id.
"""

from __future__ import annotations

import http.server
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from functools import partial
from pathlib import Path

from tests.lab.radio_lab import require, until

KINDS = ("ts", "fmp4", "aac")


class HlsStation:
    """``kind`` is "ts", "fmp4" or "aac" (packed). ``begin`` is the clock's first second.

    So many segments are ``listed``; it is entered when there are ``ready`` of them, which
    takes as long as they last.
    """

    def __init__(
        self,
        kind: str = "ts",
        *,
        segment_seconds: float = 2.0,
        listed: int = 15,
        ready: int = 3,
        begin: float = 0.0,
    ) -> None:
        require("ffmpeg")
        assert kind in KINDS
        self.kind = kind
        self.begin = begin
        self.began_at = 0.0
        """When the clock's first second began, monotonic."""
        self._seconds = segment_seconds
        self._listed = listed
        self._ready = ready
        self._folder = Path(tempfile.mkdtemp(prefix="radiotui-hls-"))
        self._sends: subprocess.Popen[bytes] | None = None
        self._server: http.server.ThreadingHTTPServer | None = None

    def __enter__(self) -> HlsStation:
        try:
            self._serve()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def url(self) -> str:
        """Where a listener finds it."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}/live.m3u8"

    def start(self) -> None:
        """Go on the air, with a new numbering, and wait until listeners can tune in."""
        hz = f"(400+20*floor(mod(t+{self.begin:g},60)))"
        sound = f"aevalsrc='0.3*sin(2*PI*{hz}*t)':s=44100"
        command = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-re", "-f", "lavfi", "-i", sound]
        self.began_at = time.monotonic()
        self._sends = subprocess.Popen(
            [*command, "-c:a", "aac", "-b:a", "128k", *self._output()],
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        seconds = self._seconds * self._ready + 15
        until(self._is_heard, seconds=seconds, what="the HLS station is on the air")

    def stop(self) -> None:
        """Leave the air: the list stays as it is, as when a station's encoder dies."""
        sends, self._sends = self._sends, None
        if sends is None:
            return
        sends.send_signal(signal.SIGKILL)
        sends.wait(5)
        assert sends.stderr is not None
        sends.stderr.close()

    def _output(self) -> list[str]:
        each, listed = f"{self._seconds:g}", str(self._listed)
        if self.kind == "aac":
            return [
                *("-f", "segment", "-segment_time", each, "-segment_format", "adts"),
                *("-segment_list", "live.m3u8", "-segment_list_type", "m3u8"),
                *("-segment_list_flags", "+live", "-segment_list_size", listed, "live%d.aac"),
            ]
        of_kind = ["-hls_segment_type", "fmp4"] if self.kind == "fmp4" else []
        flags = "delete_segments+temp_file+program_date_time"
        return [
            *("-f", "hls", "-hls_time", each, "-hls_list_size", listed, *of_kind),
            *("-hls_flags", flags, "-hls_delete_threshold", "10", "live.m3u8"),
        ]

    def _is_heard(self) -> bool:
        assert self._sends is not None
        assert self._sends.stderr is not None
        if self._sends.poll() is not None:
            raise AssertionError(f"ffmpeg ended: {self._sends.stderr.read().decode()}")
        path = self._folder / "live.m3u8"
        return path.exists() and path.read_text().count("#EXTINF") >= self._ready

    def _serve(self) -> None:
        handler = partial(_Quiet, directory=str(self._folder))
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {
        ".m3u8": "application/vnd.apple.mpegurl",
        ".ts": "video/mp2t",
        ".m4s": "video/mp4",
        ".aac": "audio/aac",
    }

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its parent's name
        """Say nothing."""
