"""Rooms of the companion: how each is built with its first use.

Only then its modules are loaded: the first screen waits for what is shown on it alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from radiotui.app.airings import Airings
    from radiotui.app.belongings import Belongings
    from radiotui.app.clips import Clips
    from radiotui.app.companion import Companion
    from radiotui.app.downloads import Downloads
    from radiotui.app.episode_progress import EpisodeProgress
    from radiotui.app.feed_logins import FeedLogins
    from radiotui.app.finding import StationFinder
    from radiotui.app.history import History
    from radiotui.app.live_items import LiveItems
    from radiotui.app.marks import Marks
    from radiotui.app.new_episodes import NewEpisodes
    from radiotui.app.own_stations import OwnStations
    from radiotui.app.podcast_settings import SettingsOfPodcasts
    from radiotui.app.podcasts import Podcasts
    from radiotui.app.queue_rules import QueueRules
    from radiotui.app.queues import Queues
    from radiotui.app.recordings import Recordings
    from radiotui.app.services import ServicesDeps
    from radiotui.app.station_pictures import StationPictures
    from radiotui.app.stories import Stories
    from radiotui.app.synchronisation import Synchronisation
    from radiotui.player.episodes import EpisodeAnswers, FileOf
    from radiotui.player.queue import Queue, QueueItem
    from radiotui.problems import Problem
    from radiotui.stories.intents import SoundIntent


def services_deps(companion: Companion, *, screen: bool) -> ServicesDeps:
    """Dependencies of the services."""
    from radiotui.app.services import ServicesDeps

    return ServicesDeps(
        companion.settings,
        engine=companion.options.engine or companion.settings.engine,
        store=companion.options.store_path,
        cache=companion.options.folders.cache,
        recordings=companion.recordings_path,
        clock=companion.clock,
        on_player_state=companion.receive_player_state,
        on_on_air=companion.receive_on_air,
        on_story_list=companion.stories.receive,
        on_problem=companion.notify,
        on_notice=companion.confirm,
        answers=lambda: episode_answers(companion),
        screen=screen,
    )


def stories(companion: Companion) -> Stories:
    """Sections, headlines and articles."""
    from radiotui.app.stories import Stories, StoriesDeps
    from radiotui.stories.intents import ListenFrom

    def receive_answers() -> None:
        companion.live_items.receive_answers()

    async def sound_of(intent: SoundIntent) -> QueueItem:
        at = intent.at if isinstance(intent, ListenFrom) else None
        return await companion.queue_rules.item(intent.headline, at)

    return Stories(
        StoriesDeps(
            *companion.room_deps,
            feeds=companion.followed_feeds,
            articles_ahead=lambda: companion.settings.articles_ahead,
            stations_path=companion.options.own_stations_path,
            publish=companion.publish,
            on_asked=receive_answers,
            do=companion.do,
            sound_of=sound_of,
        )
    )


def belongings(companion: Companion) -> Belongings:
    """Podcast and stories of a programme."""
    from radiotui.app.belongings import Belongings, BelongingsDeps

    return Belongings(BelongingsDeps(*companion.room_deps, companion.followed_feeds))


def station_pictures(companion: Companion) -> StationPictures:
    """Pictures of stations."""
    from radiotui.app.station_pictures import StationPictures, StationPicturesDeps

    return StationPictures(StationPicturesDeps(*companion.room_deps, companion.publish))


def airings(companion: Companion) -> Airings:
    """Programmes by name, over all stations."""
    from radiotui.app.airings import Airings, AiringsDeps

    station_list = (lambda: companion.station_list, companion.on_air)
    return Airings(AiringsDeps(*companion.room_deps, *station_list))


def own_stations(companion: Companion) -> OwnStations:
    """Edits, imports and exports of the station list."""
    from radiotui.app.own_stations import ListDeps, OwnStations

    station_list = (lambda: companion.station_list, companion.receive_station_list)
    return OwnStations(ListDeps(*companion.room_deps, companion.options, *station_list))


def finder(companion: Companion) -> StationFinder:
    """Directories of stations."""
    from radiotui.app.finding import FinderDeps, StationFinder

    return StationFinder(FinderDeps(*companion.room_deps, companion.own_stations))


def podcasts(companion: Companion) -> Podcasts:
    """Podcasts of the list, and directories of them."""
    from radiotui.app.podcasts import Podcasts, PodcastsDeps
    from radiotui.podcasts import apple, fyyd

    async def file_of(entry: int) -> Path | None:
        return await companion.downloads.kept_file(entry)

    directory = apple.AppleDirectory(apple.BASE)
    return Podcasts(
        PodcastsDeps(
            *companion.room_deps,
            companion.followed_feeds,
            companion.options.own_stations_path,
            directory,
            (directory, fyyd.FyydDirectory(fyyd.BASE)),
            file_of,
        )
    )


def feed_logins(companion: Companion) -> FeedLogins:
    """Users of private feeds."""
    from radiotui.app.feed_logins import FeedLogins, FeedLoginsDeps

    listed = (companion.followed_feeds, companion.options.own_stations_path)
    return FeedLogins(FeedLoginsDeps(*companion.room_deps, *listed))


def clips(companion: Companion) -> Clips:
    """Places that were marked while one listened."""
    from radiotui.app.clips import Clips, ClipsDeps

    return Clips(
        ClipsDeps(
            *companion.room_deps,
            lambda: companion.recordings_path.absolute() / "Clips",
            lambda: companion.podcasts,
            companion.do,
            companion.confirm,
            companion.publish,
        )
    )


def podcast_settings(companion: Companion) -> SettingsOfPodcasts:
    """Settings of each podcast."""
    from radiotui.app.podcast_settings import PodcastSettingsDeps, SettingsOfPodcasts

    return SettingsOfPodcasts(
        PodcastSettingsDeps(
            *companion.room_deps,
            lambda: companion.podcasts,
            companion.do,
            lambda: companion.player_state,
            lambda: companion.new_episodes,
        )
    )


def new_episodes(companion: Companion) -> NewEpisodes:
    """Notices of new episodes."""
    from radiotui.app.new_episodes import NewEpisodes, NewEpisodesDeps

    return NewEpisodes(NewEpisodesDeps(*companion.room_deps, companion.confirm))


def episode_answers(companion: Companion) -> EpisodeAnswers:
    """Answers about the episode that the player opens."""
    from radiotui.player.episodes import EpisodeAnswers

    return EpisodeAnswers(
        heard_to=companion.progress.heard_to,
        chapters_of=companion.progress.chapters_of,
        file_of=file_of(companion),
        sound_of=companion.podcast_settings.sound_of,
        on_file=companion.progress.note_file,
        on_loudness=companion.podcast_settings.note_loudness,
    )


def marks(companion: Companion) -> Marks:
    """Coming programmes that are to be recorded, tuned in to or reminded of, and alarms."""
    from radiotui.app.marks import Marks, MarksDeps

    actions = (companion.do, companion.confirm, lambda: companion)
    return Marks(MarksDeps(*companion.room_deps, *actions))


def history(companion: Companion) -> History:
    """Log of what was heard."""
    from radiotui.app.history import History, HistoryDeps

    return History(HistoryDeps(*companion.room_deps, folder=lambda: companion.recordings_path))


def progress(companion: Companion) -> EpisodeProgress:
    """Places up to which episodes were heard."""
    from radiotui.app.episode_progress import EpisodeProgress, ProgressDeps

    def wish_exchange() -> None:
        if companion.settings.sync != "off":
            companion.synchronisation.wish()

    deps = ProgressDeps(*companion.room_deps, lambda: companion.podcasts, wish_exchange)
    return EpisodeProgress(deps)


def queue_rules(companion: Companion) -> QueueRules:
    """Rules by which queues are filled."""
    from radiotui.app.queue_rules import QueueRules, QueueRulesDeps

    of_podcasts = (lambda: companion.podcasts, companion.followed_feeds)
    return QueueRules(QueueRulesDeps(*companion.room_deps, *of_podcasts))


def queues(companion: Companion) -> Queues:
    """Queues of what is to be heard."""
    from radiotui.app.queues import Queues, QueuesDeps

    async def chosen(rule: str, queue: Queue) -> tuple[Queue, Problem | None]:
        return await companion.queue_rules.chosen(rule, queue)

    async def checked(rule: str) -> str:
        return await companion.queue_rules.checked(rule)

    return Queues(QueuesDeps(*companion.room_deps, chosen, checked))


def downloads(companion: Companion) -> Downloads:
    """Episodes whose files are kept."""
    from radiotui.app.downloads import Downloads, DownloadsDeps, heard_entries
    from radiotui.app.options import chosen_folder

    def heard() -> frozenset[int]:
        return heard_entries(companion.player_state.queue, companion.player_state.story)

    options = companion.options
    return Downloads(
        DownloadsDeps(
            *companion.room_deps,
            lambda: companion.settings,
            lambda: chosen_folder(companion.settings.downloads, options.folders.downloads),
            lambda: companion.podcasts,
            heard,
            companion.publish,
            companion.confirm,
        )
    )


def file_of(companion: Companion) -> FileOf:
    """Question for the file of an episode, which loads the downloads with its first use."""

    async def downloaded(item: QueueItem) -> Path | None:
        return await companion.downloads.file_of(item)

    return downloaded


def recordings(companion: Companion) -> Recordings:
    """Files that were kept."""
    from radiotui.app.recordings import Recordings, RecordingsDeps

    return Recordings(
        RecordingsDeps(
            *companion.room_deps,
            lambda: companion.recordings_path,
            companion.options.folders.cache / "recordings.json",
            lambda: companion.station_list,
            companion.do,
        )
    )


def synchronisation(companion: Companion) -> Synchronisation:
    """Podcasts and places on the listener's other devices."""
    from radiotui.app.synchronisation import Synchronisation, SynchronisationDeps

    async def ask_podcasts(urls: Sequence[str]) -> None:
        for url in urls:
            await companion.podcasts.refresh(url)

    return Synchronisation(
        SynchronisationDeps(
            *companion.room_deps,
            lambda: companion.settings,
            companion.followed_feeds,
            companion.options.own_stations_path,
            companion.receive_station_list,
            ask_podcasts,
        )
    )


def live_items(companion: Companion) -> LiveItems:
    """Broadcasts that podcasts announce."""
    from radiotui.app.live_items import LiveItems, LiveItemsDeps

    feeds_and_player = (companion.followed_feeds, lambda: companion.player_state)
    deps = LiveItemsDeps(*companion.room_deps, *feeds_and_player, companion.receive_broadcasts)
    return LiveItems(deps)
