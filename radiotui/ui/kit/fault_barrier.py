"""Containment of unexpected exceptions: logged, shown in one line, and the program goes on."""

from __future__ import annotations

from collections import deque

from textual.worker import Worker, WorkerState

from radiotui.ui.kit.textual_private import GuardedPump, report_fault

MOST_FAULTS = 20
BURST_SECONDS = 10.0


class FaultBarrier(GuardedPump):
    """A widget, a screen or an app that survives an exception in a handler or a worker."""

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Report the exception of a worker that ended (exit_on_error=False)."""
        if event.state is WorkerState.ERROR and isinstance(event.worker.error, Exception):
            report_fault(self.app, event.worker.error)


class FaultBurst:
    """Count of the faults that follow each other with no key between them.

    A fault that comes with every redraw never ends, and leaves no time for a key; one that
    comes with each story that is opened, or now and then in the background, is no reason to end.
    """

    def __init__(self) -> None:
        self._moments: deque[float] = deque(maxlen=MOST_FAULTS)

    def add(self, at: float) -> bool:
        """Count a fault at ``at`` (monotonic seconds); True where they do not end."""
        self._moments.append(at)
        return len(self._moments) == MOST_FAULTS and at - self._moments[0] < BURST_SECONDS

    def begin_anew(self) -> None:
        """The listener goes on: what was before does not count."""
        self._moments.clear()
