"""From the address one knows to the feeds behind it, against servers on loopback."""

import socket
from collections.abc import AsyncIterator, Iterator
from functools import partial

import pytest

from radiotui.documents.processes import WorkerPool
from radiotui.feeds.discover import FoundFeed, feeds_named, find_feeds
from radiotui.net.client import Net
from radiotui.problems import Problem
from tests.servers import Connection, Route, Server, serving

PAGE = "https://knau.example/news/page"


def feed(title: str = "KNAU News", items: int = 2, more: str = "") -> bytes:
    entries = "".join(
        f"<item><title>{i}</title><guid>{i}</guid>{more}</item>" for i in range(items)
    )
    return f'<rss version="2.0"><channel><title>{title}</title>{entries}</channel></rss>'.encode()


def page(head: str = "", body: str = "<p>Hello") -> bytes:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()


def link(href: str, title: str = "", kind: str = "application/rss+xml") -> str:
    return f'<link rel="alternate" type="{kind}" title="{title}" href="{href}">'


def as_page(data: bytes) -> Route:
    return lambda c: c.answer(data, "text/html; charset=utf-8")


def as_feed(data: bytes) -> Route:
    return lambda c: c.answer(data, "application/rss+xml")


class NoTls(Server):
    """Lets nobody in who comes with TLS, as a server that has none."""

    def _serve(self, sock: socket.socket) -> None:
        if sock.recv(1, socket.MSG_PEEK) == b"\x16":
            sock.close()
        else:
            super()._serve(sock)


@pytest.fixture
async def net() -> AsyncIterator[Net]:
    net = Net()
    yield net
    await net.aclose()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


async def find(net: Net, address: str) -> list[FoundFeed]:
    workers = WorkerPool()
    try:
        return await find_feeds(net, workers, address)
    finally:
        await workers.close()


async def problem_of(net: Net, address: str) -> Problem:
    with pytest.raises(Problem) as raised:
        await find(net, address)
    return raised.value


async def test_a_feed_is_the_one(net: Net, server: Server) -> None:
    server.routes["/x"] = as_feed(feed("A &amp;amp; B\x7f"))
    assert await find(net, f" {server.url('/x')}\n") == [FoundFeed(server.url("/x"), "A & B")]
    assert server.paths() == ["/x"]


@pytest.mark.parametrize("kind", ["text/html", "text/plain", "application/octet-stream"])
async def test_a_feed_is_one_whatever_the_server_says(net: Net, server: Server, kind: str) -> None:
    server.routes["/x"] = lambda c: c.answer(feed(), kind)
    assert [found.title for found in await find(net, server.url("/x"))] == ["KNAU News"]


async def test_an_empty_feed_is_one_when_it_was_asked_for(net: Net, server: Server) -> None:
    server.routes["/index.rss"] = as_feed(feed(items=0))
    assert await find(net, server.url("/index.rss")) == [
        FoundFeed(server.url("/index.rss"), "KNAU News")
    ]


async def test_of_a_big_feed_only_the_beginning_is_read(net: Net, server: Server) -> None:
    server.routes["/x"] = as_feed(feed("Big é", 3000, f"<description>{'é' * 600}</description>"))
    assert [found.title for found in await find(net, server.url("/x"))] == ["Big é"]


def moved(status: str, connection: Connection) -> None:
    connection.answer(b"", status=status, Location="/new")


async def test_a_feed_that_moved_for_good_is_at_its_new_address(net: Net, server: Server) -> None:
    server.routes["/new"] = as_feed(feed())
    for status in ("301 Moved", "302 Found"):
        server.routes[f"/{status[:3]}"] = partial(moved, status)
    assert (await find(net, server.url("/301")))[0].url == server.url("/new")
    assert (await find(net, server.url("/302")))[0].url == server.url("/302")


async def test_a_page_names_its_feeds(net: Net, server: Server) -> None:
    server.routes["/news/"] = as_page(page(link("all.rss", "All") + link("/atom", "Atom")))
    assert await find(net, server.url("/news/")) == [
        FoundFeed(server.url("/news/all.rss"), "All"),
        FoundFeed(server.url("/atom"), "Atom"),
    ]
    assert server.paths() == ["/news/"]


async def test_a_page_without_its_beginning_is_one(net: Net, server: Server) -> None:
    server.routes["/x"] = as_page(f"<p>Hello\0{link('/x.rss')}".encode())
    assert [found.url for found in await find(net, server.url("/x"))] == [server.url("/x.rss")]


async def test_links_are_relative_to_where_the_page_is_after_all(net: Net, server: Server) -> None:
    server.routes["/old"] = lambda c: c.answer(b"", status="302 Found", Location="/a/b/")
    server.routes["/a/b/"] = as_page(page(link("x.rss")))
    assert (await find(net, server.url("/old")))[0].url == server.url("/a/b/x.rss")


async def test_without_a_scheme_what_answers_is_taken(net: Net) -> None:
    server = NoTls()
    try:
        server.routes["/"] = as_page(page(link("/x.rss", "X")))
        address = server.url().removeprefix("http://").rstrip("/")
        assert await find(net, address) == [FoundFeed(server.url("/x.rss"), "X")]
    finally:
        server.close()


async def test_a_feed_scheme_means_the_web(net: Net) -> None:
    server = NoTls()
    try:
        server.routes["/x"] = as_feed(feed())
        here = server.url("/x")
        for address in (here.replace("http", "feed"), f"feed:{here}", f"FEED://{here}"):
            assert [found.url for found in await find(net, address)] == [here]
    finally:
        server.close()


async def test_the_section_of_a_station_has_its_feed_beside_it(net: Net, server: Server) -> None:
    server.routes["/arizona-news"] = as_page(page())
    server.routes["/arizona-news.rss"] = as_feed(feed("Arizona News"))
    found = [FoundFeed(server.url("/arizona-news.rss"), "Arizona News")]
    assert await find(net, server.url("/arizona-news")) == found
    server.routes["/arizona-news/"] = as_page(page())
    assert await find(net, server.url("/arizona-news/?a=b#c")) == found


async def test_usual_places_are_asked_in_turn_up_to_the_first_with_entries(
    net: Net, server: Server
) -> None:
    server.routes["/"] = as_page(page())
    server.routes["/feed"] = as_page(page())
    server.routes["/rss.xml"] = as_feed(feed(items=0))
    server.routes["/index.xml"] = lambda c: c.answer(b"no", status="403 Forbidden")
    server.routes["/feed.xml"] = as_feed(feed("There"))
    server.routes["/atom.xml"] = as_feed(feed("Too far"))
    assert await find(net, server.url("/")) == [FoundFeed(server.url("/feed.xml"), "There")]
    assert server.paths() == ["/", "/feed", "/rss.xml", "/index.xml", "/feed.xml"]


@pytest.mark.parametrize("status", ["429 Too Many", "503 Busy"])
async def test_a_server_that_wants_to_be_left_alone_is(
    net: Net, server: Server, status: str
) -> None:
    server.routes["/"] = as_page(page())
    server.routes["/feed"] = lambda c: c.answer(b"", status=status)
    server.routes["/rss.xml"] = as_feed(feed())
    assert (await problem_of(net, server.url("/"))).title == "127.0.0.1 names no feed"
    assert server.paths() == ["/", "/feed"]


async def test_a_page_without_feeds_is_told(net: Net, server: Server) -> None:
    server.routes["/a"] = as_page(page())
    assert str(await problem_of(net, server.url("/a"))) == (
        "127.0.0.1 names no feed: give the feed's own address, which often ends in .rss or .xml"
    )
    assert server.paths() == [
        *("/a", "/a.rss", "/feed", "/rss.xml", "/index.xml", "/feed.xml", "/atom.xml")
    ]


async def test_what_is_neither_page_nor_feed_is_told_and_asked_nothing_more(
    net: Net, server: Server
) -> None:
    server.routes["/song.mp3"] = lambda c: c.answer(b"\xff\xfb\x90" * 999, "audio/mpeg")
    assert str(await problem_of(net, server.url("/song.mp3"))) == (
        "127.0.0.1/song.mp3 is not a feed: it should be the address of an RSS or Atom feed"
    )
    assert server.paths() == ["/song.mp3"]


async def test_a_page_that_is_not_there_is_told(net: Net, server: Server) -> None:
    assert (await problem_of(net, server.url("/x"))).title == (
        "127.0.0.1 is not there any more (404)"
    )
    assert server.paths() == ["/x"]


async def test_nobody_there_is_told(net: Net) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    problem = await problem_of(net, f"127.0.0.1:{port}")
    assert problem.title == "127.0.0.1: nobody answers there"


@pytest.mark.parametrize(
    "address",
    [
        "",
        " ",
        "my news",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "mailto:ann@knau.example",
        "http://",
        "https://[",
        "/home/ann/feeds.xml",
        "x.example:99999",
        "ftp://x.example/",
    ],
)
async def test_what_is_no_address_is_told(net: Net, address: str) -> None:
    problem = await problem_of(net, address)
    assert problem.title == f"{address.strip() or 'nothing'} is no web address"
    assert "knau.org" in problem.hint


@pytest.mark.parametrize("scheme", ["", "feed:", "feed://", "ftp://"])
async def test_no_password_of_what_is_no_address_is_told(net: Net, scheme: str) -> None:
    problem = await problem_of(net, f"{scheme}ann:hunter2@x.example:99999/rss")
    assert problem.title.endswith("x.example:99999/rss is no web address")
    assert "hunter2" not in f"{problem.title} {problem.hint} {problem.detail}"


def named(head: str, url: str = PAGE) -> list[str]:
    return [found.url for found in feeds_named(page(head), url)]


def test_only_links_to_feeds_are_feeds() -> None:
    head = (
        '<link rel="stylesheet" type="text/css" href="/a.css">'
        '<link rel="alternate" hreflang="es" href="/es">'
        + link("/json", kind="application/feed+json")
        + link("/oembed", kind="text/xml+oembed")
        + link("")
        + link("javascript:alert(1)")
        + link("file:///etc/passwd")
        + f"<!-- {link('/remark')} --><script>'{link('/script')}'</script>"
        + '<link rel="self" type="application/rss+xml" href="/self">'
        + link("/rdf", kind="application/rdf+xml")
        + link("/atom", kind=" Application/Atom+XML; charset=utf-8")
        + "<LINK TYPE=application/rss+xml REL='Alternate nofollow' HREF=/bare>"
    )
    names = ("json", "rdf", "atom", "bare")
    assert named(head) == [f"https://knau.example/{name}" for name in names]


def test_addresses_are_relative_to_the_page_or_its_base() -> None:
    hrefs = link("a b.rss") + link("../c.rss?x=1&amp;y=2") + link("//d.example/e")
    assert named(hrefs) == [
        "https://knau.example/news/a%20b.rss",
        "https://knau.example/c.rss?x=1&y=2",
        "https://d.example/e",
    ]
    assert named(f'<base href="/base/"><base href="/no/">{hrefs}')[0] == (
        "https://knau.example/base/a%20b.rss"
    )
    assert named(f'<base href="file:///etc/">{hrefs}')[0] == "https://knau.example/news/a%20b.rss"


def test_feeds_of_comments_come_last_and_each_once() -> None:
    head = link("/comments/feed", "KNAU » Comments Feed") + link("/c?x", "Post comments")
    head += link("/feed", "KNAU » Feed") + link("/other") + link("/feed", "Again")
    assert feeds_named(page(head), PAGE) == [
        FoundFeed("https://knau.example/feed", "KNAU » Feed"),
        FoundFeed("https://knau.example/other", ""),
        FoundFeed("https://knau.example/comments/feed", "KNAU » Comments Feed"),
        FoundFeed("https://knau.example/c?x", "Post comments"),
    ]


def test_titles_are_harmless_and_there_is_an_end_of_feeds() -> None:
    head = link("/0", "&quot;A&quot; &#27;]0;owned&#7;\u202eB\n[/]" + "x" * 999)
    found = feeds_named(page(head + "".join(link(f"/{i}") for i in range(99))), PAGE)
    assert len(found) == 30
    assert found[0].title.startswith('"A"')
    assert len(found[0].title) == 200
    assert not {"\x1b", "\u202e", "\n", "\x07"} & set(found[0].title)


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("utf-8", ""),
        ("utf-8", '<meta charset="iso-8859-1">'),
        ("iso-8859-2", '<meta charset="iso-8859-2">'),
        (
            "windows-1251",
            '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
        ),
    ],
)
def test_letters_of_titles_are_right(encoding: str, head: str) -> None:
    word = "Новости" if encoding == "windows-1251" else "Łódź"
    data = page(head + link("/x", word)).decode().encode(encoding)
    assert [found.title for found in feeds_named(data, PAGE)] == [word]


def test_a_character_cut_in_two_at_the_end_is_no_other_encoding() -> None:
    data = page(link("/x", "Łódź"))
    data += "é".encode() * 500_000 if len(data) % 2 else b" " + "é".encode() * 500_000
    assert [found.title for found in feeds_named(data, PAGE)] == ["Łódź"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0",
        b"   ",
        b"<!---->",
        b"\xff\xfe\xfd",
        b"<div>" * 100_000,
        b"<link " * 100_000,
        b'<link rel="' + b"a" * 2_000_000,
        b"<!doctype " + b"[" * 100_000,
    ],
)
def test_a_page_that_is_none_names_none(data: bytes) -> None:
    assert feeds_named(data, PAGE) == []
