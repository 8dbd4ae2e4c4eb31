"""``python -m bench.hour FOLDER``: MB that an hour of tape takes, and ms to read anywhere in it.

Prints how the process grew, what the tape counts of it, its disk, and the median of places.
"""

from __future__ import annotations

import gc
import random
import sys
import time
from pathlib import Path
from statistics import median

import psutil

from radiotui.radio.framing.detect import framer_for
from radiotui.radio.tape.tape import Tape
from tests.sounds import encode

_HOUR = 3600.0


def main() -> None:
    """Two hours of which one is kept, with a title every three minutes."""
    body = encode("mp3", 60, kbps=320)
    framer = framer_for("audio/mpeg", body[:8192])
    assert framer is not None
    minute = [*framer.feed(body), *framer.flush()]
    tape = Tape(Path(sys.argv[1]), length=_HOUR)
    tape.connect(framer.format, framer.codec)
    gc.collect()
    process = psutil.Process()
    before = process.memory_info().rss
    for number in range(120):
        if number % 3 == 0:
            tape.mark_title(f"Artist {number} - Title {number}")
        for at in range(0, len(minute), 40):
            tape.append(minute[at : at + 40])
        # As a real hour would give it the time to: to write.
        time.sleep(0.02)
    time.sleep(0.5)
    gc.collect()
    grown = process.memory_info().rss - before
    rng = random.Random(1)
    times: list[float] = []
    for _ in range(200):
        place = rng.uniform(tape.start, tape.end - 1)
        asked_at = time.perf_counter()
        reader = tape.open_at(place)
        reader.read(8192)
        times.append(time.perf_counter() - asked_at)
        reader.close()
    print(grown / 1e6, tape.memory_bytes / 1e6, tape.disk_bytes / 1e6, median(times) * 1000)
    tape.close()


if __name__ == "__main__":
    main()
