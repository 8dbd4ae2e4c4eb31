"""Episodes whose guid their podcast changes: the old one stays, with what was done to it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import pytest
from msgspec.structs import replace as replace_field

from radiotui.app.clip import Clip, read_clip, written
from radiotui.store import stories
from radiotui.store.clips import add_clip, stored_clips
from radiotui.store.episode_files import EpisodeFile, keep_episode_file
from radiotui.store.progress import note_heard
from radiotui.store.queues import QueuedRow, queued_rows, write_rows
from tests.feeds import rss
from tests.servers import Server, serving
from tests.services.podcast_lab import PodcastLab, lab

__all__ = ["lab"]


@dataclass(frozen=True)
class Item:
    guid: str
    title: str = "Part 1"
    at: str = "Fri, 06 Mar 2026 10:00:00 GMT"
    sound: str = "https://pods.example/1.mp3"
    minutes: int = 40
    media: str = "audio/mpeg"

    @property
    def xml(self) -> str:
        date = f"<pubDate>{self.at}</pubDate>" if self.at else ""
        return (
            f"<item><title>{self.title}</title><guid isPermaLink='false'>{self.guid}</guid>{date}"
            f"<itunes:duration>{self.minutes}:00</itunes:duration>"
            f"<enclosure url='{self.sound}' type='{self.media}' length='1'/></item>"
        )


FIRST = Item("old-1")
MOVED = replace(FIRST, guid="new-1", sound="https://cdn.example/a")
OTHER = Item("2", "Part 2", "Sat, 07 Mar 2026 10:00:00 GMT", "https://pods.example/2.mp3")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


async def answered(lab: PodcastLab, *items: Item) -> list[tuple[str, float, bool]]:
    """Title, seconds heard and star of each episode, once the podcast has answered so."""
    body = rss("".join(item.xml for item in items)).encode()
    lab.server.routes["/station.rss"] = lambda c: c.answer(body, "application/rss+xml")
    await lab.podcasts.refresh(lab.server.url("/station.rss"))
    _, episodes = await lab.podcasts.episodes(lab.server.url("/station.rss"))
    return [
        (one.headline.title, one.headline.heard or 0.0, one.headline.starred) for one in episodes
    ]


async def hear(lab: PodcastLab) -> int:
    """Hear some of the oldest episode, star it, and read its transcript; its id."""
    _, episodes = await lab.podcasts.episodes(lab.server.url("/station.rss"))
    entry = episodes[-1].headline.id

    def mark(connection) -> None:
        stories.mark(connection, [entry], starred=True, read=True)
        note_heard(connection, entry, 75.0, 2400.0, lab.time.clock())
        keep_episode_file(
            connection,
            entry,
            EpisodeFile("transcript", "https://x.example/1.vtt", lab.time.clock(), "words"),
        )

    await lab.store.ask(mark)
    return entry


@pytest.mark.parametrize(
    "now",
    [
        replace(FIRST, guid="new-1"),
        replace(FIRST, guid="new-1", title="Part one, corrected"),
        replace(FIRST, guid="new-1", sound="http://pods.example/1.mp3"),
        MOVED,
        replace(MOVED, title="“Part” – 1", minutes=45),
        replace(MOVED, at="Fri, 06 Mar 2026 11:00:30 +0100"),
    ],
    ids=["guid", "title", "scheme", "sound", "dashes", "zone"],
)
async def test_the_old_episode_keeps_what_was_done_to_it(
    lab: PodcastLab, caplog: pytest.LogCaptureFixture, now: Item
) -> None:
    caplog.set_level(logging.INFO)
    await answered(lab, OTHER, FIRST)
    entry = await hear(lab)
    assert await answered(lab, OTHER, now) == [("Part 2", 0.0, False), (now.title, 75.0, True)]
    _, [_, kept] = await lab.podcasts.episodes(lab.server.url("/station.rss"))
    assert (kept.headline.id, kept.headline.read) == (entry, True)
    assert "'new-1' now, and was 'old-1'" in caplog.text
    files = await lab.store.look(
        lambda c: c.execute("SELECT guid, content FROM episode_file").fetchall()
    )
    assert files == [("new-1", "words")]
    again = [("Part 2", 0.0, False), (now.title, 75.0, True)]
    assert await answered(lab, OTHER, now) == again


async def test_it_stays_in_the_queue(lab: PodcastLab) -> None:
    await answered(lab, FIRST)
    url = lab.server.url("/station.rss")
    await lab.store.ask(
        lambda c: c.execute(
            "INSERT INTO queued (queue, feed, guid, path, title, maker, address, kept, rank,"
            " added_at) VALUES ('', ?, 'old-1', '', 'Part 1', '', '', '', 1.0, 0)",
            (url,),
        ).close()
    )
    await answered(lab, MOVED)
    queued = await lab.store.look(lambda c: c.execute("SELECT feed, guid FROM queued").fetchall())
    assert queued == [(url, "new-1")]
    moved = lab.server.url("/new.rss")
    lab.server.routes["/new.rss"] = lab.server.routes["/station.rss"]
    await lab.podcasts.move(url, moved)
    queued = await lab.store.look(lambda c: c.execute("SELECT feed, guid FROM queued").fetchall())
    assert queued == [(moved, "new-1")]


async def test_queues_and_clips_have_the_episode_still(lab: PodcastLab) -> None:
    await answered(lab, OTHER, FIRST)
    entry, feed, at = await hear(lab), lab.server.url("/station.rss"), lab.time.clock()
    row = QueuedRow(feed=feed, guid="old-1", title="Part 1")
    clip = Clip("Part 1", "Station", 1.0, 2.0, at, feed=feed, guid="old-1", note="“Bells”")
    await lab.store.ask(lambda c: write_rows(c, "Later", [row], at))
    for content in (written(clip), "{damaged"):
        await lab.store.ask(partial(add_clip, made_at=1, content=content))
    await answered(lab, OTHER, MOVED)
    [queued] = await lab.store.look(lambda c: queued_rows(c, "Later"))
    assert (queued.guid, queued.entry) == ("new-1", entry)
    damaged, kept = await lab.store.look(stored_clips)
    assert read_clip(kept) == replace_field(clip, guid="new-1", number=kept.number)
    assert damaged.content == "{damaged"


@pytest.mark.parametrize(
    "now",
    [
        replace(MOVED, title="Quite another"),
        replace(MOVED, minutes=60),
        replace(MOVED, media="video/mp4"),
        replace(MOVED, at="Fri, 06 Mar 2026 11:00:00 GMT"),
        replace(FIRST, guid="new-1", at="Fri, 06 Mar 2026 11:00:00 GMT"),
    ],
    ids=["title", "length", "media", "the next newscast", "the next at one address"],
)
async def test_another_episode_is_another(lab: PodcastLab, now: Item) -> None:
    await answered(lab, FIRST)
    await hear(lab)
    episodes = await answered(lab, now)
    assert sorted(episodes) == sorted([(now.title, 0.0, False), ("Part 1", 75.0, True)])


@pytest.mark.parametrize("at", ["Fri, 06 Mar 2026 10:00:00 GMT", ""])
async def test_of_two_in_one_feed_the_first_stays(lab: PodcastLab, at: str) -> None:
    first, second = replace(FIRST, at=at), replace(FIRST, guid="again", at=at)
    assert await answered(lab, second, first) == [("Part 1", 0.0, False)]
    guids = await lab.store.look(lambda c: c.execute("SELECT guid FROM entry").fetchall())
    assert guids == [("old-1",)]
    await hear(lab)
    assert await answered(lab, second, first) == [("Part 1", 75.0, True)]
    assert await answered(lab, replace(second, guid="thrice"), first) == [("Part 1", 75.0, True)]


async def test_a_whole_podcast_with_new_guids_keeps_all(lab: PodcastLab) -> None:
    items = [
        Item(
            f"{number}",
            f"Part {number}",
            f"Fri, 06 Mar 2026 {number // 60 % 24:02}:{number % 60:02}:00 GMT",
            f"https://pods.example/{number}.mp3",
        )
        for number in range(600)
    ]
    await answered(lab, *reversed(items))
    await hear(lab)
    episodes = await answered(
        lab, *(replace(item, guid=f"n{item.guid}") for item in reversed(items))
    )
    assert len(episodes) == 600
    assert episodes[-1] == ("Part 0", 75.0, True)
