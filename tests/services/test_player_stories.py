"""Stories that are heard while live radio waits on its tape, against servers on loopback."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from radiotui.audio.engine import EngineInput
from radiotui.audio.silent import SilentEngine
from radiotui.player.intents import (
    Enqueue,
    MoveInQueue,
    Pause,
    PlayItem,
    PlayQueue,
    PlayStream,
    Resume,
    SetRate,
    SkipQueueItem,
    Stop,
)
from radiotui.player.queue import QueueItem
from radiotui.player.state import PlayerState, PlayState
from tests.servers import Connection, Server, serving
from tests.services.player_lab import SECOND, SOUND, Listener, live, station
from tests.sounds import encode

STORY = encode("mp3", 1.5, begin=30)
PAGE = b"<!DOCTYPE html><html><body>Please log in</body></html>"


def spoken(server: Server, path: str, seconds: float | None = None) -> QueueItem:
    return QueueItem(
        key=path, url=server.url(path), title=f"About {path}", from_="KNAU", seconds=seconds
    )


def sound(body: bytes, kind: str = "audio/mpeg") -> Callable[[Connection], None]:
    return lambda connection: connection.answer(body, kind)


@pytest.fixture
async def listener(tmp_path: Path):
    listener = Listener(tmp_path)
    yield listener
    await listener.close()


async def hear_live(listener: Listener, server: Server, seconds: float = 0.5) -> PlayerState:
    listener.player.do(PlayStream(*station(server.url("/live"))))
    return await listener.until(lambda p: (p.current.position or 0) >= seconds)


def is_live(player_state: PlayerState) -> bool:
    return player_state.story is None and player_state.state is PlayState.PLAYING


async def test_live_radio_waits_and_goes_on_where_it_was_left(listener: Listener):
    with serving(live=live, story=sound(STORY)) as server:
        await hear_live(listener, server)
        listener.player.do(PlayItem(spoken(server, "/story", 1.5)))
        left = listener.player.state.waiting
        assert left is not None
        assert left.position is not None
        story = await listener.until(
            lambda p: p.story is not None and (p.current.position or 0) > 0.5
        )
        assert (story.state, story.current.live) == (PlayState.PLAYING, False)
        assert story.waiting is not None
        assert (story.waiting.position, story.waiting.live) == (left.position, False)
        told = len(listener.told)
        back = await listener.until(is_live)
        assert (back.current.tuning_id, back.station, back.play_id) == (
            left.tuning_id,
            "knau",
            story.play_id + 1,
        )
        await listener.until(lambda p: (p.current.position or 0) > left.position + 0.5)
        places = [
            p.current.position
            for p in listener.told[told:]
            if is_live(p) and p.current.position is not None
        ]
        # Nothing is skipped, and nothing heard twice but what is left of a frame.
        assert left.position - 0.03 < min(places) <= left.position
        assert places[1:] == sorted(places[1:])
        assert sorted(server.paths()) == ["/live", "/story"]
        assert listener.problems == []


async def test_it_is_left_at_the_last_word_that_was_heard(listener: Listener):
    with serving(live=live, story=sound(STORY)) as server:
        looked = await hear_live(listener, server)
        await asyncio.sleep(0.4)
        assert listener.player.state == looked
        listener.player.do(PlayItem(spoken(server, "/story")))
        waiting = listener.player.state.waiting
        assert waiting is not None
        assert (waiting.position or 0) > (looked.current.position or 0) + 0.2


async def test_live_radio_is_taped_while_the_story_is_heard(listener: Listener):
    more = threading.Event()

    def slow(c: Connection) -> None:
        c.live()
        c.send(SOUND[: 4 * SECOND])
        more.wait(10)
        c.send(SOUND[4 * SECOND :])
        c.hang()

    with serving(live=slow, story=sound(encode("mp3", 6))) as server:
        before = await hear_live(listener, server)
        listener.player.do(PlayItem(spoken(server, "/story")))
        await listener.until(lambda p: p.story is not None and p.current.position is not None)
        more.set()
        story = await listener.until(lambda p: p.waiting is not None and p.waiting.tape_end > 11)
        assert story.waiting is not None
        assert story.waiting.behind > before.current.behind + 5
        assert story.waiting.heard_at is not None


async def test_its_length_is_known_once_all_of_it_is_there(listener: Listener):
    with serving(story=sound(STORY)) as server:
        listener.player.do(PlayItem(spoken(server, "/story")))
        story = await listener.until(lambda p: p.current.length is not None)
        assert story.current.length == pytest.approx(1.55, abs=0.1)
        # A feed may say what it likes: what is there is there.
        listener.player.do(PlayItem(spoken(server, "/story?again", 600.0)))
        assert listener.player.state.current.length == 600.0
        await listener.until(lambda p: p.current.length is not None and p.current.length < 2)


async def test_with_nothing_on_before_the_end_is_the_end(tmp_path: Path):
    listener = Listener(tmp_path, pace=False)
    with serving(story=sound(STORY)) as server:
        listener.player.do(PlayItem(spoken(server, "/story")))
        await listener.was_told(lambda p: p.state is PlayState.PLAYING)
        over = await listener.until(lambda p: p.state is PlayState.STOPPED)
        assert (over.story, over.current.problem, listener.problems) == (None, None, [])
        # A file has one end, whatever a station would do.
        assert server.paths() == ["/story"]
    await listener.close()


async def test_the_end_of_a_body_without_a_length_is_the_end_too(tmp_path: Path):
    def untold(c: Connection) -> None:
        c.live()
        c.send(STORY)

    listener = Listener(tmp_path, pace=False)
    with serving(story=untold) as server:
        listener.player.do(PlayItem(spoken(server, "/story")))
        await listener.was_told(lambda p: p.state is PlayState.PLAYING)
        await listener.until(lambda p: p.state is PlayState.STOPPED)
        assert server.paths() == ["/story"]
    await listener.close()


async def test_what_was_paused_stays_paused_after_the_story(listener: Listener):
    with serving(live=live, story=sound(STORY)) as server:
        await hear_live(listener, server)
        listener.player.do(Pause())
        paused = listener.player.state
        listener.player.do(PlayItem(spoken(server, "/story")))
        await listener.until(lambda p: p.story is not None and p.state is PlayState.PLAYING)
        back = await listener.until(lambda p: p.story is None)
        assert (back.state, back.current.position) == (PlayState.PAUSED, paused.current.position)
        listener.player.do(Resume())
        await listener.until(lambda p: (p.current.position or 0) > (paused.current.position or 0))


async def test_stopping_the_story_brings_live_radio_back(listener: Listener):
    with serving(live=live, story=sound(SOUND)) as server:
        await hear_live(listener, server)
        listener.player.do(PlayItem(spoken(server, "/story")))
        await listener.until(lambda p: p.story is not None and p.state is PlayState.PLAYING)
        listener.player.do(Stop())
        assert is_live(listener.player.state)
        listener.player.do(Stop())
        assert listener.player.state.state is PlayState.STOPPED


async def test_the_story_is_paused_and_goes_on_at_the_next_word(listener: Listener):
    with serving(story=sound(SOUND)) as server:
        listener.player.do(PlayItem(spoken(server, "/story")))
        await listener.until(lambda p: (p.current.position or 0) > 0.5)
        listener.player.do(Pause())
        paused = listener.player.state
        told = len(listener.told)
        listener.player.do(Resume())
        await listener.until(lambda p: (p.current.position or 0) > (paused.current.position or 0))
        places = [
            p.current.position for p in listener.told[told:] if p.current.position is not None
        ]
        assert paused.current.position is not None
        assert paused.current.position - 0.03 < min(places) <= paused.current.position


async def test_another_station_ends_the_story_and_lets_go_of_the_one_that_waits(
    listener: Listener,
):
    gone = threading.Event()

    def first(c: Connection) -> None:
        live(c)
        gone.set()

    with serving(live=first, other=live, story=sound(SOUND)) as server:
        await hear_live(listener, server)
        listener.player.do(PlayItem(spoken(server, "/story")))
        await listener.until(lambda p: p.story is not None and p.state is PlayState.PLAYING)
        listener.player.do(PlayStream(*station(server.url("/other"), "other")))
        player_state = await listener.until(is_live)
        assert (player_state.station, player_state.waiting) == ("other", None)
        assert await asyncio.to_thread(gone.wait, 5)


async def test_choosing_the_station_that_waits_goes_back_to_it(listener: Listener):
    with serving(live=live, story=sound(SOUND)) as server:
        await hear_live(listener, server)
        listener.player.do(PlayItem(spoken(server, "/story")))
        await listener.until(lambda p: p.story is not None and p.state is PlayState.PLAYING)
        listener.player.do(PlayStream(*station(server.url("/live"))))
        assert is_live(listener.player.state)
        assert server.paths().count("/live") == 1


@pytest.mark.parametrize(
    ("route", "words"),
    [
        (lambda c: c.answer(b"", status="404 Not Found"), "“About /story” is not there any more"),
        (sound(PAGE, "text/html"), "“About /story” is a web page and no sound"),
        (sound(PAGE, "audio/mpeg"), "“About /story” is a web page and no sound"),
        (sound(b"", "audio/mpeg"), "“About /story” is empty"),
        (sound(b'{"error": "gone"}', "application/json"), "is no sound (application/json)"),
        (sound(b"RIFF" + b"x" * 9000, "audio/wav"), "This is no sound"),
        (sound(bytes(9000), "audio/mp4"), "This is no sound"),
    ],
    ids=["404", "page", "page as mp3", "empty", "json", "no wav", "zeros"],
)
async def test_what_is_no_sound_is_told_and_live_radio_goes_on(
    listener: Listener, route: Callable[[Connection], None], words: str
):
    with serving(live=live, story=route) as server:
        left = await hear_live(listener, server)
        listener.player.do(PlayItem(spoken(server, "/story")))
        back = await listener.until(is_live)
        assert back.current.tuning_id == left.current.tuning_id
        assert [words in str(problem) for problem in listener.problems] == [True]
        assert server.paths().count("/story") == 1


async def test_nobody_there_is_told_where_nothing_else_goes_on(listener: Listener):
    server = Server()
    story = spoken(server, "/story")
    server.close()
    listener.player.do(PlayItem(story))
    over = await listener.until(lambda p: p.current.problem is not None)
    assert over.state is PlayState.STOPPED
    assert "nobody answers" in str(over.current.problem)


@pytest.mark.parametrize("takes_up", [True, False])
async def test_a_connection_that_breaks_is_taken_up_where_it_broke(tmp_path: Path, takes_up: bool):
    body = encode("mp3", 8)

    def breaking(c: Connection) -> None:
        begin = int(c.headers.get("range", "bytes=0-")[6:-1]) if takes_up else 0
        head = f"ETag: one\r\nContent-Type: audio/mpeg\r\nContent-Length: {len(body) - begin}\r\n"
        status = "206 Partial Content" if begin else "200 OK"
        if begin:
            head += f"Content-Range: bytes {begin}-{len(body) - 1}/{len(body)}\r\n"
        c.send(f"HTTP/1.1 {status}\r\n{head}\r\n".encode())
        asked = c.server.paths().count("/story")
        c.send(body[begin : 40_000 * asked])

    listener = Listener(tmp_path, pace=False)
    with serving(story=breaking) as server:
        listener.player.do(PlayItem(spoken(server, "/story")))
        await listener.was_told(lambda p: p.current.off_air and p.current.problem is not None)
        whole = await listener.was_told(lambda p: p.current.length is not None)
        assert whole.current.length == pytest.approx(8.0, abs=0.1)
        assert whole.current.problem is None
        await listener.until(lambda p: p.state is PlayState.STOPPED)
        assert listener.problems == []
        ranges = [c.headers.get("range") for c in server.asked]
        assert ranges[0] is None
        assert all(range_ is not None for range_ in ranges[1:])
    await listener.close()


async def test_what_cannot_be_taken_up_is_heard_as_far_as_it_came(tmp_path: Path):
    def changing(c: Connection) -> None:
        tag = f"ETag: {len(c.server.asked)}\r\nContent-Length: 999999\r\n"
        c.send(f"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\n{tag}\r\n".encode())
        c.send(STORY)

    listener = Listener(tmp_path, pace=False)
    with serving(live=live, story=changing) as server:
        await hear_live(listener, server)
        listener.player.do(PlayItem(spoken(server, "/story")))
        await listener.was_told(lambda p: p.story is not None and p.state is PlayState.PLAYING)
        await listener.until(is_live)
        assert [problem.title for problem in listener.problems] == [
            "“About /story” was changed while it was heard"
        ]
    await listener.close()


@pytest.mark.parametrize(
    ("codec", "kind", "name"),
    [("m4a", "application/octet-stream", "AAC"), ("wav", "application/octet-stream", "PCM")],
)
async def test_a_file_that_no_tape_can_hold_is_heard_and_removed(
    tmp_path: Path, codec: str, kind: str, name: str
):
    listener = Listener(tmp_path)
    with serving(live=live, story=sound(encode(codec, 3), kind)) as server:
        left = await hear_live(listener, server)
        listener.player.do(PlayItem(spoken(server, "/story")))
        story = await listener.until(
            lambda p: p.story is not None and (p.current.position or 0) > 0.4
        )
        assert (story.current.codec, story.current.length) == (name, pytest.approx(3.0, abs=0.1))
        assert [folder.name for folder in tmp_path.glob("tapes/*-story-*")]
        listener.player.do(Pause())
        paused = listener.player.state.current.position
        assert paused is not None
        told = len(listener.told)
        listener.player.do(Resume())
        await listener.until(lambda p: (p.current.position or 0) > paused + 0.3)
        places = [
            p.current.position for p in listener.told[told:] if p.current.position is not None
        ]
        assert paused - 0.03 < min(places) <= paused
        back = await listener.until(lambda p: p.story is None)
        assert back.current.tuning_id == left.current.tuning_id
        async with asyncio.timeout(30):
            while list(tmp_path.glob("tapes/*-story-*")):
                await asyncio.sleep(0.01)
        assert listener.problems == []
    await listener.close()


async def test_the_tape_of_a_story_goes_with_it(tmp_path: Path):
    listener = Listener(tmp_path, pace=False)
    with serving(story=sound(encode("mp3", 30) * 4)) as server:
        listener.player.do(PlayItem(spoken(server, "/story")))
        async with asyncio.timeout(10):
            while not list(tmp_path.glob("tapes/*")):
                await asyncio.sleep(0.01)
            listener.player.do(Stop())
            while list(tmp_path.glob("tapes/*")):
                await asyncio.sleep(0.01)
    await listener.close()


async def test_the_newscast_is_heard_in_order_then_live_radio_again(tmp_path: Path):
    listener = Listener(tmp_path, pace=False)
    with serving(live=live, a=sound(STORY), b=sound(STORY), c=sound(STORY)) as server:
        left = await hear_live(listener, server)
        for path in ("/b", "/a", "/c", "/a"):
            listener.player.do(Enqueue((spoken(server, path),)))
        listener.player.do(MoveInQueue("/a", -1))
        assert [one.key for one in listener.player.state.queue] == ["/a", "/b", "/c"]
        assert is_live(listener.player.state)
        listener.player.do(PlayQueue())
        back = await listener.until(is_live)
        assert back.current.tuning_id == left.current.tuning_id
        assert (back.queue, back.newscast) == ((), False)
        heard = [p.story.key for p in listener.told if p.story and p.state is PlayState.PLAYING]
        assert list(dict.fromkeys(heard)) == ["/a", "/b", "/c"]
        assert [path for path in server.paths() if path != "/live"] == ["/a", "/b", "/c"]
    await listener.close()


async def test_a_story_that_cannot_be_heard_is_passed_over_and_kept(tmp_path: Path):
    listener = Listener(tmp_path, pace=False)
    with serving(live=live, b=sound(STORY)) as server:
        await hear_live(listener, server)
        listener.player.do(Enqueue((spoken(server, "/gone"), spoken(server, "/b"))))
        listener.player.do(PlayQueue())
        back = await listener.until(lambda p: p.story is None)
        assert [one.key for one in back.queue] == ["/gone"]
        assert "not there any more" in listener.problems[0].title
        assert server.paths() == ["/live", "/gone", "/b"]
    await listener.close()


async def test_quick_changes_end_at_the_last_one(listener: Listener):
    with serving(live=live, a=sound(SOUND), b=sound(SOUND), c=sound(SOUND)) as server:
        await hear_live(listener, server)
        player = listener.player
        player.do(Enqueue((spoken(server, "/b"),)))
        player.do(PlayItem(spoken(server, "/a")))
        player.do(SkipQueueItem())
        player.do(Pause())
        player.do(Resume())
        player.do(Stop())
        player.do(PlayQueue())
        player.do(PlayItem(spoken(server, "/c")))
        last = await listener.until(
            lambda p: p.state is PlayState.PLAYING and bool(p.current.position)
        )
        assert last.story is not None
        assert last.story.key == "/c"
        assert [one.key for one in last.queue] == ["/b"]
        player.do(Stop())
        assert is_live(player.state)
        assert server.paths().count("/live") == 1


async def test_paused_before_the_first_word_it_begins_when_one_goes_on(listener: Listener):
    begin = threading.Event()

    def slow(c: Connection) -> None:
        begin.wait(10)
        c.answer(SOUND, "audio/mpeg")

    with serving(live=live, story=slow) as server:
        await hear_live(listener, server)
        listener.player.do(PlayItem(spoken(server, "/story")))
        listener.player.do(Pause())
        begin.set()
        await listener.until(lambda p: p.current.codec == "MP3" and p.current.length is not None)
        assert listener.player.state.state is PlayState.PAUSED
        listener.player.do(Resume())
        await listener.until(lambda p: (p.current.position or 0) > 0.2)


async def test_a_station_that_is_lost_meanwhile_says_so_and_comes_back(listener: Listener):
    server = Server()
    server.routes["/live"] = live
    with serving(story=sound(SOUND)) as stories:
        left = await hear_live(listener, server)
        listener.player.do(PlayItem(spoken(stories, "/story")))
        await listener.until(lambda p: p.story is not None and p.state is PlayState.PLAYING)
        server.close()
        lost = await listener.until(lambda p: p.waiting is not None and p.waiting.off_air)
        assert lost.current.problem is None
        server = Server(server.port)
        server.routes["/live"] = live
        await listener.until(lambda p: p.waiting is not None and not p.waiting.off_air)
        listener.player.do(Stop())
        back = listener.player.state
        assert (back.current.tuning_id, back.current.tape_start) == (
            left.current.tuning_id,
            left.current.tape_start,
        )
    server.close()


async def test_what_a_crash_left_of_a_story_is_removed_at_the_next_start(tmp_path: Path):
    left = tmp_path / "tapes" / "999999999-story-3" / "sound"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half a story")
    listener = Listener(tmp_path)
    async with asyncio.timeout(30):
        while left.parent.exists():
            await asyncio.sleep(0.01)
    await listener.close()


async def test_the_engine_is_given_the_rate_of_stories(tmp_path: Path):
    rates: list[float] = []

    class Ears(SilentEngine):
        def play(
            self, source: EngineInput, *, play_id: int, gain_db: float = 0.0, rate: float = 1.0
        ) -> None:
            rates.append(rate)
            super().play(source, play_id=play_id, gain_db=gain_db, rate=rate)

    listener = Listener(tmp_path, ears=Ears)
    with serving(live=live, story=sound(STORY)) as server:
        listener.player.do(SetRate(1.5))
        await hear_live(listener, server)
        listener.player.do(PlayItem(spoken(server, "/story", 1.5)))
        await listener.until(lambda p: p.story is not None and (p.current.position or 0) > 0.2)
        # It is the same play that goes on faster.
        listener.player.do(SetRate(2.0))
        await listener.until(is_live)
        assert rates == [1.0, 1.5, 1.0]
        assert listener.problems == []
    await listener.close()
