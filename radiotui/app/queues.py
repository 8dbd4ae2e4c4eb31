"""Queues: what is to be heard, in the store's own tables, and the one that the player shows.

The table is the truth. What the listener wishes is written first and shown then; what the player
does by itself (it goes on to the next item) is written behind it. Both change only the rows that
differ, so that two programs on one store keep what either adds.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from radiotui.app import queue_items, queue_table
from radiotui.app.deps import RoomDeps
from radiotui.app.queue_table import QueueContent, QueueFill
from radiotui.player.intents import (
    ClearQueue,
    Enqueue,
    EnqueueNext,
    MoveInQueue,
    PlayQueue,
    QueueIntent,
    RemoveFromQueue,
    ShowQueue,
    SkipQueueItem,
)
from radiotui.player.queue import MOST_QUEUED, Queue, added, added_next, merged, moved, without
from radiotui.problems import Problem, ProblemKind
from radiotui.text import shorten

if TYPE_CHECKING:
    import sqlite3

    from radiotui.player.player import Player
    from radiotui.player.state import PlayerState
    from radiotui.store import Store
    from radiotui.store.queue_changes import QueueChange
    from radiotui.store.queues import StoredQueue

log = logging.getLogger(__name__)

T = TypeVar("T")

_LOOK_EVERY_SECONDS = 2.0
"""Seconds between two looks for what another program did to the queue."""
_CLOSING_SECONDS = 0.2
_AGAIN_SECONDS = 5.0
"""Seconds after which a change is written again that the store did not take."""

Chosen = Callable[[str, Queue], Awaitable[tuple[Queue, Problem | None]]]
"""Gives what a rule adds to a queue, and why that is not all that it could be."""


class QueuesDeps(RoomDeps, frozen=True):
    """Dependencies of :class:`Queues`."""

    chosen: Chosen
    checked_rule: Callable[[str], Awaitable[str]]
    """Gives a typed rule as it is stored. Raises Problem for one that cannot be used."""


class Queues:
    """The listener's queues. Questions and changes are awaited and raise Problem."""

    def __init__(self, deps: QueuesDeps) -> None:
        self.deps = deps
        self._player: Player | None = None
        self._opened_store: Store | None = None
        self._turn = asyncio.Lock()
        self._shown = QueueContent()
        """The queue in use as the table has it, and the player knows it."""
        self._syncing: asyncio.Task[None] | None = None
        self._data_version = -1
        self._story = ""
        self._filled_for = ""
        """The item at whose begin the queue was filled by itself."""
        self._skipped: set[str] = set()
        """Keys that the listener's own skip takes out of the queue: that can be undone."""

    async def open(self, player: Player, store: Store) -> None:
        """Show the player the queue in use, and follow it from now on.

        The services need not run yet: the first screen shows what is to be heard.
        """
        self._player, self._opened_store = player, store
        try:
            self._show(await self.content(), player.state.queue)
        except Problem as problem:
            self.deps.notify(problem)
        self.deps.spawn(self._watch())

    def do(self, player: Player, intent: QueueIntent) -> None:
        """Obey a front end's intent; returns at once."""
        if isinstance(intent, Enqueue | EnqueueNext | MoveInQueue | ClearQueue | RemoveFromQueue):
            self.deps.spawn(self._obey(player, intent))
            return
        if isinstance(intent, SkipQueueItem) and player.state.story is not None:
            self._skipped.add(player.state.story.key)
        if isinstance(intent, PlayQueue) and not player.state.queue and self._is_automatic:
            self.deps.spawn(self._fill_and_play(player))
            return
        player.do(intent)

    def receive(self, player_state: PlayerState) -> None:
        """Follow the player: write what it did to the queue, and fill one that runs dry."""
        if self._player is None:
            return
        story = player_state.story.key if player_state.story else ""
        changed = story != self._story or player_state.queue != self._shown.items
        self._story = story
        if changed and self._syncing is None:
            self._syncing = self.deps.spawn(self._sync())
        is_last = player_state.newscast and story and not player_state.upcoming
        if is_last and self._is_automatic and self._filled_for != story:
            self._filled_for = story
            self.deps.spawn(self._fill_by_itself())

    async def close(self) -> None:
        """Write the last change; briefly."""
        if self._syncing is not None:
            await asyncio.wait([self._syncing], timeout=_CLOSING_SECONDS)

    # Questions

    async def names(self) -> tuple[list[StoredQueue], str]:
        """Every queue, and the name of the one in use."""
        from radiotui.store import queues

        store = await self._store()
        return await store.look(lambda c: (queues.queues(c), queues.queue_in_use(c).name))

    async def content(self) -> QueueContent:
        """The queue in use, as it is stored."""
        store = await self._store()
        if await store.recall(queue_items.REMEMBERED) is not None:
            await self._change(lambda queue: queue)
        return await store.look(queue_table.content)

    @property
    def rule(self) -> str:
        """The rule of the queue that the player shows; empty: none."""
        return self._shown.queue.rule

    # Changes of the queue in use

    async def add(self, items: Queue, *, next_after: str | None = None) -> None:
        """Add items at the end; with ``next_after`` behind the one of that key, or at the front.

        Raises Problem where they are too many, or a file's name is no text.
        """
        for item in items:
            if not queue_items.is_text(item.path):
                hint = "the letters of its file's name are broken: rename it"
                raise Problem(f"“{shorten(item.title, 60)}” cannot be queued", hint)

        def with_them(queue: Queue) -> Queue:
            if next_after is None:
                after = added(queue, items)
            else:
                after = added_next(queue, items, next_after)
            keys = {item.key for item in after}
            if not keys.issuperset(item.key for item in (*queue, *items)):
                raise Problem(f"The queue is full: it takes {MOST_QUEUED}", "nothing was added")
            return after

        what = f"“{shorten(items[0].title, 60)}”" if len(items) == 1 else f"{len(items)} items"
        await self._change(with_them, f"{what} added")

    async def remove(self, key: str) -> None:
        """Take an item out."""
        await self._change(lambda queue: without(queue, key), "an item taken out")

    async def move(self, key: str, by: int, *, first: int = 0) -> None:
        """Move an item by so many places, at most to the end or to place ``first``."""
        await self._change(lambda queue: moved(queue, key, by, first=first), "an item moved")

    async def clear(self, but: str = "") -> None:
        """Take everything out, but for the item with the key ``but``."""

        def that_alone(queue: Queue) -> Queue:
            return tuple(item for item in queue if item.key == but)

        await self._change(that_alone, "all taken out")

    async def fill(self) -> QueueFill:
        """Fill the queue in use by its rule. Raises Problem where it has none."""
        content = await self.content()
        if not content.queue.rule:
            raise Problem(
                f"The queue “{content.queue.name}” has no rule to be filled by",
                "'radiotui podcasts queue rule' gives it one",
                kind=ProblemKind.USAGE,
            )
        items, problem = await self.deps.chosen(content.queue.rule, content.items)
        known = {item.key for item in content.items}
        new = tuple(item for item in items if item.key not in known)
        if new:
            await self.add(new)
        return QueueFill(len(new), problem)

    async def undo(self) -> QueueChange | None:
        """Take back the last change of any queue; None where none is known."""
        from radiotui.store.queue_changes import undo_change

        at = self.deps.clock()
        return await self._with_turn(lambda c: undo_change(c, at))

    # Several queues

    async def use(self, name: str) -> None:
        """Use another queue from now on. Raises Problem where there is none of that name."""
        from radiotui.store import queues

        await self._with_turn(lambda c: queues.use_queue(c, queue_table.named(c, name).name))

    async def make(self, name: str) -> None:
        """Begin a queue and use it. Raises Problem for a name that cannot be its."""
        from radiotui.store import queues

        name, at = queue_table.new_name(name), self.deps.clock()

        def make(connection: sqlite3.Connection) -> None:
            queue_table.assert_free(connection, name)
            queues.make_queue(connection, name, at)
            queues.use_queue(connection, name)
            queue_table.note(connection, at, queue=name, words=f"“{name}” begun", made=True)

        await self._with_turn(make)

    async def rename(self, name: str, new_name: str) -> None:
        """Call a queue otherwise. Raises Problem for a name that cannot be its."""
        from radiotui.store import queues

        new_name, at = queue_table.new_name(new_name), self.deps.clock()

        def rename(connection: sqlite3.Connection) -> None:
            old_name = queue_table.named(connection, name).name
            if new_name.casefold() != old_name.casefold():
                queue_table.assert_free(connection, new_name)
            queues.rename_queue(connection, old_name, new_name, at)
            queue_table.note(connection, at, queue=new_name, words="renamed", old_name=old_name)

        await self._with_turn(rename)

    async def delete(self, name: str) -> StoredQueue:
        """Delete a queue with all that is in it; :meth:`undo` brings it back."""
        from radiotui.store import queues
        from radiotui.store.queues import RowChange

        at = self.deps.clock()

        def delete(connection: sqlite3.Connection) -> StoredQueue:
            queue = queue_table.named(connection, name)
            rows = RowChange(tuple(queues.queued_rows(connection, queue.name)))
            queues.delete_queue(connection, queue.name)
            words = f"“{queue.name}” deleted"
            queue_table.note(
                connection, at, rows, queue=queue.name, words=words, deleted=True, rule=queue.rule
            )
            return queue

        return await self._with_turn(delete)

    async def set_rule(self, typed: str) -> str:
        """Fill the queue in use by another rule, empty: by none; the rule as it is stored.

        Raises Problem for one that is not understood or names no podcast of the list.
        """
        from radiotui.store import queues

        rule = await self.deps.checked_rule(typed) if typed.strip() else ""
        at = self.deps.clock()

        def change(connection: sqlite3.Connection) -> None:
            queue = queues.queue_in_use(connection)
            queues.set_rule(connection, queue.name, rule, at)
            queue_table.note(
                connection, at, queue=queue.name, words="another rule", rule=queue.rule
            )

        await self._with_turn(change)
        return rule

    # Inside

    async def _store(self) -> Store:
        return self._opened_store or (await self.deps.opened()).store

    @property
    def _is_automatic(self) -> bool:
        from radiotui.podcasts.queue_rule import read_rule

        with contextlib.suppress(Problem):
            return bool(self.rule) and read_rule(self.rule).is_automatic
        return False

    async def _obey(self, player: Player, intent: QueueIntent) -> None:
        if self._player is None:
            await self.open(player, await self._store())
        state = player.state
        first = state.queue[0].key if state.queue else ""
        heard = first if state.newscast and state.story and state.story.key == first else ""
        match intent:
            case Enqueue(items):
                await self.add(items)
            case EnqueueNext(items):
                await self.add(items, next_after=heard)
            case MoveInQueue(key, by):
                # The item at the ear stays the first.
                await self.move(key, by, first=int(bool(heard)))
            case ClearQueue():
                await self.clear(heard)
            case RemoveFromQueue(key):
                await self.remove(key)
                player.do(intent)

    async def _change(self, pure: Callable[[Queue], Queue], words: str = "") -> None:
        """Change the queue in use, and show it; with ``words`` that can be undone."""
        at = self.deps.clock()

        def change(connection: sqlite3.Connection) -> None:
            content = queue_table.content(connection)
            known = {item.key for item in content.items}
            remembered = queue_items.take_over_remembered(connection)
            taken_over = (item for item in remembered if item.key not in known)
            after = pure((*content.items, *taken_over))
            queue_table.write(connection, content, after, at, words)

        await self._with_turn(change)

    async def _with_turn(self, change: Callable[[sqlite3.Connection], T]) -> T:
        """Do a change in its turn, behind what the player did before, and show what comes of it."""
        store, at = await self._store(), self.deps.clock()
        async with self._turn:
            player, before = self._player, self._shown
            mine = player.state.queue if player else before.items
            skipped = frozenset(self._skipped)

            def work(connection: sqlite3.Connection) -> tuple[T, QueueContent]:
                if mine != before.items:
                    queue_table.write_behind(connection, before, mine, skipped, at)
                return change(connection), queue_table.content(connection)

            answer, content = await store.ask(work)
            self._skipped -= skipped
            self._show(content, mine)
        return answer

    def _show(self, content: QueueContent, mine: Queue) -> None:
        """Hand the stored queue to the player, with what it has done meanwhile."""
        self._shown = content
        if self._player is not None:
            now = merged(content.items, mine, self._player.state.queue)
            self._player.do(ShowQueue(now, content.shown_name))

    async def _sync(self) -> None:
        """Write what the player did, and show what others did."""
        try:
            await self._with_turn(lambda _: None)
            while self._player and self._player.state.queue != self._shown.items:
                await self._with_turn(lambda _: None)
        except Problem as problem:
            self.deps.notify(problem)
            await asyncio.sleep(_AGAIN_SECONDS)
        finally:
            self._syncing = None

    async def _watch(self) -> None:
        """Look now and then whether another program has written, as long as there is a screen."""
        store = await self._store()
        while True:
            await asyncio.sleep(_LOOK_EVERY_SECONDS)
            try:
                version = await store.look(
                    lambda c: int(c.execute("PRAGMA data_version").fetchone()[0])
                )
                if version != self._data_version:
                    content = await store.look(queue_table.content)
                    self._data_version = version
                    if content != self._shown:
                        await self._with_turn(lambda _: None)
            except Problem as problem:
                log.warning("the queue is not followed just now: %s", problem)

    async def _fill_by_itself(self) -> None:
        filled = await self.fill()
        log.info("%d items were added by the queue's rule: %s", filled.count, filled.problem)

    async def _fill_and_play(self, player: Player) -> None:
        filled = await self.fill()
        if not filled.count:
            raise filled.problem or Problem("The queue's rule finds nothing to hear just now")
        player.do(PlayQueue())
