"""The stories of what one looks at: a station, a feed, a folder, all of them; and episodes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.widgets import OptionList

from radiotui.stories.intents import ShowOlder
from radiotui.stories.model import DownloadList, Headline, Section, SectionKey, StoryList
from radiotui.ui.commands.keymap import Keymap
from radiotui.ui.kit.key_hints import BORDER_COLUMNS, key_hints, shown_key, whole_hints
from radiotui.ui.kit.messages import Intended
from radiotui.ui.kit.row_list import RowList
from radiotui.ui.widgets.lists.empty_states import Keys, title, why_empty
from radiotui.ui.widgets.lists.story_rows import StoryRows, list_entries

_NAMED = (
    "stories.refresh",
    "stories.unread_only",
    "story.star",
    "feed.add",
    "episode.download",
    "pane.back",
)
"""Commands whose keys stand where there are no stories."""
_NEAR_THE_END = 10
"""Rows from the last one on which older stories are asked for."""


class StoryPane(RowList):
    """Newest first but for a serial; what was not read is bold and has a dot."""

    BORDER_TITLE = "Stories"

    section: var[Section | None] = var(None)
    story_list: var[StoryList | None] = var(None)
    downloads: var[DownloadList] = var(DownloadList())
    headline: var[Headline | None] = var(None)
    """The story that is open."""
    unread_only: var[bool] = var(False)
    now: var[datetime] = var(datetime(1970, 1, 1, tzinfo=UTC))

    class Chosen(Message):
        """The listener wants to read it."""

        def __init__(self, headline: Headline) -> None:
            super().__init__()
            self.headline = headline

    def __init__(self, keymap: Keymap) -> None:
        super().__init__("stories", classes="pane")
        self._keys: Keys = {name: shown_key(name, keymap) for name in _NAMED}
        self._shown: tuple[Headline, ...] = ()
        self._places: dict[str, int] = {}
        self._rows = StoryRows()
        self._asked_at: tuple[int, SectionKey] | None = None
        self._resting = key_hints(
            keymap, ("list.choose", "read"), ("story.unread", "unread"), ("story.star", "star")
        )
        self._busy = key_hints(keymap, ("list.choose", "read"), ("stories.refresh", "stops"))
        self.border_subtitle = self._resting

    @property
    def shown(self) -> tuple[Headline, ...]:
        """The stories of the list, in its order."""
        return self._shown

    @property
    def chosen(self) -> Headline | None:
        """The highlighted story."""
        place = self._places.get(self.highlighted_id or "")
        return None if place is None else self._shown[place]

    @property
    def to_here(self) -> tuple[Headline, ...]:
        """From the first story to the highlighted one."""
        place = self._places.get(self.highlighted_id or "")
        return () if place is None else self._shown[: place + 1]

    def watch_section(self, before: Section | None, section: Section | None) -> None:
        """Another section's stories start at the top."""
        if before is not None and section is not None and before.key == section.key:
            self._show()
            return
        self.highlighted = None
        self._show()
        self.scroll_home(animate=False)

    def watch_story_list(self, before: StoryList | None, story_list: StoryList | None) -> None:
        """There is news, or other words are looked for: then what is highlighted is in view."""
        was = self.highlighted_id
        self._show()
        if (before.words if before else "") != (story_list.words if story_list else ""):
            if self.highlighted_id != was:
                self.action_first()
            self.scroll_to_highlight()

    def watch_unread_only(self) -> None:
        """Hide what was read, or show it again."""
        self._show()
        self.scroll_to_highlight()

    def watch_now(self) -> None:
        """Stories grow older, and downloads come: the rows of which it is said."""
        self.border_title = self._title()
        for entry in self._rows.changed(self.downloads, self.now):
            self.show_row(entry)

    watch_downloads = watch_now

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Older stories, also for whoever comes to the end with the mouse."""
        super().watch_scroll_y(old_value, new_value)
        if new_value > old_value and new_value >= self.max_scroll_y - self.size.height:
            self._ask_for_older()

    def on_resize(self, _: events.Resize) -> None:
        """The border says what there is room for."""
        self.border_title = self._title()
        self._show_keys()

    def on_option_list_option_highlighted(self) -> None:
        """Older stories, before one comes to the end."""
        if (self.highlighted or 0) >= len(self._shown) - _NEAR_THE_END:
            self._ask_for_older()
        if self.highlighted == len(self._entries) - 2 and self._entries[-1].id is None:
            # What comes after the last story is seen, though it cannot be chosen.
            self.scroll_end(animate=False, immediate=True)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open it."""
        event.stop()
        if self.chosen is not None:
            self.post_message(self.Chosen(self.chosen))

    def _ask_for_older(self) -> None:
        """Once for each end there is."""
        story_list = self._story_list
        if story_list is not None and story_list.has_older:
            end = (len(story_list.headlines), story_list.section)
            if end != self._asked_at:
                self._asked_at = end
                self.post_message(Intended(ShowOlder()))

    @property
    def _story_list(self) -> StoryList | None:
        """The list, once it is the section's: rows of another one need not be made again."""
        story_list, section = self.story_list, self.section
        return story_list if story_list and section and story_list.section == section.key else None

    def on_mount(self) -> None:
        """Show at once all that was set before."""
        self._show_list()

    def _show(self) -> None:
        if self.is_mounted:
            self._show_list()

    def _show_list(self) -> None:
        story_list = self._story_list
        self._shown = tuple(self._visible(story_list.headlines)) if story_list else ()
        self._places = {str(headline.id): place for place, headline in enumerate(self._shown)}
        self.border_title = self._title()
        self._show_keys()
        self.placard = why_empty(self.section, story_list, self._keys)
        about = (self._shown, self.downloads, self.now, self._keys)
        rows = list_entries(self._rows, self.section, story_list, *about) if story_list else ()
        self.show_rows([*rows])
        if self.highlighted is None and self._shown:
            with self.prevent(OptionList.OptionHighlighted):
                self.action_first()

    def _show_keys(self) -> None:
        story_list = self._story_list
        keys = self._busy if story_list and story_list.refreshing else self._resting
        self.border_subtitle = whole_hints(keys, self)

    def _visible(self, headlines: tuple[Headline, ...]) -> Iterator[Headline]:
        """Stories that are not hidden; the one being read stays under the highlight."""
        if not self.unread_only:
            yield from headlines
            return
        ids_in_use = {self.highlighted_id, str(self.headline.id) if self.headline else None}
        for headline in headlines:
            if not headline.read or str(headline.id) in ids_in_use:
                yield headline

    def _title(self) -> Content:
        room = self.outer_size.width - BORDER_COLUMNS
        lists = (self.section, self._story_list, self.downloads)
        return title(*lists, self.now, room, unread_only=self.unread_only)
