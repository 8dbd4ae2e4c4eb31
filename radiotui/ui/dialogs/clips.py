"""Sheet of the clips: places that were marked while one listened."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Input, OptionList

from radiotui.app.clip import Clip
from radiotui.app.companion import Companion
from radiotui.app.intents import PlayClip
from radiotui.problems import Problem
from radiotui.text import clean
from radiotui.ui.commands.keymap import Keymap, sheet_bindings
from radiotui.ui.kit.content import short_path, trusted, untrusted
from radiotui.ui.kit.finding_sheet import FindingSheet
from radiotui.ui.kit.row_list import ListEntry
from radiotui.ui.widgets.lists.clip_rows import clip_row


class ClipsScreen(FindingSheet[None]):
    """The newest first; it is asked again while it is up, since a clip gets its words later."""

    AGAIN_SECONDS = 2.0

    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings(
        {
            "clips.leave": "leave",
            "clips.close": "close",
            "clips.down": "move('down')",
            "clips.up": "move('up')",
            "clips.page_down": "move('page_down')",
            "clips.page_up": "move('page_up')",
            "clips.top": "move('top')",
            "clips.bottom": "move('bottom')",
            "clips.note": "note",
            "clips.remove": "remove",
            "clips.undo": "undo",
            "clips.copy": "copy",
            "clips.copy_path": "copy_path",
            "clips.find": "find",
        }
    )

    def __init__(self, keymap: Keymap, companion: Companion, number: int | None = None) -> None:
        """The clip of ``number`` is highlighted, where it is given."""
        super().__init__(keymap, "clips", "title, note or what is said")
        self._companion = companion
        self._clips: dict[str, Clip] = {}
        self._target = "" if number is None else str(number)
        """The clip to be highlighted once it is listed."""

    def keys(self) -> Content:
        """Keys and words for the lower border."""
        hints = (
            ("list.choose", "hear"),
            ("clips.note", "note"),
            ("clips.copy", "copy"),
            ("clips.remove", "delete"),
            ("clips.find", "find"),
        )
        leave = trusted(self.key("clips.leave"))
        return self.hints(*hints) + " · " + leave if self._clips else leave

    def on_mount(self) -> None:
        """List the clips."""
        self._sheet.border_title = trusted("Clips")
        self._look()
        self.set_interval(self.AGAIN_SECONDS, self._look)

    @work(group="clips", exclusive=True, exit_on_error=False)
    async def _look(self, delay: float = 0.0) -> None:
        await asyncio.sleep(delay)
        await self._list_anew()

    async def _list_anew(self) -> None:
        try:
            clips = await self._companion.clips.clips(self._words)
        except Problem as problem:
            self._list.placard = trusted("⚠ ", "$error") + untrusted(str(problem), "$error")
            return
        self._clips = {str(clip.number): clip for clip in clips}
        count = f" · {len(clips)}" if clips else ""
        self._sheet.border_title = trusted(f"Clips{count}")
        self._list.placard = self._placard()
        now = self._companion.clock()
        self._list.show_rows(
            [ListEntry(key, clip_row(clip, now)) for key, clip in self._clips.items()]
        )
        self.show_keys()
        if self._target in self._clips:
            self._list.highlight(self._target)
            self._target = ""
        if self._list.highlighted is None:
            self._list.move("top")

    @property
    def _clip(self) -> Clip | None:
        return self._clips.get(self._list.highlighted_id or "")

    def action_move(self, to: str) -> None:
        """Move the highlight."""
        self._list.move(to)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search; the clips before stay until then."""
        event.stop()
        self._words = event.value
        self._list.highlighted = None
        self._look(self.DELAY_SECONDS)

    # Commands on a clip

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Hear the clip."""
        event.stop()
        if (clip := self._clip) is not None:
            self._companion.do(PlayClip(clip.number))
            self.action_close()

    def action_note(self) -> None:
        """Type another note."""
        from radiotui.ui.dialogs.rename import RenameScreen

        clip = self._clip
        if clip is None:
            return

        def end(note: str | None) -> None:
            if note is not None:
                self._change_note(clip, note)

        words = "A note on the clip, found by the search and copied with it"
        sheet = RenameScreen(self._keymap, clip.note, words, heading="Note", may_be_empty=True)
        self.app.push_screen(sheet, end)

    @work(group="change", exit_on_error=False)
    async def _change_note(self, clip: Clip, note: str) -> None:
        await self._companion.clips.note(clip.number, note)
        await self._list_anew()

    @work(group="change", exit_on_error=False)
    async def action_remove(self) -> None:
        """Delete the clip and its file; that can be undone."""
        if (clip := self._clip) is not None:
            await self._companion.clips.remove(clip.number)
            await self._list_anew()
            self._say(f"Deleted · {self.key('clips.undo')} brings it back")

    @work(group="change", exit_on_error=False)
    async def action_undo(self) -> None:
        """Bring back the clip that was deleted last."""
        clip = await self._companion.clips.undo()
        if clip is None:
            self._say("There is nothing to bring back")
            return
        self._target = str(clip.number)
        await self._list_anew()

    def action_copy(self) -> None:
        """Copy what is said in it, its note, and what it is of, with its time."""
        if (clip := self._clip) is not None:
            self.app.copy_to_clipboard(clip.words)
            self._say("The clip is in your clipboard as text")

    def action_copy_path(self) -> None:
        """Copy the path of its file, or of the folder where it has none."""
        clip = self._clip
        if clip is not None:
            path = clean(clip.path or str(self._folder), 4096)
            self.app.copy_to_clipboard(path)
            self.notify(short_path(path), title="In your clipboard", markup=False, timeout=8)

    @property
    def _folder(self) -> Path:
        return self._companion.clips.deps.folder()

    def _say(self, words: str) -> None:
        self.notify(clean(words), markup=False, timeout=3)

    def _placard(self) -> Content:
        """The reason why there are no rows."""
        if self._words.strip():
            hint = f"{self.key('clips.leave')} shows everything"
            return trusted("Nothing found", "bold") + trusted(f"\n{hint}", "dim")
        hint = (
            f"{self.key('clips.leave')}, then while you listen: {self.key('clip.mark')} begins one"
        )
        words = trusted("No clip was made yet", "bold")
        return words + trusted(f"\n{hint}, and the same key ends it", "dim")
