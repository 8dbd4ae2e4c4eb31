"""Disks that are full and folders that cannot be written: said, and the radio goes on."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lab.radio_lab import cannot
from tests.servers import Connection, serving
from tests.sounds import encode
from tests.terminal import Terminal

FEED = (
    b"<rss version='2.0'><channel><title>News</title><item><guid>1</guid>"
    b"<title>Snow on the peaks</title><description>Deep.</description></item></channel></rss>"
)

Mount = Callable[..., Path]


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Mount]:
    """A small file system in memory, with options of its own."""
    mounted: list[Path] = []

    def mount(name: str, options: str) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        may = os.geteuid() == 0 and shutil.which("mount") is not None
        if not may or subprocess.run(command, capture_output=True).returncode:
            cannot("a file system can only be mounted by root, with mount")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def live(connection: Connection) -> None:
    connection.live(icy_br="128")
    connection.send(encode("mp3", 30) * 4)
    connection.hang()


def feed(connection: Connection) -> None:
    connection.answer(FEED, "application/rss+xml")


def test_a_full_disk_is_told_and_the_radio_goes_on(
    start: Callable[..., Terminal], station_file: Callable[..., str], mount: Mount
) -> None:
    full = mount("full", "size=64k")
    (full / "filler").write_bytes(bytes(60_000))
    with serving(live=live, feed=feed) as server:
        stations = station_file(server.url("/live"), server.url("/feed"))
        terminal = start(
            "--stations", stations, XDG_CACHE_HOME=str(full), XDG_DATA_HOME=str(full),
            XDG_STATE_HOME=str(full),
        )  # fmt: skip
        terminal.until("Radio Test")
        terminal.type("\r")
        terminal.until("LIVE")
        # More than a minute ahead of real time the server waits; by then a segment was full.
        terminal.until("cannot be written", "LIVE")
        terminal.type("q")
        assert terminal.ended() == 0
    assert (full / "filler").stat().st_size == 60_000


def test_a_configuration_folder_that_cannot_be_written_is_told(
    start: Callable[..., Terminal], mount: Mount
) -> None:
    read_only = mount("read-only", "ro,size=64k")
    nobody = {"HTTP_PROXY": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9"}
    terminal = start(XDG_CONFIG_HOME=str(read_only), **nobody)
    # The list that comes with radiotui is used instead.
    terminal.until("built-in list", "KNAU")
    terminal.type("q")
    assert terminal.ended() == 0
