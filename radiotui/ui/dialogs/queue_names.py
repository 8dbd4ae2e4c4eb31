"""Sheet of the queues: each with its name, one of them in use."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import OptionList

from radiotui.app.companion import Companion
from radiotui.text import clean, clock_duration
from radiotui.ui.commands.keymap import LOOKING, Keymap, sheet_bindings
from radiotui.ui.kit.content import trusted, untrusted
from radiotui.ui.kit.modal import Modal
from radiotui.ui.kit.row import Row
from radiotui.ui.kit.row_list import ListEntry, RowList


class QueueNamesScreen(Modal[None]):
    """Enter uses a queue from now on, and closes the sheet."""

    DEFAULT_CSS = """
    QueueNamesScreen > #sheet {
        width: 72;
    }

    QueueNamesScreen RowList {
        height: auto;
        min-height: 4;
        max-height: 70vh;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings(
        {
            **LOOKING,
            "queues.close": "dismiss",
            "queues.new": "begin",
            "queues.rename": "rename",
            "queues.delete": "delete",
            "queues.undo": "undo",
        }
    )
    AUTO_FOCUS = "RowList"

    def __init__(self, keymap: Keymap, companion: Companion) -> None:
        super().__init__(keymap)
        self._companion = companion

    def compose(self) -> ComposeResult:
        """The list."""
        with Vertical(id="sheet") as sheet:
            sheet.border_title = trusted("Queues")
            sheet.border_subtitle = self.hints(
                ("list.choose", "uses it"),
                ("queues.new", "another"),
                ("queues.rename", "rename"),
                ("queues.delete", "delete"),
                ("sheet.close", "closes"),
            )
            self._list = RowList("queues")
            self._list.placard = trusted("…", "dim")
            yield self._list

    def on_mount(self) -> None:
        """List the queues."""
        self._look()

    @work(group="queues", exclusive=True, exit_on_error=False)
    async def _look(self, highlighted: str = "") -> None:
        queues, name = await self._companion.queues.names()
        entries = []
        for queue in queues:
            is_used = queue.name == name
            items = "1 item" if queue.items == 1 else f"{queue.items} items"
            length = f" · {clock_duration(queue.seconds)}" if queue.seconds else ""
            rule = trusted(" · ", "dim") + untrusted(queue.rule, "dim") if queue.rule else ""
            entries.append(
                ListEntry(
                    queue.name,
                    Row(
                        trusted("● " if is_used else "  ", "$success"),
                        untrusted(queue.name, "bold" if is_used else ""),
                        trusted(f"{items}{length}", "dim"),
                        under=trusted("in use" if is_used else "waits", "dim") + rule,
                    ),
                )
            )
        self._list.show_rows(entries)
        if highlighted or self._list.highlighted is None:
            self._list.highlight(highlighted or name)

    def action_move(self, to: str) -> None:
        """Move the highlight."""
        self._list.move(to)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Use the chosen queue."""
        event.stop()
        if event.option_id is not None:
            self._use(event.option_id)

    @work(group="change", exit_on_error=False)
    async def _use(self, name: str) -> None:
        await self._companion.queues.use(name)
        self.dismiss()

    def action_begin(self) -> None:
        """Begin a queue of another name."""
        from radiotui.ui.dialogs.rename import RenameScreen

        words = "It is in use from then on; the others wait as they are"
        self.app.push_screen(
            RenameScreen(self._keymap, "", words, heading="Begin a queue"), self._begin
        )

    def _begin(self, name: str | None) -> None:
        if name is not None:
            self._make(name)

    @work(group="change", exit_on_error=False)
    async def _make(self, name: str) -> None:
        await self._companion.queues.make(name)
        self._look(clean(name))

    def action_rename(self) -> None:
        """Give the highlighted queue another name."""
        from radiotui.ui.dialogs.rename import RenameScreen

        old_name = self._list.highlighted_id
        if old_name is None:
            return

        def end(name: str | None) -> None:
            if name is not None:
                self._rename(old_name, name)

        words = "The name of the queue"
        self.app.push_screen(RenameScreen(self._keymap, old_name, words), end)

    @work(group="change", exit_on_error=False)
    async def _rename(self, old_name: str, name: str) -> None:
        await self._companion.queues.rename(old_name, name)
        self._look(clean(name))

    @work(group="change", exit_on_error=False)
    async def action_delete(self) -> None:
        """Delete the highlighted queue; that can be undone."""
        if self._list.highlighted_id is not None:
            queue = await self._companion.queues.delete(self._list.highlighted_id)
            self._say(f"“{queue.name}” is deleted · {self.key('queues.undo')} brings it back")
            self._look()

    @work(group="change", exit_on_error=False)
    async def action_undo(self) -> None:
        """Undo the last change of any queue."""
        change = await self._companion.queues.undo()
        self._say("There is nothing to undo" if change is None else f"Undone: {change.words}")
        self._look()

    def _say(self, words: str) -> None:
        self.notify(clean(words), markup=False, timeout=4)
