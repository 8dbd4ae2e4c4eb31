"""Command ``podcasts``: podcasts of the list, their episodes, and exchanging and finding them."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from radiotui import text
from radiotui.app.podcast_shapes import (
    chapter_shape,
    episode_shape,
    found_podcast_shape,
    podcast_shape,
    transcript_shape,
)
from radiotui.cli.feeds import count_private, print_imported, write_opml
from radiotui.cli.notes import opened
from radiotui.cli.output import DONE, FAILED, print_json, print_note, print_nothing, print_result
from radiotui.cli.passwords import ask_on_terminal
from radiotui.problems import Problem, ProblemKind
from radiotui.text import clock_duration, without_password

if TYPE_CHECKING:
    from radiotui.app.companion import Companion
    from radiotui.podcasts.model import FoundPodcast, Podcast, PodcastEpisode

_NONE = "there are no podcasts: 'radiotui podcasts add ADDRESS' adds one"


async def list_podcasts(companion: Companion, *, as_json: bool) -> int:
    """Print each podcast of the list; 1 where it has none."""
    async with opened(companion, radio=False):
        await companion.feed_logins.move_out()
        podcasts = await companion.podcasts.podcasts()
        logins = {report.url: report for report in await companion.feed_logins.reports()}
    if as_json:
        print_json([podcast_shape(podcast, logins) for podcast in podcasts])
    else:
        for podcast in podcasts:
            _print_podcast(podcast, companion.clock())
            if (report := logins.get(podcast.state.url)) is not None:
                print_result(f"    {report.words}")
    return DONE if podcasts else print_nothing(_NONE)


async def list_episodes(companion: Companion, name: str, *, as_json: bool) -> int:
    """Print a podcast's episodes, the newest first or as it is set; 1 where it has none."""
    async with opened(companion, radio=False):
        podcast, episodes = await companion.podcasts.episodes(name)
        downloads = (await companion.downloads.listed()).downloads
        podcast_settings = await companion.podcast_settings.of_url(podcast.state.url)
    if podcast_settings.settings.order == "oldest":
        episodes = episodes[::-1]
    on_disk = {download.entry for download in downloads if download.state == "whole"}
    if as_json:
        shapes = (
            episode_shape(each, is_downloaded=each.headline.id in on_disk) for each in episodes
        )
        print_json(list(shapes))
    else:
        for episode in episodes:
            words = "  (on disk)" if episode.headline.id in on_disk else ""
            _print_episode(episode, companion.clock(), words)
    if podcast.state.problem is not None:
        print_note(podcast.state.problem)
    return DONE if episodes else print_nothing(f"{podcast.state.title} has no episodes yet")


async def list_chapters(companion: Companion, typed: str, *, as_json: bool) -> int:
    """Print an episode's chapters, each with its time; 1 where it has none."""
    async with opened(companion, radio=False):
        result = await companion.podcasts.chapters_of(typed)
    if as_json:
        print_json([chapter_shape(chapter) for chapter in result.chapters])
    else:
        for chapter in result.chapters:
            print_result(f"{clock_duration(chapter.start)}  {chapter.title}".rstrip())
    if result.problem is not None:
        print_note(result.problem)
        return DONE if result.chapters else FAILED
    return DONE if result.chapters else print_nothing("this episode has no chapters")


async def print_transcript(
    companion: Companion, typed: str, *, language: str | None, as_json: bool
) -> int:
    """Print an episode's words, each line with its time and speaker where they are known."""
    async with opened(companion, radio=False):
        transcript = await companion.podcasts.transcript_of(typed, language)
    if as_json:
        print_json(transcript_shape(transcript))
    else:
        for line in transcript.lines:
            time = "" if line.start is None else f"{clock_duration(line.start)}  "
            print_result(f"{time}{f'{line.speaker}: ' if line.speaker else ''}{line.text}")
    return DONE


async def add_podcast(companion: Companion, address: str) -> int:
    """Add the podcast at an address, or the one that the page there names."""
    async with opened(companion, radio=False):
        try:
            podcast = await companion.podcasts.add(address)
        except Problem as problem:
            if problem.kind is not ProblemKind.NO_PASSWORD or not sys.stdin.isatty():
                raise
            password = await asyncio.to_thread(ask_on_terminal, "Password: ")
            podcast = await companion.podcasts.add(address, password)
    print_result(f"{podcast.title}  {without_password(podcast.url)}")
    return DONE


async def remove_podcast(companion: Companion, name: str) -> int:
    """Take one of the listener's own podcasts out of the list."""
    async with opened(companion, radio=False):
        podcast = await companion.podcasts.remove(name)
    print_result(f"{podcast.title or without_password(podcast.url)} is not in the list any more")
    return DONE


async def move_podcast(companion: Companion, name: str, address: str) -> int:
    """Give a podcast another address."""
    async with opened(companion, radio=False):
        podcast = await companion.podcasts.move(name, address)
    print_result(f"{podcast.state.title}  {without_password(podcast.state.url)}")
    if podcast.state.problem is not None:
        print_note(podcast.state.problem)
    return DONE


async def bring_older(companion: Companion, name: str) -> int:
    """Bring older episodes of a podcast; 1 where there are none."""
    async with opened(companion, radio=False):
        result = await companion.podcasts.older(name)
    if result.problem is not None:
        print_note(result.problem)
    if not result.brought:
        return FAILED if result.problem else print_nothing("there are no older episodes")
    more = "; there are more" if result.has_more else ""
    print_result(f"{result.brought} older episodes from {result.pages} pages{more}")
    return DONE


async def refresh_podcasts(companion: Companion, name: str | None, *, as_json: bool) -> int:
    """Ask the podcasts now; 1 where none of them answered, or there is none."""
    async with opened(companion, radio=False):
        podcasts = await companion.podcasts.refresh(name)
    if as_json:
        print_json([podcast_shape(podcast) for podcast in podcasts])
    if not podcasts:
        return print_nothing(_NONE)
    failed = [podcast.state for podcast in podcasts if podcast.state.problem is not None]
    for state in failed:
        print_note(state.problem)
    if not as_json:
        episodes = sum(podcast.episodes for podcast in podcasts)
        answered = len(podcasts) - len(failed)
        print_result(f"{answered} of {len(podcasts)} podcasts answered, {episodes} episodes")
    return FAILED if len(failed) == len(podcasts) else DONE


async def print_chart(companion: Companion, country: str, genre: str, *, as_json: bool) -> int:
    """Print the podcasts of a chart, the first one first; 1 where it has none."""
    async with opened(companion, radio=False):
        chart = await companion.podcasts.chart(country, genre)
    if as_json:
        print_json([found_podcast_shape(podcast) for podcast in chart.podcasts])
    else:
        for podcast in chart.podcasts:
            _print_found(podcast)
    return DONE if chart.podcasts else print_nothing("Apple has no chart of that")


async def find_podcasts(companion: Companion, words: str, *, as_json: bool) -> int:
    """Print the podcasts that the directories have; 1 where they have none."""
    async with opened(companion, radio=False):
        found = await companion.podcasts.find(words)
    if as_json:
        print_json([found_podcast_shape(podcast) for podcast in found.podcasts])
    else:
        for podcast in found.podcasts:
            _print_found(podcast)
    if found.problem is not None:
        print_note(found.problem)
    return DONE if found.podcasts else print_nothing(f"no podcast is called {words!r}")


async def import_podcasts(companion: Companion, path: Path) -> int:
    """Add the podcasts of an OPML file."""
    async with opened(companion, radio=False):
        result = await companion.podcasts.import_opml(path)
    if result.states:
        known, told = result.known_states, len(result.states)
        print_note(f"{known} of {told} heard episodes were found")
    return print_imported(result.new, result.total, "podcast")


async def export_podcasts(companion: Companion, path: Path | None, *, played: bool) -> int:
    """Write every podcast as OPML, into a file or to stdout; 1 where there is none.

    With ``played`` it tells how far episodes were heard.
    """
    async with opened(companion, radio=False):
        data = await companion.podcasts.export_opml(played=played)
    urls = companion.followed_feeds().podcasts
    if not urls:
        return print_nothing(_NONE)
    return await write_opml(path, data, count_private(companion, urls), "podcast")


def _print_podcast(podcast: Podcast, at: datetime) -> None:
    state, channel = podcast.state, podcast.channel
    owner = ", ".join(state.stations) or state.folder or "own"
    newest = text.age(at - podcast.newest_at) if podcast.newest_at else "never"
    print_result(
        f"{text.fit(state.title, 40)} {text.fit(owner, 14)} {podcast.episodes:>5} episodes"
        f"  {newest:>5}  {channel.author}".rstrip()
    )
    print_result(f"    {without_password(state.url)}")
    if state.problem is not None:
        print_result(f"    {state.problem}")


def _print_episode(episode: PodcastEpisode, at: datetime, on_disk: str) -> None:
    headline, facts = episode.headline, episode.episode
    age = text.age(at - headline.published) if headline.published else ""
    seconds = facts.seconds or (headline.audio.seconds if headline.audio else None)
    length = clock_duration(seconds) if seconds else ""
    print_result(
        f"{headline.id:>6} {age:>4} {length:>8}  {_number(episode)}{headline.title}"
        f"{_progress(episode)}{on_disk}"
    )


def _progress(episode: PodcastEpisode) -> str:
    """ "  (12:34 heard)" for an episode in progress, "  (heard)" for one that was played."""
    headline = episode.headline
    if headline.heard:
        return f"  ({clock_duration(headline.heard)} heard)"
    return "  (heard)" if headline.is_played else ""


def _number(episode: PodcastEpisode) -> str:
    """ "S2 E3 ", and what else than a whole episode it is: "bonus: "."""
    facts = episode.episode
    number = text.episode_number(facts.season, facts.number)
    kind = f"{facts.kind}: " if facts.kind not in {"", "full"} else ""
    return f"{number} {kind}" if number else kind


def _print_found(podcast: FoundPodcast) -> None:
    count = f"{podcast.episodes} episodes" if podcast.episodes is not None else ""
    print_result(
        f"{text.fit(podcast.title, 40)} {text.fit(podcast.author, 28)} {count:>13}"
        f"  {podcast.directory}"
    )
    print_result(f"    {podcast.url}")
