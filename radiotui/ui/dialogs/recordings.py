"""Sheet of the recordings: what was kept, and what is being recorded."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import work
from textual.binding import BindingType
from textual.content import Content
from textual.dom import DOMNode
from textual.widgets import Input, OptionList

from radiotui.app.companion import Companion
from radiotui.app.intents import PlayRecording, QueueRecording
from radiotui.player.state import PlayerState
from radiotui.recording.model import RecordedFile, RecordingList
from radiotui.text import clean
from radiotui.ui.commands.keymap import Keymap, sheet_bindings
from radiotui.ui.kit.content import short_path, trusted, untrusted
from radiotui.ui.kit.finding_sheet import FindingSheet
from radiotui.ui.widgets.lists.recording_rows import (
    FileEntries,
    running_entries,
    running_id,
    title_of,
)

_PAGE = 200
_NEAR_THE_END = 20
"""Rows before the last one at which older files get theirs."""


class RecordingsScreen(FindingSheet[str]):
    """Files from the disk, the newest first; the disk is looked at again while it is up."""

    PATIENCE_SECONDS = 0.3
    """Seconds after which the files are shown that were read by then."""
    AGAIN_SECONDS = 3.0
    """Seconds between two looks at the disk."""

    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings(
        {
            "recordings.leave": "leave",
            "recordings.close": "close",
            "recordings.down": "move('down')",
            "recordings.up": "move('up')",
            "recordings.page_down": "move('page_down')",
            "recordings.page_up": "move('page_up')",
            "recordings.top": "move('top')",
            "recordings.bottom": "move('bottom')",
            "recordings.rename": "rename",
            "recordings.delete": "delete",
            "recordings.undo": "undo",
            "recordings.queue": "queue",
            "recordings.play_next": "play_next",
            "recordings.copy": "copy",
            "recordings.copy_folder": "copy_folder",
            "recordings.find": "find",
        }
    )

    def __init__(self, keymap: Keymap, main: DOMNode, companion: Companion, path: str = "") -> None:
        super().__init__(keymap, "recordings", "title, artist or station")
        self._main = main
        self._companion = companion
        self._target = path
        """The file to be highlighted once it is listed."""
        self._player_state = PlayerState()
        self._listed = RecordingList()
        self._files: dict[str, RecordedFile] = {}
        """Those that are shown, by path."""
        self._file_entries = FileEntries()
        self._limit = _PAGE
        """The number of files that have a row; more follow near the end."""
        self._is_looked_at = False

    def keys(self) -> Content:
        """Keys and words for the lower border."""
        hints = (
            ("list.choose", "hear"),
            ("recordings.rename", "rename"),
            ("recordings.delete", "delete"),
            ("recordings.find", "find"),
        )
        leave = trusted(self.key("recordings.leave"))
        return self.hints(*hints) + " · " + leave if self._files else leave

    def on_mount(self) -> None:
        """Follow the player and the disk."""
        self._sheet.border_title = trusted("Recordings")
        self.watch(self._main, "player_state", self._follow)
        self.set_interval(self.AGAIN_SECONDS, self._look)

    def _follow(self, player_state: PlayerState) -> None:
        before, self._player_state = self._player_state, player_state
        running = {running_id(recording) for recording in player_state.recordings}
        if not self._is_looked_at or running != set(map(running_id, before.recordings)):
            self._look()
        elif _shown_facts(before) != _shown_facts(player_state):
            self._show()

    # The list

    @work(group="recordings", exclusive=True, exit_on_error=False)
    async def _look(self, delay: float = 0.0) -> None:
        await asyncio.sleep(delay)
        await self._list_anew()

    async def _list_anew(self) -> None:
        self._is_looked_at = True
        while True:
            self._listed = await self._companion.recordings.look(self.PATIENCE_SECONDS)
            files = await self._companion.recordings.with_words(self._words, self._listed.files)
            self._files = {file.path: file for file in files}
            self._show()
            if not self._listed.unread:
                return

    def _show(self) -> None:
        words = self._words.strip().casefold()
        running = [
            recording
            for recording in self._player_state.recordings
            if words in recording.name.casefold()
        ]
        self._sheet.border_title = title_of(self._listed)
        self._list.placard = self._placard()
        self.show_keys()
        if self._target in self._files:
            self._limit = max(self._limit, list(self._files).index(self._target) + _PAGE)
        now, files = self._companion.clock(), list(self._files.values())[: self._limit]
        entries = self._file_entries.entries(files, self._player_state, now)
        self._list.show_rows([*running_entries(running, now), *entries])
        if self._target in self._files:
            self._list.highlight(self._target)
            self._target = ""
        if self._list.highlighted is None:
            self._list.move("top")

    @property
    def _file(self) -> RecordedFile | None:
        """The highlighted file; the listener is told where it is still being written."""
        row_id = self._list.highlighted_id or ""
        file = self._files.get(row_id)
        if file is None and row_id:
            self._say(f"It is being recorded · {self.key('tape.record')} in the player ends it")
        return file

    def action_move(self, to: str) -> None:
        """Move the highlight."""
        self._list.move(to)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show older files near the end."""
        event.stop()
        is_near_end = event.option_index >= len(self._list.options) - _NEAR_THE_END
        if is_near_end and self._limit < len(self._files):
            self._limit += _PAGE
            self._show()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search; the files before stay until then."""
        event.stop()
        self._words, self._limit = event.value, _PAGE
        self._list.highlighted = None
        self._look(self.DELAY_SECONDS)

    def action_close(self) -> None:
        """Close; the next one begins at this file."""
        self.dismiss(self._list.highlighted_id)

    # Commands on a file

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Play the recording; live radio waits."""
        event.stop()
        file = self._file
        if file is not None and file.problem:
            self._say(f"It cannot be heard: {file.problem}")
        elif file is not None:
            self._companion.do(PlayRecording(file.path))
            self.action_close()

    def action_rename(self) -> None:
        """Type another title."""
        from radiotui.ui.dialogs.rename import RenameScreen

        file = self._file
        if file is None:
            return

        def end(title: str | None) -> None:
            if title is not None:
                self._rename(file, title)

        self.app.push_screen(RenameScreen(self._keymap, file.title or file.name), end)

    @work(group="change", exit_on_error=False)
    async def _rename(self, file: RecordedFile, title: str) -> None:
        renamed = await self._companion.recordings.rename(file.path, title)
        self._target = renamed.path
        await self._list_anew()
        self._say(f"It is {renamed.file.name} now")

    @work(group="change", exit_on_error=False)
    async def action_delete(self) -> None:
        """Delete the file; for some minutes that can be undone."""
        file = self._file
        if file is not None:
            await self._companion.recordings.delete(file.path)
            await self._list_anew()
            self._say(f"Deleted · {self.key('recordings.undo')} brings it back")

    @work(group="change", exit_on_error=False)
    async def action_undo(self) -> None:
        """Bring back the file that was deleted last."""
        path = await self._companion.recordings.undo()
        if path is None:
            self._say("There is nothing to bring back")
            return
        self._target = str(path)
        await self._list_anew()

    def action_queue(self) -> None:
        """Put the recording into the queue."""
        self._queue(is_next=False)

    def action_play_next(self) -> None:
        """Hear the recording next."""
        self._queue(is_next=True)

    def _queue(self, *, is_next: bool) -> None:
        file = self._file
        if file is not None and file.problem:
            self._say(f"It cannot be heard: {file.problem}")
        elif file is not None:
            self._companion.do(QueueRecording(file.path, is_next))
            where = "It is heard next" if is_next else "It goes into the queue"
            self._say(f"{where} · {self.key('newscast.open')} shows it")

    def action_copy(self) -> None:
        """Copy the path of the file."""
        file = self._file
        if file is not None:
            self._copy(file.path)

    def action_copy_folder(self) -> None:
        """Copy the path of the folder with all of them."""
        self._copy(str(self._companion.recordings.folder))

    def _copy(self, path: str) -> None:
        path = clean(path, 4096)
        self.app.copy_to_clipboard(path)
        self.notify(short_path(path), title="In your clipboard", markup=False, timeout=8)

    # Words

    def _say(self, words: str) -> None:
        self.notify(clean(words), markup=False, timeout=3)

    def _placard(self) -> Content:
        """The reason why there are no rows."""
        problem, leave = self._listed.problem, self.key("recordings.leave")
        if problem is not None:
            return _lines(trusted("⚠ ", "$error") + untrusted(problem.title), problem.hint)
        if self._words.strip():
            return _lines(trusted("Nothing found", "bold"), f"{leave} shows everything")
        if self._listed.unread:
            return trusted("reading…", "dim")
        return _lines(
            trusted("Nothing was kept yet", "bold"),
            f"{leave}, then while you listen: {self.key('tape.keep_song')} keeps the song",
            f"{self.key('tape.keep')} minutes or the programme, {self.key('tape.record')} records",
        )


def _shown_facts(player_state: PlayerState) -> tuple[object, ...]:
    """Facts of the player that the rows show."""
    story = player_state.story
    return player_state.recordings, player_state.state, story.path if story else None


def _lines(first: Content, *others: str) -> Content:
    return Content("\n").join([first, *(untrusted(line, "dim") for line in others if line)])
