"""Containment of unexpected exceptions: logged, shown in one line, and the program goes on."""

from __future__ import annotations

from textual.worker import Worker, WorkerState

from radiotui.problems import Problem
from radiotui.ui.kit.textual_private import GuardedPump, report_fault


class FaultBarrier(GuardedPump):
    """A widget, a screen or an app that survives an exception in a handler or a worker."""

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Report the exception of a worker that ended (exit_on_error=False)."""
        if event.state is WorkerState.ERROR and isinstance(event.worker.error, Exception):
            report_fault(self.app, event.worker.error)


def as_problem(error: Exception) -> Problem:
    """The Problem that a listener reads about an exception."""
    if isinstance(error, Problem):
        return error
    return Problem(
        "Something unexpected went wrong",
        f"{type(error).__name__}: {str(error)[:120]} (the log has the details)",
    )
