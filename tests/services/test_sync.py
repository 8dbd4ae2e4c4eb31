"""Two radiotuis that synchronise with one server: subscriptions, places, and what goes wrong."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from radiotui.app.synchronisation import Synchronisation, SynchronisationDeps
from radiotui.config import Settings
from radiotui.problems import Problem, ProblemKind
from radiotui.store import progress, stories
from radiotui.store import sync as table
from radiotui.sync.exchange import SyncReport
from radiotui.sync.model import SyncKind
from tests.feeds import rss
from tests.servers import Connection, Server, serving
from tests.services.podcast_lab import NOW, PodcastLab
from tests.services.sync_server import PASSWORD, USER, Shape, SyncLab

HOUR = timedelta(hours=1)


def show(*numbers: int) -> bytes:
    return rss(
        "".join(
            f"<item><title>Part {number}</title><guid>part-{number}</guid>"
            f"<pubDate>Fri, 06 Mar 2026 1{number}:00:00 GMT</pubDate>"
            f"<enclosure url='https://pods.example/{number}.mp3' type='audio/mpeg' length='1'/>"
            "</item>"
            for number in numbers
        )
    ).encode()


class Device(PodcastLab):
    """A radiotui with a folder of its own."""

    def __init__(
        self, folder: Path, server: Server, sync: SyncLab, kind: SyncKind = "gpodder"
    ) -> None:
        folder.mkdir()
        super().__init__(folder, server)
        self.problems: list[Problem] = []
        self.settings = Settings(
            sync=kind, sync_server=sync.url, sync_user=USER, sync_device=folder.name
        )
        self.environ["RADIOTUI_PASSWORD_127_0_0_1"] = PASSWORD

        async def ask_podcasts(_urls: object) -> None:
            await self.podcasts.refresh()

        deps = self.podcasts.deps
        self.sync = Synchronisation(
            SynchronisationDeps(
                deps.opened,
                deps.clock,
                self.problems.append,
                deps.spawn,
                lambda: self.settings,
                self.feeds,
                self.path,
                lambda _: None,
                ask_podcasts,
                self.time.sleep,
            )
        )

    @property
    def own(self) -> list[str]:
        return [feed.url for feed in self.feeds().file.podcasts]

    async def run(self) -> SyncReport:
        """Exchange; an hour later, which both clocks show."""
        return await self.sync.run()

    async def hear(self, title: str, heard: float, *, length: float = 600.0) -> None:
        """Hear an episode up to a place; up to its length: whole."""
        entry, is_played = await self.entry(title), heard >= length
        place = 0.0 if is_played else heard
        at = self.time.clock()
        await self.store.ask(
            lambda c: progress.note_heard(c, entry, place, length, at, is_played=is_played)
        )

    async def place(self, title: str) -> progress.Progress | None:
        entry = await self.entry(title)
        return (await self.store.look(lambda c: progress.progress(c, [entry]))).get(entry)

    async def entry(self, title: str) -> int:
        listed = await self.store.look(lambda c: stories.newest(c, self.own, 100))
        return next(story.id for story in listed if story.title == title)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        publish(server, "/a.rss", 1, 2)
        publish(server, "/b.rss", 3)
        yield server


def publish(server: Server, path: str, *numbers: int) -> None:
    def answer(connection: Connection) -> None:
        connection.answer(show(*numbers), "application/rss+xml")

    server.routes[path] = answer


class Both:
    """Two devices, the server, and one clock for all."""

    def __init__(self, folder: Path, server: Server, *, by_arrival: bool, kind: SyncKind) -> None:
        self.server = server
        self.now = NOW
        self.sync = SyncLab(lambda: self.now, by_arrival=by_arrival)
        self.ann = Device(folder / "desk", server, self.sync, kind)
        self.ben = Device(folder / "lap", server, self.sync, kind)

    def later(self, by: timedelta = HOUR) -> None:
        self.now += by
        self.ann.time.now = self.ben.time.now = self.now

    async def close(self) -> None:
        await self.ann.close()
        await self.ben.close()
        await asyncio.to_thread(self.sync.close)


HABITS = [(False, "gpodder"), (True, "gpodder"), (False, "nextcloud")]


@pytest.fixture(params=HABITS, ids=["own-time", "by-arrival", "nextcloud"])
async def both(
    request: pytest.FixtureRequest, tmp_path: Path, server: Server
) -> AsyncIterator[Both]:
    by_arrival, kind = request.param
    both = Both(tmp_path, server, by_arrival=by_arrival, kind=kind)
    yield both
    await both.close()


async def test_a_podcast_that_one_adds_is_there_on_the_other(both: Both) -> None:
    await both.ann.podcasts.add(both.server.url("/a.rss"))
    assert (await both.ann.run()).told_added == 1
    both.later()
    report = await both.ben.run()
    assert report.added == (both.server.url("/a.rss"),) == tuple(both.ben.own)
    _, episodes = await both.ben.podcasts.episodes(both.server.url("/a.rss"))
    assert [episode.headline.title for episode in episodes] == ["Part 2", "Part 1"]


async def test_a_station_s_podcast_stays_with_the_station(both: Both) -> None:
    await both.ann.run()
    assert both.sync.subscriptions == set()


async def test_given_up_on_one_it_goes_on_the_other_and_its_places_stay(both: Both) -> None:
    await both.ann.podcasts.add(both.server.url("/a.rss"))
    await both.ann.run()
    both.later()
    await both.ben.run()
    await both.ben.hear("Part 1", 120.0)
    both.later()
    await both.ann.podcasts.remove(both.server.url("/a.rss"))
    assert (await both.ann.run()).told_removed == 1
    both.later()
    assert (await both.ben.run()).removed == (both.server.url("/a.rss"),)
    assert both.ben.own == []
    # Its own news of giving it up comes back, and it has been added again meanwhile.
    await both.ann.podcasts.add(both.server.url("/a.rss"))
    await both.ann.run()
    both.later()
    await both.ben.run()
    assert both.ann.own == both.ben.own == [both.server.url("/a.rss")]
    place = await both.ben.place("Part 1")
    assert place is not None
    assert place.heard == 120.0


async def test_the_newest_place_wins_wherever_it_was_heard(both: Both) -> None:
    await both.ann.podcasts.add(both.server.url("/a.rss"))
    await both.ann.hear("Part 1", 100.0)
    await both.ann.hear("Part 2", 600.0)
    assert (await both.ann.run()).sent == 2
    both.later()
    assert len((await both.ben.run()).received) == 2
    first, second = await both.ben.place("Part 1"), await both.ben.place("Part 2")
    assert first is not None
    assert (first.heard, first.is_played) == (100.0, False)
    assert second is not None
    assert (second.heard, second.is_played) == (0.0, True)
    # Ben hears on, and later Ann goes on from where she was: hers is newer, though sent first.
    both.later()
    await both.ben.hear("Part 1", 200.0)
    both.later()
    await both.ann.hear("Part 1", 150.0)
    await both.ann.run()
    both.later()
    await both.ben.run()
    await both.ann.run()
    for device in (both.ann, both.ben):
        place = await device.place("Part 1")
        assert place is not None
        assert place.heard == 150.0


async def test_a_place_that_was_told_is_not_told_again(both: Both) -> None:
    await both.ann.podcasts.add(both.server.url("/a.rss"))
    await both.ann.hear("Part 1", 100.0)
    await both.ann.run()
    for device in (both.ann, both.ben, both.ben):
        both.later()
        assert (await device.run()).sent == 0
    assert len(both.sync.actions) == 1


async def test_a_device_that_was_away_for_days_is_heard_of(both: Both) -> None:
    await both.ann.podcasts.add(both.server.url("/a.rss"))
    await both.ann.run()
    await both.ben.run()
    await both.ben.hear("Part 1", 90.0)
    for _ in range(5):
        both.later(timedelta(days=1))
        await both.ann.run()
    # It comes back after five days, with what it heard before.
    await both.ben.run()
    await both.ann.run()
    place = await both.ann.place("Part 1")
    assert place is not None
    assert place.heard == 90.0


async def test_a_place_waits_until_its_episode_is_there(both: Both) -> None:
    await both.ann.podcasts.add(both.server.url("/a.rss"))
    await both.ben.podcasts.add(both.server.url("/a.rss"))
    publish(both.server, "/a.rss", 1, 2, 4)
    await both.ann.podcasts.refresh()
    await both.ann.hear("Part 4", 33.0)
    await both.ann.run()
    both.later()
    report = await both.ben.run()
    assert (report.received, report.waiting) == ((), 1)
    both.later(timedelta(days=30))
    await both.ben.podcasts.refresh()
    report = await both.ben.run()
    assert (len(report.received), report.waiting) == (1, 0)
    place = await both.ben.place("Part 4")
    assert place is not None
    assert place.heard == 33.0


async def test_one_bad_action_holds_up_no_other(both: Both) -> None:
    await both.ann.podcasts.add(both.server.url("/a.rss"))
    await both.ann.podcasts.add(both.server.url("/b.rss"))
    for title in ("Part 1", "Part 2", "Part 3"):
        await both.ann.hear(title, 50.0)
    both.sync.refused = lambda action: action["episode"].endswith("2.mp3")
    report = await both.ann.run()
    assert (report.sent, report.refused) == (2, 1)
    told = {action["episode"] for _, action in both.sync.actions}
    assert told == {"https://pods.example/1.mp3", "https://pods.example/3.mp3"}
    both.later()
    assert (await both.ann.run()).refused == 0
    # Heard on, it is tried again.
    both.sync.refused = lambda _: False
    await both.ann.hear("Part 2", 80.0)
    assert (await both.ann.run()).sent == 1


async def test_a_server_that_breaks_loses_nothing(both: Both) -> None:
    await both.ann.podcasts.add(both.server.url("/a.rss"))
    await both.ann.hear("Part 1", 50.0)
    for failing in range(1, 7):
        questions = iter(range(1, 100))

        def answer(
            _method: str, _path: str, failing: int = failing, questions: Iterator[int] = questions
        ) -> tuple[int, bytes] | None:
            return (503, b"busy") if next(questions) == failing else None

        both.sync.answer = answer
        try:
            await both.ann.run()
        except Problem as problem:
            assert problem.status == 503  # noqa: PT017
        both.later(timedelta(minutes=1))
    both.sync.answer = lambda method, path: None
    await both.ann.run()
    await both.ben.run()
    assert both.ben.own == both.ann.own == [both.server.url("/a.rss")]
    place = await both.ben.place("Part 1")
    assert place is not None
    assert place.heard == 50.0


async def test_what_others_send_is_believed_as_far_as_it_goes(both: Both) -> None:
    url = both.server.url("/a.rss")
    await both.ben.podcasts.add(url)
    await both.ben.run()
    both.later()
    moment = both.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    seconds = int(both.now.timestamp())

    def action(**changes: object) -> Shape:
        told: Shape = {"podcast": url, "episode": "https://pods.example/1.mp3", "action": "PLAY"}
        return {**told, "timestamp": moment, "position": 70, "total": 600, **changes}

    wild: list[object] = [
        *(None, 7, "x", [], {}, {"action": "play"}),
        action(action="download"),
        action(podcast="file:///etc/passwd"),
        action(episode="javascript:1"),
        action(timestamp="yesterday"),
        action(timestamp=2**70),
        action(timestamp="2999-01-01T00:00:00"),
        action(position=0),
        action(position=-1),
        action(position=True),
        action(position="100"),
        action(position=10**30),
        action(guid="\x1b]0;x\x07", episode="https://pods.example/\x1b9.mp3"),
        # A guid that is none, as AntennaPod sends it; the enclosure names the episode.
        action(guid="null", episode="https://pods.example/2.mp3", timestamp=seconds),
        action(guid="part-1", position=65.5),
    ]  # fmt: skip
    answer = json.dumps({"actions": wild, "timestamp": "soon"}).encode()
    both.sync.answer = lambda method, path: (
        (200, answer) if method == "GET" and "episode" in path else None
    )
    report = await both.ben.run()
    assert len(report.received) == 2
    places = [await both.ben.place(title) for title in ("Part 1", "Part 2")]
    assert [place and place.heard for place in places] == [65.5, 70.0]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((200, b"<!DOCTYPE html><title>Log in</title>"), "answers what cannot be read"),
        ((200, b"[" * 100_000), "answers what cannot be read"),
        ((404, b"<html>"), "is not there any more"),
        ((500, b""), "has a fault of its own"),
    ],
    ids=["a login page", "brackets", "not there", "broken"],
)
async def test_a_server_that_is_none_is_said_in_a_line(
    both: Both, answer: tuple[int, bytes], words: str
) -> None:
    both.sync.answer = lambda method, path: answer if method == "GET" else None
    with pytest.raises(Problem, match=words):
        await both.ann.run()


async def test_a_wrong_password_is_said_and_is_in_no_words(both: Both) -> None:
    both.ann.environ["RADIOTUI_PASSWORD_127_0_0_1"] = "wr0ng-secret"
    with pytest.raises(Problem, match="does not take the login of ann") as caught:
        await both.ann.run()
    assert caught.value.kind is ProblemKind.AUTH
    assert "wr0ng" not in f"{caught.value!r} {caught.value.hint} {caught.value.detail}"


async def test_off_it_asks_nobody(both: Both) -> None:
    both.ann.settings = Settings()
    with pytest.raises(Problem, match="not synchronised with a server"):
        await both.ann.run()
    assert both.sync.asked == []


async def test_a_private_podcast_is_told_without_its_password(both: Both) -> None:
    address = both.server.url("/a.rss").replace("//", "//ann:pa55@")
    with both.ann.path.open("a") as file:
        file.write(f'[[podcast]]\nurl = "{address}"\n')
    await both.ann.run()
    assert both.sync.subscriptions == {both.server.url("/a.rss")}


async def test_it_runs_by_itself_and_soon_after_a_place_was_kept(both: Both) -> None:
    time = both.ann.time
    await both.ann.podcasts.add(both.server.url("/a.rss"))
    keeping = asyncio.create_task(both.ann.sync.keep())
    await time.asleep()
    assert both.sync.asked == []
    await time.pass_by(15)
    assert both.sync.subscriptions == {both.server.url("/a.rss")}
    await both.ann.hear("Part 1", 44.0)
    both.ann.sync.wish()
    async with asyncio.timeout(30):
        while not both.sync.actions:
            await asyncio.sleep(0.01)
            await time.pass_by(5)
    # The next one by itself would be half an hour after the first.
    assert time.now < NOW + timedelta(minutes=10)
    keeping.cancel()


async def test_a_wish_that_comes_during_an_exchange_is_for_another(both: Both) -> None:
    time, loop, asked = both.ann.time, asyncio.get_running_loop(), []

    def answer(method: str, path: str) -> None:
        asked.append((method, path))
        if len(asked) == 1:
            loop.call_soon_threadsafe(both.ann.sync.wish)

    both.sync.answer = answer
    keeping = asyncio.create_task(both.ann.sync.keep())
    await time.asleep()
    await time.pass_by(15)
    first = len(asked)
    async with asyncio.timeout(30):
        while len(asked) == first and time.now < NOW + timedelta(minutes=20):
            await asyncio.sleep(0.01)
            await time.pass_by(30)
    # The next one by itself would be half an hour after the first.
    assert len(asked) > first
    keeping.cancel()


async def test_the_address_that_a_feed_has_moved_to_is_the_same_podcast(both: Both) -> None:
    old, new = both.server.url("/old.rss"), both.server.url("/a.rss")

    def moved(connection: Connection) -> None:
        connection.answer(b"", status="301 Moved Permanently", Location=new)

    publish(both.server, "/old.rss", 1, 2)
    await both.ann.podcasts.add(old)
    both.server.routes["/old.rss"] = moved
    publish(both.server, "/a.rss", 1, 2, 4)
    await both.ann.podcasts.refresh()
    await both.ben.podcasts.add(new)
    await both.ben.hear("Part 1", 70.0)
    await both.ben.run()
    both.later()
    report = await both.ann.run()
    assert report.added == ()
    assert both.ann.own == [old]
    place = await both.ann.place("Part 1")
    assert place is not None
    assert place.heard == 70.0


async def test_a_podcast_that_was_moved_by_hand_is_known_by_its_old_address(both: Both) -> None:
    old, new = both.server.url("/old.rss"), both.server.url("/a.rss")
    publish(both.server, "/old.rss", 1, 2)
    for device in (both.ann, both.ben):
        await device.podcasts.add(old)
    await both.ann.podcasts.move(old, new)
    await both.ben.hear("Part 1", 70.0)
    await both.ben.run()
    both.later()
    report = await both.ann.run()
    assert (report.added, both.ann.own) == ((), [new])
    place = await both.ann.place("Part 1")
    assert place is not None
    assert place.heard == 70.0
    # The server has it at the address that the other device told, and so it is given up.
    await both.ann.podcasts.remove(new)
    both.later()
    await both.ann.run()
    both.later()
    report = await both.ben.run()
    assert (report.removed, both.ben.own) == ((old,), [])


async def test_a_move_by_hand_on_one_takes_nothing_from_the_other(both: Both) -> None:
    old, new = both.server.url("/old.rss"), both.server.url("/a.rss")

    def moved(connection: Connection) -> None:
        connection.answer(b"", status="301 Moved Permanently", Location=new)

    publish(both.server, "/old.rss", 1, 2)
    await both.ann.podcasts.add(old)
    await both.ann.run()
    both.later()
    await both.ben.run()
    assert both.ben.own == [old]
    both.server.routes["/old.rss"] = moved
    publish(both.server, "/a.rss", 1, 2, 4)
    await both.ben.podcasts.refresh()
    await both.ben.hear("Part 1", 70.0)
    await both.ann.podcasts.move(old, new)
    both.later()
    await both.ann.run()
    both.later()
    report = await both.ben.run()
    assert (report.added, report.removed, both.ben.own) == ((), (), [old])
    both.later()
    assert (await both.ann.run()).removed == ()
    assert both.ann.own == [new]
    place = await both.ann.place("Part 1")
    assert place is not None
    assert place.heard == 70.0


async def test_many_places_go_in_small_batches(both: Both) -> None:
    publish(both.server, "/a.rss", *range(1, 10))
    await both.ann.podcasts.add(both.server.url("/a.rss"))
    entries = await both.ann.store.look(lambda c: stories.newest(c, both.ann.own, 100))
    assert len(entries) == 9
    for title in (story.title for story in entries):
        await both.ann.hear(title, 10.0)
    await both.ann.run()
    state = await both.ann.store.look(
        lambda c: table.unsent_places(c, [both.server.url("/a.rss")], 100)
    )
    assert state == []
    assert len({action["episode"] for _, action in both.sync.actions}) == 9
