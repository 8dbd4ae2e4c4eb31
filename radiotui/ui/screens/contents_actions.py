"""Chapters of the open episode, and its links: asked for, listed, and led to."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from radiotui.problems import Problem
from radiotui.stories.intents import ListenFrom
from radiotui.stories.model import Headline
from radiotui.ui.screens.view import MainView

if TYPE_CHECKING:
    from radiotui.podcasts.model import EpisodeContents

log = logging.getLogger(__name__)


def follow_contents(view: MainView, headline: Headline) -> None:
    """Show what there is of the episode that was opened, once it is known."""
    if headline.audio is not None:
        asking = _ask(view, headline)
        view.run_worker(asking, group="contents", exclusive=True, exit_on_error=False)


async def _ask(view: MainView, headline: Headline) -> None:
    from radiotui.podcasts.model import EpisodeContents

    podcasts = view.companion.podcasts
    try:
        languages = await podcasts.transcript_languages(headline.id)
        contents = EpisodeContents(has_transcript=bool(languages))
        if languages:
            _show(view, headline, contents)
        chapters = (await podcasts.known_chapters(headline.id)).chapters
    except Problem as problem:
        # Its notes are there all the same.
        log.info("the chapters of an episode are not known: %s", problem)
        return
    if chapters:
        _show(view, headline, replace(contents, chapters=chapters))


def _show(view: MainView, headline: Headline, contents: EpisodeContents) -> None:
    if view.headline is not None and view.headline.id == headline.id:
        view.contents = contents


def choose_link(view: MainView) -> None:
    """Choose a chapter of the episode, or a link of the story by its number."""
    from radiotui.ui.dialogs.links import LinksScreen
    from radiotui.ui.screens.story_actions import open_page

    chapters = view.contents.chapters if view.contents else ()

    def follow(choice: str | float | None) -> None:
        if isinstance(choice, str):
            open_page(view, choice)
        elif choice is not None and view.headline is not None:
            view.companion.do(ListenFrom(view.headline.id, choice))

    if view.reader.links or chapters:
        view.app.push_screen(LinksScreen(view.keymap, view.reader.links, chapters), follow)
    else:
        view.say("There are no links in this story")


ACTIONS: Mapping[str, Callable[[MainView], None]] = {"story.links": choose_link}
