"""Titles in HLS: each at its place in the sound."""

from pathlib import Path

import pytest

from radiotui.net.client import Net
from radiotui.radio.tuner.tuner import Finished
from tests.services.hls_station import (
    EACH,
    SECONDS,
    Cut,
    Listening,
    Station,
    cut,
    emsg,
    packed,
    packets_of,
    tag,
    titled,
    ts,
)
from tests.sounds import encode


@pytest.fixture
async def heard(tmp_path: Path):
    """What the tape says of a station after all of it."""
    net = Net()

    async def heard(station: Station, **more: object) -> list[tuple[float, str]]:
        listening = Listening(net, station.url, tmp_path, **more)
        await listening.until(Finished)
        marks = listening.marks("title")
        await listening.close()
        return marks

    yield heard
    await net.aclose()


def with_tags(kind: str, tags: dict[int, dict[float, bytes]]) -> Cut:
    """Segments of a kind with tags at so many seconds after the beginning of some."""
    plain = cut(kind)
    segments = list(plain.segments)
    packets = packets_of(encode("aac", 21.0), "aac")
    for number, placed in tags.items():
        group = packets[number * EACH : (number + 1) * EACH]
        if kind == "ts":
            segments[number] = ts(group, number * EACH, placed)
        elif kind == "aac":
            segments[number] = packed(group, number * EACH, b"".join(placed.values()))
        else:
            boxes = b"".join(emsg(data, at) for at, data in placed.items())
            segments[number] = boxes + segments[number]
    return Cut(plain.frames, tuple(segments), plain.init, plain.ending)


SINNERMAN = titled("Sinnerman", "Nina Simone")


@pytest.mark.parametrize("kind", ["ts", "aac", "fmp4"])
async def test_tags_in_segments_are_titles_where_they_lie(heard, kind: str):
    late = 1.0 if kind != "aac" else 0.0
    tags = {
        # Before where a listener begins, said again and again, and after it.
        0: {0.0: titled("Bells")},
        1: {0.0: titled("Bells")},
        2: {late: SINNERMAN},
        3: {0.0: SINNERMAN},
        7: {0.0: titled("-")},
        8: {late: titled("Für Elise")},
    }
    with Station(with_tags(kind, tags), listed=6) as station:
        marks = await heard(station)
    assert [text for _, text in marks] == ["Bells", "Nina Simone - Sinnerman", "", "Für Elise"]
    places = [0.0, 2 + late / SECONDS, 7.0, 8 + late / SECONDS]
    assert [place for place, _ in marks] == pytest.approx(places, abs=0.03)


async def test_titles_in_the_list_are_titles(heard):
    with Station(cut("ts"), listed=6) as station:
        station.titles = dict.fromkeys(range(10), "seg.ts")
        station.titles |= {2: "Nina Simone - Sinnerman", 3: "Nina Simone - Sinnerman", 4: ""}
        station.titles[7] = 'title="Waltz",artist="Bill",url="song_spot=\\"M\\""'
        marks = await heard(station)
    # What comes before the first title is known to have none.
    assert [text for _, text in marks] == ["", "Nina Simone - Sinnerman", "", "Bill - Waltz", ""]
    assert [place for place, _ in marks] == pytest.approx([0, 2, 4, 7, 8], abs=0.03)


@pytest.mark.parametrize(
    "title", ["", "no desc", "seg12.ts", "KNAU", "Live", "segment 7", "3", "-"]
)
async def test_what_is_no_title_names_nothing(heard, title: str):
    with Station(cut("ts"), listed=6) as station:
        station.titles = dict.fromkeys(range(10), title)
        assert await heard(station) == []


async def test_titles_in_unknown_letters_are_read_as_the_stations_are(heard):
    latin = tag(TIT2=b"\0" + "Žižkov".encode("cp1250"))
    with Station(with_tags("ts", {3: {0.0: latin}}), listed=6) as station:
        marks = await heard(station, encoding="cp1250")
    assert [text for _, text in marks] == ["Žižkov"]


@pytest.mark.parametrize(
    "data",
    [
        b"ID3",
        b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + b"TIT2",
        tag(TIT2=b""),
        tag(TIT2=b"\7\xff\xff"),
        tag(TIT2=b"\1\xff\xfe\xd8"),
        tag(TIT2=b"\3" + b"x" * 16_000, TPE1=b"\3\x1b]0;gotcha\7\x1b[2J"),
    ],
)
async def test_a_broken_tag_hurts_nobody(heard, data: bytes):
    with Station(with_tags("ts", {3: {0.0: data}}), listed=6) as station:
        marks = await heard(station)
    assert all(len(text) <= 500 and "\x1b" not in text for _, text in marks)
