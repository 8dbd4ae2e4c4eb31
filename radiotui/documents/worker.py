"""Main loop of a worker process, and the wire format of its calls and replies.

A call is a length (8 bytes, big-endian) and a pickled ``(function, args)``. A reply is
a tag (1 byte), a length and MessagePack.

A process is ready as soon as this module is imported: it imports little, and no asyncio.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from os import _exit as exit_at_once
from queue import SimpleQueue
from typing import Any, BinaryIO

import msgspec

from radiotui.problems import Problem

LONGEST_SECONDS = 30.0
"""A call that takes longer is ended with its process."""
_MOST_MEMORY = 2 * 1024**3
"""Bytes of address space of a worker; the largest feed that is taken needs a tenth of it."""
_NICENESS = 5
"""The screen and the sound come first."""

CALL = struct.Struct(">Q")
REPLY = struct.Struct(">BQ")
RESULT, PROBLEM, FAULT = range(3)


def serve() -> None:
    """Run calls until standard input ends: the main function of a worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(_NICENESS)
    _limit_memory()
    with os.fdopen(os.dup(1), "wb") as replies:
        # Nothing that prints can spoil a reply.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        calls: SimpleQueue[bytes] = SimpleQueue()
        threading.Thread(target=_listen, args=(sys.stdin.buffer, calls), daemon=True).start()
        while True:
            call = calls.get()
            # The program ends a call that takes too long; the alarm is for the case that it is
            # gone and C code holds the lock that _listen needs.
            signal.alarm(round(4 * LONGEST_SECONDS))
            tag, reply = _reply_to(call)
            signal.alarm(0)
            try:
                replies.write(REPLY.pack(tag, len(reply)) + reply)
                replies.flush()
            except BrokenPipeError:
                exit_at_once(0)


def _limit_memory() -> None:
    import resource

    # Refused where a lower limit is set already.
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))


def _listen(stdin: BinaryIO, calls: SimpleQueue[bytes]) -> None:
    """Queue calls. The end of them ends the process, also in the middle of a call."""
    while len(length := stdin.read(CALL.size)) == CALL.size:
        calls.put(stdin.read(*CALL.unpack(length)))
    exit_at_once(0)


def _reply_to(call: bytes) -> tuple[int, bytes]:
    encode: Callable[[Any], bytes] = msgspec.msgpack.encode
    try:
        function, args = pickle.loads(call)
        return RESULT, encode(function(*args))
    except Problem as problem:
        return PROBLEM, encode((problem.kind, problem.title, problem.hint, problem.detail))
    except Exception as error:
        # A fault of this document alone: the next one finds the worker in order.
        return FAULT, encode(repr(error))
