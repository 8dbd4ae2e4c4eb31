"""Sheet of the sleep timer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import BindingType
from textual.dom import DOMNode

from radiotui.app.companion import Companion
from radiotui.player.intents import CancelSleep, SleepAfter, SleepAfterItems, SleepIn
from radiotui.player.queue import QueueItem
from radiotui.player.sleep import End, chapter_of, why_unknown
from radiotui.player.state import PlayerState
from radiotui.text import title_words
from radiotui.ui.commands.keymap import Keymap, sheet_bindings
from radiotui.ui.dialogs.minutes import MinutesScreen, choice, minutes_word
from radiotui.ui.kit.content import trusted, untrusted
from radiotui.ui.kit.row import Row
from radiotui.ui.kit.row_list import ListEntry
from radiotui.ui.kit.time_words import hour, local


class SleepScreen(MinutesScreen):
    """Minutes, the end of what is heard, or not at all."""

    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings({"sleep.close": "dismiss"})
    SHEET_TITLE = "Sleep"
    MINUTES = (15, 30, 45, 60, 90)
    COUNTS = (2, 3, 5)

    def __init__(self, keymap: Keymap, main: DOMNode, companion: Companion) -> None:
        super().__init__(keymap, main)
        self._companion = companion

    def _entries(self, player_state: PlayerState) -> Iterator[ListEntry]:
        yield from self._minutes()
        current = player_state.current
        if player_state.story is None:
            until = current.programme_until
            ends = hour(local(until)) if until else ""
            yield _end(player_state, "programme", "programme", current.programme, ends)
            yield _end(player_state, "song", "song", title_words(current.title or ""))
        else:
            yield from self._of_story(player_state, player_state.story)
        if player_state.sleep is not None:
            yield ListEntry("off", choice(trusted("Not at all: stay awake")))

    def _of_story(self, player_state: PlayerState, story: QueueItem) -> Iterator[ListEntry]:
        """Ends of the chapter, of the story, and of so many of the queue."""
        if any(mark.kind == "chapter" for mark in player_state.current.marks):
            yield _end(player_state, "chapter", "chapter", chapter_of(player_state.current))
        yield _end(player_state, "song", story.noun, story.title)
        queued = 1 + len(player_state.upcoming) if player_state.newscast else 1
        for count in self.COUNTS:
            if count <= queued:
                words = f"After {count} of the queue"
                yield ListEntry(f"items {count}", choice(trusted(words), "this one is the first"))

    def _minutes_row(self, minutes: int) -> Row:
        return choice(trusted(f"In {minutes_word(minutes)}"))

    def _obey_minutes(self, minutes: int) -> None:
        self._companion.do(SleepIn(minutes))

    def _obey(self, row_id: str) -> None:
        if row_id == "off":
            self._companion.do(CancelSleep())
        elif row_id.startswith("items "):
            self._companion.do(SleepAfterItems(int(row_id.removeprefix("items "))))
        elif row_id in {"programme", "chapter"}:
            self._companion.do(SleepAfter("chapter" if row_id == "chapter" else "programme"))
        else:
            self._companion.do(SleepAfter("song"))


def _end(player_state: PlayerState, end: End, noun: str, name: str, ends: str = "") -> ListEntry:
    """Row of an end that is noticed; one that would not be cannot be chosen and says why."""
    words = f"At the end of this {noun}"
    reason = why_unknown(end, player_state)
    if reason:
        return ListEntry(None, choice(trusted(f"{words}: {reason}", "dim")))
    return ListEntry(end, choice(trusted(f"{words}  ") + untrusted(name, "dim"), ends))
