"""Files that an episode names beside its sound, its chapters and its words: asked for and kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from radiotui.documents.processes import WorkerError, WorkerPool
from radiotui.feeds.parsing.model import Episode, Transcript, read_episode
from radiotui.net.client import MIB
from radiotui.net.typed import json_decoder
from radiotui.net.urls import parts_of, site_of
from radiotui.podcasts.chapters import Chapter, EpisodeChapters, chapters_in, merged
from radiotui.podcasts.transcripts import LARGEST_BYTES, transcript_in
from radiotui.problems import Problem, ProblemKind
from radiotui.store import episode_files, feeds
from radiotui.store.episode_files import EpisodeFile, FileKind
from radiotui.store.episodes import StoredEpisode, episode
from radiotui.stories.stored_lists import stored_channel
from radiotui.stories.transcript_lines import EpisodeTranscript, read_transcript, write_transcript

if TYPE_CHECKING:
    import sqlite3

    from radiotui.net.client import Net
    from radiotui.store import Store

log = logging.getLogger(__name__)

_LARGEST_CHAPTERS = 2 * MIB
_ASKED_AGAIN = timedelta(days=1)
"""Chapters are mended after an episode came out; its words hardly ever are."""
_MOST_TRIED = 4
_FORMS = (
    (("text/vtt",), (".vtt",)),
    (("application/x-subrip", "application/srt", "text/srt"), (".srt",)),
    (("application/json",), (".json",)),
    (("text/html", "application/xhtml+xml"), (".html", ".htm")),
    (("text/plain",), (".txt",)),
)
"""Types of each form of a transcript, and endings of its addresses, the best form first."""
_TIMED_FORMS = 3
_UNKNOWN_FORM = 3
"""The place of one that says nothing of its form: it may have times."""


class EpisodeFiles:
    """Chapters and words of episodes. Network, store and worker processes are the caller's."""

    def __init__(
        self, net: Net, store: Store, workers: WorkerPool, clock: Callable[[], datetime]
    ) -> None:
        self._net = net
        self._store = store
        self._workers = workers
        self._clock = clock

    async def chapters(
        self, headline_id: int, of_file: Sequence[Chapter] = (), *, anew: bool = False
    ) -> EpisodeChapters:
        """Chapters of an episode: of its file, of the list that it names, and of its feed.

        The list is asked for where it is not kept from the last day, with ``anew`` in any case.
        Raises Problem where the episode is not kept any more.
        """
        stored = await self._stored(headline_id)
        facts, problem = _facts(stored), None
        listed: tuple[Chapter, ...] = ()
        if facts.chapters_url is not None:
            listed, problem = await self._listed(stored, facts.chapters_url, anew=anew)
        return EpisodeChapters(merged(of_file, listed, facts.chapters), problem)

    async def transcript_languages(self, headline_id: int) -> tuple[str, ...]:
        """Languages of an episode's transcripts, each once; "" for those that name none.

        Raises Problem where the episode is not kept any more.
        """
        stored = await self._stored(headline_id)
        own_language = await self._store.look(lambda c: _language(c, stored.story.feed))
        transcripts = _facts(stored).transcripts
        return tuple(dict.fromkeys(each.language or own_language for each in transcripts))

    async def transcript(
        self, headline_id: int, language: str | None = None, *, anew: bool = False
    ) -> EpisodeTranscript:
        """Words of an episode: in that language, else in the podcast's own, else the first ones.

        Kept ones are given as long as the feed says nothing new of the episode, or ``anew`` is
        true. Raises Problem where there are none, and where they cannot be read.
        """
        stored = await self._stored(headline_id)
        own_language = await self._store.look(lambda c: _language(c, stored.story.feed))
        transcripts = best_first(_facts(stored).transcripts, language, own_language)
        problem: Problem | None = None
        for transcript in transcripts[:_MOST_TRIED]:
            try:
                return await self._words(stored, transcript, own_language, anew=anew)
            except Problem as reason:
                problem = problem or reason.reworded()
        raise problem or Problem("This episode has no transcript", kind=ProblemKind.NOT_FOUND)

    async def _stored(self, headline_id: int) -> StoredEpisode:
        return await self._store.look(lambda c: episode(c, headline_id))

    async def _kept(self, stored: StoredEpisode, kind: FileKind, url: str) -> EpisodeFile | None:
        entry = stored.story.id
        return await self._store.look(lambda c: episode_files.episode_file(c, entry, kind, url))

    async def _keep(self, stored: StoredEpisode, kind: FileKind, url: str, content: str) -> None:
        file = EpisodeFile(kind, url, self._clock(), content)
        await self._store.ask(lambda c: episode_files.keep_episode_file(c, stored.story.id, file))

    async def _listed(
        self, stored: StoredEpisode, url: str, *, anew: bool
    ) -> tuple[tuple[Chapter, ...], Problem | None]:
        """Chapters of the list at ``url``, as they are kept where it does not answer, and why."""
        kept = await self._kept(stored, "chapters", url)
        before = () if kept is None else _kept_chapters(kept)
        if before and kept is not None and not anew and self._is_fresh(stored, kept, _ASKED_AGAIN):
            return before, None
        try:
            chapters = await self._asked_chapters(url)
        except Problem as problem:
            return before, problem.reworded()
        # A list of one may stand there until somebody has made the chapters.
        if len(chapters) > 1:
            await self._keep(stored, "chapters", url, msgspec.json.encode(chapters).decode())
        return chapters, None

    async def _asked_chapters(self, url: str) -> tuple[Chapter, ...]:
        fetched = await self._net.fetch(
            url, who=site_of(url), cap=_LARGEST_CHAPTERS, headers={"Accept": "application/json"}
        )
        chapters = await asyncio.to_thread(chapters_in, fetched.body, fetched.url)
        if chapters is None:
            raise Problem(
                f"{site_of(url)} sent chapters that cannot be read",
                "it may mend them later",
                url,
                kind=ProblemKind.DAMAGED,
            )
        return chapters

    async def _words(
        self, stored: StoredEpisode, transcript: Transcript, own_language: str, *, anew: bool
    ) -> EpisodeTranscript:
        """The words of one transcript. Raises Problem where none can be read, nor are kept."""
        url = transcript.url
        kept = await self._kept(stored, "transcript", url)
        before = None if kept is None else await asyncio.to_thread(_kept_transcript, kept)
        if before and kept is not None and not anew and self._is_fresh(stored, kept):
            return before
        try:
            fetched = await self._net.fetch(url, who=site_of(url), cap=LARGEST_BYTES)
            is_timed = _form(transcript) < _TIMED_FORMS
            facts = (is_timed, transcript.language or own_language, url)
            words = await self._workers.run(EpisodeTranscript, transcript_in, fetched.body, *facts)
            if not words.lines:
                raise _unreadable(url)
        except (TimeoutError, WorkerError) as error:
            log.info("the words at %s take too long: %r", url, error)
            if before is not None:
                return before
            raise _unreadable(url) from error
        except Problem:
            if before is not None:
                return before
            raise
        content = await asyncio.to_thread(write_transcript, words)
        await self._keep(stored, "transcript", url, content)
        return words

    def _is_fresh(
        self, stored: StoredEpisode, kept: EpisodeFile, most: timedelta = timedelta.max
    ) -> bool:
        changed_at, fetched_at = stored.story.changed_at, kept.fetched_at
        assert fetched_at is not None
        is_current = changed_at is None or changed_at <= fetched_at
        return is_current and self._clock() - fetched_at < most


def best_first(
    transcripts: Sequence[Transcript], language: str | None, own_language: str = ""
) -> list[Transcript]:
    """Transcripts in the language that is asked for, those with times first.

    Without one those in the podcast's own language, else in that of the first transcript; one
    that names no language is in the podcast's own. Raises Problem where none is in the language
    that is asked for.
    """
    if not transcripts:
        return []
    languages = [transcript.language or own_language for transcript in transcripts]
    asked_for = language or own_language
    nearness = [_nearness(asked_for, each) for each in languages]
    if not any(nearness):
        if language:
            raise _other_language(language, languages)
        nearness = [_nearness(languages[0], each) or each == languages[0] for each in languages]
    order = [
        (_form(transcript) >= _TIMED_FORMS, -near, _form(transcript), place)
        for place, (transcript, near) in enumerate(zip(transcripts, nearness, strict=True))
        if near
    ]
    return [transcripts[place] for *_, place in sorted(order)]


def _nearness(language: str, other: str) -> int:
    """2 for the same language, 1 for that of another country, 0 for another one."""
    language, other = (tag.strip().lower().replace("_", "-") for tag in (language, other))
    if not language or not other:
        return 0
    if language == other:
        return 2
    return int(language.partition("-")[0] == other.partition("-")[0])


def _form(transcript: Transcript) -> int:
    """Place of a transcript's form in the order of forms, by its type, else by its address."""
    kind = transcript.type.partition(";")[0].strip().lower()
    path = parts_of(transcript.url).path.lower()
    for place, (types, _) in enumerate(_FORMS):
        if kind in types:
            return place
    for place, (_, endings) in enumerate(_FORMS):
        if path.endswith(endings):
            return place
    return _UNKNOWN_FORM


def _other_language(language: str, languages: Sequence[str]) -> Problem:
    named = ", ".join(dict.fromkeys(filter(None, languages)))
    return Problem(
        f"This episode has no transcript in {language!r}",
        f"there are: {named}" if named else "those that there are name no language",
        kind=ProblemKind.NOT_FOUND,
    )


def _unreadable(url: str) -> Problem:
    return Problem(
        f"{site_of(url)} sent a transcript that cannot be read",
        "it may mend it later",
        url,
        kind=ProblemKind.DAMAGED,
    )


def _facts(stored: StoredEpisode) -> Episode:
    try:
        return read_episode(stored.episode)
    except ValueError as error:
        log.warning("what is stored of episode %d is damaged: %s", stored.story.id, error)
        return Episode()


def _language(connection: sqlite3.Connection, url: str) -> str:
    """The language that a podcast says is its own."""
    stored_feeds = feeds.feeds(connection, [url])
    return stored_channel(stored_feeds[0]).language if stored_feeds else ""


def _kept_chapters(file: EpisodeFile) -> tuple[Chapter, ...]:
    try:
        return json_decoder(tuple[Chapter, ...]).decode(file.content)
    except ValueError as error:
        log.warning("the kept chapters of %s are damaged: %s", file.url, error)
        return ()


def _kept_transcript(file: EpisodeFile) -> EpisodeTranscript | None:
    try:
        return read_transcript(file.content)
    except ValueError as error:
        log.warning("the kept words of %s are damaged: %s", file.url, error)
        return None
