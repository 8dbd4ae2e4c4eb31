"""Settings of a podcast: kept by its feed, and applied where its episode is heard."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import pytest

from radiotui.app.updates import Notice
from radiotui.audio.loudness_norm import Loudness
from radiotui.player.intents import ChangeRate, EpisodeSound
from radiotui.player.queue import QueueItem
from radiotui.podcasts.settings import (
    SETTINGS,
    PodcastSettings,
    changed_settings,
    read_settings,
    write_settings,
)
from radiotui.problems import Problem
from radiotui.stories.intents import ListenToStory
from radiotui.stories.model import LatestEpisodes, PodcastSection
from tests.feeds import rss
from tests.servers import Server, serving
from tests.services.test_episode_progress import Sofa
from tests.services.test_feeds_newsstand import moved

FAST = PodcastSettings(speed=1.5, skip_intro=12.0, skip_silence=True)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
async def sofa(tmp_path: Path, server: Server) -> AsyncIterator[Sofa]:
    sofa = Sofa(tmp_path, server)
    await sofa.open()
    await sofa.companion.podcasts.episodes("Towers")
    yield sofa
    await sofa.get_up()


async def set_(sofa: Sofa, settings: PodcastSettings) -> None:
    room = sofa.companion.podcast_settings
    await room.change((await room.of_name("Towers")).url, settings)


async def play(sofa: Sofa) -> int:
    _, (episode,) = await sofa.companion.podcasts.episodes("Towers")
    sofa.told.clear()
    sofa.companion.do(ListenToStory(episode.headline.id))
    return episode.headline.id


async def test_an_episode_begins_as_it_is_set_in_another_run(sofa: Sofa) -> None:
    await set_(sofa, FAST)
    await sofa.get_up()
    await sofa.sit_down()
    assert 12.0 <= await sofa.hears() < 22.0
    state = sofa.companion.player_state
    assert (state.play_rate, state.rate, state.skips_silence) == (1.5, 1.0, True)


async def test_what_is_set_while_it_is_heard_is_heard_at_once(sofa: Sofa) -> None:
    await play(sofa)
    await sofa.hears()
    assert sofa.companion.player_state.play_rate == 1.0
    await set_(sofa, PodcastSettings(speed=2.0, gain=-6.0))
    state = await sofa.until(lambda p: p.play_rate == 2.0 and p.current.gain_db == -6.0)
    play_id = state.play_id
    sofa.companion.do(ChangeRate(0.1))
    state = await sofa.until(lambda p: p.play_rate == 2.1)
    assert state.play_id == play_id
    await set_(sofa, PodcastSettings())
    await sofa.until(lambda p: p.play_rate == 1.0 and p.current.gain_db != -6.0)


async def test_a_podcast_that_moves_keeps_its_settings(sofa: Sofa, server: Server) -> None:
    await set_(sofa, FAST)
    server.routes["/there"] = server.routes["/feed"]
    server.routes["/feed"] = moved("301 Moved Permanently", "/there")
    await sofa.companion.podcasts.refresh()
    await sofa.companion.podcasts.refresh()
    assert server.paths()[-1] == "/there"
    assert (await sofa.companion.podcast_settings.of_name("Towers")).settings == FAST


async def test_what_is_before_the_outro_is_all_that_is_to_be_heard(sofa: Sofa) -> None:
    await set_(sofa, PodcastSettings(skip_outro=20.0))
    entry = await play(sofa)
    await sofa.hears()
    await sofa.go_to(37.0)
    await sofa.until(lambda p: p.story is None)
    stored = await sofa.stored(entry)
    assert (stored.heard, stored.is_played) == (0.0, True)


async def test_the_loudness_of_a_podcast_is_kept(sofa: Sofa) -> None:
    room = sofa.companion.podcast_settings
    _, (episode,) = await sofa.companion.podcasts.episodes("Towers")
    item = QueueItem(
        key="one", url="http://127.0.0.1/", title="", kept="one", entry=episode.headline.id
    )
    assert await room.sound_of(item) == (EpisodeSound(), None)
    room.note_loudness(item, Loudness(-23.5, -3.0, 120.0))
    async with asyncio.timeout(30):
        while (podcast := await room.of_item(item)) is None or podcast.loudness is None:
            await asyncio.sleep(0.01)
    await set_(sofa, FAST)
    sound, loudness = await room.sound_of(item)
    assert (sound.rate, loudness) == (1.5, Loudness(-23.5, -3.0, 120.0))
    gone = QueueItem(key="two", url="http://127.0.0.1/", title="", kept="two", entry=99)
    assert await room.sound_of(gone) == (EpisodeSound(), None)
    assert await room.of_item(gone) is None


def damage(word: str, connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE podcast_setting SET settings = ?", (word,))


async def test_settings_that_are_damaged_count_for_nothing(sofa: Sofa) -> None:
    await set_(sofa, FAST)
    store = (await sofa.companion.services()).store
    for word in ("{", '{"speed": 99}', '{"order": "sideways"}', '{"skip_intro": -3}', "[]"):
        await store.ask(partial(damage, word))
        podcast = await sofa.companion.podcast_settings.of_name("Towers")
        assert podcast.settings == PodcastSettings()
        section = sofa.companion.stories.section(PodcastSection(podcast.url))
        assert section is not None
        service = (await sofa.companion.services()).story_service
        assert len((await service.story_list(section)).headlines) == 1


def items(*numbers: int) -> bytes:
    return rss(
        "".join(
            f"<item><title>Part {number}</title><guid>{number}</guid>"
            f"<pubDate>Fri, {number:02} Mar 2026 10:00:00 GMT</pubDate>"
            "<enclosure url='https://pods.example/1.mp3' type='audio/mpeg' length='1'/></item>"
            for number in numbers
        )
    ).encode()


async def test_the_oldest_episode_comes_first_where_that_is_set(sofa: Sofa, server: Server) -> None:
    server.routes["/feed"] = lambda c: c.answer(items(1, 2, 3), "text/xml")
    await sofa.companion.podcasts.refresh()
    service = (await sofa.companion.services()).story_service
    section = sofa.companion.stories.section(PodcastSection(server.url("/feed")))
    assert section is not None
    for order, expected in (("oldest", "Part 1"), ("newest", "Part 3")):
        await set_(sofa, changed_settings(PodcastSettings(), [f"order={order}"]))
        story_list = await service.story_list(section)
        dated = [row.title for row in story_list.headlines if row.title.startswith("Part")]
        assert dated[0] == expected
        assert story_list.oldest_first == (order == "oldest")


async def test_new_episodes_are_told_of_once_where_that_is_set(
    tmp_path: Path, server: Server
) -> None:
    sofa = Sofa(tmp_path, server)
    told: list[str] = []
    server.routes["/feed"] = lambda c: c.answer(items(1, 2), "text/xml")
    await sofa.open(screen=True)
    sofa.companion.subscribe(
        lambda update: told.append(str(update.problem)) if isinstance(update, Notice) else None
    )

    async def refresh(*numbers: int) -> None:
        server.routes["/feed"] = lambda c: c.answer(items(*numbers), "text/xml")
        await sofa.companion.podcasts.refresh()
        await sofa.companion.new_episodes.look()

    await refresh(1, 2, 3)
    await set_(sofa, PodcastSettings(notifications=True))
    await refresh(1, 2, 3, 4)
    await refresh(1, 2, 3, 4)
    assert [words for words in told if "New" in words] == ["New: Part 4: Coconino Now"]
    # Those that came while the program was not there are told of when it is.
    await sofa.get_up()
    server.routes["/feed"] = lambda c: c.answer(items(*range(1, 10)), "text/xml")
    await sofa.open(screen=True)
    sofa.companion.subscribe(
        lambda update: told.append(str(update.problem)) if isinstance(update, Notice) else None
    )
    service = (await sofa.companion.services()).story_service
    section = sofa.companion.stories.section(LatestEpisodes())
    assert section is not None
    await service.refresh(section, force=True)
    async with asyncio.timeout(30):
        while "5 new episodes: Coconino Now" not in told:
            await asyncio.sleep(0.01)
    await sofa.get_up()


@pytest.mark.parametrize(
    ("typed", "settings"),
    [
        (["speed=1.3x", "gain=-3dB"], PodcastSettings(speed=1.3, gain=-3.0)),
        (["skip-intro=30s", "skip_outro=12"], PodcastSettings(skip_intro=30.0, skip_outro=12.0)),
        (["skip-silence=off", "downloads=0"], PodcastSettings(skip_silence=False, downloads=0)),
        (["Speed = 2", "speed=default", "gain=auto"], PodcastSettings()),
    ],
)
def test_settings_are_typed(typed: list[str], settings: PodcastSettings) -> None:
    assert changed_settings(PodcastSettings(), typed) == settings
    assert read_settings(write_settings(settings)) == settings


@pytest.mark.parametrize(
    "typed",
    ["speed=nan", "speed=0.4", "gain=1e9", "skip-intro=-1", "downloads=1.5", "x=1", "speed"],
)
def test_a_setting_that_cannot_be_is_refused(typed: str) -> None:
    with pytest.raises(Problem):
        changed_settings(PodcastSettings(), [typed])


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_a_key_goes_through_all_values_and_back(setting) -> None:
    settings = PodcastSettings()
    for _ in setting.steps:
        settings = setting.next_to(settings, 1)
    assert setting.of(settings) == setting.steps[-1]
    for _ in setting.steps:
        settings = setting.next_to(settings, -1)
    assert setting.of(settings) == setting.steps[0]
    assert read_settings(write_settings(settings)) == settings


def test_a_value_that_was_typed_lies_between_two() -> None:
    speed, settings = SETTINGS[0], PodcastSettings(speed=1.33)
    assert speed.next_to(settings, 1).speed == 1.4
    assert speed.next_to(settings, -1).speed == 1.3
    intro = next(setting for setting in SETTINGS if setting.name == "skip-intro")
    assert intro.next_to(PodcastSettings(skip_intro=900.0), -1).skip_intro == 300.0
    assert intro.next_to(PodcastSettings(skip_intro=900.0), 1).skip_intro == 900.0
