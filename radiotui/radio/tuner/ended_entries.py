"""Entries of playlists that came to their end, as an announcement before the stream does."""

from __future__ import annotations

from collections.abc import Sequence

_LONGEST_ANNOUNCEMENT = 120.0
"""Seconds; whatever had no length and ended later was the stream itself."""
_MOST = 200


class EndedEntries:
    """The entries that one tuner heard to their end, by their addresses."""

    def __init__(self) -> None:
        self._files: dict[str, None] = {}
        self._short: dict[str, None] = {}

    def unheard(self, entries: Sequence[str]) -> Sequence[str]:
        """The entries that are still to be heard; all, where none is left."""
        rest = [entry for entry in entries if entry not in self._files | self._short]
        return rest or entries

    def add(self, entry: str, seconds: float | None = None) -> None:
        """Note an entry that ended: a file, or a body without a length after so many seconds."""
        if seconds is None:
            self._files[entry] = None
        elif seconds < _LONGEST_ANNOUNCEMENT:
            self._short[entry] = None
        for addresses in (self._files, self._short):
            if len(addresses) > _MOST:
                del addresses[next(iter(addresses))]

    def doubt(self) -> None:
        """Try again what had no length: it may have been a stream that closed."""
        self._short.clear()
