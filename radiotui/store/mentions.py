"""Mentions of rows in the indexes of a damaged store: they outlive the pages of the rows."""

from __future__ import annotations

from radiotui.net.urls import is_web
from radiotui.store.pages import Record, Value

_LEAST_TIME = 100_000_000
"""A larger number is no row's: it is seconds since 1970."""


class Mentions:
    """Names and numbers of rows, as the indexes have them."""

    def __init__(self) -> None:
        self.feeds: dict[str, int] = {}
        """Number of each feed, by its address."""
        self.entries: dict[int, tuple[int, str]] = {}
        """Feed and guid of each entry."""
        self.stars: set[tuple[int, str]] = set()
        """Feed and guid of entries with a star."""
        self.times: dict[int, int] = {}
        """Seconds of the first time that is known of an entry."""
        self._links: dict[int, list[str]] = {}
        self._articles: dict[int, str] = {}
        self.heard: set[int] = set()

    def note(self, record: Record) -> None:
        """Remember what an entry of an index says."""
        if record.rowid is not None:
            return
        match record.values:
            case [str() as text, int() as number]:
                self._note_text(text, number)
            case [int() as feed, str() as guid]:
                self.stars.add((feed, guid))
            case [int() as feed, str() as guid, int() as entry]:
                self.entries[entry] = feed, guid
            case [str(), str(), "title" | "programme", int() | float(), int() as played]:
                self.heard.add(played)
            case [int() as at, *numbers] if at > _LEAST_TIME and numbers:
                self._note_time(at, numbers[-1])

    def note_article(self, article: int, link: str) -> None:
        """Remember that an article's address is among the links with its number."""
        self._articles[article] = link

    def link_of(self, entry: int) -> str | None:
        """Address of an entry, without its scheme."""
        links = list(self._links.get(entry, ()))
        # The index of articles and that of links have the same form.
        if self._articles.get(entry) in links:
            links.remove(self._articles[entry])
        return links[0] if len(set(links)) == 1 else None

    def _note_text(self, text: str, number: int) -> None:
        if is_web(text):
            self.feeds[text] = number
        elif "." in text and " " not in text:
            self._links.setdefault(number, []).append(text)

    def _note_time(self, at: int, entry: Value) -> None:
        if isinstance(entry, int):
            self.times[entry] = min(at, self.times.get(entry, at))
