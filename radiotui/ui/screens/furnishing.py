"""Parts of the main screen that follow the first screen, or are made when they are needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiotui.ui.kit.textual_private import within
from radiotui.ui.widgets.reader.invitation import Invitation

if TYPE_CHECKING:
    from radiotui.ui.screens.after_rest import AfterRest
    from radiotui.ui.screens.main import MainScreen
    from radiotui.ui.screens.view import MainView
    from radiotui.ui.widgets.reader.reader import StoryReader


def furnish(screen: MainScreen) -> None:
    """Complete the screen with what the first one can do without."""
    if screen.query_one("#panes").is_attached:  # it is not where the program ends at once
        style_whole(screen)
        screen.update_node_styles(animate=False)
        _ = screen.reader, screen.after_rest


def style_whole(view: MainView) -> None:
    """Add the style of what the first screen does not show, once."""
    from radiotui.ui.screens.later_style import LATER_STYLE

    view.app.stylesheet.add_source(LATER_STYLE, read_from=(__file__, "later style"))


def reader(view: MainView) -> StoryReader:
    """The reader, in the invitation's place."""
    from radiotui.ui.widgets.reader.reader import StoryReader

    values = type(view)
    texts = (values.headline, values.story, values.fetching, values.drawings, values.contents)
    with within(view):
        reader = StoryReader(view.keymap)
        reader.data_bind(*texts, values.awake, number=values.place, now=values.minute)
    invitation = view.query_one(Invitation)
    invitation.display = False
    view.query_one("#panes").mount(reader, after=invitation)
    invitation.remove()
    return reader


def after_rest(view: MainView) -> AfterRest:
    """Work that waits until the listener, or the services, have come to rest."""
    from radiotui.ui.screens.after_rest import AfterRest

    return AfterRest(view)
