"""HLS stations on loopback: what is listed is heard whole, in order and once."""

import threading
from pathlib import Path

import pytest

from radiotui.net.client import Net
from radiotui.radio.tuner.tuner import Arrived, Finished, Lost
from tests.servers import Connection
from tests.services.hls_station import (
    AT,
    SECONDS,
    Listening,
    Station,
    cut,
    flac,
    packets_of,
    ts_of,
)
from tests.sounds import encode, heard

KINDS = ["ts", "ts-mp3", "aac", "mp3", "fmp4"]


@pytest.fixture
async def tune(tmp_path: Path):
    net = Net()
    opened: list[Listening] = []

    def tune(url: str, **more: object) -> Listening:
        opened.append(Listening(net, url, tmp_path, **more))
        return opened[-1]

    yield tune
    for listening in opened:
        await listening.close()
    await net.aclose()


@pytest.mark.parametrize("kind", KINDS)
async def test_no_frame_is_lost_or_heard_twice(tune, kind: str):
    sound = cut(kind)
    with Station(sound) as station:
        listening = tune(station.url)
        arrived = await listening.until(Arrived)
        await listening.until(Finished)
        assert arrived.codec == ("MP3" if "mp3" in kind else "AAC")
        assert listening.sound() == sound.sound()
        assert listening.marks("reconnect") == []
        assert [station.asked(number) for number in range(len(sound.segments))] == [1] * len(
            sound.segments
        )


async def test_the_tape_begins_filled_and_the_listener_near_the_newest_end(tune):
    sound = cut("ts")
    with Station(sound, listed=6) as station:
        station.last, station.ends = 5, False
        station.newest = 5
        listening = tune(station.url)
        arrived = await listening.until(Arrived)
        await listening.until_true(lambda: listening.sound() == sound.sound(0, 6))
        tape = listening.tape
        # Three target durations of two seconds, and four segments that last no longer than that.
        assert arrived.begin_at == pytest.approx(tape.start + 2 * SECONDS, abs=0.03)
        assert arrived.burst == pytest.approx(4 * SECONDS, abs=0.01)
        assert tape.end - tape.start == pytest.approx(6 * SECONDS, abs=0.03)
        assert tape.wall_at(tape.end) == AT


async def test_the_first_sound_does_not_wait_for_what_is_older(tune):
    sound = cut("ts")
    held = threading.Event()

    def slow(c: Connection) -> None:
        held.wait(10)
        station.segment(c)

    with Station(sound, listed=6) as station:
        station.ends = False
        station.last = 5
        for number in (0, 1, 3, 4, 5):
            station.server.routes[f"/seg{number}.ts"] = slow
        listening = tune(station.url)
        arrived = await listening.until(Arrived)
        assert arrived.begin_at == listening.tape.start
        assert sound.sound(2, 3).startswith(listening.sound())
        # What follows is asked for together.
        await listening.until_true(lambda: [station.asked(n) for n in (3, 4, 5)] == [1, 1, 1])
        held.set()
        await listening.until_true(lambda: listening.sound() == sound.sound(0, 6))


async def test_the_clock_of_timestamps_may_begin_anew(tune):
    one, other = cut("ts"), cut("ts", begin=30.0)
    with Station(one, listed=3) as station:
        station.segments[5:] = other.segments[5:]
        station.before[5] = "#EXT-X-DISCONTINUITY"
        listening = tune(station.url)
        await listening.until(Finished)
        assert listening.sound() == one.sound(0, 5) + other.sound(5)
        assert listening.marks("reconnect") == []


async def test_another_rate_is_for_another_decoder(tune):
    one, other = cut("ts"), cut("ts", rate=22_050, seconds=42.0)
    with Station(one, listed=3) as station:
        station.segments[5:] = other.segments[5:]
        station.before[5] = "#EXT-X-DISCONTINUITY"
        listening = tune(station.url)
        await listening.until(Finished)
        reader, data = listening.tape.open_at(None), b""
        while part := reader.read(65536):
            data += part
        assert data == one.sound(0, 5)
        assert reader.more_at is not None
        reader, data = listening.tape.open_at(reader.more_at), b""
        while part := reader.read(65536):
            data += part
        assert data == other.sound(5)


async def test_mp3_after_aac_is_heard_too(tune):
    one, other = cut("ts"), cut("ts-mp3")
    with Station(one, listed=3) as station:
        station.segments[5:] = other.segments[5:8]
        station.last = 7
        listening = tune(station.url)
        await listening.until(Finished)
        assert listening.sound() == one.sound(0, 5) + other.sound(5, 8)


async def test_what_is_older_is_taken_as_far_as_one_decoder_goes(tune):
    one, other = cut("ts"), cut("ts-mp3")
    with Station(one, listed=8) as station:
        station.segments[1] = other.segments[1]
        listening = tune(station.url)
        await listening.until(Finished)
        assert listening.sound() == one.sound(2)


@pytest.mark.parametrize("kind", ["ts-mp3", "mp3", "aac"])
async def test_a_frame_may_go_on_in_the_next_segment(tune, kind: str):
    whole = cut(kind).sound()
    size = len(whole) // len(cut(kind).segments) + 1
    parts = [whole[at : at + size] for at in range(0, len(whole), size)]
    with Station(cut(kind), listed=3) as station:
        if kind == "ts-mp3":
            template = packets_of(encode("mp3", 1.0), "mp3")[0].stream
            parts = [ts_of(template, part, number) for number, part in enumerate(parts)]
        station.segments, station.last = parts, len(parts) - 1
        listening = tune(station.url)
        await listening.until(Finished)
        assert listening.sound() == whole


async def test_flac_is_heard_too(tune):
    sound = flac(12.0)
    with Station(sound, listed=3) as station:
        listening = tune(station.url)
        assert (await listening.until(Arrived)).codec == "FLAC"
        await listening.until(Finished)
        reader, data = listening.tape.open_at(None), b""
        while part := reader.read(65536):
            data += part
        assert heard(data, "flac") == (pytest.approx(12.0, abs=0.01), 0)


async def test_a_list_that_does_not_change_is_a_stall_and_it_comes_back(tune):
    sound = cut("ts")

    def moves(asks: int) -> None:
        station.last = 5 if asks < 12 else len(sound.segments) - 1

    with Station(sound, listed=4) as station:
        station.on_ask = moves
        station.ends = False
        listening = tune(station.url)
        lost = await listening.until(Lost)
        assert lost.problem.title == "KNAU sends nothing new"
        assert lost.problem.hint == "nothing was added for 7 s: radiotui connects again"
        assert listening.sound() == sound.sound(0, 6)
        await listening.until(Arrived, 2)
        await listening.until_true(lambda: listening.sound() == sound.sound())


async def test_a_target_that_is_too_small_is_no_stall(tune):
    sound = cut("ts")
    with Station(sound, listed=4) as station:
        listed = station.text
        station.text = lambda: listed().replace("TARGETDURATION:2", "TARGETDURATION:0")
        # The list changes at every third question, about every 2 s.
        station.on_ask = lambda asks: setattr(
            station, "last", min(4 + asks // 3, len(sound.segments) - 1)
        )
        station.ends = False
        listening = tune(station.url)
        await listening.until_true(lambda: listening.sound() == sound.sound())
        assert not [event for event in listening.events if isinstance(event, Lost)]


@pytest.mark.parametrize("body", [b"", b"no sound at all" * 50, b"\x47" + b"x" * 500])
async def test_a_part_that_is_no_sound_costs_itself_alone(tune, body: bytes):
    sound = cut("ts")
    with Station(sound, listed=4) as station:
        station.segments[6] = body
        listening = tune(station.url)
        await listening.until(Finished)
        assert listening.sound() == sound.sound(0, 6) + sound.sound(7)
        assert not [event for event in listening.events if isinstance(event, Lost)]


async def test_a_title_of_the_list_may_be_in_other_letters(tune):
    with Station(cut("ts"), listed=4) as station:
        listed = station.text
        titled = "Beyonc\udce9 - D\udce9j\udce0 Vu"
        station.titles = dict.fromkeys(range(20), titled)
        station.server.routes["/live.m3u8"] = lambda c: c.answer(
            listed().encode("utf-8", "surrogateescape"), "application/vnd.apple.mpegurl"
        )
        station.newest = station.last
        listening = tune(station.url)
        await listening.until(Finished)
        assert [text for _, text in listening.marks("title")] == ["Beyoncé - Déjà Vu"]


async def test_a_list_that_cannot_be_had_for_a_moment_is_waited_for(tune):
    sound = cut("ts")
    with Station(sound, listed=3) as station:
        listed = station.server.routes["/live.m3u8"]
        faults = iter([False, True, True, False, True])

        def faulty(c: Connection) -> None:
            if next(faults, False):
                c.answer(b"", status="503 Service Unavailable")
            else:
                listed(c)

        station.server.routes["/live.m3u8"] = faulty
        listening = tune(station.url)
        await listening.until(Finished)
        assert listening.sound() == sound.sound()
        assert not [event for event in listening.events if isinstance(event, Lost)]


async def test_a_list_that_is_gone_is_told_in_words(tune):
    with Station(cut("ts"), listed=3) as station:
        listed = station.server.routes["/live.m3u8"]

        def gone(c: Connection) -> None:
            if station.asks > 2:
                c.answer(b"", status="403 Forbidden")
            else:
                listed(c)

        station.server.routes["/live.m3u8"] = gone
        lost = await tune(station.url).until(Lost)
        assert lost.problem.title == "KNAU refused the connection (403)"


async def test_a_segment_that_is_not_there_is_left_out_with_a_mark(tune):
    sound = cut("ts")
    with Station(sound, listed=3) as station:
        station.gone = {5}
        listening = tune(station.url)
        await listening.until(Finished)
        assert listening.sound() == sound.sound(0, 5) + sound.sound(6)
        assert listening.marks("reconnect") == [(pytest.approx(5, abs=0.02), "")]
        assert station.asked(5) == 2


async def test_a_segment_that_comes_at_the_second_try_is_not_missed(tune):
    sound = cut("ts")
    with Station(sound, listed=3) as station:
        whole = station.server.routes["/seg5.ts"]

        def at_second(c: Connection) -> None:
            if station.asked(5) == 1:
                c.reset()
            else:
                whole(c)

        station.server.routes["/seg5.ts"] = at_second
        listening = tune(station.url)
        await listening.until(Finished)
        assert listening.sound() == sound.sound()


async def test_a_broken_segment_is_left_out(tune):
    sound = cut("fmp4")
    with Station(sound, listed=3) as station:
        station.segments[5] = station.segments[5][:60] + b"\xff" * 400
        station.segments[7] = b""
        listening = tune(station.url)
        await listening.until(Finished)
        assert listening.sound() == sound.sound(0, 5) + sound.sound(6, 7) + sound.sound(8)


async def test_a_station_none_of_whose_segments_are_there_is_told(tune):
    with Station(cut("ts"), listed=5) as station:
        station.gone = set(range(20))
        lost = await tune(station.url).until(Lost)
        assert lost.problem.title == "KNAU is not there any more (404)"


async def test_numbers_that_jump_ahead_are_a_gap(tune):
    sound = cut("ts")

    def jumps(asks: int) -> None:
        if asks == 2:
            station.newest += 3

    with Station(sound, listed=2) as station:
        station.on_ask = jumps
        listening = tune(station.url)
        await listening.until(Finished)
        assert listening.sound() == sound.sound(0, 3) + sound.sound(5)
        assert len(listening.marks("reconnect")) == 1


async def test_numbers_that_begin_anew_are_survived(tune):
    sound = cut("ts")

    def restarts(asks: int) -> None:
        if asks == 3:
            station.numbered_from = 0

    with Station(sound, listed=2) as station:
        station.numbered_from = 1_000_000
        station.on_ask = restarts
        listening = tune(station.url)
        await listening.until(Finished)
        # What was heard before is known by its bytes.
        assert listening.sound() == sound.sound()


async def test_a_server_that_lags_behind_the_others_is_not_believed(tune):
    sound = cut("ts")

    def lags(asks: int) -> None:
        if asks in {3, 5}:
            station.newest -= 3

    with Station(sound, listed=3, newest=4) as station:
        station.on_ask = lags
        listening = tune(station.url)
        await listening.until(Finished)
        assert listening.sound() == sound.sound(2)
        assert listening.marks("reconnect") == []


async def test_parts_of_one_file_are_taken_by_their_bytes(tune):
    sound = cut("fmp4")
    whole = sound.init + b"".join(sound.segments)
    lines = ["#EXTM3U", "#EXT-X-TARGETDURATION:2"]
    lines.append(f'#EXT-X-MAP:URI="whole.mp4",BYTERANGE="{len(sound.init)}@0"')
    at = len(sound.init)
    for number, segment in enumerate(sound.segments):
        place = f"@{at}" if number % 2 == 0 else ""
        lines += ["#EXTINF:2,", f"#EXT-X-BYTERANGE:{len(segment)}{place}", "whole.mp4"]
        at += len(segment)
    text = "\n".join([*lines, "#EXT-X-ENDLIST"]).encode()

    def part(c: Connection) -> None:
        first, last = map(int, c.headers["range"].removeprefix("bytes=").split("-"))
        if station.server.paths().count("/whole.mp4") % 2:  # some servers send all of it
            c.answer(whole, "video/mp4")
        else:
            c.answer(whole[first : last + 1], "video/mp4", status="206 Partial Content")

    with Station(sound) as station:
        station.server.routes["/whole.mp4"] = part
        station.server.routes["/file.m3u8"] = lambda c: c.answer(text, "audio/mpegurl")
        listening = tune(station.server.url("/file.m3u8"))
        arrived = await listening.until(Arrived)
        await listening.until(Finished)
        assert (arrived.begin_at, arrived.burst) == (0.0, 0.0)
        assert listening.sound() == sound.sound()


async def test_a_file_in_segments_waits_for_real_time(tune):
    sound = cut("ts")
    with Station(sound, listed=len(sound.segments)) as station:
        lines = station.text().replace("#EXT-X-ENDLIST", "")
        text = lines + "".join(f"#EXTINF:2,\nseg{number % 10}.ts\n" for number in range(90))
        text += "#EXT-X-ENDLIST\n"
        station.server.routes["/file.m3u8"] = lambda c: c.answer(text.encode(), "audio/mpegurl")
        listening = tune(station.server.url("/file.m3u8"))
        await listening.until(Finished)
        assert listening.now == pytest.approx(100 * SECONDS - 60, abs=5)


async def test_the_stations_own_clock_is_believed_where_it_can_be(tune):
    def at(minutes: int) -> str:
        return (
            f"#EXT-X-PROGRAM-DATE-TIME:2026-05-04T{11 - (minutes > 30)}:{59 - minutes % 60:02}:30Z"
        )

    for minutes, is_believed in ((0, True), (2, True), (60, False)):
        with Station(cut("ts"), listed=3) as station:
            station.before[0] = at(minutes)
            station.last, station.ends = 2, False
            listening = tune(station.url)
            await listening.until(Arrived)
            await listening.until_true(lambda: len(listening.sound()) > 90_000)  # noqa: B023
            said = 60 * minutes + 30
            ago = (listening.clock() - listening.tape.wall_at(listening.tape.start)).seconds
            assert (abs(ago - said) < 3) == is_believed
            await listening.close()
