"""Facts about streams, learnt by listening, for the next run: title encoding and loudness."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from radiotui.audio.loudness_norm import Loudness

Key = tuple[str, str]
"""Station and stream."""


class StreamFacts(msgspec.Struct, frozen=True, omit_defaults=True):
    """Facts about one stream."""

    letters: str | None = None
    """The encoding of its titles, where they are not in UTF-8."""
    loudness: Loudness | None = None


class StreamMemory:
    """Facts about every stream, and the set of those that are new."""

    def __init__(self) -> None:
        self._facts: dict[Key, StreamFacts] = {}
        self._new: set[Key] = set()

    def recall(self, facts: Mapping[Key, StreamFacts]) -> None:
        """Recall the facts of an earlier run; facts learnt since then stand."""
        self._facts = {**facts, **self._facts}

    def of(self, key: Key) -> StreamFacts:
        """Facts about a stream."""
        return self._facts.get(key, StreamFacts())

    def note(
        self, key: Key, *, letters: str | None = None, loudness: Loudness | None = None
    ) -> None:
        """Take down what is known now; None leaves it as it was."""
        before = self.of(key)
        now = StreamFacts(letters or before.letters, loudness or before.loudness)
        if key != ("", "") and now != before:
            self._facts[key] = now
            self._new.add(key)

    def new(self) -> dict[Key, StreamFacts]:
        """Facts learnt since the last call."""
        new, self._new = self._new, set()
        return {key: self._facts[key] for key in new}
