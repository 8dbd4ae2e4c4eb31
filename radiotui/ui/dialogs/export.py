"""Sheet that asks for the format of an exported history."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import OptionList

from radiotui.ui.commands.keymap import LOOKING, sheet_bindings
from radiotui.ui.kit.content import trusted
from radiotui.ui.kit.modal import Modal
from radiotui.ui.kit.row import Row
from radiotui.ui.kit.row_list import ListEntry, RowList

if TYPE_CHECKING:
    from radiotui.app.history_export import Form

_FORMS: tuple[tuple[Form, str, str], ...] = (
    ("text", "Text", "a line each, to read"),
    ("csv", "CSV", "for spreadsheets"),
    ("json", "JSON", "for scripts"),
)


class ExportScreen(Modal["Form"]):
    """Three rows; their numbers choose, too."""

    DEFAULT_CSS = """
    ExportScreen > #sheet {
        width: 44;
    }

    ExportScreen RowList {
        height: 3;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = sheet_bindings(
        {
            **LOOKING,
            "export.close": "dismiss",
            "export.text": "choose('text')",
            "export.csv": "choose('csv')",
            "export.json": "choose('json')",
        }
    )
    AUTO_FOCUS = "RowList"

    def compose(self) -> ComposeResult:
        """The rows."""
        with Vertical(id="sheet") as sheet:
            sheet.border_title = trusted("Write the list into a file")
            sheet.border_subtitle = self.hints(
                ("list.choose", "writes it"), ("sheet.close", "does not")
            )
            self._list = RowList("forms")
            yield self._list

    def on_mount(self) -> None:
        """Show the rows, the first of them highlighted."""
        self._list.show_rows(
            [
                ListEntry(
                    form,
                    Row(
                        trusted(f"{self.key(f'export.{form}')}  ", "$accent"),
                        trusted(name),
                        trusted(use, "dim"),
                    ),
                )
                for form, name, use in _FORMS
            ]
        )
        self._list.move("top")

    def action_move(self, to: str) -> None:
        """Move the highlight."""
        self._list.move(to)

    def action_choose(self, form: Form) -> None:
        """Close with the format."""
        self.dismiss(form)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Close with the format."""
        event.stop()
        self.dismiss(next(form for form, _, _ in _FORMS if form == event.option_id))
