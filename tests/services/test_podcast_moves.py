"""Podcasts that move: by themselves, and by the listener's hand, with all that was done to them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from radiotui.app.podcast_moves import written_move
from radiotui.problems import Problem
from radiotui.store import feeds, stories
from radiotui.store.podcast_settings import keep_settings, settings_of
from radiotui.store.progress import note_heard, progress
from tests.servers import Connection, Server, serving
from tests.services.podcast_lab import PodcastLab, lab
from tests.services.test_podcasts import SHOW, feed

__all__ = ["lab"]


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        server.routes["/show.rss"] = feed(SHOW)
        server.routes["/new.rss"] = feed(SHOW.replace("Part 2", "Part II"))
        yield server


async def heard_one(lab: PodcastLab) -> int:
    """The id of an episode that was begun and starred."""
    (_, [newest, _]) = await lab.podcasts.episodes("coconino")
    entry = newest.headline.id

    def mark(connection) -> None:
        stories.mark(connection, [entry], starred=True, read=True)
        note_heard(connection, entry, 75.0, 900.0, lab.time.clock())

    await lab.store.ask(mark)
    return entry


async def listed(lab: PodcastLab) -> list[str]:
    return [podcast.url for podcast in lab.feeds().file.podcasts]


async def test_a_podcast_is_moved_by_hand_with_all_that_was_done_to_it(
    lab: PodcastLab, server: Server
) -> None:
    old, new = server.url("/show.rss"), server.url("/new.rss")
    await lab.podcasts.add(old)
    entry = await heard_one(lab)
    moved = await lab.podcasts.move("coconino", new)
    assert (moved.state.url, moved.state.problem, moved.episodes) == (new, None, 2)
    assert await listed(lab) == [new]
    _, [newest, _] = await lab.podcasts.episodes("coconino")
    assert (newest.headline.id, newest.headline.title) == (entry, "Part II")
    assert (newest.headline.starred, newest.headline.heard) == (True, 75.0)
    with pytest.raises(Problem, match="in the list already") as caught:
        await lab.podcasts.add(old)
    assert caught.value.hint == f"its address there is {new}"


async def test_a_station_s_podcast_is_moved_in_its_list(lab: PodcastLab, server: Server) -> None:
    server.routes["/station.rss"] = feed(SHOW)
    moved = await lab.podcasts.move(server.url("/station.rss"), server.url("/new.rss"))
    assert moved.state.url == server.url("/new.rss")
    assert lab.feeds().podcasts == [server.url("/new.rss")]
    assert lab.path.read_text().count("/new.rss") == 1


async def test_what_was_done_at_the_new_address_before_is_added(
    lab: PodcastLab, server: Server
) -> None:
    old, new = server.url("/show.rss"), server.url("/new.rss")
    await lab.podcasts.add(new)
    first = (await lab.podcasts.episodes(new))[1][1].headline.id
    await lab.store.ask(
        lambda c: note_heard(c, first, 30.0, 900.0, lab.time.clock() + timedelta(hours=1))
    )
    await lab.podcasts.remove(new)
    await lab.podcasts.add(old)
    entry = await heard_one(lab)
    await lab.store.ask(lambda c: keep_settings(c, new, '{"speed":1.5}'))
    await lab.podcasts.move("coconino", new)
    assert (await lab.store.look(lambda c: settings_of(c, new))).settings == '{"speed":1.5}'
    _, [newest, oldest] = await lab.podcasts.episodes("coconino")
    assert (newest.headline.id, newest.headline.heard) == (entry, 75.0)
    assert oldest.headline.heard == 30.0
    assert len(await lab.store.look(lambda c: feeds.feeds(c, [old, new]))) == 1


@pytest.mark.parametrize("path", ["/nothing.rss", "/show.rss", "/second.rss"])
async def test_where_it_cannot_move_nothing_is_changed(
    lab: PodcastLab, server: Server, path: str
) -> None:
    server.routes["/second.rss"] = feed(SHOW.replace("Coconino", "Kaibab"))
    await lab.podcasts.add(server.url("/show.rss"))
    await lab.podcasts.add(server.url("/second.rss"))
    entry, before = await heard_one(lab), lab.path.read_text()
    with pytest.raises(Problem):
        await lab.podcasts.move("coconino", server.url(path))
    assert lab.path.read_text() == before
    assert (await lab.store.look(lambda c: progress(c, [entry])))[entry].heard == 75.0


async def test_a_list_that_cannot_be_written_leaves_the_podcast_where_it_was(
    lab: PodcastLab, server: Server
) -> None:
    await lab.podcasts.add(server.url("/show.rss"))
    entry = await heard_one(lab)
    lab.path.write_text(lab.path.read_text() + "[[feed]\n")
    with pytest.raises(Problem, match=r"stations\.toml"):
        await written_move(
            await lab.podcasts.deps.opened(),
            server.url("/show.rss"),
            server.url("/new.rss"),
            server.url("/new.rss"),
            lab.path,
            lab.time.clock(),
        )
    (kept,) = await lab.store.look(lambda c: feeds.feeds(c, [server.url("/show.rss")]))
    assert kept.address == server.url("/show.rss")
    assert (await lab.store.look(lambda c: progress(c, [entry])))[entry].heard == 75.0


async def test_both_addresses_of_one_that_moved_by_itself_are_its_own(
    lab: PodcastLab, server: Server, tmp_path: Path
) -> None:
    old, new = server.url("/show.rss"), server.url("/new.rss")
    await lab.podcasts.add(old)

    def moved(connection: Connection) -> None:
        connection.answer(b"", status="301 Moved Permanently", Location=new)

    server.routes["/show.rss"] = moved
    await lab.podcasts.refresh("coconino")
    with pytest.raises(Problem, match="in the list already") as caught:
        await lab.podcasts.add(new)
    assert caught.value.hint == f"its address there is {old}"
    file = tmp_path / "other.opml"
    file.write_text(
        f"<opml version='2.0'><body><outline type='rss' text='x' xmlUrl='{new}'/></body></opml>"
    )
    assert (await lab.podcasts.import_opml(file)).new == ()
    assert await listed(lab) == [old]


async def test_the_old_address_added_again_finds_what_was_taken_out_of_the_list(
    lab: PodcastLab, server: Server
) -> None:
    old, new = server.url("/show.rss"), server.url("/new.rss")
    await lab.podcasts.add(old)
    entry = await heard_one(lab)
    await lab.podcasts.move("coconino", new)
    await lab.podcasts.remove("coconino")
    added = await lab.podcasts.add(old)
    assert added.url == new
    assert (await lab.podcasts.episodes("coconino"))[1][0].headline.id == entry
