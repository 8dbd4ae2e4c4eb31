"""The sheet of what is the programme's own."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from radiotui.app.belongings import Belongings, ProgrammeFeed, ProgrammeStories
from radiotui.app.podcasts import FoundPodcasts
from radiotui.guide.model import OnAir, Programme
from radiotui.podcasts.model import FoundPodcast
from radiotui.stories.model import FeedState, PodcastSection
from tests.ui.stage import KNAU, NOW, STATIONS, Staged, at, headlines, on_air, playing
from tests.ui.test_hostile import NASTY, SHOWN, harmless

URL = "https://feeds.example/atc.xml"
STATIONS_WITH_PODCAST = (replace(KNAU, podcasts=(URL,)), *STATIONS[1:])
PODCAST = ProgrammeFeed(FeedState(URL, "Consider This", unread=3), True, headlines(2))


class StagedBelongings(Belongings):
    """What was laid ready."""

    stories = ProgrammeStories("", doubt="Nothing is sure")
    names: list[tuple[str, str | None]]

    async def of_programme(self, title: str, host: str | None) -> ProgrammeStories:
        """Note who was asked for."""
        self.names = [(title, host)]
        return replace(self.stories, title=title)

    async def refresh(self, title: str, host: str | None) -> ProgrammeStories:
        """The same."""
        return replace(self.stories, title=title)


def staged(stories: ProgrammeStories = StagedBelongings.stories) -> Staged:
    companion = Staged(STATIONS_WITH_PODCAST)
    belongings = StagedBelongings(companion.belongings.deps)
    belongings.stories = stories
    companion.belongings = belongings
    return companion


def names(companion: Staged) -> list[tuple[str, str | None]]:
    """Programmes that were looked for."""
    assert isinstance(companion.belongings, StagedBelongings)
    return companion.belongings.names


OWN = ProgrammeStories("", (), (PODCAST,), headlines()[3:5])


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 16)])
async def test_podcast_with_its_episodes_then_stories(radio, size):
    companion = staged(OWN)
    async with radio(*size, companion=companion) as r:
        await r.tell(on_air(), playing())
        await r.press("B")
        assert "Of All Things Considered" in r.text
        order = ["♪ Consider This", "3 unread", "Blinken: Russia", "STORIES", "A raven's year"]
        sheet = r.app.screen.query_one("#sheet").region
        shown = "".join(row[sheet.x : sheet.right] for row in r.lines[sheet.y : sheet.bottom])
        places = [shown.index(word) for word in order]
        assert places == sorted(places)
        assert {len(line) for line in r.lines} == {size[0]}
        assert names(companion) == [("All Things Considered", None)]
        await r.press("down", "enter")
        assert ("story", 1) in companion.asked


async def test_the_feed_opens_as_a_list_of_stories(radio):
    companion = staged(OWN)
    async with radio(companion=companion) as r:
        await r.tell(on_air(), playing())
        await r.press("B", "enter")
        assert ("look_at", PodcastSection(URL)) in companion.asked
        assert r.main.pane == "stories"


async def test_why_there_is_nothing_and_what_is_heard_from_the_tape(radio):
    companion = staged()
    async with radio(companion=companion) as r:
        r.main.air.choose("kunm", "main")
        await r.press("B")
        await r.until("It is not known what is on at KUNM")
        r.main.air.choose("knau", "news")
        await r.tell(on_air(), playing(programme="Fresh Air", programme_at=at(14)))
        await r.press("B")
        assert "Nothing is sure" in r.text
        assert names(companion) == [("Fresh Air", None)]


async def test_hostile_names_are_text(radio):
    feed = ProgrammeFeed(FeedState(URL, NASTY), True)
    async with radio(companion=staged(ProgrammeStories("", (), (feed,)))) as r:
        await r.tell(OnAir("knau", "news", Programme(NASTY, at(14), at(16)), asked_at=NOW))
        await r.press("B")
        assert r.text.count(SHOWN) >= 2
        assert harmless(r)


async def test_a_podcast_that_is_not_in_the_list_is_added_from_there(radio):
    companion = staged()
    found = FoundPodcast("All Things Considered", "https://feeds.example/all.xml", "Apple")
    companion.podcasts.found = FoundPodcasts((found,))
    async with radio(companion=companion) as r:
        await r.tell(on_air(), playing())
        await r.press("B")
        assert "P finds its podcast" in r.text
        await r.press("P")
        assert ("find_podcasts", "All Things Considered") in companion.asked
        assert "Add a podcast · 1" in r.text
        await r.press("enter")
        assert ("add_podcast", found.url) in companion.asked
        assert r.main.air.highlighted_id == f"podcast:{found.url}"


async def test_a_podcast_that_is_in_the_list_is_not_offered(radio):
    async with radio(companion=staged(OWN)) as r:
        await r.tell(on_air(), playing())
        await r.press("B")
        assert "Consider This" in r.text
        assert "finds its podcast" not in r.text
