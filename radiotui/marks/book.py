"""The programme marks in the store, and what was missed of them."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, time
from functools import partial

from msgspec.structs import replace

from radiotui.marks.model import ACTIONS, MarkAction, MissedProgramme, ProgrammeMark, WeekSlot
from radiotui.marks.taking import take
from radiotui.store import marks as rows
from radiotui.store.marks import StoredMark, StoredMiss
from radiotui.store.store import Store
from radiotui.text import clean

log = logging.getLogger(__name__)


class MarkBook:
    """Marks by id. Everything asks the store, which other programs change, and raises Problem."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def marks(self) -> list[ProgrammeMark]:
        """All marks, the next one first."""
        return [_mark(row) for row in await self._store.look(rows.stored_marks)]

    async def mark(self, mark_id: int) -> ProgrammeMark | None:
        """The mark of that id."""
        return next((mark for mark in await self.marks() if mark.id == mark_id), None)

    async def add(self, mark: ProgrammeMark) -> ProgrammeMark:
        """Put a new mark into the store; the same with its id."""
        mark_id = await self._store.ask(partial(rows.store_mark, mark=_row(mark)))
        return replace(mark, id=mark_id)

    async def change(self, mark: ProgrammeMark, before: ProgrammeMark) -> bool:
        """Replace a mark; False where its broadcast was dealt with meanwhile."""
        begins_at = int(before.begins_at.timestamp())
        change = partial(rows.replace_mark, mark=_row(mark), begins_at=begins_at)
        return await self._store.ask(change)

    async def remove(self, mark_id: int) -> bool:
        """Remove a mark; False where it is not there."""
        return await self._store.ask(partial(rows.remove_mark, mark=mark_id))

    async def take(self, mark: ProgrammeMark) -> bool:
        """Record this broadcast in this process, and in no other; False where another does."""
        return await take(self._store, "programme_mark", mark)

    async def missed(self) -> list[MissedProgramme]:
        """The broadcasts that were missed, the newest first."""
        return [_missed(row) for row in await self._store.look(rows.stored_misses)]

    async def note_missed(self, mark: ProgrammeMark, reason: str) -> None:
        """Note that a mark's broadcast was missed."""
        begins_at = int(mark.begins_at.timestamp())
        row = StoredMiss(
            begins_at, mark.action, mark.station, mark.stream, mark.title, reason, told=0
        )
        await self._store.ask(partial(rows.store_miss, miss=row))

    async def note_told(self) -> None:
        """Note that the listener knows of everything that was missed."""
        await self._store.ask(rows.note_told)


def lost_reason(mark: ProgrammeMark) -> str:
    """The reason why a broadcast that is over was not recorded."""
    return "radiotui did not run" if mark.taken_by is None else "it ended too early"


def _row(mark: ProgrammeMark) -> StoredMark:
    return StoredMark(
        mark.id,
        mark.action,
        mark.station,
        mark.stream,
        clean(mark.title),
        int(mark.begins_at.timestamp()),
        int(mark.ends_at.timestamp()) if mark.ends_at else None,
        f"{mark.slot.weekday} {mark.slot.at:%H:%M}" if mark.slot else "",
        int(mark.has_timer),
        mark.taken_by,
    )


def _mark(row: StoredMark) -> ProgrammeMark:
    return ProgrammeMark(
        row.id,
        _action(row.action),
        row.station,
        row.stream,
        row.title,
        _moment(row.begins_at),
        None if row.ends_at is None else _moment(row.ends_at),
        _slot(row.slot),
        bool(row.timer),
        row.taken_by,
    )


def _missed(row: StoredMiss) -> MissedProgramme:
    return MissedProgramme(
        _action(row.action),
        row.station,
        row.stream,
        row.title,
        _moment(row.begins_at),
        row.reason,
        is_new=not row.told,
    )


def _action(word: str) -> MarkAction:
    return next((action for action in ACTIONS if action == word), "remind")


def _slot(word: str) -> WeekSlot | None:
    weekday, _, at = word.partition(" ")
    try:
        return WeekSlot(int(weekday) % 7, time.fromisoformat(at)) if word else None
    except ValueError:
        log.warning("a time of the week that cannot be read: %r", word)
        return None


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
