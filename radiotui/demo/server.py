"""The Test Signal's web server: a short list of known addresses, and nothing else is obeyed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import msgspec

from radiotui.config import asset
from radiotui.demo.broadcast import METAINT, Carrier, Mp3Broadcast, OpusBroadcast, on_air
from radiotui.demo.composer import UCS, Composer
from radiotui.demo.pages import NewsItem, Press, day_of
from radiotui.demo.rundown import Rundown

SIGNAL = "/live/signal.mp3"
TONES = "/live/tones.opus"

_HTML, _RSS, _JSON = (
    "text/html; charset=utf-8",
    "application/rss+xml; charset=utf-8",
    "application/json",
)
_SILENT_LISTENER_SECONDS = 30


class DemoPage(msgspec.Struct, frozen=True):
    """A whole answer."""

    body: bytes
    kind: str
    modified: datetime | None = None

    @property
    def etag(self) -> str:
        """Names exactly this body."""
        return f'"{sha256(self.body).hexdigest()[:20]}"'


class Site:
    """The pages and streams of a station served at ``base``."""

    def __init__(
        self,
        base: str,
        zone: ZoneInfo,
        clock: Callable[[], datetime],
        wait: Callable[[float], bool],
    ) -> None:
        self.base = base
        self.clock = clock
        self.wait = wait
        self.rundown = Rundown()
        self._zone = zone
        self._composer = Composer(self.rundown, zone, f"{base}/")
        self._press = Press(base)
        self._pages = self._known_pages()

    def page(self, path: str, query: Mapping[str, list[str]]) -> DemoPage | None:
        """The page at ``path`` now; None where there is none."""
        page = self._pages.get(path)
        return page(query) if page else None

    def _known_pages(self) -> dict[str, Callable[[Mapping[str, list[str]]], DemoPage | None]]:
        press, clock = self._press, self.clock

        def published(written: Callable[[datetime], str], kind: str) -> Callable[..., DemoPage]:
            return lambda _query: DemoPage(written(clock()).encode(), kind, day_of(clock()))

        def story(piece: NewsItem) -> Callable[..., DemoPage]:
            return published(lambda at: press.story_page(piece, at), _HTML)

        def file(name: str, kind: str) -> Callable[..., DemoPage]:
            path = asset(f"test-signal/{name}")
            return lambda _query: DemoPage(path.read_bytes(), kind)

        return {
            "/": lambda _query: DemoPage(press.front_page().encode(), _HTML),
            "/stories.rss": published(press.stories_feed, _RSS),
            "/notices.rss": published(press.notices_feed, _RSS),
            f"/v1/widget/{UCS}/now": lambda _query: _json(self._composer.now(clock())),
            f"/v1/widget/{UCS}/day": self._day,
            **{f"/stories/{piece.slug}.html": story(piece) for piece in press.stories},
            **{
                f"/pictures/{piece.picture}.png": file(f"{piece.picture}.png", "image/png")
                for piece in press.stories
            },
            **{
                f"/sounds/{piece.sound}.mp3": file(f"{piece.sound}.mp3", "audio/mpeg")
                for piece in press.stories
                if piece.sound
            },
        }

    def _day(self, query: Mapping[str, list[str]]) -> DemoPage | None:
        now = self.clock()
        try:
            day = (
                date.fromisoformat(query["date"][0])
                if "date" in query
                else now.astimezone(self._zone).date()
            )
            return _json(self._composer.day(day, now))
        except (ValueError, OverflowError):
            return None


class Answering(BaseHTTPRequestHandler):
    """One connection, on a thread of its own until the listener or the station closes it."""

    protocol_version = "HTTP/1.1"
    server_version = "radiotui"
    sys_version = ""
    timeout = _SILENT_LISTENER_SECONDS
    disable_nagle_algorithm = True

    def __init__(self, connection: Any, peer: Any, site: Site) -> None:
        self._site = site
        super().__init__(connection, peer, None)  # type: ignore[arg-type]  # it is kept, never used

    def do_GET(self) -> None:
        """Send what is asked for, or 404."""
        if not self._is_for_us():
            self.send_error(403)
            return
        path, _, query = self.path.partition("?")
        if path == SIGNAL:
            titled = self.headers.get("Icy-MetaData") == "1"
            icy = {"icy-metaint": str(METAINT)} if titled else {}
            self._broadcast("The Signal", Mp3Broadcast(self._site.rundown, titled=titled), icy)
        elif path == TONES:
            self._broadcast("Tones", OpusBroadcast(self._site.rundown), {})
        elif page := self._site.page(path, parse_qs(query)):
            self._send(page)
        else:
            self.send_error(404)

    def _is_for_us(self) -> bool:
        """False for a question that a web page put, through its own name or across sites."""
        if self.headers.get("Sec-Fetch-Site", "") == "cross-site":
            return False
        host = self.headers.get("Host", "").partition(":")[0].lower()
        # A page's own name has a dot; what has none is nobody's on the internet.
        return "." not in host or host == "127.0.0.1"

    def do_HEAD(self) -> None:
        """As GET, without the body."""
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing: standard error belongs to the screen."""

    def _send(self, page: DemoPage) -> None:
        unchanged = self._is_known(page)
        self.send_response(304 if unchanged else 200)
        self.send_header("ETag", page.etag)
        self.send_header("Cache-Control", "no-cache")
        if page.modified:
            self.send_header("Last-Modified", format_datetime(page.modified, usegmt=True))
        if not unchanged:
            self.send_header("Content-Type", page.kind)
            self.send_header("Content-Length", str(len(page.body)))
        self.end_headers()
        if not unchanged and self.command != "HEAD":
            self.wfile.write(page.body)

    def _is_known(self, page: DemoPage) -> bool:
        # An If-None-Match settles it alone (RFC 9110, 13.1.3).
        if tags := self.headers.get("If-None-Match"):
            return page.etag in tags or tags.strip() == "*"
        since = self.headers.get("If-Modified-Since")
        if not since or not page.modified:
            return False
        try:
            return page.modified <= parsedate_to_datetime(since)
        except (ValueError, TypeError):
            return False

    def _broadcast(self, name: str, carrier: Carrier, extra: dict[str, str]) -> None:
        self.close_connection = True
        self.send_response(200)
        headers = {
            "Content-Type": carrier.kind,
            "Cache-Control": "no-cache",
            "Connection": "close",
            "icy-name": f"Radiotui Test Signal: {name}",
            "icy-genre": "Test",
            "icy-url": f"{self._site.base}/",
            "icy-br": str(carrier.bitrate),
        }
        for header, value in (headers | extra).items():
            self.send_header(header, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        for number in on_air(self._site.clock, self._site.wait):
            self.wfile.write(carrier.tick(number))


def _json(answer: object) -> DemoPage:
    return DemoPage(json.dumps(answer, ensure_ascii=False).encode(), _JSON)
