"""Stories' pages in every markup, served over HTTP, read whole, kept and read again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from radiotui.net.client import Net
from radiotui.problems import Problem
from radiotui.store import Store
from radiotui.stories.service import StoryService
from tests.pages import FOLDER, WALLS, articles, page
from tests.servers import Connection, Route, serving

# One process reads all pages, as it does for a listener.
pytestmark = pytest.mark.asyncio(loop_scope="module")

NAMES = sorted(articles("http://127.0.0.1:1"))


class Reading:
    """A newsstand, and a server with every page."""

    def __init__(self, folder: Path, base: str) -> None:
        self.base = base
        self.net = Net()
        self.store = Store(folder / "radiotui.db", clock=lambda: datetime.now(UTC))
        self.stand = StoryService(
            self.net,
            self.store,
            clock=lambda: datetime(2026, 3, 2, tzinfo=UTC),
            on_change=lambda _: None,
        )

    async def close(self) -> None:
        await self.stand.close()
        await self.store.close()
        await self.net.aclose()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reading(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Reading]:
    with serving() as server:
        for path in FOLDER.glob("*.html"):
            server.routes[f"/{path.name}"] = _serves(path.stem)
        reading = Reading(tmp_path_factory.mktemp("reading"), server.url("").rstrip("/"))
        yield reading
        await reading.close()


def _serves(name: str) -> Route:
    def route(connection: Connection) -> None:
        connection.answer(page(name), "text/html")

    return route


@pytest.mark.parametrize("name", NAMES)
async def test_title_byline_dates_figures_body_and_copyright_are_exact(
    reading: Reading, name: str
) -> None:
    address = f"{reading.base}/{name}.html"
    expected = articles(reading.base)[name]
    assert (await reading.stand.read(address)).article == expected
    # The second time it comes from the store.
    assert (await reading.stand.read(address)).article == expected


@pytest.mark.parametrize("name", WALLS)
async def test_a_wall_is_told_and_not_taken_for_the_story(reading: Reading, name: str) -> None:
    with pytest.raises(Problem, match=WALLS[name]):
        await reading.stand.read(f"{reading.base}/{name}.html")
