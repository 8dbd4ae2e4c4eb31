"""In which form what was heard is to be written."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import OptionList

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
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,E", "dismiss", show=False),
        Binding("j", "move('down')", show=False),
        Binding("k", "move('up')", show=False),
        *(
            Binding(str(number), f"choose('{form[0]}')", show=False)
            for number, form in enumerate(_FORMS, 1)
        ),
    ]
    AUTO_FOCUS = "RowList"

    def compose(self) -> ComposeResult:
        """The rows."""
        with Vertical(id="sheet") as sheet:
            sheet.border_title = trusted("Write the list into a file")
            sheet.border_subtitle = trusted("enter writes it · esc does not")
            self._list = RowList("forms")
            yield self._list

    def on_mount(self) -> None:
        """The first is chosen."""
        self._list.show_rows(
            [
                ListEntry(
                    form, Row(trusted(f"{number}  ", "$accent"), trusted(name), trusted(use, "dim"))
                )
                for number, (form, name, use) in enumerate(_FORMS, 1)
            ]
        )
        self._list.move("top")

    def action_move(self, where: str) -> None:
        """Up and down."""
        self._list.move(where)

    def action_choose(self, form: Form) -> None:
        """That form."""
        self.dismiss(form)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """That form."""
        event.stop()
        self.dismiss(next(form for form, _, _ in _FORMS if form == event.option_id))
