"""Commands on clips: the sheet that lists them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from radiotui.ui.screens.view import MainView


def show_clips(view: MainView, number: int | None = None) -> None:
    """Show the clips, one of them highlighted."""
    from radiotui.ui.dialogs.clips import ClipsScreen

    view.app.push_screen(ClipsScreen(view.keymap, view.companion, number))


ACTIONS: Mapping[str, Callable[[MainView], None]] = {"clips.open": show_clips}
