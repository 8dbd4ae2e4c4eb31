"""Work that waits until the listener, or the services, have come to rest."""

from __future__ import annotations

import logging

from radiotui.app.updates import Snapshot
from radiotui.problems import Problem
from radiotui.stories.model import StoryList
from radiotui.ui.kit.rest_timer import RestTimer
from radiotui.ui.screens.view import MainView

log = logging.getLogger(__name__)


class AfterRest:
    """Counts the unread stories of every feed once a list of stories has come."""

    COUNT_SECONDS = 1.0
    """Lists come in swarms."""

    def __init__(self, view: MainView) -> None:
        self._view = view
        self._counting = RestTimer(view, self.count_unread)

    def note(self, snapshot: Snapshot) -> None:
        """Note a new snapshot."""
        if isinstance(snapshot, StoryList) and not snapshot.refreshing:
            self._counting.restart(self.COUNT_SECONDS)

    def count_unread(self) -> None:
        """Count them now."""
        self._view.run_worker(self._count(), group="unread", exclusive=True, exit_on_error=False)

    async def _count(self) -> None:
        try:
            states = await self._view.companion.stories.feed_states()
        except Problem as problem:
            # The list of stories says so already.
            log.info("unread stories are not counted: %s", problem)
            return
        self._view.unread = {state.url: state.unread for state in states}
