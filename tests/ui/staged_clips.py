"""The clips of a staged companion: a list in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from radiotui.app.clip import Clip
from radiotui.app.clips import Clips


class StagedClips(Clips):
    """Changes at once, and remembers what it was asked."""

    def __init__(self, real: Clips, note: Callable[[tuple[Any, ...]], None]) -> None:
        super().__init__(real.deps)
        self._note = note
        self.kept: list[Clip] = []
        self.gone: list[Clip] = []

    async def clips(self, words: str = "") -> list[Clip]:
        """Those with every one of the words."""
        asked = words.casefold().split()
        return [clip for clip in self.kept if all(word in clip.searched for word in asked)]

    async def note(self, number: int, note: str) -> Clip:
        """Change it."""
        self._note(("note_clip", number, note))
        self.kept = [
            replace(clip, note=note) if clip.number == number else clip for clip in self.kept
        ]
        return next(clip for clip in self.kept if clip.number == number)

    async def remove(self, number: int) -> Clip:
        """Lay it aside."""
        self._note(("remove_clip", number))
        clip = next(clip for clip in self.kept if clip.number == number)
        self.kept.remove(clip)
        self.gone.append(clip)
        return clip

    async def undo(self) -> Clip | None:
        """Put it back."""
        if not self.gone:
            return None
        self.kept.insert(0, self.gone.pop())
        return self.kept[0]
