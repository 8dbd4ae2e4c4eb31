"""Finding words in an open story, and choosing paragraphs of it."""

from __future__ import annotations

from itertools import accumulate, pairwise

from radiotui.text import plain_letters
from radiotui.ui.widgets.reader.document_view import DocumentView
from radiotui.ui.widgets.reader.layout import TextSpan


def fold(text: str) -> tuple[str, list[int] | None]:
    """A text without case and accents, and where each of its characters was.

    None where every character is where it was.
    """
    if text.isascii():
        return text.lower(), None
    folded = [plain_letters(character) for character in text]
    ends = [0, *accumulate(map(len, folded))]
    places = [at for at, (start, end) in enumerate(pairwise(ends)) for _ in range(end - start)]
    return "".join(folded), [*places, len(text)]


class Finder:
    """Words in a story: where they are, and which of the places one is at."""

    def __init__(self, view: DocumentView) -> None:
        self._view = view
        self._first_block = view.first_in_view
        self._phrase = ""
        self._matches: list[TextSpan] = []
        self._at = 0
        self._read()

    @property
    def count(self) -> tuple[int, int]:
        """Number of the current match and of all; 0 and 0 without any."""
        return (self._at + 1, len(self._matches)) if self._matches else (0, 0)

    def find(self, words: str) -> None:
        """Mark every place, and go to the first from where one was."""
        self._phrase = fold(" ".join(words.split()))[0]
        self._matches = self._places(self._phrase) if self._phrase else []
        after = (n for n, span in enumerate(self._matches) if span.block >= self._first_block)
        self._at = next(after, 0)
        self._view.mark(self._matches, self._at)

    def step(self, by: int) -> None:
        """To the next place or the previous one, in a circle."""
        if self._view.blocks is not self._blocks:
            # The whole story came meanwhile, or the window has another width.
            self._read()
            self._matches = self._places(self._phrase) if self._phrase else []
        if self._matches:
            self._at = (self._at + by) % len(self._matches)
            self._view.mark(self._matches, self._at)

    def end(self) -> None:
        """Take the marks away."""
        self._view.mark([])

    def _read(self) -> None:
        self._blocks = self._view.blocks
        self._texts = [fold(block.text.plain) for block in self._blocks]

    def _places(self, phrase: str) -> list[TextSpan]:
        places = []
        for block, (text, back) in enumerate(self._texts):
            at = text.find(phrase)
            while at >= 0:
                end = at + len(phrase)
                span = (at, end) if back is None else (back[at], back[end - 1] + 1)
                places.append(TextSpan(block, *span))
                at = text.find(phrase, end)
        return places


class Chooser:
    """The paragraphs of a story one after the other, as they are chosen to be quoted."""

    def __init__(self, view: DocumentView) -> None:
        self._view = view
        self._read()

    def _read(self) -> None:
        self._all = self._view.blocks
        self._blocks = [number for number, block in enumerate(self._all) if block.plain]
        top = self._view.first_in_view
        in_view = (n for n, block in enumerate(self._blocks) if block >= top)
        self._first = self._last = next(in_view, len(self._blocks) - 1)

    def begin(self) -> bool:
        """Choose the first that is seen; False where there is nothing to quote."""
        self._show()
        return bool(self._blocks)

    def move(self, by: int) -> None:
        """Another paragraph instead."""
        self._follow()
        at = (self._last if by > 0 else self._first) + by
        self._first = self._last = min(max(at, 0), len(self._blocks) - 1)
        self._show()

    def extend(self, by: int) -> None:
        """One more, or one less, at the end."""
        self._follow()
        self._last = min(max(self._last + by, self._first), len(self._blocks) - 1)
        self._show()

    @property
    def paragraphs(self) -> list[str]:
        """Chosen paragraphs."""
        numbers = self._blocks[self._first : self._last + 1]
        return [self._all[block].plain for block in numbers]

    def end(self) -> None:
        """Take the mark away."""
        self._view.choose(range(0))

    def _follow(self) -> None:
        """The whole story may have come meanwhile."""
        if self._view.blocks is not self._all:
            self._read()

    def _show(self) -> None:
        if self._blocks:
            self._view.choose(range(self._blocks[self._first], self._blocks[self._last] + 1))
