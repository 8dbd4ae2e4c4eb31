"""The store's file and the one thread that speaks to it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from radiotui.files import free_path, keep_private, make_private_folder, open_private
from radiotui.problems import Problem, ProblemKind
from radiotui.store.schema import migrate

if TYPE_CHECKING:
    import sqlite3

log = logging.getLogger(__name__)

T = TypeVar("T")

_HEADER = b"SQLite format 3\x00"


class Store:
    """Data that outlives the program: stories, what was read, small words such as the volume.

    Making one does no IO. The file is opened by the store's own thread at the
    first question; a file that could not be opened is tried again at the next. A file that
    another radiotui writes to is waited for, ``busy_seconds`` at most.
    """

    def __init__(
        self, path: Path, *, clock: Callable[[], datetime], busy_seconds: float = 5.0
    ) -> None:
        self._path = path
        self._busy_seconds = busy_seconds
        self._clock = clock
        self._questions: queue.SimpleQueue[tuple[Callable[[Any], Any], bool, Future[Any]] | None]
        self._questions = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._connection: sqlite3.Connection | None = None
        self._closing = False

    async def ask(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """Run ``query`` on the store's thread as one transaction; an error undoes it all.

        Raises Problem when the file cannot be opened, written or trusted. A
        damaged file is kept under another name; the next question finds a new one.
        """
        return await self._put(query, writes=True)

    async def look(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """As :meth:`ask`, for a ``query`` that writes nothing: it waits for no other radiotui."""
        return await self._put(query, writes=False)

    async def remember(self, key: str, value: str) -> None:
        """Keep a small word for the next start: the last station, the volume."""
        await self.ask(
            lambda connection: connection.execute(
                "INSERT INTO memory (key, value) VALUES (?, ?)"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (key, value),
            ).close()
        )

    async def recall(self, key: str) -> str | None:
        """The word last kept under ``key``."""
        row = await self.look(
            lambda connection: connection.execute(
                "SELECT value FROM memory WHERE key = ?", (key,)
            ).fetchone()
        )
        return None if row is None else str(row[0])

    async def recall_all(self, prefix: str) -> dict[str, str]:
        """Every word whose key begins so, by the rest of the key."""
        rows = await self.look(
            lambda connection: connection.execute(
                "SELECT substr(key, ?), value FROM memory WHERE substr(key, 1, ?) = ?",
                (len(prefix) + 1, len(prefix), prefix),
            ).fetchall()
        )
        return {str(key): str(value) for key, value in rows}

    async def close(self) -> None:
        """Answer what was asked before, then let go of the file."""
        if not self._closing:
            self._closing = True
            self._questions.put(None)
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join)

    async def _put(self, query: Callable[[sqlite3.Connection], T], *, writes: bool) -> T:
        if self._closing:
            raise Problem("The store is closed already", "radiotui is ending")
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="radiotui-store", daemon=True)
            self._thread.start()
        answer: Future[T] = Future()
        self._questions.put((query, writes, answer))
        return await asyncio.wrap_future(answer)

    def _serve(self) -> None:
        while (question := self._questions.get()) is not None:
            query, writes, answer = question
            if not answer.set_running_or_notify_cancel():
                continue
            try:
                result = self._answer(query, writes=writes)
            except BaseException as error:  # handed to whoever awaits it
                answer.set_exception(error)
            else:
                answer.set_result(result)
        self._let_go()

    def _answer(self, query: Callable[[sqlite3.Connection], T], *, writes: bool) -> T:
        import sqlite3

        try:
            if self._connection is None:
                self._connection = self._open()
            return _transaction(self._connection, query, writes=writes)
        except sqlite3.DatabaseError as error:
            # An extended code carries the primary one in its low byte.
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
                raise self._set_aside(str(error)) from error
            problem = _in_words(code, self._path, str(error))
            if problem is None:
                raise
            raise problem from error

    def _open(self) -> sqlite3.Connection:
        import sqlite3

        try:
            make_private_folder(self._path.parent)
            self._look_at_header()
        except OSError as error:
            raise Problem(
                f"{self._path} cannot be opened", error.strerror or str(error), repr(error)
            ) from error
        self._keep_private()
        connection = sqlite3.connect(self._path, timeout=self._busy_seconds, isolation_level=None)
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            migrate(connection, self._path.name)
            _write_ahead(connection)
            # With WAL this keeps the file whole through a crash of the program or the machine.
            connection.execute("PRAGMA synchronous = NORMAL")
        except BaseException:
            connection.close()
            raise
        return connection

    def _keep_private(self) -> None:
        # SQLite makes its files as the umask wants, and those beside it as this one is.
        if not self._path.exists():
            with contextlib.suppress(OSError):
                open_private(self._path, "ab").close()
        keep_private(self._path)

    def _look_at_header(self) -> None:
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            header = file.read(len(_HEADER))
        if not header or header == _HEADER:
            return
        if not header.strip(b"\x00"):
            # A machine that lost power can leave a file of zeros.
            raise self._set_aside("the file begins with zeros")
        raise Problem(
            f"{self._path} is not radiotui's store",
            "something else is in that file: move it away, and a new one is begun",
        )

    def _set_aside(self, detail: str) -> Problem:
        """Keep the damaged file under another name; what to tell about it."""
        self._let_go()
        new_path = self._free_name()
        try:
            for ending in ("", "-wal", "-shm"):
                part = self._path.with_name(self._path.name + ending)
                if part.exists():
                    part.rename(new_path.with_name(new_path.name + ending))
        except OSError as error:
            return Problem(
                f"{self._path} is damaged", f"and cannot be moved away: {error.strerror}", detail
            )
        log.error("%s is damaged (%s), new_path as %s", self._path, detail, new_path.name)
        return Problem(
            f"{self._path.name} was damaged: what was read and starred is lost",
            f"it was new_path as {new_path}, and a new one was begun",
            detail,
        )

    def _free_name(self) -> Path:
        name = f"{self._path.stem}.damaged-{self._clock():%Y%m%d-%H%M%S}"
        return free_path(self._path.with_name(name + self._path.suffix))

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _write_ahead(connection: sqlite3.Connection) -> None:
    import sqlite3

    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        # The mode is the file's, and another radiotui is setting it: SQLite does not wait here.
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise


def _transaction(
    connection: sqlite3.Connection, query: Callable[[sqlite3.Connection], T], *, writes: bool
) -> T:
    # IMMEDIATE: a question that reads first and writes then would otherwise fail at once,
    # without waiting, when another radiotui wrote in between.
    connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
    try:
        result = query(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return result


def _in_words(code: int, path: Path, detail: str) -> Problem | None:
    """Problem for SQLite's result code; None for a mistake of our own."""
    import sqlite3

    if code == sqlite3.SQLITE_FULL:
        return Problem(
            "The disk is full", f"{path} cannot grow: make room", detail, kind=ProblemKind.FULL_DISK
        )
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return Problem(
            f"{path.name} is in use", "another radiotui is writing to it: try again", detail
        )
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}:
        return Problem(
            f"{path} may not be written",
            "check the folder's permissions",
            detail,
            kind=ProblemKind.NOT_WRITABLE,
        )
    if code == sqlite3.SQLITE_CANTOPEN:
        return Problem(
            f"{path} cannot be opened", "check the folder, and that it may be written", detail
        )
    if code == sqlite3.SQLITE_IOERR:
        return Problem(
            f"{path} cannot be read or written", "the disk may be full or failing", detail
        )
    return None
