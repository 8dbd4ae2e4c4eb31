"""A podcast on a real nginx: what it tells of ranges, versions and changes is what is acted on."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from radiotui.player.intents import GoToPlace, Pause, PlayItem
from radiotui.player.queue import QueueItem
from radiotui.player.state import PlayerState
from radiotui.radio.framing.id3_tag import tag_bytes
from tests.feeds import rss
from tests.servers import Server, serving
from tests.services.download_lab import DownloadLab
from tests.services.nginx_host import Nginx
from tests.services.player_lab import Listener
from tests.services.podcast_lab import PodcastLab, lab
from tests.sounds import encode

__all__ = ["lab"]

SECONDS = 24.0
SOUND = encode("mp3", SECONDS)


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[Nginx]:
    """It sends a part of an episode at once, and the rest twice as fast as it is heard."""
    rate = 2 * len(SOUND) // int(SECONDS)
    with Nginx(tmp_path / "nginx", at_once=len(SOUND) * 2 // 5, rate=rate) as nginx:
        yield nginx


# Heard while it comes


@pytest.mark.parametrize("codec", ["mp3", "m4a", "opus"])
async def test_an_episode_is_heard_where_it_had_not_come_and_again_without_its_host(
    nginx: Nginx, tmp_path: Path, codec: str
) -> None:
    nginx.put(f"bells.{codec}", encode(codec, SECONDS))
    path = f"/slow/bells.{codec}"
    item = QueueItem(key="7", url=nginx.url(path), title="The Bells", kept="one")
    listener = Listener(tmp_path)
    listener.player.do(PlayItem(item))
    await listener.until_playing()
    listener.player.do(GoToPlace(20.0))
    state = await listener.until(lambda p: p.current.is_playing and _at(p) >= 20.2)
    assert _at(state) < 23.0
    assert state.current.length == pytest.approx(SECONDS, abs=0.2)
    listener.player.do(Pause())
    await listener.close()
    assert listener.problems == []
    asked = nginx.requests(path)
    assert {request.status for request in asked} == {"206"}
    assert all(request.if_range.startswith('"') for request in asked if request.first_byte)
    assert max(request.first_byte for request in asked) > 0
    nginx.kill()
    # Another start, and no host: what was heard is there.
    again = Listener(tmp_path)
    again.player.do(PlayItem(replace(item, begin=20.0)))
    state = await again.until_playing()
    assert 19.5 <= _at(state) < 23.0
    await again.close()
    assert again.problems == []


def _at(state: PlayerState) -> float:
    return state.current.position or 0.0


# Brought whole


async def test_a_download_that_was_left_at_random_bytes_is_the_exact_file(
    nginx: Nginx, tmp_path: Path
) -> None:
    """Each run is ended somewhere, and the next one asks for what is missing of that version."""
    nginx.put("bells.mp3", SOUND, age=60)
    cuts = random.Random(11)
    least = 0
    for _ in range(4):
        lab = DownloadLab(tmp_path)
        entry = await lab.episode(nginx.url("/slow/bells.mp3"))
        await lab.service.want([entry])
        least += cuts.randrange(len(SOUND) // 5)
        await _until_there(lab, entry, least)
        await lab.close()
    await asyncio.to_thread(_hurry, nginx)
    lab = DownloadLab(tmp_path)
    done = await lab.ended(entry)
    assert done.state == "whole", done.problem
    await lab.close()
    assert sound_of(done.path) == SOUND[tag_bytes(SOUND) :]
    _was_resumed(nginx)


async def test_a_download_goes_on_with_an_nginx_that_was_killed(
    nginx: Nginx, tmp_path: Path
) -> None:
    nginx.put("bells.mp3", SOUND, age=60)
    lab = DownloadLab(tmp_path)
    entry = await lab.episode(nginx.url("/slow/bells.mp3"))
    await lab.service.want([entry])
    await _until_there(lab, entry, len(SOUND) // 5)
    await asyncio.to_thread(nginx.kill)
    waiting = await lab.until(entry, lambda each: bool(each.problem))
    assert len(SOUND) // 5 <= waiting.bytes_there < len(SOUND)
    await asyncio.to_thread(_hurry, nginx)
    done = await lab.ended(entry)
    assert done.state == "whole", done.problem
    assert sound_of(done.path) == SOUND[tag_bytes(SOUND) :]
    _was_resumed(nginx)
    await lab.close()


async def _until_there(lab: DownloadLab, entry: int, least: int) -> None:
    await lab.until(entry, lambda each: each.bytes_there >= least)


def _hurry(nginx: Nginx) -> None:
    """End it, and start it without a limit."""
    nginx.kill()
    nginx.rate = 0
    nginx.start()


def _was_resumed(nginx: Nginx) -> None:
    """Every answer was a part, and none but the first one the beginning."""
    asked = nginx.requests("/slow/bells.mp3")
    places = [request.first_byte for request in asked]
    assert {request.status for request in asked} == {"206"}
    assert len(asked) > 1 or places[0] > 0
    assert 0 not in places[1:]
    assert all(request.if_range.startswith('"') for request in asked if request.first_byte)


async def test_a_file_that_was_replaced_meanwhile_is_never_spliced(
    nginx: Nginx, tmp_path: Path
) -> None:
    """Other advertisements of the same length: nothing but the time of the file is another."""
    nginx.put("bells.mp3", SOUND, age=60)
    lab = DownloadLab(tmp_path)
    entry = await lab.episode(nginx.url("/slow/bells.mp3"))
    await lab.service.want([entry])
    await _until_there(lab, entry, len(SOUND) // 5)
    await lab.close()
    other = encode("mp3", SECONDS, begin=SECONDS)
    assert len(other) == len(SOUND)
    nginx.put("bells.mp3", other)
    await asyncio.to_thread(_hurry, nginx)
    lab = DownloadLab(tmp_path)
    done = await lab.ended(entry)
    assert done.state == "whole", done.problem
    assert sound_of(done.path) == other[tag_bytes(other) :]
    # What was asked for of the version before came as the whole of the new one.
    assert "200" in {request.status for request in nginx.requests("/slow/bells.mp3")}
    await lab.close()


def sound_of(path: str) -> bytes:
    """The file behind its tag."""
    data = Path(path).read_bytes()
    return data[tag_bytes(data) :]


# The feed


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.mark.parametrize("way", ["", "/packed"])
async def test_a_feed_that_is_the_same_is_not_sent_again(
    lab: PodcastLab, nginx: Nginx, way: str
) -> None:
    nginx.put("show.rss", _show(2), age=60)
    path = f"{way}/show.rss"
    url = nginx.url(path)
    assert (await lab.podcasts.add(url)).title == "Coconino Now"
    for episodes, status, coding in ((2, "304", ""), (3, "200", "gzip" if way else "")):
        if status == "200":
            nginx.put("show.rss", _show(episodes))
        await lab.podcasts.refresh(url)
        _, listed = await lab.podcasts.episodes(url)
        assert len(listed) == episodes
        last = nginx.requests(path)[-1]
        assert (last.status, last.coding) == (status, coding)
        assert last.if_none_match.removeprefix("W/").startswith('"')
    # The mark of what was packed on its way is a weak one.
    assert any(one.if_none_match.startswith("W/") for one in nginx.requests(path)) is bool(way)
    assert lab.notices == []


def _show(episodes: int) -> bytes:
    return rss(
        "".join(
            f"<item><title>Part {number}</title><guid>{number}</guid>"
            f"<enclosure url='https://pods.example/{number}.mp3' type='audio/mpeg'/></item>"
            for number in range(episodes)
        )
    ).encode()
