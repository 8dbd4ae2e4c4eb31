"""Work that waits until the listener, or the services, have come to rest."""

from __future__ import annotations

import logging

from radiotui.app.updates import Snapshot
from radiotui.guide.model import OnAir
from radiotui.problems import Problem
from radiotui.stories.model import StoryList
from radiotui.ui.kit.rest_timer import RestTimer
from radiotui.ui.screens.view import MainView

log = logging.getLogger(__name__)


class AfterRest:
    """Previews what is under the cursor, and counts unread stories once a list has come."""

    COUNT_SECONDS = 1.0
    """Lists come in swarms."""
    FRONT_SECONDS = 0.5
    """Rest on a row before it is previewed."""

    def __init__(self, view: MainView) -> None:
        self._view = view
        self._counting = RestTimer(view, self.count_unread)
        self._previewing = RestTimer(view, self.show_front_page)
        for widget, name in ((view.air, "highlighted"), (view.stories, "highlighted")):
            view.watch(widget, name, self.preview_soon, init=False)
        view.watch(view, "pane", self.preview_soon, init=False)

    def note(self, snapshot: Snapshot) -> None:
        """Note a new snapshot."""
        if isinstance(snapshot, StoryList | OnAir) and self._is_previewed(snapshot):
            self.preview_soon()
        if isinstance(snapshot, StoryList) and not snapshot.refreshing:
            self._counting.restart(self.COUNT_SECONDS)

    def preview_soon(self) -> None:
        """Preview what is under the cursor, once it rests there, while no story is open."""
        if self._view.headline is None:
            self._previewing.restart(self.FRONT_SECONDS)

    def _is_previewed(self, snapshot: StoryList | OnAir) -> bool:
        """True for what is in view: those of every other station come all the time."""
        if isinstance(snapshot, StoryList):
            section = self._view.section
            return section is not None and snapshot.section == section.key
        station, stream = self._view.air.chosen or (None, None)
        return (snapshot.station, snapshot.stream) == (station and station.id, stream and stream.id)

    def show_front_page(self) -> None:
        """Preview it now."""
        from radiotui.ui.screens.front_page import show_front_page

        show_front_page(self._view)

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
