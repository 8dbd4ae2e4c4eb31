"""Sheet with the state of every feed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.dom import DOMNode
from textual.widgets import OptionList

from radiotui.app.companion import Companion
from radiotui.problems import Problem
from radiotui.stories.model import FeedSection, FeedState, SectionKey, StationSection
from radiotui.text import age, ago
from radiotui.ui.commands.keymap import LOOKING, Keymap, sheet_bindings
from radiotui.ui.kit.content import BLANK, size_word, trusted, untrusted
from radiotui.ui.kit.modal import Modal
from radiotui.ui.kit.row import Row
from radiotui.ui.kit.row_list import ListEntry, RowList

_LEAST_SAVED = 1000


class FeedsScreen(Modal[SectionKey]):
    """Two lines a feed, and what is wrong with it below; Enter goes to its stories."""

    DEFAULT_CSS = """
    FeedsScreen RowList {
        height: auto;
        min-height: 6;
        max-height: 84vh;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings(
        {
            **LOOKING,
            "feeds.close": "dismiss",
        }
    )
    AUTO_FOCUS = "RowList"

    def __init__(self, keymap: Keymap, main: DOMNode, companion: Companion) -> None:
        super().__init__(keymap)
        self._main = main
        self._companion = companion
        self._states: dict[str, FeedState] = {}

    def compose(self) -> ComposeResult:
        """The list."""
        with Vertical(id="sheet") as self._sheet:
            self._sheet.border_title = trusted("Feeds")
            self._sheet.border_subtitle = self.hints(
                ("list.choose", "stories"), ("sheet.close", "closes")
            )
            self._list = RowList("feeds")
            self._list.placard = trusted("…", "dim")
            yield self._list

    def on_mount(self) -> None:
        """Look, and look again whenever something was refreshed."""
        self.watch(self._main, "story_list", self._refreshed)

    def _refreshed(self) -> None:
        self._look()

    @work(group="feeds", exclusive=True, exit_on_error=False)
    async def _look(self) -> None:
        try:
            states = await self._companion.stories.feed_states()
        except Problem as problem:
            self._list.placard = trusted("⚠ ", "$error") + untrusted(str(problem), "$error")
            return
        self._states = {state.url: state for state in states}
        self._sheet.border_title = _title(states)
        self._list.placard = trusted("There are no feeds yet", "bold") + trusted(
            f"\n{self.key('sheet.close')}, then {self.key('feed.add')} adds one of your own", "dim"
        )
        self._list.show_rows(list(_entries(states, self._companion.clock())))
        if self._list.highlighted is None:
            self._list.move("top")

    def action_move(self, to: str) -> None:
        """Move the highlight."""
        self._list.move(to)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go to the feed's own stories, or its station's."""
        event.stop()
        state = self._states[event.option_id or ""]
        if state.own:
            self.dismiss(FeedSection(state.url))
        elif state.stations:
            self.dismiss(StationSection(state.stations[0]))


def _title(states: Sequence[FeedState]) -> Content:
    failing = sum(state.problem is not None for state in states)
    parts = [f"Feeds · {len(states)}"]
    if failing:
        parts.append(f"{failing} with a problem")
    saved = sum(state.saved for state in states)
    if saved >= _LEAST_SAVED:
        parts.append(f"{size_word(saved)} saved")
    return trusted(" · ".join(parts))


def _entries(states: Sequence[FeedState], now: datetime) -> Iterator[ListEntry]:
    for state in states:
        yield ListEntry(state.url, _row(state, now))
        if state.problem is not None:
            yield ListEntry(
                None, Row(trusted("    "), untrusted(str(state.problem), "$error"), most_lines=2)
            )


def _row(state: FeedState, now: datetime) -> Row:
    count = trusted(f"{state.unread} unread" if state.unread else "all read", "dim")
    if not state.stories:
        count = trusted("no stories", "dim")
    elif state.stories != state.unread:
        count += trusted(f" of {state.stories}", "dim")
    facts = [_answered(state, now), _next(state, now)]
    if state.saved >= _LEAST_SAVED:
        facts.append(f"{size_word(state.saved)} saved")
    where = untrusted(state.folder, "dim") if state.own and state.folder else BLANK
    under = [where, trusted(" · ".join(fact for fact in facts if fact), "dim")]
    return Row(
        trusted("⚠ ", "$error") if state.problem else trusted("  "),
        untrusted(state.title or state.url, "bold" if state.unread else ""),
        count,
        under=Content(" · ").join([part for part in under if part]),
    )


def _answered(state: FeedState, now: datetime) -> str:
    if state.answered_at is None:
        return "never answered" if state.asked_at or state.problem else "not asked yet"
    return f"answered {ago(now - state.answered_at)}"


def _next(state: FeedState, now: datetime) -> str:
    if state.is_withdrawn:
        return "gone, not asked again"
    if state.next_at is None:
        return ""
    wait = state.next_at - now
    return f"again in {age(wait)}" if wait >= timedelta(minutes=1) else "asked again soon"
