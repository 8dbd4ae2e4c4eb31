"""Progress of episodes: kept while they are heard, by a companion over a podcast on loopback."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from radiotui.app.companion import Companion, Options
from radiotui.app.intents import LookAt
from radiotui.app.podcast_shapes import episode_shape
from radiotui.config import Folders
from radiotui.player.intents import GoToMark, GoToPlace, Pause, Resume, SleepIn, Stop
from radiotui.player.state import PlayerState, PlayState
from radiotui.store import progress
from radiotui.stories.intents import ListenToStory
from radiotui.stories.model import (
    AllStories,
    Headline,
    InProgress,
    LatestEpisodes,
    SectionKey,
    StoryList,
)
from tests.servers import Server, serving
from tests.services.episode_host import host
from tests.sounds import encode

NOW = datetime(2026, 3, 6, 20, tzinfo=UTC)
SECONDS = 60.0


class Sofa:
    """A listener's evenings: a companion after the other, over the same files."""

    def __init__(self, folder: Path, server: Server, extra: str = "") -> None:
        """``extra`` is what else the feed says of the episode."""
        self.folder = folder
        self.now = NOW
        self.told: list[PlayerState] = []
        self.lists: list[StoryList] = []
        server.routes["/sound"] = host(encode("mp3", SECONDS))
        item = (
            "<item><guid>one</guid><title>The Bells</title>"
            f'<podcast:chapters url="{server.url("/chapters.json")}" type="application/json"/>'
            f'<enclosure url="{server.url("/sound")}" type="audio/mpeg" length="1"/>{extra}</item>'
        )
        namespace = 'xmlns:podcast="https://podcastindex.org/namespace/1.0"'
        feed = f"<rss {namespace}><channel><title>Towers</title>{item}</channel></rss>".encode()
        chapters = [{"startTime": at, "title": f"Bell {at}"} for at in (0, 20, 40)]
        listed = json.dumps({"version": "1.2.0", "chapters": chapters}).encode()
        server.routes["/chapters.json"] = lambda c: c.answer(listed, "application/json")
        server.routes["/feed"] = lambda c: c.answer(feed, "text/xml")
        self.stations = folder / "stations.toml"
        self.stations.write_text(f'[[podcast]]\ntitle = "Towers"\nurl = "{server.url("/feed")}"\n')
        self.companion: Companion

    async def sit_down(self) -> int:
        """Open the program and play the episode; the episode's id."""
        await self.open()
        _, (episode,) = await self.companion.podcasts.episodes("Towers")
        self.told.clear()
        self.companion.do(ListenToStory(episode.headline.id))
        return episode.headline.id

    async def open(self, *, screen: bool = False) -> None:
        """Open the program."""
        options = Options(engine="silent", folders=Folders(self.folder), stations=self.stations)
        self.companion = Companion(options, clock=lambda: self.now)
        self.companion.load()
        self.companion.subscribe(self._receive)
        await self.companion.open(screen=screen)

    def _receive(self, update: object) -> None:
        if isinstance(update, PlayerState):
            self.told.append(update)
        elif isinstance(update, StoryList):
            self.lists.append(update)

    async def row(self, key: SectionKey, wanted: Callable[[Headline], bool]) -> Headline:
        """The episode's row, once it is so in a list that was told."""
        async with asyncio.timeout(30):
            while True:
                rows = (row for told in self.lists if told.section == key for row in told.headlines)
                row = next(filter(wanted, rows), None)
                if row is not None:
                    self.lists.clear()
                    return row
                await asyncio.sleep(0.01)

    async def told_of(self, key: SectionKey) -> None:
        """Wait until a list was told, and nothing more is asked for it; forget all lists."""
        async with asyncio.timeout(30):
            while not any(told.section == key and not told.refreshing for told in self.lists[1:]):
                await asyncio.sleep(0.01)
        self.lists.clear()

    async def until(self, wanted: Callable[[PlayerState], bool]) -> PlayerState:
        """The first state that is so since the listener sat down."""
        async with asyncio.timeout(30):
            while not any(map(wanted, self.told)):
                await asyncio.sleep(0.01)
        state = next(filter(wanted, self.told))
        self.told.clear()
        return state

    async def hears(self) -> float:
        """The first place that is heard."""
        state = await self.until(
            lambda p: (
                p.story is not None
                and p.state is PlayState.PLAYING
                and p.current.position is not None
            )
        )
        assert state.current.position is not None
        return state.current.position

    async def go_to(self, place: float) -> None:
        """Move to a place, and wait until it is heard."""
        self.companion.do(GoToPlace(place))
        await self.until(lambda p: (p.current.position or 0.0) >= place)

    async def stored(self, entry: int) -> progress.Progress:
        """What is kept of it."""
        await self.companion.progress.flushed()
        store = (await self.companion.services()).store
        return (await store.look(lambda c: progress.progress(c, [entry])))[entry]

    async def get_up(self) -> None:
        """End the program."""
        await self.companion.close()


@pytest.fixture
async def sofa(tmp_path: Path) -> AsyncIterator[Sofa]:
    with serving() as server:
        sofa = Sofa(tmp_path, server)
        yield sofa
        await sofa.get_up()


@pytest.mark.parametrize(
    ("away", "back"),
    [
        (timedelta(seconds=30), 0.0),
        (timedelta(minutes=2), 3.0),
        (timedelta(hours=2), 10.0),
        (timedelta(days=2), 20.0),
    ],
)
async def test_another_evening_goes_on_a_little_before_the_place(
    sofa: Sofa, away: timedelta, back: float
) -> None:
    await sofa.sit_down()
    assert await sofa.hears() < 10.0
    await sofa.go_to(40.0)
    sofa.companion.do(Pause())
    left_at = (await sofa.until(lambda p: p.state is PlayState.PAUSED)).current.position
    assert left_at is not None
    await sofa.get_up()
    sofa.now += away
    await sofa.sit_down()
    assert -0.5 <= await sofa.hears() - (left_at - back) < 2.5


async def test_a_pause_goes_on_a_little_before_the_place(sofa: Sofa) -> None:
    await sofa.sit_down()
    await sofa.hears()
    await sofa.go_to(40.0)
    sofa.companion.do(Pause())
    await sofa.until(lambda p: p.state is PlayState.PAUSED)
    sofa.now += timedelta(hours=3)
    sofa.companion.do(Resume())
    assert 29.0 <= await sofa.hears() < 37.0


async def test_the_place_is_kept_while_it_is_heard(sofa: Sofa) -> None:
    entry = await sofa.sit_down()
    await sofa.hears()
    await sofa.go_to(20.0)
    # Nobody ends the program: a crash would find this.
    stored = await sofa.stored(entry)
    assert 19.5 <= stored.heard < 30.0
    assert stored.length == pytest.approx(SECONDS, abs=0.5)
    assert not stored.is_played


async def test_an_episode_that_was_heard_to_its_end_begins_anew(sofa: Sofa) -> None:
    entry = await sofa.sit_down()
    await sofa.hears()
    sofa.companion.do(GoToPlace(58.5))
    await sofa.until(lambda p: p.story is None)
    stored = await sofa.stored(entry)
    assert (stored.heard, stored.is_played) == (0.0, True)
    sofa.companion.do(ListenToStory(entry))
    assert await sofa.hears() < 10.0
    # It was heard once: that is known for good.
    await sofa.go_to(30.0)
    assert (await sofa.stored(entry)).is_played


async def test_an_episode_that_was_stopped_goes_on_there(sofa: Sofa) -> None:
    entry = await sofa.sit_down()
    await sofa.hears()
    await sofa.go_to(33.0)
    sofa.companion.do(Stop())
    await sofa.until(lambda p: p.story is None)
    sofa.companion.do(ListenToStory(entry))
    assert 32.5 <= await sofa.hears() < 40.0


async def test_who_fell_asleep_goes_on_before_the_sound_became_softer(sofa: Sofa) -> None:
    entry = await sofa.sit_down()
    await sofa.hears()
    await sofa.go_to(20.0)
    sofa.companion.do(SleepIn(minutes=0.1))
    await sofa.until(lambda p: p.sleep is not None)
    await sofa.go_to(45.0)
    sofa.now += timedelta(minutes=1)
    await sofa.until(lambda p: p.story is None)
    sofa.companion.do(ListenToStory(entry))
    assert 19.5 <= await sofa.hears() < 30.0


async def test_the_episode_that_was_heard_is_offered_paused_at_the_next_start(sofa: Sofa) -> None:
    await sofa.sit_down()
    await sofa.hears()
    await sofa.go_to(33.0)
    await sofa.get_up()
    sofa.told.clear()
    await sofa.open(screen=True)
    state = await sofa.until(lambda p: p.state is PlayState.PAUSED and bool(p.current.codec))
    assert state.story is not None
    assert state.story.title == "The Bells"
    sofa.companion.do(Resume())
    assert 32.5 <= await sofa.hears() < 40.0


async def test_an_episode_that_was_stopped_is_not_offered_again(sofa: Sofa) -> None:
    await sofa.sit_down()
    await sofa.hears()
    sofa.companion.do(Stop())
    await sofa.until(lambda p: p.story is None)
    await sofa.companion.progress.flushed()
    await sofa.get_up()
    await sofa.open(screen=True)
    assert await sofa.companion.recall("episode") == ""
    assert sofa.companion.player_state.story is None


async def test_chapters_are_marks_that_keys_lead_to(sofa: Sofa) -> None:
    await sofa.sit_down()
    await sofa.hears()
    state = await sofa.until(lambda p: len(p.current.marks) == 3)
    assert [mark.text for mark in state.current.marks] == ["Bell 0", "Bell 20", "Bell 40"]
    sofa.companion.do(GoToMark(1))
    await sofa.until(lambda p: 20.0 <= (p.current.position or 0.0) < 23.0)
    sofa.companion.do(GoToMark(1))
    await sofa.until(lambda p: 40.0 <= (p.current.position or 0.0) < 43.0)
    # The last one is no way to the end.
    sofa.companion.do(GoToMark(1))
    sofa.companion.do(GoToMark(-1))
    await sofa.until(lambda p: 20.0 <= (p.current.position or 0.0) < 23.0)


async def test_the_list_that_is_looked_at_shows_the_place(sofa: Sofa) -> None:
    await sofa.sit_down()
    await sofa.hears()
    sofa.companion.do(LookAt(LatestEpisodes()))
    row = await sofa.row(LatestEpisodes(), lambda row: row.audio is not None)
    assert not row.read
    sofa.companion.do(GoToPlace(20.0))
    row = await sofa.row(LatestEpisodes(), lambda row: row.heard >= 20.0)
    assert 19.5 <= row.heard < 30.0
    assert row.audio is not None
    assert row.audio.seconds == pytest.approx(SECONDS, abs=0.5), "the feed does not say"


async def test_what_is_heard_to_its_end_is_read_and_no_longer_in_progress(sofa: Sofa) -> None:
    await sofa.sit_down()
    await sofa.hears()
    sofa.companion.do(LookAt(InProgress()))
    sofa.companion.do(GoToPlace(20.0))
    assert not (await sofa.row(InProgress(), lambda row: row.heard >= 20.0)).read
    sofa.companion.do(LookAt(LatestEpisodes()))
    await sofa.row(LatestEpisodes(), lambda row: row.heard > 0)
    sofa.companion.do(GoToPlace(58.5))
    row = await sofa.row(LatestEpisodes(), lambda row: row.is_played)
    assert (row.heard, row.read) == (0.0, True)
    in_progress = sofa.companion.stories.section(InProgress())
    assert in_progress is not None
    service = (await sofa.companion.services()).story_service
    assert (await service.story_list(in_progress)).headlines == ()


async def test_what_was_stopped_before_its_end_stays_unread(sofa: Sofa) -> None:
    entry = await sofa.sit_down()
    await sofa.hears()
    await sofa.go_to(33.0)
    sofa.companion.do(Stop())
    await sofa.until(lambda p: p.story is None)
    assert not (await sofa.stored(entry)).is_played
    _, (episode,) = await sofa.companion.podcasts.episodes("Towers")
    assert not episode.headline.read
    shape = episode_shape(episode)
    assert isinstance(shape["heard"], float)
    assert 32.5 <= shape["heard"] < 40.0
    assert (shape["played"], shape["read"]) == (False, False)


async def test_what_was_heard_to_its_end_is_played_in_json(sofa: Sofa) -> None:
    entry = await sofa.sit_down()
    await sofa.hears()
    sofa.companion.do(GoToPlace(58.5))
    await sofa.until(lambda p: p.story is None)
    await sofa.stored(entry)
    _, (episode,) = await sofa.companion.podcasts.episodes("Towers")
    shape = episode_shape(episode)
    assert (shape["heard"], shape["played"], shape["read"]) == (None, True, True)


async def test_a_list_without_episodes_is_not_told_again_for_a_place(sofa: Sofa) -> None:
    entry = await sofa.sit_down()
    await sofa.hears()
    sofa.companion.do(LookAt(AllStories()))
    await sofa.told_of(AllStories())
    await sofa.go_to(20.0)
    await sofa.stored(entry)
    await sofa.go_to(40.0)
    await sofa.stored(entry)
    assert [told.section for told in sofa.lists] == []
    # It is what would be told of episodes.
    sofa.companion.do(LookAt(LatestEpisodes()))
    await sofa.row(LatestEpisodes(), lambda row: row.heard >= 40.0)


async def test_the_sound_of_a_story_goes_on_at_its_very_place(sofa: Sofa) -> None:
    """Only who comes back to an episode has lost the thread: a story is short."""
    sofa.stations.write_text(sofa.stations.read_text().replace("podcast", "feed"))
    await sofa.open()
    sofa.companion.do(LookAt(AllStories()))
    row = await sofa.row(AllStories(), lambda row: row.audio is not None)
    sofa.companion.do(ListenToStory(row.id))
    await sofa.hears()
    await sofa.go_to(30.0)
    sofa.companion.do(Pause())
    left_at = (await sofa.until(lambda p: p.state is PlayState.PAUSED)).current.position
    sofa.now += timedelta(hours=3)
    sofa.companion.do(Resume())
    assert left_at is not None
    assert await sofa.hears() >= left_at - 0.5
