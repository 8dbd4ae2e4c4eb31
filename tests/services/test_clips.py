"""Clips: a beginning and an end that are marked while one listens, kept with words and sound."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from radiotui.app.clip import Clip
from radiotui.app.intents import NoteClip, PlayClip, RemoveClip, ToggleClip
from radiotui.app.updates import ClipBegin, Notice
from radiotui.player.intents import GoToPlace, Pause, PlayStream, Stop
from radiotui.player.state import PlayState
from radiotui.problems import Problem
from radiotui.store import feeds
from tests import kept
from tests.servers import Connection, Server, serving
from tests.services.player_lab import station
from tests.services.test_episode_progress import Sofa
from tests.sounds import encode

VTT = (
    "WEBVTT\n\n00:05.000 --> 00:08.000\n<v Ann>Before it\n\n"
    "00:19.000 --> 00:24.000\n<v Ann>The bells of the tower\n\n"
    "00:24.000 --> 00:29.000\n<v Bo>are rung at noon.\n\n00:40.000 --> 00:44.000\nAfter it\n"
)


class Marker(Sofa):
    """A listener who marks clips, and everything that is told about it."""

    def __init__(self, folder: Path, server: Server, extra: str = "") -> None:
        super().__init__(folder, server, extra)
        self.words: list[str] = []
        self.problems: list[str] = []
        self.begins: list[ClipBegin] = []

    def _receive(self, update: object) -> None:
        super()._receive(update)
        if isinstance(update, Notice):
            (self.words if update.calm else self.problems).append(update.problem.title)
        if isinstance(update, ClipBegin):
            self.begins.append(update)

    async def mark(self, begin: float, end: float) -> Clip:
        """Mark from one place of what is heard to another; the clip, once its sound is there."""
        for at in (begin, end):
            self.companion.do(GoToPlace(at))
            self.companion.do(ToggleClip())
            said = "The clip begins here" if at == begin else "Clip kept"
            await self.until_said(said)
        return await self.clip(lambda clip: bool(clip.path))

    async def until_said(self, words: str) -> None:
        async with asyncio.timeout(30):
            while not any(word.startswith(words) for word in (*self.words, *self.problems)):
                await asyncio.sleep(0.01)

    async def clip(self, wanted=lambda _clip: True) -> Clip:
        async with asyncio.timeout(30):
            while True:
                fitting = [clip for clip in await self.companion.clips.clips() if wanted(clip)]
                if fitting:
                    return fitting[0]
                await asyncio.sleep(0.01)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
async def sofa(tmp_path: Path, server: Server) -> AsyncIterator[Marker]:
    url = server.url("/words.vtt")
    sofa = Marker(tmp_path, server, f'<podcast:transcript url="{url}" type="text/vtt"/>')
    server.routes["/words.vtt"] = lambda c: c.answer(VTT.encode(), "text/vtt")
    yield sofa
    await sofa.companion.close()


async def test_a_place_of_an_episode_is_kept_with_its_words_and_its_sound(sofa: Marker) -> None:
    await sofa.sit_down()
    await sofa.hears()
    sofa.companion.do(Pause())
    clip = await sofa.mark(20.0, 30.0)
    assert (clip.title, clip.source, clip.place) == ("The Bells", "Towers", "0:20-0:30")
    assert clip.lines == ("[0:19] Ann: The bells of the tower", "[0:24] Bo: are rung at noon.")
    path = Path(clip.path)
    assert path.parent == sofa.companion.recordings_path.absolute() / "Clips"
    sound = kept.pcm(path)
    assert kept.seconds_of(sound) == pytest.approx(10.0, abs=0.2)
    assert kept.clock_at(sound, 2.0) == pytest.approx(22.0, abs=0.3)
    assert clip.words == (
        "[0:19] Ann: The bells of the tower\n[0:24] Bo: are rung at noon.\n\n"
        "— “The Bells”, Towers, 0:20-0:30"
    )
    assert sofa.problems == []
    heard = sofa.companion.player_state.current
    begin, end = sofa.begins
    assert (begin.sound, end) == (heard.sound_key, ClipBegin())
    assert begin.at == pytest.approx(20.0, abs=0.1)


async def test_it_outlives_the_program_its_feed_and_its_episode(sofa: Marker) -> None:
    await sofa.sit_down()
    await sofa.hears()
    sofa.companion.do(Pause())
    clip = await sofa.mark(20.0, 30.0)
    sofa.companion.do(NoteClip(clip.number, "  Play this to Ann\n"))
    await sofa.clip(lambda clip: clip.note == "Play this to Ann")
    await sofa.companion.podcasts.remove("Towers")
    store = (await sofa.companion.services()).store
    await store.ask(lambda c: feeds.forget_feed(c, clip.feed))
    await store.ask(lambda c: c.execute("DELETE FROM entry"))
    await sofa.companion.close()

    await sofa.open()
    again = await sofa.clip()
    assert (again.note, again.lines) == ("Play this to Ann", clip.lines)
    sofa.told.clear()
    sofa.companion.do(PlayClip(clip.number))
    state = await sofa.until(lambda p: p.story is not None and p.state is PlayState.PLAYING)
    assert state.story is not None
    assert state.story.path == clip.path, "its own file is heard"


async def test_one_of_an_episode_that_is_not_kept_any_more_is_made(sofa: Marker) -> None:
    await sofa.sit_down()
    await sofa.hears()
    sofa.companion.do(Pause())
    store = (await sofa.companion.services()).store
    await store.ask(lambda c: c.execute("DELETE FROM entry").close())
    clip = await sofa.mark(20.0, 30.0)
    assert (clip.title, clip.lines, clip.link) == ("The Bells", (), "")
    assert kept.seconds_of(kept.pcm(Path(clip.path))) == pytest.approx(10.0, abs=0.2)
    assert sofa.problems == []


async def test_it_is_played_from_its_place_while_its_episode_is_there(sofa: Marker) -> None:
    await sofa.sit_down()
    await sofa.hears()
    sofa.companion.do(Pause())
    clip = await sofa.mark(30.0, 20.0)
    assert clip.place == "0:20-0:30", "the end may be marked first"
    sofa.companion.do(Stop())
    sofa.told.clear()
    sofa.companion.do(PlayClip(clip.number))
    assert 20.0 <= await sofa.hears() <= 24.0


async def test_it_is_removed_with_its_file_and_brought_back(sofa: Marker) -> None:
    await sofa.sit_down()
    await sofa.hears()
    sofa.companion.do(Pause())
    clip = await sofa.mark(20.0, 30.0)
    clips = sofa.companion.clips
    sofa.companion.do(RemoveClip(clip.number))
    async with asyncio.timeout(30):
        while await clips.clips():
            await asyncio.sleep(0.01)
    assert not Path(clip.path).exists()
    assert await clips.undo() == clip
    assert await clips.clips() == [clip]
    assert Path(clip.path).is_file()
    assert await clips.undo() is None
    with pytest.raises(Problem, match="there is no clip 99"):
        await clips.remove(99)


async def test_it_is_exported_as_sound_and_text(sofa: Marker, tmp_path: Path) -> None:
    await sofa.sit_down()
    await sofa.hears()
    sofa.companion.do(Pause())
    clip = await sofa.mark(20.0, 30.0)
    for number in ("", " (2)"):
        paths = await sofa.companion.clips.export(clip.number, tmp_path / "out")
        names = [f"The Bells 0.20-0.30{number}.mp3", f"The Bells 0.20-0.30{number}.txt"]
        assert [path.name for path in paths] == names
        assert paths[0].read_bytes() == Path(clip.path).read_bytes()
        assert paths[1].read_text() == f"{clip.words}\n"


async def test_a_place_of_the_radio_s_tape_is_kept_too(sofa: Marker, server: Server) -> None:
    def live(connection: Connection) -> None:
        connection.live(icy_br="128")
        connection.send(encode("mp3", 40))
        connection.hang()

    server.routes["/live"] = live
    await sofa.open()
    (await sofa.companion.services()).player.do(PlayStream(*station(server.url("/live"))))
    await sofa.until(lambda p: p.current.is_playing and p.current.tape_end > 35)
    sofa.companion.do(Pause())
    clip = await sofa.mark(12.0, 22.0)
    assert (clip.source, clip.title) == ("KNAU", "Live")
    assert clip.began_at is not None
    sound = kept.pcm(Path(clip.path))
    assert kept.seconds_of(sound) == pytest.approx(10.0, abs=0.2)
    assert kept.clock_at(sound, 2.0) == pytest.approx(14.0, abs=0.3)


async def test_without_sound_and_with_none_between_it_says_so(sofa: Marker) -> None:
    await sofa.open()
    sofa.companion.do(ToggleClip())
    await sofa.until_said("Nothing is heard of which a clip could be made")
    await sofa.companion.close()
    await sofa.sit_down()
    await sofa.hears()
    sofa.companion.do(Pause())
    sofa.companion.do(ToggleClip())
    await sofa.until_said("The clip begins here")
    sofa.companion.do(ToggleClip())
    await sofa.until_said("That clip would be too short")
    assert await sofa.companion.clips.clips() == []


async def test_they_are_found_by_their_words(sofa: Marker) -> None:
    await sofa.sit_down()
    await sofa.hears()
    sofa.companion.do(Pause())
    clip = await sofa.mark(20.0, 30.0)
    clips = sofa.companion.clips
    assert await clips.clips("noon BELLS") == [clip]
    assert await clips.clips("noon bells elsewhere") == []
    store = (await sofa.companion.services()).store
    await store.ask(lambda c: c.execute("INSERT INTO clip VALUES (7, 1, '{')"))
    assert await clips.clips() == [clip], "one that is damaged costs itself alone"
