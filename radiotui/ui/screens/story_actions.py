"""Commands on one story: opening, quoting, finding, following links, handing on, pictures."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from radiotui.problems import Problem, ProblemKind
from radiotui.stories.intents import KeepPlace, MarkRead, Star
from radiotui.stories.model import Headline, Story
from radiotui.ui.kit.textual_private import write_to_terminal
from radiotui.ui.screens.view import MainView

if TYPE_CHECKING:
    from radiotui.ui.widgets.reader.picture import DrawnPicture
    from radiotui.ui.widgets.reader.picture_protocols import Cell, PhotoRoom, Way

log = logging.getLogger(__name__)


def open_story(view: MainView, headline: Headline) -> None:
    """Show a story in the reader, and fetch its text."""
    from radiotui.ui.screens.contents_actions import follow_contents
    from radiotui.ui.screens.transcript_actions import close_transcript

    close_transcript(view)
    view.fetching = False
    view.headline, view.story, view.contents = headline, None, None
    _forget_pictures(view)
    view.show_story_list(view.story_list)
    view.stories.highlight(str(headline.id))
    view.go_to("story")
    view.run_worker(_fetch(view, headline), group="story", exclusive=True, exit_on_error=False)
    follow_contents(view, headline)


async def _fetch(view: MainView, headline: Headline) -> None:
    """Show the stored text at once, then the article of the story's page."""
    stories = view.companion.stories
    try:
        stored = await stories.story(headline.id)
    except Problem as problem:
        view.story = problem
        return
    view.fetching, view.story = not stored.whole, stored
    view.companion.do(MarkRead((headline.id,)))
    try:
        story = await stories.whole_story(headline.id)
    except Problem as problem:
        story = replace(stored, why=problem)
    view.fetching, view.story = False, story


def read_anew(view: MainView) -> None:
    """Ask the page of the open story again; its text stays where no better one comes."""
    headline = view.headline
    if headline is None or headline.link is None:
        view.say("This story has no page of its own")
    elif view.fetching:
        view.say("The story's page is being asked already")
    else:
        fetching = _fetch_anew(view, headline)
        view.run_worker(fetching, group="story", exclusive=True, exit_on_error=False)


async def _fetch_anew(view: MainView, headline: Headline) -> None:
    view.fetching = True
    try:
        story = await view.companion.stories.whole_story(headline.id, anew=True)
    except Problem as problem:
        view.fetching = False
        view.report(problem)
        return
    view.fetching, view.story = False, story
    if story.why is not None:
        view.report(story.why)
    else:
        view.say("The page was read anew")


def close_story(view: MainView) -> None:
    """Remember the place in the open story, and let go of its pictures."""
    if view.headline is not None and view.reader.is_resting_at is not None:
        view.companion.do(KeepPlace(view.headline.id, view.reader.is_resting_at))
    _forget_pictures(view)


def refresh_headline(view: MainView, headline: Headline) -> None:
    """Show a change of an open story that is in no list here, as after a search."""
    is_open = view.headline is not None and view.headline.id == headline.id
    if is_open and index_of_story(view) is None:
        view.headline = headline


def index_of_story(view: MainView) -> int | None:
    """Index in the list of the story that is open, or else highlighted."""
    here = view.headline if view.headline is not None else view.stories.chosen
    ids = [headline.id for headline in view.stories.shown]
    return ids.index(here.id) if here is not None and here.id in ids else None


def step(view: MainView, *, by: int) -> None:
    """Open the next or the previous story."""
    headlines, at = view.stories.shown, index_of_story(view)
    index = 0 if at is None else at + by
    if 0 <= index < len(headlines):
        open_story(view, headlines[index])
    else:
        is_serial = view.story_list is not None and view.story_list.oldest_first
        first = "This is the first episode here" if is_serial else "This is the newest story here"
        view.say("This is the last story here" if by > 0 else first)


def step_unread(view: MainView, *, by: int) -> None:
    """Open the next or the previous story that was not read."""
    headlines, at = view.stories.shown, index_of_story(view)
    after = headlines[at + 1 :] if at is not None else headlines
    before = headlines[:at] if at is not None else ()
    order = [*after, *before] if by > 0 else [*reversed(before), *reversed(after)]
    unread = next((headline for headline in order if not headline.read), None)
    if unread is not None:
        open_story(view, unread)
    else:
        view.say("Every story here is read")


# Marks


def toggle_read(view: MainView) -> None:
    """Mark the story as unread, or as read."""
    if view.subject is not None:
        changed = replace(view.subject, read=not view.subject.read)
        view.companion.do(MarkRead((changed.id,), changed.read))
        refresh_headline(view, changed)


def toggle_star(view: MainView) -> None:
    """Star the story, or take the star away."""
    if view.subject is not None:
        changed = replace(view.subject, starred=not view.subject.starred)
        view.companion.do(Star(changed.id, changed.starred))
        refresh_headline(view, changed)


# Links


def open_page(view: MainView, url: str) -> None:
    """Open an address in the browser, or put it into the clipboard and say so."""
    view.run_worker(_open_page(view, url), group="page", exit_on_error=False)


async def _open_page(view: MainView, url: str) -> None:
    from radiotui.ui.kit import browser

    problem = await browser.open_page(url)
    if problem is not None:
        view.app.copy_to_clipboard(url)
        view.report(problem)


def open_own_page(view: MainView) -> None:
    """Open the story's page, or the station's."""
    subject = view.subject if view.pane != "air" else None
    url = subject.link if subject else view.station.homepage if view.station else None
    if url:
        open_page(view, url)


# Finding, quoting, changes


def find(view: MainView) -> None:
    """Find words in the story; in the list, the stories that have them."""
    if view.pane == "stories":
        from radiotui.ui.dialogs.narrow import NarrowScreen

        view.app.push_screen(NarrowScreen(view))
        return
    from radiotui.ui.dialogs.find import FindScreen
    from radiotui.ui.widgets.reader.finding import Finder

    view.go_to("story")
    view.app.push_screen(FindScreen(view.keymap, Finder(view.transcript or view.reader)))


def quote(view: MainView) -> None:
    """Choose paragraphs, or lines of a transcript, and copy them with their source."""
    from radiotui.ui.dialogs.quote import QuoteScreen
    from radiotui.ui.screens.transcript_actions import copy_lines
    from radiotui.ui.widgets.reader.finding import Chooser

    view.go_to("story")
    chooser = Chooser(view.transcript or view.reader)
    if chooser.begin():
        copy = partial(copy_lines if view.transcript else _copy_quotation, view)
        noun = "line" if view.transcript else "paragraph"
        view.app.push_screen(QuoteScreen(view.keymap, chooser, noun), copy)
    else:
        view.say("There is no text to quote")


def _copy_quotation(view: MainView, paragraphs: list[str] | None) -> None:
    from radiotui.ui.kit.share import quotation

    story = view.story
    if paragraphs and isinstance(story, Story):
        url = story.article.url or story.headline.link or ""
        view.app.copy_to_clipboard(quotation(story.article, paragraphs, url))
        view.say("The quotation is in your clipboard, with its source")


def show_changes(view: MainView) -> None:
    """Show differences from the version that was fetched first."""
    from radiotui.ui.dialogs.changes import ChangesScreen

    story = view.story
    if isinstance(story, Story) and story.changes is not None:
        view.app.push_screen(ChangesScreen(view.keymap, story.changes, story.article.title))
    else:
        view.say("Nothing is known to have changed in this story")


# Handing on


def copy_link(view: MainView) -> None:
    """Copy the story's address."""
    if view.subject is not None and view.subject.link:
        view.app.copy_to_clipboard(view.subject.link)
        view.say("The link is in your clipboard")
    else:
        view.say("This story has no link")


def send(view: MainView) -> None:
    """Hand the story to the listener's own command."""
    if view.subject is not None and view.subject.link:
        sending = _send(view, view.subject, view.subject.link)
        view.run_worker(sending, group="send", exit_on_error=False)
    else:
        view.say("This story has no link")


async def _send(view: MainView, headline: Headline, link: str) -> None:
    from radiotui.ui.kit import share

    values = {"url": link, "title": headline.title, "source": headline.feed_title}
    problem = await share.send(view.companion.settings.send_to, values)
    if problem is not None:
        view.report(problem)
    else:
        view.say("The story was sent")


# Pictures


def draw_picture(view: MainView, url: str, room: PhotoRoom) -> None:
    """Fetch and draw a picture of the story, where the terminal can show it."""
    from radiotui.ui.widgets.reader.picture_protocols import cell_size, way_of

    way = way_of(view.companion.settings.pictures, os.environ)
    if way is not None:
        terminal = sys.__stderr__.fileno() if sys.__stderr__ else -1
        drawing = _fetch_and_draw(view, url, room, way, cell_size(terminal))
        view.run_worker(drawing, group="pictures", exit_on_error=False)


async def _fetch_and_draw(view: MainView, url: str, room: PhotoRoom, way: Way, cell: Cell) -> None:
    paper = view.reader.background_colors[1].rgb
    try:
        path = await view.companion.stories.picture(url)
    except Problem as problem:
        title = f"The picture could not be fetched: {problem.title}"
        _put_drawing(view, url, problem.reworded(title=title))
        return
    try:
        # However many come into view: each takes the memory that its size needs.
        async with view.turn_to_draw:
            drawn = await asyncio.to_thread(_draw, path, way, room, cell, paper)
    except Problem as problem:
        # Of one that is too small nobody would know what it was: most of those count readers.
        if problem.kind in {ProblemKind.DAMAGED, ProblemKind.TOO_BIG}:
            _put_drawing(view, url, problem)
        return
    before = view.drawings.get(url)
    forgotten = "" if before is None or isinstance(before, Problem) else before.forgotten
    write_to_terminal(view.app, drawn.sent + forgotten)
    _put_drawing(view, url, drawn)


def _put_drawing(view: MainView, url: str, drawing: DrawnPicture | Problem) -> None:
    """Show a picture as it was drawn, or why it is not there."""
    if isinstance(drawing, Problem):
        log.info("%s: %s (%s)", url, drawing, drawing.detail)
    view.drawings = {**view.drawings, url: drawing}


def _draw(
    path: Path, way: Way, room: PhotoRoom, cell: Cell, paper: tuple[int, int, int]
) -> DrawnPicture:
    # Pillow takes its time to be imported, too.
    from radiotui.ui.widgets.reader.picture import draw

    return draw(path, way, room.columns, cell, paper, room.lines)


def _forget_pictures(view: MainView) -> None:
    view.workers.cancel_group(view, "pictures")
    forget_drawings(view)


def forget_drawings(view: MainView, kept: Collection[str] = ()) -> None:
    """Let go of the pictures that were drawn, but for those at the ``kept`` addresses."""
    gone = (drawing for url, drawing in view.drawings.items() if url not in kept)
    drawn = (drawing for drawing in gone if not isinstance(drawing, Problem))
    write_to_terminal(view.app, "".join(picture.forgotten for picture in drawn))
    view.drawings = {url: view.drawings[url] for url in view.drawings if url in kept}


ACTIONS: Mapping[str, Callable[[MainView], None]] = {
    "story.next_unread": partial(step_unread, by=1),
    "story.previous_unread": partial(step_unread, by=-1),
    "story.next": partial(step, by=1),
    "story.previous": partial(step, by=-1),
    "story.unread": toggle_read,
    "story.star": toggle_star,
    "story.page": open_own_page,
    "story.anew": read_anew,
    "story.find": find,
    "story.quote": quote,
    "story.copy_link": copy_link,
    "story.send": send,
    "story.changes": show_changes,
}
