"""The tuner against servers that behave well, badly, and not at all."""

import asyncio
import random
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from radiotui.net.client import Net
from radiotui.problems import Problem
from radiotui.radio.tape.tape import Tape
from radiotui.radio.tuner.tuner import Arrived, Finished, Lost, Tuner, try_urls
from tests.servers import Connection, Server, serving
from tests.services.tuner_lab import Listening
from tests.sounds import encode

SOUND = encode("mp3", 4)


@pytest.fixture(scope="module")
def broadcast() -> Callable[[Server], bytes]:
    """What is sent at each connection: later than the last time, as live sound is.

    Encoded before anybody connects: a station that is silent for a second counts as gone.
    """
    sounds = [encode("mp3", 4, begin=5.0 * number) for number in range(1, 9)]
    return lambda server: sounds[(len(server.asked) - 1) % len(sounds)]


def live(connection: Connection) -> None:
    connection.live(icy_br="128")
    connection.send(SOUND)
    connection.hang()


def page(connection: Connection) -> None:
    connection.answer(b"<!DOCTYPE html><html><body>Log in</body></html>", "text/html")


def noise(connection: Connection) -> None:
    connection.live("audio/mpeg")
    connection.send(random.Random(1).randbytes(1_000_000))
    connection.hang()


async def test_a_stream_arrives_on_the_tape(tune):
    with serving(live=live) as server:
        listening = tune(server.url("/live"))
        assert await listening.until(Arrived) == Arrived("MP3", 128)
        while listening.tape.end < 3.5:
            await asyncio.sleep(0.01)
        assert server.asked[0].headers["icy-metadata"] == "1"


async def test_titles_stand_on_the_tape_where_they_came(tune):
    def block(title: str) -> bytes:
        text = f"StreamTitle='{title}';".encode()
        blocks = -(-len(text) // 16)
        return bytes([blocks]) + text.ljust(blocks * 16, b"\0")

    def titled(c: Connection) -> None:
        c.live(icy_metaint="8000")
        titles = ["One - First", "One - First", "", "KNAU", "O'Brien - It's; here"]
        for number, title in enumerate(titles):
            c.send(SOUND[number * 8000 : (number + 1) * 8000] + block(title))
        c.send(SOUND[len(titles) * 8000 : len(titles) * 8000 + 8000])
        c.hang()

    with serving(live=titled) as server:
        listening = tune(server.url("/live"))
        await listening.until(Arrived)
        while len(listening.tape.marks) < 3:
            await asyncio.sleep(0.01)
        marks = listening.tape.marks
        assert [mark.text for mark in marks] == ["One - First", "", "O'Brien - It's; here"]
        # 128 kbit/s are 16,000 bytes a second; a frame may be underway.
        assert [round(mark.at, 1) for mark in marks] == [0.0, 1.5, 2.5]


@pytest.mark.parametrize(
    ("route", "words"),
    [
        (page, "KNAU sent a web page instead of sound"),
        (lambda c: c.answer(b"", "audio/mpeg"), "KNAU sent nothing"),
        (lambda c: c.answer(b"x" * 70_000, "audio/x-ms-wma"), "cannot play (audio/x-ms-wma)"),
        (noise, "KNAU sends what radiotui cannot play (audio/mpeg)"),
        (lambda c: c.answer(b"", status="403 Forbidden"), "KNAU refused the connection (403)"),
        (lambda c: c.answer(b"", status="404 Not Found"), "KNAU is not there any more (404)"),
        (lambda c: c.answer(b"[playlist]\n", "audio/x-scpls"), "the playlist is empty"),
        (lambda c: c.answer(b"#EXTM3U\n/live\n", "audio/x-mpegurl"), "the playlist names itself"),
        (
            lambda c: c.answer(b"#EXTM3U\n#EXT-X-TARGETDURATION:2\n", "audio/mpegurl"),
            "KNAU: the HLS playlist is empty",
        ),
    ],
    ids=["page", "empty", "wma", "noise", "403", "404", "no entries", "itself", "hls"],
)
async def test_what_is_no_sound_is_told_in_words(tune, route, words: str):
    with serving(live=route) as server:
        listening = tune(server.url("/live"))
        assert words in (await listening.lost()).title
        # It goes on trying, ever more seldom.
        await listening.until(Lost, 4)
        assert listening.pauses[:3] == sorted(listening.pauses[:3])


async def test_an_endless_web_page_is_seen_to_be_none(tune):
    def endless(c: Connection) -> None:
        c.live("audio/mpeg")
        while not c.server.closed.is_set():
            c.send(b"<html>" + b"x" * 10_000)

    with serving(live=endless) as server:
        assert "web page" in (await tune(server.url("/live")).lost()).title


async def test_a_clean_close_is_a_drop_and_it_comes_back(tune, broadcast):
    def ends(c: Connection) -> None:
        c.live()
        c.send(broadcast(c.server))

    with serving(live=ends) as server:
        listening = tune(server.url("/live"))
        await listening.until(Arrived)
        event = await listening.until(Lost)
        assert isinstance(event, Lost)
        assert event.problem.title == "KNAU ended the connection"
        assert event.retry_at is None
        await listening.until(Arrived)
        assert listening.tape.end > 4
        assert [mark.kind for mark in listening.tape.marks] == ["reconnect"]


@pytest.mark.parametrize(
    ("status", "title"),
    [
        ("404 Not Found", "KNAU stopped sending (404)"),
        ("410 Gone", "KNAU stopped sending (410)"),
        ("403 Forbidden", "KNAU refused the connection (403)"),
    ],
)
async def test_an_address_that_played_is_not_called_a_wrong_one(
    tune, broadcast, status: str, title: str
):
    def ends(c: Connection) -> None:
        if len(c.server.asked) > 1:
            c.answer(b"", status=status)
            return
        c.live()
        c.send(broadcast(c.server))

    with serving(live=ends) as server:
        listening = tune(server.url("/live"))
        await listening.until(Arrived)
        await listening.until(Lost)
        problem = await listening.lost()
        assert problem.title == title
        assert problem.hint == "it played before: radiotui connects again"
        assert problem.status == int(status[:3])


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (
            "http://127.0.0.1:9/live",
            "KNAU: nobody answers there: its server may be down: radiotui connects again",
        ),
        (
            "http://station.invalid/live",
            "KNAU cannot be reached: the network may be gone: radiotui connects again",
        ),
    ],
    ids=["refused", "no name"],
)
async def test_a_lost_network_is_not_a_wrong_address(tune, broadcast, later: str, words: str):
    def playlist(c: Connection) -> None:
        entry = later if len(c.server.asked) > 2 else c.server.url("/live")
        c.answer(f"[playlist]\nFile1={entry}\n".encode(), "audio/x-scpls")

    def ends(c: Connection) -> None:
        c.live()
        c.send(broadcast(c.server))

    with serving(list=playlist, live=ends) as server:
        listening = tune(server.url("/list"))
        await listening.until(Arrived)
        await listening.until(Lost)
        assert str(await listening.lost()) == words


async def test_a_reset_is_a_drop_and_it_comes_back(tune, broadcast):
    def breaks(c: Connection) -> None:
        c.live()
        c.send(broadcast(c.server)[:20_000])
        c.reset()

    with serving(live=breaks) as server:
        listening = tune(server.url("/live"))
        await listening.until(Arrived)
        assert (await listening.lost()).title == "KNAU: the connection broke"
        await listening.until(Arrived)


async def test_a_dead_first_address_gives_way_to_the_second(tune):
    with serving(live=live) as server:
        listening = tune(server.url("/dead"), server.url("/live"))
        await listening.until(Arrived)
        assert server.paths() == ["/dead", "/dead", "/live"]


async def test_a_server_that_drops_at_once_is_not_hammered(tune, broadcast):
    def drops(c: Connection) -> None:
        c.live()
        c.send(broadcast(c.server)[:8000])

    with serving(live=drops) as server:
        listening = tune(server.url("/live"))
        await listening.until(Lost, 8)
        assert len(listening.pauses) >= 6
        assert max(listening.pauses) >= 10
        assert max(listening.pauses) <= 36


async def test_a_playlists_entries_are_alternatives_and_asked_anew_each_time(tune, broadcast):
    def playlist(c: Connection) -> None:
        c.answer(f"[playlist]\nFile1={base}/dead\nFile2={base}/live\n".encode(), "audio/x-scpls")

    def short(c: Connection) -> None:
        c.live()
        c.send(broadcast(c.server))

    with serving(list=playlist, live=short) as server:
        base = server.url("")
        listening = tune(server.url("/list"))
        await listening.until(Arrived, 2)
        assert server.paths()[:6] == ["/list", "/dead", "/live"] * 2


async def test_playlists_within_playlists_end(tune):
    def nested(c: Connection) -> None:
        depth = int(c.path.partition("?")[2] or 0)
        c.answer(f"#EXTM3U\n/nested?{depth + 1}\n".encode(), "audio/x-mpegurl")

    with serving(nested=nested) as server:
        listening = tune(server.url("/nested"))
        assert "without end" in (await listening.lost()).title
        assert len(server.asked) <= 4


async def test_a_file_has_an_end(tune):
    with serving(file=lambda c: c.answer(SOUND, "audio/mpeg")) as server:
        listening = tune(server.url("/file"))
        await listening.until(Finished)
        assert 3.9 < listening.tape.end < 4.2


async def test_a_server_that_sends_too_fast_has_to_wait(tune, tmp_path: Path):
    def flood(c: Connection) -> None:
        c.live()
        while not c.server.closed.is_set():
            c.send(SOUND)

    now = [0.0]
    with serving(live=flood) as server:
        net = Net()
        tape = Tape(tmp_path)
        waited = asyncio.Event()

        async def sleep(seconds: float) -> None:
            now[0] += seconds
            if tape.end > 300:
                waited.set()
            await asyncio.sleep(0)

        tuner = Tuner(
            net, (server.url("/live"),), tape, name="KNAU", on_event=lambda event: None,
            monotonic=lambda: now[0], sleep=sleep,
        )  # fmt: skip
        task = asyncio.create_task(tuner.run())
        async with asyncio.timeout(20):
            await waited.wait()
        assert tape.end - now[0] < 60 + 20
        task.cancel()
        await asyncio.wait([task])
        tape.close()
        await net.aclose()


async def test_a_stream_in_ogg_names_its_links(tune):
    links = encode("opus", 2, title="Bells") + encode("opus", 2, title="Waltz")

    def ogg(c: Connection) -> None:
        c.live("application/ogg")
        c.send(links)
        c.hang()

    with serving(live=ogg) as server:
        listening = tune(server.url("/live"))
        assert await listening.until(Arrived) == Arrived("Opus", None)
        while len(listening.tape.marks) < 2:
            await asyncio.sleep(0.01)
        marks = listening.tape.marks
        assert [(round(mark.at), mark.text) for mark in marks] == [(0, "Bells"), (2, "Waltz")]


async def test_trying_a_stream_says_what_it_is_or_what_is_wrong():
    net = Net()
    with serving(live=live, page=page) as server:
        assert await try_urls(net, (server.url("/live"),), seconds=5) == "MP3 128 kbit/s"
        with pytest.raises(Problem, match="web page"):
            await try_urls(net, (server.url("/page"),), seconds=5)
    await net.aclose()


async def test_a_server_that_comes_back_is_found_again(tune):
    server = Server()
    server.routes["/live"] = live
    listening = tune(server.url("/live"))
    await listening.until(Arrived)
    server.close()
    assert (await listening.lost()).title
    server = Server(server.port)
    server.routes["/live"] = live
    await listening.until(Arrived)
    server.close()


@pytest.mark.parametrize(
    "location", ["http://127.0.0.1:99999/", "http://xn--/", "http://xn--a0/", "http://[v1.a]/"]
)
async def test_a_first_address_that_leads_nowhere_gives_way_to_the_second(tune, location: str):
    def away(c: Connection) -> None:
        c.answer(b"", status="302 Found", Location=location)

    with serving(away=away, live=live) as server:
        listening = tune(server.url("/away"), server.url("/live"))
        await listening.until(Arrived)
        assert server.paths() == ["/away", "/away", "/live"]


async def test_a_head_that_never_ends_gives_way_to_the_second_address(tmp_path: Path):
    def drip(c: Connection) -> None:
        c.send(b"HTTP/1.1 200 OK\r\n")
        while not c.server.closed.wait(0.02):
            c.send(b"X-Line: and one more\r\n")

    net = Net(head_seconds=0.2)
    with serving(drip=drip, live=live) as server:
        listening = Listening(net, (server.url("/drip"), server.url("/live")), tmp_path)
        await listening.until(Arrived)
        assert server.paths() == ["/drip", "/drip", "/live"]
        await listening.close()
    await net.aclose()


class FaultyNet(Net):
    """Fails at one address as nothing expects."""

    def stream(self, url: str, **more: object):
        if url.endswith("/odd"):
            raise ExceptionGroup("nobody knows", [OverflowError("port")])
        return super().stream(url, **more)  # type: ignore[arg-type]


async def test_what_nobody_expected_of_an_address_costs_that_one_alone(tmp_path: Path):
    net = FaultyNet()
    with serving(live=live) as server:
        listening = Listening(net, (server.url("/odd"), server.url("/live")), tmp_path)
        assert (await listening.lost()).title == "Something unexpected went wrong"
        await listening.until(Arrived)
        await listening.close()
    await net.aclose()


@pytest.mark.parametrize(("before", "after"), [("mp3", "aac"), ("aac", "mp3"), ("mp3", "opus")])
async def test_sound_that_goes_on_in_another_format_is_heard(tune, before: str, after: str):
    names = {"mp3": "MP3", "aac": "AAC", "opus": "Opus"}
    is_heard = threading.Event()
    first, second = encode(before, 3.0), encode(after, 6.0)

    def changing(c: Connection) -> None:
        c.live()
        c.send(first)
        is_heard.wait(20)
        c.send(second)
        c.hang()

    with serving(live=changing) as server:
        listening = tune(server.url("/live"))
        assert (await listening.until(Arrived)).codec == names[before]
        is_heard.set()
        while (await listening.until(Arrived)).codec != names[after]:
            pass
        await listening.until_sound(8.0)
        reader = listening.tape.open_at(0.0)
        while reader.read(65536):
            pass
        format_ = "ogg" if after == "opus" else after
        assert listening.tape.open_at(reader.more_at).format == format_
