"""The page behind a story over real HTTP: fetched once, kept, asked again when it changed."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from radiotui.articles.serialise import read_blocks, write_article
from radiotui.documents.model import Article, Figure, StoryAudio
from radiotui.documents.processes import WorkerPool
from radiotui.net.client import Net
from radiotui.net.politeness import HostLimiter
from radiotui.problems import Problem
from radiotui.store import Store, articles
from radiotui.store.articles import StoredPage
from radiotui.stories.article_cache import ArticleCache
from radiotui.stories.model import Headline, Section, StationSection
from radiotui.stories.service import StoryService
from tests.documents import blocks, written
from tests.servers import Connection, Server, serving
from tests.services.worker_processes import until, workers

FIRST = "Hikers can walk the whole of the rim trail again, the park said on Tuesday morning."
SECOND = "Crews cleared eleven rockslides that had closed it since the end of February."
LATER = "On Wednesday the park shut the lower camp again, because a spring there has run dry."


def page(*paragraphs: str, title: str = "The rim trail reopens") -> bytes:
    """A story as a Grove site sends it."""
    body = "".join(f"<p>{words}</p>" for words in paragraphs)
    return (
        "<html><head><meta charset='utf-8'>"
        '<meta name="brightspot-dataLayer" content="{&quot;author&quot;:&quot;Ann Lee&quot;}">'
        f"<title>{title}</title></head><body class='ArtP'><h1 class='ArtP-headline'>{title}</h1>"
        "<div class='ArtP-lead'><figure class='Figure'><img src='/rim.jpg'>"
        "<figcaption><span class='Figure-caption'>The rim in May</span>"
        "<span class='Figure-credit'>Ann Lee</span><span class='Figure-source'>KNAU</span>"
        "</figcaption></figure></div>"
        f"<div class='ArtP-articleBody RichTextArticleBody'>{body}</div></body></html>"
    ).encode()


class World:
    """One feed with one story, and the page behind it."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.folder = folder
        self.server = server
        self.now = datetime(2026, 3, 2, 12, tzinfo=UTC)
        self.title = "Trail"
        self.summary = "The trail is open."
        self.section = Section(StationSection("knau"), "KNAU", (server.url("/news.rss"),))
        server.routes["/news.rss"] = self.feed
        self.page = page(FIRST, SECOND)
        server.routes["/trail"] = lambda c: c.answer(self.page, "text/html")
        self.open()

    def open(self) -> None:
        self.net = Net()
        self.store = Store(self.folder / "radiotui.db", clock=lambda: self.now)
        self.stand = StoryService(
            self.net, self.store, clock=lambda: self.now, on_change=lambda _: None
        )

    async def close(self) -> None:
        await self.stand.close()
        await self.store.close()
        await self.net.aclose()

    def feed(self, connection: Connection) -> None:
        link = self.server.url("/trail")
        connection.answer(
            f"<rss version='2.0'><channel><title>KNAU</title><item><guid>1</guid>"
            f"<title>{self.title}</title><link>{link}</link><description>{self.summary}</description>"
            "</item></channel></rss>".encode(),
            "application/rss+xml",
        )

    async def headline(self) -> Headline:
        return (await self.stand.refresh(self.section, force=True)).headlines[0]

    def times_read(self) -> int:
        return self.server.paths().count("/trail")

    def answers(self, body: bytes, kind: str = "text/html", status: str = "200 OK") -> None:
        self.server.routes["/trail"] = lambda c: c.answer(body, kind, status)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    with serving() as server:
        world = World(tmp_path, server)
        yield world
        await world.close()


async def test_the_whole_article_with_photo_caption_and_credit(world: World) -> None:
    headline = await world.headline()
    at_once = await world.stand.story(headline.id)
    assert (at_once.whole, written(at_once.article.parts)) == (False, ("The trail is open.",))
    story = await world.stand.whole_story(headline.id)
    assert story.whole
    assert story.why is None
    assert story.article.title == "The rim trail reopens"
    assert story.article.byline == "Ann Lee"
    assert story.article.lead == Figure(
        world.server.url("/rim.jpg"), "The rim in May", "Ann Lee / KNAU"
    )
    assert "\n\n".join(map(str, written(story.article.parts))) == f"{FIRST}\n\n{SECOND}"


async def test_once_read_it_reads_offline(world: World) -> None:
    headline = await world.headline()
    whole = await world.stand.whole_story(headline.id)
    await world.close()
    world.server.close()
    world.open()
    assert await world.stand.story(headline.id) == whole
    assert await world.stand.whole_story(headline.id) == whole
    assert world.times_read() == 1


async def test_who_wants_it_meanwhile_joins_in_waiting(world: World) -> None:
    headline = await world.headline()
    one, two = await asyncio.gather(
        world.stand.whole_story(headline.id), world.stand.whole_story(headline.id)
    )
    assert one == two
    assert world.times_read() == 1


async def test_a_digest_of_an_older_version_does_not_make_a_page_old(world: World) -> None:
    headline = await world.headline()
    await world.stand.whole_story(headline.id)

    def forget(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE entry SET digest = 'of an older version'")
        connection.execute("UPDATE feed SET body_hash = NULL")

    await world.store.ask(forget)
    world.now += timedelta(hours=1)
    assert await world.headline() == headline
    await world.stand.whole_story(headline.id)
    assert world.times_read() == 1
    (digest,) = await world.store.look(
        lambda connection: connection.execute("SELECT digest FROM entry").fetchone()
    )
    assert len(digest) == 64


async def test_a_body_in_markdown_is_read_and_does_not_make_a_page_old(world: World) -> None:
    world.summary = "&lt;p&gt;The &lt;b&gt;trail&lt;/b&gt; is open *again*.&lt;/p&gt;"
    headline = await world.headline()
    await world.stand.whole_story(headline.id)
    markdown = "The **trail** is open \\*again\\*."

    def age(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE entry SET digest = 'of an older version', body = ?", (markdown,))
        connection.execute("UPDATE feed SET body_hash = NULL")

    async def body() -> str:
        question = "SELECT body FROM entry"
        (text,) = await world.store.look(lambda c: c.execute(question).fetchone())
        return str(text)

    now = await body()
    await world.store.ask(age)
    story = await world.stand.story(headline.id)
    assert read_blocks(await body()) == read_blocks(now)
    assert written(read_blocks(await body())) == (markdown,)
    world.now += timedelta(hours=1)
    assert await world.headline() == headline
    assert await world.stand.whole_story(headline.id) == story
    assert world.times_read() == 1
    assert await body() == now


async def test_when_the_feed_changes_it_is_asked_again_and_what_changed_is_told(
    world: World,
) -> None:
    headline = await world.headline()
    await world.stand.whole_story(headline.id)
    world.page = page(FIRST, LATER, title="The rim trail reopens, the camp does not")
    world.now += timedelta(hours=2)
    assert await world.stand.whole_story(headline.id) == await world.stand.story(headline.id)
    assert world.times_read() == 1
    world.summary = "The trail is open, the camp is shut."
    await world.headline()
    story = await world.stand.whole_story(headline.id)
    assert story.changes is not None
    assert story.changes.title_before == "The rim trail reopens"
    assert written(story.changes.added) == (LATER,)
    assert written(story.changes.removed) == (SECOND,)
    assert story.changes.at == world.now
    assert LATER in str(written(story.article.parts)[-1])


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda c: c.answer(b"", status="404 Not Found"), "404"),
        (lambda c: c.answer(b"%PDF-1.7 ...", "application/pdf"), "PDF"),
        (lambda c: c.answer(b"<html><body></body></html>", "text/html"), ""),
        (lambda c: c.answer(b"x" * (31 << 20), "text/html"), "MB"),
        (
            lambda c: c.answer(
                b"<html><head><title>Log in</title></head><body><form><h1>Log in to read on</h1>"
                b"<input type=email><input type=password></form></body></html>",
                "text/html",
            ),
            "log in",
        ),
    ],
    ids=["404", "pdf", "empty", "30 MB", "login"],
)
async def test_without_an_article_there_is_the_feeds_text_and_why(
    world: World, answer: Callable[[Connection], None], words: str
) -> None:
    headline = await world.headline()
    world.server.routes["/trail"] = answer
    story = await world.stand.whole_story(headline.id)
    assert written(story.article.parts) == ("The trail is open.",)
    assert not story.whole
    assert story.why is not None
    assert words.lower() in str(story.why).lower()


async def test_a_page_that_failed_is_asked_again_after_a_while(world: World) -> None:
    headline = await world.headline()
    world.answers(b"", status="500 No")
    for _ in range(2):
        assert not (await world.stand.whole_story(headline.id)).whole
    assert world.times_read() == 1
    world.answers(world.page)
    world.now += timedelta(minutes=11)
    assert (await world.stand.whole_story(headline.id)).whole


async def test_an_article_stays_when_its_page_is_gone_later(world: World) -> None:
    headline = await world.headline()
    await world.stand.whole_story(headline.id)
    world.answers(b"", status="404 Not Found")
    world.summary = "Something else."
    world.now += timedelta(hours=1)
    await world.headline()
    story = await world.stand.whole_story(headline.id)
    assert story.whole
    assert story.why is not None
    assert SECOND in str(written(story.article.parts)[-1])


async def test_the_newest_of_each_feed_are_fetched_ahead(world: World) -> None:
    headline = await world.headline()
    await world.stand.ahead(world.section, 3)
    assert world.times_read() == 1
    assert (await world.stand.story(headline.id)).whole
    await world.stand.ahead(world.section, 3)
    assert world.times_read() == 1


async def test_the_articles_words_are_found(world: World) -> None:
    headline = await world.headline()
    assert await world.stand.search("rockslides ", lambda _: ()) == []
    await world.stand.whole_story(headline.id)
    (found,) = await world.stand.search("rockslides ", lambda _: ())
    assert found.headline.id == headline.id


async def test_any_address_can_be_read(world: World) -> None:
    world.server.routes["/other"] = lambda c: c.answer(
        page(FIRST, SECOND, title="Other"), "text/html"
    )
    story = await world.stand.read(world.server.url("/other"))
    assert story.article.title == "Other"
    headline = await world.headline()
    assert (await world.stand.read(world.server.url("/trail"))).headline.id == headline.id
    assert (await world.stand.read(str(headline.id))).headline.id == headline.id
    with pytest.raises(Problem, match=r"404|not there"):
        await world.stand.read(world.server.url("/nowhere"))


async def test_a_front_page_is_no_storys_page(world: World) -> None:
    world.server.routes["/news.rss"] = lambda c: c.answer(
        f"<rss version='2.0'><channel><item><guid>1</guid><title>Notice</title>"
        f"<link>{world.server.url('/#notice')}</link><description>Closed today.</description>"
        "</item></channel></rss>".encode()
    )
    world.server.routes["/"] = lambda c: c.answer(world.page, "text/html")
    headline = await world.headline()
    story = await world.stand.whole_story(headline.id)
    assert written(story.article.parts) == ("Closed today.",)
    assert story.why is None
    assert "/" not in world.server.paths()


async def test_how_long_its_sound_lasts_is_known_from_the_feed(world: World) -> None:
    sound = world.server.url("/rim.mp3")
    world.server.routes["/news.rss"] = lambda c: c.answer(
        f"<rss version='2.0' xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'><channel>"
        f"<item><guid>1</guid><title>Trail</title><link>{world.server.url('/trail')}</link>"
        f"<enclosure url='{sound}' type='audio/mpeg'/><itunes:duration>3:12</itunes:duration>"
        "</item></channel></rss>".encode()
    )
    world.page = page(FIRST, SECOND).replace(
        b"</figure>", b"</figure><audio src='/rim.mp3?from=page'></audio>"
    )
    headline = await world.headline()
    assert headline.audio == StoryAudio(sound, 192.0)
    audio = (await world.stand.whole_story(headline.id)).article.audio
    assert audio is not None
    assert audio.seconds == 192.0


async def test_a_process_starts_while_the_page_is_on_its_way(world: World) -> None:
    headline = await world.headline()
    may_answer = threading.Event()

    def answer(connection: Connection) -> None:
        may_answer.wait(60)
        connection.answer(world.page, "text/html")

    world.server.routes["/trail"] = answer
    reading = asyncio.create_task(world.stand.whole_story(headline.id))
    try:
        await until(workers)
    finally:
        may_answer.set()
    assert (await reading).whole


def test_a_process_that_is_ready_has_all_that_reads_a_page() -> None:
    script = (
        "import sys; from datetime import datetime; "
        "from radiotui.articles.serialise import article_texts, load_article_parsers; "
        "load_article_parsers(); loaded = set(sys.modules); "
        f"article_texts({page(FIRST, SECOND)!r}, 'https://knau.example/', 'text/html', None,"
        " datetime(2026, 3, 2)); "
        "print([name for name in set(sys.modules) - loaded if name.startswith('radiotui.')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


async def test_a_page_that_takes_too_long_is_given_up(world: World) -> None:
    link = world.server.url("/trail")
    world.answers(page(*[f"{FIRST} {number}" for number in range(20_000)]))
    async with asyncio.timeout(60):
        workers = WorkerPool(longest=0.05)
        pages = ArticleCache(
            world.net, world.store, HostLimiter(), workers, clock=lambda: world.now
        )
        kept = await pages.page(link, None)
        await pages.close()
        await workers.close()
    assert kept.content is None
    assert kept.problem is not None
    assert kept.problem.title == "127.0.0.1 sent a page that cannot be read"
    assert kept.problem.hint == "open it in the browser"


PORTAL = (
    "<html><head><title>Guest WiFi</title></head><body><main><h1>Guest WiFi</h1>"
    + "<p>Welcome to our hotel. Breakfast is served from seven to ten in the hall, and the pool is "
    "open until nine. Enjoy your stay, and ask at the desk for anything that you need.</p>"
    * 4
    + "</main></body></html>"
).encode()


def move(connection: Connection, url: str) -> None:
    connection.send(f"HTTP/1.1 302 Found\r\nLocation: {url}\r\nContent-Length: 0\r\n\r\n".encode())


async def test_the_page_of_somebody_else_is_not_taken_for_the_story(world: World) -> None:
    elsewhere = world.server.url("/portal").replace("127.0.0.1", "localhost")
    world.server.routes["/trail"] = lambda c: move(c, elsewhere)
    world.server.routes["/portal"] = lambda c: c.answer(PORTAL, "text/html")
    world.title = "Rim trail reopens"
    headline = await world.headline()
    story = await world.stand.whole_story(headline.id)
    assert not story.whole
    assert story.why is not None
    assert "localhost answered with another page" in str(story.why)
    # After the login it is there at once.
    world.answers(world.page)
    assert (await world.stand.whole_story(headline.id)).whole


async def test_a_story_that_moved_to_another_site_is_read_there(world: World) -> None:
    elsewhere = world.server.url("/moved").replace("127.0.0.1", "localhost")
    world.server.routes["/trail"] = lambda c: move(c, elsewhere)
    world.server.routes["/moved"] = lambda c: c.answer(world.page, "text/html")
    world.title = "Rim trail reopens"
    assert (await world.stand.whole_story((await world.headline()).id)).whole


async def test_a_portal_that_an_older_version_kept_is_read_anew(world: World) -> None:
    world.title = "Rim trail reopens"
    headline = await world.headline()
    link = world.server.url("/trail")
    portal = Article("http://portal.test/", "Guest WiFi", blocks("Welcome to our hotel."))
    kept = StoredPage(world.now, write_article(portal), "Welcome to our hotel.")
    await world.store.ask(lambda connection: articles.keep_page(connection, link, kept))
    story = await world.stand.whole_story(headline.id)
    assert story.article.title == "The rim trail reopens"
    assert story.changes is None
    assert world.times_read() == 1
    assert (await world.stand.whole_story(headline.id)).article == story.article
    assert world.times_read() == 1


async def test_what_may_be_a_portal_stays_where_the_page_cannot_be_had(world: World) -> None:
    world.title = "Rim trail reopens"
    headline = await world.headline()
    link = world.server.url("/trail")
    moved = Article("http://elsewhere.test/", "Park news", blocks("Eleven slides. " * 40))
    kept = StoredPage(world.now, write_article(moved), "Eleven slides.")
    await world.store.ask(lambda connection: articles.keep_page(connection, link, kept))
    world.server.routes["/trail"] = lambda c: c.answer(b"no", status="503 Service Unavailable")
    story = await world.stand.whole_story(headline.id)
    assert story.whole
    assert story.article.parts == moved.parts
    assert "has a fault of its own (503)" in str(story.why)
    assert (await world.stand.story(headline.id)).article.parts == moved.parts
    # Once it answers, what was kept is no earlier state of the story.
    world.now += timedelta(minutes=11)
    world.answers(world.page)
    story = await world.stand.whole_story(headline.id)
    assert story.article.title == "The rim trail reopens"
    assert (story.why, story.changes) == (None, None)


async def test_a_story_is_read_anew_and_stays_where_that_fails(world: World) -> None:
    headline = await world.headline()
    story = await world.stand.whole_story(headline.id)
    assert await world.stand.whole_story(headline.id, anew=True) == story
    assert world.times_read() == 2
    world.server.routes["/trail"] = lambda c: c.answer(b"no", status="503 Service Unavailable")
    failed = await world.stand.whole_story(headline.id, anew=True)
    assert failed.article == story.article
    assert "has a fault of its own (503)" in str(failed.why)
    world.answers(world.page)
    assert (await world.stand.whole_story(headline.id, anew=True)).why is None
