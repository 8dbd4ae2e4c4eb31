"""The theme that was chosen on the screen: a small file, read before the first paint."""

from __future__ import annotations

import logging
from pathlib import Path

from radiotui.files import write_atomically

log = logging.getLogger(__name__)
_MOST_CHARACTERS = 200


class SavedTheme:
    """A choice holds for as long as the settings name the theme that they named then."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, of_settings: str) -> str:
        """The theme in use: the chosen one, else that of the settings."""
        try:
            with self._path.open(encoding="utf-8") as file:
                words = file.read(_MOST_CHARACTERS).split()
        except (OSError, ValueError):
            return of_settings
        return words[1] if len(words) == 2 and words[0] == of_settings else of_settings

    def write(self, of_settings: str, chosen: str) -> None:
        """Save a choice; only the log reports where that fails."""
        try:
            write_atomically(self._path, f"{of_settings} {chosen}\n".encode(), private=True)
        except OSError as error:
            log.warning("the theme is not remembered: %s", error)
