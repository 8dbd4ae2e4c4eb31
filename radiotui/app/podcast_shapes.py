"""Promised JSON of podcasts and episodes; see :mod:`radiotui.app.shapes`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from radiotui.app.shapes import Shape, iso
from radiotui.text import without_password

if TYPE_CHECKING:
    from radiotui.app.clip import Clip
    from radiotui.app.feed_logins import LoginReport
    from radiotui.app.podcast_settings import SetPodcast
    from radiotui.app.synchronisation import SyncStatus
    from radiotui.feeds.parsing.model import Person
    from radiotui.podcasts.chapters import Chapter
    from radiotui.podcasts.model import FoundPodcast, Podcast, PodcastEpisode
    from radiotui.podcasts.transcripts import EpisodeTranscript
    from radiotui.stories.model import EpisodeDownload
    from radiotui.sync.exchange import SyncReport


NO_LOGINS: Mapping[str, LoginReport] = {}


def podcast_shape(podcast: Podcast, logins: Mapping[str, LoginReport] = NO_LOGINS) -> Shape:
    """Podcast of ``podcasts --json``, with where the password of a private one comes from."""
    state, channel, login = podcast.state, podcast.channel, logins.get(podcast.state.url)
    return {
        "title": state.title,
        "url": without_password(state.url),
        "own": state.own,
        "stations": list(state.stations),
        "author": channel.author or None,
        "description": channel.description or None,
        "link": channel.link,
        "picture": podcast.picture or None,
        "language": channel.language or None,
        "categories": list(channel.categories),
        "kind": channel.kind or None,
        "explicit": channel.is_explicit,
        "complete": channel.is_complete,
        "guid": channel.guid or None,
        "funding": [{"url": page.url, "title": page.title or None} for page in channel.funding],
        "persons": [_person_shape(person) for person in channel.persons],
        "trailers": [
            {"url": trailer.url, "title": trailer.title or None, "season": trailer.season}
            for trailer in channel.trailers
        ],
        "episodes": podcast.episodes,
        "newest": iso(podcast.newest_at),
        "answered": iso(state.answered_at),
        "user": login.user if login else None,
        "password": login.origin and login.origin.value if login else None,
        "problem": state.problem and {"title": state.problem.title, "hint": state.problem.hint},
    }


def episode_shape(podcast_episode: PodcastEpisode, *, is_downloaded: bool = False) -> Shape:
    """Episode of ``podcasts list PODCAST --json``."""
    headline, episode = podcast_episode.headline, podcast_episode.episode
    return {
        "id": headline.id,
        "title": headline.title,
        "published": iso(headline.published),
        "link": headline.link,
        "audio": headline.audio and headline.audio.url,
        "seconds": episode.seconds or (headline.audio and headline.audio.seconds),
        "season": episode.season,
        "number": episode.number,
        "kind": episode.kind or None,
        "picture": episode.image,
        "heard": round(headline.heard, 1) or None,
        "played": headline.is_played,
        "read": headline.read,
        "starred": headline.starred,
        "downloaded": is_downloaded,
        "persons": [_person_shape(person) for person in episode.persons],
        "chapters": [
            {"start": chapter.start, "title": chapter.title, "url": chapter.url}
            for chapter in episode.chapters
        ],
        "chapters_url": episode.chapters_url,
        "transcripts": [
            {"url": each.url, "type": each.type or None, "language": each.language or None}
            for each in episode.transcripts
        ],
    }


def chapter_shape(chapter: Chapter) -> Shape:
    """Chapter of ``podcasts chapters --json``."""
    return {
        "start": chapter.start,
        "end": chapter.end,
        "title": chapter.title or None,
        "url": chapter.url,
        "picture": chapter.image,
    }


def transcript_shape(transcript: EpisodeTranscript) -> Shape:
    """Words of an episode in ``podcasts transcript --json``."""
    return {
        "language": transcript.language or None,
        "url": transcript.url or None,
        "lines": [
            {
                "start": line.start,
                "end": line.end,
                "speaker": line.speaker or None,
                "text": line.text,
            }
            for line in transcript.lines
        ],
    }


def download_shape(download: EpisodeDownload) -> Shape:
    """Download of ``podcasts download --json`` and ``podcasts downloads --json``."""
    return {
        "id": download.entry,
        "title": download.title,
        "podcast": download.podcast,
        "state": download.state,
        "bytes": download.bytes_there,
        "total": download.total,
        "path": download.path or None,
        "automatic": download.is_automatic,
        "problem": str(download.problem) if download.problem else None,
    }


def clip_shape(clip: Clip) -> Shape:
    """Clip of ``podcasts clips --json``."""
    return {
        "id": clip.number,
        "title": clip.title,
        "source": clip.source or None,
        "start": clip.begin,
        "end": clip.end,
        "made": iso(clip.made_at),
        "sent": iso(clip.began_at),
        "url": clip.url or None,
        "link": clip.link or None,
        "note": clip.note or None,
        "text": list(clip.lines),
        "path": clip.path or None,
    }


def set_podcast_shape(podcast: SetPodcast) -> Shape:
    """Settings of a podcast in ``podcasts set --json``; null is as every podcast."""
    settings, loudness = podcast.settings, podcast.loudness
    return {
        "title": podcast.title or None,
        "url": without_password(podcast.url),
        "settings": {field: getattr(settings, field) for field in settings.__struct_fields__},
        "loudness": loudness and {"lufs": round(loudness.lufs, 1), "seconds": loudness.seconds},
    }


def found_podcast_shape(podcast: FoundPodcast) -> Shape:
    """Podcast of ``podcasts find --json``."""
    return {
        "title": podcast.title,
        "url": podcast.url,
        "author": podcast.author or None,
        "episodes": podcast.episodes,
        "genres": list(podcast.genres),
        "picture": podcast.picture or None,
        "directory": podcast.directory,
    }


def _person_shape(person: Person) -> Shape:
    return {"name": person.name, "role": person.role or None, "url": person.url}


def sync_report_shape(report: SyncReport) -> Shape:
    """Outcome of ``sync --json``."""
    return {
        "added": [without_password(url) for url in report.added],
        "removed": [without_password(url) for url in report.removed],
        "told_added": report.told_added,
        "told_removed": report.told_removed,
        "received": len(report.received),
        "sent": report.sent,
        "refused": report.refused,
        "waiting": report.waiting,
    }


def sync_status_shape(status: SyncStatus) -> Shape:
    """State of ``sync status --json``."""
    return {
        "kind": status.account.kind,
        "server": without_password(status.account.server),
        "user": status.account.user,
        "device": status.account.device,
        "password": status.password or None,
        "synced": iso(status.synced_at),
        "unsent": status.unsent,
        "waiting": status.waiting,
    }
