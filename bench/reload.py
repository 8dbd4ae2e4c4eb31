"""A hundred feeds asked from start to end of a process, beside ``newsboat -x reload``."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from statistics import median

from bench.feeds import ENTRIES, FEEDS, FeedServer, serving
from bench.start import home
from bench.table import Row

RUNS = 7
_WARM = 3
"""newsboat sends a feed's ETag from the third time on; radiotui from the second."""
_THREADS = (1, 16)
"""newsboat's own default, and as many as radiotui has under way at once."""
_CASES = (("new", "tagged", 3.0), ("304", "tagged", 1.0), ("unchanged, no 304", "plain", 1.5))


def rows() -> list[Row]:
    """New, unchanged with 304, unchanged without; each of both does all the work each time.

    newsboat has no limit per host: its threads each take the next feed.
    """
    newsboat = shutil.which("newsboat")
    with tempfile.TemporaryDirectory() as folder, serving() as server:
        return [
            row
            for what, kind, limit in _CASES
            for row in _case(Path(folder) / what, server, newsboat, what, kind, limit)
        ]


def _case(
    folder: Path, server: FeedServer, newsboat: str | None, what: str, kind: str, limit: float
) -> Iterator[Row]:
    fresh = what == "new"
    readers: dict[str, _Reader] = {"radiotui": _Radiotui(folder / "radiotui", server.urls(kind))}
    for threads in _THREADS if newsboat else ():
        name = f"newsboat, {threads} thr."
        readers[name] = _Newsboat(folder / name, server.urls(kind), str(newsboat), threads)
    times: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(0 if fresh else _WARM):
        for reader in readers.values():
            reader.reload()
    for _ in range(RUNS):
        for name, reader in readers.items():
            if fresh:
                reader.forget()
            times[name].append(reader.reload())
            kept = reader.kept()
            if kept != FEEDS * ENTRIES:
                raise RuntimeError(f"{name} kept {kept} entries")
    ours = median(times.pop("radiotui")) * 1000
    for name, taken in times.items():
        yield Row(f"{FEEDS} feeds, {what}", ours, "ms", name, median(taken) * 1000, limit)
    if not times:
        yield Row(f"{FEEDS} feeds, {what}", ours, "ms", "itself", ours)


class _Reader:
    """A reader of feeds, from the command to its end."""

    def __init__(self, folder: Path, command: list[str], store: str, question: str) -> None:
        self.env = home(folder)
        self._folder = folder
        self._command = command
        self._store = folder / store
        self._question = question

    def reload(self) -> float:
        """Seconds it takes to ask every feed."""
        begin = time.monotonic()
        done = subprocess.run(
            self._command, env=self.env, capture_output=True, text=True, check=False
        )
        taken = time.monotonic() - begin
        if done.returncode:
            raise RuntimeError(f"{self._command}: {done.stdout} {done.stderr}")
        return taken

    def forget(self) -> None:
        """As it was before the first time."""
        for path in self._store.parent.glob(f"{self._store.name}*"):
            path.unlink()

    def kept(self) -> int:
        """Entries in its store."""
        with closing(sqlite3.connect(self._store)) as store:
            return int(store.execute(self._question).fetchone()[0])


class _Radiotui(_Reader):
    def __init__(self, folder: Path, urls: list[str]) -> None:
        folder.mkdir(parents=True)
        stations = folder / "stations.toml"
        stations.write_text("".join(f'[[feed]]\nurl = "{url}"\n' for url in urls))
        command = [sys.executable, "-m", "radiotui", "--stations", str(stations)]
        store = "DATA/radiotui/radiotui.db"
        super().__init__(
            folder, [*command, "feeds", "refresh"], store, "SELECT count(*) FROM entry"
        )


class _Newsboat(_Reader):
    def __init__(self, folder: Path, urls: list[str], newsboat: str, threads: int) -> None:
        folder.mkdir(parents=True)
        (folder / "urls").write_text("".join(f"{url}\n" for url in urls))
        (folder / "config").write_text(f"reload-threads {threads}\n")
        places = {"-u": "urls", "-C": "config", "-c": "cache.db"}
        options = [word for key, name in places.items() for word in (key, str(folder / name))]
        question = "SELECT count(*) FROM rss_item"
        super().__init__(folder, [newsboat, *options, "-x", "reload"], "cache.db", question)
