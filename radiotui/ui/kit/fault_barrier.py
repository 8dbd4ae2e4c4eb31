"""What goes wrong unexpectedly is logged and told in one line, and the program goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.message_pump import MessagePump
from textual.worker import Worker, WorkerState

from radiotui.problems import Problem

if TYPE_CHECKING:
    from textual.message import Message


class FaultBarrier(MessagePump):
    """A widget, a screen or an app that survives an exception in one of its handlers.

    Textual ends the whole program at the first one. Composing and mounting are
    left alone: what is not there cannot go on.
    """

    async def _dispatch_message(self, message: Message) -> None:
        # The one place that every handler, action and bound watcher passes. An exception that
        # leaves it ends the message loop of this widget for good, whatever the app does then.
        try:
            await super()._dispatch_message(message)
        except Exception as error:
            if not self._is_mounted or isinstance(message, events.Compose | events.Mount):
                raise
            self.app._handle_exception(error)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Workers end alone (exit_on_error=False); what they died of is told here."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            error = event.worker.error
            if isinstance(error, Exception):
                self.app._handle_exception(error)


def as_problem(error: Exception) -> Problem:
    """What a listener reads about it."""
    if isinstance(error, Problem):
        return error
    return Problem(
        "Something unexpected went wrong",
        f"{type(error).__name__}: {str(error)[:120]} (the log has the details)",
    )
