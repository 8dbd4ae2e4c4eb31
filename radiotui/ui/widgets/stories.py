"""The stories of the station one looks at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.widgets import OptionList

from radiotui.feeds.model import Headline, Shelf
from radiotui.stations.model import Station
from radiotui.text import age
from radiotui.ui.commands import Keymap, first_key
from radiotui.ui.hints import key_hints
from radiotui.ui.row_list import Entry, RowList
from radiotui.ui.rows import Row
from radiotui.ui.words import BLANK, foreign, key_word, old, own, row

_OLD = timedelta(hours=1)


class StoryList(RowList):
    """Newest first; what was not read is bold and has a dot."""

    BORDER_TITLE = "Stories"

    station: var[Station | None] = var(None)
    shelf: var[Shelf | None] = var(None)
    now: var[datetime] = var(datetime(1970, 1, 1, tzinfo=UTC))

    class Chosen(Message):
        """The listener wants to read it."""

        def __init__(self, headline: Headline) -> None:
            super().__init__()
            self.headline = headline

    def __init__(self, keymap: Keymap) -> None:
        super().__init__("stories")
        self._again = key_word(first_key("stories.refresh", keymap))
        self.border_subtitle = key_hints(
            keymap, ("list.choose", "read"), ("story.unread", "unread"), ("story.star", "star")
        )

    @property
    def chosen(self) -> Headline | None:
        """The highlighted story."""
        headlines = self.shelf.headlines if self.shelf else ()
        wanted = self.highlighted_id
        return next((headline for headline in headlines if str(headline.id) == wanted), None)

    def watch_station(self) -> None:
        """Another station's stories start at the top."""
        self.highlighted = None
        self._show()
        self.scroll_home(animate=False)

    def watch_shelf(self) -> None:
        """There is news."""
        self._show()

    def watch_now(self) -> None:
        """Stories grow older."""
        self._show()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open it."""
        event.stop()
        if self.chosen is not None:
            self.post_message(self.Chosen(self.chosen))

    def _show(self) -> None:
        self.border_title = self._title()
        self.placard = self._placard()
        self.show_rows(list(self._entries_of(self.shelf)))
        if self.highlighted is None and self.shelf and self.shelf.headlines:
            with self.prevent(OptionList.OptionHighlighted):
                self.action_first()

    def _title(self) -> Content:
        shelf = self.shelf
        if shelf is None:
            return own("Stories")
        unread = sum(not headline.read for headline in shelf.headlines)
        state = "updating…" if shelf.refreshing else old(shelf.refreshed_at, self.now, _OLD)
        return Content(" · ").join(
            part
            for part in (
                own("Stories"),
                own(f"{unread} unread") if unread else BLANK,
                own(state, "not bold dim"),
            )
            if part
        )

    def _entries_of(self, shelf: Shelf | None) -> Iterator[Entry]:
        if shelf is None or not shelf.headlines:
            return
        if shelf.problem is not None:
            yield Entry(None, self._warning(shelf))
        for headline in shelf.headlines:
            yield Entry(str(headline.id), self._row(headline))

    def _row(self, headline: Headline) -> Row:
        unread = not headline.read
        when = own(age(self.now - headline.published), "dim") if headline.published else BLANK
        return Row(
            own("● ", "$accent") if unread else own("  "),
            foreign(headline.title, "bold" if unread else ""),
            row(own("★", "$accent") if headline.starred else BLANK, when, gap=1),
            most_lines=2,
        )

    def _warning(self, shelf: Shelf) -> Content:
        """Why these are old, above them."""
        kept = f"kept {age(self.now - shelf.refreshed_at)} ago" if shelf.refreshed_at else "kept"
        told = own("⚠ ", "$error") + foreign(str(shelf.problem), "$error")
        return told + own(f"  These were {kept}. {self._again} asks again.", "dim")

    def _placard(self) -> Content:
        """Why there is nothing."""
        shelf = self.shelf
        if self.station is None:
            return own("Choose a station", "dim")
        if shelf is None:
            return own("…", "dim")
        if not shelf.has_feeds:
            example = '\nA line in the station list brings them:\nfeeds = ["https://…"]'
            return own("This station has no stories", "bold") + own(example, "dim")
        if shelf.problem is not None:
            told = own("⚠ ", "$error") + foreign(shelf.problem.title, "$error")
            hint = foreign(shelf.problem.hint, "dim")
            return Content("\n").join([told, hint, own(f"{self._again} asks again", "dim")])
        if shelf.refreshing or shelf.refreshed_at is None:
            return own("Asking for stories…", "dim")
        return own("No stories yet", "bold") + own(f"\n{self._again} asks again", "dim")
