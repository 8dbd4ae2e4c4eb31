"""Playlists that are made to be slow: the loop goes on while they are read.

Processor time of the process is watched, as tests.loop_watch explains.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from statistics import median

import pytest

from radiotui.net.client import Net
from radiotui.radio.tuner.tuner import Lost
from tests.loop_watch import steps_of_loop
from tests.servers import serving
from tests.services.tuner_lab import Listening

_SIZE = 1024 * 1024
_LONGEST_STOP = 0.05
_RUNS = 3

BODIES = {
    "comments": b"<!--" * (_SIZE // 4),
    "instructions": b"<?x?>" * (_SIZE // 5) + b"z",
    "semicolons": b";a\n" * (_SIZE // 3) + b"x",
    "blank lines": b"\n" * _SIZE,
    "spaces": b" " * _SIZE,
    "keys": b"a=b\n" * (_SIZE // 4),
    "numbered": b"[playlist]\n" + b"file1=a\n" * (_SIZE // 8),
    "references": b"<asx>" + b"<ref href=" * (_SIZE // 10),
    "broken references": b"<asx>" + b"<ref href='" * (_SIZE // 11),
    "locations": b"<playlist>tracklist" + b"<location> " * (_SIZE // 11),
    "brackets": b"<playlist>tracklist" + b"<a:" * (_SIZE // 3),
    "entities": b"<asx>" + (b"<ref href='" + b"&amp;" * 800 + b"'>") * (_SIZE // 4011),
    "up and up": b"#EXTM3U\n" + (b"http://127.0.0.1:9/" + b"../" * 1300 + b"\n") * 250,
    "letters": b"#EXTM3U\n" + ("http://" + "é" * 2000 + "\n").encode() * 250,
}


@pytest.mark.parametrize("content_type", ["audio/x-mpegurl", "video/x-ms-asf", "audio/x-scpls"])
@pytest.mark.parametrize("name", BODIES)
async def test_a_hostile_playlist_does_not_hold_the_loop(
    name: str, content_type: str, tmp_path: Path
):
    net = Net()
    await asyncio.to_thread(net.prepare)
    longest_stops = []
    with serving(list=lambda c: c.answer(BODIES[name], content_type)) as server:
        for _ in range(_RUNS):
            listening = Listening(net, (server.url("/list"),), tmp_path)
            with steps_of_loop() as steps:
                await listening.until(Lost)
            await listening.close()
            longest_stops.append(max((step.cpu for step in steps), default=0.0))
            if sum(stop < _LONGEST_STOP for stop in longest_stops) * 2 > _RUNS:
                break  # the median is under it, whatever the last run shows
    await net.aclose()
    assert median(longest_stops) < _LONGEST_STOP
