"""A station's news page made up for a picture: the elements of the page radiotui began with.

The shape is that of the sites of public stations in the US, the words, people and places are
invented, and the photo and the sound are those of the Test Signal.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

_SIGNAL = Path(__file__).with_name("test-signal")
NAME = "KNAU Arizona Public Radio"
HEADLINE = "A stretch of canyon trail is open again, four metres to the left"
CAPTION = "The new part of the Lower Echo Trail, on the morning of its first walkers."
CREDIT = "Adaeze Lindgren / KNAU"
BODY = (
    "The Lower Echo Trail was shut in January, when a boulder came to rest on it. "
    "On Tuesday some forty walkers went down it for the first time since.",
    "The path passes the boulder on the canyon side now. “We did the arithmetic,” said Odalys "
    "Brandt, who looks after the trail. “It took the rock nine thousand years to sit there.”",
)
COPYRIGHT = "Copyright 2025 KNAU Arizona Public Radio"
NOTE = "Tobias Wren covers trails and rivers for KNAU. He owns one good pair of boots."
OTHER_HEADLINES = (
    "Ponderosa pines are counted by ear this winter",
    "Flagstaff library lends telescopes, and gets them back",
    "Snow is late on the Peaks, and the plough drivers have learnt to knit",
    "A choir looks for a fifth bell",
)
SOUND_SECONDS = 22


class KnauPage:
    """The feed, the story, its photo and its sound, served at ``base`` until ``close``."""

    def __init__(self, at: datetime) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        pages = {
            "/news.rss": ("application/rss+xml", self._feed(at)),
            "/story": ("text/html; charset=utf-8", self._story(at)),
            "/photo.png": ("image/png", (_SIGNAL / "trail.png").read_bytes()),
            "/sound.mp3": ("audio/mpeg", (_SIGNAL / "bells.mp3").read_bytes()),
        }

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                kind, body = pages.get(self.path, ("text/plain", b""))
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self._server.RequestHandlerClass = Answer
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _feed(self, at: datetime) -> bytes:
        items = [
            f"<item><title>{escape(headline)}</title><link>{self.base}/{link}</link>"
            f"<guid isPermaLink='false'>knau:{number}</guid>"
            f"<pubDate>{format_datetime(at - timedelta(hours=1.4 + 3 * number))}</pubDate></item>"
            for number, (headline, link) in enumerate(
                [(HEADLINE, "story"), *((headline, "") for headline in OTHER_HEADLINES)]
            )
        ]
        return (
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
            f"<title>KNAU and Arizona News</title><link>{self.base}/</link>{''.join(items)}"
            "</channel></rss>"
        ).encode()

    def _story(self, at: datetime) -> bytes:
        published = (at - timedelta(hours=1.4)).isoformat()
        paragraphs = "".join(f"<p>{escape(text)}</p>" for text in (*BODY, COPYRIGHT))
        layer = escape(f'{{"siteName": "{NAME}", "station": "KNAU"}}')
        return f"""<!doctype html><html class="ArtP" lang="en"><head><meta charset="utf-8">
<title>{HEADLINE}</title><meta name="brightspot-dataLayer" content="{layer}">
<meta property="og:site_name" content="{NAME}">
<meta property="article:published_time" content="{published}"></head><body>
<article class="ArtP-mainContent"><h1 class="ArtP-headline">{HEADLINE}</h1>
<div class="ArtP-authorBy">By <a class="Link" href="/people">Tobias Wren</a></div>
<div class="ArtP-timestamp"><meta itemprop="datePublished" content="{published}"></div>
<div class="ArtP-audioPlayer"><ps-stream data-stream-duration="0:{SOUND_SECONDS}"><ps-stream-url
data-stream-url="{self.base}/sound.mp3" data-stream-format="audio/mpeg"></ps-stream-url>
</ps-stream></div>
<div class="ArtP-lead"><figure class="Figure"><img class="Image" width="800" height="450"
src="{self.base}/photo.png"><div class="Figure-content"><figcaption class="Figure-caption">{CAPTION}
</figcaption><div class="Figure-credit">{CREDIT}</div></div></figure></div>
<div class="ArtP-articleBody"><div class="RichTextArticleBody">{paragraphs}</div></div>
<div class="ArtP-contributors"><div class="AuthorBio-text">{NOTE}</div></div>
</article></body></html>""".encode()


def station_list(page: str, signal: str) -> str:
    """A station list with KNAU alone: its news at ``page``, the sound of the Test Signal."""
    streams = (
        ("news", "News & Talk", "All Things Considered", "Marketplace", "Fresh Air"),
        ("classical", "Classical", "Afternoon Strings", "Concert at Five", "Evening Suite"),
    )
    lines = [
        f'[[station]]\nid = "knau"\nname = "{NAME}"\ncity = "Flagstaff, AZ"',
        'timezone = "America/Phoenix"\ngroup = "Public radio"',
        f'feeds = ["{page}/news.rss"]',
    ]
    hours = (("15:00", "17:00"), ("17:00", "18:00"), ("18:00", "19:00"))
    for stream, name, *titles in streams:
        lines.append(f'[[station.stream]]\nid = "{stream}"\nname = "{name}"')
        lines.append(f'url = "{signal}/live/signal.mp3"')
        for title, (start, end) in zip(titles, hours, strict=True):
            lines.append(f'[[station.stream.programme]]\nname = "{title}"\ndays = "daily"')
            lines.append(f'start = "{start}"\nend = "{end}"')
    return "\n".join(lines)
