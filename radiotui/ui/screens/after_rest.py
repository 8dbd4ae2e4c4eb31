"""Work that waits until the listener, or the services, have come to rest."""

from __future__ import annotations

import logging

from radiotui.app.updates import Snapshot
from radiotui.guide.model import OnAir
from radiotui.problems import Problem
from radiotui.stories.model import StoryList
from radiotui.ui.kit.rest_timer import RestTimer, call_after
from radiotui.ui.screens.view import MainView, show_sections

log = logging.getLogger(__name__)


class AfterRest:
    """Previews what is under the cursor, counts unread stories, and shows schedules' answers."""

    COUNT_SECONDS = 1.0
    """Lists come in swarms."""
    FRONT_SECONDS = 0.5
    """Rest on a row before it is previewed."""

    SWARM_SECONDS, COVERED_SECONDS = 0.25, 0.5
    """From one showing of schedules' answers to the next. Each draws the list of stations anew;
    below a sheet the same answers are drawn twice, and after a longer time there are so many of
    them that keys wait."""

    def __init__(self, view: MainView) -> None:
        self._view = view
        self._on_airs: dict[tuple[str, str], OnAir] = {}
        self._is_swarm = False
        self._counting = RestTimer(view, self.count_unread)
        self._previewing = RestTimer(view, self.show_front_page)
        for widget, name in ((view.air, "highlighted"), (view.stories, "highlighted")):
            view.watch(widget, name, self.preview_soon, init=False)
        view.watch(view, "pane", self.preview_soon, init=False)

    def show(self, snapshot: Snapshot) -> None:
        """Show a snapshot at once, or together with those that follow it closely."""
        if isinstance(snapshot, OnAir):
            self._on_airs[snapshot.station, snapshot.stream] = snapshot
            if not self._is_swarm:
                self._show_on_airs()
        else:
            self._view.show(snapshot)
        self._note(snapshot)

    def _show_on_airs(self) -> None:
        self._is_swarm = bool(self._on_airs)
        if self._is_swarm:
            self._view.airs = {**self._view.airs, **self._on_airs}
            self._view.show(self._view.player_state)
            self._on_airs = {}
            is_covered = self._view.app.screen is not self._view
            seconds = self.COVERED_SECONDS if is_covered else self.SWARM_SECONDS
            call_after(self._view, seconds, self._show_on_airs)

    def _note(self, snapshot: Snapshot) -> None:
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
            unread = await self._view.companion.stories.count_unread()
        except Problem as problem:
            # The list of stories says so already.
            log.info("unread stories are not counted: %s", problem)
            return
        self._view.unread = unread
        # A podcast is called as it calls itself, once that is known.
        show_sections(self._view)
