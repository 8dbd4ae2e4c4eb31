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
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from radiotui.files import FileIdentity, identity, keep_private, make_private_folder, open_private
from radiotui.problems import Problem
from radiotui.store.failures import in_words, result_code
from radiotui.store.pages import HEADER, Damage
from radiotui.store.schema import migrate

if TYPE_CHECKING:
    import sqlite3

log = logging.getLogger(__name__)

T = TypeVar("T")

_OF_A_WRONG_VALUE = (ValueError, TypeError, ArithmeticError, OSError)
"""Errors of a query that met a value which cannot be in the file."""


class Store:
    """Data that outlives the program: stories, what was read, small words such as the volume.

    Making one does no IO. The file is opened by the store's own thread at the
    first question; a file that could not be opened is tried again at the next. A file that
    another radiotui writes to is waited for, ``busy_seconds`` at most. A damaged file is
    replaced by one with all that can be read of it: ``on_problem`` is told so, on the loop.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], datetime],
        busy_seconds: float = 5.0,
        on_problem: Callable[[Problem], None] = lambda _: None,
    ) -> None:
        self._path = path
        self._busy_seconds = busy_seconds
        self._clock = clock
        self._on_problem = on_problem
        self._unreported: queue.SimpleQueue[Problem] = queue.SimpleQueue()
        self._file: FileIdentity | None = None
        self._is_sound = False
        self._questions: queue.SimpleQueue[tuple[Callable[[Any], Any], bool, Future[Any]] | None]
        self._questions = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._connection: sqlite3.Connection | None = None
        self._closing = False

    async def ask(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """Run ``query`` on the store's thread as one transaction; an error undoes it all.

        Raises Problem when the file cannot be opened, written or trusted. Where the file
        proves damaged, ``query`` is run once more, on the file that replaces it.
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

    async def check(self) -> None:
        """Look for damage that no question has met yet; other questions come between."""
        from radiotui.store.tables import check_names, check_search, check_table, whole_schema

        tables, names = await asyncio.to_thread(whole_schema)
        await self.look(lambda connection: check_names(connection, names))
        for table in tables:
            await self.look(partial(check_table, table=table))
        await self.ask(check_search)

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
        try:
            return await asyncio.wrap_future(answer)
        finally:
            while not self._unreported.empty():
                self._on_problem(self._unreported.get())

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
            try:
                return self._try(query, writes=writes)
            except Exception as error:
                damage = self._damage_behind(error)
                if damage is None:
                    raise
            self._replace_file(damage)
            return self._try(query, writes=writes)
        except sqlite3.Error as error:
            problem = in_words(error, self._path)
            if problem is None:
                raise
            raise problem from error

    def _try(self, query: Callable[[sqlite3.Connection], T], *, writes: bool) -> T:
        if self._connection is None:
            self._connection = self._open()
        return _transaction(self._connection, query, writes=writes)

    def _damage_behind(self, error: Exception) -> str | None:
        """The damage in the file that led to ``error``; None where there is none."""
        import sqlite3

        if isinstance(error, (Damage, UnicodeDecodeError)):
            return str(error)
        code = result_code(error)
        if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            return str(error)
        if isinstance(error, sqlite3.OperationalError) and not code:
            # Python's own: a text that is not UTF-8.
            return str(error)
        if code in {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT}:
            return self._unseen_damage() if self._connection else str(error)
        return self._unseen_damage() if isinstance(error, _OF_A_WRONG_VALUE) else None

    def _unseen_damage(self) -> str | None:
        """Damage that SQLite has not noticed; looked for until the file proved sound."""
        import sqlite3

        from radiotui.store.tables import check_names, check_table, whole_schema

        if self._is_sound or self._connection is None:
            return None
        tables, names = whole_schema()
        try:
            check_names(self._connection, names)
            for table in tables:
                check_table(self._connection, table)
        except (Damage, sqlite3.DatabaseError) as error:
            return str(error)
        self._is_sound = True
        return None

    def _replace_file(self, damage: str) -> None:
        from radiotui.store.replacement import replace_damaged

        self._let_go()
        if self._file is not None:
            problem = replace_damaged(self._path, self._file, self._clock(), damage)
            if problem is not None:
                self._unreported.put(problem)

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
        with contextlib.suppress(OSError):
            self._file = identity(self._path)
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
        self._file = identity(self._path)
        if self._path.is_dir() or self._path.is_file():
            with self._path.open("rb") as file:
                header = file.read(len(HEADER))
            if not header or header == HEADER:
                return
            # A machine that lost power can leave a file of zeros.
            if not header.strip(b"\x00") or self._has_rows():
                raise Damage("the file does not begin as a store")
        raise Problem(
            f"{self._path} is not radiotui's store",
            "something else is in that file: move it away, and a new one is begun",
        )

    def _has_rows(self) -> bool:
        from radiotui.store.rescue import is_store
        from radiotui.store.tables import whole_schema

        return is_store(self._path, whole_schema()[0])

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
