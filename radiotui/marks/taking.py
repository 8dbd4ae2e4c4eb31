"""Taking of marks and alarms: several programs run, and one alone records or rings."""

from __future__ import annotations

import os
from datetime import datetime
from functools import partial
from typing import Protocol

from radiotui.files import process_is_alive
from radiotui.store import taking as rows
from radiotui.store.store import Store
from radiotui.store.taking import TakenTable


class Taken(Protocol):
    """A mark or an alarm."""

    @property
    def id(self) -> int:
        """Its number in the store."""
        ...

    @property
    def begins_at(self) -> datetime:
        """The time of its next broadcast or ring."""
        ...

    @property
    def taken_by(self) -> int | None:
        """The process that does it."""
        ...


def is_taken(entry: Taken) -> bool:
    """True while the process that has taken it lives."""
    return entry.taken_by is not None and process_is_alive(entry.taken_by)


async def take(store: Store, table: TakenTable, entry: Taken) -> bool:
    """Take it for this process; False where another has it. Raises Problem."""
    query = partial(
        rows.take,
        table=table,
        row=entry.id,
        begins_at=int(entry.begins_at.timestamp()),
        process=os.getpid(),
        ended=None if is_taken(entry) else entry.taken_by,
    )
    return await store.ask(query)
