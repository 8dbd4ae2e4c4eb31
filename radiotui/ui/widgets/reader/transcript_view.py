"""A transcript in the reader's place: it follows the sound line by line, and leads to any place."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from textual import events
from textual.content import Content
from textual.dom import DOMNode

from radiotui.player.state import PlayerState
from radiotui.stories.transcript_lines import EpisodeTranscript
from radiotui.ui.commands.keymap import Keymap
from radiotui.ui.kit.content import BLANK, trusted, untrusted
from radiotui.ui.kit.key_hints import key_hints, whole_hints
from radiotui.ui.kit.messages import Intended
from radiotui.ui.kit.rest_timer import call_after
from radiotui.ui.widgets.reader.blocks import Line, Words
from radiotui.ui.widgets.reader.document_view import DocumentView
from radiotui.ui.widgets.reader.layout import Layout
from radiotui.ui.widgets.reader.spoken_source import SpokenSource
from radiotui.ui.widgets.reader.transcript_rows import TranscriptRow, rows_of

_EAR, _CURSOR, _SPACE = trusted("▶", "bold $accent"), trusted("┃", "bold $accent"), trusted(" ")
_NEAR_SECONDS = 0.5
"""Seconds by which the player may tell a place before a line that was taken to be at the ear."""
_LINES_AFTER = 2
"""Lines after the one at the ear that are in view with it."""


class TranscriptView(DocumentView):
    """The lines of one episode."""

    def __init__(
        self,
        keymap: Keymap,
        main: DOMNode,
        source: SpokenSource,
        transcript: EpisodeTranscript,
        second: float | None = None,
        *,
        follows: bool = False,
    ) -> None:
        """``main`` has the player's state.

        It begins at the line of a ``second``, with ``follows`` until the sound is there; without
        one it follows the sound.
        """
        super().__init__("transcript")
        self.source = source
        self.transcript = transcript
        self._keymap = keymap
        self._main = main
        self._starts = starts_of(transcript)
        self._rows: list[TranscriptRow] = []
        self.follows = follows or second is None
        """Whether the line at the ear is kept in view."""
        self._ear: int | None = None
        """The line at the ear; None where the episode is not heard, or before its first line."""
        self._cursor = None if second is None else self._at(second)
        """The line that was chosen; None: the one at the ear, or the first that is seen."""
        self._is_own_move = False
        self._next_line: asyncio.Handle | None = None

    def on_mount(self) -> None:
        """Follow the player."""
        self.show_blocks(Words(trusted("…", "dim")))
        self.watch(self._main, "player_state", self._hear)
        self._show_border()

    def on_unmount(self) -> None:
        """Wait for no line any more."""
        self._expect(None, None)

    def on_resize(self, event: events.Resize) -> None:
        """Another width: thousands of lines are wrapped by another thread."""
        event.prevent_default()
        self._show_border()
        if self.size:
            self.run_worker(self._lay_out(), group="layout", exclusive=True, exit_on_error=False)

    async def _lay_out(self) -> None:
        if not self._rows:
            self._rows = await asyncio.to_thread(rows_of, self.transcript)
        layout = self.block_layout
        while layout is self.block_layout or not layout.room.wraps_like(self.room):
            layout = await asyncio.to_thread(Layout, list(self._rows), self.room)
        with self._own_move():
            self.show(layout, from_top=False)
        self._keep_in_view()

    # Places

    @property
    def line(self) -> int:
        """The line that the keys are about."""
        if self._cursor is not None:
            return self._cursor
        return self._ear if self._ear is not None and self.follows else super().first_in_view

    @property
    def first_in_view(self) -> int:
        """The line from which one copies and finds."""
        return self.line

    @property
    def second(self) -> float | None:
        """The second at which the line is said that the keys are about."""
        starts, line = self._starts, self.line
        return starts[line] if starts and line < len(starts) else None

    def move(self, where: str) -> None:
        """Choose another line: "down", "page_up", "top"…"""
        layout, line = self.block_layout, self.line
        page = max(1, self.scrollable_content_region.height - 1)
        top = layout.starts[line]
        lines = {
            "down": line + 1,
            "up": line - 1,
            "page_down": max(line + 1, layout.at(min(top + page, layout.height - 1))),
            "page_up": min(line - 1, layout.at(max(0, top - page))),
            "top": 0,
            "bottom": len(layout.blocks) - 1,
        }
        self.point_at(lines[where])

    def point_at(self, line: int) -> None:
        """Choose a line, and follow the sound no longer."""
        before, self._cursor = self._cursor, max(0, min(line, len(self.blocks) - 1))
        self.follows = False
        for changed in (before, self._cursor):
            self._draw(changed)
        self._keep_in_view()
        self._show_border()

    def go_to_ear(self) -> None:
        """Follow the sound again, from the line at the ear on."""
        self.follows = True
        self._draw(self._cursor)
        self._cursor = None
        self._keep_in_view()
        self._show_border()

    def action_hear(self, at: float) -> None:
        """Hear it from there on, and follow it."""
        self.post_message(Intended(self.source.intent(at)))
        # The line stays chosen until the sound is there.
        self.follows = True
        self._show_border()

    # The sound

    @property
    def is_heard(self) -> bool:
        """True where the sound is at one of the lines."""
        return self._ear is not None

    def _hear(self, player_state: PlayerState) -> None:
        """Mark the line at the ear, and wait for the next one."""
        is_here = self.source.is_of(player_state.story)
        place = player_state.current.position if is_here else None
        if place is not None and self._ear is not None:
            start = self._starts[self._ear]
            place = start if start - _NEAR_SECONDS <= place < start else place
        self._mark_ear(None if place is None else self._at(place))
        self._expect(place, player_state.play_rate if player_state.current.is_playing else None)

    def _expect(self, place: float | None, rate: float | None) -> None:
        """Have the next line marked as soon as it is heard."""
        if self._next_line is not None:
            self._next_line.cancel()
            self._next_line = None
        if place is None or not rate:
            return
        following = bisect_right(self._starts, place)
        if following < len(self._starts):
            at = self._starts[following]
            arrive = partial(self._arrive, at, rate)
            self._next_line = call_after(self, max(0.01, (at - place) / rate), arrive)

    def _arrive(self, place: float, rate: float) -> None:
        self._mark_ear(self._at(place))
        self._expect(place, rate)

    def _mark_ear(self, line: int | None) -> None:
        if line == self._ear:
            return
        before, self._ear = self._ear, line
        self._draw(before)
        self._draw(line)
        if self.follows and line is not None:
            self._draw(self._cursor)
            self._cursor = None
            self._keep_in_view()
        if before is None or line is None:
            self._show_border()

    def _at(self, place: float) -> int | None:
        """The line that is said at a place; None before the first one."""
        line = bisect_right(self._starts, place) - 1
        return line if line >= 0 else None

    # Drawing

    def mark_beside(self, y: int) -> Content:
        """The marks of the chosen line and of the one at the ear."""
        if mark := super().mark_beside(y):
            return mark
        layout = self.block_layout
        index = layout.at(y)
        row = layout.blocks[index]
        first = layout.starts[index] + (2 if isinstance(row, TranscriptRow) and row.speaker else 0)
        is_chosen = index == self._cursor and y >= first
        is_heard = index == self._ear and y == first
        if not is_chosen and not is_heard:
            return BLANK
        marks = (_EAR if is_heard else BLANK) + (_CURSOR if is_chosen else BLANK)
        return marks if is_heard and is_chosen else marks + _SPACE

    def line_at(self, y: int) -> Line:
        """The line; what is at the ear is told by more than a mark."""
        line = super().line_at(y)
        is_heard = self._ear is not None and self.block_layout.at(y) == self._ear
        return line.stylize("bold") if is_heard and isinstance(line, Content) else line

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """A listener who scrolls away is left there."""
        super().watch_scroll_y(old_value, new_value)
        if self._is_own_move or round(old_value) == round(new_value):
            return
        self._draw(self._cursor)
        self._cursor = None
        if self.follows:
            self.follows = False
            self._show_border()

    def _draw(self, line: int | None) -> None:
        """Draw the rows of one line again."""
        starts = self.block_layout.starts
        if line is not None and line + 1 < len(starts):
            self.refresh_lines(starts[line], starts[line + 1] - starts[line])

    def _keep_in_view(self) -> None:
        """Scroll where the line that the keys are about is not in view with what follows it."""
        line, starts = self.line, self.block_layout.starts
        if (self._cursor is None and not self.follows) or line + 1 >= len(starts):
            return
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        first, last = starts[line], starts[line + 1] - 1
        with self._own_move():
            if self._cursor is not None:
                self._reveal(first, last)
            elif not top <= first <= last + _LINES_AFTER < top + height:
                self._scroll(max(0, first - height // 4))

    @contextmanager
    def _own_move(self) -> Iterator[None]:
        self._is_own_move = True
        try:
            yield
        finally:
            self._is_own_move = False

    def _show_border(self) -> None:
        """Name the language, and the keys that work now."""
        language = self.transcript.language
        where = trusted(" · ", "not bold") + untrusted(language, "not bold") if language else BLANK
        self.border_title = trusted("Transcript") + where
        is_away = self.is_heard and not self.follows
        hints = (
            *([("transcript.ear", "to the sound")] if is_away else []),
            *([("list.choose", "hear from here")] if self._starts else []),
            ("story.quote", "copy"),
            *([("transcript.language", "language")] if len(self.source.languages) > 1 else []),
            ("story.transcript", "back"),
        )
        self.border_subtitle = whole_hints(key_hints(self._keymap, *hints), self, keeps_last=True)


def starts_of(transcript: EpisodeTranscript) -> list[float]:
    """The second of each line, that of the line before where it has none; empty without any."""
    starts: list[float] = []
    last = 0.0
    for line in transcript.lines:
        last = max(last, last if line.start is None else line.start)
        starts.append(last)
    return starts if any(line.start is not None for line in transcript.lines) else []
