"""Downloads through the whole service, from hosts of every honesty: the exact file, or why not."""

from __future__ import annotations

import asyncio
import itertools
import random
import resource
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from radiotui.app.clip import Clip, written
from radiotui.enclosures.folder import Pin, file_name, sound_path
from radiotui.net.client import MIB
from radiotui.problems import ProblemKind
from radiotui.radio.framing.id3_tag import tag_bytes
from radiotui.store import downloads as table
from radiotui.store import stories
from radiotui.store.clips import add_clip
from radiotui.store.progress import note_heard
from radiotui.store.queues import QueuedRow, write_rows
from tests.servers import Connection, Server, serving
from tests.services.download_lab import FEED, NOW, DownloadLab
from tests.services.episode_host import asked_range, host, wrong_ranges
from tests.sounds import encode

SOUND = encode("mp3", 60)


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[DownloadLab]:
    lab = DownloadLab(tmp_path)
    yield lab
    await lab.close()


def sound_of(path: Path) -> bytes:
    """The file behind its tag."""
    data = path.read_bytes()
    return data[tag_bytes(data) :]


def is_tidy(lab: DownloadLab) -> bool:
    """True where nothing lies about: no map, no pin, no part of a copy."""
    hidden = list(lab.folder.rglob(".*"))
    return not hidden and (not lab.episodes.exists() or not any(lab.episodes.iterdir()))


SOUND_AS_IS = SOUND[tag_bytes(SOUND) :]


@pytest.mark.parametrize("ranges", [True, False])
async def test_a_download_that_is_cut_a_hundred_times_is_the_exact_file(
    lab: DownloadLab, ranges: bool
) -> None:
    cuts = random.Random(5)
    # Without ranges every answer begins anew: each has to get further than the one before.
    parts = iter([cuts.randrange(1, 2 * len(SOUND) // 101) if ranges else (n * len(SOUND)) // 101
                  for n in range(1, 101)])  # fmt: skip
    with serving(episode=host(SOUND, ranges=ranges, most=lambda: next(parts, None))) as server:
        entry = await lab.episode(server.url("/episode"))
        await lab.service.want([entry])
        done = await lab.ended(entry)
        assert done.state == "whole", done.problem
        assert len(server.asked) > 90
    path = lab.folder / "Canyon Hours" / "2026-11-28 The Bells.mp3"
    assert done.path == str(path)
    assert sound_of(path) == SOUND_AS_IS
    await lab.close()
    assert is_tidy(lab)


async def test_several_come_at_once_and_no_more_than_the_setting_says(tmp_path: Path) -> None:
    lab = DownloadLab(tmp_path, at_once=3)
    go_on = asyncio.Event()
    loop = asyncio.get_running_loop()
    open_now = itertools.count(1)
    most: list[int] = []

    def before(connection: Connection) -> None:
        most.append(next(open_now))
        if len(most) == 3:
            loop.call_soon_threadsafe(go_on.set)
        connection.server.closed.wait(0.5)

    # Each of a host of its own: nobody's server is asked by more than two.
    with serving(a=host(SOUND, before=before)) as one, serving(a=host(SOUND, before=before)) as two:
        entries = [
            await lab.episode(server.url(f"/a?{number}"), f"Part {number}")
            for number, server in enumerate((one, two, one, two, one))
        ]
        await lab.service.want(entries)
        async with asyncio.timeout(30):
            await go_on.wait()
        states = [download.state for download in (await lab.service.snapshot()).downloads]
        assert sorted(states) == ["running"] * 3 + ["waiting"] * 2
        for entry in entries:
            assert (await lab.ended(entry)).state == "whole"
    assert len(list(lab.folder.rglob("*.mp3"))) == 5
    await lab.close()


async def test_progress_is_told_while_it_comes(lab: DownloadLab) -> None:
    with serving(episode=host(SOUND, pace=len(SOUND) // 2)) as server:
        entry = await lab.episode(server.url("/episode"))
        await lab.service.want([entry])
        half = await lab.until(entry, lambda each: 0.2 < (each.share or 0.0) < 1.0)
        assert half.state == "running"
        assert half.total == len(SOUND)
        assert (await lab.ended(entry)).state == "whole"


@pytest.mark.parametrize("ranges", [True, False])
@pytest.mark.parametrize("etag", ['"first"', ""])
async def test_other_advertisements_at_each_request_are_never_spliced(
    lab: DownloadLab, etag: str, ranges: bool
) -> None:
    """Another length each time: whatever becomes whole is one of them, from its first byte."""
    versions = [encode("mp3", 12.0 - number) for number in range(3)]
    asked = itertools.count()

    def route(connection: Connection) -> None:
        number = next(asked)
        body = versions[min(number, 2)]
        # The first two are cut in the middle.
        part = len(body) // 2 if number < 2 else None
        host(body, etag=etag, ranges=ranges, most=lambda: part)(connection)

    with serving(episode=route) as server:
        entry = await lab.episode(server.url("/episode"))
        await lab.service.want([entry])
        done = await lab.ended(entry)
    assert done.state == "whole", done.problem
    body = versions[2]
    assert sound_of(Path(done.path)) == body[tag_bytes(body) :]


async def test_a_host_that_changes_it_each_time_is_given_up_in_words(lab: DownloadLab) -> None:
    asked = itertools.count()

    def route(connection: Connection) -> None:
        body = bytes(300_000 + 1000 * next(asked))
        host(body, etag="", ranges=False, most=lambda: len(body) // 2)(connection)

    with serving(episode=route) as server:
        entry = await lab.episode(server.url("/episode"))
        await lab.service.want([entry])
        done = await lab.ended(entry)
    assert done.state == "failed"
    assert "was changed by its host" in str(done.problem)
    assert not list(lab.folder.rglob("*.mp3"))


@pytest.mark.parametrize("told", ["bytes 5000000-5999999/6000000", "", "bytes x", "bytes 99-"])
async def test_bytes_of_wrong_ranges_are_not_taken(lab: DownloadLab, told: str) -> None:
    with serving(episode=wrong_ranges(SOUND, told, len(SOUND) // 2)) as server:
        entry = await lab.episode(server.url("/episode"))
        await lab.service.want([entry])
        done = await lab.ended(entry)
    assert done.state == "whole", done.problem
    assert sound_of(Path(done.path)) == SOUND_AS_IS


async def test_a_length_that_is_a_lie_is_said_and_what_came_stays(lab: DownloadLab) -> None:
    def route(connection: Connection) -> None:
        at = asked_range(connection) or 0
        total = len(SOUND) + 1000
        connection.send(
            "HTTP/1.1 206 Partial Content\r\nContent-Type: audio/mpeg\r\n"
            f"Content-Range: bytes {at}-{total - 1}/{total}\r\n"
            f"Content-Length: {total - at}\r\nConnection: close\r\n\r\n".encode()
            + SOUND[at:]
        )

    with serving(episode=route) as server:
        entry = await lab.episode(server.url("/episode"))
        await lab.service.want([entry])
        done = await lab.ended(entry)
    assert done.state == "failed"
    assert done.problem is not None
    assert [str(problem) for problem in lab.problems][-1] == str(done.problem)
    assert not list(lab.folder.rglob("*.mp3"))
    assert sound_path(lab.episodes, file_name(FEED, "The Bells")).read_bytes() == SOUND


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<!doctype html><html>log in", "audio/mpeg"),
        (b"Too many downloads today.", "text/plain"),
        (b"Too many downloads today." * 100, "text/plain; charset=utf-8"),
    ],
)
@pytest.mark.parametrize("has_length", [True, False])
async def test_a_page_or_a_message_is_no_episode(
    lab: DownloadLab, body: bytes, kind: str, has_length: bool
) -> None:
    def route(connection: Connection) -> None:
        if has_length:
            connection.answer(body, kind)
        else:
            connection.live(kind)
            connection.send(body)

    with serving(episode=route) as server:
        entry = await lab.episode(server.url("/episode"))
        await lab.service.want([entry])
        done = await lab.ended(entry)
    assert done.state == "failed"
    assert "is a web page and no sound" in str(done.problem)
    assert not list(lab.folder.rglob("*"))


async def test_sound_that_its_host_calls_text_is_sound(lab: DownloadLab) -> None:
    with serving(episode=host(SOUND, "text/plain")) as server:
        entry = await lab.episode(server.url("/episode"))
        await lab.service.want([entry])
        assert (await lab.ended(entry)).state == "whole"


async def test_what_is_no_sound_is_said_and_not_kept_under_a_name(lab: DownloadLab) -> None:
    with serving(episode=host(random.Random(1).randbytes(200_000))) as server:
        entry = await lab.episode(server.url("/episode"))
        await lab.service.want([entry])
        done = await lab.ended(entry)
    assert done.state == "failed"
    assert "is no sound" in str(done.problem)
    assert not list(lab.folder.rglob("*.*"))


async def test_a_body_without_a_length_that_is_cut_is_not_taken_for_whole(
    lab: DownloadLab,
) -> None:
    cut = [True]

    def route(connection: Connection) -> None:
        connection.live()
        connection.send(SOUND[: len(SOUND) // 3] if cut else SOUND)

    with serving(episode=route) as server:
        # Of an hour and its bytes came a third: both hints of the feed say so.
        entry = await lab.episode(server.url("/episode"), length=len(SOUND), seconds=60.0)
        await lab.service.want([entry])
        done = await lab.ended(entry)
        assert done.state == "failed"
        assert "breaks off" in str(done.problem)
        cut.clear()
        await lab.service.want([entry])
        assert (await lab.ended(entry)).state == "whole"


async def test_an_address_that_is_gone_fails_at_once(lab: DownloadLab) -> None:
    with serving() as server:
        entry = await lab.episode(server.url("/gone"))
        await lab.service.want([entry])
        done = await lab.ended(entry)
        assert done.state == "failed"
        assert len(server.asked) == 1
    assert "is not there any more (404)" in str(done.problem)


async def test_a_lost_network_is_said_once_and_the_rest_comes_when_it_is_back(
    lab: DownloadLab,
) -> None:
    with serving(episode=host(SOUND, pace=len(SOUND) // 4)) as server:
        port = server.port
        entry = await lab.episode(server.url("/episode"))
        await lab.service.want([entry])
        await lab.until(entry, lambda each: each.bytes_there > 1000)
    waiting = await lab.until(
        entry, lambda each: each.state == "waiting" and "nobody answers there" in str(each.problem)
    )
    assert waiting.bytes_there > 1000
    server = Server(port)
    try:
        server.routes["/episode"] = host(SOUND)
        done = await lab.ended(entry)
        assert done.state == "whole"
        assert (asked_range(server.asked[0]) or 0) > 1000
    finally:
        server.close()
    assert sound_of(Path(done.path)) == SOUND_AS_IS
    assert len(lab.problems) == len({str(problem) for problem in lab.problems})
    assert "nobody answers there: it goes on by itself" in str(lab.problems[-1])


# The disk


async def test_no_room_by_the_length_that_is_told_is_said_before_it_is_brought(
    tmp_path: Path,
) -> None:
    free = [65 * MIB]
    lab = DownloadLab(tmp_path, free=lambda _: free[0])
    body = SOUND + bytes(2 * MIB)
    with serving(episode=host(body)) as server:
        entry = await lab.episode(server.url("/episode"))
        await lab.service.want([entry])
        waiting = await lab.until(entry, lambda each: bool(each.problem))
        assert "There is no room on the disk for “The Bells”: 65 MB are free" in str(
            waiting.problem
        )
        # Room comes: it goes on by itself.
        free[0] = 1024 * MIB
        assert (await lab.ended(entry)).state == "whole"
    await lab.close()


async def test_a_disk_that_is_full_in_the_middle_loses_nothing(lab: DownloadLab) -> None:
    """The disk takes no byte more, as the system says it: the limit of a file's size."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with serving(episode=host(SOUND)) as server:
        entry = await lab.episode(server.url("/episode"))
        # The store has written its file by now.
        await lab.service.snapshot()
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, before[1]))
        try:
            await lab.service.want([entry])
            waiting = await lab.until(entry, lambda each: bool(each.problem))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert "There is no room on the disk for “The Bells”" in str(waiting.problem)
        done = await lab.ended(entry)
        assert done.state == "whole"
        # What was there by then was not asked again.
        assert max(asked_range(connection) or 0 for connection in server.asked) > 0
    assert sound_of(Path(done.path)) == SOUND_AS_IS


async def test_a_folder_that_is_full_keeps_what_came_until_there_is_room(tmp_path: Path) -> None:
    is_full = [True]

    def free(folder: Path) -> int:
        return 1 if is_full and folder.name == "downloads" else 1024 * MIB

    lab = DownloadLab(tmp_path, free=free)
    with serving(episode=host(SOUND)) as server:
        entry = await lab.episode(server.url("/episode"))
        await lab.service.want([entry])
        waiting = await lab.until(entry, lambda each: bool(each.problem))
        assert "There is no room on the disk" in str(waiting.problem)
        is_full.clear()
        assert (await lab.ended(entry)).state == "whole"
        assert len(server.asked) == 1, "all of it was there"
    await lab.close()


async def test_the_budget_is_said_before_anything_is_brought(tmp_path: Path) -> None:
    lab = DownloadLab(tmp_path, most_bytes=MIB)
    with serving(episode=host(SOUND)) as server:
        entry = await lab.episode(server.url("/episode"), length=2 * MIB)
        await lab.service.want([entry])
        waiting = await lab.until(entry, lambda each: bool(each.problem))
        assert "has no room" in str(waiting.problem)
        assert "downloads-mib is 1" in str(waiting.problem)
        assert waiting.problem is not None
        assert server.asked == []
    assert lab.problems[0].kind is ProblemKind.FULL_DISK
    await lab.close()


# One file and one connection


async def test_what_was_heard_is_there_and_the_rest_is_asked_for(lab: DownloadLab) -> None:
    with serving(episode=host(SOUND)) as server:
        entry = await lab.episode(server.url("/episode"))
        name = file_name(FEED, "The Bells")
        use = lab.enclosures.use(name, server.url("/episode"), lambda _: None, title="x", ahead=9)
        async with use as ear:
            reader = ear.reader()
            assert await asyncio.to_thread(reader.read, 1000) == SOUND[:1000]
            # While it is heard: nobody asks a second time for what comes already.
            await lab.service.want([entry])
            done = await lab.ended(entry)
            assert done.state == "whole"
            heard = b""
            reader.seek(0)
            while part := await asyncio.to_thread(reader.read, MIB):
                heard += part
            assert heard == SOUND
            assert sound_path(lab.episodes, name).exists(), "it is heard to its end"
        places = [asked_range(connection) or 0 for connection in server.asked]
        assert places.count(0) == 1
        assert places == sorted(places)
    await lab.close()
    assert is_tidy(lab)


async def test_an_episode_that_is_heard_gives_way_to_nothing(lab: DownloadLab) -> None:
    """The budget of what is heard does not touch what is to be whole."""
    parts = iter([len(SOUND) // 2])
    with serving(episode=host(SOUND, most=lambda: next(parts, 0))) as server:
        entry = await lab.episode(server.url("/episode"))
        await lab.service.want([entry])
        await lab.until(entry, lambda each: each.bytes_there > 1000)
    small = DownloadLab(lab.folder.parent / "other")
    small.enclosures = type(lab.enclosures)(small.net, lab.episodes, most_bytes=1)
    with serving(other=host(SOUND)) as server:
        async with small.enclosures.use("x", server.url("/other"), lambda _: None, title="x"):
            assert sound_path(lab.episodes, file_name(FEED, "The Bells")).exists()
    await small.enclosures.closed()
    await small.close()


async def test_two_programs_bring_it_once(lab: DownloadLab) -> None:
    pin = Pin(sound_path(lab.episodes, file_name(FEED, "The Bells")))
    assert await asyncio.to_thread(pin.hold)
    with serving(episode=host(SOUND)) as server:
        entry = await lab.episode(server.url("/episode"))
        await lab.service.want([entry])
        await lab.until(entry, lambda each: each.state == "waiting")
        await asyncio.sleep(0.1)
        assert server.asked == []
        await asyncio.to_thread(pin.let_go)
        assert (await lab.ended(entry)).state == "whole"
        assert len(server.asked) == 1


async def test_a_run_that_was_killed_goes_on_and_makes_no_second_file(tmp_path: Path) -> None:
    lab = DownloadLab(tmp_path)
    with serving(episode=host(SOUND)) as server:
        entry = await lab.episode(server.url("/episode"))
        await lab.service.want([entry])
        done = await lab.ended(entry)
        # As if it had been killed between the file and the store.
        await lab.store.ask(lambda c: table.note_state(c, entry, "waiting"))
        await lab.close()
        again = DownloadLab(tmp_path)
        twice = await again.ended(entry)
    assert twice.path == done.path
    assert len(list(again.folder.rglob("*.mp3"))) == 1
    await again.close()


# Names, and what the listener does


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("../../etc/passwd", "2026-11-28 etc-passwd.mp3"),
        ("a/b\\c:d", "2026-11-28 a-b-c.d.mp3"),
        ("\u202egnp.exe", "2026-11-28 gnp.exe.mp3"),
        ("é" * 300, f"2026-11-28 {'é' * 90}.mp3"),
    ],
)
async def test_names_are_made_by_us(lab: DownloadLab, title: str, name: str) -> None:
    with serving(episode=host(SOUND)) as server:
        entry = await lab.episode(server.url("/..%2f..%2fevil.sh"), title)
        server.routes["/..%2f..%2fevil.sh"] = host(SOUND)
        await lab.service.want([entry])
        done = await lab.ended(entry)
    assert Path(done.path).parent == lab.folder / "Canyon Hours"
    assert Path(done.path).name == name


async def test_two_episodes_of_one_name_are_two_files_and_none_is_overwritten(
    lab: DownloadLab,
) -> None:
    mine = lab.folder / "Canyon Hours" / "2026-11-28 The Bells.mp3"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    with serving(episode=host(SOUND)) as server:
        entries = [await lab.episode(server.url("/episode"), guid=guid) for guid in ("one", "two")]
        await lab.service.want(entries)
        names = {Path((await lab.ended(entry)).path).name for entry in entries}
    assert names == {"2026-11-28 The Bells (2).mp3", "2026-11-28 The Bells (3).mp3"}
    assert mine.read_text() == "mine"


async def test_a_file_that_the_listener_took_away_is_said_and_comes_again(
    lab: DownloadLab,
) -> None:
    with serving(episode=host(SOUND)) as server:
        entry = await lab.episode(server.url("/episode"))
        await lab.service.want([entry])
        done = await lab.ended(entry)
        assert await lab.service.path_of(entry) == Path(done.path)
        Path(done.path).unlink()
        assert (await lab.shown(entry)).state == "missing"
        assert await lab.service.path_of(entry) is None
        assert lab.problems == []
        await lab.service.want([entry])
        again = await lab.until(entry, lambda each: each.state == "whole")
    assert Path(again.path).exists()


async def test_one_that_is_stopped_goes_on_with_what_came(lab: DownloadLab) -> None:
    with serving(episode=host(SOUND, pace=len(SOUND) // 4)) as server:
        entry = await lab.episode(server.url("/episode"))
        await lab.service.want([entry])
        await lab.until(entry, lambda each: (each.share or 0.0) > 0.3)
        await lab.service.stop(entry)
        assert (await lab.shown(entry)).state == "stopped"
        server.routes["/episode"] = host(SOUND)
        await lab.service.want([entry])
        done = await lab.ended(entry)
        assert (asked_range(server.asked[-1]) or 0) > len(SOUND) // 4
    assert sound_of(Path(done.path)) == SOUND_AS_IS


# Tidying


async def finished(lab: DownloadLab, url: str, title: str) -> int:
    entry = await lab.episode(url, title)
    await lab.service.want([entry], automatic=title.startswith("auto"))
    assert (await lab.ended(entry)).state == "whole"
    lab.time.now += timedelta(minutes=1)
    return entry


async def titles(lab: DownloadLab) -> set[str]:
    """The downloads that are there, in the store and in the folder."""
    shown = {download.title for download in (await lab.service.snapshot()).downloads}
    assert {path.stem.split(" ", 1)[1] for path in lab.folder.rglob("*.mp3")} == shown
    return shown


async def test_room_is_made_by_the_rule_and_what_went_does_not_come_again(tmp_path: Path) -> None:
    lab = DownloadLab(tmp_path)
    with serving(episode=host(SOUND)) as server:
        entries = {
            title: await finished(lab, server.url("/episode"), title)
            for title in ("auto old", "mine", "starred", "auto queued", "heard", "auto new")
        }
    for title in ("starred", "heard", "auto queued"):
        entry = entries[title]
        note = partial(note_heard, entry=entry, heard=0.0, length=60.0, at=NOW, is_played=True)
        await lab.store.ask(note)
    await lab.store.ask(lambda c: stories.mark(c, [entries["starred"]], starred=True))
    await lab.close()
    # Room for five, for four, for none: first what was heard, then what came by itself.
    spared = {entries["auto queued"]}
    size = len(SOUND) + 2000
    for most, left in (
        (5, {"auto old", "mine", "starred", "auto queued", "auto new"}),
        (4, {"mine", "starred", "auto queued", "auto new"}),
        (0, {"mine", "starred", "auto queued"}),
    ):
        lab = DownloadLab(tmp_path, most_bytes=most * size)
        await lab.service.tidy(spared)
        assert await titles(lab) == left
        new = await lab.store.look(lambda c: table.new_episodes(c, FEED, 10))
        assert new == []
        await lab.close()


async def test_what_waits_in_a_queue_or_has_a_clip_stays(tmp_path: Path) -> None:
    lab = DownloadLab(tmp_path)
    with serving(episode=host(SOUND)) as server:
        for title in ("auto", "auto queued", "auto clipped"):
            await finished(lab, server.url("/episode"), title)
    row = QueuedRow(feed=FEED, guid="auto queued", title="auto queued")
    clip = Clip("auto clipped", "Canyon Hours", 1.0, 2.0, NOW, feed=FEED, guid="auto clipped")
    await lab.store.ask(lambda c: write_rows(c, "Later", [row], NOW))
    await lab.store.ask(lambda c: add_clip(c, 1, written(clip)))
    await lab.close()
    lab = DownloadLab(tmp_path, most_bytes=0)
    await lab.service.tidy(())
    assert await titles(lab) == {"auto queued", "auto clipped"}
    await lab.close()


async def test_a_new_one_has_the_room_of_what_was_heard(tmp_path: Path) -> None:
    lab = DownloadLab(tmp_path, most_bytes=2 * len(SOUND))
    lab.service.spared = tuple
    with serving(episode=host(SOUND)) as server:
        heard = await finished(lab, server.url("/episode"), "heard")
        note = partial(note_heard, entry=heard, heard=0.0, length=60.0, at=NOW, is_played=True)
        await lab.store.ask(note)
        entry = await lab.episode(server.url("/episode"), "new", length=len(SOUND) + 9000)
        await lab.service.want([entry])
        assert (await lab.ended(entry)).state == "whole"
    assert await titles(lab) == {"new"}
    await lab.close()


@pytest.mark.parametrize(("days", "left"), [(6, {"heard", "mine"}), (8, {"mine"})])
async def test_what_was_heard_goes_after_some_days(
    tmp_path: Path, days: int, left: set[str]
) -> None:
    lab = DownloadLab(tmp_path, played_after=timedelta(days=7))
    with serving(episode=host(SOUND)) as server:
        heard = await finished(lab, server.url("/episode"), "heard")
        await finished(lab, server.url("/episode"), "mine")
    note = partial(note_heard, entry=heard, heard=0.0, length=60.0, at=NOW, is_played=True)
    await lab.store.ask(note)
    lab.time.now = NOW + timedelta(days=days)
    await lab.service.tidy(())
    assert await titles(lab) == left
    await lab.close()


async def test_new_episodes_are_the_newest_that_nobody_has_heard_or_removed(
    lab: DownloadLab,
) -> None:
    entries = [
        await lab.episode("https://pods.example/1.mp3", f"Part {number}",
                          published=NOW - timedelta(days=number))
        for number in range(5)
    ]  # fmt: skip
    note = partial(note_heard, entry=entries[0], heard=0.0, length=9.0, at=NOW, is_played=True)
    await lab.store.ask(note)
    await lab.store.ask(lambda c: table.want(c, [entries[1]], NOW))
    await lab.store.ask(lambda c: table.note_state(c, entries[1], "removed"))

    async def new(most: int, *, oldest_first: bool = False) -> list[int]:
        query = partial(table.new_episodes, url=FEED, most=most, oldest_first=oldest_first)
        return await lab.store.look(query)

    assert await new(2) == []
    assert await new(4) == [entries[2], entries[3]]
    assert await new(2, oldest_first=True) == [entries[4], entries[3]]
