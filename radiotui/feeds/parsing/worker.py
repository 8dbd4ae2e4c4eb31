"""What runs in a process that reads feeds: a question in, an answer out.

A question is two lengths (8 bytes each, big-endian), then JSON ``[url,
content_type, known]``, then the feed as it came. An answer is one length, then
JSON ``{"feed": …}`` or ``{"problem": [title, hint, detail]}``.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import sys
import threading
from datetime import datetime
from queue import SimpleQueue
from typing import Any, BinaryIO

from radiotui.feeds.parsing.parse import feed_name, parse_feed
from radiotui.problems import Problem

QUESTION = struct.Struct(">QQ")
"""The lengths of a question's JSON and of its feed, in bytes."""
ANSWER = struct.Struct(">Q")
"""The length of an answer's JSON in bytes."""

_KINDNESS = 5
_LONGEST_SECONDS = 120


def work() -> None:
    """Answer questions until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The screen and the sound come first.
    os.nice(_KINDNESS)
    with os.fdopen(os.dup(1), "wb") as answers:
        # Nothing that prints can spoil an answer.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        questions: SimpleQueue[tuple[bytes, bytes]] = SimpleQueue()
        threading.Thread(target=_listen, args=(sys.stdin.buffer, questions), daemon=True).start()
        while True:
            about, body = questions.get()
            # Should nobody be left to end a reading that holds on for ever.
            signal.alarm(_LONGEST_SECONDS)
            answer = json.dumps(_answer(about, body), default=_plain).encode()
            signal.alarm(0)
            try:
                answers.write(ANSWER.pack(len(answer)) + answer)
                answers.flush()
            except BrokenPipeError:
                os._exit(0)


def _listen(asked: BinaryIO, questions: SimpleQueue[tuple[bytes, bytes]]) -> None:
    """Hand on questions. With the last one everything ends, also in the middle of an answer."""
    while len(lengths := asked.read(QUESTION.size)) == QUESTION.size:
        about, body = QUESTION.unpack(lengths)
        questions.put((asked.read(about), asked.read(body)))
    os._exit(0)


def _answer(about: bytes, body: bytes) -> dict[str, Any]:
    url, content_type, known = json.loads(about)
    try:
        return {"feed": parse_feed(body, url, content_type, known)}
    except Problem as problem:
        return {"problem": [problem.title, problem.hint, problem.detail]}
    except Exception as error:
        # Whatever it is, it is this feed's fault and the next one's reader goes on.
        return {
            "problem": [
                f"{feed_name(url)} cannot be read as a feed",
                "it may be damaged",
                repr(error),
            ]
        }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return {name: getattr(value, name) for name in value.__slots__}
