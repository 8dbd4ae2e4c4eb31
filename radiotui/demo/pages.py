"""The Test Signal's pages: two feeds, a web page for every story, and the station's front page."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

import msgspec

from radiotui.config import asset

_STYLE = """body { font: 18px/1.6 Georgia, serif; max-width: 42rem; margin: 2rem auto;
  padding: 0 1rem; color: #222; background: #fdfcf9 }
h1 { line-height: 1.2 }
img { max-width: 100%; height: auto }
figure { margin: 1.5rem 0 }
figcaption, .byline, footer { color: #666; font-size: .85em }
blockquote { margin-left: 0; padding-left: 1rem; border-left: 3px solid #c66 }"""


class NewsItem(msgspec.Struct, frozen=True):
    """A story or a notice; a notice has no page, no summary and no picture of its own."""

    slug: str
    headline: str
    byline: str
    hours: float
    """Its age at the last midnight (UTC)."""
    body: str
    """HTML; "{base}" stands for the station's address."""
    summary: str = ""
    picture: str = ""
    alt: str = ""
    caption: str = ""
    credit: str = ""
    sound: str = ""
    """The name of a story that can also be heard."""
    seconds: int = 0

    def published(self, at: datetime) -> datetime:
        """The time of publication: fresh on every day, the same all day."""
        return day_of(at) - timedelta(hours=self.hours)

    def figure(self, base: str) -> str:
        """Its picture with caption and credit, as HTML."""
        if not self.picture:
            return ""
        return (
            f'<figure><img src="{self.image(base)}" alt="{escape(self.alt)}">'
            f"<figcaption>{escape(self.caption)} "
            f'<span class="credit">{escape(self.credit)}</span></figcaption></figure>'
        )

    def image(self, base: str) -> str:
        """Its picture's address."""
        return f"{base}/pictures/{self.picture}.png"

    def spoken(self, base: str) -> str:
        """Its sound's address; empty without one."""
        return f"{base}/sounds/{self.sound}.mp3" if self.sound else ""

    def text(self, base: str) -> str:
        """Its body, as HTML."""
        return self.body.strip().replace("{base}", base)


class Press:
    """Everything the station publishes in words, for a station served at ``base``."""

    def __init__(self, base: str) -> None:
        with asset("test-signal/stories.toml").open("rb") as file:
            written = tomllib.load(file)
        self._base = base
        self.stories = tuple(NewsItem(**story) for story in written["story"])
        self.notices = tuple(NewsItem(**notice) for notice in written["notice"])

    def stories_feed(self, at: datetime) -> str:
        """The stories as RSS 2.0, with their whole text."""
        items = [self._item(story, self._address(story), at) for story in self.stories]
        return self._feed("Radiotui Test Signal: stories", "stories.rss", items, at)

    def notices_feed(self, at: datetime) -> str:
        """The notices as RSS 2.0: words that look like markup, and are not."""
        items = [self._item(notice, f"{self._base}/#{notice.slug}", at) for notice in self.notices]
        return self._feed("Radiotui Test Signal: notices", "notices.rss", items, at)

    def story_page(self, story: NewsItem, at: datetime) -> str:
        """A story as a web page with its facts in JSON-LD (schema.org NewsArticle)."""
        published = story.published(at)
        facts = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": story.headline,
            "description": story.summary,
            "author": {"@type": "Person", "name": story.byline},
            "publisher": {"@type": "Organization", "name": "Radiotui Test Signal"},
            "datePublished": published.isoformat(),
            "image": {
                "@type": "ImageObject",
                "url": story.image(self._base),
                "caption": story.caption,
                "creditText": story.credit,
            },
            "articleBody": re.sub(
                r"\s*\n\s*", "\n\n", re.sub(r"<[^>]+>", "", story.text(self._base))
            ),
        }
        return self._page(
            story.headline,
            f'<script type="application/ld+json">{_in_script(facts)}</script>',
            f"""<article>
<h1>{escape(story.headline)}</h1>
<p class="byline">By <span rel="author">{escape(story.byline)}</span>,
<time datetime="{published.isoformat()}">{published.ctime()[4:10]}, {published.year}</time></p>
{story.figure(self._base)}
{_player(story.spoken(self._base))}
{story.text(self._base)}
</article>
<footer><p>Copyright {published.year} Radiotui Test Signal</p></footer>""",
        )

    def front_page(self) -> str:
        """The station's home page."""
        stories = "\n".join(
            f'<li><a href="{self._address(story)}">{escape(story.headline)}</a></li>'
            for story in self.stories
        )
        notices = "\n".join(
            f'<li id="{notice.slug}">{escape(notice.headline)}</li>' for notice in self.notices
        )
        return self._page(
            "Radiotui Test Signal",
            "",
            f"""<h1>Radiotui Test Signal</h1>
<p>A whole station, served from this computer. If you hear it, your sound works.</p>
<ul>
<li><a href="{self._base}/live/signal.mp3">The Signal</a> (MP3)</li>
<li><a href="{self._base}/live/tones.opus">Tones</a> (Ogg Opus)</li>
</ul>
<h2>Stories</h2>
<ul>
{stories}
</ul>
<h2>Notices</h2>
<ul>
{notices}
</ul>""",
        )

    def _address(self, story: NewsItem) -> str:
        return f"{self._base}/stories/{story.slug}.html"

    def _page(self, title: str, head: str, body: str) -> str:
        rss = '<link rel="alternate" type="application/rss+xml"'
        links = "\n".join(
            f'{rss} title="{name}" href="{self._base}/{name}.rss">'
            for name in ("stories", "notices")
        )
        return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{escape(title)}</title>
{links}
<style>{_STYLE}</style>
{head}
</head>
<body>
{body}
</body>
</html>
"""

    def _feed(self, title: str, name: str, items: list[str], at: datetime) -> str:
        listed = "\n".join(items)
        return f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"
 xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">
<channel>
<title>{title}</title>
<link>{self._base}/</link>
<atom:link rel="self" type="application/rss+xml" href="{self._base}/{name}"/>
<description>Invented news from an invented town, to try a radio with.</description>
<language>en</language>
<lastBuildDate>{format_datetime(day_of(at))}</lastBuildDate>
<ttl>60</ttl>
{listed}
</channel>
</rss>
"""

    def _item(self, piece: NewsItem, link: str, at: datetime) -> str:
        content = piece.figure(self._base) + piece.text(self._base)
        summary = f"<description>{escape(piece.summary)}</description>\n" if piece.summary else ""
        return f"""<item>
<title>{escape(piece.headline)}</title>
<link>{link}</link>
<guid isPermaLink="false">test-signal:{piece.slug}</guid>
<dc:creator>{escape(piece.byline)}</dc:creator>
<pubDate>{format_datetime(piece.published(at))}</pubDate>
{_enclosure(piece, self._base)}{summary}<content:encoded>{escape(content)}</content:encoded>
</item>"""


def _player(sound: str) -> str:
    return f'<audio controls src="{sound}"></audio>' if sound else ""


def _enclosure(piece: NewsItem, base: str) -> str:
    if not piece.sound:
        return ""
    length = asset(f"test-signal/{piece.sound}.mp3").stat().st_size
    return (
        f'<enclosure url="{piece.spoken(base)}" type="audio/mpeg" length="{length}"/>\n'
        f"<itunes:duration>{piece.seconds}</itunes:duration>\n"
    )


def _in_script(facts: object) -> str:
    return json.dumps(facts).replace("</", "<\\/")


def day_of(at: datetime) -> datetime:
    """The last midnight (UTC): the day's own date, at which the pages change."""
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
