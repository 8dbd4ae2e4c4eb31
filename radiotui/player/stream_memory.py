"""What listening teaches of a stream, for the next time: its letters and its loudness."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from radiotui.audio.loudness_norm import Loudness

Key = tuple[str, str]
"""Station and stream."""


class StreamFacts(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of one stream."""

    letters: str | None = None
    """The encoding of its titles, where they are not in UTF-8."""
    loudness: Loudness | None = None


class StreamMemory:
    """What is known of every stream, and which of it is new."""

    def __init__(self) -> None:
        self._known: dict[Key, StreamFacts] = {}
        self._new: set[Key] = set()

    def recall(self, known: Mapping[Key, StreamFacts]) -> None:
        """What an earlier run took from :meth:`new`; what was learnt since then stands."""
        self._known = {**known, **self._known}

    def of(self, key: Key) -> StreamFacts:
        """What is known of a stream."""
        return self._known.get(key, StreamFacts())

    def note(
        self, key: Key, *, letters: str | None = None, loudness: Loudness | None = None
    ) -> None:
        """Take down what is known now; None leaves it as it was."""
        before = self.of(key)
        now = StreamFacts(letters or before.letters, loudness or before.loudness)
        if key != ("", "") and now != before:
            self._known[key] = now
            self._new.add(key)

    def new(self) -> dict[Key, StreamFacts]:
        """What was learnt since this was asked last."""
        new, self._new = self._new, set()
        return {key: self._known[key] for key in new}
