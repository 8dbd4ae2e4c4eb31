"""Program that queues one item after another, and says what a screen would show by then.

``python -m tests.e2e.queueing_program FOLDER FIRST``: items are numbered from FIRST on.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
from pathlib import Path

from radiotui.app.companion import Companion, Options
from radiotui.config import Folders
from radiotui.player.intents import Enqueue, EnqueueNext, MoveInQueue
from radiotui.player.queue import QueueItem, entry_key
from radiotui.player.state import PlayerState

FEED = "https://pods.example/rss"


def item(number: int) -> QueueItem:
    """An episode that no feed lists."""
    guid = str(number)
    url = f"https://pods.example/{number}.mp3"
    return QueueItem(
        key=entry_key(FEED, guid), url=url, title=guid, kept=f"k{number}", feed=FEED, guid=guid
    )


async def queue_for_ever(folder: Path, first: int) -> None:
    """Add at the end and at the front, and move, without waiting for any of it."""
    stations = folder / "stations.toml"
    stations.write_text("# none\n")
    companion = Companion(Options(engine="silent", folders=Folders(folder), stations=stations))
    companion.load()

    def say(update: object) -> None:
        if isinstance(update, PlayerState):
            print(json.dumps([item.guid for item in update.queue]), flush=True)

    companion.subscribe(say)
    await companion.open(screen=True)
    for number in itertools.count(first):
        new = (item(number),)
        companion.do(EnqueueNext(new) if number % 3 == 0 else Enqueue(new))
        if number % 4 == 0:
            companion.do(MoveInQueue(item(number).key, 3))
        await asyncio.sleep(0.005 * (number % 5))


if __name__ == "__main__":
    asyncio.run(queue_for_ever(Path(sys.argv[1]), int(sys.argv[2])))
