"""Podcasts whose feed comes in pages (RFC 5005): older episodes when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from radiotui.problems import Problem
from radiotui.store.retention import tidy
from radiotui.stories.model import PodcastSection, Section
from tests.feeds import rss
from tests.servers import Server, serving
from tests.services.podcast_lab import PodcastLab, lab

__all__ = ["lab"]


def page(server: Server, number: int, older: str | None, relation: str = "next") -> bytes:
    """A page of two episodes; the first page has the newest."""
    items = "".join(
        f"<item><title>Part {part}</title><guid>{part}</guid>"
        f"<pubDate>Fri, 06 Mar 2026 {part:02}:00:00 GMT</pubDate>"
        f"<enclosure url='https://pods.example/{part}.mp3' type='audio/mpeg' length='1'/></item>"
        for part in (20 - 2 * number, 19 - 2 * number)
    )
    link = f"<atom:link rel='{relation}' href='{older}'/>" if older else ""
    return rss(items, link).encode()


def serve(server: Server, path: str, body: bytes) -> None:
    server.routes[path] = lambda c: c.answer(body, "application/rss+xml")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        serve(server, "/station.rss", page(server, 0, server.url("/page1")))
        for number in range(1, 5):
            older = server.url(f"/page{number + 1}") if number < 4 else None
            serve(server, f"/page{number}", page(server, number, older))
        yield server


async def titles(lab: PodcastLab) -> list[str]:
    _, episodes = await lab.podcasts.episodes(lab.server.url("/station.rss"))
    return [one.headline.title for one in episodes]


async def test_pages_are_read_to_the_end_and_only_when_asked_for(
    lab: PodcastLab, server: Server
) -> None:
    assert await titles(lab) == ["Part 20", "Part 19"]
    assert server.paths() == ["/station.rss"]
    result = await lab.podcasts.older("coconino")
    assert (result.brought, result.pages, result.has_more, result.problem) == (8, 4, False, None)
    assert await titles(lab) == [f"Part {number}" for number in range(20, 10, -1)]
    asked = len(server.paths())
    again = await lab.podcasts.older("coconino")
    assert (again.brought, again.has_more) == (0, False)
    assert len(server.paths()) == asked, "the last page was read"


async def test_it_goes_on_where_it_was_left(lab: PodcastLab, server: Server) -> None:
    await titles(lab)
    url = server.url("/station.rss")
    first = await lab.stories.bring_older(url, 1)
    assert (first.brought, first.pages, first.has_more) == (2, 1, True)
    await lab.stories.bring_older(url, 2)
    assert server.paths()[-2:] == ["/page2", "/page3"]


async def test_an_archive_comes_before_a_page(lab: PodcastLab, server: Server) -> None:
    links = (
        f"<atom:link rel='next' href='{server.url('/no')}'/>"
        "<atom:link rel='prev-archive' href='page4'/>"
    )
    body = page(server, 0, None).replace(b"</title>", f"</title>{links}".encode(), 1)
    serve(server, "/station.rss", body)
    assert (await lab.podcasts.older(server.url("/station.rss"))).brought == 2
    assert server.paths()[-1] == "/page4"


@pytest.mark.parametrize("back", ["/station.rss", "/page1", "/page2"])
async def test_pages_in_a_circle_end(lab: PodcastLab, server: Server, back: str) -> None:
    serve(server, "/page2", page(server, 2, server.url(back)))
    await titles(lab)
    result = await lab.podcasts.older("coconino")
    assert (result.brought, result.pages, result.has_more) == (4, 2, False)


async def test_pages_without_an_end_are_bounded(lab: PodcastLab, server: Server) -> None:
    for number in range(1, 40):
        serve(server, f"/page{number}", page(server, number % 9, server.url(f"/page{number + 1}")))
    await titles(lab)
    result = await lab.podcasts.older("coconino")
    assert (result.pages, result.has_more) == (10, True)
    assert len(server.paths()) == 11


async def test_a_page_that_fails_costs_no_page_before_it(lab: PodcastLab, server: Server) -> None:
    await titles(lab)
    serve(server, "/page2", b"<html>Room number?</html>")
    result = await lab.podcasts.older("coconino")
    assert (result.brought, result.pages, result.has_more) == (2, 1, True)
    assert result.problem is not None
    serve(server, "/page2", page(server, 2, None))
    assert (await lab.podcasts.older("coconino")).brought == 2


async def test_what_was_tidied_away_comes_back(lab: PodcastLab, server: Server) -> None:
    await titles(lab)
    await lab.podcasts.older("coconino")

    def tidy_one(connection) -> None:
        for statement in (
            "INSERT INTO tidied SELECT feed, guid, digest, 0 FROM entry WHERE guid = '11'",
            "DELETE FROM entry WHERE guid = '11'",
            "DELETE FROM memory",
        ):
            connection.execute(statement)

    await lab.store.ask(tidy_one)
    assert (await lab.podcasts.older("coconino")).brought == 1
    assert (await titles(lab))[-1] == "Part 11"


async def test_the_end_of_the_list_leads_to_older_pages(lab: PodcastLab, server: Server) -> None:
    url = server.url("/station.rss")
    await titles(lab)
    section = Section(PodcastSection(url), "", (url,))
    listed = await lab.stories.story_list(section)
    assert (len(listed.headlines), listed.has_older) == (2, True)
    await lab.stories.show_older(section)
    assert (len(lab.told[-1].headlines), lab.told[-1].has_older) == (8, True)
    await lab.stories.show_older(section)
    assert (len(lab.told[-1].headlines), lab.told[-1].has_older) == (10, False)


async def test_old_episodes_are_not_tidied_away(lab: PodcastLab, server: Server) -> None:
    """A feed of stories keeps its newest twenty; a podcast all."""
    body = rss(
        "".join(
            f"<item><title>Part {part}</title><guid>{part}</guid>"
            f"<pubDate>Fri, 06 Mar 2015 10:{part}:00 GMT</pubDate>"
            f"<enclosure url='https://pods.example/{part}.mp3' type='audio/mpeg'/></item>"
            for part in range(10, 40)
        )
    ).encode()
    serve(server, "/station.rss", body)
    assert len(await titles(lab)) == 30
    now = lab.time.clock()
    podcasts = lab.feeds().podcasts
    await lab.store.ask(lambda c: tidy(c, now, now, 1000, podcasts))
    assert len(await titles(lab)) == 30
    await lab.store.ask(lambda c: tidy(c, now, now, 1000))
    assert len(await titles(lab)) == 20


async def test_no_page_leads_from_https_to_http(lab: PodcastLab, server: Server) -> None:
    await titles(lab)
    await lab.store.ask(
        lambda c: c.execute("UPDATE feed SET address = 'https://127.0.0.1:9/x'").close()
    )
    await lab.store.ask(
        lambda c: c.execute(
            "INSERT INTO memory SELECT 'older-page:' || id, ? FROM feed", (server.url("/page1"),)
        ).close()
    )
    result = await lab.podcasts.older("coconino")
    assert (result.brought, result.pages) == (0, 0)


async def test_a_name_that_is_none_is_a_problem(lab: PodcastLab) -> None:
    with pytest.raises(Problem, match="there is no podcast"):
        await lab.podcasts.older("nothing")
