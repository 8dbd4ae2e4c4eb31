"""Keys and words for the lower border of the stations."""

from __future__ import annotations

from textual.content import Content

from radiotui.app.followed_feeds import own_feed
from radiotui.stations.model import Station, StationList, Stream
from radiotui.stories.model import Section
from radiotui.ui.commands.keymap import Keymap
from radiotui.ui.kit.key_hints import key_hints

_CHOOSE = "list.choose"


class AirKeys:
    """The hints for each kind of row."""

    def __init__(self, keymap: Keymap) -> None:
        self._station = key_hints(keymap, (_CHOOSE, "tune"), ("stations.find", "find"))
        self._website = key_hints(keymap, (_CHOOSE, "tune"), ("story.page", "website"))
        self._problem = key_hints(keymap, (_CHOOSE, "read"))
        self._section = key_hints(keymap, (_CHOOSE, "read"), ("feed.add", "add a feed"))
        self._podcasts = key_hints(keymap, (_CHOOSE, "open"), ("podcast.add", "add one"))
        self._podcast = key_hints(
            keymap, (_CHOOSE, "open"), ("feed.remove", "remove"), ("podcast.add", "add")
        )
        self._feed = key_hints(keymap, (_CHOOSE, "read"), ("feed.remove", "remove"))

    def of(
        self,
        station_list: StationList,
        section: Section | None,
        chosen: tuple[Station, Stream] | None,
    ) -> Content:
        """The hints for the row of a section or of a station; with neither, of a problem."""
        if section is None:
            website = self._website if chosen and chosen[0].homepage else self._station
            return website if chosen else self._problem
        is_own = own_feed(station_list, section.key) is not None
        if section.is_of_podcasts:
            return self._podcast if is_own else self._podcasts
        return self._feed if is_own else self._section
