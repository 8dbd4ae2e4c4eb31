"""Commands on lists of stories, the search, the queue, played titles, feeds and podcasts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from radiotui.app import followed_feeds
from radiotui.player.queue import QueueItem, count_word
from radiotui.stations.model import OwnFeed
from radiotui.stories.intents import ListenToStory, MarkRead, QueueStory, QueueStoryNext
from radiotui.stories.model import FeedSection, PodcastSection, SectionKey
from radiotui.text import clean
from radiotui.ui.screens.story_actions import open_story, refresh_headline
from radiotui.ui.screens.tape_actions import open_recordings
from radiotui.ui.screens.view import MainView
from radiotui.ui.widgets.lists.air_messages import StreamChosen

if TYPE_CHECKING:
    from radiotui.app.airings import Airing
    from radiotui.app.history import PlayedItem
    from radiotui.ui.dialogs.search import SearchEnd


def mark_to_here(view: MainView) -> None:
    """Mark every story read from the top of the list to the highlighted one."""
    unread = tuple(headline.id for headline in view.stories.to_here if not headline.read)
    if not unread:
        view.say("Every story to here is read")
        return
    view.companion.do(MarkRead(unread, can_undo=True))
    view.say(f"{_stories(len(unread))} marked read · {view.key('stories.undo')} undoes")


def undo(view: MainView) -> None:
    """Mark unread again what was last marked read together."""
    view.run_worker(_undo(view), group="undo", exit_on_error=False)


async def _undo(view: MainView) -> None:
    count = await view.companion.stories.undo()
    view.say(f"{_stories(count)} unread again" if count else "There is nothing to undo")


def toggle_unread_only(view: MainView) -> None:
    """Hide stories that were read, or show everything."""
    view.unread_only = not view.unread_only


# Search and played titles


def search(view: MainView) -> None:
    """Find stories, also those that are on no list here, and played titles."""
    from radiotui.ui.dialogs.search import SearchScreen
    from radiotui.ui.screens.clip_actions import show_clips
    from radiotui.ui.screens.transcript_actions import hear_result

    def end(result: SearchEnd | None) -> None:
        if result is None:
            return
        view.search_words = result.words
        if result.headline is not None:
            open_story(view, result.headline)
            refresh_headline(view, replace(result.headline, read=True))
            if result.second is not None:
                hear_result(view, result.headline, result.second)
        elif result.item is not None:
            open_titles(view, result.item)
        elif result.file is not None:
            open_recordings(view, result.file.path)
        elif result.clip is not None:
            show_clips(view, result.clip.number)
        elif result.airing is not None:
            hear_airing(view, result.airing)

    view.app.push_screen(SearchScreen(view.keymap, view.companion, view.search_words), end)


def hear_airing(view: MainView, airing: Airing) -> None:
    """Tune to a broadcast that is on; show the day of one that comes."""
    from radiotui.ui.dialogs.day import DayScreen

    station, stream = airing.station, airing.stream
    if airing.is_on:
        view.air.choose(station.id, stream.id)
        view.post_message(StreamChosen(station.id, stream.id))
    else:
        at = airing.programme.start
        view.app.push_screen(DayScreen(view.keymap, view.companion, station, stream, at))


def open_titles(view: MainView, at: PlayedItem | None = None) -> None:
    """Show titles and programmes that were heard, with one of them highlighted."""
    from radiotui.ui.dialogs.titles import TitlesScreen

    view.app.push_screen(TitlesScreen(view.keymap, view, view.companion, at))


# Queue


def listen(view: MainView) -> None:
    """Play the story's sound."""
    if view.subject is not None:
        view.companion.do(ListenToStory(view.subject.id))


def queue(view: MainView) -> None:
    """Put the story into the queue."""
    if view.subject is None:
        return
    if any(item.entry == view.subject.id for item in view.player_state.queue):
        view.say(f"In the queue already · {view.key('newscast.open')} shows it")
        return
    view.queueing |= {(view.subject.id, "In the queue")}
    view.companion.do(QueueStory(view.subject.id))


def play_next(view: MainView) -> None:
    """Put the story at the front of the queue, also one that is in it."""
    if view.subject is None:
        return
    story, upcoming = view.player_state.story, view.player_state.upcoming
    if story is not None and story.entry == view.subject.id:
        view.say("That is heard already")
        return
    if upcoming and upcoming[0].entry == view.subject.id:
        view.say(f"It is the next already · {view.key('newscast.open')} shows it")
        return
    if all(item.entry != view.subject.id for item in view.player_state.queue):
        view.queueing |= {(view.subject.id, "Next in the queue")}
    else:
        view.say("It is heard next")
    view.companion.do(QueueStoryNext(view.subject.id))


def tell_queued(view: MainView) -> None:
    """Say that a story is in the queue, once its sound was found."""
    state = view.player_state
    entries = {item.entry for item in state.queue}
    arrived = {(entry, words) for entry, words in view.queueing if entry in entries}
    for _, words in arrived:
        view.say(f"{words}: {count_word(state.queue)} · {view.key('newscast.open')} shows it")
    view.queueing -= arrived


def show_queue(view: MainView) -> None:
    """Show the queue of what is to be heard."""
    from radiotui.ui.dialogs.queue import QueueScreen

    view.app.push_screen(QueueScreen(view.keymap, view, view.companion))


# Feeds and podcasts


def own_feed(view: MainView) -> OwnFeed | None:
    """The listener's own feed or podcast that is highlighted."""
    section = view.air.chosen_section
    if view.pane != "air" or section is None:
        return None
    return followed_feeds.own_feed(view.station_list, section.key)


def add_feed(view: MainView) -> None:
    """Add a feed of the listener's own."""
    from radiotui.ui.dialogs.add_feed import AddFeedScreen

    def end(feed: OwnFeed | None) -> None:
        if feed is not None:
            view.go_to("air")
            view.air.choose_section(FeedSection(feed.url))

    folders = list(dict.fromkeys(feed.folder for feed in view.station_list.feeds if feed.folder))
    view.app.push_screen(AddFeedScreen(view.keymap, view.companion.stories.add_feed, folders), end)


def add_podcast(view: MainView, words: str = "") -> None:
    """Find a podcast, or add the one at an address; with ``words`` those are looked for at once."""
    from radiotui.ui.dialogs.add_podcast import AddPodcastScreen

    def end(podcast: OwnFeed | None) -> None:
        if podcast is not None:
            view.go_to("air")
            view.air.choose_section(PodcastSection(podcast.url))
            view.say(f"{clean(podcast.title)} is among your podcasts now")

    listed = frozenset(view.companion.followed_feeds().podcasts)
    sheet = AddPodcastScreen(view.keymap, view.companion.podcasts, listed, words)
    view.app.push_screen(sheet, end)


def podcast_at(view: MainView) -> str | QueueItem | None:
    """The podcast that is highlighted, by its address; else the episode that is heard."""
    section = view.air.chosen_section if view.pane == "air" and view.is_mounted else None
    if section is not None and isinstance(section.key, PodcastSection):
        return section.key.url
    subject = None if view.pane == "air" else view.subject
    if subject is not None and subject.feed in view.companion.followed_feeds().podcasts:
        return subject.feed
    story = view.player_state.story
    return story if story is not None and story.kept else None


def open_settings(view: MainView) -> None:
    """Show what is set for a podcast."""
    from radiotui.ui.dialogs.podcast_settings import PodcastSettingsScreen

    podcast, room = podcast_at(view), view.companion.podcast_settings
    if podcast is None:
        view.say("No podcast is highlighted or heard")
        return
    ask = (
        (lambda: room.of_url(podcast))
        if isinstance(podcast, str)
        else (lambda: room.of_item(podcast))
    )
    view.app.push_screen(PodcastSettingsScreen(view.keymap, room, ask))


def remove_feed(view: MainView) -> None:
    """Ask once, then take the highlighted feed or podcast out of the list."""
    from radiotui.ui.dialogs.confirm import ConfirmScreen

    feed, section = own_feed(view), view.air.chosen_section
    if feed is None or section is None:
        return

    def end(sure: bool | None) -> None:
        if sure:
            removing = _remove_feed(view, feed, is_podcast=section.is_of_podcasts)
            view.run_worker(removing, group="remove", exit_on_error=False)

    kept = "Its episodes stay kept." if section.is_of_podcasts else "Its stories stay kept."
    question = ("Remove", section.name, "from the list", kept)
    view.app.push_screen(ConfirmScreen(view.keymap, *question), end)


async def _remove_feed(view: MainView, feed: OwnFeed, *, is_podcast: bool) -> None:
    # A Problem is reported with the worker's end.
    if is_podcast:
        await view.companion.podcasts.remove(feed.url)
    else:
        await view.companion.stories.remove_feed(feed.url)


def show_feeds(view: MainView) -> None:
    """Show the state of every feed."""
    from radiotui.ui.dialogs.feeds import FeedsScreen

    def end(key: SectionKey | None) -> None:
        if key is not None:
            view.open_section(key)

    view.app.push_screen(FeedsScreen(view.keymap, view, view.companion), end)


def _stories(count: int) -> str:
    return "1 story" if count == 1 else f"{count} stories"


ACTIONS: Mapping[str, Callable[[MainView], None]] = {
    "stories.mark_to_here": mark_to_here,
    "stories.undo": undo,
    "stories.unread_only": toggle_unread_only,
    "stories.search": search,
    "story.listen": listen,
    "story.queue": queue,
    "story.play_next": play_next,
    "newscast.open": show_queue,
    "heard.titles": open_titles,
    "feed.add": add_feed,
    "feed.remove": remove_feed,
    "feeds.open": show_feeds,
    "podcast.add": add_podcast,
    "podcast.settings": open_settings,
}
