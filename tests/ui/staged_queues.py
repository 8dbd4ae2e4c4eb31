"""The queues of a staged companion: what the sheets see of the real ones, at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from radiotui.app.queue_table import QueueContent, QueueFill
from radiotui.app.queues import Queues
from radiotui.problems import Problem
from radiotui.store.queue_changes import QueueChange
from radiotui.store.queues import StoredQueue


class StagedQueues(Queues):
    """Queues by name, of which one is in use; what is asked of them is noted."""

    def __init__(self, real: Queues, note: Callable[[tuple[Any, ...]], None]) -> None:
        super().__init__(real.deps)
        self._note = note
        self.listed = [StoredQueue("Main", "", 3, 449.0), StoredQueue("Evening")]
        self.in_use = "Main"
        self.undone: QueueChange | None = None
        self.filled: QueueFill | Problem = QueueFill(0)

    async def names(self) -> tuple[list[StoredQueue], str]:
        """As laid ready."""
        return self.listed, self.in_use

    async def fill(self) -> QueueFill:
        """What was laid ready."""
        self._note(("fill",))
        if isinstance(self.filled, Problem):
            raise self.filled
        return self.filled

    async def undo(self) -> QueueChange | None:
        """What was laid ready."""
        self._note(("undo_queue",))
        return self.undone

    async def use(self, name: str) -> None:
        """Use it."""
        self._note(("use_queue", name))
        self.in_use = name

    async def make(self, name: str) -> None:
        """Begin it."""
        if any(queue.name == name for queue in self.listed):
            raise Problem(f"There is a queue “{name}” already")
        self._note(("make_queue", name))
        self.listed = [*self.listed, StoredQueue(name)]
        self.in_use = name

    async def rename(self, name: str, new_name: str) -> None:
        """Call it otherwise."""
        self._note(("rename_queue", name, new_name))
        self.listed = [
            StoredQueue(new_name, queue.rule) if queue.name == name else queue
            for queue in self.listed
        ]

    async def delete(self, name: str) -> StoredQueue:
        """Let go of it."""
        self._note(("delete_queue", name))
        (gone,) = [queue for queue in self.listed if queue.name == name]
        self.listed = [queue for queue in self.listed if queue.name != name]
        return gone

    async def set_rule(self, typed: str) -> str:
        """Keep it."""
        self._note(("rule", typed))
        if "nobody" in typed:
            raise Problem("there is no podcast 'nobody'", "'radiotui podcasts' lists what there is")
        self._shown = QueueContent(StoredQueue("Main", typed))
        return typed
