"""The Companion logs what it hears, finds it beside the stories, and ends it when it is closed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from radiotui.app.companion import Companion, Options
from radiotui.app.history import PlayedItem
from radiotui.config import Folders
from radiotui.player.state import PlayState
from radiotui.store.stories import StoredEntry, keep
from radiotui.stories.model import SearchResult
from tests.snapshots import changed, snapshot

THREE = datetime(2026, 3, 2, 15, tzinfo=UTC)
SONG = snapshot(
    state=PlayState.PLAYING,
    station="knau",
    stream="news",
    station_name="KNAU",
    title="Nina Simone - Snow on the Rim",
    title_at=THREE,
    heard_at=THREE,
)


async def opened(folder: Path) -> Companion:
    companion = Companion(
        Options(demo=True, engine="silent", folders=Folders(folder)), clock=lambda: THREE
    )
    companion.load()
    await companion.open(screen=False, radio=False)
    return companion


@pytest.fixture
async def companion(tmp_path: Path) -> AsyncIterator[Companion]:
    companion = await opened(tmp_path)
    yield companion
    await companion.close()


async def test_what_is_heard_outlives_the_program_with_its_end(tmp_path: Path) -> None:
    companion = await opened(tmp_path)
    companion.receive_player_state(SONG)
    companion.receive_player_state(changed(SONG, heard_at=THREE + timedelta(minutes=2)))
    await companion.close()
    again = await opened(tmp_path)
    (song,) = await again.history.heard()
    assert (song.title, song.ended_at) == ("Snow on the Rim", THREE + timedelta(minutes=2))
    await again.close()


async def test_the_search_gives_stories_first_as_they_were_and_then_songs(
    companion: Companion,
) -> None:
    def stories(connection: object) -> None:
        connection.execute(  # type: ignore[attr-defined]
            "INSERT INTO feed (id, url, address, title) VALUES (1, 'u', 'u', 'KNAU News')"
        )
        titles = ["Snow on the rim", "Ravens in the snow", "A dry spring, and no snow again"]
        entries = [
            StoredEntry(str(n), title, None, "", THREE, None, "", title)
            for n, title in enumerate(titles)
        ]
        keep(connection, 1, entries, THREE)  # type: ignore[arg-type]

    await (await companion.services()).store.ask(stories)
    before = await companion.search("snow")
    assert len(before) == 3
    for number in range(30):
        began = THREE + timedelta(minutes=number * 20)
        title = f"Singer - Snow {number % 25}"
        companion.receive_player_state(changed(SONG, title=title, title_at=began, heard_at=began))
    found = await companion.search("snow")
    assert [one.headline.title for one in found if isinstance(one, SearchResult)] == [
        one.headline.title for one in before if isinstance(one, SearchResult)
    ]
    assert [type(one) for one in found] == [SearchResult] * 3 + [PlayedItem] * 20
    assert found[3].text == "Singer - Snow 4"  # type: ignore[union-attr]
    assert {type(one) for one in await companion.search("is:heard")} == {PlayedItem}


async def test_the_folder_of_the_settings_is_where_it_is_exported_to(
    companion: Companion, tmp_path: Path
) -> None:
    assert companion.recordings_path == tmp_path / "recordings"
    companion.settings = type(companion.settings)(recordings=str(tmp_path / "mine"))
    path = await companion.history.export((), "csv")
    assert path.parent == tmp_path / "mine"
