"""A station's titles, read off the stream and mended on the tape when their encoding is known."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from msgspec.structs import replace

from radiotui.radio.titles import icy
from radiotui.radio.titles.icy import IcyBlock
from radiotui.radio.titles.records import Record, read_record
from radiotui.radio.titles.titles import Evidence, TitleEncoding, real_title

log = logging.getLogger(__name__)

_MOST_READ_AGAIN = 40
_JUDGE_EVERY = 5.0
"""Seconds between two judgements of a station's encoding, at least."""

_Decode = Callable[[bytes], str]


@dataclass(slots=True, eq=False)
class _Title:
    """A title as it was read, and how to read it in another encoding."""

    read: Callable[[_Decode], str]
    text: str


class TitleReader:
    """Reads titles with the best guess; :meth:`keep_judging` judges the encoding beside.

    Judging takes milliseconds of foreign bytes, so that it is done in a thread and at
    most every five seconds. ``mend_titles`` is then called with the titles that
    were read wrong and their right text; ``on_learnt`` with the encoding once
    the station's titles agree on one, and whenever they come to agree on another.
    """

    def __init__(
        self,
        name: str,
        encoding: TitleEncoding,
        *,
        mend_titles: Callable[[Mapping[str, str]], None],
        on_learnt: Callable[[str], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._name = name
        self._encoding = encoding
        self._mend_titles = mend_titles
        self._on_learnt = on_learnt
        self._sleep = sleep
        self._doubt = asyncio.Event()
        self._titles: deque[_Title] = deque(maxlen=_MOST_READ_AGAIN)

    @property
    def is_guessing(self) -> bool:
        """A title waits for the station's first judgement; its text may be quite wrong."""
        return self._encoding.judged is None and self._encoding.is_in_doubt

    def read(self, raw: bytes) -> IcyBlock:
        """A block of ICY metadata; its title is "" where it names nothing."""

        def read(decode: _Decode) -> str:
            return self.real(icy.parse(raw, decode, self._name).title)

        block = icy.parse(raw, self._encoding.decode, self._name)
        block = replace(block, title=self.real(block.title))
        if not raw.isascii():
            self._note(_Title(read, block.title))
        return block

    def read_tag(self, artist: str | bytes, title: str | bytes) -> str:
        """The title of a tag, or ""; bytes are in the station's encoding."""

        def read(decode: _Decode) -> str:
            parts = (part if isinstance(part, str) else decode(part) for part in (artist, title))
            return self.real(read_record(" - ".join(filter(None, parts)), self._name).title)

        text = read(self._encoding.decode)
        self._note(_Title(read, text))
        return text

    def read_comment(self, text: str) -> Record:
        """The title that a comment names, "" where it names nothing."""
        record = read_record(text, self._name)
        return Record(self.real(record.title), record.ad, record.seconds)

    def real(self, title: str) -> str:
        """``title``, or "" where it names nothing that is heard."""
        return real_title(title, self._name) or ""

    async def keep_judging(self) -> None:
        """Judge whenever there are new titles in doubt, until cancelled."""
        while True:
            await self._doubt.wait()
            await self.judge()
            await self._sleep(_JUDGE_EVERY)

    async def finish(self) -> None:
        """Judge what is still in doubt: no more titles will come."""
        if self._encoding.is_in_doubt:
            await self.judge()

    async def judge(self) -> None:
        """Judge the titles collected so far, in a thread, and mend those on the tape."""
        self._doubt.clear()
        evidence, before = self._encoding.evidence, self._encoding.learnt
        titles = tuple(self._titles)
        try:
            judgement, texts = await asyncio.to_thread(self._judge, evidence, titles)
        except Exception:
            # The titles stay as they were read.
            log.exception("%s: the encoding of titles was not judged", self._name)
            return
        self._encoding.settle(evidence, judgement)
        if self._encoding.is_in_doubt:
            self._doubt.set()
        # Those that came meanwhile are few: they are read here.
        late = [title for title in self._titles if title not in titles]
        texts += [title.read(partial(self._encoding.read_as, judged=judgement)) for title in late]
        self._mend([*titles, *late], texts)
        learnt = self._encoding.learnt
        if learnt is not None and learnt != before:
            self._on_learnt(learnt)

    def _note(self, title: _Title) -> None:
        self._titles.append(title)
        if self._encoding.is_in_doubt:
            self._doubt.set()

    def _judge(self, evidence: Evidence, titles: Sequence[_Title]) -> tuple[str | None, list[str]]:
        """The judgement, and the titles' texts by it. Runs in a thread, changes nothing."""
        judgement = evidence.judge()
        decode = partial(self._encoding.read_as, judged=judgement)
        return judgement, [title.read(decode) for title in titles]

    def _mend(self, titles: Sequence[_Title], texts: Sequence[str]) -> None:
        wrong = {}
        for title, text in zip(titles, texts, strict=True):
            if title.text != text:
                wrong[title.text] = text
                title.text = text
        if wrong:
            self._mend_titles(wrong)
