"""How far episodes were heard, in OPML: Overcast's, and our own export, which brings it back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiotui.feeds.opml import read_opml
from radiotui.feeds.opml_episodes import take_episodes
from radiotui.problems import Problem
from radiotui.store import stories
from radiotui.store.progress import note_heard, progress
from tests.servers import Server, serving
from tests.services.podcast_lab import PodcastLab, lab
from tests.services.test_podcasts import SHOW, feed

__all__ = ["lab"]


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        server.routes["/show.rss"] = feed(SHOW)
        server.routes["/other.rss"] = feed(SHOW.replace("Coconino", "Kaibab"))
        yield server


def overcast(server: Server, *episodes: str, more: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><opml version="1.0"><body><outline text="feeds">'
        '<outline type="rss" overcastId="42" text="Canyon" title="Canyon" subscribed="1"'
        f' xmlUrl="{server.url("/show.rss")}">{"".join(episodes)}</outline>{more}'
        "</outline></body></opml>"
    )


def episode(more: str) -> str:
    return f'<outline type="podcast-episode" overcastId="7" {more}/>'


async def heard(lab: PodcastLab, name: str = "coconino") -> dict[str, tuple[float, bool, bool]]:
    """Seconds heard, whether it was played, and read, of each episode."""
    _, episodes = await lab.podcasts.episodes(name)
    return {
        one.headline.title: (one.headline.heard or 0.0, one.headline.is_played, one.headline.read)
        for one in episodes
    }


async def test_overcast_s_states_are_found_by_sound_or_title_and_day(
    lab: PodcastLab, server: Server, tmp_path: Path
) -> None:
    file = tmp_path / "overcast.opml"
    file.write_text(
        overcast(
            server,
            episode(
                'title="Any" enclosureUrl="https://pods.example/1.mp3" played="1" progress="60"'
                ' userUpdatedDate="2026-03-06T12:00:00-05:00"'
            ),
            episode('title="Part 2" pubDate="2026-03-06T08:00:00-05:00" progress="41"'),
            episode('title="Nobody knows it" progress="9"'),
            episode('title="Part 2" pubDate="2026-03-06T08:00:00-05:00"'),
            more=f'<outline type="rss" text="x" xmlUrl="{server.url("/other.rss")}">'
            f"{episode('title=&quot;Part 1&quot; played=&quot;1&quot;')}</outline>",
        ).replace("&quot;", '"')
    )
    result = await lab.podcasts.import_opml(file)
    assert [one.url for one in result.new] == [server.url("/show.rss")], "it is not subscribed to"
    assert (result.known_states, len(result.states)) == (2, 4)
    assert await heard(lab, "canyon") == {
        "Part 1": (0.0, True, True),
        "Part 2": (41.0, False, False),
    }


async def test_an_export_brings_all_back_into_an_empty_store(
    lab: PodcastLab, server: Server, tmp_path: Path
) -> None:
    await lab.podcasts.add(server.url("/show.rss"))
    _, [newest, oldest] = await lab.podcasts.episodes("coconino")

    def hear(connection) -> None:
        note_heard(connection, newest.headline.id, 41.5, 120.0, lab.time.clock())
        note_heard(connection, oldest.headline.id, 0.0, 60.0, lab.time.clock(), is_played=True)
        stories.mark(connection, [oldest.headline.id], read=True)

    await lab.store.ask(hear)
    before = await heard(lab)
    assert b"podcast-episode" not in await lab.podcasts.export_opml()
    data = await lab.podcasts.export_opml(played=True)
    assert len(read_opml(data).feeds) == 2, "episodes are no feeds"
    file = tmp_path / "mine.opml"
    file.write_bytes(data)
    await lab.podcasts.remove("coconino")
    await lab.store.ask(lambda c: c.execute("DELETE FROM feed").close())
    result = await lab.podcasts.import_opml(file)
    assert result.known_states == 2
    assert await heard(lab) == before | {"Part 2": (41.0, False, False)}


async def test_what_was_heard_here_since_stays(
    lab: PodcastLab, server: Server, tmp_path: Path
) -> None:
    await lab.podcasts.add(server.url("/show.rss"))
    _, [newest, _] = await lab.podcasts.episodes("coconino")
    now = lab.time.clock()
    await lab.store.ask(lambda c: note_heard(c, newest.headline.id, 90.0, 120.0, now))
    file = tmp_path / "overcast.opml"
    for hours, seconds in ((-1, 90.0), (0, 90.0)):
        at = (now + timedelta(hours=hours)).isoformat()
        file.write_text(
            overcast(
                server,
                episode(
                    f'enclosureUrl="https://pods.example/2.mp3" progress="5" userUpdatedDate="{at}"'
                ),
            )
        )
        await lab.podcasts.import_opml(file)
        assert (await heard(lab))["Part 2"][0] == seconds


async def test_with_a_guid_it_is_noted_before_the_podcast_answers(
    lab: PodcastLab, server: Server, tmp_path: Path
) -> None:
    await lab.podcasts.add(server.url("/show.rss"))
    _, [newest, _] = await lab.podcasts.episodes("coconino")
    await lab.store.ask(lambda c: note_heard(c, newest.headline.id, 41.0, 120.0, lab.time.clock()))
    file = tmp_path / "mine.opml"
    file.write_bytes(await lab.podcasts.export_opml(played=True))
    await lab.store.ask(lambda c: c.execute("DELETE FROM feed").close())
    server.routes["/show.rss"] = lambda c: c.answer(b"", status="503 Service Unavailable")
    await lab.podcasts.import_opml(file)
    server.routes["/show.rss"] = feed(SHOW)
    await lab.podcasts.refresh()
    (entry,) = [
        one.headline.id
        for one in (await lab.podcasts.episodes("coconino"))[1]
        if one.headline.title == "Part 2"
    ]
    assert (await lab.store.look(lambda c: progress(c, [entry])))[entry].heard == 41.0


def test_a_huge_list_of_episodes_is_read() -> None:
    episodes = "".join(
        episode(f'title="Part {number}" enclosureUrl="https://x.example/{number}" played="1"')
        for number in range(20_000)
    )
    data = (
        '<opml version="2.0"><body><outline type="rss" text="x"'
        f' xmlUrl="https://x.example/rss">{episodes}</outline></body></opml>'
    )
    opml = read_opml(data.encode())
    assert (len(opml.feeds), len(opml.states)) == (1, 20_000)


@given(st.text(max_size=40), st.text(max_size=20), st.text(max_size=20))
def test_no_file_raises_anything_but_problems(text: str, seconds: str, date: str) -> None:
    from xml.sax.saxutils import quoteattr

    data = (
        '<opml version="2.0"><body><outline type="rss" xmlUrl="https://x.example/rss">'
        f'<outline type="podcast-episode" title={quoteattr(text)} progress={quoteattr(seconds)}'
        f" pubDate={quoteattr(date)} played='1'/>{text}</outline></body></opml>"
    ).encode("utf-8", "replace")
    _, states = take_episodes(data)
    assert all("\x1b" not in state.title and state.heard >= 0 for state in states)
    with suppress(Problem):
        read_opml(data)
