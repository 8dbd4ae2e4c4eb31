"""Search among the recordings: the one search's questions, put to a list of files."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from radiotui.problems import Problem, ProblemKind
from radiotui.recording.model import RecordedFile
from radiotui.store.search import SearchQuery
from radiotui.text import nearest


def matching(
    files: Sequence[RecordedFile], query: SearchQuery, station_name: str = ""
) -> list[RecordedFile]:
    """The files that match, in their order. ``station_name`` is that of the query's station.

    Blocks. The words are compared as those of stories are, by SQLite's FTS5.
    """
    by_words = _with_words(files, query.match) if query.match else list(files)
    return [file for file in by_words if _passes(file, query, station_name)]


def by_name(files: Sequence[RecordedFile], name: str, folder: Path) -> RecordedFile:
    """The file with this path, file name, or title, in this order.

    A path may begin in ``folder``, a file's name may lack its ending. Raises Problem where none
    has it, or several have. Blocks.
    """
    # Path itself would raise for a user who is not there.
    path = Path(os.path.expanduser(name)).absolute()  # noqa: PTH111
    paths = {path, folder.expanduser().absolute() / name}
    ways = (
        [file for file in files if file.file in paths],
        [file for file in files if name in {file.file.name, file.file.stem}],
        [file for file in files if name.casefold() in _titles(file)],
    )
    named = next(filter(None, ways), [])
    if not named:
        likely = nearest(name, [word for file in files for word in (file.file.stem, file.title)])
        hint = f"did you mean {likely!r}?" if likely else "'radiotui recordings' lists them"
        raise Problem(f"there is no recording {name!r}", hint, kind=ProblemKind.NOT_FOUND)
    if len(named) > 1:
        names = ", ".join(repr(file.file.name) for file in named[:5])
        raise Problem(f"{len(named)} recordings are called {name!r}", f"name one of {names}")
    return named[0]


def _titles(file: RecordedFile) -> set[str]:
    return {file.name.casefold(), file.title.casefold()}


def _passes(file: RecordedFile, query: SearchQuery, station_name: str) -> bool:
    # A recording is neither unread nor starred, and no feed brought it.
    if query.unread or query.starred or query.heard or query.author:
        return False
    if query.since is not None and file.began < query.since:
        return False
    names = {name.casefold() for name in (station_name, query.station) if name}
    return not names or file.station_name.casefold() in names


def _with_words(files: Sequence[RecordedFile], match: str) -> list[RecordedFile]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(
            "CREATE VIRTUAL TABLE file USING fts5"
            " (words, tokenize = 'unicode61 remove_diacritics 2')"
        )
        connection.executemany(
            "INSERT INTO file (rowid, words) VALUES (?, ?)",
            ((number, words_of_file(file)) for number, file in enumerate(files)),
        )
        rows = connection.execute(
            "SELECT rowid FROM file WHERE words MATCH ? ORDER BY rowid", (match,)
        )
        return [files[number] for (number,) in rows]


def words_of_file(file: RecordedFile) -> str:
    """All words by which a recording is found."""
    return "\n".join((file.title, file.artist, file.programme, file.station_name))
