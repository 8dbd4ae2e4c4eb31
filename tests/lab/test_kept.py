"""Songs kept off a real Icecast, whose titles are set as a station's software sets them."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import mutagen
import pytest

from radiotui.net.client import Net
from radiotui.problems import Problem
from radiotui.radio.tape.tape import Tape
from radiotui.radio.tuner.tuner import Tuner
from radiotui.recording import selection as cuts
from radiotui.recording.service import KeptFile, RecordingService, tags_of
from radiotui.stations.model import Station, Stream
from tests.kept import clock_at, complaints, packets, pcm, seconds_of
from tests.lab.radio_lab import Icecast


@pytest.mark.parametrize("codec", ["mp3", "aac"])
async def test_a_song_between_two_titles_of_the_server(
    icecast: Icecast, tmp_path: Path, codec: str
) -> None:
    tape, net = Tape(tmp_path / "tape"), Net()
    kept: list[KeptFile] = []
    problems: list[Problem] = []
    keeping = RecordingService(
        tmp_path / "kept",
        on_recordings=lambda recordings: None,
        on_kept=kept.append,
        on_problem=problems.append,
    )
    stream = Stream("live", "Live", (icecast.url("/live"),))
    station = Station("lab", "Radio Lab", (stream,))
    with icecast.source("/live", codec):
        tuner = Tuner(net, stream.urls, tape, name="Radio Lab", on_event=lambda event: None)
        tuning = asyncio.create_task(tuner.run())

        async def said(title: str) -> float:
            await asyncio.to_thread(icecast.set_title, "/live", title)
            end = time.monotonic() + 20
            while not (found := [mark for mark in tape.marks if mark.text == title]):
                assert time.monotonic() < end
                await asyncio.sleep(0.05)
            return found[0].at

        await said("Before - It")
        begin = await said("Nina Simone - Sinnerman")
        await asyncio.sleep(4)
        cut = cuts.song(cuts.TapeWindow.of(tape), begin + cuts.JUST_BEGUN)
        assert (cut.begin, cut.end, cut.artist) == (begin, None, "Nina Simone")
        keeping.keep(tape, cut.begin, cut.end, tags_of(cut, tape, station, stream))
        end = await said("After - It")
        await keeping.finished()
        tuning.cancel()
        await asyncio.wait([tuning])
        await net.aclose()
    assert problems == []
    path = kept[0].path
    assert not kept[0].incomplete
    assert complaints(path) == ""
    tags = mutagen.File(path, easy=True)
    assert (tags["artist"], tags["title"]) == (["Nina Simone"], ["Sinnerman"])
    assert tags["albumartist"] == ["Radio Lab"]

    everything = bytearray()
    reader = tape.open_at(None)
    tape.finish()
    while data := reader.read(65536):
        everything += data
    whole, heard = pcm(bytes(everything)), pcm(path)
    offset = begin - tape.start
    assert abs(clock_at(heard, 0.0) - clock_at(whole, offset)) < 0.1
    assert abs(seconds_of(heard) - (end - begin)) < 0.1
    last = seconds_of(heard) - 1.35
    assert abs(clock_at(heard, last) - clock_at(whole, offset + last)) < 0.1
    mine, sent = packets(path), packets(bytes(everything))
    first = sent.index(mine[0])
    assert sent[first : first + len(mine)] == mine
    tape.close()
    await keeping.close()
