"""Length of each section's list, and the words that one of them is narrowed to."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from radiotui.stories.model import Section, SectionKey, StoryList
from radiotui.stories.stored_lists import StoredList, read_list

if TYPE_CHECKING:
    import sqlite3

IN_A_LIST = 300
"""Stories of a list until older ones are asked for."""


class ListLengths:
    """A narrowed list has a length of its own: the whole one may have grown to thousands."""

    def __init__(self) -> None:
        self._limits: dict[SectionKey, int] = {}
        self._narrowed: SectionKey | None = None
        self._words = ""
        self._narrow_limit = IN_A_LIST

    def words(self, section: SectionKey) -> str:
        """Words that the list of a section is narrowed to; "" for a whole one."""
        return self._words if section == self._narrowed else ""

    def limit(self, section: SectionKey) -> int:
        """The most stories that the list of a section has."""
        return self._narrow_limit if self.words(section) else self.whole_limit(section)

    def whole_limit(self, section: SectionKey) -> int:
        """The most stories that the list of a section has while it is not narrowed."""
        return self._limits.get(section, IN_A_LIST)

    def lengthen(self, section: SectionKey) -> None:
        """Let the list of a section have more stories."""
        if self.words(section):
            self._narrow_limit += IN_A_LIST
        else:
            self._limits[section] = self.whole_limit(section) + IN_A_LIST

    def narrow(self, section: SectionKey, words: str) -> None:
        """Narrow the list of a section, and no other one, to the stories with those words."""
        self._narrowed, self._words, self._narrow_limit = section, words.strip(), IN_A_LIST

    def widen(self, section: SectionKey, limit: int = 0) -> None:
        """Give the whole list of a section back, with ``limit`` stories at least."""
        self._narrowed, self._words = None, ""
        self._limits[section] = max(limit, self.whole_limit(section))

    def reading(
        self, section: Section, listed: Collection[str] | None
    ) -> Callable[[sqlite3.Connection], StoredList]:
        """Query for a section's list of now, with one story more where there are older ones.

        It reads nothing once other words were typed, which are to be looked for behind it.
        """
        words, limit = self.words(section.key), self.limit(section.key)

        def read(connection: sqlite3.Connection) -> StoredList:
            if words != self.words(section.key):
                return StoredList(words=words)
            return read_list(connection, section, limit + 1, listed, words)

        return read

    def pass_on(self, tell: Callable[[StoryList], None], story_list: StoryList) -> None:
        """Tell a list, but for one that was read before its section had these words."""
        if story_list.words == self.words(story_list.section):
            tell(story_list)
