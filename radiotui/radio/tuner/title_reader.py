"""A station's blocks of metadata, read as what is heard."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace

from radiotui.radio.tape.tape import Tape
from radiotui.radio.titles import icy
from radiotui.radio.titles.icy import IcyBlock
from radiotui.radio.titles.titles import TitleEncoding, real_title

_MOST_READ_AGAIN = 40


class TitleReader:
    """Reads titles; when more of them tell the letters better, those on ``tape`` are mended.

    ``on_learnt`` is told the encoding once the station's titles agree on one, and
    whenever they come to agree on another.
    """

    def __init__(
        self, tape: Tape, name: str, title_encoding: TitleEncoding, on_learnt: Callable[[str], None]
    ) -> None:
        self._tape = tape
        self._name = name
        self._title_encoding = title_encoding
        self._on_learnt = on_learnt
        self._read: deque[tuple[bytes, str]] = deque(maxlen=_MOST_READ_AGAIN)

    def read(self, raw: bytes) -> IcyBlock:
        """What a block says; its title is "" where it is none."""
        judged = self._title_encoding.judged
        block = self._block(raw)
        if self._title_encoding.judged != judged:
            self._mend()
        if not raw.isascii():
            self._read.append((raw, block.title))
        return block

    def decode(self, raw: bytes) -> str:
        """``raw`` in the station's letters, not yet cleaned."""
        learnt = self._title_encoding.learnt
        text = self._title_encoding.decode(raw)
        if self._title_encoding.learnt is not None and self._title_encoding.learnt != learnt:
            self._on_learnt(self._title_encoding.learnt)
        return text

    def real(self, title: str) -> str:
        """``title``, or "" where it is none."""
        return real_title(title, self._name) or ""

    def _block(self, raw: bytes) -> IcyBlock:
        block = icy.parse(raw, self.decode)
        return replace(block, title=self.real(block.title))

    def _mend(self) -> None:
        again = [(raw, self._block(raw).title, title) for raw, title in self._read]
        self._read = deque(((raw, new) for raw, new, _ in again), maxlen=_MOST_READ_AGAIN)
        wrong = {title: new for _, new, title in again if new != title}
        if wrong:
            self._tape.mend_titles(wrong)
