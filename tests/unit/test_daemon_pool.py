"""The loop's threads: bounded, reused, and no burden on quitting."""

import asyncio
import subprocess
import sys
import threading

import pytest

from radiotui.net.daemon_pool import DaemonPool


def pool_threads() -> int:
    return sum(thread.name == "radiotui-pool" for thread in threading.enumerate())


async def test_many_jobs_share_few_threads():
    before = pool_threads()
    loop = asyncio.get_running_loop()
    pool = DaemonPool(4)
    gate, busy = threading.Event(), threading.Barrier(5)

    def hold() -> int:
        busy.wait()
        gate.wait()
        return pool_threads() - before

    held = [loop.run_in_executor(pool, hold) for _ in range(4)]
    queued = [loop.run_in_executor(pool, lambda number: number, number) for number in range(500)]
    await asyncio.to_thread(busy.wait)
    assert not any(future.done() for future in queued)
    gate.set()
    assert await asyncio.gather(*held) == [4] * 4
    assert await asyncio.gather(*queued) == list(range(500))


async def test_one_thread_after_the_other_is_one_thread():
    pool = DaemonPool()
    loop = asyncio.get_running_loop()
    names = [await loop.run_in_executor(pool, threading.get_ident)]
    names += [await loop.run_in_executor(pool, threading.get_ident) for _ in range(20)]
    # A thread is free again a moment after its result is there.
    assert len(set(names)) < 5


async def test_faults_reach_the_one_who_awaits_and_the_thread_goes_on():
    pool = DaemonPool(1)
    loop = asyncio.get_running_loop()
    with pytest.raises(ZeroDivisionError):
        await loop.run_in_executor(pool, lambda: 1 / 0)
    assert await loop.run_in_executor(pool, int, "7") == 7


def test_a_job_that_hangs_does_not_hold_up_the_end():
    script = """
import asyncio, threading
from radiotui.net.daemon_pool import DaemonPool

async def main():
    loop = asyncio.get_running_loop()
    loop.set_default_executor(DaemonPool())
    begun = threading.Event()
    def hang():
        begun.set()
        threading.Event().wait()
    hanging = loop.run_in_executor(None, hang)
    await asyncio.to_thread(begun.wait)

asyncio.run(main())
print("ended", flush=True)
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert ended.stdout == "ended\n"
