"""HLS by the clock: a real broadcast is on the tape as it was sent, second for second."""

from __future__ import annotations

import asyncio
import io
import time
from pathlib import Path

import av
import pytest

from radiotui.net.client import Net
from radiotui.radio.tape.tape import Tape
from radiotui.radio.tuner.tuner import Arrived, Tuner, TunerEvent
from tests.lab.hls_lab import HlsStation
from tests.lab.radio_lab import second_heard


@pytest.mark.parametrize("kind", ["ts", "fmp4", "aac"])
async def test_every_second_of_a_broadcast_is_on_the_tape_once(kind: str, tmp_path: Path):
    told: asyncio.Queue[TunerEvent] = asyncio.Queue()
    net = Net()
    with HlsStation(kind, segment_seconds=1, ready=5) as station:
        tape = Tape(tmp_path)
        tuner = Tuner(net, (station.url,), tape, name="KNAU", on_event=told.put_nowait)
        begun = time.monotonic()
        tuning = asyncio.create_task(tuner.run())
        async with asyncio.timeout(10):
            arrived = await told.get()
        assert isinstance(arrived, Arrived)
        print(f"{kind}: first sound on the tape after {1000 * (time.monotonic() - begun):.0f} ms")
        while tape.end - tape.start < 9:
            await asyncio.sleep(0.1)
        assert told.empty()
        tuning.cancel()
        await asyncio.wait([tuning])
    data = _sound(tape)
    tape.close()
    await net.aclose()
    pcm = _pcm(data)
    heard = [second_heard(pcm[at * 88_200 : at * 88_200 + 120_000]) for at in range(8)]
    assert [round(each or 0.0) for each in heard] == list(range(8))


def _sound(tape: Tape) -> bytes:
    span, data = tape.excerpt(tape.start, tape.end), b""
    while (part := span.read()) is not None:
        data += part[1]
    span.close()
    return data


def _pcm(data: bytes) -> bytes:
    """One channel of signed 16 bit at 44,100 Hz."""
    resampler, pcm = av.AudioResampler("s16", "mono", 44_100), b""
    with av.open(io.BytesIO(data), "r", format="aac") as source:
        for frame in source.decode(audio=0):
            for part in resampler.resample(frame):
                pcm += bytes(part.planes[0])[: part.samples * 2]
    return pcm
